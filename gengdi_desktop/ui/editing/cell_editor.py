"""The editor over one cell: typed into as in Excel, with a list of choices or the reason of a slip below it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QLabel, QListWidget, QPlainTextEdit, QWidget

from gengdi_desktop.domain.actions import FieldKind
from gengdi_desktop.domain.edits import EditRule
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import label

_WIDEST: Final = 420
_MOST_LINES: Final = 6
_MOST_CHOICES: Final = 8


class Then(Enum):
    """Where the cursor goes once a cell is settled."""

    STAY = (0, 0)
    DOWN = (1, 0)
    UP = (-1, 0)
    RIGHT = (0, 1)
    LEFT = (0, -1)
    FILL = (9, 9)
    """Nowhere: the text goes into every selected cell."""


_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEPT_ON: Final = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class CellEditor(QPlainTextEdit):
    """One line that grows with its text, over the cell.

    Signals: what stands here is to be settled, and where the cursor goes; everything is as it was; a letter was typed.
    """

    settled = Signal(object)
    given_up = Signal()
    typed = Signal(str)

    def __init__(self, over: QWidget, rule: EditRule, place: QRect, name: str) -> None:
        super().__init__(over)
        self.rule = rule
        self._place = place
        self._done = False
        self.setAccessibleName(name)
        self.setProperty("cell", "true")
        self.setTabChangesFocus(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        if rule.kind is FieldKind.AREA:
            option = self.document().defaultTextOption()
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.document().setDefaultTextOption(option)
        self._hint = self._make_hint(over)
        self._choices = _ChoiceList(over, rule) if rule.choices else None
        if self._choices is not None:
            self._choices.chosen.connect(self._take)
        self.textChanged.connect(self._changed)
        self._fit()
        self.show()
        self.raise_()

    # -- what the grid asks

    def begin(self, text: str) -> None:
        """Begin with a text, the cursor behind it."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)
        if self._choices is not None:
            self._choices.narrow("")
            self._choices.mark(text)
        self._fit()

    def move_to(self, place: QRect) -> None:
        """The cell has moved: follow it."""
        self._place = place
        self._fit()

    def tell(self, sentence: str) -> None:
        """Say below the cell what is wrong; empty puts the words away."""
        self._hint.setText(sentence)
        self._hint.setVisible(bool(sentence))
        if self._choices is not None:
            self._choices.setVisible(not sentence)
        self._fit()

    def put_away(self) -> None:
        """Go, with everything around; nothing is told any more."""
        self._done = True
        for part in (self, self._hint, self._choices):
            if part is not None:
                part.hide()
                part.deleteLater()

    # -- keys

    def event(self, event: QEvent) -> bool:
        """While a cell is open its keys belong to it, before any shortcut of page or window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._then(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Tab settle, Esc gives up, Alt+Enter breaks the line; arrows walk in the list of choices."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        if event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if self.rule.kind is FieldKind.TEXT:
                self.insertPlainText("\n")
            return
        if self._choices is not None and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._choices.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        then = self._then(event)
        if isinstance(then, Then):
            if self._choices is not None and self._choices.picked and event.key() != Qt.Key.Key_Tab:
                self._take(self._choices.picked, settle=False)
            self.settled.emit(then)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving settles; another window or a menu in front is no leaving."""
        super().focusOutEvent(event)
        if not self._done and event.reason() not in _KEPT_ON:
            self.settled.emit(Then.STAY)

    def _then(self, event: QKeyEvent) -> Then | bool:
        """What a key asks of the grid; True for keys that are only kept from others."""
        key, held = event.key(), event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        if key in _ENTER:
            if held & Qt.KeyboardModifier.ControlModifier:
                return Then.FILL
            if held & Qt.KeyboardModifier.AltModifier:
                return True
            return Then.UP if shift else Then.DOWN
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return Then.LEFT if shift or key == Qt.Key.Key_Backtab else Then.RIGHT
        one_line = self.blockCount() == 1 and not held
        if one_line and self._choices is None and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return Then.UP if key == Qt.Key.Key_Up else Then.DOWN
        return key == Qt.Key.Key_Escape

    # -- inside

    def _make_hint(self, over: QWidget) -> QLabel:
        made = label("", "small", "seal", wrap=True)
        made.setParent(over)
        made.setProperty("cell", "hint")
        made.hide()
        return made

    def _changed(self) -> None:
        self.tell("")
        text = self.toPlainText()
        if self._choices is not None:
            self._choices.narrow(text)
        self._fit()
        self.typed.emit(text)

    def _take(self, word: str, *, settle: bool = True) -> None:
        self.blockSignals(True)
        self.setPlainText(word)
        self.blockSignals(False)
        if settle:
            self.settled.emit(Then.STAY)

    def _fit(self) -> None:
        """As wide as the cell or its text, as high as its lines, inside the table; words below it."""
        room = self.parentWidget()
        if room is None:
            return
        metrics = self.fontMetrics()
        text = self.toPlainText()
        widest = max((metrics.horizontalAdvance(part) for part in text.split("\n")), default=0)
        width = min(max(self._place.width(), widest + px(22)), px(_WIDEST), room.width())
        lines = sum(max(1, -(-metrics.horizontalAdvance(part) // max(width - px(16), 1))) for part in text.split("\n"))
        height = max(self._place.height(), min(lines, _MOST_LINES) * metrics.lineSpacing() + 6)
        left = min(self._place.x(), max(room.width() - width, 0))
        top = min(self._place.y(), max(room.height() - height, 0))
        self.setGeometry(left, top, width, height)
        below = QPoint(left, top + height + 1)
        if self._choices is not None:
            self._choices.place(below, max(width, px(120)), room)
        if self._hint.isVisibleTo(room):
            self._hint.setFixedWidth(min(max(width, px(260)), room.width()))
            self._hint.adjustSize()
            fits = below.y() + self._hint.height() <= room.height()
            at_x = min(left, max(room.width() - self._hint.width(), 0))
            self._hint.move(at_x, below.y() if fits else top - self._hint.height() - 1)
            self._hint.raise_()


class _ChoiceList(QListWidget):
    """The choices that fit what is typed; walked by the arrows of the editor, pressed by the mouse."""

    chosen = Signal(str)

    def __init__(self, over: QWidget, rule: EditRule) -> None:
        super().__init__(over)
        self._labels = [word for _, word in rule.choices]
        self.setProperty("cell", "true")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{rule.label}的选项")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda item: self.chosen.emit(item.text()))
        self.addItems(self._labels)
        self.show()

    @property
    def picked(self) -> str:
        """The choice that the arrows stand on; empty for none."""
        at = self.currentRow()
        return self.item(at).text() if at >= 0 and self.isVisible() else ""

    def narrow(self, text: str) -> None:
        """Show the choices that hold the text; all where none does. One that is left is marked."""
        plain = "".join(text.split())
        fitting = [word for word in self._labels if plain in word]
        self.clear()
        self.addItems(fitting or self._labels)
        if plain and len(fitting) == 1:
            self.setCurrentRow(0)

    def mark(self, text: str) -> None:
        """Stand on the choice of that name."""
        found = self.findItems(text, Qt.MatchFlag.MatchExactly) if text else []
        if found:
            self.setCurrentItem(found[0])

    def step(self, by: int) -> None:
        """Walk, from the last to the first and back."""
        if self.count():
            now = self.currentRow()
            now = now if now >= 0 or by > 0 else 0
            self.setCurrentRow((now + by) % self.count())

    def place(self, below: QPoint, width: int, room: QWidget) -> None:
        """Stand under the cell, or above it where there is no room."""
        height = self.sizeHintForRow(0) * min(self.count(), _MOST_CHOICES) + 2 * self.frameWidth() + 4
        top = below.y() if below.y() + height <= room.height() else below.y() - height - px(theme.TABLE_ROW) - 2
        self.setGeometry(min(below.x(), max(room.width() - width, 0)), max(top, 0), width, height)
        self.raise_()
