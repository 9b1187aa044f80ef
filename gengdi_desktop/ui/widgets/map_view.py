"""Where a map looks: the place in the middle, metres of a pixel; moving, zooming, fitting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

_NEAREST: Final = 0.02
_FARTHEST: Final = 2_000.0
"""Metres of a pixel between which one may zoom."""
_MARGIN: Final = 0.06


@dataclass(frozen=True)
class MapView:
    """A view of the map.

    Attributes:
        east: Metres of the middle.
        north: Metres of the middle.
        metres: Of one pixel.
        size: Of the widget in pixels.
    """

    east: float
    north: float
    metres: float
    size: QSizeF

    @property
    def transform(self) -> QTransform:
        """Metres into pixels; north is up."""
        scale = 1 / self.metres
        made = QTransform.fromTranslate(self.size.width() / 2, self.size.height() / 2)
        made.scale(scale, -scale)
        return made.translate(-self.east, -self.north)

    @property
    def window(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is seen, in metres."""
        wide, high = self.size.width() * self.metres / 2, self.size.height() * self.metres / 2
        return self.east - wide, self.north - high, self.east + wide, self.north + high

    def place(self, pixel: QPointF) -> QPointF:
        """The metres of a pixel."""
        inverse, _good = self.transform.inverted()
        return inverse.map(pixel)

    def showing(self, other: MapView, ratio: float) -> QTransform:
        """Pixels of another view into those of this one; a mere move goes by whole dots, so that it is a copy."""
        made = other.transform.inverted()[0] * self.transform
        if other.metres != self.metres:
            return made
        return QTransform.fromTranslate(round(made.dx() * ratio) / ratio, round(made.dy() * ratio) / ratio)

    def moved(self, by: QPointF) -> MapView:
        """The view after the map was drawn by so many pixels."""
        return replace(self, east=self.east - by.x() * self.metres, north=self.north + by.y() * self.metres)

    def zoomed(self, factor: float, at: QPointF) -> MapView:
        """The view nearer by a factor, with the place of a pixel staying where it is."""
        kept = self.place(at)
        metres = min(max(self.metres / factor, _NEAREST), _FARTHEST)
        share = metres / self.metres
        return replace(
            self,
            metres=metres,
            east=kept.x() + (self.east - kept.x()) * share,
            north=kept.y() + (self.north - kept.y()) * share,
        )

    def fitted(self, bounds: tuple[float, float, float, float], *, at_least: float = _NEAREST) -> MapView:
        """The view of a window of metres with a margin, no nearer than so many metres a pixel."""
        west, south, east, north = bounds
        room = 1 - 2 * _MARGIN
        wide = (east - west) / max(self.size.width() * room, 1)
        high = (north - south) / max(self.size.height() * room, 1)
        metres = min(max(wide, high, at_least), _FARTHEST)
        return replace(self, east=(west + east) / 2, north=(south + north) / 2, metres=metres)

    def resized(self, size: QSizeF) -> MapView:
        """The same middle and scale in another room."""
        return replace(self, size=size)

    def shows(self, bounds: QRectF) -> bool:
        """Whether a box of metres (its top is its south) is in sight at least in part."""
        west, south, east, north = self.window
        meets_across = bounds.left() <= east and bounds.right() >= west
        return meets_across and bounds.top() <= north and bounds.bottom() >= south
