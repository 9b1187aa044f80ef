"""Titles in a good shape: lines that break between phrases and stand as a trapezoid or a rhombus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

_MOST_LINES = 4
_EVEN = 2.0
"""Penalty for lines of one length: neither trapezoid nor rhombus."""
_WAIST = 12.0
"""Penalty for an hourglass: a line shorter than both its neighbours."""
_SAME = 0.5
"""Ems below which two lines look equal."""


def title_lines(phrases: Sequence[str], room: float, width: Callable[[str], float]) -> list[str]:
    """Spread the phrases of a title over as few lines as possible, in the best shape.

    Args:
        phrases: What is never broken inside; a phrase longer than a line is broken between characters.
        room: Ems of a line.
        width: Ems of a text.

    Returns:
        One to four lines; more only where they do not fit.
    """
    pieces = [piece for phrase in phrases for piece in _fitting(phrase, room, width)]
    for count in range(1, len(pieces) + 1):
        best = min(
            (lines for lines in _partitions(pieces, count) if all(width(line) <= room for line in lines)),
            key=lambda lines: _ugliness([width(line) for line in lines]),
            default=None,
        )
        if best is not None or count >= max(_MOST_LINES, 1):
            return best if best is not None else _greedy(pieces, room, width)
    return []


def _partitions(pieces: Sequence[str], count: int) -> Iterator[list[str]]:
    """All ways to put the pieces into ``count`` lines in their order."""
    if count == 1:
        yield ["".join(pieces)]
        return
    for first in range(1, len(pieces) - count + 2):
        head = "".join(pieces[:first])
        for rest in _partitions(pieces[first:], count - 1):
            yield [head, *rest]


def _ugliness(widths: Sequence[float]) -> float:
    """Small for a trapezoid or rhombus of lines that do not differ much."""
    spread = max(widths) - min(widths)
    penalty = spread**2 / max(widths)
    if len(widths) > 1 and all(abs(a - b) < _SAME for a, b in pairwise(widths)):
        penalty += _EVEN
    for before, here, after in zip(widths, widths[1:], widths[2:], strict=False):
        if here < before - _SAME and here < after - _SAME:
            penalty += _WAIST
    return penalty


def _greedy(pieces: Sequence[str], room: float, width: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if lines and width(lines[-1] + piece) <= room:
            lines[-1] += piece
        else:
            lines.append(piece)
    return lines


def _fitting(phrase: str, room: float, width: Callable[[str], float]) -> Iterator[str]:
    """A phrase, or its parts where it is longer than a line."""
    part = ""
    for character in phrase:
        if part and width(part + character) > room:
            yield part
            part = ""
        part += character
    if part:
        yield part
