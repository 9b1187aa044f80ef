"""The ledger page worked by hand: filters that open, columns, groups, views of one's own, right-click, sums."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gengdi_desktop.domain.states import State
from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery, plot_ids
from gengdi_desktop.ui.models.plot_columns import USUAL
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.widgets.column_chooser import ColumnChooser
from gengdi_desktop.ui.widgets.filter_popup import FilterPopup
from gengdi_desktop.ui.widgets.popover import Popover
from tests.gui.window_stage import Stage

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def page_of(window: Stage, **wish: str) -> LedgerPage:
    """The ledger page, with what it was asked for."""
    window.window.member_chosen.emit("吴小琴")
    window.go("ledger", wish)
    page = window.window.page
    assert isinstance(page, LedgerPage)
    return page


def column(page: LedgerPage, key: str) -> int:
    """Where a column stands."""
    return [one.key for one in page.table.columns].index(key)


def opened(window: Stage, page: LedgerPage, key: str) -> FilterPopup:
    """Open a filter by keyboard, and wait for its values."""
    page.table.choose_row(0, column(page, key))
    QTest.keyClick(page.table.right, Qt.Key.Key_Down, ALT)
    window.settle()
    found = [one for one in window.window.findChildren(FilterPopup) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_values_are_ticked_and_the_table_follows(window: Stage) -> None:
    page = page_of(window)
    popup = opened(window, page, "state")
    popup._find.setText("整改中")
    QTest.keyClick(popup._find, Qt.Key.Key_Return)
    window.settle()
    working = plot_ids(window.context.ledger, PlotQuery((Condition("state", State.WORKING.value),)))
    assert list(page.model.ids) == working
    assert page.table.asked_filters() == {"state": "=整改中"}
    again = opened(window, page, "state")
    ticked = [
        again._list.item(at).text().split("　")[0]
        for at in range(again._list.count())
        if again._list.item(at).checkState() == Qt.CheckState.Checked
    ]
    assert ticked == ["整改中"]
    assert again._list.count() > 1
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert page.table.asked_filters() == {"state": "=整改中"}
    window.window.activateWindow()
    page.table.setFocus()
    window.settle()
    QTest.keyClick(page.table.right, Qt.Key.Key_L, CONTROL | SHIFT)
    window.settle()
    assert page.table.asked_filters() == {}
    assert len(page.model.ids) > len(working)


def test_nothing_ticked_is_told_and_nothing_changes(window: Stage) -> None:
    page = page_of(window)
    popup = opened(window, page, "village")
    popup._tick(on=False)
    popup.take()
    assert popup.isVisible()
    assert any("一个也没有勾" in one.text() for one in popup.findChildren(QLabel))
    assert page.table.asked_filters() == {}


def test_a_range_is_typed_and_sums_follow(window: Stage) -> None:
    page = page_of(window)
    popup = opened(window, page, "issued_area")
    assert popup._ends is not None
    for field, text in zip(popup._ends, ("1", "2"), strict=True):
        field.setText(text)
    popup.take()
    window.settle()
    ends = (Condition("issued_area", "1", Match.AT_LEAST), Condition("issued_area", "2", Match.AT_MOST))
    assert list(page.model.ids) == plot_ids(window.context.ledger, PlotQuery(ends))
    assert f"合计 {len(page.model.ids)} 个" in page.table._totals[0].accessibleName()


def test_columns_are_chosen_and_remembered_for_this_ledger(window: Stage) -> None:
    page = page_of(window)
    chooser = page.tools.choose_columns(page.bar.columns_button)
    for at in range(chooser._list.count()):
        item = chooser._list.item(at)
        here = item.text() in {"村", "备注", "状态"}
        item.setCheckState(Qt.CheckState.Checked if here else Qt.CheckState.Unchecked)
    chooser.take()
    window.settle()
    assert [one.key for one in page.table.columns] == ["#", "village", "state", "remark"]
    window.window.build_again()
    window.settle()
    again = page_of(window)
    assert again is not page
    assert [one.key for one in again.table.columns] == ["#", "village", "state", "remark"]
    back = again.tools.choose_columns(again.bar.columns_button)
    back._reset()
    window.settle()
    assert tuple(one.key for one in again.table.columns) == USUAL
    assert not [one for one in window.window.findChildren(ColumnChooser) if one.isVisible()]


def test_a_dragged_column_stays_where_it_was_put(window: Stage) -> None:
    page = page_of(window)
    before = [one.key for one in page.table.columns]
    page.table.right.head.moveSection(4, 6)
    window.settle()
    now = [one.key for one in page.table.columns]
    assert now == [*before[:4], *before[5:7], before[4], *before[7:]]
    assert page.views.habits.layout.columns == tuple(now)
    assert page.model.columns == page.table.columns


def test_groups_fold_and_their_sums_add_up(window: Stage) -> None:
    page = page_of(window)
    every = len(page.model.ids)
    page.bar.group_chosen.emit("village")
    window.settle()
    heads = [row for row in range(page.model.rowCount()) if page.model.group_at(row) is not None]
    groups = [page.model.group_at(row) for row in heads]
    assert sum(one.plots for one in groups if one is not None) == every
    assert page.model.rowCount() == every + len(heads)
    assert all(one is not None and one.sums is not None and one.sums.plots == one.plots for one in groups)
    page.table.choose_row(0, 1)
    QTest.keyClick(page.table.right, Qt.Key.Key_Space)
    first = groups[0]
    assert first is not None
    assert page.model.rowCount() == every + len(heads) - first.plots
    assert page.table.current_row() == 0
    page.model.fold_all(folded=True)
    assert page.model.rowCount() == len(heads)
    page.bar.group_chosen.emit("")
    window.settle()
    assert len(page.model.ids) == every


def test_a_view_of_ones_own_comes_back_whole(window: Stage) -> None:
    page = page_of(window, state="working")
    page.table.sort_asked.emit("issued_area", False)
    page.bar.save_asked.emit("在整改的")
    shown = list(page.model.ids)
    page.wish({})
    window.settle()
    assert len(page.model.ids) > len(shown)
    page.bar.saved_chosen.emit("在整改的")
    window.settle()
    assert sorted(page.model.ids) == sorted(shown)
    assert "在整改的" in page.bar.more.text()
    assert page.table.asked_filters() == {"state": "=整改中"}
    page.bar.forget_asked.emit("在整改的")
    assert page.views.habits.views == ()
    assert any("图斑都在" in one.text() for one in page.messages.findChildren(QLabel))


def test_right_click_offers_what_one_expects(window: Stage) -> None:
    page = page_of(window, state="working")
    page.table.choose_row(0, column(page, "village"))
    window.settle()
    menu = page.menu()
    offered = [one.text().split("\t")[0] for one in menu.actions() if one.text()]
    village = str(page.model.index(0, column(page, "village")).data())
    for words in ("复制", "打开图斑", "看经过", "记进展", "筛选村…", "不显示“村”这一列", "选列…"):
        assert words in offered
    only = next(one for one in menu.actions() if one.text().startswith("只看村"))
    only.trigger()
    window.settle()
    assert page.table.asked_filters()["village"] == f"={village}"
    assert {str(page.model.index(row, 1).data()) for row in range(page.model.rowCount())} == {village}


def test_the_box_finds_by_initials_and_says_how_to_come_back(window: Stage) -> None:
    page = page_of(window)
    every = len(page.model.ids)
    window.window.strip.searched.emit("lqc")
    window.settle()
    assert 0 < len(page.model.ids) < every
    assert "lqc" in page.bar.clear_button.text()
    page.bar.clear_button.click()
    window.settle()
    assert len(page.model.ids) == every


def test_sums_of_a_block_are_told_as_excel_tells_them(window: Stage) -> None:
    page = page_of(window)
    at = column(page, "issued_area")
    chosen = page.table.right.selectionModel()
    block = QItemSelection(page.model.index(0, at), page.model.index(2, at))
    chosen.select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    window.settle()
    told = window.window.status.findChildren(QLabel)
    words = next(one.text() for one in told if "选中 3 格" in one.text())
    assert "计数 3" in words
    assert "合计" in words
    assert "平均" in words


def test_control_with_arrows_walks_to_the_ends(window: Stage) -> None:
    page = page_of(window)
    page.table.choose_row(3, 4)
    right, last = page.table.right, page.model.rowCount() - 1
    for key, place in (
        (Qt.Key.Key_Down, (last, 4)),
        (Qt.Key.Key_Right, (last, page.model.columnCount() - 1)),
        (Qt.Key.Key_Up, (0, page.model.columnCount() - 1)),
        (Qt.Key.Key_Left, (0, 1)),
        (Qt.Key.Key_End, (last, page.model.columnCount() - 1)),
        (Qt.Key.Key_Home, (0, 1)),
    ):
        QTest.keyClick(right, key, CONTROL)
        assert (right.currentIndex().row(), right.currentIndex().column()) == place


def test_esc_closes_what_opened_and_gives_the_focus_back(window: Stage) -> None:
    page = page_of(window)
    page.table.setFocus()
    popup = opened(window, page, "person")
    QTest.keyClick(popup._find, Qt.Key.Key_Escape)
    window.settle()
    assert not [one for one in window.window.findChildren(Popover) if one.isVisible()]
    assert window.window.focusWidget() is page.table.right
