"""The references of rows from elsewhere in keys of our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    if not incoming.rows:
        return Translated()
    known, optional = layout(incoming.table), store.may_be_nothing(incoming.table)
    theirs: list[Sequence[Value]] = list(zip(*incoming.rows, strict=True))
    ours = list(theirs)
    silent: dict[int, set[str]] = {}
    lost: set[int] = set()
    for place, name in enumerate(incoming.fields):
        target = known.references.get(name)
        if target is None:
            continue
        ours[place] = list(map(_keys(context, target).get, theirs[place]))
        for row in _unknown(theirs[place], ours[place]):
            if name not in optional or name == "plot_id":
                lost.add(row)
            else:
                silent.setdefault(row, set()).add(name)
    made_of = [ours[incoming.at(name)] for name in DERIVED.get(incoming.table, ())]
    if made_of and context.plots:
        ours[0] = list(map(derived, zip(*made_of, strict=True)))
    rows = list(map(list, zip(*ours, strict=True)))
    keys = [key if key is not None else "" for key in theirs[0]]
    if not lost:
        return Translated(rows, keys, silent)
    kept = [row for row in range(len(rows)) if row not in lost]
    plots = incoming.column("plot_id")
    return Translated(
        [rows[row] for row in kept],
        [keys[row] for row in kept],
        {place: silent[row] for place, row in enumerate(kept) if row in silent},
        [plots[row] for row in sorted(lost)],
    )


def _unknown(theirs: Sequence[Value], ours: Sequence[Value]) -> list[int]:
    """The rows whose reference means nothing here."""
    if None not in ours:
        return []
    both = zip(theirs, ours, strict=True)
    return [row for row, (said, local) in enumerate(both) if local is None and said is not None]


def _keys(context: Context, target: str) -> Mapping[Value, Value]:
    if target == "plot":
        return context.plots
    if target == "sample":
        return context.sample_keys
    return context.files if target == "stored_file" else context.keys.get(target, {})
