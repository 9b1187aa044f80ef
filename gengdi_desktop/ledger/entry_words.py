"""The words that begin the sentence of an entry: its step, and what it did to how many plots."""

from __future__ import annotations

from collections.abc import Mapping

from gengdi_desktop.domain.choices import HoldKind
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.ledger.plot_sentences import Deeds

_COUNTED: Mapping[Operation, str] = {
    Operation.IMPORT: "导入清单，带来 {} 个图斑",
    Operation.REISSUE: "导入重新下发的清单，涉及 {} 个图斑",
    Operation.OUTLINES: "给 {} 个图斑补了边界",
    Operation.CHECK: "自查了 {} 个图斑",
    Operation.PLAN: "给 {} 个图斑定了措施",
    Operation.CONTEST: "给 {} 个图斑举证",
    Operation.START: "{} 个图斑开工",
    Operation.PROGRESS: "报了 {} 个图斑的进展",
    Operation.WORKS_DONE: "{} 个图斑完工未种",
    Operation.CLAIM: "申报 {} 个图斑整改到位",
    Operation.ACCEPT: "镇级验收了 {} 个图斑",
    Operation.COUNTY_ACCEPT: "县级验收了 {} 个图斑",
    Operation.RETURN: "退回或撤回申报 {} 个图斑",
    Operation.CLOSE: "销号 {} 个图斑",
    Operation.SPOT_CHECK: "抽查了 {} 个图斑",
    Operation.REVISIT: "回头看了 {} 个图斑",
    Operation.REOPEN: "重开 {} 个图斑",
    Operation.HOLD: "把 {} 个图斑记为暂缓或争议",
    Operation.RELEASE: "恢复办理 {} 个图斑",
    Operation.CANCEL: "核减 {} 个图斑",
    Operation.RESTORE: "撤销 {} 个图斑的核减",
    Operation.CORRECT: "更正 {} 个图斑",
    Operation.SPLIT: "拆分图斑，连拆出来的共 {} 个",
    Operation.UNSPLIT: "撤销拆分，连拆出来的共 {} 个",
    Operation.ATTACH: "动了 {} 个图斑的照片和附件",
    Operation.PHOTO_ANSWER: "说明了 {} 个图斑的照片",
    Operation.NOTE: "给 {} 个图斑记了备注",
    Operation.PROGRESS_SHEET: "按进展表录入 {} 个图斑",
    Operation.EDIT: "修改了 {} 个图斑",
    Operation.DRAW: "抽样，样本里有 {} 个图斑",
    Operation.REPLACE: "替换抽查图斑，连替补的共 {} 个",
    Operation.CHECK_RESULT: "录入了 {} 个图斑的抽查结果",
    Operation.ERASE: "删除了 {} 个图斑的个人信息",
}


def label_of(action: str) -> str:
    """The Chinese word of a stored action; one of a later version is told by its code."""
    return Operation(action).label if action in set(Operation) else action


def counted(action: str, plots: int) -> str:
    """What an entry did to several plots: 自查了 106 个图斑."""
    template = _COUNTED.get(Operation(action)) if action in set(Operation) else None
    return template.format(plots) if template else f"{label_of(action)}，涉及 {plots} 个图斑"


def lead(action: str, deeds: Deeds) -> str:
    """The step that a sentence on one plot begins with, of two names the one that was meant; empty where none is."""
    if action == Operation.RETURN:
        withdrawn = any(one["withdrawn"][1] for one in deeds.records("plot_return") if "withdrawn" in one)
        return "撤回申报" if withdrawn else "退回"
    if action == Operation.HOLD:
        kinds = {one.value: one.label for one in HoldKind}
        told = (kinds.get(str(one["kind"][1])) for one in deeds.records("hold") if "kind" in one)
        return next((word for word in told if word), label_of(action))
    if action == Operation.ATTACH and (deeds.added or deeds.changed):
        return ""
    return "重开" if action == Operation.REOPEN else label_of(action)
