"""Which day counts for the townships' reports, and how a township stands to it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from gengdi_desktop.domain.campaigns import Campaign, Phase

REPORTED_PHASE: Final = "rectification"
"""Townships report on the rectification: its window opens the counting."""
_LAST_PHASE: Final = "summary"


class Standing(StrEnum):
    """How a township stands to its report."""

    EXEMPT = "exempt"
    AHEAD = "ahead"
    DUE = "due"
    HANDED_IN = "handed_in"
    LATE = "late"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _LABELS[self]


_LABELS = {
    Standing.EXEMPT: "不需报",
    Standing.AHEAD: "未到期",
    Standing.DUE: "应报未报",
    Standing.HANDED_IN: "已报",
    Standing.LATE: "迟报",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The days of one report.

    Attributes:
        opens: The first day on which a submission counts for it; None: each one counts.
        closes: The day by which it is asked for; None where the campaign says none.
        last_day: The day after which it is late, inclusive; None where the campaign says none.
        name: Which day that is, for people: 整改阶段的硬期限.
    """

    opens: date | None
    closes: date | None
    last_day: date | None
    name: str


def deadline_of(campaign: Campaign) -> Deadline:
    """The deadline of the townships' reports.

    The hard deadline of the rectification counts, else that of the whole campaign, else that of the summary, else the
    end of the rectification's window.
    """
    phase = campaign.phase(REPORTED_PHASE) or Phase(REPORTED_PHASE, "")
    summary = campaign.phase(_LAST_PHASE) or Phase(_LAST_PHASE, "")
    candidates = (
        (phase.hard_deadline, f"{phase.name or '整改阶段'}的硬期限"),
        (campaign.hard_deadline, "专项行动的硬期限"),
        (summary.hard_deadline, f"{summary.name or '总结阶段'}的硬期限"),
        (phase.window_end, f"{phase.name or '整改阶段'}的最后一天"),
    )
    day, name = next(((day, name) for day, name in candidates if day is not None), (None, ""))
    return Deadline(phase.window_start, phase.window_end or day, day, name)


def standing_of(deadline: Deadline, *, due: bool, arrived: date | None, today: date) -> tuple[Standing, int]:
    """How a township stands, and by how many days it is late.

    Args:
        deadline: The days that count.
        due: Whether it has anything to report on.
        arrived: The day on which its first submission that counts was taken in; None where none was.
        today: The ledger's today.

    Returns:
        The standing, and how many days after the last day it came, or nothing has come until today; 0 in time.
    """
    last = deadline.last_day
    if arrived is not None:
        late = (arrived - last).days if last is not None and arrived > last else 0
        return (Standing.LATE if late else Standing.HANDED_IN), late
    if not due:
        return Standing.EXEMPT, 0
    if deadline.closes is None or today <= deadline.closes:
        return Standing.AHEAD, 0
    return Standing.DUE, max(0, (today - last).days) if last is not None else 0
