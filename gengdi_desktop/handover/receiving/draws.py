"""What comes from a team about a sample: of plots that were drawn, or that stand for drawn ones, and of no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.fields import refuse
from gengdi_desktop.handover.receiving.incoming import Incoming
from gengdi_desktop.handover.travelling import table_of
from gengdi_desktop.phases.sampling.records import SampleRole
from gengdi_desktop.phases.sampling.store import REPLACED

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context
    from gengdi_desktop.storage.journal import Value

_TABLES = frozenset({"sample_plot", "sample_result"})
_TOLD = "这个图斑不是这次抽中的，也不是照规矩替补的，没有收。"


def as_drawn(context: Context, incoming: Incoming) -> Incoming:
    """The rows without those of plots that nobody drew; these are refused by name.

    Who draws is the county: more plots that pass would better the share of a sample whatever its seed says.
    """
    if incoming.table not in _TABLES or not context.guards:
        return incoming
    places = _places(context)
    pairs = zip(incoming.column("sample_id"), incoming.column("plot_id"), strict=True)
    fit = [pair in places for pair in pairs]
    strays = {str(row[incoming.at("plot_id")]) for row, fits in zip(incoming.rows, fit, strict=True) if not fits}
    for plot in strays:
        context.names.setdefault(plot, context.call(plot))
    refuse(context, "not_drawn", sorted(strays), _TOLD)
    kept = [row for row, fits in zip(incoming.rows, fit, strict=True) if fits]
    return Incoming(incoming.table, incoming.fields, kept)


def _places(context: Context) -> dict[tuple[Value, Value], Value]:
    """Sample and plot of all places, each with its stratum: those that stand here, and replacements for them."""
    found: dict[tuple[Value, Value], Value] = {
        (sample, plot): stratum
        for sample, plot, stratum in store.rows(
            context.session, "sample_plot", ("sample_id", "plot_id", "stratum"),
            where="sample_id", keys=sorted(context.samples),
        )
    }  # fmt: skip
    carried = table_of(context.heading.kind, "sample_plot")
    said = context.contents.table(carried) if carried is not None else None
    if said is None:
        return found
    rows = list(zip(*map(said.column, ("sample_id", "plot_id", "stratum", "replaces", "status", "role")), strict=True))
    away = {row[:2] for row in rows if row[4] == REPLACED}
    waiting = {(row[0], row[3]): row for row in rows if row[5] == SampleRole.REPLACEMENT and (row[0], row[3]) in away}
    # One for each that is away; one replacement may stand for another.
    while True:
        more = {row[:2]: row[2] for place, row in waiting.items() if found.get(place) == row[2]}
        if more.keys() <= found.keys():
            return found
        found |= {pair: stratum for pair, stratum in more.items() if pair not in found}
