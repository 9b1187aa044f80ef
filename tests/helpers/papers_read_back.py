"""A finished PDF read back as an office reads it: sentences by size of type, tables by their rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pdfplumber

Row = tuple[str, ...]


@dataclass(frozen=True)
class ReadTable:
    """A table: its header cells from top to bottom and left to right, and its rows, continued over pages; no blanks."""

    header: tuple[Row, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ReadPaper:
    """All of a PDF.

    Attributes:
        strands: The text outside of tables, without blanks: the sentences of the body run through all pages, everything
            else (captions, notes, page numbers) is one strand for each size of type and page.
        tables: The tables in their order.
        pages: How many pages.
    """

    strands: tuple[str, ...]
    tables: tuple[ReadTable, ...]
    pages: int


_BODY = 15.8
_FIRST_HEADERS = frozenset({"清单", "村（社区）", "序号"})


def read_paper(path: Path) -> ReadPaper:
    """Read a PDF back."""
    body: list[str] = []
    beside: list[str] = []
    tables: list[ReadTable] = []
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            found = page.find_tables()
            for size, text in _text(page, [table.bbox for table in found]).items():
                (body if size == _BODY else beside).append(text)
            for table in found:
                _add(tables, table.extract())
        pages = len(pdf.pages)
    return ReadPaper(("".join(body), *beside), tuple(tables), pages)


def _text(page: Any, boxes: Iterable[tuple[float, float, float, float]]) -> dict[float, str]:
    strands: dict[float, str] = {}
    for char in page.chars:
        across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if not any(left <= across <= right and top <= down <= bottom for left, top, right, bottom in boxes):
            size = round(char["size"], 1)
            strands[size] = strands.get(size, "") + char["text"].strip()
    return strands


def _cells(row: Iterable[str | None]) -> Row:
    """A row without blanks; a cell that a merged one covers is empty."""
    return tuple(re.sub(r"\s", "", cell or "") for cell in row)


def _add(tables: list[ReadTable], extracted: list[list[str | None]]) -> None:
    """A table of one page: a new one, or more rows of the one before, whose header it repeats."""
    rows = [_cells(row) for row in extracted]
    assert rows[0][0] in _FIRST_HEADERS, rows[0]
    height = 1 if extracted[1][0] is not None else 2  # None: covered by a merged cell above
    header, data = tuple(rows[:height]), tuple(rows[height:])
    if tables and tables[-1].header == header:
        tables[-1] = replace(tables[-1], rows=tables[-1].rows + data)
    else:
        tables.append(ReadTable(header, data))
