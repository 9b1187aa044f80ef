"""Files let go on the table of the ledger: on a row, on several chosen rows, or beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint

from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.models.photo_taking import TakingWish
from gengdi_desktop.ui.models.plot_table_model import PlotTableModel
from gengdi_desktop.ui.pages.evidence_taking import TakingPanel
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.table_view import TableView

_MOST_ASKED: Final = 40


class LedgerDrops:
    """Knows which plots lie under a point of the screen; :attr:`panel` stands above the table."""

    def __init__(self, context: UiContext, table: TableView, model: PlotTableModel, messages: MessageSlot) -> None:
        self._context, self._table, self._model = context, table, model
        self.panel = TakingPanel(context, messages)

    def words(self, at: QPoint) -> str:
        """Where files would go."""
        if not self._context.writable:
            return ""
        plots = self._plots(at)
        if len(plots) > 1:
            return f"松开，收到选中的 {len(plots)} 个图斑之一"
        return f"松开，收到 {plots[0][1]}" if plots else "松开，按编号和位置归到各图斑"

    def take(self, paths: Sequence[Path], at: QPoint) -> None:
        """Look at them; of several plots the panel asks which."""
        plots = self._plots(at)
        self.panel.look(TakingWish(tuple(paths), plots, plots[0][0] if len(plots) == 1 else ""))

    def _plots(self, at: QPoint) -> tuple[tuple[str, str], ...]:
        """The plot of the row, or all chosen ones where the row is one of them; none beside the rows."""
        port = self._table.right.viewport()
        row = self._table.right.rowAt(port.mapFromGlobal(at).y())
        if row < 0:
            return ()
        chosen = self._table.selected_rows()[:_MOST_ASKED]
        rows = chosen if row in chosen else (row,)
        found = ((self._model.id_of(one), self._name(one)) for one in rows)
        return tuple((plot, name) for plot, name in found if plot)

    def _name(self, row: int) -> str:
        line = self._model.line(row)
        return f"{line.village} {line.plot_no}" if line is not None else f"第 {row + 1} 行"
