"""A campaign: its phases with windows and hard deadlines, its recipients, and the rules a county may set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gengdi_desktop.domain.states import CountsAs, DoneRule, State


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase; phases may overlap and may begin before the notice is dated.

    Args:
        code: Stable name within the campaign: ``self_check`` ``rectification`` ``spot_check`` ``summary`` or the user's.
        name: Chinese name, as printed.
        window_start: First day, inclusive; None where not fixed.
        window_end: Last day, inclusive (…日前 means that whole day).
        hard_deadline: The day by which it must be finished whatever the window says, inclusive.
        recipient: To whom the phase's report goes.
        document_number: The number of the notice that orders the phase, where it has its own.
    """

    code: str
    name: str
    window_start: date | None = None
    window_end: date | None = None
    hard_deadline: date | None = None
    recipient: str = ""
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
        done: The first state that counts as done.
        close_from: The state from which a plot may be closed.
        zero_tolerance_after: Houses built strictly after this day fall under zero tolerance; the day itself is asked.
        immediate_from_year: Permanent basic farmland that flowed out in this year or later is urgent.
    """

    done: DoneRule = DoneRule.ACCEPTED
    close_from: DoneRule = DoneRule.COUNTY_ACCEPTED
    zero_tolerance_after: date = date(2020, 7, 3)
    immediate_from_year: int = 2023


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign of rectification.

    Args:
        name: As printed: 2023年耕地保护领域突出问题专项整改.
        document_number: Of the notice that orders it.
        issuing_organ: Who issued the notice.
        phases: In their order; four by default.
        rules: What the county decided.
        first_leader: 第一责任人, main leader of the unit.
        direct_leader: 直接责任人, leader in charge.
        issued_count: Number of plots that the notice names; None where it names none.
        issued_micro_mu: Area that the notice names, in 10⁻⁶ mu.
        restoration_micro_mu: Area that the unit must restore (耕地面积缺口), in 10⁻⁶ mu.
        as_of: A fixed today, in sample ledgers only.
    """

    name: str
    document_number: str = ""
    issuing_organ: str = ""
    phases: tuple[Phase, ...] = ()
    rules: CampaignRules = field(default_factory=CampaignRules)
    first_leader: str = ""
    direct_leader: str = ""
    issued_count: int | None = None
    issued_micro_mu: int | None = None
    restoration_micro_mu: int | None = None
    as_of: date | None = None

    def running(self, today: date) -> tuple[Phase, ...]:
        """The phases whose window holds ``today``, in order."""
        return tuple(phase for phase in self.phases if phase.running(today))

    def phase(self, code: str) -> Phase | None:
        """The phase of that code; None where the campaign has none."""
        return next((phase for phase in self.phases if phase.code == code), None)

    def last_day_for_plots(self) -> date | None:
        """The day by which plots must be in place: that of the rectification phase."""
        phase = self.phase("rectification")
        return phase.last_day if phase else None

    def overdue(self, state: State, deadline: date | None, today: date) -> bool:
        """Whether a plot is late: not done, and past its own deadline, else past the rectification's last day.

        Args:
            state: The plot's state; cancelled and split plots are never late.
            deadline: The plot's own deadline, inclusive; None where no plan was made.
            today: The ledger's today.
        """
        last_day = deadline or self.last_day_for_plots()
        return last_day is not None and state.counts_as(self.rules.done) is CountsAs.OPEN and today > last_day


def default_phases() -> tuple[Phase, ...]:
    """The four usual phases, without dates: names in their order."""
    return (
        Phase("self_check", "自查阶段"),
        Phase("rectification", "整改阶段"),
        Phase("spot_check", "抽查阶段"),
        Phase("summary", "总结阶段"),
    )
