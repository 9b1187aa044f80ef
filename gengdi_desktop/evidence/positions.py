"""Which plot a photo was taken at: inside exactly one outline, or clearly nearest to one middle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.domain.states import State
from gengdi_desktop.geo.coordinates import distance
from gengdi_desktop.geo.numbers import Point

if TYPE_CHECKING:
    from gengdi_desktop.ledger.outlines import PlotOutline

NEAR_METRES = 200
"""A photo farther than this from a plot is not taken for one of it."""

_CLEARLY_TIMES, _CLEARLY_METRES = 2, 50
_REACH: Final = 3_000_000
"""Some 300 m in 10⁻⁹ degree, north and south and, in China, more than 150 m east and west at any latitude."""
_GONE = frozenset({State.SPLIT, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Placed:
    """What a place says: own ids (one, several or none), and in words how it was told or why not."""

    plots: tuple[str, ...]
    how: str


class PlotPlaces:
    """Where all plots of a ledger lie, for many photos."""

    def __init__(self, plots: Mapping[str, PlotOutline]) -> None:
        self._plots = [one for one in plots.values() if one.state not in _GONE]
        boxes = [one.box or (*one.centre, *one.centre) for one in self._plots]
        self._boxes = np.array(boxes, dtype=np.int64).reshape(-1, 4)

    def find(self, place: tuple[int, int], villages: frozenset[str] = frozenset()) -> Placed:
        """The plot of a place.

        Args:
            place: Longitude and latitude in 10⁻⁹ degree.
            villages: Normalised; where any is given, only plots there.

        Raises:
            RuleError: ``outline_damaged``.
        """
        point = Point(*place)
        west, south, east, north = self._boxes.T
        wide = _REACH * 2
        near = (west - wide <= point.longitude) & (point.longitude <= east + wide)
        near &= (south - _REACH <= point.latitude) & (point.latitude <= north + _REACH)
        found: list[tuple[float, PlotOutline, bool]] = []
        for at in np.flatnonzero(near):
            one = self._plots[int(at)]
            if villages and normalise_village(one.village) not in villages:
                continue
            shape = one.shape()
            metres = distance(one.centre, point) if shape is None else shape.distance(point)
            if metres <= NEAR_METRES * _CLEARLY_TIMES:
                found.append((metres, one, shape is not None and metres == 0))
        return _judged(sorted(found, key=lambda each: (each[0], each[1].plot)))


def _judged(found: list[tuple[float, PlotOutline, bool]]) -> Placed:
    inside = [one for _, one, within in found if within]
    if len(inside) == 1:
        return Placed((inside[0].plot,), "按位置：在图斑范围内")
    if inside:
        return Placed(tuple(one.plot for one in inside), f"位置同时在{len(inside)}个图斑范围内")
    if not found or found[0][0] > NEAR_METRES:
        return Placed((), f"位置{NEAR_METRES}米以内没有图斑")
    metres, nearest, _ = found[0]
    others = [each for each in found[1:] if each[0] < max(metres * _CLEARLY_TIMES, metres + _CLEARLY_METRES)]
    if others:
        return Placed(tuple(one.plot for _, one, _ in (found[0], *others)), "位置附近有几个图斑，分不出是哪一个")
    return Placed((nearest.plot,), f"按位置：离图斑{round(metres)}米")
