"""The one seam to the SQLite driver: connect, attach, and the names of its errors."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

Connection = sqlite3.Connection
Error = sqlite3.Error
module: Any = sqlite3
VERSION = sqlite3.sqlite_version

BUSY_SECONDS = 5.0
WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    # In kibibytes: room for the upper pages of all indexes, so that an import does not write them again and again.
    "cache_size=-32768",
)
READER_PRAGMAS = ("query_only=ON", "temp_store=MEMORY", "trusted_schema=OFF")


def uri(path: Path, mode: str, *, immutable: bool = False) -> str:
    """The ``file:`` address of a database; ``mode`` is ``ro``, ``rw`` or ``rwc``."""
    address = path.absolute().as_uri()
    if not address.startswith("file:///"):
        # A share of another computer: SQLite takes no host, but a path that begins with two slashes.
        address = address.replace("file://", "file:////", 1)
    return f"{address}?mode={mode}" + ("&immutable=1" if immutable else "")


def connect(path: Path, mode: str, *, immutable: bool = False) -> Connection:
    """A connection in autocommit mode with our pragmas; transactions are begun by name, never by the driver."""
    connection = sqlite3.connect(
        uri(path, mode, immutable=immutable),
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in READER_PRAGMAS if mode == "ro" else WRITER_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except Error:
        connection.close()
        raise
    return connection


def needs_immutable(path: Path) -> bool:
    """Whether a ledger can only be read as a file that nobody changes: its folder has no room for shared memory.

    Raises:
        Error: It cannot be read at all.
    """
    connection = connect(path, "ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except Error:
        log = log_of(path)
        if log.exists() and log.stat().st_size:
            raise  # without the log the file alone would be an older ledger
        return True
    finally:
        connection.close()
    return False


def connect_to_read(path: Path) -> Connection:
    """A read-only connection, also on a disk that cannot be written."""
    return connect(path, "ro", immutable=needs_immutable(path))


def log_of(path: Path) -> Path:
    """The write-ahead log that belongs to a database."""
    return path.with_name(path.name + "-wal")


def scratch(path: Path) -> Connection:
    """A connection to a temporary file that need not survive anything: no journal, no sync."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def error_name(error: BaseException) -> str:
    """SQLite's own name of an error such as ``SQLITE_FULL``; empty when it has none."""
    return str(getattr(error, "sqlite_errorname", "") or "")
