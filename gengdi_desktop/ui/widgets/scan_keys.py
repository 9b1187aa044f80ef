"""A scanner types like a person, only faster: its digits are held back until it is clear who typed them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from gengdi_desktop.domain.scan_codes import plot_of_scan

_PAUSE_MS: Final = 60
"""A scanner leaves some thousandths of a second between two keys, no hand less than this."""
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier


class ScanKeys(QObject):
    """Watches fields; what a hand types reaches them a moment later, what a scanner types never.

    Signal: the plot of a code that was scanned while one of the fields had the focus.
    """

    scanned = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held: list[QKeyEvent] = []
        self._field: QWidget | None = None
        self._passing = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_PAUSE_MS)
        self._rest.timeout.connect(self._let_go)

    def watch(self, fields: Iterable[QWidget]) -> None:
        """Watch these fields as well."""
        for one in fields:
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold digits back; on Enter see whether they are a code."""
        if self._passing or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget):
            return False
        if watched is not self._field:
            self._let_go()
        if event.text().isdecimal() and event.text().isascii() and not event.modifiers() & ~_KEYPAD:
            self._field = watched
            self._held.append(event.clone())
            self._rest.start()
            return True
        plot = plot_of_scan("".join(one.text() for one in self._held)) if event.key() in _ENTER else None
        if plot is not None:
            self._drop()
            self.scanned.emit(plot)
            return True
        self._let_go()
        return False

    def _let_go(self) -> None:
        """A hand typed them: they go where they were meant to."""
        held, field = self._held, self._field
        self._drop()
        if field is None or not isValid(field):
            return
        self._passing = True
        try:
            for one in held:
                # A tick by its number may have moved the focus: what follows goes where the hand would have typed it.
                QCoreApplication.sendEvent(QApplication.focusWidget() or field, one)
        finally:
            self._passing = False

    def _drop(self) -> None:
        self._rest.stop()
        self._held, self._field = [], None
