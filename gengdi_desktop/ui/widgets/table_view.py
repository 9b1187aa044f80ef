"""The table: Excel under the fingers. Frozen columns, filters, totals; one tab stop; models stay read-only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QScrollBar,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import line
from gengdi_desktop.ui.widgets.table_cells import CellDelegate, Column, TotalsRow
from gengdi_desktop.ui.widgets.table_head import Head

_Move = QAbstractItemView.CursorAction
_COPY_LIMIT = 200_000


class _Half(QTableView):
    """One of the two views on the same rows; keys walk over all columns, hidden here or not."""

    entered_row = Signal(int)

    def __init__(self, columns: tuple[Column, ...], *, filters: bool, marks_row: bool) -> None:
        super().__init__()
        self.head = Head(columns, filters=filters)
        self.setHorizontalHeader(self.head)
        self.setItemDelegate(CellDelegate(self, columns, marks_row=marks_row))
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

    def moveCursor(self, cursorAction: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: N803 (Qt's name)
        """Left and Home reach the frozen columns, Right comes back from them."""
        now = self.currentIndex()
        model = self.model()
        if now.isValid() and model is not None:
            across = {_Move.MoveLeft: -1, _Move.MovePrevious: -1, _Move.MoveRight: 1, _Move.MoveNext: 1}
            if cursorAction in across:
                at = min(max(now.column() + across[cursorAction], 1), model.columnCount() - 1)
                return model.index(now.row(), at)
            if cursorAction == _Move.MoveHome and not modifiers & Qt.KeyboardModifier.ControlModifier:
                return model.index(now.row(), 1)
            if self.isColumnHidden(now.column()):
                page = max(self.viewport().height() // max(self.rowHeight(now.row()), 1) - 1, 1)
                down = {_Move.MoveUp: -1, _Move.MoveDown: 1, _Move.MovePageUp: -page, _Move.MovePageDown: page}
                row = min(max(now.row() + down.get(cursorAction, 0), 0), model.rowCount() - 1)
                return model.index(row, now.column())
        return super().moveCursor(cursorAction, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C is the owner's; Enter and Space go up to it too."""
        own = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.matches(QKeySequence.StandardKey.Copy) or event.key() in own:
            event.ignore()
        else:
            super().keyPressEvent(event)


class TableView(QWidget):
    """Two views on one model: the first *frozen* columns stay while the others are scrolled sideways.

    Signals: the filters or the order were changed, a row became current, a row is to be opened.
    """

    filtered = Signal(dict)
    sort_asked = Signal(str, bool)
    row_chosen = Signal(int)
    row_opened = Signal(int)
    pane_asked = Signal()
    selection_moved = Signal()

    def __init__(
        self,
        name: str,
        model: QAbstractItemModel,
        columns: Sequence[Column],
        *,
        frozen: int = 0,
        filters: bool = False,
        totals: bool = False,
    ) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._model = model
        self._frozen = frozen
        self._order: tuple[str, bool] = ("", True)
        self.left = _Half(self.columns, filters=filters, marks_row=True) if frozen else None
        self.right = _Half(self.columns, filters=filters, marks_row=not frozen)
        self._totals: list[TotalsRow] = []
        self.right.setModel(model)
        self.right.setAccessibleName(name)
        self._halves: tuple[_Half, ...] = (self.right,)
        if self.left is not None:
            self._join(self.left)
        for at, column in enumerate(self.columns):
            self._halves[0 if at < frozen else -1].setColumnWidth(at, px(column.width))
        self._lay_out(totals=totals)
        for half in self._halves:
            half.head.filtered.connect(self._tell_filters)
            half.head.sort_asked.connect(self._turn_order)
            half.doubleClicked.connect(lambda index: self.row_opened.emit(index.row()))
        self._fill_heads()
        chosen = self.right.selectionModel()
        chosen.currentChanged.connect(self._current_moved)
        chosen.selectionChanged.connect(lambda *_: self.selection_moved.emit())
        model.modelReset.connect(self._fit_frozen)
        self.setFocusProxy(self.right)
        self.right.head.setStretchLastSection(True)

    # -- what pages ask

    def asked_filters(self) -> dict[str, str]:
        """What the filter row asks for, by key of column."""
        found: dict[str, str] = {}
        for half in self._halves:
            found |= half.head.asked()
        return found

    def ask(self, filters: dict[str, str]) -> None:
        """Fill the filter row; what is not named is emptied. Nothing is told."""
        for half in self._halves:
            half.head.clear()
            for key, text in filters.items():
                half.head.ask(key, text)

    def show_order(self, key: str, *, ascending: bool = True) -> None:
        """Show by which column the rows stand."""
        self._order = (key, ascending)
        at = next((i for i, one in enumerate(self.columns) if one.key == key), -1)
        for half in self._halves:
            half.head.set_sorted(at, ascending=ascending)

    def set_totals(self, texts: dict[str, str]) -> None:
        """Words of the totals row, by key of column."""
        for one in self._totals:
            one.set_texts(texts)

    def current_row(self) -> int:
        """The row with the cursor; -1 where there is none."""
        return self.right.currentIndex().row()

    def choose_row(self, row: int, column: int = -1) -> None:
        """Put the cursor on a row and bring it into sight."""
        if not 0 <= row < self._model.rowCount():
            return
        at = column if column >= 0 else max(self.right.currentIndex().column(), self._frozen, 1)
        index = self._model.index(row, min(at, self._model.columnCount() - 1))
        self.right.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.right.scrollTo(index)

    def selected_rows(self) -> tuple[int, ...]:
        """The rows of the selected block, top down."""
        rows: set[int] = set()
        for block in self._blocks():
            rows |= set(range(block.top(), block.bottom() + 1))
        return tuple(sorted(rows))

    def selected_cells(self) -> list[QModelIndex]:
        """The cells of the selected block; empty where it is too large to be summed at once."""
        cells = sum(block.width() * block.height() for block in self._blocks())
        return [] if cells > _COPY_LIMIT else list(self.right.selectionModel().selectedIndexes())

    def _blocks(self) -> list[QItemSelectionRange]:
        return list(cast("Iterable[QItemSelectionRange]", self.right.selectionModel().selection()))

    def fit_columns(self, rows: int = 60) -> None:
        """Widen columns to what their first rows hold, so that long names stand whole; never narrower than planned."""
        count = min(self._model.rowCount(), rows)
        for at, column in enumerate(self.columns):
            half = self._halves[0 if at < self._frozen else -1]
            wanted = px(column.width)
            for row in range(count):
                delegate = half.itemDelegate()
                hint = delegate.sizeHint(QStyleOptionViewItem(), self._model.index(row, at))
                wanted = max(wanted, hint.width())
            half.setColumnWidth(at, min(wanted, px(max(column.limit, column.width))))
        self._fit_frozen()

    # -- inside

    def _join(self, left: _Half) -> None:
        left.setModel(self._model)
        left.setSelectionModel(self.right.selectionModel())
        left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left.setFocusProxy(self.right)
        for at in range(len(self.columns)):
            (self.right if at < self._frozen else left).setColumnHidden(at, True)
        left.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left.verticalScrollBar().valueChanged.connect(self.right.verticalScrollBar().setValue)
        self.right.verticalScrollBar().valueChanged.connect(left.verticalScrollBar().setValue)
        left.head.sectionResized.connect(lambda *_: self._fit_frozen())
        left.clicked.connect(lambda _index: self.right.setFocus())
        self._halves = (left, self.right)

    def _lay_out(self, *, totals: bool) -> None:
        lay = QGridLayout(self)
        lay.setContentsMargins(0, 0, 0, 0)
        lay.setSpacing(0)
        lay.addWidget(self.right, 0, 2)
        lay.setColumnStretch(2, 1)
        lay.setRowStretch(0, 1)
        if self.left is not None:
            lay.addWidget(self.left, 0, 0)
            lay.addWidget(line("frozen"), 0, 1, 2 if totals else 1, 1)
            self._fit_frozen()
        if totals:
            for half, at in ((self.left, 0), (self.right, 2)):
                if half is not None:
                    shown = range(self._frozen) if half is self.left else range(self._frozen, len(self.columns))
                    row = TotalsRow(half, self.columns, shown)
                    half.horizontalScrollBar().valueChanged.connect(row.update)
                    half.head.sectionResized.connect(lambda *_, row=row: row.update())
                    self._totals.append(row)
                    lay.addWidget(row, 1, at)
        self.right.horizontalScrollBar().valueChanged.connect(self.right.head.follow_scroll)
        self._add_slider(lay, 2 if totals else 1)

    def _add_slider(self, lay: QGridLayout, down: int) -> None:
        """The sideways slider stands under both halves: inside the right one it would shorten that one alone."""
        inner = self.right.horizontalScrollBar()
        self.right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        slider = QScrollBar(Qt.Orientation.Horizontal)
        slider.setAccessibleName("左右移动")
        slider.valueChanged.connect(inner.setValue)
        inner.valueChanged.connect(slider.setValue)

        def fit(low: int, high: int) -> None:
            slider.setRange(low, high)
            slider.setPageStep(inner.pageStep())
            slider.setSingleStep(inner.singleStep())
            slider.setVisible(high > low)

        inner.rangeChanged.connect(fit)
        lay.addWidget(slider, down, 2)
        fit(inner.minimum(), inner.maximum())

    def _fill_heads(self) -> None:
        if self.left is not None:
            self.left.head.fill(range(self._frozen))
        self.right.head.fill(range(self._frozen, len(self.columns)))

    def _fit_frozen(self) -> None:
        if self.left is not None:
            self.left.setFixedWidth(sum(self.left.columnWidth(at) for at in range(self._frozen)))

    def _tell_filters(self) -> None:
        self.filtered.emit(self.asked_filters())

    def _turn_order(self, at: int) -> None:
        key = self.columns[at].key
        before, ascending = self._order
        self.show_order(key, ascending=not ascending if key == before else True)
        self.sort_asked.emit(*self._order)

    def _current_moved(
        self, now: QModelIndex | QPersistentModelIndex, before: QModelIndex | QPersistentModelIndex
    ) -> None:
        for half in self._halves:
            half.viewport().update()
        if now.row() != before.row() and now.row() >= 0:
            self.row_chosen.emit(now.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space asks for the pane, Ctrl+C copies the block for Excel."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_block()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_row() >= 0:
            self.row_opened.emit(self.current_row())
        elif event.key() == Qt.Key.Key_Space:
            self.pane_asked.emit()
        else:
            super().keyPressEvent(event)

    def copy_block(self) -> None:
        """Put the selected block on the clipboard as lines with tabs."""
        lines: dict[int, list[str]] = {}
        for index in sorted(self.selected_cells(), key=lambda one: (one.row(), one.column())):
            lines.setdefault(index.row(), []).append(str(index.data(Qt.ItemDataRole.DisplayRole) or ""))
        if lines:
            QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines.values()))


def framed(table: TableView, height: int | None = None) -> QWidget:
    """A table inside a sheet: as high as asked for, else as it likes."""
    made = QWidget()
    lay = QVBoxLayout(made)
    lay.setContentsMargins(0, 0, 0, 0)
    lay.addWidget(table)
    if height is not None:
        made.setFixedHeight(height)
    return made
