"""What the table asks of the ledger: plots that fit, their lines, the sums of their areas; called in lanes only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Label, State
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.badge import Flag

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.queries import Condition, PlotLine, PlotQuery

_STEP: Final = 500
_TOMORROW = 1


@dataclass(frozen=True)
class PlotWish:
    """What the table asks for: filters by key of column, a view, words of the search box, an order."""

    filters: Mapping[str, str] = field(default_factory=dict)
    view: str = "all"
    text: str = ""
    order: str = "position"
    ascending: bool = True


@dataclass(frozen=True)
class Sums:
    """Areas of a set of plots, added as issued."""

    plots: int = 0
    issued: Area = Area.ZERO
    settled: Area = Area.ZERO
    remaining: Area = Area.ZERO


class PlotSource(Protocol):
    """Where the table's lines come from."""

    def find(self, wish: PlotWish) -> Sequence[str]:
        """Own ids of all plots that fit, in order."""
        ...

    def lines(self, ids: Sequence[str]) -> Sequence[PlotLine]:
        """The lines of some plots."""
        ...

    def sums(self, ids: Sequence[str], progress: Callable[[int, int], None]) -> Sums:
        """The sums of many plots; may take a moment."""
        ...


VIEWS: Final[Mapping[str, str]] = {
    "all": "全部",
    "open": "未落实",
    "awaiting": "待验收",
    "rectified": "已整改",
    "overdue": "超期",
    "returned": "退回",
    "held": "暂缓",
}
"""The ready-made views of the table, in their order; links of the workbench name them."""


class LedgerPlots:
    """The source over an open ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def find(self, wish: PlotWish) -> Sequence[str]:
        """Own ids of all plots that fit, in order.

        Raises:
            RuleError: A filter holds what its column cannot hold.
        """
        from gengdi_desktop.ledger import queries

        return queries.plot_ids(self._ledger, _query(wish))

    def lines(self, ids: Sequence[str]) -> Sequence[PlotLine]:
        """The lines of some plots."""
        from gengdi_desktop.ledger import queries

        return queries.plot_lines(self._ledger, ids)

    def sums(self, ids: Sequence[str], progress: Callable[[int, int], None]) -> Sums:
        """The sums of many plots, read in portions so that it can be stopped."""
        issued, settled, remaining = Area.ZERO, Area.ZERO, Area.ZERO
        for start in range(0, len(ids), _STEP):
            progress(start, len(ids))
            for line in self.lines(ids[start : start + _STEP]):
                issued += line.issued_area
                settled += line.settled
                if line.state not in (State.CANCELLED, State.SPLIT):
                    remaining += line.remaining
        return Sums(len(ids), issued, settled, remaining)


def _query(wish: PlotWish) -> PlotQuery:
    from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery

    equal = ("state", "kind")
    at_least = ("issued_area", "settled", "remaining")
    conditions = [*_view_conditions(wish.view)]
    for key, text in wish.filters.items():
        match = Match.EQUAL if key in equal else Match.AT_LEAST if key in at_least else Match.CONTAINS
        conditions.append(Condition(key, text, match))
    return PlotQuery(tuple(conditions), wish.text, wish.order, descending=not wish.ascending)


def _view_conditions(view: str) -> tuple[Condition, ...]:
    from gengdi_desktop.ledger.queries import Condition, Match

    # Labels are compared as texts, and in the alphabet partial and unrectified stand together at the end, closed and
    # in_place side by side: so a view of two labels needs no "or".
    open_ones = (Condition("label", Label.PARTIAL.value, Match.AT_LEAST),)
    rectified = (
        Condition("label", Label.CLOSED.value, Match.AT_LEAST),
        Condition("label", Label.IN_PLACE.value, Match.AT_MOST),
    )
    known: Mapping[str, tuple[Condition, ...]] = {
        "open": open_ones,
        "rectified": rectified,
        "awaiting": (Condition("label", Label.AWAITING.value),),
        "overdue": (Condition("overdue", 1),),
        "returned": (Condition("returned", 1),),
        "held": (Condition("held", 1),),
    }
    return known.get(view, ())


def flags_of(line: PlotLine, warning_days: int) -> tuple[Flag, ...]:
    """The facts beside the state, the most pressing first."""
    found: list[Flag] = []
    if line.overdue_days:
        found.append(Flag("clock", f"超期 {line.overdue_days} 天", "seal"))
    if line.returned:
        found.append(Flag("back", "退回", "seal"))
    if line.held:
        found.append(Flag("pause", "暂缓、争议", "stone"))
    if line.due_in is not None and not line.held and line.due_in <= warning_days:
        tone: Tone = "soil"
        when = "今天到期" if line.due_in <= 0 else "明天到期" if line.due_in == _TOMORROW else f"{line.due_in} 天后到期"
        found.append(Flag("clock", when, tone))
    return tuple(found)
