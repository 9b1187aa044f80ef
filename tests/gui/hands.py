"""A person at the window: real clicks and keys, counted, and nothing but what can be seen and reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLineEdit, QPushButton, QWidget

from tests.gui.window_stage import Stage

FILE_DIALOG_CLICKS = 2
"""The system's dialog is not ours to drive: a person clicks the file and then the button."""


@dataclass
class Hands:
    """Counts as it goes.

    Attributes:
        clicks: Presses of the mouse.
        characters: Characters typed, Chinese ones as one each; keys such as Enter and Tab are no characters.
    """

    stage: Stage
    clicks: int = 0
    characters: int = 0
    done: list[str] = field(default_factory=list)

    def click(self, words: str) -> None:
        """Press the one visible button that bears these words."""
        place = self.stage.window.dialog or self.stage.window
        found = [
            one
            for one in place.findChildren(QPushButton)
            if words in (one.text().strip("\u2005 "), one.accessibleName()) and one.isVisible() and one.isEnabled()
        ]
        offered = [one.text() or one.accessibleName() for one in place.findChildren(QPushButton) if one.isVisible()]
        assert found, f"no button {words!r} among {offered} after {self.done}"
        self._press(found[0], found[0].rect().center(), words)

    def click_field(self, name: str) -> None:
        """Press into the one visible field of this name."""
        place = self.stage.window.dialog or self.stage.window
        found = [one for one in place.findChildren(QLineEdit) if one.accessibleName() == name and one.isVisible()]
        assert found, f"no field {name!r} after {self.done}"
        self._press(found[0], found[0].rect().center(), name)

    def click_row(self, table: QAbstractItemView, row: int, column: int = 0) -> None:
        """Press a cell of a table."""
        index = table.model().index(row, column)
        self._press(table.viewport(), table.visualRect(index).center(), f"row {row}")

    def _press(self, widget: QWidget, at: QPoint, words: str) -> None:
        self.clicks += 1
        self.done.append(words)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)
        self.stage.settle()

    def choose(self, box: QComboBox, words: str) -> None:
        """Open a list of choices and press one: two clicks."""
        assert box.isVisible()
        assert box.isEnabled()
        at = box.findText(words)
        assert at >= 0, [box.itemText(i) for i in range(box.count())]
        self.clicks += 2
        self.done.append(words)
        box.setCurrentIndex(at)
        box.activated.emit(at)
        self.stage.settle()

    def choose_file(self, words: str, path: Path) -> None:
        """Press a button that asks for a file, and pick one."""
        self.stage.prompts.answers.append(path)
        self.click(words)
        self.clicks += FILE_DIALOG_CLICKS

    def type(self, text: str) -> None:
        """Type where the focus is: letters by keys, Chinese through the input method."""
        focus = QApplication.focusWidget() or self.stage.window.focusWidget()
        assert focus is not None
        self.characters += len(text)
        if text.isascii():
            QTest.keyClicks(focus, text)
        else:
            committed = QInputMethodEvent("", [])
            committed.setCommitString(text)
            QApplication.sendEvent(focus, committed)
        self.stage.settle()

    def key(self, key: Qt.Key) -> None:
        """Press a key that is no character where the focus is."""
        focus = QApplication.focusWidget() or self.stage.window.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        self.stage.settle()
