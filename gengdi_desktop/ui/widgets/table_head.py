"""The head of a table: titles aligned as their cells, the sign of the order, and the filter row under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHeaderView, QLineEdit, QWidget

from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import Token, px
from gengdi_desktop.ui.widgets.canvas import LEFT, RIGHT, paint_text
from gengdi_desktop.ui.widgets.parts import set_style
from gengdi_desktop.ui.widgets.table_cells import Column

_REST_MS: Final = 250
_TOOLTIPS: Final = {
    "text": "含有这些字；“=白圩村”只要这一个",
    "number": "不小于这个数；也可以写 ≤10、5~10、=5",
    "date": "这一天；也可以写 ≤8-20、8-15~8-20",
    "list": "可以打字，也可以按 Alt+↓ 勾选",
}


class FilterField(QLineEdit):
    """A filter under a title: typed into, or chosen from what opens below it. Signal: it is to be opened."""

    opened = Signal()

    def __init__(self, column: Column, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("small", "true")
        self.setAccessibleName(f"按{column.title}筛选")
        if column.filter == "number":
            self.setPlaceholderText("≥")
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        elif column.filter == "list":
            self.setPlaceholderText("全部")
        self._told = f"{_TOOLTIPS[column.filter]}（Alt+↓ 列出可选的）"
        self.setToolTip(self._told)
        self.setTextMargins(0, 0, px(12), 0)
        self.textChanged.connect(self._changed)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the arrow opens."""
        if self._arrow().adjusted(-3, -6, 4, 6).contains(event.position()):
            self.opened.emit()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """An arrow over the arrow."""
        over = self._arrow().contains(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Esc is the field's own while it has words: else the page would take the key for its way out."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.ShortcutOverride and self.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down opens; Esc empties."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The arrow stands at the end of the field."""
        super().paintEvent(event)
        painter = QPainter(self)
        icons.draw(painter, self._arrow(), "filter" if self.text().strip() else "down", "ink2")
        painter.end()

    def _arrow(self) -> QRectF:
        side = 12.0
        return QRectF(self.width() - side - 3, (self.height() - side) / 2, side, side)

    def _changed(self, text: str) -> None:
        self.setToolTip(text if text.strip() else self._told)


class Head(QHeaderView):
    """A head whose filters tell, after a short rest, what they ask for.

    Signals: the filters ask for something else; a title was pressed; a filter is to be opened; a column was dragged
    from one place to another; a column got another width by hand.
    """

    filtered = Signal()
    sort_asked = Signal(int)
    opened = Signal(str)
    moved = Signal(int, int)

    def __init__(self, columns: Sequence[Column], *, filters: bool) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._columns = tuple(columns)
        self._filters = filters
        self._sorted: tuple[int, bool] = (-1, True)
        self._fields: dict[int, FilterField] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.filtered)
        self.setSectionsClickable(True)
        self.setSectionsMovable(filters)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumSectionSize(px(32))
        self.sectionResized.connect(lambda *_: self._place())
        self.geometriesChanged.connect(self._place)
        self.sectionClicked.connect(self._pressed)
        self.sectionMoved.connect(self._tell_move)
        self.setAccessibleName("表头")

    def sizeHint(self) -> QSize:
        """One line of titles, one of filters."""
        height = px(theme.TABLE_HEAD) * (2 if self._filters else 1)
        return QSize(super().sizeHint().width(), height)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Stand over other columns; :meth:`fill` makes their filters."""
        self._columns = tuple(columns)
        self._sorted = (-1, True)

    def fill(self, shown: range) -> None:
        """Make the filters of the columns that this half of the table shows."""
        for field in self._fields.values():
            field.hide()
            field.deleteLater()
        self._fields = {}
        for at in shown if self._filters else ():
            if self._columns[at].filter != "none":
                self._fields[at] = self._field(self._columns[at])
        self._place()

    def show_filters(self, *, shown: bool) -> None:
        """The filter row, on or off."""
        self._filters = shown
        self.updateGeometries()
        self._place()

    def asked(self) -> dict[str, str]:
        """What the filters ask for, by key of column; empty ones are left out."""
        found = {self._columns[at].key: field.text().strip() for at, field in self._fields.items()}
        return {key: text for key, text in found.items() if text}

    def ask(self, key: str, text: str) -> None:
        """Fill a filter from outside, as links on figures do; nothing is told."""
        field = self.field(key)
        if field is None:
            return
        field.blockSignals(True)
        field.setText(text)
        field.setCursorPosition(0)
        field.blockSignals(False)
        set_style(field, "active", "true" if text.strip() else "false")

    def clear(self) -> None:
        """Empty all filters; nothing is told."""
        for at in self._fields:
            self.ask(self._columns[at].key, "")

    def field(self, key: str) -> FilterField | None:
        """The filter under a column, to put the focus there."""
        return next((field for at, field in self._fields.items() if self._columns[at].key == key), None)

    def place_of(self, key: str) -> QRect | None:
        """Where the filter under a column stands in the viewport."""
        field = self.field(key)
        return None if field is None else field.geometry()

    def set_sorted(self, at: int, *, ascending: bool) -> None:
        """Show which column the rows are ordered by; -1 for none of this half."""
        self._sorted = (at, ascending)
        self.viewport().update()

    def _pressed(self, at: int) -> None:
        if self._columns[at].sortable:
            self.sort_asked.emit(at)

    def _field(self, column: Column) -> FilterField:
        made = FilterField(column, self.viewport())
        made.textChanged.connect(lambda text: self._touched(made, bool(text.strip())))
        made.opened.connect(lambda: self.opened.emit(column.key))
        return made

    def _touched(self, field: QWidget, active: bool) -> None:
        set_style(field, "active", "true" if active else "false")
        self._rest.start()

    def _tell_move(self, _logical: int, before: int, now: int) -> None:
        """The order of columns is the owner's: put the section back and say where it was dragged to."""

        def tell() -> None:
            self.blockSignals(True)
            self.moveSection(now, before)
            self.blockSignals(False)
            self.moved.emit(before, now)

        if before != now and not self.signalsBlocked():
            QTimer.singleShot(0, self, tell)

    def _place(self) -> None:
        top, height = px(theme.TABLE_HEAD) + 1, px(22)
        for at, field in self._fields.items():
            field.setVisible(self._filters and not self.isSectionHidden(at))
            field.setGeometry(self.sectionViewportPosition(at) + 3, top, self.sectionSize(at) - 6, height)

    def follow_scroll(self) -> None:
        """Keep the filters under their titles when the columns are scrolled sideways."""
        self._place()

    def title_place(self, at: int) -> QPoint:
        """The lower left corner of a title, for what opens there."""
        return QPoint(self.sectionViewportPosition(at), px(theme.TABLE_HEAD))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 (Qt's name)
        """A title on a sunken ground; the ordered column in ink, with an arrow."""
        column = self._columns[logicalIndex]
        painter.save()
        painter.fillRect(rect, theme.color("sunken"))
        painter.setPen(QPen(theme.color("rule"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        box = QRectF(rect.x() + 6, rect.y(), rect.width() - 12, px(theme.TABLE_HEAD))
        here, ascending = self._sorted
        if logicalIndex == here:
            side = px(12)
            sign = QRectF(rect.right() - side - 6, rect.y() + (px(theme.TABLE_HEAD) - side) / 2, side, side)
            icons.draw(painter, sign, "up" if ascending else "down", "accent")
            box.adjust(0, 0, -side, 0)
        ink: Token = "ink" if logicalIndex == here else "ink2"
        paint_text(painter, box, column.title, ink, "table", RIGHT if column.right else LEFT)
        painter.restore()
