"""The table: Excel under the fingers. Frozen columns, filters, totals; one tab stop; models stay read-only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QScrollBar,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import line
from gengdi_desktop.ui.widgets.table_cells import GROUP_ROLE, Column, TotalsRow
from gengdi_desktop.ui.widgets.table_half import TableHalf


class TableView(QWidget):
    """Two views on one model: the first *frozen* columns stay while the others are scrolled sideways.

    Signals: the filters or the order were changed; a row became current, is to be opened, is a group's and was
    pressed; the pane, the block on the clipboard, the filter of a column or a menu (where, over the table) is asked
    for; columns were dragged or got another width by hand.
    """

    filtered = Signal(dict)
    sort_asked = Signal(str, bool)
    row_chosen = Signal(int)
    row_opened = Signal(int)
    pane_asked = Signal()
    selection_moved = Signal()
    group_pressed = Signal(int)
    copy_asked = Signal()
    filter_asked = Signal(str)
    menu_asked = Signal(QPoint)
    column_dragged = Signal(str, str)
    widths_changed = Signal()

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
        self._column = 0  # that of the cursor; other rows are shown without moving it sideways
        self.left = TableHalf(self.columns, filters=filters, marks_row=True) if frozen else None
        self.right = TableHalf(self.columns, filters=filters, marks_row=not frozen)
        self._totals: list[TotalsRow] = []
        self.right.setModel(model)
        self.right.setAccessibleName(name)
        self._halves: tuple[TableHalf, ...] = (self.right,)
        if self.left is not None:
            self._join(self.left)
        self._widening = False
        self._by_hand: dict[str, int] = {}
        self._needs: list[int] = []
        self._share_columns()
        self._lay_out(totals=totals)
        for half in self._halves:
            self._connect(half)
        self._fill_heads()
        chosen = self.right.selectionModel()
        chosen.currentChanged.connect(self._current_moved)
        chosen.selectionChanged.connect(lambda *_: self.selection_moved.emit())
        model.modelReset.connect(self._fit_frozen)
        self.setFocusProxy(self.right)
        self.right.head.setStretchLastSection(True)

    # -- what pages ask

    def set_columns(self, columns: Sequence[Column], frozen: int, widths: Mapping[str, int] | None = None) -> None:
        """Show the model's columns anew, after it was given these; filters stay, the cursor goes.

        Args:
            columns: What the model's columns are now.
            frozen: How many of the first stay; at least one where the table was made with frozen columns.
            widths: Widths by hand, at text scale 1, by key; the others fit themselves to what they hold.
        """
        filters = self.asked_filters()
        self.columns, self._frozen = tuple(columns), frozen if self.left is not None else 0
        self._by_hand = dict(widths or {})
        self._needs = []
        for half in self._halves:
            half.head.set_columns(self.columns)
            half.cells.set_columns(self.columns)
        self._share_columns()
        for row, shown in zip(self._totals, self._shares(), strict=False):
            row.set_columns(self.columns, shown)
        self._fill_heads()
        self.ask(filters)
        self.show_order(*self._order)
        self._fit_frozen()

    def widths(self) -> dict[str, int]:
        """Widths that were set by hand, at text scale 1, by key of column."""
        return dict(self._by_hand)

    def show_filters(self, *, shown: bool) -> None:
        """The filter row, on or off; what it asks for stays."""
        for half in self._halves:
            half.head.show_filters(shown=shown)

    def filter_place(self, key: str) -> tuple[QWidget, QRect] | None:
        """The filter field of a column: the widget in which it stands, and where; None where it has none."""
        for half in self._halves:
            place = half.head.place_of(key)
            if place is not None:
                return half.head.viewport(), place
        return None

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

    def show_order(self, key: str, ascending: bool = True) -> None:  # noqa: FBT002
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
        at = column if column >= 0 else max(self._column, self._frozen, 1)
        index = self._model.index(row, min(at, self._model.columnCount() - 1))
        self.right.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.right.scrollTo(index)

    def selected_rows(self) -> tuple[int, ...]:
        """The rows of the selected block, top down."""
        return tuple(sorted({row for rows, _columns in self.selected_blocks() for row in rows}))

    def selected_blocks(self) -> list[tuple[range, range]]:
        """The selected blocks: rows and columns of each."""
        return [(range(one.top(), one.bottom() + 1), range(one.left(), one.right() + 1)) for one in self._blocks()]

    def _blocks(self) -> list[QItemSelectionRange]:
        return list(cast("Iterable[QItemSelectionRange]", self.right.selectionModel().selection()))

    def fit_columns(self, rows: int = 60) -> None:
        """Widen columns to what their first rows hold, so that long names stand whole; never narrower than planned.

        Where all of them would not find room beside one another, what was widened gives way: a table is not
        scrolled sideways for the sake of a few long names, and what is cut is told by a tooltip.
        """
        count = min(self._model.rowCount(), rows)
        self._needs = [px(column.width) for column in self.columns]
        for at, column in enumerate(self.columns):
            cells = self._half_of(at).cells
            for row in range(count):
                hint = cells.sizeHint(QStyleOptionViewItem(), self._model.index(row, at))
                self._needs[at] = max(self._needs[at], min(hint.width(), px(max(column.limit, column.width))))
        self._share_room()

    def showEvent(self, event: QShowEvent) -> None:
        """Filled while another tab was in front: now there is a width to share out."""
        super().showEvent(event)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: share it out anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share_room()

    # -- inside

    def _join(self, left: TableHalf) -> None:
        left.setModel(self._model)
        left.setSelectionModel(self.right.selectionModel())
        left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left.setFocusProxy(self.right)
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
            for half, shown in zip(self._halves, self._shares(), strict=True):
                row = TotalsRow(half, self.columns, shown)
                half.horizontalScrollBar().valueChanged.connect(row.update)
                half.head.sectionResized.connect(lambda *_, row=row: row.update())
                self._totals.append(row)
                lay.addWidget(row, 1, 0 if half is self.left else 2)
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

    def _connect(self, half: TableHalf) -> None:
        half.head.filtered.connect(self._tell_filters)
        half.head.sort_asked.connect(self._turn_order)
        half.head.opened.connect(self.filter_asked)
        half.head.moved.connect(self._tell_drag)
        half.head.sectionResized.connect(self._note_width)
        half.doubleClicked.connect(lambda index: self._opened(index.row()))
        half.clicked.connect(self._pressed)
        half.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        half.customContextMenuRequested.connect(
            lambda at, half=half: self._ask_menu(half, half.viewport().mapTo(self, at))
        )

    def _shares(self) -> tuple[range, ...]:
        """The columns of each half."""
        rest = range(self._frozen, len(self.columns))
        return (range(self._frozen), rest) if self.left is not None else (rest,)

    def _share_columns(self) -> None:
        for half, shown in zip(self._halves, self._shares(), strict=True):
            for at, column in enumerate(self.columns):
                half.setColumnHidden(at, at not in shown)
                if at in shown:
                    self._widening = True
                    half.setColumnWidth(at, px(self._by_hand.get(column.key, column.width)))
                    self._widening = False

    def _half_of(self, at: int) -> TableHalf:
        return self._halves[0 if at < self._frozen else -1]

    def _share_room(self) -> None:
        if len(self._needs) != len(self.columns):
            return
        widths = [
            px(self._by_hand[column.key]) if column.key in self._by_hand else need
            for column, need in zip(self.columns, self._needs, strict=True)
        ]
        lack = sum(widths) - (self.width() - self.right.verticalScrollBar().sizeHint().width() - 2)
        spare = {
            at: widths[at] - px(column.width)
            for at, column in enumerate(self.columns)
            if column.look in ("text", "flags") and column.key not in self._by_hand
        }
        room = sum(spare.values())
        if self.isVisible() and 0 < lack <= room:
            most = _even_share(spare.values(), room - lack)
            for at, more in spare.items():
                widths[at] -= max(more - most, 0)
        self._widening = True
        for at, width in enumerate(widths):
            self._half_of(at).setColumnWidth(at, width)
        self._widening = False
        self._fit_frozen()

    def _fill_heads(self) -> None:
        for half, shown in zip(self._halves, self._shares(), strict=True):
            half.head.fill(shown)

    def _note_width(self, at: int, before: int, now: int) -> None:
        """A width that a hand gave stays; one that the table found for itself does not count."""
        pressed = bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)
        last = at == len(self.columns) - 1
        if self._widening or not pressed or last or before == now or not 0 <= at < len(self.columns):
            return
        self._by_hand[self.columns[at].key] = round(now / theme.text_scale())
        self.widths_changed.emit()

    def _tell_drag(self, before: int, now: int) -> None:
        if 0 < before < len(self.columns) and 0 < now < len(self.columns):
            self.column_dragged.emit(self.columns[before].key, self.columns[now].key)

    def _pressed(self, index: QModelIndex) -> None:
        if index.column() == 0 and index.data(GROUP_ROLE) is not None:
            self.group_pressed.emit(index.row())

    def _opened(self, row: int) -> None:
        """Open a plot; the row of a group is folded or unfolded."""
        head = self._model.index(row, 0).data(GROUP_ROLE) is not None
        (self.group_pressed if head else self.row_opened).emit(row)

    def _ask_menu(self, half: TableHalf, at: QPoint) -> None:
        """Right-click: inside the block it is about the block, outside it chooses the cell first."""
        index = half.indexAt(half.viewport().mapFrom(self, at))
        chosen = self.right.selectionModel()
        if index.isValid() and not chosen.isSelected(index):
            chosen.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.menu_asked.emit(at)

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
        self._column = now.column() if now.isValid() else self._column
        for half in self._halves:
            half.viewport().update()
        if now.row() != before.row() and now.row() >= 0:
            self.row_chosen.emit(now.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space asks for the pane, Ctrl+C copies the block, Alt+Down opens the column's filter."""
        index = self.right.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if index.isValid():
                self.filter_asked.emit(self.columns[index.column()].key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._opened(index.row())
        elif event.key() == Qt.Key.Key_Menu and index.isValid():
            half = next((one for one in self._halves if not one.isColumnHidden(index.column())), self.right)
            self.menu_asked.emit(half.viewport().mapTo(self, half.visualRect(index).bottomLeft()))
        elif event.key() == Qt.Key.Key_Space and event.modifiers():
            self._select_line(index, whole_column=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif event.key() == Qt.Key.Key_Space and index.data(GROUP_ROLE) is not None:
            self.group_pressed.emit(index.row())
        elif event.key() == Qt.Key.Key_Space:
            self.pane_asked.emit()
        else:
            super().keyPressEvent(event)

    def _select_line(self, index: QModelIndex, *, whole_column: bool) -> None:
        """Ctrl+Space takes the column, Shift+Space the row, as in Excel."""
        flags = QItemSelectionModel.SelectionFlag
        line_ = flags.Columns if whole_column else flags.Rows
        self.right.selectionModel().select(index, flags.ClearAndSelect | line_)


def framed(table: TableView, height: int | None = None) -> QWidget:
    """A table inside a sheet: as high as asked for, else as it likes."""
    made = QWidget()
    lay = QVBoxLayout(made)
    lay.setContentsMargins(0, 0, 0, 0)
    lay.addWidget(table)
    if height is not None:
        made.setFixedHeight(height)
    return made


def _even_share(wishes: Iterable[int], room: int) -> int:
    """What each may have at most, so that small wishes are met whole and only the largest give way."""
    ordered = sorted(wishes)
    for at, wish in enumerate(ordered):
        rest = room // (len(ordered) - at)
        if wish > rest:
            return rest
        room -= wish
    return ordered[-1] if ordered else 0
