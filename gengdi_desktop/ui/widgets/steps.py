"""Where one stands in a wizard, and the four stations of a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import Canvas, paint_text, text_width
from gengdi_desktop.ui.widgets.parts import clear, column, label, row

StationState = Literal["done", "now", "next"]
_DOT = 22


def _draw_dot(painter: QPainter, dot: QRectF, number: int, state: StationState) -> None:
    """Done ticked, now ringed, to come plain."""
    done, here = state == "done", state == "now"
    painter.setPen(QPen(theme.color("accent" if done or here else "edge"), 2 if here else 1.2))
    painter.setBrush(theme.color("accent" if done else "sheet"))
    painter.drawEllipse(dot)
    if done:
        inset = dot.width() / 5
        icons.draw(painter, dot.adjusted(inset, inset, -inset, -inset), "check", "on_accent")
        return
    painter.setFont(theme.font("table"))
    painter.setPen(theme.color("accent" if here else "ink2"))
    painter.drawText(dot, int(Qt.AlignmentFlag.AlignCenter), str(number))


class Steps(Canvas):
    """Numbered steps across the head of a wizard; ``now`` counts from 0, all done is one past the last."""

    def __init__(self, names: Sequence[str], now: int = 0) -> None:
        super().__init__("", px(28))
        self._names = tuple(names)
        self._now = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_now(now)

    @property
    def now(self) -> int:
        """The step that is open."""
        return self._now

    def set_now(self, now: int) -> None:
        """Open another step."""
        self._now = now
        last = min(now, len(self._names) - 1)
        self.setAccessibleName(f"第 {last + 1} 步，共 {len(self._names)} 步：{self._names[last]}")
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Dots with words, joined by lines."""
        width, side = box.width() / len(self._names), px(_DOT)
        top = (box.height() - side) / 2
        for index, name in enumerate(self._names):
            left = index * width
            state: StationState = "done" if index < self._now else "now" if index == self._now else "next"
            _draw_dot(painter, QRectF(left + 1, top, side, side), index + 1, state)
            words = QRectF(left + side + px(10), 0, width - side - px(10), box.height())
            used = paint_text(painter, words, name, "ink3" if state == "next" else "ink", "body")
            start, end = words.x() + used + px(12), left + width - px(12)
            if index < len(self._names) - 1 and start < end:
                painter.setPen(QPen(theme.color("accent" if state == "done" else "rule"), 1.5))
                painter.drawLine(round(start), round(box.center().y()), round(end), round(box.center().y()))

    def minimum_width(self) -> int:
        """The width below which the words would touch."""
        widest = max(text_width(name, "body") for name in self._names)
        return round((widest + px(_DOT) + px(16)) * len(self._names))


class _Rail(Canvas):
    """The dot of a station and the line down to the next one."""

    def __init__(self, number: int) -> None:
        super().__init__("")
        self.number = number
        self.state: StationState = "next"
        self.last = False
        self.setFixedWidth(px(26))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """The line first, the dot upon it."""
        side = px(_DOT)
        dot = QRectF(2, 2, side, side)
        if not self.last:
            painter.setPen(QPen(theme.color("accent" if self.state == "done" else "rule"), 2))
            middle = round(dot.center().x())
            painter.drawLine(middle, round(dot.bottom()) + 2, middle, round(box.bottom()))
        _draw_dot(painter, dot, self.number, self.state)


class Station(QWidget):
    """One stage of a report's way: dot, title, small note at the right, content in :attr:`body`."""

    def __init__(self, number: int, title: str, *, last: bool = False) -> None:
        super().__init__()
        self._title = title
        self._rail = _Rail(number)
        self._rail.last = last
        self.head = label(title, "section")
        self.note = label("", "small")
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 14)
        self.body.setSpacing(6)
        words = column(row(self.head, None, self.note, gap=8), self.body, gap=4)
        whole = row(gap=10)
        whole.addWidget(self._rail)
        whole.addLayout(words, 1)
        self.setLayout(whole)

    def set_state(self, state: StationState, note: str = "") -> None:
        """Say how far it is; the content of the station is emptied for what comes now."""
        clear(self.body)
        self._rail.state = state
        self._rail.update()
        self.note.setText(note)
        self.head.setProperty("tone", "stone" if state == "next" else "ink")
        self.head.style().unpolish(self.head)
        self.head.style().polish(self.head)
        told = {"done": "已完成", "now": "正在办", "next": "还没到"}[state]
        self.setAccessibleName(f"{self._title}：{told}　{note}")
