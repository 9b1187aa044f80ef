"""What front ends receive of a sample: its frame, its draw, its plots with results, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Choice, SpotCheckOutcome
from gengdi_desktop.domain.pass_share import PassShare, pass_share
from gengdi_desktop.domain.states import State
from gengdi_desktop.phases.sampling.strata import StratumField

MILLION: Final = 1_000_000
_FEWEST_FAILED: Final = 2
"""So many failures of one place speak for checking all of it; a single one may be chance."""
_PLACES: Final = frozenset({StratumField.TOWNSHIP, StratumField.VILLAGE})


class SampleStatus(Choice):
    """How far a sample is."""

    FRAMED = "framed", "已封存，未抽"
    DRAWN = "drawn", "已抽"
    ENLARGED = "enlarged", "已扩大"


class SeedSource(Choice):
    """Where a seed came from."""

    LOT = "lot", "现场摇号"
    GENERATED = "generated", "程序随机生成"


class SampleRole(Choice):
    """How a plot came into a sample."""

    DRAWN = "drawn", "抽中"
    REPLACEMENT = "replacement", "替补"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What two people found at a plot.

    Attributes:
        sample: The sample for which it was recorded; of an enlarged one possibly the first.
        on_date: The day of the check.
        outcome: Passed or failed.
        measured_area: None where nothing was measured.
        finding: What they saw; always said of a failed plot.
        checker: One of the two.
        second_checker: The other.
        entered: Whether it stands in the plot's own records.
        document_number: Of the document by which it was entered.
        sent_back: Whether a failed plot was returned for it.
    """

    sample: str
    on_date: date
    outcome: SpotCheckOutcome
    measured_area: Area | None
    finding: str
    checker: str
    second_checker: str
    entered: bool
    document_number: str
    sent_back: bool

    @property
    def failed(self) -> bool:
        """Whether the plot did not pass."""
        return self.outcome is SpotCheckOutcome.FAILED


@dataclass(frozen=True, slots=True)
class SampledPlot:
    """A plot of a sample.

    Attributes:
        plot: Own id.
        name: As people call it.
        township: Where it lies.
        village: Where it lies.
        kind: Its problem kind in Chinese.
        state: Where it stands now.
        stratum: Its stratum.
        place: Its place in the order of its stratum, from 1.
        order_key: The number by which it was ordered, 64 hexadecimal digits.
        round: The round that is checked.
        area: What was claimed for it when the frame was frozen.
        role: Drawn, or taken for one that could not be visited.
        replaces: The plot for which it was taken.
        replaced: Whether it could not be visited itself.
        reason: Why not.
        photos: Files of the stage 抽查.
        result: What was found; None while nobody was there.
    """

    plot: str
    name: str
    township: str
    village: str
    kind: str
    state: State
    stratum: str
    place: int
    order_key: str
    round: int
    area: Area
    role: SampleRole
    replaces: str | None
    replaced: bool
    reason: str
    photos: int
    result: CheckResult | None


@dataclass(frozen=True, slots=True)
class StratumLine:
    """A stratum in figures.

    Attributes:
        name: Its name.
        plots: How many plots of the frame are in it; None where the frame's file is not in this ledger.
        area: Their area; None likewise.
        share: How many were to be drawn.
        places: How many can be checked; less than the share where a stratum has no plots left for replacement.
        checked: How many results there are.
        failed: How many did not pass.
    """

    name: str
    plots: int | None
    area: Area | None
    share: int
    places: int
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Enlargement:
    """Why and how far a sample is to be enlarged.

    Attributes:
        why: How many have failed, of how many.
        count: Plots of the larger sample; 0 where the whole frame was drawn already.
        whole: Strata of which every plot is to be checked.
        sentence: All of it in words.
    """

    why: str
    count: int
    whole: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A sample in a list of samples."""

    id: str
    name: str
    status: SampleStatus
    framed_on: date
    drawn_on: date | None
    frame_hash: str
    frame_plots: int
    seed: str
    enlarges: str | None
    drawn: int
    checked: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleHead:
    """What is said of a sample as a whole: first its frozen frame, then its seed.

    Attributes:
        id: Random text.
        name: As people call it.
        status: How far it is.
        framed_on: The day on which the frame was frozen.
        drawn_on: The day of the draw; None before.
        strata_fields: By what plots were grouped.
        scope: Township, village or ``township/village``; empty for all.
        frame_hash: SHA-256 of the frame's text.
        frame_plots: Plots of the frame.
        frame_area: Their claimed area.
        seed: Empty before the draw.
        seed_source: None before the draw.
        wanted: What was asked for: ``30`` or ``5%``.
        fail_limit: The share of failures above which a second draw is due.
        enlarges: The smaller sample that this one contains.
        enlarged_by: The larger sample that contains this one.
        reason: Why it was enlarged, or the frame drawn once more.
    """

    id: str
    name: str
    status: SampleStatus
    framed_on: date
    drawn_on: date | None
    strata_fields: tuple[StratumField, ...]
    scope: str
    frame_hash: str
    frame_plots: int
    frame_area: Area
    seed: str
    seed_source: SeedSource | None
    wanted: str
    fail_limit: Fraction
    enlarges: str | None
    enlarged_by: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleInfo(SampleHead):
    """A sample with all that was drawn and found.

    Attributes:
        strata: In the order of their names; empty before the draw where the frame's file is not here.
        plots: Stratum by stratum in the order of the draw, with those that could not be visited.
    """

    strata: tuple[StratumLine, ...]
    plots: tuple[SampledPlot, ...]

    @property
    def to_check(self) -> tuple[SampledPlot, ...]:
        """The plots that are checked: all but those that could not be visited."""
        return tuple(one for one in self.plots if not one.replaced)

    @property
    def checked(self) -> tuple[SampledPlot, ...]:
        """The plots with a result."""
        return tuple(one for one in self.plots if one.result is not None)

    @property
    def failed(self) -> tuple[SampledPlot, ...]:
        """The plots that did not pass: the return list."""
        return tuple(one for one in self.plots if one.result is not None and one.result.failed)

    @property
    def not_entered(self) -> tuple[SampledPlot, ...]:
        """The plots whose results do not stand in their own records yet."""
        return tuple(one for one in self.plots if one.result is not None and not one.result.entered)

    @property
    def to_send_back(self) -> tuple[SampledPlot, ...]:
        """The failed plots whose results are entered and which were not returned yet."""
        return tuple(one for one in self.failed if one.result and one.result.entered and not one.result.sent_back)

    @property
    def area(self) -> Area:
        """The claimed area of the plots that are checked."""
        return Area.total(one.area for one in self.to_check)

    @property
    def pass_share(self) -> PassShare | None:
        """The share of those that passed with its interval; None while nothing was checked."""
        checked = len(self.checked)
        return pass_share(checked - len(self.failed), checked) if checked else None

    @property
    def enlargement(self) -> Enlargement | None:
        """The second draw that is due; None while it is not, or when it was made.

        It is due as soon as more have failed than the limit allows of the whole sample: whatever the rest brings, the
        share will be above it.
        """
        failed, of = len(self.failed), len(self.to_check)
        if self.enlarged_by is not None or failed <= self.fail_limit * of:
            return None
        whole = self._wholes()
        room = {one.name: one.plots or one.share for one in self.strata}
        least = sum(room[one.name] if one.name in whole else one.share for one in self.strata)
        count = max(min(2 * sum(one.share for one in self.strata), self.frame_plots), least)
        if sum(one.share for one in self.strata) >= self.frame_plots:
            count = 0
        why = f"不合格 {failed} 个，已超过 {of} 个的 {percent(self.fail_limit)}"
        return Enlargement(why, count, whole, _in_words(why, count, whole))

    def _wholes(self) -> tuple[str, ...]:
        """The places in which so many failed that all their plots are to be checked."""
        if not self.strata_fields or self.strata_fields[0] not in _PLACES:
            return ()
        return tuple(
            one.name
            for one in self.strata
            if one.failed >= _FEWEST_FAILED
            and one.failed > self.fail_limit * one.places
            and (one.plots or 0) > one.share
        )


def percent(share: Fraction) -> str:
    """A share in percent, as short as it can be said exactly to four places: 10%, 2.5%, 33.3333%."""
    tenths = round(share * MILLION)
    whole, rest = divmod(tenths, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + "%"


def _in_words(why: str, count: int, whole: Sequence[str]) -> str:
    if not count:
        return f"{why}；抽样框里的图斑已全部抽到，不能再扩大。"
    places = f"，其中{'、'.join(whole)}整层全查" if whole else ""
    return f"{why}，应当扩大抽查：用同一抽样框和种子抽到 {count} 个{places}，先抽中的都保留。"
