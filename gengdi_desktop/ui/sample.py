"""The sample ledger of the start page: made by the demo stage, opened like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gengdi_desktop.system.clock import Clock
from gengdi_desktop.ui.jobs import Progress

UNIT: Final = "白圩乡"
_FOLDER: Final = "整改台账样例"


def make_sample(place: Path, clock: Clock, progress: Progress) -> Path:
    """Walk the sample through all phases in a new folder of *place* and return its ledger's folder.

    Raises:
        SurroundingsError: The place cannot be written.
        Cancelled: ``progress`` said so.
    """
    from gengdi_desktop.demo import walk

    return walk.walk(_free(place), walk.find_unit(UNIT), clock, progress=progress).ledger


def _free(place: Path) -> Path:
    """A folder name that is not taken: a second sample stands beside the first."""
    number = 1
    folder = place / _FOLDER
    while folder.exists():
        number += 1
        folder = place / f"{_FOLDER}{number}"
    return folder
