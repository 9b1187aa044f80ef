"""What a package would change: rows by table, questions, what is refused, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gengdi_desktop.storage.journal import Item, Value

MOST_FIELDS = 5_000
"""So many changed fields are told one by one; the counts tell of all."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that the package changes, in words.

    Attributes:
        plot: Id of its plot; None where the row belongs to none.
        name: The plot as people call it, or what else the row is.
        table: Code of the table.
        field: Code of the field; empty for where a plot stands.
        label: The field in words.
        mine: What stands here, as people read it.
        theirs: What the package says.
    """

    plot: str | None
    name: str
    table: str
    field: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What the package may not bring, by name; the rest is taken in."""

    code: str
    plot: str | None
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A new question between two values."""

    plot: str | None
    table: str
    row: str
    field: str
    base: Value | dict[str, object]
    mine: Value | dict[str, object]
    theirs: Value | dict[str, object]


@dataclass(slots=True)
class TableChanges:
    """What happens to one table: new rows, and changes and removals as items of the journal."""

    table: str
    names: tuple[str, ...] = ()
    new: Sequence[Sequence[Value]] = ()
    items: list[Item] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.new) + len(self.items)


@dataclass(slots=True)
class Tally:
    """What a package means, counted by plots, and told field by field."""

    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    all: set[str] = field(default_factory=set)
    rows: int = 0
    area: int = 0
    """Issued area of all plots in 10⁻⁶ mu; parts of a split plot are in it with the whole."""
    fields: list[ChangedField] = field(default_factory=list)
    untold: int = 0
    asked: list[Asked] = field(default_factory=list)
    questions: list[tuple[int, str]] = field(default_factory=list)
    """Questions whose status changes: key and new status."""
    refused: list[Refused] = field(default_factory=list)
    kept: list[Refused] = field(default_factory=list)
    """What the sender deleted and stays here, since somebody touched it."""

    def tell(self, changed: ChangedField) -> None:
        """Note a changed field."""
        if changed.plot is not None:
            self.changed.add(changed.plot)
        if len(self.fields) < MOST_FIELDS:
            self.fields.append(changed)
        else:
            self.untold += 1
