"""Blocks of cells as table programs put them on the clipboard: lines with tabs, and HTML tables; both ways.

The HTML is asked first: there a line break inside a cell cannot be mistaken for the next row, and LibreOffice and WPS
tell the exact number behind a rounded one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from html import escape
from html.parser import HTMLParser
from typing import Final

from PySide6.QtCore import QMimeData

Rows = tuple[tuple[str, ...], ...]
"""Cells row by row; every row is equally long."""

_CELL_TAGS: Final = frozenset({"td", "th"})
_EXACT: Final = ("sdval", "x:num")
_SHOWN_NUMBER: Final = re.compile(r"-?(?:[1-9]\d*|0)(?:\.(\d+))?")
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_MOST_SPANNED: Final = 1_000
_TEXT_STYLE: Final = "mso-number-format:'\\@'"


def read_clipboard(mime: QMimeData | None) -> Rows:
    """The block on the clipboard; no rows where there is no text at all."""
    if mime is None:
        return ()
    if mime.hasHtml():
        found = parse_html(mime.html())
        if found:
            return found
    return parse_lines(mime.text()) if mime.hasText() else ()


def fill_clipboard(rows: Sequence[Sequence[str]], mime: QMimeData) -> None:
    """Put a block into clipboard data, for table programs and for plain text."""
    mime.setText(to_lines(rows))
    mime.setHtml(to_html(rows))


# --------------------------------------------------------------------------------------------------------- plain lines


def parse_lines(text: str) -> Rows:
    """Cells between tabs, rows between line ends; a cell in quotes may hold both. One line end at the end is none."""
    rows: list[list[str]] = [[]]
    at, length = 0, len(text)
    while at <= length:
        cell, at = _cell_at(text, at)
        rows[-1].append(cell)
        if at >= length:
            break
        if text[at] == "\t":
            at += 1
            continue
        at += 2 if text.startswith("\r\n", at) else 1
        if at >= length:
            break
        rows.append([])
    return () if rows == [[""]] else _even(rows)


def to_lines(rows: Sequence[Sequence[str]]) -> str:
    """Lines with tabs; a cell that holds a tab, a line end or begins with a quote stands in quotes."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def _cell_at(text: str, at: int) -> tuple[str, int]:
    """The cell that begins at a place, and the place of the sign that ends it."""
    if text.startswith('"', at):
        found = _quoted_at(text, at + 1)
        if found is not None:
            return found
    end = at
    while end < len(text) and text[end] not in "\t\r\n":
        end += 1
    return text[at:end], end


def _quoted_at(text: str, at: int) -> tuple[str, int] | None:
    """A cell in quotes; None where the quote is only a sign at the beginning of the cell."""
    parts: list[str] = []
    while True:
        end = text.find('"', at)
        if end < 0:
            return None
        parts.append(text[at:end])
        if text.startswith('"', end + 1):
            parts.append('"')
            at = end + 2
        elif end + 1 == len(text) or text[end + 1] in "\t\r\n":
            return "".join(parts).replace("\r\n", "\n"), end + 1
        else:
            return None


def _quoted(cell: str) -> str:
    if cell.startswith('"') or any(sign in cell for sign in "\t\r\n"):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _even(rows: Sequence[Sequence[str]]) -> Rows:
    width = max((len(row) for row in rows), default=0)
    return tuple((*row, *([""] * (width - len(row)))) for row in rows)


# ---------------------------------------------------------------------------------------------------------------- HTML


def parse_html(html: str) -> Rows:
    """The cells of the tables in a page, one table after the other; no rows where there is no table."""
    reader = _TableReader()
    reader.feed(html)
    reader.close()
    reader.end_cell()
    return _even(reader.rows)


def to_html(rows: Sequence[Sequence[str]]) -> str:
    """One plain table. Every cell is a text, so that ``0017`` and eighteen digits arrive as they are."""
    body = "".join(f"<tr>{''.join(_html_cell(cell) for cell in row)}</tr>\n" for row in rows)
    return f'<html><head><meta charset="utf-8"></head><body><table>\n{body}</table></body></html>'


def _html_cell(cell: str) -> str:
    inner = "<br>".join(escape(part) for part in cell.split("\n"))
    number = _SHOWN_NUMBER.fullmatch(cell)
    plain = number is not None and number[1] is not None
    return f"<td>{inner}</td>" if plain else f'<td style="{_TEXT_STYLE}">{inner}</td>'


class _TableReader(HTMLParser):
    """Collects cells; spans leave their other places empty, as table programs paste them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._parts: list[str] | None = None
        self._exact = ""
        self._span = (1, 1)
        self._below: dict[int, int] = {}
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, a row, a cell, a line break."""
        if tag == "table":
            self._depth += 1
        if self._depth != 1:
            return
        if tag == "tr":
            self.end_cell()
            self.rows.append([])
            self._skip_spanned()
        elif tag in _CELL_TAGS and self.rows:
            self.end_cell()
            told = {name: value or "" for name, value in attrs}
            self._parts = []
            self._exact = next((told[name] for name in _EXACT if told.get(name)), "")
            self._span = (_count(told.get("colspan", "")), _count(told.get("rowspan", "")))
        elif tag == "br" and self._parts is not None:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of a cell, of a row, of a table."""
        if self._depth == 1 and (tag in _CELL_TAGS or tag in {"tr", "table"}):
            self.end_cell()
        if tag == "table":
            self._depth = max(self._depth - 1, 0)
            self._below.clear()

    def handle_data(self, data: str) -> None:
        """Text inside a cell; blanks and line ends of the source are one blank."""
        if self._parts is not None:
            self._parts.append(_BLANKS.sub(" ", data))

    def end_cell(self) -> None:
        """Put the open cell into its row, if one is open."""
        if self._parts is None:
            return
        text = "\n".join(part.strip(" ") for part in "".join(self._parts).split("\n"))
        self._parts = None
        row, (across, down) = self.rows[-1], self._span
        for place in range(across):
            if down > 1:
                self._below[len(row)] = down - 1
            row.append(_exact_of(text.strip("\n").replace("\u00a0", " "), self._exact) if place == 0 else "")
        self._skip_spanned()

    def _skip_spanned(self) -> None:
        """Places that a cell of a row above reaches down to."""
        row = self.rows[-1]
        while self._below.get(len(row), 0) > 0:
            self._below[len(row)] -= 1
            row.append("")


def _count(text: str) -> int:
    return min(max(int(text), 1), _MOST_SPANNED) if text.isdecimal() else 1


def _exact_of(shown: str, exact: str) -> str:
    """The number behind a rounded one; what is no plain number, such as ``0017`` or a day, stays as it is shown."""
    plain = shown.replace(",", "")
    match = _SHOWN_NUMBER.fullmatch(plain)
    if not exact or match is None:
        return shown
    try:
        number = Decimal(exact)
        rounded = number.quantize(Decimal(1).scaleb(-len(match[1] or "")), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return shown
    return format(number, "f") if rounded == Decimal(plain) else shown
