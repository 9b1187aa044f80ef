"""The frozen facts of a report: every plot, every list, the campaign, the journal head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind, SpotCheckOutcome
from gengdi_desktop.domain.states import DoneRule, Label, State
from gengdi_desktop.reports.facts.county_facts import CheckFact, SampleFact, TieOutFact, UnitFact


@dataclass(frozen=True, slots=True)
class PlotFact:
    """One plot as it stood.

    Args:
        parent: Id of the split parent; children are listed and never counted in the issued view.
        label: The word of the tables; a parent's is the one that its children share.
        held: 暂缓 or 争议 with its document, in words; empty where it is not held.
        returned: Whether it was sent back in this round and is open again.
        overdue: Whether it was late on the snapshot's day.
        single_handed: Whether one person claimed and accepted it (一人经办).
        cancelled_by: The document that took it off the task.
        files: Number of photos and papers of the current round.
    """

    id: str
    parent: str
    township: str
    village: str
    plot_no: str
    bsm: str
    clue: str
    outflow_year: int | None
    kind: str
    class_after: str
    issued: Area
    basic: Area
    state: State
    label: Label
    round: int
    checked_on: date | None
    finding: str
    class_now: str
    cause: str
    party: str
    rectify: bool | None
    target: Area
    buckets: Buckets
    not_required_reason: str
    disposal: str
    measure: str
    person: str
    person_title: str
    person_phone: str
    leader: str
    deadline: date | None
    crop: str
    claimed_on: date | None
    accepted_on: date | None
    county_accepted_on: date | None
    closed_on: date | None
    held: str
    returned: bool
    overdue: bool
    single_handed: bool
    cancelled_by: str
    files: int
    remark: str

    @property
    def counted(self) -> bool:
        """Whether it counts in the issued view."""
        return not self.parent

    @property
    def settled(self) -> Area:
        """What all methods have settled in the current round."""
        return self.buckets.total

    @property
    def remaining(self) -> Area:
        """What is still to be settled; the issued area while there is no target."""
        return self.target - self.settled if self.target > Area.ZERO else self.issued


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A row of an issued list that stands for no plot yet (未入账)."""

    list_id: int
    sheet: str
    row: int
    issued: Area
    problem: str


@dataclass(frozen=True, slots=True)
class LabelSum:
    """How many lines or plots, and their issued area."""

    count: int
    area: Area


@dataclass(frozen=True, slots=True)
class ListFact:
    """An issued list: its lines are those not entered and the six labels, by count and by area."""

    id: int
    name: str
    kind: str
    document_number: str
    area_header: str
    lines: LabelSum
    unentered: LabelSum
    by_label: Mapping[Label, LabelSum]
    stated_count: int | None
    stated_area: Area | None

    @property
    def ties_out(self) -> bool:
        """Whether the parts make the whole."""
        parts = [self.unentered, *self.by_label.values()]
        return (sum(part.count for part in parts), Area.total(part.area for part in parts)) == (
            self.lines.count,
            self.lines.area,
        )


@dataclass(frozen=True, slots=True)
class PhaseFact:
    """A phase of the campaign, for the prose."""

    code: str
    name: str
    start: date | None
    end: date | None
    deadline: date | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a report may say.

    Args:
        ledger: Id of the ledger.
        unit: 白圩乡.
        unit_kind: Decides the organ's name and how the unit speaks of itself.
        as_of: The day on which overdue was judged.
        head_seq: Number of the last journal entry at that moment.
        head_hash: Its hash.
        units: The county's units; empty but for papers that speak of them.
        tie_outs: How the whole ties out with units, villages, lists; empty likewise.
        sample_check: The sample of the spot check; None but for papers that speak of it.
    """

    ledger: str
    sample: bool
    unit: str
    unit_kind: str
    county: str
    campaign: str
    document_number: str
    issuer: str
    issued_on: date | None
    hard_deadline: date | None
    first_responsible: str
    direct_responsible: str
    done_rule: DoneRule
    as_of: date
    head_seq: int
    head_hash: str
    phases: tuple[PhaseFact, ...] = ()
    lists: tuple[ListFact, ...] = ()
    plots: tuple[PlotFact, ...] = ()
    open_lines: tuple[OpenLine, ...] = ()
    units: tuple[UnitFact, ...] = ()
    tie_outs: tuple[TieOutFact, ...] = ()
    sample_check: SampleFact | None = None

    @property
    def counted(self) -> tuple[PlotFact, ...]:
        """The plots of the issued view."""
        return tuple(plot for plot in self.plots if plot.counted)

    def alone(self, plot: PlotFact | None) -> Snapshot:
        """The same with one plot or none, so that figures tell what this plot adds to them."""
        sample = self.sample_check
        if sample is not None:
            mine = tuple(one for one in sample.checks if plot is not None and one.plot == plot.id)
            sample = replace(sample, checks=mine)
        return replace(self, plots=(plot,) if plot else (), open_lines=(), lists=(), sample_check=sample)

    @property
    def checks(self) -> tuple[CheckFact, ...]:
        """The plots of the sample; none where the snapshot has no sample."""
        return self.sample_check.checks if self.sample_check else ()

    def check_of(self, plot: str) -> CheckFact | None:
        """What the sample says of a plot; None where it is not in one."""
        return next((one for one in self.checks if one.plot == plot), None)

    def phase(self, code: str) -> PhaseFact | None:
        """A phase by its code."""
        return next((phase for phase in self.phases if phase.code == code), None)


@dataclass(frozen=True, slots=True)
class FigureFact:
    """A figure with what it is and how it was made.

    Args:
        key: Stable English name.
        name: Chinese name, by which a person's own wording refers to it.
        text: As printed.
        exact: The value: a count or an area in mu with all its decimals.
        unit: 个, 亩, %.
        basis: How it was made, one sentence.
    """

    key: str
    name: str
    text: str
    exact: str
    unit: str
    basis: str


def word_of(choices: type[ProblemKind | Finding | DisposalClass | SpotCheckOutcome], code: str) -> str:
    """The Chinese word of a stored code; the code itself where it is none of ours, nothing for nothing."""
    return choices(code).label if code in set(choices) else code
