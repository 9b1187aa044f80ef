"""What a phase page asks of the ledger, in lanes: its queues, the lines of a list, one plot with its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from gengdi_desktop.domain.actions import ACTIONS, ActionRule
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ui import words
from gengdi_desktop.ui.pages.plot_facts import PlotView, read_plot
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.queue_list import QueueRow

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.worklists import LatePerson, QueueTally, WorkLine, WorkQuery

_SHOWN_LACKS: Final = 3
_QUESTIONS: Final = 3
_LACKING: Final = (Operation.CLAIM, Operation.ACCEPT)
"""Actions that ask for more than their form: evidence, another person."""

_WHOLE: Final = (Operation.ACCEPT, Operation.COUNTY_ACCEPT, Operation.CLOSE)
"""Actions before which the whole file is looked at."""

_SHORT: Final[Mapping[str, str]] = {"four_eyes": "您申报的，要由别人验收"}


@dataclass(frozen=True)
class Queues:
    """A page's queues, who is late on it, and the plots that fit what is chosen."""

    tallies: tuple[QueueTally, ...]
    late: tuple[LatePerson, ...]
    ids: tuple[str, ...]
    places: Mapping[str, int]
    plots: int
    stages: Mapping[str, int]
    aside: frozenset[str]

    @property
    def together(self) -> tuple[QueueTally, ...]:
        """The queues that are worked off together; what is held back stands aside."""
        return tuple(one for one in self.tallies if one.queue.code not in self.aside)

    @property
    def open(self) -> int:
        """All that is worked off on the page."""
        return sum(one.count for one in self.together)


@dataclass(frozen=True)
class WorkPlot:
    """One plot in front: what is known of it, the action that is next, its form's beginning, what it lacks beside.

    ``wanted`` are the fields without which this plot is refused, also those that other plots may leave empty;
    ``before`` is the plot on which the action was done last.
    """

    view: PlotView
    rule: ActionRule
    values: Mapping[str, str]
    lacks: tuple[str, ...]
    wanted: frozenset[str]
    claimed_by: str
    before: str


def read_queues(ledger: Ledger, query: WorkQuery, progress: Callable[[int, int], None]) -> Queues:
    """Counts and the ids of what is chosen; whoever asks again stops it between two questions."""
    from gengdi_desktop.ledger import worklists

    ids = tuple(worklists.work_ids(ledger, query))
    progress(1, _QUESTIONS)
    found = worklists.tallies(ledger)
    progress(2, _QUESTIONS)
    mine = tuple(found[code] for code in worklists.SHOWN[query.stage])
    late = worklists.late_people(ledger, query.stage) if any(one.late for one in mine) else ()
    places = {one: at for at, one in enumerate(ids)}
    return Queues(
        mine, late, ids, places, worklists.plot_count(ledger), worklists.open_by_stage(found), worklists.ASIDE
    )


def read_rows(ledger: Ledger, ids: Sequence[str], member: str) -> dict[str, QueueRow]:
    """The lines of a portion of the list, with what presses on each."""
    from gengdi_desktop.ledger import worklists
    from gengdi_desktop.phases import service

    lines = worklists.work_lines(ledger, ids)
    lacks: dict[str, str] = {}
    by = Actor(member or _anybody(ledger))
    for action in _LACKING:
        mine = [one.id for one in lines if one.action is action]
        if mine:
            for plot, reasons in service.missing_in(ledger, action.value, mine, by=by).items():
                lacks[plot] = "，".join(_SHORT.get(one.code, one.message) for one in reasons[:_SHOWN_LACKS])
    told = _evidence(ledger, [one.id for one in lines if one.action in _WHOLE and one.id not in lacks])
    return {one.id: _row(one, lacks.get(one.id) or told.get(one.id, "")) for one in lines}


def _evidence(ledger: Ledger, plots: Sequence[str]) -> dict[str, str]:
    """What the evidence rules miss or doubt; plots whose file is whole are left out."""
    from gengdi_desktop.domain.evidence import Verdict
    from gengdi_desktop.evidence.verdicts.service import verdicts

    told = verdicts(ledger, plots) if plots else {}
    return {plot: f"证据{one.brief}" for plot, one in told.items() if one.verdict is not Verdict.COMPLETE}


def _anybody(ledger: Ledger) -> str:
    """What evidence lacks does not depend on who asks."""
    from gengdi_desktop.ledger import service

    return next((one.name for one in service.members(ledger) if one.active), "")


def _row(line: WorkLine, lacks: str) -> QueueRow:
    note, tone = _note(line, lacks)
    return QueueRow(line.id, line.name, line.state, f"{words.mu(line.area)} 亩", note, tone)


def _note(line: WorkLine, lacks: str) -> tuple[str, Tone | Literal[""]]:
    """What presses most: late, then lacking, then soon due, then the everyday."""
    rest = "" if line.remaining in (line.area, Area.ZERO) else f"剩余 {words.mu(line.remaining)} 亩"
    if line.late:
        return "　".join(filter(None, (f"超期 {line.late} 天", lacks or rest or line.person))), "seal"
    if line.returned and line.queue == "returned":
        return "　".join(filter(None, ("退回", rest, _until(line.deadline)))), "seal"
    if lacks:
        return lacks, "soil"
    if line.due_in is not None and line.due_in <= 1:
        return "　".join(filter(None, ("今天到期" if line.due_in == 0 else "明天到期", rest))), "soil"
    return "　".join(filter(None, (rest, line.person, _until(line.deadline)))), ""


def _until(deadline: date | None) -> str:
    return f"限 {deadline.month}.{deadline.day}" if deadline else ""


def read_work(ledger: Ledger, plot: str, today: date, warning_days: int, member: str) -> WorkPlot | None:
    """One plot with the form of its next action; None where it waits for nothing any more."""
    from gengdi_desktop.ledger import worklists
    from gengdi_desktop.phases import service

    lines = worklists.work_lines(ledger, [plot])
    if not lines:
        return None
    rule = ACTIONS[lines[0].action.value]
    by = Actor(member or _anybody(ledger))
    values = service.prefilled(ledger, plot, rule.code.value)
    reasons = service.missing_for(ledger, plot, rule.code.value, values, by=by)
    in_form = frozenset(field.key for field in rule.fields)
    return WorkPlot(
        view=read_plot(ledger, plot, today, warning_days),
        rule=rule,
        values=values,
        lacks=tuple(one.message for one in reasons if one.code != "four_eyes" and one.field not in in_form),
        wanted=frozenset(one.field for one in reasons if one.field in in_form),
        claimed_by=lines[0].claimed_by,
        before=worklists.last_done(ledger, rule.code, before=plot) or "",
    )


def values_of(ledger: Ledger, plot: str, action: str) -> Mapping[str, str]:
    """What an action was given on a plot before: to copy from."""
    from gengdi_desktop.phases import service

    return service.prefilled(ledger, plot, action)
