"""The action table: which action is possible from which state, at which desk, and what must be given with it.

Guards, the command line's ``--actions`` and the forms of the window all read this one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gengdi_desktop.domain.choices import (
    Choice,
    Difficulty,
    DisposalClass,
    Finding,
    HoldKind,
    InPlace,
    ProblemKind,
    ProofKind,
    RevisitOutcome,
    SpotCheckOutcome,
    Stage,
)
from gengdi_desktop.domain.corrections import CORRECTIONS
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Bucket, Desk, State


class FieldKind(StrEnum):
    """What a field holds, and with that which control a form shows."""

    DATE = "date"
    TEXT = "text"
    CHOICE = "choice"
    AREA = "area"
    FLAG = "flag"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    FieldKind.DATE: "日期",
    FieldKind.TEXT: "文字",
    FieldKind.CHOICE: "选项",
    FieldKind.AREA: "面积（亩）",
    FieldKind.FLAG: "是或否",
}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One thing that an action is given.

    Args:
        key: The name under which it is given: ``--set key=value``.
        label: What a form shows.
        kind: What it holds.
        required: Whether it must be given whatever the plot; what depends on the plot says ``needs``.
        choices: Code and label of each choice; empty where the kind is no choice.
        needs: Chinese: when it must be given, or what is taken where it is not.
        private: Whether only its commitment may be stored.
        own: Whether it speaks of this plot alone, so that it is never copied from another.
    """

    key: str
    label: str
    kind: FieldKind
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    needs: str = ""
    private: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class ActionRule:
    """One row of the table.

    Args:
        code: The action, and the journal's word for it.
        sources: The states from which it is possible.
        targets: The states to which it can lead; empty where the state stays.
        desks: Whose action it is; the township may record what team and county do, with the document's number.
        fields: What is given with it, in the order of the form.
        while_held: Whether it is possible while the plot is held.
    """

    code: Operation
    sources: frozenset[State]
    targets: frozenset[State]
    desks: frozenset[Desk]
    fields: tuple[FieldRule, ...]
    while_held: bool = False

    @property
    def label(self) -> str:
        """The Chinese name."""
        return self.code.label

    def field(self, key: str) -> FieldRule | None:
        """The field of that key; None where the action has none."""
        return next((rule for rule in self.fields if rule.key == key), None)

    def field_named(self, text: str) -> FieldRule | None:
        """The field of that key or Chinese name (现状地类; 现场整改 for its area); None where the action has none."""
        plain = "".join(text.split())
        method = next((bucket.value for bucket in Bucket if bucket.label == plain), plain)
        return self.field(method) or next((rule for rule in self.fields if rule.label == plain), None)


def _choices(choices: Iterable[Choice | Bucket]) -> tuple[tuple[str, str], ...]:
    return tuple((choice.value, choice.label) for choice in choices)


def _date(label: str, key: str = "date", *, required: bool = True, needs: str = "") -> FieldRule:
    return FieldRule(key, label, FieldKind.DATE, required, needs=needs)


def _text(
    key: str, label: str, *, required: bool = False, needs: str = "", private: bool = False, own: bool = False
) -> FieldRule:
    return FieldRule(key, label, FieldKind.TEXT, required, needs=needs, private=private, own=own)


def _choice(
    key: str, label: str, choices: Iterable[Choice | Bucket], *, required: bool = True, needs: str = ""
) -> FieldRule:
    return FieldRule(key, label, FieldKind.CHOICE, required, _choices(choices), needs)


def _area(key: str, label: str, *, required: bool = False, needs: str = "") -> FieldRule:
    return FieldRule(key, label, FieldKind.AREA, required, needs=needs)


def _flag(key: str, label: str, *, required: bool = False, needs: str = "") -> FieldRule:
    return FieldRule(key, label, FieldKind.FLAG, required, needs=needs)


_TODAY = "不填按当天"
_BY_TOWNSHIP = "乡镇代录时必填"
_NON_FARM = "非农化必填"
_DOCUMENT = _text("document_number", "文号", needs=_BY_TOWNSHIP)
_DOCUMENT_REQUIRED = _text("document_number", "文号", required=True)
_REASON_REQUIRED = _text("reason", "原因", required=True)
_LEADERS = (_text("responsible_leader", "责任领导"), _text("grid_chief", "田长或网格长"))
_ON_GROUND = (
    _text("crop", "种植作物"),
    _date("播种日期", "sown_on", required=False),
    _text("demolition_record", "拆除记录"),
)
_ACCEPTED_AREAS = (
    _flag("as_claimed", "全部按申报面积", needs="填“是”就不用逐项填面积"),
    *(_area(bucket.value, f"{bucket.label}验收面积", needs="申报了这一项的必填") for bucket in Bucket),
)

_ANY = frozenset(State)
_UNFINISHED = _ANY - {State.CLOSED, State.CANCELLED, State.SPLIT}
_HOLDS = (
    _choice("kind", "暂缓或争议", HoldKind),
    _text("document_number", "文号", needs="暂缓必填"),
    _date("日期", required=False, needs="暂缓必填；争议不填按当天"),
    _text("parties", "争议各方", needs="争议必填"),
    _text("reason", "说明"),
)
_CHECK = (
    _date("自查日期"),
    _choice("finding", "核实结果", Finding, required=True),
    _choice("problem_kind", "问题类型", ProblemKind, required=False, needs="清单已写明的可不填"),
    _text("class_now", "现状地类", required=True),
    _text("cause", "成因", required=True),
    _text("party", "占用主体", required=True),
    _flag("rectify", "是否需要整改", required=True),
    _date("建设（占用）时间", "built_on", required=False),
    _text("case_number", "立案号"),
    _text("party_contact", "占用主体联系方式", private=True),
    *_LEADERS,
    _text("site_note", "现场记录", needs="实测面积、照片号、核查人等，记成一条备注", own=True),
)
_PLAN = (
    _choice("disposal_class", "处置类别", DisposalClass),
    _text("measure", "整改措施", required=True),
    _text("person", "责任人", required=True),
    _date("整改时限", "deadline"),
    _area("target", "应整改面积", needs="不填按原定面积，没有定过按下发面积"),
    _text("not_required_reason", "不需整改部分的理由", needs="应整改面积小于下发面积时必填"),
    _choice("difficulty", "难易程度", Difficulty, required=False),
    _text("plan_text", "一地一策"),
    _text("plan_approver", "方案审定人"),
    _date("方案审定日期", "plan_approved_on", required=False),
    _text("person_title", "责任人职务"),
    _text("person_phone", "责任人办公电话"),
    *_LEADERS,
    _date("日期", required=False, needs=_TODAY),
)
_CONTEST = (
    _choice("proof_kind", "举证类型", ProofKind),
    _choice("bucket", "归入", [bucket for bucket in Bucket if bucket.on_paper]),
    _text("statement", "情况说明", needs="说明、文号和书面材料附件至少有一样"),
    _text("document_number", "证明文件文号", needs="说明、文号和书面材料附件至少有一样"),
    _date("日期", required=False, needs=_TODAY),
)
_PROGRESS = (
    _date("截至日期"),
    *(_area(bucket.value, f"累计{bucket.label}", needs="各项至少填一项，不填的保持不变") for bucket in Bucket),
    *_ON_GROUND,
    _text("note", "说明"),
)
_ACCEPT = (
    _text("group", "验收组", required=True),
    _date("验收日期"),
    *_ACCEPTED_AREAS,
    _text("reason", "一人经办的原因", needs="只有一名成员、自己验收自己申报的必填"),
    _text("document_number", "文号"),
)
_RETURN = (
    _REASON_REQUIRED,
    _flag("withdraw", "自己撤回申报", needs="填“是”就不用新的时限"),
    _date("新的整改时限", "deadline", required=False, needs="撤回申报以外必填"),
    _text("document_number", "文号"),
    _date("日期", required=False, needs=_TODAY),
)
_CLOSE = (
    _date("销号日期"),
    _DOCUMENT_REQUIRED,
    _text("closer", "销号人", required=True),
    _text("person_handled", "人员处理情况", needs=f"{_NON_FARM}，没有的填“不涉及”"),
    _text("case_number", "立案号"),
    *(
        _choice(key, label, InPlace, required=False, needs=_NON_FARM)
        for key, label in (("demolished", "拆除"), ("confiscated", "没收"), ("referred", "移送"))
    ),
)
_SPOT_CHECK = (
    _date("抽查日期"),
    _text("checker", "抽查人", required=True),
    _choice("outcome", "抽查结果", SpotCheckOutcome),
    _area("measured_area", "实测面积", needs="没有实测不填"),
    _DOCUMENT,
    _text("note", "说明"),
)
_REVISIT = (_date("回看日期"), _choice("outcome", "回看结果", RevisitOutcome), _text("note", "说明"))
_REOPEN = (
    _REASON_REQUIRED,
    _date("日期"),
    _area("target", "应整改面积", required=True),
    _date("整改时限", "deadline"),
    _text("document_number", "文号"),
)
_CORRECT = (
    FieldRule(
        "field", "更正项目", FieldKind.CHOICE, required=True, choices=tuple((c.key, c.label) for c in CORRECTIONS)
    ),
    _text("value", "更正为", required=True),
    _REASON_REQUIRED,
    _text("document_number", "文号", needs="与下发清单不一致时必填"),
    _date("日期", required=False, needs=_TODAY),
)
_SPLIT = (
    _text(
        "parts",
        "拆成",
        needs="必填，写成 编号=面积（亩），用分号隔开，例如 12-1=3.20；12-2=1.58，加起来要正好等于图斑的面积",
    ),
    _text("reason", "原因"),
    _date("日期", required=False, needs=_TODAY),
)
_UNSPLIT = (_text("reason", "原因"), _date("日期", required=False, needs=_TODAY))
_ATTACH = (_text("file", "文件", required=True), _choice("stage", "环节", Stage), _text("note", "说明"))
_NOTE = (_text("text", "备注", required=True), _date("日期", required=False, needs=_TODAY))

_T, _M, _C = Desk.TOWNSHIP, Desk.TEAM, Desk.COUNTY
_S = State
_O = Operation
_TABLE: tuple[tuple[Operation, set[State] | frozenset[State], set[State], set[Desk], tuple[FieldRule, ...]], ...] = (
    (_O.CHECK, {_S.ISSUED, _S.CHECKED}, {_S.CHECKED}, {_T}, _CHECK),
    (_O.PLAN, {_S.CHECKED, _S.PLANNED, _S.WORKING}, {_S.PLANNED, _S.WORKING}, {_T}, _PLAN),
    (_O.CONTEST, {_S.CHECKED, _S.PLANNED, _S.WORKING}, {_S.CONTESTED}, {_T}, _CONTEST),
    (_O.START, {_S.PLANNED}, {_S.WORKING}, {_T}, (_date("开工日期"),)),
    (_O.PROGRESS, {_S.PLANNED, _S.WORKING, _S.WORKS_DONE}, {_S.WORKING}, {_T}, _PROGRESS),
    (_O.WORKS_DONE, {_S.WORKING}, {_S.WORKS_DONE}, {_T}, (_date("完工日期"),)),
    (
        _O.CLAIM,
        {_S.WORKING, _S.WORKS_DONE, _S.CONTESTED},
        {_S.CLAIMED},
        {_T},
        (*_ON_GROUND, _date("日期", required=False, needs=_TODAY)),
    ),
    (_O.ACCEPT, {_S.CLAIMED}, {_S.ACCEPTED, _S.WORKING}, {_T}, _ACCEPT),
    (
        _O.COUNTY_ACCEPT,
        {_S.ACCEPTED},
        {_S.COUNTY_ACCEPTED, _S.WORKING},
        {_C},
        (_DOCUMENT_REQUIRED, _date("验收日期"), *_ACCEPTED_AREAS, _text("group", "验收组")),
    ),
    (
        _O.RETURN,
        {_S.CLAIMED, _S.ACCEPTED, _S.COUNTY_ACCEPTED, _S.CONTESTED},
        {_S.WORKING, _S.CHECKED},
        {_T, _M, _C},
        _RETURN,
    ),
    (_O.CLOSE, {_S.COUNTY_ACCEPTED, _S.ACCEPTED}, {_S.CLOSED}, {_T}, _CLOSE),
    (_O.SPOT_CHECK, {_S.CLAIMED, _S.ACCEPTED, _S.COUNTY_ACCEPTED, _S.CLOSED}, set(), {_M}, _SPOT_CHECK),
    (_O.REVISIT, {_S.CLOSED}, set(), {_T, _M, _C}, _REVISIT),
    (_O.REOPEN, {_S.CLOSED}, {_S.WORKING}, {_T, _M, _C}, _REOPEN),
    (_O.HOLD, _UNFINISHED, set(), {_T}, _HOLDS),
    (_O.RELEASE, _UNFINISHED, set(), {_T}, (_date("日期", required=False, needs=_TODAY),)),
    (
        _O.CANCEL,
        _UNFINISHED,
        {_S.CANCELLED},
        {_C},
        (_DOCUMENT_REQUIRED, _text("reason", "原因"), _date("日期", required=False, needs=_TODAY)),
    ),
    (
        _O.RESTORE,
        {_S.CANCELLED},
        set(_UNFINISHED),
        {_C},
        (_DOCUMENT_REQUIRED, _date("日期", required=False, needs=_TODAY)),
    ),
    (_O.SPLIT, {_S.ISSUED, _S.CHECKED, _S.PLANNED, _S.CONTESTED}, {_S.SPLIT}, {_T, _C}, _SPLIT),
    (_O.UNSPLIT, {_S.SPLIT}, {_S.ISSUED, _S.CHECKED, _S.PLANNED}, {_T, _C}, _UNSPLIT),
    (_O.CORRECT, _ANY - {_S.CLOSED, _S.CANCELLED}, set(), {_T, _C}, _CORRECT),
    (_O.ATTACH, _ANY, set(), {_T, _M, _C}, _ATTACH),
    (_O.NOTE, _ANY, set(), {_T, _M, _C}, _NOTE),
)
# A cancelled plot that was held is brought back held: refusing that would leave it cancelled for ever.
_WHILE_HELD = {_O.RELEASE, _O.CORRECT, _O.ATTACH, _O.CANCEL, _O.RESTORE, _O.NOTE}

ACTIONS: Mapping[str, ActionRule] = {
    code.value: ActionRule(
        code, frozenset(sources), frozenset(targets), frozenset(desks), fields, while_held=code in _WHILE_HELD
    )
    for code, sources, targets, desks, fields in _TABLE
}
"""The table by code, in the order of the work."""


def possible(state: State, desk: Desk, *, held: bool) -> tuple[ActionRule, ...]:
    """The actions that a plot's state and a desk allow; guards may still ask for more."""
    pointless = Operation.HOLD if held else Operation.RELEASE
    return tuple(
        rule
        for rule in ACTIONS.values()
        if state in rule.sources
        and records(rule, desk)
        and (not held or rule.while_held)
        and rule.code is not pointless
    )


def records(rule: ActionRule, desk: Desk) -> bool:
    """Whether a desk may do or record an action: its own, and the township what the others do."""
    return desk in rule.desks or desk is Desk.TOWNSHIP


def action_named(text: str) -> ActionRule | None:
    """The action of that code or Chinese name, or of one of its two names (退回); None where there is none."""
    plain = "".join(text.split())
    return ACTIONS.get(plain) or next(
        (rule for rule in ACTIONS.values() if plain in {rule.label, *rule.label.split("、")}), None
    )
