"""Lines on the grid: 避头尾, squeezed punctuation, unbroken figures, and an emergency break for endless tokens.

Everything is measured in ems of the text, so the module knows neither fonts nor paper.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

Measure = Callable[[str, str], float]
"""Advance of one character in ems: ``measure(character, font role)``."""

OPENING = frozenset("（【《〈「『“‘〔［｛")
"""Marks that never end a line; their ink stands in the right half of the cell."""
CLOSING = frozenset("，。、；：）】》〉」』”’〕］｝")
"""Marks that never start a line; their ink stands in the left half of the cell."""
NO_START = CLOSING | frozenset("？！％‰℃…—·～,.;:?!)]}%°′″")
NO_END = OPENING | frozenset("([{￥¥№")
FULL_CELL = frozenset("“”‘’…—·")
"""Proportional in many fonts; on the grid they fill a cell."""

HALF = 0.5
_EPSILON = 1e-6
_SOFT_AFTER = frozenset("-_/\\.@:?&=#+")
_SOFT_FROM = 10
"""A run of Latin letters may break at its joints from this many characters on."""
_LOOSE = 0.3
"""Ems a gap may be stretched before a long Latin run is broken at a joint instead."""
_PULL_FROM = 1.0
"""Ems of slack from which the next unit is squeezed in rather than the line stretched."""
_LOOKAHEAD = 4
_AT_JOINT = 1
_ANYWHERE = 2


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one font role."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands together: one Chinese character, a run of Latin or digits, a pair of dashes or dots.

    Args:
        text: One or several characters.
        role: Font role.
        width: Advance in ems before anything is cut.
        joint: 0 where a unit begins; 1 where a long run may break for looks; 2 where it breaks only when it must.
    """

    text: str
    role: str
    width: float
    joint: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell in its line, with the blank cut from either side in ems."""

    cell: Cell
    cut_left: float
    cut_right: float

    @property
    def width(self) -> float:
        """What remains of the advance."""
        return self.cell.width - self.cut_left - self.cut_right


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Args:
        cells: In reading order.
        indent: Ems before the first cell.
        room: Ems that the cells may fill.
        last: Whether the paragraph ends here; such a line is not stretched.
    """

    cells: tuple[Placed, ...]
    indent: float
    room: float
    last: bool

    @property
    def width(self) -> float:
        """Natural width in ems."""
        return sum(placed.width for placed in self.cells)

    @property
    def gaps(self) -> int:
        """How many gaps may be stretched."""
        return sum(1 for placed in self.cells[1:] if placed.cell.joint == 0)

    @property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(placed.cell.text for placed in self.cells)


def is_full_width(character: str) -> bool:
    """Whether a character fills a cell of the grid."""
    return character in FULL_CELL or unicodedata.east_asian_width(character) in "WF"


def break_lines(
    spans: Sequence[Span], width: float, measure: Measure, *, indent: float = 0.0, hang: float = 0.0
) -> list[Line]:
    """Break text into lines.

    Args:
        spans: The text; spaces at the ends of lines fall away.
        width: Ems of the line from the left edge.
        measure: Advance of a character that is not full-width.
        indent: Ems before the first line.
        hang: Ems before the others.

    Returns:
        At least one line for any text; an empty text has none.
    """
    paragraph = _Paragraph(_cells(spans, measure, width - max(indent, hang)))
    lines: list[Line] = []
    start = 0
    while start < len(paragraph.cells):
        before = hang if lines else indent
        room = width - before
        end = paragraph.line_end(start, room)
        stop = end
        while stop > start + 1 and paragraph.cells[stop - 1].text == " ":
            stop -= 1
        following = end
        while following < len(paragraph.cells) and paragraph.cells[following].text == " ":
            following += 1
        last = following >= len(paragraph.cells)
        lines.append(Line(paragraph.placed(start, stop, room), before, room, last))
        start = following
    return lines


class _Paragraph:
    """The cells of a paragraph with running sums, so that every width is one subtraction."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self._widths = [0.0, *accumulate(cell.width for cell in cells)]
        self._pairs = [0.0, *accumulate(_pair_cut(a, b) for a, b in pairwise(cells)), 0.0]
        if len(self._pairs) > 1:
            self._pairs[-1] = self._pairs[-2]
        # what the line beginning at 0 needs up to n; monotonic, so that the fit can be searched
        self._reach = [self._widths[n] - self._pairs[max(n - 1, 0)] for n in range(len(cells) + 1)]

    def width(self, start: int, end: int) -> float:
        """Ems of the cells ``start … end-1`` in one line."""
        if end <= start:
            return 0.0
        return self._widths[end] - self._widths[start] - (self._pairs[end - 1] - self._pairs[start])

    def line_end(self, start: int, room: float) -> int:
        """The first cell of the next line; always beyond ``start``."""
        fit = self._fit(start, room)
        if fit >= len(self.cells):
            return len(self.cells)
        if self.cells[fit].joint == _ANYWHERE:
            return max(fit, start + 1)
        best = self._legal_before(start, fit, 0)
        slack = room - self.width(start, best) if best is not None else room
        if best != fit or slack > _PULL_FROM:
            pulled = self._legal_after(start, fit, room)
            if pulled is not None:
                return pulled
        if best is None or slack > _LOOSE * max(best - start - 1, 1):
            best = self._legal_before(start, fit, _AT_JOINT) or best
        return best if best is not None else max(fit, start + 1)

    def placed(self, start: int, end: int, room: float) -> tuple[Placed, ...]:
        """The cells of a line with what is cut between them, and more where the line is over-full."""
        lefts = [0.0] * (end - start)
        rights = [0.0] * (end - start)
        for index in range(end - start - 1):
            a, b = self.cells[start + index], self.cells[start + index + 1]
            if _pair_cut(a, b):
                if a.text in CLOSING:
                    rights[index] = HALF
                else:
                    lefts[index + 1] = HALF
        over = self.width(start, end) - room
        if over > _EPSILON:
            self._squeeze(start, lefts, rights, over)
        return tuple(
            Placed(cell, left, right) for cell, left, right in zip(self.cells[start:end], lefts, rights, strict=True)
        )

    def _squeeze(self, start: int, lefts: list[float], rights: list[float], over: float) -> None:
        """Cut ``over`` ems: first the blank at the line's end, which nobody sees, then all others alike."""
        last = len(rights) - 1
        if self.cells[start + last].text in CLOSING:
            cut = min(over, HALF - rights[last])
            rights[last] += cut
            over -= cut
        if over <= _EPSILON:
            return
        sides: list[tuple[list[float], int]] = []
        for index in range(len(rights)):
            text = self.cells[start + index].text
            if text in CLOSING and rights[index] < HALF - _EPSILON:
                sides.append((rights, index))
            elif text in OPENING and lefts[index] < HALF - _EPSILON:
                sides.append((lefts, index))
        for side, index in sides:  # all of them are untouched halves, so equal shares never cut more than a half
            side[index] += over / len(sides)

    def _fit(self, start: int, room: float) -> int:
        """How far the cells fit without squeezing."""
        if start + 1 > len(self.cells):
            return start
        limit = room + self._widths[start] - self._pairs[start] + _EPSILON
        end = bisect_right(self._reach, limit, start + 1) - 1
        return max(end, start)

    def _legal(self, index: int, joint: int) -> bool:
        """Whether a line may begin at ``index``."""
        if index >= len(self.cells):
            return True
        if self.cells[index].joint > joint:
            return False
        if self.cells[index].joint > 0:
            return True
        words = (self.cells[k].text for k in range(index, len(self.cells)))
        after = next((text[0] for text in words if text != " "), "")
        words = (self.cells[k].text for k in range(index - 1, -1, -1))
        before = next((text[-1] for text in words if text != " "), "")
        return after not in NO_START and before not in NO_END

    def _legal_before(self, start: int, fit: int, joint: int) -> int | None:
        """The last place at or before ``fit`` where the next line may begin."""
        return next((index for index in range(fit, start, -1) if self._legal(index, joint)), None)

    def _legal_after(self, start: int, fit: int, room: float) -> int | None:
        """The next place after ``fit`` that squeezing reaches."""
        for index in range(fit + 1, min(fit + 1 + _LOOKAHEAD, len(self.cells) + 1)):
            if not self._legal(index, 0):
                continue
            over = self.width(start, index) - room
            return index if over <= self._squeezable(start, index) + _EPSILON else None
        return None

    def _squeezable(self, start: int, end: int) -> float:
        """Ems that can still be cut from the punctuation of a line."""
        total = 0.0
        for index in range(start, end):
            text = self.cells[index].text
            if text in CLOSING:
                total += HALF if index + 1 >= end or not _pair_cut(self.cells[index], self.cells[index + 1]) else 0.0
            elif text in OPENING:
                taken = (
                    index > start
                    and _pair_cut(self.cells[index - 1], self.cells[index])
                    and (self.cells[index - 1].text in OPENING)
                )
                total += 0.0 if taken else HALF
        return total


def _pair_cut(a: Cell, b: Cell) -> float:
    """Ems saved where two marks meet."""
    if a.text in CLOSING and (b.text in CLOSING or b.text in OPENING):
        return HALF
    return HALF if a.text in OPENING and b.text in OPENING else 0.0


def _cells(spans: Sequence[Span], measure: Measure, narrowest: float) -> list[Cell]:
    """The units of the text; runs longer than a line fall into single characters."""
    cells: list[Cell] = []
    for span in spans:
        for text in _units(span.text):
            width = sum(_advance(character, span.role, measure) for character in text)
            if len(text) == 1 or is_full_width(text[0]):
                cells.append(Cell(text, span.role, width))
            else:
                cells.extend(_run(text, span.role, measure, endless=width > narrowest))
    return cells


def _advance(character: str, role: str, measure: Measure) -> float:
    return 1.0 if is_full_width(character) else measure(character, role)


def _run(text: str, role: str, measure: Measure, *, endless: bool) -> Iterator[Cell]:
    """A run of Latin or digits: whole, or in pieces at its joints, or in characters."""
    pieces: list[tuple[str, int]] = [(text, 0)]
    if endless:
        pieces = [(character, _ANYWHERE if index else 0) for index, character in enumerate(text)]
    elif len(text) >= _SOFT_FROM:
        pieces = _joints(text)
    for piece, joint in pieces:
        yield Cell(piece, role, sum(measure(character, role) for character in piece), joint)


def _joints(text: str) -> list[tuple[str, int]]:
    """Pieces after hyphens, slashes and the like, never inside a number."""
    pieces: list[tuple[str, int]] = []
    begin = 0
    for index in range(1, len(text)):
        inside_number = index >= 2 and text[index - 2].isdigit() and text[index].isdigit()  # noqa: PLR2004
        if text[index - 1] in _SOFT_AFTER and not inside_number and text[index] not in NO_START:
            pieces.append((text[begin:index], _AT_JOINT if begin else 0))
            begin = index
    pieces.append((text[begin:], _AT_JOINT if begin else 0))
    return pieces


def _units(text: str) -> Iterator[str]:
    """Split text into what never breaks inside: characters, runs of Latin and digits, pairs of dots or dashes."""
    index = 0
    while index < len(text):
        character = text[index]
        if character in "…—" and text[index : index + 2] == character * 2:
            yield character * 2
            index += 2
        elif is_full_width(character) or character == " ":
            yield character
            index += 1
        else:
            end = index
            while end < len(text) and not is_full_width(text[end]) and text[end] != " ":
                end += 1
            yield text[index:end]
            index = end
