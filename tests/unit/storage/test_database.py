"""Opening, reading beside writing, one writer, and files that are not ours."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from gengdi_desktop.errors import Cancelled, ProgramError, SurroundingsError
from gengdi_desktop.storage import database as databases
from gengdi_desktop.storage import driver, replay
from gengdi_desktop.storage.database import Database, user_version
from gengdi_desktop.storage.schema import APPLICATION_ID, SCHEMA_VERSION
from gengdi_desktop.storage.tables import PlotRow
from tests.helpers.databases import asked, behind_the_back, contents, stamp


def add(database: Database, plot: str) -> None:
    """One small action."""
    with database.action(stamp()) as work:
        work.session.add(PlotRow(id=plot))
        work.commit()


def digest(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(path: Path) -> str:
    """The code with which a file is refused; its bytes must stay."""
    before = digest(path) if path.is_file() else ""
    with pytest.raises(SurroundingsError) as refusal:
        user_version(path)
    assert refusal.value.message.endswith("。")
    assert before == (digest(path) if path.is_file() else "")
    return refusal.value.code


# ----------------------------------------------------------------------------------------------------- whose file it is


def test_a_ledger_says_its_version(fresh: Path) -> None:
    assert user_version(fresh) == SCHEMA_VERSION


def test_a_file_that_is_away_is_not_found(tmp_path: Path) -> None:
    assert refused(tmp_path / "ledger.gengdi") == "not_found"
    assert refused(tmp_path) == "not_found"


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"PK\3\4 not a database at all" * 9, b"\0" * 200])
def test_files_of_other_kinds_are_not_ledgers(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.gengdi"
    path.write_bytes(content)
    assert refused(path) == "not_a_ledger"


def test_a_foreign_database_is_not_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.gengdi"
    with behind_the_back(path) as connection:
        connection.execute("CREATE TABLE plot (id)")
    assert refused(path) == "not_a_ledger"


def test_a_newer_file_is_refused_and_stays_as_it_is(fresh: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(fresh, tmp_path))
    with behind_the_back(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert refused(path) == "too_new"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_the_version_is_known_while_it_still_stands_in_the_log(tmp_path: Path) -> None:
    path, copy = tmp_path / "ledger.gengdi", tmp_path / "found after a crash"
    copy.mkdir()
    held = sqlite3.connect(path, isolation_level=None)
    held.execute("PRAGMA journal_mode = WAL")
    held.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    held.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    held.execute("CREATE TABLE plot (id)")
    for name in (path.name, path.name + "-wal"):
        shutil.copy(tmp_path / name, copy)
    held.close()
    assert path.stat().st_size > 0
    assert int.from_bytes((copy / path.name).read_bytes()[68:72], "big") != APPLICATION_ID
    assert user_version(copy / path.name) == SCHEMA_VERSION


# -------------------------------------------------------------------------------------------------- readers and writers


def test_reading_sees_one_snapshot_and_never_waits(database: Database) -> None:
    with database.reading() as session:
        assert session.exec(select(PlotRow)).all() == []
        with database.action(stamp()) as work:
            work.session.add(PlotRow(id="p1"))
            work.session.flush()
            with database.reading() as other:
                assert other.exec(select(PlotRow)).all() == []
            work.commit()
        assert session.exec(select(PlotRow)).all() == []
    with database.reading() as session:
        assert [row.id for row in session.exec(select(PlotRow))] == ["p1"]


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(SurroundingsError) as refusal, database.reading() as session:
        session.execute(text("DELETE FROM plot_history"))
    assert refusal.value.code == "read_only"


def test_a_ledger_opened_for_reading_refuses_actions(database: Database) -> None:
    reader = Database(database.path, write=False)
    add(database, "p1")
    for attempt in (reader.action(stamp()), reader.unjournalled()):
        with pytest.raises(SurroundingsError) as refusal, attempt:
            pass
        assert refusal.value.code == "read_only"
    with reader.reading() as session:
        assert session.exec(select(PlotRow.id)).all() == ["p1"]
    reader.close()
    add(database, "p2")


def test_actions_of_two_threads_come_one_after_the_other(database: Database) -> None:
    inside: list[int] = []

    def work(number: int) -> None:
        for step in range(5):
            with database.action(stamp()) as opened:
                inside.append(number)
                opened.session.add(PlotRow(id=f"{number}-{step}"))
                opened.session.flush()
                assert inside == [number]
                opened.commit()
                inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked(database.path, "SELECT count(*), max(seq), count(DISTINCT previous) FROM journal_entry") == [
        (16, 16, 16)
    ]
    assert replay.check_file(database.path).problems == []


def test_a_file_held_by_another_program_is_told_after_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(database, "p1")
    monkeypatch.setattr(driver, "BUSY_SECONDS", 0.05)
    other = Database(database.path, write=True)
    with database.action(stamp()), pytest.raises(SurroundingsError) as refusal:
        add(other, "p2")
    assert refusal.value.code == "locked"
    assert "另一个程序" in refusal.value.message
    add(other, "p2")
    other.close()


def test_a_short_wait_is_not_told(database: Database) -> None:
    script = (
        "import sqlite3, sys, time\n"
        "held = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "held.execute('BEGIN IMMEDIATE')\n"
        "print('held', flush=True)\n"
        "time.sleep(0.3)\n"
        "held.execute('ROLLBACK')\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(database.path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        add(database, "p1")
    assert asked(database.path, "SELECT count(*) FROM plot") == [(1,)]


def test_checking_while_somebody_writes_sees_one_moment(database: Database) -> None:
    add(database, "p0")
    stop = threading.Event()

    def keep_writing() -> None:
        number = 1
        while not stop.is_set():
            add(database, f"p{number}")
            number += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for _ in range(5):
            trial = replay.check_file(database.path)
            assert trial.problems == []
            assert trial.replayed
    finally:
        stop.set()
        writer.join()
    assert replay.check_file(database.path).entries > 2


# --------------------------------------------------------------------------------------------------- beside the journal


@contextmanager
def half_way(database: Database) -> Iterator[None]:
    """In the middle of writing a draft."""
    with database.unjournalled() as connection:
        connection.execute(text("INSERT INTO form_draft (name) VALUES ('plan')"))
        yield


def test_tables_beside_the_journal_are_written_without_an_entry(database: Database) -> None:
    with database.unjournalled() as connection:
        connection.execute(text("INSERT INTO form_draft (name, body) VALUES ('check', '{}')"))
    assert asked(database.path, "SELECT name FROM form_draft") == [("check",)]
    with pytest.raises(ProgramError), database.unjournalled() as connection:
        connection.execute(text("DELETE FROM plot"))
    with pytest.raises(SurroundingsError), half_way(database):
        raise SurroundingsError("disk_full", "磁盘空间不足。")
    assert asked(database.path, "SELECT count(*) FROM form_draft") == [(1,)]


def test_who_writes_beside_the_journal_waits_for_an_action_as_long_as_wanted(database: Database) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with database.action(stamp()):
        with pytest.raises(SurroundingsError) as told, database.unjournalled(seconds=0.01):
            pass
        assert told.value.code == "locked"
        with pytest.raises(Cancelled), database.unjournalled(stop):
            pass
    with database.unjournalled(stop, 0):
        pass


# ------------------------------------------------------------------------------------------------------------- the disk


def test_a_full_disk_is_told_and_loses_nothing(database: Database) -> None:
    add(database, "p1")
    before = contents(database.path)
    writer = database._writer
    assert writer is not None
    raw = writer.raw_connection()
    pages = raw.cursor().execute("PRAGMA page_count").fetchone()[0]
    raw.cursor().execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(SurroundingsError) as refusal, database.action(stamp()) as work:
        work.bulk(PlotRow, ["id", "remark"], [(f"q{n}", "长" * 500) for n in range(2000)])
    assert refusal.value.code == "disk_full"
    assert contents(database.path) == before
    raw.cursor().execute("PRAGMA max_page_count = 1000000")
    assert database.write
    add(database, "p2")


def fail(kind: str) -> None:
    """What the driver raises when the disk answers like this."""
    error = sqlite3.OperationalError("the disk says no")
    error.sqlite_errorname = kind
    raise error


def test_after_the_disk_has_failed_nothing_is_written_any_more(database: Database) -> None:
    add(database, "p1")
    with pytest.raises(SurroundingsError) as refusal, database.action(stamp()):
        fail("SQLITE_IOERR_WRITE")
    assert refusal.value.code == "io_error"
    assert not database.write
    with pytest.raises(SurroundingsError) as after, database.action(stamp()):
        pass
    assert after.value.code == "read_only"
    with database.reading() as session:
        assert session.exec(select(PlotRow.id)).all() == ["p1"]


def commit_on(database: Database, kind: str) -> SurroundingsError:
    """What is told when the disk answers like this to the commit itself."""
    writer = database._writer
    assert writer is not None
    event.listen(writer, "commit", lambda _: fail(kind))
    with pytest.raises(SurroundingsError) as refusal:
        add(database, "p1")
    return refusal.value


def test_a_disk_that_fails_at_the_commit_leaves_open_whether_it_was_saved(database: Database) -> None:
    told = commit_on(database, "SQLITE_IOERR_FSYNC")
    assert told.code == "maybe_saved"
    assert "不知道" in told.message
    assert "没有保存" not in told.message
    assert "没有变" not in told.message
    assert "办理记录" in told.hint
    assert not database.write


def test_a_full_disk_at_the_commit_has_saved_nothing(database: Database) -> None:
    told = commit_on(database, "SQLITE_FULL")
    assert told.code == "disk_full"
    assert "没有保存" in told.message


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("SQLITE_FULL", "disk_full"),
        ("SQLITE_BUSY_SNAPSHOT", "locked"),
        ("SQLITE_LOCKED", "locked"),
        ("SQLITE_READONLY_DBMOVED", "read_only"),
        ("SQLITE_CORRUPT_VTAB", "damaged"),
        ("SQLITE_NOTADB", "not_a_ledger"),
        ("SQLITE_CANTOPEN_ISDIR", "cannot_open"),
        ("SQLITE_PERM", "read_only"),
        ("SQLITE_TOOBIG", "too_big"),
    ],
)
def test_what_the_driver_says_is_told_in_words(database: Database, kind: str, code: str) -> None:
    with pytest.raises(SurroundingsError) as refusal, database.reading():
        fail(kind)
    assert refusal.value.code == code
    assert refusal.value.message.endswith("。")
    assert refusal.value.hint.endswith("。")


def test_what_no_one_expected_is_our_own_mistake(database: Database) -> None:
    with pytest.raises(ProgramError) as refusal, database.reading() as session:
        session.execute(text("SELECT no_such_column FROM plot"))
    assert refusal.value.code == "storage"
    with pytest.raises(ProgramError), database.reading():
        raise OverflowError


def test_a_damaged_page_is_found_by_the_quick_check(fresh: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(fresh, tmp_path))
    whole = Database(path, write=True)
    whole.quick_check()
    whole.close()
    body = bytearray(path.read_bytes())
    page = body.find(b"CREATE TABLE journal_entry")
    [(root,)] = asked(path, "SELECT rootpage FROM sqlite_master WHERE name = 'journal_entry'")
    size = int.from_bytes(body[16:18], "big")
    assert page > 0
    body[(root - 1) * size] = 99
    path.write_bytes(body)
    with pytest.raises(SurroundingsError) as refusal:
        Database(path, write=False).quick_check()
    assert refusal.value.code == "damaged"


# ----------------------------------------------------------------------------------------------------- closing, copying


def test_closing_folds_the_log_back_so_that_the_file_alone_is_whole(fresh: Path, tmp_path: Path) -> None:
    opened = Database(Path(shutil.copy(fresh, tmp_path)), write=True)
    add(opened, "p1")
    assert driver.log_of(opened.path).stat().st_size > 0
    opened.close()
    assert not driver.log_of(opened.path).exists()
    (tmp_path / "stick").mkdir()
    copy = Path(shutil.copy(opened.path, tmp_path / "stick"))
    assert asked(copy, "SELECT id FROM plot") == [("p1",)]
    assert replay.check_file(copy).problems == []
    opened.close()


READ_AS_NOBODY = """
import os, sys
from pathlib import Path
from gengdi_desktop.storage import driver, replay
from gengdi_desktop.storage.database import Database
if os.getuid() == 0:
    os.setuid(65534)  # to root, nothing is read-only
path = Path(sys.argv[1])
database = Database(path, write=False)
with database.reading() as session:
    print(session.connection().exec_driver_sql("SELECT count(*) FROM plot").scalar())
print(len(replay.check_file(path).problems), driver.needs_immutable(path))
"""


def test_a_ledger_on_a_disk_that_cannot_be_written_is_read_all_the_same(fresh: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = Path(shutil.copy(fresh, folder))
        opened = Database(path, write=True)
        add(opened, "p1")
        opened.close()
        path.chmod(0o444)
        folder.chmod(0o555)
        command = [sys.executable, "-c", READ_AS_NOBODY, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        folder.chmod(0o755)
    assert (done.stdout, done.stderr) == ("1\n0 True\n", "")


def test_a_log_that_cannot_be_read_is_not_passed_over(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(fresh, tmp_path))
    real = driver.connect

    def refusing(place: Path, mode: str, *, immutable: bool = False) -> driver.Connection:
        connection = real(place, mode, immutable=immutable)
        if not immutable:
            connection.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
        return connection

    monkeypatch.setattr(driver, "connect", refusing)
    assert driver.needs_immutable(path)
    driver.log_of(path).write_bytes(b"frames of somebody's work")
    with pytest.raises(driver.Error):
        driver.needs_immutable(path)


@pytest.mark.parametrize("name", ["白圩乡 2023年&%23?.gengdi", "a#b.gengdi", "100%.gengdi"])
def test_paths_may_hold_any_character(fresh: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    shutil.copy(fresh, path)
    opened = Database(path, write=True)
    add(opened, "p1")
    opened.close()
    assert sorted(one.name for one in tmp_path.iterdir()) == [name]


def test_a_share_of_another_computer_is_named_as_sqlite_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "as_uri", lambda _: "file://server/share/ledger.gengdi")
    assert driver.uri(Path("ledger.gengdi"), "ro") == "file:////server/share/ledger.gengdi?mode=ro"


def test_a_connection_that_cannot_be_set_up_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "ledger.gengdi"
    path.write_bytes(b"no database " * 100)
    with pytest.raises(driver.Error):
        driver.connect(path, "rw")
    with pytest.raises(SurroundingsError) as refusal:
        Database(path, write=True)
    assert refusal.value.code == "not_a_ledger"


def test_an_older_name_for_an_error_without_a_number() -> None:
    assert driver.error_name(ValueError("no number")) == ""
    assert databases.MAGIC == b"SQLite format 3\0"


def test_tables_and_indexes_that_an_earlier_build_did_not_know_are_made(fresh: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(fresh, tmp_path))
    connection = sqlite3.connect(path)
    whole = set(connection.execute("SELECT type, name FROM sqlite_master"))
    connection.execute("DROP TABLE plot_evidence")
    connection.execute("DROP TABLE photo_print")
    connection.execute("DROP INDEX ix_round_remains")
    connection.close()
    opened = Database(path, write=True)
    add(opened, "p1")
    opened.close()
    connection = sqlite3.connect(path)
    assert set(connection.execute("SELECT type, name FROM sqlite_master")) == whole
    connection.close()
    assert not replay.check_file(path).problems


def test_a_file_of_an_earlier_build_is_read_without_being_changed(fresh: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(fresh, tmp_path))
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE plot_evidence")
    connection.close()
    before = digest(path)
    opened = Database(path, write=False)
    with opened.reading() as session:
        assert session.exec(text("SELECT count(*) FROM plot_evidence")).one() == (0,)  # type: ignore[call-overload]
        with pytest.raises(Exception, match=r"readonly|read-only"):
            session.exec(text("DELETE FROM plot_evidence"))  # type: ignore[call-overload]
    opened.close()
    assert digest(path) == before
