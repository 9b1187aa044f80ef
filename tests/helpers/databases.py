"""Ledger files without a ledger around them, and eyes that look into them behind the program's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gengdi_desktop.storage import replay
from gengdi_desktop.storage.database import Database
from gengdi_desktop.storage.tables import LedgerRow
from gengdi_desktop.storage.unit_of_work import Stamp

LEDGER = "0123456789abcdef0123456789abcdef"
AT = datetime(2023, 8, 20, 2, 0, tzinfo=UTC)


def stamp(action: str = "import", **changes: Any) -> Stamp:
    """王秀英 does something in the ledger of the tests."""
    given: dict[str, Any] = {"ledger": LEDGER, "at": AT, "actor": "王秀英", "auth": "stated", "desk": "township"}
    return Stamp(**{**given, "action": action, **changes})


def new_database(path: Path) -> Database:
    """A ledger file with its first entry."""
    database = Database(path, write=True, create=True)
    with database.action(stamp("create")) as work:
        work.session.add(LedgerRow(id=LEDGER, name="白圩乡", desk="township", county="进贤县", unit="白圩乡"))
        work.commit()
    return database


@contextmanager
def behind_the_back(path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection that commits at once and knows neither guard nor journal."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def asked(path: Path, query: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What plain SQLite answers."""
    with behind_the_back(path) as connection:
        return connection.execute(query, given).fetchall()


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every journalled table, by key."""
    with behind_the_back(path) as connection:
        shapes = replay.table_shapes(connection)
        return {
            code: connection.execute(f'SELECT {",".join(shape.names)} FROM "{code}" ORDER BY 1').fetchall()
            for code, shape in shapes.items()
        }


def unlocked(connection: sqlite3.Connection) -> None:
    """Take the triggers of the journal away, as somebody with a tool would."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")


def relocked(connection: sqlite3.Connection) -> None:
    """Put the triggers back, so that only the other change can be found."""
    from gengdi_desktop.storage.schema import TRIGGERS

    for statement in TRIGGERS.values():
        connection.execute(statement)
