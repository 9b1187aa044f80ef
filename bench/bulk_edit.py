"""An edit of 5,000 rows and its undo, journal and guards included, beside the same change in raw SQLite."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from bench.big_ledger import write_ledger
from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure

PLOTS, ROWS = 200_000, 5_000
SECONDS = 2
_RATIO = 12


def floor(ledger: str, rows: int) -> tuple[float, Any]:
    """Nothing but the change: one update of one column for each row, in one transaction on a durable database."""
    connection = sqlite3.connect(Path(ledger) / "ledger.gengdi", isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    keys = connection.execute(
        "SELECT r.id FROM round r JOIN plot p ON p.id = r.plot_id AND p.round = r.number "
        "WHERE p.state = 'working' ORDER BY p.position LIMIT ?",
        (rows,),
    ).fetchall()
    with Stopwatch() as watch:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("UPDATE round SET person = '新责任人' WHERE id = ?", keys)
        connection.execute("COMMIT")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("UPDATE round SET person = '原责任人' WHERE id = ?", keys)
    connection.execute("COMMIT")
    connection.close()
    return watch.seconds, len(keys)


def ours(ledger: str, rows: int) -> tuple[float, Any]:
    """The window's way: look first, then one entry; and one undo."""
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger import queries, undo
    from gengdi_desktop.ledger.service import open_ledger
    from gengdi_desktop.phases.editing.service import CellEdit, apply, preview
    from gengdi_desktop.system.clock import SystemClock

    by = Actor("张三")
    with open_ledger(Path(ledger), SystemClock()) as opened:
        query = queries.PlotQuery((queries.Condition("state", "working"),))
        edits = [CellEdit(plot, "person", "新责任人") for plot in queries.plot_ids(opened, query)[:rows]]
        preview(opened, edits[:1], by=by)
        with Stopwatch() as looking:
            seen = preview(opened, edits, by=by)
        with Stopwatch() as writing:
            outcome = apply(opened, seen.fitting, by=by)
        with Stopwatch() as undoing:
            undo.undo(opened, by=by)
    told = {"changed": len(outcome.changed), "looking": looking.seconds, "undoing": undoing.seconds}
    return writing.seconds, told


def compare(scratch: Path) -> Comparison:
    """Both, on the same ledger."""
    ledger = scratch / "ledger"
    write_ledger(ledger, PLOTS)
    raw = measure("bench.bulk_edit:floor", ledger=str(ledger), rows=ROWS)
    edit = measure("bench.bulk_edit:ours", ledger=str(ledger), rows=ROWS)
    if edit.answer["changed"] != ROWS or raw.answer != ROWS:
        raise ValueError(f"changed {edit.answer['changed']} and {raw.answer} of {ROWS} rows")
    beside = ("raw SQLite", raw.seconds)
    return Comparison(
        f"Edit of {ROWS:,} rows in a ledger of {PLOTS:,}",
        (
            Figure("looking first", edit.answer["looking"], "s", SECONDS),
            Figure("the edit, one entry", edit.seconds, "s", SECONDS),
            Figure("the edit beside raw SQLite", edit.seconds, "s", _RATIO, beside),
            Figure("one undo of it", edit.answer["undoing"], "s", SECONDS),
        ),
    )
