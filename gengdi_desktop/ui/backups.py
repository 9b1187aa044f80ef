"""Backups as the window needs them: beside the ledger and in a second place; off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.ui.jobs import Shown

if TYPE_CHECKING:
    from gengdi_desktop.ledger.backup import Backup
    from gengdi_desktop.ledger.handle import Ledger

RESTORING: Final = Shown("恢复台账", "MB", "取消后什么也不留下，原来的台账和备份都没有动。")
"""How a restore is told while it runs; it counts in ``ledger.backup.PROGRESS_BYTES``."""
_PATTERN: Final = "*.gdbak"
_SHOWN: Final = 6


@dataclass(frozen=True)
class KnownBackup:
    """A backup file: where it lies, when it was written, how large it is."""

    file: Path
    at: datetime
    size: int


@dataclass(frozen=True)
class MadeBackups:
    """What was made; ``second_problem`` says why nothing came into the second place."""

    first: Backup
    second: Backup | None = None
    second_problem: str = ""


def own_place(folder: Path) -> Path:
    """Where a ledger's backups lie beside it."""
    return folder / "backups"


def known_backups(places: Sequence[Path]) -> tuple[KnownBackup, ...]:
    """The newest backups of all places; a place that is not there has none."""
    found = []
    for place in places:
        try:
            files = list(place.glob(_PATTERN))
            found += [KnownBackup(one, _written(one), one.stat().st_size) for one in files]
        except OSError:
            continue
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:_SHOWN])


def last_backup(folder: Path) -> datetime | None:
    """When the newest backup beside a ledger was made; None where there is none."""
    return max((one.at for one in known_backups([own_place(folder)])), default=None)


def make_backups(ledger: Ledger, clock: Clock, second: Path | None) -> MadeBackups:
    """Make a backup beside the ledger, and one in the second place as far as it is there.

    Raises:
        SurroundingsError: Not even the first could be made.
    """
    from gengdi_desktop.ledger import backup

    name = ledger.info.name
    first = backup.make(ledger.folder, name, clock)
    if second is None:
        return MadeBackups(first)
    if not second.is_dir():
        return MadeBackups(first, second_problem=f"第二处“{second}”现在不在，多半是 U 盘没插。")
    try:
        return MadeBackups(first, backup.make(ledger.folder, name, clock, places=(second,)))
    except SurroundingsError as error:
        return MadeBackups(first, second_problem=f"第二处没有放成：{error.message}")


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
