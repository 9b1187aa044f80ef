"""Words around figures: what can be typed, pasted and deleted, and that no figure is ever lost or made up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gengdi_desktop.reports.wording import parts_of
from gengdi_desktop.ui.dialogs.figure_dialog import FigureDialog
from gengdi_desktop.ui.widgets.figure_text import FigureText, ShownFigure

FIGURES = {
    "下发个数": ShownFigure("下发个数", "106", "下发个数 106 个：相加"),
    "下发面积": ShownFigure("下发面积", "161.15", "下发面积 161.15 亩：相加"),
    "超期个数": ShownFigure("超期个数", "3", "超期个数 3 个：过了时限"),
}
TEXT = "下发图斑【下发个数】个、面积【下发面积】亩。"
REQUIRED = frozenset({"下发个数", "下发面积"})


@pytest.fixture
def field(qtbot: QtBot) -> FigureText:
    made = FigureText("基本情况", parts_of)
    qtbot.addWidget(made)
    made.set_wording(TEXT, FIGURES, REQUIRED)
    made.resize(500, 60)
    made.show()
    return made


def at(field: FigureText, place: int, *, until: int | None = None) -> None:
    """Put the cursor somewhere, or select a stretch."""
    cursor = field.textCursor()
    cursor.setPosition(place)
    if until is not None:
        cursor.setPosition(until, QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)


def refused(field: FigureText) -> list[str]:
    told: list[str] = []
    field.locked.connect(told.append)
    return told


def test_words_are_free(field: FigureText) -> None:
    told = refused(field)
    at(field, 0)
    QTest.keyClicks(field, "2023")
    assert field.wording() == "2023" + TEXT
    field.selectAll()
    at(field, len("2023下发图斑"))
    for _ in range(2):
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.wording() == "2023下发【下发个数】个、面积【下发面积】亩。"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "\n" not in field.wording()
    assert told == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_X])
def test_a_figure_cannot_be_deleted(field: FigureText, key: Qt.Key) -> None:
    told = refused(field)
    at(field, 5 if key == Qt.Key.Key_Backspace else 4)
    QTest.keyClick(field, key)
    cut = Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_X else Qt.KeyboardModifier.NoModifier
    field.selectAll()
    QTest.keyClick(field, key, cut)
    assert "【下发个数】" in field.wording()
    assert "【下发面积】" in field.wording()
    assert told[-1] == "下发个数、下发面积"


def test_neither_keys_nor_an_input_method_write_over_a_figure(field: FigureText) -> None:
    told = refused(field)
    at(field, 2, until=9)
    QTest.keyClick(field, Qt.Key.Key_A)
    assert field.wording() == TEXT
    at(field, 2, until=9)
    event = QInputMethodEvent()
    event.setCommitString("共计")
    QApplication.sendEvent(field, event)
    assert field.wording() == TEXT
    assert len(told) == 2


def test_what_an_input_method_writes_beside_a_figure_stays(field: FigureText) -> None:
    at(field, 4)
    event = QInputMethodEvent()
    event.setCommitString("共")
    QApplication.sendEvent(field, event)
    assert field.wording() == "下发图斑共【下发个数】个、面积【下发面积】亩。"


def test_a_figure_may_be_moved_by_copying_it_first(field: FigureText) -> None:
    at(field, 4, until=5)
    QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "【下发个数】"
    at(field, 0)
    field.paste()
    assert field.wording() == "【下发个数】" + TEXT
    at(field, 5, until=6)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert field.wording() == "【下发个数】下发图斑个、面积【下发面积】亩。"


def test_pasted_words_come_in_one_line_and_names_become_figures(field: FigureText) -> None:
    data = QMimeData()
    data.setText("其中超期\n【超期个数】个，\ufffc")
    at(field, 0)
    field.insertFromMimeData(data)
    assert field.wording() == "其中超期 【超期个数】个，" + TEXT


def test_a_name_typed_in_brackets_becomes_a_figure(field: FigureText) -> None:
    at(field, 0)
    event = QInputMethodEvent()
    event.setCommitString("【超期个数】")
    QApplication.sendEvent(field, event)
    assert field.document().characterAt(0) == "\ufffc"
    assert field.wording() == "【超期个数】" + TEXT
    field.insert_figure("没有的数")
    assert "【没有的数】" in field.wording()


def test_undo_and_redo_walk_through_words(field: FigureText) -> None:
    at(field, 0)
    QTest.keyClicks(field, "ab")
    field.undo()
    assert field.wording() == TEXT
    field.undo()
    assert field.wording() == TEXT, "the proposal itself is no step"


def test_a_figure_tells_what_it_is(field: FigureText) -> None:
    told: list[str] = []
    field.beside.connect(told.append)
    field.activateWindow()
    field.setFocus()
    at(field, 5)
    assert "下发个数 106 个：相加" in (told or [field._told_at(field.textCursor())])[-1]


def test_a_figure_is_found_by_its_name(qtbot: QtBot) -> None:
    dialog = FigureDialog(tuple(FIGURES.values()))
    qtbot.addWidget(dialog)
    asked: list[str] = []
    dialog.wished.connect(asked.append)
    dialog._find.setText("超期")
    assert dialog._list.count() == 1
    assert dialog._told.text() == "超期个数 3 个：过了时限"
    dialog._take()
    dialog._find.setText("没有")
    assert not dialog._do.isEnabled()
    dialog._take()
    assert asked == ["超期个数"]
