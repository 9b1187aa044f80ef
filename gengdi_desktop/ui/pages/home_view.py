"""What the workbench shows, worked out of the ledger's read models: tiles, what comes next, what stops the hand-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.campaigns import Campaign
from gengdi_desktop.domain.states import Label
from gengdi_desktop.ui import words
from gengdi_desktop.ui.links import link
from gengdi_desktop.ui.pages.report_gaps import stop_of
from gengdi_desktop.ui.pages.report_remarks import remarks_of
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.burn_chart import BurnLine
from gengdi_desktop.ui.widgets.ranking import Ranked
from gengdi_desktop.ui.widgets.sheet import Tile
from gengdi_desktop.ui.widgets.timeline import Span
from gengdi_desktop.ui.widgets.todo import Stop, Todo

if TYPE_CHECKING:
    from gengdi_desktop.ledger.burn_up import BurnUp
    from gengdi_desktop.ledger.figures import Figures
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.queries import PlotLine
    from gengdi_desktop.ledger.worklists import LatePerson, QueueTally
    from gengdi_desktop.reports.readiness import Readiness

_READ_LINES: Final = 500
_STEPS: Final = 4


@dataclass(frozen=True)
class HandInView:
    """The panel that says what stops today's hand-in."""

    note: str
    stops: tuple[Stop, ...]
    ready: tuple[str, ...]
    remarks: tuple[Todo, ...]
    kind: str


@dataclass(frozen=True)
class HomeView:
    """What the page shows."""

    tiles: tuple[Tile, ...]
    todos: tuple[Todo, ...]
    hand_in: HandInView
    villages: tuple[Ranked, ...]
    plots: int
    stages: Mapping[str, int]


@dataclass(frozen=True)
class BurnView:
    """The line of settled area, and what it says in a sentence."""

    line: BurnLine
    words: str


@dataclass(frozen=True)
class HomeFacts:
    """What is read of the ledger for the page."""

    figures: Figures
    queues: Mapping[str, QueueTally]
    late: tuple[LatePerson, ...]
    returned: tuple[PlotLine, ...]
    returned_count: int
    waiting: Mapping[tuple[str, str], Area]
    readiness: Readiness
    stages: Mapping[str, int]
    warning_days: int


def read_home(ledger: Ledger, warning_days: int, progress: Callable[[int, int], None]) -> HomeFacts:
    """Read all but the line of settled area; a large ledger takes a moment, and leaving the page stops it."""
    from gengdi_desktop.ledger import figures, queries, worklists
    from gengdi_desktop.reports import readiness

    steps = iter(range(1, _STEPS))
    found = figures.figures(ledger)
    progress(next(steps), _STEPS)
    returned = queries.plot_ids(ledger, queries.PlotQuery((queries.Condition("returned", 1),)))
    progress(next(steps), _STEPS)
    queues = worklists.tallies(ledger)
    progress(next(steps), _STEPS)
    return HomeFacts(
        figures=found,
        queues=queues,
        late=worklists.late_people(ledger) if any(one.late for one in queues.values()) else (),
        returned=tuple(queries.plot_lines(ledger, returned[:_READ_LINES])),
        returned_count=len(returned),
        waiting=worklists.waiting_areas(ledger),
        readiness=readiness.readiness(ledger, figures=found),
        stages=worklists.open_by_stage(queues),
        warning_days=warning_days,
    )


def view_of(facts: HomeFacts, *, by_township: bool = False) -> HomeView:
    """Put what was read into words; a desk above the townships ranks these instead of villages."""
    figures = facts.figures
    return HomeView(
        tiles=_tiles(facts),
        todos=_todos(facts),
        hand_in=_hand_in(facts),
        villages=ranked_townships(facts) if by_township else _ranked_villages(facts),
        plots=figures.plots.count + figures.unentered.count,
        stages=facts.stages,
    )  # fmt: skip


def _ranked_villages(facts: HomeFacts) -> tuple[Ranked, ...]:
    return tuple(
        Ranked(
            one.village or one.township, one.all.area, one.rectified.area,
            facts.waiting.get((one.township, one.village), Area.ZERO),
        )
        for one in facts.figures.by_village
    )  # fmt: skip


def ranked_townships(facts: HomeFacts) -> tuple[Ranked, ...]:
    """The townships with what their villages come to, as the lists write them."""
    found: dict[str, Ranked] = {}
    for one in facts.figures.by_village:
        before = found.get(one.township, Ranked(one.township, Area.ZERO, Area.ZERO))
        waiting = facts.waiting.get((one.township, one.village), Area.ZERO)
        found[one.township] = Ranked(
            one.township, before.all + one.all.area, before.done + one.rectified.area, before.waiting + waiting
        )
    return tuple(found.values())


# -- tiles


def _tiles(facts: HomeFacts) -> tuple[Tile, ...]:
    figures = facts.figures
    everything, done = figures.plots, figures.rectified
    waiting = figures.by_label.get(Label.AWAITING)
    waiting_count, waiting_area = (waiting.count, waiting.area) if waiting else (0, Area.ZERO)
    count_share, area_share = _share(done.count, everything.count), _share(done.area, everything.area)
    longest = max((one.days for one in facts.late), default=0)
    return (
        Tile(
            "下发图斑", words.count(everything.count), "个", f"{words.mu(everything.area)} 亩{_tied(figures)}",
            link=link("ledger", view="all"),
        ),
        Tile("已整改（个）", words.count(done.count), "个", count_share, link=link("ledger", view="rectified")),
        Tile("已整改（面积）", words.mu(done.area), "亩", area_share, link=link("ledger", view="rectified")),
        Tile(
            "待验收", words.count(waiting_count), "个", f"{words.mu(waiting_area)} 亩，不计入已整改",
            "sky" if waiting_count else "", "clock" if waiting_count else "", link("ledger", view="awaiting"),
        ),
        Tile(
            "超期", words.count(figures.overdue), "个",
            f"最久 {longest} 天" if figures.overdue else "都在时限里",
            "seal" if figures.overdue else "", "warn" if figures.overdue else "", link("ledger", view="overdue"),
        ),
        Tile(
            "退回", words.count(facts.returned_count), "个", _returned_words(facts),
            "seal" if facts.returned_count else "", "back" if facts.returned_count else "",
            link("ledger", view="returned"),
        ),
    )  # fmt: skip


def _share(part: int | Area, whole: int | Area) -> str:
    told = percent_text(part, whole, 1)
    return f"占 {told}%" if told != words.NOTHING else "还没有图斑"


def _tied(figures: Figures) -> str:
    """Against what the total ties out: the counts and areas that the lists' notices name."""
    named = [one for one in figures.lists if one.stated_count is not None or one.stated_area is not None]
    if not named:
        return ""
    right = all(
        (one.stated_count is None or one.stated_count == one.lines.count)
        and (one.stated_area is None or one.stated_area == one.lines.area)
        for one in named
    )
    return "，与清单合计一致" if right else "，与清单合计不一致"


def _returned_words(facts: HomeFacts) -> str:
    if not facts.returned_count:
        return "没有退回的"
    if facts.returned_count > len(facts.returned):
        return "还没有再次验收合格"
    area = Area.total(one.issued_area for one in facts.returned)
    first = min((one.deadline for one in facts.returned if one.deadline), default=None)
    return f"{words.mu(area)} 亩" + (f"，限 {first.month}.{first.day} 前改" if first else "")


# -- what comes next


def _todos(facts: HomeFacts) -> tuple[Todo, ...]:
    figures, queues = facts.figures, facts.queues
    found = [
        Todo(figures.overdue, "超期还没落实", _late_where(facts.late), "seal", link("ledger", view="overdue")),
        Todo(
            figures.unentered.count, "清单里的行还没有入账", f"{words.mu(figures.unentered.area)} 亩", "seal", "intake"
        ),
        Todo(_soon(queues), "快到期，还没申报", _soon_words(facts), "soil", link("rectification", only="soon")),
    ]  # fmt: skip
    waiting = [_waiting(code, tally) for code, tally in queues.items() if code != "returned"]
    # What was sent back is the second worst thing to happen to a plot, right behind being late.
    return (found[0], _waiting("returned", queues["returned"]), *found[1:], *waiting)


_TONES: Final[Mapping[str, Tone]] = {
    "returned": "seal", "claim": "sky", "accept": "sky", "county": "sky", "close": "sky", "held": "stone",
}  # fmt: skip


def _waiting(code: str, tally: QueueTally) -> Todo:
    """A queue as one line of the list: its count leads to exactly its plots."""
    where = _HINTS.get(code) or words.some_of(tally.villages)
    return Todo(
        tally.count, tally.queue.sentence, where, _TONES.get(code, "soil"), link(tally.queue.stage.value, queue=code)
    )


_HINTS: Final[Mapping[str, str]] = {
    "sow": "缺作物和播种日期",
    "accept": "申报的人不能验收",
    "county": "记县里的文号",
    "close": "要销号文号",
}


def _soon(queues: Mapping[str, QueueTally]) -> int:
    return sum(one.soon for one in queues.values() if one.queue.stage == "rectification")


def _soon_words(facts: HomeFacts) -> str:
    last = facts.figures.today + timedelta(days=facts.warning_days)
    return f"时限 {words.spoken_day(last)}前"


def _late_where(late: tuple[LatePerson, ...]) -> str:
    return words.some_of([village for one in late for village in one.villages])


# -- what stops the hand-in


def _hand_in(facts: HomeFacts) -> HandInView:
    due = facts.readiness
    until = f"，{words.spoken_day(due.until)}前" if due.until else ""
    return HandInView(
        note=f"{due.label.partition('（')[0]}{until}",
        stops=tuple(stop_of(one, due.kind) for one in due.gaps),
        ready=_ready(facts.figures),
        remarks=remarks_of(facts.figures, facts.queues),
        kind=due.kind,
    )


def _ready(figures: Figures) -> tuple[str, ...]:
    told = []
    for one in figures.lists:
        if one.stated_count is not None and one.stated_count == one.lines.count:
            told.append(f"清单 {words.count(one.stated_count)} 个 = 台账 {words.count(one.lines.count)} 个")
        if one.stated_area is not None and one.stated_area == one.lines.area:
            told.append(f"清单 {words.mu(one.stated_area)} 亩 = 台账 {words.mu(one.lines.area)} 亩")
    if not figures.overdue and figures.plots.count:
        told.append("没有超期的图斑")
    if not figures.unentered.count and figures.lists:
        told.append("清单里的行都已入账")
    return tuple(told[:4])


# -- the line of settled area


def burn_view(burn: BurnUp) -> BurnView:
    """The line as the picture draws it."""
    line = BurnLine(
        points=tuple((one.day, one.area) for one in burn.points),
        target=burn.target,
        today=burn.today,
        start=burn.start,
        end=burn.end,
        deadline=burn.deadline,
        planned=burn.planned_on(burn.today),
    )
    return BurnView(line, burn_words(burn))


def burn_words(burn: BurnUp) -> str:
    """How far behind, at what pace, what pace is needed: one sentence."""
    if burn.target == Area.ZERO:
        return "还没有要落实的面积"
    if burn.rest == Area.ZERO:
        return "应落实的都落实了"
    behind, needed = burn.behind, burn.needed
    told = []
    if behind is not None and behind != Area.ZERO:
        told.append(f"比计划{'少' if behind > Area.ZERO else '多'} {words.mu(max(behind, Area.ZERO - behind))} 亩")
    elif behind is not None:
        told.append("正好赶上计划")
    if needed is not None:
        told.append(f"近 5 天日均 {words.mu(burn.pace)} 亩，赶上硬期限须日均 {words.mu(needed)} 亩")
    elif burn.deadline is not None:
        told.append(f"{'今天是硬期限' if burn.deadline == burn.today else '已过硬期限'}，还差 {words.mu(burn.rest)} 亩")
    else:
        told.append(f"还差 {words.mu(burn.rest)} 亩，填上各阶段日期后这里会画出计划")
    return "。".join(told)


# -- the head


def spans_of(campaign: Campaign) -> tuple[Span, ...]:
    """The dated phases, as the axis draws them."""
    return tuple(
        Span(one.name.removesuffix("阶段"), one.window_start, one.window_end, one.hard_deadline)
        for one in campaign.phases
        if one.window_start is not None and one.window_end is not None
    )


def days_left(campaign: Campaign, today: date) -> tuple[str, int] | None:
    """Words before the number and the number of days; None without a last day."""
    if campaign.last_day is None:
        return None
    left = (campaign.last_day - today).days
    return ("离硬期限" if left >= 0 else "超过硬期限"), abs(left)
