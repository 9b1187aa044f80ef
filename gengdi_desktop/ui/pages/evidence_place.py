"""A field for a plot: type as in the search box of the ledger, choose from what is found below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.models.photo_tray import NearPlot, find_plots
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import LineField

_REST_MS: Final = 150
_ROW: Final = 28
_PLOT_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 60


class PlotField(QWidget):
    """Signal: a plot was chosen, by Enter (the first) or by a press."""

    chosen = Signal(str, str)

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context = context
        self.line = LineField("图斑", hint="村名、编号或拼音首字母")
        self.found = QListWidget()
        self.found.setAccessibleName("找到的图斑")
        self.found.hide()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)
        self.line.textEdited.connect(lambda _text: self._rest.start())
        self.line.installEventFilter(self)
        self.found.itemClicked.connect(self._take)
        self.found.itemActivated.connect(self._take)
        lay = QVBoxLayout(self)
        lay.setContentsMargins(0, 0, 0, 0)
        lay.setSpacing(4)
        lay.addWidget(self.line)
        lay.addWidget(self.found)
        self.setFocusProxy(self.line)

    def clear(self) -> None:
        """Nothing is typed."""
        self._rest.stop()
        self.line.clear()
        self.show_found(())

    def show_found(self, plots: Sequence[NearPlot]) -> None:
        """Offer plots."""
        self.found.clear()
        for one in plots:
            item = QListWidgetItem(one.name)
            item.setData(_PLOT_ROLE, one.id)
            self.found.addItem(item)
        if plots:
            self.found.setCurrentRow(0)
            self.found.setFixedHeight(px(_ROW) * len(plots) + 6)
        self.found.setVisible(bool(plots))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk through what was found, Enter takes it; Esc lets it go."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, at, count = event.key(), self.found.currentRow(), self.found.count()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
                self.found.setCurrentRow((at + (1 if key == Qt.Key.Key_Down else -1)) % count)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if count:
                    self._take(self.found.currentItem())
                else:
                    self._rest.stop()
                    self._ask()
                return True
        return super().eventFilter(watched, event)

    def _ask(self) -> None:
        text, ledger = self.line.text().strip(), self._context.ledger
        if not text:
            self.show_found(())
            return
        self._context.jobs.read(
            lambda _progress: find_plots(ledger, text), self.show_found, owner=self, newest="plot-field"
        )

    def _take(self, item: QListWidgetItem) -> None:
        name, plot = item.text(), str(item.data(_PLOT_ROLE))
        self.show_found(())
        self.line.setText(name)
        self.chosen.emit(plot, name)
