"""After a step that takes a while the focus is where the next step is, not wherever Qt would hand it on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gengdi_desktop.ui.widgets.parts import button
from tests.gui.scenes import issued_list
from tests.gui.scenes_reports import NUMBER, reports_page, show_draft
from tests.gui.window_stage import Stage


def focused(window: Stage) -> str:
    """What the control that has the focus is called."""
    now = window.window.focusWidget()
    assert now is not None
    return now.accessibleName() or (now.text() if isinstance(now, QPushButton) else type(now).__name__)


def by_keyboard(window: Stage, words: str) -> None:
    """Press the one button that bears these words, with the space bar, and wait."""
    within = window.window.dialog or window.window
    (found,) = [one for one in within.findChildren(QPushButton) if words in one.text() and one.isVisibleTo(within)]
    found.setFocus()
    QTest.keyClick(found, Qt.Key.Key_Space)
    window.settle()


def test_from_the_draft_to_the_hand_in_every_step_hands_the_focus_on(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("reports")
    show_draft(window, number=NUMBER, recipient="县专班")
    by_keyboard(window, "生成报告并定稿")
    assert focused(window) == "由吴小琴签名"
    for person, following in (("吴小琴", "由李建国签名"), ("李建国", "写到 U 盘")):
        QTest.keyClick(window.window.focusWidget(), Qt.Key.Key_Space)
        window.settle()
        dialog = window.window.dialog
        assert dialog is not None
        for field in dialog.findChildren(QLineEdit):
            if field.accessibleName() in ("口令", "再输一遍"):
                field.setText("一个长一点的口令")
        by_keyboard(window, f"由{person}签名")
        assert focused(window) == following
    by_keyboard(window, "登记报送")
    by_keyboard(window, "登记")
    assert focused(window) == "另出一版"
    by_keyboard(window, "另出一版")
    assert focused(window) == "生成报告并定稿"


def test_a_field_of_the_draft_keeps_the_focus_while_the_paper_is_drawn_anew(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("reports")
    page = show_draft(window, number=NUMBER, recipient="县专班")
    page._stations.focus_field("recipient")
    page._show_chosen()
    window.settle()
    assert focused(window) == "主送"


def test_after_an_import_the_focus_is_on_looking_at_the_plots(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("intake", {"file": str(issued_list(tmp_path))})
    by_keyboard(window, "只导入无误的 2 行")
    assert focused(window) == "看图斑"


def test_an_import_leaves_the_focus_alone_where_the_person_has_gone_on_working(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("intake", {"file": str(issued_list(tmp_path))})
    (press,) = [one for one in window.window.findChildren(QPushButton) if "只导入无误的" in one.text()]
    press.click()
    window.window.strip.focus_search()
    window.settle()
    assert window.window.focusWidget() is window.window.strip.search_field


def test_a_message_that_is_put_away_leaves_the_focus_on_its_page(window: Stage) -> None:
    window.go("settings")
    page = window.window.page
    assert page is not None
    window.window.tell("info", "一句话。")
    (away,) = [one for one in page.findChildren(QPushButton) if one.accessibleName() == "收起这条消息"]
    away.setFocus()
    QTest.keyClick(away, Qt.Key.Key_Space)
    assert window.window.focusWidget() is page


def test_what_stops_the_hand_in_leads_to_its_field(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("home")
    (press,) = [one for one in window.window.findChildren(QPushButton) if "发文字号" in one.accessibleName()]
    press.click()
    window.settle()
    assert reports_page(window).isVisible()
    assert focused(window) == "文号"


def test_a_held_key_presses_a_button_once(qtbot: QtBot) -> None:
    pressed: list[bool] = []
    made = button("放回", pressed=lambda: pressed.append(True))
    qtbot.addWidget(made)
    made.show()
    for repeats in (False, True, True):
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", repeats)
        QApplication.sendEvent(made, key)
    assert pressed == [True]
