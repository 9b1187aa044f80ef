"""Which journal entries are in force: pure logic over numbers, undo marks and chains of edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntryMark:
    """What of a header decides whether its entry is in force."""

    seq: int
    action: str
    undoes: int | None
    continues: int | None


class ActiveEntries:
    """The entries of a journal, and which of them an undo has turned back.

    An undo of an entry turns back the whole chain of edits that the entry ends. An undo may be undone itself.
    """

    def __init__(self, marks: Iterable[EntryMark]) -> None:
        self._marks = {mark.seq: mark for mark in marks}
        self._undone_by: dict[int, int] = {}
        for seq in sorted(self._marks, reverse=True):
            undoes = self._marks[seq].undoes
            # Newest first: an undo that was itself turned back is in the map before it is looked at.
            if undoes is not None and seq not in self._undone_by:
                for part in self.chain(undoes):
                    self._undone_by.setdefault(part, seq)

    def __contains__(self, seq: int) -> bool:
        return seq in self._marks

    def mark(self, seq: int) -> EntryMark:
        """The mark of an entry that is there."""
        return self._marks[seq]

    def chain(self, seq: int) -> tuple[int, ...]:
        """The entries that are one step for a person: this one and those it continues, newest first."""
        found = []
        at: int | None = seq
        while at is not None and at in self._marks and at not in found:
            found.append(at)
            at = self._marks[at].continues
        return tuple(found)

    def undone_by(self, seq: int) -> int | None:
        """The entry in force that turned this one back."""
        return self._undone_by.get(seq)

    def in_force(self, seq: int) -> bool:
        """Whether the entry's changes stand."""
        return seq in self._marks and seq not in self._undone_by

    def later_in_force(self, seq: int) -> list[int]:
        """Entries above ``seq`` whose changes stand and are not merely the turning back of another one above it."""
        return [
            later
            for later in sorted(self._marks)
            if later > seq and self.in_force(later) and not ((self._marks[later].undoes or 0) > seq)
        ]

    def newest_step(self) -> EntryMark | None:
        """The newest entry in force that is no undo."""
        return next(
            (
                self._marks[s]
                for s in sorted(self._marks, reverse=True)
                if self.in_force(s) and not self._marks[s].undoes
            ),
            None,
        )

    def steps_back(self) -> Iterable[EntryMark]:
        """Entries in force that are no undo, newest first."""
        return (
            self._marks[s] for s in sorted(self._marks, reverse=True) if self.in_force(s) and not self._marks[s].undoes
        )

    def redoable(self) -> EntryMark | None:
        """The undo that redo turns back: only while nothing else was done after it."""
        for seq in sorted(self._marks, reverse=True):
            mark = self._marks[seq]
            if not self.in_force(seq):
                continue
            if mark.undoes is None:
                return None
            if self._marks[mark.undoes].undoes is None:
                return mark
        return None
