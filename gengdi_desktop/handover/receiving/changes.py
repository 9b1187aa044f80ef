"""What a package would change: rows by table, questions, what is refused, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gengdi_desktop.handover.receiving.standings import told_standing
from gengdi_desktop.ledger.conflict_sentences import label
from gengdi_desktop.ledger.words import shown
from gengdi_desktop.storage.journal import Item, Value
from gengdi_desktop.storage.layout import layout

MOST_FIELDS = 2_000
"""So many changed fields are told one by one; the counts tell of all."""


Said = Value | Mapping[str, object]
"""A value of a field, or where a plot stands."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that the package changes; its words are made when somebody reads them.

    Attributes:
        plot: Id of its plot; None where the row belongs to none.
        name: The plot as people call it, or what else the row is.
        table: Code of the table.
        field: Code of the field; empty for where a plot stands.
        mine: What stands here.
        theirs: What the package says.
    """

    plot: str | None
    name: str
    table: str
    field: str
    mine: Said
    theirs: Said

    @property
    def label(self) -> str:
        """The field in words."""
        return label(self.table, self.field)

    @property
    def mine_told(self) -> str:
        """What stands here, as people read it."""
        return told_value(self.table, self.field, self.mine, self.theirs)

    @property
    def theirs_told(self) -> str:
        """What the package says, as people read it."""
        return told_value(self.table, self.field, self.theirs, self.mine)


@dataclass(frozen=True, slots=True)
class Refused:
    """What the package may not bring, by name; the rest is taken in."""

    code: str
    plot: str | None
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A new question between two values; ``field`` is empty for where a plot stands."""

    plot: str | None
    name: str
    table: str
    row: str
    field: str
    base: Said
    mine: Said
    theirs: Said

    @property
    def label(self) -> str:
        """The field in words."""
        return label(self.table, self.field)

    @property
    def mine_told(self) -> str:
        """What stands here, as people read it."""
        return told_value(self.table, self.field, self.mine, self.base, self.theirs)

    @property
    def theirs_told(self) -> str:
        """What the package says, as people read it."""
        return told_value(self.table, self.field, self.theirs, self.base, self.mine)


def told_value(table: str, name: str, value: Said, *beside: Said) -> str:
    """A value of a question as people read it, beside the other values that it is compared with."""
    if isinstance(value, Mapping):
        return told_standing(value, *beside)
    return shown(table, name, value, private=name in layout(table).private)


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

    def changes(self, plot: str | None) -> bool:
        """Note a changed field; whether there is room to tell of it."""
        if plot is not None:
            self.changed.add(plot)
        if not self.full:
            return True
        self.untold += 1
        return False

    def pass_over(self, plot: str | None, fields: int) -> None:
        """Note so many changed fields of which there is no room to tell."""
        if plot is not None:
            self.changed.add(plot)
        self.untold += fields

    @property
    def full(self) -> bool:
        """Whether no more changes are told one by one."""
        return len(self.fields) >= MOST_FIELDS
