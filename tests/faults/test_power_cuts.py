"""What was said to be saved is there after a power cut, and nothing is found half done."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.check import check
from tests.helpers.clock import FixedClock
from tests.helpers.fault_works import SAID
from tests.helpers.faults import WarmProcess
from tests.helpers.power_cut import Call, after_power_cuts, read_log

OLD, NEW = {"张三"}, {"张三", "李四"}
SAMPLE, WHOLE = 60, 1500


@pytest.fixture
def before(tmp_path: Path) -> Path:
    folder = tmp_path / "before"
    new = service.NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="张三")
    service.create_ledger(folder / "ledger", new, FixedClock()).close()
    return folder


def logged(entry: str, library: Path, before: Path, name: str) -> tuple[list[Call], Path]:
    """The calls of one work that ran to its end, and the folder in which it ran."""
    watched = before.parent.resolve() / "watched"
    shutil.copytree(before, watched)
    log = before.parent / "log"
    with WarmProcess(f"tests.helpers.fault_works:{entry}", library, name=name) as warm:
        stopped = warm.run(watched, log=log)
    assert stopped.said == "done", stopped
    return read_log(log), watched


def said_at(calls: list[Call]) -> int:
    """The number of calls after which the person had been told."""
    return next(place for place, call in enumerate(calls) if call.path.endswith(SAID)) + 1


def members_of(folder: Path) -> set[str]:
    ledger = service.open_ledger(folder / "ledger", FixedClock())
    try:
        checked = check(ledger)
        assert checked.ok, checked.problems
        return {member.name for member in service.members(ledger)}
    finally:
        ledger.close()


def test_a_saved_action_outlives_a_power_cut(faultio: Path, before: Path, tmp_path: Path, *, full: bool) -> None:
    calls, watched = logged("one_action", faultio, before, "李四")
    seen = set()
    for cut, left in after_power_cuts(calls, before, watched, tmp_path, count=WHOLE if full else SAMPLE):
        members = members_of(left)
        assert members in (OLD, NEW), cut
        assert cut < said_at(calls) or members == NEW, cut
        seen.add(members == NEW)
    assert seen == {True, False}


def rows_of(database: Path) -> int | None:
    """How many rows a database holds; None where it is damaged."""
    connection = sqlite3.connect(database)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            return None
        return int(connection.execute("SELECT count(*) FROM plot").fetchone()[0])
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()


def test_the_harness_sees_the_damage_of_a_database_that_does_not_sync(faultio: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    connection = sqlite3.connect(before / "plots.db")
    connection.execute("CREATE TABLE plot (name TEXT)")
    connection.close()
    calls, watched = logged("unsynced_rows", faultio, before, "plots.db")
    found = [
        (cut, rows_of(left / "plots.db"))
        for cut, left in after_power_cuts(calls, before, watched, tmp_path, count=SAMPLE)
    ]
    assert any(rows not in {0, 500} for _, rows in found) or any(
        cut >= said_at(calls) and rows != 500 for cut, rows in found
    )
