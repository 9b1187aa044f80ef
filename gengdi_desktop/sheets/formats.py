"""What a table file really is: told by its content, never by its ending."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from gengdi_desktop.sheets.refusals import refusal


class TableFormat(StrEnum):
    """The formats that are read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    HTML = "html"
    SHAPES = "shapes"
    """Attributes of shapes, spooled by who reads shapes."""


_ENDINGS: dict[TableFormat, frozenset[str]] = {
    TableFormat.XLSX: frozenset({".xlsx", ".xlsm", ".xltx", ".et"}),
    TableFormat.XLS: frozenset({".xls", ".xlt", ".et", ".ett"}),
    TableFormat.ODS: frozenset({".ods", ".ots"}),
    TableFormat.CSV: frozenset({".csv", ".txt", ".tsv"}),
    TableFormat.HTML: frozenset({".html", ".htm"}),
    TableFormat.SHAPES: frozenset({".shp", ".dbf", ".zip", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".gdb"}),
}

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF_STARTS = (b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_NOT_TABLES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"SQLite ",
)
_XLSX_BOOK = re.compile(r"(?i)xl/workbook\d*\.xml")
_XLSB_BOOK = re.compile(r"(?i)xl/workbook\d*\.bin")
_HTML_START = re.compile(
    r"(?is)\s*(?:<!--.*?-->|<\?xml[^>]*>|\s)*<(?:!doctype\s+html|html|head|meta|body|table|style)\b"
)
_XML_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_SNIFF = 8192
_OLE_SCAN_LIMIT = 64 * 1024 * 1024
_UTF16_ZEROS = 0.3


def detect(path: Path) -> TableFormat:
    """The format by content.

    Raises:
        SurroundingsError: For all that is not a table, is locked by a password, cut off or empty.
    """
    with path.open("rb") as file:
        start = file.read(_SNIFF)
    if not start:
        raise refusal("file_empty")
    if start.startswith((_ZIP, _EMPTY_ZIP)):
        return _zip_format(path)
    if start.startswith(_OLE):
        return _ole_format(path)
    if start.startswith(_BIFF_STARTS):
        return TableFormat.XLS
    if start.startswith(_NOT_TABLES):
        raise refusal("not_a_table")
    return _text_format(start)


def misnamed(path: Path, found: TableFormat) -> bool:
    """Whether the ending of the name says another format than the content."""
    return path.suffix.lower() not in _ENDINGS[found]


def text_coding(start: bytes) -> str | None:
    """The coding of a text by its first bytes; None where only the whole text can tell (UTF-8 or GB 18030)."""
    for mark, coding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return coding
    even, odd = start[0::2], start[1::2]
    if odd and odd.count(0) > len(odd) * _UTF16_ZEROS > even.count(0):
        return "utf-16-le"
    if even and even.count(0) > len(even) * _UTF16_ZEROS > odd.count(0):
        return "utf-16-be"
    return None


def _zip_format(path: Path) -> TableFormat:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if any(_XLSX_BOOK.fullmatch(name) for name in names):
                return TableFormat.XLSX
            if any(_XLSB_BOOK.fullmatch(name) for name in names):
                raise refusal("xlsb")
            return _ods_format(archive, names)
    except (zipfile.BadZipFile, EOFError):
        raise refusal("file_truncated") from None


def _ods_format(archive: zipfile.ZipFile, names: Iterable[str]) -> TableFormat:
    if "mimetype" not in names or "content.xml" not in names:
        raise refusal("not_a_table")
    with archive.open("mimetype") as member:
        kind = member.read(100)
    if not kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise refusal("not_a_table")
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as member:
            if b"encryption-data" in member.read(_OLE_SCAN_LIMIT):
                raise refusal("password")
    return TableFormat.ODS


def _ole_format(path: Path) -> TableFormat:
    with path.open("rb") as file:
        content = file.read(_OLE_SCAN_LIMIT)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise refusal("password")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book", "WORKBOOK", "BOOK")):
        return TableFormat.XLS
    raise refusal("not_a_table")


def _text_format(start: bytes) -> TableFormat:
    coding = text_coding(start)
    if coding is None and b"\x00" in start:
        raise refusal("not_a_table")
    text = start.decode(coding or "latin-1", errors="replace").lstrip("\ufeff")
    if _XML_2003 in text:
        raise refusal("xml_2003")
    if text[:200].lstrip().lower().startswith("mime-version:"):
        raise refusal("web_archive")
    if _HTML_START.match(text) or "<table" in text.lower():
        return TableFormat.HTML
    return TableFormat.CSV
