"""All rows of the chosen sheets: read once from the top, sorted into data, totals and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Protocol

from gengdi_desktop.intake.mapping import MappedColumn
from gengdi_desktop.intake.marks import is_doubtful
from gengdi_desktop.intake.places import PlaceReader
from gengdi_desktop.intake.previews import SAMPLE_ROWS, SheetPreview
from gengdi_desktop.intake.readings import SPLIT_CHILD, Reading
from gengdi_desktop.intake.rows import RowReader
from gengdi_desktop.intake.sheets_chosen import Candidate, Chosen
from gengdi_desktop.intake.totals import StatedTotal, TotalsOfSheet
from gengdi_desktop.sheets.cells import CellKind, ForeignSheet, ForeignWorkbook, Merge, SheetRow
from gengdi_desktop.sheets.headers import Header, RowRole, RowSorter
from gengdi_desktop.sheets.problems import Problem, column_index, column_letters

Progress = Callable[[int, int], None]
"""Told how many of how many rows are done; may raise Cancelled."""

_TOLD_EVERY = 500
_SAMPLES = 60
_TOTALS = frozenset({RowRole.TOTAL, RowRole.SUBTOTAL})


@dataclass(slots=True)
class SheetsRead:
    """What the rows of all chosen sheets say."""

    readings: list[Reading] = field(default_factory=list)
    sheets: list[SheetPreview] = field(default_factory=list)
    totals: list[StatedTotal] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Basis:
    """What the rows of one sheet are read by.

    Args:
        position: Which sheet.
        header: Its header.
        columns: The columns that are used, by field.
        area_field: The area that is the task.
        said: What a person says of cells: row → column from 0 → text.
        merges: Merged blocks that reach below the header.
        doubtful: Columns in which an empty cell may hide a formula.
    """

    position: int
    header: Header
    columns: Mapping[str, MappedColumn]
    area_field: str
    said: Mapping[int, Mapping[int, str]]
    merges: tuple[Merge, ...] = ()
    doubtful: tuple[MappedColumn, ...] = ()

    def reads_like(self, other: Basis) -> bool:
        """Whether the same rows say the same by both; the words above a header change nothing below it."""
        header = other.header
        return self == replace(other, header=self.header) and (header.data_row, header.columns) == (
            self.header.data_row,
            self.header.columns,
        )


class RowsOfSheet:
    """What the rows of one sheet say, from the top; taking rows may stop anywhere and go on.

    Args:
        basis: What they are read by.
        places: Reads places.
    """

    def __init__(self, basis: Basis, places: PlaceReader) -> None:
        self.basis = basis
        self.taken = 0
        self.readings: list[Reading] = []
        self._sorter = RowSorter(basis.header)
        self._reader = RowReader(
            basis.position,
            basis.columns,
            basis.area_field,
            places,
            merges=basis.merges,
            doubtful=basis.doubtful,
            said=basis.said,
        )
        self._totals = TotalsOfSheet("", basis.columns, basis.area_field)
        self._head: list[SheetRow] = []
        self._total_rows: list[SheetRow] = []
        self._left_out: list[int] = []

    def take(self, rows: Iterable[SheetRow]) -> None:
        """Take in the next rows."""
        role_of, read, count_in = self._sorter.role, self._reader.read, self._totals.add
        data_row, head, keep = self.basis.header.data_row, self._head, self.readings.append
        for row in rows:
            self.taken += 1
            if len(head) < SAMPLE_ROWS:
                head.append(row)
            if row.number < data_row:
                continue
            role = role_of(row)
            if role is RowRole.DATA:
                reading = read(row)
                keep(reading)
                if not reading.blank and reading.split != SPLIT_CHILD:
                    count_in(reading.issued_area)
            elif role in _TOTALS:
                self._totals.total_row(role, row)
                self._total_rows.append(row)
            else:
                self._left_out.append(row.number)

    def end(self, sheet: ForeignSheet, header: Header, read: SheetsRead) -> None:
        """Put what the rows say to what other sheets say."""
        span = (self.readings[0].row, self.readings[-1].row) if self.readings else None
        numbers = tuple(row.number for row in self._total_rows)
        for row in self._total_rows:
            read.notes += _broken_total(sheet.name, row)
        read.sheets.append(
            SheetPreview(sheet, True, "", header, tuple(self._head), span, numbers, tuple(self._left_out))
        )
        read.totals += (replace(total, sheet=sheet.name) for total in self._totals.stated())
        # Most files have one sheet: its hundred thousand readings need not be copied.
        read.readings = [*read.readings, *self.readings] if read.readings else self.readings


class Ahead(Protocol):
    """Who may have looked at rows while the file was still being read."""

    def rows_of(self, basis: Basis) -> RowsOfSheet | None:
        """What the first rows of a sheet say, where they were read by the same; given away once."""


def data_rows(sheet: ForeignSheet, header: Header) -> Iterator[SheetRow]:
    """The rows of data below a header; every pass over a sheet gives the same."""
    sorter = RowSorter(header)
    for row in sheet.rows():
        if row.number >= header.data_row and sorter.role(row) is RowRole.DATA:
            yield row


def take_samples(candidate: Candidate) -> dict[int, tuple[str, ...]]:
    """Some texts of each column, for people and for telling private columns."""
    found: dict[int, list[str]] = {}
    if candidate.header is not None:
        for count, row in enumerate(data_rows(candidate.sheet, candidate.header)):
            if count >= _SAMPLES:
                break
            for column, text in enumerate(row.texts):
                if text.strip():
                    found.setdefault(column, []).append(text.strip())
    return {column: tuple(texts) for column, texts in found.items()}


def read_sheets(
    book: ForeignWorkbook,
    chosen: Chosen,
    columns: Mapping[str, MappedColumn],
    area_field: str,
    places: PlaceReader,
    progress: Progress | None,
    *,
    said: Mapping[tuple[str, int, str], str],
    ahead: Ahead | None = None,
) -> SheetsRead:
    """Read all data rows of the chosen sheets.

    Args:
        book: The file.
        chosen: The sheets.
        columns: The columns that are used, by field.
        area_field: The area that is the task.
        places: Reads places.
        progress: Told now and then.
        said: What a person says of cells, by sheet, row and letters.
        ahead: Who has looked at rows already.
    """
    read = SheetsRead()
    by_position = {one.sheet.position: one for one in chosen.sheets}
    total = sum(one.sheet.row_count for one in chosen.sheets)
    for sheet in book.sheets:
        one = by_position.get(sheet.position)
        if one is None or one.header is None:
            header, why = chosen.headers.get(sheet.position), chosen.why_not.get(sheet.position, "")
            read.sheets.append(SheetPreview(sheet, False, why, header, tuple(sheet.head(SAMPLE_ROWS))))
        else:
            basis = Basis(
                sheet.position,
                one.header,
                columns,
                area_field,
                cells_said(said, sheet.name),
                tuple(merge for merge in sheet.merges if merge.last_row >= one.header.data_row),
                () if sheet.blanks_certain else tuple(_doubtful(sheet, one.header, columns, read.notes)),
            )
            begun = ahead.rows_of(basis) if ahead is not None else None
            _read_sheet(sheet, one.header, begun or RowsOfSheet(basis, places), read, total, progress)
        read.notes += _hidden_notes(sheet, read=one is not None)
    return read


def _read_sheet(
    sheet: ForeignSheet,
    header: Header,
    rows: RowsOfSheet,
    read: SheetsRead,
    total: int,
    progress: Progress | None,
) -> None:
    coming = sheet.rows(rows.taken)
    more = True
    while more:
        piece = list(islice(coming, _TOLD_EVERY))
        rows.take(piece)
        if progress is not None:
            progress(len(read.readings) + len(rows.readings), total)
        more = bool(piece)
    rows.end(sheet, header, read)


def cells_said(said: Mapping[tuple[str, int, str], str], sheet: str) -> dict[int, dict[int, str]]:
    """Row → column from 0 → text, of one sheet."""
    found: dict[int, dict[int, str]] = {}
    for (name, row, letters), text in said.items():
        if name == sheet:
            found.setdefault(row, {})[column_index(letters)] = text
    return found


def _doubtful(
    sheet: ForeignSheet, header: Header, columns: Mapping[str, MappedColumn], notes: list[Problem]
) -> list[MappedColumn]:
    """Columns in which an empty cell may hide a formula; one that is empty all the way down is told and let be."""
    wanted = [column for column in columns.values() if is_doubtful(column)]
    filled: set[int] = set()
    for row in data_rows(sheet, header):
        filled.update(index for index, text in enumerate(row.texts) if text)
        if all(column.column.index in filled for column in wanted):
            break
    for column in wanted:
        if column.column.index not in filled:
            text = f"“{column.column.title}”整列都是空的，按没有填写读取。"
            notes.append(Problem(sheet.name, None, column.letters, "column_empty", text))
    return [column for column in wanted if column.column.index in filled]


def _hidden_notes(sheet: ForeignSheet, *, read: bool) -> list[Problem]:
    """What a clerk does not see when the table is open."""
    found = []
    if sheet.hidden and sheet.row_count and not read:
        found.append(Problem(sheet.name, None, "", "hidden_sheet", "这是隐藏的工作表，没有读。要读请指定它的名字。"))
    if read and sheet.hidden_rows:
        text = f"有 {sheet.hidden_rows} 行在表格软件里是隐藏的，也一起读了。不要它们的，请在原表删掉后再导入。"
        found.append(Problem(sheet.name, None, "", "hidden_rows", text))
    if read and sheet.hidden_columns:
        letters = "、".join(column_letters(column) for column in sorted(sheet.hidden_columns)[:10])
        text = f"{letters} 列在表格软件里是隐藏的，也一起读了。"
        found.append(Problem(sheet.name, None, "", "hidden_columns", text))
    return found


def _broken_total(sheet: str, row: SheetRow) -> list[Problem]:
    """Totals that a formula should give and does not: told, since no total can be checked by them."""
    return [
        Problem(
            sheet, row.number, column_letters(column), "total_without_value", "合计是没有结果的公式，没法用它核对。"
        )
        for column, kind in enumerate(row.kinds)
        if kind in {CellKind.ERROR, CellKind.UNCALCULATED}
    ]
