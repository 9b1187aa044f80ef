"""What the table asks of the ledger: plots that fit, their lines, sums, groups and values; called in lanes only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from gengdi_desktop.domain.states import Label
from gengdi_desktop.ui.models.filter_text import conditions_of
from gengdi_desktop.ui.models.plot_columns import BY_KEY, MARKS

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.queries import Condition, FieldValues, PlotGroup, PlotLine, PlotQuery, PlotSums

Asked = Callable[[int, int], None]


@dataclass(frozen=True)
class PlotWish:
    """What the table asks for: filters by key of column, a view, words of the search box, an order, groups."""

    filters: Mapping[str, str] = field(default_factory=dict)
    view: str = "all"
    text: str = ""
    order: str = "position"
    ascending: bool = True
    group: str = ""

    @property
    def bare(self) -> bool:
        """Whether it leaves no plot out."""
        return not self.filters and not self.text and self.view == "all"


class PlotSource(Protocol):
    """Where the table's lines come from. What is no longer wanted is stopped through *asked*."""

    def find(self, wish: PlotWish, limit: int | None, asked: Asked) -> Sequence[str]:
        """Own ids of the plots that fit, in order; only the first so many where that is enough."""
        ...

    def lines(self, ids: Sequence[str]) -> Sequence[PlotLine]:
        """The lines of some plots."""
        ...

    def groups(self, wish: PlotWish, asked: Asked) -> Sequence[PlotGroup]:
        """The groups of the plots that fit, in order."""
        ...

    def sums(self, wish: PlotWish, asked: Asked) -> Mapping[str, PlotSums]:
        """Sums by group; under the empty key without groups."""
        ...

    def sums_of(self, ids: Sequence[str], asked: Asked) -> PlotSums:
        """Sums of some plots."""
        ...

    def values(self, wish: PlotWish, key: str, asked: Asked) -> FieldValues:
        """The values of a column over the plots that fit all other filters."""
        ...

    def view_counts(self, asked: Asked) -> Mapping[str, int]:
        """How many plots each ready-made view holds."""
        ...

    def evidence(self, asked: Asked) -> frozenset[str]:
        """Judge the evidence of plots that have changed; those of which something else is told now."""
        ...


VIEWS: Final[Mapping[str, str]] = {
    "all": "全部",
    "open": "未落实",
    "awaiting": "待验收",
    **MARKS,
    "rectified": "已整改",
}
"""The ready-made views of the table, in their order; links of the workbench name them."""


class LedgerPlots:
    """The source over an open ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._owing: frozenset[str] = frozenset()
        """The plots of which what is kept of the evidence is not to be believed."""

    def find(self, wish: PlotWish, limit: int | None, asked: Asked) -> Sequence[str]:
        """Own ids of the plots that fit, in order.

        Raises:
            RuleError: A filter holds what its column cannot hold.
        """
        from gengdi_desktop.evidence.verdicts import asking

        query = self._query(wish)
        self._judge(query, asked)
        return asking.plot_ids(self._ledger, query, self._owing, limit=limit, progress=asked)

    def lines(self, ids: Sequence[str]) -> Sequence[PlotLine]:
        """The lines of some plots."""
        from gengdi_desktop.evidence.verdicts import asking

        return asking.plot_lines(self._ledger, ids, self._owing)

    def groups(self, wish: PlotWish, asked: Asked) -> Sequence[PlotGroup]:
        """The groups of the plots that fit, in order."""
        from gengdi_desktop.evidence.verdicts import asking

        query = self._query(wish)
        self._judge(query, asked)
        return asking.plot_groups(self._ledger, query, self._owing, asked)

    def sums(self, wish: PlotWish, asked: Asked) -> Mapping[str, PlotSums]:
        """Sums by group, in one question."""
        from gengdi_desktop.evidence.verdicts import asking

        query = self._query(wish)
        self._judge(query, asked)
        return asking.plot_sums(self._ledger, query, self._owing, asked)

    def sums_of(self, ids: Sequence[str], asked: Asked) -> PlotSums:
        """Sums of some plots, in one question."""
        from gengdi_desktop.ledger import queries

        return queries.sums_of(self._ledger, ids, asked)

    def values(self, wish: PlotWish, key: str, asked: Asked) -> FieldValues:
        """The values of a column over the plots that fit all other filters, as lists under heads offer them."""
        from gengdi_desktop.evidence.verdicts import asking

        others = {name: text for name, text in wish.filters.items() if name != key}
        query, field = self._query(replace(wish, filters=others)), BY_KEY[key].asked
        self._judge(query, asked, field)
        return asking.field_values(self._ledger, query, field, self._owing, asked)

    def view_counts(self, asked: Asked) -> Mapping[str, int]:
        """How many plots each ready-made view holds; also reads the names that the search box looks through."""
        from gengdi_desktop.ledger import queries, search

        counts = queries.count_views(self._ledger, {view: _view_conditions(view) for view in VIEWS}, asked)
        search.warm(self._ledger)
        return counts

    def evidence(self, asked: Asked) -> frozenset[str]:
        """Bring what is kept of the evidence up to the ledger; the plots of which something else is told now.

        Where that cannot be, these are the plots that :meth:`lines` judges from now on.
        """
        from gengdi_desktop.evidence.verdicts.service import bring_up

        brought = bring_up(self._ledger, asked)
        self._owing = brought.owing
        return brought.changed | brought.owing

    def _judge(self, query: PlotQuery, asked: Asked, field: str = "") -> None:
        """Where a question is about the evidence, what is kept of it is brought up first."""
        from gengdi_desktop.evidence.verdicts import asking
        from gengdi_desktop.ledger.plot_fields import KEPT

        if field in KEPT or asking.names_evidence(query):
            self.evidence(asked)

    def _query(self, wish: PlotWish) -> PlotQuery:
        from gengdi_desktop.ledger.queries import PlotQuery

        today = self._ledger.today()
        conditions = [*_view_conditions(wish.view)]
        for key, text in wish.filters.items():
            conditions += conditions_of(BY_KEY[key], text, today)
        return PlotQuery(tuple(conditions), wish.text, wish.order, descending=not wish.ascending, group=wish.group)


def _view_conditions(view: str) -> tuple[Condition, ...]:
    from gengdi_desktop.ledger.queries import Condition, Match

    labels: Mapping[str, tuple[Label, ...]] = {
        "open": (Label.PARTIAL, Label.UNRECTIFIED),
        "awaiting": (Label.AWAITING,),
        "rectified": tuple(label for label in Label if label.rectified),
    }
    if view in labels:
        return (Condition("label", labels[view], Match.ONE_OF),)
    return () if view == "all" else (Condition(view, 1),)
