"""Beside the state of a plot: that another was closed before where it lies, as the way to both of them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.models.recurrence_pairs import AgainPair
from gengdi_desktop.ui.pages.recurrence_work import pair_of
from gengdi_desktop.ui.widgets.parts import button, mark


class PlotAgain(QWidget):
    """Asks the reading lane for each plot; without an earlier one it takes no room."""

    def __init__(self, context: UiContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._plot = ""
        self.open = button("疑似反弹，看原来的档案", "link", tone="seal", pressed=self._go)
        lay = QHBoxLayout(self)
        lay.setContentsMargins(0, 0, 0, 0)
        lay.setSpacing(4)
        lay.addWidget(mark("warn", "seal", 14))
        lay.addWidget(self.open)
        self.hide()

    def look(self, plot: str) -> None:
        """Ask for another plot, or again for the same."""
        if plot != self._plot:
            self.hide()
        self._plot = plot
        ledger = self._context.ledger

        def done(pair: AgainPair | None) -> None:
            if plot == self._plot:
                self.setVisible(pair is not None)
                self.open.setToolTip(pair.sentence if pair is not None else "")

        self._context.jobs.read(lambda _progress: pair_of(ledger, plot), done, owner=self, newest="plot-again")

    def _go(self) -> None:
        self._context.host.go("recurrence", {"plot": self._plot, "back": "plot"})
