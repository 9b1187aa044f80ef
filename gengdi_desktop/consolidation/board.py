"""Who has handed in: each township with its task, its submissions, what is open, and how it stands to the deadline."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from gengdi_desktop.consolidation import store
from gengdi_desktop.consolidation.deadlines import Deadline, Standing, deadline_of, standing_of
from gengdi_desktop.consolidation.records import CLOCKS_APART, BoardPaper, BoardSigner, Parcel
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.county_units import CountyUnits, Unit
from gengdi_desktop.system.reference import divisions

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger


_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A township on the board.

    Attributes:
        unit: The township.
        plots: Plots that this ledger has of it; split ones count once.
        area: Their issued area.
        task: The newest task package that was written for it.
        task_taken: Whether it says to have taken that one in; None where nobody knows.
        submissions: How many of its submissions were taken in.
        first: The first one that counts for the deadline.
        newest: The newest one.
        standing: How it stands to the deadline.
        days_late: Days after the deadline at which it came, or that have passed without it.
        feedback: The newest feedback that was written for it.
        answered: Whether one was written since its newest submission.
        conflicts: Conflicts that its packages brought and nobody has decided.
        missing_photos: Files that its plots refer to and that did not come yet.
        papers: The reports of its newest submission that brought any.
        signer: Who signed its newest submission.
        remarks: What else is to be said, each a Chinese sentence.
    """

    unit: Unit
    plots: int
    area: Area
    task: Parcel | None
    task_taken: bool | None
    submissions: int
    first: Parcel | None
    newest: Parcel | None
    standing: Standing
    days_late: int
    feedback: Parcel | None
    answered: bool
    conflicts: int
    missing_photos: int
    papers: tuple[BoardPaper, ...]
    signer: BoardSigner | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All townships of the county and how they stand.

    Attributes:
        today: The day on which they were judged.
        deadline: Which day counts.
        lines: The townships of the division table in its order, then others that plots or packages name.
        units: The same townships, to be asked by name.
    """

    today: date
    deadline: Deadline
    lines: tuple[BoardLine, ...]
    units: CountyUnits = field(repr=False, compare=False)

    def asked(self, text: str) -> BoardLine | None:
        """The township that a person means by its code or any of its names."""
        unit = self.units.asked(text)
        return next((line for line in self.lines if unit is not None and line.unit.key == unit.key), None)

    @property
    def due(self) -> int:
        """应报: townships that have something to report on, or did report."""
        return sum(line.standing is not Standing.EXEMPT for line in self.lines)

    @property
    def handed_in(self) -> int:
        """已报: those whose submission was taken in, in time or late."""
        return sum(line.standing in {Standing.HANDED_IN, Standing.LATE} for line in self.lines)

    @property
    def late(self) -> int:
        """迟报: those of them that came after the deadline."""
        return sum(line.standing is Standing.LATE for line in self.lines)

    @property
    def overdue(self) -> int:
        """超期未报: those of which nothing has come although the deadline has passed."""
        return sum(line.standing is Standing.DUE and line.days_late > 0 for line in self.lines)

    @property
    def sentence(self) -> str:
        """The totals in one line."""
        told = f"应报 {self.due} 个 · 已报 {self.handed_in} 个 · 迟报 {self.late} 个"
        return told + (f" · 超期未报 {self.overdue} 个" if self.overdue else "")


@dataclass(slots=True)
class _Traffic:
    """What went to and came from one township, oldest first."""

    tasks: list[Parcel] = field(default_factory=list)
    submissions: list[Parcel] = field(default_factory=list)
    feedback: list[Parcel] = field(default_factory=list)


@dataclass(slots=True)
class _Facts:
    """What the ledger knows, by the keys of the townships."""

    deadline: Deadline
    today: date
    plots: Mapping[str, tuple[int, Area]]
    traffic: Mapping[str, _Traffic]
    conflicts: Mapping[str, int]
    missing: Mapping[str, int]
    papers: Mapping[str, tuple[BoardPaper, ...]]
    signers: Mapping[str, BoardSigner]


def board(ledger: Ledger, today: date | None = None) -> Board:
    """Every township and how it stands.

    Args:
        ledger: The county's ledger.
        today: The day on which they are judged; the ledger's own where none is given.
    """
    day = today or ledger.today()
    units = CountyUnits(divisions(), ledger.info.county_code, ledger.info.county)
    with ledger.reading() as session:
        facts = _facts(session, units, day)
    return Board(day, facts.deadline, tuple(_line(unit, facts) for unit in units.all()), units)


def _facts(session: Session, units: CountyUnits, today: date) -> _Facts:
    passages = store.packages_of_townships(session)
    unit_of = {one.parcel.id: units.key_of(one.unit, one.code) for one in passages}
    conflicts: Counter[str] = Counter()
    for package, many in store.open_conflicts(session).items():
        conflicts[unit_of.get(package, "")] += many
    return _Facts(
        deadline_of(store.campaign(session)),
        today,
        _counted(units, store.plots_by_township(session)),
        _traffic(unit_of, passages),
        conflicts,
        {key: many for key, (many, _) in _counted(units, store.awaited_files(session)).items()},
        _papers(unit_of, store.received_papers(session)),
        {one.fingerprint: one for one in store.signers(session, today)},
    )


def _line(unit: Unit, facts: _Facts) -> BoardLine:
    many, area = facts.plots.get(unit.key, (0, Area.ZERO))
    went = facts.traffic.get(unit.key, _Traffic())
    task, newest, feedback = _last(went.tasks), _last(went.submissions), _last(went.feedback)
    first = next((one for one in went.submissions if _counts(one, facts)), None)
    arrived = None if first is None else first.day
    standing, late = standing_of(facts.deadline, due=bool(many or task), arrived=arrived, today=facts.today)
    return BoardLine(
        unit=unit,
        plots=many,
        area=area,
        task=task,
        task_taken=_task_taken(task, went),
        submissions=len(went.submissions),
        first=first,
        newest=newest,
        standing=standing,
        days_late=late,
        feedback=feedback,
        answered=bool(newest and feedback and feedback.settled >= newest.settled),
        conflicts=facts.conflicts.get(unit.key, 0),
        missing_photos=facts.missing.get(unit.key, 0),
        papers=facts.papers.get(unit.key, ()),
        signer=None if newest is None else facts.signers.get(newest.signer, _unknown_signer(newest)),
        remarks=_remarks(unit, first, newest),
    )


def _last(parcels: Sequence[Parcel]) -> Parcel | None:
    return parcels[-1] if parcels else None


def _counts(parcel: Parcel, facts: _Facts) -> bool:
    """What came before the window opened was about the self-check."""
    return facts.deadline.opens is None or parcel.day >= facts.deadline.opens


def _task_taken(task: Parcel | None, went: _Traffic) -> bool | None:
    """Whether the township said to have the task; None while nothing came from it since it was written."""
    if task is None or task.receipted:
        return None if task is None else True
    return False if any(one.settled > task.settled for one in went.submissions) else None


def _remarks(unit: Unit, first: Parcel | None, newest: Parcel | None) -> tuple[str, ...]:
    told = []
    if not unit.in_table:
        told.append("区划表里没有这个单位，请核对名称。")
    if newest is not None and newest.proof == "rewritten":
        told.append(f"报过的第 {_some(newest.proof_entries)} 条办理记录被改写，请问清原因。")
    if newest is not None and newest.proof == "gap" and newest.proof_entries:
        first_away, last_away = newest.proof_entries[0], newest.proof_entries[-1]
        told.append(f"第 {first_away} 到 {last_away} 条办理记录没有报来，看不出有没有改写。")
    if newest is not None and newest.note:
        told.append(f"有没有收的内容：{newest.note}")
    for one in {one.id: one for one in (first, newest) if one is not None}.values():
        if one.apart >= CLOCKS_APART:
            told.append(f"第 {one.number} 次报送打包以后 {one.apart} 天才收到（打包时间是乡镇电脑的）。")
        elif one.apart < 0:
            told.append(f"第 {one.number} 次报送的打包时间比收到时间还晚，乡镇电脑的时钟可能不准。")
    return tuple(told)


def _some(entries: Sequence[int]) -> str:
    more = f" 等 {len(entries)}" if len(entries) > _MOST_TOLD else ""
    return "、".join(str(seq) for seq in entries[:_MOST_TOLD]) + more


def _counted(units: CountyUnits, counts: Iterable[store.UnitCount]) -> dict[str, tuple[int, Area]]:
    found: dict[str, tuple[int, Area]] = {}
    for one in counts:
        key = units.key_of(one.township, one.code)
        many, area = found.get(key, (0, Area.ZERO))
        found[key] = (many + one.many, area + Area(one.area))
    return found


def _traffic(unit_of: Mapping[str, str], passages: Iterable[store.Passage]) -> dict[str, _Traffic]:
    found: defaultdict[str, _Traffic] = defaultdict(_Traffic)
    for one in passages:
        went = found[unit_of[one.parcel.id]]
        if (one.direction, one.kind) == ("in", "submission"):
            went.submissions.append(one.parcel)
        elif (one.direction, one.kind) == ("out", "task"):
            went.tasks.append(one.parcel)
        elif (one.direction, one.kind) == ("out", "feedback"):
            went.feedback.append(one.parcel)
    return found


def _papers(unit_of: Mapping[str, str], came: Iterable[tuple[str, BoardPaper]]) -> dict[str, tuple[BoardPaper, ...]]:
    """Those of the newest package of each township that brought any; a report of several files stands once."""
    newest: dict[str, str] = {}
    found: dict[str, dict[tuple[str, int], BoardPaper]] = {}
    for package, paper in came:
        key = unit_of.get(package, "")
        if newest.get(key) != package:
            newest[key], found[key] = package, {}
        found[key][paper.number or paper.title, paper.version] = paper
    return {key: tuple(papers.values()) for key, papers in found.items()}


def _unknown_signer(newest: Parcel) -> BoardSigner | None:
    return BoardSigner(newest.signer, "", None, trusted=False, expired=False) if newest.signer else None
