"""A plot that lies across the edge of two zones: the same outline, distances and directions from either of them."""

from __future__ import annotations

import pytest
from pyproj import Geod, Transformer
from shapely.geometry import Polygon

from gengdi_desktop.geo.numbers import Point, from_float
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.geo.systems import SIX_DEGREES, THREE_DEGREES, ZoneWidth, to_degrees, zone_system

_GEOD = Geod(ellps="GRS80")  # differs from CGCS2000 by a tenth of a millimetre at the pole
_HALF = 50.0
_MILLIMETRE = 1e-3

# An edge for each width of zone, in the middle of the country and at its ends in the north and in the south.
_EDGES = [
    (width, west, longitude, latitude)
    for width, west, longitude in (
        (THREE_DEGREES, 38, 115.5),
        (THREE_DEGREES, 39, 118.5),
        (THREE_DEGREES, 25, 76.5),
        (THREE_DEGREES, 44, 133.5),
        (SIX_DEGREES, 19, 114.0),
        (SIX_DEGREES, 20, 120.0),
    )
    for latitude in (18.5, 28.37, 53.0)
]


def _off(longitude: float, latitude: float, azimuth: float, metres: float) -> tuple[float, float]:
    east, north, _back = _GEOD.fwd(longitude, latitude, azimuth, metres)
    return east, north


def _corners(longitude: float, latitude: float) -> list[tuple[float, float]]:
    """A square of 100 m with the edge of the zones through its middle."""
    north, south = _off(longitude, latitude, 0, _HALF), _off(longitude, latitude, 180, _HALF)
    return [_off(*start, azimuth, _HALF) for start, azimuth in ((south, 270), (south, 90), (north, 90), (north, 270))]


def _through(width: ZoneWidth, zone: int, corners: list[tuple[float, float]], *, prefixed: bool) -> Outline:
    """The outline as it comes out of a file that is written in metres of a zone."""
    system = zone_system(width, zone, prefixed=prefixed)
    assert system is not None
    into = Transformer.from_crs(4490, system.epsg, always_xy=True)
    metres = [into.transform(*corner) for corner in corners]
    return Outline(Polygon([[value / 1e9 for value in to_degrees(system, *one)] for one in metres]))


def _point(place: tuple[float, float]) -> Point:
    return Point(from_float(place[0]), from_float(place[1]))


@pytest.mark.parametrize("prefixed", [True, False])
@pytest.mark.parametrize(("width", "west", "longitude", "latitude"), _EDGES)
def test_either_zone_gives_the_same_answers(
    width: ZoneWidth, west: int, longitude: float, latitude: float, *, prefixed: bool
) -> None:
    corners = _corners(longitude, latitude)
    for zone in (west, west + 1):
        outline = _through(width, zone, corners, prefixed=prefixed)
        assert abs(outline.area().micro_mu - 15 * 10**6) < 15 * 10**3, "100 m by 100 m is 15 mu"
        for azimuth, towards in ((90, 270), (270, 90)):
            inside = _point(_off(longitude, latitude, azimuth, 49.9))
            assert outline.distance(inside) == 0.0
            assert outline.seen_from(inside) is None
            outside = _point(_off(longitude, latitude, azimuth, 90.0))
            assert outline.distance(outside) == pytest.approx(40.0, abs=0.02)
            seen = outline.seen_from(outside)
            assert seen is not None
            first, last = seen
            assert (last - first) % 360_000 == pytest.approx(102_680, abs=150), "50 m to each side at 40 m"
            assert (first + ((last - first) % 360_000) // 2) % 360_000 == pytest.approx(towards * 1000, abs=150)


@pytest.mark.parametrize(("width", "west", "longitude", "latitude"), _EDGES)
def test_both_zones_place_the_plot_within_a_millimetre(
    width: ZoneWidth, west: int, longitude: float, latitude: float
) -> None:
    corners = _corners(longitude, latitude)
    one, other = (_through(width, zone, corners, prefixed=True) for zone in (west, west + 1))
    for mine, its in zip(one.shape.exterior.coords, other.shape.exterior.coords, strict=True):
        assert _GEOD.inv(*mine, *its)[2] < _MILLIMETRE
