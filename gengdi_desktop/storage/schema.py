"""What makes a SQLite file a ledger: its mark, its version, its tables and the triggers that guard the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from gengdi_desktop.storage import tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from gengdi_desktop.storage.driver import Connection

APPLICATION_ID = 0x474E4744
"""``GNGD`` as a big-endian integer, in the header of every ledger file."""

SCHEMA_VERSION = 1

TRIGGERS: dict[str, str] = {
    f"{table}_no_{verb.lower()}": (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    )
    for table in ("journal_entry", "journal_block")
    for verb in ("UPDATE", "DELETE")
}


def create(engine: Engine) -> None:
    """Make all tables, triggers and marks in one transaction."""
    with engine.begin() as connection:
        tables.Row.metadata.create_all(connection)
        for statement in TRIGGERS.values():
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def complete(engine: Engine) -> None:
    """Make tables and indexes that an earlier build did not know yet; an empty table changes nothing that was written.

    What a step must do instead: columns, and whatever changes rows.
    """
    with engine.connect() as connection:
        there = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    known = tables.Row.metadata.sorted_tables
    if all(table.name in there and all(index.name in there for index in table.indexes) for table in known):
        return
    with engine.begin() as connection:
        for table in known:
            if table.name not in there:
                table.create(connection)
                continue
            for index in sorted(table.indexes, key=lambda one: str(one.name)):
                if index.name not in there:
                    index.create(connection)


def stand_in(connection: Connection) -> None:
    """Let a read-only connection find the tables that an earlier build did not know: as empty ones, in memory only."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    missing = [table for table in tables.Row.metadata.sorted_tables if table.name not in there]
    if not missing or "journal_entry" not in there:
        return
    connection.execute("PRAGMA query_only = OFF")
    for table in missing:
        made = str(CreateTable(table).compile(dialect=sqlite.dialect()))
        connection.execute(made.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
    connection.execute("PRAGMA query_only = ON")
