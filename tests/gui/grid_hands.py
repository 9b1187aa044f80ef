"""The table of an open window, worked by keys alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gengdi_desktop.ledger import queries
from gengdi_desktop.ui.editing.cell_editor import CellEditor
from gengdi_desktop.ui.editing.clipboard_table import fill_clipboard
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from tests.gui.window_stage import Stage

K = Qt.Key
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Grid:
    """The table of an open window, worked by keys alone."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        stage.window.member_chosen.emit("吴小琴")
        stage.go("ledger", {"state": "working"})
        page = stage.window.page
        assert isinstance(page, LedgerPage)
        self.page = page
        page.table.setFocus()

    def at(self, row: int, key: str) -> None:
        self.page.table.choose_row(row, self.column(key))

    def select(self, first: tuple[int, str], last: tuple[int, str]) -> None:
        model, table = self.page.model, self.page.table
        self.at(*first)
        block = QItemSelection(model.index(first[0], self.column(first[1])), model.index(last[0], self.column(last[1])))
        table.right.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def column(self, key: str) -> int:
        return next(at for at, one in enumerate(self.page.table.columns) if one.key == key)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, held)

    def type(self, text: str) -> None:
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(self.focus, letter)
            else:
                self.compose("", letter)

    def compose(self, preedit: str, commit: str = "") -> None:
        event = QInputMethodEvent(preedit, [])
        if commit:
            event.setCommitString(commit)
        QApplication.sendEvent(self.focus, event)

    @property
    def focus(self) -> QWidget:
        focused = self.stage.window.focusWidget()
        assert focused is not None
        return focused

    @property
    def editor(self) -> CellEditor:
        assert self.page.editing._editor is not None
        return self.page.editing._editor

    def open(self) -> bool:
        return self.page.editing.open

    def here(self) -> tuple[int, str]:
        index = self.page.table.right.currentIndex()
        return index.row(), self.page.table.columns[index.column()].key

    def shown(self, row: int, key: str) -> str:
        return str(self.page.model.index(row, self.column(key)).data() or "")

    def stored(self, row: int, key: str) -> object:
        self.stage.settle()
        card = queries.plot_card(self.stage.context.ledger, self.page.model.id_of(row))
        return card.facts[key] if key in card.facts else card.rounds[-1][key]

    def told(self) -> str:
        self.stage.settle()
        return "\n".join(one.text() for one in self.page.messages.findChildren(QLabel) if one.isVisible())

    def panel(self) -> str:
        self.stage.settle()
        return "\n".join(one.text() for one in self.page.editing.panel.findChildren(QLabel))

    def button(self, words: str) -> QPushButton:
        found = [one for one in self.page.findChildren(QPushButton) if words in one.text() and one.isVisible()]
        assert len(found) == 1, [one.text() for one in found]
        return found[0]

    def head(self) -> int:
        self.stage.settle()
        return self.stage.context.ledger.head().seq

    def put_on_clipboard(self, rows: Sequence[Sequence[str]]) -> None:
        mime = QMimeData()
        fill_clipboard(rows, mime)
        QGuiApplication.clipboard().setMimeData(mime)
