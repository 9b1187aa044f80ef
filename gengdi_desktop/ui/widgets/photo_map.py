"""A little map: where photos were taken, which way they look, and the plots near them; no network, no background."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import Tone, px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, Canvas, paint_text, text_width

_NANO: Final = 10**9
_METRES_A_DEGREE: Final = 111_320.0
_MARGIN: Final = 24
_LEAST_METRES: Final = 120.0
_NEAREST, _FARTHEST, _STEP, _MOVE = 200.0, 0.2, 1.4, 0.15
_DOT: Final = 5.0
_HIT: Final = 12.0
_LOOK: Final = 26.0
_LOOK_WIDE: Final = 22.0
_ROUND: Final = (1, 2, 5)
_RULER: Final = 90.0


@dataclass(frozen=True)
class MapPhoto:
    """A photo: its number, longitude and latitude in 10⁻⁹ degree, direction in 10⁻³ degree where it is known."""

    id: int
    longitude: int
    latitude: int
    direction: int | None = None


@dataclass(frozen=True)
class MapPlot:
    """A plot: its id, name, rings of longitude and latitude in degrees; a plot without outline has one point.

    The tone tells apart what lies over one another; the names do, too.
    """

    id: str
    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    tone: Tone = "soil"


class PhotoMap(Canvas):
    """North is up; wheel and keys come nearer, dragging moves. Signals: a photo, a plot was pressed."""

    photo_pressed = Signal(int)
    plot_pressed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(px(140))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._name = name
        self._photos: tuple[MapPhoto, ...] = ()
        self._plots: tuple[MapPlot, ...] = ()
        self._chosen: frozenset[int] = frozenset()
        self._zoom = 1.0
        self._gone = QPointF()
        self._held: QPointF | None = None
        self._pressed: QPointF | None = None

    def show_all(self, photos: Sequence[MapPhoto], plots: Sequence[MapPlot]) -> None:
        """Show other photos and plots, all of them in sight."""
        self._photos, self._plots = tuple(photos), tuple(plots)
        near = "、".join(one.name for one in self._plots[:3])
        self.setAccessibleName(f"{self._name}：{len(photos)} 张有位置" + (f"，近处有 {near}" if near else ""))
        self.fit()

    def choose(self, photos: Sequence[int]) -> None:
        """Mark photos."""
        self._chosen = frozenset(photos)
        self.update()

    def fit(self) -> None:
        """All in sight."""
        self._zoom, self._gone = 1.0, QPointF()
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Plots, then photos upon them, then the ruler."""
        painter.fillRect(box, theme.color("sunken"))
        painter.setClipRect(box)
        if not self._photos and not self._plots:
            paint_text(painter, box.adjusted(8, 0, -8, 0), "没有带位置的照片", "ink2", "small", MIDDLE)
        else:
            for plot in self._plots:
                painter.fillPath(self._path(box, plot), theme.color(theme.soft(plot.tone)))
            for plot in self._plots:
                self._paint_edge(painter, box, plot)
            for one in sorted(self._photos, key=lambda photo: photo.id in self._chosen):
                self._paint_photo(painter, self._at(box, one.longitude / _NANO, one.latitude / _NANO), one)
            self._paint_ruler(painter, box)
        focus = self.hasFocus()
        painter.setPen(QPen(theme.color("accent" if focus else "rule"), 2 if focus else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

    # -- places

    def _extent(self) -> tuple[float, float, float]:
        """Middle in degrees, and the width of what must be seen in metres."""
        points = [(one.longitude / _NANO, one.latitude / _NANO) for one in self._photos]
        points += [point for plot in self._plots for ring in plot.rings for point in ring]
        if not points:
            return 0.0, 0.0, _LEAST_METRES
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        middle = ((west + east) / 2, (south + north) / 2)
        wide = (east - west) * math.cos(math.radians(middle[1])) * _METRES_A_DEGREE
        return *middle, max(wide, (north - south) * _METRES_A_DEGREE, _LEAST_METRES)

    def _scale(self, box: QRectF) -> float:
        """Dots a metre."""
        return (min(box.width(), box.height()) - 2 * _MARGIN) / self._extent()[2] * self._zoom

    def _at(self, box: QRectF, longitude: float, latitude: float) -> QPointF:
        east, north, _ = self._extent()
        scale = self._scale(box)
        across = (longitude - east) * math.cos(math.radians(north)) * _METRES_A_DEGREE * scale
        return box.center() + self._gone + QPointF(across, -(latitude - north) * _METRES_A_DEGREE * scale)

    def _path(self, box: QRectF, plot: MapPlot) -> QPainterPath:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for ring in plot.rings:
            if len(ring) == 1:
                path.addEllipse(self._at(box, *ring[0]), _DOT * 2, _DOT * 2)
                continue
            for at, point in enumerate(ring):
                place = self._at(box, *point)
                path.lineTo(place) if at else path.moveTo(place)
            path.closeSubpath()
        return path

    # -- paint

    def _paint_edge(self, painter: QPainter, box: QRectF, plot: MapPlot) -> None:
        """Edges stand on all fills, so that what lies below another is still seen."""
        path = self._path(box, plot)
        painter.setPen(QPen(theme.color(plot.tone), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        room = path.boundingRect()
        wide = text_width(plot.name) + 4
        words = QRectF(room.center().x() - wide / 2, room.bottom() + 1, wide, px(16))
        paint_text(painter, words, plot.name, "ink2", "small", MIDDLE)

    def _paint_photo(self, painter: QPainter, place: QPointF, photo: MapPhoto) -> None:
        chosen = photo.id in self._chosen
        if photo.direction is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            look = theme.color("accent")
            look.setAlphaF(0.28)
            painter.setBrush(look)
            # Angles of the painter begin in the east and turn the other way, in sixteenths.
            begin = round((90 - photo.direction / 1000 - _LOOK_WIDE) * 16)
            wedge = QRectF(place.x() - _LOOK, place.y() - _LOOK, 2 * _LOOK, 2 * _LOOK)
            painter.drawPie(wedge, begin, round(2 * _LOOK_WIDE * 16))
        painter.setPen(QPen(theme.color("sheet"), 1.5))
        painter.setBrush(theme.color("accent" if chosen else "sky"))
        side = _DOT + 3 if chosen else _DOT
        painter.drawEllipse(place, side, side)

    def _paint_ruler(self, painter: QPainter, box: QRectF) -> None:
        metres = _RULER / self._scale(box)
        power = 10.0 ** math.floor(math.log10(metres))
        told = max(one * power for one in _ROUND if one * power <= metres)
        wide = told * self._scale(box)
        left, foot = box.left() + 10, box.bottom() - 10
        painter.setPen(QPen(theme.color("ink2"), 1.5))
        painter.drawLine(QPointF(left, foot), QPointF(left + wide, foot))
        words = f"{told:g} 米" if told < 1000 else f"{told / 1000:g} 公里"  # noqa: PLR2004  (a kilometre)
        paint_text(painter, QRectF(left + wide + 6, foot - 10, 80, 16), words, "ink2")
        paint_text(painter, QRectF(box.right() - 30, box.top() + 4, 26, 16), "北↑", "ink2")

    # -- hands

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nearer and farther."""
        self._nearer(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._held = self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move along."""
        if self._held is not None:
            self._gone += event.position() - self._held
            self._held = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that did not move asks for what lies there."""
        self._held = None
        if self._pressed is None or (event.position() - self._pressed).manhattanLength() > _DOT:
            return
        box, at = QRectF(self.rect()), event.position()
        for photo in self._photos:
            if (self._at(box, photo.longitude / _NANO, photo.latitude / _NANO) - at).manhattanLength() <= _HIT:
                self.photo_pressed.emit(photo.id)
                return
        for plot in self._plots:
            if self._path(box, plot).contains(at):
                self.plot_pressed.emit(plot.id)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus, minus, 0, arrows."""
        key, step = event.key(), _MOVE * min(self.width(), self.height())
        ways = {
            Qt.Key.Key_Left: (step, 0), Qt.Key.Key_Right: (-step, 0), Qt.Key.Key_Up: (0, step),
            Qt.Key.Key_Down: (0, -step),
        }  # fmt: skip
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._nearer(_STEP)
        elif key == Qt.Key.Key_Minus:
            self._nearer(1 / _STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in ways:
            self._gone += QPointF(*ways[Qt.Key(key)])
            self.update()
        else:
            super().keyPressEvent(event)

    def _nearer(self, factor: float) -> None:
        zoom = min(max(self._zoom * factor, _FARTHEST), _NEAREST)
        self._gone *= zoom / self._zoom
        self._zoom = zoom
        self.update()
