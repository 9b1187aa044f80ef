"""What hangs on the ledger's table: filters that open, the choice of columns, right-click, sums of the selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, QTimer

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress
from gengdi_desktop.ui.models.filter_text import EMPTY, chosen_values, span_of, span_text, values_text
from gengdi_desktop.ui.models.plot_columns import BY_KEY, COLUMNS, NUMBER, SUMMED
from gengdi_desktop.ui.models.plot_source import PlotSource, PlotWish
from gengdi_desktop.ui.models.plot_table_model import PlotTableModel
from gengdi_desktop.ui.models.table_layout import TableLayout
from gengdi_desktop.ui.widgets.column_chooser import ColumnChooser
from gengdi_desktop.ui.widgets.filter_popup import FilterPopup
from gengdi_desktop.ui.widgets.table_cells import VALUE_ROLE, Column
from gengdi_desktop.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gengdi_desktop.ledger.queries import FieldValues, PlotSums

_REST_MS: Final = 60
_IN_SIGHT: Final = 500


@dataclass(frozen=True)
class TableDeeds:
    """What the tools ask of the page."""

    wish: Callable[[], PlotWish]
    filter: Callable[[str, str], object]
    sort: Callable[[str, bool], object]
    layout: Callable[[], TableLayout]
    lay_out: Callable[[TableLayout], object]
    refused: Callable[[GengdiError], object]


class LedgerTools(QObject):
    """Belongs to the page; reads in lanes."""

    def __init__(
        self, context: UiContext, source: PlotSource, model: PlotTableModel, table: TableView, deeds: TableDeeds
    ) -> None:
        super().__init__(table)
        self._context, self._source, self._model, self._table, self._deeds = context, source, model, table, deeds
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._tell_sums)
        table.selection_moved.connect(self._rest.start)
        table.filter_asked.connect(self.open_filter)

    # -- filters

    def open_filter(self, key: str) -> FilterPopup | None:
        """Open the filter of a column under its head; the values with their counts follow from a lane."""
        column = BY_KEY.get(key)
        if column is None or column.filter == "none":
            return None
        text = self._deeds.wish().filters.get(key, "")
        popup = FilterPopup(self._table.window(), column, span=span_of(column, text))
        popup.match_by(_matcher)
        popup.values_chosen.connect(lambda chosen: self._filter(column, chosen))
        popup.span_chosen.connect(lambda low, high: self._deeds.filter(key, span_text(low, high)))
        popup.sort_chosen.connect(lambda ascending: self._deeds.sort(key, ascending))
        popup.gone.connect(self._table.setFocus)
        place = self._table.filter_place(key)
        on, where = place if place is not None else (self._table, QRect(0, 0, 1, 1))
        popup.open_at(on, where)
        if column.filter != "number":
            wish = self._deeds.wish()
            chosen = chosen_values(column, text)

            def show(found: FieldValues) -> None:
                values = [(value, _word(column, value), many) for value, many in found.values]
                places = {code: at for at, (code, _word_) in enumerate(column.options)}
                values.sort(key=lambda one: places.get(one[0], len(places)))
                popup.show_values(values, chosen, found.more)

            self._context.jobs.run(
                Lane.FILES,
                lambda progress: self._source.values(wish, key, progress),
                show,
                self._deeds.refused,
                owner=popup,
                newest="filter-values",
            )
        return popup

    def _filter(self, column: Column, chosen: Sequence[str] | None) -> None:
        self._deeds.filter(column.key, "" if chosen is None else values_text(column, chosen))

    def filter_of_cell(self, key: str, value: object, shown: str) -> str:
        """The filter that leaves only what a cell holds; empty where the column has none."""
        column = BY_KEY[key]
        if column.filter == "none" or key == "flags":
            return ""
        if column.filter == "number":
            return f"={value.exact() if isinstance(value, Area) else value}" if value is not None else ""
        if column.filter == "date":
            return f"={value}" if value is not None else "="
        stored = str(value) if value else "" if shown == words.NOTHING else shown
        return values_text(column, [stored])

    # -- columns

    def choose_columns(self, on: QWidget) -> ColumnChooser:
        """Open the choice of columns under a button."""
        layout = self._deeds.layout()
        shown = [key for key in layout.columns if key != NUMBER]
        rest = [one.key for one in COLUMNS if one.key not in layout.columns]
        listed = [(key, BY_KEY[key].title, key in shown) for key in (*shown, *rest)]
        chooser = ColumnChooser(self._table.window(), listed, layout.frozen - 1)
        chooser.chosen.connect(lambda keys, frozen: self._deeds.lay_out(layout.chosen(keys, frozen + 1)))
        chooser.reset_asked.connect(lambda: self._deeds.lay_out(TableLayout()))
        chooser.gone.connect(self._table.setFocus)
        chooser.open_at(on)
        return chooser

    # -- sums of the selection, as Excel tells them

    def _tell_sums(self) -> None:
        blocks = self._table.selected_blocks()
        cells = sum(len(rows) * len(columns) for rows, columns in blocks)
        if cells < 2:  # noqa: PLR2004  (one cell has no sum)
            self._context.host.tell_sums("")
            return
        rows = sorted({row for block, _columns in blocks for row in block})
        keys = list(dict.fromkeys(self._table.columns[at].key for _rows, block in blocks for at in block))
        summed = [key for key in keys if key in SUMMED]
        if len(rows) <= _IN_SIGHT and all(self._model.line(row) is not None for row in rows if self._model.id_of(row)):
            self._tell_here(rows, keys, summed, cells)
            return
        ids = self._model.ids
        chosen = [ids[row] for row in rows if row < len(ids) and ids[row]]
        self._context.host.tell_sums(f"选中 {words.count(cells)} 格　计数 {words.count(len(chosen))}")
        self._context.jobs.run(
            Lane.FILES,
            partial(self._sums_of, chosen),
            partial(self._tell_all, cells, summed or ["issued_area"]),
            owner=self,
            newest="selected-sums",
        )

    def _tell_here(self, rows: Sequence[int], keys: Sequence[str], summed: Sequence[str], cells: int) -> None:
        """All lines are in sight: add them up at once."""
        at = {one.key: place for place, one in enumerate(self._table.columns)}
        plots = [row for row in rows if self._model.id_of(row)]
        asked = summed or (["issued_area"] if "issued_area" in at and len(plots) > 1 else [])
        values = [self._model.index(row, at[key]).data(VALUE_ROLE) for row in plots for key in asked]
        areas = [value for value in values if isinstance(value, Area)]
        told = [f"选中 {words.count(cells)} 格", f"计数 {words.count(len(areas) if summed else len(plots))}"]
        if areas:
            total = Area.total(areas)
            named = "合计" if summed else "下发面积合计"
            told.append(f"{named} {words.mu(total)}")
            if summed:
                mean = Area((2 * total.micro_mu + len(areas)) // (2 * len(areas)))
                told += [f"平均 {words.mu(mean)}", f"最大 {words.mu(max(areas))}"]
        self._context.host.tell_sums("　".join(told) if keys != [NUMBER] else f"选中 {words.count(len(plots))} 行")

    def _sums_of(self, ids: Sequence[str], progress: Progress) -> PlotSums:
        return self._source.sums_of(ids, progress)

    def _tell_all(self, cells: int, summed: Sequence[str], sums: PlotSums) -> None:
        total = Area.total(getattr(sums, SUMMED[key]) for key in summed)
        count = sums.plots * len(summed)
        mean = Area((2 * total.micro_mu + count) // (2 * count)) if count else Area.ZERO
        title = "合计" if len(summed) > 1 else f"{BY_KEY[summed[0]].title}合计"
        told = f"选中 {words.count(cells)} 格　计数 {words.count(count)}　{title} {words.mu(total)}"
        self._context.host.tell_sums(f"{told}　平均 {words.mu(mean)}")


def _word(column: Column, value: str) -> str:
    return dict(column.options).get(value, value) or EMPTY


def _matcher(typed: str) -> Callable[[str], bool]:
    from gengdi_desktop.system.pinyin import matcher

    return matcher(typed)
