"""Rows of one table: new ones are made, those of both desks compared, those that their maker no longer sends go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import Refused, TableChanges
from gengdi_desktop.handover.receiving.fields import merged_row, refuse, row_word
from gengdi_desktop.handover.receiving.incoming import Incoming
from gengdi_desktop.handover.receiving.naming import Names
from gengdi_desktop.handover.receiving.translating import Translated, translate
from gengdi_desktop.handover.travelling import (
    CHECK_STAGE,
    OPEN_TO_OTHERS,
    PAIR_FIELDS,
    SAID_BY,
    Carried,
    Named,
    Rows,
    named,
)
from gengdi_desktop.storage.journal import Item, Value
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context

_UNCHANGING = frozenset({"stored_file", "certificate"})
"""Rows that are what their key says; certificates have a rule of their own."""
_PARTED = frozenset({"plot_shape", "sample", "sample_plot", "sample_result"})
"""Rows that are called alike everywhere, and of which their maker must be known, so that they can go again."""


def merge_table(context: Context, carried: Carried, incoming: Incoming) -> TableChanges:
    """What a package changes in one table; plots, rounds and lists have rules of their own."""
    table = carried.table
    names = context.names_of(table)
    found = translate(context, incoming)
    _tell_lost(context, table, found)
    if table == "attachment":
        _note_missing(context, incoming, found)
    here = _here(context, carried, incoming, found)
    way = named(table)
    changes = TableChanges(table, incoming.fields)
    if way is Named.SAID:
        seen = _merge_said(context, carried, incoming, found, here, changes)
    else:
        seen = _merge_named(context, carried, incoming, found, here, changes, names)
    changes.items += _gone(context, carried, incoming, here, seen, names)
    context.pairs += names.made
    _note_plots(context, incoming, changes)
    return changes


def _here(context: Context, carried: Carried, incoming: Incoming, found: Translated) -> dict[Value, tuple[Value, ...]]:
    """The rows that stand here and may be meant, by key; one question."""
    table, names = carried.table, incoming.fields
    if "plot_id" in names:
        old = [str(plot) for plot in context.plots.values() if plot not in context.fresh]
        rows = store.rows(context.session, table, names, where="plot_id", keys=old) if old else iter(())
    elif table == "list_line":
        old_lists = [one for one in context.keys.get("plot_list", {}).values() if isinstance(one, int)]
        rows = store.rows(context.session, table, names, where="list_id", keys=old_lists)
    elif named(table) is Named.ALIKE:
        rows = store.rows(context.session, table, names, where=names[0], keys=[str(row[0]) for row in found.rows])
    else:
        rows = store.rows(context.session, table, names)
    return {row[0]: row for row in rows}


# ------------------------------------------------------------------------------------------------------- told by a name


def _merge_named(
    context: Context,
    carried: Carried,
    incoming: Incoming,
    found: Translated,
    here: Mapping[Value, tuple[Value, ...]],
    changes: TableChanges,
    names: Names,
) -> set[Value]:
    table, known = carried.table, context.known(carried.table)
    numbered = layout(table).numbered
    plot_at = incoming.at("plot_id")
    late = context.late_sample and not _is_of_samples(incoming)
    told_later = _told_later(context, incoming)
    not_theirs = _not_made_by_sender(context, carried, names, _differing(found, here))
    open_fields = carried.brings & OPEN_TO_OTHERS.get(table, frozenset())
    seen: set[Value] = set()
    new: list[tuple[int | str, list[Value]]] = []
    for place, (theirs, row) in enumerate(zip(found.theirs, found.rows, strict=True)):
        local = names.local(theirs) if numbered else row[0]
        mine = here.get(local) if local is not None else None
        if mine is not None:
            if local in seen:
                _tell_twice(context, table, plot_at, row)
                continue
            seen.add(local)
            if table in _UNCHANGING or late or (told_later is not None and told_later(row)):
                continue
            row[0] = local
            plot = str(row[plot_at]) if plot_at >= 0 else None
            brings = open_fields if not_theirs is not None and not_theirs(theirs, row) else carried.brings
            item = merged_row(
                context, table, incoming.fields, mine, row,
                brings=brings, mute=found.mute.get(place, ()), plot=plot,
            )  # fmt: skip
            if item is not None:
                changes.items.append(item)
        elif numbered and local is not None:
            continue  # it was here, and was deleted here
        elif not numbered and context.touched.removed((table, row[0] or ""), known):
            continue
        elif carried.adds and not (told_later is not None and told_later(row)):
            new.append((theirs, row))
    _make(context, table, new, changes, names)
    return seen


def _differing(found: Translated, here: Mapping[Value, tuple[Value, ...]]) -> list[str]:
    """The keys, alike everywhere, of rows that say something else than ours."""
    return [str(row[0]) for row in found.rows if (mine := here.get(row[0])) is not None and mine != tuple(row)]


def _not_made_by_sender(
    context: Context, carried: Carried, names: Names, differing: Collection[str]
) -> Callable[[int | str, Sequence[Value]], bool] | None:
    """Which rows the sender may change only as others may, by its key and the row in our keys; None: none is so."""
    if not context.guards or carried.brings <= OPEN_TO_OTHERS.get(carried.table, frozenset()):
        return None
    if layout(carried.table).numbered:
        own = context.sender_ledgers
        return lambda theirs, _: names.origin(theirs)[0] not in own
    if carried.table == "photo":
        others = _photos_of_others(context, differing)
        return lambda _, row: row[0] in others
    if carried.table not in _PARTED:
        return None
    made = names.from_sender()
    return lambda _, row: str(row[0]) not in made


def _photos_of_others(context: Context, photos: Collection[str]) -> frozenset[str]:
    """Those of some photos that stand at plots by another hand than the sender's, or wait in our tray."""
    if not photos:
        return frozenset()
    own = set(store.pairs(context.session, "attachment", context.sender_ledgers).values())
    standing = store.rows(context.session, "attachment", ("id", "file_id"), where="file_id", keys=photos)
    waiting = store.rows(context.session, "tray_file", ("id", "file_id"), where="file_id", keys=photos)
    others = {str(file) for key, file in standing if str(key) not in own}
    return frozenset(others | {str(file) for _, file in waiting})


def _make(
    context: Context, table: str, new: Sequence[tuple[int | str, list[Value]]], changes: TableChanges, names: Names
) -> None:
    if layout(table).numbered and new:
        first = context.numbers.first(table, len(new))
        for key, (theirs, row) in enumerate(new, first):
            row[0] = key
            names.give(theirs, key)
    elif table in _PARTED:
        for theirs, row in new:
            if not names.is_ours(theirs):
                names.give(theirs, str(row[0]))
    changes.new = [row for _, row in new]


def _is_of_samples(incoming: Incoming) -> bool:
    """Whether a table is about samples, each of which has its own newest package, and not about their plots."""
    return incoming.table == "sample" or incoming.at("sample_id") >= 0


def _told_later(context: Context, incoming: Incoming) -> Callable[[Sequence[Value]], bool] | None:
    """Which rows are about something of which a package that came sooner has told a newer story; None: none is so."""
    if _is_of_samples(incoming):
        sample_at, late = max(incoming.at("sample_id"), 0), context.late_samples
        return (lambda row: row[sample_at] in late) if late else None
    plot_at = incoming.at("plot_id")
    if not context.late_sample or plot_at < 0 or incoming.table == "attachment":
        return None  # photos only ever come along
    return lambda row: row[plot_at] not in context.fresh


# ------------------------------------------------------------------------------------------------ told by what it says


def _merge_said(
    context: Context,
    carried: Carried,
    incoming: Incoming,
    found: Translated,
    here: Mapping[Value, tuple[Value, ...]],
    changes: TableChanges,
) -> set[Value]:
    table = carried.table
    places = [incoming.at(name) for name in SAID_BY[table]]
    plot_at = incoming.at("plot_id")
    saying: Callable[[Sequence[Value]], object] = itemgetter(*places) if places else lambda _: None
    by_saying = {saying(row): row for row in here.values()}
    seen: set[Value] = set()
    new: list[list[Value]] = []
    keys = context.keys.setdefault(table, {})
    list_at = incoming.at("list_id") if context.guards else -1
    told_later = _told_later(context, incoming)
    foreign_lines = 0
    for place, (theirs, row) in enumerate(zip(found.theirs, found.rows, strict=True)):
        mine = by_saying.get(saying(row))
        if mine is not None and mine[0] in seen:
            _tell_twice(context, table, plot_at, row)
            continue
        if mine is None:
            if table == "list_line" and _is_of_others(context, row, list_at):
                foreign_lines += 1
            elif carried.adds and not (told_later is not None and told_later(row)):
                new.append(row)
            continue
        seen.add(mine[0])
        keys[theirs] = row[0] = mine[0]
        if told_later is not None and told_later(row):
            continue
        plot = str(row[plot_at]) if plot_at >= 0 and row[plot_at] is not None else None
        mute: Collection[str] = found.mute.get(place, ())
        others = _is_of_others(context, mine, list_at)
        # A line of our own list is what it was; a plot's name may stand in a list of theirs besides.
        mute = {*mute, "list_id"} if others and table == "identifier" else mute
        brings = frozenset[str]() if others else carried.brings
        item = merged_row(context, table, incoming.fields, mine, row, brings=brings, mute=mute, plot=plot)
        if item is not None:
            changes.items.append(item)
    if new:
        first = context.numbers.first(table, len(new))
        for key, row in enumerate(new, first):
            keys[row[0]] = row[0] = key
    changes.new = new
    _tell_foreign(context, table, foreign_lines)
    return seen


def _is_of_others(context: Context, row: Sequence[Value], list_at: int) -> bool:
    """Whether a row stands in a list that the sender did not make; ``list_at`` is -1 where that does not matter."""
    return list_at >= 0 and row[list_at] not in context.their_lists


def _tell_foreign(context: Context, table: str, lines: int) -> None:
    if lines:
        told = f"有 {lines} 条{row_word(table)}写在不是对方的清单里，没有收。"
        context.tally.refused.append(Refused("not_theirs", None, row_word(table), told))


# ----------------------------------------------------------------------------------------------------------- deletions


def _gone(
    context: Context,
    carried: Carried,
    incoming: Incoming,
    here: Mapping[Value, tuple[Value, ...]],
    seen: set[Value],
    names: Names,
) -> Iterator[Item]:
    """Rows that their maker no longer sends; one that was touched here stays and is told."""
    table = carried.table
    if table in _UNCHANGING or not here or (context.late_sample and not _is_of_samples(incoming)):
        return
    made = _made_by_sender(context, carried, incoming, here, names)
    going = [key for key in made if key not in seen]
    kept = []
    for key in going:
        if context.touched.row((table, key), context.known(table)) is not None:
            kept.append(key)
            _tell_kept(context, table, incoming, here[key])
    wanted = [key for key in going if key not in set(kept)]
    yield from removals(context, table, wanted)


def _made_by_sender(
    context: Context, carried: Carried, incoming: Incoming, here: Mapping[Value, tuple[Value, ...]], names: Names
) -> list[int | str]:
    table = carried.table
    if table in {"list_line", "identifier"}:
        list_at = incoming.at("list_id")
        lists = set(context.their_lists)
        return [row[0] for row in here.values() if list_at >= 0 and row[list_at] in lists and row[0] is not None]
    if named(table) is Named.SAID:
        # Phases and rules are the county's: what it no longer sends is no longer so.
        return [row[0] for row in here.values() if table in {"phase", "rule"} and row[0] is not None]
    if named(table) is Named.ALIKE and table not in _PARTED:
        return []
    theirs = names.from_sender()
    stage_at = incoming.at("stage") if carried.rows is Rows.OF_STAGE else -1
    # Another sample may have drawn the same plots: of that the package says nothing.
    sample_at = incoming.at("sample_id") if carried.rows is Rows.OF_SAMPLE else -1
    return [
        key
        for key, row in here.items()
        if key is not None
        and str(key) in theirs
        and (stage_at < 0 or row[stage_at] == CHECK_STAGE)
        and (sample_at < 0 or row[sample_at] in context.samples - context.late_samples)
    ]


def removals(context: Context, table: str, keys: Sequence[int | str]) -> Iterator[Item]:
    """Items that take rows away, with the pairs that lead to them: their maker may send them again."""
    if not keys:
        return
    for key, row in store.whole_rows(context.session, table, keys).items():
        yield ["-", table, key, {name: [value, None] for name, value in row.items() if value is not None}]
    for pair in store.pair_ids(context.session, table, keys):
        yield ["-", "foreign_row", pair[0], {n: [v, None] for n, v in zip(PAIR_FIELDS, pair, strict=True)}]


def _tell_kept(context: Context, table: str, incoming: Incoming, row: Sequence[Value]) -> None:
    plot_at = incoming.at("plot_id")
    plot = str(row[plot_at]) if plot_at >= 0 else None
    told = f"对方已经删去的{row_word(table)}，本单位后来改过，留着没有删。"
    context.tally.kept.append(Refused("kept", plot, context.call(plot) or row_word(table), told))


# ----------------------------------------------------------------------------------------------------------------- told


def _tell_twice(context: Context, table: str, plot_at: int, row: Sequence[Value]) -> None:
    if table == "identifier":
        return  # one name may stand in several lists
    plot = str(row[plot_at]) if plot_at >= 0 and row[plot_at] is not None else None
    told = f"包里有两条{row_word(table)}说的是台账里的同一条，只按前一条收。"
    context.tally.refused.append(Refused("twice", plot, context.call(plot) or row_word(table), told))


def _tell_lost(context: Context, table: str, found: Translated) -> None:
    """Rows of plots that may not come in were told with the plot; others hang in the air."""
    unknown = {str(plot) for plot in found.lost if plot is not None and str(plot) not in context.plots}
    refuse(context, "unknown_plot", sorted(unknown - context.passed_over), "这个图斑不在本台账里，它的记录没有收。")
    lost = sum(1 for plot in found.lost if plot is None or plot in context.plots)
    if lost:
        told = f"有 {lost} 条{row_word(table)}没有带上它所指的文件或清单，没有收。"
        context.tally.refused.append(Refused("reference", None, row_word(table), told))


def _note_missing(context: Context, incoming: Incoming, found: Translated) -> None:
    places = [incoming.at(name) for name in ("plot_id", "name", "file_id")]
    removed_at = incoming.at("removed")
    for row in found.rows:
        plot, name, file = (str(row[place]) for place in places)
        if file in context.away and not (removed_at >= 0 and row[removed_at]):
            context.missing.append((plot, name, file))


def _note_plots(context: Context, incoming: Incoming, changes: TableChanges) -> None:
    plot_at = incoming.at("plot_id")
    if plot_at < 0:
        return
    touched = {str(row[plot_at]) for row in changes.new}
    touched |= {str(item[3]["plot_id"][0]) for item in changes.items if item[0] == "-" and "plot_id" in item[3]}
    context.tally.changed |= touched - context.fresh
