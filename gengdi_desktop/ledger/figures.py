"""The figures of a ledger: counts and areas by label, village, kind and list, folded from one grouped query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.campaigns import Phase
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.states import DoneRule, Label, State, label_of, label_of_split
from gengdi_desktop.ledger import store

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.campaigns import Campaign
    from gengdi_desktop.ledger.handle import Ledger

BUCKET_SUM = (
    "(coalesce(r.restored,0)+coalesce(r.proved,0)+coalesce(r.regularised,0)+coalesce(r.quota_offset,0)"
    "+coalesce(r.inout_offset,0)+coalesce(r.other,0))"
)
KIND = "coalesce(nullif(p.problem_kind, ''), p.kind)"
RETURNED = "(coalesce(r.returned_on, '') <> '' AND p.state IN ('checked', 'planned', 'working', 'works_done'))"
Key = TypeVar("Key")
HANDED_IN_LISTS = (
    "(SELECT CAST(pair.local AS INTEGER) FROM foreign_row pair WHERE pair.table_code = 'plot_list' "
    "AND pair.peer_ledger IN (SELECT peer_ledger FROM package WHERE direction = 'in' AND kind = 'submission'))"
)
"""SQL of the lists that came with a submission: what a township had listed for itself was not issued by this desk.

Its rows stand beside those of the issued lists for the same ground, and would count it twice.
"""
OPEN_LINES = f"plot_id IS NULL AND status = 'open' AND list_id NOT IN {HANDED_IN_LISTS}"
"""SQL of the rows of issued lists that no plot stands for; of the one table ``list_line``."""
PLOTS_WITH_ROUND = "plot p LEFT JOIN round r ON r.plot_id = p.id AND r.number = p.round"


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of plots and two areas: as issued, and settled by all methods."""

    count: int = 0
    area: Area = Area.ZERO
    restored: Area = Area.ZERO

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.area + other.area, self.restored + other.restored)


@dataclass(frozen=True, slots=True)
class VillageTally:
    """A village's plots: all, and those that count as rectified (整改到位 and 已销号)."""

    township: str
    village: str
    all: Tally
    rectified: Tally


@dataclass(frozen=True, slots=True)
class ListTally:
    """One issued list: its lines, those that stand open (未入账), and its labels; the three tie out."""

    id: int
    name: str
    kind: str
    area_header: str
    lines: Tally
    unentered: Tally
    by_label: dict[Label, Tally]
    stated_count: int | None
    stated_area: Area | None

    @property
    def ties_out(self) -> bool:
        """Whether issued lines = unentered + the six labels, by count and area."""
        parts = sum(self.by_label.values(), self.unentered)
        return (parts.count, parts.area) == (self.lines.count, self.lines.area)


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a ledger on one day, in the issued view: a split parent counts once, its children do not.

    Attributes:
        today: The day on which overdue and running phases were judged.
        plots: Plots entered.
        unentered: Lines of issued lists that no plot stands for.
        basic_farmland: Permanent basic farmland as issued.
        overdue: Plots past their deadline and not done; a split one once, where a part of it is.
        vanished: Plots that the newest issue of their list leaves out (新清单未列), cancelled ones aside.
        held: Plots deferred or in dispute, told within their labels.
        by_label: The six labels; all are there, also empty ones.
        by_state: The states that occur.
        by_kind: By problem kind; the empty code for plots without one.
        by_village: In the order of township and village.
        lists: The issued lists, oldest first; at the county not those that came with a submission.
    """

    unit: str
    campaign: str
    today: date
    done_rule: DoneRule
    phases: tuple[Phase, ...]
    plots: Tally
    unentered: Tally
    basic_farmland: Area
    overdue: int
    held: int
    vanished: int = 0
    by_label: dict[Label, Tally] = field(default_factory=dict)
    by_state: dict[State, Tally] = field(default_factory=dict)
    by_kind: dict[str, Tally] = field(default_factory=dict)
    by_village: tuple[VillageTally, ...] = ()
    lists: tuple[ListTally, ...] = ()

    @property
    def rectified(self) -> Tally:
        """What reports call 已整改."""
        return sum((tally for label, tally in self.by_label.items() if label.rectified), Tally())


def figures(ledger: Ledger) -> Figures:
    """All figures of the ledger, from one snapshot."""
    today = ledger.today()
    with ledger.reading() as session:
        return figures_of(session, unit=ledger.info.unit, today=today)


def figures_of(session: Session, *, unit: str, today: date) -> Figures:
    """All figures in an open read transaction."""
    campaign = store.campaign(session)
    rule = campaign.rules.done_rule
    groups = groups_of(session, campaign, today, years=False)
    by_label = tallies(groups, lambda group: group.label)
    villages = tallies(groups, lambda group: (group.township, group.village))
    rectified = tallies((one for one in groups if one.label.rectified), lambda one: (one.township, one.village))
    return Figures(
        unit=unit,
        campaign=campaign.name,
        today=today,
        done_rule=rule,
        phases=campaign.running(today),
        plots=sum(by_label.values(), Tally()),
        unentered=unentered_lines(session),
        basic_farmland=Area(sum(group.basic for group in groups)),
        overdue=sum(group.overdue for group in groups),
        held=sum(group.held for group in groups),
        vanished=_vanished(session),
        by_label={label: by_label.get(label, Tally()) for label in Label},
        by_state=tallies(groups, lambda group: group.state),
        by_kind=tallies(groups, lambda group: group.known_kind),
        by_village=tuple(
            VillageTally(*names, tally, rectified.get(names, Tally())) for names, tally in sorted(villages.items())
        ),
        lists=_lists(session, rule),
    )


class Group(NamedTuple):
    """Plots of one place, kind, year, state and label; areas in 10⁻⁶ mu, since there are tens of thousands of groups.

    Attributes:
        kind: As it stands in the plot: a code of :class:`ProblemKind`, other words of a list, or nothing.
        year: Of the outflow; None where no list says it, or nobody asked.
        plots: How many plots.
        area: As issued.
        restored: What all methods have settled.
        basic: Permanent basic farmland as issued.
        held: How many are deferred or in dispute.
        overdue: How many are late; a split plot where a part of it is.
        returned: How many were sent back and are open again.
    """

    township: str
    village: str
    kind: str
    year: int | None
    state: State
    label: Label
    plots: int
    area: int
    restored: int
    basic: int
    held: int
    overdue: int
    returned: int

    @property
    def known_kind(self) -> str:
        """The kind's code; empty where it is none of ours."""
        return self.kind if self.kind in _KINDS else ""


_KINDS: Final = frozenset(ProblemKind)


def tallies(groups: Iterable[Group], key: Callable[[Group], Key]) -> dict[Key, Tally]:
    """The tallies of groups that have the same key, in the order in which the keys come."""
    found: dict[Key, list[int]] = {}
    for group in groups:
        sums = found.setdefault(key(group), [0, 0, 0])
        sums[0] += group.plots
        sums[1] += group.area
        sums[2] += group.restored
    return {name: Tally(count, Area(area), Area(restored)) for name, (count, area, restored) in found.items()}


def groups_of(session: Session, campaign: Campaign, today: date, *, years: bool = True) -> list[Group]:
    """All plots of the issued view in groups: a split parent counts once, under what its parts share.

    Args:
        session: An open read transaction.
        campaign: Whose rules and last day hold.
        today: The day on which lateness is judged.
        years: Whether plots of different years stand apart; without that there are far fewer groups.
    """
    rule = campaign.rules.done_rule
    # No name that a column has, else SQLite would group by the column.
    # The signs keep SQLite from walking the index of villages, which opens the plots in a scattered order.
    query = text(
        f"""
        SELECT p.township, p.village, {KIND} AS told, {"p.outflow_year" if years else "NULL"} AS year,
               p.state, {BUCKET_SUM} > 0 AS begun,
               count(*), sum(p.issued_area), sum({BUCKET_SUM}), sum(coalesce(p.basic_area, 0)), sum(p.held),
               total({_late("p", "r", rule)}), sum({RETURNED})
        FROM {PLOTS_WITH_ROUND}
        WHERE +p.split_parent IS NULL AND p.state <> 'split'
        GROUP BY +p.township, p.village, told, year, p.state, begun
        """
    )
    known = {
        (state.value, begun): (state, label_of(state, Area(begun), rule))
        for state in State
        if state is not State.SPLIT
        for begun in (0, 1)
    }
    groups = [
        Group(township, village, kind, year, *known[state, begun], many, area, restored, basic, held, int(late), back)
        for township, village, kind, year, state, begun, many, area, restored, basic, held, late, back
        in session.connection().execute(query, _days(campaign, today)).all()
    ]  # fmt: skip
    return groups + _split_parents(session, campaign, today, years=years)


def _days(campaign: Campaign, today: date) -> dict[str, str | None]:
    last_day = campaign.last_day
    return {"today": today.isoformat(), "last_day": last_day.isoformat() if last_day else None}


def _split_parents(session: Session, campaign: Campaign, today: date, *, years: bool) -> list[Group]:
    """Each split parent with its issued area, under the label that its children share."""
    rule = campaign.rules.done_rule
    query = text(
        f"""
        SELECT p.split_parent AS parent, p.state, {BUCKET_SUM} AS restored, coalesce({_late("p", "r", rule)}, 0) AS late
        FROM {PLOTS_WITH_ROUND} WHERE p.split_parent IS NOT NULL
        """
    )
    children: dict[str, list[tuple[State, Area]]] = defaultdict(list)
    late: set[str] = set()
    for row in session.connection().execute(query, _days(campaign, today)):
        children[row.parent].append((State(row.state), Area(row.restored)))
        if row.late:
            late.add(row.parent)
    parents = text(f"SELECT p.*, {KIND} AS told FROM plot p WHERE p.state = 'split' AND p.split_parent IS NULL")
    found = []
    for row in session.connection().execute(parents):
        mine = children.get(row.id, [])
        restored = Area.total(area for state, area in mine if state is not State.CANCELLED)
        found.append(
            Group(
                row.township,
                row.village,
                row.told,
                row.outflow_year if years else None,
                State.SPLIT,
                label_of_split(mine, rule),
                1,
                row.issued_area,
                restored.micro_mu,
                row.basic_area or 0,
                row.held,
                int(row.id in late),
                0,
            )
        )
    return found


def unentered_lines(session: Session) -> Tally:
    """The lines of the issued lists that no plot stands for."""
    query = text(f"SELECT count(*) AS many, coalesce(sum(issued_area), 0) AS area FROM list_line WHERE {OPEN_LINES}")
    row = session.connection().execute(query).one()
    return Tally(row.many, Area(row.area))


PARTS = "plot part LEFT JOIN round part_round ON part_round.plot_id = part.id AND part_round.number = part.round"
"""The parts of split plots with their rounds; a part's ``split_parent`` is the plot that was split."""


def overdue_condition(rule: DoneRule) -> str:
    """SQL that holds for late plots, and for split ones that have a late part; needs ``:last_day`` and ``:today``."""
    late_part = f"EXISTS (SELECT 1 FROM {PARTS} WHERE part.split_parent = p.id AND {_late('part', 'part_round', rule)})"
    return f"(({_late('p', 'r', rule)}) OR (p.state = '{State.SPLIT}' AND {late_part}))"


def late_part_since(rule: DoneRule) -> str:
    """SQL of the first deadline that a part of a split plot has missed; null for every other plot."""
    late = _late("part", "part_round", rule)
    first = (
        f"SELECT min(coalesce(part_round.deadline, :last_day)) FROM {PARTS} WHERE part.split_parent = p.id AND {late}"
    )
    return f"CASE WHEN p.state = '{State.SPLIT}' THEN ({first}) END"


def _late(plot: str, of_round: str, rule: DoneRule) -> str:
    states = ", ".join(f"'{state}'" for state in State if _is_open(state, rule))
    until = f"coalesce({of_round}.deadline, :last_day)"
    return f"{plot}.state IN ({states}) AND {until} IS NOT NULL AND {until} < :today"


def _is_open(state: State, rule: DoneRule) -> bool:
    return state.counts_as(rule) == "open"


VANISHED = (
    "(p.state <> 'cancelled' AND p.id IN (WITH RECURSIVE "
    "chain(first, list) AS (SELECT id, id FROM plot_list WHERE reissue_of IS NULL "
    "UNION ALL SELECT chain.first, plot_list.id FROM chain JOIN plot_list ON plot_list.reissue_of = chain.list), "
    "newest(first, list) AS (SELECT first, max(list) FROM chain GROUP BY first HAVING count(*) > 1) "
    "SELECT line.plot_id FROM newest JOIN chain ON chain.first = newest.first AND chain.list <> newest.list "
    "JOIN list_line line ON line.list_id = chain.list WHERE line.plot_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM list_line again WHERE again.list_id = newest.list AND again.plot_id = line.plot_id) "
    "AND NOT EXISTS (SELECT 1 FROM list_line waits WHERE waits.list_id = newest.list AND waits.status = 'open' AND ("
    "EXISTS (SELECT 1 FROM json_each(waits.cells) cell JOIN identifier i ON i.value = cell.value "
    "WHERE i.plot_id = line.plot_id) OR EXISTS (SELECT 1 FROM plot named, json_each(waits.cells) place, "
    "json_each(waits.cells) number WHERE named.id = line.plot_id AND named.plot_no <> '' AND named.village <> '' "
    "AND number.value = named.plot_no AND substr(place.value, 1, length(named.village)) = named.village)))))"
)
"""SQL that holds for plots which an earlier issue of a list names and its newest one does not (新清单未列).

A row of the newest issue that stands open points to no plot yet; the plot whose number stands in its cells, or whose
village and plot number do, is listed all the same.
"""


def _vanished(session: Session) -> int:
    query = text(f"SELECT count(*) FROM plot p WHERE p.split_parent IS NULL AND {VANISHED}")
    return int(session.connection().execute(query).scalar_one())


def _lists(session: Session, rule: DoneRule) -> tuple[ListTally, ...]:
    """Per list: issued lines = unentered + the six labels, each with the area that the line itself says."""
    split = dict(_split_labels(session, rule))
    query = text(
        f"""
        SELECT l.list_id, l.status, p.state, {BUCKET_SUM} > 0 AS begun,
               CASE WHEN p.state = 'split' THEN p.id END AS parent,
               count(*) AS many, sum(l.issued_area) AS area, sum({BUCKET_SUM}) AS restored
        FROM list_line l LEFT JOIN plot p ON p.id = l.plot_id
             LEFT JOIN round r ON r.plot_id = p.id AND r.number = p.round
        WHERE l.status <> 'child' AND l.list_id NOT IN {HANDED_IN_LISTS}
        GROUP BY l.list_id, l.status, p.state, begun, parent
        """
    )
    lines: dict[int, Tally] = defaultdict(Tally)
    unentered: dict[int, Tally] = defaultdict(Tally)
    labels: dict[int, dict[Label, Tally]] = defaultdict(lambda: {label: Tally() for label in Label})
    for row in session.connection().execute(query):
        tally = Tally(row.many, Area(row.area), Area(row.restored))
        lines[row.list_id] += tally
        if row.state is None:
            unentered[row.list_id] += tally
        elif row.parent is not None:
            labels[row.list_id][split[row.parent]] += tally
        else:
            labels[row.list_id][label_of(State(row.state), Area(row.restored), rule)] += tally
    rows = session.connection().execute(text(f"SELECT * FROM plot_list WHERE id NOT IN {HANDED_IN_LISTS} ORDER BY id"))
    return tuple(
        ListTally(
            row.id,
            row.name,
            row.kind,
            row.area_header,
            lines[row.id],
            unentered[row.id],
            labels[row.id],
            row.expected_count if row.expected_count is not None else row.stated_count,
            _area(row.expected_area if row.expected_area is not None else row.stated_area),
        )
        for row in rows
    )


def _split_labels(session: Session, rule: DoneRule) -> Iterable[tuple[str, Label]]:
    query = text(
        f"""
        SELECT parent.id AS parent, p.state, {BUCKET_SUM} AS restored
        FROM plot parent LEFT JOIN plot p ON p.split_parent = parent.id
             LEFT JOIN round r ON r.plot_id = p.id AND r.number = p.round
        WHERE parent.state = 'split'
        """
    )
    children: dict[str, list[tuple[State, Area]]] = defaultdict(list)
    for row in session.connection().execute(query):
        mine = children[row.parent]
        if row.state is not None:
            mine.append((State(row.state), Area(row.restored)))
    return ((parent, label_of_split(mine, rule)) for parent, mine in children.items())


def _area(value: int | None) -> Area | None:
    return None if value is None else Area(value)
