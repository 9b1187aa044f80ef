"""Whose row is whose: from the keys of the sender to our own, by ledger and key where a row was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Pair = tuple[str, str, str, str, str]


def pair(ledger: str, table: str, key: int | str, local: int | str) -> Pair:
    """The row of ``foreign_row`` that says: their row of that key is ours of that key."""
    return f"{ledger}/{table}/{key}", ledger, table, str(key), str(local)


@dataclass(slots=True)
class Names:
    """The keys of one table, theirs and ours.

    Attributes:
        table: Its code.
        me: Id of our ledger.
        sender: Id of theirs.
        said: The sender's own pairs: its key to the ledger and the key where the row was made.
        ours: Our pairs: ledger and key where a row was made to our key.
        number: Whether our keys are numbers.
    """

    table: str
    me: str
    sender: str
    said: dict[str, tuple[str, str]]
    ours: dict[tuple[str, str], str]
    number: bool
    made: list[Pair] = field(default_factory=list)

    def origin(self, key: int | str) -> tuple[str, str]:
        """Ledger and key where the sender's row was made."""
        return self.said.get(str(key), (self.sender, str(key)))

    def local(self, key: int | str) -> int | str | None:
        """Our key of the sender's row; None where we never had it."""
        ledger, there = self.origin(key)
        found = there if ledger == self.me else self.ours.get((ledger, there))
        if found is None:
            return None
        return (int(found) if found.isdecimal() else None) if self.number else found

    def is_ours(self, key: int | str) -> bool:
        """Whether the sender's row was made here."""
        return self.origin(key)[0] == self.me

    def give(self, key: int | str, local: int | str) -> None:
        """Remember our key of a row that was made elsewhere."""
        ledger, there = self.origin(key)
        self.made.append(pair(ledger, self.table, there, local))
        self.ours[ledger, there] = str(local)

    def from_sender(self) -> dict[str, str]:
        """Our keys, as texts, of the rows that the sender made, each with the sender's."""
        return {local: key for (ledger, key), local in self.ours.items() if ledger == self.sender}


def said_pairs(rows: Iterable[Pair]) -> dict[str, dict[str, tuple[str, str]]]:
    """The sender's pairs by table: its key to ledger and key where the row was made."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for _, ledger, table, key, local in rows:
        found.setdefault(table, {})[local] = (ledger, key)
    return found


@dataclass(slots=True)
class Numbers:
    """Keys for new rows: given out by the ledger, or counted downwards where nothing is written."""

    ask: Callable[[str, int], int] | None
    last: int = 0

    def first(self, table: str, count: int) -> int:
        """The first of so many fresh keys."""
        if self.ask is not None:
            return self.ask(table, count)
        self.last -= count
        return self.last
