"""Outlines as the little map draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.photo_map import MapPlot

if TYPE_CHECKING:
    from gengdi_desktop.geo.outlines import Outline


def map_shape(plot: str, name: str, outline: Outline, tone: Tone = "soil") -> MapPlot:
    """An outline under a name."""
    return MapPlot(plot, name, _rings(outline), tone)


def _rings(outline: Outline) -> tuple[tuple[tuple[float, float], ...], ...]:
    """All rings of an outline, holes too, in degrees."""
    polygons = getattr(outline.shape, "geoms", (outline.shape,))
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return tuple(tuple((float(point[0]), float(point[1])) for point in ring.coords) for ring in rings)
