"""A ledger as a workbook: figures as figures, everything typed as text, ready to print, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self

import xlsxwriter

from gengdi_desktop.domain.areas import MICRO, Area
from gengdi_desktop.reports.document import SAMPLE, Annex, CellKind, Column, Value, executes
from gengdi_desktop.reports.table_heads import head_cells, head_rows

_LONG = 5_000
"""Rows from which the workbook is written row by row, so that memory stays flat."""
_EVERY = 500
_MM_TO_CHARACTERS = 0.6
_NARROWEST = {CellKind.DATE: 11.5, CellKind.AREA: 10.5, CellKind.CODE: 9.5, CellKind.TEXT: 9.0}
_SHEET_NAME = 31
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_PAPER_A4 = 9
_FORMATS = {CellKind.AREA: "0.00", CellKind.COUNT: "0", CellKind.ORDER: "0", CellKind.DATE: "yyyy-mm-dd"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class WorkbookProperties:
    """What the file says of itself.

    Args:
        title: Shown by the system.
        author: The organ.
        day: The document's date, which is the file's time too; None in drafts without one.
        sheet: Name of the sheet.
        draft: Whether the heading says 草稿.
        sample: Whether heading and printed pages say that everything is made up.
    """

    title: str
    author: str
    day: date | None
    sheet: str
    draft: bool = False
    sample: bool = False

    @property
    def marks(self) -> str:
        """What stands before the heading: 样例, 草稿, or nothing."""
        return f"{'（样例）' if self.sample else ''}{'（草稿）' if self.draft else ''}"


def annex_workbook(
    annex: Annex, properties: WorkbookProperties, mark: str = "", progress: Progress | None = None
) -> bytes:
    """A ledger with its title, headings of several rows, totals and notes, set up for landscape paper.

    Args:
        annex: The content.
        properties: What the file says of itself.
        mark: ``附件1`` or, on paper of its own, number and ``附件1``.
        progress: Told how many rows of how many are written; may raise to stop.
    """
    table = annex.table
    with _Book(properties, table.columns, len(table.rows)) as book:
        book.line(mark, "mark")
        book.line(f"{properties.marks}{annex.title}", "title", height=32)
        book.spread((annex.unit_line, annex.date_line, table.unit))
        book.head()
        book.body(table.rows, progress)
        if table.totals is not None:
            book.row(table.totals, "total")
        for index, note in enumerate(table.notes):
            number = f"{index + 1}." if len(table.notes) > 1 else ""
            book.line(f"{'注：' if index == 0 else '　　'}{number}{note}", "note")
        book.spread(annex.footers)
    return book.data


def table_workbook(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    properties: WorkbookProperties,
    progress: Progress | None = None,
) -> bytes:
    """A plain sheet for further work: one heading block, then rows; no title, no totals.

    Args:
        columns: From left to right.
        rows: As many cells as columns.
        properties: What the file says of itself.
        progress: Told how many rows of how many are written; may raise to stop.
    """
    with _Book(properties, columns, len(rows)) as book:
        book.head()
        book.filter_row = book.at - 1
        book.body(rows, progress)
    return book.data


class _Book:
    """One workbook with one sheet, written from the top down."""

    def __init__(self, properties: WorkbookProperties, columns: Sequence[Column], rows: int) -> None:
        self._buffer = io.BytesIO()
        flat = rows > _LONG
        options = {"constant_memory": True} if flat else {"in_memory": True}
        self._book = xlsxwriter.Workbook(self._buffer, {**options, "strings_to_formulas": False})
        day = properties.day or date(2000, 1, 1)
        self._book.set_properties(
            {
                "title": properties.title,
                "author": properties.author,
                "created": datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None),
            }
        )
        name = properties.sheet.translate(_FORBIDDEN_IN_NAMES).strip()[:_SHEET_NAME] or "台账"
        self._sheet = self._book.add_worksheet(name)
        self._columns = columns
        self._sample = properties.sample
        self._formats = _formats(self._book, columns)
        self._merges: list[list[int]] = []
        self._head_top = 0
        self.at = 0
        self.filter_row: int | None = None
        self.data = b""

    def __enter__(self) -> Self:
        for index, column in enumerate(self._columns):
            self._sheet.set_column(
                index, index, max(column.width * _MM_TO_CHARACTERS, _NARROWEST.get(column.kind, 6.0))
            )
        return self

    def __exit__(self, error: type[BaseException] | None, *_rest: object) -> None:
        if error is None:
            self._page()
            # their cells are written already: merge_range would write them again, which a sheet that is written row by
            # row refuses without a word
            self._sheet.merge.extend(self._merges)
        self._book.close()
        self.data = self._buffer.getvalue()

    def line(self, text: str, style: str, height: float | None = None) -> None:
        """One text over the whole width; nothing for an empty text."""
        if not text:
            return
        if height:
            self._sheet.set_row(self.at, height)
        self._text(self.at, 0, text, self._formats[style])
        if len(self._columns) > 1:
            self._merges.append([self.at, 0, self.at, len(self._columns) - 1])
        self.at += 1

    def spread(self, texts: Sequence[str]) -> None:
        """Some texts side by side over the whole width."""
        if not any(texts):
            return
        count = len(texts)
        for index, text in enumerate(texts):
            left = index * len(self._columns) // count
            right = (index + 1) * len(self._columns) // count - 1
            style = "left" if index == 0 else "right" if index == count - 1 and count > 1 else "middle"
            if left > right:
                continue
            self._text(self.at, left, text, self._formats[style])
            if right > left:
                self._merges.append([self.at, left, self.at, right])
        self.at += 1

    def head(self) -> None:
        """The heading rows; they stay in sight and are repeated on every printed page."""
        self._head_top = self.at
        style = self._formats["head"]
        depth = head_rows(self._columns)
        cells = {(cell.top, cell.left): cell for cell in head_cells(self._columns)}
        for level in range(depth):
            for index in range(len(self._columns)):
                cell = cells.get((level, index))
                text = cell.text.replace("\n", "") if cell else ""
                if text:
                    self._text(self.at + level, index, text, style)
                else:
                    self._sheet.write_blank(self.at + level, index, None, style)
                if cell and (cell.bottom, cell.right) != (level, index):
                    self._merges.append([self.at + level, index, self.at + cell.bottom, cell.right])
        self.at += depth

    def body(self, rows: Sequence[Sequence[Value]], progress: Progress | None) -> None:
        """All rows."""
        for index, row in enumerate(rows):
            self.row(row, "cell")
            if progress and index % _EVERY == 0:
                progress(index, len(rows))
        if progress:
            progress(len(rows), len(rows))

    def row(self, row: Iterable[Value], style: str) -> None:
        """One row of the table."""
        for index, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            form = self._formats[style, column.kind]
            if value is None:
                self._sheet.write_blank(self.at, index, None, form)
            elif isinstance(value, Area):
                self._sheet.write_number(self.at, index, Decimal(value.micro_mu) / MICRO, form)
            elif isinstance(value, date):
                self._sheet.write_datetime(self.at, index, value, form)
            elif isinstance(value, int):
                self._sheet.write_number(self.at, index, value, form)
            else:
                self._text(self.at, index, value, form)
        self.at += 1

    def _text(self, row: int, column: int, text: str, style: Any) -> None:
        """A text that stays a text, also when somebody edits the cell."""
        if executes(text):
            style = self._quoted(style)
        self._sheet.write_string(row, column, text, style)

    def _quoted(self, style: Any) -> Any:
        key = ("quoted", id(style))
        if key not in self._formats:
            twin = self._book.add_format(self._formats["source", id(style)])
            twin.set_quote_prefix()
            self._formats[key] = twin
        return self._formats[key]

    def _page(self) -> None:
        sheet = self._sheet
        below = self._head_top + head_rows(self._columns)
        sheet.freeze_panes(below, _frozen_columns(self._columns))
        sheet.repeat_rows(self._head_top, below - 1)
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        if self._sample:
            sheet.set_header(f"&C{SAMPLE}")
        sheet.set_footer("&R第 &P 页　共 &N 页")
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{max(self.at, 1)}"})
        if self.filter_row is not None and self.at > self.filter_row + 1:
            sheet.autofilter(self.filter_row, 0, self.at - 1, len(self._columns) - 1)


def _frozen_columns(columns: Sequence[Column]) -> int:
    """Order number, village and plot number stay in sight, where they lead the table."""
    count = 0
    for column in columns[:3]:
        if len(column.path) > 1 or column.kind.right_aligned:
            break
        count += 1
    return count


def _formats(book: Any, columns: Sequence[Column]) -> dict[Any, Any]:
    """Every style of the sheet, made once and in a fixed order; ``source`` keeps what a style was made from."""
    frame = {"border": 1, "font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
    plain = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
    wanted: dict[Any, dict[str, Any]] = {
        "mark": {**plain, "font_name": "黑体", "font_size": 14},
        "title": {**plain, "font_name": "方正小标宋简体", "font_size": 20, "align": "center"},
        "note": {**plain, "font_size": 9, "text_wrap": True},
        "left": {**plain, "align": "left"},
        "middle": {**plain, "align": "center"},
        "right": {**plain, "align": "right"},
        "head": {**frame, "font_name": "黑体", "align": "center", "bg_color": "#F0F0F0"},
    }
    for kind in CellKind:
        if any(column.kind is kind for column in columns):
            align = "right" if kind.right_aligned else "center" if kind.centred else "left"
            cell = {**frame, "align": align, "num_format": _FORMATS.get(kind, "@")}
            wanted["cell", kind] = cell
            wanted["total", kind] = {**cell, "font_name": "黑体"}
    formats: dict[Any, Any] = {}
    for key, properties in wanted.items():
        formats[key] = book.add_format(properties)
        formats["source", id(formats[key])] = properties
    return formats
