"""Forms as printed forms have them: labels left in one column, values left, hairlines, errors in words below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QGridLayout, QLabel, QWidget

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import boxed, column, label, line, row, set_style

LABEL_WIDTH = 84
_FIRST_LINE = 34
_NO_LIMIT = 16777215


class FactGrid(QWidget):
    """Rows of facts, a hairline under each: a label, then values; the last column takes the slack."""

    def __init__(self, widths: Sequence[int] = (LABEL_WIDTH, 0), height: int = 24) -> None:
        super().__init__()
        self._height = height
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        for at, width in enumerate(widths):
            if width:
                self._grid.setColumnMinimumWidth(at, px(width))
            else:
                self._grid.setColumnStretch(at, 1)

    def add(self, *cells: QWidget) -> None:
        """Add one row."""
        at = self._grid.rowCount()
        for across, cell in enumerate(cells):
            cell.setMinimumHeight(px(self._height))
            self._grid.addWidget(cell, at, across)
        self._grid.addWidget(line(), at + 1, 0, 1, max(len(cells), self._grid.columnCount()))

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show pairs of label and value in the place of what stood here; long values wrap."""
        while self._grid.count():
            gone = self._grid.takeAt(0).widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for at, (name, value) in enumerate(facts):
            tag, told = label(name, "label"), label(value, "value", wrap=True)
            for cell in (tag, told):
                cell.setMinimumHeight(px(self._height))
            tag.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(tag, 2 * at, 0)
            self._grid.addWidget(told, 2 * at, 1)
            self._grid.addWidget(line(), 2 * at + 1, 0, 1, 2)


class Form(QWidget):
    """Fields with their labels; the error of a field stands under it and is cleared when it is right."""

    def __init__(self, label_width: int = LABEL_WIDTH) -> None:
        super().__init__()
        self._label_width = px(label_width)
        self._lay = QFormLayout(self)
        self._lay.setContentsMargins(0, 0, 0, 0)
        self._lay.setHorizontalSpacing(8)
        self._lay.setVerticalSpacing(6)
        self._lay.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._lay.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._errors: dict[str, QLabel] = {}
        self._fields: dict[str, QWidget] = {}

    def add(self, key: str, name: str, field: QWidget, note: str = "", *, required: bool = False) -> None:
        """Add a field under *key*; *note* stands small behind it, or below where the field takes all the room."""
        wrong = label("", "small", "seal", wrap=True)
        wrong.hide()
        fixed = field.minimumWidth() == field.maximumWidth()
        beside = row(gap=8)
        beside.addWidget(field, 0 if fixed else 1)
        if not fixed and field.maximumWidth() < _NO_LIMIT:
            # In a wide sheet a line is as long as what is written into it, and begins at the left.
            beside.addStretch(0)
        told = label(note, "small", wrap=True)
        if not note:
            told.hide()
        if fixed:
            beside.addWidget(told, 1)
            beside.addStretch(0 if note else 1)
        tag = label(f"{name} ＊" if required else name, "label", wrap=True)
        tag.setFixedWidth(self._label_width)
        # Beside a field of several lines, or one that grows, the label stays at the first line.
        height = min((field.focusProxy() or field).sizeHint().height(), px(_FIRST_LINE))
        tag.setMinimumHeight(height)
        tag.setMaximumHeight(max(height, tag.heightForWidth(self._label_width)))
        tag.setBuddy(field)
        below = column(beside, wrong, gap=2)
        if not fixed:
            below.insertWidget(1, told)
        self._lay.addRow(tag, boxed(below))
        self._errors[key] = wrong
        self._fields[key] = field

    def add_line(self, widget: QWidget) -> None:
        """Add something across the whole width."""
        self._lay.addRow(widget)

    def field(self, key: str) -> QWidget:
        """The field under *key*."""
        return self._fields[key]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order of the form."""
        return tuple(self._fields)

    def show_error(self, key: str, sentence: str) -> None:
        """Say under the field what is wrong; an empty sentence clears it."""
        wrong = self._errors[key]
        wrong.setText(sentence)
        wrong.setVisible(bool(sentence))
        set_style(self._fields[key], "wrong", "true" if sentence else "false")

    def refuse(self, key: str, error: GengdiError) -> None:
        """Say under the field why it cannot be read, and what to do about it."""
        self.show_error(key, f"{error.message}{error.hint}")

    def has_error(self, key: str) -> bool:
        """Whether something is told under a field."""
        return bool(self._errors[key].text())

    def clear_errors(self) -> None:
        """Everything is right again."""
        for key in self._fields:
            self.show_error(key, "")

    def set_row_visible(self, key: str, *, visible: bool) -> None:
        """Hide a field that does not apply now."""
        holder = self._fields[key].parentWidget()
        if holder is not None:
            self._lay.setRowVisible(holder, visible)
