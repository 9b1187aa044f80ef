"""The ledger's table in all that it can show: filters that open, columns, groups, search, nothing yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from gengdi_desktop.ui.models.plot_source import PlotWish
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.widgets.popover import Popover
from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]


def table_scenes(opened: Bring) -> tuple[tuple[str, Bring], ...]:
    """Names of pictures, and what brings each up; *opened* opens the sample."""

    def page(stage: Stage, desk: Path, **wish: str) -> LedgerPage:
        opened(stage, desk)
        stage.go("ledger", {"group": "", **wish})
        found = stage.window.page
        assert isinstance(found, LedgerPage)
        for left in stage.window.findChildren(Popover):
            left.close_sheet()
        found.views.lay(found.views.habits.layout)  # a scene before may have shown other columns
        return found

    def values(stage: Stage, desk: Path) -> None:
        page(stage, desk).tools.open_filter("state")

    def span(stage: Stage, desk: Path) -> None:
        page(stage, desk, issued_area="1~5").tools.open_filter("issued_area")

    def columns(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        made.tools.choose_columns(made.bar.columns_button)

    def groups(stage: Stage, desk: Path) -> None:
        made = page(stage, desk, group="village")
        stage.settle()
        made.model.turn_group(0)

    def block(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        stage.settle()
        keys = [one.key for one in made.table.columns]
        made.table.choose_row(3, keys.index("settled"))
        first, last = made.model.index(3, keys.index("settled")), made.model.index(9, keys.index("remaining"))
        chosen = made.table.right.selectionModel()
        chosen.select(QItemSelection(first, last), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def pinyin(stage: Stage, desk: Path) -> None:
        page(stage, desk, text="lq")

    def loading(stage: Stage, desk: Path) -> None:
        made = page(stage, desk)
        stage.settle()
        made.model.ask(PlotWish(text="没有这样的村"))
        stage.settle()
        made._stack.setCurrentIndex(0)
        made.bar.show_busy(busy=True)

    return (
        ("ledger-filter-values", values),
        ("ledger-filter-span", span),
        ("ledger-columns", columns),
        ("ledger-groups", groups),
        ("ledger-save-view", lambda stage, desk: page(stage, desk, state="working").bar.ask_name()),
        ("ledger-block", block),
        ("ledger-pinyin", pinyin),
        ("ledger-evidence", lambda stage, desk: _lacking(page(stage, desk), stage)),
        ("ledger-loading", loading),
    )


def _lacking(made: LedgerPage, stage: Stage) -> None:
    stage.settle()
    made.wish({"evidence": "missing", "state": "claimed,accepted,county_accepted,closed"})
