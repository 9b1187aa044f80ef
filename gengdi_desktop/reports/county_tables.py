"""The county's tables: by unit with places, by kind and year, and the order of the units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.states import Label
from gengdi_desktop.ledger.figures import Tally
from gengdi_desktop.ledger.roll_up import NO_KIND, NO_TOWNSHIP, NO_YEAR, Node, Ranked, Sums, ranking
from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Annex, CellKind, Column, Table, Value
from gengdi_desktop.reports.facts.county_figures import plots_of
from gengdi_desktop.reports.facts.figures import done_words
from gengdi_desktop.reports.facts.snapshot import PlotFact, Snapshot
from gengdi_desktop.reports.register_table import plain_annex
from gengdi_desktop.reports.summary_tables import TOTALS_NOTE

_COUNT, _AREA, _TEXT, _PERCENT, _FLAG = (
    CellKind.COUNT,
    CellKind.AREA,
    CellKind.TEXT,
    CellKind.PERCENT,
    CellKind.FLAG,
)
_SHARES: Final = "完成率＝已整改面积÷下发面积；核减的计入下发，不计入已整改和未完成。"
_PLACES: Final = "名次先比面积完成率，再比个数完成率，都相同的并列；没有图斑的不排。"
_UNENTERED: Final = "未入账"


def sums_of(plots: Sequence[PlotFact]) -> Sums:
    """The sums of plots of the issued view, as a roll-up has them."""
    by_label = {label: Tally() for label in Label}
    for plot in plots:
        by_label[plot.label] += Tally(1, plot.issued, plot.settled)
    return Sums(
        sum(by_label.values(), Tally()),
        by_label,
        Area.total(plot.basic for plot in plots),
        sum(plot.overdue for plot in plots),
        sum(plot.returned for plot in plots),
        sum(bool(plot.held) for plot in plots),
    )


def unit_nodes(snapshot: Snapshot) -> tuple[Node, ...]:
    """All units of the county in the order of the division table, those without plots too."""
    plots = snapshot.counted
    return tuple(
        Node(unit.name, unit.name or NO_TOWNSHIP, sums_of(plots_of(unit, plots)), (), listed=unit.listed)
        for unit in snapshot.units
    )


def places_of(units: Sequence[Node]) -> tuple[Ranked, ...]:
    """The units of the division table in the order of their places, those without a plot last."""
    return ranking([unit for unit in units if unit.listed])


def county_annexes(material: Material) -> tuple[Annex, ...]:
    """By unit, by kind and year, and the order of the units."""
    snapshot = material.snapshot
    units = unit_nodes(snapshot)
    ranked = places_of(units)
    return (
        plain_annex(material, "分乡镇统计表", _by_unit(snapshot, units, ranked)),
        plain_annex(material, "分类型分年度统计表", _by_kind_and_year(snapshot)),
        plain_annex(material, "乡镇排名表", _ranking(snapshot, ranked)),
    )


def tie_out_told(snapshot: Snapshot) -> str:
    """Whether the county's sums are those of units, villages and lists, and what makes a difference."""
    same = "、".join(one.label for one in snapshot.tie_outs if one.holds)
    apart: dict[str, list[str]] = {}
    stated = ""
    for one in snapshot.tie_outs:
        if not one.holds and one.told.startswith(f"与{one.label}"):
            apart.setdefault(one.told.removeprefix(f"与{one.label}"), []).append(one.label)
        elif not one.holds:
            stated += one.told
    # What the same plots and lines make differ is told once.
    gaps = "".join(f"全县合计与{'、'.join(labels)}{told}" for told, labels in apart.items())
    return (f"全县合计与{same}逐一核对相符。" if same else "") + gaps + stated


def _sum_columns() -> tuple[Column, ...]:
    """Issued, the six labels and what presses, each by count and area where both are asked for."""
    return (
        Column("issued_count", ("下发", "个数"), _COUNT, 12),
        Column("issued_area", ("下发", "面积"), _AREA, 17),
        Column("basic", ("其中永农",), _AREA, 14),
        *(
            column
            for label in Label
            for column in (
                Column(f"{label}_count", (label.label, "个数"), _COUNT, 10.5),
                Column(f"{label}_area", (label.label, "面积"), _AREA, 15.5),
            )
        ),
        Column("overdue", ("超期",), _COUNT, 10),
        Column("returned", ("退回",), _COUNT, 10),
        Column("share", ("完成率（%）",), _PERCENT, 14),
    )


def _sum_cells(sums: Sums) -> tuple[Value, ...]:
    return (
        sums.all.count,
        sums.all.area,
        sums.basic,
        *(cell for tally in sums.by_label.values() for cell in (tally.count, tally.area)),
        sums.overdue,
        sums.returned,
        sums.area_share,
    )


def _open_cells(snapshot: Snapshot) -> tuple[Value, ...]:
    """The rows of lists that are not entered: issued, and nothing else is known of them."""
    return (len(snapshot.open_lines), _open_area(snapshot), *([None] * (len(_sum_columns()) - 2)))


def _open_area(snapshot: Snapshot) -> Area:
    return Area.total(line.issued for line in snapshot.open_lines)


def _total_cells(snapshot: Snapshot) -> tuple[Value, ...]:
    """All plots and the rows that are not entered; the share is that of the text."""
    whole = sums_of(snapshot.counted)
    issued = Sums(
        whole.all + Tally(len(snapshot.open_lines), _open_area(snapshot), Area.ZERO),
        whole.by_label,
        whole.basic,
        whole.overdue,
        whole.returned,
        whole.held,
    )
    return _sum_cells(issued)


def _by_unit(snapshot: Snapshot, units: Sequence[Node], ranked: Sequence[Ranked]) -> Table:
    columns = (
        Column("order", ("序号",), CellKind.ORDER, 8),
        Column("unit", ("乡镇（单位）",), _TEXT, 30),
        *_sum_columns(),
        Column("place", ("名次",), _FLAG, 10),
    )
    places = {one.node.key: one.told for one in ranked}
    rows: list[tuple[Value, ...]] = [
        (at, unit.name, *_sum_cells(unit.sums), places.get(unit.key, "—")) for at, unit in enumerate(units, start=1)
    ]
    if snapshot.open_lines:
        rows.append((len(rows) + 1, _UNENTERED, *_open_cells(snapshot), None))
    totals = (None, "合计", *_total_cells(snapshot), None)
    notes = (TOTALS_NOTE + done_words(snapshot), _SHARES + _PLACES, f"核对：{tie_out_told(snapshot)}")
    return Table("by_unit", "", "单位：个、亩", columns, tuple(rows), totals, notes)


def _by_kind_and_year(snapshot: Snapshot) -> Table:
    columns = (
        Column("by", ("分项",), _FLAG, 16),
        Column("name", ("类型、年度",), _TEXT, 22),
        *_sum_columns(),
    )
    plots = snapshot.counted
    known = set(ProblemKind)
    groups = [("问题类型", kind.label, [plot for plot in plots if plot.kind == kind]) for kind in ProblemKind]
    groups.append(("问题类型", NO_KIND, [plot for plot in plots if plot.kind not in known]))
    years = sorted({plot.outflow_year for plot in plots if plot.outflow_year is not None})
    groups += [("流出年度", f"{year}年", [plot for plot in plots if plot.outflow_year == year]) for year in years]
    groups.append(("流出年度", NO_YEAR, [plot for plot in plots if plot.outflow_year is None]))
    rows: list[tuple[Value, ...]] = [(by, name, *_sum_cells(sums_of(mine))) for by, name, mine in groups if mine]
    if snapshot.open_lines:
        rows.append(("", _UNENTERED, *_open_cells(snapshot)))
    totals = ("", "合计", *_total_cells(snapshot))
    notes = (
        "按问题类型分、按流出年度分各合计一次，都等于全部图斑；" + TOTALS_NOTE,
        done_words(snapshot) + _SHARES,
    )
    return Table("by_kind_and_year", "", "单位：个、亩", columns, tuple(rows), totals, notes)


def _ranking(snapshot: Snapshot, ranked: Sequence[Ranked]) -> Table:
    columns = (
        Column("place", ("名次",), _FLAG, 16),
        Column("unit", ("乡镇（单位）",), _TEXT, 60),
        Column("issued_count", ("下发", "个数"), _COUNT, 22),
        Column("issued_area", ("下发", "面积"), _AREA, 28),
        Column("done_count", ("已整改", "个数"), _COUNT, 22),
        Column("done_area", ("已整改", "面积"), _AREA, 28),
        Column("area_share", ("完成率（%）", "按面积"), _PERCENT, 26),
        Column("count_share", ("完成率（%）", "按个数"), _PERCENT, 26),
        Column("overdue", ("超期",), _COUNT, 20),
    )
    rows = tuple(
        (
            one.told,
            one.node.name,
            one.node.sums.all.count,
            one.node.sums.all.area,
            one.node.sums.rectified.count,
            one.node.sums.rectified.area,
            one.node.sums.area_share,
            one.node.sums.count_share,
            one.node.sums.overdue,
        )
        for one in ranked
    )
    return Table("ranking", "", "单位：个、亩", columns, rows, None, (_PLACES, done_words(snapshot) + _SHARES))
