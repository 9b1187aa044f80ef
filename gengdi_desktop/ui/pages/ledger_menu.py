"""What right-click offers in the ledger's table: what one expects there, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True)
class MenuDeeds:
    """What the menu can ask for.

    Attributes:
        copy: The block on the clipboard.
        edits: What may be done to the cells, with its words and its key; none where nothing can be written.
        open_row: The plot of the row.
        filter_by: Only what the current cell holds; None where the column has no filter.
        open_filter: The filter of the column opened, to choose among its values; None where it has none.
        clear_filter: The column no longer filtered; None where it is not.
        hide_column: Put the column away; None where it must stay.
        choose_columns: Which columns, in which order.
        act: An action on the chosen plots, by its code.
        history: What was done to the plot.
        on_map: Where the plots of the table lie, the row's in the middle.
    """

    copy: Callable[[], object]
    edits: Sequence[tuple[str, str, Callable[[], object]]]
    open_row: Callable[[], object]
    history: Callable[[], object]
    on_map: Callable[[], object]
    filter_by: Callable[[], object] | None
    open_filter: Callable[[], object] | None
    clear_filter: Callable[[], object] | None
    hide_column: Callable[[], object] | None
    choose_columns: Callable[[], object]
    act: Callable[[str], object]


def cell_menu(
    over: QWidget, deeds: MenuDeeds, *, title: str, value: str, actions: Sequence[tuple[str, str]], plots: int
) -> QMenu:
    """The menu of a cell.

    Args:
        over: Whose menu it is.
        deeds: What it asks for.
        title: The column's.
        value: What the cell shows.
        actions: Codes and words of what may be done with the chosen plots.
        plots: How many are chosen.
    """
    menu = QMenu(over)

    def add(words: str, call: Callable[[], object] | None, key: str = "") -> None:
        if call is not None:
            made = menu.addAction(f"{words}\t{key}" if key else words)
            made.triggered.connect(lambda _on=False: call())

    add("复制", deeds.copy, "Ctrl+C")
    for words, key, call in deeds.edits:
        add(words, call, key)
    menu.addSeparator()
    add("打开图斑", deeds.open_row, "Ctrl+Enter")
    add("看经过", deeds.history, "空格")
    add("在地图上看", deeds.on_map)
    if actions:
        menu.addSeparator()
        several = f"（{plots} 个图斑）" if plots > 1 else ""
        for code, word in actions:
            add(f"{word}{several}", partial(deeds.act, code))
    menu.addSeparator()
    shown = value if len(value) <= 12 else f"{value[:12]}…"  # noqa: PLR2004  (a menu is no place for a sentence)
    add(f"只看{title}“{shown}”", deeds.filter_by)
    add(f"筛选{title}…", deeds.open_filter, "Alt+↓")
    add("清除这一列的筛选", deeds.clear_filter)
    menu.addSeparator()
    add(f"不显示“{title}”这一列", deeds.hide_column)
    add("选列…", deeds.choose_columns)
    return menu
