"""Makes the tables that others send: xlsx, xls, ods, csv and web pages, with all their habits."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt  # type: ignore[import-untyped]

Rows = Sequence[Sequence[Any]]
"""Texts, numbers, dates and None, row by row; None and an empty text leave a cell empty."""

Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column, all from 0."""

_ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merges: Iterable[Merged] = (),
    touch: Callable[[Any, Mapping[str, Any]], None] | None = None,
) -> Path:
    """Write sheets of rows; ``touch(book, sheets by name)`` may add what rows cannot say. Merges go to every sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        made = {}
        for name, rows in sheets.items():
            sheet = made[name] = book.add_worksheet(name)
            for first_row, first_column, last_row, last_column in merges:
                sheet.merge_range(first_row, first_column, last_row, last_column, "")
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), day)
                    elif isinstance(value, str) and value:
                        sheet.write_string(row, column, value)
                    elif value is not None and value != "":
                        sheet.write_number(row, column, value)
        if touch is not None:
            touch(book, made)
    return path


def rewrite_part(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Change one part of a packed file behind the writer's back."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def write_xls(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merges: Iterable[Merged] = (),
    touch: Callable[[Any, Mapping[str, Any]], None] | None = None,
) -> Path:
    """The same as BIFF8, as WPS and old Excel write it (.xls and .et)."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    made = {}
    for name, rows in sheets.items():
        sheet = made[name] = book.add_sheet(name, cell_overwrite_ok=True)
        for first_row, first_column, last_row, last_column in merges:
            sheet.merge(first_row, last_row, first_column, last_column)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value not in {None, ""}:
                    style = {"style": day} if isinstance(value, dt.date) else {}
                    sheet.write(row, column, value, **style)
    if touch is not None:
        touch(book, made)
    book.save(str(path))
    return path


def write_csv(path: Path, rows: Rows, *, encoding: str = "gb18030", delimiter: str = ",") -> Path:
    """A text table; GB 18030 is what office software saves in China."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([["" if value is None else value for value in row] for row in rows])
    return path


def write_html(path: Path, rows: Rows, *, encoding: str = "gb2312") -> Path:
    """A web page as platforms save it under the name .xls."""
    body = "".join(
        "<tr>" + "".join(f"<td>{escape('' if value is None else str(value))}</td>" for value in row) + "</tr>"
        for row in rows
    )
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><body>'
    path.write_text(f"{head}<table>{body}</table></body></html>", encoding=encoding)
    return path


def write_ods(path: Path, sheets: Mapping[str, Rows], *, extra: str = "") -> Path:
    """An OpenDocument spreadsheet with the one part that matters; ``extra`` is table XML put after the sheets."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    return write_ods_content(
        path, f"<office:body><office:spreadsheet>{tables}{extra}</office:spreadsheet></office:body>"
    )


def write_ods_content(path: Path, inner: str) -> Path:
    """An OpenDocument spreadsheet around XML of one's own."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMES}>{inner}'
        archive.writestr("content.xml", content + "</office:document-content>")
    return path


def ods_row(values: Sequence[Any]) -> str:
    """The XML of a row of plain values."""
    return "<table:table-row>" + "".join(map(_ods_cell, values)) + "</table:table-row>"


def _ods_cell(value: Any) -> str:
    match value:
        case None | "":
            return "<table:table-cell/>"
        case str():
            return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        case dt.date():
            day = value.isoformat()
            kind = f'office:value-type="date" office:date-value="{day}"'
            return f"<table:table-cell {kind}><text:p>{day}</text:p></table:table-cell>"
    kind = f'office:value-type="float" office:value="{value!r}"'
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"
