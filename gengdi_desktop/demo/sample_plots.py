"""Invented outflow plots in real villages: the same for the same county, every time and everywhere.

Names of units and villages are real, everything else is drawn from a fixed seed with whole numbers only, so that no
processor's rounding shows. For 进贤县 the count and the area are those of the county's notice of 2023.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import Division, Divisions, UnitKind

T = TypeVar("T")

HUNDREDTH = 10_000
"""0.01 mu in 10⁻⁶ mu: lists are issued with two decimals."""

SAMPLE_COUNTY = "360124"
SAMPLE_UNIT = "360124209"
YEARS = (2021, 2022)

_SEED = 20230720
# The notice of 进贤县 counts 2,220 plots and 3,980.79 mu; other counties get a list of the same grain.
_NOTICE: Mapping[str, tuple[int, int]] = {SAMPLE_COUNTY: (2220, 398_079)}
_PINNED: Mapping[str, int] = {SAMPLE_UNIT: 106}
_PLOTS_A_UNIT = 96
_MEAN_HUNDREDTHS = 179
_SMALLEST_HUNDREDTHS = 8
_LEAST_OF_A_UNIT = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where a county lies: city and province for the heads of lists, a centre in 10⁻⁶ degree."""

    province: str
    city: str
    longitude: int
    latitude: int


PLACES: Mapping[str, Place] = {
    "360124": Place("江西省", "南昌市", 116_270_000, 28_370_000),
    "141181": Place("山西省", "吕梁市", 111_770_000, 37_140_000),
    "500116": Place("重庆市", "重庆市", 106_260_000, 29_290_000),
    "640502": Place("宁夏回族自治区", "中卫市", 105_180_000, 37_520_000),
    "640521": Place("宁夏回族自治区", "中卫市", 105_680_000, 37_480_000),
    "640522": Place("宁夏回族自治区", "中卫市", 105_640_000, 36_560_000),
}


@dataclass(frozen=True, slots=True)
class Outflow:
    """One way in which land flows out: kind as lists say it, class after, share, how it may be restored."""

    kind: str
    code: str
    name: str
    share: int
    restore: tuple[str, ...] = ("",)


OUTFLOWS: tuple[Outflow, ...] = (
    Outflow("非农化", "0702", "农村宅基地", 9),
    Outflow("非农化", "05H1", "商业服务业设施用地", 3),
    Outflow("非农化", "0601", "工业用地", 3),
    Outflow("非农化", "1003", "公路用地", 2),
    Outflow("非农化", "09", "特殊用地", 2),
    Outflow("非农化", "1206", "裸土地", 4),
    Outflow("非粮化", "0201", "果园", 11, ("即可恢复", "工程恢复")),
    Outflow("非粮化", "0201K", "可调整果园", 12, ("即可恢复",)),
    Outflow("非粮化", "0301K", "可调整乔木林地", 9, ("工程恢复",)),
    Outflow("非粮化", "0307K", "可调整其他林地", 10, ("即可恢复", "工程恢复")),
    Outflow("非粮化", "1104A", "养殖坑塘", 9, ("工程恢复",)),
    Outflow("非粮化", "1104K", "可调整养殖坑塘", 5, ("工程恢复",)),
    Outflow("撂荒", "0404", "其他草地", 16, ("即可恢复",)),
    Outflow("其他", "1202", "设施农用地", 3),
    Outflow("其他", "1006", "农村道路", 2),
)
_BEFORE = (("0101", "水田", 76), ("0103", "旱地", 22), ("0102", "水浇地", 2))
_REMARKS = (("", 90), ("与相邻图斑同一经营主体", 4), ("影像有云，边界以实地为准", 3), ("2022年季度变更已核实地类", 3))


@dataclass(frozen=True, slots=True)
class SamplePlot:
    """One plot of the sample as a list would issue it; areas carry two decimals of a mu.

    ``number`` repeats from village to village, ``bsm`` is one of its own; degrees are texts with six decimals.
    """

    county: Division
    unit: Division
    village: Division
    number: str
    bsm: str
    class_before: tuple[str, str]
    class_after: tuple[str, str]
    plot_area: Area
    cultivated_area: Area
    basic_area: Area
    year: int
    kind: str
    restore: str
    longitude: str
    latitude: str
    remark: str


def county_plots(divisions: Divisions, county: Division) -> tuple[SamplePlot, ...]:
    """All plots of a county's sample list, ordered by unit, village and number.

    Raises:
        KeyError: The sample does not know where the county lies.
    """
    units = divisions.children(county)
    count, total = _NOTICE.get(county.code, (_PLOTS_A_UNIT * len(units), _PLOTS_A_UNIT * len(units) * _MEAN_HUNDREDTHS))
    rng = random.Random(_SEED * 1_000_000 + int(county.code))
    sizes = _sizes(rng, count, total)
    plots: list[SamplePlot] = []
    serial = 10_000_000
    for unit, share in zip(units, _shares(divisions, units, count), strict=True):
        corner = _corner(rng, PLACES[county.code])
        for village, numbers in _numbers(rng, _homes(divisions, unit), share):
            spot = _corner(rng, corner, spread=18_000)
            for number in numbers:
                serial += rng.randint(1, 39)
                plots.append(_plot(rng, (county, unit, village), number, serial, sizes[len(plots)], spot))
    return tuple(plots)


def unit_plots(divisions: Divisions, unit: Division) -> tuple[SamplePlot, ...]:
    """The plots of one township-level unit: exactly its rows of the county's list."""
    county = divisions.parent(unit)
    if county is None:
        raise KeyError(unit.code)
    return tuple(plot for plot in county_plots(divisions, county) if plot.unit == unit)


def _plot(
    rng: random.Random,
    home: tuple[Division, Division, Division],
    number: int,
    serial: int,
    size: int,
    spot: Place,
) -> SamplePlot:
    county, unit, village = home
    outflow = _weighted(rng, [(item, item.share) for item in OUTFLOWS])
    before = _weighted(rng, [((code, name), share) for code, name, share in _BEFORE])
    ridges = size * rng.choice((0, 0, 2, 3, 5, 8)) // 100  # 田坎 belong to the plot, not to its cultivated area
    basic = _weighted(rng, [(0, 62), (size, 24), (size * rng.randint(2, 9) // 10, 14)])
    return SamplePlot(
        county=county,
        unit=unit,
        village=village,
        number=f"{number:04d}",
        bsm=f"{county.code}2110{serial:08d}",
        class_before=before,
        class_after=(outflow.code, outflow.name),
        plot_area=Area((size + ridges) * HUNDREDTH),
        cultivated_area=Area(size * HUNDREDTH),
        basic_area=Area(basic * HUNDREDTH),
        year=_weighted(rng, [(YEARS[0], 46), (YEARS[1], 54)]),
        kind=outflow.kind,
        restore=rng.choice(outflow.restore),
        longitude=_degrees(spot.longitude + rng.randint(-9_000, 9_000)),
        latitude=_degrees(spot.latitude + rng.randint(-8_000, 8_000)),
        remark=_weighted(rng, _REMARKS),
    )


def _sizes(rng: random.Random, count: int, total: int) -> list[int]:
    """Log-normal-like sizes in 0.01 mu that add up to the total exactly: products of whole numbers, then shares."""
    weights = [1] * count
    for place in range(count):
        for _factor in range(9):
            weights[place] *= rng.randint(55, 165)
    spare = total - count * _SMALLEST_HUNDREDTHS
    return [_SMALLEST_HUNDREDTHS + part for part in _split(spare, weights)]


def _split(whole: int, weights: Sequence[int]) -> list[int]:
    """Whole shares in proportion to the weights; what is left goes to the largest remainders, first come first."""
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for place in order[: whole - sum(parts)]:
        parts[place] += 1
    return parts


def _shares(divisions: Divisions, units: Sequence[Division], count: int) -> list[int]:
    pinned = sum(_PINNED.get(unit.code, _LEAST_OF_A_UNIT) for unit in units)
    weights = [0 if unit.code in _PINNED else len(_homes(divisions, unit)) for unit in units]
    parts = _split(count - pinned, weights)
    return [_PINNED.get(unit.code, _LEAST_OF_A_UNIT) + part for unit, part in zip(units, parts, strict=True)]


def _homes(divisions: Divisions, unit: Division) -> tuple[Division, ...]:
    """The villages that have fields: not the streets of a town, not units that exist on paper only."""
    villages = [item for item in divisions.children(unit) if "虚拟" not in item.name]
    rural = [item for item in villages if item.kind is not UnitKind.COMMUNITY]
    return tuple(rural or villages or divisions.children(unit))


def _numbers(rng: random.Random, villages: Sequence[Division], share: int) -> list[tuple[Division, list[int]]]:
    """How many plots each village has, and their numbers, which begin anew in each village."""
    parts = _split(share, [rng.randint(3, 14) for _village in villages])
    result = []
    for village, part in zip(villages, parts, strict=True):
        number = 0
        numbers = []
        for _plot_of_village in range(part):
            number += rng.randint(1, 23)
            numbers.append(number)
        result.append((village, numbers))
    return result


def _corner(rng: random.Random, around: Place, spread: int = 170_000) -> Place:
    return Place(
        around.province,
        around.city,
        around.longitude + rng.randint(-spread, spread),
        around.latitude + rng.randint(-spread, spread),
    )


def _degrees(millionths: int) -> str:
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"


def _weighted(rng: random.Random, choices: Sequence[tuple[T, int]]) -> T:
    point = rng.randrange(sum(share for _item, share in choices))
    for item, share in choices:
        point -= share
        if point < 0:
            return item
    raise AssertionError(choices)
