"""What papers of county and team say beside the plots: units, how totals tie out, the sample of the spot check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import SpotCheckOutcome


class Need(StrEnum):
    """What a kind of report needs in its snapshot beside the plots."""

    UNITS = "units"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit below the county, with or without plots.

    Args:
        name: As the division table has it.
        listed: Whether the division table has it.
        spelled: How the plots write it; empty where it has none.
    """

    name: str
    listed: bool
    spelled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TieOutFact:
    """Whether the whole is the same as something else, told with the plots that make a difference."""

    label: str
    holds: bool
    told: str


@dataclass(frozen=True, slots=True)
class StratumFact:
    """A stratum of a sample; ``plots`` is None where the frame's file did not come with the sample."""

    name: str
    plots: int | None
    share: int
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class CheckFact:
    """A plot of a sample and what was found at it.

    Args:
        place: In the order of its stratum, from 1.
        area: What was claimed for it when the frame was frozen.
        replaces: Own id of the plot for which it was taken; empty for a drawn one.
        replaced: Whether it could not be visited itself, for the reason beside.
        outcome: Code of the outcome; empty while nobody was there.
        measured: None where nothing was measured.
        found: What was seen; always said of a failed plot.
        checkers: Both who were there.
        sent_back: Whether a failed plot was returned for it.
    """

    plot: str
    stratum: str
    place: int
    area: Area
    replaces: str
    replaced: bool
    reason: str
    outcome: str
    on_date: date | None
    measured: Area | None
    found: str
    checkers: str
    sent_back: bool

    @property
    def done(self) -> bool:
        """Whether there is a result."""
        return bool(self.outcome)

    @property
    def failed(self) -> bool:
        """Whether it did not pass."""
        return self.outcome == SpotCheckOutcome.FAILED

    @property
    def due(self) -> bool:
        """Whether it is to be checked: all but those that others stand in for."""
        return not self.replaced


@dataclass(frozen=True, slots=True)
class SampleFact:
    """A sample as it was drawn, and what was found.

    Args:
        scope: Township, village or both; empty for the whole ledger.
        grouped_by: By what plots were grouped, in words; empty for one stratum.
        seed_source: In words.
        wanted: What was asked for: ``30``, ``5%``.
        fail_limit: The share of failures above which a second draw is due: ``10%``.
        enlarges: Name of the smaller sample that it contains; empty where it contains none.
        due_again: Why a second draw is due, in one sentence; empty where none is.
    """

    id: str
    name: str
    framed_on: date
    drawn_on: date | None
    scope: str
    grouped_by: str
    frame_hash: str
    frame_plots: int
    frame_area: Area
    seed: str
    seed_source: str
    wanted: str
    fail_limit: str
    enlarges: str
    reason: str
    due_again: str
    strata: tuple[StratumFact, ...] = ()
    checks: tuple[CheckFact, ...] = ()

    @property
    def due(self) -> tuple[CheckFact, ...]:
        """The plots that are to be checked."""
        return tuple(one for one in self.checks if one.due)

    @property
    def done(self) -> tuple[CheckFact, ...]:
        """The plots with a result."""
        return tuple(one for one in self.checks if one.done)

    @property
    def failed(self) -> tuple[CheckFact, ...]:
        """The plots that did not pass, in the order of the sample."""
        return tuple(one for one in self.checks if one.failed)
