"""Typing into one cell of the ledger's table with real keys: as in Excel, with an input method."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from gengdi_desktop.domain.edits import EDITS
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ledger import queries
from gengdi_desktop.ledger.history import history
from gengdi_desktop.phases.editing.service import CellEdit, apply
from gengdi_desktop.ui.models.plot_source import PlotWish
from tests.gui.grid_hands import ALT, CONTROL, SHIFT, Grid, K
from tests.gui.window_stage import Stage


@pytest.fixture
def grid(window: Stage) -> Grid:
    """The ledger's table in front, under the hands of a clerk."""
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
