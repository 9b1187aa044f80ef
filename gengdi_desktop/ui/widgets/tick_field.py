"""A choice as a printed form has it: a row of numbered boxes, of which one is ticked by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import CONTROL, px
from gengdi_desktop.ui.widgets.canvas import paint_text, text_width
from gengdi_desktop.ui.widgets.fields import ChoiceField

MOST: Final = 9
"""So many boxes have a number of one digit."""
_BOX, _GAP, _PAD, _EDGE, _ROW = 14, 5, 12, 6, 26
_FIRST = Qt.Key.Key_1


class TickField(ChoiceField):
    """One of a few: 1 to 9 tick, 0, Delete and Backspace take the tick away, arrows move it.

    It is a choice in all but its looks, so that forms and drafts treat it as one. Signal: a box was ticked by its
    number, so that the form may go on.
    """

    ticked = Signal()

    def __init__(self, name: str, options: Sequence[tuple[str, str]], chosen: str = "") -> None:
        """As a choice; options with an empty code get no box."""
        super().__init__(name, options, chosen)
        self.setToolTip("按数字打勾，0 去掉")
        self.currentIndexChanged.connect(lambda _at: self.update())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(self.sizeHint().width())
        self.setFixedHeight(px(CONTROL))

    def _boxes(self) -> list[int]:
        return [at for at in range(self.count()) if self.itemData(at)]

    def _rooms(self) -> list[tuple[int, QRectF]]:
        """Each box with its word: where it stands; what does not fit begins a new row."""
        rooms: list[tuple[int, QRectF]] = []
        left, top = float(_EDGE), 0.0
        for at, wide in self._widths():
            if left > _EDGE and left + wide + _EDGE > self.width():
                left, top = float(_EDGE), top + px(_ROW)
            rooms.append((at, QRectF(left, top, wide, px(CONTROL))))
            left += wide + px(_PAD)
        return rooms

    def _widths(self) -> list[tuple[int, float]]:
        return [
            (at, px(_BOX) + _GAP + text_width(self._words(number, at), "body"))
            for number, at in enumerate(self._boxes(), 1)
        ]

    def _words(self, number: int, at: int) -> str:
        return f"{number} {self.itemText(at)}"

    def sizeHint(self) -> QSize:
        """All boxes side by side."""
        widths = [wide for _at, wide in self._widths()]
        return QSize(round(sum(widths)) + px(_PAD) * max(len(widths) - 1, 0) + 2 * _EDGE + 2, px(CONTROL))

    def minimumSizeHint(self) -> QSize:
        """A box is never cut off."""
        widest = max((wide for _at, wide in self._widths()), default=0.0)
        return QSize(round(widest) + 2 * _EDGE + 2, px(CONTROL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as its rows."""
        super().resizeEvent(event)
        rooms = self._rooms()
        if rooms:
            self.setFixedHeight(round(rooms[-1][1].bottom()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers tick, arrows move the tick."""
        boxes, key = self._boxes(), event.key()
        if _FIRST <= key < _FIRST + len(boxes):
            self.setCurrentIndex(boxes[key - _FIRST])
            self.ticked.emit()
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.choose("")
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            at = boxes.index(self.currentIndex()) if self.currentIndex() in boxes else -1
            to = at + (1 if key == Qt.Key.Key_Right else -1)
            self.setCurrentIndex(boxes[max(0, min(to, len(boxes) - 1))])
        elif key == Qt.Key.Key_Space:
            now = self.currentIndex()
            self.setCurrentIndex(boxes[(boxes.index(now) + 1) % len(boxes)] if now in boxes else boxes[0])
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick the box that is pressed; the ticked one loses its tick."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        for at, room in self._rooms():
            if room.contains(event.position()):
                self.setCurrentIndex(at) if at != self.currentIndex() else self.choose("")
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """No list opens."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Boxes, numbers and words; the frame only while it has the focus or is wrong."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wrong, focus = self.property("wrong") == "true", self.hasFocus()
        if wrong or focus:
            painter.setPen(QPen(theme.color("seal" if wrong else "accent"), 2 if focus else 1))
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(frame, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        for number, (at, room) in enumerate(self._rooms(), 1):
            side = float(px(_BOX))
            box = QRectF(room.left(), room.center().y() - side / 2, side, side)
            painter.setPen(QPen(theme.color("edge"), 1.2))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
            if at == self.currentIndex():
                icons.draw(painter, box.adjusted(-1, -1, 1, 1), "check", "accent")
            words = room.adjusted(side + _GAP, 0, 2, 0)
            paint_text(painter, words, self._words(number, at), "ink" if self.isEnabled() else "ink3", "body")
        painter.end()
