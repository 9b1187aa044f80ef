"""What a pair of numbers says of a place: told by their size, never by their heads; distances on the ellipsoid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.geo.numbers import NANO, Point, degrees, number, split_pair, to_float
from gengdi_desktop.geo.systems import (
    GEOGRAPHIC,
    SIX_DEGREES,
    THREE_DEGREES,
    ZONE_STEP,
    CoordinateSystem,
    three_degree_zone,
    to_degrees,
    zone_system,
)

if TYPE_CHECKING:
    from pyproj import Geod

MILLI: Final = 1000
"""Directions count 10⁻³ degree."""

LONGITUDES: Final = (73, 136)
LATITUDES: Final = (3, 54)
NORTHINGS: Final = (1_800_000, 6_000_000)
EASTINGS: Final = (100_000, 900_000)
THREE_DEGREE_EASTINGS: Final = (25_000_000, 46_000_000)
SIX_DEGREE_EASTINGS: Final = (13_000_000, 24_000_000)
TOLERATED: Final = 20_000
"""So many metres outside of the county a point is still believed: counties have exclaves, and the table is rough."""

METRES_OF_DEGREE: Final = 112_000
"""No degree of a great circle is longer: what is inside by this needs no ellipsoid to be inside."""

_CIRCLE: Final = 360 * MILLI
_SEMI_MAJOR, _FLATTENING = 6_378_137.0, 298.257222101


@dataclass(frozen=True, slots=True)
class Reading:
    """What two numbers say.

    Args:
        longitude: CGCS2000, in 10⁻⁹ degree; None where the numbers name no place.
        latitude: CGCS2000, in 10⁻⁹ degree.
        system: The system in which the numbers are written; None where it cannot be told.
        swapped: Whether the first number is the northern one: the survey's own way, X north and Y east.
        problem: Code and Chinese sentence; ``outside`` comes with a place all the same, the others without.
    """

    longitude: int | None = None
    latitude: int | None = None
    system: CoordinateSystem | None = None
    swapped: bool = False
    problem: tuple[str, str] | None = None

    @property
    def point(self) -> Point | None:
        """The place; None where there is none."""
        if self.longitude is None or self.latitude is None:
            return None
        return Point(self.longitude, self.latitude)


def read_coordinates(first: str, second: str, near: Locality | None = None) -> Reading:
    """Tell a place from two texts, whatever their order and unit.

    Args:
        first: As written: ``116.2757``, ``116°16′32.5″``, ``39428441.52``, ``３１３９６６２``.
        second: The other one.
        near: Where it is expected; tells the zone of eastings without a number, and doubts what lies far away.
    """
    one, other = degrees(first), degrees(second)
    if one is not None and other is not None:
        swapped = _inside(one, LATITUDES, NANO) and _inside(other, LONGITUDES, NANO)
        if swapped:
            one, other = other, one
        if _inside(one, LONGITUDES, NANO) and _inside(other, LATITUDES, NANO):
            return _placed(Point(one, other), GEOGRAPHIC, near, swapped=swapped)
    metres = number(first), number(second)
    if metres[0] is None or metres[1] is None:
        return Reading(problem=("unreadable", "这不是坐标"))
    return _read_metres(metres[0], metres[1], near)


def read_coordinate_text(text: str, near: Locality | None = None) -> Reading:
    """Tell a place from one text that holds both numbers: ``116.2757,28.3712``."""
    pair = split_pair(text)
    return read_coordinates(*pair, near) if pair else Reading(problem=("unreadable", "这不是坐标"))


def system_of_numbers(easting: float, northing: float, near: Locality | None) -> CoordinateSystem | None:
    """The system of a point by its size alone; None where it cannot be told. Expects east first."""
    if LONGITUDES[0] <= easting <= LONGITUDES[1] and LATITUDES[0] <= northing <= LATITUDES[1]:
        return GEOGRAPHIC
    if not NORTHINGS[0] <= northing <= NORTHINGS[1]:
        return None
    if EASTINGS[0] <= easting <= EASTINGS[1]:
        return _zone_near(easting, northing, near)
    for width, (low, high) in ((THREE_DEGREES, THREE_DEGREE_EASTINGS), (SIX_DEGREES, SIX_DEGREE_EASTINGS)):
        if low <= easting < high and EASTINGS[0] <= easting % ZONE_STEP <= EASTINGS[1]:
            return zone_system(width, int(easting // ZONE_STEP), prefixed=True)
    return None


def _read_metres(first: Decimal, second: Decimal, near: Locality | None) -> Reading:
    swapped = NORTHINGS[0] <= first <= NORTHINGS[1] and _is_easting(second)
    easting, northing = (second, first) if swapped else (first, second)
    if not (NORTHINGS[0] <= northing <= NORTHINGS[1] and _is_easting(easting)):
        return Reading(problem=("not_in_country", "两个数合起来不是国内的坐标"))
    system = system_of_numbers(float(easting), float(northing), near)
    if system is None:
        if easting <= EASTINGS[1]:
            return Reading(swapped=swapped, problem=("zone_unknown", "坐标没有带号，也不知道本县的中央经线"))
        return Reading(swapped=swapped, problem=("not_in_country", "两个数合起来不是国内的坐标"))
    return _placed(Point(*to_degrees(system, float(easting), float(northing))), system, near, swapped=swapped)


def _is_easting(value: Decimal) -> bool:
    return (
        EASTINGS[0] <= value <= EASTINGS[1]
        or THREE_DEGREE_EASTINGS[0] <= value < THREE_DEGREE_EASTINGS[1]
        or SIX_DEGREE_EASTINGS[0] <= value < SIX_DEGREE_EASTINGS[1]
    )


def _zone_near(easting: float, northing: float, near: Locality | None) -> CoordinateSystem | None:
    """The zone of an easting without a number: the one that puts the point nearest to where it is expected.

    Every central meridian of the zones of six degrees is one of three degrees too, so these are asked alone.
    """
    if near is None:
        return None
    zone = three_degree_zone(near.centre.longitude)
    found = [
        system
        for one in (zone - 1, zone, zone + 1)
        if (system := zone_system(THREE_DEGREES, one, prefixed=False)) is not None
    ]
    places = {system: Point(*to_degrees(system, easting, northing)) for system in found}
    return min(found, key=lambda system: distance(places[system], near.centre), default=None)


def _placed(point: Point, system: CoordinateSystem, near: Locality | None, *, swapped: bool) -> Reading:
    beyond = metres_outside(point, near)
    problem = None
    if near is not None and beyond > TOLERATED:
        problem = ("outside", f"坐标不在{near.name}范围，离得最近也有 {beyond // 1000} 公里")
    return Reading(*point, system, swapped, problem)


def metres_outside(point: Point, near: Locality | None) -> int:
    """How many metres a point lies outside of where it is expected; 0 inside, and where nothing is known."""
    if near is None:
        return 0
    flat = math.hypot(
        (point.longitude - near.centre.longitude) * math.cos(math.radians(to_float(point.latitude))),
        point.latitude - near.centre.latitude,
    )
    if flat / NANO * METRES_OF_DEGREE < near.reach:
        return 0
    return max(0, int(distance(point, near.centre)) - near.reach)


def _inside(value: int, bounds: tuple[int, int], unit: int) -> bool:
    return bounds[0] * unit <= value <= bounds[1] * unit


# -------------------------------------------------------------------------------------------------- on the ellipsoid


def distance(one: Point, other: Point) -> float:
    """Metres between two places, along the ellipsoid of CGCS2000."""
    return _inverse(one, other)[1]


def azimuth(one: Point, other: Point) -> int | None:
    """The direction from one place to another in 10⁻³ degree, clockwise from north; None where they are one place."""
    if one == other:
        return None
    return round(_inverse(one, other)[0] * MILLI) % _CIRCLE


def _inverse(one: Point, other: Point) -> tuple[float, float]:
    """Direction in degrees and metres from one place to another."""
    forward, _back, metres = geod().inv(
        to_float(one.longitude), to_float(one.latitude), to_float(other.longitude), to_float(other.latitude)
    )
    return float(forward), float(metres)


@cache
def geod() -> Geod:
    """The ellipsoid of CGCS2000."""
    from pyproj import Geod  # takes a fifth of a second: only where something is measured

    return Geod(a=_SEMI_MAJOR, rf=_FLATTENING)
