"""The shapes of a shapefile, read by their own lengths: no index is needed, and none is believed."""

from __future__ import annotations

import itertools
import struct
from collections import Counter
from typing import Any, Final, NamedTuple

import numpy as np
import shapely

from gengdi_desktop.geo.refusals import refusal

_HEADER: Final = 100
_MAGIC: Final = 9994
_NULL: Final = 0
_POINTS: Final = frozenset({1, 11, 21})
_LINES: Final = frozenset({3, 13, 23})
_POLYGONS: Final = frozenset({5, 15, 25})
_MULTIPOINTS: Final = frozenset({8, 18, 28})
_MULTIPATCH: Final = 31
_SHAPE_HEADER: Final = 44
_FEWEST_CORNERS: Final = 3


class _Record(NamedTuple):
    kind: int
    offset: int
    """Where its content begins."""
    length: int


class Shapes:
    """The shapes of a ``.shp`` in memory.

    Args:
        data: The bytes of the file.

    Raises:
        SurroundingsError: ``shp_damaged``, ``not_polygons``.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER or struct.unpack_from(">i", data)[0] != _MAGIC:
            raise refusal("shp_damaged")
        if struct.unpack_from("<i", data, 32)[0] == _MULTIPATCH:
            raise refusal("not_polygons")
        self._data = data
        self._records = _records(data)
        self.losses: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._records)

    def some(self, first: int, last: int) -> Any:
        """Some shapes as an array; None where a record has none or a damaged one."""
        found = np.full(last - first, None, dtype=object)
        rings: list[np.ndarray] = []
        owners: list[int] = []
        for at, record in enumerate(self._records[first:last]):
            if record.kind in _POLYGONS:
                parts = self._rings(record)
                if parts is None:
                    self.losses["damaged"] += 1
                else:
                    rings += parts
                    owners += [at] * len(parts)
            elif record.kind in _POINTS and record.length >= _POINT_LENGTH:
                found[at] = shapely.Point(struct.unpack_from("<2d", self._data, record.offset + 4))
            else:
                self.losses["null" if record.kind == _NULL else "line"] += 1
        if rings:
            _polygons(rings, np.array(owners), found)
        return found

    def _rings(self, record: _Record) -> list[np.ndarray] | None:
        if record.length < _SHAPE_HEADER:
            return None
        parts, points = struct.unpack_from("<2i", self._data, record.offset + 36)
        begin = record.offset + _SHAPE_HEADER + 4 * parts
        if parts < 1 or points < _FEWEST_CORNERS or begin + 16 * points > record.offset + record.length:
            return None
        pairs = np.frombuffer(self._data, "<f8", 2 * points, begin).reshape(points, 2)
        if not np.isfinite(pairs).all():
            return None
        if parts == 1:
            return [pairs]
        starts = [*np.frombuffer(self._data, "<i4", parts, record.offset + _SHAPE_HEADER), points]
        if starts[0] != 0 or any(end - start < _FEWEST_CORNERS for start, end in itertools.pairwise(starts)):
            return None
        return [pairs[start:end] for start, end in itertools.pairwise(starts)]


_POINT_LENGTH: Final = 20


def _records(data: bytes) -> list[_Record]:
    found = []
    at, end = _HEADER, len(data)
    while at + 12 <= end:
        length = 2 * struct.unpack_from(">i", data, at + 4)[0]
        if length < 4 or at + 8 + length > end:  # noqa: PLR2004  (a record holds at least its kind)
            raise refusal("shp_damaged")
        kind = struct.unpack_from("<i", data, at + 8)[0]
        if kind == _MULTIPATCH:
            raise refusal("not_polygons")
        found.append(_Record(kind, at + 8, length))
        at += 8 + length
    return found


def _polygons(rings: list[np.ndarray], owners: np.ndarray, found: Any) -> None:
    """Build all polygons at once; those of several rings one by one."""
    lengths = [len(ring) for ring in rings]
    closed = shapely.linearrings(np.concatenate(rings), indices=np.repeat(np.arange(len(rings)), lengths))
    counts = np.bincount(owners, minlength=len(found))
    alone = counts[owners] == 1
    found[owners[alone]] = shapely.polygons(closed[alone])
    several = np.flatnonzero(counts[owners] > 1)
    for owner, group in itertools.groupby(several, key=lambda at: owners[at]):
        found[owner] = assembled(closed[list(group)])


def assembled(rings: Any) -> Any:
    """One shape from several rings: outer ones run clockwise; a hole belongs to the smallest ring around it."""
    turned = shapely.is_ccw(rings)
    outers = [shapely.Polygon(ring) for ring in rings[~turned]]
    holes: list[list[Any]] = [[] for _ in outers]
    for ring in rings[turned]:
        hole = shapely.Polygon(ring)
        inside = hole.representative_point().coords[0]
        around = [at for at, outer in enumerate(outers) if shapely.contains_xy(outer, *inside)]
        if around:
            holes[min(around, key=lambda at: outers[at].area)].append(ring)
        else:
            outers.append(hole)  # written the wrong way round, by programs that do not know the rule
            holes.append([])
    parts = [shapely.Polygon(outer.exterior, inner) for outer, inner in zip(outers, holes, strict=True)]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
