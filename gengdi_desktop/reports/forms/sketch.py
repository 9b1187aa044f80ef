"""A sketch of where a plot lies: its outline among its neighbours, to scale, north up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gengdi_desktop.geo.outlines import metres_of_degree

Point = tuple[float, float]
_SCALES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_BARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_SHARE = 0.65
"""Of the room that the plot itself may take, so that its neighbours are seen."""


@dataclass(frozen=True, slots=True)
class SketchShape:
    """An outline in metres east and north of the sketch's middle.

    Args:
        rings: Closed rings, outer and inner ones.
        words: The number written on it; may be empty.
        own: Whether it is the plot itself.
    """

    rings: tuple[tuple[Point, ...], ...]
    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class SketchMap:
    """What a sketch shows.

    Args:
        shapes: Neighbours first, the plot last.
        dots: Plots of which only a middle is known, with their numbers.
        place: The middle in words.
    """

    shapes: tuple[SketchShape, ...]
    dots: tuple[tuple[Point, str], ...]
    place: str


def moved_to(rings: Iterable[Sequence[Point]], middle: Point) -> tuple[tuple[Point, ...], ...]:
    """Rings of degrees as metres east and north of a middle."""
    east, north = metres_of_degree(middle[1])
    return tuple(tuple(((x - middle[0]) * east, (y - middle[1]) * north) for x, y in ring) for ring in rings)


def fitting_scale(sketch: SketchMap, width: float, height: float) -> int:
    """The roundest scale at which the plot takes about half of a room, given in metres of paper: 1000 means 1:1000."""
    points = [point for shape in sketch.shapes if shape.own for ring in shape.rings for point in ring]
    if not points:
        return 2000
    across = 2 * max(abs(x) for x, _ in points)
    along = 2 * max(abs(y) for _, y in points)
    needed = max(across / (width * _SHARE), along / (height * _SHARE), 1.0)
    return next((scale for scale in _SCALES if scale >= needed), _SCALES[-1])


def bar_metres(scale: int, paper: float) -> int:
    """The length of a scale bar that takes at most ``paper`` metres: a round number of metres."""
    most = scale * paper
    return max((length for length in _BARS if length <= most), default=1)
