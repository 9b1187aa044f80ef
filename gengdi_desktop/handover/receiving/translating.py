"""The references of rows from elsewhere in keys of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.incoming import Incoming, derived
from gengdi_desktop.handover.travelling import DERIVED
from gengdi_desktop.storage.journal import Value
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context


@dataclass(slots=True)
class Translated:
    """Rows in keys of our own.

    Attributes:
        rows: The rows that may come in; a key that is a number is still the sender's.
        theirs: The sender's key of each.
        mute: Fields that say nothing here, since what they point at did not travel: by place of the row.
        lost: Rows that point at a plot or file that is not here: the sender's plot, or nothing.
    """

    rows: list[list[Value]] = field(default_factory=list)
    theirs: list[int | str] = field(default_factory=list)
    mute: dict[int, set[str]] = field(default_factory=dict)
    lost: list[Value] = field(default_factory=list)


def translate(context: Context, incoming: Incoming) -> Translated:
    """Put the references of rows into keys of our own; rows that then hang in the air are left out."""
    known = layout(incoming.table)
    optional = store.may_be_nothing(incoming.table)
    plots = context.plots
    references = [
        (place, name, target, _keys(context, target))
        for place, name in enumerate(incoming.fields)
        if (target := known.references.get(name)) is not None
    ]
    plot_at = incoming.at("plot_id")
    made_of = [incoming.at(name) for name in DERIVED.get(incoming.table, ())]
    found = Translated()
    for row in incoming.rows:
        ours = list(row)
        silent = set()
        lost = False
        for place, name, _, keys in references:
            value = row[place]
            if value is None:
                continue
            local = keys.get(value)
            if local is None:
                if name not in optional or place == plot_at:
                    lost = True
                    break
                silent.add(name)
            ours[place] = local
        if lost:
            found.lost.append(row[plot_at] if plot_at >= 0 else None)
            continue
        if made_of and plots:
            ours[0] = derived([ours[place] for place in made_of])
        if silent:
            found.mute[len(found.rows)] = silent
        found.rows.append(ours)
        found.theirs.append(row[0] if row[0] is not None else "")
    return found


def _keys(context: Context, target: str) -> Mapping[Value, Value]:
    if target == "plot":
        return context.plots
    if target == "sample":
        return context.sample_keys
    return context.files if target == "stored_file" else context.keys.get(target, {})
