"""Reading csv, and web pages saved as tables, in the child."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from gengdi_desktop.sheets.cells import CellKind, Merge
from gengdi_desktop.sheets.formats import text_coding
from gengdi_desktop.sheets.refusals import refusal
from gengdi_desktop.sheets.spooling import SheetSpooler

_SNIFF = 65536
_DELIMITERS = ",\t;|"
_SAMPLE_LINES = 20
_FORCED_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_SPAN_LIMIT = 4096


def read_csv(path: Path, spooler: SheetSpooler) -> None:
    """Spool a text table as one sheet named after the file.

    Raises:
        SurroundingsError: For a coding that is neither Unicode nor GB 18030, and for damaged quoting.
    """
    coding = _csv_coding(path)
    with path.open(encoding=coding, newline="") as lines:
        sample = lines.read(_SNIFF)
        lines.seek(0)
        try:
            for number, row in _csv_rows(csv.reader(lines, delimiter=_delimiter(sample))):
                spooler.row(number, CellKind.TEXT.value * len(row), row)
        except csv.Error:
            raise refusal("file_damaged") from None
    spooler.end_sheet(path.stem)


def read_html(path: Path, spooler: SheetSpooler) -> None:
    """Spool each table of a web page as a sheet.

    Raises:
        SurroundingsError: For pages without a table and for codings that cannot be told.
    """
    content = path.read_bytes()
    coding = text_coding(content[:_SNIFF]) or _declared(content) or _strict_coding(content)
    try:
        text = content.decode(coding)
    except (UnicodeDecodeError, LookupError):
        text = content.decode(_strict_coding(content))
    page = _PageReader(spooler)
    page.feed(text)
    page.close()
    if not page.tables:
        raise refusal("not_a_table")


def _csv_coding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_SNIFF)
    told = text_coding(start)
    if told is not None:
        return told
    for coding in ("utf-8", "gb18030"):
        try:
            with path.open(encoding=coding) as lines:
                while lines.read(_SNIFF):
                    pass
        except UnicodeDecodeError:
            continue
        return coding
    raise refusal("text_coding")


def _strict_coding(content: bytes) -> str:
    for coding in ("utf-8", "gb18030"):
        try:
            content.decode(coding)
        except UnicodeDecodeError:
            continue
        return coding
    raise refusal("text_coding")


def _declared(content: bytes) -> str | None:
    found = _META_CHARSET.search(content[:_SNIFF])
    if found is None:
        return None
    name = found[1].decode().lower()
    return "gb18030" if name in {"gb2312", "gbk", "gb18030", "x-gbk"} else name


def _delimiter(sample: str) -> str:
    """The sign that parts most lines into the same number of cells; a comma where nothing tells."""
    lines = [line for line in sample.splitlines() if line.strip()][:_SAMPLE_LINES]
    best, best_score = ",", 0
    for sign in _DELIMITERS:
        counts = Counter(line.count(sign) for line in lines if sign in line)
        score = sum(counts.values()) * 2 + max(counts.values(), default=0) if counts else 0
        if score > best_score:
            best, best_score = sign, score
    return best


def _csv_rows(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        cells = [_unforced(cell) for cell in row]
        if any(cell.strip() for cell in cells):
            yield number, cells


def _unforced(cell: str) -> str:
    """Without the dress by which programs keep table software from reading a text as a number: ``="0012"``."""
    if cell.startswith('="'):
        found = _FORCED_TEXT.fullmatch(cell)
        return found[1] if found else cell
    return cell


class _PageReader(HTMLParser):
    """Collects the outermost tables; a table inside a cell is text of that cell."""

    def __init__(self, spooler: SheetSpooler) -> None:
        super().__init__(convert_charrefs=True)
        self.tables = 0
        self._spooler = spooler
        self._depth = 0
        self._skip = 0
        self._cell: list[str] | None = None
        self._begin_table()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in {"script", "style"}:
            self._skip += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._begin_table()
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_row()
            self._in_row = True
            self._row_hidden = "display:none" in attributes.get("style", "").replace(" ", "").lower()
        elif tag in {"td", "th"}:
            self._end_cell()
            self._cell = []
            self._spans = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
            self._cell_struck = False
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")
        elif tag in {"s", "strike", "del"}:
            self._cell_struck = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._skip = max(0, self._skip - 1)
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self._end_row()
                self.tables += 1
                self._spooler.end_sheet(f"表{self.tables}", merges=self._merges)
            self._depth -= 1
        elif self._depth == 1 and tag in {"td", "th"}:
            self._end_cell()
        elif self._depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skip:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        if self._depth:  # a page that was cut off still shows its rows in a browser; here it is refused
            raise refusal("file_truncated")

    def _begin_table(self) -> None:
        self._row = 0
        self._merges: list[Merge] = []
        self._taken: dict[tuple[int, int], None] = {}
        self._in_row = False
        self._row_hidden = False
        self._texts: dict[int, str] = {}
        self._struck: set[int] = set()
        self._cell = None
        self._cell_struck = False
        self._spans = (1, 1)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        row, column = self._row + 1, 0
        while column in self._texts or (row, column) in self._taken:
            column += 1
        text = "\n".join(" ".join(line.split()) for line in "".join(self._cell).split("\n")).strip()
        down, across = self._spans
        for below in range(down):
            for beside in range(across):
                if below:
                    self._taken[row + below, column + beside] = None
                else:
                    self._texts[column + beside] = text if not beside else ""
        if down > 1 or across > 1:
            self._merges.append(Merge(row, column, row + down - 1, column + across - 1))
        if self._cell_struck and text:
            self._struck.add(column)
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if not self._in_row:
            return
        self._in_row = False
        self._row += 1
        if any(self._texts.values()):
            width = max(self._texts) + 1
            texts = [self._texts.get(column, "") for column in range(width)]
            kinds = CellKind.TEXT.value * width
            if self._row_hidden or self._struck:
                self._spooler.marked_row(self._row, kinds, texts, hidden=self._row_hidden, struck=self._struck)
            else:
                self._spooler.row(self._row, kinds, texts)
        self._texts, self._struck = {}, set()


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _SPAN_LIMIT) if text and text.isdigit() else 1
