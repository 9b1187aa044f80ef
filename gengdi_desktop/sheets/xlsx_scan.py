"""What the reader of xlsx does not tell: error cells, formulas without a value, hidden rows, strike-through.

A sheet of 100,000 rows is 80 MB of XML. The usual spelling, ``<c r="A1" …>``, is searched by expressions over the
raw bytes, which costs a tenth of parsing; a sheet spelt otherwise is parsed. Both find the same.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from gengdi_desktop.sheets.cells import CellKind
from gengdi_desktop.sheets.problems import column_index
from gengdi_desktop.sheets.refusals import refusal
from gengdi_desktop.sheets.xlsx_parts import CellStyles

_CHUNK = 4 * 1024 * 1024
_ERROR_SHOWN = "#ERROR"
_WIDEST = 16384
_TRUE = frozenset({"1", "true"})

_ROW_HIDDEN = re.compile(rb'<row [^>]*?\br="(\d+)"[^>]*?\bhidden="(?:1|true)"')
_ROW_HIDDEN_FIRST = re.compile(rb'<row [^>]*?\bhidden="(?:1|true)"[^>]*?\br="(\d+)"')
_COLUMN = re.compile(rb"<col ([^>]*)>")
_ATTRIBUTE = re.compile(rb'\b(\w+)="([^"]*)"')
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?(?:<v>([^<]*)</v>)?'
)
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)><f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(<v></v>|<v ?/>)?</c>')
_STYLED = rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*? s="(%s)"'


@dataclass(slots=True)
class RowMarks:
    """What is said of one row; columns count from 0."""

    replaced: dict[int, tuple[CellKind, str]] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)
    padded: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class SheetScan:
    """What is said of one sheet; rows count from 1, columns from 0."""

    rows: defaultdict[int, RowMarks] = field(default_factory=lambda: defaultdict(RowMarks))
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def scan_sheet(archive: zipfile.ZipFile, part: str, styles: CellStyles, *, limit: int) -> SheetScan:
    """Scan the part of one sheet.

    Args:
        archive: The package.
        part: Name of the part.
        styles: The styles that matter.
        limit: Bytes that the part may unpack to, counted while reading.

    Raises:
        KeyError: Where the part is missing.
        expat.ExpatError: Where the part is unusual and no sound XML.
        SurroundingsError: For parts that are too large or try entity tricks.
    """
    scan = SheetScan()
    with archive.open(part) as file:
        usual = _scan_bytes(file, styles, scan, limit)
    if usual:
        return scan
    parser = _SheetParser(styles)
    with archive.open(part) as file:
        parser.parse(file)
    return parser.scan


def _scan_bytes(file: IO[bytes], styles: CellStyles, scan: SheetScan, limit: int) -> bool:
    """Search piece by piece; answers false when the sheet is not spelt the usual way."""
    wanted = sorted({*styles.struck, *styles.padded})
    styled = re.compile(_STYLED % b"|".join(str(number).encode() for number in wanted)) if wanted else None
    rest = b""
    total = 0
    first = True
    while chunk := file.read(_CHUNK):
        total += len(chunk)
        if total > limit:
            raise refusal("unpacks_too_large")
        piece = rest + chunk
        if first:
            if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                raise refusal("file_damaged")
            if b"<worksheet" not in piece:
                return False
            first = False
        cut = piece.rfind(b"<row ")
        if cut <= 0:
            rest = piece
            continue
        piece, rest = piece[:cut], piece[cut:]
        if not _search(piece, styled, styles, scan):
            return False
    return not first and _search(rest, styled, styles, scan)


def _search(piece: bytes, styled: re.Pattern[bytes] | None, styles: CellStyles, scan: SheetScan) -> bool:
    if not _spelt_as_usual(piece):
        return False
    if b"hidden=" in piece:
        find_hidden(piece, scan)
    if b' t="e"' in piece:
        for letters, row, shown in _ERROR.findall(piece):
            text = html.unescape(shown.decode(errors="replace")) or _ERROR_SHOWN
            scan.rows[int(row)].replaced[column_index(letters.decode())] = (CellKind.ERROR, text)
    if b"<f" in piece:
        for letters, row, attributes, value in _FORMULA.findall(piece):
            if not (value and b' t="str"' in attributes):
                _mark_uncalculated(scan, int(row), column_index(letters.decode()))
    if styled is not None:
        for letters, row, style in styled.findall(piece):
            _mark_style(scan, int(row), column_index(letters.decode()), int(style), styles)
    return True


def _spelt_as_usual(piece: bytes) -> bool:
    """Whether expressions may be trusted: every cell has its address first, and nothing hides in comments."""
    return (
        piece.count(b"<c ") == piece.count(b'<c r="')
        and b"<c>" not in piece
        and b"<!--" not in piece
        and b"<![CDATA[" not in piece
    )


def find_hidden(piece: bytes, scan: SheetScan) -> None:
    """Note the hidden rows and columns of a piece in the usual spelling."""
    for pattern in (_ROW_HIDDEN, _ROW_HIDDEN_FIRST):
        scan.hidden_rows.update(int(match[1]) for match in pattern.finditer(piece))
    for match in _COLUMN.finditer(piece):
        _mark_column({key.decode(): value.decode() for key, value in _ATTRIBUTE.findall(match[1])}, scan)


def _mark_column(attributes: dict[str, str], scan: SheetScan) -> None:
    if attributes.get("hidden", "").lower() in _TRUE:
        first, last = int(attributes.get("min", "0")), int(attributes.get("max", "0"))
        scan.hidden_columns.update(range(max(first, 1) - 1, min(last, _WIDEST)))


def _mark_uncalculated(scan: SheetScan, row: int, column: int) -> None:
    scan.rows[row].replaced.setdefault(column, (CellKind.UNCALCULATED, ""))


def _mark_style(scan: SheetScan, row: int, column: int, style: int, styles: CellStyles) -> None:
    if style in styles.struck:
        scan.rows[row].struck.add(column)
    if style in styles.padded:
        scan.rows[row].padded[column] = styles.padded[style]


class _SheetParser:
    """The same by parsing, for sheets with prefixes, without addresses, with comments or in another coding."""

    def __init__(self, styles: CellStyles) -> None:
        self.scan = SheetScan()
        self._styles = styles
        self._row = 0
        self._column = -1
        self._type = ""
        self._formula = False
        self._inside_value = False
        self._has_value_element = False
        self._value = ""

    def parse(self, file: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._forbidden
        parser.EntityDeclHandler = self._forbidden
        parser.ParseFile(file)

    @staticmethod
    def _forbidden(*_: Any) -> None:
        raise refusal("file_damaged")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
            if attributes.get("hidden", "").lower() in _TRUE:
                self.scan.hidden_rows.add(self._row)
        elif name == "f":
            self._formula = True
        elif name == "v":
            self._inside_value = self._has_value_element = True
        elif name == "col":
            _mark_column(attributes, self.scan)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        address = attributes.get("r", "").rstrip("0123456789")
        self._column = column_index(address) if address else self._column + 1
        self._type = attributes.get("t", "")
        self._formula = self._has_value_element = False
        self._value = ""
        if attributes.get("s", "").isdigit() and self._column < _WIDEST:
            _mark_style(self.scan, self._row, self._column, int(attributes["s"]), self._styles)

    def _characters(self, text: str) -> None:
        if self._inside_value:
            self._value += text

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            self._inside_value = False
        elif name == "c" and self._column < _WIDEST:
            if self._type == "e":
                self.scan.rows[self._row].replaced[self._column] = (CellKind.ERROR, self._value or _ERROR_SHOWN)
            elif self._formula and not self._value and not (self._has_value_element and self._type == "str"):
                _mark_uncalculated(self.scan, self._row, self._column)
