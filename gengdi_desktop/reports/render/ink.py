"""What stands on a page: glyphs, strokes, marked places; and how a broken line becomes glyphs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.line_breaking import FULL_CELL, Line, Measure, Placed
from gengdi_desktop.reports.typefaces import FontRole

_WIDEST_GAP = 0.4
"""Ems; a line that would need more stays ragged, since holes are worse than an uneven edge."""

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Text in one run.

    Args:
        x: Left end in points from the left edge of page or row.
        baseline: Points down from the upper edge of page or row.
        text: The characters.
        role: Typeface.
        size: Points.
        gap: Points added after each character.
        colour: Red, green, blue, each 0 to 1.
    """

    x: float
    baseline: float
    text: str
    role: FontRole
    size: float
    gap: float = 0.0
    colour: Colour = g.BLACK


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line; all in points from the upper left corner of page or row."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: Colour = g.BLACK


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle that is kept free and remembered by name: where somebody signs."""

    name: str
    x: float
    y: float
    width: float
    height: float


Ink = Glyphs | Stroke | Place


def moved(ink: Ink, dx: float, dy: float) -> Ink:
    """The same ink elsewhere."""
    if isinstance(ink, Glyphs):
        return replace(ink, x=ink.x + dx, baseline=ink.baseline + dy)
    if isinstance(ink, Stroke):
        return replace(ink, x1=ink.x1 + dx, x2=ink.x2 + dx, y1=ink.y1 + dy, y2=ink.y2 + dy)
    return replace(ink, x=ink.x + dx, y=ink.y + dy)


def text_width(text: str, role: FontRole, size: float, measure: Measure) -> float:
    """Points of a text set without any justification; proportional marks count their cell."""
    return sum(size if character in FULL_CELL else size * measure(character, role) for character in text)


def label(
    text: str, role: FontRole, size: float, x: float, baseline: float, *, colour: Colour = g.BLACK, gap: float = 0.0
) -> Glyphs:
    """A short text that is never broken."""
    return Glyphs(x, baseline, text, role, size, gap, colour)


def set_line(line: Line, size: float, x: float, baseline: float, measure: Measure, *, justify: bool) -> list[Glyphs]:
    """Place the cells of a line.

    Args:
        line: A broken line; its indent is not added here.
        size: Points.
        x: Where the first cell begins.
        baseline: Points from the top.
        measure: The same that broke the line.
        justify: Stretch the gaps so that the line fills its room; last lines stay as they are.
    """
    slack = line.room - line.width
    stretched = justify and not line.last and slack > 0 and line.gaps
    gap = min(slack / line.gaps, _WIDEST_GAP) * size if stretched else 0.0
    runs = _Runs(size, baseline, gap)
    for index, placed in enumerate(line.cells):
        follower = line.cells[index + 1] if index + 1 < len(line.cells) else None
        stretch = gap if follower is not None and follower.cell.joint == 0 else 0.0
        x = runs.add(placed, x, stretch, measure)
    return runs.done()


class _Runs:
    """Joins neighbouring cells into runs wherever the advance of the font leads to the right place."""

    def __init__(self, size: float, baseline: float, gap: float) -> None:
        self._size = size
        self._baseline = baseline
        self._gap = gap
        self._glyphs: list[Glyphs] = []
        self._open = False

    def add(self, placed: Placed, x: float, stretch: float, measure: Measure) -> float:
        """Place one cell; returns where the next begins."""
        cell = placed.cell
        role = FontRole(cell.role)
        if placed.cut_left:
            self._open = False
        left = x - placed.cut_left * self._size
        if cell.text[0] in FULL_CELL:
            self._centred(cell.text, role, left, measure)
        elif len(cell.text) > 1 and self._gap:
            self._append(cell.text, role, left, 0.0)
            self._open = False
        else:
            self._append(cell.text, role, left, self._gap)
        if placed.cut_right or stretch != self._gap:
            self._open = False
        return x + placed.width * self._size + stretch

    def done(self) -> list[Glyphs]:
        """The runs."""
        return self._glyphs

    def _append(self, text: str, role: FontRole, x: float, gap: float) -> None:
        last = self._glyphs[-1] if self._glyphs else None
        if self._open and last is not None and last.role is role and last.gap == gap:
            self._glyphs[-1] = replace(last, text=last.text + text)
        else:
            self._glyphs.append(Glyphs(x, self._baseline, text, role, self._size, gap))
        self._open = True

    def _centred(self, text: str, role: FontRole, x: float, measure: Measure) -> None:
        """A mark that fonts draw narrower than its cell: quotes lean to their side, the others stand in the middle."""
        for character in text:
            spare = self._size * (1.0 - measure(character, role))
            shift = spare if character in "“‘" else 0.0 if character in "”’" else spare / 2
            self._glyphs.append(Glyphs(x + shift, self._baseline, character, role, self._size))
            x += self._size
        self._open = False
