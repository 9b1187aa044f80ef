"""Rows onto pages: nothing torn that belongs together, nothing stranded, 22 lines where nothing forbids it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import Ink, moved
from gengdi_desktop.reports.render.rows import Row

_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Page:
    """One page, ready to draw.

    Args:
        ink: In points from the upper left corner of the page.
        numbered: Whether it bears its number.
        used: Points of the type area that rows have filled, from its upper edge.
    """

    ink: tuple[Ink, ...]
    numbered: bool
    used: float


def paginate(rows: Sequence[Row], first_line: int) -> list[Page]:
    """Spread rows over pages.

    Args:
        rows: In order.
        first_line: The grid line (from 0) on which the first page's text begins, below the letterhead.
    """
    pages: list[Page] = []
    index = 0
    while index < len(rows) or not pages:
        top = first_line * g.PITCH if not pages else 0.0
        placed, index, bottom = _fill(rows, index, top)
        pages.append(Page(placed, numbered=True, used=bottom))
    return pages


def _fill(rows: Sequence[Row], start: int, top: float) -> tuple[tuple[Ink, ...], int, float]:
    """The ink of one page, the row on which the next begins, and how far down the page is filled."""
    while start < len(rows) and rows[start].blank and top == 0.0:
        start += 1
    heads = rows[start].head if start < len(rows) and top == 0.0 else ()
    room = g.LINES * g.PITCH - top - sum(row.height for row in heads) + _SLACK
    end = start
    while end < len(rows) and rows[end].height <= room:
        room -= rows[end].height
        end += 1
    end = _break(rows, start, end)
    ink: list[Ink] = []
    y = top
    for row in (*heads, *rows[start:end]):
        ink += [moved(item, g.LEFT, g.TOP + y) for item in row.ink]
        y += row.height
    return tuple(ink), end, y


def _break(rows: Sequence[Row], start: int, end: int) -> int:
    """The last row at or before ``end`` where a page may begin; a block longer than a page is torn after all."""
    if end >= len(rows):
        return end
    at = end
    while at > start and rows[at].glued:
        at -= 1
    if at > start:
        return at
    return max(end, start + 1)
