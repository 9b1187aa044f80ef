"""All plots of a ledger as arrays for a map: outlines and middles in metres around one place, photos where they stood.

A hundred thousand outlines are read, unpacked and moved as a whole; none becomes an object of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from gengdi_desktop.domain.states import State
from gengdi_desktop.geo.numbers import NANO, Point, to_float
from gengdi_desktop.geo.outlines import metres_of_degree

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

STATES: Final = tuple(State)
"""The states by the numbers that :attr:`PlotMap.states` holds."""

_PLOTS: Final = (
    "SELECT p.id, p.village, p.plot_no, p.state, coalesce(p.centre_longitude, (s.west + s.east) / 2), "
    "coalesce(p.centre_latitude, (s.south + s.north) / 2), s.outline "
    "FROM plot p LEFT JOIN plot_shape s ON s.id = p.id "
    "WHERE s.id IS NOT NULL OR (p.centre_longitude IS NOT NULL AND p.centre_latitude IS NOT NULL) "
    "ORDER BY p.position, p.id"
)
_PHOTOS: Final = (
    "SELECT a.plot_id, min(a.id), coalesce(f.said_longitude, f.longitude), coalesce(f.said_latitude, f.latitude), "
    "coalesce(f.said_direction, f.direction) FROM attachment a JOIN photo f ON f.id = a.file_id "
    "WHERE a.removed = 0 AND coalesce(f.said_longitude, f.longitude) IS NOT NULL "
    "GROUP BY a.plot_id, f.id ORDER BY 2"
)


@dataclass(frozen=True, eq=False)
class PlotMap:
    """What a map shows.

    Attributes:
        ids: Own ids, in the ledger's order.
        names: Village and number of each.
        states: Of each, its place in :data:`STATES`.
        middles: Metres east and north of the origin, (plots, 2).
        boxes: West, south, east, north of each in metres, (plots, 4); a plot without an outline is its middle.
        corners: Metres of all corners of all rings, one after the other, (corners, 2).
        ring_ends: Behind the last corner of each ring.
        ring_plots: The plot of each ring, ascending.
        origin: The place from which metres count.
        photos: Own id of the plot and number of the attachment, of each photo that knows its place.
        photo_places: Where they stood, (photos, 2).
        photo_directions: 10⁻³ degree clockwise from north; -1 where not known.
    """

    ids: Sequence[str]
    names: Sequence[tuple[str, str]]
    states: npt.NDArray[np.int8]
    middles: Floats
    boxes: Floats
    corners: Floats
    ring_ends: Places
    ring_plots: Places
    origin: Point
    photos: Sequence[tuple[str, int]]
    photo_places: Floats
    photo_directions: Places

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north of everything; a square of 100 metres where there is nothing."""
        if not self.ids:
            return -50.0, -50.0, 50.0, 50.0
        west, south = self.boxes[:, :2].min(axis=0)
        east, north = self.boxes[:, 2:].max(axis=0)
        return float(west), float(south), float(east), float(north)

    def rings(self, plot: int) -> list[Floats]:
        """The rings of one plot, by its number."""
        first, last = np.searchsorted(self.ring_plots, [plot, plot + 1])
        starts = np.concatenate(([0], self.ring_ends))
        return [self.corners[starts[at] : self.ring_ends[at]] for at in range(int(first), int(last))]

    def at(self, east: float, north: float, reach: float) -> int:
        """The plot at a place, the smallest where several lie over one another; -1 where there is none.

        Args:
            east: Metres from the origin.
            north: Metres from the origin.
            reach: How far off a plot without an outline may lie.
        """
        west, south, far_east, far_north = self.boxes.T
        near = (west - reach <= east) & (east <= far_east + reach)
        near &= (south - reach <= north) & (north <= far_north + reach)
        found = [(self._size(at), at) for at in np.flatnonzero(near).tolist() if self._holds(at, east, north)]
        return min(found)[1] if found else -1

    def within(self, west: float, south: float, east: float, north: float) -> Places:
        """The plots whose box lies in a window at least in part."""
        boxes = self.boxes
        meets = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        return np.flatnonzero(meets)

    def degrees(self, east: float, north: float) -> tuple[float, float]:
        """Longitude and latitude of a place of the map."""
        wide, high = metres_of_degree(to_float(self.origin.latitude))
        return to_float(self.origin.longitude) + east / wide, to_float(self.origin.latitude) + north / high

    def metres(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Metres east and north of the origin, of a place in degrees."""
        wide, high = metres_of_degree(to_float(self.origin.latitude))
        return (longitude - to_float(self.origin.longitude)) * wide, (latitude - to_float(self.origin.latitude)) * high

    def _holds(self, plot: int, east: float, north: float) -> bool:
        rings = self.rings(plot)
        if not rings:
            return True
        inside = False
        for ring in rings:
            inside ^= _is_inside(ring, east, north)
        return inside

    def _size(self, plot: int) -> float:
        west, south, east, north = self.boxes[plot]
        return float((east - west) * (north - south))


def _is_inside(ring: Floats, east: float, north: float) -> bool:
    """Whether a ray from the place to the east crosses the ring an odd number of times."""
    x, y = ring[:-1].T
    after_x, after_y = ring[1:].T
    crosses = (y > north) != (after_y > north)
    if not crosses.any():
        return False
    x, y, after_x, after_y = (one[crosses] for one in (x, y, after_x, after_y))
    at = x + (north - y) / (after_y - y) * (after_x - x)
    return bool((at > east).sum() % 2)


def read_plot_map(ledger: Ledger, plots: Iterable[str] | None = None) -> PlotMap:
    """The map of a ledger.

    Args:
        ledger: The open ledger.
        plots: Only these; None shows all. Those whose place is not known are left out.
    """
    with ledger.reading() as session:
        rows = _rows(session, _PLOTS)
        photos = _rows(session, _PHOTOS)
    if plots is not None:
        wanted = set(plots)
        rows = [row for row in rows if row[0] in wanted]
        photos = [row for row in photos if row[0] in wanted]
    degrees = np.array([(row[4], row[5]) for row in rows], dtype=np.float64).reshape(-1, 2) / NANO
    origin = degrees.mean(axis=0) if rows else np.zeros(2)
    return _map_of(rows, photos, degrees, Point(round(origin[0] * NANO), round(origin[1] * NANO)))


def _map_of(rows: Sequence[Any], photos: Sequence[Any], degrees: Floats, origin: Point) -> PlotMap:
    middle = np.array([to_float(origin.longitude), to_float(origin.latitude)])
    scale = np.array(metres_of_degree(float(middle[1])))
    places = {state.value: number for number, state in enumerate(STATES)}
    middles = (degrees - middle) * scale
    drawn = np.array([at for at, row in enumerate(rows) if row[6] is not None], dtype=np.int64)
    packed = np.array([base64.b64decode(rows[at][6]) for at in drawn.tolist()], dtype=object)
    shapes = shapely.from_wkb(packed, on_invalid="ignore")
    faces, of_shape = shapely.get_parts(shapes, return_index=True)
    rings, of_face = shapely.get_rings(faces, return_index=True)
    corners, of_ring = shapely.get_coordinates(rings, return_index=True)
    boxes = np.concatenate((middles, middles), axis=1)
    if len(drawn):
        bounds = (shapely.bounds(shapes).reshape(-1, 2, 2) - middle) * scale
        sound = np.isfinite(bounds).all(axis=(1, 2))
        boxes[drawn[sound]] = bounds[sound].reshape(-1, 4)
    stood = np.array([(row[2], row[3]) for row in photos], dtype=np.float64).reshape(-1, 2) / NANO
    return PlotMap(
        ids=[row[0] for row in rows],
        names=[(row[1], row[2]) for row in rows],
        states=np.array([places[row[3]] for row in rows], dtype=np.int8),
        middles=middles,
        boxes=boxes,
        corners=(corners - middle) * scale,
        ring_ends=np.cumsum(np.bincount(of_ring, minlength=len(rings)), dtype=np.int64),
        ring_plots=drawn[of_shape[of_face]],
        origin=origin,
        photos=[(row[0], row[1]) for row in photos],
        photo_places=(stood - middle) * scale,
        photo_directions=np.array([-1 if row[4] is None else row[4] for row in photos], dtype=np.int64),
    )


def _rows(session: Session, query: str) -> list[Any]:
    return list(session.connection().exec_driver_sql(query).fetchall())
