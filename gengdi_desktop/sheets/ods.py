"""Reading ods in the child: one pass over content.xml that yields values, errors, hidden rows and merges at once."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

from gengdi_desktop.sheets.cells import CellKind, Merge, number_text
from gengdi_desktop.sheets.refusals import refusal
from gengdi_desktop.sheets.spooling import SheetSpooler

_CHUNK = 1 << 20
_NAMESPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_REPEAT_LIMIT = 1_048_576
_WIDEST = 16384


def read_ods(path: Path, spooler: SheetSpooler, *, unpacked_limit: int) -> None:
    """Spool all sheets of an OpenDocument spreadsheet.

    Raises:
        SurroundingsError: For files that are locked, damaged, or too large when unpacked.
    """
    reader = _ContentReader(spooler)
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
            left = unpacked_limit
            while chunk := content.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise refusal("unpacks_too_large")
                reader.feed(chunk)
            reader.close()
    except RuntimeError:
        raise refusal("password") from None
    except (zipfile.BadZipFile, expat.ExpatError, EOFError, ValueError):
        raise refusal("file_damaged") from None


class _Cell:
    """The cell that is being read."""

    def __init__(self, attributes: dict[str, str], *, covered: bool) -> None:
        self.covered = covered
        self.repeated = _count(attributes.get("table:number-columns-repeated"))
        self.columns = _count(attributes.get("table:number-columns-spanned"))
        self.rows = _count(attributes.get("table:number-rows-spanned"))
        self.style = attributes.get("table:style-name", "")
        self.formula = "table:formula" in attributes
        self.type = attributes.get("office:value-type", "")
        self.is_error = attributes.get("calcext:value-type") == "error"
        self.value = attributes.get("office:value", "")
        self.date = attributes.get("office:date-value", "")
        self.time = attributes.get("office:time-value", "")
        self.flag = attributes.get("office:boolean-value", "")
        self.paragraphs: list[str] = []

    def read(self) -> tuple[CellKind, str]:
        shown = "\n".join(self.paragraphs)
        if self.is_error or (self.formula and shown.startswith(("#", "Err:"))):
            return CellKind.ERROR, shown or "#ERROR"
        if self.formula and not self.type and not shown:
            return CellKind.UNCALCULATED, ""
        return self._typed(shown)

    def _typed(self, shown: str) -> tuple[CellKind, str]:
        match self.type:
            case "float" | "percentage" | "currency":
                return self._number(shown)
            case "date":
                return CellKind.DATE, self.date.replace("T", " ").removesuffix(" 00:00:00")
            case "time":
                return CellKind.TIME, shown or self.time
            case "boolean":
                return CellKind.FLAG, "TRUE" if self.flag == "true" else "FALSE"
        return CellKind.TEXT, shown

    def _number(self, shown: str) -> tuple[CellKind, str]:
        if shown.isdigit() and len(shown) > 1 and shown.startswith("0"):
            return CellKind.TEXT, shown  # a format such as 0000: the clerk sees the zeros
        return CellKind.NUMBER, number_text(float(self.value))


class _ContentReader:
    """Handlers of the parser; the state is where in the document we are."""

    def __init__(self, spooler: SheetSpooler) -> None:
        self._spooler = spooler
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._forbidden
        self._parser.EntityDeclHandler = self._forbidden
        self._parser.buffer_text = True
        self._struck_styles: set[str] = set()
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._tables = 0
        self._aside = 0
        self._cell: _Cell | None = None
        self._paragraph: list[str] | None = None
        self._begin_table({})

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    @staticmethod
    def _forbidden(*_: Any) -> None:
        raise refusal("file_damaged")

    def _start(self, tag: str, raw: dict[str, str]) -> None:
        name = _short(tag)
        if self._aside or name in {"office:annotation", "table:shapes", "office:forms"}:
            self._aside += 1  # notes and drawings hold paragraphs and tables of their own
            return
        attributes = {_short(key): value for key, value in raw.items()}
        match name:
            case "table:table-cell" | "table:covered-table-cell":
                self._cell = _Cell(attributes, covered=name == "table:covered-table-cell")
            case "text:p" | "text:h" if self._cell is not None:
                self._paragraph = []
            case "text:s" | "text:tab" | "text:line-break" if self._paragraph is not None:
                blank = {"text:tab": "\t", "text:line-break": "\n"}.get(name, " ")
                self._paragraph.append(blank * min(_count(attributes.get("text:c")), _WIDEST))
            case "table:table-row":
                self._begin_row(attributes)
            case "table:table":
                self._begin_table(attributes)
            case "table:table-column":
                self._begin_column(attributes)
            case _ if name.startswith("style:"):
                self._read_style(name, attributes)

    def _read_style(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:text-properties" and attributes.get("style:text-line-through-style", "none") != "none":
            self._struck_styles.add(self._style)
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _characters(self, text: str) -> None:
        if self._paragraph is not None and not self._aside:
            self._paragraph.append(text)

    def _end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        match _short(tag):
            case "table:table-cell" | "table:covered-table-cell" if self._cell is not None:
                self._end_cell(self._cell)
                self._cell = None
            case "text:p" | "text:h" if self._cell is not None and self._paragraph is not None:
                self._cell.paragraphs.append("".join(self._paragraph))
                self._paragraph = None
            case "table:table-row":
                self._end_row()
            case "table:table":
                self._spooler.end_sheet(
                    self._name, hidden=self._hidden, hidden_columns=self._hidden_columns, merges=self._merges
                )

    def _begin_table(self, attributes: dict[str, str]) -> None:
        self._name = attributes.get("table:name", "")
        self._hidden = attributes.get("table:style-name", "") in self._hidden_styles
        self._hidden_columns: list[int] = []
        self._merges: list[Merge] = []
        self._column = 0
        self._row = 0
        self._begin_row({})

    def _begin_column(self, attributes: dict[str, str]) -> None:
        count = _count(attributes.get("table:number-columns-repeated"))
        if attributes.get("table:visibility", "visible") != "visible":
            self._hidden_columns.extend(range(self._column, min(self._column + count, _WIDEST)))
        self._column += count

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row_repeated = _count(attributes.get("table:number-rows-repeated"))
        self._row_hidden = attributes.get("table:visibility", "visible") != "visible"
        self._position = 0
        self._kinds: list[str] = []
        self._texts: list[str] = []
        self._struck: list[int] = []
        self._filled = False

    def _end_cell(self, cell: _Cell) -> None:
        kind, text = (CellKind.TEXT, "") if cell.covered else cell.read()
        if text or kind is CellKind.UNCALCULATED:
            self._filled = True
            missing = self._position - len(self._texts)
            if self._position + cell.repeated > _WIDEST:
                raise refusal("too_many_cells")
            self._kinds.extend([CellKind.TEXT.value] * missing + [kind.value] * cell.repeated)
            self._texts.extend([""] * missing + [text] * cell.repeated)
            if cell.style in self._struck_styles:
                self._struck.extend(range(self._position, self._position + cell.repeated))
        if cell.rows > 1 or cell.columns > 1:
            row = self._row + 1
            self._merges.append(Merge(row, self._position, row + cell.rows - 1, self._position + cell.columns - 1))
        self._position += cell.repeated

    def _end_row(self) -> None:
        if self._filled:
            kinds = "".join(self._kinds)
            for number in range(self._row + 1, self._row + 1 + self._row_repeated):
                if self._row_hidden or self._struck:
                    self._spooler.marked_row(number, kinds, self._texts, hidden=self._row_hidden, struck=self._struck)
                else:
                    self._spooler.row(number, kinds, self._texts)
        self._row += self._row_repeated


def _count(text: str | None) -> int:
    """How often something is repeated or spanned: at least once, at most what a sheet can hold."""
    return min(max(int(text), 1), _REPEAT_LIMIT) if text else 1


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{_NAMESPACES.get(space, '?')}:{local}"
