"""The whole job through the real window: new ledger, list in, plots acted on, report signed and handed in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from sqlalchemy import event
from sqlalchemy.engine import Engine

from gengdi_desktop.demo.issued_list import write_unit_list
from gengdi_desktop.demo.sample_plots import SAMPLE_UNIT
from gengdi_desktop.ledger import history
from gengdi_desktop.system.reference import divisions
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.dialogs.hand_in_dialog import HandInDialog
from gengdi_desktop.ui.dialogs.new_ledger_dialog import NewLedgerDialog
from gengdi_desktop.ui.dialogs.sign_dialog import SignDialog
from gengdi_desktop.ui.pages.intake_page import IntakePage
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.reports_page import ReportsPage
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from tests.gui.scenes import issued_list, ledger_page
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock

PLOTS = 106
Kind = TypeVar("Kind", bound=DialogSheet)


def press(stage: Stage, words: str, within: QWidget | None = None) -> None:
    """Press the button that bears these words, as a person would."""
    place = within or stage.window.dialog or stage.window
    found = [
        one
        for one in place.findChildren(QPushButton)
        if one.text().strip("\u2005 ") == words and one.isVisible() and one.isEnabled()
    ]
    assert found, f"no button {words!r} among {[one.text() for one in place.findChildren(QPushButton)]}"
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
    stage.settle()


def type_chinese(field: QLineEdit, text: str) -> None:
    """Text as an input method commits it."""
    committed = QInputMethodEvent("", [])
    committed.setCommitString(text)
    QApplication.sendEvent(field, committed)


def dialog(stage: Stage, kind: type[Kind]) -> Kind:
    """The open dialog, of the kind that is expected."""
    found = stage.window.dialog
    assert isinstance(found, kind)
    return found


def texts(widget: QWidget) -> str:
    """All words that a widget shows."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def threads_of_sql() -> Iterator[set[str]]:
    """Names of the threads in which statements ran."""
    seen: set[str] = set()

    def note(*_: object) -> None:
        seen.add(threading.current_thread().name)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def start(clock: FixedClock) -> Iterator[Stage]:
    """The window with its start page."""
    with stage(clock) as made:
        yield made


def test_the_whole_job(start: Stage, tmp_path: Path, threads_of_sql: set[str]) -> None:
    unit = divisions().by_code(SAMPLE_UNIT)
    assert unit is not None
    issued = tmp_path / "清单.xlsx"
    write_unit_list(issued, divisions(), unit)
    _new_ledger(start, tmp_path)
    _import(start, issued)
    _act_and_undo(start)
    _report(start, tmp_path)
    assert threading.main_thread().name not in threads_of_sql
    assert any(name.startswith("ledger-write") for name in threads_of_sql)


def _new_ledger(start: Stage, folder: Path) -> None:
    start.opening._preferences.used_folder(folder)
    press(start, "新建台账")
    made = dialog(start, NewLedgerDialog)
    press(start, "建台账")
    assert "还没有填您的姓名。" in texts(made)
    for name, text in (("单位", "白圩乡"), ("您的姓名", "吴小琴")):
        field = next(one for one in made.findChildren(QLineEdit) if one.accessibleName() == name)
        field.setFocus()
        type_chinese(field, text)
    press(start, "建台账")
    assert (folder / "白圩乡2023整改台账" / "ledger.gengdi").exists()
    assert start.context.facts.unit == "白圩乡"
    assert start.context.member == "吴小琴"


def _import(start: Stage, issued: Path) -> None:
    start.go("intake")
    start.prompts.answers.append(issued)
    press(start, "选清单文件")
    page = start.window.page
    assert isinstance(page, IntakePage)
    assert page._view is not None
    assert page._view.good == PLOTS
    press(start, f"导入 {PLOTS} 行")
    assert f"导入了 {PLOTS} 个图斑" in texts(page)
    press(start, "看图斑")
    assert len(ledger_page(start).model.ids) == PLOTS


def _act_and_undo(start: Stage) -> None:
    page = ledger_page(start)
    first = page.model.id_of(0)
    page.act("check")
    made = dialog(start, ActionDialog)
    start.settle()
    press(start, "记自查")
    assert "缺" in texts(made)
    for key, text in (("class_now", "0201 果园"), ("cause", "改种果树"), ("party", "农户")):
        field = made._form._form.field(key)
        assert isinstance(field, QLineEdit)
        field.setText(text)
    made._form.fill({"finding": "true", "rectify": "yes", "problem_kind": "non_grain"})
    press(start, "记自查")
    assert start.window.dialog is None
    assert page.model.id_of(page.table.current_row()) == first
    assert "已自查" in page.model.data(page.model.index(0, 6))
    assert "自查" in texts(page.pane)
    QTest.keyClick(start.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    start.settle()
    assert "已下发" in page.model.data(page.model.index(0, 6))
    QTest.keyClick(start.window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    start.settle()
    assert "已自查" in page.model.data(page.model.index(0, 6))


def _report(start: Stage, folder: Path) -> None:
    start.go("reports")
    page = start.window.page
    assert isinstance(page, ReportsPage)
    fields = page._stations._fields
    for key, text in (("recipient", "县耕地保护专班"), ("number", "白府字〔2023〕15号")):
        fields._texts[key].setText(text)
        fields._texts[key].editingFinished.emit()
    fields._show_signers([("经办人", "吴小琴")])
    fields._tell()
    start.settle()
    press(start, "生成报告并定稿")
    assert page._frozen is not None
    assert page._frozen.info.number == "白府字〔2023〕15号"
    press(start, "由吴小琴签名")
    signing = dialog(start, SignDialog)
    signing._secret.setText("晚稻播完了2023")
    signing._again.setText("晚稻播完了2022")
    press(start, "由吴小琴签名")
    assert "两遍口令不一样" in texts(signing)
    signing._again.setText("晚稻播完了2023")
    press(start, "由吴小琴签名")
    assert start.window.dialog is None
    assert page._frozen.info.unsigned == ()
    _hand_in(start, page, folder)


def _hand_in(start: Stage, page: ReportsPage, folder: Path) -> None:
    out = folder / "U盘"
    out.mkdir()
    start.prompts.answers.append(out)
    press(start, "写到 U 盘")
    assert [one.suffix for one in sorted(out.iterdir())].count(".pdf") == 2
    press(start, "登记报送")
    dialog(start, HandInDialog)
    press(start, "登记")
    assert page._frozen is not None
    assert len(page._frozen.info.hand_ins) == 1
    start.prompts.answers.append(folder / "打印.pdf")
    press(start, "打印")
    assert (folder / "打印.pdf").read_bytes().startswith(b"%PDF")
    assert "页已送到打印机" in texts(page)


def test_a_list_with_bad_rows_is_taken_in_as_far_as_it_is_good_and_taken_back(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("intake", {"file": str(issued_list(tmp_path))})
    page = window.window.page
    assert isinstance(page, IntakePage)
    assert page._view is not None
    assert (page._view.good, page._view.refused) == (2, 2)
    page._header_asked(3)
    window.settle()
    assert page._view.header == (3, 3)
    page._column_corrected("G", "remark")
    window.settle()
    assert any(one.field == "remark" and one.letters == "G" for one in page._view.columns)
    page._totals._count.setText("5")
    page._totals._changed()
    window.settle()
    assert page._view.blocked
    page._totals._count.setText("4")
    page._totals._changed()
    window.settle()
    press(window, "只导入无误的 2 行")
    assert "2 行留作“未入账”" in texts(page)
    press(window, "撤回这次导入")
    assert "这次导入撤回了" in texts(page)
    window.go("ledger", {})
    assert len(ledger_page(window).model.ids) == PLOTS


def test_a_refusal_is_told_under_the_field_and_nothing_typed_is_lost(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("ledger", {"state": "working"})
    page = ledger_page(window)
    window.settle()
    page.act("claim")
    window.settle()
    made = dialog(window, ActionDialog)
    press(window, "申报到位")
    assert "还不能申报到位：剩余" in texts(made)
    assert window.window.dialog is made
    QTest.keyClick(made, Qt.Key.Key_Escape)
    window.settle()
    assert window.window.dialog is None


def test_one_note_goes_to_many_plots_in_one_entry(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("ledger", {"state": "closed"})
    page = ledger_page(window)
    window.settle()
    page.table.choose_row(0)
    for _ in range(4):
        QTest.keyClick(page.table.right, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    page.act("note")
    made = dialog(window, ActionDialog)
    text = made._form._form.field("text")
    assert isinstance(text, QPlainTextEdit)
    text.setPlainText("村里已通知")
    press(window, "记备注")
    assert window.window.dialog is None
    last = history.history(window.context.ledger, limit=1)[0]
    assert (last.action, last.plots) == ("note", 5)


def test_somebody_must_say_who_they_are_before_they_act(window: Stage) -> None:
    assert "您是哪位" in texts(window.window)
    press(window, "李建国")
    assert window.context.member == "李建国"
    assert "李建国 · 分管领导" in window.window.strip._who.text()


def test_a_second_window_only_reads_until_the_first_is_closed(window: Stage, clock: FixedClock) -> None:
    folder = Path(window.context.facts.folder)
    with stage(clock) as second:
        # As another program would: past the door that brings the first window to front.
        window.opening._door.close()  # type: ignore[union-attr]
        second.open(folder)
        before = second.context.facts
        assert before.read_only
        assert second.window.status._mark.text() == "只能看"
        assert "这里只能查看" in texts(second.window)
        window.opening.leave()
        window.settle()
        second.opening._look_for_lock()
        second.settle()
        assert not second.context.facts.read_only
        assert "现在可以改了" in texts(second.window)


def test_what_cannot_be_opened_stays_on_the_start_page_in_words(start: Stage, tmp_path: Path) -> None:
    start.opening.open(tmp_path)
    start.settle()
    assert "找不到台账文件" in texts(start.window)
    assert start.opening._context is None


def test_another_look_is_worn_at_once(window: Stage, app: QApplication) -> None:
    window.go("members")
    window.opening._preferences.set(theme="dark", text_percent=115)
    window.window.dress_again()
    window.settle()
    assert (theme.look().code, theme.text_scale()) == ("dark", 1.15)
    assert window.window.page is not None
    assert window.window.page.accessibleName() == "成员与分工"
    assert app.palette().window().color() == theme.color("page")


def test_closing_the_window_closes_the_ledger(clock: FixedClock, desk_folder: Path) -> None:
    with stage(clock) as made:
        made.open(desk_folder)
        told: list[str] = []
        made.window.closing.connect(lambda: told.append("closing"))
        made.window.close()
        made.opening.close_ledger(lambda: told.append("closed"))
        made.settle()
        assert told == ["closing", "closed"]
        assert not (desk_folder / "ledger.gengdi-wal").exists()


def test_filters_of_the_workbench_show_exactly_those_plots(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("ledger", {"view": "returned"})
    page = ledger_page(window)
    assert isinstance(page, LedgerPage)
    assert len(page.model.ids) == 1
    assert page.pane.view is not None
    assert any(flag.words == "退回" for flag in page.pane.view.flags)
    window.go("ledger", {"view": "open"})
    open_ones = len(page.model.ids)
    window.go("ledger", {"view": "rectified"})
    rectified = len(page.model.ids)
    window.go("ledger", {"view": "awaiting"})
    awaiting = len(page.model.ids)
    cancelled = 1
    assert open_ones + rectified + awaiting + cancelled == PLOTS
