"""What a foreign table is once it has been read: sheets, rows and texts with their kinds, streamed from a spool."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import orjson

from gengdi_desktop.sheets.formats import TableFormat


class CellKind(StrEnum):
    """What stands in a cell; one letter each, so that the kinds of a row are one text."""

    TEXT = "t"
    """A text; an empty text is an empty cell."""
    NUMBER = "n"
    """A number; its text is the shortest exact decimal, at most the fifteen digits that table programs show."""
    DATE = "d"
    """A date, with time where there is one: ``2023-07-25`` or ``2023-07-25 08:30:00``."""
    TIME = "h"
    """A time of day or a duration, and no date."""
    FLAG = "b"
    """A truth value: ``TRUE`` or ``FALSE``."""
    ERROR = "e"
    """An error such as ``#DIV/0!``; never to be taken as empty."""
    UNCALCULATED = "f"
    """A formula whose value was never stored; its text is empty, and never to be taken as empty."""


class SheetRow(NamedTuple):
    """A row that holds anything at all.

    Columns count from 0. Rows may be shorter than the sheet is wide: what is missing is empty.
    """

    number: int
    """As the table program shows it, from 1."""
    kinds: str
    """One letter of :class:`CellKind` for each text."""
    texts: list[str]
    """What the clerk sees in each cell; the surrounding blanks of a text are kept."""
    hidden: bool = False
    """Whether the row is hidden or filtered away."""
    struck: frozenset[int] = frozenset()
    """Columns whose text is struck through."""

    def text(self, column: int) -> str:
        """The text of a column, without surrounding blanks; empty beyond the end."""
        return self.texts[column].strip() if column < len(self.texts) else ""

    def kind(self, column: int) -> CellKind:
        """The kind of a column; an empty text beyond the end."""
        return CellKind(self.kinds[column]) if column < len(self.kinds) else CellKind.TEXT


class Merge(NamedTuple):
    """A merged block; rows count from 1, columns from 0, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class ForeignSheet:
    """One sheet of a foreign table; its rows stay in the spool.

    Args:
        name: As the file calls it.
        position: From 0, in the order of the file.
        hidden: Whether the sheet itself is hidden.
        row_count: Rows that hold anything.
        column_count: Width of the widest row.
        hidden_rows: How many of these rows are hidden.
        hidden_columns: Columns that are hidden, from 0.
        merges: Merged blocks.
        blanks_certain: Whether an empty cell is surely empty; False where formulas without a value cannot be told.
        spool: The file that holds the rows.
        offset: Where in it they begin, in bytes.
    """

    name: str
    position: int
    hidden: bool
    row_count: int
    column_count: int
    hidden_rows: int
    hidden_columns: frozenset[int]
    merges: tuple[Merge, ...]
    blanks_certain: bool
    spool: Path
    offset: int

    def rows(self, skip: int = 0) -> Iterator[SheetRow]:
        """Stream the rows from the top, or behind the first few; as often as wanted, with flat memory."""
        return map(row_of_line, islice(self._lines(), skip, None))

    def cell_texts(self) -> Iterator[tuple[Sequence[int], Sequence[str]]]:
        """Stream row numbers, and the texts of each row as a JSON array, some hundreds of rows at a time."""
        lines = self._lines()
        while block := list(islice(lines, _BLOCK)):
            yield _plain_texts(block) or _any_texts(block)

    def _lines(self) -> Iterator[bytes]:
        with self.spool.open("rb") as lines:
            lines.seek(self.offset)
            yield from islice(lines, self.row_count)

    def head(self, count: int) -> list[SheetRow]:
        """The first rows that hold anything."""
        return list(islice(self.rows(), count))


@dataclass(frozen=True, slots=True)
class ForeignWorkbook:
    """A foreign table that has been read; leaving its context removes the spool.

    Args:
        path: The file as it was named.
        format: What it is by content, whatever its ending says.
        misnamed: Whether the ending says otherwise.
        sha256: Of the bytes that were read, in hex.
        sheets: In the order of the file.
        spool: The file that holds the rows of all sheets.
    """

    path: Path
    format: TableFormat
    misnamed: bool
    sha256: str
    sheets: tuple[ForeignSheet, ...]
    spool: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the spool; the rows can be read no more."""
        self.spool.unlink(missing_ok=True)


def number_text(value: float) -> str:
    """The text of a number as a table program shows it: whole numbers without a point, at most fifteen digits.

    A number beyond fifteen digits before the point is written out in full, so that damage to identifiers is seen.
    """
    text = repr(value)
    if len(text) < _NOISY_LENGTH and "e" not in text:
        whole, _, part = text.partition(".")
        return text if part != "0" else whole if value else "0"
    if value.is_integer() and abs(value) < _BEYOND_DIGITS:
        return str(int(value))
    if len(text) >= _NOISY_LENGTH and abs(value) < _BEYOND_DIGITS:
        # The sixteenth and seventeenth digit are noise of binary arithmetic: 157.79000000000002 is shown as 157.79.
        text = f"{value:.15g}"
    return format(Decimal(text), "f") if "e" in text else text


_NOISY_LENGTH = 17
_BEYOND_DIGITS = 1e15


_UNMARKED = 3
_BLOCK = 500


def row_of_line(line: bytes) -> SheetRow:
    """The row that a line of the spool holds."""
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        told = json.loads(line.decode(errors="surrogatepass"))
    return SheetRow(*told) if len(told) == _UNMARKED else _marked(*told)


def _marked(number: int, kinds: str, texts: list[str], hidden: int, struck: list[int]) -> SheetRow:
    return SheetRow(number, kinds, texts, bool(hidden), frozenset(struck))


_PLAIN_LINE = re.compile(r'^\[(\d+),"[a-z]*",(\[.*"\])\]$', re.MULTILINE)


def _plain_texts(block: Sequence[bytes]) -> tuple[Sequence[int], Sequence[str]] | None:
    """Numbers and texts of rows of which nothing else is told, which need not be read for that; None for others."""
    try:
        found = _PLAIN_LINE.findall(b"".join(block).decode())
    except UnicodeDecodeError:
        return None  # half a character stands in one of them
    if len(found) != len(block):
        return None
    numbers, texts = zip(*found, strict=True)
    return list(map(int, numbers)), texts


def _any_texts(block: Sequence[bytes]) -> tuple[Sequence[int], Sequence[str]]:
    numbers, texts = [], []
    for line in block:
        number, _, told, *_ = json.loads(line.decode(errors="surrogatepass"))  # marks stand behind the texts
        numbers.append(number)
        texts.append(_encode(told))
    return numbers, texts


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
