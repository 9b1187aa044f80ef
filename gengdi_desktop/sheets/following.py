"""Looking at the rows of a foreign table while the child still reads it: the spool is followed as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Protocol

from gengdi_desktop.sheets.cells import ForeignSheet, SheetRow, row_of_line
from gengdi_desktop.sheets.headers import SEARCHED_ROWS

_PIECE = 1 << 18
"""Bytes that are looked at in one go: some hundreds of rows, a fiftieth of a second."""


class Follower(Protocol):
    """Who looks at rows ahead of time. What it makes of them may have to be thrown away."""

    def begin(self, sheet: ForeignSheet) -> bool:
        """The first rows of a sheet are there; answers whether all its rows are wanted.

        Of the sheet only position and first rows are known: it has no name yet, and what is told behind the rows of a
        sheet (merged blocks, what is hidden, whether blanks are certain) is left at its usual value.
        """

    def take(self, rows: Sequence[SheetRow]) -> None:
        """The next rows of the sheet that began last, from its first."""

    def forget(self) -> None:
        """The rows of the sheet that began last are nobody's: it is read once more, otherwise."""


class Following:
    """Hands what the child has spooled so far to a follower, a piece at a time.

    Args:
        spool: The file that the child writes.
        follower: Who looks at the rows.
    """

    def __init__(self, spool: Path, follower: Follower) -> None:
        self._spool = spool
        self._follower = follower
        self._file: IO[bytes] | None = None
        self._rest = b""
        self._at = self._position = 0
        self._start_sheet()

    def _start_sheet(self) -> None:
        self._offset = self._at
        self._head: list[SheetRow] = []
        self._begun = False
        self._wanted = True

    def close(self) -> None:
        """Let go of the spool."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def look(self) -> bool:
        """Look at the next piece; answers whether anything was there."""
        if self._file is None:
            if not self._spool.exists():
                return False
            self._file = self._spool.open("rb")
        piece = self._file.read(_PIECE)
        if not piece:
            return False
        *lines, self._rest = (self._rest + piece).split(b"\n")
        rows: list[bytes] = []
        for line in lines:
            self._at += len(line) + 1
            if line.startswith(b"{"):
                self._take(rows)
                rows = []
                self._end(line)
            else:
                rows.append(line)
        self._take(rows)
        return True

    def _end(self, told: bytes) -> None:
        """The rows of a sheet are all there."""
        if told.startswith(b'{"forgotten"'):
            if self._begun:
                self._follower.forget()
        else:
            self._position += 1
        self._start_sheet()

    def _take(self, lines: list[bytes]) -> None:
        if not self._wanted or not lines:
            return
        rows = list(map(row_of_line, lines))
        if not self._begun:
            rows = self._head = [*self._head, *rows]
            if len(rows) < SEARCHED_ROWS:
                return  # a table of some rows is looked at in no time once it is read
            self._begun = True
            self._wanted = self._follower.begin(self._sheet(len(rows)))
            self._head = []
        if self._wanted:
            self._follower.take(rows)

    def _sheet(self, rows: int) -> ForeignSheet:
        return ForeignSheet(
            name="",
            position=self._position,
            hidden=False,
            row_count=rows,
            column_count=0,
            hidden_rows=0,
            hidden_columns=frozenset(),
            merges=(),
            blanks_certain=True,
            spool=self._spool,
            offset=self._offset,
        )
