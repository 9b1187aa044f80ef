"""A ledger summed up by township and village, kind and year, ranked, and tied out against the issued lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.domain.states import Desk, Label
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.figures import Group, Tally, groups_of, unentered_lines
from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery
from gengdi_desktop.ledger.tying_out import Comparison, Gaps, StatedTotal, tied_out
from gengdi_desktop.system.reference import divisions

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

    from gengdi_desktop.domain.states import DoneRule
    from gengdi_desktop.ledger.handle import Ledger, LedgerInfo

NO_TOWNSHIP: Final = "未写明乡镇"
NO_VILLAGE: Final = "未写明村"
NO_KIND: Final = "未定类型"
NO_YEAR: Final = "未写明年度"


@dataclass(frozen=True, slots=True)
class Sums:
    """What some plots come to, each split plot once.

    Attributes:
        all: Plots, their issued area, and what all methods have settled.
        by_label: The six labels; all are there, also empty ones.
        basic: Permanent basic farmland as issued.
        overdue: How many are late.
        returned: How many were sent back and are open again.
        held: How many are deferred or in dispute.
    """

    all: Tally = field(default_factory=Tally)
    by_label: Mapping[Label, Tally] = field(default_factory=lambda: {label: Tally() for label in Label})
    basic: Area = Area.ZERO
    overdue: int = 0
    returned: int = 0
    held: int = 0

    @classmethod
    def of(cls, groups: Iterable[Group]) -> Sums:
        """The sums of groups."""
        labels = {label: [0, 0, 0] for label in Label}
        basic, overdue, returned, held = 0, 0, 0, 0
        for one in groups:
            parts = labels[one.label]
            parts[0] += one.plots
            parts[1] += one.area
            parts[2] += one.restored
            basic += one.basic
            overdue += one.overdue
            returned += one.returned
            held += one.held
        by_label = {label: Tally(count, Area(area), Area(done)) for label, (count, area, done) in labels.items()}
        return cls(sum(by_label.values(), Tally()), by_label, Area(basic), overdue, returned, held)

    @classmethod
    def total(cls, parts: Sequence[Sums]) -> Sums:
        """The sums of sums of different plots."""
        return cls(
            sum((one.all for one in parts), Tally()),
            {label: sum((one.by_label[label] for one in parts), Tally()) for label in Label},
            Area.total(one.basic for one in parts),
            sum(one.overdue for one in parts),
            sum(one.returned for one in parts),
            sum(one.held for one in parts),
        )

    @property
    def rectified(self) -> Tally:
        """What reports call 已整改."""
        return sum((tally for label, tally in self.by_label.items() if label.rectified), Tally())

    @property
    def open(self) -> Tally:
        """What reports call 未完成: neither rectified nor cancelled."""
        counted = (one for label, one in self.by_label.items() if not label.rectified and label is not Label.CANCELLED)
        return sum(counted, Tally())

    @property
    def area_share(self) -> str:
        """Rectified of the issued area in percent: ``38.73``; ``—`` where there is nothing."""
        return percent_text(self.rectified.area, self.all.area)

    @property
    def count_share(self) -> str:
        """Rectified of the plots in percent."""
        return percent_text(self.rectified.count, self.all.count)

    @property
    def rank_key(self) -> tuple[Fraction, Fraction] | None:
        """By what places are given: the share of area, then of plots; None where there is no plot."""
        if not self.all.count:
            return None
        done = self.rectified
        by_count = Fraction(done.count, self.all.count)
        whole = self.all.area.micro_mu
        return (Fraction(done.area.micro_mu, whole) if whole else by_count, by_count)


@dataclass(frozen=True, slots=True)
class Node:
    """A unit, a village, a kind or a year with its sums.

    Attributes:
        key: Stable within its level: the unit's name, ``township/village``, the code of a kind, the year.
        name: As people read it.
        sums: Of its plots.
        conditions: Which plots they are.
        code: Of the division table; empty where it is in none.
        listed: Whether the division table of the county has it; kinds and years always are.
        children: A unit's villages, the county's units.
    """

    key: str
    name: str
    sums: Sums
    conditions: tuple[Condition, ...]
    code: str = ""
    listed: bool = True
    children: tuple[Node, ...] = ()

    def plots(self, *more: Condition) -> PlotQuery:
        """The question that finds exactly its plots, narrowed by more conditions; for tables and ``plot_ids``."""
        return PlotQuery((*self.conditions, Condition("part", 0), *more))

    def plots_of_label(self, *labels: Label) -> PlotQuery:
        """Its plots under these labels."""
        return self.plots(Condition("label", tuple(label.value for label in labels), Match.ONE_OF))

    def plots_marked(self, mark: str) -> PlotQuery:
        """Its plots that are ``overdue``, ``returned`` or ``held``."""
        return self.plots(Condition(mark, 1))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit with its place; units of equal shares have the same, those without a plot none."""

    place: int | None
    node: Node

    @property
    def told(self) -> str:
        """The place as printed."""
        return "—" if self.place is None else str(self.place)


@dataclass(frozen=True, slots=True)
class RollUp:
    """A ledger summed up on one day.

    Attributes:
        unit: Whose ledger it is.
        whole: All plots; its children are the units, those without plots too, in the order of the division table.
        by_kind: By problem kind, 未定类型 last; kinds that do not occur are left out.
        by_year: By year of the outflow, the oldest first.
        unentered: Lines of lists that no plot stands for; they belong to no unit yet.
        ranking: The units of the division table by what is rectified, those without a plot last.
        comparisons: The whole beside what should be the same, and which plots and lines make a difference.
        stated: The totals that the lists' own notices name.
        groups: The plots of each unit, by its key, as finely as they were counted.
    """

    unit: str
    campaign: str
    today: date
    done_rule: DoneRule
    whole: Node
    by_kind: tuple[Node, ...]
    by_year: tuple[Node, ...]
    unentered: Tally
    ranking: tuple[Ranked, ...]
    comparisons: tuple[Comparison, ...]
    stated: tuple[StatedTotal, ...]
    groups: Mapping[str, Sequence[Group]] = field(repr=False, compare=False)

    @property
    def units(self) -> tuple[Node, ...]:
        """The townships and other units."""
        return self.whole.children

    @property
    def villages(self) -> tuple[Node, ...]:
        """The villages of all units that have plots."""
        return tuple(village for unit in self.units for village in unit.children)

    @property
    def issued(self) -> Tally:
        """What was issued: plots and lines that are not entered."""
        return self.whole.sums.all + self.unentered

    @property
    def ties_out(self) -> bool:
        """Whether whole = units = villages = lists exactly, and the notices agree within what rounding explains."""
        return all(one.holds for one in self.comparisons) and all(one.tie.holds for one in self.stated)

    @property
    def tie_out_told(self) -> str:
        """Whether everything adds up, in one sentence; the differences are told by :attr:`Comparison.told`."""
        told = f"共{self.issued.count}个、{self.issued.area.spoken()}亩"
        same = [one.label for one in self.comparisons if one.holds]
        return f"{told}，与{'、'.join(same)}相等。" if same else f"{told}。"


def roll_up(ledger: Ledger) -> RollUp:
    """Sum up the ledger, from one snapshot."""
    today = ledger.today()
    with ledger.reading() as session:
        return roll_up_of(session, ledger.info, today)


def roll_up_of(session: Session, info: LedgerInfo, today: date) -> RollUp:
    """Sum up in an open read transaction."""
    campaign = store.campaign(session)
    groups = groups_of(session, campaign, today)
    places = _Places(info)
    at_home = _at_home(groups, places)
    units = _units(at_home, places)
    whole = Node("", info.unit, Sums.total([one.sums for one in units]), (), info.unit_code, children=units)
    unentered = unentered_lines(session)
    gaps = Gaps(
        unlisted=tuple(value for unit in units if not unit.listed for value in _values(unit)),
        unnamed=any(not group.village for group in groups),
    )
    issued = whole.sums.all + unentered
    found, stated = tied_out(session, issued, _added(units), _added_villages(units), gaps)
    return RollUp(
        unit=info.unit,
        campaign=campaign.name,
        today=today,
        done_rule=campaign.rules.done_rule,
        whole=whole,
        by_kind=_by_kind(groups),
        by_year=_by_year(groups),
        unentered=unentered,
        ranking=ranking([unit for unit in units if unit.listed]),
        comparisons=found,
        stated=stated,
        groups=at_home,
    )


def ranking(units: Sequence[Node]) -> tuple[Ranked, ...]:
    """Places by the rectified share of area, then of plots; equal ones share a place, and keep the given order."""
    keyed = [(unit.sums.rank_key, unit) for unit in units]
    ordered = sorted(((key, unit) for key, unit in keyed if key is not None), key=lambda one: one[0], reverse=True)
    ranked: list[Ranked] = []
    for at, (key, unit) in enumerate(ordered):
        same = at > 0 and ordered[at - 1][0] == key
        ranked.append(Ranked(ranked[-1].place if same else at + 1, unit))
    return (*ranked, *(Ranked(None, unit) for key, unit in keyed if key is None))


# -------------------------------------------------------------------------------------------------- units and villages


class _Places:
    """Which unit of the division table a written name means."""

    def __init__(self, info: LedgerInfo) -> None:
        self._known = CountyUnits(divisions(), info.county_code, info.county)
        own = ((info.unit, info.unit_code),)
        self.units = own if info.desk == Desk.TOWNSHIP else tuple((one.name, one.code) for one in self._known.all())
        self._names = {name for name, _code in self.units}

    def unit_of(self, written: str) -> str:
        """The unit's own name; the written one where the table does not tell."""
        found = self._known.named(written) if written not in self._names else None
        return found.name if found is not None and found.name in self._names else written


def _at_home(groups: Sequence[Group], places: _Places) -> dict[str, list[Group]]:
    """The groups of each unit of the division table, also of those without any, then of those in no table."""
    found: dict[str, list[Group]] = {name: [] for name, _code in places.units}
    home: dict[str, str] = {}
    for group in groups:
        if group.township not in home:
            home[group.township] = places.unit_of(group.township)
        found.setdefault(home[group.township], []).append(group)
    return found


def _units(at_home: Mapping[str, Sequence[Group]], places: _Places) -> tuple[Node, ...]:
    """The units of the division table with their plots, then those that stand in no table."""
    codes = dict(places.units)
    order = [*codes, *sorted(at_home.keys() - codes.keys())]
    spelled = {name: sorted({group.township for group in groups}) for name, groups in at_home.items()}
    return tuple(_unit(name, codes, spelled[name], at_home[name]) for name in order)


def _unit(name: str, codes: Mapping[str, str], spelled: Sequence[str], groups: Sequence[Group]) -> Node:
    written = _condition("township", spelled or [name])
    villages: dict[str, list[Group]] = {}
    for group in groups:
        villages.setdefault(group.village, []).append(group)
    children = tuple(
        Node(f"{name}/{village}", village or NO_VILLAGE, Sums.of(mine), (written, _condition("village", [village])))
        for village, mine in sorted(villages.items())
    )
    # Where no table names a unit, whatever the lists say is one; a plot without any has none in either case.
    listed = name in codes or (not codes and bool(name))
    sums = Sums.total([one.sums for one in children])
    return Node(name, name or NO_TOWNSHIP, sums, (written,), codes.get(name, ""), listed, children)


def _condition(name: str, values: Sequence[str]) -> Condition:
    if len(values) == 1 and values[0]:
        return Condition(name, values[0])
    return Condition(name, tuple(values), Match.ONE_OF)


def _values(unit: Node) -> tuple[str, ...]:
    """How the lists spell a unit."""
    value = unit.conditions[0].value
    return tuple(str(one) for one in value) if isinstance(value, tuple) else (str(value),)


def _added(units: Sequence[Node]) -> Tally:
    return sum((unit.sums.all for unit in units if unit.listed), Tally())


def _added_villages(units: Sequence[Node]) -> Tally:
    """The villages of the listed units; plots without a village are in none."""
    villages = (village for unit in units if unit.listed for village in unit.children)
    return sum((village.sums.all for village in villages if village.name != NO_VILLAGE), Tally())


# ------------------------------------------------------------------------------------------------------ kinds and years


def _by_kind(groups: Sequence[Group]) -> tuple[Node, ...]:
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.known_kind, []).append(group)
    nodes = [Node(kind.value, kind.label, Sums.of(mine), (Condition("kind", kind.value),))
             for kind in ProblemKind if (mine := found.get(kind.value))]  # fmt: skip
    if mine := found.get("", []):
        words = sorted({"", *(group.kind for group in mine)})
        nodes.append(Node("", NO_KIND, Sums.of(mine), (Condition("kind", tuple(words), Match.ONE_OF),)))
    return tuple(nodes)


def _by_year(groups: Sequence[Group]) -> tuple[Node, ...]:
    found: dict[int | None, list[Group]] = {}
    for group in groups:
        found.setdefault(group.year, []).append(group)
    known = sorted(year for year in found if year is not None)
    nodes = [Node(str(year), f"{year}年", Sums.of(found[year]), (Condition("outflow_year", year),)) for year in known]
    if mine := found.get(None):
        nodes.append(Node("", NO_YEAR, Sums.of(mine), (Condition("outflow_year", ("",), Match.ONE_OF),)))
    return tuple(nodes)
