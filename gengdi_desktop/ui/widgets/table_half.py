"""One of the two views of a table on the same rows: keys over all columns, paints that leave the window its turn."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final, cast

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.courtesy import PAINTING
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.table_cells import CellDelegate, Column
from gengdi_desktop.ui.widgets.table_head import Head

_Move = QAbstractItemView.CursorAction
_PAINT_SECONDS: Final = 0.012


class TableHalf(QTableView):
    """Keys walk over all columns, hidden here or not."""

    def __init__(self, columns: tuple[Column, ...], *, filters: bool, marks_row: bool) -> None:
        super().__init__()
        self.head = Head(columns, filters=filters)
        self.cells = CellDelegate(self, columns, marks_row=marks_row)
        self.setHorizontalHeader(self.head)
        self.setItemDelegate(self.cells)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(px(theme.TABLE_ROW))
        self.verticalHeader().setDefaultSectionSize(px(theme.TABLE_ROW))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("固定的列")
        # Parts of a paint may come later; until then the old rows stand, not an empty ground.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """While lanes are at work a few rows at a time: what was there stays in sight until its turn has come."""
        with PAINTING:
            box = event.rect()
            if not PAINTING.contended:
                self._paint(event.region(), event)
                return
            until, top, step = time.monotonic() + _PAINT_SECONDS, box.top(), self.verticalHeader().defaultSectionSize()
            while top <= box.bottom() and time.monotonic() < until:
                strip = QRect(box.left(), top, box.width(), min(step, box.bottom() - top + 1))
                self._paint(QRegion(strip), QPaintEvent(strip))
                top += step
            if top <= box.bottom():
                self.viewport().update(QRect(box.left(), top, box.width(), box.bottom() - top + 1))

    def _paint(self, region: QRegion, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for box in cast("Iterable[QRect]", region):
            painter.fillRect(box, theme.color("sheet"))
        painter.end()
        super().paintEvent(event)

    def moveCursor(self, cursorAction: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: N803 (Qt's name)
        """Keys walk as in Excel: over frozen columns too, to the ends of the table with Ctrl."""
        now, model = self.currentIndex(), self.model()
        if not now.isValid() or not model.rowCount():
            return super().moveCursor(cursorAction, modifiers)
        last_row, last_column = model.rowCount() - 1, model.columnCount() - 1
        row, column = now.row(), now.column()
        page = max(self.viewport().height() // max(self.rowHeight(row), 1) - 1, 1)
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            ends = {
                _Move.MoveUp: (0, column), _Move.MoveDown: (last_row, column), _Move.MoveLeft: (row, 1),
                _Move.MoveRight: (row, last_column), _Move.MoveHome: (0, 1), _Move.MoveEnd: (last_row, last_column),
            }  # fmt: skip
            row, column = ends.get(cursorAction, (row, column))
        else:
            steps = {
                _Move.MoveLeft: (0, -1), _Move.MovePrevious: (0, -1), _Move.MoveRight: (0, 1), _Move.MoveNext: (0, 1),
                _Move.MoveUp: (-1, 0), _Move.MoveDown: (1, 0), _Move.MovePageUp: (-page, 0),
                _Move.MovePageDown: (page, 0), _Move.MoveHome: (0, -last_column), _Move.MoveEnd: (0, last_column),
            }  # fmt: skip
            down, across = steps.get(cursorAction, (0, 0))
            row, column = row + down, column + across
        return model.index(min(max(row, 0), last_row), min(max(column, min(1, last_column)), last_column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C is the owner's; Enter, Space and what opens a filter go up to it too."""
        own = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.matches(QKeySequence.StandardKey.Copy) or event.key() in own or alt:
            event.ignore()
        else:
            super().keyPressEvent(event)
