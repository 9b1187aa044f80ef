"""Sketch maps of a ledger's plots, out of their outlines or their middles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from gengdi_desktop.geo.numbers import Point, to_float
from gengdi_desktop.ledger.outlines import PlotOutline, box_around, outlines, outlines_meeting
from gengdi_desktop.reports.forms.sketch import SketchMap, SketchShape, moved_to

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_AROUND: Final = 600.0
"""Metres within which neighbours are looked for: the room of a sketch at 1:5000."""
_MOST_NEIGHBOURS: Final = 60


def sketch_of(ledger: Ledger, plot: str) -> SketchMap | None:
    """The sketch of a plot; None where its place is not known."""
    own = outlines(ledger, [plot]).get(plot)
    if own is None:
        return None
    outline = own.shape()
    middle = own.centre if outline is None else outline.centre()
    neighbours = outlines_meeting(ledger, box_around(middle, _AROUND))
    others = [one for one in neighbours if one.plot != plot][:_MOST_NEIGHBOURS]
    origin = (to_float(middle.longitude), to_float(middle.latitude))
    shapes = [_shape(one, origin, own=one is own) for one in (*others, own) if one.outline]
    dots = [_dot(one, origin) for one in (*others, own) if not one.outline]
    return SketchMap(tuple(shapes), tuple(dots), _place(own.centre))


def _shape(one: PlotOutline, origin: tuple[float, float], *, own: bool) -> SketchShape:
    faces = shapely.get_parts([shapely.from_wkb(one.outline)])
    rings = [ring.coords for face in faces for ring in (face.exterior, *face.interiors)]
    return SketchShape(moved_to([[(x, y) for x, y, *_ in ring] for ring in rings], origin), one.plot_no, own)


def _dot(one: PlotOutline, origin: tuple[float, float]) -> tuple[tuple[float, float], str]:
    [[point]] = moved_to([[(to_float(one.centre.longitude), to_float(one.centre.latitude))]], origin)
    return point, one.plot_no


def _place(centre: Point) -> str:
    east, north = to_float(centre.longitude), to_float(centre.latitude)
    return f"东经 {east:.5f}°，北纬 {north:.5f}°（2000 国家大地坐标系）"
