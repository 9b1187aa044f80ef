"""23 townships with 200,000 plots in all: taking in their submissions beside the raw insert of the same rows.

    .venv/bin/python -m bench.county_merge [PLOTS]

The county has imported the list; each township has the plots of its own, has worked on all of them, and has packed its
submission. The floor puts the rows of these packages, which stand in memory by then, into the same tables with the same
keys and indexes, one transaction a township: no journal, no check, nothing read.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from bench.comparison import Comparison, Figure
from bench.lists import COUNTY, plots
from bench.measuring import Stopwatch, measure
from gengdi_desktop.domain.choices import Finding, ProblemKind
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import Desk, State
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.service import NewLedger, create_ledger, open_ledger
from gengdi_desktop.storage.database import Database
from gengdi_desktop.storage.tables import (
    AcceptanceRow,
    IdentifierRow,
    ListLineRow,
    PlotListRow,
    PlotRow,
    ProgressRow,
    RoundRow,
)
from gengdi_desktop.system.clock import SystemClock

PLOTS = 200_000
_TURNS = 3
"""Both take turns, and the quickest of each counts: what else the machine does only ever makes a run longer."""
_BY = Actor("张三")
_MADE = datetime(2023, 8, 20, 2, 0, tzinfo=UTC)

_PLOT = (
    *("id", "entry", "position", "county", "township", "township_code", "village", "village_code", "plot_no"),
    *("outflow_year", "kind", "class_system", "class_before", "class_before_name", "class_after", "class_after_name"),
    *("plot_area", "cultivated_area", "issued_area", "state", "remark"),
)
_CHECKED = ("checked_on", "finding", "cause", "party", "problem_kind", "rectify")
_ROUND = (
    *("id", "plot_id", "number", "target", "restored", "disposal_class", "measure", "person", "deadline"),
    *("started_on", "crop", "sown_on", "claimed_on", "claimed_by", "accepted_on"),
)
_PROGRESS = ("id", "plot_id", "round", "event_date", "restored", "crop", "source")
_ACCEPTANCE = ("id", "plot_id", "round", "level", "on_date", "group_name", "by_name", "restored")
_TOLD = ("plot", "round", "progress", "acceptance")


@dataclass(frozen=True)
class _Plot:
    """A plot before anybody worked on it: the values of :data:`_PLOT`, and its BSM."""

    values: Mapping[str, Any]
    bsm: str


def prepare(scratch: Path, count: int) -> None:
    """Make ``county`` (a ledger folder) and ``stick`` (a folder with a submission of each township)."""
    from gengdi_desktop.signing.identity import create

    listed = _listed(count)
    units: dict[str, list[_Plot]] = {}
    for plot in listed:
        units.setdefault(plot.values["township"], []).append(plot)
    county = _ledger(scratch / "county", Desk.COUNTY, "进贤县", COUNTY)
    _import(county, listed)
    stick = scratch / "stick"
    stick.mkdir()
    for at, (name, some) in enumerate(units.items()):
        code = some[0].values["township_code"]
        with _ledger(scratch / "township", Desk.TOWNSHIP, name, code) as township:
            organ = township.info.organ
            identity = create(
                scratch / "keys", unit=organ, person=name[:2], role="经办人", passphrase="bench-bench", at=_MADE
            )
            _import(township, some)
            _work(township, some)
            _pack(township, stick / f"{at:02d}.gdpkg", identity)
        _trust(county, identity)
        shutil.rmtree(scratch / "township")
    county.close()


def _listed(count: int) -> list[_Plot]:
    found = []
    for at, (plot, number, bsm) in enumerate(plots(count)):
        area = plot.cultivated_area.micro_mu
        values = (
            *(f"{at * 0x9E3779B97F4A7C15 % 2**64:032x}", 0, at, "进贤县", plot.unit.name, plot.unit.code),
            *(plot.village.short_name, plot.village.code, number, int(plot.year), plot.kind, "third_survey"),
            *(*plot.class_before, *plot.class_after, area, area, area, State.ISSUED.value, ""),
        )
        found.append(_Plot(dict(zip(_PLOT, values, strict=True)), bsm))
    return sorted(found, key=lambda one: str(one.values["id"]))


def _ledger(folder: Path, desk: Desk, unit: str, code: str) -> Ledger:
    new = NewLedger(desk, "进贤县", unit, _BY.name, county_code=COUNTY, unit_code=code)
    return create_ledger(folder, new, SystemClock())


def _import(ledger: Ledger, some: Sequence[_Plot]) -> None:
    """As an import writes it: plots, lines with their cells, identifiers."""
    with ledger.begin(Operation.IMPORT, _BY) as work:
        listed = PlotListRow(name="清单", kind="outflow", issuer="省厅")
        work.session.add(listed)
        work.session.flush()
        key = listed.id or 0
        work.bulk(PlotRow, _PLOT, (tuple({**one.values, "entry": work.seq}.values()) for one in some))
        first = work.new_keys(IdentifierRow, len(some))
        names = ("id", "plot_id", "kind", "value", "list_id")
        work.bulk(
            IdentifierRow, names, ((first + at, one.values["id"], "bsm", one.bsm, key) for at, one in enumerate(some))
        )
        first = work.new_keys(ListLineRow, len(some))
        columns = ("id", "list_id", "sheet", "row", "plot_id", "status", "issued_text", "issued_unit", "issued_area")
        work.bulk(
            ListLineRow,
            (*columns, "cells"),
            (
                (
                    *(first + at, key, "清单", at + 4, one.values["id"], "entered", "5.28", "mu"),
                    one.values["issued_area"],
                    f'["{at}","{one.values["village"]}","{one.values["plot_no"]}","{one.bsm}","水田","果园","5.28"]',
                )
                for at, one in enumerate(some)
            ),
        )
        work.commit()


def _work(ledger: Ledger, some: Sequence[_Plot]) -> None:
    """Everything that a township does with a plot until it has accepted it, in one entry each stage."""
    checked = ("2023-07-26", Finding.TRUE.value, "改种果树", "农户", ProblemKind.NON_GRAIN.value, 1)
    with ledger.begin(Operation.CHECK, _BY) as work:
        work.apply(_changed(some, dict(zip(_CHECKED, checked, strict=True)) | {"state": "checked"}, "issued"))
        work.commit()
    with ledger.begin(Operation.PLAN, _BY) as work:
        work.apply(_changed(some, {"state": "accepted"}, "checked"))
        work.bulk(RoundRow, _ROUND, _rounds(some))
        first = work.new_keys(ProgressRow, 2 * len(some))
        work.bulk(ProgressRow, _PROGRESS, _progress(some, first))
        first = work.new_keys(AcceptanceRow, len(some))
        work.bulk(AcceptanceRow, _ACCEPTANCE, _acceptances(some, first))
        work.commit()


def _changed(some: Sequence[_Plot], new: Mapping[str, Any], state: str) -> Iterator[list[Any]]:
    old = dict.fromkeys(_CHECKED, "") | {"checked_on": None, "rectify": None, "state": state}
    for one in some:
        yield ["~", "plot", one.values["id"], {name: [old[name], value] for name, value in new.items()}]


def _rounds(some: Sequence[_Plot]) -> Iterator[tuple[Any, ...]]:
    for one in some:
        plot, area = one.values["id"], one.values["issued_area"]
        yield (
            *(f"{plot}:1", plot, 1, area, area, "immediate", "清理果树后复种", "章建平", "2023-08-15"),
            *("2023-08-01", "晚稻", "2023-08-05", "2023-08-12", "王秀英", "2023-08-14"),
        )


def _progress(some: Sequence[_Plot], first: int) -> Iterator[tuple[Any, ...]]:
    for at, one in enumerate(some):
        plot, area = one.values["id"], one.values["issued_area"]
        yield first + 2 * at, plot, 1, "2023-08-05", area // 2, "晚稻", "act"
        yield first + 2 * at + 1, plot, 1, "2023-08-10", area, "晚稻", "act"


def _acceptances(some: Sequence[_Plot], first: int) -> Iterator[tuple[Any, ...]]:
    for at, one in enumerate(some):
        plot, area = one.values["id"], one.values["issued_area"]
        yield first + at, plot, 1, "township", "2023-08-14", "乡验收组", "李建国", area


def _pack(ledger: Ledger, target: Path, identity: Any) -> None:
    from gengdi_desktop.exchange.manifest import PackageKind
    from gengdi_desktop.handover.service import pack

    pack(ledger, PackageKind.SUBMISSION, target, by=_BY, identity=identity)


def _trust(ledger: Ledger, identity: Any) -> None:
    from gengdi_desktop.ledger import store

    with ledger.begin(Operation.TRUST, _BY) as work:
        store.add_certificate(work.session, identity.certificate, "trusted")
        work.commit()


# ----------------------------------------------------------------------------------------------------------- measured


def ours(folder: str, stick: str) -> tuple[float, Any]:
    """Take in the whole stick: judged, matched, merged, journalled, each submission one entry."""
    from gengdi_desktop.consolidation.service import Fate, take_in

    with open_ledger(Path(folder), SystemClock()) as ledger:
        with Stopwatch() as watch:
            found = take_in(ledger, [Path(stick)], by=_BY)
        refused = [one.sentence for one in found.files if one.fate is not Fate.TAKEN]
        with ledger.reading() as session:
            connection = session.connection()
            held = {table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in _TOLD}
    return watch.seconds, {"taken": found.count(Fate.TAKEN), "refused": refused, "rows": held}


def floor(database: str, stick: str) -> tuple[float, Any]:
    """The rows of all packages by plain sqlite3, into tables and indexes as a ledger has them."""
    path = Path(database)
    Database(path, write=True, create=True).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    watch, count = Stopwatch(), 0
    for package in sorted(Path(stick).iterdir()):
        tables = [_plain(connection, *one) for one in _rows(package)]
        with watch:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in tables:
                connection.executemany(statement, rows)
                count += len(rows)
            connection.execute("COMMIT")
    connection.close()
    return watch.seconds, {"rows": count}


def _rows(package: Path) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
    """The rows of a package, table by table."""
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            if not name.startswith("data/") or name == "data/receipt.jsonl":
                continue
            head, *lines = archive.read(name).splitlines()
            told = orjson.loads(head)
            rows = [orjson.loads(line) for line in lines]
            yield told["table"], told["fields"], rows


def _plain(connection: sqlite3.Connection, table: str, fields: list[str], rows: list[list[Any]]) -> Any:
    """The statement, and the rows; numbers that each desk gives for itself are given anew."""
    columns = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
    numbered = columns[fields[0]] == "INTEGER"
    names = fields[1:] if numbered else fields
    places = ", ".join("?" * len(names))
    statement = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({places})"
    return statement, [tuple(row[1:] if numbered else row) for row in rows]


def compare(scratch: Path, count: int = PLOTS) -> Comparison:
    """Both, on the same stick; each run has a copy of the county's ledger of its own."""
    prepare(scratch, count)
    raws, wholes = [], []
    for turn in range(_TURNS):
        raws.append(
            measure("bench.county_merge:floor", database=str(scratch / f"{turn}.db"), stick=str(scratch / "stick"))
        )
        folder = scratch / f"county{turn}"
        shutil.copytree(scratch / "county", folder)
        wholes.append(measure("bench.county_merge:ours", folder=str(folder), stick=str(scratch / "stick")))
        shutil.rmtree(folder)
    packages = len(list((scratch / "stick").iterdir()))
    for one in wholes:
        expected = {"plot": count, "round": count, "progress": 2 * count, "acceptance": count}
        if one.answer != {"taken": packages, "refused": [], "rows": expected}:
            raise AssertionError(one.answer)
    raw, whole = (min(turns, key=lambda one: one.seconds) for turns in (raws, wholes))
    size = sum(path.stat().st_size for path in (scratch / "stick").iterdir())
    return Comparison(
        f"{packages} submissions with {count} plots, {raw.answer['rows']} rows, {size / 1e6:.0f} MB",
        (
            Figure(
                "all taken in, judged and journalled", whole.seconds, "s", 4, ("raw insert of the rows", raw.seconds)
            ),
        ),
        (
            f"processor time {whole.processor:.1f} s, floor {raw.processor:.1f} s (reading the rows included)",
            f"peak {whole.own_mb:.0f} MB, of a child {whole.children_mb:.0f} MB; floor {raw.own_mb:.0f} MB",
            "turn by turn: "
            + ", ".join(
                f"{ours.seconds:.2f} s to {bare.seconds:.2f} s" for ours, bare in zip(wholes, raws, strict=True)
            ),
        ),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="gengdi-bench-") as place:
        print(compare(Path(place), *map(int, sys.argv[1:])).text())
