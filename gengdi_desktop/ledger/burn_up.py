"""The settled area day by day, folded from the journal, against the plan counted back from the deadline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.figures import PLOTS_WITH_ROUND
from gengdi_desktop.storage import journal

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.campaigns import Campaign
    from gengdi_desktop.ledger.handle import Ledger

PACE_DAYS: Final = 5
"""Over how many days the pace is told."""
_QUIET: Final = frozenset(
    {Operation.CREATE, Operation.MEMBER, Operation.CAMPAIGN, Operation.SETTINGS, Operation.MAPPING, Operation.CHECK}
    | {Operation.START, Operation.SPOT_CHECK, Operation.REVISIT, Operation.HOLD, Operation.RELEASE, Operation.ATTACH}
    | {
        Operation.NOTE,
        Operation.REPORT,
        Operation.FREEZE,
        Operation.SIGN,
        Operation.HAND_IN,
        Operation.VOID,
        Operation.EXPORT,
    }
    | {Operation.IDENTITY, Operation.TRUST, Operation.DISTRUST, Operation.ERASE, Operation.BACKUP, Operation.CLOSE}
)
"""Entries that never move an area: their blocks are not read."""
_BUCKETS: Final = frozenset(bucket.value for bucket in Bucket)
_MARKS: Final = tuple(
    f'["{op}","{table}",'.encode()
    for op in ("+*", "+", "~", "-", "-*")
    for table in ("round", "plot")
    if table == "round" or not op.startswith("+")
)
"""How a change that may move an area begins in the canonical text of a block."""
_LEFT_OUT: Final = frozenset({"cancelled", "split"})
_FIRST_ROUND: Final = 1


@dataclass(frozen=True, slots=True)
class DayArea:
    """All that was settled by the end of a day."""

    day: date
    area: Area


@dataclass(frozen=True, slots=True)
class BurnUp:
    """The line and what it is measured by.

    Attributes:
        points: One for each day on which the settled area changed, oldest first; days after today are told today.
        target: What is to be settled: targets where there is a plan, else issued areas; cancelled plots left out.
        today: The last day of the line.
        start: First day of the rectification; None without one.
        end: The day on which the plan is fulfilled: the end of the window, else the hard deadline.
        deadline: The hard deadline.
    """

    points: tuple[DayArea, ...]
    target: Area
    today: date
    start: date | None = None
    end: date | None = None
    deadline: date | None = None

    @property
    def done(self) -> Area:
        """What is settled now."""
        return self.points[-1].area if self.points else Area.ZERO

    @property
    def rest(self) -> Area:
        """What is still to be settled; never below nothing."""
        return max(self.target - self.done, Area.ZERO)

    def done_on(self, day: date) -> Area:
        """What was settled by the end of a day."""
        before = [one.area for one in self.points if one.day <= day]
        return before[-1] if before else Area.ZERO

    def planned_on(self, day: date) -> Area | None:
        """What an even pace would have settled by the end of a day; None without a window to count back in."""
        if self.start is None or self.end is None or self.end < self.start:
            return None
        whole = (self.end - self.start).days + 1
        gone = min(max((day - self.start).days + 1, 0), whole)
        return Area(self.target.micro_mu * gone // whole)

    @property
    def behind(self) -> Area | None:
        """How much today's plan is ahead of what is done; below nothing where the work is ahead."""
        planned = self.planned_on(self.today)
        return None if planned is None else planned - self.done

    @property
    def pace(self) -> Area:
        """The mean of the last days, for one day."""
        grown = self.done - self.done_on(self.today - timedelta(days=PACE_DAYS))
        return Area(grown.micro_mu // PACE_DAYS)

    @property
    def needed(self) -> Area | None:
        """What must be settled each day from tomorrow on to make the last day; None where no day is left."""
        last = self.deadline or self.end
        if last is None or last <= self.today:
            return None
        days = (last - self.today).days
        return Area(-(-self.rest.micro_mu // days))


@dataclass
class BurnUpReader:
    """Folds the journal as far as it has grown since the last time; one reader for one thread."""

    _seq: int = 0
    _settled: dict[str, int] = field(default_factory=dict)
    _rounds: dict[str, int] = field(default_factory=dict)
    _left_out: set[str] = field(default_factory=set)
    _booked: dict[int, date] = field(default_factory=dict)
    _by_day: dict[date, int] = field(default_factory=dict)

    def read(self, ledger: Ledger) -> BurnUp:
        """The line as of the ledger's today."""
        today = ledger.today()
        with ledger.reading() as session:
            for row in _entries(session, self._seq):
                self._fold(session, row)
            self._seq = store.head(session)[0]
            return _measured(store.campaign(session), self._points(today), _target(session), today)

    def _fold(self, session: Session, row: Any) -> None:
        """One entry; what an undo takes back is taken from the day on which it had been told."""
        day = self._booked.get(row.undoes) if row.undoes else None
        day = day or _day_of(row)
        self._booked[row.seq] = day
        moved = 0
        for items in _blocks(session, row.seq, whole=row.action == Operation.REBASE):
            moved += self._fold_items(items)
        if moved:
            self._by_day[day] = self._by_day.get(day, 0) + moved

    def _fold_items(self, items: list[Any]) -> int:
        """The changes of one block; how much they move."""
        moved = 0
        for item in items:
            if item[0] == "+*" and item[1] == "round":
                moved += self._add_rounds(item[2], item[3])
                continue
            for op, table, key, diff in journal.single_changes([item]):
                plot = _plot_of(table, str(key))
                before = self._area_of(plot)
                (self._turn_round if table == "round" else self._turn_plot)(op, str(key), diff)
                moved += self._area_of(plot) - before
        return moved

    def _add_rounds(self, names: list[str], rows: list[list[Any]]) -> int:
        """Rounds that came in bulk: a sheet may bring a hundred thousand of them."""
        places = [at for at, name in enumerate(names) if name in _BUCKETS]
        moved = 0
        settled, rounds, left_out = self._settled, self._rounds, self._left_out
        for row in rows:
            key = row[0]
            plot, _, number = key.rpartition(":")
            total = sum([row[at] or 0 for at in places])
            if plot not in left_out and rounds.get(plot, _FIRST_ROUND) == int(number):
                moved += total - settled.get(key, 0)
            settled[key] = total
        return moved

    def _turn_round(self, op: str, key: str, diff: Mapping[str, list[Any]]) -> None:
        if op == "-":
            self._settled.pop(key, None)
            return
        moved = sum((diff[name][1] or 0) - (diff[name][0] or 0) for name in _BUCKETS & diff.keys())
        self._settled[key] = moved if op == "+" else self._settled.get(key, 0) + moved

    def _turn_plot(self, op: str, key: str, diff: Mapping[str, list[Any]]) -> None:
        if op == "-":
            self._rounds.pop(key, None)
            self._left_out.discard(key)
            return
        if "round" in diff:
            self._rounds[key] = diff["round"][1] or _FIRST_ROUND
        if "state" in diff:
            (self._left_out.add if diff["state"][1] in _LEFT_OUT else self._left_out.discard)(key)

    def _area_of(self, plot: str) -> int:
        if plot in self._left_out:
            return 0
        return self._settled.get(f"{plot}:{self._rounds.get(plot, _FIRST_ROUND)}", 0)

    def _points(self, today: date) -> tuple[DayArea, ...]:
        days: dict[date, int] = {}
        for day, moved in self._by_day.items():
            told = min(day, today)
            days[told] = days.get(told, 0) + moved
        total, points = 0, []
        for day in sorted(days):
            total += days[day]
            points.append(DayArea(day, Area(total)))
        return tuple(points)


def burn_up(ledger: Ledger) -> BurnUp:
    """The line, folded from the whole journal."""
    return BurnUpReader().read(ledger)


def _entries(session: Session, since: int) -> Iterable[Any]:
    quiet = ", ".join(f"'{one.value}'" for one in sorted(_QUIET))
    statement = text(
        "SELECT seq, at, event_date, action, undoes FROM journal_entry "
        f"WHERE seq > :since AND action NOT IN ({quiet}) ORDER BY seq"
    )
    return session.connection().execute(statement, {"since": since}).all()


def _blocks(session: Session, seq: int, *, whole: bool) -> Iterable[list[Any]]:
    """The changes of rounds and plots, block by block.

    Plots that come in bulk stand in their first round, so they are left out unless the *whole* ledger is told; a block
    that has nothing else is not even read.
    """
    statement = text("SELECT body FROM journal_block WHERE seq = :seq ORDER BY part")
    for row in session.connection().execute(statement, {"seq": seq}):
        body = journal.unpack_block(row.body)
        if whole or any(mark in body for mark in _MARKS):
            yield [one for one in orjson.loads(body) if one[1] == "round" or (one[1] == "plot" and _tells(one, whole))]


def _tells(item: list[Any], whole: bool) -> bool:  # noqa: FBT001  (handed on)
    return whole or item[0] != "+*"


def _plot_of(table: str, key: str) -> str:
    return key.rsplit(":", 1)[0] if table == "round" else key


def _day_of(row: Any) -> date:
    """The day on which it happened: as stated, else the day of the entry in this computer's time."""
    if row.event_date:
        return date.fromisoformat(row.event_date)
    return datetime.fromisoformat(row.at).astimezone().date()


def _target(session: Session) -> Area:
    statement = text(
        "SELECT coalesce(sum(CASE WHEN coalesce(r.target, 0) > 0 THEN r.target ELSE p.issued_area END), 0) "
        f"FROM {PLOTS_WITH_ROUND} WHERE p.state NOT IN ('cancelled', 'split')"
    )
    return Area(int(session.connection().execute(statement).scalar_one()))


def _measured(campaign: Campaign, points: tuple[DayArea, ...], target: Area, today: date) -> BurnUp:
    phase = campaign.phase("rectification")
    deadline = campaign.last_day
    start = phase.window_start if phase else None
    end = (phase.window_end if phase else None) or deadline
    return BurnUp(points, target, today, start, end, deadline)
