"""Fields of rows that both desks have: each is judged, and what becomes of it is noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress, count
from operator import ne
from typing import TYPE_CHECKING, Any

from gengdi_desktop.handover.receiving.changes import Asked, ChangedField, Refused
from gengdi_desktop.handover.receiving.merging import Fate, Judged, Question, judge
from gengdi_desktop.ledger.carried_words import OTHER, ROW_WORDS
from gengdi_desktop.ledger.conflict_sentences import label
from gengdi_desktop.ledger.words import RECORD_TABLES, shown
from gengdi_desktop.storage.journal import Item, Value

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context

_ROWS = {**RECORD_TABLES, **ROW_WORDS}
NAMED = frozenset({"phase", "plot_list", "sample"})
"""Tables of which a ledger has several rows, each called by its name."""


def merged_row(
    context: Context,
    table: str,
    fields: Sequence[str],
    mine: Sequence[Value],
    theirs: Sequence[Value],
    *,
    brings: Collection[str],
    mute: Collection[str] = (),
    plot: str | None = None,
) -> Item | None:
    """Compare a row that both have; the change to ours, or None.

    Args:
        context: The package and the ledger.
        table: Code of the table.
        fields: The fields of both rows, the key first.
        mine: As it stands here.
        theirs: As the package says, in keys of our own.
        brings: What the package may change; of other fields a value that differs is refused by name.
        mute: Fields that say nothing in this row.
        plot: Its plot.
    """
    key = mine[0]
    wanted = set(context.asked_fields.get((table, str(key)), ()))
    if not wanted and tuple(mine) == tuple(theirs):
        return None
    # Nobody touched the row here, and nothing is asked of it: whatever it may bring is taken.
    quiet = not wanted and (table, key or "") not in context.touched
    named = "" if plot else _own_name(table, fields, mine)
    diff: dict[str, list[Value]] = {}
    # Most fields of most rows are alike, and of these only a question is looked at.
    places = range(len(fields)) if wanted else list(compress(count(), map(ne, mine, theirs)))
    for place in places:
        name, ours, other = fields[place], mine[place], theirs[place]
        if place == 0 or name in mute or (ours == other and name not in wanted):
            continue
        if name in brings:
            if quiet or _judged(context, (table, key, name), (ours, other), plot, named):
                diff[name] = [ours, other]
        elif ours != other and context.touched.field((table, key or ""), name, context.known(table)) is None:
            context.tally.refused.append(_not_theirs(context, (table, name), (ours, other), plot, named))
    if not diff:
        return None
    _tell(context, table, diff, plot, named)
    return ["~", table, key, diff]


def _own_name(table: str, fields: Sequence[str], row: Sequence[Value]) -> str:
    """What a row is called that belongs to no plot: which phase, which list."""
    name = str(row[fields.index("name")] or "") if table in NAMED else ""
    return name or row_word(table)


def _judged(
    context: Context, place: tuple[str, Value, str], both: tuple[Value, Value], plot: str | None, named: str
) -> bool:
    """Whether theirs is taken; questions are noted."""
    (table, key, name), (mine, theirs) = place, both
    touch = context.touched.field((table, key or ""), name, context.known(table)) if mine != theirs else None
    question = _question(context, place)
    found: Judged[Any] = judge(mine, theirs, touch=touch, question=question)
    if question is not None or found.fate is Fate.ASK:
        called = context.call(plot) or named
        note(context, found, Asked(plot, called, table, str(key), name, found.base, mine, theirs))
    return found.fate is Fate.TAKE


def _tell(context: Context, table: str, diff: Mapping[str, Sequence[Value]], plot: str | None, named: str) -> None:
    """Note the fields of a row that are taken."""
    if context.tally.full:
        context.tally.pass_over(plot, len(diff))
        return
    called = context.call(plot) or named
    for name, both in diff.items():
        if context.tally.changes(plot):
            context.tally.fields.append(ChangedField(plot, called, table, name, *both))


def _question(context: Context, place: tuple[str, Value, str]) -> Question[Any] | None:
    table, key, name = place
    return context.questions.get((table, str(key), name))


def note(context: Context, found: Judged[Any], asked: Asked) -> None:
    """Note a new question, and what has become of an older one."""
    if found.question is not None and found.status is not None:
        context.tally.questions.append((found.question, found.status.value))
    if found.fate is Fate.ASK:
        context.tally.asked.append(asked)


def _not_theirs(
    context: Context, place: tuple[str, str], both: tuple[Value, Value], plot: str | None, named: str
) -> Refused:
    """A value that differs and that the sender may not change: what was issued, or what somebody else recorded."""
    table, name = place
    mine, theirs = (shown(table, name, value) for value in both)
    code = "issued_fact" if table == "plot" else "not_theirs"
    said = f"包里的{label(table, name)}是“{theirs}”"
    told = (
        f"{said}，下发的是“{mine}”，以下发的为准。"
        if table == "plot"
        else f"这条{row_word(table)}不是对方记的，{said}，台账里是“{mine}”，以台账的为准。"
    )
    return Refused(code, plot, context.call(plot) or named, told)


def row_word(table: str) -> str:
    """The word for one row of a table."""
    return _ROWS.get(table, OTHER)


def refuse(context: Context, code: str, plots: Iterable[str], told: str) -> None:
    """Refuse what belongs to some plots of the sender's, each once."""
    for plot in plots:
        if plot not in context.turned_away:
            context.turned_away.add(plot)
            context.tally.refused.append(Refused(code, plot, context.names.get(plot, plot), told))
