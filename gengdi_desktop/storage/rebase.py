"""Bringing an older file to the newest schema: steps, checks and the ``rebase`` entry in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gengdi_desktop.errors import ProgramError
from gengdi_desktop.storage import driver, journal
from gengdi_desktop.storage.failures import in_words
from gengdi_desktop.storage.replay import table_shapes
from gengdi_desktop.storage.steps.sequence import Step
from gengdi_desktop.storage.unit_of_work import Stamp, utc_text

ACTION = "rebase"
SYSTEM_ACTOR = "程序升级"


def bring_up(path: Path, steps: Sequence[Step], stamp: Stamp) -> None:
    """Run the steps above the file's version, all or none, and write an entry that carries every row as they left it.

    Raises:
        ProgramError: A step left broken references or lost a trigger; the file is as before.
        SurroundingsError: The disk is full or broken; the file is as before.
    """
    with in_words():
        connection = driver.connect(path, "rw")
        try:
            # References are checked as a whole at the end: a step may rebuild a table that others point at.
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("BEGIN IMMEDIATE")
            try:
                if _taken(connection, steps):
                    write_rebase(connection, stamp)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        finally:
            connection.close()


def _taken(connection: Any, steps: Sequence[Step]) -> bool:
    """Take the steps above the file's version; whether there were any."""
    before = _triggers(connection)
    version = first = connection.execute("PRAGMA user_version").fetchone()[0]
    for step in steps:
        if step.version <= version:
            continue
        if step.version != version + 1:
            raise ProgramError("schema_steps", f"升级步骤缺了第 {version + 1} 步，台账没有升级，内容未变。")
        step.run(connection)
        version = step.version
        connection.execute(f"PRAGMA user_version = {version:d}")
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise ProgramError("schema_steps", f"升级后有 {len(broken)} 处引用断开，台账没有升级，内容未变。")
    if _triggers(connection) != before:
        raise ProgramError("schema_steps", "升级丢失了账本的保护，台账没有升级，内容未变。")
    return bool(version > first)


def _triggers(connection: Any) -> list[tuple[str, str]]:
    return list(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))


def write_rebase(connection: Any, stamp: Stamp) -> None:
    """Write an entry that carries every row of every journalled table; the transaction is the caller's."""
    last = connection.execute("SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (last[0] + 1, last[1]) if last else (1, journal.GENESIS)
    digests = []
    for part, block in enumerate(_blocks(connection)):
        connection.execute("INSERT INTO journal_block (seq, part, body) VALUES (?, ?, ?)", (seq, part, block.stored))
        digests.append(block.digest)
    header = journal.EntryHeader(
        format=journal.FORMAT,
        ledger=stamp.ledger,
        seq=seq,
        at=utc_text(stamp.at),
        actor=stamp.actor,
        auth=stamp.auth,
        desk=stamp.desk,
        action=stamp.action,
        reason=stamp.reason,
        campaign=stamp.campaign,
        event_date=None,
        undoes=None,
        continues=None,
        changes=journal.changes_digest(digests),
        previous=previous,
    )
    names = (*journal.HEADER_FIELDS, "hash")
    values = [*(getattr(header, name) for name in journal.HEADER_FIELDS), header.digest()]
    marks = ",".join("?" * len(names))
    connection.execute(f"INSERT INTO journal_entry ({','.join(names)}) VALUES ({marks})", values)


def _blocks(connection: Any) -> Iterator[journal.Block]:
    for code, shape in table_shapes(connection).items():
        listed = ",".join(f'"{name}"' for name in shape.names)
        cursor = connection.execute(f'SELECT {listed} FROM "{code}" ORDER BY "{shape.key}"')
        while rows := cursor.fetchmany(journal.BLOCK_ITEMS):
            values = [[journal.checked_value(value) for value in row] for row in rows]
            yield journal.encode_block([["+*", code, list(shape.names), values]])
