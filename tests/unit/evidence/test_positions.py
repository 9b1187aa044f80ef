"""Which plot a place belongs to: inside one outline, clearly nearest to one plot, or nobody knows."""

from __future__ import annotations

import pytest
import shapely

from gengdi_desktop.domain.states import State
from gengdi_desktop.evidence.positions import PlotPlaces
from gengdi_desktop.geo.numbers import Point
from gengdi_desktop.geo.outlines import Box
from gengdi_desktop.ledger.outlines import PlotOutline

NANO = 10**9
EAST, NORTH = 116.2, 28.3
METRE_EAST, METRE_NORTH = 1 / 98_100, 1 / 110_850
"""Degrees of a metre at this latitude, roughly."""


def place(east: float, north: float) -> tuple[int, int]:
    """So many metres east and north of the middle of everything."""
    return round((EAST + east * METRE_EAST) * NANO), round((NORTH + north * METRE_NORTH) * NANO)


def middle(plot: str, east: float, north: float, village: str = "白圩村", state: State = State.ISSUED) -> PlotOutline:
    """A plot of which only the middle is known."""
    return PlotOutline(plot, village, plot, state, b"", None, Point(*place(east, north)), "")


def square(
    plot: str, west: float, south: float, side: float, hole: float = 0, state: State = State.ISSUED
) -> PlotOutline:
    """A square plot, with a square hole in its middle."""
    corners = [place(west + x * side, south + y * side) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    shape = shapely.Polygon([(x / NANO, y / NANO) for x, y in corners])
    if hole:
        start = (side - hole) / 2
        inner = [place(west + start + x * hole, south + start + y * hole) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
        shape = shape.difference(shapely.Polygon([(x / NANO, y / NANO) for x, y in inner]))
    (left, low), (right, high) = corners[0], corners[2]
    centre = Point((left + right) // 2, (low + high) // 2)
    return PlotOutline(plot, "白圩村", plot, state, shapely.to_wkb(shape), Box(left, low, right, high), centre, "")


def found(plots: list[PlotOutline], east: float, north: float, village: str = "") -> tuple[tuple[str, ...], str]:
    """Plots and words for a place."""
    placed = PlotPlaces({one.plot: one for one in plots}).find(place(east, north), frozenset({village} - {""}))
    return placed.plots, placed.how


A, B = square("a", 0, 0, 100), square("b", 100, 0, 100)


@pytest.mark.parametrize(
    ("east", "north", "plots"),
    [
        (50, 50, ("a",)),
        (99, 99, ("a",)),
        (101, 50, ("b",)),
        (-60, 50, ("a",)),
        (-190, 50, ("a", "b")),
        (-210, 50, ()),
        (100, 140, ("a", "b")),
        (50, 140, ("a", "b")),
        (20, 130, ("a",)),
    ],
)
def test_inside_one_or_clearly_nearest(east: float, north: float, plots: tuple[str, ...]) -> None:
    assert tuple(sorted(found([A, B], east, north)[0])) == plots


def test_the_reach_ends_at_two_hundred_metres() -> None:
    assert found([A], -199, 50)[0] == ("a",)
    assert found([A], -202, 50)[0] == ()


def test_words_say_how_it_was_told() -> None:
    assert found([A], 50, 50)[1] == "按位置：在图斑范围内"
    assert found([A], 50, 130)[1] == "按位置：离图斑30米"
    assert found([A], 50, 400)[1] == "位置200米以内没有图斑"
    assert found([A, square("c", 40, 40, 20)], 50, 50) == (("a", "c"), "位置同时在2个图斑范围内")


def test_a_hole_is_not_inside() -> None:
    plots, how = found([square("h", 0, 0, 100, hole=40)], 50, 50)
    assert (plots, how) == (("h",), "按位置：离图斑20米")
    assert found([square("h", 0, 0, 100, hole=40), square("i", 30, 30, 40)], 50, 50)[0] == ("i",)


def test_middles_serve_where_there_is_no_outline() -> None:
    far = middle("q", 400, 0)
    assert found([middle("p", 0, 0), far], 30, 0)[0] == ("p",)
    assert set(found([middle("p", 0, 0), middle("q", 90, 0)], 40, 0)[0]) == {"p", "q"}
    assert found([far], 30, 0)[0] == ()


def test_plots_that_are_split_or_cancelled_are_nobodys_place() -> None:
    gone = [square("s", 0, 0, 100, state=State.SPLIT), square("t", 0, 0, 100, state=State.CANCELLED)]
    assert found([*gone, square("c", 0, 0, 50)], 25, 25)[0] == ("c",)


def test_a_village_narrows_and_an_empty_ledger_knows_nothing() -> None:
    both = [middle("p", 0, 0), middle("q", 10, 0, village="连桥村")]
    assert found(both, 5, 0, "连桥")[0] == ("q",)
    assert found([], 0, 0)[0] == ()
