"""The only SQL of the phases: plots as the rules see them, and what an action writes; always many plots at once.

Rows are read and written as plain values: rows that are tracked one by one take ten times as long for thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from gengdi_desktop.domain import outcomes
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts, RoundFacts, Statement
from gengdi_desktop.domain.states import State
from gengdi_desktop.phases.plot_rows import (
    BUCKETS,
    ROUND_DAYS,
    LoadedPlot,
    StoredRow,
    plain,
    plot_facts,
    put_facts,
    round_facts,
    round_key,
)
from gengdi_desktop.phases.splitting import store as splitting
from gengdi_desktop.storage.journal import checked_value
from gengdi_desktop.storage.layout import code_of, layout
from gengdi_desktop.storage.stopping import rows
from gengdi_desktop.storage.tables import (
    AcceptanceRow,
    CancellationRow,
    ClosingRow,
    CorrectionRow,
    HoldRow,
    NoteRow,
    ProgressRow,
    ReturnRow,
    RevisitRow,
    RoundRow,
    SpotCheckRow,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.columns import Row
    from gengdi_desktop.storage.journal import Item
    from gengdi_desktop.storage.unit_of_work import Work

_AT_ONCE = 5_000
_TABLES: Mapping[type[object], type[Row]] = {
    outcomes.ProgressRecord: ProgressRow,
    outcomes.AcceptanceRecord: AcceptanceRow,
    outcomes.ReturnRecord: ReturnRow,
    outcomes.SpotCheckRecord: SpotCheckRow,
    outcomes.RevisitRecord: RevisitRow,
    outcomes.ClosingRecord: ClosingRow,
    outcomes.HoldRecord: HoldRow,
    outcomes.CancellationRecord: CancellationRow,
    outcomes.CorrectionRecord: CorrectionRow,
    outcomes.NoteRecord: NoteRow,
}
_WITHOUT_ROUND = (HoldRow, CancellationRow, CorrectionRow, NoteRow)
_THESE = "(SELECT value FROM json_each(:keys))"
T = TypeVar("T")


# ------------------------------------------------------------------------------------------------------------- reading


def load(session: Session, plots: Iterable[str]) -> dict[str, LoadedPlot]:
    """The plots of these own ids as the rules see them, by id; unknown ids are left out.

    Five queries for each 5,000 plots, whatever the rules will ask.
    """
    session.flush()
    loaded: dict[str, LoadedPlot] = {}
    for some in _portions(plots):
        found = _stored(session, "plot", some)
        current = {row.key: int(row["round"]) for row in found}
        rounds = {
            row["plot_id"]: row
            for row in _stored(session, "round", [round_key(plot, number) for plot, number in current.items()])
        }
        statements = _statements(session, current)
        evidence = _evidence(session, current)
        before = _states_before(session, [row.key for row in found if row["state"] == State.CANCELLED])
        locked = splitting.locks(session, [row.key for row in found if row["state"] == State.SPLIT])
        for row in found:
            plot, of_round = row.key, rounds.get(row.key)
            facts = plot_facts(
                row.stored,
                RoundFacts(number=current[plot]) if of_round is None else round_facts(of_round.stored),
                tuple(statements.get(plot, ())),
                evidence.get(plot, _NO_EVIDENCE),
                before.get(plot),
                locked.get(plot, ""),
            )
            loaded[plot] = LoadedPlot(facts, row, of_round)
    return loaded


_NO_EVIDENCE = EvidenceCounts()


def _stored(session: Session, table: str, keys: Sequence[str]) -> list[StoredRow]:
    """Whole rows by their keys, as many as are there."""
    known = layout(table)
    columns = ", ".join(f'"{name}"' for name in known.names)
    found = _asked(session, f'SELECT {columns} FROM "{table}" WHERE "{known.key}" IN {_THESE}', keys)
    return [StoredRow(table, values[0], dict(zip(known.names, values, strict=True))) for values in found]


def _asked(session: Session, statement: str, keys: Iterable[str]) -> list[tuple[Any, ...]]:
    return rows(session, statement, {"keys": orjson.dumps(list(keys)).decode()})


def _statements(session: Session, current: Mapping[str, int]) -> Mapping[str, list[Statement]]:
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    columns = ", ".join(("plot_id", "round", "event_date", *BUCKETS))
    query = f"SELECT {columns} FROM progress WHERE plot_id IN {_THESE} ORDER BY event_date, id"
    for plot, number, day, *areas in _asked(session, query, current):
        if number == current[plot]:
            found[plot].append(Statement(date.fromisoformat(day), Buckets(*map(Area, areas))))
    return found


def _evidence(session: Session, current: Mapping[str, int]) -> Mapping[str, EvidenceCounts]:
    """How many files each plot's current round has, by stage; taken-off files do not count."""
    query = (
        "SELECT plot_id, round, stage, count(*), sum(media_type LIKE 'image/%') FROM attachment "
        f"WHERE plot_id IN {_THESE} AND removed = 0 GROUP BY plot_id, round, stage"
    )
    counts: defaultdict[str, EvidenceCounts] = defaultdict(EvidenceCounts)
    for plot, number, code, files, photos in _asked(session, query, current):
        if number == current[plot]:
            old = counts[plot]
            counts[plot] = EvidenceCounts({**old.photos, Stage(code): photos}, {**old.files, Stage(code): files})
    return counts


def _states_before(session: Session, cancelled: Sequence[str]) -> dict[str, State]:
    if not cancelled:
        return {}
    found = _open_rows(session, CancellationRow, ("restored_on", "state_before"), cancelled)
    return {plot: State(row["state_before"]) for plot, row in found.items() if row["state_before"]}


def _open_rows(
    session: Session, table: type[Row], names: tuple[str, ...], plots: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """The row of each plot that has begun and not ended, with these columns; the first one says that it ended.

    The newest where there are several.
    """
    columns = ("plot_id", "id", *names)
    query = f'SELECT {", ".join(columns)} FROM "{code_of(table)}" WHERE plot_id IN {_THESE} AND {names[0]} IS NULL '
    return {
        values[0]: dict(zip(columns, values, strict=True)) for values in _asked(session, f"{query} ORDER BY id", plots)
    }


def _portions(items: Iterable[T]) -> Iterator[list[T]]:
    source = iter(items)
    while portion := list(islice(source, _AT_ONCE)):
        yield portion


# ------------------------------------------------------------------------------------------------------------- writing


def write(work: Work, done: Sequence[tuple[LoadedPlot, outcomes.Outcome]]) -> None:
    """Write what an action has done to plots: changed facts in place, records as new rows, in the order given."""
    added: defaultdict[type[object], list[tuple[PlotFacts, outcomes.Record]]] = defaultdict(list)
    ended: defaultdict[type[object], dict[str, outcomes.Record]] = defaultdict(dict)
    touched: dict[str, StoredRow] = {}
    began: dict[str, StoredRow] = {}
    families: list[tuple[LoadedPlot, outcomes.Record]] = []
    for loaded, outcome in done:
        splitting.note_parts(loaded, outcome)
        old_round = loaded.round
        new_round = put_facts(loaded, outcome.plot)
        for key, text in outcome.private.items():
            loaded.plot.put(key, work.private(f"plot.{key}", text))
        if new_round is not None:
            began[new_round.key] = new_round
        for row in (loaded.plot, old_round, loaded.round):
            if row is not None and row.changed and row.key not in began:
                touched[row.key] = row
        for record in outcome.records:
            if isinstance(record, splitting.RECORDS):
                families.append((loaded, record))
            elif type(record) in _TABLES:
                added[type(record)].append((loaded.facts, record))
            else:
                ended[type(record)][loaded.facts.id] = record
        loaded.facts = outcome.plot
    work.apply(item for row in touched.values() if (item := row.item()) is not None)
    _begin(work, began.values())
    for kind, records in added.items():
        _add_rows(work, _TABLES[kind], records)
    splitting.write(work, families)
    work.apply(_ends(work.session, HoldRow, ended[outcomes.ReleaseRecord]))
    work.apply(_ends(work.session, CancellationRow, ended[outcomes.RestorationRecord]))


def _begin(work: Work, began: Iterable[StoredRow]) -> None:
    """Add the rows of rounds of which something was said for the first time."""
    names = layout("round").names
    empty = {name: 0 if name in layout("round").integers else "" for name in names} | dict.fromkeys(ROUND_DAYS)
    cells = [{**empty, **row.changed, "id": row.key} for row in began]
    if cells:
        work.bulk(RoundRow, names, [[row[name] for name in names] for row in cells])


def _add_rows(work: Work, table: type[Row], records: Sequence[tuple[PlotFacts, outcomes.Record]]) -> None:
    first = work.new_keys(table, len(records))
    cells = [_record_cells(table, plot, record) for plot, record in records]
    names = list(cells[0])
    work.bulk(table, ["id", *names], [[first + at, *row.values()] for at, row in enumerate(cells)])


def _record_cells(table: type[Row], plot: PlotFacts, record: outcomes.Record) -> dict[str, str | int | None]:
    cells: dict[str, str | int | None] = {"plot_id": plot.id}
    if table not in _WITHOUT_ROUND:
        cells["round"] = plot.round.number
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Buckets):
            cells |= {name: getattr(value, name).micro_mu for name in BUCKETS}
        else:
            cells[field.name] = plain(value)
    return cells


def _ends(session: Session, table: type[Row], records: Mapping[str, outcomes.Record]) -> Iterator[Item]:
    """The changes by which what has begun ends; the first field of such a record is the day."""
    for some in _portions(records):
        names = tuple(field.name for field in fields(records[some[0]]))
        for plot, row in _open_rows(session, table, names, some).items():
            told = {name: checked_value(plain(getattr(records[plot], name))) for name in names}
            diff = {name: [row[name], value] for name, value in told.items() if value != row[name]}
            yield ["~", code_of(table), row["id"], diff]
