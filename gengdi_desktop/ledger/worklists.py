"""Work queues: each plot that waits for somebody stands in exactly one of them, with the action that is next for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import CountsAs, DoneRule, Label, State, label_of
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.figures import BUCKET_SUM, PLOTS_WITH_ROUND, overdue_condition
from gengdi_desktop.ledger.words import plot_name

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.campaigns import Campaign
    from gengdi_desktop.ledger.handle import Ledger

FIRST_REVISIT_DAYS: Final = 30
"""How long after its closing a plot is visited again for the first time."""
_WINDOW: Final = 500
_SETTLED = f"(coalesce(r.target, 0) > 0 AND r.target = {BUCKET_SUM})"
_RETURNED = "coalesce(r.returned_on, '') <> ''"
_NOT_VISITED = "NOT EXISTS (SELECT 1 FROM revisit v WHERE v.plot_id = p.id AND v.round = p.round)"


class Stage(StrEnum):
    """The pages on which queues stand."""

    SELF_CHECK = "self_check"
    RECTIFICATION = "rectification"
    ACCEPTANCE = "acceptance"
    SUMMARY = "summary"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _STAGE_LABELS[self]


_STAGE_LABELS: Final[Mapping[str, str]] = {
    "self_check": "自查",
    "rectification": "整改",
    "acceptance": "验收",
    "summary": "总结",
}


class Only(StrEnum):
    """Which of a page's plots: all, those past their deadline, those that are due within the warning days."""

    ALL = ""
    LATE = "late"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue.

    Args:
        code: Stable name.
        stage: The page on which it stands.
        label: What its plots wait for, in a word or two.
        sentence: The same after a number: ``3 个…``.
        action: What is done with a plot of it.
        where: SQL that holds for its plots; queues that stand earlier take theirs first.
    """

    code: str
    stage: Stage
    label: str
    sentence: str
    action: Operation
    where: str


_NO_TASK: Final = "p.rectify = 0"
QUEUES: Final[tuple[Queue, ...]] = (
    Queue("held", Stage.RECTIFICATION, "暂缓、争议", "暂缓或有争议", Operation.RELEASE, "p.held = 1"),
    Queue("check", Stage.SELF_CHECK, "待自查", "还没有自查", Operation.CHECK, "p.state = 'issued'"),
    Queue(
        "contest", Stage.SELF_CHECK, "待举证", "不需整改，还没有举证", Operation.CONTEST,
        f"p.state = 'checked' AND {_NO_TASK}",
    ),
    Queue("plan", Stage.SELF_CHECK, "待定措施", "已自查，还没定措施", Operation.PLAN, "p.state = 'checked'"),
    Queue(
        "claim", Stage.RECTIFICATION, "可以申报", "已落实，可以申报", Operation.CLAIM,
        f"p.state = 'contested' OR (p.state IN ('working', 'works_done') AND {_SETTLED})",
    ),
    Queue(
        "returned", Stage.RECTIFICATION, "退回重改", "退回后还没改好", Operation.PROGRESS,
        f"p.state IN ('planned', 'working', 'works_done') AND {_RETURNED}",
    ),
    Queue("start", Stage.RECTIFICATION, "待开工", "定了措施，还没开工", Operation.START, "p.state = 'planned'"),
    Queue(
        "sow", Stage.RECTIFICATION, "已整治未耕种", "土地已整治，还没耕种", Operation.PROGRESS, "p.state = 'works_done'"
    ),
    Queue("progress", Stage.RECTIFICATION, "整改中", "正在整改，还没落实完", Operation.PROGRESS, "p.state = 'working'"),
    Queue("accept", Stage.ACCEPTANCE, "待镇级验收", "已申报，等别人验收", Operation.ACCEPT, "p.state = 'claimed'"),
    Queue("close", Stage.SUMMARY, "可以销号", "验收合格，可以销号", Operation.CLOSE, "p.state IN ({closable})"),
    Queue(
        "county", Stage.ACCEPTANCE, "待县级验收", "镇级合格，等县级验收", Operation.COUNTY_ACCEPT,
        "p.state = 'accepted'",
    ),
    Queue(
        "revisit", Stage.SUMMARY, "待回头看", f"销号满 {FIRST_REVISIT_DAYS} 天，还没回头看", Operation.REVISIT,
        f"p.state = 'closed' AND coalesce(r.closed_on, '9') <= :revisit AND {_NOT_VISITED}",
    ),
)  # fmt: skip
"""All queues; the order decides where a plot stands that would fit two."""
_BY_CODE: Final = {one.code: one for one in QUEUES}
SHOWN: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.SELF_CHECK: ("check", "plan", "contest"),
    Stage.RECTIFICATION: ("returned", "claim", "progress", "sow", "start", "held"),
    Stage.ACCEPTANCE: ("accept", "county"),
    Stage.SUMMARY: ("close", "revisit"),
}
"""The queues of each page in the order in which people work."""


ASIDE: Final = frozenset({"held"})
"""Queues that are looked at when asked for only: what is held back is not worked off with the rest."""


@dataclass(frozen=True, slots=True)
class QueueTally:
    """How much stands in a queue: plots, their issued area, the late, the soon due, the villages with most first."""

    queue: Queue
    count: int = 0
    area: Area = Area.ZERO
    late: int = 0
    soon: int = 0
    villages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkQuery:
    """Which plots of a page: those of one queue or of all, late or soon due ones, of a village or a person."""

    stage: Stage
    queue: str = ""
    only: Only = Only.ALL
    village: str = ""
    person: str | None = None


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A plot as a queue shows it; ``late`` days past the deadline, ``due_in`` days until it, None without one."""

    id: str
    name: str
    village: str
    state: State
    queue: str
    area: Area
    remaining: Area
    person: str
    deadline: date | None
    late: int
    due_in: int | None
    returned: bool
    claimed_by: str

    @property
    def action(self) -> Operation:
        """What is next for it."""
        return _BY_CODE[self.queue].action


@dataclass(frozen=True, slots=True)
class LatePerson:
    """Who has late plots: a name (empty where no plan names anybody), how many, the longest in days, where."""

    person: str
    count: int
    days: int
    villages: tuple[str, ...] = field(default=())


def queue_of(code: str) -> Queue:
    """The queue of a code."""
    return _BY_CODE[code]


def tallies(ledger: Ledger) -> dict[str, QueueTally]:
    """Every queue with what stands in it, also the empty ones, in the order of the pages."""
    with ledger.reading() as session:
        scope = _Scope(session, ledger.today())
        found: dict[str, list[Any]] = defaultdict(list)
        statement = text(
            f"SELECT {scope.queue} AS queue, p.village, count(*) AS many, sum(p.issued_area) AS area, "
            f"sum({scope.late}) AS late, sum({scope.soon}) AS soon "
            f"FROM {PLOTS_WITH_ROUND} WHERE p.state <> 'split' GROUP BY queue, p.village"
        )
        for row in session.connection().execute(statement, scope.given):
            if row.queue:
                found[row.queue].append(row)
    codes = (code for stage in Stage for code in SHOWN[stage])
    return {code: _tally(code, found[code]) for code in codes}


def open_by_stage(found: Mapping[str, QueueTally]) -> dict[str, int]:
    """How many plots wait on each page."""
    return {stage.value: sum(found[code].count for code in working(stage)) for stage in Stage}


def working(stage: Stage) -> tuple[str, ...]:
    """The queues of a page that are worked off together."""
    return tuple(code for code in SHOWN[stage] if code not in ASIDE)


def _tally(code: str, rows: Sequence[Any]) -> QueueTally:
    most = sorted(rows, key=lambda row: (-row.many, row.village))
    return QueueTally(
        _BY_CODE[code],
        sum(row.many for row in rows),
        Area(sum(row.area for row in rows)),
        sum(row.late for row in rows),
        sum(row.soon for row in rows),
        tuple(row.village for row in most if row.village),
    )


def plot_count(ledger: Ledger) -> int:
    """How many plots the ledger has, whatever they wait for."""
    with ledger.reading() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM plot")).scalar_one())


def work_ids(ledger: Ledger, query: WorkQuery) -> list[str]:
    """The plots that fit, in the order of the list, so that a paper can be followed."""
    with ledger.reading() as session:
        scope = _Scope(session, ledger.today())
        codes = (query.queue,) if query.queue else working(query.stage)
        parts = [f"{scope.queue} IN ({', '.join(repr(code) for code in codes if code in _BY_CODE)})"]
        given = dict(scope.given)
        if query.only is not Only.ALL:
            parts.append(scope.late if query.only is Only.LATE else scope.soon)
        if query.village:
            parts.append("p.village = :village")
            given["village"] = query.village
        if query.person is not None:
            parts.append("coalesce(r.person, '') = :person")
            given["person"] = query.person
        where = " AND ".join(f"({part})" for part in ("p.state <> 'split'", *parts))
        statement = text(f"SELECT p.id FROM {PLOTS_WITH_ROUND} WHERE {where} ORDER BY p.entry, p.position, p.id")
        return [row.id for row in session.connection().execute(statement, given)]


def work_lines(ledger: Ledger, ids: Sequence[str]) -> list[WorkLine]:
    """The lines of these plots, in the order asked; those that wait for nothing any more are left out."""
    today = ledger.today()
    found: dict[str, WorkLine] = {}
    with ledger.reading() as session:
        scope = _Scope(session, today)
        for start in range(0, len(ids), _WINDOW):
            part = ids[start : start + _WINDOW]
            marks = ", ".join(f":p{at}" for at in range(len(part)))
            statement = text(
                f"SELECT p.id, p.village, p.plot_no, p.state, p.issued_area, {scope.queue} AS queue, "
                f"CASE WHEN coalesce(r.target, 0) > 0 THEN r.target - {BUCKET_SUM} ELSE p.issued_area END AS rest, "
                f"coalesce(r.person, '') AS person, r.deadline, {scope.late} AS late, {_RETURNED} AS returned, "
                f"coalesce(r.claimed_by, '') AS claimed_by FROM {PLOTS_WITH_ROUND} WHERE p.id IN ({marks})"
            )
            given = scope.given | {f"p{at}": one for at, one in enumerate(part)}
            for row in session.connection().execute(statement, given):
                if row.queue:
                    found[row.id] = _line(row, scope.campaign, today)
    return [found[one] for one in ids if one in found]


def _line(row: Any, campaign: Campaign, today: date) -> WorkLine:
    deadline = date.fromisoformat(row.deadline) if row.deadline else campaign.last_day
    open_now = State(row.state).counts_as(campaign.rules.done_rule) is CountsAs.OPEN
    return WorkLine(
        id=row.id,
        name=plot_name(row.village, row.plot_no),
        village=row.village,
        state=State(row.state),
        queue=row.queue,
        area=Area(row.issued_area),
        remaining=Area(row.rest),
        person=row.person,
        deadline=deadline,
        late=(today - deadline).days if row.late and deadline else 0,
        due_in=(deadline - today).days if deadline and open_now and not row.late else None,
        returned=bool(row.returned),
        claimed_by=row.claimed_by,
    )


def late_people(ledger: Ledger, stage: Stage | None = None) -> tuple[LatePerson, ...]:
    """Who has late plots on a page, or on any, the longest first."""
    today = ledger.today()
    people: dict[str, list[Any]] = defaultdict(list)
    with ledger.reading() as session:
        scope = _Scope(session, today)
        codes = ", ".join(repr(code) for one in Stage if stage in (None, one) for code in SHOWN[one])
        statement = text(
            "SELECT coalesce(r.person, '') AS person, p.village, count(*) AS many, "
            f"min(coalesce(r.deadline, :last_day)) AS deadline FROM {PLOTS_WITH_ROUND} "
            f"WHERE p.state <> 'split' AND ({scope.queue}) IN ({codes}) AND {scope.late} GROUP BY person, p.village"
        )
        for row in session.connection().execute(statement, scope.given):
            people[row.person].append(row)
    late = [
        LatePerson(
            person,
            sum(row.many for row in rows),
            max((today - date.fromisoformat(row.deadline)).days for row in rows),
            tuple(row.village for row in sorted(rows, key=lambda row: -row.many)),
        )
        for person, rows in people.items()
    ]
    return tuple(sorted(late, key=lambda one: (-one.days, -one.count, one.person)))


def waiting_areas(ledger: Ledger) -> dict[tuple[str, str], Area]:
    """By township and village: the issued area of plots that count as waiting for acceptance (待验收)."""
    with ledger.reading() as session:
        rule = store.campaign(session).rules.done_rule
        waiting = (one for one in State if one is not State.SPLIT and label_of(one, Area.ZERO, rule) is Label.AWAITING)
        states = ", ".join(f"'{one}'" for one in waiting)
        statement = text(
            f"SELECT township, village, sum(issued_area) AS area FROM plot WHERE state IN ({states}) "
            "AND split_parent IS NULL GROUP BY township, village"
        )
        return {(row.township, row.village): Area(row.area) for row in session.connection().execute(statement)}


def last_done(ledger: Ledger, action: Operation, before: str = "") -> str | None:
    """The plot on which an action was done last, other than *before*: what “as the one before” copies from."""
    statement = text(
        "SELECT h.plot_id FROM journal_entry e JOIN plot_history h ON h.seq = e.seq "
        "WHERE e.action = :action AND h.plot_id <> :before ORDER BY e.seq DESC LIMIT 1"
    )
    with ledger.reading() as session:
        row = session.connection().execute(statement, {"action": action.value, "before": before}).first()
    return None if row is None else str(row.plot_id)


class _Scope:
    """The expressions of a day and a campaign, with what they are given."""

    def __init__(self, session: Session, today: date) -> None:
        self.campaign = store.campaign(session)
        rules = self.campaign.rules
        closable = "'county_accepted'"
        if rules.close_rule is DoneRule.ACCEPTED:
            closable += ", 'accepted'"
        cases = " ".join(f"WHEN {one.where.replace('{closable}', closable)} THEN '{one.code}'" for one in QUEUES)
        self.queue = f"(CASE WHEN p.state IN ('split', 'cancelled') THEN '' {cases} ELSE '' END)"
        # A plot without a deadline of its own has the campaign's; where neither has one, nothing is late.
        self.late = f"coalesce(({overdue_condition(rules.done_rule)}), 0)"
        states = ", ".join(f"'{one}'" for one in State if one.counts_as(rules.done_rule) == "open")
        self.soon = (
            f"coalesce((p.held = 0 AND p.state IN ({states}) "
            "AND coalesce(r.deadline, :last_day) BETWEEN :today AND :soon), 0)"
        )
        last = self.campaign.last_day
        self.given: dict[str, Any] = {
            "today": today.isoformat(),
            "soon": (today + timedelta(days=rules.warning_days)).isoformat(),
            "revisit": (today - timedelta(days=FIRST_REVISIT_DAYS)).isoformat(),
            "last_day": last.isoformat() if last else None,
        }
