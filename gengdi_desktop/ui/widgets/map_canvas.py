"""The map: outlines by state, plots without one as dots, photos where they stood; quick with a hundred thousand.

What is seen is painted square by square into a picture while the window goes on; until it is whole, the picture
before is shown moved and stretched. So no paint takes longer than a frame, however much there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
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
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.map_drawing import FRAMED_PIXELS, NAMED_PIXELS, MapDrawing, MapPicture
from gengdi_desktop.ui.widgets.map_signs import draw_north, draw_scale
from gengdi_desktop.ui.widgets.map_view import MapView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gengdi_desktop.ledger.plot_map import PlotMap
    from gengdi_desktop.ui.widgets.map_ground import MapGround

_SLICE: Final = 0.010
"""Seconds of painting between two looks at what the person does."""
_REST_MS: Final = 60
_STEP: Final = 60
_ZOOM: Final = 1.25
_WHEEL: Final = 120
_CLICK_PIXELS: Final = 5
_NEAR: Final = 0.4
"""Metres of a pixel to which the map goes at most when it shows one plot."""


class MapCanvas(QWidget):
    """Signals: a plot (its number on the map, -1 for none) chosen or opened, a photo chosen, a place pointed at.

    ``rested`` says that the picture in sight is whole.
    """

    chosen = Signal(int)
    opened = Signal(int)
    photo_chosen = Signal(int)
    pointed = Signal(float, float)
    rested = Signal()

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
        self._making: MapDrawing | None = None
        self._grounds: tuple[MapGround, ...] = ()
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
        self._usual = picture.usual_size
        self._current = list(picture.plots.ids).index(kept) if kept and kept in set(picture.plots.ids) else -1
        self._fitted = moved is not None
        if moved is not None:
            self._look(moved)
        else:
            self.fit()
        self._tell()

    def show_grounds(self, grounds: Sequence[MapGround]) -> None:
        """Lay rasters behind the plots, the finest last; none takes them away."""
        self._grounds = tuple(grounds)
        self._look(self._view)

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
            if not seen or self._pixels(box) < NAMED_PIXELS:
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
        if self._picture is not None and self.width() > 0:
            ratio = self.devicePixelRatioF()
            self._making = MapDrawing(self._picture, self._view, ratio, self._usual, self._grounds)
            self._work.start()

    def _go_on(self) -> None:
        """Paint for the length of a slice."""
        if self._making is None:
            self._work.stop()
        elif self._making.go_on(_SLICE):
            self._work.stop()
            self._ready, self._making = (self._making.made, self._making.view), None
            self.update()
            self.rested.emit()

    def _median_pixels(self) -> float:
        """How large a plot in the middle of the range is, in pixels."""
        return self._usual / self._view.metres

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture as far as it is made, moved or stretched, and over it the chosen plot, scale and north."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("page"))
        if self._ready is not None:
            made, seen = self._ready
            if seen == self._view:
                painter.drawPixmap(0, 0, made)
            else:
                # Not smoothed: it stands for a tenth of a second, and smoothing costs more than the frame has.
                painter.save()
                painter.setTransform(self._view.showing(seen, self.devicePixelRatioF()))
                painter.drawPixmap(0, 0, made)
                painter.restore()
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._current >= 0:
                self._paint_current(painter, self._picture.plots)
            draw_scale(painter, self.height(), self._view.metres)
            draw_north(painter, self.width())
        painter.end()

    def _paint_current(self, painter: QPainter, plots: PlotMap) -> None:
        """The chosen plot: a heavy frame, never colour alone."""
        move, path = self._view.transform, QPainterPath()
        for ring in plots.rings(self._current):
            path.addPolygon(move.map(QPolygonF([QPointF(*corner) for corner in ring.tolist()])))
        if path.isEmpty():
            path.addEllipse(move.map(QPointF(*plots.middles[self._current].tolist())), px(8), px(8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in (("sheet", 5), ("accent", 3)):
            painter.setPen(QPen(theme.color(ink), width))  # type: ignore[arg-type]
            painter.drawPath(path)

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
        if self._picture is None or not len(self._picture.plots.photos) or self._median_pixels() < FRAMED_PIXELS:
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
