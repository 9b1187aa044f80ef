"""A list of 100,000 rows: the whole import beside merely reading it and inserting it raw."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.lists import HEADER, write_list
from bench.measuring import Stopwatch, measure

ROWS = 100_000
MEMORY_MB = 500
_HEAD_ROWS = 3
_TURNS = 3
"""Both take turns, and the quickest of each counts: what else the machine does only ever makes a run longer."""


def floor(list_path: str, database: str) -> tuple[float, Any]:
    """Read the file with calamine and insert its cells as they are, in one transaction on a durable database."""
    import python_calamine

    with Stopwatch() as watch:
        rows = python_calamine.CalamineWorkbook.from_path(list_path).get_sheet_by_index(0).to_python()
        connection = sqlite3.connect(database, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        columns = ", ".join(f"c{place}" for place in range(len(HEADER)))
        connection.execute(f"CREATE TABLE line ({columns})")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO line VALUES ({', '.join('?' * len(HEADER))})", rows[_HEAD_ROWS:-1])
        connection.execute("COMMIT")
        connection.close()
    return watch.seconds, len(rows)


def ours(list_path: str, folder: str) -> tuple[float, Any]:
    """Import it: child process, checks, plots, list lines, identifiers, journal, indexes, the file kept."""
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.domain.states import Desk
    from gengdi_desktop.intake import service as intake
    from gengdi_desktop.intake.previews import ImportOptions
    from gengdi_desktop.ledger import service
    from gengdi_desktop.system.clock import SystemClock

    new = service.NewLedger(desk=Desk.COUNTY, county="进贤县", unit="进贤县", member="张三")
    ledger = service.create_ledger(Path(folder), new, SystemClock())
    with Stopwatch() as watch:
        seen = intake.preview(ledger, Path(list_path), ImportOptions())
        outcome = intake.run(ledger, seen, by=Actor("张三"))
    ledger.close()
    return watch.seconds, {"imported": outcome.imported}


def compare(scratch: Path) -> Comparison:
    """Both, on the same file."""
    listed = scratch / "list.xlsx"
    write_list(listed, ROWS)
    raws, wholes = [], []
    for turn in range(_TURNS):
        raws.append(measure("bench.import_list:floor", list_path=str(listed), database=str(scratch / f"{turn}.db")))
        wholes.append(measure("bench.import_list:ours", list_path=str(listed), folder=str(scratch / f"ledger{turn}")))
    if any(one.answer["imported"] != ROWS for one in wholes):
        raise AssertionError(f"not all of {ROWS} rows were imported")
    raw, whole = (min(turns, key=lambda one: one.seconds) for turns in (raws, wholes))
    return Comparison(
        f"list of {ROWS} rows, {len(HEADER)} columns, {listed.stat().st_size / 1e6:.1f} MB",
        (
            Figure(
                "import, journal and indexes included", whole.seconds, "s", 2, ("calamine + raw insert", raw.seconds)
            ),
            Figure("largest memory, parent and child together", whole.own_mb + whole.children_mb, "MB", MEMORY_MB),
        ),
        (
            f"parent {whole.own_mb:.0f} MB, child {whole.children_mb:.0f} MB, each at its own worst moment",
            f"processor time {whole.processor:.1f} s in two processes, floor {raw.processor:.1f} s in one",
            f"floor: peak {raw.own_mb:.0f} MB",
            "turn by turn: "
            + ", ".join(
                f"{ours.seconds:.2f} s to {bare.seconds:.2f} s" for ours, bare in zip(wholes, raws, strict=True)
            ),
        ),
    )
