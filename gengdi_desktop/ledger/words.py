"""The Chinese words of tables and fields, and values as people read them: the vocabulary of history and messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text

from gengdi_desktop.domain import choices
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.land_classes import ClassSystem
from gengdi_desktop.domain.states import Bucket, DoneRule, State
from gengdi_desktop.storage.journal import Value

if TYPE_CHECKING:
    from sqlmodel import Session

_PLOT = {
    "township": "乡镇",
    "village": "村",
    "group_name": "组",
    "plot_no": "图斑编号",
    "outflow_year": "流出年度",
    "kind": "流出类型",
    "problem_kind": "问题类型",
    "class_before": "流出前地类编码",
    "class_before_name": "流出前地类",
    "class_after": "流出后地类编码",
    "class_after_name": "流出后地类",
    "plot_area": "图斑面积",
    "cultivated_area": "耕地面积",
    "basic_area": "永久基本农田面积",
    "outflow_area": "流出面积",
    "issued_area": "下发面积",
    "restore_attribute": "恢复属性",
    "centre_text": "中心点",
    "state": "状态",
    "held": "暂缓或争议",
    "checked_on": "自查日期",
    "finding": "自查结论",
    "class_now": "现状地类编码",
    "class_now_name": "现状地类",
    "cause": "成因",
    "party": "占用主体",
    "party_contact": "主体联系方式",
    "rectify": "是否需整改",
    "built_on": "建设时间",
    "case_number": "立案号",
    "person_handled": "人员处理情况",
    "demolished": "拆除",
    "confiscated": "没收",
    "referred": "移送",
    "responsible_leader": "责任领导",
    "grid_chief": "田长",
    "remark": "备注",
}
_ROUND = {
    "target": "应整改面积",
    "not_required_reason": "不需整改部分的理由",
    **{bucket.value: bucket.label for bucket in Bucket},
    "disposal_class": "处置类别",
    "difficulty": "难易程度",
    "measure": "整改措施",
    "plan_text": "一地一策",
    "plan_approver": "方案审定人",
    "plan_approved_on": "方案审定日期",
    "person": "责任人",
    "person_title": "责任人职务",
    "person_phone": "责任人办公电话",
    "deadline": "时限",
    "started_on": "开工日期",
    "works_done_on": "完工日期",
    "crop": "种植作物",
    "sown_on": "播种日期",
    "demolition_record": "拆除记录",
    "contested_on": "举证日期",
    "proof_kind": "举证类型",
    "proof_statement": "举证说明",
    "proof_document": "举证文号",
    "contest_bucket": "举证归入",
    "contest_area": "举证面积",
    "claimed_on": "申报日期",
    "claimed_by": "申报人",
    "accepted_on": "镇级验收日期",
    "county_accepted_on": "县级验收日期",
    "closed_on": "销号日期",
    "returned_on": "退回日期",
    "reopened_on": "重开日期",
    "reopen_reason": "重开原因",
}
_RECORD = {
    "on_date": "日期",
    "event_date": "截至",
    "reason": "原因",
    "document_number": "文号",
    "new_deadline": "新时限",
    "checker": "检查人",
    "outcome": "结果",
    "measured_area": "实测面积",
    "note": "说明",
    "closer": "销号人",
    "parties": "当事各方",
    "released_on": "恢复日期",
    "restored_on": "撤销核减日期",
    "restore_document": "撤销核减文号",
    "group_name": "验收组",
    "by_name": "验收人",
    "body": "内容",
    "name": "名称",
    "stage": "阶段",
    "answer": "说明",
    "removed": "移入回收站",
    "removed_on": "删除日期",
    "removed_reason": "删除原因",
    "crop": "种植作物",
    "sown_on": "播种日期",
    "kind": "类别",
    **{bucket.value: bucket.label for bucket in Bucket},
}
CAMPAIGN_FIELDS = {
    "name": "名称",
    "document_number": "文号",
    "issuer": "发文机关",
    "issued_on": "发文日期",
    "hard_deadline": "硬期限",
    "as_of": "固定的今天",
    "done_rule": "算整改到位的状态",
    "close_rule": "可以销号的状态",
    "warning_days": "提前提醒天数",
    "zero_tolerance_after": "零容忍起始日",
    "first_responsible": "第一责任人",
    "direct_responsible": "直接责任人",
}
PHASE_FIELDS = {
    "name": "名称",
    "window_start": "开始",
    "window_end": "结束",
    "hard_deadline": "硬期限",
    "document_number": "文号",
}
RECORD_TABLES = {
    "progress": "进展",
    "acceptance": "验收",
    "plot_return": "退回",
    "spot_check": "抽查",
    "revisit": "回头看",
    "closing": "销号",
    "hold": "暂缓或争议",
    "cancellation": "核减",
    "note": "备注",
    "attachment": "附件",
    "photo_answer": "照片说明",
    "plot_shape": "图形",
}
"""Tables whose rows are records of one plot, with the word for one row."""
SAMPLE_TABLES = {"sample_plot": "抽样", "sample_result": "抽查结果"}
"""Tables of samples whose rows name one plot: history tells them, the plot's own records are made of them later."""

FIELD_WORDS: dict[tuple[str, str], str] = {
    **{("plot", name): word for name, word in _PLOT.items()},
    **{("round", name): word for name, word in _ROUND.items()},
    **{(table, name): word for table in RECORD_TABLES for name, word in _RECORD.items()},
    **{("sample_result", name): _RECORD[name] for name in ("on_date", "checker", "outcome", "measured_area")},
    ("sample_result", "second_checker"): "另一检查人",
    ("sample_result", "finding"): "发现的问题",
    **{("campaign", name): word for name, word in CAMPAIGN_FIELDS.items()},
    **{("phase", name): word for name, word in PHASE_FIELDS.items()},
    ("correction", "new_value"): "更正为",
    ("member", "name"): "姓名",
    ("member", "role"): "角色",
    ("member", "active"): "在用",
}
"""Words for fields that history tells; a field without one is told by the rest of the entry."""

_AREAS = frozenset(
    {"plot_area", "cultivated_area", "basic_area", "outflow_area", "issued_area", "target", "contest_area"}
    | {"measured_area"}
    | {bucket.value for bucket in Bucket}
)
_CODES: dict[str, str] = {
    **{one.value: one.label for one in State},
    **{one.value: one.label for one in DoneRule},
}
_CHOICES: dict[str, type[choices.Choice]] = {
    "problem_kind": choices.ProblemKind,
    "finding": choices.Finding,
    "disposal_class": choices.DisposalClass,
    "difficulty": choices.Difficulty,
    "proof_kind": choices.ProofKind,
    "demolished": choices.InPlace,
    "confiscated": choices.InPlace,
    "referred": choices.InPlace,
    "stage": choices.Stage,
    "level": choices.AcceptanceLevel,
}
_KINDS: dict[str, type[choices.Choice]] = {"hold": choices.HoldKind, "plot_list": choices.ListKind}
_OUTCOMES = {one.value: one.label for one in (*choices.SpotCheckOutcome, *choices.RevisitOutcome)}
_DAYS = ("_on", "_date", "deadline", "window_start", "window_end", "as_of", "zero_tolerance_after")
_FLAGS = frozenset({"rectify", "held", "active", "cut", "single_handed", "withdrawn", "removed"})


HIDDEN = "（已填，不显示）"
"""What stands where a private value would."""
SEALED = "commitment:"
"""How the text of a private cell begins in a list's lines: what follows is the commitment, not what was issued."""


def cell_shown(text: str) -> str:
    """A cell of an issued list as people may see it: a private one is hidden."""
    return HIDDEN if text.startswith(SEALED) else text


def shown(table: str, name: str, value: Value, *, private: bool = False) -> str:
    """A stored value as people read it; ``（空）`` for nothing."""
    if value is None or value == "":
        return "（空）"
    if private:
        return HIDDEN
    if name in _AREAS and isinstance(value, int):
        return f"{Area(value).display()} 亩"
    if name in _FLAGS:
        return "是" if value else "否"
    words = _words_of(table, name)
    if str(value) in words:
        return words[str(value)]
    return _day(str(value)) if name.endswith(_DAYS) else str(value)


def _words_of(table: str, name: str) -> dict[str, str]:
    if name in {"state", "state_before", "done_rule", "close_rule"}:
        return _CODES
    if name == "contest_bucket":
        return {bucket.value: bucket.label for bucket in Bucket}
    if name == "outcome":
        return _OUTCOMES
    if name in {"class_now_system", "class_system"}:
        return {system.value: system.label for system in ClassSystem}
    listed = _KINDS.get(table, choices.ProblemKind) if name == "kind" else _CHOICES.get(name)
    return {one.value: one.label for one in listed} if listed else {}


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.year}年{day.month}月{day.day}日"


def plot_name(village: str, plot_no: str, unnamed: str = "（无编号图斑）") -> str:
    """A plot as people call it: 连桥村 0017; *unnamed* where it has neither village nor number."""
    return f"{village} {plot_no}".strip() or unnamed


def plot_names(session: Session, plots: Iterable[str]) -> dict[str, str]:
    """Own id to the name people use; plots that are gone are left out."""
    wanted = sorted(set(plots))
    names: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ",".join(f":p{i}" for i in range(len(part)))
        query = text(f"SELECT id, village, plot_no FROM plot WHERE id IN ({marks})")
        for row in session.connection().execute(query, {f"p{i}": plot for i, plot in enumerate(part)}):
            names[row.id] = plot_name(row.village, row.plot_no)
    return names
