"""The only SQL of intake: what it must know of the ledger, and the rows that an import writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import text
from sqlmodel import col, select

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.domain.choices import ListKind, choice_of
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.intake.mapping import ColumnChoice
from gengdi_desktop.intake.places import Home
from gengdi_desktop.intake.view import KnownList, LedgerView
from gengdi_desktop.storage.tables import (
    ColumnChoiceRow,
    IdentifierRow,
    ListLineRow,
    PlotListRow,
    PlotRow,
    PlotShapeRow,
    RoundRow,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.journal import Value
    from gengdi_desktop.storage.unit_of_work import Work

ENTERED, OPEN, CHILD = "entered", "open", "child"
"""Status of a line: its plot is in the ledger; 未入账; the child of a split plot, beside its parent's line."""

IDENTIFIER_COLUMNS = ("id", "plot_id", "kind", "value", "list_id")
ROUND_COLUMNS = ("id", "plot_id", "number", "person", "person_title", "person_phone", "measure", "deadline")
LINE_COLUMNS = (
    "id",
    "list_id",
    "sheet",
    "row",
    "plot_id",
    "status",
    "problem",
    "issued_text",
    "issued_unit",
    "issued_area",
    "cells",
)
OUTLINE_COLUMNS = (
    *("id", "plot_id", "list_id", "source_crs", "outline"),
    *("west", "south", "east", "north", "shape_area"),
)
_AT_ONCE = 500


def view(session: Session, home: Home) -> LedgerView:
    """Lists and remembered columns of the ledger; its plots are asked for by :class:`queries.StoredPlots`."""
    return LedgerView(home, _lists(session), choices=_choices(session))


def _lists(session: Session) -> tuple[KnownList, ...]:
    query = text(
        "SELECT id, name, kind, coalesce(file_id, '') AS file, area_field, reissue_of FROM plot_list ORDER BY id"
    )
    return tuple(
        KnownList(
            row.id, row.name, choice_of(ListKind, row.kind) or ListKind.OTHER, row.file, row.area_field, row.reissue_of
        )
        for row in session.connection().execute(query)
    )


def _choices(session: Session) -> Mapping[str, Mapping[str, ColumnChoice]]:
    found: defaultdict[str, dict[str, ColumnChoice]] = defaultdict(dict)
    for row in session.exec(select(ColumnChoiceRow)):
        unit, _, mark = row.unit.partition(":")
        found[row.fingerprint][row.header] = ColumnChoice(row.field, AreaUnit(unit) if unit else None, mark == "blanks")
    return found


def remember_choices(session: Session, fingerprint: str, choices: Mapping[str, ColumnChoice]) -> int:
    """Keep what a person said of columns, by their keys; answers how many are new or other than before."""
    query = select(ColumnChoiceRow).where(col(ColumnChoiceRow.fingerprint) == fingerprint)
    rows = {row.header: row for row in session.exec(query)}
    changed = 0
    for key, choice in choices.items():
        unit = f"{choice.unit or ''}{':blanks' if choice.blanks else ''}"
        row = rows.get(key)
        if row is None:
            session.add(ColumnChoiceRow(fingerprint=fingerprint, header=key, field=choice.field, unit=unit))
            changed += 1
        elif (row.field, row.unit) != (choice.field, unit):
            row.field, row.unit = choice.field, unit
            changed += 1
    session.flush()
    return changed


@dataclass(frozen=True, slots=True)
class NewList:
    """What a list says of itself; the names of the columns of its table."""

    name: str
    kind: str
    issuer: str
    document_number: str
    issued_on: str | None
    file_id: str
    file_name: str
    sheets: str
    headers: str
    area_field: str
    area_header: str
    area_unit: str
    stated_count: int | None
    stated_area: int | None
    expected_count: int | None
    expected_area: int | None
    reissue_of: int | None


def add_list(session: Session, new: NewList) -> int:
    """Add a list; answers its key."""
    row = PlotListRow(**asdict(new))
    session.add(row)
    session.flush()
    if row.id is None:
        raise ProgramError("no_key", "程序没有记下清单的编号，没有保存。台账没有变。")
    return row.id


def repeat_list(
    session: Session, list_id: int, *, file_id: str, file_name: str, expected: tuple[int | None, int | None]
) -> None:
    """A list that is repeated keeps what it said of itself; it names its newest file and the newest expectation."""
    row = session.exec(select(PlotListRow).where(col(PlotListRow.id) == list_id)).one()
    row.file_id, row.file_name = file_id, file_name
    count, area = expected
    row.expected_count = count if count is not None else row.expected_count
    row.expected_area = area if area is not None else row.expected_area
    session.flush()


def lines_of(session: Session, list_id: int) -> tuple[dict[tuple[str, int], str], frozenset[str]]:
    """Where a list has lines, with their status; and the plots that they stand for."""
    query = text("SELECT sheet, row, status, plot_id FROM list_line WHERE list_id = :list")
    places: dict[tuple[str, int], str] = {}
    plots = set()
    for line in session.connection().execute(query, {"list": list_id}):
        places[line.sheet, line.row] = line.status
        if line.plot_id is not None:
            plots.add(line.plot_id)
    return places, frozenset(plots)


def fill_lines(session: Session, list_id: int, fillings: Iterable[tuple[tuple[str, int], Mapping[str, Value]]]) -> None:
    """Let lines that stood open, by sheet and row, say what the corrected file says."""
    query = select(ListLineRow).where(col(ListLineRow.list_id) == list_id, col(ListLineRow.status) == OPEN)
    rows = {(row.sheet, row.row): row for row in session.exec(query)}
    for place, values in fillings:
        for column, value in values.items():
            setattr(rows[place], column, value)
    session.flush()


def change_plots(session: Session, changes: Mapping[str, Mapping[str, Value]]) -> None:
    """Give plots, by id, other values of some columns."""
    ids = sorted(changes)
    for start in range(0, len(ids), _AT_ONCE):
        for row in session.exec(select(PlotRow).where(col(PlotRow.id).in_(ids[start : start + _AT_ONCE]))):
            for column, value in changes[row.id].items():
                setattr(row, column, value)
        session.flush()


def identifiers_of(session: Session, plots: Sequence[str]) -> dict[str, frozenset[tuple[str, str]]]:
    """Kinds and values of the identifiers that plots have."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for start in range(0, len(plots), _AT_ONCE):
        query = select(IdentifierRow).where(col(IdentifierRow.plot_id).in_(plots[start : start + _AT_ONCE]))
        for row in session.exec(query):
            found[row.plot_id].add((row.kind, row.value))
    return {plot: frozenset(names) for plot, names in found.items()}


def next_position(session: Session) -> int:
    """The place in the ledger's own order behind all plots."""
    return int(session.connection().execute(text("SELECT coalesce(max(position), 0) + 1 FROM plot")).scalar_one())


def write_bulk(
    work: Work,
    plots: tuple[Sequence[str], Iterable[Sequence[Value]]],
    rounds: Iterable[Sequence[Value]],
    identifiers: Iterable[Sequence[Value]],
    lines: Iterable[Sequence[Value]],
) -> None:
    """Write the rows of new plots and of lines, parents before children; plots come with the names of their columns."""
    work.bulk(PlotRow, *plots)
    work.bulk(RoundRow, ROUND_COLUMNS, rounds)
    work.bulk(IdentifierRow, IDENTIFIER_COLUMNS, identifiers)
    work.bulk(ListLineRow, LINE_COLUMNS, lines)


def new_keys(work: Work, *, identifiers: int, lines: int) -> tuple[int, int]:
    """The first of fresh keys for so many identifiers and lines."""
    return work.new_keys(IdentifierRow, identifiers), work.new_keys(ListLineRow, lines)


def outlines_of(session: Session, plots: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Outline and coordinate system of the plots that have one, by own id."""
    query = text(
        "SELECT id, outline, source_crs FROM plot_shape WHERE id IN (SELECT value FROM json_each(:keys)) ORDER BY id"
    )
    keys = {"keys": orjson.dumps(list(plots)).decode()}
    return {row.id: (row.outline, row.source_crs) for row in session.connection().execute(query, keys)}


def write_outlines(work: Work, rows: Iterable[Sequence[Value]]) -> None:
    """Write rows of ``OUTLINE_COLUMNS``; a plot that has an outline gets the new one in its place."""
    given = {str(row[0]): row for row in rows}
    known = outlines_of(work.session, list(given))
    work.bulk(PlotShapeRow, OUTLINE_COLUMNS, [row for key, row in given.items() if key not in known])
    old = sorted(known)
    for start in range(0, len(old), _AT_ONCE):
        for row in work.session.exec(
            select(PlotShapeRow).where(col(PlotShapeRow.id).in_(old[start : start + _AT_ONCE]))
        ):
            for column, value in zip(OUTLINE_COLUMNS, given[row.id], strict=True):
                setattr(row, column, value)
        work.session.flush()


class Neighbourhood(NamedTuple):
    """Where to look for closed plots: on this ground, or under this number in the same township.

    Args:
        township: As tables have it.
        number: What the spellings of the number share; empty where there is none.
        window: West, south, east and north in 10⁻⁹ degree; None where nobody knows.
    """

    township: str
    number: str
    window: tuple[int, int, int, int] | None


_PLACE_COLUMNS = (
    "p.id, p.township, p.village, p.plot_no, p.outflow_year, p.centre_longitude, p.centre_latitude, "
    "s.outline, s.west, s.south, s.east, s.north"
)
_CLOSED_ON = "(SELECT max(c.on_date) FROM closing c WHERE c.plot_id = p.id)"
_SAME_NUMBER = "(:number <> '' AND p.township = :township AND ltrim(upper(p.plot_no), '0') = :number)"
_SAME_GROUND = (
    "(s.west <= :east AND s.east >= :west AND s.south <= :north AND s.north >= :south) OR "
    "(p.centre_longitude BETWEEN :west AND :east AND p.centre_latitude BETWEEN :south AND :north)"
)


def places_of_plots(
    session: Session, *, closed: bool, only: Sequence[str] | None = None, near: Neighbourhood | None = None
) -> Sequence[Any]:
    """Where plots lie.

    Args:
        session: An open transaction.
        closed: Those that were ever closed, with the day of their last closing; else those that are open.
        only: These alone, by own id.
        near: Those alone that may be on the same ground.
    """
    given: dict[str, str | int] = {}
    if closed:
        day, parts = _CLOSED_ON, ["p.id IN (SELECT plot_id FROM closing)"]
    else:
        day, parts = "''", ["p.state NOT IN ('closed', 'cancelled', 'split')"]
    if only is not None:
        parts.append("p.id IN (SELECT value FROM json_each(:keys))")
        given["keys"] = orjson.dumps(list(only)).decode()
    if near is not None:
        parts.append(_SAME_NUMBER if near.window is None else f"({_SAME_NUMBER} OR {_SAME_GROUND})")
        given |= {"township": near.township, "number": near.number}
        given |= zip(("west", "south", "east", "north"), near.window or (), strict=False)
    query = (
        f"SELECT {_PLACE_COLUMNS}, {day} AS closed_on FROM plot p LEFT JOIN plot_shape s ON s.id = p.id "
        f"WHERE {' AND '.join(parts)} ORDER BY p.position, p.id"
    )
    return session.connection().execute(text(query), given).all()
