"""Rows of tables as lines of a member: one for the table's fields, then one for each row, in the order of the keys."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from gengdi_desktop.exchange import fields as values
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.storage.journal import Value, plain_json

_MOST_FIELDS: Final = 200
_HEADER: Final = ("fields", "rows", "table")
_INTEGER: Final = 2**63
_LONG: Final = re.compile(rb"\d{19}")
_KINDS: Final = frozenset({int, str, type(None)})
_LINES_AT_ONCE: Final = 500
_BYTES_AT_ONCE: Final = 1024 * 1024
_AGAIN: Final = "请对方用本软件重新打包。"


@dataclass(frozen=True, slots=True)
class TableHeader:
    """What the first line says.

    Attributes:
        table: Code of the table.
        fields: Codes of its fields, the key's first.
        rows: How many rows follow.
    """

    table: str
    fields: tuple[str, ...]
    rows: int


def member_name(table: str) -> str:
    """The name of the member that carries the rows of a table."""
    return f"{names.DATA}/{table}.jsonl"


def row_lines(header: TableHeader, rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The lines of a member, each with its end.

    Args:
        header: Of the table.
        rows: So many values as there are fields, fit for the journal, in the order of their keys.
    """
    yield plain_json({"table": header.table, "fields": header.fields, "rows": header.rows}) + b"\n"
    for row in rows:
        yield plain_json(row) + b"\n"


def read_rows(table: str, lines: Iterator[bytes]) -> tuple[TableHeader, Iterator[tuple[Value, ...]]]:
    """The rows of a member from elsewhere, one by one; nothing but its lines is believed.

    Args:
        table: The table that its name states.
        lines: Without their ends (``ReceivedPackage.lines``).

    Raises:
        PackageFault: ``rows_unreadable``, also while the rows are read: the sentence names table and line.
    """
    header = _header(table, next(lines, b""))
    return header, _rows(header, lines)


def _rows(header: TableHeader, lines: Iterator[bytes]) -> Iterator[tuple[Value, ...]]:
    before: Value = None
    number = 1
    while chunk := _some(lines):
        rows = _fit_at_once(header, chunk, before)
        if rows is None:
            rows = list(_one_by_one(header, chunk, before, number))
        yield from rows
        number += len(rows)
        before = rows[-1][0]
    if number - 1 != header.rows:
        raise _unreadable(header.table, number)


def _some(lines: Iterator[bytes]) -> list[bytes]:
    """The next lines; few where they are long."""
    found: list[bytes] = []
    size = 0
    for line in lines:
        found.append(line)
        size += len(line)
        if len(found) == _LINES_AT_ONCE or size > _BYTES_AT_ONCE:
            break
    return found


def _fit_at_once(header: TableHeader, lines: list[bytes], before: Value) -> list[tuple[Value, ...]] | None:
    """The rows of many lines where all of them are as they should be; None where one may not be.

    Each line is parsed for itself. Since no value goes on behind its end, all of them together are written in the one
    way if and only if each is.
    """
    try:
        rows = [orjson.loads(line) for line in lines]
        if not all(type(row) is list for row in rows) or set(map(len, rows)) != {len(header.fields)}:
            return None
        whole = b"[" + b",".join(lines) + b"]"
        if plain_json(rows) != whole:
            return None
        normal = whole.isascii() or unicodedata.is_normalized("NFC", whole.decode())
    except (orjson.JSONDecodeError, RecursionError, TypeError, UnicodeDecodeError):
        return None
    columns = list(zip(*rows, strict=True))
    keys = columns[0]
    rising = set(map(type, keys)) in ({int}, {str}) and all(map(operator.lt, keys, keys[1:]))
    fit = normal and b"\\u0000" not in whole and rising and _follows(keys[0], before)
    return list(zip(*columns, strict=True)) if fit and all(map(_plain, columns)) else None


def _plain(column: Sequence[Any]) -> bool:
    """Whether a column holds nothing but texts, integers of the journal and nothing."""
    kinds = set(map(type, column))
    if not kinds <= _KINDS:
        return False
    integers = [one for one in column if type(one) is int] if int in kinds else ()
    return not integers or -_INTEGER < min(integers) <= max(integers) < _INTEGER


def _one_by_one(header: TableHeader, lines: list[bytes], before: Value, number: int) -> Iterator[tuple[Value, ...]]:
    """The same rows, each line looked at for itself, so that the one that is wrong can be named."""
    for at, line in enumerate(lines, number + 1):
        row = _parsed(line)
        if not isinstance(row, list) or len(row) != len(header.fields) or not _fit(row, line):
            raise _unreadable(header.table, at)
        if not _follows(row[0], before):
            raise _unreadable(header.table, at)
        before = row[0]
        yield tuple(row)


def _header(table: str, line: bytes) -> TableHeader:
    try:
        said = values.record(_parsed(line), _HEADER, strict=True)
        fields = tuple(values.text(one, longest=60) for one in values.array(said["fields"], most=_MOST_FIELDS))
        header = TableHeader(values.text(said["table"]), fields, values.count(said["rows"]))
    except values.UnfitError as error:
        raise _unreadable(table, 1) from error
    if header.table != table or not fields or len(set(fields)) < len(fields):
        raise _unreadable(table, 1)
    return header


def _parsed(line: bytes) -> Any:
    """The value of a line; a text that no row is where the line is not the one way to write its value."""
    try:
        found = orjson.loads(line)
        return found if plain_json(found) == line else ""
    except (orjson.JSONDecodeError, RecursionError, TypeError):
        return ""


def _follows(key: Value, before: Value) -> bool:
    """Whether a key may come next: keys of one table are all integers or all texts, and ascend."""
    if isinstance(key, int):
        return before is None or (isinstance(before, int) and before < key)
    return isinstance(key, str) and (before is None or (isinstance(before, str) and before < key))


def _fit(row: list[Any], line: bytes) -> bool:
    """Whether the journal could hold all these values."""
    if not _KINDS.issuperset(map(type, row)):
        return False
    # Nothing above 64 bits is written in fewer digits, and few lines have so many in a row.
    if _LONG.search(line) and not all(-_INTEGER < one < _INTEGER for one in row if type(one) is int):
        return False
    # NUL stands in a line as an escape; so may a backslash before "u0000", which is none.
    if b"\\u0000" in line and any("\0" in one for one in row if isinstance(one, str)):
        return False
    # What is normal as a whole is so in its parts; not the reverse, where a mark follows the letter of an escape.
    return (
        line.isascii()
        or unicodedata.is_normalized("NFC", line.decode())
        or all(unicodedata.is_normalized("NFC", one) for one in row if isinstance(one, str))
    )


def _unreadable(table: str, line: int) -> PackageFault:
    return PackageFault("rows_unreadable", f"包里“{member_name(table)}”的第 {line} 行不是规定的写法。", _AGAIN)
