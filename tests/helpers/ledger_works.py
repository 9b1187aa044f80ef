"""Works on a whole ledger that the fault tests stop half-way; each function returns the work, a function of a folder.

The ledger lies in ``ledger`` of that folder.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger import backup
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.undo import undo
from tests.helpers.clock import FixedClock
from tests.helpers.fault_works import SAID
from tests.helpers.ledgers import CLERK


def an_undo() -> Callable[[Path], None]:
    """Take the newest entry back."""
    return _said(lambda ledger: undo(ledger, by=CLERK))


def _said(action: Callable[[Ledger], object]) -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        ledger = ledgers.open_ledger(folder / "ledger", FixedClock())
        try:
            action(ledger)
            # From here on the screen would say that it is saved.
            _tell(folder)
        finally:
            ledger.close()

    return work


def a_new_ledger() -> Callable[[Path], None]:
    """Make a ledger."""
    new = ledgers.NewLedger(Desk.TOWNSHIP, "进贤县", "白圩乡", CLERK.name)

    def work(folder: Path) -> None:
        ledger = ledgers.create_ledger(folder / "ledger", new, FixedClock())
        _tell(folder)
        ledger.close()

    return work


def a_restore(file: str) -> Callable[[Path], None]:
    """Bring a backup back over the ledger that is there."""

    def work(folder: Path) -> None:
        restored = backup.restore(Path(file), folder / "ledger", FixedClock())
        if restored.missing:
            raise AssertionError(restored)
        _tell(folder)

    return work


def _tell(folder: Path) -> None:
    """Leave the sign that the person was told; where the disk fails just then, nobody is."""
    with contextlib.suppress(OSError):
        (folder / SAID).touch()
