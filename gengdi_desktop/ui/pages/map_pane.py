"""At the right of the map: the chosen plot in a few lines, and what marks and colours mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import words
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.badge import StateBadge, StateMark
from gengdi_desktop.ui.widgets.canvas import Canvas
from gengdi_desktop.ui.widgets.map_signs import draw_photo
from gengdi_desktop.ui.widgets.page import scrolling
from gengdi_desktop.ui.widgets.parts import button, clear, label, line, row

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import PlotLine

_WIDE: Final = 268
_NARROW: Final = 216
_SIGN: Final = 16
_UP_RIGHT: Final = 45_000


class MapPane(QFrame):
    """Asks to open a plot, or to show its row, by its own id."""

    def __init__(self, opened: Callable[[str], object], row_asked: Callable[[str], object]) -> None:
        super().__init__()
        self._opened, self._row_asked = opened, row_asked
        self.setProperty("bar", "pane")
        self.setAccessibleName("选中的图斑和图例")
        self.setFixedWidth(px(_WIDE))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        outer.addWidget(scrolling(inner))
        lay = QVBoxLayout(inner)
        lay.setContentsMargins(16, 12, 16, 12)
        lay.setSpacing(px(8))
        self._plot = QVBoxLayout()
        self._plot.setSpacing(px(6))
        lay.addLayout(self._plot)
        lay.addSpacing(px(6))
        lay.addWidget(line())
        lay.addWidget(label("图例", "section"))
        self._legend = QVBoxLayout()
        self._legend.setSpacing(px(4))
        lay.addLayout(self._legend)
        lay.addStretch(1)
        lay.addWidget(label("滚轮放大缩小，按住拖动；方向键移动，Ctrl+↑↓ 上一个、下一个。", "small", wrap=True))
        self.show_nothing()

    def set_narrow(self, *, narrow: bool) -> None:
        """Less room for words."""
        self.setFixedWidth(px(_NARROW if narrow else _WIDE))

    def show_nothing(self) -> None:
        """No plot is chosen."""
        clear(self._plot)
        self._plot.addWidget(label("点一个图斑，看它的情况。双击打开。", "label", wrap=True))

    def show_plot(self, plot: PlotLine) -> None:
        """Name, state, areas, who and until when."""
        clear(self._plot)
        self._plot.addWidget(label(plot.name, "title", wrap=True))
        self._plot.addWidget(StateBadge(plot.state))
        facts = (
            ("下发面积", f"{words.mu(plot.issued_area)} 亩"),
            ("剩余", f"{words.mu(plot.remaining)} 亩"),
            ("责任人", plot.person or words.NOTHING),
            ("时限", words.day(plot.deadline)),
            ("照片、材料", f"{plot.files} 份"),
        )
        for name, value in facts:
            self._plot.addLayout(row(label(name, "label"), None, label(value, "value"), gap=8))
        opened = button("打开图斑", pressed=lambda: self._opened(plot.id))
        listed = button("台账里的这一行", "link", pressed=lambda: self._row_asked(plot.id))
        self._plot.addLayout(row(opened, None))
        self._plot.addLayout(row(listed, None))

    def show_legend(self, counts: Mapping[State, int]) -> None:
        """The states that the map shows, with how many plots each has."""
        clear(self._legend)
        for state in State:
            if counts.get(state):
                many = label(words.count(counts[state]), "value")
                self._legend.addLayout(row(StateMark(state), label(state.label, "label"), None, many, gap=8))
        self._legend.addLayout(row(PhotoSign(), label("照片，尖角朝拍摄方向", "label"), None, gap=8))


class PhotoSign(Canvas):
    """The sign of a photo as the map draws it."""

    def __init__(self) -> None:
        super().__init__("照片", px(_SIGN))
        self.setFixedWidth(px(_SIGN))

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """A dot and a wedge, looking to the upper right."""
        draw_photo(painter, QPointF(box.width() * 0.35, box.height() * 0.65), _UP_RIGHT)
