"""A ledger on landscape pages: measured widths, repeated headings, totals, notes; 20,000 rows in seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gengdi_desktop.reports.document import Annex, Column, Signer, Value, shown
from gengdi_desktop.reports.fonts import FontSet
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.cells import CellText
from gengdi_desktop.reports.render.ink import Glyphs, label, text_width
from gengdi_desktop.reports.render.letterhead import sample_mark
from gengdi_desktop.reports.render.page_buffer import PageBuffer
from gengdi_desktop.reports.render.paper import SignaturePlace
from gengdi_desktop.reports.render.pdf import DRAWING, PdfFile, Properties, Sheet
from gengdi_desktop.reports.render.tables import column_edges
from gengdi_desktop.reports.table_heads import HeadCell, head_cells, head_rows
from gengdi_desktop.reports.typefaces import FontRole

PAGE = (g.PAGE_HEIGHT, g.PAGE_WIDTH)
LEFT = 12 * g.MM
TOP = 22 * g.MM
BOTTOM = 17 * g.MM
"""Margins; the upper long edge is the one that is bound."""
WIDTH = PAGE[0] - 2 * LEFT
SIZE = 7.5
"""六号, the smallest type of printed ledgers."""
LEADING = 9.8
_PAD = 2.4
_ABOVE = 4.6
"""Points that a row is higher than its lines."""
_INFO_SIZE = 10.5
_NOTE_SIZE = 9.0
_TRACE_SIZE = 7.0
_NOTE_LEADING = 14.0
_FIELD_WIDTH = 36 * g.MM
_FIELD_HEIGHT = 32.0
_TOTAL_PAGES = "total"
_HEAD = "head"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class AnnexPaper:
    """What surrounds the table.

    Args:
        content: Title, table and lines around it.
        mark: At the upper left of the first page: number and ``附件1``; empty for a ledger that goes alone.
        draft: Whether 草稿 stands on each page.
        properties: What the file says of itself.
        trace: Snapshot and journal head, small at the foot of each page.
        signers: Electronic signature fields beside the footers, one for each in their order.
        sample: Whether the margin of each page says that everything is made up.
    """

    content: Annex
    mark: str
    draft: bool
    properties: Properties
    trace: str = ""
    signers: tuple[Signer, ...] = ()
    sample: bool = False


def render_annex(paper: AnnexPaper, fonts: FontSet, progress: Progress | None = None) -> PdfFile:
    """Draw a ledger.

    Args:
        paper: The table and what surrounds it.
        fonts: The typefaces.
        progress: Told how many rows of how many are drawn; may raise to stop.

    Raises:
        RuleError: ``glyph_missing`` where no font has a character.
    """
    with DRAWING:
        sheet = Sheet(fonts, paper.properties, PAGE)
        drawing = _Drawing(paper, sheet)
        drawing.draw(progress)
        data = sheet.finish()
    return PdfFile(data, drawing.pages, tuple(drawing.places), sheet.used(drawing.cells.faces.values()))


class _Drawing:
    """The pages of one ledger, each drawn when it is full."""

    def __init__(self, paper: AnnexPaper, sheet: Sheet) -> None:
        self._paper = paper
        self._table = paper.content.table
        self._sheet = sheet
        self._edges = [LEFT + edge for edge in column_edges(self._table.columns, WIDTH)]
        self._rooms = [(b - a - 2 * _PAD) / SIZE for a, b in pairwise(self._edges)]
        self.cells = CellText(sheet.fonts, sheet.document)
        self._head = _Head(self._table.columns, self._edges, self.cells)
        self._buffer = PageBuffer(PAGE[1], self.cells)
        self.pages = 0
        self.places: list[SignaturePlace] = []

    def draw(self, progress: Progress | None) -> None:
        """All pages."""
        rows = self._table.rows
        limit = PAGE[1] - BOTTOM
        top = y = self._begin()
        for index, row in enumerate(rows):
            parts = self._parts(self._measured(row, FontRole.SONG)[0])
            for lines in parts:
                height = _height(lines)
                rest = self._tail_height() if index == len(rows) - 1 and lines is parts[-1] else 0.0
                if y + height + rest > limit and y > top:
                    self._frame(top, y)
                    self._end()
                    if progress:
                        progress(index, len(rows))
                    top = y = self._begin()
                y = self._row(lines, y, height, FontRole.SONG)
        self._frame(top, y)
        self._tail(y)
        self._end()
        self._define_total()
        if progress:
            progress(len(rows), len(rows))

    # ------------------------------------------------------------------------------------------------------------- rows

    def _measured(self, row: Sequence[Value], role: FontRole) -> tuple[list[tuple[str, ...]], float]:
        """The lines of each cell, and the height they need."""
        of = self.cells.lines
        lines = [
            () if cell is None else of(cell if type(cell) is str else shown(cell), role, room)
            for cell, room in zip(row, self._rooms, strict=True)
        ]
        return lines, _height(lines)

    def _parts(self, lines: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
        """A row in parts that fit a page: nothing that was written falls off the paper."""
        most = int((PAGE[1] - BOTTOM - TOP - self._head.height - self._tail_height() - _ABOVE) / LEADING)
        longest = max(map(len, lines), default=0)
        if longest <= most:
            return [lines]
        return [[cell[start : start + most] for cell in lines] for start in range(0, longest, most)]

    def _row(self, lines: Sequence[tuple[str, ...]], y: float, height: float, role: FontRole) -> float:
        """Draw one row; returns its lower edge."""
        for index, (column, cell) in enumerate(zip(self._table.columns, lines, strict=True)):
            first = y + (height - (len(cell) - 1) * LEADING - SIZE) / 2 + SIZE * g.ASCENT
            for number, line in enumerate(cell):
                if line:
                    self._buffer.text(line, role, self._x(column, index, line, role), first + number * LEADING, SIZE)
        self._buffer.stroke(self._edges[0], y + height, self._edges[-1], y + height)
        return y + height

    def _x(self, column: Column, index: int, line: str, role: FontRole) -> float:
        left, right = self._edges[index], self._edges[index + 1]
        if column.kind.right_aligned:
            return right - _PAD - self.cells.width(line, role) * SIZE
        if column.kind.centred:
            return (left + right - self.cells.width(line, role) * SIZE) / 2
        return left + _PAD

    def _frame(self, top: float, bottom: float) -> None:
        """The vertical lines of the rows on this page."""
        if bottom > top:
            for x in self._edges:
                self._buffer.stroke(x, top, x, bottom)

    # ------------------------------------------------------------------------------------------------------------ pages

    def _begin(self) -> float:
        """Start a page; returns where its first row begins."""
        if self._paper.draft:
            self._sheet.watermark(*PAGE)
        if self._paper.sample:
            self._sheet.draw((sample_mark(PAGE[0], self._sheet.fonts.measure),))
        self.pages += 1
        canvas = self._sheet.canvas
        y = self._title() if self.pages == 1 else TOP
        if self.pages == 1:
            self._form(_HEAD, lambda: self._head.draw(self._buffer, 0.0))
        canvas.saveState()
        canvas.translate(0, -y)
        canvas.doForm(_HEAD)
        canvas.restoreState()
        return y + self._head.height

    def _title(self) -> float:
        """The head of the first page; returns its lower edge."""
        content, measure = self._paper.content, self._sheet.fonts.measure
        y = TOP
        inks: list[Glyphs] = []
        if self._paper.mark:
            inks.append(label(self._paper.mark, FontRole.HEI, g.EM, LEFT, y + g.EM * g.ASCENT))
            y += g.EM + 8
        size = g.SIZE_2
        while text_width(content.title, FontRole.TITLE, size, measure) > WIDTH:
            size -= 1
        x = (PAGE[0] - text_width(content.title, FontRole.TITLE, size, measure)) / 2
        inks.append(label(content.title, FontRole.TITLE, size, x, y + g.SIZE_2 * g.ASCENT))
        y += g.SIZE_2 * 1.5
        info = FontRole.SONG
        middle = text_width(content.date_line, info, _INFO_SIZE, measure)
        right = text_width(self._table.unit, info, _INFO_SIZE, measure)
        inks.append(label(content.unit_line, info, _INFO_SIZE, LEFT, y + _INFO_SIZE))
        inks.append(label(content.date_line, info, _INFO_SIZE, (PAGE[0] - middle) / 2, y + _INFO_SIZE))
        inks.append(label(self._table.unit, info, _INFO_SIZE, LEFT + WIDTH - right, y + _INFO_SIZE))
        self._sheet.draw(ink for ink in inks if ink.text)
        return y + _INFO_SIZE * 1.7

    def _tail_height(self) -> float:
        totals = self._table.totals
        height = self._measured(totals, FontRole.HEI)[1] if totals is not None else 0.0
        footers = _NOTE_LEADING * 1.8 if self._paper.content.footers else 0.0
        footers = _FIELD_HEIGHT + 8 if self._paper.signers else footers
        return height + len(self._notes()) * _NOTE_LEADING + 6 + footers

    def _notes(self) -> list[str]:
        """The lines of small print below the table."""
        lines: list[str] = []
        for index, note in enumerate(self._table.notes):
            number = f"{index + 1}." if len(self._table.notes) > 1 else ""
            text = f"{'注：' if index == 0 else '　　'}{number}{note}"
            lines += self.cells.lines(text, FontRole.SONG, WIDTH / _NOTE_SIZE)
        return lines

    def _tail(self, y: float) -> None:
        """Totals, notes, who filled in."""
        content = self._paper.content
        if self._table.totals is not None:
            lines, height = self._measured(self._table.totals, FontRole.HEI)
            bottom = self._row(lines, y, height, FontRole.HEI)
            self._frame(y, bottom)
            y = bottom
        y += 3
        for line in self._notes():
            self._buffer.text(line, FontRole.SONG, LEFT, y + _NOTE_SIZE + 2, _NOTE_SIZE)
            y += _NOTE_LEADING
        step = WIDTH / max(len(content.footers), 1)
        for index, footer in enumerate(content.footers):
            x, baseline = LEFT + index * step, y + _INFO_SIZE * 1.6
            self._buffer.text(footer, FontRole.SONG, x, baseline, _INFO_SIZE)
            if index < len(self._paper.signers):
                self._place(self._paper.signers[index], x + self.cells.width(footer, FontRole.SONG) * _INFO_SIZE, y)

    def _place(self, signer: Signer, x: float, y: float) -> None:
        """Keep room for a signature to the right of the name."""
        bottom = PAGE[1] - y - 4 - _FIELD_HEIGHT
        box = (x + 4, bottom, min(x + 4 + _FIELD_WIDTH, LEFT + WIDTH), bottom + _FIELD_HEIGHT)
        self.places.append(SignaturePlace(signer.field, self.pages - 1, box))

    def _end(self) -> None:
        """Number the page and close it; how many there are is filled in at the end."""
        words = f"第 {self.pages} 页　共 "
        baseline = PAGE[1] - BOTTOM + 5 * g.MM
        x = LEFT + WIDTH - (self.cells.width(words, FontRole.SONG) + self._total_room()) * _NOTE_SIZE
        self._buffer.text(words, FontRole.SONG, x, baseline, _NOTE_SIZE)
        if self._paper.trace:
            self._buffer.text(self._paper.trace, FontRole.SONG, LEFT, baseline, _TRACE_SIZE)
        self._sheet.canvas.addLiteral(self._buffer.taken())
        self._sheet.canvas.doForm(_TOTAL_PAGES)
        self._sheet.end_page()

    def _total_room(self) -> float:
        """Ems for ``9999 页``."""
        return self.cells.width("9999 页", FontRole.SONG)

    def _define_total(self) -> None:
        x = LEFT + WIDTH - self._total_room() * _NOTE_SIZE
        baseline = PAGE[1] - BOTTOM + 5 * g.MM
        self._form(_TOTAL_PAGES, lambda: self._buffer.text(f"{self.pages} 页", FontRole.SONG, x, baseline, _NOTE_SIZE))

    def _form(self, name: str, draw: Callable[[], None]) -> None:
        """Define what is drawn once and shown on every page."""
        canvas = self._sheet.canvas
        canvas.beginForm(name, 0, 0, *PAGE)
        draw()
        canvas.addLiteral(self._buffer.taken())
        canvas.endForm()


class _Head:
    """The heading, wrapped once and drawn on every page."""

    def __init__(self, columns: Sequence[Column], edges: Sequence[float], cells: CellText) -> None:
        self._edges = edges
        self._cells = cells
        self._heads = head_cells(columns)
        self._texts: dict[HeadCell, tuple[str, ...]] = {
            cell: _even(cells, cell.text, (edges[cell.right + 1] - edges[cell.left] - 2 * _PAD) / SIZE)
            for cell in self._heads
        }
        heights = [0.0] * head_rows(columns)
        for cell in self._heads:
            if cell.top == cell.bottom:
                heights[cell.top] = max(heights[cell.top], self._need(cell))
        for cell in self._heads:
            heights[cell.bottom] += max(self._need(cell) - sum(heights[cell.top : cell.bottom + 1]), 0.0)
        self._tops = [sum(heights[:level]) for level in range(len(heights) + 1)]
        self.height = self._tops[-1]

    def draw(self, buffer: PageBuffer, y: float) -> None:
        """Shade, frames and words."""
        for cell in self._heads:
            left, right = self._edges[cell.left], self._edges[cell.right + 1]
            top, bottom = y + self._tops[cell.top], y + self._tops[cell.bottom + 1]
            buffer.box(left, top, right, bottom)
            lines = self._texts[cell]
            first = top + (bottom - top - (len(lines) - 1) * LEADING - SIZE) / 2 + SIZE * g.ASCENT
            for number, line in enumerate(lines):
                x = (left + right - self._cells.width(line, FontRole.HEI) * SIZE) / 2
                buffer.text(line, FontRole.HEI, x, first + number * LEADING, SIZE)

    def _need(self, cell: HeadCell) -> float:
        return len(self._texts[cell]) * LEADING + _ABOVE


def _height(lines: Sequence[tuple[str, ...]]) -> float:
    """Points of a row with these lines in its cells."""
    return max(1, *map(len, lines)) * LEADING + _ABOVE


def _even(cells: CellText, text: str, room: float) -> tuple[str, ...]:
    """A heading in as few lines as it needs, of about the same length."""
    lines = cells.lines(text, FontRole.HEI, room)
    even = cells.lines(text, FontRole.HEI, min(room, math.ceil(cells.width(text, FontRole.HEI) / len(lines))))
    return even if len(even) == len(lines) else lines
