"""The ledger as an annex: one row a plot in the order of the list, totals that agree with every figure of the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind
from gengdi_desktop.domain.states import Label
from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Annex, CellKind, Column, Table, Value
from gengdi_desktop.reports.facts.figures import done_words
from gengdi_desktop.reports.facts.snapshot import OpenLine, PlotFact, Snapshot, word_of
from gengdi_desktop.reports.summary_tables import TOTALS_NOTE

_UNENTERED = "未入账"


class Scope(StrEnum):
    """Which columns a ledger shows."""

    SELF_CHECK = "self_check"
    RECTIFICATION = "rectification"


@dataclass(frozen=True, slots=True)
class _Field:
    """A column, what it shows of a plot, and whether its areas are added up."""

    column: Column
    of: Callable[[PlotFact], Value]
    summed: bool = False


def register_annex(material: Material, scope: Scope) -> Annex:
    """The ledger of a snapshot as it goes with a paper."""
    title = "自查情况台账" if scope is Scope.SELF_CHECK else "整改台账"
    snapshot = material.snapshot
    named = f"{material.campaign}{title}".replace("整改整改", "整改")
    return plain_annex(material, title, register(snapshot, scope), f"{snapshot.unit}{named}")


def plain_annex(material: Material, sheet: str, table: Table, title: str = "") -> Annex:
    """A table with the usual lines around it; where no title is given it names county, campaign and sheet."""
    return Annex(
        title=title or f"{material.snapshot.county}{material.campaign}{sheet}",
        table=table,
        unit_line=f"填报单位：{material.organ}",
        date_line=f"填报日期：{material.printed_day}（数据截至{material.as_of}）",
        footers=_footers(material),
        sheet=sheet,
    )


def _footers(material: Material) -> tuple[str, ...]:
    """Who filled in and who checked; whoever answers for the unit signs on paper."""
    names = {signer.role: signer.name for signer in material.settings.signers}
    clerk = names.get("经办人") or material.settings.contact
    return (f"填表人：{clerk}", f"审核人：{names.get('分管领导', '')}", "单位负责人：")


def register(snapshot: Snapshot, scope: Scope) -> Table:
    """All plots, split ones with their children below them, then the rows that are not entered."""
    fields = _fields(snapshot, scope)
    rows: list[tuple[Value, ...]] = []
    order = 0
    children: dict[str, list[PlotFact]] = {}
    for plot in snapshot.plots:
        if plot.parent:
            children.setdefault(plot.parent, []).append(plot)
    for plot in snapshot.counted:
        order += 1
        rows.append((order, *(field.of(plot) for field in fields)))
        for part, child in enumerate(children.get(plot.id, ()), start=1):
            rows.append((f"{order}-{part}", *(field.of(child) for field in fields)))
    for line in snapshot.open_lines:
        order += 1
        rows.append((order, *_open_cells(snapshot, line, fields)))
    return Table(
        key=f"register_{scope}",
        caption="",
        unit="面积单位：亩",
        columns=(Column("order", ("序号",), CellKind.ORDER, 8), *(field.column for field in fields)),
        rows=tuple(rows),
        totals=_totals(snapshot, fields, order),
        notes=_notes(snapshot, scope),
    )


def _totals(snapshot: Snapshot, fields: Sequence[_Field], rows: int) -> tuple[Value, ...]:
    cells: list[Value] = [None, "合计", f"{rows}个"]
    for field in fields[2:]:
        if not field.summed:
            cells.append(None)
            continue
        total = Area.total(value for plot in snapshot.counted if isinstance(value := field.of(plot), Area))
        if field.column.key == "issued":
            total += Area.total(line.issued for line in snapshot.open_lines)
        cells.append(total)
    return tuple(cells)


def _open_cells(snapshot: Snapshot, line: OpenLine, fields: Sequence[_Field]) -> list[Value]:
    name = next((one.name for one in snapshot.lists if one.id == line.list_id), "")
    said = f"清单“{name}”{line.sheet}第{line.row}行" + (f"：{line.problem}" if line.problem else "")
    known: dict[str, Value] = {"issued": line.issued, "label": _UNENTERED, "remark": said}
    return [known.get(field.column.key) for field in fields]


def _notes(snapshot: Snapshot, scope: Scope) -> tuple[str, ...]:
    headers = "、".join(dict.fromkeys(f"“{one.area_header}”" for one in snapshot.lists if one.area_header))
    basis = f"下发面积取清单的{headers}一栏。" if headers else ""
    notes = [TOTALS_NOTE + basis + ("" if scope is Scope.SELF_CHECK else done_words(snapshot))]
    if any(plot.parent for plot in snapshot.plots):
        notes.append("拆分的图斑按原图斑计一次，序号带“-”的子图斑不重复计入合计。")
    if snapshot.open_lines:
        notes.append(f"“{_UNENTERED}”是清单里还没有对应图斑的行，列在最后，计入合计。")
    return tuple(notes)


def _fields(snapshot: Snapshot, scope: Scope) -> list[_Field]:
    """The columns; those that no plot fills are left out."""
    wanted = [*_who(snapshot), *(_SELF_CHECK if scope is Scope.SELF_CHECK else _RECTIFICATION)]
    always = {"village", "plot_no", "issued", "label", "remark", "finding", "target", "settled"}
    plots = snapshot.plots
    return [
        field
        for field in wanted
        if field.column.key in always or any(_filled(field.of(plot)) for plot in plots) or not plots
    ]


def _filled(value: Value) -> bool:
    return value not in (None, "", Area.ZERO)


def _who(snapshot: Snapshot) -> list[_Field]:
    several = len({plot.township for plot in snapshot.plots}) > 1
    return [
        *([_field("township", 14, CellKind.TEXT, ("乡镇",), lambda p: p.township)] if several else []),
        _field("village", 16, CellKind.TEXT, ("村（社区）",), lambda p: p.village),
        _field("plot_no", 12, CellKind.CODE, ("图斑编号",), lambda p: p.plot_no),
        _field("bsm", 15.6, CellKind.CODE, ("标识码",), lambda p: p.bsm or p.clue),
        _field("kind", 11.5, CellKind.FLAG, ("问题类型",), lambda p: word_of(ProblemKind, p.kind)),
        _field("issued", 13.5, CellKind.AREA, ("下发面积",), lambda p: p.issued, summed=True),
        _field("basic", 11.5, CellKind.AREA, ("其中永农",), lambda p: p.basic, summed=True),
    ]


def _field(
    key: str,
    width: float,
    kind: CellKind,
    path: tuple[str, ...],
    of: Callable[[PlotFact], Value],
    *,
    summed: bool = False,
) -> _Field:
    return _Field(Column(key, path, kind, width), of, summed)


def _need(plot: PlotFact) -> str:
    return {True: "是", False: "否", None: ""}[plot.rectify]


def _deadline(plot: PlotFact) -> date | None:
    return plot.deadline


def _person(plot: PlotFact) -> str:
    return "\n".join(part for part in (plot.person, plot.person_phone) if part)


def _accepted(plot: PlotFact) -> str:
    said = []
    if plot.accepted_on:
        said.append(f"镇级{plot.accepted_on.isoformat()}")
    if plot.county_accepted_on:
        said.append(f"县级{plot.county_accepted_on.isoformat()}")
    return "\n".join(said)


def _target(plot: PlotFact) -> Area | None:
    return plot.target if plot.target > Area.ZERO else None


def _remaining(plot: PlotFact) -> Area | None:
    return plot.target - plot.settled if plot.target > Area.ZERO else None


def _remark(plot: PlotFact) -> str:
    said = [plot.held] if plot.held else []
    if plot.returned:
        said.append("退回后重新整改")
    if plot.overdue:
        said.append("超期")
    if plot.single_handed:
        said.append("一人经办")
    if plot.label is Label.CANCELLED and plot.cancelled_by:
        said.append(f"核减文号{plot.cancelled_by}")
    if plot.round > 1:
        said.append(f"第{plot.round}轮")
    if plot.not_required_reason and plot.target < plot.issued:
        said.append(f"不需整改{(plot.issued - plot.target).display()}亩：{plot.not_required_reason}")
    if plot.remark:
        said.append(plot.remark)
    return "；".join(said)


_CHECK_GROUP, _TASK, _WORK = "自查情况", "整改任务", "整改进展"
_SELF_CHECK = (
    _field("class_after", 18, CellKind.TEXT, ("流出后地类",), lambda p: p.class_after),
    _field("checked_on", 18, CellKind.DATE, (_CHECK_GROUP, "自查日期"), lambda p: p.checked_on),
    _field("finding", 12, CellKind.FLAG, (_CHECK_GROUP, "结论"), lambda p: word_of(Finding, p.finding)),
    _field("class_now", 18, CellKind.TEXT, (_CHECK_GROUP, "现状地类"), lambda p: p.class_now),
    _field("party", 18, CellKind.TEXT, (_CHECK_GROUP, "占用主体"), lambda p: p.party),
    _field("cause", 30, CellKind.TEXT, (_CHECK_GROUP, "成因"), lambda p: p.cause),
    _field("rectify", 12, CellKind.FLAG, (_CHECK_GROUP, "是否需整改"), _need),
    _field("disposal", 14, CellKind.FLAG, ("拟采取措施", "处置类别"), lambda p: word_of(DisposalClass, p.disposal)),
    _field("measure", 30, CellKind.TEXT, ("拟采取措施", "措施"), lambda p: p.measure),
    _field("deadline", 18, CellKind.DATE, ("拟采取措施", "时限"), _deadline),
    _field("remark", 24, CellKind.TEXT, ("备注",), _remark),
)
_RECTIFICATION = (
    _field("finding", 9, CellKind.FLAG, (_CHECK_GROUP, "结论"), lambda p: word_of(Finding, p.finding)),
    _field("class_now", 13, CellKind.TEXT, (_CHECK_GROUP, "现状地类"), lambda p: p.class_now),
    _field("target", 13.5, CellKind.AREA, (_TASK, "应整改面积"), _target, summed=True),
    _field("measure", 27, CellKind.TEXT, (_TASK, "整改措施"), lambda p: p.measure),
    _field("deadline", 15.8, CellKind.DATE, (_TASK, "时限"), _deadline),
    _field("person", 14.2, CellKind.TEXT, (_TASK, "责任人"), _person),
    _field("settled", 13.5, CellKind.AREA, (_WORK, "已落实面积"), lambda p: p.settled, summed=True),
    _field("remaining", 12, CellKind.AREA, (_WORK, "剩余面积"), _remaining, summed=True),
    _field("label", 12.6, CellKind.FLAG, (_WORK, "类别"), lambda p: p.label.label),
    _field("accepted", 21.4, CellKind.TEXT, ("验收",), _accepted),
    _field("closed_on", 15.8, CellKind.DATE, ("销号日期",), lambda p: p.closed_on),
    _field("remark", 21, CellKind.TEXT, ("备注",), _remark),
)
