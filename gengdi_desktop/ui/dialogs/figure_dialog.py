"""Choosing a figure for a paragraph: all figures of the snapshot, found by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import LineField
from gengdi_desktop.ui.widgets.figure_text import ShownFigure
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label

_ROWS: Final = 8
_ROW: Final = 28


class FigureDialog(DialogSheet):
    """Tells the name of the figure that was chosen."""

    wished = Signal(str)

    def __init__(self, figures: Sequence[ShownFigure]) -> None:
        super().__init__("插入数字", "数都来自台账，跟着台账变")
        self.help_topic = "报告与报送"
        self._figures = tuple(figures)
        self._find = LineField("找一个数", hint="例如 超期、现场整改")
        self._find.textChanged.connect(self._show)
        self._list = QListWidget()
        self._list.setAccessibleName("数字清单")
        self._list.setFixedHeight(px(_ROW) * _ROWS + 6)
        self._list.currentItemChanged.connect(self._tell)
        self._list.itemDoubleClicked.connect(self._take)
        self._told = label("", "small", wrap=True)
        self._told.setMinimumHeight(px(36))
        self.content.addWidget(self._find)
        self.content.addWidget(self._list)
        self.content.addWidget(self._told)
        self.first = self._find
        self._do = button("插入", "main", pressed=self._take)
        self.set_buttons([], [button("取消", pressed=self.close_sheet), self._do])
        self._show("")

    def _show(self, text: str) -> None:
        self._list.clear()
        for one in self._figures:
            if text.strip() in one.name:
                item = QListWidgetItem(f"{one.name}　{one.shown}")
                item.setSizeHint(QSize(0, px(_ROW)))
                item.setData(Qt.ItemDataRole.UserRole, one)
                self._list.addItem(item)
        self._do.setEnabled(self._list.count() > 0)
        self._list.setCurrentRow(0)
        if not self._list.count():
            self._told.setText(f"没有名字里带“{text.strip()}”的数。")

    def _chosen(self) -> ShownFigure | None:
        for item in self._list.selectedItems():
            found = item.data(Qt.ItemDataRole.UserRole)
            if isinstance(found, ShownFigure):
                return found
        return None

    def _tell(self, *_: object) -> None:
        chosen = self._chosen()
        self._told.setText(chosen.told if chosen is not None else "")

    def _take(self, *_: object) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.wished.emit(chosen.name)
            self.close_sheet()
