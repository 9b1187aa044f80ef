"""``--where``: conditions on plots as the command line writes them."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from gengdi_desktop.cli.arguments import UsageError, day
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.evidence import Verdict
from gengdi_desktop.domain.states import Label, State
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import Condition

_MATCHES = {">=": "at_least", "<=": "at_most", "~": "contains", "=": "equal"}
_NAMES: Mapping[str, str] = {
    "乡镇": "township",
    "村": "village",
    "图斑编号": "plot_no",
    "流出年度": "outflow_year",
    "类型": "kind",
    "状态": "state",
    "类别": "label",
    "下发面积": "issued_area",
    "剩余": "remaining",
    "责任人": "person",
    "时限": "deadline",
    "超期": "overdue",
    "退回": "returned",
    "新清单未列": "vanished",
    "拆分": "part",
    "冲突": "conflict",
    "快到期": "due_soon",
    "缺整改后照片": "no_after_photo",
    "暂缓争议": "held",
    "证据": "evidence",
    "证据情况": "evidence_told",
    "轮次": "round",
    "标识码": "bsm",
    "备注": "remark",
}
"""The headings of the table that ``plots`` prints, and what else people filter by."""

_WORDS: Mapping[str, Iterable[State | Label | ProblemKind | Verdict]] = {
    "state": State,
    "label": Label,
    "kind": ProblemKind,
    "evidence": Verdict,
}
_FLAGS = frozenset(
    {"held", "overdue", "due_soon", "returned", "rectify", "no_after_photo", "vanished", "part", "conflict"}
)
_YES_NO = {"是": "1", "否": "0", "有": "1", "无": "0"}


def conditions(said: Iterable[str]) -> tuple[Condition, ...]:
    """``village=白圩村,state=整改中``: all must hold, whether they stand behind one ``--where`` or behind several.

    Raises:
        UsageError: A condition without a value, a word that is none of the field's, a date that is none.
        RuleError: ``unknown_field``.
    """
    from gengdi_desktop.ledger.queries import FIELDS, Condition, Match

    found = []
    for part in ",".join(said).replace("，", ",").split(","):
        if not part.strip():
            continue
        mark = next((mark for mark in _MATCHES if mark in part), None)
        name, _mark, value = (word.strip() for word in part.partition(mark or "="))
        if mark is None or not name or (mark == "~" and not value):
            raise UsageError(f"条件“{part}”要写成 名称=值，例如 村=白圩村。", "plots")
        field = _NAMES.get(name, name)
        if field not in FIELDS:
            known = f"可以写：{'、'.join(_NAMES)}。"
            raise RuleError("unknown_field", f"没有“{name}”这一项，没有筛选，台账没有变。", known)
        found.append(Condition(field, _code_of(field, value), Match[_MATCHES[mark].upper()]))
    return tuple(found)


def asks_for_evidence(found: Iterable[Condition]) -> bool:
    """Whether any of the conditions is about the evidence, whose answers are brought up first."""
    from gengdi_desktop.ledger.plot_fields import KEPT

    return any(one.field in KEPT for one in found)


def _code_of(field: str, value: str) -> str:
    """The stored code of what a person wrote; a word that no plot can bear is a slip, not an empty answer."""
    if field in _FLAGS:
        return _YES_NO.get(value, value)
    if field == "deadline" and value:
        try:
            return day(value).isoformat()
        except ArgumentTypeError as error:
            raise UsageError(f"{error}。", "plots") from error
    known = {code.label: str(code) for code in _WORDS.get(field, ())}
    if not known or value in known.values() or (field == "kind" and not value):
        return value
    if value not in known:
        named = next((name for name, code in _NAMES.items() if code == field), field)
        raise UsageError(f"{named}没有“{value}”，可以写：{'、'.join(known)}。", "plots")
    return known[value]
