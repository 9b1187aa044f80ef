"""What stands over a map and is small: the sign of a photo, the scale, north; and the sheet below words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, paint_text

NO_DIRECTION: Final = -1
_BAR_PIXELS: Final = 140
_BARS: Final = tuple(step * 10**power for power in range(6) for step in (1, 2, 5))
_KILOMETRE: Final = 1000
_GROUND_ALPHA: Final = 225


def draw_photo(painter: QPainter, at: QPointF, direction: int) -> None:
    """A dot where a photo stood, with a wedge where it looked (10⁻³ degree; -1 where not known)."""
    painter.setPen(QPen(theme.color("sheet"), 1))
    painter.setBrush(QBrush(theme.color("accent")))
    if direction != NO_DIRECTION:
        painter.save()
        painter.translate(at)
        painter.rotate(direction / 1000)
        painter.drawPolygon(QPolygonF([QPointF(0, 0), QPointF(-px(5), -px(13)), QPointF(px(5), -px(13))]))
        painter.restore()
    painter.drawEllipse(at, px(4), px(4))


def draw_scale(painter: QPainter, height: float, metres_of_pixel: float) -> None:
    """A bar of a round length at the lower left of a map that is so high."""
    most = _BAR_PIXELS * metres_of_pixel
    metres = max((one for one in _BARS if one <= most), default=1)
    length = metres / metres_of_pixel
    told = f"{metres // _KILOMETRE} 公里" if metres >= _KILOMETRE else f"{metres} 米"
    box = QRectF(px(10), height - px(32), length + px(16), px(26))
    draw_ground(painter, box)
    painter.setPen(QPen(theme.color("ink"), 1.4))
    y = box.bottom() - px(6)
    painter.drawLine(QPointF(box.left() + px(8), y), QPointF(box.left() + px(8) + length, y))
    for x in (box.left() + px(8), box.left() + px(8) + length):
        painter.drawLine(QPointF(x, y - px(4)), QPointF(x, y))
    paint_text(painter, QRectF(box.left() + px(8), box.top(), length, px(16)), told, "ink", "small", MIDDLE)


def draw_north(painter: QPainter, width: float) -> None:
    """An arrow up and the word, at the upper right of a map that is so wide."""
    box = QRectF(width - px(40), px(10), px(30), px(44))
    draw_ground(painter, box)
    painter.setPen(QPen(theme.color("ink"), 1.4))
    middle, top = box.center().x(), box.top() + px(6)
    painter.drawLine(QPointF(middle, top), QPointF(middle, top + px(16)))
    painter.drawLine(QPointF(middle - px(4), top + px(6)), QPointF(middle, top))
    painter.drawLine(QPointF(middle + px(4), top + px(6)), QPointF(middle, top))
    paint_text(painter, QRectF(box.left(), top + px(18), box.width(), px(18)), "北", "ink", "small", MIDDLE)


def draw_ground(painter: QPainter, box: QRectF, alpha: int = _GROUND_ALPHA) -> None:
    """The sheet under words that stand over the map."""
    ground = QColor(theme.color("sheet"))
    ground.setAlpha(alpha)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 4, 4)
