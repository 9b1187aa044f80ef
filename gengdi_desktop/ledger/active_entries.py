"""Which journal entries are in force: pure logic over numbers, undo marks and chains of edits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
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
        self._seqs = sorted(self._marks)
        self._undos = [seq for seq in self._seqs if self._marks[seq].undoes is not None]
        self._continued_by = {older: seq for seq in self._seqs if (older := self._linked(seq)) is not None}
        self._undone_by: dict[int, int] = {}
        for seq in reversed(self._undos):
            # Newest first: an undo that was itself turned back is in the map before it is looked at.
            if seq not in self._undone_by:
                for part in self.chain(self._marks[seq].undoes or 0):
                    self._undone_by.setdefault(part, seq)

    def __contains__(self, seq: int) -> bool:
        return seq in self._marks

    def mark(self, seq: int) -> EntryMark:
        """The mark of an entry that is there."""
        return self._marks[seq]

    def _linked(self, seq: int) -> int | None:
        """The entry that this one continues; an undo between the two has ended the chain."""
        older = self._marks[seq].continues
        if older is None or older not in self._marks or older >= seq:
            return None
        return older if bisect_right(self._undos, seq) == bisect_right(self._undos, older) else None

    def chain(self, seq: int) -> tuple[int, ...]:
        """An entry and those that it continues, newest first; empty where there is no such entry."""
        found = []
        at = seq if seq in self._marks else None
        while at is not None:
            found.append(at)
            at = self._linked(at)
        return tuple(found)

    def step(self, seq: int) -> tuple[int, ...]:
        """The entries that are one step for a person, newest first: the whole chain to which an entry belongs."""
        while seq in self._continued_by:
            seq = self._continued_by[seq]
        return self.chain(seq)

    def continued(self, seq: int) -> bool:
        """Whether a later entry of its chain tells of this one too."""
        return seq in self._continued_by

    def undone_by(self, seq: int) -> int | None:
        """The entry in force that turned this one back."""
        return self._undone_by.get(seq)

    def in_force(self, seq: int) -> bool:
        """Whether the entry's changes stand."""
        return seq in self._marks and seq not in self._undone_by

    def later_in_force(self, step: Sequence[int]) -> list[int]:
        """Entries above the first of a step, and not of it, whose changes stand.

        The turning back of something that is itself above the first of the step changes nothing.
        """
        first = min(step)
        return [
            later
            for later in self._seqs
            if later > first and later not in step and self.in_force(later) and not self._only_turns_back(later, first)
        ]

    def _only_turns_back(self, seq: int, above: int) -> bool:
        undoes = self._marks[seq].undoes
        return undoes is not None and min(self.chain(undoes), default=0) > above

    def steps_back(self) -> Iterator[EntryMark]:
        """Entries in force that turn nothing back, newest first."""
        return (
            self._marks[seq] for seq in reversed(self._seqs) if self.in_force(seq) and self._marks[seq].undoes is None
        )

    def redoable(self) -> EntryMark | None:
        """The undo that redo turns back: only while nothing else was done after it."""
        for seq in reversed(self._seqs):
            mark = self._marks[seq]
            if not self.in_force(seq):
                continue
            if mark.undoes is None:
                return None
            undone = self._marks.get(mark.undoes)
            if undone is not None and undone.undoes is None:
                return mark
        return None
