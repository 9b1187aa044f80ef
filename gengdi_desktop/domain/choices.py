"""The closed lists that fields choose from: codes are stored and never change, labels are what people read."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Self, TypeVar


class Choice(StrEnum):
    """A closed list; members are written ``CODE = "code", "中文"``."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        """Make a member of its stored code and its Chinese label."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


ChoiceType = TypeVar("ChoiceType", bound=Choice)


def choice_of(choices: type[ChoiceType], text: str) -> ChoiceType | None:
    """The member whose code or label ``text`` is, spaces and width aside; None where it is none of them."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return next((choice for choice in choices if plain in {choice.value, choice.label}), None)


class ListKind(Choice):
    """Why a list was issued (R23); one plot may stand in several lists."""

    OUTFLOW = "outflow", "耕地流出"
    SATELLITE = "satellite", "卫片执法"
    INSPECTION = "inspection", "督察反馈"
    SUPPLEMENT = "supplement", "补充耕地项目"
    BASIC_NOT_CULTIVATED = "basic_not_cultivated", "永农非耕地"
    SELF_FOUND = "self_found", "自查新增"
    OTHER = "other", "其他"


class ProblemKind(Choice):
    """What became of the cultivated land; the evidence that is asked for depends on it."""

    NON_FARM = "non_farm", "非农化"
    NON_GRAIN = "non_grain", "非粮化"
    ABANDONED = "abandoned", "撂荒"
    OTHER = "other", "其他"


class Finding(Choice):
    """What the self-check found of the issued statement."""

    TRUE = "true", "属实"
    MISJUDGED = "misjudged", "误判"
    LAWFUL = "lawful", "合法"


class DisposalClass(Choice):
    """How soon and by which way a plot is settled (R12), the easy first."""

    IMMEDIATE = "immediate", "立行立改"
    SHORT_TERM = "short_term", "短期"
    MEDIUM_TERM = "medium_term", "中期"
    LONG_TERM = "long_term", "长期"
    PROOF = "proof", "举证核减"


class Difficulty(Choice):
    """How hard a plot is to settle (R12)."""

    EASY = "easy", "易"
    MIDDLE = "middle", "中"
    HARD = "hard", "难"


class ProofKind(Choice):
    """What a contest says."""

    MISJUDGED = "misjudged", "误判"
    NATURAL_CHANGE = "natural_change", "自然变化"
    LAWFUL_USE = "lawful_use", "合法占用"
    REGULARISED = "regularised", "补办手续"
    OFFSET = "offset", "指标抵扣"
    OTHER = "other", "其他"


class HoldKind(Choice):
    """Why a plot waits."""

    DEFERRED = "deferred", "暂缓"
    DISPUTED = "disputed", "争议"


class InPlace(Choice):
    """Each of the three that must be in place (R83)."""

    DONE = "done", "到位"
    NOT_CONCERNED = "not_concerned", "不涉及"


class SpotCheckOutcome(Choice):
    """What the team found."""

    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class RevisitOutcome(Choice):
    """What a re-visit of a closed plot found."""

    KEPT = "kept", "保持"
    REBOUND = "rebound", "反弹"


class AcceptanceLevel(Choice):
    """Who accepted."""

    TOWNSHIP = "township", "镇级"
    COUNTY = "county", "县级"


class Stage(Choice):
    """What a photo or paper belongs to."""

    BEFORE = "before", "整改前"
    DURING = "during", "整改中"
    AFTER = "after", "整改后"
    ACCEPTANCE = "acceptance", "验收"
    SPOT_CHECK = "spot_check", "抽查"
    REVISIT = "revisit", "回头看"
    PAPER = "paper", "书面材料"
