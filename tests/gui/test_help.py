"""The manual in the window: F1 opens the page that fits, words are found, links lead on, every page of it is whole."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gengdi_desktop.system.resources import manual_folder
from gengdi_desktop.ui.dialogs.member_dialog import MemberDialog
from gengdi_desktop.ui.help_keys import KeySheet, read_keys
from gengdi_desktop.ui.help_manual import CONTENTS, KEYS, Manual, plain, read_manual, read_page, tables
from gengdi_desktop.ui.help_pane import topic_of
from gengdi_desktop.ui.help_text import heading_block, manual_document
from gengdi_desktop.ui.pages.catalog import PLACES
from gengdi_desktop.ui.theme import POINTS
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from tests.gui.window_stage import Stage

_LINK = re.compile(r"\]\(([^)]+)\)")


@pytest.fixture(scope="module")
def manual() -> Manual:
    return read_manual(manual_folder())


# -- the pages themselves


def test_the_contents_name_every_page_and_every_link_leads_to_one(manual: Manual) -> None:
    codes = {one.code for one in manual.pages}
    assert len(codes) > 8
    contents = manual.page(CONTENTS)
    assert contents is not None
    assert {target.removesuffix(".md") for target in _LINK.findall(contents.markdown)} == codes - {CONTENTS}
    for page in manual.pages:
        for target in _LINK.findall(page.markdown):
            assert target.removesuffix(".md") in codes, f"{page.code} -> {target}"


def test_every_place_of_the_window_has_its_page(manual: Manual) -> None:
    for place in ("start", *(one.code for one in PLACES)):
        assert topic_of(place) != CONTENTS, place
        assert manual.page(topic_of(place)) is not None, place


def test_a_page_is_taken_apart_into_sections() -> None:
    page = read_page(
        "甲", "# 甲页\n\n一句**话**。\n\n## 乙\n\n| 键 | 做什么 |\n| --- | --- |\n| F1 | [帮助](丙.md) |\n"
    )
    assert page.title == "甲页"
    assert [(one.heading, one.lines) for one in page.sections] == [
        ("甲页", ("一句 话 。",)),
        ("乙", ("键 做什么", "F1 帮助")),
    ]
    assert tables(page) == (("乙", (("F1", "帮助"),)),)
    assert plain("- `码` 和 [链接](x.md)") == "码 和 链接"


def test_words_are_found_and_headings_also_by_initials(manual: Manual) -> None:
    assert manual.search("  ") == ()
    assert manual.search("没有这样的话") == ()
    by_initials = manual.search("bfyhf")
    assert [(one.page, one.heading) for one in by_initials] == [("备份与恢复", "备份与恢复")]
    in_text = manual.search("首字母")
    assert "首字母" in in_text[0].snippet


# -- in the window


def test_f1_opens_the_page_that_fits_and_puts_it_away_again(window: Stage) -> None:
    window.go("intake")
    QTest.keyClick(window.window, Qt.Key.Key_F1)
    window.settle()
    assert window.window.help.isVisible()
    assert window.window.help.topic == "导入清单"
    assert "认表头" in window.window.help.text.toPlainText()
    window.go("members")
    assert window.window.stack.isVisible()
    QTest.keyClick(window.window, Qt.Key.Key_F1)
    assert window.window.help.topic == "成员与设置"
    QTest.keyClick(window.window.help.text, Qt.Key.Key_Escape)
    assert not window.window.help.isVisible()
    assert window.window.focusWidget() is window.window.page


def test_in_a_narrow_window_the_manual_takes_the_room_until_one_goes_on(window: Stage) -> None:
    window.resize(911, 512)
    QTest.keyClick(window.window, Qt.Key.Key_F1)
    window.settle()
    assert (window.window.help.isVisible(), window.window.stack.isVisible()) == (True, False)
    window.go("ledger")
    assert (window.window.help.isVisible(), window.window.stack.isVisible()) == (False, True)


def test_f1_in_a_dialog_opens_what_fits_it_beside_it(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("members")
    window.window.open_dialog(MemberDialog())
    dialog = window.window.dialog
    assert dialog is not None
    typed = window.window.focusWidget()
    QTest.keyClick(typed, Qt.Key.Key_F1)
    window.settle()
    pane = window.window.help
    assert (pane.isVisible(), pane.topic) == (True, "成员与设置")
    assert dialog.isVisible()
    assert dialog.mapTo(window.window, dialog.rect().topRight()).x() < pane.x()
    for _step in range(8):
        QTest.keyClick(window.window.focusWidget(), Qt.Key.Key_Tab)
        assert pane.isAncestorOf(window.window.focusWidget())
    QTest.keyClick(window.window.focusWidget(), Qt.Key.Key_Escape)
    assert (pane.isVisible(), window.window.dialog) == (False, dialog)
    assert window.window.focusWidget() is typed
    QTest.keyClick(typed, Qt.Key.Key_F1)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (pane.isVisible(), window.window.dialog) == (True, None)


def test_in_a_narrow_window_the_dialog_steps_aside_for_the_manual_and_comes_back(window: Stage) -> None:
    window.resize(911, 512)
    window.go("settings")
    window.window.open_dialog(MemberDialog())
    dialog = window.window.dialog
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_F1)
    window.settle()
    assert (window.window.help.isVisible(), dialog.isVisible()) == (True, False)
    assert not window.window.navigation.isEnabled()
    QTest.keyClick(window.window.help.text, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert window.window.navigation.isEnabled()
    assert dialog.isAncestorOf(window.window.focusWidget())


@pytest.mark.parametrize("sheet", DialogSheet.__subclasses__(), ids=lambda one: one.__name__)
def test_the_pages_that_dialogs_name_are_there(sheet: type[DialogSheet]) -> None:
    named = re.findall(r'help_topic = "([^"]+)"', inspect.getsource(sheet))
    assert set(named) <= {one.stem for one in manual_folder().iterdir()}


def test_what_is_found_opens_at_its_heading_by_keyboard(window: Stage) -> None:
    window.window.show_help()
    window.settle()
    pane = window.window.help
    QTest.keyClicks(pane.search_field, "zdbf")
    window.settle()
    assert pane._hits.item(0).text() == "备份与恢复 › 自动备份"
    QTest.keyClick(pane.search_field, Qt.Key.Key_Return)
    window.settle()
    assert pane.topic == "备份与恢复"
    assert pane.text.textCursor().block().text() == "自动备份"
    assert pane.search_field.text() == ""


def test_nothing_found_is_said_and_links_lead_on(window: Stage) -> None:
    window.window.show_help()
    window.settle()
    pane = window.window.help
    QTest.keyClicks(pane.search_field, "qqqq")
    window.settle()
    assert any("换个说法" in one.text() for one in pane.findChildren(QLabel) if one.isVisible())
    pane._follow(QUrl("签名与核验.md"))
    assert pane.topic == "签名与核验"


def test_the_sheet_of_keys_names_those_that_the_window_hears(window: Stage) -> None:
    QTest.keyClick(window.window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    sheet = window.window.dialog
    assert isinstance(sheet, KeySheet)
    shown = "、".join(one.text() for one in sheet.findChildren(QLabel))
    named = {key for _group, rows in read_keys() for row in rows for key in row[0].split("、")}
    for shortcut in window.window.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
        key = shortcut.key().toString()
        assert key in named or re.fullmatch(r"Ctrl\+\d", key), key
    assert "打开说明" in shown
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    window.settle()
    assert window.window.dialog is None


# -- how it looks


def test_headings_and_text_have_the_sizes_of_the_theme() -> None:
    document = manual_document("# 一\n\n字\n\n## 二\n\n| a | b |\n| --- | --- |\n| c | d |\n")
    for heading, role in (("一", "title"), ("二", "section")):
        block = heading_block(document, heading)
        assert block is not None
        run = block.begin().fragment()
        assert run.charFormat().font().pointSizeF() == POINTS[role]  # type: ignore[index]
    assert heading_block(document, "三") is None


def test_the_manual_is_read_from_where_it_was_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "manual").mkdir()
    monkeypatch.setattr("gengdi_desktop.system.resources.resources_root", lambda: tmp_path)
    assert manual_folder() == tmp_path / "manual"
    assert KEYS not in {one.stem for one in manual_folder().iterdir()}
