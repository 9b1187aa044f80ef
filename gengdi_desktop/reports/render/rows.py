"""Text as rows on the grid: what may be torn from what, before anybody knows where a page ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import Ink, Place, set_line, text_width
from gengdi_desktop.reports.render.line_breaking import Line, Measure, Span, break_lines
from gengdi_desktop.reports.typefaces import FontRole

_ONE_LINE = 10_000.0
_TOGETHER = 3
"""Paragraphs of up to three lines are not torn; of longer ones two lines stay on either side."""


@dataclass(frozen=True, slots=True)
class Row:
    """A strip of the type area.

    Args:
        height: Points; a multiple of the pitch.
        ink: Relative to the strip's upper left corner.
        glued: Whether it stays on the page of the row before it.
        blank: Whether it falls away at the head of a page.
        text: Whether it is body text, which the date may lean on.
        head: Rows that are repeated above it when a page begins here.
    """

    height: float
    ink: tuple[Ink, ...] = ()
    glued: bool = False
    blank: bool = False
    text: bool = False
    head: tuple[Row, ...] = ()


class Flow:
    """Rows in order, with headings bound to what follows."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._bind = False

    def add(self, rows: Iterable[Row], *, bind_next: bool = False) -> None:
        """Append rows.

        Args:
            rows: May be none, then a pending bond waits for the next.
            bind_next: Whether the next row stays on the page of the last of these.
        """
        for row in rows:
            self.rows.append(replace(row, glued=True) if self._bind else row)
            self._bind = False
        self._bind = bind_next

    def skip(self, lines: int = 1) -> None:
        """Empty lines; they fall away at the head of a page."""
        for _ in range(lines):
            self.rows.append(Row(g.PITCH, glued=self._bind, blank=True))

    def bind_tail(self, block: Sequence[Row], text_rows: int = 2) -> None:
        """Append a block that is never torn and never stands on a page without ``text_rows`` rows of body text."""
        start = len(self.rows)
        self.rows.extend(replace(row, glued=True) for row in block)
        seen = 0
        for index in range(start - 1, 0, -1):
            seen += self.rows[index].text
            beyond = self.rows[index - 1]
            if seen == text_rows or (seen and not beyond.text and not beyond.blank):
                break  # a table above the last line is not dragged along
            self.rows[index] = replace(self.rows[index], glued=True)


def paragraph_rows(
    spans: Sequence[Span], measure: Measure, *, indent: float = 2.0, hang: float = 0.0, text: bool = True
) -> list[Row]:
    """A paragraph in size 3 on the 28-cell grid."""
    lines = break_lines(spans, g.COLUMNS, measure, indent=indent, hang=hang)
    count = len(lines)
    rows = []
    for index, line in enumerate(lines):
        torn = count > _TOGETHER and index not in {1, count - 1}
        rows.append(Row(g.PITCH, _ink(line, measure), glued=index > 0 and not torn, text=text))
    return rows


def heading_rows(number: str, words: str, level: int, measure: Measure) -> list[Row]:
    """A heading of level 1 to 4 in its typeface."""
    role = (FontRole.HEI, FontRole.KAI, FontRole.FANG, FontRole.FANG)[level - 1]
    lines = break_lines([Span(number + words, role)], g.COLUMNS, measure, indent=2.0)
    return [Row(g.PITCH, _ink(line, measure), glued=index > 0) for index, line in enumerate(lines)]


def centred_rows(lines: Sequence[str], role: FontRole, size: float, measure: Measure) -> list[Row]:
    """Lines of a title, each in the middle, never torn."""
    rows = []
    for index, line in enumerate(lines):
        x = (g.WIDTH - text_width(line, role, size, measure)) / 2
        baseline = g.EM * g.ASCENT + (size - g.EM) / 2 * g.ASCENT
        cells = break_lines([Span(line, role)], _ONE_LINE, measure)
        ink = tuple(set_line(cells[0], size, x, baseline, measure, justify=False)) if cells else ()
        rows.append(Row(g.PITCH, ink, glued=index > 0))
    return rows


def annex_list_rows(titles: Sequence[str], measure: Measure) -> list[Row]:
    """附件说明: names in a column, second lines under the first word of the name, no stop at the end."""
    if not titles:
        return []
    before = 5.0
    rows: list[Row] = []
    for index, title in enumerate(titles):
        mark = f"{index + 1}." if len(titles) > 1 else ""
        words = ("附件：" if index == 0 else "") + mark + title
        mark_width = sum(measure(character, FontRole.FANG) for character in mark)
        rows += paragraph_rows(
            [Span(words, FontRole.FANG)],
            measure,
            indent=2.0 if index == 0 else before,
            hang=before + mark_width,
            text=False,
        )
    return [replace(row, glued=True) if index else row for index, row in enumerate(rows)]


@dataclass(frozen=True, slots=True)
class SignPlaces:
    """Names of the fields beside organ and date, in signing order, and the one where the paper seal goes."""

    beside: tuple[str, ...] = ()
    seal: str = ""


_SEAL = 42 * g.MM
_FIELD_WIDTH = 7.3 * g.EM
_FIELD_HEIGHT = g.PITCH - 2
_FIELDS_A_ROW = 2
_FIELD_GAP = 4.0


def signature_rows(organ: str, day: str, places: SignPlaces, measure: Measure) -> list[Row]:
    """Two empty lines for the seal, the organ over the date, the date four cells from the right edge."""
    day_width = text_width(day, FontRole.FANG, g.EM, measure)
    organ_width = text_width(organ, FontRole.FANG, g.EM, measure)
    centre = g.WIDTH - 4 * g.EM - day_width / 2
    centre = min(centre, g.WIDTH - organ_width / 2)
    baseline = g.EM * g.ASCENT
    fields = _field_places(places.beside, min(centre - organ_width / 2, centre - day_width / 2))
    if places.seal:
        fields.append(Place(places.seal, centre - _SEAL / 2, g.PITCH * 0.6 - _SEAL / 2, _SEAL, _SEAL))
    return [
        Row(g.PITCH, blank=True),
        Row(g.PITCH, blank=True),
        Row(g.PITCH, (*_fixed(organ, centre - organ_width / 2, baseline, measure), *fields)),
        Row(g.PITCH, _fixed(day, centre - day_width / 2, baseline, measure)),
    ]


def _field_places(names: Sequence[str], room: float) -> list[Ink]:
    """Fields to the left of organ and date, in signing order from the top; relative to the organ's row."""
    in_row = _FIELDS_A_ROW if room > _FIELDS_A_ROW * (_FIELD_WIDTH + _FIELD_GAP) else 1
    rows = -(-len(names) // in_row)
    lowest = g.PITCH / 2 if rows == 1 else g.PITCH
    fields: list[Ink] = []
    for index, name in enumerate(names):
        row, column = divmod(index, in_row)
        y = lowest - (rows - 1 - row) * g.PITCH
        fields.append(Place(name, column * (_FIELD_WIDTH + _FIELD_GAP), y, _FIELD_WIDTH, _FIELD_HEIGHT))
    return fields


def _fixed(text: str, x: float, baseline: float, measure: Measure) -> tuple[Ink, ...]:
    """One line in body type that is not justified."""
    lines = break_lines([Span(text, FontRole.FANG)], _ONE_LINE, measure)
    return tuple(set_line(lines[0], g.EM, x, baseline, measure, justify=False)) if lines else ()


def _ink(line: Line, measure: Measure) -> tuple[Ink, ...]:
    return tuple(set_line(line, g.EM, line.indent * g.EM, g.EM * g.ASCENT, measure, justify=True))
