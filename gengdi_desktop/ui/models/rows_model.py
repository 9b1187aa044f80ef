"""A small list of rows as a table model: for previews, problems and lists that are whole in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gengdi_desktop.ui.theme import Token
from gengdi_desktop.ui.widgets.table_cells import INK_ROLE, VALUE_ROLE, Column

Row = TypeVar("Row")
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Cell:
    """What one cell shows: text, the value behind it where the delegate paints it, and the token of its ink."""

    text: str = ""
    value: object = None
    ink: Token = "ink"


@dataclass(frozen=True)
class Shown(Generic[Row]):
    """A column and how it reads its cell from a row."""

    column: Column
    cell: Callable[[Row], Cell | str] = field(repr=False)


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows that are all here. Read-only: a change is an action of a service, then other rows are shown."""

    def __init__(self, shown: Sequence[Shown[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = tuple(shown)
        self._rows: Sequence[Row] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, at: int) -> Row:
        """The row at a line of the table."""
        return self._rows[at]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in order."""
        return tuple(one.column for one in self._shown)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Rows; none below a cell."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Columns; none below a cell."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, value and ink of a cell; a tooltip where the text may not fit."""
        if not index.isValid():
            return None
        made = self._shown[index.column()].cell(self._rows[index.row()])
        cell = Cell(made) if isinstance(made, str) else made
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.text
        if role == VALUE_ROLE:
            return cell.value
        if role == INK_ROLE:
            return cell.ink
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, for those who read the screen aloud."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._shown[section].column.title
        return None
