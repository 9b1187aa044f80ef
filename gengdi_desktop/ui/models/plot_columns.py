"""The columns that the ledger's table can show: who it is, how much, what, where it stands, who answers for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Difficulty, DisposalClass, Finding, ProblemKind
from gengdi_desktop.domain.edits import CORRECTED
from gengdi_desktop.domain.evidence import Verdict
from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import words
from gengdi_desktop.ui.models.filter_text import EMPTY
from gengdi_desktop.ui.models.rows_model import Cell
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.table_cells import Column

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import PlotLine

NUMBER: Final = "#"
EVIDENCE: Final = "evidence"
_NONE: Final = ("", EMPTY)
_KINDS: Final = {one.value: one.label for one in ProblemKind}
_FINDINGS: Final = {one.value: one.label for one in Finding}
_DISPOSALS: Final = {one.value: one.label for one in DisposalClass}
_DIFFICULTIES: Final = {one.value: one.label for one in Difficulty}
_VERDICTS: Final[Mapping[str, tuple[str, Tone]]] = {
    Verdict.MISSING.value: ("stop", "seal"),
    Verdict.UNCLEAR.value: ("help", "soil"),
    Verdict.COMPLETE.value: ("check", "land"),
}
"""Mark and tone of what the evidence rules say, the worst first."""
_TOMORROW: Final = 1

MARKS: Final[Mapping[str, str]] = {
    "overdue": "超期",
    "due_soon": "快到期",
    "returned": "退回",
    "no_after_photo": "缺后照片",
    "held": "暂缓、争议",
}
"""The facts beside the state, by the code that questions use."""


CORRECTABLE: Final[Mapping[str, str]] = {
    "village": "村",
    "group_name": "村民小组",
    "plot_no": "图斑编号",
    "outflow_year": "年度",
    "class_before": "下发地类",
    "class_after": "现状地类",
    "plot_area": "图斑面积",
    "cultivated_area": "耕地面积",
    "outflow_area": "流出面积",
    "basic_area": "其中永农",
}
"""Issued facts that have a column for what was corrected beside them."""
_ISSUED_AREAS: Final = ("cultivated_area", "outflow_area", "plot_area")
"""Any of these may be the area that a list issues as its task."""


def _list(key: str, title: str, width: int, options: Mapping[str, str], limit: int = 120) -> Column:
    return Column(key, title, width, "text", "list", (*options.items(), _NONE), limit=limit)


COLUMNS: Final[tuple[Column, ...]] = (
    Column(NUMBER, "", 36, "number", "none", sortable=False, limit=72),
    Column("township", "乡镇", 76, limit=160),
    Column("village", "村", 80, limit=260),
    Column("group_name", "村民小组", 72, limit=140),
    Column("plot_no", "图斑编号", 72, limit=180),
    Column("bsm", "标识码", 150, sortable=False, limit=220),
    Column("outflow_year", "年度", 56, "number", "number"),
    Column("issued_area", "下发面积", 74, "number", "number", limit=120),
    Column("basic_area", "其中永农", 78, "number", "number", limit=120),
    _list("kind", "类型", 64, _KINDS),
    Column("class_before", "下发地类", 84, limit=120),
    Column("class_after", "现状地类", 96, limit=104),
    _list("finding", "自查结论", 78, _FINDINGS),
    Column("state", "状态", 126, "state", "list", tuple((one.value, one.label) for one in State), limit=150),
    _list("disposal_class", "处置类别", 78, _DISPOSALS),
    _list("difficulty", "难易", 56, _DIFFICULTIES),
    Column("measure", "措施", 110, limit=220),
    Column("target", "应整改", 72, "number", "number", limit=120),
    Column("settled", "已落实", 66, "number", "number", limit=120),
    Column("remaining", "剩余", 62, "number", "number", limit=120),
    Column("person", "责任人", 62, limit=120),
    Column("deadline", "时限", 60, "text", "date", limit=110),
    Column("party", "占用主体", 90, limit=200),
    Column("grid_chief", "网格长", 66, limit=120),
    Column("responsible_leader", "责任领导", 78, limit=120),
    Column("files", "附件", 48, "number", "none", sortable=False),
    Column("remark", "备注", 120, limit=260),
    *(
        Column(
            f"{CORRECTED}{key}",
            f"更正后{name}",
            96,
            "number" if key.endswith("_area") else "text",
            "none",
            sortable=False,
            limit=180,
        )
        for key, name in CORRECTABLE.items()
    ),
    Column("flags", "提示", 104, "flags", "list", tuple(MARKS.items()), sortable=False, limit=190, field="marks"),
    Column(
        EVIDENCE,
        "证据",
        104,
        "flags",
        "list",
        tuple((code, Verdict(code).label) for code in _VERDICTS),
        sortable=False,
        limit=190,
    ),
)
BY_KEY: Final[Mapping[str, Column]] = {column.key: column for column in COLUMNS}
USUAL: Final = (
    *(NUMBER, "village", "plot_no", "issued_area", "kind", "class_after", "state"),
    *("settled", "remaining", "person", "deadline", "flags", EVIDENCE),
)
"""What a table shows until somebody chooses otherwise."""
USUAL_FROZEN: Final = 3
SUMMED: Final[Mapping[str, str]] = {
    "issued_area": "issued",
    "target": "target",
    "settled": "settled",
    "remaining": "remaining",
}
"""Columns with a total, and the sum that fills it."""


def flags_of(line: PlotLine, warning_days: int) -> tuple[Flag, ...]:
    """The facts beside the state, the most pressing first."""
    found: list[Flag] = []
    if line.overdue_days:
        found.append(Flag("clock", f"超期 {line.overdue_days} 天", "seal"))
    if line.returned:
        found.append(Flag("back", "退回", "seal"))
    if line.no_after_photo:
        found.append(Flag("nocamera", MARKS["no_after_photo"], "seal"))
    if line.held:
        found.append(Flag("pause", MARKS["held"], "stone"))
    if line.due_in is not None and not line.held and line.due_in <= warning_days:
        tone: Tone = "soil"
        when = "今天到期" if line.due_in <= 0 else "明天到期" if line.due_in == _TOMORROW else f"{line.due_in} 天后到期"
        found.append(Flag("clock", when, tone))
    if line.corrected:
        found.append(Flag("pen", "有更正", "stone"))
    return tuple(found)


def cell_of(line: PlotLine, key: str, today: date, warning_days: int) -> Cell:
    """What the cell of a plot in a column shows."""
    if key == "flags":
        flags = flags_of(line, warning_days)
        return Cell("　".join(str(one) for one in flags), flags)
    if key.startswith(CORRECTED):
        return _corrected(line, key.removeprefix(CORRECTED))
    cell = _CELLS[key](line, today)
    # Once corrected, the issued text steps back; it is never struck through.
    facts = _ISSUED_AREAS if key == "issued_area" else (key,)
    return replace(cell, ink="ink3") if any(fact in line.corrected for fact in facts) else cell


def evidence_flag(line: PlotLine) -> Flag | None:
    """What the evidence rules say, in a mark and a few words; None while the plot was not judged."""
    if line.evidence not in _VERDICTS:
        return None
    sign, tone = _VERDICTS[line.evidence]
    return Flag(sign, line.evidence_brief or Verdict(line.evidence).label, tone)


def _evidence(line: PlotLine) -> Cell:
    flag = evidence_flag(line)
    return Cell(line.evidence_told, (flag,)) if flag is not None else Cell(words.NOTHING, (), "ink3")


def _corrected(line: PlotLine, fact: str) -> Cell:
    told = line.corrected.get(fact, "")
    return _area(Area.parse(told), zero="0.00") if told and fact.endswith("_area") else _text(told)


def _area(area: Area | None, *, zero: str) -> Cell:
    empty = area is None or area.micro_mu == 0
    return Cell(zero if empty or area is None else words.mu(area), area, "ink3" if empty else "ink")


def _text(text: str) -> Cell:
    return Cell(text or words.NOTHING, text, "ink" if text else "ink3")


def _word(known: Mapping[str, str], code: str) -> Cell:
    return Cell(known.get(code, words.NOTHING), code, "ink" if code in known else "ink3")


_CELLS: Final[Mapping[str, Callable[[PlotLine, date], Cell]]] = {
    "township": lambda line, _today: _text(line.township),
    "village": lambda line, _today: _text(line.village),
    "group_name": lambda line, _today: _text(line.group_name),
    "plot_no": lambda line, _today: _text(line.plot_no),
    "bsm": lambda line, _today: _text(line.bsm),
    "outflow_year": lambda line, _today: Cell(str(line.outflow_year or words.NOTHING), line.outflow_year),
    "issued_area": lambda line, _today: _area(line.issued_area, zero="0.00"),
    "basic_area": lambda line, _today: _area(line.basic_area, zero=words.NOTHING),
    "kind": lambda line, _today: _word(_KINDS, line.kind),
    "class_before": lambda line, _today: _text(line.class_before),
    "class_after": lambda line, _today: _text(line.class_after),
    "finding": lambda line, _today: _word(_FINDINGS, line.finding),
    "state": lambda line, _today: Cell(line.state.label, line.state),
    "disposal_class": lambda line, _today: _word(_DISPOSALS, line.disposal_class),
    "difficulty": lambda line, _today: _word(_DIFFICULTIES, line.difficulty),
    "measure": lambda line, _today: _text(line.measure),
    "target": lambda line, _today: _area(line.target, zero=words.NOTHING),
    "settled": lambda line, _today: _area(line.settled, zero=words.NOTHING),
    "remaining": lambda line, _today: _area(line.remaining, zero="0.00"),
    "person": lambda line, _today: _text(line.person),
    "deadline": lambda line, today: Cell(
        words.short_day(line.deadline, today), line.deadline, "ink" if line.deadline else "ink3"
    ),
    "party": lambda line, _today: _text(line.party),
    "grid_chief": lambda line, _today: _text(line.grid_chief),
    "responsible_leader": lambda line, _today: _text(line.responsible_leader),
    "files": lambda line, _today: Cell(str(line.files or words.NOTHING), line.files, "ink" if line.files else "ink3"),
    EVIDENCE: lambda line, _today: _evidence(line),
    "remark": lambda line, _today: _text(line.remark),
}
