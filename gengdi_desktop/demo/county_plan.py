"""What becomes of the county's plots at each of its desks, as steps of many plots each; pure, the same every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gengdi_desktop.demo.sample_plots import HUNDREDTH, SamplePlot
from gengdi_desktop.demo.walk_plan import MEASURES, Picture
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import Division
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import DoneRule, Label, State, label_of

ISSUED_ON = date(2023, 7, 20)
REPORTED_ON = date(2023, 8, 20)
DRAWN_ON = date(2023, 8, 21)
VISITED_ON = date(2023, 8, 22)
RETURNED_ON = date(2023, 8, 23)
COUNTY_ACCEPTED_ON = date(2023, 8, 23)
REWORK_UNTIL = date(2023, 8, 27)
REWORKED_ON = date(2023, 8, 26)
ENDED_ON = date(2023, 8, 30)

COUNTY_CLERK, COUNTY_LEADER = "章慧敏", "胡国栋"
TEAM_CLERK, TEAM_SECOND = "邓立新", "饶晓春"
SEED = "2023082117"
"""As if it had been drawn by lot and read aloud."""
SAMPLED = "0.05"
_EVERY_FAILED = 12
"""Of the drawn plots, in the order of the sheet, the first and every twelfth after it do not pass."""
RETURN_REASON = "抽查不合格：只翻耕未播种，须清除树根后播种"
RETURN_DOCUMENT = "进耕专班退〔2023〕1号（样例）"
COUNTY_DOCUMENT = "进耕专班验〔2023〕3号（样例）"
SECOND_DOCUMENT = "进耕专班验〔2023〕4号（样例）"
CHECK_DOCUMENT = "进耕专班抽〔2023〕2号（样例）"

_SURNAMES = "万胡章陈罗熊吴邹付周龚艾李陶徐樊焦齐桂曾余梅江"
_CLERK_NAMES = ("小琴", "秋香", "春兰", "美玲", "文静")
_LEADER_NAMES = ("建国", "志强", "文斌", "国平", "立军")
_CROPS = ("晚稻", "秋大豆", "红薯", "秋玉米")


class Standing(StrEnum):
    """Where a plot stands when its township reports for the first time."""

    ACCEPTED = "accepted"
    PROVED = "proved"
    CLAIMED = "claimed"
    WORKS_DONE = "works_done"
    PARTIAL = "partial"
    PLANNED = "planned"
    CONTESTED = "contested"
    HELD = "held"


_STATES: Mapping[Standing, State] = {
    Standing.ACCEPTED: State.ACCEPTED,
    Standing.PROVED: State.ACCEPTED,
    Standing.CLAIMED: State.CLAIMED,
    Standing.WORKS_DONE: State.WORKS_DONE,
    Standing.PARTIAL: State.WORKING,
    Standing.PLANNED: State.PLANNED,
    Standing.CONTESTED: State.CONTESTED,
    Standing.HELD: State.PLANNED,
}
_WHOLE = frozenset({Standing.ACCEPTED, Standing.PROVED, Standing.CLAIMED, Standing.CONTESTED})
_HALF = frozenset({Standing.PARTIAL, Standing.WORKS_DONE})
_ON_PAPER = frozenset({Standing.PROVED, Standing.CONTESTED})
_WORKED = frozenset({Standing.ACCEPTED, Standing.CLAIMED, Standing.WORKS_DONE, Standing.PARTIAL})


@dataclass(frozen=True, slots=True)
class PlannedPlot:
    """A plot with the place where its township's first report finds it, and what is settled of it by then."""

    plot: SamplePlot
    standing: Standing

    @property
    def state(self) -> State:
        """Its state at the first report."""
        return _STATES[self.standing]

    @property
    def half(self) -> Area:
        """What is settled of a plot on which work goes on: two fifths, in whole hundredths of a mu."""
        return Area(self.plot.cultivated_area.micro_mu * 2 // (5 * HUNDREDTH) * HUNDREDTH)

    @property
    def settled(self) -> Area:
        """What is settled at the first report."""
        if self.standing in _WHOLE:
            return self.plot.cultivated_area
        return self.half if self.standing in _HALF else Area.ZERO

    @property
    def label(self) -> Label:
        """Under which label tables count it."""
        return label_of(self.state, self.settled, DoneRule.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Deed:
    """One action on many plots, done in one entry.

    Args:
        on: The event date.
        action: The action's code.
        values: Keys and texts of the action table; of progress, what is the same for all plots.
        plots: By 标识码.
        leader: Whether the township's leader acts; else its clerk.
        areas: Of progress, what is settled of each plot in the order of ``plots``.
    """

    on: date
    action: Operation
    values: Mapping[str, str]
    plots: tuple[str, ...]
    leader: bool = False
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """One township's part of the campaign.

    Args:
        unit: The township-level unit.
        place: From 0, in the order of the division table.
        plots: All its plots, in the order of the list.
    """

    unit: Division
    place: int
    plots: tuple[PlannedPlot, ...]

    @property
    def clerk(self) -> str:
        """Who enters and claims."""
        return _SURNAMES[self.place % len(_SURNAMES)] + _CLERK_NAMES[self.place % len(_CLERK_NAMES)]

    @property
    def leader(self) -> str:
        """Who accepts."""
        return _SURNAMES[(self.place + 7) % len(_SURNAMES)] + _LEADER_NAMES[self.place % len(_LEADER_NAMES)]

    @property
    def area(self) -> Area:
        """The township's task."""
        return Area.total(one.plot.cultivated_area for one in self.plots)

    def of(self, *standings: Standing) -> tuple[PlannedPlot, ...]:
        """Its plots of some standings."""
        return tuple(one for one in self.plots if one.standing in standings)

    def labels(self) -> dict[Label, tuple[int, Area]]:
        """How many plots and how much area stand under each label at the first report."""
        return by_label(self.plots)

    def before_photos(self) -> tuple[Deed, ...]:
        """Self-check, plans, work and contests: everything before the photos that a claim needs."""
        return tuple(sorted(self._first_deeds(), key=lambda deed: deed.on))

    def after_photos(self) -> tuple[Deed, ...]:
        """Claims by the clerk, acceptance by the leader."""
        claimed, accepted = date(2023, 8, 17), date(2023, 8, 19)
        done = self.of(Standing.ACCEPTED, Standing.PROVED)
        values = {"group": f"{self.unit.name}耕地整改验收组", "as_claimed": "是", "date": accepted.isoformat()}
        return (
            *self._claims(self.of(Standing.ACCEPTED, Standing.CLAIMED), claimed),
            *_deed(claimed, Operation.CLAIM, {"date": claimed.isoformat()}, self.of(Standing.PROVED)),
            *_deed(accepted, Operation.ACCEPT, values, done, leader=True),
        )

    def pictures(self) -> tuple[Picture, ...]:
        """Photos that a claim needs, and a few of how it was before."""
        proved = self.of(Standing.PROVED)
        before = (*proved, *(one for one in self.of(Standing.ACCEPTED, Standing.PARTIAL)[:3]))
        after = self.of(Standing.ACCEPTED, Standing.CLAIMED)
        checked, taken = date(2023, 7, 26), date(2023, 8, 16)
        return (
            *(Picture(checked, one.plot.bsm, "before", ground=one.plot.class_after[0]) for one in before),
            *(Picture(taken, one.plot.bsm, "after", ground="crop") for one in after),
        )

    def rework(self, returned: Sequence[str]) -> tuple[Deed, ...]:
        """After the feedback: what was sent back and what was half done is claimed and accepted.

        Args:
            returned: 标识码 of the plots that came back.
        """
        back = tuple(one for one in self.plots if one.plot.bsm in set(returned))
        half = self.of(Standing.PARTIAL)
        values = {"group": f"{self.unit.name}耕地整改验收组", "as_claimed": "是", "date": REWORKED_ON.isoformat()}
        full = Deed(
            REWORKED_ON - timedelta(days=1),
            Operation.PROGRESS,
            {},
            _names(half),
            areas=tuple(one.plot.cultivated_area for one in half),
        )
        on_ground = tuple(one for one in (*back, *half) if one.standing not in _ON_PAPER)
        on_paper = tuple(one for one in back if one.standing in _ON_PAPER)
        return (
            *((full,) if half else ()),
            *self._claims(on_ground, REWORKED_ON),
            *_deed(REWORKED_ON, Operation.CONTEST, self._proof(REWORKED_ON), on_paper),
            *_deed(REWORKED_ON, Operation.CLAIM, {"date": REWORKED_ON.isoformat()}, on_paper),
            *_deed(REWORKED_ON, Operation.ACCEPT, values, (*back, *half, *self.of(Standing.CLAIMED)), leader=True),
        )

    def rework_pictures(self) -> tuple[Picture, ...]:
        """Photos of what was half done and is whole now."""
        half = self.of(Standing.PARTIAL)
        return tuple(Picture(REWORKED_ON, one.plot.bsm, "after", ground="crop") for one in half)

    def closing(self, accepted: Sequence[str], on: date) -> tuple[Deed, ...]:
        """Strikes off what the county has accepted.

        Args:
            accepted: 标识码 of the plots that the county has accepted.
            on: The day, which also numbers the document.
        """
        plots = tuple(one for one in self.plots if one.plot.bsm in set(accepted))
        document = f"销号〔2023〕{on.day}号（样例）"
        values = {"date": on.isoformat(), "document_number": document, "closer": self.clerk}
        of_buildings = values | {"person_handled": "已批评教育，不涉及党员干部", "demolished": "done"}
        of_buildings |= {"confiscated": "not_concerned", "referred": "not_concerned"}
        built, others = _parted(plots, _non_farm)
        return (
            *_deed(on, Operation.CLOSE, of_buildings, built),
            *_deed(on, Operation.CLOSE, values, others),
        )

    def _first_deeds(self) -> Iterable[Deed]:
        for place, (group, plots) in enumerate(_grouped(self.plots, _check_group).items()):
            yield from _deed(date(2023, 7, 25) + timedelta(days=place % 4), Operation.CHECK, dict(group), plots)
        to_do = tuple(one for one in self.plots if one.standing not in _ON_PAPER)
        for group, plots in _grouped(to_do, _plan_group).items():
            yield from _deed(date(2023, 7, 29), Operation.PLAN, dict(group) | {"person": self.leader}, plots)
        proved = date(2023, 8, 2)
        yield from _deed(proved, Operation.CONTEST, self._proof(proved), self.of(*_ON_PAPER))
        dispute = {"kind": "disputed", "parties": "户主与邻户（样例）", "reason": "宅基地界址有争议，待调解"}
        yield from _deed(date(2023, 8, 7), Operation.HOLD, dispute, self.of(Standing.HELD))
        begun = date(2023, 7, 31)
        yield from _deed(begun, Operation.START, {"date": begun.isoformat()}, self.of(*_WORKED))
        half = self.of(*_WORKED)[::3] + tuple(one for one in self.of(*_HALF) if one not in self.of(*_WORKED)[::3])
        yield Deed(date(2023, 8, 8), Operation.PROGRESS, {}, _names(half), areas=tuple(one.half for one in half))
        whole = self.of(Standing.ACCEPTED, Standing.CLAIMED)
        areas = tuple(one.plot.cultivated_area for one in whole)
        yield Deed(date(2023, 8, 15), Operation.PROGRESS, {}, _names(whole), areas=areas)
        finished = date(2023, 8, 16)
        works = self.of(Standing.WORKS_DONE)
        yield from _deed(finished, Operation.WORKS_DONE, {"date": finished.isoformat()}, works)

    def _proof(self, on: date) -> dict[str, str]:
        """What a contest says; one that was sent back is contested anew."""
        return {
            "proof_kind": "lawful_use",
            "bucket": "proved",
            "statement": "经实地核实，该处为已备案的设施农用地或已补办手续的农村道路。",
            "document_number": f"备案〔2022〕{self.place + 1}号（样例）",
            "date": on.isoformat(),
        }

    def _claims(self, plots: Sequence[PlannedPlot], on: date) -> tuple[Deed, ...]:
        built, grown = _parted(plots, _non_farm)
        crop = {"crop": _CROPS[self.place % len(_CROPS)], "sown_on": (on - timedelta(days=2)).isoformat()}
        cleared = {"demolition_record": f"{on.month}月{on.day - 3}日拆除清运完毕（样例）", **crop}
        day = {"date": on.isoformat()}
        return (*_deed(on, Operation.CLAIM, cleared | day, built), *_deed(on, Operation.CLAIM, crop | day, grown))


def plan_county(plots: Sequence[SamplePlot]) -> tuple[UnitPlan, ...]:
    """The whole county, unit by unit in the order of the list."""
    units: dict[str, list[SamplePlot]] = {}
    for plot in plots:
        units.setdefault(plot.unit.code, []).append(plot)
    return tuple(UnitPlan(own[0].unit, place, tuple(_standings(own))) for place, own in enumerate(units.values()))


def by_label(plots: Iterable[PlannedPlot]) -> dict[Label, tuple[int, Area]]:
    """How many plots and how much issued area stand under each label; labels without plots are left out."""
    found: dict[Label, tuple[int, Area]] = {}
    for one in plots:
        count, area = found.get(one.label, (0, Area.ZERO))
        found[one.label] = (count + 1, area + one.plot.cultivated_area)
    return found


def fails(place: int) -> bool:
    """Whether the drawn plot at this place of the sheet, from 0, does not pass."""
    return place % _EVERY_FAILED == 0


def _standings(plots: Sequence[SamplePlot]) -> Iterable[PlannedPlot]:
    """A share of each standing; a stride spreads them over the villages and never meets the same plot twice."""
    count = len(plots)
    wanted: list[tuple[Standing, int]] = [
        (Standing.HELD, 1),
        (Standing.CONTESTED, 1),
        (Standing.PARTIAL, max(1, count // 16)),
        (Standing.PLANNED, count // 30),
        (Standing.CLAIMED, count // 30),
        (Standing.WORKS_DONE, count // 40),
    ]
    order = [plots[place] for place in sorted(range(count), key=lambda place: (place * 61) % 1009)]
    standings: dict[str, Standing] = {}
    for standing, number in wanted:
        fitting = [one for one in order if one.bsm not in standings and _fits(standing, one)]
        standings |= {one.bsm: standing for one in fitting[:number]}
    for plot in plots:
        rest = Standing.PROVED if plot.kind == "其他" else Standing.ACCEPTED
        yield PlannedPlot(plot, standings.get(plot.bsm, rest))


def _fits(standing: Standing, plot: SamplePlot) -> bool:
    if standing is Standing.CONTESTED:
        return plot.kind == "其他"
    if standing is Standing.HELD:
        return plot.kind == "非农化"
    return plot.kind != "其他"


def _check_group(one: PlannedPlot) -> tuple[tuple[str, str], ...]:
    """What the self-check says, the same for many plots."""
    lawful = one.standing in _ON_PAPER
    _measure, cause = MEASURES[one.plot.class_after[0][:2]]
    values = {
        "finding": "lawful" if lawful else "true",
        "class_now": " ".join(one.plot.class_after),
        "cause": "已依法办理手续，影像上仍按流出提取" if lawful else cause,
        "party": "村集体（样例）" if one.plot.kind == "其他" else "村民（样例）",
        "rectify": "否" if lawful else "是",
    }
    if one.plot.class_after[0] == "0702":
        values["built_on"] = "2018-03-15"
    return tuple(values.items())


def _plan_group(one: PlannedPlot) -> tuple[tuple[str, str], ...]:
    measure, _cause = MEASURES[one.plot.class_after[0][:2]]
    easy = one.plot.restore == "即可恢复"
    values = {
        "disposal_class": "immediate" if easy else "short_term",
        "measure": measure,
        "person_title": "分管领导",
        "deadline": (date(2023, 8, 15) if easy else REPORTED_ON).isoformat(),
        "difficulty": "easy" if easy else "middle",
        "plan_text": f"村里负责动员，乡里组织机械，{measure}。",
        "date": "2023-07-29",
    }
    return tuple(values.items())


def _grouped(
    plots: Iterable[PlannedPlot], key: Callable[[PlannedPlot], tuple[tuple[str, str], ...]]
) -> dict[tuple[tuple[str, str], ...], list[PlannedPlot]]:
    groups: dict[tuple[tuple[str, str], ...], list[PlannedPlot]] = {}
    for one in plots:
        groups.setdefault(key(one), []).append(one)
    return groups


def _parted(
    plots: Iterable[PlannedPlot], fits: Callable[[PlannedPlot], bool]
) -> tuple[list[PlannedPlot], list[PlannedPlot]]:
    listed = list(plots)
    return [one for one in listed if fits(one)], [one for one in listed if not fits(one)]


def _non_farm(one: PlannedPlot) -> bool:
    return one.plot.kind == "非农化"


def _names(plots: Iterable[PlannedPlot]) -> tuple[str, ...]:
    return tuple(one.plot.bsm for one in plots)


def _deed(
    on: date, action: Operation, values: Mapping[str, str], plots: Sequence[PlannedPlot], *, leader: bool = False
) -> tuple[Deed, ...]:
    """One deed, or none where it would be on nothing."""
    if not plots:
        return ()
    given = {"date": on.isoformat(), **values} if action is Operation.CHECK else values
    return (Deed(on, action, given, _names(plots), leader),)
