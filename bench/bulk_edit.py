"""Edits of and actions on 5,000 plots and their undo, journal and guards included.

An edit of one column stands beside the same change in raw SQLite; actions write states, rounds and records.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from bench.big_ledger import write_ledger
from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure
from gengdi_desktop.domain.states import Desk

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


def actions(ledger: str, rows: int) -> tuple[float, Any]:
    """Actions on that many plots that take them, each one entry, and its undo; and a column that goes through one."""
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger import queries, undo
    from gengdi_desktop.ledger.service import open_ledger
    from gengdi_desktop.phases import service
    from gengdi_desktop.phases.editing.service import CellEdit, apply, preview
    from gengdi_desktop.system.clock import SystemClock

    by, told = Actor("张三"), {}
    with open_ledger(Path(ledger), SystemClock()) as opened:

        def free(state: str) -> list[str]:
            held = (queries.Condition("state", state), queries.Condition("held", 0))
            return queries.plot_ids(opened, queries.PlotQuery(held))[:rows]

        def taken(name: str, done: int, watch: Stopwatch, *, back: bool = True) -> None:
            if done != rows:
                raise ValueError(f"{name} was done on {done} of {rows} plots")
            told[name] = watch.seconds
            if back:
                with Stopwatch() as undoing:
                    undo.undo(opened, by=by)
                told[f"undo of {name}"] = undoing.seconds

        issued, working = free("issued"), free("working")
        chosen = {"check": issued, "plan": issued, "progress": working}
        for action, values in _GIVEN.items():
            with Stopwatch() as watch:
                done = len(service.act(opened, action, chosen[action], values, by=by).changed)
            taken(action, done, watch, back=action != "check")  # the plan needs it
        edits = [CellEdit(plot, "settled", "0.05") for plot in working]
        with Stopwatch() as looking:
            seen = preview(opened, edits, by=by)
        with Stopwatch() as watch:
            done = len(apply(opened, seen.fitting, by=by).changed)
        taken("settled", done, watch)
        told["settled, looking first"] = looking.seconds
    return sum(told.values()), told


_GIVEN: dict[str, dict[str, str]] = {
    "check": {
        "date": "2023-08-01", "finding": "true", "class_now": "0201", "cause": "种果树", "party": "某户",
        "rectify": "是",
    },
    "plan": {
        "date": "2023-08-02", "disposal_class": "short_term", "measure": "清苗复耕", "person": "王五",
        "deadline": "2023-12-01",
    },
    "progress": {"date": "2023-11-01", "restored": "0.06"},
}  # fmt: skip


def compare(scratch: Path) -> Comparison:
    """All of it, on the same ledger."""
    ledger = scratch / "ledger"
    write_ledger(ledger, PLOTS, desk=Desk.TOWNSHIP)
    raw = measure("bench.bulk_edit:floor", ledger=str(ledger), rows=ROWS)
    edit = measure("bench.bulk_edit:ours", ledger=str(ledger), rows=ROWS)
    if edit.answer["changed"] != ROWS or raw.answer != ROWS:
        raise ValueError(f"changed {edit.answer['changed']} and {raw.answer} of {ROWS} rows")
    acted = measure("bench.bulk_edit:actions", ledger=str(ledger), rows=ROWS)
    beside = ("raw SQLite", raw.seconds)
    return Comparison(
        f"Edits of and actions on {ROWS:,} plots in a ledger of {PLOTS:,}",
        (
            Figure("looking first", edit.answer["looking"], "s", SECONDS),
            Figure("the edit, one entry", edit.seconds, "s", SECONDS),
            Figure("the edit beside raw SQLite", edit.seconds, "s", _RATIO, beside),
            Figure("one undo of it", edit.answer["undoing"], "s", SECONDS),
            *(Figure(name, seconds, "s", SECONDS) for name, seconds in acted.answer.items()),
        ),
        (f"actions: {acted.processor:.1f} s of processors in all, start included",),
    )
