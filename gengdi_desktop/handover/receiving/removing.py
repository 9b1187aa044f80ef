"""Plots that their maker no longer sends: they go with all that hangs on them, unless somebody here touched them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import Refused, TableChanges
from gengdi_desktop.handover.receiving.tables import removals
from gengdi_desktop.handover.travelling import Named, named

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context

_HANGING: Final = frozenset({"round", "identifier", "list_line", "plot_shape"})
"""Rows of a plot that say nothing without it, whoever made them."""
_STAYING: Final = frozenset({"conflict", "tray_file", "sample_plot", "sample_result"})
"""Rows that must not lose their plot."""

Hanging = list[tuple[str, int | str, str]]


def remove_plots(context: Context) -> list[TableChanges]:
    """What takes away the plots in ``context.left``."""
    if not context.left:
        return []
    naming = store.naming_plots(context.session, context.left)
    free = [plot for plot in context.left if _is_free(context, plot, naming.get(plot, []))]
    free = _without_held(free, naming)
    going: dict[str, set[int | str]] = {}
    for plot in free:
        for table, key, _ in naming.get(plot, []):
            going.setdefault(table, set()).add(key)
    going.setdefault("plot", set()).update(free)
    for plot in sorted(set(context.left) - set(free)):
        told = "对方已经没有这个图斑，本单位办理过，留着没有删。"
        context.tally.kept.append(Refused("kept", plot, context.call(plot), told))
    for plot in free:
        context.call(plot)  # while it can still be asked
    context.tally.deleted |= set(free)
    return [
        TableChanges(table, items=list(removals(context, table, sorted(keys, key=str))))
        for table, keys in going.items()
    ]


def _is_free(context: Context, plot: str, naming: Hanging) -> bool:
    """Whether nobody here did anything to a plot: neither to its row nor by a row of our own."""
    if context.touched.row(("plot", plot), context.known("plot")) is not None:
        return False
    for table, key, _ in naming:
        if table == "plot":
            continue  # a part of it, looked at for itself
        if table in _STAYING or context.touched.row((table, key), context.known(table)) is not None:
            return False
        if table not in _HANGING and named(table) is Named.MADE and not _is_theirs(context, table, key):
            return False
    return True


def _is_theirs(context: Context, table: str, key: int | str) -> bool:
    if table not in context.makers:
        context.makers[table] = context.names_of(table).from_sender()
    return str(key) in context.makers[table]


def _without_held(free: list[str], naming: dict[str, Hanging]) -> list[str]:
    """Parents stay while one of their parts stays."""
    going = set(free)
    while True:
        held = {
            plot
            for plot in going
            if any(table == "plot" and str(key) not in going for table, key, _ in naming.get(plot, []))
        }
        if not held:
            return sorted(going)
        going -= held
