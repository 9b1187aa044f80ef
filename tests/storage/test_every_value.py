"""Whatever is changed in a ledger file behind the program's back is named: table, row and field."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.storage import driver, journal, replay
from gengdi_desktop.storage.database import Database
from gengdi_desktop.storage.layout import CODES, layout
from gengdi_desktop.storage.replay import Finding
from gengdi_desktop.storage.schema import TRIGGERS
from tests.helpers.databases import LEDGER, asked, behind_the_back, relocked, stamp, unlocked

Place = tuple[str, str, str]
MOST_COLUMNS = max(len(layout(code).names) for code in CODES)


def key_of(code: str) -> int | str:
    """The key of the one row that each table has."""
    if code == "ledger":
        return LEDGER
    return 7 if layout(code).numbered else f"{code}-key"


def full_row(code: str) -> dict[str, int | str]:
    """A row with every column filled, no two alike."""
    known = layout(code)
    row: dict[str, int | str] = {
        name: 1000 + place if name in known.integers else f"{code} {name} 值" for place, name in enumerate(known.names)
    }
    row |= {name: key_of(target) for name, target in known.references.items()}
    return row | {known.key: key_of(code)}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger whose every table has one row with every column filled, after a few more entries."""
    path = tmp_path_factory.mktemp("filled") / "ledger.gengdi"
    database = Database(path, write=True, create=True)
    with database.action(stamp("create")) as work:
        for code, row in CODES.items():
            values = full_row(code)
            for name in layout(code).private:
                values[name] = work.private(f"{code}.{name}", f"{code} {name} 私")
            work.session.add(row(**values))
        work.commit()
    for number in range(3):
        with database.action(stamp("edit", continues=number or None)) as work:
            work.apply([["~", "plot", "plot-key", {"remark": [remark(number), remark(number + 1)]}]])
            work.commit()
    database.close()
    return path


def remark(number: int) -> str:
    """The plot's remark after so many edits."""
    return f"备注{number}" if number else "plot remark 值"


@pytest.fixture
def ledger(filled: Path, tmp_path: Path) -> Path:
    """A copy of that ledger that may be damaged."""
    return Path(shutil.copy(filled, tmp_path))


def checked(path: Path) -> replay.Trial:
    """The verdict on a file."""
    return replay.check_file(path)


def places(findings: list[Finding], code: str = "replay") -> set[Place]:
    """Table, row and field of the findings of one kind."""
    return {(one.table, one.row, one.field) for one in findings if one.code == code}


def other(value: int | str) -> int | str:
    """Another value of the same kind, one step away."""
    return value + 1 if isinstance(value, int) else value[:-1] + chr(ord(value[-1]) + 1)


def change(path: Path, code: str, name: str, value: Any) -> None:
    """Change one value with a plain tool."""
    with behind_the_back(path) as connection:
        connection.execute(f'UPDATE "{code}" SET "{name}" = ? WHERE "{layout(code).key}" = ?', (value, key_of(code)))


def test_the_ledger_of_these_tests_is_sound_and_full(filled: Path) -> None:
    trial = checked(filled)
    assert (trial.problems, trial.notes, trial.replayed, trial.entries) == ([], [], True, 4)
    for code in CODES:
        [row] = asked(filled, f'SELECT * FROM "{code}"')
        assert None not in row, code


@pytest.mark.parametrize("turn", range(1, MOST_COLUMNS))
def test_a_changed_value_is_named(ledger: Path, turn: int) -> None:
    """One column of each table at a time: those that stand at the same place, all in one file."""
    expected = set()
    for code in CODES:
        if turn < len(layout(code).names):
            name = layout(code).names[turn]
            [(value,)] = asked(ledger, f'SELECT "{name}" FROM "{code}"')
            change(ledger, code, name, other(value))
            expected.add((code, str(key_of(code)), name))
    assert expected
    assert places(checked(ledger).problems) == expected


@pytest.mark.full
@pytest.mark.parametrize(("code", "name"), [(code, name) for code in CODES for name in layout(code).names[1:]])
def test_a_changed_value_is_named_by_itself(ledger: Path, code: str, name: str) -> None:
    [(value,)] = asked(ledger, f'SELECT "{name}" FROM "{code}"')
    for wrong in (other(value), "", b"x"):
        change(ledger, code, name, wrong)
        assert places(checked(ledger).problems) == {(code, str(key_of(code)), name)}


@pytest.mark.parametrize("code", CODES)
def test_a_changed_key_is_named(ledger: Path, code: str) -> None:
    known = layout(code)
    changed = other(key_of(code))
    change(ledger, code, known.key, changed)
    found = places(checked(ledger).problems)
    assert {(code, str(key_of(code)), known.key), (code, str(changed), known.key)} <= found


@pytest.mark.parametrize("code", CODES)
def test_a_removed_row_and_a_slipped_in_one_are_named(ledger: Path, code: str) -> None:
    known = layout(code)
    values = full_row(code)
    unique = {"name", "report_kind", "fingerprint", "header"}
    slipped = {name: other(value) if name in unique else value for name, value in values.items()}
    slipped[known.key] = other(values[known.key])
    with behind_the_back(ledger) as connection:
        names = ",".join(f'"{name}"' for name in slipped)
        marks = ",".join("?" * len(slipped))
        connection.execute(f'INSERT INTO "{code}" ({names}) VALUES ({marks})', list(slipped.values()))
    assert places(checked(ledger).problems) == {(code, str(slipped[known.key]), known.key)}
    with behind_the_back(ledger) as connection:
        connection.execute(f'DELETE FROM "{code}" WHERE "{known.key}" = ?', (slipped[known.key],))
        connection.execute(f'DELETE FROM "{code}"')
    assert (code, str(key_of(code)), known.key) in places(checked(ledger).problems)


@pytest.mark.parametrize("value", [None, "", b"bytes", 7.5, "\udcff".encode(errors="surrogateescape")])
def test_a_value_of_another_kind_is_named(ledger: Path, value: Any) -> None:
    with behind_the_back(ledger) as connection:
        if value is None:
            connection.execute("UPDATE plot SET built_on = NULL")
        else:
            connection.execute("UPDATE plot SET built_on = CAST(? AS BLOB)", (value,))
    assert places(checked(ledger).problems) == {("plot", "plot-key", "built_on")}


def test_a_text_that_is_no_text_any_more_is_named(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        connection.execute("UPDATE plot SET party_contact = CAST(x'ff' AS TEXT)")
    trial = checked(ledger)
    assert places(trial.problems) == {("plot", "plot-key", "party_contact")}
    assert places(trial.notes, "private") == {("plot", "plot-key", "party_contact")}


# ---------------------------------------------------------------------------------------------------------- the journal


def chain_places(path: Path) -> set[Place]:
    """Where the chain is said to be broken; broken, it must not be taken for replayed."""
    trial = checked(path)
    assert not trial.replayed
    assert {one.code for one in trial.problems} == {"chain"}
    return places(trial.problems, "chain")


def tampered(path: Path, *statements: str) -> None:
    """Change the journal itself and put the triggers back."""
    with behind_the_back(path) as connection:
        unlocked(connection)
        for statement in statements:
            connection.execute(statement)
        relocked(connection)


@pytest.mark.parametrize("name", journal.HEADER_FIELDS)
def test_a_changed_header_is_found(ledger: Path, name: str) -> None:
    if name == "seq":
        tampered(ledger, "UPDATE journal_entry SET seq = 9 WHERE seq = 4")
        assert ("journal_entry", "4", "") in chain_places(ledger)
        return
    value = 77 if name in {"format", "undoes", "continues"} else "'x'"
    tampered(ledger, f"UPDATE journal_entry SET {name} = {value} WHERE seq = 2")
    assert ("journal_entry", "2", "hash") in chain_places(ledger)


@pytest.mark.parametrize("value", ["NULL", "''", "x'ff'", "CAST(x'ff' AS TEXT)", "1.5"])
def test_a_header_with_a_value_of_another_kind_is_found(ledger: Path, value: str) -> None:
    tampered(ledger, f"UPDATE journal_entry SET actor = {value if value != 'NULL' else chr(39) * 2} WHERE seq = 2")
    assert ("journal_entry", "2", "hash") in chain_places(ledger)


def test_a_changed_hash_is_found(ledger: Path) -> None:
    tampered(ledger, "UPDATE journal_entry SET hash = 'x' WHERE seq = 2")
    assert chain_places(ledger) == {("journal_entry", "2", "hash"), ("journal_entry", "3", "previous")}


def test_a_removed_entry_is_named(ledger: Path) -> None:
    tampered(ledger, "DELETE FROM journal_entry WHERE seq = 3", "DELETE FROM journal_block WHERE seq = 3")
    assert chain_places(ledger) == {("journal_entry", "3", ""), ("journal_entry", "4", "previous")}


def test_a_removed_header_leaves_its_blocks_loose(ledger: Path) -> None:
    tampered(ledger, "DELETE FROM journal_entry WHERE seq = 4")
    assert chain_places(ledger) == {("journal_block", "4", "")}


def test_entries_in_another_order_are_found(ledger: Path) -> None:
    tampered(
        ledger,
        "UPDATE journal_entry SET seq = 30 WHERE seq = 3",
        "UPDATE journal_entry SET seq = 3 WHERE seq = 4",
        "UPDATE journal_entry SET seq = 4 WHERE seq = 30",
    )
    assert {("journal_entry", "3", "hash"), ("journal_entry", "4", "hash")} <= chain_places(ledger)


def rewritten(text: Callable[[str], str]) -> Callable[[bytes], bytes]:
    """A block whose text was changed and packed again."""
    return lambda body: zlib.compress(text(zlib.decompress(body).decode()).encode())


BLOCKS: dict[str, Callable[[bytes], bytes]] = {
    "another value": rewritten(lambda text: text.replace("备注1", "备注9")),
    "a space": rewritten(lambda text: text.replace(",", ", ", 1)),
    "empty": rewritten(lambda _: "[]"),
    "cut": lambda body: body[:-3],
    "no block": lambda _: b"",
    "bytes behind": lambda body: body + b"x",
}


@pytest.mark.parametrize("how", BLOCKS)
def test_a_changed_block_is_named(ledger: Path, how: str) -> None:
    with behind_the_back(ledger) as connection:
        unlocked(connection)
        (body,) = connection.execute("SELECT body FROM journal_block WHERE seq = 2").fetchone()
        connection.execute("UPDATE journal_block SET body = ? WHERE seq = 2", (BLOCKS[how](body),))
        relocked(connection)
    assert chain_places(ledger) == {("journal_block", "2", "body")}


def test_a_block_packed_in_another_way_is_the_same_block(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        unlocked(connection)
        (body,) = connection.execute("SELECT body FROM journal_block WHERE seq = 2").fetchone()
        connection.execute(
            "UPDATE journal_block SET body = ? WHERE seq = 2", (zlib.compress(zlib.decompress(body), 9),)
        )
        relocked(connection)
    assert checked(ledger).problems == []


def test_a_block_under_another_number_is_found(ledger: Path) -> None:
    tampered(ledger, "UPDATE journal_block SET part = 1 WHERE seq = 2")
    assert chain_places(ledger) == {("journal_block", "2", "part")}


def test_a_block_that_does_not_belong_is_found(ledger: Path) -> None:
    tampered(ledger, "INSERT INTO journal_block SELECT seq, 1, body FROM journal_block WHERE seq = 2")
    assert chain_places(ledger) == {("journal_block", "2", "body")}


def test_an_entry_of_another_ledger_is_found(ledger: Path) -> None:
    tampered(ledger, "UPDATE journal_entry SET ledger = 'another' WHERE seq = 3")
    assert chain_places(ledger) == {("journal_entry", "3", "hash"), ("journal_entry", "3", "ledger")}


def test_a_journal_that_is_away_is_found(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        unlocked(connection)
        connection.execute("DROP TABLE journal_block")
    assert {one.code for one in checked(ledger).problems} == {"trigger", "schema"}


def test_a_gap_of_thousands_is_told_briefly(ledger: Path) -> None:
    tampered(ledger, "UPDATE journal_entry SET seq = 900000 WHERE seq = 4")
    gaps = [one for one in checked(ledger).problems if one.field == "" and one.table == "journal_entry"]
    assert len(gaps) == replay.MOST_GAPS


# ------------------------------------------------------------------------------------------------------- guards, schema


def test_a_dropped_trigger_is_named(ledger: Path) -> None:
    for name in TRIGGERS:
        copy = Path(shutil.copy(ledger, ledger.with_name("copy")))
        with behind_the_back(copy) as connection:
            connection.execute(f"DROP TRIGGER {name}")
        [finding] = checked(copy).problems
        assert finding.code == "trigger"
        assert name in finding.message


def test_a_weakened_trigger_and_a_foreign_one_are_named(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        connection.execute("DROP TRIGGER journal_entry_no_update")
        connection.execute("CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry BEGIN SELECT 1; END")
        connection.execute("CREATE TRIGGER quiet AFTER INSERT ON note BEGIN DELETE FROM note; END")
    messages = [one.message for one in checked(ledger).problems]
    assert len(messages) == 2
    assert "journal_entry_no_update" in messages[0]
    assert "quiet" in messages[1]


@pytest.mark.parametrize("table", ["journal_entry", "journal_block"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET seq = seq", "DELETE FROM {}"])
def test_the_journal_cannot_be_changed_without_taking_the_triggers_away(ledger: Path, table: str, verb: str) -> None:
    with behind_the_back(ledger) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(verb.format(table))


def test_a_missing_table_and_a_missing_column_are_named(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        connection.execute("DROP TABLE note")
        connection.execute("ALTER TABLE plot DROP COLUMN grid_chief")
    problems = checked(ledger).problems
    assert {("note", "表 note 缺少"), ("plot", "表 plot 缺少 grid_chief")} <= {
        (one.table, one.message if one.table == "plot" else one.message[:9]) for one in problems if one.code == "schema"
    }


def test_rows_of_a_table_that_is_not_ours_are_named(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        connection.execute("CREATE TABLE plot_hidden (id TEXT PRIMARY KEY)")
        connection.execute("INSERT INTO plot_hidden VALUES ('p9')")
    assert places(checked(ledger).problems) == {("plot_hidden", "p9", "id")}


def test_a_broken_reference_is_named(ledger: Path) -> None:
    change(ledger, "note", "plot_id", "no such plot")
    found = checked(ledger).problems
    assert {(one.code, one.table, one.row) for one in found} == {("reference", "note", "7"), ("replay", "note", "7")}


def verdict(path: Path) -> set[str]:
    """The codes of the problems; a file that SQLite will not read at all is as good as judged."""
    try:
        return {one.code for one in checked(path).problems}
    except driver.Error as error:
        return {"integrity"} if driver.error_name(error).startswith("SQLITE_CORRUPT") else {str(error)}


def test_a_file_with_a_broken_page_is_judged_and_not_crashed_upon(ledger: Path) -> None:
    whole = ledger.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    pages = range(1, len(whole) // size)
    for page in list(pages)[:: max(1, len(pages) // 12)]:
        body = bytearray(whole)
        body[page * size : page * size + 8] = b"\xff" * 8
        ledger.write_bytes(body)
        assert "integrity" in verdict(ledger), page


# ------------------------------------------------------------------------------------------------------- private values


def test_an_erased_opening_is_a_note_and_no_problem(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        connection.execute("DELETE FROM private_value WHERE field = 'plot.party_contact'")
    trial = checked(ledger)
    assert trial.problems == []
    assert places(trial.notes, "private") == {("plot", "plot-key", "party_contact")}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE private_value SET value = '139' WHERE field = 'plot.party_contact'",
        "UPDATE private_value SET salt = '00' WHERE field = 'plot.party_contact'",
        "UPDATE private_value SET salt = 'not hex' WHERE field = 'plot.party_contact'",
        "UPDATE private_value SET field = 'member.private_phone' WHERE field = 'plot.party_contact'",
        "UPDATE private_value SET commitment = 'x' WHERE field = 'plot.party_contact'",
    ],
)
def test_a_changed_opening_is_a_problem(ledger: Path, statement: str) -> None:
    with behind_the_back(ledger) as connection:
        connection.execute(statement)
    trial = checked(ledger)
    assert [one.code for one in trial.problems] == ["private"]
    assert places(trial.notes, "private") == {("plot", "plot-key", "party_contact")}


def test_openings_that_are_all_away_are_a_problem(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        connection.execute("DROP TABLE private_value")
    assert {one.code for one in checked(ledger).problems} == {"schema"}


def test_a_list_of_findings_can_be_read_by_a_person(ledger: Path) -> None:
    with behind_the_back(ledger) as connection:
        connection.executemany("INSERT INTO note (id, plot_id) VALUES (?, 'plot-key')", [(n,) for n in range(100, 500)])
        connection.executemany(
            "INSERT INTO member (id, name, private_phone) VALUES (?, ?, 'x')", [(n, str(n)) for n in range(100, 500)]
        )
    trial = checked(ledger)
    assert len(trial.problems) == len(trial.notes) == replay.MOST_FINDINGS
