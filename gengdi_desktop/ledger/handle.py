"""An open ledger: what services and front ends pass around."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

from gengdi_desktop.domain.divisions import UnitKind, organ_name
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.ledger import known_heads, store
from gengdi_desktop.storage.database import Database
from gengdi_desktop.storage.unit_of_work import Stamp, Work

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.operations import Operation
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.folder import LedgerFolder
    from gengdi_desktop.system.clock import Clock
    from gengdi_desktop.system.ledger_lock import Holder, LedgerLock

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LedgerInfo:
    """What a ledger is: random 128-bit id, name, desk and unit; ``sample`` marks made-up data."""

    id: str
    name: str
    desk: str
    county: str
    county_code: str
    unit: str
    unit_code: str
    unit_kind: str
    sample: bool
    created_at: str
    backup_place: str | None

    @property
    def organ(self) -> str:
        """The organ that issues and signs for the unit: 白圩乡人民政府."""
        return organ_name(self.unit, UnitKind(self.unit_kind) if self.unit_kind else None)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the journal: its number and hash; number 0 where nothing was written yet."""

    seq: int
    hash: str


class Ledger:
    """One open ledger. Use it as a context manager or call :meth:`close`.

    Attributes:
        folder: Where it lies.
        clock: Who tells the time.
        read_only: Whether writing is refused.
        holder: Who else holds it for writing, where that is known.
        notices: Chinese sentences that the opening gave reason for, such as an older copy.
    """

    def __init__(
        self,
        folder: LedgerFolder,
        database: Database,
        clock: Clock,
        *,
        lock: LedgerLock | None,
        holder: Holder | None = None,
        notices: tuple[str, ...] = (),
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.holder = holder
        self.notices = notices
        self._database = database
        self._lock = lock
        self._info: LedgerInfo | None = None

    @property
    def read_only(self) -> bool:
        """Whether actions are refused."""
        return not self._database.write

    @property
    def info(self) -> LedgerInfo:
        """What this ledger is; read once, and again after an action changed it."""
        if self._info is None:
            with self.reading() as session:
                row = store.ledger_row(session)
                self._info = LedgerInfo(
                    id=row.id,
                    name=row.name,
                    desk=row.desk,
                    county=row.county,
                    county_code=row.county_code,
                    unit=row.unit,
                    unit_code=row.unit_code,
                    unit_kind=row.unit_kind,
                    sample=bool(row.is_sample),
                    created_at=row.created_at,
                    backup_place=row.backup_place,
                )
        return self._info

    def forget_info(self) -> None:
        """Read :attr:`info` anew next time; after an action on the ledger's own row."""
        self._info = None

    def today(self) -> date:
        """The day on which the ledger is judged: a sample's fixed day, else the clock's."""
        with self.reading() as session:
            fixed = store.fixed_today(session)
        return date.fromisoformat(fixed) if fixed and self.info.sample else self.clock.today()

    def head(self) -> Head:
        """The last journal entry that is on the disk."""
        with self.reading() as session:
            return Head(*store.head(session))

    def reading(self) -> AbstractContextManager[Session]:
        """A read-only session: one snapshot from beginning to end."""
        return self._database.reading()

    def begin(
        self,
        operation: Operation,
        by: Actor,
        *,
        reason: str | None = None,
        event_date: date | None = None,
        undoes: int | None = None,
        continues: int | None = None,
    ) -> AbstractContextManager[Work]:
        """Begin an action; nothing stays unless ``work.commit()`` is called inside.

        Raises:
            SurroundingsError: ``read_only``, ``locked``, ``disk_full`` and what else the disk may do.
        """
        with self.reading() as session:
            campaign = store.campaign_name(session)
        stamp = Stamp(
            ledger=self.info.id,
            at=self.clock.now(),
            actor=by.name,
            auth=str(by.auth),
            desk=self.info.desk,
            action=str(operation),
            reason=reason,
            campaign=campaign or None,
            event_date=event_date,
            undoes=undoes,
            continues=continues,
        )
        return self._database.action(stamp)

    @property
    def database(self) -> Database:
        """The file itself: for check, backup and caches, not for stages that act on plots."""
        return self._database

    def close(self) -> None:
        """Let go: remember the head on this computer, fold the log back, free the lock."""
        try:
            if not self.read_only:
                head = self.head()
                known_heads.remember(self.info.id, head.seq, head.hash)
        except SurroundingsError as error:
            # Only this computer's memory of the ledger suffers; the ledger itself is whole.
            _log.info("head not remembered: %s", error.code)
        try:
            self._database.close()
        except SurroundingsError as error:
            # What was saved stands in the log beside the file, and is found there when the disk is well again.
            _log.info("log not folded back: %s", error.code)
        finally:
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
