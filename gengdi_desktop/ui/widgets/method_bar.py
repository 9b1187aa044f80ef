"""A plot cut by the way its area was put in place: one strip, a pattern for each way, the remainder left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import Token, px
from gengdi_desktop.ui.widgets.canvas import Canvas

REMAINING: Final = "remaining"
_SURFACES: Final[Mapping[str, tuple[Token, Qt.BrushStyle]]] = {
    "restored": ("land_fill", Qt.BrushStyle.SolidPattern),
    "proved": ("sky_fill", Qt.BrushStyle.FDiagPattern),
    "regularised": ("sky_fill", Qt.BrushStyle.SolidPattern),
    "quota_offset": ("stone_fill", Qt.BrushStyle.HorPattern),
    "inout_offset": ("stone_fill", Qt.BrushStyle.SolidPattern),
    "other": ("soil_fill", Qt.BrushStyle.BDiagPattern),
}


@dataclass(frozen=True)
class Part:
    """A piece of the plot: the code of its bucket or :data:`REMAINING`, its word, its area."""

    code: str
    word: str
    area: Area


def _draw_piece(painter: QPainter, box: QRectF, code: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("sheet"))
    painter.drawRect(box)
    if code == REMAINING:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("seal"), 1.2, Qt.PenStyle.DashLine))
        painter.drawRect(box.adjusted(0.6, 0.6, -0.6, -0.6))
        return
    token, style = _SURFACES[code]
    painter.setBrush(QBrush(theme.color(token), style))
    painter.drawRect(box)
    if style is not Qt.BrushStyle.SolidPattern:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color(token), 1))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


class MethodBar(Canvas):
    """The strip; pieces without area are left out."""

    def __init__(self, parts: Sequence[Part] = ()) -> None:
        super().__init__("按方式落实面积", px(22))
        self._parts: tuple[Part, ...] = ()
        self.set_parts(parts)

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show other pieces."""
        self._parts = tuple(one for one in parts if one.area.micro_mu > 0)
        told = "，".join(f"{one.word} {one.area.display()} 亩" for one in self._parts)
        self.setAccessibleName(f"按方式落实面积：{told or '还没有'}")
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Pieces side by side, in proportion, with a sliver of light between."""
        total = sum(one.area.micro_mu for one in self._parts)
        left = 0.0
        for one in self._parts:
            width = box.width() * one.area.micro_mu / total
            _draw_piece(painter, QRectF(left, 0, max(width - 2, 1), box.height()), one.code)
            left += width


class Swatch(Canvas):
    """A sample of a piece beside its word."""

    def __init__(self, code: str, word: str) -> None:
        super().__init__(word, px(12))
        self._code = code
        self.setFixedWidth(px(16))

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """The piece fills the sample."""
        _draw_piece(painter, box, self._code)
