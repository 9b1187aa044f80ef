"""Where cells stand: columns in the order on the screen, rows by plot, the selected block, a cell's rectangle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtWidgets import QTableView

from gengdi_desktop.ui.editing.blocks import Block
from gengdi_desktop.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import PlotLine


class EditableRows(Protocol):
    """What editing asks of the table's model."""

    def rowCount(self) -> int:
        """How many rows are shown; some may be heads of groups."""
        ...

    def line(self, row: int) -> PlotLine | None:
        """The line of a row, if it is here."""
        ...

    def id_of(self, row: int) -> str:
        """The plot of a row; empty for none."""
        ...

    def row_of(self, plot: str) -> int:
        """The row of a plot; -1 where it is not shown or not known yet."""
        ...

    def show_pending(self, cells: dict[tuple[str, str], str]) -> None:
        """Show texts that are on their way into the ledger, by plot and column."""
        ...


class GridPlaces:
    """Asks the two halves of a table as if they were one."""

    def __init__(self, table: TableView, model: EditableRows) -> None:
        self.table, self.model = table, model

    @property
    def halves(self) -> tuple[QTableView, ...]:
        """The parts of the table, the frozen one first."""
        return tuple(half for half in (self.table.left, self.table.right) if half is not None)

    @property
    def current(self) -> QModelIndex:
        """The cell with the cursor."""
        return self.table.right.currentIndex()

    def shown_keys(self) -> list[str]:
        """The columns that are shown, in the order on the screen; the row number is none."""
        found: list[str] = []
        for half in self.halves:
            head = half.horizontalHeader()
            for visual in range(head.count()):
                at = head.logicalIndex(visual)
                if not half.isColumnHidden(at) and self.table.columns[at].key != "#":
                    found.append(self.table.columns[at].key)
        return found

    def key_at(self, index: QModelIndex) -> str:
        """The column of a cell; empty for none."""
        return self.table.columns[index.column()].key if index.isValid() else ""

    def column_of(self, key: str) -> int:
        """The place of a column in the model."""
        return next((at for at, column in enumerate(self.table.columns) if column.key == key), 0)

    def title(self, key: str) -> str:
        """What a column is called."""
        return next((column.title for column in self.table.columns if column.key == key), key)

    def half_of(self, column: int) -> QTableView:
        """The part of the table in which a column is shown."""
        return next((half for half in self.halves if not half.isColumnHidden(column)), self.table.right)

    def index(self, row: int, key: str) -> QModelIndex:
        """A cell."""
        return self.table.right.model().index(row, self.column_of(key))

    def shown(self, row: int, key: str) -> str:
        """What a cell shows."""
        return str(self.index(row, key).data(Qt.ItemDataRole.DisplayRole) or "")

    def box(self, row: int, key: str) -> QRect:
        """The rectangle of a cell, in the table."""
        half = self.half_of(self.column_of(key))
        return half.visualRect(self.index(row, key)).translated(half.viewport().mapTo(self.table, QPoint()))

    def block(self) -> Block:
        """The selected cells; of the columns those that are shown, in the order on the screen."""
        chosen, index, keys = self.table.right.selectionModel().selection(), self.current, self.shown_keys()
        if not chosen.size():
            one = self.key_at(index)
            return Block(range(index.row(), index.row() + 1), (one,)) if one in keys else Block(range(0), ())
        ranges = [chosen.at(at) for at in range(chosen.size())]
        columns = {self.table.columns[at].key for one in ranges for at in range(one.left(), one.right() + 1)}
        rows = range(min(one.top() for one in ranges), max(one.bottom() for one in ranges) + 1)
        return Block(rows, tuple(key for key in keys if key in columns))

    def plots(self, rows: Iterable[int]) -> dict[int, str]:
        """The plots of rows; heads of groups are left out."""
        return {row: plot for row in rows if (plot := self.model.id_of(row))}

    def step(self, down: int, across: int) -> None:
        """Walk over the shown columns and the rows."""
        keys, key = self.shown_keys(), self.key_at(self.current)
        if key not in keys or not (down or across):
            return
        at = min(max(keys.index(key) + across, 0), len(keys) - 1)
        row = min(max(self.current.row() + down, 0), self.model.rowCount() - 1)
        self.table.choose_row(row, self.column_of(keys[at]))
