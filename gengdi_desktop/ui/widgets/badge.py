"""States and the facts beside them, told by a mark and a word."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import icons, state_marks, theme
from gengdi_desktop.ui.theme import Tone, px
from gengdi_desktop.ui.widgets.canvas import Canvas, paint_text, text_width
from gengdi_desktop.ui.widgets.parts import label, mark, row


@dataclass(frozen=True)
class Flag:
    """A fact beside the state: icon, words, tone; several may stand."""

    sign: str
    words: str
    tone: Tone

    def __str__(self) -> str:
        return self.words


class StateBadge(Canvas):
    """A state on its soft ground, for heads and panes; tables draw mark and word without ground."""

    def __init__(self, state: State, extra: str = "") -> None:
        super().__init__(f"状态：{state.label}{extra}")
        self._state = state
        self._words = state.label + extra
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(round(text_width(self._words, "table")) + px(38), px(24))

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Ground, border, mark, word."""
        tone = state_marks.TONE_OF[self._state]
        painter.setPen(QPen(theme.color(tone), 1))
        painter.setBrush(theme.color(theme.soft(tone)))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        side = px(14)
        state_marks.draw_state(painter, QRectF(px(8), (box.height() - side) / 2, side, side), self._state)
        paint_text(painter, box.adjusted(px(28), 0, 0, 0), self._words, tone, "table")


class StateMark(Canvas):
    """The mark of a state alone, beside its word."""

    def __init__(self, state: State, size: int = 14) -> None:
        super().__init__(state.label, px(size))
        self._state = state
        self.setFixedWidth(px(size))

    def sizeHint(self) -> QSize:
        """Square."""
        return QSize(self.width(), self.width())

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """The mark fills the widget."""
        state_marks.draw_state(painter, box, self._state)


def flag_line(flag: Flag) -> QHBoxLayout:
    """Icon and word of a fact, for heads and panes."""
    return row(mark(flag.sign, flag.tone, 14), label(flag.words, "value", flag.tone), gap=4)


def draw_flag(painter: QPainter, box: QRectF, flag: Flag) -> None:
    """Icon and word of a fact in a table cell."""
    side = px(14)
    icons.draw(painter, QRectF(box.x(), box.center().y() - side / 2 + 1, side, side), flag.sign, flag.tone)
    paint_text(painter, box.adjusted(side + px(5), 0, 0, 0), flag.words, flag.tone, "table")


def draw_state_word(painter: QPainter, box: QRectF, state: State) -> None:
    """Mark and word of a state in a table cell; the word stays in ink."""
    side = px(14)
    state_marks.draw_state(painter, QRectF(box.x(), box.center().y() - side / 2 + 0.5, side, side), state)
    paint_text(painter, box.adjusted(side + px(7), 0, 0, 0), state.label, "ink", "table")


def badge_line(state: State, flags: tuple[Flag, ...] = ()) -> QWidget:
    """A badge with the facts beside it, as heads of panes and pages have it."""
    made = QWidget()
    parts = row(StateBadge(state), gap=10)
    for one in flags:
        parts.addLayout(flag_line(one))
    parts.addStretch(1)
    parts.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    made.setLayout(parts)
    return made
