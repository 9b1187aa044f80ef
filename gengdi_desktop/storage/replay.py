"""Replay: the journal carried out again into an empty file and compared with the tables, as a trial balance."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.storage import driver, journal
from gengdi_desktop.storage.layout import CODES, OUTSIDE, layout
from gengdi_desktop.storage.recorder import commitment
from gengdi_desktop.storage.schema import SCHEMA_VERSION, TRIGGERS

MOST_FINDINGS = 200
MOST_GAPS = 20


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

    def add_note(self, finding: Finding) -> None:
        """Keep a note, as long as the list can be read by a person."""
        if len(self.notes) < MOST_FINDINGS:
            self.notes.append(finding)


@dataclass(frozen=True, slots=True)
class Shape:
    """A journalled table as the file has it, in whichever schema version: its key and all columns, the key first."""

    key: str
    names: tuple[str, ...]


def check_file(path: Path) -> Trial:
    """Check a ledger file: SQLite's own integrity, the chain, the replay, the private values.

    Reads only; memory stays flat because the replay goes into a temporary file. A file of an older schema is checked
    in its own terms.

    Raises:
        driver.Error: The file cannot be read at all.
    """
    trial = Trial()
    connection = driver.connect_to_read(path)
    # A text that somebody damaged below SQLite may not even be UTF-8; its hash will not fit.
    connection.text_factory = lambda stored: stored.decode(errors="replace")
    try:
        with tempfile.TemporaryDirectory(prefix="gengdi-check-") as folder:
            target = Path(folder) / "replay.db"
            driver.scratch(target).close()
            # Attached before the transaction begins, so that all of the check sees one snapshot of the ledger.
            connection.execute("ATTACH DATABASE ? AS replay", (driver.uri(target, "ro"),))
            connection.execute("BEGIN")
            _integrity(connection, trial)
            try:
                _check_contents(connection, target, trial)
            except driver.Error:
                if not trial.problems:
                    raise
                trial.add(Finding("integrity", "台账文件有一部分读不出来，没有再往下核对"))
            connection.close()
    finally:
        connection.close()
    return trial


def _check_contents(connection: Any, target: Path, trial: Trial) -> None:
    shapes = _shapes(connection, trial)
    if not {"journal_entry", "journal_block"} <= _tables(connection):
        trial.add(Finding("schema", "账本的表不见了", "journal_entry"))
        return
    if _chain(connection, trial):
        if _replay(connection, shapes, target, trial):
            _compare(connection, shapes, trial)
            trial.replayed = True
    else:
        # What stands behind a broken entry proves nothing; the chain's own findings say where to look.
        trial.add_note(Finding("replay", "账本有断处，没有再与各表核对"))
    _private_values(connection, shapes, trial)


# ------------------------------------------------------------------------------------------------- SQLite and the chain


def _integrity(connection: Any, trial: Trial) -> None:
    for (said,) in connection.execute("PRAGMA main.integrity_check(20)"):
        if said != "ok":
            trial.add(Finding("integrity", f"数据库内部有损坏：{said}"))
    if trial.problems:
        return
    for table, row, parent, _ in connection.execute("PRAGMA main.foreign_key_check"):
        trial.add(Finding("reference", f"表 {table} 第 {row} 行指向的 {parent} 记录不存在", table, str(row)))
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    for name, statement in TRIGGERS.items():
        if found.pop(name, None) != statement:
            trial.add(Finding("trigger", f"账本的保护“{name}”被去掉或改过"))
    for name in found:
        trial.add(Finding("trigger", f"多出一段不是本程序的触发程序“{name}”"))


def _chain(connection: Any, trial: Trial) -> bool:
    """Walk the headers and blocks; whether every one of them holds."""
    names = ",".join(journal.HEADER_FIELDS)
    previous, expected, sound = journal.GENESIS, 1, True
    ledger: str | None = None
    for row in connection.execute(f"SELECT {names}, hash FROM journal_entry ORDER BY seq"):
        header, stated = journal.EntryHeader(*row[:-1]), row[-1]
        findings = [*_header_findings(header, stated, expected, previous), *_block_findings(connection, header)]
        ledger = header.ledger if ledger is None else ledger
        if header.ledger != ledger:
            message = f"第 {header.seq} 条记录属于另一本台账"
            findings.append(_broken(header.seq, message, "journal_entry", "ledger"))
        for finding in findings:
            trial.add(finding)
        sound = sound and not findings
        previous, expected = stated, header.seq + 1
        trial.entries += 1
    trial.head = previous
    loose = connection.execute(
        "SELECT DISTINCT seq FROM journal_block WHERE seq NOT IN (SELECT seq FROM journal_entry)"
    )
    for (seq,) in loose.fetchall():
        trial.add(_broken(seq, f"第 {seq} 条记录的表头不见了，只剩内容", "journal_block", ""))
        sound = False
    return sound


def _broken(seq: int, message: str, table: str, name: str) -> Finding:
    return Finding("chain", message, table, str(seq), name, seq)


def _header_findings(header: journal.EntryHeader, stated: str, expected: int, previous: str) -> Iterator[Finding]:
    for seq in range(expected, min(header.seq, expected + MOST_GAPS)):
        yield _broken(seq, f"第 {seq} 条记录不见了", "journal_entry", "")
    if header.previous != previous:
        yield _broken(header.seq, f"第 {header.seq} 条记录与前一条接不上", "journal_entry", "previous")
    try:
        digest = header.digest()
    except GengdiError:
        digest = ""  # a value of a kind that no header holds
    if digest != stated:
        yield _broken(header.seq, f"第 {header.seq} 条记录的表头被改过", "journal_entry", "hash")


def _block_findings(connection: Any, header: journal.EntryHeader) -> Iterator[Finding]:
    query = "SELECT part, body FROM journal_block WHERE seq = ? ORDER BY part"
    digests = []
    for part, (number, body) in enumerate(connection.execute(query, (header.seq,))):
        try:
            digests.append(journal.body_digest(body))
        except ValueError:
            yield _broken(header.seq, f"第 {header.seq} 条记录的内容损坏", "journal_block", "body")
        if number != part:
            yield _broken(header.seq, f"第 {header.seq} 条记录的内容少了一块", "journal_block", "part")
    if journal.changes_digest(digests) != header.changes:
        yield _broken(header.seq, f"第 {header.seq} 条记录的内容与表头不符", "journal_block", "body")


# --------------------------------------------------------------------------------------------------------------- replay


def _tables(connection: Any) -> set[str]:
    query = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    return {name for (name,) in connection.execute(query)}


def table_shapes(connection: Any) -> dict[str, Shape]:
    """The journalled tables of a file in its own schema version: all but those known as outside the journal."""
    shapes = {}
    for code in sorted(_tables(connection) - OUTSIDE):
        info = connection.execute(f'PRAGMA main.table_info("{code}")').fetchall()
        keys = [name for _, name, _, _, _, key in info if key]
        key = keys[0] if len(keys) == 1 else "rowid"
        shapes[code] = Shape(key, (key, *(name for _, name, *_ in info if name != key)))
    return shapes


def _shapes(connection: Any, trial: Trial) -> dict[str, Shape]:
    shapes = table_shapes(connection)
    (version,) = connection.execute("PRAGMA main.user_version").fetchone()
    if version == SCHEMA_VERSION:
        for code in CODES:
            missing = [name for name in layout(code).names if code not in shapes or name not in shapes[code].names]
            if missing:
                trial.add(Finding("schema", f"表 {code} 缺少 {'、'.join(missing)}", code))
    return shapes


def _make_tables(connection: Any, shapes: dict[str, Shape], copy: Any) -> None:
    """Empty tables with the columns that the ledger has, in its own schema version, without references."""
    for code, shape in shapes.items():
        parts = []
        for _, name, kind, _, default, _ in connection.execute(f'PRAGMA main.table_info("{code}")'):
            usual = f" DEFAULT {default}" if default is not None else ""
            parts.append(f'"{name}" {kind}{" PRIMARY KEY NOT NULL" if name == shape.key else usual}')
        copy.execute(f'CREATE TABLE "{code}" ({", ".join(parts)})')


def _replay(connection: Any, shapes: dict[str, Shape], target: Path, trial: Trial) -> bool:
    """Carry out every change since the newest rebase; whether that went to the end."""
    copy = driver.scratch(target)
    try:
        copy.execute("BEGIN")
        _make_tables(connection, shapes, copy)
        start = connection.execute("SELECT max(seq) FROM journal_entry WHERE action = 'rebase'").fetchone()[0] or 1
        for seq, body in connection.execute(
            "SELECT seq, body FROM journal_block WHERE seq >= ? ORDER BY seq, part", (start,)
        ):
            try:
                for item in journal.decode_block(body):
                    carry_out(copy, shapes, item)
            except (driver.Error, LookupError, TypeError, ValueError, AttributeError) as error:
                trial.add(
                    Finding("replay", f"第 {seq} 条记录无法重做：{error}", "journal_block", str(seq), "body", seq)
                )
                return False
        copy.execute("COMMIT")
        return True
    finally:
        copy.close()


def carry_out(copy: Any, shapes: dict[str, Shape], item: journal.Item) -> None:
    """Do one row change, or the rows of one bulk item, in a file without guard and references.

    Raises:
        LookupError: An unknown table.
        ValueError: The item has another shape, or the row is not there.
        driver.Error: The row is there already, or a column is unknown.
    """
    op, code = item[0], item[1]
    key = shapes[code].key
    if op == "+*":
        names, rows = item[2], item[3]
        copy.executemany(_insert(code, names), rows)
        return
    if op == "-*":
        gone = copy.executemany(f'DELETE FROM "{code}" WHERE "{key}" = ?', [(row[0],) for row in item[3]])
        if gone.rowcount != len(item[3]):
            raise ValueError(f"a row of {len(item[3])} is not in {code}")
        return
    if op == "+":
        names = list(item[3])
        copy.execute(_insert(code, names), [item[3][name][1] for name in names])
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


def _insert(code: str, names: list[str]) -> str:
    listed = ",".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{code}" ({listed}) VALUES ({",".join("?" * len(names))})'


def _compare(connection: Any, shapes: dict[str, Shape], trial: Trial) -> None:
    for code, shape in shapes.items():
        key = shape.key
        for only, other, word in (("main", "replay", "没有记在账本里"), ("replay", "main", "从表里消失了")):
            query = (
                f'SELECT "{key}" FROM {only}."{code}" a WHERE NOT EXISTS '
                f'(SELECT 1 FROM {other}."{code}" b WHERE b."{key}" IS a."{key}") LIMIT {MOST_FINDINGS}'
            )
            for (row,) in connection.execute(query):
                trial.add(Finding("replay", f"表 {code} 的行 {row} {word}", code, str(row), key))
        _compare_values(connection, code, shape, trial)


def _compare_values(connection: Any, code: str, shape: Shape, trial: Trial) -> None:
    key, others = shape.key, shape.names[1:]
    if not others:
        return
    differs = [f'(a."{n}" IS NOT b."{n}" OR typeof(a."{n}") IS NOT typeof(b."{n}"))' for n in others]
    query = (
        f'SELECT a."{key}", {",".join(differs)} FROM main."{code}" a JOIN replay."{code}" b '
        f'ON a."{key}" = b."{key}" WHERE {" OR ".join(differs)} LIMIT {MOST_FINDINGS}'
    )
    for row, *flags in connection.execute(query):
        for name, different in zip(others, flags, strict=True):
            if different:
                message = f"表 {code} 的行 {row}，“{name}”与账本不符，有人绕过程序改过"
                trial.add(Finding("replay", message, code, str(row), name))


# ------------------------------------------------------------------------------------------------------- private values


def _private_values(connection: Any, shapes: dict[str, Shape], trial: Trial) -> None:
    openings: set[str] = set()
    if "private_value" not in _tables(connection):
        trial.add(Finding("schema", "个人信息的表不见了", "private_value"))
    else:
        query = "SELECT commitment, field, salt, value FROM private_value"
        for stated, name, salt, value in connection.execute(query):
            if _opens(stated, name, salt, value):
                openings.add(stated)
            else:
                message = f"一处个人信息（{name}）与账本不符"
                trial.add(Finding("private", message, "private_value", str(stated), "value"))
    for code in CODES.keys() & shapes.keys():
        for name in sorted(layout(code).private & set(shapes[code].names)):
            query = f'SELECT "{shapes[code].key}", "{name}" FROM "{code}" WHERE "{name}" IS NOT NULL'
            for key, stated in connection.execute(query):
                if stated not in openings:
                    message = f"表 {code} 的行 {key}，“{name}”的内容已删除或没有随附"
                    trial.add_note(Finding("private", message, code, str(key), name))


def _opens(stated: object, name: object, salt: object, value: object) -> bool:
    try:
        return commitment(str(name), bytes.fromhex(str(salt)), str(value)) == stated
    except ValueError:
        return False
