"""Reading xls and et (BIFF) in the child: xlrd, which tells error cells, hidden rows and strike-through."""

from __future__ import annotations

import io
import logging
import re
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlrd

from gengdi_desktop.sheets.cells import CellKind, Merge, number_text
from gengdi_desktop.sheets.refusals import refusal
from gengdi_desktop.sheets.spooling import SheetSpooler
from gengdi_desktop.sheets.xlsx import moment_text

_PADDING = re.compile(r"0{2,}")
_DAMAGE = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    struct.error,
    zipfile.BadZipFile,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    TypeError,
    ValueError,
)
"""What xlrd raises on damaged files: it trusts what it reads, so a wrong offset shows in many ways."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Styles:
    struck: frozenset[int]
    padded: dict[int, int]


def read_xls(path: Path, spooler: SheetSpooler) -> None:
    """Spool all sheets of a BIFF workbook.

    Raises:
        SurroundingsError: For files that are locked or damaged.
    """
    complaints = io.StringIO()
    try:
        with xlrd.open_workbook(
            str(path), formatting_info=True, on_demand=True, ragged_rows=True, logfile=complaints
        ) as book:
            styles = _styles(book)
            for position in range(book.nsheets):
                _spool_sheet(book, book.sheet_by_index(position), styles, spooler)
                book.unload_sheet(position)
    except _DAMAGE as error:
        _log.info("xlrd: %s: %s", type(error).__name__, error)
        raise refusal("password" if "encrypted" in str(error) else "file_damaged") from None


def _styles(book: Any) -> _Styles:
    struck, padded = set(), {}
    for number, style in enumerate(book.xf_list):
        if style.font_index < len(book.font_list) and book.font_list[style.font_index].struck_out:
            struck.add(number)
        known = book.format_map.get(style.format_key)
        if known is not None and _PADDING.fullmatch(known.format_str or ""):
            padded[number] = len(known.format_str)
    return _Styles(frozenset(struck), padded)


def _spool_sheet(book: Any, sheet: Any, styles: _Styles, spooler: SheetSpooler) -> None:
    hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    for row in range(sheet.nrows):
        cells = sheet.row(row)
        kinds, texts = [], []
        for cell in cells:
            kind, text = _cell(book, cell, styles)
            kinds.append(kind.value)
            texts.append(text)
        if not any(texts):
            continue
        struck = [column for column, cell in enumerate(cells) if cell.xf_index in styles.struck and texts[column]]
        if struck or row in hidden_rows:
            spooler.marked_row(row + 1, "".join(kinds), texts, hidden=row in hidden_rows, struck=struck)
        else:
            spooler.row(row + 1, "".join(kinds), texts)
    spooler.end_sheet(
        sheet.name,
        hidden=sheet.visibility != 0,
        hidden_columns=[column for column, info in sheet.colinfo_map.items() if info.hidden],
        merges=_merges(sheet.merged_cells),
        blanks_certain=False,
    )


def _cell(book: Any, cell: Any, styles: _Styles) -> tuple[CellKind, str]:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return CellKind.TEXT, cell.value
        case xlrd.XL_CELL_NUMBER:
            return _number(cell, styles)
        case xlrd.XL_CELL_DATE:
            return _date(book, cell.value)
        case xlrd.XL_CELL_BOOLEAN:
            return CellKind.FLAG, "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return CellKind.ERROR, xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return CellKind.TEXT, ""


def _number(cell: Any, styles: _Styles) -> tuple[CellKind, str]:
    text = number_text(float(cell.value))
    digits = styles.padded.get(cell.xf_index)
    if digits is not None and text.isdigit():
        return CellKind.TEXT, text.zfill(digits)
    return CellKind.NUMBER, text


def _date(book: Any, value: float) -> tuple[CellKind, str]:
    """A number in a date format; one that is no date stays the number that it is."""
    try:
        moment = xlrd.xldate_as_datetime(value, book.datemode)
    except (OverflowError, ValueError, xlrd.xldate.XLDateError):
        return CellKind.NUMBER, number_text(float(value))
    if 0 <= value < 1:
        return CellKind.TIME, moment.time().replace(microsecond=0).isoformat()
    return CellKind.DATE, moment_text(moment)


def _merges(blocks: Iterable[tuple[int, int, int, int]]) -> list[Merge]:
    return [Merge(first + 1, left, last, right - 1) for first, last, left, right in blocks]
