"""To-do rows and the panel that says what stops the hand-in; a count is never 0: the row goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.theme import Tone, px
from gengdi_desktop.ui.widgets.parts import RIGHT, button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.sheet import PressRow, Sheet

_IN_SIGHT: Final = 6


@dataclass(frozen=True)
class Todo:
    """A count, a sentence, where it is, and the filters that show exactly these plots."""

    count: int
    sentence: str
    where: str = ""
    tone: Tone | Literal[""] = ""
    link: str = ""


class TodoSheet(Sheet):
    """What comes next; a press on a row gets its link."""

    def __init__(self, title: str, note: str, pressed: Callable[[str], object]) -> None:
        super().__init__(title, note)
        self._pressed = pressed
        self._unfolded = False
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def show_todos(self, todos: Sequence[Todo], nothing: str) -> None:
        """Show other rows, the first in sight and the rest one press away; without any, *nothing* in one sentence."""
        clear(self._rows)
        due = [one for one in todos if one.count > 0]
        hidden = len(due) - _IN_SIGHT if not self._unfolded and len(due) > _IN_SIGHT + 1 else 0

        def unfold() -> None:
            self._unfolded = True
            self.show_todos(todos, nothing)

        if not due:
            self._rows.addWidget(line())
            self._rows.addLayout(row(mark("check", "land", 14), label(nothing, wrap=True), None, margins=(0, 8, 0, 8)))
        for one in due[: len(due) - hidden]:
            self._rows.addWidget(line())
            self._rows.addWidget(self._row(one))
        if hidden:
            self._rows.addWidget(line())
            plots = sum(one.count for one in due[-hidden:])
            more = button(f"还有 {hidden} 类，共 {plots} 个", "link", "down", pressed=unfold)
            self._rows.addLayout(row(more, None))

    def _row(self, todo: Todo) -> QWidget:
        number = label(words.count(todo.count), "section", todo.tone, align=RIGHT)
        number.setMinimumWidth(px(34))
        what = label(todo.sentence, wrap=True)
        lay = row(number, gap=12, margins=(0, 2, 4, 2))
        lay.addWidget(what, 3)
        if todo.where:
            lay.addWidget(label(todo.where, "small", align=RIGHT, wrap=True), 2)
        lay.addWidget(mark("right", "ink3", 14))
        made = PressRow(f"{todo.count} 个{todo.sentence}，{todo.where}", lambda: self._pressed(todo.link))
        made.setLayout(lay)
        return made


@dataclass(frozen=True)
class Stop:
    """What stands in the way of the hand-in: what, how, and the word of the one button."""

    what: str
    how: str
    verb: str
    link: str


class HandInSheet(Sheet):
    """Verdict first, then what stops, least effort first, what the paper will say, what is in order, buttons."""

    def __init__(self, title: str, pressed: Callable[[str], object], buttons: Sequence[QPushButton]) -> None:
        super().__init__(title, " ")
        self._pressed = pressed
        self._place = QVBoxLayout()
        self._place.setSpacing(8)
        self.body.addLayout(self._place)
        self.body.addStretch(1)
        foot = row(gap=8)
        for one in buttons:
            foot.addWidget(one, 1)
        self.body.addLayout(foot)

    def show_state(self, stops: Sequence[Stop], ready: Sequence[str], remarks: Sequence[Todo], *, low: bool) -> None:
        """Show what stops, what the paper will say all the same, and what is in order.

        A low window folds what is in order into one line.
        """
        clear(self._place)
        self._place.addWidget(_verdict(len(stops)))
        for one in stops:
            self._place.addLayout(self._stop(one))
            self._place.addWidget(line())
        if remarks:
            self._place.addWidget(label("不挡报，但报告里会照实写", "label"))
            rows = column(gap=0)
            for told in remarks:
                rows.addWidget(remark_row(told, self._pressed))
            self._place.addLayout(rows)
        if ready and low:
            ready = (f"{len(ready)} 项已经齐了",)
        elif ready:
            self._place.addWidget(label("已经齐了", "label"))
        for text in ready:
            words_ = row(mark("check", "land", 14), gap=8)
            words_.addWidget(label(text, "label", "ink", wrap=True), 1)
            self._place.addLayout(words_)

    def _stop(self, stop: Stop) -> QVBoxLayout:
        told = column(label(stop.what, wrap=True), label(stop.how, "small", wrap=True), gap=1)
        lay = row(gap=12)
        lay.addWidget(mark("stop", "seal", 16), 0, Qt.AlignmentFlag.AlignTop)
        lay.addLayout(told, 1)
        press = button(stop.verb, name=f"{stop.what}，{stop.verb}", pressed=lambda: self._pressed(stop.link))
        lay.addWidget(press, 0, Qt.AlignmentFlag.AlignVCenter)
        return column(lay, gap=0)


def remark_row(todo: Todo, pressed: Callable[[str], object]) -> PressRow:
    """A remark on one line, for a narrow panel; a press gets its link."""
    number = label(words.count(todo.count), "value", todo.tone, align=RIGHT)
    number.setMinimumWidth(px(24))
    lay = row(number, gap=8, margins=(0, 2, 2, 2))
    lay.addWidget(label(todo.sentence, "label", "ink", wrap=True), 1)
    lay.addWidget(mark("right", "ink3", 14))
    made = PressRow(f"{todo.count} 个{todo.sentence}", lambda: pressed(todo.link))
    made.setLayout(lay)
    return made


def _verdict(stops: int) -> QFrame:
    made = QFrame()
    tone: Tone = "seal" if stops else "land"
    made.setProperty("message", tone)
    what = f"还不能报，差 {stops} 件事" if stops else "可以报了"
    more = "从最省事的办起，办完一件少一件。" if stops else "个数、面积和报送要素都齐了。"
    head = row(mark("stop" if stops else "check", tone, 18), label(what, "section", tone), None, gap=8)
    made.setLayout(column(head, label(more, "label", "ink", wrap=True), gap=2, margins=(12, 6, 12, 7)))
    made.setAccessibleName(f"{what}。{more}")
    return made
