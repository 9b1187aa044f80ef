"""A paragraph to be worded: words are free, figures stand in it as locked pieces that can neither be typed nor lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QPyTextObject,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QTextEdit, QToolTip

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px

_OBJECT: Final = QTextFormat.ObjectTypes.UserObject + 1
_NAME: Final = QTextFormat.Property.UserProperty + 1
_SHOWN: Final = QTextFormat.Property.UserProperty + 2
_KNOWN: Final = QTextFormat.Property.UserProperty + 3
_MARK: Final = "\ufffc"
_PAD: Final = 3.0
_LINE_HEIGHT: Final = 130.0
_EDGE: Final = 2


@dataclass(frozen=True)
class ShownFigure:
    """A figure as it stands in a paragraph: name, value as printed, what is said when somebody points at it."""

    name: str
    shown: str
    told: str


Parts = Callable[[str], tuple[tuple[str, bool], ...]]
"""Cuts a wording into words and names of figures."""


class _FigureMark(QPyTextObject):
    """Draws a figure in its line: its value on a tinted ground; one that does not exist is told by name."""

    def intrinsicSize(self, doc: QTextDocument, _at: int, form: QTextFormat) -> QSizeF:
        """As wide as the value, as high as the line."""
        metrics = QFontMetricsF(doc.defaultFont())
        return QSizeF(metrics.horizontalAdvance(str(form.property(_SHOWN))) + 2 * _PAD, metrics.ascent())

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, _at: int, form: QTextFormat
    ) -> None:
        """Ground, edge and value."""
        known = bool(form.property(_KNOWN))
        metrics = QFontMetricsF(doc.defaultFont())
        box = QRectF(rect).adjusted(0.5, -1.0, -0.5, metrics.descent() - 0.5)
        painter.save()
        painter.setPen(QPen(theme.color("accent" if known else "seal"), 1.0))
        painter.setBrush(theme.color("accent_soft" if known else "seal_soft"))
        painter.drawRoundedRect(box, theme.RADIUS_MARK, theme.RADIUS_MARK)
        painter.setFont(doc.defaultFont())
        painter.setPen(theme.color("ink"))
        painter.drawText(QPointF(rect.left() + _PAD, rect.top() + metrics.ascent()), str(form.property(_SHOWN)))
        painter.restore()


class FigureText(QTextEdit):
    """One paragraph.

    Signals: ``worded`` when somebody changed the words, ``locked`` with the name of a figure that somebody tried to
    take out, ``beside`` with what is told of the figure beside the cursor (empty for none).
    """

    worded = Signal()
    locked = Signal(str)
    beside = Signal(str)

    def __init__(self, name: str, parts: Parts) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setAcceptRichText(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._parts = parts
        self._figures: Mapping[str, ShownFigure] = {}
        self._required: frozenset[str] = frozenset()
        self._mark = _FigureMark()
        self._quiet = False
        self.document().setDocumentMargin(px(6))
        self.document().documentLayout().registerHandler(_OBJECT, self._mark)
        self.document().contentsChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._look_beside)

    # -- what stands here

    def set_wording(self, text: str, figures: Mapping[str, ShownFigure], required: frozenset[str]) -> None:
        """Show a wording, figures by name in 【】; the *required* ones cannot be taken out."""
        self._figures, self._required = figures, required
        self._quiet = True
        self._put(text)
        self.document().clearUndoRedoStacks()
        self._quiet = False
        self._fit()

    def wording(self) -> str:
        """The words, figures by name in 【】."""
        return self._told(0, self.document().characterCount() - 1)

    def insert_figure(self, name: str) -> None:
        """Put a figure where the cursor is."""
        self._guarded(lambda: self.textCursor().insertText(_MARK, self._form(name)))
        self.setFocus()

    def _put(self, text: str) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        block = cursor.blockFormat()
        block.setLineHeight(_LINE_HEIGHT, 1)
        cursor.setBlockFormat(block)
        self._insert(cursor, text)
        cursor.endEditBlock()

    def _insert(self, cursor: QTextCursor, text: str) -> None:
        for part, figure in self._parts(text):
            if figure:
                cursor.insertText(_MARK, self._form(part))
            else:
                cursor.insertText(part.replace(_MARK, ""), QTextCharFormat())

    def _form(self, name: str) -> QTextCharFormat:
        known = self._figures.get(name)
        form = QTextCharFormat()
        form.setObjectType(_OBJECT)
        form.setProperty(_NAME, name)
        form.setProperty(_SHOWN, known.shown if known is not None else f"【{name}】")
        form.setProperty(_KNOWN, known is not None)
        return form

    def _told(self, start: int, end: int) -> str:
        """The wording of a stretch; a line break that came in by any way is a blank."""
        cursor = QTextCursor(self.document())
        told = []
        for at in range(start, end):
            character = self.document().characterAt(at)
            if character == _MARK:
                cursor.setPosition(at + 1)
                name = cursor.charFormat().property(_NAME)
                told.append(f"【{name}】" if name else "")
            else:
                told.append(" " if character in "\u2029\u2028\n" else character)
        return "".join(told)

    def _names(self) -> frozenset[str]:
        return frozenset(part for part, figure in self._parts(self.wording()) if figure)

    # -- what a person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Words are free; a paragraph has no line breaks; Esc and the arrows go their usual ways."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_words()
            return
        if event.matches(QKeySequence.StandardKey.Cut):
            self.cut_words()
            return
        self._guarded(lambda: QTextEdit.keyPressEvent(self, event))
        if event.text() == "】":
            self._read_names()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """The same for what an input method brings."""
        self._guarded(lambda: QTextEdit.inputMethodEvent(self, event))
        if "】" in event.commitString():
            self._read_names()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted words in one line; names in 【】 become figures again."""
        text = " ".join(source.text().split())
        self._guarded(lambda: self._insert(self.textCursor(), text))

    def copy_words(self) -> None:
        """Put the selected words into the clipboard, with the names of their figures."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            QApplication.clipboard().setText(self._told(cursor.selectionStart(), cursor.selectionEnd()))

    def cut_words(self) -> None:
        """The same, and take them out as far as no figure has to stay."""
        self.copy_words()
        self._guarded(lambda: self.textCursor().removeSelectedText())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copying goes by the names of the figures."""
        menu = QMenu(self)
        chosen = self.textCursor().hasSelection()
        for words, deed, possible in (
            ("撤销", self.undo, self.document().isUndoAvailable()),
            ("剪切", self.cut_words, chosen),
            ("复制", self.copy_words, chosen),
            ("粘贴", self.paste, self.canPaste()),
        ):
            menu.addAction(words, deed).setEnabled(possible)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Names typed in 【】 become figures at the latest now."""
        super().focusOutEvent(event)
        self._read_names()
        self.beside.emit("")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say what stands beside the cursor."""
        super().focusInEvent(event)
        self._look_beside()

    def event(self, event: QEvent) -> bool:
        """Whoever points at a figure is told which one it is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            told = self._told_at(self.cursorForPosition(event.pos()))
            if told:
                QToolTip.showText(event.globalPos(), told, self)
                return True
        return super().event(event)

    def _guarded(self, deed: Callable[[], Any]) -> None:
        """Do something and put the wording back where it took out a figure that has to stay."""
        before, names, position = self.wording(), self._names(), self.textCursor().position()
        deed()
        lost = sorted((self._required & names) - self._names())
        if not lost:
            return
        self._put(before)
        cursor = self.textCursor()
        cursor.setPosition(min(position, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.locked.emit("、".join(lost))

    def _read_names(self) -> None:
        wording = self.wording()
        drawn = sum(self.document().characterAt(at) == _MARK for at in range(self.document().characterCount()))
        if drawn == sum(figure for _, figure in self._parts(wording)):
            return
        position = self.document().characterCount() - self.textCursor().position()
        self._put(wording)
        cursor = self.textCursor()
        cursor.setPosition(max(self.document().characterCount() - position, 0))
        self.setTextCursor(cursor)

    def _told_at(self, cursor: QTextCursor) -> str:
        for at in (cursor.position(), cursor.position() - 1):
            if at >= 0 and self.document().characterAt(at) == _MARK:
                look = QTextCursor(self.document())
                look.setPosition(at + 1)
                name = str(look.charFormat().property(_NAME) or "")
                known = self._figures.get(name)
                return known.told if known is not None else f"没有叫“{name}”的数"
        return ""

    def _look_beside(self) -> None:
        if self.hasFocus():
            self.beside.emit(self._told_at(self.textCursor()))

    # -- its size

    def _changed(self) -> None:
        self._fit()
        if not self._quiet:
            self.worded.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words that wrap anew need another height."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = round(self.document().size().height()) + 2 * _EDGE
        if height != self.height():
            self.setFixedHeight(max(height, px(30)))
