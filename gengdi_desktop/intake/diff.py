"""What a row changes of what the ledger knows, and what a list that is issued again leaves out and brings back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import State
from gengdi_desktop.intake.matching import KnownPlot
from gengdi_desktop.intake.readings import Reading, Trouble

_ROW = -1
_FIXED = frozenset({State.CLOSED, State.CANCELLED, State.SPLIT})


class RowOutcome(StrEnum):
    """What becomes of a row; together they are all rows of the file."""

    IMPORTED = "imported"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    REFUSED = "refused"


class Difference(NamedTuple):
    """An issued value that a row says otherwise; values as the table holds them."""

    column: str
    label: str
    old: int | str | None
    new: int | str | None

    def told(self) -> str:
        """For a sentence: ``耕地面积 0.82 → 0.90 亩``."""
        if self.column.endswith("_area"):
            return f"{self.label} {_area(self.old)} → {_area(self.new)} 亩"
        return f"{self.label} {self.old or '空'} → {self.new or '空'}"


_ISSUED = (("issued_area", "下发面积"),)
_COMPARED = (
    ("plot_area", "图斑面积"),
    ("cultivated_area", "耕地面积"),
    ("basic_area", "永久基本农田面积"),
    ("outflow_area", "流出面积"),
    ("outflow_year", "流出年度"),
    ("kind", "流出类型"),
    ("class_before", "流出前地类"),
    ("class_after", "流出后地类"),
    ("restore_attribute", "恢复属性"),
)


def differences(reading: Reading, plot: KnownPlot, *, same_area: bool) -> list[Difference]:
    """The issued values that a row says otherwise; what only one of the two says is no difference.

    Args:
        reading: The row.
        plot: The plot that it means.
        same_area: Whether the issued areas of row and plot are the same kind of area.
    """
    said = issued_values(reading)
    compared = [*_ISSUED, *_COMPARED] if same_area else [*_COMPARED]
    return [
        Difference(column, label, plot.issued.get(column), said[column])
        for column, label in compared
        if said[column] not in {None, ""}
        and plot.issued.get(column) not in {None, ""}
        and said[column] != plot.issued.get(column)
    ]


def issued_values(reading: Reading) -> dict[str, int | str | None]:
    """The issued values of a row by column."""
    return {
        "issued_area": reading.issued_area,
        "plot_area": reading.areas[0],
        "cultivated_area": reading.areas[1],
        "basic_area": reading.areas[2],
        "outflow_area": reading.areas[3],
        "outflow_year": reading.year,
        "kind": reading.kind,
        "class_before": reading.classes[0],
        "class_after": reading.classes[2],
        "restore_attribute": reading.restore,
    }


def obstacle(plot: KnownPlot, changed: Iterable[Difference]) -> Trouble | None:
    """Why the plot cannot take the new values as it stands; None where it can."""
    told = "、".join(difference.told() for difference in changed)
    if plot.state in _FIXED:
        text = f"这个图斑{State(plot.state).label}，新下发的数不同（{told}）。请先办理恢复或重开，再导入这一行。"
        return Trouble(_ROW, "plot_fixed", text)
    new_area = next((difference.new for difference in changed if difference.column == "issued_area"), None)
    if isinstance(new_area, int) and plot.target > new_area:
        text = f"已定的整改目标 {_area(plot.target)} 亩大于新下发的 {_area(new_area)} 亩。请先改措施里的目标面积。"
        return Trouble(_ROW, "target_above", text)
    return None


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a list that is issued again does to the plots of the old one.

    Args:
        vanished: Plots of the last issue that the new one leaves out.
        returned: Plots of an earlier issue that the last one had left out.
    """

    vanished: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()


def list_change(named: Iterable[str], last: Iterable[str], ever: Iterable[str], gone: Iterable[str]) -> ListChange:
    """Compare the plots that a file names with those of the issues before it.

    Args:
        named: Plots that the file names, whatever became of their rows.
        last: Plots of the last issue.
        ever: Plots of any issue.
        gone: Plots that are cancelled.
    """
    now, before = frozenset(named), frozenset(last)
    return ListChange(before - now - frozenset(gone), (frozenset(ever) - before) & now)


def _area(value: int | str | None) -> str:
    return Area(value).exact() if isinstance(value, int) else "空"
