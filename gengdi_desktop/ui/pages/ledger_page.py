"""The ledger: Excel under the fingers, with the plot's story at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.editing.grid_editing import GridEditing
from gengdi_desktop.ui.jobs import Lane
from gengdi_desktop.ui.models.filter_text import said
from gengdi_desktop.ui.models.plot_columns import BY_KEY, SUMMED
from gengdi_desktop.ui.models.plot_source import VIEWS, LedgerPlots, PlotSource, PlotWish
from gengdi_desktop.ui.models.plot_table_model import PlotTableModel
from gengdi_desktop.ui.pages.evidence_drops import LedgerDrops
from gengdi_desktop.ui.pages.first_steps import empty_ledger
from gengdi_desktop.ui.pages.ledger_bar import LedgerBar
from gengdi_desktop.ui.pages.ledger_evidence import LedgerEvidence
from gengdi_desktop.ui.pages.ledger_export import ExportDeeds, LedgerExports
from gengdi_desktop.ui.pages.ledger_menu import MenuDeeds, cell_menu
from gengdi_desktop.ui.pages.ledger_tools import LedgerTools, TableDeeds
from gengdi_desktop.ui.pages.ledger_views import LedgerViews, ViewDeeds
from gengdi_desktop.ui.pages.ledger_way_back import FROM, WayBack
from gengdi_desktop.ui.pages.plot_facts import PlotView, ordered, read_plot, verb
from gengdi_desktop.ui.pages.plot_pane import PaneDeeds, PlotPane
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.page import Page, scrolling
from gengdi_desktop.ui.widgets.parts import button, line
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.table_cells import VALUE_ROLE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from gengdi_desktop.ledger.queries import PlotSums

_REST_MS: Final = 120
_SLOW_MS: Final = 400
_MENU_ACTIONS: Final = 5
_MANY: Final = 100_000


class LedgerPage(Page):
    """Table, totals, filters, pane; everything that is asked of the ledger runs in lanes."""

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
        self.bar = LedgerBar()
        self.way_back = WayBack(context.host, self.bar)
        self.views = LedgerViews(
            context,
            self.model,
            self.bar,
            self.messages,
            ViewDeeds(lambda: self._wish, lambda: self._plots, self._ask_at),
        )
        self.table = self.views.table
        self.tools = LedgerTools(
            context,
            self._source,
            self.model,
            self.table,
            TableDeeds(
                wish=lambda: self._wish,
                filter=self._filter_one,
                sort=self._sort_shown,
                layout=self.views.layout_now,
                lay_out=self.views.lay,
                refused=self._refused,
            ),
        )
        self.pane = PlotPane(PaneDeeds(self.act, self._step, self._close_pane), writable=context.writable)
        self.editing = GridEditing(context, self.table, self.model, self._source, self.messages)
        in_hand = ExportDeeds(self._chosen, lambda: self.model.plots if len(self.model.plots) == self._plots else ())
        self.exports = LedgerExports(context, self.messages, in_hand, self)
        self.evidence = LedgerEvidence(context, self._source, self.model, self.table, self._refused)
        self.drops = LedgerDrops(context, self.table, self.model, self.messages)
        self._pane_open = True
        self._filters_shown = True
        self._kept_plot = ""
        self._refusal_shown = False
        self._plots = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._read_pane)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(lambda: self.bar.show_busy(busy=True))
        self._lay_out()
        self._connect()

    # -- what the window asks

    def shown(self) -> None:
        """Ask for the plots again, keeping the place; coming back from a plot's page, its plot is the place."""
        trail = self._context.trail
        self._kept_plot = trail.plot or self._kept_plot or self.model.id_of(self.table.current_row())
        trail.plot = ""
        self._slow.start()
        self.model.ask(self._wish)
        self.table.setFocus()

    def ledger_changed(self, changes: Changes) -> None:
        """An action may change order and filters as well as lines: ask again, stay on the plot.

        What was typed into the table leaves every row in its place, as in Excel.
        """
        if self.editing.made(changes):
            self.model.look_again(changes.plots)
            self._ask_sums()
            self.evidence.look()
            self._rest.start()
        else:
            self.shown()

    def files_go(self, at: QPoint) -> str:
        """Files let go on a row belong to its plot, on one of several chosen rows to one of them."""
        return self.drops.words(self.mapToGlobal(at))

    def take_files(self, paths: Sequence[Path], at: QPoint) -> None:
        """Look at them, and ask above the table what is still open."""
        self.drops.take(paths, self.mapToGlobal(at))

    def leave(self) -> None:
        """What is half typed in a cell is settled."""
        self.editing.leave()

    def wish(self, filters: Mapping[str, str]) -> None:
        """A view or filters from elsewhere: ``view``, ``text``, ``group``, or keys of columns; ``from`` which page."""
        named = dict(filters)
        view, text, group = named.pop("view", "all"), named.pop("text", ""), named.pop("group", self._wish.group)
        asked = {key: said(BY_KEY[key], value) for key, value in named.items() if key in BY_KEY}
        self.views.reveal(asked)
        self.evidence.seek(asked)
        self.way_back.came(named.get(FROM, ""), asked)
        self._ask(
            replace(self._wish, filters=asked, view=view if view in VIEWS else "all", text=text, group=group), saved=""
        )

    def arrange(self, shape: Shape) -> None:
        """In a narrow window the pane lies over the table, and over nothing else, and opens by Space."""
        self._pane_open = not shape.compact
        self.bar.set_narrow(narrow=shape.compact)
        self._place_pane()

    # -- parts

    def _lay_out(self) -> None:
        main = QVBoxLayout()
        main.setSpacing(0)
        main.setContentsMargins(0, 0, 0, 0)
        main.addWidget(self.bar)
        main.addWidget(line())
        main.addWidget(self.editing.panel)
        main.addWidget(self.drops.panel)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        # Words that break ask for a height of their own; here the edit panel must be able to push the rest down.
        self._stack.addWidget(scrolling(empty_ledger(self._context)))
        every = button("看全部图斑", pressed=lambda: self.wish({}))
        nothing = EmptyState("没有这样的图斑", "筛选条件下没有图斑，台账里的都在。", (every,), picture=False)
        self._stack.addWidget(scrolling(nothing))
        self._stack.installEventFilter(self)
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

    def _connect(self) -> None:
        self.model.found.connect(self._found)
        self.model.counted.connect(self._counted)
        self.model.refused.connect(self._refused)
        self.model.dataChanged.connect(lambda *_: self._rest.start())
        self._connect_table()
        self.bar.view_chosen.connect(lambda code: self._ask(replace(self._wish, view=code), saved=""))
        self.bar.saved_chosen.connect(self.views.show)
        self.bar.save_asked.connect(self.views.save)
        self.bar.forget_asked.connect(self.views.forget)
        self.bar.group_chosen.connect(lambda code: self._ask(replace(self._wish, group=code)))
        self.bar.folding_asked.connect(lambda folded: self.model.fold_all(folded=folded))
        self.bar.columns_asked.connect(lambda: self.tools.choose_columns(self.bar.columns_button))
        self.bar.clear_asked.connect(self._clear)
        self.bar.export_menu.aboutToShow.connect(lambda: self.exports.fill(self.bar.export_menu))
        for key, over, call in (
            ("Ctrl+Up", self.pane, lambda: self._step(-1)),
            ("Ctrl+Down", self.pane, lambda: self._step(1)),
            ("Ctrl+J", self, lambda: self.act("progress")),
            ("F5", self, self._refresh),
            ("Ctrl+Shift+L", self, self._turn_filters),
            ("Esc", self, self._escape),
        ):
            # Only while the focus is on the page: over it, Esc belongs to the dialog.
            made = QShortcut(QKeySequence(key), over, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(call)

    def _connect_table(self) -> None:
        table = self.table
        table.filtered.connect(lambda filters: self._ask(replace(self._wish, filters=filters)))
        table.sort_asked.connect(lambda key, up: self._ask(replace(self._wish, order=key, ascending=up)))
        table.row_chosen.connect(lambda _row: self._rest.start())
        table.pane_asked.connect(self._toggle_pane)
        table.row_opened.connect(self._open_plot)
        table.group_pressed.connect(self._turn_group)
        table.copy_asked.connect(self.editing.copy)
        self.editing.correction_asked.connect(lambda: self.act("correct"))
        self.editing.opened.connect(self._make_room)
        table.menu_asked.connect(lambda at: self.menu().popup(self.table.mapToGlobal(at)))
        table.column_dragged.connect(self.views.move)
        table.widths_changed.connect(self.views.keep_widths)

    # -- what is asked of the ledger

    def _ask(self, wish: PlotWish, *, saved: str | None = None) -> None:
        """Ask for other plots, and say on the bar what is asked for."""
        self._wish = wish
        self._slow.start()
        if wish.filters != self.table.asked_filters():
            self.table.ask(dict(wish.filters))
        self.bar.show_wish(wish, saved=saved)
        self.way_back.show(wish)
        self.model.ask(wish)

    def _ask_at(self, wish: PlotWish, plot: str) -> None:
        """Ask for other plots and stay on one, where it is among them."""
        self._kept_plot = plot
        self._ask(wish)

    def _filter_one(self, key: str, text: str) -> None:
        others = {name: said_ for name, said_ in self._wish.filters.items() if name != key}
        self._ask(replace(self._wish, filters={**others, key: text} if text else others))

    def _sort_shown(self, key: str, ascending: bool) -> None:
        self.table.show_order(key, ascending)
        self._ask(replace(self._wish, order=key, ascending=ascending))

    def _clear(self) -> None:
        self._ask(replace(self._wish, filters={}, text=""))

    def _turn_group(self, row: int) -> None:
        self.model.turn_group(row)
        self.table.choose_row(row, 1)

    def _turn_filters(self) -> None:
        """As in Excel: off takes all filters away, on brings the row back."""
        self._filters_shown = not self._filters_shown
        self.table.show_filters(shown=self._filters_shown)
        if not self._filters_shown and (self._wish.filters or self._wish.text):
            self._clear()

    def _refresh(self) -> None:
        self._ask_counts()
        self.shown()

    def _found(self, plots: int) -> None:
        if self._refusal_shown:
            self._refusal_shown = False
            self.messages.clear()
        self._stack.setCurrentIndex(0 if plots else 1 if self._wish.bare else 2)
        self.table.fit_columns()
        self._ask_sums()
        kept = self.model.row_of(self._kept_plot) if self._kept_plot else -1
        if plots:
            if kept >= 0 or self.table.current_row() < 0:
                self.table.choose_row(max(kept, 0))
        else:
            self.pane.show_nothing()
        self._place_pane()
        self._rest.start()
        self.evidence.look()
        self.editing.look_for_drafts()

    def _counted(self, plots: int) -> None:
        """All plots that fit are known now."""
        self._answered()
        self._plots = plots
        self.bar.show_wish(self._wish, plots)
        kept = self.model.row_of(self._kept_plot) if self._kept_plot else -1
        if kept >= 0 and kept != self.table.current_row():
            self.table.choose_row(kept)
        self._kept_plot = ""

    def _ask_sums(self) -> None:
        wish = self._wish
        self._context.jobs.run(
            Lane.FILES,
            lambda progress: self._source.sums(wish, progress),
            self._show_sums,
            owner=self,
            newest="sums",
        )
        self._ask_counts()

    def _ask_counts(self) -> None:
        self._context.jobs.run(
            Lane.FILES, self._source.view_counts, self.bar.show_counts, owner=self, newest="view-counts"
        )

    def _show_sums(self, sums: Mapping[str, PlotSums]) -> None:
        from gengdi_desktop.ledger.queries import PlotSums

        self.model.set_sums(sums)
        total = sum(sums.values(), PlotSums())
        texts = {key: words.mu(getattr(total, name)) for key, name in SUMMED.items()}
        first = next((one.key for one in self.table.columns[1:] if one.key not in SUMMED), "")
        self.table.set_totals({**texts, first: f"合计 {words.count(total.plots)} 个"})

    def _refused(self, error: GengdiError) -> None:
        self._answered()
        self._refusal_shown = True
        self.messages.show_error(error)

    def _answered(self) -> None:
        self._slow.stop()
        self.bar.show_busy(busy=False)

    # -- right-click

    def menu(self) -> QMenu:
        """What may be done with the chosen cells."""
        row, column = self.table.current_row(), self.table.columns[max(self.table.right.currentIndex().column(), 0)]
        index = self.model.index(row, max(self.table.right.currentIndex().column(), 0))
        shown = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        filter_text = self.tools.filter_of_cell(column.key, index.data(VALUE_ROLE), shown)
        plots = self._chosen()
        deeds = MenuDeeds(
            copy=self.editing.copy,
            edits=self.editing.menu(),
            open_row=lambda: self._open_plot(row),
            history=self._open_pane,
            on_map=lambda: self._open_map(row),
            filter_by=partial(self._filter_one, column.key, filter_text) if filter_text else None,
            open_filter=None if column.filter == "none" else lambda: self.tools.open_filter(column.key),
            clear_filter=partial(self._filter_one, column.key, "") if column.key in self._wish.filters else None,
            hide_column=self.views.hiding(column.key),
            choose_columns=lambda: self.tools.choose_columns(self.bar.columns_button),
            act=self.act,
        )
        return cell_menu(self, deeds, title=column.title, value=shown, actions=self._menu_actions(), plots=len(plots))

    def _chosen(self) -> list[str]:
        """The chosen plots, in the order of the table."""
        return [one for one in (self.model.id_of(at) for at in self.table.selected_rows()[:_MANY]) if one]

    def _menu_actions(self) -> list[tuple[str, str]]:
        view = self.pane.view
        if view is None or not self._context.writable:
            return []
        rules = ordered(view.actions, view.main)
        main = view.action(view.main)
        first = [main] if main is not None else []
        return [(one.code.value, verb(one)) for one in (*first, *rules[:_MENU_ACTIONS])]

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

    def _open_plot(self, row: int) -> None:
        """The plot's own page; from there one walks through what the table shows."""
        plot = self.model.id_of(row)
        if plot:
            title = VIEWS[self._wish.view] if self._wish.view != "all" else "筛选" if self._wish.filters else ""
            self._context.trail.follow(self.model.plots, title, "ledger")
            self._context.host.go("plot", {"plot": plot})

    def _open_map(self, row: int) -> None:
        """The map of what the table shows, or of the whole ledger where nothing is filtered."""
        plot = self.model.id_of(row)
        self._context.trail.follow(self.model.plots, "筛选" if self._wish.filters else "", "ledger")
        only = {} if self._wish.bare else {"only": "trail"}
        self._context.host.go("map", {"plot": plot, **only})

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

    def _escape(self) -> None:
        """First what lies over the table goes, then one is where one came from."""
        if self.shape.compact and self.pane.isVisible():
            self._close_pane()
        else:
            self.way_back.escape()

    def _close_pane(self) -> None:
        if self.shape.compact:
            self._pane_open = False
            self._place_pane()
            self.table.setFocus()

    def _make_room(self, cell: QRect) -> None:
        """A pane that lies over the cell being edited goes: who types must see what."""
        here = QRect(self.pane.mapToGlobal(QPoint()), self.pane.size())
        if self.shape.compact and self.pane.isVisible() and here.intersects(cell):
            self._pane_open = False
            self._place_pane()

    def _place_pane(self) -> None:
        over = self.shape.compact
        self.pane.set_closable(closable=over)
        self.pane.setVisible(self._pane_open and bool(self.model.plots))
        if over:
            self._outer.removeWidget(self.pane)
            self.pane.setParent(self)
            place = QRect(self._stack.mapTo(self, QPoint()), self._stack.size())
            place.setLeft(self.width() - self.pane.width())
            self.pane.setGeometry(place)
            self.pane.setVisible(self._pane_open and bool(self.model.plots))
            self.pane.raise_()
        elif self._outer.indexOf(self.pane) < 0:
            self._outer.addWidget(self.pane)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pane over the table follows it: what is asked above the table has buttons of its own."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move} and self.shape.compact:
            self._place_pane()
        return super().eventFilter(watched, event)

    # -- actions

    def act(self, code: str) -> None:
        """Open the form of an action for the selected plots; those that refuse are told by the dialog."""
        view = self.pane.view
        chosen = tuple(self._chosen())
        plots = chosen if len(self.table.selected_rows()) > 1 else ()
        if view is None or (not plots and view.action(code) is None):
            return
        if not plots or view.id not in plots:
            plots = (view.id,)
        dialog = ActionDialog(self._context, code, plots, view.name if len(plots) == 1 else "")
        self._context.host.open_dialog(dialog)
