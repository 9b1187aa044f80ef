"""Where the header of a sheet stands and what its columns are called: title rows, merged groups, units, numbers row.

Knows how tables are laid out, and nothing of what they are about: that comes in as a vocabulary.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gengdi_desktop.sheets.cells import CellKind, Merge, SheetRow
from gengdi_desktop.sheets.header_text import NormalHeader, labels_of, normal_header, normalise, stated_units

SEARCHED_ROWS = 30
"""How many rows from the top are looked at for a header."""

_HEADER_DEPTH = 5
_FEWEST_MATCHES = 2
_NUMBERS_IN_ROW = 3
_NUMBER_MARKS = frozenset("甲乙丙丁戊己庚辛壬癸")
_TOTAL = re.compile(r"(?:全[县市区乡镇村]?|总)?(?:合计|总计|共计)")
_SUBTOTAL = re.compile(r"小计|本页合计|[㐀-鿿]{1,12}(?:小计|合计)[:：]?$")
_NOTE = re.compile(
    r"累计|平均|备?注[:：]|说明[:：]|填表说明|填[表报]人|审[核批]人|复核人?[:：]|制表|填[表报]单位|填[表报](?:日期|时间)"
    r"|单位负责人|负责人[:：]|联系电话[:：]|经办人[:：]|第\d+页"
)
_ROLE_STARTS = frozenset("全总合共小本累平备注说填审复制单负联经第*※ 　")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of the tables that are looked for.

    Args:
        names: Normalised names of columns.
        units: Normalised spellings of units.
    """

    names: frozenset[str]
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """One column of a table.

    Args:
        index: From 0.
        path: Header texts from the group down to the column, as written, blanks and line breaks aside.
        parents: Normalised names of the groups above it, from the outermost.
        name: Normalised name of the column itself, without its unit.
        unit: Normalised unit from its own text or from a group; empty where none is written.
    """

    index: int
    path: tuple[str, ...]
    parents: tuple[str, ...]
    name: str
    unit: str

    @property
    def title(self) -> str:
        """The path for people: ``自查情况／是否属实``."""
        return "／".join(self.path)

    @property
    def key(self) -> str:
        """The normalised path without units, as in the fingerprint."""
        return "/".join((*self.parents, self.name))


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet.

    Args:
        first_row: Where it begins, from 1.
        last_row: Where it ends.
        data_row: The first row below it, after a row of column numbers.
        titles: Lines above it that are no labels.
        labels: Labelled values of the lines above it: ``填报日期`` → ``2023年7月25日``.
        units: Units that a line above states for the whole table.
        columns: The columns that have a header.
    """

    first_row: int
    last_row: int
    data_row: int
    titles: tuple[str, ...]
    labels: Mapping[str, str]
    units: tuple[str, ...]
    columns: tuple[HeaderColumn, ...]

    @property
    def fingerprint(self) -> str:
        """Hash of the normalised paths: the same for tables laid out alike."""
        return hashlib.sha256("\n".join(column.key for column in self.columns).encode()).hexdigest()


class RowRole(StrEnum):
    """What a row below the header is."""

    DATA = "data"
    TOTAL = "total"
    SUBTOTAL = "subtotal"
    NOTE = "note"
    HEADER = "header"


def find_header(
    rows: Sequence[SheetRow],
    merges: Iterable[Merge],
    vocabulary: Vocabulary,
    *,
    at: tuple[int, int] | None = None,
) -> Header | None:
    """Find the header among the first rows of a sheet; None where nothing looks like one.

    Args:
        rows: The first rows of the sheet, at most :data:`SEARCHED_ROWS` are looked at.
        merges: Merged blocks of the sheet.
        vocabulary: What columns and units are called.
        at: First and last row of the header where a person has said so; nothing is searched then.
    """
    grid = _Grid(rows[:SEARCHED_ROWS] if at is None else rows, merges, vocabulary)
    if at is not None:
        return grid.header(*at)
    best = max(grid.numbers, key=lambda number: (grid.matches(number), -number), default=0)
    if not best or grid.matches(best) < _FEWEST_MATCHES:
        return None
    first = last = best
    while grid.belongs_above(first):
        first -= 1
    while last - first < _HEADER_DEPTH and grid.belongs_below(first, last):
        last += 1
    return grid.header(first, last)


class RowSorter:
    """Tells data from totals, notes and headers that come once more, below one header.

    Args:
        header: The header of the sheet.
    """

    def __init__(self, header: Header) -> None:
        self._names = {column.index: {normalise(text) for text in column.path} for column in header.columns}

    def role(self, row: SheetRow) -> RowRole:
        """What the row is, by its first text; totals may also stand above all data."""
        for column, text in enumerate(row.texts):
            if text and not text.isspace():
                if row.kinds[column] != CellKind.TEXT:
                    return RowRole.DATA
                if self._says_its_name(column, text) and self._repeats(row):
                    return RowRole.HEADER
                return _text_role(text)
        return RowRole.DATA

    def _says_its_name(self, column: int, text: str) -> bool:
        return normalise(text) in self._names.get(column, ()) if not text.isdecimal() else False

    def _repeats(self, row: SheetRow) -> bool:
        """Whether every text of the row is the name of its column, as at the top of each printed page."""
        filled = [(column, text) for column, text in enumerate(row.texts) if text.strip()]
        return len(filled) > 1 and all(normalise(text) in self._names.get(column, ()) for column, text in filled)


def _text_role(text: str) -> RowRole:
    if text[0] not in _ROLE_STARTS and "计" not in text[-3:]:
        return RowRole.DATA
    plain = "".join(text.split())
    for pattern, role in ((_TOTAL, RowRole.TOTAL), (_SUBTOTAL, RowRole.SUBTOTAL), (_NOTE, RowRole.NOTE)):
        if pattern.match(plain):
            return role
    return RowRole.DATA


class _Grid:
    """The first rows with merged blocks filled in."""

    def __init__(self, rows: Sequence[SheetRow], merges: Iterable[Merge], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rows = {row.number: row for row in rows}
        self.numbers = sorted(self._rows)
        last = self.numbers[-1] if self.numbers else 0
        self._merges = [merge for merge in merges if merge.first_row <= last]
        self.width = max((len(row.texts) for row in rows), default=0)
        self._texts = {
            number: [*row.texts, *[""] * (self.width - len(row.texts))] for number, row in self._rows.items()
        }
        for merge in self._merges:
            self._fill(merge, last)

    def _fill(self, merge: Merge, last: int) -> None:
        top = self._texts.get(merge.first_row)
        if top is None or merge.first_column >= self.width:
            return
        text = top[merge.first_column]
        for number in range(merge.first_row, min(merge.last_row, last) + 1):
            cells = self._texts.setdefault(number, [""] * self.width)
            for column in range(merge.first_column, min(merge.last_column + 1, self.width)):
                cells[column] = text

    def matches(self, number: int) -> int:
        """How many different columns of a row have a known name."""
        names = {self._normal(text).name for text in self._texts[number] if text}
        return len(names & self._vocabulary.names)

    def belongs_above(self, first: int) -> bool:
        """Whether the row above holds the groups: a block reaches down from it, or its texts span some columns."""
        above = self._texts.get(first - 1)
        if above is None or not self._is_wordy(first - 1):
            return False
        texts = {text for text in above if text.strip()}
        if len(texts) < _FEWEST_MATCHES or labels_of(texts):
            return False
        if self._merges:
            return any(merge.first_row <= first - 1 <= merge.last_row for merge in self._merges)
        here = self._texts[first]
        return any(up.strip() and not down.strip() for up, down in zip(above, here, strict=True))

    def belongs_below(self, first: int, last: int) -> bool:
        """Whether the row below is still header: a block reaches into it, or it names columns of a group."""
        if any(merge.first_row <= last < merge.last_row and merge.first_row >= first for merge in self._merges):
            return True
        below, above = self._texts.get(last + 1), self._texts[last]
        if below is None or not self._is_wordy(last + 1) or self._is_numbers_row(last + 1):
            return False
        grouped = [
            column
            for column in range(self.width)
            if below[column].strip() and (not above[column].strip() or self._in_wide_block(last, column))
        ]
        named = sum(self._normal(below[column]).name in self._vocabulary.names for column in range(self.width))
        return bool(grouped) and named >= _FEWEST_MATCHES

    def header(self, first: int, last: int) -> Header:
        """The header that stands in these rows."""
        columns = tuple(
            column for column in (self._column(index, first, last) for index in range(self.width)) if column
        )
        above = [number for number in self.numbers if number < first]
        lines = [_distinct(self._texts[number]) for number in above]
        labels = labels_of(text for line in lines for text in line)
        titles = tuple(text.strip() for line in lines for text in line if text.strip() and not labels_of([text]))
        data = last + 2 if self._is_numbers_row(last + 1) else last + 1
        title_units = tuple(normal_header(title, self._vocabulary.units).unit for title in titles)
        units = (*stated_units(labels, self._vocabulary.units), *filter(None, title_units))
        return Header(first, last, data, titles, labels, units, columns)

    def _column(self, index: int, first: int, last: int) -> HeaderColumn | None:
        path: list[str] = []
        for number in range(first, last + 1):
            text = self._group_text(number, index, last)
            if text and (not path or path[-1] != text):
                path.append(text)
        if not path:
            return None
        normal = [self._normal(text) for text in path]
        unit = next((part.unit for part in reversed(normal) if part.unit), "")
        return HeaderColumn(
            index,
            tuple(" ".join(text.split()) for text in path),
            tuple(part.name for part in normal[:-1]),
            normal[-1].name,
            unit,
        )

    def _group_text(self, number: int, column: int, last: int) -> str:
        """The text of a header cell; where merges are lost, a group reaches over the empty cells to its right."""
        cells = self._texts.get(number)
        if cells is None:
            return ""
        if cells[column].strip() or number == last or self._merges:
            return cells[column].strip()
        below = self._texts.get(number + 1, [])
        if column >= len(below) or not below[column].strip():
            return ""
        left = next((index for index in range(column - 1, -1, -1) if cells[index].strip()), None)
        return cells[left].strip() if left is not None and below[left].strip() else ""

    def _in_wide_block(self, number: int, column: int) -> bool:
        return any(
            merge.first_row <= number <= merge.last_row
            and merge.first_column <= column <= merge.last_column
            and merge.last_column > merge.first_column
            for merge in self._merges
        )

    def _is_wordy(self, number: int) -> bool:
        """Whether a row holds texts and no numbers, as headers do."""
        row = self._rows.get(number)
        if row is None:
            return False
        filled = [(kind, text) for kind, text in zip(row.kinds, row.texts, strict=False) if text.strip()]
        return bool(filled) and all(kind == CellKind.TEXT and not _is_number(text) for kind, text in filled)

    def _is_numbers_row(self, number: int) -> bool:
        """Whether a row numbers the columns: ``1 2 3 4`` or ``甲 乙 1 2``."""
        texts = [text.strip().strip("()（）") for text in self._texts.get(number, []) if text.strip()]
        numbers = [int(text) for text in texts if text.isdecimal()]
        if len(numbers) < _NUMBERS_IN_ROW or len(numbers) + sum(text in _NUMBER_MARKS for text in texts) < len(texts):
            return False
        return all(second == before + 1 for before, second in itertools.pairwise(numbers))

    def _normal(self, text: str) -> NormalHeader:
        return normal_header(text, self._vocabulary.units)


def _is_number(text: str) -> bool:
    plain = text.strip().replace(",", "").replace(".", "", 1)
    return plain.isdecimal()


def _distinct(texts: Iterable[str]) -> list[str]:
    """The texts of a line, a merged block once."""
    found: list[str] = []
    for text in texts:
        if text.strip() and (not found or found[-1] != text):
            found.append(text)
    return found
