"""The pane at the right of the table: one plot's facts, its area by method, what may be done, its story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.pages.plot_facts import PlotView, ordered, verb
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.badge import badge_line
from gengdi_desktop.ui.widgets.form import FactGrid
from gengdi_desktop.ui.widgets.journal_list import JournalList
from gengdi_desktop.ui.widgets.method_bar import REMAINING, MethodBar, Part, Swatch
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, line, row

_WIDTH = 300
_ACROSS = 2


@dataclass(frozen=True)
class PaneDeeds:
    """What the pane can ask for."""

    act: Callable[[str], object]
    step: Callable[[int], object]
    close: Callable[[], object]


class PlotPane(QFrame):
    """Shows one plot; empty until one is chosen."""

    def __init__(self, deeds: PaneDeeds, *, writable: bool) -> None:
        super().__init__()
        self.setProperty("bar", "pane")
        self.setFixedWidth(px(_WIDTH))
        self.setAccessibleName("这个图斑")
        self._deeds, self._writable = deeds, writable
        self.view: PlotView | None = None
        self._name = label("", "section", wrap=True)
        self._badges = QVBoxLayout()
        self._bar = MethodBar()
        self._legend = QVBoxLayout()
        self._facts = FactGrid()
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(8)
        self._count = label("", "small")
        self._journal = JournalList()
        head = row(gap=0)
        head.addWidget(self._name, 1)
        head.addWidget(button("", "tool", "left", name="上一个图斑", key="Ctrl+↑", pressed=lambda: deeds.step(-1)))
        head.addWidget(button("", "tool", "right", name="下一个图斑", key="Ctrl+↓", pressed=lambda: deeds.step(1)))
        self._close = button("", "tool", "cross", name="收起", key="Esc", pressed=deeds.close)
        head.addWidget(self._close)
        self._story = QWidget()
        story = column(row(label("经过", "section"), self._count, None, gap=8), self._journal, None, gap=8)
        story.setContentsMargins(0, 0, px(6), 0)
        inner = column(self._badges, self._bar, self._legend, self._facts, self._buttons, 4, gap=8)
        inner.addLayout(story)
        inner.setContentsMargins(16, 0, 8, 12)
        self._story.setLayout(inner)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._story)
        self._story.setAutoFillBackground(False)
        lay = QVBoxLayout(self)
        lay.setContentsMargins(0, 8, 0, 0)
        lay.setSpacing(6)
        head.setContentsMargins(16, 0, 8, 0)
        lay.addLayout(head)
        lay.addWidget(area, 1)
        self.show_nothing()

    def set_closable(self, *, closable: bool) -> None:
        """Over the table the pane can be put away; beside it there is no need."""
        self._close.setVisible(closable)

    def show_nothing(self) -> None:
        """No plot is chosen."""
        self.view = None
        self._name.setText("还没有选图斑")
        self._story.hide()

    def show_plot(self, view: PlotView) -> None:
        """Show a plot."""
        self.view = view
        self._name.setText(view.name)
        clear(self._badges)
        self._badges.addWidget(badge_line(view.state, view.flags[:1]))
        for flag in view.flags[1:]:
            extra = badge_line_of(flag.words)
            self._badges.addWidget(extra)
        self._bar.setVisible(bool(view.parts))
        self._bar.set_parts(view.parts)
        self._show_legend(view.parts)
        self._facts.show_facts(view.facts)
        self._show_buttons(view)
        self._count.setText(f"{len(view.history)} 条")
        self._journal.show_entries(view.history)
        self._story.show()

    def _show_legend(self, parts: tuple[Part, ...]) -> None:
        clear(self._legend)
        self._legend.setSpacing(2)
        for start in range(0, len(parts), _ACROSS):
            pair = row(gap=6)
            for at, part in enumerate(parts[start : start + _ACROSS]):
                if at:
                    pair.addStretch(1)
                pair.addWidget(Swatch(part.code, part.word))
                words_ = f"{part.word} {words.mu(part.area)} 亩"
                pair.addWidget(label(words_, "small", "seal" if part.code == REMAINING else "ink"))
            pair.addStretch(1)
            self._legend.addLayout(pair)

    def _show_buttons(self, view: PlotView) -> None:
        clear(self._buttons)
        if not self._writable or not view.actions:
            return
        main = view.action(view.main)
        rest = ordered(view.actions, view.main)
        first = row(gap=8)
        if main is not None:
            code = main.code.value
            made = button(verb(main), "main", pressed=lambda: self._deeds.act(code))
            if code == "progress":
                made.setToolTip("记进展（Ctrl+J）")
            first.addWidget(made)
        for rule in rest[:1]:
            first.addWidget(button(verb(rule), pressed=partial(self._deeds.act, rule.code.value)))
        if len(rest) > 1:
            more = button("更多", "tool", "down")
            menu = QMenu(more)
            for rule in rest[1:]:
                action = menu.addAction(verb(rule))
                action.triggered.connect(lambda _checked=False, code=rule.code.value: self._deeds.act(code))
            more.setMenu(menu)
            first.addWidget(more)
        first.addStretch(1)
        self._buttons.addLayout(first)
        self._buttons.addWidget(line())


def badge_line_of(told: str) -> QWidget:
    """A further fact, small, under the badge."""
    return label(told, "small", "ink")
