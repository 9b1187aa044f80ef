"""Phases on one axis of days: past soft green, running filled to today, coming empty; the hard deadline a red flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import Token, px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, RIGHT, Canvas, paint_text, text_width

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Span:
    """A phase with its window, both days inclusive; ``last`` is its own hard deadline where it may run on."""

    name: str
    start: date
    end: date
    last: date | None = None


def short(day: date) -> str:
    """``8.17``: days on the axis."""
    return f"{day.month}.{day.day}"


class Timeline(Canvas):
    """One axis from the first phase's first day to the last day of anything."""

    def __init__(self) -> None:
        super().__init__("阶段时间轴", px(86))
        self._spans: tuple[Span, ...] = ()
        self._today = date.min
        self._deadline: date | None = None

    def show_spans(self, spans: Sequence[Span], today: date, deadline: date | None) -> None:
        """Show other phases; without a dated one the axis takes no room."""
        self._spans, self._today, self._deadline = tuple(spans), today, deadline
        self.setVisible(bool(spans))
        told = "，".join(f"{one.name} {short(one.start)} 到 {short(one.end)}" for one in spans)
        limit = f"，硬期限 {short(deadline)}" if deadline else ""
        self.setAccessibleName(f"阶段时间轴：{told}，今天 {short(today)}{limit}")
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Blocks, overlap, ticks, deadline, today."""
        if not self._spans:
            return
        ends = [one.end for one in self._spans] + [self._deadline or date.min]
        self._first = min(one.start for one in self._spans)
        self._step = box.width() / ((max(ends) - self._first).days + 1)
        self._top, self._base = float(px(24)), float(px(54))
        for span in self._spans:
            self._block(painter, span)
        taken = [self._tail(painter, span) for span in self._spans]
        self._ticks(painter, max(ends), [one for one in taken if one is not None])
        if self._deadline is not None:
            self._flag(painter, self._deadline)
        if self._first <= self._today <= max(ends):
            self._now(painter, box)

    def _x(self, day: date) -> float:
        return (day - self._first).days * self._step

    def _block(self, painter: QPainter, span: Span) -> None:
        over, running = span.end < self._today, span.start <= self._today <= span.end
        left, width = self._x(span.start) + 1, ((span.end - span.start).days + 1) * self._step - 2
        block = QRectF(left, self._top, width, self._base - self._top)
        reached = self._x(self._today) + self._step / 2 - left
        ground: Token = "land_soft" if over else "sunken"
        painter.fillRect(block, theme.color(ground))
        if theme.color("sunken") == theme.color("page"):  # high contrast has no soft grounds: lines carry the blocks
            painter.setPen(QPen(theme.color("rule"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(block.adjusted(0.5, 0.5, -0.5, -0.5))
        foot = QRectF(left, self._base - 3, width, 3)
        painter.fillRect(foot, theme.color("land" if over else "rule"))
        if running:
            painter.fillRect(QRectF(left, self._top, reached, self._base - self._top - 3), theme.color("soil_soft"))
            painter.fillRect(QRectF(left, self._base - 3, reached, 3), theme.color("soil"))
        self._words(painter, span, block, over=over, running=running)

    def _words(self, painter: QPainter, span: Span, block: QRectF, *, over: bool, running: bool) -> None:
        dates = f"{span.name}  {short(span.start)}–{short(span.end)}"
        room = block.width() - px(14)
        name = dates if text_width(dates, "table") <= room else span.name
        if text_width(name, "table") > room:
            return
        inner = block.adjusted(px(8), 0, -px(6), -3)
        used = paint_text(painter, inner, name, "ink" if running else "ink2", "table")
        state = "已结束" if over else ""
        if running:
            number, left = (self._today - span.start).days + 1, (span.end - self._today).days
            state = f"第 {number} 天，还有 {left} 天" if left else f"第 {number} 天，今天截止"
        if state and used + px(14) + text_width(state, "table") <= inner.width():
            tone: Token = "land" if over else "soil"
            paint_text(painter, inner.adjusted(used + px(14), 0, 0, 0), state, tone, "table")

    def _tail(self, painter: QPainter, span: Span) -> QRectF | None:
        """A phase that may run on past its window, hatched below the phases that it overlaps; where its words stand."""
        last = span.last
        if last is None or last <= span.end:
            return None
        start = self._x(span.end + timedelta(days=1))
        tail = QRectF(start, self._base + 2, self._x(last) + self._step - start, 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(theme.color("soil_fill"), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(tail)
        told = f"{span.name}可顺延"
        place = QRectF(tail.x(), self._base + px(10), text_width(told) + 2, px(18))
        paint_text(painter, place, told, "ink2")
        return place.united(tail)

    def _ticks(self, painter: QPainter, end: date, taken: Sequence[QRectF]) -> None:
        day = self._first + timedelta(days=(7 - self._first.weekday()) % 7)
        painter.setPen(QPen(theme.color("edge"), 1))
        every = 7 if self._step * 7 > px(44) else 14
        while day <= end:
            middle = round(self._x(day) + self._step / 2) + 0.5
            wide = text_width(short(day)) + px(8)
            place = QRectF(middle - wide / 2, self._base + 3, wide, px(25))
            free = not any(one.intersects(place) for one in taken)
            if free:
                painter.setPen(QPen(theme.color("edge"), 1))
                painter.drawLine(QPointF(middle, self._base + 3), QPointF(middle, self._base + 8))
            place.setTop(self._base + px(10))
            if free and day != self._today and place.left() >= 0 and place.right() <= self.width():
                paint_text(painter, place, short(day), "ink3", "small", MIDDLE)
            day += timedelta(days=every)

    def _flag(self, painter: QPainter, deadline: date) -> None:
        x = round(self._x(deadline) + self._step) - 1.0
        painter.setPen(QPen(theme.color("seal"), 2))
        painter.drawLine(QPointF(x, self._top - px(16)), QPointF(x, self._base + 9))
        painter.setBrush(theme.color("seal"))
        painter.setPen(Qt.PenStyle.NoPen)
        top = self._top - px(20)
        painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x - px(11), top + px(6)), QPointF(x, top + px(12))]))
        words = f"硬期限 {short(deadline)}"
        width = text_width(words, "table") + 4
        left = x - px(16) - width
        tag_left, tag_right = self._tag_span()
        if left < tag_right and left + width > tag_left:
            return  # today's tag stands there; the days left are told beside the title
        paint_text(painter, QRectF(left, self._top - px(24), width, px(20)), words, "seal", "table", RIGHT)

    def _tag(self) -> str:
        return f"今天 {short(self._today)} 周{_WEEKDAYS[self._today.weekday()]}"

    def _tag_span(self) -> tuple[float, float]:
        middle, width = self._x(self._today) + self._step / 2, text_width(self._tag(), "table") + px(14)
        left = min(max(middle - width / 2, 0.0), max(self.width() - width, 0.0))
        return left, left + width

    def _now(self, painter: QPainter, box: QRectF) -> None:
        del box
        middle = self._x(self._today) + self._step / 2
        painter.setPen(QPen(theme.color("ink"), 1.5))
        painter.drawLine(QPointF(middle, self._top - 4), QPointF(middle, self._base + 10))
        left, right = self._tag_span()
        tag = QRectF(left, 0, right - left, px(20))
        painter.setBrush(theme.color("ink"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(tag, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        paint_text(painter, tag, self._tag(), "sheet", "table", MIDDLE)
