"""Everything that the forms of one plot say, gathered from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gengdi_desktop.evidence.records import Attachment
from gengdi_desktop.evidence.service import attachments
from gengdi_desktop.ledger.plot_card import PlotCard, plot_card
from gengdi_desktop.ledger.words import plot_name, shown
from gengdi_desktop.reports.document import on_paper

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.storage.journal import Value

_EMPTY = "（空）"


@dataclass(frozen=True, slots=True)
class PlotFile:
    """One plot with all that was recorded of it."""

    card: PlotCard
    files: tuple[Attachment, ...]

    @property
    def id(self) -> str:
        """Own id."""
        return self.card.line.id

    @property
    def name(self) -> str:
        """连桥村 0017."""
        return plot_name(self.card.line.village, self.card.line.plot_no)

    @property
    def round(self) -> Mapping[str, Value]:
        """The current round; empty before the plot has one."""
        return self.card.rounds[-1] if self.card.rounds else {}

    def fact(self, *names: str) -> str:
        """A column of the plot in words, the first that is filled; nothing for nothing."""
        return _first("plot", self.card.facts, names)

    def of_round(self, *names: str) -> str:
        """A column of the current round in words."""
        return _first("round", self.round, names)

    def identifier(self, *kinds: str) -> str:
        """The first identifier of one of these kinds."""
        return next((on_paper(value) for kind in kinds for one, value in self.card.identifiers if one == kind), "")

    def records(self, table: str) -> tuple[Mapping[str, Value], ...]:
        """The records of a table, oldest first."""
        return self.card.records.get(table, ())


def words_of(table: str, row: Mapping[str, Value], name: str) -> str:
    """A value of a record on paper; nothing for nothing."""
    value = row.get(name)
    told = shown(table, name, value)
    return "" if told == _EMPTY else "\n".join(on_paper(line) for line in told.splitlines())


def read_plot_file(ledger: Ledger, plot: str) -> PlotFile:
    """All that is recorded of a plot.

    Raises:
        RuleError: ``unknown_plot``.
    """
    return PlotFile(plot_card(ledger, plot), attachments(ledger, plot))


def _first(table: str, row: Mapping[str, Value], names: Sequence[str]) -> str:
    return next((told for name in names if (told := words_of(table, row, name))), "")
