"""The coordinate systems of CGCS2000: geographic, and the Gauss-Krüger zones of three and six degrees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from gengdi_desktop.geo.numbers import NANO, from_float

if TYPE_CHECKING:
    from pyproj import Transformer

GEOGRAPHIC_CODE: Final = 4490
WGS84_CODE: Final = 4326
ZONE_STEP: Final = 1_000_000


class ZoneWidth(NamedTuple):
    """A family of zones: how wide they are, which there are, and the EPSG codes of the first."""

    degrees: int
    first: int
    last: int
    with_prefix: int
    without_prefix: int


THREE_DEGREES: Final = ZoneWidth(3, 25, 45, 4513, 4534)
SIX_DEGREES: Final = ZoneWidth(6, 13, 23, 4491, 4502)


@dataclass(frozen=True, slots=True)
class CoordinateSystem:
    """One system of CGCS2000.

    Args:
        epsg: Its EPSG code.
        width: Width of the zone in degrees; 0 for longitude and latitude.
        zone: Number of the zone; 0 for longitude and latitude.
        prefixed: Whether eastings begin with the number of the zone.
    """

    epsg: int
    width: int = 0
    zone: int = 0
    prefixed: bool = False

    @property
    def code(self) -> str:
        """The name under which tables keep it: ``EPSG:4527``."""
        return f"EPSG:{self.epsg}"

    @property
    def central_meridian(self) -> int:
        """Degrees east; 0 for longitude and latitude."""
        return self.zone * 3 if self.width == THREE_DEGREES.degrees else max(self.zone * 6 - 3, 0)

    @property
    def label(self) -> str:
        """The Chinese name."""
        if not self.zone:
            return "2000 国家大地坐标系（经纬度）"
        prefix = "带号在前" if self.prefixed else "不带带号"
        width = "3 度带" if self.width == THREE_DEGREES.degrees else "6 度带"
        return f"2000 国家大地坐标系 {width}第 {self.zone} 带（中央经线 {self.central_meridian}°，{prefix}）"


GEOGRAPHIC: Final = CoordinateSystem(GEOGRAPHIC_CODE)


def zone_system(width: ZoneWidth, zone: int, *, prefixed: bool) -> CoordinateSystem | None:
    """The system of a zone; None where the country has no such zone."""
    if not width.first <= zone <= width.last:
        return None
    first = width.with_prefix if prefixed else width.without_prefix
    return CoordinateSystem(first + zone - width.first, width.degrees, zone, prefixed)


def three_degree_zone(longitude: int) -> int:
    """The zone of three degrees in which a longitude (10⁻⁹ degree) lies; an edge belongs to the zone east of it."""
    return (2 * longitude + 3 * NANO) // (6 * NANO)


@cache
def systems() -> dict[int, CoordinateSystem]:
    """All 64 zone systems and the geographic one, by EPSG code."""
    zones = (
        zone_system(width, zone, prefixed=prefixed)
        for width in (THREE_DEGREES, SIX_DEGREES)
        for prefixed in (True, False)
        for zone in range(width.first, width.last + 1)
    )
    return {GEOGRAPHIC_CODE: GEOGRAPHIC} | {one.epsg: one for one in zones if one is not None}


def to_degrees(system: CoordinateSystem, easting: float, northing: float) -> tuple[int, int]:
    """Longitude and latitude in 10⁻⁹ degree of a point of a zone, or of a point in degrees."""
    if system.epsg == GEOGRAPHIC_CODE:
        return from_float(easting), from_float(northing)
    longitude, latitude = transformer(system.epsg).transform(easting, northing)
    return from_float(longitude), from_float(latitude)


@cache
def transformer(epsg: int) -> Transformer:
    """From a system of CGCS2000 to longitude and latitude; never asks the network."""
    from pyproj import Transformer  # takes a fifth of a second: only where there is something to transform
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]  # it is public, and not said to be

    set_network_enabled(active=False)
    return Transformer.from_crs(epsg, GEOGRAPHIC_CODE, always_xy=True)
