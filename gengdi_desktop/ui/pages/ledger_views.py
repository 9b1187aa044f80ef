"""How the ledger's table stands, kept among a person's habits: its columns, their widths, the views somebody named."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.models.plot_columns import NUMBER
from gengdi_desktop.ui.models.plot_source import PlotWish
from gengdi_desktop.ui.models.plot_table_model import PlotTableModel
from gengdi_desktop.ui.models.table_layout import SavedView, TableHabits, TableLayout, read_habits
from gengdi_desktop.ui.pages.ledger_bar import LedgerBar
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button
from gengdi_desktop.ui.widgets.table_view import TableView


@dataclass(frozen=True)
class ViewDeeds:
    """What the views ask of the page: its wish, how many plots fit it, to ask for others and stay on a plot."""

    wish: Callable[[], PlotWish]
    plots: Callable[[], int]
    ask: Callable[[PlotWish, str], object]


class LedgerViews:
    """Lays the table's columns and keeps what was laid; the page connects the bar and the table to it."""

    def __init__(
        self,
        context: UiContext,
        model: PlotTableModel,
        bar: LedgerBar,
        messages: MessageSlot,
        deeds: ViewDeeds,
    ) -> None:
        self._context, self._model, self._bar, self._messages, self._deeds = context, model, bar, messages, deeds
        self.habits = read_habits(context.preferences.settings.tables.get(context.facts.ledger_id, ""))
        layout = self.habits.layout
        model.set_columns(layout.shown)
        self.table = TableView("图斑台账", model, layout.shown, frozen=layout.frozen, filters=True, totals=True)
        self.table.set_columns(layout.shown, layout.frozen, layout.widths)
        bar.show_saved([one.name for one in self.habits.views])

    def layout_now(self) -> TableLayout:
        """The columns in sight, as wide as they are."""
        return replace(self.habits.layout, widths=self.table.widths())

    def keep_widths(self) -> None:
        """A column was drawn wider or narrower."""
        self._keep(replace(self.habits, layout=self.layout_now()))

    def lay(self, layout: TableLayout, wish: PlotWish | None = None) -> None:
        """Show other columns, with *wish* other plots too; filters of columns that go are gone too."""
        plot = self._model.id_of(self.table.current_row())
        self._model.set_columns(layout.shown)
        self.table.set_columns(layout.shown, layout.frozen, layout.widths)
        self._keep(replace(self.habits, layout=layout))
        asked = wish or self._deeds.wish()
        filters = {key: text for key, text in asked.filters.items() if key in layout.columns}
        self._deeds.ask(replace(asked, filters=filters), plot)

    def move(self, key: str, to: str) -> None:
        """Put a column where another stands."""
        self.lay(self.layout_now().moved(key, to))

    def reveal(self, keys: Collection[str]) -> None:
        """Put columns in sight that are filtered by: a filter under a head that nobody sees cannot be taken off."""
        layout = self.layout_now()
        hidden = [key for key in keys if key not in layout.columns]
        if hidden:
            layout = layout.chosen((*layout.columns[1:], *hidden), layout.frozen)
            self._model.set_columns(layout.shown)
            self.table.set_columns(layout.shown, layout.frozen, layout.widths)
            self._keep(replace(self.habits, layout=layout))

    def hiding(self, key: str) -> Callable[[], object] | None:
        """What hides a column; the row number and one column always stay."""
        if key == NUMBER or len(self.habits.layout.columns) <= 2:  # noqa: PLR2004
            return None
        return lambda: self.lay(self.layout_now().without(key))

    def save(self, name: str) -> None:
        """Keep what is shown under a name."""
        self._keep(self.habits.with_view(SavedView(name, self._deeds.wish(), self.layout_now())))
        self._bar.show_wish(self._deeds.wish(), self._deeds.plots(), saved=name)

    def forget(self, name: str) -> None:
        """Forget a view; one press brings it back."""
        kept = self.habits.view(name)
        self._keep(self.habits.without_view(name))
        self._bar.show_wish(self._deeds.wish(), self._deeds.plots(), saved="")
        if kept is not None:
            back = button("撤销", "link", pressed=lambda: self._bring_back(kept))
            self._messages.show_message("info", f"视图“{name}”删掉了，图斑都在。", "", (back,))

    def show(self, name: str) -> None:
        """Show a view: its plots, its columns, its order."""
        view = self.habits.view(name)
        if view is not None:
            self.lay(view.layout, view.wish)
            self.table.show_order(view.wish.order, view.wish.ascending)
            self._bar.show_wish(self._deeds.wish(), saved=name)

    def _bring_back(self, view: SavedView) -> None:
        self._keep(self.habits.with_view(view))
        self._messages.clear()

    def _keep(self, habits: TableHabits) -> None:
        self.habits = habits
        kept = self._context.preferences.settings.tables | {self._context.facts.ledger_id: habits.as_text()}
        self._context.preferences.set(tables=kept)
        self._bar.show_saved([one.name for one in habits.views])
