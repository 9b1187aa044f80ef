"""Plots that come again: the earlier file and its photos beside the new plot, from the list, the plot and by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gengdi_desktop.evidence.service import attachments
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.ui.models.recurrence_pairs import AgainPair, pairs_wish, wished_pairs
from gengdi_desktop.ui.pages.plot_page import PlotPage
from gengdi_desktop.ui.pages.plot_photos_page import PlotPhotosPage
from tests.gui.hands import Hands
from tests.gui.scenes_intake import intake_page
from tests.gui.scenes_outlines import again_list, close_with_outline, recurrence_page
from tests.gui.window_stage import Stage
from tests.helpers.clock import FixedClock


@pytest.fixture
def clerk(window: Stage) -> Stage:
    """The window with somebody in the chair."""
    window.window.member_chosen.emit("吴小琴")
    return window


def told(stage: Stage) -> str:
    """All that the page in front says."""
    page = stage.window.page
    assert page is not None
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_pairs_survive_as_the_text_of_a_wish() -> None:
    pairs = [AgainPair(str(at), f"旧{at}", f"白圩村 {at}", "“甲”疑似反弹", (("村", "白圩村"),)) for at in range(2000)]
    wish = pairs_wish(pairs, 1200, "intake")
    some = wished_pairs(wish)
    assert some[int(wish["at"])] == pairs[1200]
    assert len(some) < len(pairs)
    assert wished_pairs({}) == ()


def test_the_earlier_file_stands_beside_the_live_plot(clerk: Stage, tmp_path: Path) -> None:
    old, new = close_with_outline(clerk, tmp_path)
    clerk.go("recurrence", {})
    page = recurrence_page(clerk)
    assert page.both is not None
    assert (page.both.old.plot, page.both.new.plot) == (old.id, new.id)
    words = told(clerk)
    files = len(attachments(clerk.context.ledger, old.id))
    assert files > 2
    for wanted in (
        "原来销号的",
        "这次的",
        "疑似反弹",
        "销号日期",
        "文号",
        f"照片和材料 {files} 份",
        new.name,
        old.name,
    ):
        assert wanted in words, wanted
    assert [one.name for one in page.map._plots] == [f"原来的{old.name}", f"这次的{new.name}"]


def test_a_photo_of_the_earlier_plot_opens_large_and_leads_back(clerk: Stage, tmp_path: Path) -> None:
    close_with_outline(clerk, tmp_path)
    clerk.go("recurrence", {})
    sides = recurrence_page(clerk)._sides
    assert sides is not None
    strip = sides[0].strip
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Return)
    clerk.settle()
    page = clerk.window.page
    assert isinstance(page, PlotPhotosPage)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    clerk.settle()
    assert recurrence_page(clerk).both is not None


def test_from_the_problems_of_a_list_to_the_earlier_file_and_back(clerk: Stage, tmp_path: Path) -> None:
    old, _new = close_with_outline(clerk, tmp_path)
    clerk.go("intake", {"file": str(again_list(tmp_path, clerk))})
    hands = Hands(clerk)
    hands.click("看原来的档案")
    page = recurrence_page(clerk)
    assert page.both is not None
    assert page.both.old.plot == old.id
    assert dict(page.both.new.facts)["图斑编号"] == "0801"
    assert "还在清单里，没有导入" in told(clerk)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    clerk.settle()
    view = intake_page(clerk)._view
    assert view is not None
    assert view.good == 2


def test_from_the_page_of_a_plot(clerk: Stage, tmp_path: Path) -> None:
    old, new = close_with_outline(clerk, tmp_path)
    clerk.go("plot", {"plot": old.id})
    page = clerk.window.page
    assert isinstance(page, PlotPage)
    assert not page._again.isVisible()
    clerk.go("plot", {"plot": new.id})
    hands = Hands(clerk)
    hands.click("疑似反弹，看原来的档案")
    both = recurrence_page(clerk).both
    assert both is not None
    assert both.old.plot == old.id
    hands.click(f"打开图斑 {old.name}")
    assert isinstance(clerk.window.page, PlotPage)
    assert clerk.window.page._plot == old.id
    QTest.keyClick(clerk.window.page, Qt.Key.Key_Escape)
    clerk.settle()
    assert recurrence_page(clerk).both is not None


def test_the_ledger_of_an_earlier_year_is_looked_into_and_left_as_it_is(
    clerk: Stage, tmp_path: Path, desk_folder: Path, clock: FixedClock
) -> None:
    old, new = close_with_outline(clerk, tmp_path)
    earlier = tmp_path / "去年的台账"
    with open_ledger(desk_folder, clock, write=False):
        shutil.copytree(desk_folder, earlier)
    bytes_before = (earlier / "ledger.gengdi").read_bytes()
    clerk.go("recurrence", {})
    clerk.prompts.answers.append(earlier / "ledger.gengdi")
    Hands(clerk).click("和别的台账比")
    page = recurrence_page(clerk)
    assert page.both is not None
    assert (page.both.old.plot, page.both.new.plot) == (old.id, new.id)
    assert "台账“白圩乡2023整改台账（样例）”" in told(clerk)
    sides = page._sides
    assert sides is not None
    assert not any("打开图斑" in one.text() for one in sides[0].findChildren(QPushButton))
    clerk.go("home")
    clerk.go("recurrence")
    assert page.both is not None
    assert (earlier / "ledger.gengdi").read_bytes() == bytes_before


def test_a_file_that_is_no_ledger_is_refused_in_words(clerk: Stage, tmp_path: Path) -> None:
    clerk.go("recurrence", {})
    clerk.prompts.answers.append(tmp_path / "没有" / "ledger.gengdi")
    Hands(clerk).click("和别的台账比")
    page = recurrence_page(clerk)
    assert page.messages.isVisible()
    assert page._other is None


def test_pairs_are_walked_by_keys(clerk: Stage, tmp_path: Path) -> None:
    old, new = close_with_outline(clerk, tmp_path)
    pairs = [AgainPair(new.id, old.id, new.name, "甲"), AgainPair("", old.id, "白圩村 9", "乙", (("村", "白圩村"),))]
    clerk.go("recurrence", pairs_wish(pairs, 0, "intake"))
    page = recurrence_page(clerk)
    assert "第 1 对，共 2 对" in told(clerk)
    QTest.keyClick(page, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    clerk.settle()
    assert "第 2 对，共 2 对" in told(clerk)
    assert page.both is not None
    assert page.both.new.name == "白圩村 9"
    QTest.keyClick(page, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    clerk.settle()
    assert "第 2 对，共 2 对" in told(clerk)
