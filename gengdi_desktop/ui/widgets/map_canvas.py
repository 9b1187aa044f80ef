"""The map: outlines by state, plots without one as dots, photos where they stood; quick with a hundred thousand.

What is seen is painted square by square into a picture while the window goes on; until it is whole, the picture
before is shown moved and stretched. So no paint takes longer than a frame, however much there is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.state_marks import TONE_OF, draw_state
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, paint_text
from gengdi_desktop.ui.widgets.map_paths import MapSquare
from gengdi_desktop.ui.widgets.map_view import MapView

if TYPE_CHECKING:
    from gengdi_desktop.ledger.plot_map import PlotMap

_SLICE: Final = 0.010
"""Seconds of painting between two looks at what the person does."""
_REST_MS: Final = 60
_STEP: Final = 60
_ZOOM: Final = 1.25
_WHEEL: Final = 120
_MOST_NAMED: Final = 160
_NAMED_PIXELS: Final = 26
_FRAMED_PIXELS: Final = 4
_DOT_PIXELS: Final = 1.5
_MOST_PHOTOS: Final = 1500
_CLICK_PIXELS: Final = 5
_BAR_PIXELS: Final = 140
_BARS: Final = tuple(step * 10**power for power in range(6) for step in (1, 2, 5))
_KILOMETRE: Final = 1000
_NO_DIRECTION: Final = -1
_NEAR: Final = 0.4
"""Metres of a pixel to which the map goes at most when it shows one plot."""


@dataclass(frozen=True)
class MapPicture:
    """What the canvas shows: the plots, and their outlines as paths."""

    plots: PlotMap
    squares: tuple[MapSquare, ...]


class MapCanvas(QWidget):
    """Signals: a plot (its number on the map, -1 for none) was chosen or opened, a photo chosen, a place pointed at."""

    chosen = Signal(int)
    opened = Signal(int)
    photo_chosen = Signal(int)
    pointed = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("地图")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(px(240), px(180))
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._picture: MapPicture | None = None
        self._view = MapView(0.0, 0.0, 1.0, QSizeF(1, 1))
        self._current = -1
        self._ready: tuple[QPixmap, MapView] | None = None
        self._making: tuple[QPixmap, MapView, list[MapSquare]] | None = None
        self._pressed: QPointF | None = None
        self._dragged = False
        self._fitted = False
        self._usual = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._begin)
        self._work = QTimer(self)
        self._work.setInterval(0)
        self._work.timeout.connect(self._go_on)

    # -- what the page asks

    @property
    def view(self) -> MapView:
        """Where the map looks."""
        return self._view

    @property
    def current(self) -> int:
        """The chosen plot's number on the map; -1 for none."""
        return self._current

    @property
    def busy(self) -> bool:
        """Whether the picture in sight is still being made."""
        return self._making is not None or self._rest.isActive()

    def show_picture(self, picture: MapPicture, *, keep_view: bool = False) -> None:
        """Show other plots; the view stays where that is asked and there was one."""
        kept = self._picture.plots.ids[self._current] if self._picture is not None and self._current >= 0 else ""
        moved = self._moved_origin(picture) if keep_view and self._picture is not None else None
        self._picture = picture
        boxes = picture.plots.boxes
        sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        self._usual = float(np.median(sizes)) if len(sizes) else 0.0
        self._current = list(picture.plots.ids).index(kept) if kept and kept in set(picture.plots.ids) else -1
        self._fitted = moved is not None
        if moved is not None:
            self._look(moved)
        else:
            self.fit()
        self._tell()

    def fit(self) -> None:
        """Look at everything."""
        if self._picture is not None and self.width() > 1:
            self._fitted = True
            here = self._view.resized(QSizeF(self.size()))
            self._look(here.fitted(self._picture.plots.extent, at_least=_NEAR))

    def choose(self, plot: int, *, go: bool = True) -> None:
        """Mark a plot; *go* looks at it where it is not in sight, or too small to be told from its neighbours."""
        self._current = plot
        if self._picture is not None and plot >= 0 and go:
            box = tuple(float(one) for one in self._picture.plots.boxes[plot])
            west, south, east, north = self._view.window
            seen = box[0] >= west and box[1] >= south and box[2] <= east and box[3] <= north
            if not seen or self._pixels(box) < _NAMED_PIXELS:
                fitted = self._view.fitted(box, at_least=_NEAR)  # type: ignore[arg-type]
                self._look(fitted.zoomed(0.25, QPointF(self.width() / 2, self.height() / 2)))
        self._tell()
        self.update()
        self.chosen.emit(plot)

    def zoom(self, factor: float) -> None:
        """Nearer or farther, the middle staying where it is."""
        self._look(self._view.zoomed(factor, QPointF(self.width() / 2, self.height() / 2)))

    # -- looking

    def _look(self, view: MapView) -> None:
        self._view = view
        self._work.stop()
        self._making = None
        self._rest.start()
        self.update()

    def _moved_origin(self, picture: MapPicture) -> MapView | None:
        """The same view when metres count from another place."""
        if self._picture is None:
            return None
        longitude, latitude = self._picture.plots.degrees(self._view.east, self._view.north)
        here, there = picture.plots.degrees(0.0, 0.0), picture.plots.degrees(1.0, 1.0)
        east = (longitude - here[0]) / (there[0] - here[0])
        north = (latitude - here[1]) / (there[1] - here[1])
        return MapView(east, north, self._view.metres, self._view.size)

    def _pixels(self, box: tuple[float, ...]) -> float:
        return max(box[2] - box[0], box[3] - box[1]) / self._view.metres

    def _begin(self) -> None:
        """Begin the picture of what is in sight."""
        if self._picture is None or self.width() < 1:
            return
        ratio = self.devicePixelRatioF()
        made = QPixmap(QSize(round(self.width() * ratio), round(self.height() * ratio)))
        made.setDevicePixelRatio(ratio)
        made.fill(theme.color("page"))
        if self._median_pixels() < _DOT_PIXELS:
            self._paint_points(made, ratio)
            todo: list[MapSquare] = []
        else:
            todo = [one for one in self._picture.squares if self._view.shows(one.bounds)]
        self._making = (made, self._view, todo)
        self._work.start()

    def _go_on(self) -> None:
        """Paint for the length of a slice."""
        if self._making is None:
            self._work.stop()
            return
        made, view, todo = self._making
        until = time.perf_counter() + _SLICE
        painter = QPainter(made)
        painter.setTransform(view.transform)
        framed = self._median_pixels() >= _FRAMED_PIXELS
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=framed)
        while todo and time.perf_counter() < until:
            self._paint_square(painter, todo.pop(), framed=framed)
        painter.end()
        if not todo:
            self._work.stop()
            self._ready, self._making = (made, view), None
            self.update()

    def _paint_square(self, painter: QPainter, square: MapSquare, *, framed: bool) -> None:
        for tone, path in square.paths:
            # Close by, words stand on the plots: they need the soft ground, and the frame tells the tone.
            painter.setBrush(theme.color(theme.soft(tone) if framed else theme.fill(tone)))
            pen = QPen(theme.color(tone), 1)
            pen.setCosmetic(True)
            painter.setPen(pen if framed else QPen(Qt.PenStyle.NoPen))
            painter.drawPath(path)

    def _paint_points(self, made: QPixmap, ratio: float) -> None:
        """So far off that outlines are specks: one dot each, set at once."""
        if self._picture is None:
            return
        plots = self._picture.plots
        wide, high = made.width(), made.height()
        west, _south, _east, north = self._view.window
        step = self._view.metres / ratio
        across = ((plots.middles[:, 0] - west) / step).astype(np.int64)
        down = ((north - plots.middles[:, 1]) / step).astype(np.int64)
        seen = (across >= 0) & (across < wide - 1) & (down >= 0) & (down < high - 1)
        pixels = np.full((high, wide), theme.color("page").rgb(), dtype=np.uint32)
        tones = np.array([theme.color(theme.fill(TONE_OF[state])).rgb() for state in State], dtype=np.uint32)
        inks = tones[plots.states[seen]]
        for right, below in ((0, 0), (1, 0), (0, 1), (1, 1)):
            pixels[down[seen] + below, across[seen] + right] = inks
        image = QImage(pixels.data, wide, high, wide * 4, QImage.Format.Format_RGB32)
        painter = QPainter(made)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(0, 0, image)
        painter.end()

    def _median_pixels(self) -> float:
        """How large a plot in the middle of the range is, in pixels."""
        return self._usual / self._view.metres

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture as far as it is made, and over it what is few: numbers, photos, the chosen plot, the scale."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("page"))
        if self._ready is not None:
            made, seen = self._ready
            painter.save()
            if seen != self._view:
                # Not smoothed: it stands for a tenth of a second, and smoothing costs more than the frame has.
                painter.setTransform(seen.transform.inverted()[0] * self._view.transform)
            painter.drawPixmap(0, 0, made)
            painter.restore()
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_over(painter, self._picture.plots)
        painter.end()

    def _paint_over(self, painter: QPainter, plots: PlotMap) -> None:
        near = self._median_pixels() >= _NAMED_PIXELS or len(plots.ring_ends) == 0
        seen = plots.within(*self._view.window) if near else np.zeros(0, dtype=np.int64)
        if self._current >= 0:
            self._paint_current(painter, plots)
        if len(seen) <= _MOST_NAMED:
            for plot in seen.tolist():
                self._paint_name(painter, plots, plot)
        self._paint_photos(painter, plots)
        self._paint_scale(painter)
        self._paint_north(painter)

    def _pixel(self, east: float, north: float) -> QPointF:
        return self._view.transform.map(QPointF(east, north))

    def _paint_name(self, painter: QPainter, plots: PlotMap, plot: int) -> None:
        """Mark and number, so that the state is told without colour."""
        at = self._pixel(*plots.middles[plot].tolist())
        side = px(14)
        draw_state(painter, QRectF(at.x() - side / 2, at.y() - side, side, side), tuple(State)[plots.states[plot]])
        paint_text(painter, QRectF(at.x() - 60, at.y() + 1, 120, px(16)), plots.names[plot][1], "ink", "small", MIDDLE)

    def _paint_photos(self, painter: QPainter, plots: PlotMap) -> None:
        """A dot where a photo stood, with a wedge where it looked."""
        west, south, east, north = self._view.window
        places = plots.photo_places
        inside = (places[:, 0] >= west) & (places[:, 0] <= east) & (places[:, 1] >= south) & (places[:, 1] <= north)
        seen = np.flatnonzero(inside)
        if not 0 < len(seen) <= _MOST_PHOTOS or self._median_pixels() < _FRAMED_PIXELS:
            return
        for photo in seen.tolist():
            draw_photo(painter, self._pixel(*places[photo].tolist()), int(plots.photo_directions[photo]))

    def _paint_current(self, painter: QPainter, plots: PlotMap) -> None:
        """The chosen plot: a heavy frame, never colour alone."""
        path = QPainterPath()
        for ring in plots.rings(self._current):
            path.addPolygon(QPolygonF([self._pixel(*corner) for corner in ring.tolist()]))
        if path.isEmpty():
            path.addEllipse(self._pixel(*plots.middles[self._current].tolist()), px(8), px(8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in (("sheet", 5), ("accent", 3)):
            painter.setPen(QPen(theme.color(ink), width))  # type: ignore[arg-type]
            painter.drawPath(path)

    def _paint_scale(self, painter: QPainter) -> None:
        """A bar of a round length at the lower left."""
        most = _BAR_PIXELS * self._view.metres
        metres = max((one for one in _BARS if one <= most), default=1)
        length = metres / self._view.metres
        told = f"{metres // _KILOMETRE} 公里" if metres >= _KILOMETRE else f"{metres} 米"
        box = QRectF(px(10), self.height() - px(32), length + px(16), px(26))
        self._paint_ground(painter, box)
        painter.setPen(QPen(theme.color("ink"), 1.4))
        y = box.bottom() - px(6)
        painter.drawLine(QPointF(box.left() + px(8), y), QPointF(box.left() + px(8) + length, y))
        for x in (box.left() + px(8), box.left() + px(8) + length):
            painter.drawLine(QPointF(x, y - px(4)), QPointF(x, y))
        paint_text(painter, QRectF(box.left() + px(8), box.top(), length, px(16)), told, "ink", "small", MIDDLE)

    def _paint_north(self, painter: QPainter) -> None:
        box = QRectF(self.width() - px(40), px(10), px(30), px(44))
        self._paint_ground(painter, box)
        painter.setPen(QPen(theme.color("ink"), 1.4))
        middle, top = box.center().x(), box.top() + px(6)
        painter.drawLine(QPointF(middle, top), QPointF(middle, top + px(16)))
        painter.drawLine(QPointF(middle - px(4), top + px(6)), QPointF(middle, top))
        painter.drawLine(QPointF(middle + px(4), top + px(6)), QPointF(middle, top))
        paint_text(painter, QRectF(box.left(), top + px(18), box.width(), px(18)), "北", "ink", "small", MIDDLE)

    def _paint_ground(self, painter: QPainter, box: QRectF) -> None:
        """The sheet under words that stand over the map."""
        ground = QColor(theme.color("sheet"))
        ground.setAlpha(225)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 4, 4)

    # -- hands

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        self._look(self._view.zoomed(_ZOOM ** (event.angleDelta().y() / _WHEEL), event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag or a click begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the map; tell the place that is pointed at."""
        if self._pressed is not None:
            by = event.position() - self._pressed
            if self._dragged or by.manhattanLength() > _CLICK_PIXELS:
                self._dragged = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self._look(self._view.moved(by))
                self._pressed = event.position()
        if self._picture is not None:
            there = self._view.place(event.position())
            self.pointed.emit(*self._picture.plots.degrees(there.x(), there.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses the photo or the plot below it."""
        if self._pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = None
        self.unsetCursor()
        if not self._dragged and self._picture is not None:
            photo = self._photo_at(event.position())
            if photo >= 0:
                self.photo_chosen.emit(photo)
            else:
                self.choose(self._plot_at(event.position()), go=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the plot below the pointer."""
        plot = self._plot_at(event.position())
        if plot >= 0:
            self.opened.emit(plot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, plus and minus zoom, Home shows all, Enter opens the chosen plot."""
        ways = {
            Qt.Key.Key_Left: QPointF(_STEP, 0),
            Qt.Key.Key_Right: QPointF(-_STEP, 0),
            Qt.Key.Key_Up: QPointF(0, _STEP),
            Qt.Key.Key_Down: QPointF(0, -_STEP),
        }
        key = Qt.Key(event.key())
        if key in ways and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._look(self._view.moved(ways[key]))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom(_ZOOM)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM)
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._current >= 0:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The middle stays; the first time there is room, everything is shown."""
        super().resizeEvent(event)
        self._look(self._view.resized(QSizeF(self.size())))
        if not self._fitted:
            self.fit()

    def _plot_at(self, pixel: QPointF) -> int:
        if self._picture is None:
            return -1
        there = self._view.place(pixel)
        return self._picture.plots.at(there.x(), there.y(), _CLICK_PIXELS * self._view.metres)

    def _photo_at(self, pixel: QPointF) -> int:
        if self._picture is None or not len(self._picture.plots.photos) or self._median_pixels() < _FRAMED_PIXELS:
            return -1
        there = self._view.place(pixel)
        off = self._picture.plots.photo_places - np.array([there.x(), there.y()])
        far = np.hypot(off[:, 0], off[:, 1])
        nearest = int(far.argmin())
        return nearest if far[nearest] <= (_CLICK_PIXELS + 2) * self._view.metres else -1

    def _tell(self) -> None:
        """The accessible name says what the picture shows."""
        if self._picture is None:
            return
        told = f"地图，{len(self._picture.plots.ids)} 个图斑"
        if self._current >= 0:
            village, number = self._picture.plots.names[self._current]
            state = tuple(State)[self._picture.plots.states[self._current]].label
            told += f"，选中 {village} {number}，{state}"
        self.setAccessibleName(told)


def draw_photo(painter: QPainter, at: QPointF, direction: int) -> None:
    """A dot where a photo stood, with a wedge where it looked (10⁻³ degree; -1 where not known)."""
    painter.setPen(QPen(theme.color("sheet"), 1))
    painter.setBrush(QBrush(theme.color("accent")))
    if direction != _NO_DIRECTION:
        painter.save()
        painter.translate(at)
        painter.rotate(direction / 1000)
        painter.drawPolygon(QPolygonF([QPointF(0, 0), QPointF(-px(5), -px(13)), QPointF(px(5), -px(13))]))
        painter.restore()
    painter.drawEllipse(at, px(4), px(4))
