"""The lists of the import page: what the file will be called, what a new issue changes, which lists are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.pages.intake_view import CompareView, IntakeView, ListView
from gengdi_desktop.ui.theme import TABLE_HEAD, TABLE_ROW, px
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, clear, label, line, row
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

_ROWS: Final = 8
_CHANGES: Final = "changes"
_NAME_WIDTH: Final = 300
_NAME_SIGNS: Final = 12
_NAME_HEAD: Final = 6


class ListStrip(QWidget):
    """Which sheet of the file is read, what the list is called, and whether it is a new issue of another.

    Signal: sheet (empty for all that are alike), name, and the list that it replaces (empty for none).
    """

    chosen = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self._sheet = ChoiceField("工作表", (("", "表头一样的都读"),))
        self._sheet_label = label("工作表", "label")
        self._name = LineField("清单名称", hint="清单名称")
        self._name.setFixedWidth(px(_NAME_WIDTH))
        self._issue = ChoiceField("这份清单是", (("", "新的清单"),))
        self._issue_label = label("这份清单是", "label")
        self._shown = ""
        lay = row(gap=8, margins=(0, 0, 0, 4))
        for part in (self._sheet_label, self._sheet, label("清单名称", "label"), self._name):
            lay.addWidget(part)
        for part in (self._issue_label, self._issue):
            lay.addWidget(part)
        lay.addStretch(1)
        self.setLayout(lay)
        self._name.editingFinished.connect(self._changed)
        for field in (self._sheet, self._issue):
            field.activated.connect(self._changed)

    def show_list(self, view: IntakeView, sheet: str) -> None:
        """Show what a preview takes the file for."""
        self._sheet.set_options([("", "表头一样的都读"), *((one, one) for one in view.sheets)], sheet)
        for part in (self._sheet_label, self._sheet):
            part.setVisible(len(view.sheets) > 1)
        self._shown = view.list_name
        if not self._name.hasFocus():
            self._name.setText(view.list_name)
            self._name.setCursorPosition(0)
        issues = [("", "新的清单"), *((one, f"“{_short(one)}”的重新下发") for one in reversed(view.known_lists))]
        self._issue.set_options(issues, view.reissue_of)
        for part in (self._issue_label, self._issue):
            part.setVisible(bool(view.known_lists))

    def _changed(self) -> None:
        name = self._name.text().strip()
        self.chosen.emit(self._sheet.code(), "" if name == self._shown else name, self._issue.code())


class CompareSheet(Sheet):
    """A new issue beside the old one, plot by plot; what changed stands first."""

    def __init__(self) -> None:
        self._which = ChoiceField("看哪些", ((_CHANGES, "有变化的"),))
        super().__init__("和上次比", "", self._which)
        self._rows: tuple[CompareView, ...] = ()
        self._model: RowsModel[CompareView] = RowsModel(
            (
                Shown(Column("what", "变化", 120, "flags", "none"), _what_cell),
                Shown(Column("plot", "图斑", 200, "text", "none", limit=260), lambda one: one.plot),
                Shown(Column("row", "新表行号", 84, "text", "none"), lambda one: Cell(one.row, ink="ink2")),
                Shown(Column("told", "旧 → 新", 360, "text", "none"), lambda one: one.told),
            ),
            self,
        )
        self._table = TableView("和上次比", self._model, self._model.columns)
        self._which.activated.connect(self._filter)
        self.body.addWidget(self._table)

    def show_compared(self, rows: Sequence[CompareView]) -> None:
        """Show another comparison; without any the sheet goes."""
        self._rows = tuple(rows)
        self.setVisible(bool(rows))
        counts = Counter(one.what for one in rows)
        labels = {one.what: one.label for one in rows}
        self.set_note("，".join(f"{labels[what]} {number:,} 个" for what, number in counts.items()))
        changes = len(rows) - counts["same"]
        options = [(_CHANGES, f"有变化的 {changes:,} 个"), *((w, f"{labels[w]} {n:,} 个") for w, n in counts.items())]
        self._which.set_options(options, _CHANGES)
        self._filter()

    def _filter(self) -> None:
        wanted = self._which.code()
        shown = [one for one in self._rows if _wanted(one, wanted)]
        self._model.show_rows(shown)
        self._table.setFixedHeight(px(TABLE_HEAD + min(max(len(shown), 1), _ROWS) * TABLE_ROW) + 4)
        self._table.fit_columns()


def _short(name: str) -> str:
    """A name that fits beside other fields: its beginning tells the place, its end the batch."""
    return name if len(name) <= _NAME_SIGNS else f"{name[:_NAME_HEAD]}…{name[_NAME_HEAD - _NAME_SIGNS + 1 :]}"


def _wanted(one: CompareView, wanted: str) -> bool:
    return one.what != "same" if wanted == _CHANGES else one.what == wanted


def _what_cell(one: CompareView) -> Cell:
    return Cell(one.label, (Flag(one.sign, one.label, one.tone),))


class KnownLists(Sheet):
    """Lists that were imported, each with a way back."""

    def __init__(self, take_back: Callable[[int], object], *, writable: bool) -> None:
        super().__init__("导入过的清单", "")
        self._take_back, self._writable = take_back, writable
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.hide()

    def show_lists(self, lists: Sequence[ListView]) -> None:
        """Show other lists; without any the sheet goes."""
        clear(self._rows)
        self.setVisible(bool(lists))
        self.set_note(f"{len(lists)} 份")
        for one in lists:
            lay = row(gap=12, margins=(0, 4, 0, 4))
            lay.addWidget(ElidedLabel(one.name, "value"), 1)
            lay.addWidget(label(f"{one.count} 行，{one.area} 亩", "value"))
            if one.open_lines:
                lay.addWidget(label(f"{one.open_lines} 行未入账", "small", "seal"))
            if one.when:
                lay.addWidget(label(one.when, "small"))
            if one.seq and self._writable:
                back = button("撤回", "link", tone="seal", pressed=partial(self._take_back, one.seq))
                back.setAccessibleName(f"撤回导入“{one.name}”")
                lay.addWidget(back)
            self._rows.addWidget(line())
            self._rows.addLayout(lay)
