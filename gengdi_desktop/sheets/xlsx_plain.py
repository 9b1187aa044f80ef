"""Reading the sheets of an xlsx file that hold plain values only, several times as fast as reading any sheet.

Lists that programs write are plain: texts, numbers and formulas with their results, in the usual spelling. What one row
looks like most others do too, so one expression is learned from the rows that do not fit the one so far, and it gives
all values of a row at once. Every byte between the rows must be accounted for by it. Whatever is not surely plain is
left to the reader of any sheet; both find the same.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import IO, NamedTuple

from gengdi_desktop.sheets.cells import CellKind, Merge, number_text
from gengdi_desktop.sheets.problems import column_index, column_letters
from gengdi_desktop.sheets.refusals import refusal
from gengdi_desktop.sheets.xlsx_parts import CellStyles
from gengdi_desktop.sheets.xlsx_scan import SheetScan, find_hidden

_CHUNK = 1 << 20
_LONGEST_ROW = 16 * _CHUNK
_MOST_LESSONS = 200
_MOST_CACHED = 20_000
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384

_HEAD_END = re.compile(rb"<sheetData ?>")
_ENCODING = re.compile(rb"<\?xml[^>]*\bencoding=[\"'](?!(?i:utf-8))")
_ESCAPE = re.compile(b"_x[0-9A-Fa-f]{4}_")
_ENTITY = re.compile("&(?:(lt|gt|amp|quot|apos)|#(\\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_SURE_LENGTH = 15
_SURE_FIGURE = "(?:0|[1-9]\\d*+)(?:\\.\\d++(?<!0))?"
_FIGURE = re.compile(_SURE_FIGURE)
_FIGURES = re.compile(f"(?:(?:{_SURE_FIGURE})?\n)*+(?:{_SURE_FIGURE})?")
_CHARACTERS = (range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x9, 0xB))
_NUMBER = "([-+0-9.eE]+)"
# The reader drops blanks around a text that does not say that they are to be kept.
_TRIMMED = "((?![ \\t\\n])[^<]*+(?<![ \\t\\n]))"
_WHOLE = "([^<]*)"

_ROW = re.compile('<row r="(\\d{1,7})"((?: [\\w:]+="[^"<>&]*")*+)(/?)>')
_CELL = re.compile(
    '<c r="(?P<letters>[A-Z]{1,3})(?P<row>\\d{1,7})"(?P<said>(?: (?:s="\\d{1,5}"|t="[A-Za-z]{1,9}"))*+)'
    "(?:/>|></c>|>(?P<formula><f(?: [^<>]*)?/>|<f(?: [^<>]*)?>[^<]*</f>)?"
    '(?:<v>(?P<value>[^<]+)</v>|(?P<open><is><t(?: xml:space="preserve")?>)(?P<text>[^<]*)</t></is>)</c>)'
)
_STYLE = re.compile(' s="(\\d+)"')
_TYPE = re.compile(' t="(\\w+)"')
_FORMULA = "(?:<f(?: [^<>]*)?/>|<f(?: [^<>]*)?>[^<]*</f>)?+"
_SHARED_ITEM = re.compile(
    "<si>(?:<t>" + _TRIMMED + '</t>|<t xml:space="preserve">([^<]*)</t>|<t/>)(?:<phoneticPr [^<>]*/>)?</si>|<si/>'
)
_SHARED_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>\s*)?<sst [^<>]*>")
_MERGE = re.compile('<mergeCell ref="([A-Z]{1,3})(\\d{1,7}):([A-Z]{1,3})(\\d{1,7})"/>')

Take = Callable[[Sequence[int], Sequence[str], Sequence[Sequence[str]]], None]
"""Given numbers, kinds and texts of rows, in their order."""


class NotPlainError(Exception):
    """The sheet, or what it needs of the package, holds something that this reader does not read."""


class _Form(NamedTuple):
    """How values of a column are spelt: the opening tags behind what a cell says of itself, and the closing ones."""

    kind: str
    before: str
    pattern: str
    after: str
    shared: bool = False


_NUMBERS = _Form(CellKind.NUMBER.value, f">{_FORMULA}<v>", _NUMBER, "</v></c>")
_RESULTS = _Form(CellKind.TEXT.value, f">{_FORMULA}<v>", _WHOLE, "</v></c>")
_SHARED = _Form(CellKind.TEXT.value, "><v>", "(\\d{1,9})", "</v></c>", shared=True)
_TEXTS = _Form(CellKind.TEXT.value, "><is><t>", _TRIMMED, "</t></is></c>")
_KEPT_TEXTS = _Form(CellKind.TEXT.value, '><is><t xml:space="preserve">', _WHOLE, "</t></is></c>")


@dataclass(slots=True)
class PlainSheet:
    """What a plain sheet says besides its rows; columns count from 0."""

    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)


@dataclass(slots=True)
class _Column:
    """What was seen in one column: by form, what cells say of themselves; and what empty cells say."""

    forms: dict[_Form, set[str]] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)


class _Group(NamedTuple):
    column: int
    form: _Form


def read_plain(file: IO[bytes], styles: CellStyles, shared: Sequence[str] | None, take: Take, limit: int) -> PlainSheet:
    """Read the part of one sheet.

    Args:
        file: The part, unpacked.
        styles: The styles that matter.
        shared: The shared texts; None where they are not plain.
        take: Gets the rows that hold anything, in pieces.
        limit: Bytes that the part may unpack to, counted while reading.

    Raises:
        NotPlainError: At any time, also after rows have been given to ``take``.
        SurroundingsError: For parts that are too large or try entity tricks.
    """
    source = _Source(file, limit)
    head = source.head()
    rows = _Rows(styles, shared)
    for piece in source.pieces():
        rows.read(piece, take)
    sheet = PlainSheet(_hidden_columns(head))
    _read_tail(source.tail, sheet)
    return sheet


def shared_texts(archive: zipfile.ZipFile, limit: int) -> list[str] | None:
    """The texts that cells share; None where they are not plain: parts of them in other letters, readings beside them.

    Raises:
        SurroundingsError: For a part that is too large or tries entity tricks.
    """
    name = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if name is None:
        return []
    with archive.open(name) as part:
        content = part.read(limit + 1)
    if len(content) > limit:
        raise refusal("unpacks_too_large")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise refusal("file_damaged")
    try:
        return _shared_texts(content)
    except NotPlainError:
        return None


def _shared_texts(content: bytes) -> list[str]:
    if _ENCODING.match(content):
        raise NotPlainError
    head = _SHARED_HEAD.match(content)
    if head is None:
        raise NotPlainError
    text = _decoded(content[head.end() :])
    found: list[str] = []
    end = 0
    for match in _SHARED_ITEM.finditer(text, end):
        if match.start() != end:
            raise NotPlainError
        found.append(match[1] or match[2] or "")
        end = match.end()
    if text[end:].strip() != "</sst>":
        raise NotPlainError
    return [resolved(one) for one in found] if "&" in text else found


def resolved(text: str) -> str:
    """A text with its entities resolved.

    Raises:
        NotPlainError: There is one that XML does not know.
    """
    if "&" not in text:
        return text
    if text.count("&") != len(_ENTITY.findall(text)):
        raise NotPlainError
    return _ENTITY.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _ENTITIES[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not any(code in known for known in _CHARACTERS):
        raise NotPlainError
    return chr(code)


class _Source:
    """The part of a sheet as head, pieces of whole rows, and tail."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file = file
        self._left = limit
        self._rest = b""
        self.tail = b""

    def _more(self) -> bytes:
        chunk = self._file.read(_CHUNK)
        self._left -= len(chunk)
        if self._left < 0:
            raise refusal("unpacks_too_large")
        return chunk

    def head(self) -> bytes:
        """Everything up to the rows."""
        begun = b""
        while (found := _HEAD_END.search(begun)) is None:
            chunk = self._more()
            begun += chunk
            if not chunk or len(begun) > _LONGEST_ROW:
                raise NotPlainError
        head, self._rest = begun[: found.end()], begun[found.end() :]
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise refusal("file_damaged")
        if b"<worksheet" not in head or b"<!" in head or _ENCODING.match(head):
            raise NotPlainError
        return head

    def pieces(self) -> Iterator[str]:
        """The rows, in pieces that end where a row begins or the rows end."""
        rest = self._rest
        while (end := rest.find(b"</sheetData>")) < 0:
            cut = rest.rfind(b"<row ")
            if cut > 0:
                yield _decoded(rest[:cut])
                rest = rest[cut:]
            chunk = self._more()
            if not chunk or len(rest) > _LONGEST_ROW:
                raise NotPlainError
            rest += chunk
        yield _decoded(rest[:end])
        tail = [rest[end:]]
        while chunk := self._more():
            tail.append(chunk)
        self.tail = b"".join(tail)


def _decoded(piece: bytes) -> str:
    """The text of a piece whose values stand for themselves: no escapes, no line ends that XML would change."""
    if b"\r" in piece or (b"_" in piece and _ESCAPE.search(piece)):
        raise NotPlainError
    try:
        return piece.decode()
    except UnicodeDecodeError:
        raise NotPlainError from None


class _Numbers(dict[str, str]):
    """What a number is shown as, by how the file writes it."""

    def __missing__(self, written: str) -> str:
        if len(written) <= _SURE_LENGTH and _FIGURE.fullmatch(written):
            return written
        try:
            value = float(written)
        except ValueError:
            raise NotPlainError from None
        if not isfinite(value):
            raise NotPlainError
        shown = self[written] = number_text(value)
        return shown


class _Shared(dict[str, str]):
    """Shared texts by how a cell names them."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__({"": ""})
        self._texts = texts

    def __missing__(self, written: str) -> str:
        place = int(written)
        if place >= len(self._texts):
            raise NotPlainError
        text = self[written] = self._texts[place]
        return text


class _Rows:
    """Reads rows, and learns what they look like."""

    def __init__(self, styles: CellStyles, shared: Sequence[str] | None) -> None:
        self._styles = styles
        self._shared = None if shared is None else _Shared(shared)
        self._numbers = _Numbers({"": ""})
        self._columns: dict[int, _Column] = {}
        self._groups: list[_Group] = []
        self._pattern = re.compile("(?!)")
        self._lessons = 0
        self._row = self._width = 0
        self._said: set[str] = set()

    def read(self, piece: str, take: Take) -> None:
        """Read a piece of whole rows."""
        entities = "&" in piece
        end = 0
        while end < len(piece):
            found = []
            for match in self._pattern.finditer(piece, end):
                if match.start() != end:
                    break  # what lies between is not known yet
                found.append(match.groups(""))
                end = match.end()
            if found:
                self._give(found, take, entities=entities)
            if end < len(piece):
                self._learn(piece, end)

    # ---------------------------------------------------------------------------------------------------- what rows say

    def _give(self, found: list[tuple[str, ...]], take: Take, *, entities: bool) -> None:
        numbers, said, *values = zip(*found, strict=True)
        self._check_said(said)
        rows = list(map(int, numbers))
        if rows[0] <= self._row or rows[-1] > _LAST_ROW or any(map(int.__ge__, rows, rows[1:])):
            raise NotPlainError
        self._row = rows[-1]
        width = max(self._columns) + 1 if self._columns else 0
        columns: list[Sequence[str]] = [[""] * len(rows)] * width
        kinds: list[Sequence[str]] = ["t" * len(rows)] * width
        filled = set()
        for group, written in zip(self._groups, values, strict=True):
            texts = self._texts(group.form, written, entities=entities)
            place = group.column
            if place in filled and any(columns[place]):
                if any(texts):
                    columns[place] = [one or other for one, other in zip(columns[place], texts, strict=True)]
            else:
                columns[place] = texts
                filled.add(place)
            if group.form.kind != CellKind.TEXT:
                before, kind = kinds[place], group.form.kind
                whole = all(texts)
                kinds[place] = (
                    kind * len(rows)
                    if whole
                    else [kind if text else other for text, other in zip(texts, before, strict=True)]
                )
        while width > self._width and not any(columns[width - 1]):
            width -= 1  # cells that only have a colour make no table wider
        self._width = width
        self._hand_over(rows, kinds[:width], columns[:width], take)

    @staticmethod
    def _hand_over(rows: list[int], kinds: list[Sequence[str]], columns: list[Sequence[str]], take: Take) -> None:
        texts: list[tuple[str, ...]] = list(zip(*columns, strict=True))
        of_rows = list(map("".join, zip(*kinds, strict=True)))
        if not all(map(any, texts)):
            held = [place for place, one in enumerate(texts) if any(one)]
            rows, of_rows = [rows[place] for place in held], [of_rows[place] for place in held]
            texts = [texts[place] for place in held]
        if rows and texts:
            take(rows, of_rows, texts)

    def _check_said(self, said: Sequence[str]) -> None:
        """What rows say of themselves: those that are hidden are not plain."""
        new = set(said) - self._said
        if any("hidden=" in one for one in new):
            raise NotPlainError
        self._said |= new

    def _texts(self, form: _Form, written: Sequence[str], *, entities: bool) -> Sequence[str]:
        if not any(written):
            return written  # the column is spelt otherwise in these rows
        if form is _NUMBERS:
            if max(map(len, written)) <= _SURE_LENGTH and _FIGURES.fullmatch("\n".join(written)):
                return written  # nearly all numbers are written as they are shown
            if len(self._numbers) > _MOST_CACHED:
                self._numbers = _Numbers({"": ""})
            return list(map(self._numbers.__getitem__, written))
        if form.shared:
            if self._shared is None:
                raise NotPlainError
            return list(map(self._shared.__getitem__, written))
        return [resolved(one) for one in written] if entities else written

    # ------------------------------------------------------------------------------------------------ what is not known

    def _learn(self, piece: str, start: int) -> None:
        """Take the spelling of the row that did not fit into the expression."""
        self._lessons += 1
        row = _ROW.match(piece, start)
        if row is None or self._lessons > _MOST_LESSONS:
            raise NotPlainError
        end, last = row.end(), -1
        if not row[3]:
            while (cell := _CELL.match(piece, end)) is not None:
                column = column_index(cell["letters"])
                if cell["row"] != row[1] or not last < column < _LAST_COLUMN:
                    raise NotPlainError
                self._learn_cell(column, cell)
                end, last = cell.end(), column
            if not piece.startswith("</row>", end):
                raise NotPlainError
        self._build()
        if self._pattern.match(piece, start) is None:
            raise NotPlainError

    def _learn_cell(self, column: int, cell: re.Match[str]) -> None:
        seen = self._columns.setdefault(column, _Column())
        said = cell["said"]
        form = self._form(cell)
        self._check_style(said, form)
        if form is None:
            seen.empty.add(said)
        else:
            seen.forms.setdefault(form, set()).add(said)

    @staticmethod
    def _form(cell: re.Match[str]) -> _Form | None:
        """How the value is spelt; None for an empty cell.

        Raises:
            NotPlainError: An error, a flag, a date as text, a formula without a value.
        """
        types = _TYPE.findall(cell["said"])
        kind = types[0] if types else "n"
        if len(types) > 1 or (cell["formula"] and cell["value"] is None):
            raise NotPlainError
        if cell["value"] is None and cell["text"] is None:
            return None
        if kind == "inlineStr" and cell["text"] is not None and not cell["formula"]:
            return _KEPT_TEXTS if "preserve" in cell["open"] else _TEXTS
        if kind == "n" and cell["value"] is not None:
            return _NUMBERS
        if kind == "str" and cell["value"] is not None:
            return _RESULTS
        if kind == "s" and cell["value"] is not None and not cell["formula"]:
            return _SHARED
        raise NotPlainError

    def _check_style(self, said: str, form: _Form | None) -> None:
        styles = [int(style) for style in _STYLE.findall(said)]
        if len(styles) > 1 or (styles and styles[0] in self._styles.struck):
            raise NotPlainError
        if styles and form is _NUMBERS and not self._styles.shows_as_written(styles[0]):
            raise NotPlainError

    def _build(self) -> None:
        parts = ['<row r="(\\d{1,7})"((?: [\\w:]+="[^"<>&]*")*+)(?:/>|>']
        self._groups = []
        for index in sorted(self._columns):
            column = self._columns[index]
            spelt = []
            for form, said in column.forms.items():
                self._groups.append(_Group(index, form))
                spelt.append(f"{_any_of(said)}{form.before}{form.pattern}{form.after}")
            if column.empty:
                spelt.append(f"{_any_of(column.empty)}(?:/>|></c>)")
            choice = spelt[0] if len(spelt) == 1 else f"(?:{'|'.join(spelt)})"
            parts.append(f'(?:<c r="{column_letters(index)}\\1"{choice})?+')
        self._pattern = re.compile("".join([*parts, "</row>)"]))


def _any_of(said: set[str]) -> str:
    spelt = sorted(map(re.escape, said), reverse=True)
    return spelt[0] if len(spelt) == 1 else f"(?:{'|'.join(spelt)})"


def _hidden_columns(head: bytes) -> set[int]:
    scan = SheetScan()
    find_hidden(head, scan)
    return scan.hidden_columns


def _read_tail(tail: bytes, sheet: PlainSheet) -> None:
    """What stands behind the rows: merged blocks; that the part ends as it should."""
    text = _decoded(tail)
    if "<!" in text or not text.rstrip().endswith("</worksheet>"):
        raise NotPlainError
    found = _MERGE.findall(text)
    if len(found) != text.count("<mergeCell "):
        raise NotPlainError
    for first, top, last, bottom in found:
        sheet.merges.append(Merge(int(top), column_index(first), int(bottom), column_index(last)))
