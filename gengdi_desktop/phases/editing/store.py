"""The SQL of editing in the table: only the columns that an edit needs, for thousands of plots at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import text

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import State
from gengdi_desktop.ledger.figures import PLOTS_WITH_ROUND
from gengdi_desktop.ledger.turning_back import changes_of
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.journal import Item, Value

Cell = tuple[str, str]
"""Table and column: ``("round", "person")``."""

_ALIAS = {"plot": "p", "round": "r"}
_AT_ONCE = 5_000
_OF_A_NEW_ROUND = frozenset({"id", "plot_id", "number"})


@dataclass(slots=True)
class Standing:
    """A plot as far as an edit of its own facts asks.

    Args:
        id: Its own id.
        state: Where it stands.
        held: Whether it waits.
        round: The number of its current round.
        round_written: Whether that round has a row yet.
        values: The asked columns as they are stored.
    """

    id: str
    state: State
    held: bool
    round: int
    round_written: bool
    values: dict[Cell, Value]


def standings(session: Session, plots: Sequence[str], cells: Iterable[Cell]) -> dict[str, Standing]:
    """The plots of these own ids with the asked columns; unknown ids are left out. One query for 5,000 plots."""
    wanted = tuple(dict.fromkeys(cells))
    for table, name in wanted:
        if name not in layout(table).names:
            raise KeyError(name)
    columns = ["p.id", "p.state", "p.held", "p.round", "r.id", *(f'{_ALIAS[table]}."{name}"' for table, name in wanted)]
    query = text(
        f"SELECT {', '.join(columns)} FROM {PLOTS_WITH_ROUND} WHERE p.id IN (SELECT value FROM json_each(:ids))"
    )
    found: dict[str, Standing] = {}
    for start in range(0, len(plots), _AT_ONCE):
        ids = json.dumps(plots[start : start + _AT_ONCE])
        for plot, state, held, number, key, *values in session.connection().execute(query, {"ids": ids}):
            known = dict(zip(wanted, values, strict=True))
            found[plot] = Standing(plot, State(state), bool(held), number, key is not None, known)
    return found


def newest_corrections(session: Session, plots: Sequence[str], fields: Iterable[str]) -> dict[tuple[str, str], str]:
    """What the newest correction of each fact says, by plot and field."""
    query = text(
        "SELECT plot_id, field, new_value FROM correction WHERE plot_id IN (SELECT value FROM json_each(:ids)) "
        "AND field IN (SELECT value FROM json_each(:fields)) ORDER BY id"
    )
    given = {"ids": json.dumps(list(plots)), "fields": json.dumps(list(fields))}
    return {(row.plot_id, row.field): row.new_value for row in session.connection().execute(query, given)}


def planned_but_not_said(session: Session, plots: Iterable[str]) -> list[str]:
    """Of these plots those that are checked, to be rectified, and have everything that a plan asks for."""
    query = text(
        f"SELECT p.id FROM {PLOTS_WITH_ROUND} WHERE p.id IN (SELECT value FROM json_each(:ids)) AND p.state = :state "
        "AND p.rectify = 1 AND NOT p.held AND r.disposal_class <> '' AND r.measure <> '' AND r.person <> '' "
        "AND r.deadline IS NOT NULL"
    )
    given = {"ids": json.dumps(list(plots)), "state": State.CHECKED.value}
    return list(session.connection().execute(query, given).scalars())


def row_changes(standing: Standing, new: Mapping[Cell, Value]) -> list[Item]:
    """The changes of a plot's rows as the journal writes them; the row of a round is made where it is not there."""
    items: list[Item] = []
    for table in ("plot", "round"):
        changed = {name: [standing.values[table, name], value] for (of, name), value in new.items() if of == table}
        if not changed:
            continue
        if table == "plot":
            items.append(["~", "plot", standing.id, changed])
        elif standing.round_written:
            items.append(["~", "round", round_key(standing), changed])
        else:
            begun: dict[str, list[Value]] = {
                "id": [None, round_key(standing)],
                "plot_id": [None, standing.id],
                "number": [None, standing.round],
            }
            told = {name: [None, value] for name, (_, value) in changed.items() if value is not None}
            items.append(["+", "round", round_key(standing), begun | told])
    return items


def round_key(standing: Standing) -> str:
    """The key of the current round's row."""
    return f"{standing.id}:{standing.round}"


def entry_to_continue(session: Session, actor: str, since: datetime, table: str, key: str, name: str) -> int | None:
    """The newest entry, where it is an edit of this one field by this person that is not older than *since*."""
    query = text("SELECT seq, action, actor, at, undoes FROM journal_entry ORDER BY seq DESC LIMIT 1")
    row = session.connection().execute(query).first()
    if row is None or row.action != Operation.EDIT or row.actor != actor or row.undoes is not None:
        return None
    if datetime.fromisoformat(row.at) < since:
        return None
    changes = list(changes_of(session, [row.seq]))
    if len(changes) != 1:
        return None
    op, changed_table, changed_key, diff = changes[0]
    fields = set(diff) - _OF_A_NEW_ROUND if op == "+" else set(diff)
    return row.seq if (changed_table, changed_key, fields) == (table, key, {name}) else None
