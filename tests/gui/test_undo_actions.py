"""Undo and redo in the window: what is turned back is told in words, also after a restart."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.phases.editing.service import CellEdit, apply
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import add_plots

ME = Actor("吴小琴")
CONTROL = Qt.KeyboardModifier.ControlModifier


def told(desk: Stage) -> str:
    desk.settle()
    page = desk.window.page
    assert page is not None
    return "\n".join(one.text() for one in page.messages.findChildren(QLabel) if one.isVisible())


def page_of(desk: Stage) -> LedgerPage:
    desk.window.member_chosen.emit(ME.name)
    desk.go("ledger", {"state": "working"})
    page = desk.window.page
    assert isinstance(page, LedgerPage)
    return page


def press(desk: Stage, key: Qt.Key) -> None:
    focused = desk.window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, CONTROL)
    desk.settle()


def test_undo_and_redo_survive_a_restart_and_say_what_they_do(desk_folder: Path, clock: FixedClock) -> None:
    with open_ledger(desk_folder, clock) as ledger:
        add_plots(ledger, ["n1"], ME, village="新村", plot_no="7777", state="working")
        apply(ledger, [CellEdit("n1", "person", "甲")], by=ME)
        apply(ledger, [CellEdit("n1", "measure", "复耕")], by=ME)
    with stage(clock) as desk:
        desk.open(desk_folder)
        page_of(desk)
        assert "撤销：新村 7777　修改：整改措施：复耕" in desk.window.strip._undo.toolTip()
        press(desk, Qt.Key.Key_Z)
        assert "已撤销：新村 7777　修改：整改措施：复耕。" in told(desk)
        assert "重做：新村 7777　修改：整改措施：复耕" in desk.window.strip._redo.toolTip()
        press(desk, Qt.Key.Key_Z)
        assert "已撤销：新村 7777　修改：责任人：甲。" in told(desk)
    with stage(clock) as desk:
        desk.open(desk_folder)
        page_of(desk)
        press(desk, Qt.Key.Key_Y)
        assert "已重做：新村 7777　修改：责任人：甲。" in told(desk)
        press(desk, Qt.Key.Key_Y)
        assert "已重做：新村 7777　修改：整改措施：复耕。" in told(desk)


def test_a_step_over_many_plots_says_how_many(window: Stage) -> None:
    page = page_of(window)
    apply(window.context.ledger, [CellEdit(page.model.id_of(row), "person", "乙") for row in range(3)], by=ME)
    press(window, Qt.Key.Key_Z)
    assert "已撤销：修改了 3 个图斑。" in told(window)


def test_while_one_types_ctrl_z_belongs_to_the_cell(window: Stage) -> None:
    page = page_of(window)
    head = window.context.ledger.head()
    column = next(at for at, one in enumerate(page.table.columns) if one.key == "person")
    page.table.choose_row(0, column)
    QTest.keyClicks(page.table.right, "ab")
    editor = page.editing._editor
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.toPlainText() != "ab"
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    window.settle()
    assert window.context.ledger.head() == head


def test_an_import_with_later_work_offers_what_nobody_has_touched(window: Stage) -> None:
    add_plots(window.context.ledger, ["n1", "n2"], ME)
    apply(window.context.ledger, [CellEdit("n1", "person", "甲")], by=ME)
    page = page_of(window)
    seq = window.context.ledger.head().seq - 1
    window.opening._undo._turn(seq, again=False)  # type: ignore[union-attr]
    assert "不能整个撤销" in told(window)
    (part,) = [one for one in page.messages.findChildren(QPushButton) if "撤回没改过的 1 个" in one.text()]
    part.click()
    assert "留着没有动" in told(window)


def test_where_nobody_was_chosen_nothing_is_turned_back_and_the_page_says_why(window: Stage) -> None:
    page_of(window)
    before = window.window.strip._undo.toolTip()
    window.context.member = ""
    press(window, Qt.Key.Key_Z)
    assert "还不知道是谁在做。台账没有变。" in told(window)
    assert window.window.strip._undo.toolTip() == before
