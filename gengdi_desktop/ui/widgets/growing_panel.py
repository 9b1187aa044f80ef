"""A panel above a page: as high as its parts need, put away by Esc while the focus is in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout


class GrowingPanel(QFrame):
    """Subclasses fill :attr:`_lay` and say what :meth:`put_away` does."""

    def __init__(self) -> None:
        super().__init__()
        self._lay = QVBoxLayout(self)
        self._lay.setContentsMargins(12, 8, 12, 10)
        self._lay.setSpacing(8)

    def put_away(self) -> None:
        """Esc was pressed inside; subclasses let go of what they hold as well."""
        self.hide()

    def event(self, event: QEvent) -> bool:
        """While the focus is here, Esc belongs to the panel and not to the page; parts that grow make it grow."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._stand()
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts it away."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words that break at another width need another height, and the table below must leave it."""
        super().resizeEvent(event)
        self._stand()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the parts need."""
        super().showEvent(event)
        self._stand()

    def _stand(self) -> None:
        self.setMinimumHeight(self._lay.totalHeightForWidth(self.width()) if self._lay.count() else 0)
