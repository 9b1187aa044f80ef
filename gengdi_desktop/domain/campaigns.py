"""A campaign: its phases with windows and hard deadlines, its recipients, and the rules a county may set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gengdi_desktop.domain.states import CountsAs, DoneRule, State


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase; phases may overlap and may begin before the notice is dated.

    Args:
        code: Stable name in the campaign: ``self_check rectification spot_check summary`` or the user's own.
        name: Chinese name, as printed.
        window_start: First day, inclusive; None where not fixed.
        window_end: Last day, inclusive (…日前 means that whole day).
        hard_deadline: The day by which it must be finished whatever the window says, inclusive.
        document_number: The number of the notice that orders the phase, where it has its own.
    """

    code: str
    name: str
    window_start: date | None = None
    window_end: date | None = None
    hard_deadline: date | None = None
    document_number: str = ""

    def running(self, today: date) -> bool:
        """Whether ``today`` lies in the window; an open end does not bound, a phase without any date never runs."""
        if self.window_start is None and self.window_end is None:
            return False
        begun = self.window_start is None or self.window_start <= today
        return begun and (self.window_end is None or today <= self.window_end)

    @property
    def last_day(self) -> date | None:
        """The hard deadline, else the end of the window; None where neither is fixed."""
        return self.hard_deadline or self.window_end

    def overdue(self, today: date) -> bool:
        """Whether ``today`` is past the last day."""
        return self.last_day is not None and today > self.last_day


@dataclass(frozen=True, slots=True)
class CampaignRules:
    """What a county may decide; printed under every table that uses it.

    Args:
        done_rule: The first state that counts as done.
        close_rule: The first state from which a plot may be closed.
        warning_days: How many days before a deadline a plot is shown as due.
        zero_tolerance_after: Houses built strictly after this day fall under zero tolerance; the day itself is asked.
            None where the campaign has no such day.
    """

    done_rule: DoneRule = DoneRule.ACCEPTED
    close_rule: DoneRule = DoneRule.COUNTY_ACCEPTED
    warning_days: int = 3
    zero_tolerance_after: date | None = date(2020, 7, 3)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign of rectification.

    Args:
        name: As printed: 2023年耕地保护领域突出问题专项整改.
        document_number: Of the notice that orders it.
        issuer: The organ that issued the notice.
        issued_on: The day of the notice; phases may begin before it.
        hard_deadline: The day by which every plot must be in place, inclusive.
        phases: In their order; four by default.
        rules: What the county decided.
        first_responsible: 第一责任人, main leader of the unit.
        direct_responsible: 直接责任人, leader in charge.
        as_of: A fixed today, in sample ledgers only.
    """

    name: str
    document_number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    hard_deadline: date | None = None
    phases: tuple[Phase, ...] = ()
    rules: CampaignRules = field(default_factory=CampaignRules)
    first_responsible: str = ""
    direct_responsible: str = ""
    as_of: date | None = None

    def running(self, today: date) -> tuple[Phase, ...]:
        """The phases whose window holds ``today``, in order."""
        return tuple(phase for phase in self.phases if phase.running(today))

    def phase(self, code: str) -> Phase | None:
        """The phase of that code; None where the campaign has none."""
        return next((phase for phase in self.phases if phase.code == code), None)

    @property
    def last_day(self) -> date | None:
        """The day by which plots must be in place: the campaign's hard deadline, else the rectification's last day."""
        phase = self.phase("rectification")
        return self.hard_deadline or (phase.last_day if phase else None)

    def overdue(self, state: State, deadline: date | None, today: date) -> bool:
        """Whether a plot is late: not done, and past its own deadline, else past the rectification's last day.

        Args:
            state: The plot's state; cancelled and split plots are never late.
            deadline: The plot's own deadline, inclusive; None where no plan was made.
            today: The ledger's today.
        """
        last_day = deadline or self.last_day
        return last_day is not None and state.counts_as(self.rules.done_rule) is CountsAs.OPEN and today > last_day


def default_phases() -> tuple[Phase, ...]:
    """The four usual phases, without dates: names in their order."""
    return (
        Phase("self_check", "自查阶段"),
        Phase("rectification", "整改阶段"),
        Phase("spot_check", "抽查阶段"),
        Phase("summary", "总结阶段"),
    )
