"""How plots are grouped before a sample is drawn: the stratum of each, by rules that are plain enough to be printed.

A stratum's name is made of the values of the chosen fields, joined by ``／``. The limits of area classes and the facts
that make a plot a risk are ours, not any notice's: :func:`rules_in_words` says them, and every sheet prints that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Choice, choice_of
from gengdi_desktop.domain.sampling import Frame, FramePlot
from gengdi_desktop.errors import RuleError

WHOLE: Final = "全部"
"""The one stratum of a frame that is not grouped."""
_UNSAID: Final = "未填"
_JOIN: Final = "／"
_LIMITS: Final = (1, 5, 15)
"""Limits of area classes in mu; a plot on a limit belongs to the larger class."""
_LARGE: Final = Area(_LIMITS[-1] * 1_000_000)
_MANY_RISKS: Final = 2


class StratumField(Choice):
    """A field by which plots may be grouped."""

    TOWNSHIP = "township", "乡镇"
    VILLAGE = "village", "村"
    KIND = "kind", "问题类型"
    AREA_CLASS = "area_class", "面积大小"
    RISK = "risk", "风险"


class Risk(Choice):
    """A fact of the ledger that speaks for looking twice."""

    LATE = "late", "晚于时限才申报"
    LARGE = "large", "申报面积 15 亩以上"
    SINGLE_HANDED = "single_handed", "一人经办验收"
    RETURNED = "returned", "退回过"
    REOPENED = "reopened", "销号后重开过"
    FAILED = "failed", "抽查不合格过"
    DOUBTFUL = "doubtful", "证据缺或存疑"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plot that may be drawn, with what grouping asks.

    Args:
        plot: Own id.
        township: As the ledger writes it.
        village: As the ledger writes it.
        kind: The problem kind in Chinese.
        area: What is claimed for it in the current round.
        risks: The facts that speak for looking twice.
    """

    plot: str
    township: str
    village: str
    kind: str
    area: Area
    risks: frozenset[Risk] = frozenset()


def strata_of(codes: Iterable[str]) -> tuple[StratumField, ...]:
    """The fields of these codes or Chinese names, each once, in the order given.

    Raises:
        RuleError: ``unknown_stratum``.
    """
    found: dict[StratumField, None] = {}
    for code in codes:
        field = choice_of(StratumField, code)
        if field is None:
            known = "、".join(f"{one.value}（{one.label}）" for one in StratumField)
            raise RuleError("unknown_stratum", f"不能按“{code}”分层，没有抽样。", f"可以按{known}分层。")
        found[field] = None
    return tuple(found)


def area_class(area: Area) -> str:
    """The class of an area: 1 亩以下, 1 至 5 亩, 5 至 15 亩, 15 亩以上."""
    first, *_, last = _LIMITS
    if area < _mu(first):
        return f"{first} 亩以下"
    for low, high in pairwise(_LIMITS):
        if area < _mu(high):
            return f"{low} 至 {high} 亩"
    return f"{last} 亩以上"


def is_large(area: Area) -> bool:
    """Whether an area alone speaks for looking twice."""
    return area >= _LARGE


def risk_class(risks: frozenset[Risk]) -> str:
    """一般 for a plot with none of the facts, 关注 with one, 重点 with more."""
    if len(risks) >= _MANY_RISKS:
        return "重点"
    return "关注" if risks else "一般"


def frame_of(candidates: Sequence[Candidate], strata: Sequence[StratumField]) -> Frame:
    """The frame of these plots.

    Raises:
        RuleError: ``empty_frame``, or a name cannot stand in a frame.
    """
    several = len({one.township for one in candidates}) > 1
    return Frame.of(FramePlot(_stratum(one, strata, several=several), one.plot, one.area) for one in candidates)


def rules_in_words(strata: Sequence[StratumField]) -> tuple[str, ...]:
    """How strata are formed, in sentences for paper; nothing for what a name already says."""
    told = []
    if StratumField.AREA_CLASS in strata:
        limits = "、".join(str(one) for one in _LIMITS)
        told.append(f"面积大小按申报面积分，界限是 {limits} 亩，正好在界限上的归大的一档。")
    if StratumField.RISK in strata:
        facts = "、".join(one.label for one in Risk)
        told.append(f"风险看这些事实：{facts}。一样也没有的是“一般”，有一样的是“关注”，有两样以上的是“重点”。")
    return tuple(told)


def _stratum(one: Candidate, strata: Sequence[StratumField], *, several: bool) -> str:
    if not strata:
        return WHOLE
    # Villages of two townships may bear one name.
    with_township = several and StratumField.TOWNSHIP not in strata
    values: Mapping[StratumField, str] = {
        StratumField.TOWNSHIP: one.township,
        StratumField.VILLAGE: f"{one.township if with_township else ''}{one.village}" if one.village else "",
        StratumField.KIND: one.kind,
        StratumField.AREA_CLASS: area_class(one.area),
        StratumField.RISK: risk_class(one.risks),
    }
    name = _JOIN.join(" ".join(values[field].split()) or _UNSAID for field in strata)
    return unicodedata.normalize("NFC", name)


def _mu(number: int) -> Area:
    return Area(number * 1_000_000)
