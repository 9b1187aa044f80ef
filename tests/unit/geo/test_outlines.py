"""Outlines with holes and parts: inside, distance, area, overlap; broken rings are mended for questions only."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.geo.numbers import NANO, Point
from gengdi_desktop.geo.outlines import MOST_VERTICES, Outline

WEST, SOUTH = 116.27, 28.37
STEP = 0.001  # about 98 m towards east and 111 m towards north
GEOD = Geod(a=6378137, rf=298.257222101)


def ring(x: float, y: float, width: float = 1, height: float = 1) -> list[tuple[float, float]]:
    """A rectangle in steps from the corner."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return [(WEST + STEP * one, SOUTH + STEP * other) for one, other in corners]


def at(x: float, y: float) -> Point:
    return Point(round((WEST + STEP * x) * NANO), round((SOUTH + STEP * y) * NANO))


SQUARE = Outline(shapely.Polygon(ring(0, 0)))
HOLED = Outline(shapely.Polygon(ring(0, 0, 3, 3), [ring(1, 1)]))
PARTS = Outline(shapely.MultiPolygon([shapely.Polygon(ring(0, 0)), shapely.Polygon(ring(2, 0))]))


@pytest.mark.parametrize(
    ("outline", "place", "inside"),
    [
        (SQUARE, (0.5, 0.5), True),
        (SQUARE, (0, 0), True),
        (SQUARE, (0.5, 0), True),
        (SQUARE, (0.5, -0.001), False),
        (SQUARE, (1.001, 0.5), False),
        (HOLED, (0.5, 0.5), True),
        (HOLED, (1.5, 1.5), False),
        (HOLED, (1, 1.5), True),
        (PARTS, (0.5, 0.5), True),
        (PARTS, (1.5, 0.5), False),
        (PARTS, (2.5, 0.5), True),
    ],
)
def test_inside_edge_and_hole(outline: Outline, place: tuple[float, float], *, inside: bool) -> None:
    point = at(*place)
    assert outline.holds(point) is inside
    assert (outline.distance(point) == 0) is inside


@pytest.mark.parametrize(
    ("outline", "place", "metres"),
    [
        (SQUARE, (0.5, -1), 110.836),
        (SQUARE, (2, 0.5), 97.97),
        (SQUARE, (-1, 0.5), 97.97),
        (SQUARE, (2, 2), 147.9),
        (HOLED, (1.5, 1.25), 27.71),
        (PARTS, (1.5, 0.5), 48.98),
        (SQUARE, (101, 0.5), 9797),
    ],
)
def test_metres_to_the_nearest_edge(outline: Outline, place: tuple[float, float], metres: float) -> None:
    assert outline.distance(at(*place)) == pytest.approx(metres, rel=0.001)


def test_the_nearest_place_of_the_edge_also_from_inside() -> None:
    assert SQUARE.nearest(at(0.5, -1)) == at(0.5, 0)
    near = SQUARE.nearest(at(0.9, 0.5))
    assert near.longitude == pytest.approx(at(1, 0.5).longitude, abs=20)
    assert near.latitude == pytest.approx(at(1, 0.5).latitude, abs=20)


def test_the_area_is_that_of_the_ellipsoid_with_holes_taken_off() -> None:
    def square_metres(shape: shapely.Polygon) -> float:
        return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])

    for outline in (SQUARE, HOLED):
        assert isinstance(outline.shape, shapely.Polygon)
        wanted = square_metres(shapely.Polygon(outline.shape.exterior))
        wanted -= sum(square_metres(shapely.Polygon(hole)) for hole in outline.shape.interiors)
        assert outline.area().micro_mu == pytest.approx(wanted * 1500, rel=1e-6)
    assert PARTS.area().micro_mu == pytest.approx(2 * SQUARE.area().micro_mu, abs=2)


@given(st.integers(3, 60), st.floats(0.0001, 0.02), st.floats(75, 134), st.floats(4, 53))
def test_areas_agree_with_geodesics(corners: int, size: float, x: float, y: float) -> None:
    shape = shapely.Point(x, y).buffer(size, quad_segs=corners)
    geodesic = abs(GEOD.geometry_area_perimeter(shape)[0])
    assert Outline(shape).area().micro_mu == pytest.approx(geodesic * 1500, rel=2e-5, abs=2)


def test_well_known_bytes_come_back() -> None:
    for outline in (SQUARE, HOLED, PARTS):
        again = Outline.from_wkb(outline.wkb)
        assert again.wkb == outline.wkb
        assert again.box == outline.box
    assert (HOLED.box.west, HOLED.box.south) == (116_270_000_000, 28_370_000_000)
    high = shapely.to_wkb(shapely.Polygon([(*corner, 12.5) for corner in ring(0, 0)]))
    assert Outline.from_wkb(high).wkb == SQUARE.wkb
    assert PARTS.parts == 2


def test_a_ring_that_crosses_itself_is_kept_and_mended_for_questions() -> None:
    bow = shapely.Polygon([ring(0, 0)[at] for at in (0, 2, 1, 3)])
    outline = Outline(bow)
    assert outline.trouble
    assert not SQUARE.trouble
    assert outline.wkb == shapely.to_wkb(bow, byte_order=1)
    # Two triangles, a quarter of the square each.
    assert outline.area().micro_mu == pytest.approx(SQUARE.area().micro_mu / 2, rel=0.001)
    assert outline.holds(at(0.5, 0.2)) != outline.holds(at(0.2, 0.5))


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (shapely.Point(1, 1), "no_outline"),
        (shapely.LineString([(0, 0), (1, 1)]), "no_outline"),
        (shapely.Polygon(), "no_outline"),
        (shapely.GeometryCollection(), "no_outline"),
        (shapely.Polygon([(0, 0), (1, float("inf")), (1, 1)]), "outline_damaged"),
    ],
)
def test_what_is_no_outline_is_refused(shape: shapely.Geometry, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        Outline(shape)
    assert caught.value.code == code


def test_bytes_that_are_none_and_shapes_without_end_are_refused() -> None:
    for data in (b"", b"\x01\x03", SQUARE.wkb[:-5], b"not a shape at all"):
        with pytest.raises(RuleError, match="坏了"):
            Outline.from_wkb(data)
    with pytest.raises(RuleError, match="折点"):
        Outline(shapely.Polygon([(116 + at / MOST_VERTICES, at % 2) for at in range(MOST_VERTICES)]))


def test_the_share_that_another_outline_covers() -> None:
    shifted = Outline(shapely.Polygon(ring(0.25, 0)))
    assert SQUARE.overlap(shifted) == pytest.approx(0.75, abs=1e-6)
    assert SQUARE.overlap(HOLED) == pytest.approx(1, abs=1e-6)
    assert HOLED.overlap(SQUARE) == pytest.approx(1 / 8, abs=1e-4)
    assert SQUARE.overlap(Outline(shapely.Polygon(ring(5, 5)))) == 0
    assert SQUARE.overlap(Outline(shapely.Polygon(ring(1, 0)))) == 0


def test_between_which_directions_a_plot_is_seen() -> None:
    assert SQUARE.seen_from(at(0.5, 0.5)) is None
    south = SQUARE.seen_from(at(0.5, -1))
    assert south is not None
    left, right = south
    # From one step south of the middle of the edge: the near corners stand 23.8 degrees to either side.
    assert left == pytest.approx(360_000 - 23_840, abs=60)
    assert right == pytest.approx(23_840, abs=60)


def test_the_centre_lies_inside() -> None:
    bent = Outline(shapely.Polygon(ring(0, 0, 3, 3)).difference(shapely.Polygon(ring(0.5, 0, 3, 2.5))))
    for outline in (SQUARE, HOLED, PARTS, bent):
        assert outline.holds(outline.centre())
    assert SQUARE.area() > Area.ZERO
