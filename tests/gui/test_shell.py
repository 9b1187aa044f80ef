"""The window itself: where it stood, how it closes while work runs, the walk through the sample, the start page."""

from __future__ import annotations

import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gengdi_desktop.errors import Cancelled
from gengdi_desktop.system.settings import load_settings
from gengdi_desktop.ui.courtesy import tidy
from gengdi_desktop.ui.dialogs.close_dialog import CloseSheet
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.pages.catalog import PLACES
from gengdi_desktop.ui.pages.start_page import StartPage
from gengdi_desktop.ui.tour import STEPS
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock


def told(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def press(widget: QWidget, words: str) -> None:
    found = next(one for one in widget.findChildren(QPushButton) if one.isVisible() and one.text().strip() == words)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


class LongWork:
    """Work that runs until it is let go, or until it is cancelled."""

    def __init__(self, made: Stage) -> None:
        self.may_end = threading.Event()
        self.ended = ""
        made.jobs.run(Lane.WRITE, self._work, self._done, shown=Shown("导入清单", "行"), cancelled=self._cancelled)

    def _work(self, progress: Progress) -> None:
        step = 0
        while not self.may_end.wait(0.01):
            step += 1
            progress(min(step, 99), 100)
            if progress.stopping:
                raise Cancelled

    def _done(self, _none: None) -> None:
        self.ended = "done"

    def _cancelled(self) -> None:
        self.ended = "cancelled"


@pytest.fixture
def closing(window: Stage) -> list[str]:
    """What the window told of its closing; the opener that would end the lanes is kept out."""
    heard: list[str] = []
    window.window.closing.connect(lambda: heard.append("closing"))
    return heard


# -- closing


def test_an_idle_window_closes_without_a_question(window: Stage, closing: list[str]) -> None:
    window.window.close()
    assert closing == ["closing"]
    assert window.window.dialog is None


def test_closing_waits_for_running_work_when_asked_to(window: Stage, closing: list[str], qtbot: QtBot) -> None:
    work = LongWork(window)
    window.window.close()
    sheet = window.window.dialog
    assert isinstance(sheet, CloseSheet)
    sheet.look()
    assert "正在导入清单" in told(sheet)
    press(sheet, "办完就关")
    assert closing == []
    work.may_end.set()
    qtbot.waitUntil(lambda: closing == ["closing"])  # the sheet looks by itself, now and then
    assert work.ended == "done"


def test_closing_cancels_running_work_when_asked_to(window: Stage, closing: list[str], qtbot: QtBot) -> None:
    work = LongWork(window)
    window.window.close()
    sheet = window.window.dialog
    assert isinstance(sheet, CloseSheet)
    press(sheet, "取消它，关窗口")
    qtbot.waitUntil(lambda: closing == ["closing"])
    assert work.ended == "cancelled"


def test_one_may_think_better_of_closing(window: Stage, closing: list[str]) -> None:
    work = LongWork(window)
    window.window.close()
    window.window.close()
    sheet = window.window.dialog
    assert sheet is not None
    press(sheet, "不关了")
    assert window.window.dialog is None
    work.may_end.set()
    window.settle()
    assert (work.ended, closing) == ("done", [])


# -- place


def test_a_ledger_s_window_stands_where_it_stood(window: Stage, desk_folder: Path) -> None:
    window.resize(700, 500)
    kept = window.window.place_on_screen()
    window.opening.leave()
    window.settle()
    ledger_id = next(iter(load_settings().windows))
    assert load_settings().windows == {ledger_id: kept}
    assert load_settings().window == kept
    window.resize(900, 600)
    window.open(desk_folder)
    assert abs(window.window.height() - 500) < 8  # a platform without frames guesses at their size


def test_what_is_no_place_is_let_be(window: Stage) -> None:
    size = window.window.size()
    for text in ("", "kein Ort", "AAAA"):
        window.window.take_place(text)
    assert window.window.size() == size


# -- the walk through the sample


def test_the_sample_is_walked_step_by_step_and_left_at_any(window: Stage) -> None:
    tour = window.window.tour
    tour.begin()
    for at, (page, what, _more) in enumerate(STEPS):
        window.settle()
        assert f"第 {at + 1} 步，共 {len(STEPS)} 步：{what}" in told(window.window)
        assert window.window.page is not None
        assert window.window._here == page
        press(window.window, "走完了" if at + 1 == len(STEPS) else "下一步")
    window.settle()
    assert (tour.running, window.window._here) == (False, "home")
    tour.begin()
    window.settle()
    press(window.window, "不看了")
    assert not tour.running
    assert "第 1 步" not in told(window.window)


def test_the_walk_goes_on_in_another_look(window: Stage) -> None:
    window.window.tour.begin()
    window.window.dress_again()
    window.settle()
    assert "第 1 步" in told(window.window)
    window.opening.leave()
    window.settle()
    assert not window.window.tour.running


def test_the_first_sample_is_walked_at_once_and_the_next_is_not(
    clock: FixedClock, desk_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gengdi_desktop.ui.sample.make_sample", lambda *_: desk_folder)
    with stage(clock) as made:
        for walked in (True, False):
            made.prompts.answers.append(desk_folder.parent)
            made.opening._ask_sample()
            made.settle()
            assert made.window.tour.running is walked
            made.opening.leave()
            made.settle()
        assert load_settings().toured == 1


# -- the start page


def test_the_start_page_tells_the_running_work_and_takes_no_other_way(clock: FixedClock) -> None:
    with stage(clock) as made:
        page = made.window.page
        assert isinstance(page, StartPage)
        page.show_job("恢复台账，大约还要 5 秒")
        assert "正在恢复台账，大约还要 5 秒" in told(page)
        assert not page._ways.isEnabled()
        page.show_job("")
        assert page._ways.isEnabled()
        press(page, "使用说明")
        made.settle()
        assert made.window.help.topic == "开始使用"


def test_a_closed_ledger_leaves_nothing_of_its_window_behind(desk_folder: Path, clock: FixedClock) -> None:
    with stage(clock) as made:
        made.open(desk_folder)
        for place in PLACES:
            made.go(place.code)
        kept = weakref.WeakSet[QObject]([made.window, made.jobs, made.opening, *made.window.findChildren(QWidget)])
    del made
    tidy()
    assert not {type(one).__name__ for one in kept}


def test_who_says_at_the_top_who_he_is_is_not_asked_any_longer(window: Stage) -> None:
    page = window.window.page
    assert page is not None
    assert "您是哪位" in page.messages.told
    window.window.strip.member_chosen.emit("吴小琴")
    window.settle()
    assert page.messages.told == ""
    page.messages.show_message("info", "别的消息")
    window.window.strip.member_chosen.emit("李建国")
    window.settle()
    assert page.messages.told == "别的消息"
