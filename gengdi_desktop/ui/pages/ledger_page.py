"""The ledger: Excel under the fingers, with the plot's story at the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.editing.grid_editing import GridEditing
from gengdi_desktop.ui.jobs import Lane
from gengdi_desktop.ui.models.plot_source import VIEWS, LedgerPlots, PlotSource, PlotWish, Sums
from gengdi_desktop.ui.models.plot_table_model import COLUMNS, FROZEN, PlotTableModel
from gengdi_desktop.ui.pages.plot_facts import PlotView, read_plot
from gengdi_desktop.ui.pages.plot_pane import PaneDeeds, PlotPane
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button, label, line, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.table_cells import VALUE_ROLE
from gengdi_desktop.ui.widgets.table_view import TableView

_REST_MS = 120
_SUMMED = ("issued_area", "settled", "remaining")


class LedgerPage(Page):
    """Table, totals, filters, pane; everything that is asked of the ledger runs in the reading lane."""

    scrolls: ClassVar[bool] = False

    def __init__(self, context: UiContext, source: PlotSource | None = None) -> None:
        super().__init__(pad=0)
        self.setAccessibleName("图斑台账")
        self._context = context
        self._source = source or LedgerPlots(context.ledger)
        self._wish = PlotWish()
        facts = context.facts
        self._warning_days = facts.campaign.rules.warning_days
        self.model = PlotTableModel(self._source, context.jobs, facts.today, self._warning_days, self)
        self.table = TableView("图斑台账", self.model, COLUMNS, frozen=FROZEN, filters=True, totals=True)
        self.pane = PlotPane(PaneDeeds(self.act, self._step, self._close_pane), writable=context.writable)
        self.editing = GridEditing(context, self.table, self.model, self._source, self.messages)
        self._pane_open = True
        self._kept_plot = ""
        self._refusal_shown = False
        self._views: dict[str, QPushButton] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._read_pane)
        self._lay_out()
        self._connect()

    # -- what the window asks

    def shown(self) -> None:
        """Ask for the plots again, keeping the place."""
        self._kept_plot = self._kept_plot or self.model.id_of(self.table.current_row())
        self.model.ask(self._wish)
        self.table.setFocus()

    def ledger_changed(self, changes: Changes) -> None:
        """An action may change order and filters as well as lines: ask again, stay on the plot.

        What was typed into the table leaves every row in its place, as in Excel.
        """
        if self.editing.made(changes):
            self.model.look_again(changes.plots)
            self._ask_sums()
            self._rest.start()
        else:
            self.shown()

    def leave(self) -> None:
        """What is half typed in a cell is settled."""
        self.editing.leave()

    def wish(self, filters: Mapping[str, str]) -> None:
        """A view or filters from elsewhere: ``view``, ``text``, or keys of columns."""
        named = dict(filters)
        view, text = named.pop("view", "all"), named.pop("text", "")
        self._wish = PlotWish(filters=named, view=view, text=text)
        self.table.ask(named)
        self._show_views()
        self.model.ask(self._wish)

    def arrange(self, shape: Shape) -> None:
        """In a narrow window the pane lies over the table and opens by Space."""
        self._pane_open = not shape.compact
        self._place_pane()

    # -- parts

    def _lay_out(self) -> None:
        bar = row(gap=2, margins=(16, 6, 8, 6))
        bar.addWidget(label("图斑台账", "title"))
        bar.addSpacing(6)
        group = QButtonGroup(self)
        for code, word in VIEWS.items():
            made = button(word, "tool", pressed=partial(self._choose_view, code))
            made.setCheckable(True)
            group.addButton(made)
            self._views[code] = made
            bar.addWidget(made)
        bar.addStretch(1)
        self._clear_button = button("清除筛选", "link", "cross", pressed=lambda: self.wish({}))
        bar.addWidget(self._clear_button)
        bar.addWidget(label("面积单位：亩", "small"))
        main = QVBoxLayout()
        main.setSpacing(0)
        main.setContentsMargins(0, 0, 0, 0)
        main.addLayout(bar)
        main.addWidget(line())
        main.addWidget(self.editing.panel)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty_ledger())
        self._stack.addWidget(EmptyState("没有这样的图斑", "筛选条件下没有图斑，台账里的都在。", ()))
        main.addWidget(self._stack, 1)
        self._main = QWidget()
        self._main.setLayout(main)
        self._outer = QHBoxLayout()
        self._outer.setSpacing(0)
        self._outer.addWidget(self._main, 1)
        self._outer.addWidget(self.pane)
        self.body.setSpacing(0)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(self._outer, 1)
        self._show_views()

    def _empty_ledger(self) -> EmptyState:
        go = button("导入下发清单", "main", "import", pressed=lambda: self._context.host.go("intake"))
        return EmptyState(
            "台账还是空的",
            "先把县里下发的清单导进来。Excel、WPS 的表都行，合并表头、标题行不用先整理。",
            (go,),
            "导入前会先给您看，到最后一步才写入。",
        )

    def _connect(self) -> None:
        self.model.found.connect(self._found)
        self.model.refused.connect(self._refused)
        self.model.dataChanged.connect(lambda *_: self._rest.start())
        self.table.filtered.connect(self._filter)
        self.table.sort_asked.connect(self._sort)
        self.table.row_chosen.connect(lambda _row: self._rest.start())
        self.table.pane_asked.connect(self._toggle_pane)
        self.table.row_opened.connect(lambda _row: self._open_pane())
        self.table.selection_moved.connect(self._tell_sums)
        for key, call in (
            ("Ctrl+Up", lambda: self._step(-1)),
            ("Ctrl+Down", lambda: self._step(1)),
            ("Ctrl+J", lambda: self.act("progress")),
            ("Esc", self._close_pane),
        ):
            # Only while the focus is on the page: over it, Esc belongs to the dialog.
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(call)

    # -- the table

    def _choose_view(self, code: str) -> None:
        self._wish = replace(self._wish, view=code)
        self.model.ask(self._wish)
        self._show_views()

    def _filter(self, filters: dict[str, str]) -> None:
        self._wish = replace(self._wish, filters=filters)
        self.model.ask(self._wish)
        self._show_views()

    def _sort(self, key: str, ascending: bool) -> None:
        self._wish = replace(self._wish, order=key, ascending=ascending)
        self.model.ask(self._wish)

    def _show_views(self) -> None:
        for code, made in self._views.items():
            made.setChecked(code == self._wish.view)
            made.setText(VIEWS[code])
        filtered = bool(self._wish.filters or self._wish.text)
        self._clear_button.setVisible(filtered)
        self._clear_button.setText(f"清除“{self._wish.text}”" if self._wish.text else "清除筛选")

    def _found(self, plots: int) -> None:
        if self._refusal_shown:
            self._refusal_shown = False
            self.messages.clear()
        bare = self._wish == PlotWish(order=self._wish.order, ascending=self._wish.ascending)
        self._stack.setCurrentIndex(0 if plots else 1 if bare else 2)
        self._main.setEnabled(True)
        self.table.fit_columns()
        view = self._views[self._wish.view]
        view.setText(f"{VIEWS[self._wish.view]} {words.count(plots)}")
        self.table.set_totals({"village": f"合计 {words.count(plots)} 个"})
        self._ask_sums()
        kept = self.model.row_of(self._kept_plot) if self._kept_plot else -1
        self._kept_plot = ""
        if plots:
            self.table.choose_row(max(kept, 0))
        else:
            self.pane.show_nothing()
        self._place_pane()
        self._rest.start()

    def _ask_sums(self) -> None:
        ids = self.model.ids
        self._context.jobs.run(
            Lane.FILES, lambda progress: self._source.sums(ids, progress), self._show_sums, owner=self, newest="sums"
        )

    def _show_sums(self, sums: Sums) -> None:
        self.table.set_totals(
            {
                "village": f"合计 {words.count(sums.plots)} 个",
                "issued_area": words.mu(sums.issued),
                "settled": words.mu(sums.settled),
                "remaining": words.mu(sums.remaining),
            }
        )

    def _refused(self, error: GengdiError) -> None:
        self._refusal_shown = True
        self.messages.show_error(error)

    def _tell_sums(self) -> None:
        """Sums of the selected areas, as Excel tells them."""
        cells = [one for one in self.table.selected_cells() if COLUMNS[one.column()].key in _SUMMED]
        areas = [value for value in (_area_of(one) for one in cells) if value is not None]
        if len(areas) < 2:  # noqa: PLR2004  (one cell has no sum)
            self._context.host.tell_sums("")
            return
        total = Area.total(areas)
        mean = Area((2 * total.micro_mu + len(areas)) // (2 * len(areas)))
        told = f"选中 {len(areas)} 格　合计 {words.mu(total)}　平均 {words.mu(mean)}　最大 {words.mu(max(areas))}"
        self._context.host.tell_sums(told)

    # -- the pane

    def _read_pane(self) -> None:
        plot = self.model.id_of(self.table.current_row())
        if not plot or not self.pane.isVisibleTo(self):
            return
        ledger, today, warning = self._context.ledger, self._context.facts.today, self._warning_days
        self._context.jobs.read(
            lambda _progress: read_plot(ledger, plot, today, warning),
            self._show_plot,
            self._refused,
            owner=self,
            newest="pane",
        )

    def _show_plot(self, view: PlotView) -> None:
        if view.id == self.model.id_of(self.table.current_row()):
            self.pane.show_plot(view)

    def _step(self, by: int) -> None:
        self.table.choose_row(self.table.current_row() + by)

    def _toggle_pane(self) -> None:
        self._pane_open = not self._pane_open
        self._place_pane()
        self._rest.start()

    def _open_pane(self) -> None:
        self._pane_open = True
        self._place_pane()
        self._rest.start()

    def _close_pane(self) -> None:
        if self.shape.compact:
            self._pane_open = False
            self._place_pane()
            self.table.setFocus()

    def _place_pane(self) -> None:
        over = self.shape.compact
        self.pane.set_closable(closable=over)
        self.pane.setVisible(self._pane_open and bool(self.model.ids))
        if over:
            self._outer.removeWidget(self.pane)
            self.pane.setParent(self)
            self.pane.setGeometry(self.width() - self.pane.width(), 0, self.pane.width(), self.height())
            self.pane.setVisible(self._pane_open and bool(self.model.ids))
            self.pane.raise_()
        elif self._outer.indexOf(self.pane) < 0:
            self._outer.addWidget(self.pane)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pane over the table follows the page."""
        super().resizeEvent(event)
        if self.shape.compact:
            self._place_pane()

    # -- actions

    def act(self, code: str) -> None:
        """Open the form of an action for the selected plots; those that refuse are told by the dialog."""
        view = self.pane.view
        rows = self.table.selected_rows()
        plots = tuple(self.model.id_of(one) for one in rows) if len(rows) > 1 else ()
        if view is None or (not plots and view.action(code) is None):
            return
        if not plots or view.id not in plots:
            plots = (view.id,)
        dialog = ActionDialog(self._context, code, plots, view.name if len(plots) == 1 else "")
        self._context.host.open_dialog(dialog)


def _area_of(index: QModelIndex) -> Area | None:
    value = index.data(VALUE_ROLE)
    return value if isinstance(value, Area) else None
