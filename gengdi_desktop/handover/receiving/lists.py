"""Lists from elsewhere: a list belongs to the desk that made it, and two lists of one name are not one list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import TableChanges
from gengdi_desktop.handover.receiving.fields import merged_row
from gengdi_desktop.handover.receiving.incoming import Incoming
from gengdi_desktop.handover.receiving.translating import translate
from gengdi_desktop.handover.travelling import Carried
from gengdi_desktop.storage.journal import Value

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context

_TABLE = "plot_list"


def merge_lists(context: Context, carried: Carried, incoming: Incoming) -> TableChanges:
    """Find or make each list, and note its key; only the desk that made a list changes it."""
    names = context.names_of(_TABLE)
    here = {row[0]: row for row in store.rows(context.session, _TABLE, incoming.fields)}
    by_name = {row[incoming.at("name")]: row[0] for row in here.values()}
    theirs = {int(local) for local in names.from_sender() if local.isdecimal()}
    keys = context.keys.setdefault(_TABLE, {})
    new: list[Value] = []
    for row in incoming.rows:
        local = names.local(row[0] or 0)
        if local is None and context.heading.sender.desk is Desk.COUNTY:
            # What the county calls so is that list, also where the township had taken it in by itself.
            local = by_name.get(row[incoming.at("name")])
            if local is not None:
                names.give(row[0] or 0, local)
                theirs.add(int(local))
        if local is None:
            new.append(row[0])
        elif local in here:
            keys[row[0]] = local
    if new:
        first = context.numbers.first(_TABLE, len(new))
        for key, one in enumerate(new, first):
            keys[one] = key
            names.give(one or 0, key)
            theirs.add(key)
    changes = TableChanges(_TABLE, incoming.fields)
    _fill(context, carried, incoming, here, changes, theirs)
    context.their_lists = frozenset(theirs)
    context.pairs += names.made
    return changes


def _fill(
    context: Context,
    carried: Carried,
    incoming: Incoming,
    here: dict[Value, tuple[Value, ...]],
    changes: TableChanges,
    theirs: set[int],
) -> None:
    keys, name_at = context.keys[_TABLE], incoming.at("name")
    taken = {row[name_at] for row in here.values()}
    found = translate(context, incoming)
    made: list[Sequence[Value]] = []
    for place, row in enumerate(found.rows):
        local = keys.get(row[0])
        if local is None:
            continue  # it was here, and was deleted here
        row[0] = local
        mine = here.get(local)
        if mine is None:
            row[name_at] = _free_name(str(row[name_at]), context.heading.sender.unit, taken)
            taken.add(row[name_at])
            made.append(row)
        elif local in theirs:
            # Its name may have had to give way here.
            mute = {*found.mute.get(place, ()), "name"}
            item = merged_row(context, _TABLE, incoming.fields, mine, row, brings=carried.brings, mute=mute)
            if item is not None:
                changes.items.append(item)
    changes.new = made


def _free_name(name: str, unit: str, taken: set[Value]) -> str:
    """The name of a list; where ours of that name is another list, with whose it is."""
    free, number = name, 0
    while free in taken:
        number += 1
        free = f"{name}（{unit} {number}）" if number > 1 else f"{name}（{unit}）"
    return free
