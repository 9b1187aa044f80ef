"""Long questions that can be stopped: SQLite asks now and then whether the answer is still wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gengdi_desktop.errors import Cancelled
from gengdi_desktop.storage import driver

if TYPE_CHECKING:
    from sqlmodel import Session

Progress = Callable[[int, int], None]
_ASK_EVERY = 400_000
"""About a hundredth of a second: each time Python must have its turn, for which a busy window lets SQLite wait."""
_PORTION = 5_000


@contextmanager
def _asking(connection: driver.Connection, progress: Progress | None) -> Iterator[list[Cancelled]]:
    """While it lasts, SQLite asks *progress* after some thousand steps and gives up when that raises."""
    stopped: list[Cancelled] = []

    def ask() -> int:
        if progress is not None:
            try:
                progress(0, 0)
            except Cancelled as wish:
                stopped.append(wish)
                return 1
        return 0

    connection.set_progress_handler(ask if progress is not None else None, _ASK_EVERY)
    try:
        yield stopped
    finally:
        connection.set_progress_handler(None, 0)


def texts(session: Session, statement: str, given: dict[str, Any], progress: Progress | None = None) -> list[str]:
    """One column of texts without line breaks, such as keys, of any length.

    SQLite itself strings them together, so that a long list is no long work of Python: the thread of the window would
    have to wait for that, again and again.

    Args:
        session: An open snapshot.
        statement: SQL that gives one column named ``one``; its order is kept.
        given: What fills its places.
        progress: As in :func:`rows`.

    Raises:
        Cancelled: It was stopped.
    """
    found = rows(session, f"SELECT group_concat(one, char(10)) FROM ({statement})", given, progress)[0][0]
    return found.split("\n") if found is not None else []


def rows(
    session: Session, statement: str, given: dict[str, Any], progress: Progress | None = None
) -> list[tuple[Any, ...]]:
    """All rows of a question, as plain tuples: a hundred thousand of them are no objects of their own.

    Args:
        session: An open snapshot.
        statement: SQL with named places.
        given: What fills them.
        progress: Asked now and then as (0, 0); raises ``Cancelled`` where the answer is no longer wanted.

    Raises:
        Cancelled: It was stopped; the snapshot can go on being used.
    """
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, driver.Connection):
        raise TypeError(connection)
    found: list[tuple[Any, ...]] = []
    with _asking(connection, progress) as stopped:
        try:
            cursor = connection.execute(statement, given)
            while portion := cursor.fetchmany(_PORTION):
                found += portion
                if progress is not None:
                    progress(0, 0)
        except driver.Error:
            if stopped:
                raise stopped[0] from None
            raise
    return found
