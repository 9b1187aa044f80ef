"""The tables of the spot check: strata, what was found at each plot, and the plots that go back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.choices import ProblemKind, SpotCheckOutcome
from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Annex, CellKind, Column, Table, Value
from gengdi_desktop.reports.facts.county_facts import CheckFact, SampleFact
from gengdi_desktop.reports.facts.snapshot import PlotFact, Snapshot, word_of
from gengdi_desktop.reports.register_table import plain_annex

MOST_TOLD: Final = 20
"""So many failed plots stand in the text; more are named in the annex alone."""
_COUNT, _AREA, _TEXT, _PERCENT = CellKind.COUNT, CellKind.AREA, CellKind.TEXT, CellKind.PERCENT
_CLAIMED: Final = "申报面积取抽样框封存时申报的各种方式面积之和；“—”表示没有实测。"


def strata_table(sample: SampleFact, number: int) -> Table:
    """Per stratum: plots of the frame, to be checked, checked, passed, failed, and the share."""
    columns = (
        Column("stratum", ("分层",), _TEXT, 44),
        Column("frame", ("抽样框个数",), _COUNT, 20),
        Column("due", ("应抽查",), _COUNT, 16),
        Column("done", ("已抽查",), _COUNT, 16),
        Column("passed", ("合格",), _COUNT, 16),
        Column("failed", ("不合格",), _COUNT, 16),
        Column("share", ("合格率（%）",), _PERCENT, 20),
    )
    rows: list[tuple[Value, ...]] = [
        (
            one.name or "（不分层）",
            one.plots,
            one.share,
            one.checked,
            one.checked - one.failed,
            one.failed,
            percent_text(one.checked - one.failed, one.checked),
        )
        for one in sample.strata
    ]
    done, failed = len(sample.done), len(sample.failed)
    totals = ("合计", sample.frame_plots, len(sample.due), done, done - failed, failed,
              percent_text(done - failed, done))  # fmt: skip
    notes = ("合格率＝合格÷已抽查；无法到场而被替换的不计入应抽查。",)
    return Table("strata", f"表{number}　抽查总体情况", "单位：个", columns, tuple(rows), totals, notes)


def problems_table(snapshot: Snapshot, sample: SampleFact, number: int) -> Table | None:
    """The failed plots, where they are few enough for the text; None otherwise."""
    failed = sample.failed
    if not 0 < len(failed) <= MOST_TOLD:
        return None
    columns = (
        Column("place", ("乡镇、村（社区）",), _TEXT, 32),
        Column("plot_no", ("图斑编号",), CellKind.CODE, 16),
        Column("area", ("申报面积",), _AREA, 17),
        Column("measured", ("实测面积",), _AREA, 17),
        Column("finding", ("发现的问题",), _TEXT, 48),
        Column("on_date", ("抽查日期",), CellKind.DATE, 26),
    )
    plots = {plot.id: plot for plot in snapshot.plots}
    rows = tuple(
        (_place(plots, one), _number(plots, one), one.area, _seen(one), one.found, one.on_date) for one in failed
    )
    totals = ("合计", f"{len(failed)}个", Area.total(one.area for one in failed), _measured(failed), None, None)
    return Table("problems", f"表{number}　抽查不合格的图斑", "单位：亩", columns, rows, totals, (_CLAIMED,))


def check_annex(material: Material, sample: SampleFact) -> Annex:
    """抽查表: every plot of the sample in the order of the draw, those that could not be visited too."""
    columns = (
        Column("order", ("序号",), CellKind.ORDER, 8),
        Column("township", ("乡镇",), _TEXT, 15),
        Column("village", ("村（社区）",), _TEXT, 16),
        Column("plot_no", ("图斑编号",), CellKind.CODE, 13),
        Column("bsm", ("标识码",), CellKind.CODE, 16),
        Column("kind", ("问题类型",), CellKind.FLAG, 12),
        Column("stratum", ("抽样", "分层"), _TEXT, 18),
        Column("place", ("抽样", "次序"), CellKind.ORDER, 8.5),
        Column("area", ("申报面积",), _AREA, 14),
        Column("measured", ("抽查情况", "实测面积"), _AREA, 14),
        Column("outcome", ("抽查情况", "结果"), CellKind.FLAG, 11.5),
        Column("finding", ("抽查情况", "发现的问题"), _TEXT, 34),
        Column("checkers", ("抽查情况", "抽查人"), _TEXT, 18),
        Column("on_date", ("抽查情况", "日期"), CellKind.DATE, 17),
        Column("remark", ("备注",), _TEXT, 22),
    )
    plots = {plot.id: plot for plot in material.snapshot.plots}
    rows = tuple((at, *_check_cells(plots, one)) for at, one in enumerate(sample.checks, start=1))
    due = sample.due
    totals: tuple[Value, ...] = (
        *(None, "合计", None, f"{len(due)}个", *[None] * 4),
        Area.total(one.area for one in due),
        _measured(due),
        *[None] * 5,
    )
    drawn = f"抽样号：{sample.name}（{sample.id[:8]}），种子“{sample.seed}”，{_grouped(sample)}，"
    notes = (
        f"{drawn}抽样框校验值（SHA-256）{in_groups(sample.frame_hash)}。",
        f"{_CLAIMED}无法到场而被替换的图斑列在表里，不计入合计。",
    )
    table = Table("checks", "", "面积单位：亩", columns, rows, totals, notes)
    return plain_annex(material, "抽查表", _without_empty(table, "bsm"))


def return_annex(material: Material, sample: SampleFact) -> Annex:
    """退回清单: the failed plots, with room for the township to sign for them."""
    columns = (
        Column("order", ("序号",), CellKind.ORDER, 8),
        Column("township", ("乡镇",), _TEXT, 17),
        Column("village", ("村（社区）",), _TEXT, 18),
        Column("plot_no", ("图斑编号",), CellKind.CODE, 14),
        Column("bsm", ("标识码",), CellKind.CODE, 16),
        Column("kind", ("问题类型",), CellKind.FLAG, 13),
        Column("area", ("申报面积",), _AREA, 15),
        Column("measured", ("实测面积",), _AREA, 15),
        Column("finding", ("不合格的情况",), _TEXT, 46),
        Column("on_date", ("抽查日期",), CellKind.DATE, 17),
        Column("person", ("责任人",), _TEXT, 17),
        Column("deadline", ("整改时限",), CellKind.DATE, 17),
        Column("state", ("退回情况",), CellKind.FLAG, 14),
        Column("receipt", ("乡镇签收",), _TEXT, 20),
    )
    plots = {plot.id: plot for plot in material.snapshot.plots}
    rows = tuple((at, *_return_cells(plots, one)) for at, one in enumerate(sample.failed, start=1))
    totals: tuple[Value, ...] = (
        *(None, "合计", None, f"{len(sample.failed)}个", *[None] * 2),
        Area.total(one.area for one in sample.failed),
        _measured(sample.failed),
        *[None] * 6,
    )
    notes = (f"抽样号：{sample.name}（{sample.id[:8]}）。{_CLAIMED}",)
    table = Table("returns", "", "面积单位：亩", columns, rows, totals, notes)
    return plain_annex(material, "退回清单", _without_empty(table, "bsm"))


def in_groups(digits: str) -> str:
    """A hash as people compare it: eight digits at a time."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def _without_empty(table: Table, key: str) -> Table:
    """The same table without a column that no row fills."""
    at = next(index for index, column in enumerate(table.columns) if column.key == key)
    if any(row[at] for row in table.rows):
        return table

    def less(cells: tuple[Value, ...]) -> tuple[Value, ...]:
        return (*cells[:at], *cells[at + 1 :])

    columns = tuple(column for column in table.columns if column.key != key)
    totals = less(table.totals) if table.totals else None
    return replace(table, columns=columns, rows=tuple(map(less, table.rows)), totals=totals)


def _check_cells(plots: Mapping[str, PlotFact], one: CheckFact) -> tuple[Value, ...]:
    outcome = SpotCheckOutcome(one.outcome).label if one.outcome else "无法到场" if one.replaced else "未查"
    remark = f"替换：{one.reason}" if one.replaced else ""
    if one.replaces:
        instead = plots.get(one.replaces)
        remark = f"替补{instead.village} {instead.plot_no}" if instead else "替补"
    return (
        *_who(plots, one),
        one.stratum,
        one.place,
        None if one.replaced else one.area,
        _seen(one),
        outcome,
        one.found,
        one.checkers,
        one.on_date,
        remark,
    )


def _return_cells(plots: Mapping[str, PlotFact], one: CheckFact) -> tuple[Value, ...]:
    plot = plots.get(one.plot)
    return (
        *_who(plots, one),
        one.area,
        _seen(one),
        one.found,
        one.on_date,
        plot.person if plot else "",
        plot.deadline if plot and one.sent_back else None,
        "已退回" if one.sent_back else "待退回",
        "",
    )


def _seen(one: CheckFact) -> Value:
    """What was measured; a dash where somebody was there and measured nothing."""
    return one.measured if one.measured is not None or not one.done else "—"


def _measured(checks: Sequence[CheckFact]) -> Value:
    """The sum of what was measured; a dash where nothing was, since nothing measured is no area of nought."""
    known = [one.measured for one in checks if one.measured is not None]
    return Area.total(known) if known or not any(one.done for one in checks) else "—"


def _who(plots: Mapping[str, PlotFact], one: CheckFact) -> tuple[Value, ...]:
    plot = plots.get(one.plot)
    if plot is None:
        return ("", "", "", "", "")
    return (plot.township, plot.village, plot.plot_no, plot.bsm or plot.clue, word_of(ProblemKind, plot.kind))


def _place(plots: Mapping[str, PlotFact], one: CheckFact) -> str:
    plot = plots.get(one.plot)
    return f"{plot.township}{plot.village}" if plot else ""


def _number(plots: Mapping[str, PlotFact], one: CheckFact) -> str:
    plot = plots.get(one.plot)
    return plot.plot_no if plot else ""


def _grouped(sample: SampleFact) -> str:
    return f"按{sample.grouped_by}分层" if sample.grouped_by else "不分层"
