"""How long 100,000 plots with their lines and identifiers take, through the journal and without it, side by side.

    .venv/bin/python bench/bulk_rows.py [ROWS] [TIMES]

The floor is what nobody can do without: plain sqlite3, one executemany of 24 text columns into a table with six
indexes, committed to the same disk. Told are medians: seconds on the clock, and seconds of this process's own work.
"""

from __future__ import annotations

import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from gengdi_desktop.storage import replay
from gengdi_desktop.storage.database import Database
from gengdi_desktop.storage.tables import IdentifierRow, LedgerRow, ListLineRow, PlotListRow, PlotRow
from gengdi_desktop.storage.unit_of_work import Stamp

LEDGER = "0" * 32
TEXTS = 24
INDEXES = 6
PLOT_COLUMNS = (
    *("id", "entry", "position", "county", "township", "township_code", "village", "village_code", "group_name"),
    *("plot_no", "outflow_year", "kind", "class_system", "class_before", "class_before_name", "class_after"),
    *("class_after_name", "plot_area", "cultivated_area", "basic_area", "outflow_area", "issued_area", "state"),
    *("cause", "party", "built_on", "responsible_leader", "grid_chief", "remark"),
)
LINE_COLUMNS = (
    "id",
    "list_id",
    "sheet",
    "row",
    "plot_id",
    "status",
    "issued_text",
    "issued_unit",
    "issued_area",
    "cells",
)

Measured = tuple[float, float]


def plots(count: int, seq: int) -> Iterator[tuple[int | str | None, ...]]:
    """Plots as a list brings them, in the order of their ids."""
    for n in range(count):
        yield (
            *(f"{n:032x}", seq, n, "进贤县", "白圩乡", "360124204", f"白圩村{n % 40}", f"3601242042{n % 40:02d}", ""),
            *(f"{n:05d}", 2022, "非粮化", "third_survey", "0101", "水田", "0201"),
            *("果园", 5_280_000 + n, 5_280_000 + n, None, 5_280_000, 5_280_000 + n, "issued"),
            *("改种果树", "农户", None, "李建国", "王秀英", f"第{n}块"),
        )


def lines(count: int, first: int, list_id: int) -> Iterator[tuple[int | str | None, ...]]:
    """A line of the list for each plot, with its cells."""
    for n in range(count):
        cells = (
            f'["{n}","白圩乡","白圩村{n % 40}","{n:05d}","360124{n:012d}","水田","果园","5.28","5.28","2022","第{n}块"]'
        )
        yield (first + n, list_id, "清单", n + 4, f"{n:032x}", "entered", "5.28", "mu", 5_280_000 + n, cells)


def identifiers(count: int, first: int, list_id: int) -> Iterator[tuple[int | str | None, ...]]:
    """A BSM for each plot."""
    for n in range(count):
        yield (first + n, f"{n:032x}", "bsm", f"360124{n:012d}", list_id)


def journalled(folder: Path, count: int) -> Measured:
    """Through the recorder, with journal, commit and folding back."""
    database = Database(folder / "ledger.gengdi", write=True, create=True)
    stamp = Stamp(LEDGER, datetime.now(UTC), "王秀英", "stated", "township", "import")  # noqa: TID251
    with database.action(stamp) as work:
        work.session.add(LedgerRow(id=LEDGER))
        work.commit()
    begin = now()
    with database.action(stamp) as work:
        listed = PlotListRow(name="清单")
        work.session.add(listed)
        work.session.flush()
        list_id = listed.id or 0
        work.bulk(PlotRow, PLOT_COLUMNS, plots(count, work.seq))
        first = work.new_keys(IdentifierRow, count)
        names = ("id", "plot_id", "kind", "value", "list_id")
        work.bulk(IdentifierRow, names, identifiers(count, first, list_id))
        work.bulk(ListLineRow, LINE_COLUMNS, lines(count, work.new_keys(ListLineRow, count), list_id))
        work.commit()
    taken = since(begin)
    database.close()
    return taken


def floor(folder: Path, count: int) -> Measured:
    """Plain sqlite3: one table, no journal."""
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    names = [f"c{n}" for n in range(TEXTS)]
    connection.execute(f"CREATE TABLE plot ({', '.join(f'{name} TEXT' for name in names)})")
    for name in names[:INDEXES]:
        connection.execute(f"CREATE INDEX ix_{name} ON plot ({name})")
    rows = [tuple(f"{n:05d} 白圩村{c}" for c in range(TEXTS)) for n in range(count)]
    begin = now()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO plot VALUES ({','.join('?' * TEXTS)})", rows)
    connection.execute("COMMIT")
    taken = since(begin)
    connection.close()
    return taken


def now() -> Measured:
    """The clock and the work done by this process so far."""
    return time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime


def since(begin: Measured) -> Measured:
    """Seconds of both since then."""
    end = now()
    return end[0] - begin[0], end[1] - begin[1]


def medians(run: Callable[[Path, int], Measured], count: int, times: int) -> Measured:
    """Medians over some runs, each in a folder of its own."""
    found = []
    for _ in range(times):
        with tempfile.TemporaryDirectory(prefix="gengdi-bench-") as folder:
            found.append(run(Path(folder), count))
    return statistics.median(one[0] for one in found), statistics.median(one[1] for one in found)


def checked(folder: Path, count: int) -> Measured:
    """A whole check of such a ledger."""
    journalled(folder, count)
    begin = now()
    trial = replay.check_file(folder / "ledger.gengdi")
    if trial.problems:
        raise AssertionError(trial.problems)
    return since(begin)


def main(count: int = 100_000, times: int = 3) -> None:
    """Measure and print."""
    for name, run in (("floor", floor), ("journalled", journalled), ("check", checked)):
        wall, user = medians(run, count, times)
        print(f"{name:12}{count:>8} rows  {wall:7.2f} s wall  {user:7.2f} s user")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak {peak:.0f} MiB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
