"""Typing into the ledger's table with real keys: as in Excel, with an input method, with blocks of cells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gengdi_desktop.domain.edits import EDITS
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ledger import queries
from gengdi_desktop.ledger.history import history
from gengdi_desktop.phases.editing.service import CellEdit, apply
from gengdi_desktop.ui.editing.cell_editor import CellEditor
from gengdi_desktop.ui.editing.clipboard_table import fill_clipboard, read_clipboard
from gengdi_desktop.ui.models.plot_source import PlotWish
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from tests.gui.window_stage import Stage

K = Qt.Key
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Grid:
    """The table of an open window, worked by keys alone."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        stage.window.member_chosen.emit("吴小琴")
        stage.go("ledger", {"state": "working"})
        page = stage.window.page
        assert isinstance(page, LedgerPage)
        self.page = page
        page.table.setFocus()

    def at(self, row: int, key: str) -> None:
        self.page.table.choose_row(row, self.column(key))

    def select(self, first: tuple[int, str], last: tuple[int, str]) -> None:
        model, table = self.page.model, self.page.table
        self.at(*first)
        block = QItemSelection(model.index(first[0], self.column(first[1])), model.index(last[0], self.column(last[1])))
        table.right.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def column(self, key: str) -> int:
        return next(at for at, one in enumerate(self.page.table.columns) if one.key == key)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, held)

    def type(self, text: str) -> None:
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(self.focus, letter)
            else:
                self.compose("", letter)

    def compose(self, preedit: str, commit: str = "") -> None:
        event = QInputMethodEvent(preedit, [])
        if commit:
            event.setCommitString(commit)
        QApplication.sendEvent(self.focus, event)

    @property
    def focus(self) -> QWidget:
        focused = self.stage.window.focusWidget()
        assert focused is not None
        return focused

    @property
    def editor(self) -> CellEditor:
        assert self.page.editing._editor is not None
        return self.page.editing._editor

    def open(self) -> bool:
        return self.page.editing.open

    def here(self) -> tuple[int, str]:
        index = self.page.table.right.currentIndex()
        return index.row(), self.page.table.columns[index.column()].key

    def shown(self, row: int, key: str) -> str:
        return str(self.page.model.index(row, self.column(key)).data() or "")

    def stored(self, row: int, key: str) -> object:
        self.stage.settle()
        card = queries.plot_card(self.stage.context.ledger, self.page.model.id_of(row))
        return card.facts[key] if key in card.facts else card.rounds[-1][key]

    def told(self) -> str:
        self.stage.settle()
        return "\n".join(one.text() for one in self.page.messages.findChildren(QLabel) if one.isVisible())

    def panel(self) -> str:
        self.stage.settle()
        return "\n".join(one.text() for one in self.page.editing.panel.findChildren(QLabel))

    def button(self, words: str) -> QPushButton:
        found = [one for one in self.page.findChildren(QPushButton) if words in one.text() and one.isVisible()]
        assert len(found) == 1, [one.text() for one in found]
        return found[0]

    def head(self) -> int:
        self.stage.settle()
        return self.stage.context.ledger.head().seq

    def put_on_clipboard(self, rows: Sequence[Sequence[str]]) -> None:
        mime = QMimeData()
        fill_clipboard(rows, mime)
        QGuiApplication.clipboard().setMimeData(mime)


@pytest.fixture
def grid(window: Stage) -> Grid:
    return Grid(window)


# ---------------------------------------------------------------------------------------------------------- one cell


def test_typing_replaces_and_enter_goes_down(grid: Grid) -> None:
    grid.at(0, "person")
    grid.type("Luo")
    assert grid.open()
    assert grid.editor.toPlainText() == "Luo"
    grid.press(K.Key_Return)
    assert not grid.open()
    assert grid.here() == (1, "person")
    assert grid.shown(0, "person") == "Luo"
    assert grid.stored(0, "person") == "Luo"
    assert grid.here() == (1, "person")
    assert grid.focus is grid.page.table.right


def test_tab_goes_right_and_shift_goes_back(grid: Grid) -> None:
    grid.at(0, "person")
    grid.type("A")
    grid.press(K.Key_Tab)
    assert grid.here() == (0, "deadline")
    grid.type("8.30")
    grid.press(K.Key_Backtab, SHIFT)
    assert grid.here() == (0, "person")
    grid.at(3, "person")
    grid.type("B")
    grid.press(K.Key_Return, SHIFT)
    assert grid.here() == (2, "person")
    assert grid.stored(0, "deadline") == "2023-08-30"


def test_esc_gives_the_old_value_back(grid: Grid) -> None:
    before, head = grid.shown(0, "person"), grid.head()
    grid.at(0, "person")
    grid.type("x")
    grid.press(K.Key_Escape)
    assert not grid.open()
    assert grid.page.pane.isVisible()
    assert (grid.shown(0, "person"), grid.head()) == (before, head)
    assert grid.here() == (0, "person")


def test_f2_goes_on_with_what_stands_there(grid: Grid) -> None:
    grid.at(0, "person")
    before = grid.shown(0, "person")
    grid.press(K.Key_F2)
    grid.type("2")
    grid.press(K.Key_Return)
    assert grid.stored(0, "person") == f"{before}2"


def test_a_text_may_have_several_lines(grid: Grid) -> None:
    grid.at(0, "person")
    grid.type("A")
    grid.press(K.Key_Return, ALT)
    grid.type("B")
    grid.press(K.Key_Return)
    assert grid.stored(0, "person") == "A\nB"


def test_leaving_the_cell_saves_it(grid: Grid) -> None:
    grid.at(0, "person")
    grid.type("A")
    grid.page.pane.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    grid.page.pane.setFocus()
    assert not grid.open()
    assert grid.stored(0, "person") == "A"


def test_going_to_another_page_saves_what_is_open(grid: Grid) -> None:
    grid.at(0, "person")
    grid.type("A")
    plot = grid.page.model.id_of(0)
    grid.stage.go("home")
    assert queries.plot_card(grid.stage.context.ledger, plot).line.person == "A"


def test_a_slip_is_told_below_the_cell_and_can_be_mended(grid: Grid) -> None:
    grid.at(0, "deadline")
    grid.type("8.40")
    grid.press(K.Key_Return)
    assert grid.open()
    assert "不是日期" in grid.editor._hint.text()
    for _ in range(2):
        grid.press(K.Key_Backspace)
    assert not grid.editor._hint.isVisible()
    grid.type("25")
    grid.press(K.Key_Return)
    assert grid.stored(0, "deadline") == "2023-08-25"


def test_an_area_with_its_unit_is_a_statement_of_progress(grid: Grid) -> None:
    grid.at(0, "settled")
    grid.type("100平方米")
    grid.press(K.Key_Return)
    grid.stage.settle()
    line = grid.page.model.line(0)
    assert line is not None
    assert line.settled.exact() == "0.15"
    assert history(grid.stage.context.ledger)[0].action == "progress"


def test_what_the_service_refuses_is_told_and_the_text_can_be_gone_on_with(grid: Grid) -> None:
    grid.at(0, "settled")
    grid.type("9999")
    grid.press(K.Key_Return)
    assert "超过应整改" in grid.told()
    grid.button("接着改").click()
    assert grid.open()
    assert grid.editor.toPlainText() == "9999.00"


def test_a_column_that_cannot_be_typed_into_says_why(grid: Grid) -> None:
    grid.at(0, "village")
    grid.type("x")
    assert not grid.open()
    assert "下发的内容不改" in grid.told()
    grid.button("更正…").click()
    grid.stage.settle()
    assert grid.stage.window.dialog is not None


def test_a_change_by_somebody_else_is_told_and_mine_can_win(grid: Grid) -> None:
    grid.at(0, "person")
    grid.type("A")
    ledger = grid.stage.context.ledger
    apply(ledger, [CellEdit(grid.page.model.id_of(0), "person", "旁人")], by=Actor("吴小琴"))
    grid.press(K.Key_Return)
    assert "旁人" in grid.told()
    assert grid.stored(0, "person") == "旁人"
    grid.button("用我填的").click()
    assert grid.stored(0, "person") == "A"


def test_an_open_cell_stays_open_while_the_table_is_shown_anew(grid: Grid) -> None:
    grid.at(3, "person")
    grid.type("A")
    plot = grid.page.model.id_of(3)
    grid.page.model.ask(PlotWish(filters={"state": "=整改中"}, order="issued_area", ascending=False))
    grid.stage.settle()
    row = grid.page.model.row_of(plot)
    assert row != 3
    box = grid.page.editing._places.box(row, "person")
    assert abs(grid.editor.y() - box.y()) <= 1
    grid.press(K.Key_Return)
    assert grid.stored(row, "person") == "A"


def test_undo_leaves_the_cursor_in_its_cell(grid: Grid) -> None:
    grid.at(2, "person")
    grid.type("A")
    grid.press(K.Key_Return)
    grid.stage.settle()
    grid.stage.window.undo_asked.emit()
    grid.stage.settle()
    assert grid.here() == (3, "person")


def test_today_is_one_key(grid: Grid) -> None:
    grid.at(0, "deadline")
    grid.press(K.Key_Semicolon, CONTROL)
    grid.press(K.Key_Return)
    assert grid.stored(0, "deadline") == "2023-08-20"


def test_enter_without_typing_goes_down_and_ctrl_enter_opens(grid: Grid) -> None:
    opened: list[int] = []
    grid.page.table.row_opened.connect(opened.append)
    grid.at(0, "person")
    grid.press(K.Key_Return)
    assert grid.here() == (1, "person")
    grid.press(K.Key_Return, CONTROL)
    assert opened == [1]


# ------------------------------------------------------------------------------------------------------ input method


def test_chinese_that_starts_in_a_selected_cell_keeps_its_first_letter(grid: Grid) -> None:
    grid.at(0, "person")
    view = grid.focus
    assert view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    grid.compose("n")
    assert grid.open()
    assert grid.focus is view, "moving the focus would end the composition"
    grid.compose("ni")
    grid.compose("", "你")
    assert grid.editor.toPlainText() == "你"
    assert grid.focus is grid.editor
    grid.compose("hao")
    grid.compose("", "好")
    grid.press(K.Key_Return)
    assert grid.stored(0, "person") == "你好"


def test_a_sign_without_composition_is_taken_at_once(grid: Grid) -> None:
    grid.at(0, "person")
    grid.compose("", "，")
    assert grid.open()
    assert (grid.editor.toPlainText(), grid.focus) == ("，", grid.editor)


def test_a_composition_that_is_given_up_leaves_the_cell_as_it_was(grid: Grid) -> None:
    before = grid.shown(0, "person")
    grid.at(0, "person")
    grid.compose("n")
    grid.compose("")
    assert not grid.open()
    assert grid.shown(0, "person") == before


def test_composing_in_a_cell_that_is_not_to_be_typed_into_says_why(grid: Grid) -> None:
    grid.at(0, "village")
    grid.compose("n")
    assert not grid.open()


# ------------------------------------------------------------------------------------------------------------ blocks


def test_fill_down_is_one_entry_and_one_step_back(grid: Grid) -> None:
    head = grid.head()
    grid.at(0, "person")
    grid.type("A")
    grid.press(K.Key_Return)
    before = [grid.shown(row, "person") for row in range(1, 5)]
    grid.stage.settle()
    grid.select((0, "person"), (4, "person"))
    grid.press(K.Key_D, CONTROL)
    assert "已填充 4 格" in grid.told()
    assert [grid.stored(row, "person") for row in range(5)] == ["A"] * 5
    assert grid.head() == head + 2
    grid.stage.window.undo_asked.emit()
    assert [grid.stored(row, "person") for row in range(1, 5)] == before


def test_one_row_is_filled_from_the_row_above(grid: Grid) -> None:
    above = grid.stored(0, "person")
    grid.at(1, "person")
    grid.press(K.Key_D, CONTROL)
    assert grid.stored(1, "person") == above


def test_ctrl_enter_puts_the_text_into_every_selected_cell(grid: Grid) -> None:
    grid.select((0, "person"), (3, "person"))
    grid.type("C")
    grid.press(K.Key_Return, CONTROL)
    assert [grid.stored(row, "person") for row in range(4)] == ["C"] * 4
    assert "已填充 4 格" in grid.told()


def test_delete_clears_what_may_be_cleared(grid: Grid) -> None:
    grid.select((0, "person"), (1, "deadline"))
    grid.press(K.Key_Delete)
    assert [grid.stored(row, "person") for row in range(2)] == ["", ""]
    assert grid.stored(1, "deadline") is None
    assert "已清空 4 格" in grid.told()


def test_a_copied_block_is_a_table_for_other_programs(grid: Grid) -> None:
    grid.select((0, "village"), (1, "deadline"))
    grid.press(K.Key_C, CONTROL)
    rows = read_clipboard(QGuiApplication.clipboard().mimeData())
    line = grid.page.model.line(0)
    assert line is not None
    keys = [column.key for column in grid.page.table.columns][1:]
    told = dict(zip(keys, rows[0], strict=False))
    assert told["plot_no"] == line.plot_no
    assert told["issued_area"] == line.issued_area.exact()
    assert told["deadline"] == (line.deadline.isoformat() if line.deadline else "")
    assert told["state"] == line.state.label


def test_a_block_that_is_copied_out_and_back_with_changes_goes_in_whole(grid: Grid) -> None:
    head = grid.head()
    grid.select((0, "village"), (4, "deadline"))
    grid.press(K.Key_C, CONTROL)
    rows = [list(row) for row in read_clipboard(QGuiApplication.clipboard().mimeData())]
    person = grid.column("person") - grid.column("village")
    for at, row in enumerate(rows):
        row[person] = f"新{at}"
    grid.put_on_clipboard(rows)
    grid.select((0, "village"), (0, "village"))
    grid.press(K.Key_V, CONTROL)
    assert [grid.stored(row, "person") for row in range(5)] == [f"新{at}" for at in range(5)]
    assert grid.head() == head + 1
    assert not grid.page.editing.panel.open


def test_one_value_is_pasted_into_the_whole_selection(grid: Grid) -> None:
    grid.put_on_clipboard([["D"]])
    grid.select((0, "person"), (2, "person"))
    grid.press(K.Key_V, CONTROL)
    assert [grid.stored(row, "person") for row in range(3)] == ["D"] * 3


def test_what_does_not_fit_is_shown_first_and_the_rest_can_go_in(grid: Grid) -> None:
    head = grid.head()
    grid.put_on_clipboard([["甲", "2023-08-25"], ["乙", "7.25"], ["丙", "昨天"]])
    grid.at(0, "person")
    grid.press(K.Key_V, CONTROL)
    assert "有 2 格放不进去" in grid.panel()
    assert grid.head() == head
    assert grid.focus is grid.button("粘贴合适的 4 格")
    grid.press(K.Key_Space)
    assert [grid.stored(row, "person") for row in range(3)] == ["甲", "乙", "丙"]
    assert grid.stored(0, "deadline") == "2023-08-25"
    assert grid.head() == head + 1


def test_rows_beyond_the_table_and_columns_that_are_issued_do_not_fit(grid: Grid) -> None:
    last = len(grid.page.model.ids) - 1
    grid.put_on_clipboard([["别的村", "9999"], ["多", "出"]])
    grid.at(last, "village")
    grid.press(K.Key_V, CONTROL)
    assert "有 4 格放不进去" in grid.panel()
    grid.press(K.Key_Escape)
    assert not grid.page.editing.panel.open
    assert grid.focus is grid.page.table.right


def test_a_reason_is_asked_once_for_a_block_that_others_rely_upon(grid: Grid) -> None:
    grid.stage.go("ledger", {"state": "accepted"})
    grid.put_on_clipboard([["甲"], ["乙"]])
    grid.at(0, "person")
    grid.press(K.Key_V, CONTROL)
    assert "要写明原因" in grid.panel()
    grid.type("x")
    grid.press(K.Key_Return)
    assert [grid.stored(row, "person") for row in range(2)] == ["甲", "乙"]
    assert history(grid.stage.context.ledger)[0].reason == "x"


def test_a_single_cell_that_others_rely_upon_asks_too(grid: Grid) -> None:
    grid.stage.go("ledger", {"state": "accepted"})
    grid.at(0, "person")
    before = grid.stored(0, "person")
    grid.type("A")
    grid.press(K.Key_Return)
    assert "要写明原因" in grid.panel()
    assert grid.stored(0, "person") == before
    grid.press(K.Key_Return)
    assert "还没有填原因" in grid.panel()
    grid.type("x")
    grid.press(K.Key_Return)
    assert grid.stored(0, "person") == "A"


def test_the_menu_offers_what_the_keys_do(grid: Grid) -> None:
    def words() -> list[str]:
        return [one.text().partition("\t")[0] for one in grid.page.menu().actions()]

    grid.at(0, "person")
    assert {"粘贴", "改这一格", "向下填充", "清空"} <= set(words())
    grid.at(0, "village")
    assert "更正…" in words()
    assert "改这一格" not in words()


def test_nothing_is_pasted_from_an_empty_clipboard(grid: Grid) -> None:
    QGuiApplication.clipboard().clear()
    grid.at(0, "person")
    grid.press(K.Key_V, CONTROL)
    assert "没有可以粘贴的" in grid.told()


def test_editing_says_what_it_is_to_those_who_hear_the_screen(grid: Grid) -> None:
    grid.at(0, "person")
    grid.press(K.Key_F2)
    assert grid.open()
    assert "责任人" in grid.editor.accessibleName()


def test_a_pane_that_lies_over_the_cell_goes_when_it_is_typed_into(grid: Grid) -> None:
    grid.stage.resize(900, 700)
    assert grid.page.shape.compact
    grid.page.table.pane_asked.emit()
    grid.stage.settle()
    pane = grid.page.pane
    assert pane.isVisible()
    hidden = [one.key for one in grid.page.table.columns if one.key in EDITS][-1]
    grid.at(0, hidden)  # it is brought to the right edge, under the pane
    grid.press(K.Key_F2)
    assert grid.page.editing.open
    assert not pane.isVisible()
