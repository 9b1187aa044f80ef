"""Which units a county names for a talk: behind the pace, much new outflow, much land built over; with the plots."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import tomli_w

from gengdi_desktop.consolidation.deadlines import Deadline, deadline_of
from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Label
from gengdi_desktop.domain.triggers import Trigger, TriggerLimits, even_pace, points_behind, trigger_limits
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.campaign_file import OwnRules
from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery
from gengdi_desktop.ledger.roll_up import RollUp, roll_up

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.figures import Group
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.roll_up import Node

_NOT_CANCELLED: Final = tuple(label for label in Label if label is not Label.CANCELLED)
_OPEN: Final = tuple(label for label in _NOT_CANCELLED if not label.rectified)


@dataclass(frozen=True, slots=True)
class Named:
    """A unit over a limit.

    Attributes:
        unit: Its name.
        code: Of the division table; empty where it is in none.
        trigger: Why it is named.
        value: What was measured, with its unit of measure: ``21.30 个百分点``, ``123.45 亩``.
        limit: What may be, in the same measure.
        plots: How many plots it rests on.
        area: Their issued area.
        sentence: How it was reckoned.
        conditions: Which plots they are.
    """

    unit: str
    code: str
    trigger: Trigger
    value: str
    limit: str
    plots: int
    area: Area
    sentence: str
    conditions: tuple[Condition, ...]

    @property
    def evidence(self) -> PlotQuery:
        """The question that finds exactly the plots on which it rests."""
        return PlotQuery((*self.conditions, Condition("part", 0)))


@dataclass(frozen=True, slots=True)
class Triggers:
    """The units that a county names on one day.

    Attributes:
        limits: What was judged, and by which document.
        named: By unit in the order of the division table, then by trigger.
        unjudged: What could not be judged and why, a sentence each.
    """

    limits: TriggerLimits
    named: tuple[Named, ...]
    unjudged: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """How many units are named, in one line."""
        if not self.limits.judged:
            return "没有设约谈限值，没有判。"
        units = len({one.unit for one in self.named})
        return f"有 {units} 个单位达到约谈情形。" if units else "没有单位达到约谈情形。"


def limits_in_force(ledger: Ledger) -> TriggerLimits:
    """The limits that the campaign sets; empty ones where it sets none.

    Raises:
        RuleError: ``bad_limits``: what stands in the ledger cannot be read.
    """
    with ledger.reading() as session:
        text = store.own_rules(session, store.TRIGGER_LIMITS)
    try:
        return TriggerLimits() if text is None else trigger_limits(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(
            "bad_limits", "台账里的约谈限值读不懂，没有判。台账没有变。", "请用专项设置文件重设。"
        ) from error


def set_limits(ledger: Ledger, limits: TriggerLimits, *, by: Actor) -> Changes:
    """Put other limits in force, as one entry that can be undone.

    Raises:
        RuleError: ``bad_limits``; ``no_campaign``: none is set to which they could belong.
    """
    trigger_limits(limits.as_table())  # what could not be read back is not written
    with ledger.begin(Operation.CAMPAIGN, by) as work:
        rules = OwnRules(tomli_w.dumps(limits.as_table()), "", limits.source)
        if not store.set_own_rules(work.session, store.TRIGGER_LIMITS, rules):
            raise RuleError("no_campaign", "还没有设置专项行动，限值没有存。", "请先在“设置”里设置专项行动，再定限值。")
        return work.commit()


def triggers(ledger: Ledger, sums: RollUp | None = None) -> Triggers:
    """Which units are over which limit.

    Args:
        ledger: The county's ledger.
        sums: The county summed up, where that was done already.

    Raises:
        RuleError: ``bad_limits``.
    """
    limits = limits_in_force(ledger)
    if not limits.judged:
        return Triggers(limits, (), ())
    found = sums or roll_up(ledger)
    with ledger.reading() as session:
        deadline = deadline_of(store.campaign(session))
    newest = max((group.year for groups in found.groups.values() for group in groups if group.year), default=None)
    judge = _Judge(limits, deadline, found, newest)
    named = tuple(one for unit in found.units for one in judge.of(unit))
    return Triggers(limits, named, tuple(judge.unjudged()))


class _Judge:
    """What is measured of one unit after another."""

    def __init__(self, limits: TriggerLimits, deadline: Deadline, sums: RollUp, newest: int | None) -> None:
        self._limits, self._newest, self._sums = limits, newest, sums
        first, last = deadline.opens, deadline.last_day
        self._pace = even_pace(first, last, sums.today) if first is not None and last is not None else None

    def unjudged(self) -> Iterable[str]:
        """What of the limits cannot be judged."""
        if self._limits.behind_points is not None and self._pace is None:
            yield "专项没有写整改阶段的第一天或者期限，进度滞后没有判。"
        if self._limits.new_outflow is not None and self._newest is None:
            yield "没有一个图斑写明流出年度，新流出较大没有判。"

    def of(self, unit: Node) -> Iterable[Named]:
        """For what a unit is named."""
        groups = [one for one in self._sums.groups[unit.key] if one.label is not Label.CANCELLED]
        yield from self._behind(unit, groups)
        if self._limits.new_outflow is not None and self._newest is not None:
            mine = [one for one in groups if one.year == self._newest]
            what = f"{self._newest}年流出"
            year = Condition("outflow_year", self._newest)
            yield from _much(unit, Trigger.NEW_OUTFLOW, mine, self._limits.new_outflow, what, year)
        if self._limits.unlawful is not None:
            mine = [one for one in groups if one.known_kind == ProblemKind.NON_FARM]
            kind = Condition("kind", ProblemKind.NON_FARM.value)
            yield from _much(unit, Trigger.UNLAWFUL, mine, self._limits.unlawful, ProblemKind.NON_FARM.label, kind)

    def _behind(self, unit: Node, groups: Sequence[Group]) -> Iterable[Named]:
        limit, pace = self._limits.behind_points, self._pace
        if limit is None or pace is None:
            return
        whole, done = _area(groups), _area([one for one in groups if one.label.rectified])
        points = points_behind(pace, done, whole)
        if points <= limit:
            return
        left = [one for one in groups if not one.label.rectified]
        should, is_ = percent_text(pace.numerator, pace.denominator), percent_text(done, whole)
        value, most = f"{_points(points, limit)} 个百分点", f"{limit} 个百分点"
        told = f"按天数匀着算应整改 {should}%，已整改 {is_}%（按面积，不含核减），差 {value}。"
        yield _named(unit, Trigger.BEHIND, left, (value, most), told, _OPEN)


def _much(
    unit: Node, trigger: Trigger, groups: Sequence[Group], limit: Area, what: str, condition: Condition
) -> Iterable[Named]:
    area = _area(groups)
    if area > limit:
        value, most = f"{area.spoken()} 亩", f"{limit.spoken()} 亩"
        told = f"{what} {_count(groups)} 个图斑、{value}（不含核减）。"
        yield _named(unit, trigger, groups, (value, most), told, _NOT_CANCELLED, condition)


def _named(
    unit: Node,
    trigger: Trigger,
    groups: Sequence[Group],
    measured: tuple[str, str],
    told: str,
    labels: Sequence[Label],
    *more: Condition,
) -> Named:
    labelled = Condition("label", tuple(label.value for label in labels), Match.ONE_OF)
    return Named(
        unit=unit.name,
        code=unit.code,
        trigger=trigger,
        value=measured[0],
        limit=measured[1],
        plots=_count(groups),
        area=_area(groups),
        sentence=told,
        conditions=(*unit.conditions, *more, labelled),
    )


def _area(groups: Sequence[Group]) -> Area:
    return Area(sum(one.area for one in groups))


def _count(groups: Sequence[Group]) -> int:
    return sum(one.plots for one in groups)


def _points(points: Fraction, limit: int) -> str:
    """With two decimals; what is a little over the limit never reads as the limit itself."""
    hundredths = max(int(points * 100 + Fraction(1, 2)), limit * 100 + 1)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
