"""Schema steps, tried with made-up ones: whole or not at all, and the journal says what they left."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.errors import ProgramError
from gengdi_desktop.storage import journal, rebase, replay, schema
from gengdi_desktop.storage.database import Database
from gengdi_desktop.storage.layout import CODES
from gengdi_desktop.storage.steps.sequence import STEPS, Step
from gengdi_desktop.storage.tables import NoteRow, PlotRow
from tests.helpers.databases import asked, behind_the_back, contents, stamp

Run = Callable[[Any], None]
OLD, NEW = 1, 2


@pytest.fixture
def old(fresh: Path, tmp_path: Path) -> Path:
    """A ledger of the first schema with a plot, a note and a private value."""
    path = Path(shutil.copy(fresh, tmp_path))
    opened = Database(path, write=True)
    with opened.action(stamp()) as work:
        contact = work.private("plot.party_contact", "13800000000")
        work.session.add(PlotRow(id="p1", village="白圩村", remark="旧", party_contact=contact))
        work.session.add(NoteRow(plot_id="p1", body="一"))
        work.bulk(PlotRow, ["id", "village"], [(f"q{number}", "连桥村") for number in range(1500)])
        work.commit()
    opened.close()
    return path


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that knows the next schema."""
    monkeypatch.setattr(replay, "SCHEMA_VERSION", NEW)


def sql(*statements: str) -> Run:
    """A step of these statements."""

    def run(connection: Any) -> None:
        for statement in statements:
            connection.execute(statement)

    return run


def bring_up(path: Path, *runs: Run) -> None:
    """Take a file up by steps from the first schema on."""
    steps = [Step(OLD + number, run) for number, run in enumerate(runs, start=1)]
    rebase.bring_up(path, steps, stamp("rebase", actor=rebase.SYSTEM_ACTOR))


ADD_COLUMN = sql(
    "ALTER TABLE plot ADD COLUMN soil TEXT NOT NULL DEFAULT ''", "UPDATE plot SET soil = '红壤' WHERE id = 'p1'"
)
ADD_TABLE = sql(
    "CREATE TABLE ditch (id INTEGER PRIMARY KEY AUTOINCREMENT, plot_id TEXT)", "INSERT INTO ditch VALUES (7, 'p1')"
)
REBUILD = sql(
    "CREATE TABLE note_new (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, plot_id TEXT NOT NULL REFERENCES plot (id), "
    "told TEXT NOT NULL DEFAULT '')",
    "INSERT INTO note_new SELECT id, plot_id, body FROM note",
    "DROP TABLE note",
    "ALTER TABLE note_new RENAME TO note",
)


def sound(path: Path) -> replay.Trial:
    """The verdict on a file, which must be good."""
    trial = replay.check_file(path)
    assert trial.problems == []
    assert trial.replayed
    return trial


def test_there_is_no_step_before_the_first_release() -> None:
    assert (STEPS, schema.SCHEMA_VERSION) == ((), OLD)


def test_a_step_writes_an_entry_that_carries_every_row(old: Path) -> None:
    before = contents(old)
    bring_up(old, ADD_COLUMN)
    assert asked(old, "PRAGMA user_version") == [(NEW,)]
    assert asked(old, "SELECT seq, action, actor, auth FROM journal_entry ORDER BY seq DESC LIMIT 1") == [
        (3, "rebase", "程序升级", "stated")
    ]
    carried: dict[str, int] = {}
    for (body,) in asked(old, "SELECT body FROM journal_block WHERE seq = 3 ORDER BY part"):
        for op, code, names, rows in journal.decode_block(body):
            assert op == "+*"
            assert len(rows) <= journal.BLOCK_ITEMS
            assert "soil" in names or code != "plot"
            carried[code] = carried.get(code, 0) + len(rows)
    assert carried == {code: len(rows) for code, rows in before.items() if rows}
    assert sound(old).entries == 3


def test_the_check_begins_at_the_newest_rebase(old: Path) -> None:
    bring_up(old, ADD_COLUMN, ADD_TABLE, REBUILD)
    assert asked(old, "PRAGMA user_version") == [(4,)]
    assert asked(old, "SELECT count(*) FROM journal_entry WHERE action = 'rebase'") == [(1,)]
    assert asked(old, "SELECT id, plot_id, told FROM note") == [(1, "p1", "一")]
    sound(old)
    with behind_the_back(old) as connection:
        connection.execute("UPDATE plot SET soil = '黄壤' WHERE id = 'p1'")
        connection.execute("UPDATE ditch SET plot_id = 'p2'")
        connection.execute("UPDATE note SET told = '二'")
    found = {(one.table, one.row, one.field) for one in replay.check_file(old).problems}
    assert found == {("plot", "p1", "soil"), ("ditch", "7", "plot_id"), ("note", "1", "told")}


def test_entries_before_the_rebase_are_still_chained(old: Path) -> None:
    bring_up(old, ADD_COLUMN)
    with behind_the_back(old) as connection:
        connection.execute("DROP TRIGGER journal_entry_no_update")
        connection.execute("UPDATE journal_entry SET actor = '李建国' WHERE seq = 2")
        connection.execute(schema.TRIGGERS["journal_entry_no_update"])
    [finding] = replay.check_file(old).problems
    assert (finding.table, finding.row, finding.field) == ("journal_entry", "2", "hash")


@pytest.mark.usefixtures("newer")
def test_an_older_file_is_checked_in_its_own_terms(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next schema will know tables that this file has not: that is no damage."""
    monkeypatch.setattr(replay, "CODES", {**CODES, "ditch": PlotRow})
    sound(old)


def fail_midway(connection: Any) -> None:
    connection.execute("UPDATE plot SET remark = 'half done'")
    connection.execute("CREATE TABLE half (id TEXT PRIMARY KEY)")
    raise ProgramError("made_up", "半路出错。")


BAD_STEPS: dict[str, tuple[Run, str]] = {
    "fails midway": (fail_midway, "made_up"),
    "wrong statement": (sql("UPDATE plot SET remark = 'half done'", "SELECT no_such_column FROM plot"), "storage"),
    "loses a trigger": (sql("DROP TRIGGER journal_block_no_delete"), "schema_steps"),
    "drops the journal": (sql("DROP TABLE journal_block"), "schema_steps"),
    "breaks a reference": (sql("DELETE FROM plot WHERE id = 'p1'"), "schema_steps"),
    "leaves a value no journal holds": (sql("UPDATE plot SET remark = x'ff' WHERE id = 'p1'"), "journal_value"),
}


@pytest.mark.parametrize("how", BAD_STEPS)
def test_a_bad_step_leaves_the_file_as_it_was(old: Path, how: str) -> None:
    before = contents(old)
    run, code = BAD_STEPS[how]
    with pytest.raises(ProgramError) as refusal:
        bring_up(old, ADD_COLUMN, run)
    assert refusal.value.code == code
    assert contents(old) == before
    assert asked(old, "PRAGMA user_version") == [(OLD,)]
    assert sound(old).entries == 2


def test_a_missing_step_is_noticed(old: Path) -> None:
    with pytest.raises(ProgramError) as refusal:
        rebase.bring_up(old, [Step(OLD + 2, ADD_COLUMN)], stamp("rebase"))
    assert refusal.value.code == "schema_steps"
    assert "第 2 步" in refusal.value.message
    assert asked(old, "PRAGMA user_version") == [(OLD,)]


def test_steps_that_were_taken_are_not_taken_again(old: Path) -> None:
    bring_up(old, ADD_COLUMN)
    with behind_the_back(old) as connection:
        assert connection.execute("SELECT count(*) FROM journal_entry").fetchone() == (3,)
    bring_up(old, ADD_COLUMN)
    assert asked(old, "SELECT count(*) FROM journal_entry") == [(3,)]


def test_work_goes_on_after_a_rebase(old: Path) -> None:
    bring_up(old, sql("CREATE INDEX ix_new ON plot (cause)"))
    opened = Database(old, write=True)
    with opened.action(stamp("edit")) as work:
        work.session.get_one(PlotRow, "p1").remark = "新"
        assert work.commit().seq == 4
    with opened.action(stamp("note")) as work:
        work.session.add(NoteRow(plot_id="p1"))
        work.commit()
    opened.close()
    assert asked(old, "SELECT max(id) FROM note") == [(2,)]
    sound(old)
