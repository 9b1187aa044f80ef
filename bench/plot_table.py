"""The ledger's table on 200,000 plots: first rows, filters, orders, search, and how long the window stands still.

The window's own model and lanes are measured, from the question to the rows that can be painted, beside plain sqlite3
that only fetches the ids of the same plots. A timer beats every few milliseconds: its longest pause is the longest gap
of the window's thread, also while a list is imported into the same ledger.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.lists import write_list
from bench.measuring import Stopwatch, measure

PLOTS = 200_000
IMPORTED = 20_000
GAP_MS = 100
_BEAT_MS = 2
_FLOORS = {
    "filter by village": "SELECT id FROM plot WHERE village LIKE '%桥%' ORDER BY position, id",
    "filter by state": "SELECT id FROM plot WHERE state IN ('working', 'claimed') ORDER BY position, id",
    "order by area": "SELECT id FROM plot ORDER BY issued_area DESC, position, id",
    "order by person": (
        "SELECT p.id FROM plot p LEFT JOIN round r ON r.plot_id = p.id AND r.number = p.round "
        "ORDER BY coalesce(r.person, ''), p.position, p.id"
    ),
}
_WISHES: dict[str, dict[str, Any]] = {
    "filter by village": {"filters": {"village": "桥"}},
    "filter by state": {"filters": {"state": "=整改中|已申报"}},
    "filter by remaining": {"filters": {"remaining": "5~10"}},
    "order by area": {"order": "issued_area", "ascending": False},
    "order by person": {"order": "person"},
    "order by remaining": {"order": "remaining"},
    "state and order by person": {"filters": {"state": "=整改中|已申报"}, "order": "person"},
    "what is open, by remaining": {"view": "open", "order": "remaining", "ascending": False},
    "village and order by deadline": {"filters": {"village": "桥"}, "order": "deadline"},
    "search by initials": {"text": "bq"},
    "search by number": {"text": "00123"},
}


class Desk:
    """A ledger with the lanes and the model of its table, and a heart that beats in the window's thread."""

    def __init__(self, folder: str) -> None:
        """Open the ledger and start beating."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from gengdi_desktop.ledger.service import open_ledger
        from gengdi_desktop.system.clock import SystemClock
        from gengdi_desktop.ui.application import dress, make_application
        from gengdi_desktop.ui.jobs import Jobs
        from gengdi_desktop.ui.models.plot_columns import BY_KEY, USUAL, USUAL_FROZEN
        from gengdi_desktop.ui.models.plot_source import LedgerPlots
        from gengdi_desktop.ui.models.plot_table_model import PlotTableModel
        from gengdi_desktop.ui.theme import LIGHT
        from gengdi_desktop.ui.widgets.table_view import TableView

        self.app: QApplication = make_application()
        dress(self.app, LIGHT, 1.0)
        self.ledger = open_ledger(Path(folder), SystemClock())
        self.jobs = Jobs()
        self.source = LedgerPlots(self.ledger)
        self.model = PlotTableModel(self.source, self.jobs, self.ledger.today(), 3)
        columns = tuple(BY_KEY[key] for key in USUAL)
        self.table = TableView("图斑台账", self.model, columns, frozen=USUAL_FROZEN, filters=True, totals=True)
        self.table.resize(1100, 640)
        self.table.show()
        self.gap = 0.0
        self.spent = (0.0, 0.0)
        self._last = (0.0, 0.0, 0.0)
        self.forget_gap()
        self._timer = QTimer()
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def first(self, **wish: Any) -> float:
        """Seconds until the first rows are here; the question for the rest is dropped by the next one."""
        return self.ask(until="first", **wish)[0]

    def ask(self, *, until: str = "all", **wish: Any) -> tuple[float, float]:
        """Seconds until the first rows are here, and until all plots are known."""
        from gengdi_desktop.ui.models.plot_source import PlotWish

        told: dict[str, float] = {}
        found = self.model.found.connect(lambda _plots: told.setdefault("first", time.perf_counter()))
        counted = self.model.counted.connect(lambda _plots: told.setdefault("all", time.perf_counter()))
        started = time.perf_counter()
        self.model.ask(PlotWish(**wish))
        self.until(lambda: until in told)
        self.model.found.disconnect(found)
        self.model.counted.disconnect(counted)
        return told["first"] - started, told[until] - started

    def until(self, done: Callable[[], bool]) -> None:
        """Let the window live until something has come."""
        while not done():
            self.app.processEvents()
            time.sleep(0.0005)

    def forget_gap(self) -> None:
        """Begin a new look at the gaps."""
        self._last, self.gap, self.spent = self._now(), 0.0, (0.0, 0.0)

    def told_gap(self) -> str:
        """The processor time in the longest gap: on a busy machine much of it may be nobody's here."""
        process, window = (round(seconds * 1000) for seconds in self.spent)
        return f"{process} ms of processor time in it, {window} of the window's own thread"

    def close(self) -> None:
        """Put everything away."""
        self._timer.stop()
        self.jobs.close()
        self.ledger.close()

    @staticmethod
    def _now() -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), time.thread_time()

    def _beat(self) -> None:
        now = self._now()
        passed, process, window = (after - before for after, before in zip(now, self._last, strict=True))
        if passed > self.gap:
            self.gap, self.spent = passed, (process, window)
        self._last = now


def write(folder: str) -> tuple[float, Any]:
    """Make the ledger."""
    from bench.big_ledger import write_ledger

    with Stopwatch() as watch:
        write_ledger(Path(folder), PLOTS)
    return watch.seconds, PLOTS


def floors(database: str) -> tuple[float, Any]:
    """Plain sqlite3: the ids of the same plots, whole lists; the better of three."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    found = {}
    for name, statement in _FLOORS.items():
        times = []
        for _ in range(3):
            with Stopwatch() as watch:
                connection.execute(statement).fetchall()
            times.append(watch.seconds)
        found[name] = min(times)
    connection.close()
    return sum(found.values()), found


def ours(folder: str) -> tuple[float, Any]:
    """The table's questions one after the other; the first rows of the opened ledger first."""
    desk = Desk(folder)
    found: dict[str, Any] = {}
    with Stopwatch() as watch:
        found["open"] = desk.ask()
        found["open again"] = desk.ask()
        desk.source.view_counts(lambda _done, _total: None)
        desk.forget_gap()
        for name, wish in _WISHES.items():
            desk.ask()
            found[name] = min(desk.ask(**wish) for _ in range(3))
        found["orders"] = every_order(desk)
        found["gap"], found["gap told"] = desk.gap, desk.told_gap()
        scroll(desk, found)
    desk.close()
    return watch.seconds, found


def every_order(desk: Desk) -> dict[str, float]:
    """Seconds until the first rows stand in the order of each column, up and down; the better of two."""
    from gengdi_desktop.ui.models.plot_columns import COLUMNS

    found = {}
    for column in COLUMNS:
        for ascending in (True, False) if column.sortable else ():
            wish = {"order": column.asked, "ascending": ascending}
            found[f"{column.title}{'↑' if ascending else '↓'}"] = min(desk.first(**wish) for _ in range(2))
    return found


def scroll(desk: Desk, found: dict[str, Any]) -> None:
    """Jump through the whole table; every line in sight must come, and the window must go on living."""
    desk.ask()
    desk.forget_gap()
    for step in range(40):
        row = step * 4_999
        desk.table.choose_row(row)
        desk.until(lambda row=row: desk.model.line(row) is not None)  # type: ignore[misc]
    found["scroll gap"], found["scroll gap told"] = desk.gap, desk.told_gap()


def importing(folder: str, list_path: str) -> tuple[float, Any]:
    """The same questions while a list is imported in the writing lane."""
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.intake import service as intake
    from gengdi_desktop.intake.previews import ImportOptions
    from gengdi_desktop.ui.jobs import Lane

    desk = Desk(folder)
    desk.ask()
    desk.source.view_counts(lambda _done, _total: None)  # as the page does; it also reads the names for the search
    over: list[str] = []
    slowest = ("", 0.0)

    def work(progress: Any) -> str:
        preview = intake.preview(desk.ledger, Path(list_path), ImportOptions(), progress)
        return f"{intake.run(desk.ledger, preview, by=Actor('张三'), progress=progress).imported} rows"

    desk.forget_gap()
    with Stopwatch() as watch:
        desk.jobs.run(Lane.WRITE, work, over.append, lambda error: over.append(error.message))
        while not over:
            for name, wish in _WISHES.items():
                slowest = max(slowest, (name, desk.ask(**wish)[0]), key=lambda one: one[1])
    found = {
        "gap": desk.gap,
        "told": desk.told_gap(),
        "slowest": slowest[1],
        "slowest wish": slowest[0],
        "imported": over[0],
    }
    desk.close()
    return watch.seconds, found


def compare(scratch: Path) -> Comparison:
    """All of it on one ledger."""
    folder, listed = scratch / "ledger", scratch / "list.xlsx"
    made = measure("bench.plot_table:write", folder=str(folder))
    plain = measure("bench.plot_table:floors", database=str(folder / "ledger.gengdi")).answer
    table = measure("bench.plot_table:ours", folder=str(folder))
    write_list(listed, IMPORTED)
    busy = measure("bench.plot_table:importing", folder=str(folder), list_path=str(listed)).answer
    found = table.answer
    figures = [Figure("first rows after opening", found["open"][0], "s", 1.0)]
    for name in _WISHES:
        floor = ("sqlite3, all ids", plain[name]) if name in plain else None
        figures.append(Figure(f"{name}: first rows", found[name][0], "s", 2.0 if floor else 0.3, floor))
    orders = sorted(found["orders"].items(), key=lambda one: -one[1])
    figures.append(Figure(f"worst of {len(orders)} orders, {orders[0][0]}: first rows", orders[0][1], "s", 0.3))
    figures += [
        Figure("longest gap of the window, questions", found["gap"] * 1000, "ms", GAP_MS),
        Figure("longest gap of the window, scrolling", found["scroll gap"] * 1000, "ms", GAP_MS),
        Figure("longest gap of the window, importing", busy["gap"] * 1000, "ms", GAP_MS),
        Figure("slowest first rows, importing", busy["slowest"], "s", 1.0),
    ]
    notes = [
        f"all plots known: {', '.join(f'{name} {found[name][1]:.2f} s' for name in _WISHES)}",
        f"next orders: {', '.join(f'{name} {seconds:.2f} s' for name, seconds in orders[1:6])}",
        f"longest gaps: {found['gap told']}; scrolling {found['scroll gap told']}; importing {busy['told']}",
        f"while {busy['imported']} are imported: slowest first rows {busy['slowest']:.2f} s ({busy['slowest wish']})",
        f"ledger written in {made.seconds:.0f} s; memory of the table's process {table.own_mb:.0f} MB",
    ]
    return Comparison(f"table of {PLOTS} plots", tuple(figures), tuple(notes))
