"""One picture as large as there is room, or closer: wheel and keys come nearer, dragging moves it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, Canvas, paint_text

_NEAREST: Final = 8.0
_STEP: Final = 1.25
_MOVE: Final = 0.1
_HALF: Final = 0.5


class PhotoView(Canvas):
    """A picture; ``zoom`` 1 shows it whole, ``middle`` is the place of the picture in the middle of the view (0 to 1).

    Signal: zoom and middle have changed by hand, so that another view may follow.
    """

    moved = Signal(float, QPointF)

    def __init__(self) -> None:
        super().__init__("照片")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(px(160), px(120))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.zoom = 1.0
        self.middle = QPointF(_HALF, _HALF)
        self._image: QImage | None = None
        self._told = ""
        self._head = ""
        self._held: QPointF | None = None

    def show_image(self, image: QImage | None, head: str, told: str = "") -> None:
        """Show a picture under a few words, or *told* in the place of one that is not here."""
        self._image, self._head, self._told = image, head, told
        self.setAccessibleName("，".join(filter(None, (head, told))))
        self.update()

    def fit(self) -> None:
        """The whole picture."""
        self.take(1.0, QPointF(_HALF, _HALF))
        self.moved.emit(self.zoom, self.middle)

    def nearer(self, factor: float = _STEP) -> None:
        """Come nearer, or with a factor below 1 go back."""
        self.take(self.zoom * factor, self.middle)
        self.moved.emit(self.zoom, self.middle)

    def farther(self) -> None:
        """Go back a step."""
        self.nearer(1 / _STEP)

    def take(self, zoom: float, middle: QPointF) -> None:
        """Stand where another view stands."""
        self.zoom = min(max(zoom, 1.0), _NEAREST)
        # What is shown stays inside the picture.
        free = _HALF / self.zoom
        self.middle = QPointF(
            min(max(middle.x(), free), 1 - free), min(max(middle.y(), free), 1 - free)
        )  # fmt: skip
        self.setCursor(Qt.CursorShape.OpenHandCursor if self.zoom > 1 else Qt.CursorShape.ArrowCursor)
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """The picture on sunken ground, its words above."""
        head = QRectF(box.x(), box.y(), box.width(), px(20) if self._head else 0)
        room = box.adjusted(0, head.height(), 0, 0)
        paint_text(painter, head, self._head, "ink", "table")
        painter.fillRect(room, theme.color("sunken"))
        if self._image is None:
            paint_text(painter, room.adjusted(8, 0, -8, 0), self._told, "ink2", "body", MIDDLE)
        else:
            painter.save()
            painter.setClipRect(room)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._place(room), self._image)
            painter.restore()
        painter.setPen(QPen(theme.color("accent" if self.hasFocus() else "rule"), 2 if self.hasFocus() else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(room.adjusted(1, 1, -1, -1))

    def _place(self, room: QRectF) -> QRectF:
        """Where the whole picture lies, of which the view shows a part."""
        if self._image is None:
            return QRectF()
        size = self._image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        wide, high = size.width() * self.zoom, size.height() * self.zoom
        left = room.center().x() - wide * self.middle.x()
        top = room.center().y() - high * self.middle.y()
        return QRectF(left, top, wide, high)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nearer and back."""
        turned = event.angleDelta().y()
        if turned:
            self.nearer(_STEP if turned > 0 else 1 / _STEP)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        self._held = event.position() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it along."""
        if self._held is None or self._image is None or self.zoom <= 1:
            return
        gone, self._held = event.position() - self._held, event.position()
        place = self._place(QRectF(self.rect()))
        self._move(-gone.x() / max(place.width(), 1), -gone.y() / max(place.height(), 1))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Near, or whole again."""
        if self.zoom > 1:
            self.fit()
        else:
            self.nearer(_STEP**4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus, minus, 0; arrows with Shift move what is near."""
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.nearer()
        elif key == Qt.Key.Key_Minus:
            self.farther()
        elif key == Qt.Key.Key_0:
            self.fit()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in _WAYS:
            self._move(*(_MOVE / self.zoom * way for way in _WAYS[key]))
        else:
            super().keyPressEvent(event)

    def _move(self, across: float, down: float) -> None:
        self.take(self.zoom, self.middle + QPointF(across, down))
        self.moved.emit(self.zoom, self.middle)


_WAYS: Final[dict[int, tuple[int, int]]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
