"""The raster behind the plots of a map: a picture of one's own, laid where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPolygonF

if TYPE_CHECKING:
    from gengdi_desktop.ledger.plot_map import PlotMap
    from gengdi_desktop.ui.widgets.map_view import MapView

Degrees = tuple[float, float, float, float]
_SMALLEST: Final = 256


@dataclass(frozen=True)
class MapGround:
    """A raster, ready to be painted.

    Attributes:
        levels: The picture, north up, and smaller ones, each half of the one before: a far view needs no more.
        box: West, south, east, north of the picture in degrees.
        edge: Corners of what the raster covers, longitude and latitude; beyond them the picture says nothing.
    """

    levels: tuple[QImage, ...]
    box: Degrees
    edge: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, data: bytes, box: Degrees, edge: tuple[tuple[float, float], ...]) -> MapGround:
        """Unpack a picture and make its smaller ones; may run in any thread."""
        levels = [QImage.fromData(data).convertToFormat(QImage.Format.Format_RGB32)]
        while min(levels[-1].width(), levels[-1].height()) > _SMALLEST:
            wide, high = levels[-1].width() // 2, levels[-1].height() // 2
            keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            levels.append(levels[-1].scaled(wide, high, keep, smooth))
        return cls(tuple(levels), box, edge)

    def paint(self, painter: QPainter, view: MapView, plots: PlotMap, ratio: float) -> None:
        """Paint what is in sight of it."""
        west, south = plots.metres(*self.box[:2])
        east, north = plots.metres(*self.box[2:])
        whole = QRectF(QPointF(west, -north), QPointF(east, -south))
        seen_west, seen_south, seen_east, seen_north = view.window
        seen = whole.intersected(QRectF(QPointF(seen_west, -seen_north), QPointF(seen_east, -seen_south)))
        if seen.isEmpty():
            return
        image = self._level(whole.width(), view.metres / ratio)
        across, down = image.width() / whole.width(), image.height() / whole.height()
        source = QRectF(
            (seen.left() - whole.left()) * across,
            (seen.top() - whole.top()) * down,
            seen.width() * across,
            seen.height() * down,
        )
        move = view.transform
        corners = [move.map(QPointF(*plots.metres(*corner))) for corner in self.edge]
        covered = QPainterPath()
        covered.addPolygon(QPolygonF(corners))
        painter.save()
        painter.setClipPath(covered)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = QRectF(move.map(QPointF(seen.left(), -seen.top())), move.map(QPointF(seen.right(), -seen.bottom())))
        painter.drawImage(target, image, source)
        painter.restore()

    def metres_of_pixel(self, plots: PlotMap) -> float:
        """How fine it is."""
        return (plots.metres(self.box[2], 0)[0] - plots.metres(self.box[0], 0)[0]) / self.levels[0].width()

    def _level(self, width: float, step: float) -> QImage:
        """The smallest picture whose pixels are no larger than a dot of the screen; else the largest there is."""
        fine = [image for image in self.levels if width / image.width() <= step]
        return fine[-1] if fine else self.levels[0]
