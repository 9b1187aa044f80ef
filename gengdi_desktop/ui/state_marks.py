"""The mark of a state: a field that fills up on its way from the list to closing; the shape alone tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import Tone

TONE_OF: Final[Mapping[State, Tone]] = {
    State.ISSUED: "stone", State.CHECKED: "stone",
    State.PLANNED: "soil", State.WORKING: "soil", State.WORKS_DONE: "soil",
    State.CONTESTED: "sky", State.CLAIMED: "sky",
    State.ACCEPTED: "land", State.COUNTY_ACCEPTED: "land", State.CLOSED: "land",
    State.CANCELLED: "stone", State.SPLIT: "stone",
}  # fmt: skip


class _Field:
    """The brush of one mark: points in fractions of the field, strokes that keep their weight at every size."""

    def __init__(self, painter: QPainter, box: QRectF, ink: QColor, paper: QColor) -> None:
        self.painter, self.ink, self.paper = painter, ink, paper
        self.side = box.width()
        self.line = max(1.3, self.side / 10)
        half = self.line / 2
        self.frame = box.adjusted(half, half, -half, -half)

    def at(self, across: float, down: float) -> QPointF:
        return QPointF(self.frame.x() + self.frame.width() * across, self.frame.y() + self.frame.height() * down)

    def pen(self, ink: QColor, weight: float = 1.0) -> QPen:
        round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        return QPen(ink, self.line * weight, Qt.PenStyle.SolidLine, round_cap, round_join)

    def outline(self) -> None:
        self._field(Qt.BrushStyle.NoBrush)

    def full(self) -> None:
        self._field(self.ink)

    def _field(self, brush: QColor | Qt.BrushStyle) -> None:
        self.painter.setPen(self.pen(self.ink))
        self.painter.setBrush(brush)
        self.painter.drawRoundedRect(self.frame, self.side * 0.1, self.side * 0.1)

    def stroke(self, *points: tuple[float, float], weight: float = 1.0) -> None:
        self._polyline(self.ink, points, weight)

    def cut(self, *points: tuple[float, float], weight: float = 1.0) -> None:
        """A stroke in the colour of the paper, as if cut out of a full field."""
        self._polyline(self.paper, points, weight)

    def _polyline(self, ink: QColor, points: tuple[tuple[float, float], ...], weight: float) -> None:
        self.painter.setPen(self.pen(ink, weight))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline(QPolygonF([self.at(*one) for one in points]))

    def block(self, *points: tuple[float, float]) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.ink)
        self.painter.drawPolygon(QPolygonF([self.at(*one) for one in points]))


def _issued(field: _Field) -> None:
    field.outline()


def _checked(field: _Field) -> None:
    field.outline()
    field.painter.setPen(Qt.PenStyle.NoPen)
    field.painter.setBrush(field.ink)
    radius = field.side * 0.15
    field.painter.drawEllipse(field.at(0.5, 0.5), radius, radius)


def _planned(field: _Field) -> None:
    field.outline()
    field.stroke((0.0, 1.0), (1.0, 0.0))


def _working(field: _Field) -> None:
    field.outline()
    field.block((0, 0.46), (1, 0.46), (1, 1), (0, 1))


def _works_done(field: _Field) -> None:
    field.outline()
    for down in (0.27, 0.5, 0.73):
        field.stroke((0.22, down), (0.78, down), weight=0.9)


def _contested(field: _Field) -> None:
    path = QPainterPath(field.at(0.05, 0))
    for point in ((0.62, 0.0), (0.95, 0.33), (0.95, 1.0), (0.05, 1.0)):
        path.lineTo(field.at(*point))
    path.closeSubpath()
    field.painter.setPen(field.pen(field.ink))
    field.painter.setBrush(Qt.BrushStyle.NoBrush)
    field.painter.drawPath(path)
    field.stroke((0.28, 0.48), (0.7, 0.48), weight=0.9)
    field.stroke((0.28, 0.74), (0.7, 0.74), weight=0.9)


def _claimed(field: _Field) -> None:
    field.full()
    field.cut((0.5, 0.8), (0.5, 0.22), weight=1.1)
    field.cut((0.25, 0.47), (0.5, 0.22), (0.75, 0.47), weight=1.1)


def _accepted(field: _Field) -> None:
    field.full()
    field.cut((0.22, 0.52), (0.42, 0.72), (0.8, 0.28), weight=1.2)


def _county_accepted(field: _Field) -> None:
    field.full()
    field.cut((0.1, 0.54), (0.28, 0.73), (0.6, 0.3), weight=1.05)
    field.cut((0.44, 0.66), (0.52, 0.75), (0.9, 0.3), weight=1.05)


def _closed(field: _Field) -> None:
    field.full()
    field.cut((0.2, 0.5), (0.8, 0.5), weight=1.6)


def _cancelled(field: _Field) -> None:
    dashed = QPen(field.ink, field.line, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
    dashed.setDashPattern([2, 1.6])
    field.painter.setPen(dashed)
    field.painter.setBrush(Qt.BrushStyle.NoBrush)
    field.painter.drawRect(field.frame)
    field.stroke((0.28, 0.28), (0.72, 0.72))
    field.stroke((0.72, 0.28), (0.28, 0.72))


def _split(field: _Field) -> None:
    for left, right in ((0.0, 0.38), (0.62, 1.0)):
        field.painter.setPen(field.pen(field.ink))
        field.painter.setBrush(Qt.BrushStyle.NoBrush)
        field.painter.drawRect(QRectF(field.at(left, 0), field.at(right, 1)))


_MARKS: Final[Mapping[State, Callable[[_Field], None]]] = {
    State.ISSUED: _issued, State.CHECKED: _checked, State.PLANNED: _planned, State.WORKING: _working,
    State.WORKS_DONE: _works_done, State.CONTESTED: _contested, State.CLAIMED: _claimed, State.ACCEPTED: _accepted,
    State.COUNTY_ACCEPTED: _county_accepted, State.CLOSED: _closed, State.CANCELLED: _cancelled, State.SPLIT: _split,
}  # fmt: skip


def draw_state(painter: QPainter, box: QRectF, state: State) -> None:
    """Paint the mark of *state* into a square *box*: 14 px in tables, 18 in heads, 28 in empty states."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _MARKS[state](_Field(painter, box, theme.color(TONE_OF[state]), theme.color("sheet")))
    painter.restore()


def state_pixmap(state: State, size: int = 14, ratio: float = 2.0) -> QPixmap:
    """The mark as a pixmap, for labels and lists."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(ratio)
    painter = QPainter(made)
    draw_state(painter, QRectF(0, 0, size, size), state)
    painter.end()
    return made
