"""What was touched here since the sender knew of us, read from the journal: the base of every question."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.merging import RowTouch, Touch
from gengdi_desktop.ledger.turning_back import entries_of
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.journal import Value

if TYPE_CHECKING:
    from sqlmodel import Session

_BULK: Final = b'[["+*"'
_ROUNDS: Final = b'[["+*","round"'
"""A round that was made here changes where its plot stands; other new rows change nothing that was there."""
_NOTHING: Final = b""
_IMPORTS: Final = frozenset({Operation.IMPORT.value, Operation.REISSUE.value, Operation.OUTLINES.value})
"""What lists say is no hand on a field: rows that come with them are a beginning, not a change."""

Row = tuple[str, int | str]


@dataclass(slots=True)
class _Done:
    """What was done to one row: old values with the entry that replaced them, oldest first."""

    old: dict[str, list[tuple[int, Value]]] = field(default_factory=dict)
    came: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


class Touched:
    """What was done here, by entries in force that took no package in, since some entry."""

    def __init__(self, changes: Iterator[tuple[int, str, Row, Mapping[str, list[Value]]]]) -> None:
        self._rows: dict[Row, _Done] = {}
        for seq, op, row, diff in changes:
            done = self._rows.setdefault(row, _Done())
            if op == "+":
                done.came.append(seq)
                continue
            if op == "-":
                done.gone.append(seq)
            for name, (old, _) in diff.items():
                done.old.setdefault(name, []).append((seq, old))

    def __contains__(self, row: Row) -> bool:
        """Whether anything was done to a row."""
        return row in self._rows

    def field(self, row: Row, name: str, since: int) -> Touch[Value] | None:
        """The value of a field before it was first changed after an entry; None where it was not."""
        done = self._rows.get(row)
        old = next((value for seq, value in done.old.get(name, ()) if seq > since), None) if done else None
        return Touch(old) if done and any(seq > since for seq, _ in done.old.get(name, ())) else None

    def fields(self, row: Row, names: tuple[str, ...], since: int) -> dict[str, Value]:
        """Those of some fields that were changed after an entry, with the values from before."""
        found = {name: self.field(row, name, since) for name in names}
        return {name: touch.before for name, touch in found.items() if touch is not None}

    def row(self, row: Row, since: int) -> RowTouch | None:
        """What was done to a row after an entry; None where nothing was."""
        done = self._rows.get(row)
        if done is None:
            return None
        before = self.fields(row, tuple(done.old), since)
        came = [seq for seq in done.came if seq > since]
        gone = [seq for seq in done.gone if seq > since]
        if not (before or came or gone):
            return None
        return RowTouch(before, came=bool(came) and (not gone or came[0] < gone[0]))

    def removed(self, row: Row, since: int) -> bool:
        """Whether a row went after an entry."""
        done = self._rows.get(row)
        return done is not None and any(seq > since for seq in done.gone)

    def rows(self, table: str) -> Iterator[int | str]:
        """The keys of the rows of a table to which anything was done."""
        return (key for one, key in self._rows if one == table)


def touched_since(session: Session, known: int) -> Touched:
    """What entries above ``known`` did, those that took packages in left out."""
    return Touched(_changes(session, known))


def _changes(session: Session, known: int) -> Iterator[tuple[int, str, Row, Mapping[str, list[Value]]]]:
    entries = entries_of(session)
    for seq in entries.later_in_force((known,)):
        action = entries.mark(seq).action
        if action == Operation.RECEIVE:
            continue
        changes = _changes_of(session, seq, _NOTHING if action in _IMPORTS else _ROUNDS)
        for op, table, key, diff in changes:
            yield seq, op, (table, key), diff


def _changes_of(
    session: Session, seq: int, wanted: bytes
) -> Iterator[tuple[str, str, int | str, dict[str, list[Value]]]]:
    """The changes of an entry; rows that came in bulk stay packed but for one table: an import has millions of them."""
    for part, head in store.block_heads(session, seq):
        begins = _beginning(head)
        if begins.startswith(_BULK) and not (wanted and begins.startswith(wanted)):
            continue
        yield from journal.single_changes(journal.decode_block(store.block(session, seq, part)), bare=True)


def _beginning(head: bytes) -> bytes:
    """The first bytes of a block, from those of its packed form."""
    try:
        return zlib.decompressobj().decompress(head, len(_ROUNDS))
    except zlib.error:
        return b""
