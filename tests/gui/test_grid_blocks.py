"""Blocks of cells in the ledger's table: filled, cleared, copied and pasted as in Excel, with what does not fit."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from gengdi_desktop.ledger.history import history
from gengdi_desktop.ui.editing.clipboard_table import read_clipboard
from tests.gui.grid_hands import CONTROL, Grid, K
from tests.gui.window_stage import Stage


@pytest.fixture
def grid(window: Stage) -> Grid:
    """The ledger's table in front, under the hands of a clerk."""
    return Grid(window)


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
