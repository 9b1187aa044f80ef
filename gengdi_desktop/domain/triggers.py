"""The three situations in which a unit is asked to a talk: what is measured, and the limits of the county; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Choice
from gengdi_desktop.errors import RuleError

_WHOLE: Final = 100
_KEYS: Final = ("behind_points", "new_outflow_mu", "unlawful_mu", "source")


class Trigger(Choice):
    """Why a unit is named (R53)."""

    BEHIND = "behind", "进度滞后"
    NEW_OUTFLOW = "new_outflow", "新流出较大"
    UNLAWFUL = "unlawful", "违法占耕较大"


@dataclass(frozen=True, slots=True)
class TriggerLimits:
    """From where on a unit is named; what is None is not judged, since no notice gives a number.

    Attributes:
        behind_points: Percentage points of area by which a unit may be behind an even pace.
        new_outflow: Issued area of the newest year's outflow that a unit may have.
        unlawful: Issued area of land gone out of farming without a lawful reason that a unit may have.
        source: The document that sets them; may be empty.
    """

    behind_points: int | None = None
    new_outflow: Area | None = None
    unlawful: Area | None = None
    source: str = ""

    @property
    def judged(self) -> tuple[Trigger, ...]:
        """What is judged, in the order of the list."""
        given = (self.behind_points, self.new_outflow, self.unlawful)
        return tuple(trigger for trigger, limit in zip(Trigger, given, strict=True) if limit is not None)

    def as_table(self) -> dict[str, int | str]:
        """The section ``[limits]`` that says the same."""
        areas = {"new_outflow_mu": self.new_outflow, "unlawful_mu": self.unlawful}
        said: dict[str, int | str] = {key: area.exact() for key, area in areas.items() if area is not None}
        if self.behind_points is not None:
            said["behind_points"] = self.behind_points
        return said | ({"source": self.source} if self.source else {})


def trigger_limits(table: Mapping[str, Any]) -> TriggerLimits:
    """The limits of a section ``[limits]``; a key that is left out is not judged.

    Raises:
        RuleError: ``bad_limits``: a key is unknown or its value of the wrong kind; the sentence names it.
    """
    unknown = next((key for key in table if key not in _KEYS), None)
    if unknown is not None:
        raise _refused(f"不认识“limits.{unknown}”这一项")
    source = table.get("source", "")
    if not isinstance(source, str):
        raise _refused("“limits.source”要写成文字")
    points = table.get("behind_points")
    if points is not None and (type(points) is not int or not 0 <= points <= _WHOLE):
        raise _refused(f"“limits.behind_points”要写成 0 到 {_WHOLE} 的整数，是几个百分点")
    return TriggerLimits(points, _area(table, "new_outflow_mu"), _area(table, "unlawful_mu"), source.strip())


def _area(table: Mapping[str, Any], key: str) -> Area | None:
    value = table.get(key)
    if value is None:
        return None
    told = f'“limits.{key}”要写成亩数：整数，或者带引号的小数，如 "66.60"'
    if type(value) is not int and not isinstance(value, str):
        raise _refused(told)
    try:
        found = Area.parse(str(value))
    except RuleError as error:
        raise _refused(told) from error
    if found < Area.ZERO:
        raise _refused(told)
    return found


def _refused(what: str) -> RuleError:
    return RuleError("bad_limits", f"{what}。", "请改好后再试。")


def even_pace(first: date, last: date, today: date) -> Fraction:
    """Which share should be done at the end of a day where work goes on evenly from the first day to the last.

    Both are days of work. 0 before the first day, 1 from the last day on.
    """
    if today >= last:
        return Fraction(1)
    return Fraction(max((today - first).days + 1, 0), (last - first).days + 1)


def points_behind(pace: Fraction, done: Area, whole: Area) -> Fraction:
    """By how many percentage points the done share is behind the pace; negative ahead of it, 0 of nothing."""
    if whole == Area.ZERO:
        return Fraction(0)
    return (pace - Fraction(done.micro_mu, whole.micro_mu)) * _WHOLE
