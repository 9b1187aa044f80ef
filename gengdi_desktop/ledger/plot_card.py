"""The card of one plot: everything that the ledger knows of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.plot_lines import PlotLine, plot_lines
from gengdi_desktop.ledger.words import RECORD_TABLES, cell_shown
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.storage.journal import Value


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """A row of an issued list that points to the plot: header and text, as issued."""

    list_name: str
    sheet: str
    row: int
    status: str
    issued_text: str
    issued_unit: str
    issued_area: Area
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlotCard:
    """All that the ledger knows of a plot; values as stored, words are the front end's (``ledger.words.shown``).

    Attributes:
        facts: Columns of the plot.
        rounds: Columns of each round, oldest first; the last is the current one.
        identifiers: Kind and value.
        records: By table name of :data:`ledger.words.RECORD_TABLES`: columns of each record, oldest first.
        corrections: Columns of each correction, oldest first.
    """

    line: PlotLine
    facts: Mapping[str, Value]
    rounds: tuple[Mapping[str, Value], ...]
    identifiers: tuple[tuple[str, str], ...]
    lines: tuple[IssuedLine, ...]
    records: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=dict)
    corrections: tuple[Mapping[str, Value], ...] = ()


def plot_card(ledger: Ledger, plot: str) -> PlotCard:
    """The card of a plot.

    Raises:
        RuleError: ``unknown_plot``.
    """
    lines = plot_lines(ledger, [plot])
    if not lines:
        raise RuleError("unknown_plot", "台账里没有这个图斑。台账没有变。", "请刷新后再选。")
    with ledger.reading() as session:
        records = {table: _rows(session, table, plot) for table in RECORD_TABLES}
        return PlotCard(
            line=lines[0],
            facts=_rows(session, "plot", plot, "id")[0],
            rounds=tuple(sorted(_rows(session, "round", plot), key=lambda row: int(row["number"] or 0))),
            identifiers=tuple((str(r["kind"]), str(r["value"])) for r in _rows(session, "identifier", plot)),
            lines=_issued_lines(session, plot),
            records=records,
            corrections=_rows(session, "correction", plot),
        )


def _rows(session: Session, table: str, plot: str, column: str = "plot_id") -> tuple[Mapping[str, Value], ...]:
    names = [name for name in layout(table).names if name not in layout(table).private]
    statement = text(f'SELECT {",".join(names)} FROM "{table}" WHERE {column} = :plot ORDER BY 1')
    return tuple(dict(row._mapping) for row in session.connection().execute(statement, {"plot": plot}))  # noqa: SLF001


def _issued_lines(session: Session, plot: str) -> tuple[IssuedLine, ...]:
    statement = text(
        "SELECT l.*, g.name AS list_name, g.headers FROM list_line l JOIN plot_list g ON g.id = l.list_id "
        "WHERE l.plot_id = :plot ORDER BY l.id"
    )
    found = []
    for row in session.connection().execute(statement, {"plot": plot}):
        headers, cells = json.loads(row.headers or "[]"), json.loads(row.cells or "[]")
        found.append(
            IssuedLine(
                row.list_name,
                row.sheet,
                row.row,
                row.status,
                row.issued_text,
                row.issued_unit,
                Area(row.issued_area),
                tuple((str(h), cell_shown(str(c))) for h, c in zip(headers, cells, strict=False)),
            )
        )
    return tuple(found)
