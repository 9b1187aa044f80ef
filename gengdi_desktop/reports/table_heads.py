"""Headings of several rows: which cells span what; the same for page, annex and workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gengdi_desktop.reports.document import Column


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One heading cell with its inclusive span."""

    text: str
    top: int
    bottom: int
    left: int
    right: int


def head_rows(columns: Sequence[Column]) -> int:
    """How many rows the heading has."""
    return max((len(column.path) for column in columns), default=0)


def head_cells(columns: Sequence[Column]) -> list[HeadCell]:
    """The heading cells from top to bottom, left to right; single headings span all rows below them."""
    depth = head_rows(columns)
    cells: list[HeadCell] = []
    for level in range(depth):
        left = 0
        while left < len(columns):
            path = columns[left].path
            right = left
            if level < len(path) - 1:
                while right + 1 < len(columns) and _same_group(columns[right + 1].path, path, level):
                    right += 1
                cells.append(HeadCell(path[level], level, level, left, right))
            elif level == len(path) - 1:
                cells.append(HeadCell(path[level], level, depth - 1, left, right))
            left = right + 1
    return cells


def _same_group(other: tuple[str, ...], path: tuple[str, ...], level: int) -> bool:
    return len(other) > level + 1 and other[: level + 1] == path[: level + 1]
