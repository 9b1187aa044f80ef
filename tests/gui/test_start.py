"""The first page and its ways to a ledger: a unit by pinyin, three fields, keyboard only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QWidget

from gengdi_desktop.domain.divisions import UnitKind
from gengdi_desktop.ui.dialogs.new_ledger_dialog import NewLedgerDialog, NewLedgerWish
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock
from tests.helpers.plots import TODAY


@pytest.fixture
def start(clock: FixedClock) -> Iterator[Stage]:
    with stage(clock) as made:
        yield made


@pytest.fixture
def asked(start: Stage, tmp_path: Path) -> tuple[NewLedgerDialog, list[NewLedgerWish]]:
    """The dialog over the start page, and what it is told."""
    wishes: list[NewLedgerWish] = []
    dialog = NewLedgerDialog(start.prompts, start.jobs, str(tmp_path), TODAY)
    dialog.wished.connect(wishes.append)
    start.window.open_dialog(dialog)
    start.settle()
    return dialog, wishes


def told(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def rows(dialog: NewLedgerDialog) -> list[str]:
    found = dialog.findChild(QListWidget)
    assert found is not None
    return [found.item(at).text() for at in range(found.count())] if found.isVisible() else []


def type_into_focus(start: Stage, words: str) -> None:
    """Letters as keys, Chinese as the input method commits it."""
    focus = start.window.focusWidget()
    assert focus is not None
    if words.isascii():
        QTest.keyClicks(focus, words)
    else:
        event = QInputMethodEvent()
        event.setCommitString(words)
        QCoreApplication.sendEvent(focus, event)
    start.settle()


def press_in_focus(start: Stage, *keys: Qt.Key) -> None:
    for key in keys:
        focus = start.window.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        start.settle()


def test_a_ledger_is_made_by_keyboard_alone(
    start: Stage, asked: tuple[NewLedgerDialog, list[NewLedgerWish]], tmp_path: Path
) -> None:
    dialog, wishes = asked
    type_into_focus(start, "jinxian")
    assert "白圩乡" not in rows(dialog)[0]
    dialog._unit.line.clear()
    type_into_focus(start, "jxbx")
    assert rows(dialog)[0] == "白圩乡　江西省 › 南昌市 › 进贤县"
    press_in_focus(start, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return)
    assert "江西省 › 南昌市 › 进贤县 › 白圩乡" in told(dialog)
    assert start.window.focusWidget() is dialog._member
    assert wishes == []
    dialog._member.setText("吴小琴")
    press_in_focus(start, Qt.Key.Key_Return)
    (wish,) = wishes
    assert (wish.unit.county, wish.unit.unit, wish.unit.unit_code) == ("进贤县", "白圩乡", "360124209")
    assert wish.folder == tmp_path / "白圩乡2023整改台账"


def test_a_county_is_asked_for_whom(start: Stage, asked: tuple[NewLedgerDialog, list[NewLedgerWish]]) -> None:
    dialog, wishes = asked
    assert not dialog._desk.isVisible()
    type_into_focus(start, "进贤县")
    press_in_focus(start, Qt.Key.Key_Return)
    assert dialog._desk.isVisible()
    dialog._member.setText("李建国")
    press_in_focus(start, Qt.Key.Key_Return)
    assert (wishes[0].desk, wishes[0].unit.unit_kind, wishes[0].unit.unit_code) == ("county", UnitKind.COUNTY, "360124")


def test_a_unit_that_is_not_yet_in_the_table_is_taken_as_typed(
    start: Stage, asked: tuple[NewLedgerDialog, list[NewLedgerWish]]
) -> None:
    dialog, wishes = asked
    type_into_focus(start, "没有的地方")
    assert "区划表里没有" in told(dialog)
    dialog._unit.line.clear()
    type_into_focus(start, "无名县 无名街道")
    assert "照您写的用" in rows(dialog)[0]
    press_in_focus(start, Qt.Key.Key_Return)
    dialog._member.setText("吴小琴")
    press_in_focus(start, Qt.Key.Key_Return)
    assert (wishes[0].unit.unit_code, wishes[0].unit.unit_kind) == ("", UnitKind.STREET)


def test_an_unclear_name_is_asked_back_and_a_clear_one_is_not(
    start: Stage, asked: tuple[NewLedgerDialog, list[NewLedgerWish]]
) -> None:
    dialog, wishes = asked
    dialog._member.setText("吴小琴")
    dialog._unit.line.setText("城关镇")
    dialog._make()
    start.settle()
    assert "个单位对得上“城关镇”" in told(dialog)
    assert wishes == []
    dialog._unit.line.setText("白圩乡")
    dialog._make()
    start.settle()
    assert wishes[0].unit.unit_code == "360124209"


def test_esc_closes_the_list_before_the_dialog(
    start: Stage, asked: tuple[NewLedgerDialog, list[NewLedgerWish]]
) -> None:
    dialog, _wishes = asked
    type_into_focus(start, "bai")
    press_in_focus(start, Qt.Key.Key_Escape)
    assert rows(dialog) == []
    assert start.window.dialog is dialog
    press_in_focus(start, Qt.Key.Key_Escape)
    assert start.window.dialog is None
