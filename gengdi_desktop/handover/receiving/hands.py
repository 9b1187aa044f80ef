"""Who wrote a value that stands here, and when, as the journal knows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.travelling import PLOT_STANDING
from gengdi_desktop.ledger.turning_back import changes_of, entries_of

if TYPE_CHECKING:
    from sqlmodel import Session


_NO_HAND: Final = frozenset({Operation.RECEIVE, Operation.IMPORT, Operation.REISSUE, Operation.OUTLINES})
"""What came from elsewhere was written by nobody here."""
_MOST_ENTRIES: Final = 2_000
"""So many entries are looked through for a field that belongs to no plot."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who wrote a value here.

    Attributes:
        entry: The entry that wrote it.
        at: When, aware UTC as ISO text with ``Z``.
        actor: Who.
        action: What was done, in a word.
    """

    entry: int
    at: str
    actor: str
    action: str


class Field(NamedTuple):
    """A field of a row, as it stood when an entry took a package in; an empty name is where a plot stands."""

    plot: str | None
    table: str
    key: str
    name: str
    before: int

    def written_by(self, table: str, key: int | str, names: Iterable[str]) -> bool:
        """Whether a change of a row wrote it."""
        if self.name:
            return (table, str(key)) == (self.table, self.key) and self.name in names
        if table == "round":
            return str(key).startswith(f"{self.key}:")
        return (table, key) == (self.table, self.key) and not set(PLOT_STANDING).isdisjoint(names)


def hands(session: Session, fields: Iterable[Field]) -> Mapping[Field, Hand]:
    """The newest entry in force, before the package came, that wrote each of these fields here; some have none."""
    waiting: dict[int, list[Field]] = {}
    entries = entries_of(session)
    # An undo brings back what others wrote: it is left out together with what it turned back.
    by_people = {seq for seq in entries.later_in_force((0,)) if entries.mark(seq).action not in _NO_HAND}
    asked = list(fields)
    touched = store.entries_of_plots(session, {one.plot for one in asked if one.plot})
    for one in asked:
        for seq in _candidates(session, one, touched):
            if seq in by_people:
                waiting.setdefault(seq, []).append(one)
    found: dict[Field, int] = {}
    for seq in sorted(waiting, reverse=True):
        if wanted := [one for one in waiting[seq] if one not in found]:
            found |= dict.fromkeys(_written(session, seq, wanted), seq)
    headers = store.headers(session, found.values())
    return {
        one: Hand(seq, at, actor, Operation(action).label)
        for one, seq in found.items()
        for at, actor, action in (headers[seq],)
    }


def _candidates(session: Session, one: Field, touched: Mapping[str, list[int]]) -> list[int]:
    if not one.plot:
        return store.newest_entries(session, one.before, _MOST_ENTRIES)
    return [seq for seq in touched.get(one.plot, ()) if seq < one.before]


def _written(session: Session, seq: int, wanted: list[Field]) -> list[Field]:
    found: list[Field] = []
    for op, table, key, diff in changes_of(session, (seq,), bare=True):
        found += [one for one in wanted if op != "-" and one.written_by(table, key, diff)]
    return found
