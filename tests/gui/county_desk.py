"""A county's ledger for the window's tests: plots of all its townships, settled to different degrees."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import Division
from gengdi_desktop.ledger.campaign_file import parse_campaign
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.phases.sampling.checking import record_result
from gengdi_desktop.phases.sampling.records import SampleInfo
from gengdi_desktop.system.reference import divisions
from gengdi_desktop.system.resources import resource
from tests.helpers.counties import COUNTY_CODE, LEADER, TEAM, CountyPlot, make
from tests.helpers.county_desk import package

NAME = "进贤县2023整改台账"
SEED = "20230821"
_STATES = ("closed", "accepted", "claimed", "county_accepted", "closed", "accepted", "working", "planned")
_FEWER = ("accepted", "working", "claimed", "planned", "working", "issued", "working", "issued")
_EACH, _SLOW_UNITS, _NONE = 8, 4, 9
_REPORTED, _LEFT = 9, 3
_FAILED = "只翻耕没有播种，田头还有树根"


def plots_of_county() -> tuple[CountyPlot, ...]:
    """Some plots of each township; one township has none."""
    county = divisions().by_code(COUNTY_CODE)
    assert county is not None
    found: list[CountyPlot] = []
    for place, unit in enumerate(divisions().children(county)):
        villages = [one.short_name for one in divisions().children(unit)[:2]] or [f"{unit.name}直属村"]
        each = range(0 if place == _NONE else _EACH)
        found += [_plot(place, at, unit, villages[at % len(villages)]) for at in each]
    return tuple(found)


def _plot(place: int, at: int, unit: Division, village: str) -> CountyPlot:
    state = (_FEWER if place % _SLOW_UNITS == 0 else _STATES)[at]
    kind = ("non_grain", "non_farm", "abandoned", "non_grain")[at % 4]
    area = f"{1 + (place * 7 + at * 3) % 11}.{(place * 13 + at * 29) % 100:02d}"
    late = "2023-08-15" if state in {"working", "planned"} and at % 2 else None
    return CountyPlot(
        f"{place:02d}{at:02d}" + "0" * 28, unit.name, village, state, area, 2021 + at % 2, kind, deadline=late
    )


def make_county(folder: Path) -> Path:
    """Make the ledger in *folder* and return it; closed again."""
    settings = parse_campaign(resource("sample/campaign.toml").read_bytes())
    with make(folder, plots_of_county(), campaign=settings) as ledger:
        _hand_in(ledger)
    return folder


def _hand_in(ledger: Ledger) -> None:
    """Task packages for all but the last townships, submissions of the first: again, changed afterwards, with a gap."""
    names = list(dict.fromkeys(one.township for one in plots_of_county()))
    for name in names[:-_LEFT]:
        package(ledger, f"task-{name}", "task", unit=name, file_name=f"{name}_任务.gdpkg")
    for at, name in enumerate(names[:_REPORTED]):
        proof = ("first", "contained", "rewritten", "gap")[at % 4]
        for number in range(1, 2 + bool(at % 4)):
            package(
                ledger, f"{name}-{number}", unit=name, number=number, plots=_EACH, proof=proof,
                proof_entries="12,15" if proof in {"rewritten", "gap"} else "",
                area=sum(Area.parse(one.mu).micro_mu for one in plots_of_county() if one.township == name),
            )  # fmt: skip


def draw_some(ledger: Ledger, *, count: int = 30, name: str = "2023年8月抽查") -> SampleInfo:
    """A drawn sample, by township."""
    framed = sampling.freeze_frame(ledger, name=name, strata=("township",), by=TEAM, fail_limit=Fraction(1, 20))
    return sampling.draw(ledger, framed.id, seed=SEED, count=count, by=TEAM)


def check_some(ledger: Ledger, info: SampleInfo, *, checked: int, failed: int = 0) -> SampleInfo:
    """Results of the first plots, of which so many did not pass."""
    for at, one in enumerate(info.to_check[:checked]):
        bad = at < failed
        info = record_result(
            ledger, info.id, one.plot, outcome="failed" if bad else "passed", finding=_FAILED if bad else "",
            measured_area=Area.ZERO if bad else one.area, checker=TEAM.name, second_checker=LEADER.name,
            on_date=date(2023, 8, 20), by=TEAM,
        )  # fmt: skip
    return info
