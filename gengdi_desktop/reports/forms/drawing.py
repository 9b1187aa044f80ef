"""Forms on A4 pages: rows that are not torn where they fit, heads repeated, pages numbered for each plot."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from reportlab.lib.utils import ImageReader

from gengdi_desktop.reports.forms.blocks import (
    SHARES,
    Block,
    Cell,
    CellLook,
    Drawn,
    Framed,
    Heading,
    Line,
    NewPage,
    Picture,
    Pictures,
    PlotForm,
    Space,
    Title,
)
from gengdi_desktop.reports.forms.map_drawing import draw_sketch
from gengdi_desktop.reports.forms.qr_drawing import QR_SIZE, draw_qr
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.cells import CellText
from gengdi_desktop.reports.render.ink import label
from gengdi_desktop.reports.render.letterhead import sample_mark
from gengdi_desktop.reports.render.pdf import Sheet
from gengdi_desktop.reports.typefaces import FontRole

LEFT = 25 * g.MM
"""The edge that is bound."""
WIDTH = g.PAGE_WIDTH - LEFT - 15 * g.MM
TOP = 22 * g.MM
BOTTOM = g.PAGE_HEIGHT - 20 * g.MM
SIZE = 10.5
LEADING = 15.0
_PAD = 4.0
_ABOVE = 7.0
_FRAME = 0.6
_TITLE_SIZE = 18.0
_HEADING_SIZE = 12.0
_SMALL = 9.0
_PHOTO_HEIGHT = 62 * g.MM
_NO_SKETCH = 36.0
"""What the sentence takes that stands in the place of a sketch."""
_SHORT = 0.5
"""Parts up to half a page are not torn."""
_SHADE = 0.95

Pictured = Callable[[str], bytes | None]
"""Gives an upright JPEG for a hash; None where it cannot be shown."""


class _Packed(ImageReader):
    """A JPEG that goes into the file as it is, known by its bytes: the library need not unpack it to tell it apart."""

    _dataA = None  # noqa: N815  # the library's name for what it asks

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self._known = hashlib.sha256(data).digest()

    def getRGBData(self) -> bytes:  # noqa: N802  # the library's name
        """What tells one picture from another: nothing else is made of it while the file itself is a JPEG."""
        return self._known


@dataclass(frozen=True, slots=True)
class _Strip:
    """A strip of a page: its height, how it is drawn from its upper edge, and what it stays with."""

    height: float
    draw: Callable[[float], None]
    glued: bool = False
    new_page: bool = False
    head: tuple[_Strip, ...] = ()
    begins: bool = False


class FormSheet:
    """Draws forms one after the other into one PDF.

    Args:
        sheet: The PDF under construction.
        sample: Whether the margin of each page says that everything is made up.
        pictured: Where the photos come from.
    """

    def __init__(self, sheet: Sheet, pictured: Pictured, *, sample: bool) -> None:
        self._sheet = sheet
        self._canvas = sheet.canvas
        self._pictured = pictured
        self._sample = sample
        self._cells = CellText(sheet.fonts, sheet.document)
        self.pages = 0

    def draw(self, form: PlotForm) -> int:
        """Draw the form of one plot; returns how many pages it took."""
        pages = _paged(self._strips(form.blocks))
        for number, strips in enumerate(pages, start=1):
            if self._sample:
                self._sheet.draw((sample_mark(g.PAGE_WIDTH, self._sheet.fonts.measure),))
            y = TOP
            for strip in strips:
                strip.draw(y)
                y += strip.height
            self._foot(form.foot, number, len(pages))
            self._sheet.end_page()
        self.pages += len(pages)
        return len(pages)

    # ----------------------------------------------------------------------------------------------------------- strips

    def _strips(self, blocks: Sequence[Block]) -> list[_Strip]:
        strips: list[_Strip] = []
        head: tuple[_Strip, ...] = ()
        fresh = bind = False
        for block in blocks:
            if isinstance(block, NewPage):
                fresh, head = True, ()
                continue
            if not isinstance(block, Framed):
                head = ()
            made = self._made(block)
            if isinstance(block, Framed):
                made = [replace(one, head=head) for one in made]
            for place, one in enumerate(made):
                first = place == 0
                strips.append(replace(one, new_page=fresh and first, glued=one.glued or (bind and first)))
            fresh = False
            bind = isinstance(block, Heading) or (isinstance(block, Framed) and block.repeat)
            if isinstance(block, Framed) and block.repeat:
                head = tuple(made)
        return _with_short_parts_whole(strips)

    def _made(self, block: Block) -> list[_Strip]:
        match block:
            case Framed():
                return self._framed(block)
            case Line():
                return self._lines(block)
            case NewPage():
                return []
            case _:
                return [self._single(block)]

    def _single(self, block: Title | Heading | Pictures | Drawn | Space) -> _Strip:
        match block:
            case Title():
                return self._title(block)
            case Heading():
                return _Strip(30, partial(self._heading, block.text), begins=True)
            case Pictures():
                return self._pictures(block)
            case Drawn():
                return self._sketch(block)
            case Space():
                return _Strip(block.height, lambda _y: None)

    def _title(self, title: Title) -> _Strip:
        role = FontRole.HEI
        room = WIDTH - (2 * (QR_SIZE + _PAD) if title.code else 0)
        lines = self._cells.lines(title.text, role, room / _TITLE_SIZE)
        height = len(lines) * _TITLE_SIZE * 1.4 + (LEADING if title.below else 0) + 14
        height = max(height, QR_SIZE + _PAD if title.code else 0)

        def draw(y: float) -> None:
            for number, line in enumerate(lines):
                x = LEFT + (WIDTH - self._cells.width(line, role) * _TITLE_SIZE) / 2
                self._text(line, role, _TITLE_SIZE, x, y + (number + 1) * _TITLE_SIZE * 1.4 - 4)
            if title.below:
                x = LEFT + (WIDTH - self._cells.width(title.below, FontRole.SONG) * SIZE) / 2
                self._text(title.below, FontRole.SONG, SIZE, x, y + len(lines) * _TITLE_SIZE * 1.4 + LEADING)
            if title.code:
                draw_qr(self._canvas, title.code, LEFT + WIDTH - QR_SIZE, g.PAGE_HEIGHT - y - QR_SIZE)

        return _Strip(height, draw)

    def _heading(self, text: str, y: float) -> None:
        self._text(text, FontRole.HEI, _HEADING_SIZE, LEFT, y + 22)

    def _lines(self, line: Line) -> list[_Strip]:
        texts = self._cells.lines(line.text, FontRole.SONG, WIDTH / SIZE)

        def drawn(text: str) -> Callable[[float], None]:
            indent = (WIDTH - self._cells.width(text, FontRole.SONG) * SIZE) / 2 if line.centred else 0.0
            return lambda y: self._text(text, FontRole.SONG, SIZE, LEFT + indent, y + SIZE * g.ASCENT + 3)

        return [_Strip(LEADING, drawn(text), glued=place > 0) for place, text in enumerate(texts)]

    def _framed(self, row: Framed) -> list[_Strip]:
        """One strip, or several where the row is longer than a page."""
        lines = [self._cell_lines(cell) for cell in row.cells]
        most = int((BOTTOM - TOP - _ABOVE - LEADING) / LEADING)
        longest = max(map(len, lines))
        strips = []
        for start in range(0, longest, most):
            part = [cell[start : start + most] for cell in lines]
            last = start + most >= longest
            foot = any(cell.foot for cell in row.cells) and last
            height = max(1, *map(len, part)) * LEADING + _ABOVE + (LEADING if foot else 0)
            height = max(height, row.least if longest <= most else 0.0)
            strips.append(_Strip(height, self._row_drawing(row.cells, part, height, last=last)))
        return strips

    def _cell_lines(self, cell: Cell) -> tuple[str, ...]:
        role = _role(cell)
        return self._cells.lines(cell.text, role, (WIDTH * cell.share / SHARES - 2 * _PAD) / SIZE)

    def _row_drawing(
        self, cells: Sequence[Cell], lines: Sequence[Sequence[str]], height: float, *, last: bool
    ) -> Callable[[float], None]:
        def draw(y: float) -> None:
            left = LEFT
            for cell, texts in zip(cells, lines, strict=True):
                width = WIDTH * cell.share / SHARES
                self._box(left, y, width, height, shaded=cell.look in {CellLook.LABEL, CellLook.HEAD})
                role = _role(cell)
                room = height - (LEADING if cell.foot else 0)
                first = y + (room - (len(texts) - 1) * LEADING - SIZE) / 2 + SIZE * g.ASCENT
                for number, text in enumerate(texts):
                    self._text(text, role, SIZE, self._x(cell, text, left, width), first + number * LEADING)
                if cell.foot and last:
                    x = left + width - _PAD - self._cells.width(cell.foot, FontRole.SONG) * SIZE
                    self._text(cell.foot, FontRole.SONG, SIZE, x, y + height - 7)
                left += width

        return draw

    def _x(self, cell: Cell, text: str, left: float, width: float) -> float:
        used = self._cells.width(text, _role(cell)) * SIZE
        if cell.look in {CellLook.LABEL, CellLook.HEAD}:
            return left + (width - used) / 2
        return left + width - _PAD - used if cell.look is CellLook.NUMBER else left + _PAD

    def _pictures(self, block: Pictures) -> _Strip:
        width = WIDTH / 2
        captions = [
            self._cells.lines(one.caption, FontRole.SONG, (width - 2 * _PAD) / _SMALL) for one in block.pictures
        ]
        below = max(len(lines) for lines in captions) * _SMALL * 1.4 + _ABOVE

        def draw(y: float) -> None:
            for place, (picture, lines) in enumerate(zip(block.pictures, captions, strict=True)):
                left = LEFT + place * width
                self._box(left, y, width, _PHOTO_HEIGHT + below)
                self._picture(picture, left + _PAD, y + _PAD, width - 2 * _PAD, _PHOTO_HEIGHT - _PAD)
                for number, text in enumerate(lines):
                    x = left + (width - self._cells.width(text, FontRole.SONG) * _SMALL) / 2
                    self._text(text, FontRole.SONG, _SMALL, x, y + _PHOTO_HEIGHT + (number + 1) * _SMALL * 1.4)

        return _Strip(_PHOTO_HEIGHT + below, draw)

    def _picture(self, picture: Picture, x: float, y: float, width: float, height: float) -> None:
        data = self._pictured(picture.sha256) if picture.sha256 and not picture.instead else None
        if data is None:
            words = picture.instead or "这张照片的文件读不出来"
            for number, text in enumerate(self._cells.lines(words, FontRole.SONG, width / SIZE - 2)):
                left = x + (width - self._cells.width(text, FontRole.SONG) * SIZE) / 2
                self._text(text, FontRole.SONG, SIZE, left, y + height / 2 + number * LEADING)
            return
        reader = _Packed(data)
        across, along = reader.getSize()
        scale = min(width / across, height / along)
        wide, high = across * scale, along * scale
        left, top = x + (width - wide) / 2, y + (height - high) / 2
        self._canvas.drawImage(reader, left, g.PAGE_HEIGHT - top - high, wide, high)

    def _sketch(self, block: Drawn) -> _Strip:
        height = block.height if block.sketch is not None else _NO_SKETCH

        def draw(y: float) -> None:
            self._box(LEFT, y, WIDTH, height)
            if block.sketch is None:
                x = LEFT + (WIDTH - self._cells.width(block.instead, FontRole.SONG) * SIZE) / 2
                self._text(block.instead, FontRole.SONG, SIZE, x, y + height / 2 + SIZE * 0.38)
            else:
                draw_sketch(self._sheet, block.sketch, (LEFT, y, WIDTH, height))

        return _Strip(height, draw)

    # ------------------------------------------------------------------------------------------------------------ marks

    def _foot(self, words: str, number: int, pages: int) -> None:
        y = g.PAGE_HEIGHT - 11 * g.MM
        self._text(words, FontRole.SONG, _SMALL, LEFT, y)
        told = f"第 {number} 页　共 {pages} 页"
        self._text(told, FontRole.SONG, _SMALL, LEFT + WIDTH - self._cells.width(told, FontRole.SONG) * _SMALL, y)

    def _text(self, text: str, role: FontRole, size: float, x: float, baseline: float) -> None:
        if text:
            self._sheet.draw((label(text, role, size, x, baseline),))

    def _box(self, left: float, top: float, width: float, height: float, *, shaded: bool = False) -> None:
        canvas = self._canvas
        canvas.setLineWidth(_FRAME)
        canvas.setStrokeGray(0)
        canvas.setFillGray(_SHADE)
        canvas.rect(left, g.PAGE_HEIGHT - top - height, width, height, stroke=1, fill=int(shaded))


def _role(cell: Cell) -> FontRole:
    return FontRole.HEI if cell.look in {CellLook.LABEL, CellLook.HEAD} else FontRole.SONG


def _with_short_parts_whole(strips: list[_Strip]) -> list[_Strip]:
    """What follows a heading stays with it where it is short."""
    starts = [place for place, strip in enumerate(strips) if strip.begins or strip.new_page]
    for start, end in pairwise([*starts, len(strips)]):
        part = strips[start:end]
        if part[0].begins and sum(strip.height for strip in part) <= _SHORT * (BOTTOM - TOP):
            strips[start + 1 : end] = [replace(strip, glued=True) for strip in part[1:]]
    return strips


def _paged(strips: Sequence[_Strip]) -> list[list[_Strip]]:
    """Strips on pages: glued ones together, heads again where their rows go on."""
    pages: list[list[_Strip]] = [[]]
    used = TOP
    for group in _groups(strips):
        height = sum(strip.height for strip in group)
        if pages[-1] and (group[0].new_page or used + height > BOTTOM):
            pages.append([])
            used = TOP
            for head in group[0].head:
                pages[-1].append(head)
                used += head.height
        for strip in group:
            pages[-1].append(strip)
            used += strip.height
    return pages


def _groups(strips: Sequence[_Strip]) -> list[list[_Strip]]:
    """Strips that stay together, as far as they fit a page."""
    groups: list[list[_Strip]] = []
    for strip in strips:
        room = BOTTOM - TOP - sum(one.height for one in groups[-1]) if groups else 0.0
        if groups and strip.glued and not strip.new_page and strip.height <= room:
            groups[-1].append(strip)
        else:
            groups.append([strip])
    return groups
