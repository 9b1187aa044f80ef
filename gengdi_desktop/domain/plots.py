"""A plot as the rules see it: its state, its current round, and the facts that guards ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import DisposalClass, Finding, InPlace, ProblemKind, ProofKind, Stage
from gengdi_desktop.domain.states import Bucket, State


@dataclass(frozen=True, slots=True)
class Statement:
    """A cumulative statement of progress: what is done by a day, all methods."""

    event_date: date
    buckets: Buckets


@dataclass(frozen=True, slots=True)
class EvidenceCounts:
    """How many files the current round has at each stage.

    Args:
        photos: Pictures only.
        files: All files, pictures among them.
    """

    photos: Mapping[Stage, int] = field(default_factory=dict)
    files: Mapping[Stage, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """One round of rectification; field names are those of the round's table, areas of the methods aside.

    Args:
        number: From 1; reopening begins the next.
        target: What must be settled: the sum of ``buckets`` and ``remaining``; zero before plan and contest.
        buckets: What is settled, by method.
        planned_on: The day of the plan; None where no plan was made.
        contest_bucket: Where the open contest has put the remainder; None where none is open.
        contest_area: How much it has put there.
        claimed_by: Who claimed; must not accept where others could.
    """

    number: int = 1
    target: Area = Area.ZERO
    buckets: Buckets = field(default_factory=Buckets)
    not_required_reason: str = ""
    disposal_class: DisposalClass | None = None
    difficulty: str = ""
    measure: str = ""
    plan_text: str = ""
    plan_approver: str = ""
    plan_approved_on: date | None = None
    planned_on: date | None = None
    person: str = ""
    person_title: str = ""
    person_phone: str = ""
    deadline: date | None = None
    started_on: date | None = None
    works_done_on: date | None = None
    crop: str = ""
    sown_on: date | None = None
    demolition_record: str = ""
    contested_on: date | None = None
    proof_kind: ProofKind | None = None
    proof_statement: str = ""
    proof_document: str = ""
    contest_bucket: Bucket | None = None
    contest_area: Area = Area.ZERO
    claimed_on: date | None = None
    claimed_by: str = ""
    accepted_on: date | None = None
    county_accepted_on: date | None = None
    closed_on: date | None = None
    returned_on: date | None = None
    reopened_on: date | None = None
    reopen_reason: str = ""

    @property
    def remaining(self) -> Area:
        """What is still to be settled."""
        return self.target - self.buckets.total


@dataclass(frozen=True, slots=True)
class PlotFacts:
    """What the rules ask of a plot; field names are those of the plot's table.

    Args:
        id: The plot's own id.
        issued_area: The area that the issued list names as the task; never changed.
        round: The current round.
        listed_kind: The problem kind that the issued list says; None where it says none of ours.
        state_before: Where a cancelled plot returns to; None where it is not cancelled.
        issued: The other issued facts as texts, for corrections: field code to text, empty where not issued.
        statements: Statements of progress of the current round, oldest event date first, entry order within a day.
        evidence: Counts for the current round.
        part_of: The plot that it is a part of; empty where it is a whole one.
        parts_locked: Chinese clause: why the parts of a split plot cannot be put together; empty where they can.
    """

    id: str
    issued_area: Area
    state: State = State.ISSUED
    round: RoundFacts = field(default_factory=RoundFacts)
    held: bool = False
    listed_kind: ProblemKind | None = None
    state_before: State | None = None
    issued: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    evidence: EvidenceCounts = field(default_factory=EvidenceCounts)
    checked_on: date | None = None
    finding: Finding | None = None
    problem_kind: ProblemKind | None = None
    class_now_system: str = ""
    class_now: str = ""
    class_now_name: str = ""
    cause: str = ""
    party: str = ""
    rectify: bool | None = None
    built_on: date | None = None
    case_number: str = ""
    person_handled: str = ""
    demolished: InPlace | None = None
    confiscated: InPlace | None = None
    referred: InPlace | None = None
    responsible_leader: str = ""
    grid_chief: str = ""
    part_of: str = ""
    parts_locked: str = ""

    @property
    def kind(self) -> ProblemKind | None:
        """The problem kind that the self-check found, else the one of the list."""
        return self.problem_kind or self.listed_kind
