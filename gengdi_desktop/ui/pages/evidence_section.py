"""What every section of the page of photos is: it reads when it is looked at, and tells how much waits in it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.shape import Shape


class EvidenceSection(QWidget):
    """One section. Signal: how much waits in it."""

    counted = Signal(int)

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__()
        self.context, self.page = context, page
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(10)

    def look(self) -> None:
        """Read what is shown."""

    def leave(self) -> None:
        """Another page comes to front."""
        for job in self.context.jobs.running:
            if job.owner is self:
                job.cancel()

    def arrange(self, shape: Shape) -> None:
        """Fit the room of the window."""
