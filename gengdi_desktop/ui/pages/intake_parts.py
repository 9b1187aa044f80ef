"""The sheets of the import page: which column is what, what is wrong, what adds up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.pages.intake_view import ColumnView, IntakeView, ProblemView, TieView
from gengdi_desktop.ui.pages.intake_work import unit_choices
from gengdi_desktop.ui.theme import TABLE_HEAD, TABLE_ROW, px
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

_SHOWN_PROBLEMS: Final = 40
_LEAST_ROWS: Final = 6


class MappingSheet(Sheet):
    """Columns of the foreign table, the doubtful first; the one with the cursor can be corrected below.

    Signal: letters of a column and what it is, as files of columns write it.
    """

    corrected = Signal(str, str)

    def __init__(self, remember: Callable[[], object]) -> None:
        super().__init__("对列", "", button("记住，下次照办", "link", pressed=remember))
        self._model: RowsModel[ColumnView] = RowsModel(
            (
                Shown(Column("title", "表里的列", 150, "text", "none", limit=190), _title_cell),
                Shown(Column("field", "台账里的项", 136, "text", "none", limit=170), _field_cell),
                Shown(Column("example", "例", 80, "text", "none"), lambda one: Cell(one.example, ink="ink2")),
                Shown(Column("certainty", "把握", 84, "flags", "none", limit=110), _certainty_cell),
            ),
            self,
        )
        self._table = TableView("对列", self._model, self._model.columns)
        self._table.row_chosen.connect(self._chosen)
        self._table.setMinimumHeight(px(TABLE_HEAD + _LEAST_ROWS * TABLE_ROW))
        self._field = ChoiceField("这一列是", (("", "照原样保留"),))
        self._unit = ChoiceField("面积单位", unit_choices())
        for one in (self._field, self._unit):
            one.activated.connect(self._changed)
        self._name = ElidedLabel("", "label")
        fix = row(gap=8)
        fix.addWidget(self._name, 1)
        for part in (label("是", "label"), self._field, self._unit):
            fix.addWidget(part)
        self.body.addWidget(self._table, 1)
        self.body.addWidget(line())
        self.body.addLayout(fix)

    def show_columns(self, columns: Sequence[ColumnView], fields: Sequence[tuple[str, str]]) -> None:
        """Show other columns; *fields* are what each can be."""
        unsure = sum(one.tone != "land" for one in columns)
        told = f"{len(columns)} 列，{unsure} 列请看一眼" if unsure else f"{len(columns)} 列都有去处"
        self.set_note(told)
        self._model.show_rows(columns)
        self._field.set_options(fields)
        self._table.fit_columns()
        self._table.choose_row(0, 0)

    def _chosen(self, at: int) -> None:
        chosen = self._model.row(at)
        self._name.set_words(f"{chosen.letters} {chosen.title}")
        self._field.choose(chosen.field)
        self._unit.choose(chosen.unit)

    def _changed(self) -> None:
        at = self._table.current_row()
        if at < 0:
            return
        choice, unit = self._field.code() or "-", self._unit.code()
        told = f"{choice}:{unit}" if unit and choice != "-" else choice
        self.corrected.emit(self._model.row(at).letters, told)


class ProblemSheet(Sheet):
    """Questions first, then what keeps rows out, then what one should know.

    Signals: the row of the file that somebody wants to see; a cell (sheet, row, letters) and what it means; the pair
    (by its place) whose earlier file is to be seen.
    """

    row_asked = Signal(int)
    cell_said = Signal(object, str)
    again_asked = Signal(int)

    def __init__(self, save: Callable[[], object]) -> None:
        self._save = button("存成问题清单", "link", "save", pressed=save)
        super().__init__("问题", "", self._save)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def show_problems(self, view: IntakeView) -> None:
        """Show the problems of a preview."""
        clear(self._rows)
        self.set_note(view.summary)
        self._save.setVisible(bool(view.refused))
        every = [*(ProblemView("请先回答", asked) for asked in view.questions), *view.problems]
        for one in every[:_SHOWN_PROBLEMS]:
            self._rows.addWidget(line())
            self._rows.addWidget(_ProblemRow(one, self))
        left = len(every) - _SHOWN_PROBLEMS
        if left > 0:
            self._rows.addWidget(line())
            self._rows.addWidget(label(f"还有 {left} 处，改好前面的再读一遍就看到了。", "small", wrap=True))
        if not every:
            self._rows.addWidget(line())
            told = row(mark("check", "land", 14), label("没有问题。", "value"), None, margins=(0, 6, 0, 6))
            self._rows.addLayout(told)


class _ProblemRow(QWidget):
    """Where and what; a press shows the row, and a cell that nobody can read can be said here."""

    def __init__(self, one: ProblemView, sheet: ProblemSheet) -> None:
        super().__init__()
        self._one, self._sheet = one, sheet
        top = Qt.AlignmentFlag.AlignTop
        head = row(gap=8)
        head.addWidget(mark("warn", "seal" if one.stops else "soil", 14), 0, top)
        where: QWidget
        if one.row:
            where = button(one.where, "link", tone="seal" if one.stops else "", pressed=self._look)
            where.setProperty("row", "true")
            where.setToolTip("在上面的表格里看这一行")
        else:
            where = label(one.where, "value", "seal" if one.stops else "soil")
        head.addWidget(where, 0, top)
        head.addWidget(label(one.what, "value", wrap=True), 1)
        if one.again >= 0:
            look = button("看原来的档案", "link", pressed=lambda: sheet.again_asked.emit(one.again))
            look.setProperty("row", "true")
            look.setAccessibleName(f"{one.where}，看原来的档案和照片")
            head.addWidget(look, 0, top)
        whole = column(head, gap=4, margins=(0, 5, 0, 5))
        if one.cell is not None:
            say = button("在这里改", "link", pressed=self._open)
            say.setProperty("row", "true")
            say.setAccessibleName(f"{one.where}，在这里改")
            head.addWidget(say, 0, top)
            self._field = LineField(f"{one.where}应该是", hint="这一格应该是")
            self._field.returnPressed.connect(self._done)
            self._line = boxed(row(24, self._field, button("按这个录入", pressed=self._done), gap=8))
            self._line.hide()
            whole.addWidget(self._line)
        self.setLayout(whole)

    def _look(self) -> None:
        self._sheet.row_asked.emit(self._one.row)

    def _open(self) -> None:
        self._line.show()
        self._field.setFocus()
        self._look()

    def _done(self) -> None:
        if self._field.text().strip():
            self._sheet.cell_said.emit(self._one.cell, self._field.text().strip())


class TotalSheet(Sheet):
    """What the notice says beside what the rows add up to.

    Signal: number of plots (None where not given) and area in mu as text.
    """

    expected = Signal(object, str)

    def __init__(self) -> None:
        self._count = LineField("通知上的图斑个数", hint="个数")
        self._area = LineField("通知上的面积（亩）", hint="亩")
        super().__init__("对总数", "", boxed(row(label("通知上", "label"), self._count, self._area, gap=6)))
        for field, width in ((self._count, 72), (self._area, 96)):
            field.setFixedWidth(px(width))
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.editingFinished.connect(self._changed)
        self._wrong = label("", "small", "seal", wrap=True)
        self._wrong.hide()
        self._ties = row(gap=24)
        self.body.addWidget(self._wrong)
        self.body.addLayout(self._ties)
        self.body.addStretch(1)

    def forget(self) -> None:
        """Another file: other totals."""
        self._count.clear()
        self._area.clear()

    def show_ties(self, ties: Sequence[TieView]) -> None:
        """Show totals side by side."""
        clear(self._ties)
        for one in ties:
            compared = bool(one.should)
            sign, ink = ("check", "land") if one.holds else ("stop", "seal")
            head = row(gap=6)
            if compared:
                head.addWidget(mark(sign, "land" if ink == "land" else "seal", 14))
            name = label(one.name, "label")
            name.setMinimumHeight(px(18))
            head.addWidget(name)
            head.addStretch(1)
            figures = row(label(one.here, "section", "" if not compared else "land" if one.holds else "seal"), gap=6)
            if one.should:
                figures.addWidget(label(f"应 {one.should}", "small"))
            figures.addStretch(1)
            self._ties.addLayout(column(head, figures, label(one.note, "small", wrap=True), gap=0), 1)

    def _changed(self) -> None:
        count, area = self._count.text().strip(), self._area.text().strip()
        wrong = "" if not count or count.isdecimal() else f"“{count}”不是个数。"
        try:
            Area.parse(area or "0")
        except RuleError as error:
            wrong = f"{error.message}{error.hint}"
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        if not wrong:
            self.expected.emit(int(count) if count else None, area)


def _title_cell(one: ColumnView) -> Cell:
    return Cell(f"{one.letters} {one.title}")


def _field_cell(one: ColumnView) -> Cell:
    told = f"{one.field_label}（{one.unit}）" if one.unit else one.field_label
    return Cell(told, ink="ink" if one.field else "ink3")


def _certainty_cell(one: ColumnView) -> Cell:
    return Cell(one.certainty, (Flag(one.sign, one.certainty, one.tone),))
