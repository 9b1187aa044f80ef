"""Replay: the journal carried out again into an empty file and compared with the tables, as a trial balance."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gengdi_desktop.storage import driver, journal
from gengdi_desktop.storage.recorder import CODES, commitment, key_name, private_columns
from gengdi_desktop.storage.schema import TRIGGERS

MOST_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. ``code`` is stable; table, row and field are empty where they do not apply."""

    code: str
    message: str
    table: str = ""
    row: str = ""
    field: str = ""
    seq: int | None = None


@dataclass(slots=True)
class Trial:
    """What a check of the file found: problems that matter, notes that do not."""

    entries: int = 0
    head: str = journal.GENESIS
    replayed: bool = False
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """Keep a problem, as long as the list can be read by a person."""
        if len(self.problems) < MOST_FINDINGS:
            self.problems.append(finding)


def check_file(path: Path) -> Trial:
    """Check a ledger file: SQLite's own integrity, the chain, the replay, the private values.

    Reads only; memory stays flat because the replay goes into a temporary file.

    Raises:
        driver.Error: The file cannot be read at all.
    """
    trial = Trial()
    connection = driver.connect(path, "ro")
    try:
        with tempfile.TemporaryDirectory(prefix="gengdi-check-") as folder:
            target = Path(folder) / "replay.db"
            columns = _make_tables(connection, target, trial)
            # Attached before the transaction begins, so that all of the check sees one snapshot of the ledger.
            connection.execute("ATTACH DATABASE ? AS replay", (driver.uri(target, "ro"),))
            connection.execute("BEGIN")
            _integrity(connection, trial)
            sound_until = _chain(connection, trial)
            if sound_until < trial.entries:
                # What stands behind a broken entry proves nothing; the chain's own findings say where to look.
                trial.notes.append(Finding("replay", "账本有断处，没有再与各表核对"))
            elif _replay(connection, target, trial):
                _compare(connection, columns, trial)
                trial.replayed = True
            _private_values(connection, trial)
            connection.close()
    finally:
        connection.close()
    return trial


# ------------------------------------------------------------------------------------------------- SQLite and the chain


def _integrity(connection: Any, trial: Trial) -> None:
    for (said,) in connection.execute("PRAGMA main.integrity_check(20)"):
        if said != "ok":
            trial.add(Finding("integrity", f"数据库内部有损坏：{said}"))
    for table, row, parent, _ in connection.execute("PRAGMA main.foreign_key_check"):
        trial.add(Finding("reference", f"表 {table} 第 {row} 行指向的 {parent} 记录不存在", table, str(row)))
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    for name, statement in TRIGGERS.items():
        if found.get(name) != statement:
            trial.add(Finding("trigger", f"账本的保护“{name}”被去掉或改过"))


def _chain(connection: Any, trial: Trial) -> int:
    """Walk the headers and blocks; returns the last entry whose changes can be believed."""
    names = ",".join(journal.HEADER_FIELDS)
    previous, expected, sound = journal.GENESIS, 1, True
    last_sound = 0
    ledger = connection.execute("SELECT id FROM ledger").fetchone()
    for row in connection.execute(f"SELECT {names}, hash FROM journal_entry ORDER BY seq"):
        header, stated = journal.EntryHeader(*row[:-1]), row[-1]
        good = _entry_holds(connection, trial, header, stated, expected, previous)
        if ledger and header.ledger != ledger[0]:
            good = False
            trial.add(
                Finding(
                    "chain",
                    f"第 {header.seq} 条记录属于另一本台账",
                    "journal_entry",
                    str(header.seq),
                    "ledger",
                    header.seq,
                )
            )
        sound = sound and good
        last_sound = header.seq if sound else last_sound
        previous, expected = stated, header.seq + 1
        trial.entries += 1
    trial.head = previous
    loose = connection.execute(
        "SELECT DISTINCT seq FROM journal_block WHERE seq NOT IN (SELECT seq FROM journal_entry)"
    )
    for (seq,) in loose:
        trial.add(Finding("chain", f"第 {seq} 条记录的表头不见了，只剩内容", "journal_block", str(seq), "", seq))
    return last_sound


def _entry_holds(
    connection: Any, trial: Trial, header: journal.EntryHeader, stated: str, expected: int, previous: str
) -> bool:
    row = str(header.seq)
    good = True
    if header.seq != expected:
        good = False
        for seq in range(expected, min(header.seq, expected + 20)):
            trial.add(Finding("chain", f"第 {seq} 条记录不见了", "journal_entry", str(seq), "", seq))
    if header.previous != previous:
        good = False
        trial.add(Finding("chain", f"第 {row} 条记录与前一条接不上", "journal_entry", row, "previous", header.seq))
    if header.digest() != stated:
        good = False
        trial.add(Finding("chain", f"第 {row} 条记录的表头被改过", "journal_entry", row, "hash", header.seq))
    digests = []
    for part, (number, body) in enumerate(
        connection.execute("SELECT part, body FROM journal_block WHERE seq = ? ORDER BY part", (header.seq,))
    ):
        try:
            digests.append(journal.body_digest(body))
        except ValueError:
            good = False
            trial.add(Finding("chain", f"第 {row} 条记录的内容损坏", "journal_block", row, "body", header.seq))
        if number != part:
            good = False
    if journal.changes_digest(digests) != header.changes:
        good = False
        trial.add(Finding("chain", f"第 {row} 条记录的内容与表头不符", "journal_block", row, "body", header.seq))
    return good


# ---------------------------------------------------------------------------------------------------------------- replay


def _make_tables(connection: Any, target: Path, trial: Trial) -> dict[str, list[str]]:
    """Empty tables with the columns that the ledger has, in its own schema version, without references."""
    columns: dict[str, list[str]] = {}
    copy = driver.scratch(target)
    try:
        for code, row in CODES.items():
            info = connection.execute(f'PRAGMA main.table_info("{code}")').fetchall()
            if not info:
                trial.add(Finding("schema", f"缺少表 {code}", code))
                continue
            key = key_name(row)
            parts = []
            for _, name, kind, _, default, _ in info:
                usual = f" DEFAULT {default}" if default is not None else ""
                parts.append(f'"{name}" {kind}{" PRIMARY KEY NOT NULL" if name == key else usual}')
            copy.execute(f'CREATE TABLE "{code}" ({", ".join(parts)})')
            columns[code] = [name for _, name, *_ in info]
    finally:
        copy.close()
    return columns


def _replay(connection: Any, target: Path, trial: Trial) -> bool:
    """Carry out every change since the newest rebase; whether that went to the end."""
    copy = driver.scratch(target)
    try:
        copy.execute("BEGIN")
        start = connection.execute("SELECT max(seq) FROM journal_entry WHERE action = 'rebase'").fetchone()[0] or 1
        for seq, item in _items(connection, start):
            try:
                carry_out(copy, item)
            except (driver.Error, KeyError, TypeError, ValueError) as error:
                trial.add(Finding("replay", f"第 {seq} 条记录无法重做：{error}", str(item[1]), "", "", seq))
                return False
        copy.execute("COMMIT")
        return True
    finally:
        copy.close()


def _items(connection: Any, start: int) -> Iterator[tuple[int, journal.Item]]:
    query = "SELECT seq, body FROM journal_block WHERE seq >= ? ORDER BY seq, part"
    for seq, body in connection.execute(query, (start,)):
        for item in journal.decode_block(body):
            yield seq, item


def carry_out(copy: Any, item: journal.Item) -> None:
    """Do one row change, or the rows of one bulk item, in a file without guard and references.

    Raises:
        KeyError: An unknown table.
        ValueError: The item has another shape, or the row is not there.
        driver.Error: The row is there already, or a column is unknown.
    """
    op, code = item[0], item[1]
    key = key_name(CODES[code])
    if op == "+*":
        names, rows = item[2], item[3]
        marks = ",".join("?" * len(names))
        copy.executemany(f'INSERT INTO "{code}" ({_names(names)}) VALUES ({marks})', rows)
        return
    if op == "+":
        names = list(item[3])
        marks = ",".join("?" * len(names))
        values = [item[3][name][1] for name in names]
        copy.execute(f'INSERT INTO "{code}" ({_names(names)}) VALUES ({marks})', values)
        return
    if op == "-":
        done = copy.execute(f'DELETE FROM "{code}" WHERE "{key}" = ?', (item[2],))
    elif op == "~":
        setters = ",".join(f'"{name}" = ?' for name in item[3])
        values = [*(new for _, new in item[3].values()), item[2]]
        done = copy.execute(f'UPDATE "{code}" SET {setters} WHERE "{key}" = ?', values)
    else:
        raise ValueError(f"unknown change {op!r}")
    if done.rowcount != 1:
        raise ValueError(f"no row {item[2]!r} in {code}")


def _names(names: list[str]) -> str:
    return ",".join(f'"{name}"' for name in names)


def _compare(connection: Any, columns: dict[str, list[str]], trial: Trial) -> None:
    for code, names in columns.items():
        key = key_name(CODES[code])
        for only, other, word in (("main", "replay", "没有记在账本里"), ("replay", "main", "从表里消失了")):
            query = (
                f'SELECT "{key}" FROM {only}."{code}" a WHERE NOT EXISTS '
                f'(SELECT 1 FROM {other}."{code}" b WHERE b."{key}" IS a."{key}") LIMIT {MOST_FINDINGS}'
            )
            for (row,) in connection.execute(query):
                trial.add(Finding("replay", f"表 {code} 的行 {row} {word}", code, str(row), key))
        differs = [f'(a."{n}" IS NOT b."{n}" OR typeof(a."{n}") IS NOT typeof(b."{n}"))' for n in names if n != key]
        query = (
            f'SELECT a."{key}", {",".join(differs)} FROM main."{code}" a JOIN replay."{code}" b '
            f'ON a."{key}" = b."{key}" WHERE {" OR ".join(differs)} LIMIT {MOST_FINDINGS}'
        )
        others = [name for name in names if name != key]
        for row, *flags in connection.execute(query):
            for name, different in zip(others, flags, strict=True):
                if different:
                    message = f"表 {code} 的行 {row}，“{name}”与账本不符，有人绕过程序改过"
                    trial.add(Finding("replay", message, code, str(row), name))


# -------------------------------------------------------------------------------------------------------- private values


def _private_values(connection: Any, trial: Trial) -> None:
    openings: set[str] = set()
    for stated, name, salt, value in connection.execute("SELECT commitment, field, salt, value FROM private_value"):
        try:
            good = commitment(name, bytes.fromhex(salt), value) == stated
        except (ValueError, TypeError, AttributeError):
            good = False
        if good:
            openings.add(stated)
        else:
            trial.add(Finding("private", f"一处个人信息（{name}）与账本不符", "private_value", str(stated), "value"))
    for code, row in CODES.items():
        for name in private_columns(row):
            query = f'SELECT "{key_name(row)}", "{name}" FROM "{code}" WHERE "{name}" IS NOT NULL'
            for key, stated in connection.execute(query):
                if stated not in openings:
                    message = f"表 {code} 的行 {key}，“{name}”的内容已删除或没有随附"
                    trial.notes.append(Finding("private", message, code, str(key), name))
