"""Inserting many rows: some hundreds by one statement, on a second thread while the next rows are being made."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any

from gengdi_desktop.storage.journal import Value

_ROWS = 500
_MOST_MARKS = 32_766
_SWITCH_SECONDS = 0.0005


def insert_rows(connection: Any, table: str, names: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Insert rows through the driver.

    A statement of hundreds of rows takes two thirds of the time of one statement for each row, and lets go of the
    interpreter for milliseconds instead of microseconds.
    """
    columns = tuple(names)
    at_once = min(_ROWS, _MOST_MARKS // len(columns))
    whole = len(rows) - len(rows) % at_once
    for start in range(0, whole, at_once):
        values = list(chain.from_iterable(rows[start : start + at_once]))
        connection.execute(_statement(table, columns, at_once), values)
    connection.executemany(_statement(table, columns, 1), rows[whole:])


@cache
def _statement(table: str, names: tuple[str, ...], rows: int) -> str:
    columns = ",".join(f'"{name}"' for name in names)
    marks = f"({','.join('?' * len(names))})"
    return f'INSERT INTO "{table}" ({columns}) VALUES {",".join([marks] * rows)}'


class SecondThread:
    """Does one job at a time beside the thread that hands them over, in the order of handing over."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._running: Future[None] | None = None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Jobs handed over inside are done when it is left without an error."""
        interval = sys.getswitchinterval()
        # The second thread mostly works without the interpreter; what it must wait for it should get at once.
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            with ThreadPoolExecutor(max_workers=1) as self._pool:
                yield
                self.wait()
        finally:
            sys.setswitchinterval(interval)
            self._pool = self._running = None

    def do(self, job: Callable[[], None]) -> None:
        """Hand over a job, once the one before it is done.

        Raises:
            Exception: What the job before raised.
        """
        self.wait()
        if self._pool is None:
            job()
        else:
            self._running = self._pool.submit(job)

    def wait(self) -> None:
        """Wait until nothing is being done.

        Raises:
            Exception: What the last job raised.
        """
        running, self._running = self._running, None
        if running is not None:
            running.result()
