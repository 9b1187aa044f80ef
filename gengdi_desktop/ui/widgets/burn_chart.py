"""The settled area day by day against the plan: plan dashed, done as a line on soft ground, today's gap in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.ui import theme, words
from gengdi_desktop.ui.theme import Token, px
from gengdi_desktop.ui.widgets.canvas import LEFT, MIDDLE, RIGHT, Canvas, paint_text, text_width

_LINES: Final = 4
_LEAST: Final = 120


@dataclass(frozen=True)
class BurnLine:
    """What the picture shows.

    Args:
        points: Day and all that was settled by its end, oldest first.
        target: What is to be settled.
        today: Where the line ends.
        start: First day of the plan; None where there is none.
        end: The day on which the plan is fulfilled.
        deadline: The hard deadline.
        planned: What the plan says for today; None without a plan.
    """

    points: tuple[tuple[date, Area], ...]
    target: Area
    today: date
    start: date | None = None
    end: date | None = None
    deadline: date | None = None
    planned: Area | None = None

    @property
    def done(self) -> Area:
        """What is settled now."""
        return self.points[-1][1] if self.points else Area.ZERO


class BurnChart(Canvas):
    """One picture; its accessible name tells the same in words."""

    def __init__(self) -> None:
        super().__init__("落实面积")
        self.setMinimumHeight(px(_LEAST))
        self._line: BurnLine | None = None

    def show_line(self, line: BurnLine, told: str) -> None:
        """Show another line; *told* says in a sentence what it means."""
        self._line = line
        plan = f"，按计划应落实 {words.mu(line.planned)} 亩" if line.planned is not None else ""
        self.setAccessibleName(
            f"落实面积图：已落实 {words.mu(line.done)} 亩，应落实 {words.mu(line.target)} 亩{plan}。{told}"
        )
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Lines of the scale, plan, done, deadline, labels."""
        line = self._line
        if line is None or line.target.micro_mu <= 0:
            return
        self._measure(line, box)
        self._scale(painter, line)
        self._draw_done(painter, line)
        self._draw_plan(painter, line)
        self._days(painter, line)
        self._draw_deadline(painter, line)
        self._labels(painter, line)

    # -- where things are

    def _measure(self, line: BurnLine, box: QRectF) -> None:
        days = [
            line.today,
            *(one for one in (line.start, line.end, line.deadline) if one),
            *(d for d, _ in line.points),
        ]
        early = line.start - timedelta(days=1) if line.start else min(days)
        self._first = min([early, *(day for day, _ in line.points)])
        self._last = max([*days, self._first + timedelta(days=1)])
        self._top = max(line.target.micro_mu, line.done.micro_mu, 1)
        left = text_width(_round(line.target)) + px(10)
        named = (f"应 {words.mu(line.target)}", *(one for one, _ in self._told(line)))
        right = max(text_width(one, "table") for one in named) + px(10)
        self._plot = QRectF(left, px(10), max(box.width() - left - right, 1), max(box.height() - px(34), 1))

    def _x(self, day: date) -> float:
        share = (day - self._first).days / max((self._last - self._first).days, 1)
        return self._plot.x() + self._plot.width() * share

    def _y(self, area: Area) -> float:
        return self._plot.bottom() - self._plot.height() * area.micro_mu / self._top

    # -- what is painted

    def _scale(self, painter: QPainter, line: BurnLine) -> None:
        step = _step(line.target)
        area = Area.ZERO
        while area.micro_mu <= self._top:
            y = round(self._y(area)) + 0.5
            painter.setPen(QPen(theme.color("edge" if area == Area.ZERO else "hair"), 1))
            painter.drawLine(QPointF(self._plot.left(), y), QPointF(self._plot.right(), y))
            place = QRectF(0, y - px(9), self._plot.left() - px(6), px(18))
            paint_text(painter, place, _round(area), "ink3", "small", RIGHT)
            area += step

    def _draw_done(self, painter: QPainter, line: BurnLine) -> None:
        start = max(self._first, min(line.today, line.start - timedelta(days=1))) if line.start else self._first
        path = [QPointF(self._x(start), self._y(Area.ZERO))]
        path += [QPointF(self._x(day), self._y(area)) for day, area in line.points]
        path.append(QPointF(self._x(line.today), self._y(line.done)))
        ground = QPolygonF(
            [*path, QPointF(path[-1].x(), self._plot.bottom()), QPointF(path[0].x(), self._plot.bottom())]
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("land_soft"))
        painter.drawPolygon(ground)
        painter.setPen(QPen(theme.color("land"), 2))
        painter.drawPolyline(QPolygonF(path))
        painter.setBrush(theme.color("land"))
        painter.setPen(QPen(theme.color("sheet"), 1.5))
        painter.drawEllipse(path[-1], 4.5, 4.5)

    def _draw_plan(self, painter: QPainter, line: BurnLine) -> None:
        if line.start is None or line.end is None:
            return
        plan = [
            QPointF(self._x(line.start - timedelta(days=1)), self._y(Area.ZERO)),
            QPointF(self._x(line.end), self._y(line.target)),
            QPointF(self._x(self._last), self._y(line.target)),
        ]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("ink2"), 1.4, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(plan))
        if line.end != line.deadline:
            painter.setPen(QPen(theme.color("edge"), 1, Qt.PenStyle.DotLine))
            x = round(self._x(line.end)) + 0.5
            painter.drawLine(QPointF(x, self._plot.top()), QPointF(x, self._plot.bottom()))
        if line.planned is not None and line.planned > line.done:
            painter.setPen(QPen(theme.color("seal"), 2, Qt.PenStyle.DashLine))
            x = self._x(line.today)
            painter.drawLine(QPointF(x, self._y(line.planned)), QPointF(x, self._y(line.done) - 6))

    def _days(self, painter: QPainter, line: BurnLine) -> None:
        """The days below: the first and the last ones, then weeks where there is room."""
        taken: list[QRectF] = []
        ends = [one for one in (line.deadline, line.start, line.end) if one]
        weeks = [self._first + timedelta(days=7 * n) for n in range((self._last - self._first).days // 7 + 1)]
        for day in dict.fromkeys((*ends, *weeks)):
            told = f"{day.month}.{day.day}" + (" 期限" if day == line.deadline else "")
            width = text_width(told) + px(10)
            left = min(max(self._x(day) - width / 2, 0.0), self.width() - width)
            place = QRectF(left, self._plot.bottom() + px(4), width, px(18))
            if any(one.intersects(place) for one in taken):
                continue
            taken.append(place)
            paint_text(painter, place, told, "seal" if day == line.deadline else "ink3", "small", MIDDLE)

    def _draw_deadline(self, painter: QPainter, line: BurnLine) -> None:
        if line.deadline is None:
            return
        painter.setPen(QPen(theme.color("seal"), 1.5))
        x = round(self._x(line.deadline)) + 0.5
        painter.drawLine(QPointF(x, self._plot.top() - px(6)), QPointF(x, self._plot.bottom()))

    @staticmethod
    def _told(line: BurnLine) -> list[tuple[str, Token]]:
        """What stands beside the lines, top down."""
        gap: list[tuple[str, Token]] = []
        if line.planned is not None and line.planned > line.done:
            gap.append((f"差 {words.mu(line.planned - line.done)}", "seal"))
        return [*gap, (f"已落实 {words.mu(line.done)}", "land")]

    def _labels(self, painter: QPainter, line: BurnLine) -> None:
        """Beside the lines, never in a legend: right of today's point, or at the edge where there is no room for it."""
        right = self._plot.right() + px(6)
        top = self._y(line.target) - px(9)
        paint_text(painter, QRectF(right, top, self.width() - right, px(18)), f"应 {words.mu(line.target)}", "ink2")
        told = self._told(line)
        wide = max(text_width(one, "table") for one, _ in told)
        x, y = self._x(line.today) + px(10), self._y(line.done)
        room = self._x(line.deadline) if line.deadline and line.deadline > line.today else self._plot.right()
        if x + wide > room:
            x, y = right, top + px(20)
        else:
            y -= px(10) * len(told)
        y = max(min(y, self._plot.bottom() - px(20) * len(told)), 0.0)
        for at, (one, ink) in enumerate(told):
            place = QRectF(x, y + at * px(20), text_width(one, "table") + 2, px(20))
            painter.fillRect(place, theme.color("sheet"))  # no line goes through a figure
            paint_text(painter, place, one, ink, "table", LEFT)


def _round(area: Area) -> str:
    """Whole mu, for the scale; small areas keep their decimals."""
    return words.mu(area).removesuffix(".00")


def _step(target: Area) -> Area:
    """The smallest round step that gives at most four lines above nothing."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if target.micro_mu <= power * factor * _LINES:
                return Area(power * factor)
        power *= 10
