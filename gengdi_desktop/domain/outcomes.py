"""What comes of an action: the plot's new facts and records, or the list of what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from gengdi_desktop.domain.actions import ActionRule
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.campaigns import CampaignRules
from gengdi_desktop.domain.choices import AcceptanceLevel, HoldKind, RevisitOutcome, SpotCheckOutcome
from gengdi_desktop.domain.evidence import EvidenceRules
from gengdi_desktop.domain.land_classes import LandClasses
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import Desk, State


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why an action is not possible.

    Args:
        code: Stable English code.
        message: A Chinese clause without its full stop: 缺整改后照片.
        field: The field to which it belongs; empty where it is the plot as a whole.
    """

    code: str
    message: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What guards ask beside the plot.

    Args:
        today: The ledger's today: the date of actions that name none.
        desk: The ledger's desk.
        actor: Who acts.
        members: The names of all active members.
        rules: The campaign's rules.
        evidence: The evidence rules.
        classes: The land classes.
    """

    today: date
    desk: Desk
    actor: str
    members: frozenset[str]
    rules: CampaignRules
    evidence: EvidenceRules
    classes: LandClasses


@dataclass(frozen=True, slots=True)
class ProgressRecord:
    """A cumulative statement for a day; ``source`` says where it came from: act, sheet, acceptance."""

    event_date: date
    buckets: Buckets
    crop: str = ""
    sown_on: date | None = None
    note: str = ""
    source: str = "act"


@dataclass(frozen=True, slots=True)
class AcceptanceRecord:
    """An acceptance with the accepted area of each bucket."""

    level: AcceptanceLevel
    on_date: date
    group_name: str
    by_name: str
    buckets: Buckets
    document_number: str = ""
    cut: bool = False
    single_handed: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """A plot sent back, or a claim taken back by the clerk."""

    on_date: date
    reason: str
    state_before: State
    new_deadline: date | None = None
    document_number: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class SpotCheckRecord:
    """A spot check as the team found it."""

    on_date: date
    checker: str
    outcome: SpotCheckOutcome
    measured_area: Area | None = None
    document_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RevisitRecord:
    """A re-visit of a closed plot."""

    on_date: date
    outcome: RevisitOutcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClosingRecord:
    """A closing; kept when the plot is reopened."""

    on_date: date
    document_number: str
    closer: str


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """A plot begins to wait."""

    kind: HoldKind
    on_date: date
    document_number: str = ""
    parties: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """The open hold ends."""

    released_on: date


@dataclass(frozen=True, slots=True)
class CancellationRecord:
    """A plot is taken off the task."""

    on_date: date
    document_number: str
    state_before: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RestorationRecord:
    """The open cancellation ends."""

    restored_on: date
    restore_document: str


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """A dated correction: codes and plain texts, as they are stored."""

    on_date: date
    field: str
    old_value: str
    new_value: str
    reason: str
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A remark."""

    on_date: date
    body: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a split plot: its number in the village and its share of the issued area."""

    number: str
    area: Area


@dataclass(frozen=True, slots=True)
class SplitRecord:
    """A plot is split: its parts in their order, and where each of them begins."""

    parts: tuple[Part, ...]
    state: State


@dataclass(frozen=True, slots=True)
class UnsplitRecord:
    """The parts of a plot go, and the plot stands for itself again."""


Record = (
    ProgressRecord
    | AcceptanceRecord
    | ReturnRecord
    | SpotCheckRecord
    | RevisitRecord
    | ClosingRecord
    | HoldRecord
    | ReleaseRecord
    | CancellationRecord
    | RestorationRecord
    | CorrectionRecord
    | NoteRecord
    | SplitRecord
    | UnsplitRecord
)
"""What an action adds to a plot's tables, or ends there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An action that is possible.

    Args:
        plot: The plot's facts afterwards; a new round number means a new round beside the old.
        records: What is added to its tables, in order.
        event_date: The day on which it happened.
        private: Private values to keep, by column of the plot's table.
    """

    plot: PlotFacts
    records: tuple[Record, ...] = ()
    event_date: date | None = None
    private: Mapping[str, str] = field(default_factory=dict)


Refusals = tuple[Refusal, ...]
"""Why an action is not possible: never empty where it stands in the place of an :class:`Outcome`."""


_DOING = {
    Operation.PROGRESS: "报进展",
    Operation.WORKS_DONE: "报完工未种",
    Operation.SPOT_CHECK: "记抽查",
    Operation.REVISIT: "记回头看",
    Operation.REOPEN: "重开",
    Operation.HOLD: "列为暂缓或争议",
    Operation.RETURN: "退回",
    Operation.ATTACH: "加附件",
    Operation.NOTE: "加备注",
}
"""What an action is called as something that one does, where its label is no verb."""


def sentence(rule: ActionRule, refusals: Iterable[Refusal]) -> str:
    """All reasons in one sentence: 还不能申报到位：剩余 5.28 亩，缺整改后照片。"""
    return f"还不能{_DOING.get(rule.code, rule.label)}：{'，'.join(refusal.message for refusal in refusals)}。"
