"""Which columns stand in the table, in which order, and how many of the first stay in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.parts import button, label, line, row
from gengdi_desktop.ui.widgets.popover import Popover
from gengdi_desktop.ui.widgets.tick_list import CODE_ROLE, TickList

_WIDTH = 300
_IN_SIGHT = 13
_MOST_FROZEN = 6


class ColumnChooser(Popover):
    """Ticked columns stand in the table in the order of the list. Signals: another choice; all as usual again."""

    chosen = Signal(list, int)
    reset_asked = Signal()

    def __init__(self, window: QWidget, columns: Sequence[tuple[str, str, bool]], frozen: int) -> None:
        super().__init__(window, "选列")
        self.setFixedWidth(px(_WIDTH))
        self.body.addLayout(row(label("选列", "section"), None, button("恢复原样", "link", pressed=self._reset)))
        self.body.addWidget(label("勾上的列显示在表里。拖动或用“上移”“下移”换次序。", "small", wrap=True))
        self._list = TickList("表里的列", _IN_SIGHT)
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        for key, title, shown in columns:
            self._list.add(key, title, ticked=shown)
        self._list.setCurrentRow(0)
        self.body.addWidget(self._list)
        up = button("上移", "tool", "up", key="Alt+↑", pressed=lambda: self._move(-1))
        down = button("下移", "tool", "down", key="Alt+↓", pressed=lambda: self._move(1))
        self.body.addLayout(row(up, down, None, gap=2))
        self.body.addWidget(line())
        choices = [(str(many), str(many)) for many in range(_MOST_FROZEN + 1)]
        self._frozen = ChoiceField("左边固定几列", choices, str(min(frozen, _MOST_FROZEN)))
        take = button("确定", "main", pressed=self.take)
        self.body.addLayout(row(label("左边固定", "label"), self._frozen, label("列", "label"), None, take, gap=6))

    def open_at(self, on: QWidget) -> None:
        """Open under a button."""
        self.hang(on, on.rect())
        self._list.setFocus()

    def take(self) -> None:
        """The choice counts."""
        keys = [str(one.data(CODE_ROLE)) for one in self._list.ticked()]
        self.chosen.emit(keys, int(self._frozen.code()))
        self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes; Alt with an arrow moves the column."""
        held = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif held and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _move(self, by: int) -> None:
        at = self._list.currentRow()
        to = min(max(at + by, 0), self._list.count() - 1)
        if at >= 0 and to != at:
            item = self._list.takeItem(at)
            self._list.insertItem(to, item)
            self._list.setCurrentRow(to)

    def _reset(self) -> None:
        self.reset_asked.emit()
        self.close_sheet()
