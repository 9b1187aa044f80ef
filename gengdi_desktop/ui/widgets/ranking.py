"""Villages ranked by what is in place: bar done, hatch waiting, empty the rest; share and remaining area in figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.ui import theme, words
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import RIGHT, Canvas, paint_text, text_width

_FIFTH = 5
_SHORTEST_BAR = 70


@dataclass(frozen=True)
class Ranked:
    """One village: all its area, what is done, what waits for acceptance."""

    name: str
    all: Area
    done: Area
    waiting: Area = Area.ZERO

    @property
    def share(self) -> tuple[int, int]:
        """Done and all, for ordering without a fraction."""
        return self.done.micro_mu, max(self.all.micro_mu, 1)


class Ranking(Canvas):
    """A press on a line asks for that village's plots."""

    def __init__(self, pressed: Callable[[str], object] | None = None) -> None:
        super().__init__("各村排名")
        self._rows: tuple[Ranked, ...] = ()
        self._pressed = pressed
        self._here = -1
        if pressed is not None:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_rows(self, rows: Sequence[Ranked]) -> None:
        """Show other villages, the furthest first."""
        self._rows = tuple(sorted(rows, key=lambda one: -one.done.micro_mu / max(one.all.micro_mu, 1)))
        told = "，".join(f"{one.name} {percent_text(one.done, one.all, 1)}%" for one in self._rows[:_FIFTH])
        self.setAccessibleName(f"各村排名：{told}")
        self.setMinimumHeight(px(20) * len(self._rows))
        self.setMaximumHeight(px(30) * max(len(self._rows), 1))
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Lines of equal height, every fifth one ruled."""
        if not self._rows:
            return
        step = box.height() / len(self._rows)
        rest = max(text_width(words.mu(one.all - one.done), "table") for one in self._rows) + px(16)
        share = text_width("99.9%", "table") + px(8)
        longest = max(text_width(one.name, "table") for one in self._rows) + px(34)
        name = min(longest, max(box.width() - share - rest - px(_SHORTEST_BAR), px(90)))
        for at, row in enumerate(self._rows):
            line = QRectF(0, at * step, box.width(), step)
            paint_text(painter, QRectF(0, line.y(), px(20), step), str(at + 1), "ink3", "small", RIGHT)
            paint_text(painter, QRectF(px(28), line.y(), name - px(32), step), row.name, "ink", "table")
            self._bar(painter, QRectF(name, line.y(), box.width() - name - share - rest, step), row)
            left = box.width() - share - rest
            percent = percent_text(row.done, row.all, 1).replace("100.0", "100")
            paint_text(painter, QRectF(left, line.y(), share, step), f"{percent}%", "ink", "table", RIGHT)
            remaining = row.all - row.done
            told = words.mu(remaining) if remaining.micro_mu else words.NOTHING
            paint_text(painter, QRectF(box.width() - rest, line.y(), rest, step), told, "ink2", "table", RIGHT)
            if at % _FIFTH == _FIFTH - 1 and at < len(self._rows) - 1:
                painter.setPen(QPen(theme.color("rule"), 1))
                bottom = round(line.bottom()) + 0.5
                painter.drawLine(QPointF(0, bottom), QPointF(box.width(), bottom))
        if self.hasFocus() and self._here >= 0:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(1, self._here * step + 1, box.width() - 2, step - 2))

    @staticmethod
    def _bar(painter: QPainter, room: QRectF, row: Ranked) -> None:
        whole = row.all.micro_mu
        bar = QRectF(room.x() + 1, room.center().y() - px(5), room.width() - px(8), px(10))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(bar, theme.color("sunken"))
        if theme.color("sunken") == theme.color("sheet"):
            painter.setPen(QPen(theme.color("hair"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.setPen(Qt.PenStyle.NoPen)
        if whole:
            done, waiting = bar.width() * row.done.micro_mu / whole, bar.width() * row.waiting.micro_mu / whole
            painter.setBrush(QBrush(theme.color("land_fill"), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(QRectF(bar.x() + done, bar.y(), waiting, bar.height()))
            painter.fillRect(QRectF(bar.x(), bar.y(), done, bar.height()), theme.color("land_fill"))
        painter.setPen(QPen(theme.color("edge"), 1))
        painter.drawLine(QPointF(room.x() + 0.5, room.top()), QPointF(room.x() + 0.5, room.bottom()))

    def event(self, event: QEvent) -> bool:
        """The whole name of a village as tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._rows:
            at = int(event.pos().y() // (self.height() / len(self._rows)))
            if 0 <= at < len(self._rows):
                QToolTip.showText(event.globalPos(), self._rows[at].name, self)
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press a line."""
        if self._rows:
            at = int(event.position().y() // (self.height() / len(self._rows)))
            self._press(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by arrows, press by Enter."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps and self._rows:
            self._here = min(max(self._here + steps[Qt.Key(event.key())], 0), len(self._rows) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._press(max(self._here, 0))
        else:
            super().keyPressEvent(event)

    def _press(self, at: int) -> None:
        if self._pressed is not None and 0 <= at < len(self._rows):
            self._pressed(self._rows[at].name)
