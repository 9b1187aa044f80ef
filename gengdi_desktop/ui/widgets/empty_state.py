"""A page without content yet: what it will hold, what to do first, one way to look around."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import state_marks, theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, Canvas, paint_text, text_width
from gengdi_desktop.ui.widgets.parts import CENTRE, label, row

_WAY = (
    State.ISSUED, State.CHECKED, State.PLANNED, State.WORKING, State.CLAIMED, State.ACCEPTED, State.CLOSED,
)  # fmt: skip


class FieldsPicture(Canvas):
    """Plots on their way from the list to closing: a quiet row of fields in the place of a mascot."""

    def __init__(self) -> None:
        super().__init__("图斑从已下发到已销号要走的路", px(84))
        self.setMinimumWidth(px(90) * len(_WAY))

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Marks with their words, joined by lines."""
        side = float(px(30))
        step = max(float(px(88)), max(text_width(one.label) for one in _WAY) + px(12))
        left = (box.width() - step * (len(_WAY) - 1) - side) / 2
        for index, state in enumerate(_WAY):
            mark = QRectF(left + index * step, px(8), side, side)
            if index:
                painter.setPen(QPen(theme.color("rule"), 1.5))
                painter.drawLine(
                    round(mark.x() - step + side + px(12)), round(mark.center().y()),
                    round(mark.x() - px(12)), round(mark.center().y()),
                )  # fmt: skip
            state_marks.draw_state(painter, mark, state)
            words = QRectF(mark.center().x() - step / 2, mark.bottom() + px(8), step, px(20))
            paint_text(painter, words, state.label, "ink2", "small", MIDDLE)


class EmptyState(QWidget):
    """Picture, title, one sentence, buttons (the main one first), one sentence of reassurance.

    The picture of the way of a plot is for places that hold none yet; where something was filtered away or is done,
    it says nothing.
    """

    def __init__(
        self, title: str, sentence: str, buttons: Sequence[QPushButton] = (), comfort: str = "", *, picture: bool = True
    ) -> None:
        super().__init__()
        self.setAccessibleName(title)
        lay = QVBoxLayout(self)
        lay.setSpacing(8)
        lay.addStretch(2)
        if picture:
            lay.addWidget(FieldsPicture())
        lay.addWidget(label(title, "title", align=CENTRE))
        lay.addWidget(label(sentence, "body", align=CENTRE, wrap=True))
        if buttons:
            lay.addSpacing(8)
            lay.addLayout(row(None, *buttons, None, gap=8))
        if comfort:
            lay.addSpacing(8)
            lay.addWidget(label(comfort, "small", align=CENTRE, wrap=True))
        lay.addStretch(3)
        lay.setAlignment(Qt.AlignmentFlag.AlignVCenter)
