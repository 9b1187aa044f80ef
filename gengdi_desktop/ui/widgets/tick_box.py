"""A box that is ticked: the square that lists have too, in the tokens of every look."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import LEFT, paint_text, text_width

_SIDE = 16
_GAP = 8


def draw_tick(painter: QPainter, square: QRectF, *, ticked: bool, focused: bool = False) -> None:
    """A square with an edge that every look shows, ticked or not."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent" if focused else "edge"), 2 if focused else 1))
    painter.setBrush(theme.color("sheet"))
    painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_MARK, theme.RADIUS_MARK)
    if ticked:
        icons.draw(painter, square.adjusted(1, 1, -1, -1), "check", "accent")


class TickBox(QCheckBox):
    """The library paints its box in shades of the ground, which the dark and the high look swallow."""

    def sizeHint(self) -> QSize:
        """Square, gap, words."""
        return QSize(px(_SIDE) + _GAP + round(text_width(self.text(), "body")) + 4, px(24))

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The square, then what it says."""
        painter = QPainter(self)
        side = float(px(_SIDE))
        square = QRectF(1, (self.height() - side) / 2, side, side)
        draw_tick(painter, square, ticked=self.isChecked(), focused=self.hasFocus())
        words = QRectF(square.right() + _GAP, 0, self.width() - square.right() - _GAP, self.height())
        paint_text(painter, words, self.text(), "ink" if self.isEnabled() else "ink3", "body", LEFT)
        painter.end()
