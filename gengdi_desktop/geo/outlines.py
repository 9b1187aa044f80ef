"""The outline of a plot, and what can be asked of it: is a point inside, how far off, how much do two cover."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any, Final, NamedTuple, Self

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.geo.areas import ECCENTRICITY_2, SEMI_MAJOR, ellipsoidal_areas
from gengdi_desktop.geo.coordinates import azimuth, distance
from gengdi_desktop.geo.numbers import NANO, Point, from_float, to_float

MOST_VERTICES: Final = 200_000
"""More corners has no plot; asking anything of such a shape would stop the window."""

_DECIMALS: Final = 9
_POLYGONS: Final = frozenset({"Polygon", "MultiPolygon"})
_CIRCLE: Final = 360_000


class Box(NamedTuple):
    """The smallest box around a shape, in 10⁻⁹ degree."""

    west: int
    south: int
    east: int
    north: int

    def meets(self, other: Box) -> bool:
        """Whether two boxes share anything."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


class Outline:
    """A polygon, or several, with holes: CGCS2000 longitude and latitude.

    What was given is kept as it was; a ring that crosses itself is mended only to answer questions.

    Args:
        shape: A polygon or several of shapely's, in degrees.

    Raises:
        RuleError: ``no_outline``, ``outline_damaged``, ``outline_too_fine``.
    """

    def __init__(self, shape: BaseGeometry) -> None:
        if shape.geom_type not in _POLYGONS or shape.is_empty:
            raise RuleError("no_outline", "这个图形不是面，不能当图斑的边界。")
        if shapely.get_num_coordinates(shape) > MOST_VERTICES:
            raise RuleError("outline_too_fine", f"这个图形的折点超过 {MOST_VERTICES} 个，不能当图斑的边界。")
        if not all(map(math.isfinite, shape.bounds)):
            raise RuleError("outline_damaged", "这个图形的坐标不是数，读不出来。")
        self.shape = shape

    @classmethod
    def from_wkb(cls, data: bytes) -> Self:
        """The outline of well-known bytes.

        Raises:
            RuleError: ``outline_damaged``, and what the class raises.
        """
        try:
            shape = shapely.from_wkb(data)
        except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
            raise RuleError("outline_damaged", "这个图形的数据坏了，读不出来。", str(error)) from error
        return cls(shape)

    @property
    def wkb(self) -> bytes:
        """Well-known bytes, flat, in the order of small ends."""
        return bytes(shapely.to_wkb(self.shape, output_dimension=2, byte_order=1))

    @cached_property
    def box(self) -> Box:
        """The smallest box around it."""
        return Box(*map(from_float, self.shape.bounds))

    @property
    def trouble(self) -> str:
        """What is wrong with its rings, in Chinese; empty where nothing is."""
        return "" if self.shape.is_valid else "边界自己相交或重叠"

    @property
    def parts(self) -> int:
        """Of how many separate polygons it consists."""
        return int(shapely.get_num_geometries(self.shape))

    @cached_property
    def _sound(self) -> BaseGeometry:
        sound: BaseGeometry = polygons_of(self.shape)
        shapely.prepare(sound)
        return sound

    def area(self) -> Area:
        """The area on the ellipsoid; for comparing with the issued one, never instead of it."""
        return Area(int(ellipsoidal_areas(np.array([self._sound], dtype=object))[0]))

    def centre(self) -> Point:
        """A place inside of it, the middle where that lies inside."""
        middle = self._sound.centroid
        inside = middle if self._sound.covers(middle) else self._sound.representative_point()
        return Point(from_float(inside.x), from_float(inside.y))

    def holds(self, point: Point) -> bool:
        """Whether a place lies inside or on the edge; a hole is outside."""
        return bool(self._sound.covers(_shape(point)))

    def nearest(self, point: Point) -> Point:
        """The place of the edge that is nearest, also from inside."""
        near, _there = shapely.shortest_line(_flat(self._sound, point).boundary, shapely.Point(0, 0)).coords
        east, north = metres_of_degree(to_float(point.latitude))
        return Point(point.longitude + round(near[0] / east * NANO), point.latitude + round(near[1] / north * NANO))

    def distance(self, point: Point) -> float:
        """Metres to the nearest place of it; 0 inside and on the edge."""
        return 0.0 if self.holds(point) else distance(point, self.nearest(point))

    def seen_from(self, point: Point) -> tuple[int, int] | None:
        """Between which directions (10⁻³ degree, clockwise) it is seen from a place; None from inside."""
        if self.holds(point):
            return None
        middle = azimuth(point, self.centre()) or 0
        corners = shapely.get_coordinates(_flat(self._sound, point))
        turns = (np.degrees(np.arctan2(corners[:, 0], corners[:, 1])) * 1000 - middle + _CIRCLE / 2) % _CIRCLE
        turns -= _CIRCLE / 2
        return (middle + round(float(turns.min()))) % _CIRCLE, (middle + round(float(turns.max()))) % _CIRCLE

    def overlap(self, other: Outline) -> float:
        """Which share of this outline the other one covers, from 0 to 1."""
        if not self.box.meets(other.box):
            return 0.0
        return float(covered_shares(np.array([self._sound], dtype=object), np.array([other._sound], dtype=object))[0])


def polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """The shape with its rings mended, without the lines and points that mending leaves behind."""
    if shape.is_valid:
        return shape
    mended = shapely.make_valid(shape)
    faces = [part for part in shapely.get_parts([mended]) if part.geom_type in _POLYGONS]
    found: BaseGeometry = shapely.union_all(faces) if faces else shapely.Polygon()
    return found


def rounded(shapes: Any) -> Any:
    """Shapes with their degrees rounded as they are kept: 10⁻⁹ degree, a tenth of a millimetre."""
    return shapely.transform(shapes, lambda degrees: np.round(degrees, _DECIMALS))


def covered_shares(ones: Any, others: Any) -> Any:
    """Which share of each shape its partner covers; sound shapes in degrees, in arrays of one length."""
    common = ellipsoidal_areas(shapely.intersection(ones, others)).astype(float)
    whole = ellipsoidal_areas(ones).astype(float)
    return np.divide(common, whole, out=np.zeros(len(common)), where=whole > 0)


def _shape(point: Point) -> shapely.Point:
    return shapely.Point(to_float(point.longitude), to_float(point.latitude))


def metres_of_degree(latitude: float) -> tuple[float, float]:
    """How long a degree is towards east and towards north."""
    sine = math.sin(math.radians(latitude))
    square = 1 - ECCENTRICITY_2 * sine * sine
    across = SEMI_MAJOR / math.sqrt(square)
    along = across * (1 - ECCENTRICITY_2) / square
    return math.radians(across * math.cos(math.radians(latitude))), math.radians(along)


def _flat(shape: BaseGeometry, point: Point) -> BaseGeometry:
    """The shape in metres around a place, true near to it."""
    scale = np.array(metres_of_degree(to_float(point.latitude)))
    origin = np.array([to_float(point.longitude), to_float(point.latitude)])
    flat: BaseGeometry = shapely.transform(shape, lambda degrees: (degrees - origin) * scale)
    return flat
