"""A sheet that hangs on a control, over the page: gone with Esc, with a press beside it, or when its work is done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from gengdi_desktop.ui.theme import px

_EDGE = 4


class Popover(QFrame):
    """Stands inside the window, so that it is painted and walked through with it. Signal: it has gone."""

    gone = Signal()

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window)
        self.setProperty("sheet", "true")
        self.setAccessibleName(name)
        self.setAutoFillBackground(True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(px(12), px(10), px(12), px(10))
        self.body.setSpacing(px(8))
        self._over = window
        self._back: QWidget | None = None
        self._closed = False

    def hang(self, on: QWidget, place: QRect) -> None:
        """Open under *place*, a rectangle of *on*; above it where the window ends."""
        self._back = QApplication.focusWidget()
        self.adjustSize()
        room = self._over.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        height = min(self.height(), room.height())
        corner = on.mapTo(self._over, place.bottomLeft()) + QPoint(0, 2)
        if corner.y() + height > room.bottom():
            corner.setY(max(room.bottom() - height, room.top()))
        corner.setX(max(min(corner.x(), room.right() - self.width()), room.left()))
        self.setGeometry(QRect(corner, self.size().boundedTo(room.size())))
        self.show()
        self.raise_()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def close_sheet(self) -> None:
        """Go, and give the focus back."""
        if self._closed:
            return
        self._closed = True
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        focused = QApplication.focusWidget()
        held = focused is not None and self.isAncestorOf(focused)
        self.hide()
        if held and self._back is not None:
            self._back.setFocus()
        self.gone.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press beside it closes it, and goes on to where it was meant for."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent) and self.isVisible():
            at = self.mapFromGlobal(event.globalPosition().toPoint())
            inside = self.rect().contains(at)
            if not inside and isinstance(watched, QWidget) and watched.window() is self.window():
                self.close_sheet()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)
