"""Inserting many rows: some hundreds by one statement, on threads of its own while the next rows are being made."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from gengdi_desktop.storage.journal import Value

_ROWS = 500
_MOST_MARKS = 32_766
_SWITCH_SECONDS = 0.0005
_MOST_OPEN = 4  # blocks of a thousand rows: enough that nobody waits for long, and memory stays flat

Packed = TypeVar("Packed")


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


class Pipeline:
    """Packs bytes and writes rows on two threads of its own, in the order of handing over.

    Both let go of the interpreter for most of their time, so that the thread that hands over can make what comes next.
    """

    def __init__(self) -> None:
        self._packer: ThreadPoolExecutor | None = None
        self._writer: ThreadPoolExecutor | None = None
        self._running: deque[Future[None]] = deque()
        self._broken = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Jobs handed over inside are done when it is left without an error."""
        interval = sys.getswitchinterval()
        # The threads mostly work without the interpreter; what they must wait for they should get at once.
        sys.setswitchinterval(min(interval, _SWITCH_SECONDS))
        try:
            with ThreadPoolExecutor(1) as self._packer, ThreadPoolExecutor(1) as self._writer:
                yield
                self.wait()
        finally:
            sys.setswitchinterval(interval)
            self._packer = self._writer = None
            self._running.clear()

    def do(self, pack: Callable[[], Packed], write: Callable[[Packed], None]) -> None:
        """Hand over a job: what ``pack`` answers is given to ``write``; waits while many are open already.

        Raises:
            Exception: What an earlier job raised; later ones have not been done then.
        """
        if self._packer is None or self._writer is None:
            write(pack())
            return
        while len(self._running) >= _MOST_OPEN:
            self._running.popleft().result()
        self._running.append(self._writer.submit(self._after(self._packer.submit(pack), write)))

    def _after(self, packing: Future[Packed], write: Callable[[Packed], None]) -> Callable[[], None]:
        def job() -> None:
            # SQLite may have rolled back by itself: what is written after that would stay, each row for itself.
            if self._broken:
                return
            try:
                write(packing.result())
            except BaseException:
                self._broken = True
                raise

        return job

    def wait(self) -> None:
        """Wait until nothing is being done.

        Raises:
            Exception: What a job raised.
        """
        while self._running:
            self._running.popleft().result()
