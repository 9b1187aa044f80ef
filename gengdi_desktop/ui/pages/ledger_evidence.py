"""What the table tells of evidence: judged anew where something has changed, and brought into sight by links."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject, QTimer

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane
from gengdi_desktop.ui.models.plot_columns import EVIDENCE
from gengdi_desktop.ui.models.plot_source import PlotSource
from gengdi_desktop.ui.models.plot_table_model import PlotTableModel
from gengdi_desktop.ui.widgets.table_view import TableView


class LedgerEvidence(QObject):
    """Until plots are judged anew, their lines tell what was kept last."""

    def __init__(
        self,
        context: UiContext,
        source: PlotSource,
        model: PlotTableModel,
        table: TableView,
        refused: Callable[[GengdiError], object],
    ) -> None:
        super().__init__(table)
        self._context, self._source, self._model, self._table = context, source, model, table
        self._refused = refused
        self._sought = False
        self._seek = QTimer(self)
        self._seek.setSingleShot(True)
        self._seek.setInterval(0)  # only once the table has its place on the screen
        self._seek.timeout.connect(self._bring_in_sight)

    def seek(self, filters: Collection[str]) -> None:
        """A link filters by these columns: that of the evidence stands far to the right."""
        self._sought = EVIDENCE in filters

    def look(self) -> None:
        """The table shows other plots, or something was changed."""
        if not any(one.key == EVIDENCE for one in self._model.columns):
            return
        self._context.jobs.run(
            Lane.FILES, self._source.evidence, self._show, self._refused, owner=self, newest="evidence"
        )
        if self._sought:
            self._sought = False
            self._seek.start()

    def _show(self, changed: frozenset[str]) -> None:
        if changed:
            self._model.look_again(changed)

    def _bring_in_sight(self) -> None:
        at = next((at for at, one in enumerate(self._table.columns) if one.key == EVIDENCE), -1)
        self._table.choose_row(max(self._table.current_row(), 0), at)
