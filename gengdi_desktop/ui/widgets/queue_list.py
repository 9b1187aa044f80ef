"""A queue as a list: state, name and area in one line, what presses in the next; any number of rows, read as shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import state_marks, theme
from gengdi_desktop.ui.theme import Token, Tone, px
from gengdi_desktop.ui.widgets.canvas import RIGHT, paint_text, text_width

_Index = QModelIndex | QPersistentModelIndex
_PORTION: Final = 100
_HEIGHT: Final = 46
_FIFTH: Final = 5
LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 40


@dataclass(frozen=True)
class QueueRow:
    """One plot of a queue: *right* is its area, *note* what presses, toned only where it does."""

    id: str
    name: str
    state: State
    right: str
    note: str
    tone: Tone | Literal[""] = ""

    def __str__(self) -> str:
        return f"{self.name}，{self.state.label}，{self.right}，{self.note}"


class QueueModel(QAbstractListModel):
    """Ids are all here, lines come in portions when they are looked at; :attr:`wanted` asks for them."""

    wanted = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ids: tuple[str, ...] = ()
        self._rows: dict[str, QueueRow] = {}
        self._asked: set[int] = set()
        self._at: Mapping[str, int] = {}

    def show_ids(self, ids: tuple[str, ...], places: Mapping[str, int]) -> None:
        """Show other plots; their lines are asked for anew, since an action may have changed them.

        *places* says where each stands: made in a lane, since that takes a moment for very many.
        """
        self.beginResetModel()
        self.ids, self._at = ids, places
        self._asked.clear()
        self.endResetModel()

    def put(self, rows: Mapping[str, QueueRow]) -> None:
        """Lines that were asked for."""
        self._rows |= rows
        if self.ids:
            self.dataChanged.emit(self.index(0), self.index(len(self.ids) - 1))

    def row_of(self, plot: str) -> int:
        """Where a plot stands; -1 where it does not."""
        return self._at.get(plot, -1)

    def id_at(self, row: int) -> str:
        """The plot of a row; empty outside."""
        return self.ids[row] if 0 <= row < len(self.ids) else ""

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """All of them."""
        return 0 if parent.isValid() else len(self.ids)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line, or its words for readers; asks for the portion around it where it is not here yet."""
        if role not in (LINE_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        portion = index.row() // _PORTION
        if portion not in self._asked:
            self._asked.add(portion)
            self.wanted.emit(list(self.ids[portion * _PORTION : (portion + 1) * _PORTION]))
        line = self._rows.get(self.ids[index.row()])
        return line if role == LINE_ROLE else str(line or "")


class _Painter(QStyledItemDelegate):
    """Two lines a plot; the current one on its own ground with a bar, as in the table."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Every row is equally high."""
        return QSize(px(200), px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Mark, name, area; note below."""
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.fillRect(box, theme.color("select"))
            painter.fillRect(QRectF(box.x(), box.y(), 3, box.height()), theme.color("accent"))
        fifth = index.row() % _FIFTH == _FIFTH - 1
        painter.setPen(QPen(theme.color("rule" if fifth else "hair"), 1))
        bottom = round(box.bottom()) - 0.5
        painter.drawLine(round(box.left()), round(bottom), round(box.right()), round(bottom))
        row = index.data(LINE_ROLE)
        if isinstance(row, QueueRow):
            self._words(painter, box.adjusted(px(10), px(2), -px(8), -px(2)), row)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, box: QRectF, row: QueueRow) -> None:
        upper = QRectF(box.x(), box.y(), box.width(), box.height() / 2)
        side = float(px(14))
        state_marks.draw_state(painter, QRectF(upper.x(), upper.center().y() - side / 2, side, side), row.state)
        right = text_width(row.right, "table") + px(6)
        paint_text(painter, upper.adjusted(side + px(7), 0, -right, 0), row.name, "ink", "table")
        paint_text(painter, upper, row.right, "ink", "table", RIGHT)
        lower = QRectF(box.x(), upper.bottom(), box.width(), box.height() / 2)
        ink: Token = row.tone or "ink2"
        paint_text(painter, lower.adjusted(side + px(7), 0, 0, 0), row.note, ink)


class QueueList(QTableView):
    """The list itself: one tab stop; arrows walk, and the page hears which plot is in front.

    A table of one column, since the list view of the library asks for every row before it shows one.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.queue = QueueModel(self)
        self.setModel(self.queue)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setStretchLastSection(True)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(px(_HEIGHT))
        for head in (across, down):
            head.hide()
        self.activated.connect(lambda index: self.opened.emit(self.queue.id_at(index.row())))
        self.selectionModel().currentChanged.connect(self._moved)

    @property
    def current(self) -> str:
        """The plot in front; empty where there is none."""
        return self.queue.id_at(self.currentIndex().row())

    def choose(self, row: int) -> bool:
        """Put the cursor on a row; False where there is none."""
        if not 0 <= row < len(self.queue.ids):
            return False
        index = self.queue.index(row)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def _moved(self, now: _Index, _before: _Index) -> None:
        if now.isValid():
            self.chosen.emit(self.queue.id_at(now.row()))
