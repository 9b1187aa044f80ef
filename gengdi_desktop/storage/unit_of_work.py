"""A unit of work: the rows of one action and its journal entry, committed together or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, text

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.failures import in_words
from gengdi_desktop.storage.layout import code_of, layout
from gengdi_desktop.storage.recorder import Recorder
from gengdi_desktop.storage.tables import JournalEntryRow

if TYPE_CHECKING:
    from sqlalchemy.orm import SessionTransaction
    from sqlmodel import Session

    from gengdi_desktop.storage.columns import Row


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who does what, when and why: everything of an entry that is not the rows."""

    ledger: str
    at: datetime
    actor: str
    auth: str
    desk: str
    action: str
    reason: str | None = None
    campaign: str | None = None
    event_date: date | None = None
    undoes: int | None = None
    continues: int | None = None


def utc_text(at: datetime) -> str:
    """An aware time as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Work:
    """What an action may do while its transaction is open; nothing stays unless :meth:`commit` is called."""

    def __init__(self, session: Session, stamp: Stamp) -> None:
        self.session = session
        self.stamp = stamp
        last = (
            session.connection().execute(text("SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1")).first()
        )
        self.seq: int = last[0] + 1 if last else 1
        self._previous: str = last[1] if last else journal.GENESIS
        self.recorder = Recorder(session, self.seq)
        self.committing = False
        self._done = False

    def bulk(self, row: type[Row], names: Sequence[str], rows: Iterable[Sequence[journal.Value]]) -> int:
        """Insert many rows at once, the key column first; returns how many."""
        return self.recorder.bulk(row, names, rows)

    def new_keys(self, row: type[Row], count: int) -> int:
        """The first of ``count`` fresh integer keys for bulk rows; a key is never given out twice.

        Raises:
            ProgramError: Keys of this table are not numbers.
        """
        code = code_of(row)
        if not layout(code).numbered:
            raise ProgramError("journal_key", f"程序想给“{code}”编号，没有保存。台账没有变。")
        self.session.flush()
        # SQLite's own counter is moved on, so that tracked objects and bulk rows never meet on a key.
        driver = self.recorder.driver()
        given = {"code": code, "count": count}
        moved = driver.execute("UPDATE sqlite_sequence SET seq = seq + :count WHERE name = :code", given)
        if moved.rowcount == 0:
            driver.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (:code, :count)", given)
        last = driver.execute("SELECT seq FROM sqlite_sequence WHERE name = :code", given).fetchone()[0]
        return int(last) - count + 1

    def private(self, field: str, value: str) -> str:
        """Keep a private value under ``table.column`` and return the commitment to store in its column."""
        return self.recorder.private(field, value)

    def apply(self, items: Iterable[journal.Item]) -> int:
        """Carry out row changes exactly as given and record them; for undo and restoring fields."""
        return self.recorder.apply(items)

    def commit(self, *, even_if_empty: bool = False) -> Changes:
        """Write the entry and make everything stay; an action that changed nothing leaves no entry.

        Raises:
            ProgramError: The work was committed before.
            SurroundingsError: ``maybe_saved``: the disk failed so late that only opening the file again can tell; and
                what else the disk may do, with nothing saved.
        """
        if self._done:
            raise ProgramError("twice", "程序把同一步做了两遍，第二遍没有保存。台账没有变。")
        self._done = True
        if self.recorder.empty and not even_if_empty:
            self.session.rollback()
            return Changes(seq=None, tables=frozenset(), plots=frozenset())
        header = self._header(self.recorder.finish())
        values = {name: getattr(header, name) for name in journal.HEADER_FIELDS} | {"hash": header.digest()}
        self.recorder.armed = True
        self.session.connection().execute(insert(JournalEntryRow).values(values))
        self.recorder.armed = False
        self.committing = True
        try:
            with in_words(committing=True):
                self.session.commit()
        finally:
            self.committing = False
        return Changes(seq=self.seq, tables=frozenset(self.recorder.tables), plots=frozenset(self.recorder.plots))

    def refuse_stray_commit(self, *_: object) -> None:
        """Refuse a commit that would leave rows without their entry.

        Raises:
            ProgramError: It is not :meth:`commit` that commits.
        """
        if not self.committing:
            self.recorder.spoil()
            raise ProgramError("stray_commit", "程序想不记账就保存，已经拦下。台账没有变。")

    def refuse_part(self, _: object, transaction: SessionTransaction) -> None:
        """Refuse a transaction within the transaction: rolled back, it would leave the entry saying what is not.

        Raises:
            ProgramError: Always for a nested transaction.
        """
        if transaction.nested:
            self.recorder.spoil()
            raise ProgramError("nested", "程序想把一步拆开保存，已经拦下。台账没有变。")

    def _header(self, digest: str) -> journal.EntryHeader:
        stamp = self.stamp
        return journal.EntryHeader(
            format=journal.FORMAT,
            ledger=stamp.ledger,
            seq=self.seq,
            at=utc_text(stamp.at),
            actor=str(journal.checked_value(stamp.actor)),
            auth=stamp.auth,
            desk=stamp.desk,
            action=str(stamp.action),
            reason=_text(stamp.reason),
            campaign=_text(stamp.campaign),
            event_date=stamp.event_date.isoformat() if stamp.event_date else None,
            undoes=stamp.undoes,
            continues=stamp.continues,
            changes=digest,
            previous=self._previous,
        )


def _text(value: str | None) -> str | None:
    checked = journal.checked_value(value) if value else None
    return None if checked is None else str(checked)
