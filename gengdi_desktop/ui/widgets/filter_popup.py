"""What opens under a head: order, the values of the column with their counts to tick, or two ends of a range."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import button, label, line, row
from gengdi_desktop.ui.widgets.popover import Popover
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.tick_list import CODE_ROLE, WORD_ROLE, TickList

_WIDTH = 268
_IN_SIGHT = 9


class FilterPopup(Popover):
    """Signals: the person chose stored values (None: all of them), two ends, or an order."""

    values_chosen = Signal(object)
    span_chosen = Signal(str, str)
    sort_chosen = Signal(bool)

    def __init__(self, window: QWidget, column: Column, *, span: tuple[str, str] = ("", "")) -> None:
        super().__init__(window, f"按{column.title}筛选")
        self._column = column
        self.setFixedWidth(px(_WIDTH))
        self._head(column)
        self._list = TickList(f"{column.title}的值", _IN_SIGHT)
        self._find = QLineEdit()
        self._told = label("", "small", wrap=True)
        self._ends: tuple[QLineEdit, QLineEdit] | None = None
        self._filling = False
        self._matches: Callable[[str], Callable[[str], bool]] = _contains
        if column.filter in ("number", "date"):
            self._ends = self._make_ends(span)
        if column.filter != "number":
            self._make_list()
        self.body.addWidget(self._told)
        self._told.hide()
        clear = button("不筛选", "link", pressed=self._clear)
        self.body.addLayout(row(clear, None, button("确定", "main", pressed=self.take)))

    def open_at(self, on: QWidget, place: QRect) -> None:
        """Open and put the focus on the first thing to type."""
        self.hang(on, place)
        first = self._ends[0] if self._ends is not None else self._find
        first.setFocus()
        first.selectAll()

    def match_by(self, matcher: Callable[[str], Callable[[str], bool]]) -> None:
        """How the box over the list finds values."""
        self._matches = matcher

    def show_values(self, values: Sequence[tuple[str, str, int]], chosen: Sequence[str] | None, more: int) -> None:
        """The values of the column: stored text, word, count; *chosen* are ticked, None ticks all."""
        self._filling = True
        self._list.clear()
        for code, word, plots in values:
            self._list.add(code, word, words.count(plots), ticked=chosen is None or code in chosen)
        self._filling = False
        told = f"还有 {words.count(more)} 个值没有列出，请在表头直接输入文字来找。" if more else ""
        if not values:
            told = "别的筛选条件下，这一列没有值。"
        self._tell(told)
        if self._list.count():
            self._list.setCurrentRow(0)

    def take(self) -> None:
        """What stands here becomes the filter."""
        if self._ends is not None:
            low, high = (one.text().strip() for one in self._ends)
            if low or high or self._column.filter == "number":
                self.span_chosen.emit(low, high)
                self.close_sheet()
                return
        ticked = [one for one in self._list.ticked() if not one.isHidden()]
        if not ticked:
            self._tell("一个也没有勾，这样什么也看不到。请至少勾一个。")
            return
        self.values_chosen.emit(
            None if len(ticked) == self._list.count() else [str(one.data(CODE_ROLE)) for one in ticked]
        )
        self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, also out of the list; Esc leaves everything as it was."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif event.key() == Qt.Key.Key_Down and self._find.hasFocus():
            self._list.setFocus()
        else:
            super().keyPressEvent(event)

    # -- parts

    def _head(self, column: Column) -> None:
        up = button("升序", "link", "up", pressed=lambda: self._sort(ascending=True))
        down = button("降序", "link", "down", pressed=lambda: self._sort(ascending=False))
        for one in (up, down):
            one.setVisible(column.sortable)
        self.body.addLayout(row(label(column.title, "section"), None, up, down, gap=2))
        self.body.addWidget(line())

    def _make_ends(self, span: tuple[str, str]) -> tuple[QLineEdit, QLineEdit]:
        made = []
        for name, text in zip(("从", "到"), span, strict=True):
            field = QLineEdit(text)
            field.setAccessibleName(f"{self._column.title}{name}")
            field.setPlaceholderText("8-15" if self._column.filter == "date" else "0.00")
            made.append(field)
        self.body.addLayout(row(label("从", "label"), made[0], label("到", "label"), made[1], gap=6))
        return made[0], made[1]

    def _make_list(self) -> None:
        self._find.setAccessibleName(f"在{self._column.title}的值里找")
        self._find.setPlaceholderText("找，可用拼音首字母")
        self._find.textChanged.connect(self._narrow)
        self.body.addWidget(self._find)
        self._list.itemChanged.connect(lambda _item: None if self._filling else self._tell(""))
        self.body.addWidget(self._list)
        every = button("全勾", "link", pressed=lambda: self._tick(on=True))
        none = button("全不勾", "link", pressed=lambda: self._tick(on=False))
        self.body.addLayout(row(every, none, None, gap=4))

    def _narrow(self, typed: str) -> None:
        """Show what fits and tick just that, as Excel does."""
        fits = self._matches(typed)
        self._filling = True
        for at in range(self._list.count()):
            item = self._list.item(at)
            here = not typed.strip() or fits(str(item.data(WORD_ROLE)))
            item.setHidden(not here)
            item.setCheckState(Qt.CheckState.Checked if here else Qt.CheckState.Unchecked)
        self._filling = False

    def _tick(self, *, on: bool) -> None:
        for at in range(self._list.count()):
            item = self._list.item(at)
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _sort(self, *, ascending: bool) -> None:
        self.sort_chosen.emit(ascending)
        self.close_sheet()

    def _clear(self) -> None:
        self.values_chosen.emit(None)
        self.close_sheet()

    def _tell(self, text: str) -> None:
        self._told.setText(text)
        self._told.setVisible(bool(text))


def _contains(typed: str) -> Callable[[str], bool]:
    return lambda text: typed.strip() in text
