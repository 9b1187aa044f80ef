"""A list that is issued again beside what the ledger knows: every plot of both, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gengdi_desktop.intake.diff import Difference, RowOutcome
from gengdi_desktop.intake.previews import ImportPreview


class Compared(StrEnum):
    """What a new issue does to a plot."""

    CHANGED = "changed"
    VANISHED = "vanished"
    RETURNED = "returned"
    NEW = "new"
    SAME = "same"

    @property
    def label(self) -> str:
        """For people."""
        return _LABELS[self]


_LABELS = {
    Compared.CHANGED: "数变了",
    Compared.VANISHED: "新清单里没有",
    Compared.RETURNED: "又出现了",
    Compared.NEW: "新增",
    Compared.SAME: "没有变",
}


@dataclass(frozen=True, slots=True)
class ComparedPlot:
    """One plot.

    Args:
        what: What became of it.
        name: Village and number.
        row: Its row in the file; None where the file does not have it.
        differences: Issued values that the file says otherwise.
    """

    what: Compared
    name: str
    row: int | None
    differences: Sequence[Difference] = ()

    def told(self) -> str:
        """What changed, for a cell: ``下发面积 0.82 → 0.90 亩``."""
        return "，".join(one.told() for one in self.differences)


def compare(found: ImportPreview) -> tuple[ComparedPlot, ...]:
    """All plots of a new issue and of the one before it; empty where the file is no new issue.

    What needs a look stands first: changed, missing, back again; then new ones, then those that are the same. Rows
    that cannot be taken in are told as problems and not here.
    """
    if found.target.reissue_of is None:
        return ()
    pairs = zip(found.readings, found.decisions, strict=True)
    plots = [
        ComparedPlot(what, reading.called or f"第 {reading.row} 行", reading.row, decision.differences)
        for reading, decision in pairs
        if (what := _what(decision.outcome, returned=decision.plot in found.change.returned)) is not None
    ]
    plots += [ComparedPlot(Compared.VANISHED, name, None) for name in found.vanished_names]
    order = list(Compared)
    return tuple(sorted(plots, key=lambda one: order.index(one.what)))


def _what(outcome: RowOutcome, *, returned: bool) -> Compared | None:
    if returned and outcome in {RowOutcome.CHANGED, RowOutcome.DUPLICATE}:
        return Compared.RETURNED
    return _OUTCOMES.get(outcome)


_OUTCOMES = {
    RowOutcome.IMPORTED: Compared.NEW,
    RowOutcome.CHANGED: Compared.CHANGED,
    RowOutcome.DUPLICATE: Compared.SAME,
}
