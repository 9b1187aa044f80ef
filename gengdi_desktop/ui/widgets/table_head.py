"""The head of a table: titles aligned as their cells, the sign of the order, and the filter row under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QLineEdit, QWidget

from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import Token, px
from gengdi_desktop.ui.widgets.canvas import LEFT, RIGHT, paint_text
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.parts import set_style
from gengdi_desktop.ui.widgets.table_cells import Column

_REST_MS: Final = 250


class Head(QHeaderView):
    """A head whose filters tell, after a short rest, what they ask for."""

    filtered = Signal()
    sort_asked = Signal(int)

    def __init__(self, columns: Sequence[Column], *, filters: bool) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._columns = tuple(columns)
        self._filters = filters
        self._sorted: tuple[int, bool] = (-1, True)
        self._fields: dict[int, QWidget] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.filtered)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumSectionSize(px(32))
        self.sectionResized.connect(lambda *_: self._place())
        self.geometriesChanged.connect(self._place)
        self.sectionClicked.connect(self._pressed)
        self.setAccessibleName("表头")

    def sizeHint(self) -> QSize:
        """One line of titles, one of filters."""
        height = px(theme.TABLE_HEAD) * (2 if self._filters else 1)
        return QSize(super().sizeHint().width(), height)

    def fill(self, shown: range) -> None:
        """Make the filters of the columns that this half of the table shows."""
        for at in shown if self._filters else ():
            column = self._columns[at]
            if column.filter == "none":
                continue
            self._fields[at] = self._choice(column) if column.filter == "list" else self._line(column)
        self._place()

    def asked(self) -> dict[str, str]:
        """What the filters ask for, by key of column; empty ones are left out."""
        found = {self._columns[at].key: _text_of(field) for at, field in self._fields.items()}
        return {key: text for key, text in found.items() if text}

    def ask(self, key: str, text: str) -> None:
        """Fill a filter from outside, as links on figures do; nothing is told."""
        for at, field in self._fields.items():
            if self._columns[at].key != key:
                continue
            field.blockSignals(True)
            if isinstance(field, ChoiceField):
                field.choose(text)
            elif isinstance(field, QLineEdit):
                field.setText(text)
            field.blockSignals(False)
            set_style(field, "active", "true" if text else "false")

    def clear(self) -> None:
        """Empty all filters; nothing is told."""
        for at in self._fields:
            self.ask(self._columns[at].key, "")

    def field(self, key: str) -> QWidget | None:
        """The filter under a column, to put the focus there."""
        return next((field for at, field in self._fields.items() if self._columns[at].key == key), None)

    def set_sorted(self, at: int, *, ascending: bool) -> None:
        """Show which column the rows are ordered by; -1 for none of this half."""
        self._sorted = (at, ascending)
        self.viewport().update()

    def _pressed(self, at: int) -> None:
        if self._columns[at].sortable:
            self.sort_asked.emit(at)

    def _line(self, column: Column) -> QLineEdit:
        made = QLineEdit(self.viewport())
        made.setProperty("small", "true")
        made.setAccessibleName(f"按{column.title}筛选")
        if column.filter == "at_least":
            made.setAlignment(Qt.AlignmentFlag.AlignRight)
            made.setPlaceholderText("≥")
            made.setToolTip("不小于这个数")
        else:
            made.setToolTip("含有这些字")
        made.textChanged.connect(lambda text: self._touched(made, bool(text.strip())))
        return made

    def _choice(self, column: Column) -> ChoiceField:
        made = ChoiceField(f"按{column.title}筛选", (("", "全部"), *column.options), small=True)
        made.setParent(self.viewport())
        made.activated.connect(lambda _index: self._touched(made, bool(made.code())))
        return made

    def _touched(self, field: QWidget, active: bool) -> None:
        set_style(field, "active", "true" if active else "false")
        self._rest.start()

    def _place(self) -> None:
        top, height = px(theme.TABLE_HEAD) + 1, px(22)
        for at, field in self._fields.items():
            field.setVisible(not self.isSectionHidden(at))
            field.setGeometry(self.sectionViewportPosition(at) + 3, top, self.sectionSize(at) - 6, height)

    def follow_scroll(self) -> None:
        """Keep the filters under their titles when the columns are scrolled sideways."""
        self._place()

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


def _text_of(field: QWidget) -> str:
    if isinstance(field, ChoiceField):
        return field.code()
    return field.text().strip() if isinstance(field, QLineEdit) else ""
