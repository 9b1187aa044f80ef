"""The plots of a package: which of them may come in, which is which of ours, and where each stands afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Final

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import Asked, ChangedField, TableChanges
from gengdi_desktop.handover.receiving.fields import merged_row, note, refuse
from gengdi_desktop.handover.receiving.identifying import BSM, CLUES, Called, match
from gengdi_desktop.handover.receiving.incoming import Incoming
from gengdi_desktop.handover.receiving.merging import Fate, Judged, RowTouch, judge, standing_before
from gengdi_desktop.handover.receiving.standings import Columns, Rounds, standing_items, taken_items
from gengdi_desktop.handover.receiving.translating import translate
from gengdi_desktop.handover.travelling import (
    ISSUED_FACTS,
    NEW_ONLY,
    PLOT_STANDING,
    Carried,
    Plots,
    plots_of,
    table_of,
)
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.storage.journal import Item, Value
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from gengdi_desktop.domain.county_units import CountyUnits
    from gengdi_desktop.handover.receiving.context import Context

_HANDED: Final = frozenset({PackageKind.TASK, PackageKind.FEEDBACK})
"""Kinds about the plots of the receiver's unit."""
_JUDGED_APART: Final = frozenset({*PLOT_STANDING, *NEW_ONLY["plot"]})
_PART_OF: Final = frozenset({"split_parent"})
_ALL_ROUND: Final = layout("round").names


def unit_of(context: Context) -> tuple[str, str]:
    """Name and code of the township whose plots the package is about; empty where it is about none."""
    party = context.heading.recipient if context.heading.kind in _HANDED else context.heading.sender
    return (party.unit, party.unit_code) if party.desk is Desk.TOWNSHIP else ("", "")


def admit(context: Context, incoming: Incoming) -> None:
    """Decide which plots may come in, and note them with our ids in ``context.plots``."""
    places = {name: incoming.at(name) for name in ("village", "plot_no")}
    rows = {str(row[0]): row for row in incoming.rows}
    names = context.names_of("plot")
    about = plots_of(context.heading.kind)
    unit = unit_of(context)
    known = context.units
    meant = known.key_of(*unit)
    scope = store.plots_of_unit(context.session, known, meant) if unit[0] else set()
    for key, row in rows.items():
        context.names[key] = plot_name(str(row[places["village"]] or ""), str(row[places["plot_no"]] or ""))
    if about is not Plots.OF_SAMPLE and not unit[0]:
        context.passed_over |= rows.keys()
        return
    ids = {key: str(names.local(key) or key) for key in rows}
    here = {str(row[0]): row for row in store.rows(
        context.session, "plot", ("id", "entry", "township", "village", "plot_no"), where="id", keys=ids.values()
    )}  # fmt: skip
    unknown = [key for key, local in ids.items() if local not in here]
    others = scope - set(ids.values())
    if unknown and others:
        _match(context, incoming, unknown, others, ids)
        here |= {str(row[0]): row for row in store.rows(
            context.session, "plot", ("id", "entry", "township", "village", "plot_no"), where="id", keys=ids.values()
        )}  # fmt: skip
    fitting = _of_unit(incoming, known, meant) if about is not Plots.OF_SAMPLE else set(rows)
    away = _deleted_here(context, [key for key in rows if ids[key] not in here])
    whose = unit[0]
    refuse(context, "other_unit", sorted(rows.keys() - fitting), f"这个图斑不是{whose}的，没有收。")
    strange = [key for key in fitting if unit[0] and ids[key] in here and ids[key] not in scope]
    refuse(context, "other_unit", sorted(strange), f"这个图斑在本台账里不是{whose}的，没有收。")
    refuse(context, "unclear_plot", _second(ids), "包里另有一个图斑对上了本台账的同一个图斑，分不清，没有收。")
    for key in rows:
        if key in context.turned_away or key in away or (ids[key] not in here and context.late("plot")):
            context.passed_over.add(key)
            continue
        context.plots[key] = ids[key]
        context.names[ids[key]] = context.names[key]
        if ids[key] not in here:
            context.fresh.add(ids[key])
        if ids[key] != key and names.local(key) is None:
            names.give(key, ids[key])
    by_sender = store.entries_from(context.session, context.sender)
    context.theirs = {key for key, row in here.items() if row[1] in by_sender}
    context.pairs += names.made
    if about is not Plots.OF_SAMPLE and not context.late("plot"):
        context.left = sorted(_brought(context, others) - set(context.plots.values()))


def _second(ids: Mapping[str, str]) -> list[str]:
    """Plots of the sender's that would be the same one here as another of its plots, which has the better claim."""
    first: dict[str, str] = {}
    for key in sorted(ids, key=lambda one: (ids[one] != one, one)):
        first.setdefault(ids[key], key)
    return sorted(key for key, local in ids.items() if first[local] != key)


def _brought(context: Context, plots: Iterable[str]) -> set[str]:
    """Those of our plots that the sender's packages brought."""
    by_sender = store.entries_from(context.session, context.sender)
    rows = store.rows(context.session, "plot", ("id", "entry"), where="id", keys=plots)
    return {str(key) for key, entry in rows if entry in by_sender}


def _of_unit(incoming: Incoming, known: CountyUnits, key: str) -> set[str]:
    """The package's plots that say to be of a unit."""
    said = zip(incoming.column("id"), incoming.column("township"), incoming.column("township_code"), strict=True)
    return {str(plot) for plot, name, code in said if known.key_of(str(name or ""), str(code or "")) == key}


def _deleted_here(context: Context, absent: Sequence[str]) -> set[str]:
    """Plots that were here and were taken out by somebody here: they stay away."""
    if not absent:
        return set()
    last = store.last_touch(context.session, absent)
    return {key for key, seq in last.items() if context.removed_by_hand(seq)}


def _match(
    context: Context, incoming: Incoming, unknown: Sequence[str], others: Iterable[str], ids: dict[str, str]
) -> None:
    """Find which of our plots the sender calls by an id of its own."""
    carried = table_of(context.heading.kind, "identifier")
    said = context.contents.table(carried) if carried is not None else None
    called: dict[str, dict[str, set[str]]] = {}
    if said is not None:
        for plot, kind, value in zip(said.column("plot_id"), said.column("kind"), said.column("value"), strict=True):
            if kind == BSM or kind in CLUES:
                called.setdefault(str(plot), {}).setdefault(str(kind), set()).add(str(value))
    wanted = set(unknown)
    theirs = [
        Called(str(key), str(township or ""), str(village or ""), str(number or ""), called.get(str(key), {}))
        for key, township, village, number in zip(
            incoming.column("id"), incoming.column("township"), incoming.column("village"),
            incoming.column("plot_no"), strict=True,
        )
        if key in wanted
    ]  # fmt: skip
    found = match(theirs, _called_here(context, others))
    ids.update(found.same)
    refuse(context, "unclear_plot", sorted(found.unclear), "按标识码或线索编号对上了本台账的几个图斑，分不清，没有收。")


def _called_here(context: Context, plots: Iterable[str]) -> list[Called]:
    wanted = list(plots)
    called: dict[str, dict[str, set[str]]] = {}
    columns = ("plot_id", "kind", "value")
    for plot, kind, value in store.rows(context.session, "identifier", columns, where="plot_id", keys=wanted):
        called.setdefault(str(plot), {}).setdefault(str(kind), set()).add(str(value))
    rows = store.rows(context.session, "plot", ("id", "township", "village", "plot_no"), where="id", keys=wanted)
    return [
        Called(str(key), str(township), str(village), str(number), called.get(str(key), {}))
        for key, township, village, number in rows
    ]


# ------------------------------------------------------------------------------------------------------------- merging


def merge_plots(context: Context, carried: Carried, incoming: Incoming, rounds: Incoming | None) -> list[TableChanges]:
    """New plots with their rounds, changed fields of others, and where each stands."""
    admitted = [row for row in incoming.rows if row[0] in context.plots]
    found = translate(context, Incoming("plot", incoming.fields, admitted))
    for row in found.rows:
        row[0] = context.plots[row[0]]
    their_rounds = _rounds_of(context, rounds)
    _check_standing(context, Incoming("plot", incoming.fields, admitted), rounds)
    old = [str(row[0]) for row in found.rows if row[0] not in context.fresh]
    here = {row[0]: row for row in store.rows(context.session, "plot", incoming.fields, where="id", keys=old)}
    fields = tuple(their_rounds.fields) if their_rounds is not None else _ALL_ROUND
    mine_rounds = _by_plot(fields, store.rows(context.session, "round", fields, where="plot_id", keys=old))
    theirs_by_plot = _by_plot(fields, their_rounds.rows) if their_rounds is not None else {}
    plots, standings = TableChanges("plot"), TableChanges("round", fields)
    columns = Columns(incoming.fields, fields)
    come: list[Sequence[Value]] = []
    late = context.late_sample or context.late("plot")
    for place, row in enumerate(found.rows):
        mine = here.get(row[0])
        if mine is None or late:
            continue
        key = str(row[0])
        plots.items += _merged_plot(context, carried, incoming.fields, mine, row, found.mute.get(place, frozenset()))
        if their_rounds is not None:
            both = (mine_rounds.get(key, {}), theirs_by_plot.get(key, {}))
            for item in _merged_standing(context, key, columns, (mine, row), both):
                if item[0] == "+":
                    # What is new is written in bulk.
                    come.append(both[1][str(item[3]["number"][1])])
                else:
                    (plots if item[1] == "plot" else standings).items.append(item)
    _merge_items(plots)
    new = sorted((row for row in found.rows if row[0] in context.fresh), key=_order(incoming))
    plots.names, plots.new = _new_plots(context, incoming.fields, new)
    standings.new = come + [one for row in new for one in theirs_by_plot.get(str(row[0]), {}).values()]
    context.tally.new |= {str(row[0]) for row in new}
    context.tally.all |= {str(row[0]) for row in found.rows}
    parent, area = incoming.at("split_parent"), incoming.at("issued_area")
    context.tally.area += sum(int(row[area] or 0) for row in found.rows if parent < 0 or row[parent] is None)
    return [plots, standings]


def _check_standing(context: Context, plots: Incoming, rounds: Incoming | None) -> None:
    """Refuse plots that stand in a round which there is not, and parts of parts: neither can be found again in totals.

    Raises:
        PackageFault: ``rows_unreadable``.
    """
    parents = dict(zip(plots.column("id"), plots.column("split_parent"), strict=True))
    known = None if rounds is None else set(zip(rounds.column("plot_id"), rounds.column("number"), strict=True))
    for place, (plot, number) in enumerate(zip(plots.column("id"), plots.column("round"), strict=True)):
        # The first round begins with the plot, and may have no row yet.
        if known is not None and number != 1 and (plot, number) not in known:
            raise context.contents.fault(plots, place, "round")
        parent = parents[plot]
        if parent is not None and (parent == plot or parents.get(parent) is not None):
            raise context.contents.fault(plots, place, "split_parent")


def _rounds_of(context: Context, rounds: Incoming | None) -> Incoming | None:
    if rounds is None:
        return None
    found = translate(context, rounds)
    return Incoming("round", rounds.fields, [tuple(row) for row in found.rows])


def _by_plot(fields: Sequence[str], rows: Iterable[Sequence[Value]]) -> dict[str, dict[str, Sequence[Value]]]:
    plot_at, number_at = fields.index("plot_id"), fields.index("number")
    found: dict[str, dict[str, Sequence[Value]]] = {}
    for row in rows:
        found.setdefault(str(row[plot_at]), {})[str(row[number_at])] = row
    return found


def _order(incoming: Incoming) -> Any:
    """The sender's own order; parents of split plots come first, as in an import."""
    place = incoming.at("position")
    return lambda row: (row[place], row[0]) if place >= 0 else (0, row[0])


def _new_plots(
    context: Context, fields: Sequence[str], rows: Sequence[Sequence[Value]]
) -> tuple[tuple[str, ...], list[list[Value]]]:
    """Rows of new plots with our own entry and place."""
    kept = [place for place, name in enumerate(fields) if name not in NEW_ONLY["plot"]]
    names = (*(fields[place] for place in kept), "entry", "position")
    first = store.last_position(context.session) + 1 if rows else 0
    return names, [[*(row[place] for place in kept), context.entry, first + number] for number, row in enumerate(rows)]


def _merged_plot(
    context: Context,
    carried: Carried,
    fields: Sequence[str],
    mine: Sequence[Value],
    theirs: Sequence[Value],
    mute: AbstractSet[str],
) -> Iterator[Item]:
    """The fields of a plot that are judged one by one."""
    key = str(mine[0])
    brings = carried.brings.union(ISSUED_FACTS) if key in context.theirs else carried.brings
    if context.guards and key not in context.theirs:
        # Whoever splits a plot makes new ones: what was issued is nobody's part, else its area would be away.
        brings = brings - _PART_OF
    left_out = _JUDGED_APART | mute if mute else _JUDGED_APART
    item = merged_row(context, "plot", fields, mine, theirs, brings=brings, mute=left_out, plot=key)
    if item is not None:
        yield item


def _merged_standing(
    context: Context,
    plot: str,
    columns: Columns,
    rows: tuple[Sequence[Value], Sequence[Value]],
    rounds: tuple[Rounds, Rounds],
) -> list[Item]:
    """Where a plot stands, judged as one field: rows and rounds here and there."""
    same = rounds[0] == rounds[1] and columns.alike(*rows)
    question = context.questions.get(("plot", plot, ""))
    if same and question is None:
        return []
    untouched = ("plot", plot) not in context.touched and plot not in context.touched_rounds
    if question is None and untouched and context.tally.full:
        # Theirs is taken, and nobody is told of it one by one: no words, no values to be compared as a whole.
        context.tally.pass_over(plot, 1)
        return taken_items(plot, columns, rows, rounds)
    ours, other = (columns.standing_of(*one) for one in zip(rows, rounds, strict=True))
    touch = standing_before(ours, _plot_touched(context, plot), _rounds_touched(context, plot)) if not same else None
    found: Judged[Any] = judge(ours, other, touch=touch, question=question)
    note(context, found, Asked(plot, context.call(plot), "plot", plot, "", found.base, ours, other))
    if found.fate is not Fate.TAKE:
        return []
    if context.tally.changes(plot):
        context.tally.fields.append(ChangedField(plot, context.call(plot), "plot", "", ours, other))
    return standing_items(plot, ours, other)


def _plot_touched(context: Context, plot: str) -> dict[str, Value]:
    return context.touched.fields(("plot", plot), PLOT_STANDING, context.known("plot"))


def _rounds_touched(context: Context, plot: str) -> dict[str, RowTouch]:
    found = {}
    for key in context.touched_rounds.get(plot, ()):
        touch = context.touched.row(("round", key), context.known("round"))
        if touch is not None:
            found[key.rpartition(":")[2]] = touch
    return found


def _merge_items(changes: TableChanges) -> None:
    """One item for each row: its fields and where it stands may both have changed."""
    by_key: dict[object, Item] = {}
    for item in changes.items:
        if item[2] in by_key:
            by_key[item[2]][3].update(item[3])
        else:
            by_key[item[2]] = item
    changes.items = list(by_key.values())
