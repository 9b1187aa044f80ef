"""Packing 200,000 plots: a whole ledger as a submission with its journal, and a county's tasks for all townships.

Beside the submission stands the least that any program must do for the same bytes: the rows out of SQLite, as lines of
JSON, deflated and hashed once, and written; no order, no signature, nothing read back, nothing noted.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import orjson

from bench.big_ledger import write_ledger
from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.system.reference import divisions

PLOTS = 200_000
_RATIO, _MEGABYTES, _TASK_SECONDS = 2.5, 400, 1.5
_TABLES = ("plot", "round", "identifier")


def floor(ledger: str, target: str) -> tuple[float, Any]:
    """Rows and journal as deflated lines."""
    connection = sqlite3.connect(Path(ledger) / "ledger.gengdi")
    whole = 0
    with Stopwatch() as watch, Path(target).open("wb") as out:
        for table in _TABLES:
            packer, digest = zlib.compressobj(6), hashlib.sha256()
            rows = connection.execute(f"SELECT * FROM {table}")
            while some := rows.fetchmany(1000):
                lines = b"".join(orjson.dumps(row) + b"\n" for row in some)
                digest.update(lines)
                whole += len(lines)
                out.write(packer.compress(lines))
            out.write(packer.flush())
        packer, digest = zlib.compressobj(6), hashlib.sha256()
        for (body,) in connection.execute("SELECT body FROM journal_block ORDER BY seq, part"):
            lines = zlib.decompress(body)
            digest.update(lines)
            whole += len(lines)
            out.write(packer.compress(lines))
        out.write(packer.flush())
        out.flush()
        os.fsync(out.fileno())
    connection.close()
    return watch.seconds, whole


def submission(ledger: str, target: str, keys: str) -> tuple[float, Any]:
    """One submission of the whole ledger."""
    from gengdi_desktop.exchange.manifest import PackageKind
    from gengdi_desktop.handover.service import pack
    from gengdi_desktop.ledger.service import actor, open_ledger
    from gengdi_desktop.system.clock import SystemClock

    identity = _identity(keys)
    with open_ledger(Path(ledger), SystemClock()) as opened:
        by = actor(opened, None)
        with Stopwatch() as watch:
            done = pack(opened, PackageKind.SUBMISSION, Path(target), by=by, identity=identity)
    return watch.seconds, {"plots": done.plots, "size": done.size}


def tasks(ledger: str, target: str, keys: str) -> tuple[float, Any]:
    """A task for each township that has plots."""
    from gengdi_desktop.exchange.manifest import PackageKind
    from gengdi_desktop.handover.service import PackOptions, pack, units_due
    from gengdi_desktop.ledger.service import actor, open_ledger
    from gengdi_desktop.system.clock import SystemClock

    identity = _identity(keys)
    with open_ledger(Path(ledger), SystemClock()) as opened:
        by = actor(opened, None)
        units = [one for one in units_due(opened) if one.plots]
        with Stopwatch() as watch:
            done = [
                pack(
                    opened,
                    PackageKind.TASK,
                    Path(target) / f"{at}.gdpkg",
                    by=by,
                    identity=identity,
                    options=PackOptions(unit_code=one.key),
                )
                for at, one in enumerate(units)
            ]
    return watch.seconds, {"packages": len(done), "plots": sum(one.plots for one in done)}


def _identity(keys: str) -> Any:
    from gengdi_desktop.signing.identity import create
    from gengdi_desktop.system.clock import SystemClock

    now, secret = SystemClock().now(), "bench-bench"
    return create(Path(keys), unit="进贤县人民政府", person="张三", role="", passphrase=secret, at=now)


def _townships() -> list[str]:
    known = divisions()
    county = known.find_county("进贤县")
    return [one.name for one in known.children(county)] if county is not None else []


def compare(scratch: Path) -> Comparison:
    """Measure all of it."""
    township, county, keys = scratch / "township", scratch / "county", str(scratch / "keys")
    write_ledger(township, PLOTS, desk=Desk.TOWNSHIP)
    write_ledger(county, PLOTS, townships=_townships())
    stick = scratch / "stick"
    stick.mkdir()
    least = measure("bench.packing:floor", runs=2, ledger=str(township), target=str(scratch / "floor.bin"))
    whole = measure("bench.packing:submission", runs=2, ledger=str(township), target=str(stick / "a.gdpkg"), keys=keys)
    many = measure("bench.packing:tasks", ledger=str(county), target=str(stick), keys=keys)
    each = many.seconds / many.answer["packages"]
    return Comparison(
        f"packing {PLOTS:,} plots",
        (
            Figure(
                "a submission with its journal", whole.seconds, "s", _RATIO, ("rows and blocks deflated", least.seconds)
            ),
            Figure("its memory", whole.own_mb, "MB", _MEGABYTES),
            Figure("one of a county's tasks", each, "s", _TASK_SECONDS),
        ),
        (
            f"{least.answer / 1e6:.0f} MB of lines, {whole.answer['size'] / 1e6:.0f} MB packed",
            f"{many.answer['packages']} tasks in {many.seconds:.1f} s, {many.own_mb:.0f} MB",
            f"processors: submission {whole.processor:.1f} s, floor {least.processor:.1f} s",
        ),
    )
