"""What the window reads of a ledger when it opens and when it changes: off the GUI thread, as frozen values."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.ui.backups import last_backup, make_backups
from gengdi_desktop.ui.context import DeskFacts, Person

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_DATABASE = "ledger.gengdi"
_BACKUP_AFTER = timedelta(days=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KnownLedger:
    """A ledger of the start page, as far as its folder tells without opening it."""

    path: Path
    there: bool
    changed: datetime | None = None
    backup: datetime | None = None

    @property
    def name(self) -> str:
        """What the folder is called."""
        return self.path.name


def read_facts(ledger: Ledger) -> DeskFacts:
    """Read what strip, navigation and pages need to know of an open ledger."""
    from gengdi_desktop.ledger import service

    info = ledger.info
    people = tuple(Person(one.name, one.role.label, one.active) for one in service.members(ledger))
    return DeskFacts(
        name=info.name,
        unit=info.unit,
        county=info.county,
        desk=info.desk,
        folder=str(ledger.folder.root),
        today=ledger.today(),
        campaign=service.campaign(ledger),
        members=people,
        sample=info.sample,
        read_only=ledger.read_only,
        notices=tuple(ledger.notices),
        ledger_id=info.id,
        head_seq=ledger.head().seq,
    )


def look_at(folders: tuple[str, ...]) -> tuple[KnownLedger, ...]:
    """Look at the folders of recent ledgers; what is gone or unreachable is told, not hidden."""
    return tuple(_look_at(Path(one)) for one in folders)


def put_away(ledger: Ledger, clock: Clock, seq_at_opening: int, second: Path | None = None) -> None:
    """Close a ledger; before that, back it up where it was changed and the last backup is older than a day.

    It goes beside the ledger and, where one was chosen, into a *second* place. A backup that cannot be made (a full
    disk) is logged and keeps nobody from closing.

    Raises:
        SurroundingsError: The log could not be folded back; every entry is on the disk all the same.
    """
    try:
        if not ledger.read_only and not ledger.info.sample and ledger.head().seq > seq_at_opening:
            last = last_backup(ledger.folder.root)
            if last is None or clock.now() - last > _BACKUP_AFTER:
                problem = make_backups(ledger, clock, second).second_problem
                if problem:
                    _log.info("no second backup at closing")
    except SurroundingsError as error:
        _log.info("no backup at closing: %s", error.code)
    finally:
        ledger.close()


def open_for(path: Path, clock: Clock) -> tuple[Ledger, DeskFacts]:
    """Open a ledger for writing where that is possible, else for reading, and read its facts.

    Raises:
        SurroundingsError: It cannot even be read.
    """
    from gengdi_desktop.ledger import service

    ledger = service.open_as_possible(path, clock)
    try:
        return ledger, read_facts(ledger)
    except BaseException:
        ledger.close()
        raise


def _look_at(path: Path) -> KnownLedger:
    try:
        changed = max(_written(one) for one in path.glob(f"{_DATABASE}*"))
    except (OSError, ValueError):
        return KnownLedger(path, there=False)
    return KnownLedger(path, there=True, changed=changed, backup=last_backup(path))


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
