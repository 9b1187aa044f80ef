"""Over the page: the veil with one sheet on it for signing and deciding, and the card of a long job in the corner."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import ElidedLabel, column, label, line, row
from gengdi_desktop.ui.widgets.sheet import Sheet

_WIDTH = 600
_MARGIN = 16


class DialogSheet(Sheet):
    """A dialog: title, content in :attr:`content`, buttons below; Esc closes, Enter presses the main button.

    Content that does not fit scrolls between title and buttons.
    """

    closed = Signal()

    def __init__(self, title: str, note: str = "", *, width: int = _WIDTH) -> None:
        super().__init__(pad=0)
        self.setAccessibleName(title)
        self._wide = px(width)
        self.first: QWidget | None = None
        self.help_topic = ""
        """The page of the manual that fits; empty where that of the page behind does."""
        self._main: QPushButton | None = None
        self.messages = MessageSlot()
        self.content = column(gap=12)
        self.held = QWidget()
        self.held.setLayout(column(self.content, gap=0, margins=(24, 0, 24, 16)))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.held)
        self.held.setAutoFillBackground(False)
        head = row(label(title, "title"), gap=12, margins=(24, 18, 24, 12))
        head.addStretch(1)
        head.addWidget(ElidedLabel(note, "label"))
        self._foot = row(gap=8, margins=(24, 12, 24, 14))
        above = column(self.messages, gap=0, margins=(24, 0, 24, 8))
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addLayout(above)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(line("rule"))
        self.body.addLayout(self._foot)

    def set_buttons(self, left: Sequence[QWidget], right: Sequence[QPushButton]) -> None:
        """The buttons; the last at the right is the main one, which Enter presses."""
        for one in left:
            self._foot.addWidget(one)
        self._foot.addStretch(1)
        for button in right:
            self._foot.addWidget(button)
        self._main = right[-1] if right else None

    def close_sheet(self) -> None:
        """Go away; nothing was decided, or all of it is done."""
        self.closed.emit()

    def wanted(self, room: QSize) -> QSize:
        """The size that the content asks for, as far as the window has room."""
        width = min(self._wide, room.width() - 2 * _MARGIN)
        self.held.ensurePolished()
        layout = self.held.layout()
        inner = self.held.sizeHint().height()
        if layout is not None and layout.hasHeightForWidth():
            inner = layout.heightForWidth(width - 2)
        rest = self.sizeHint().height() - self._area.sizeHint().height()
        return QSize(width, min(inner + rest + 2, room.height() - 2 * _MARGIN))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, Enter presses the main button."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._main is not None:
            if self._main.isEnabled():
                self._main.click()
        else:
            super().keyPressEvent(event)


class Veil(QWidget):
    """Covers the window while a dialog is open; the dialog stands in its middle and keeps the focus."""

    closed = Signal()

    def __init__(self, window: QWidget, sheet: DialogSheet) -> None:
        super().__init__(window)
        self.sheet = sheet
        sheet.setParent(self)
        sheet.closed.connect(self._close)
        sheet.installEventFilter(self)
        sheet.held.installEventFilter(self)
        window.installEventFilter(self)
        self._before = window.focusWidget()
        self._beside = 0
        self._fit()
        self.show()
        self.raise_()
        if sheet.first is not None:
            sheet.first.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self._walk(forward=True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The page behind grows dim."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("shade"))
        painter.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window and of the dialog."""
        inside = watched is self.sheet or watched is self.sheet.held
        wanted = QEvent.Type.LayoutRequest if inside else QEvent.Type.Resize
        if event.type() == wanted:
            self._fit()
        return super().eventFilter(watched, event)

    def leave_free(self, beside: int) -> None:
        """Leave so much of the window uncovered at the right, for the manual; all of it: step aside meanwhile."""
        window = self.parentWidget()
        self._beside = beside
        self._fit()
        self.setVisible(window is None or beside < window.width())

    def take_focus(self) -> None:
        """Back to where one typed last in the dialog."""
        typed: QWidget | None = self.sheet.focusWidget()
        inside = typed if typed is not None else self.sheet.first
        if inside is not None:
            inside.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside the dialog."""
        return self._walk(forward=forward)

    def _walk(self, *, forward: bool) -> bool:
        return walk(self.sheet, forward=forward)

    def _fit(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        room = window.rect()
        self.setGeometry(room.adjusted(0, 0, -self._beside if self._beside < room.width() else 0, 0))
        size = self.sheet.wanted(self.size())
        self.sheet.setGeometry(
            (self.width() - size.width()) // 2, max(_MARGIN, (self.height() - size.height()) // 2 - 10),
            size.width(), size.height(),
        )  # fmt: skip

    def _close(self) -> None:
        window = self.parentWidget()
        if window is not None:
            window.removeEventFilter(self)
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self.closed.emit()
        self.deleteLater()


def walk(within: QWidget, *, forward: bool) -> bool:
    """Tab goes round inside a part of the window; False where nothing in it takes the focus."""
    inside = [
        one
        for one in within.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
    ]
    if not inside:
        return False
    now = within.window().focusWidget()
    at = inside.index(now) if now in inside else -1
    inside[(at + (1 if forward else -1)) % len(inside)].setFocus(Qt.FocusReason.TabFocusReason)
    return True


class Corner(QObject):
    """Keeps the card of a long job above the status strip, at the right."""

    def __init__(self, window: QWidget, card: QWidget, above: int) -> None:
        super().__init__(card)
        self._card, self._above = card, above
        card.setParent(window)
        window.installEventFilter(self)
        self._fit()
        card.show()
        card.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        window = self._card.parentWidget()
        if window is None:
            return
        self._card.adjustSize()
        self._card.move(
            window.width() - self._card.width() - _MARGIN,
            window.height() - self._card.height() - self._above - _MARGIN,
        )


def stacked(*parts: QWidget) -> QWidget:
    """Parts under one another without margins."""
    made = QWidget()
    lay = QVBoxLayout(made)
    lay.setContentsMargins(0, 0, 0, 0)
    for one in parts:
        lay.addWidget(one)
    return made
