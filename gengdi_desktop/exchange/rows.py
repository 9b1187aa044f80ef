"""Rows of tables as lines of a member: one for the table's fields, then one for each row, in the order of the keys."""

from __future__ import annotations

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
    for number, line in enumerate(lines, 2):
        row = _parsed(line)
        if not isinstance(row, list) or len(row) != len(header.fields) or not _fit(row, line):
            raise _unreadable(header.table, number)
        key = row[0]
        if not _follows(key, before):
            raise _unreadable(header.table, number)
        before = key
        yield tuple(row)
    if number - 1 != header.rows:
        raise _unreadable(header.table, number)


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
