"""Reading xlsx in the child: plain sheets the quick way; others by calamine, and what it does not tell by our scan."""

from __future__ import annotations

import datetime as dt
import logging
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from gengdi_desktop.sheets.cells import CellKind, Merge, number_text
from gengdi_desktop.sheets.refusals import refusal
from gengdi_desktop.sheets.spooling import SheetSpooler
from gengdi_desktop.sheets.xlsx_parts import CellStyles, SheetPart, cell_styles, sheet_parts
from gengdi_desktop.sheets.xlsx_plain import NotPlainError, read_plain, shared_texts
from gengdi_desktop.sheets.xlsx_scan import RowMarks, SheetScan, scan_sheet

_HALF_SECOND = dt.timedelta(milliseconds=500)

_log = logging.getLogger(__name__)


def moment_text(value: dt.datetime) -> str:
    """The text of a point in time: the date alone at midnight; fractions of a second are rounding noise."""
    value = (value + _HALF_SECOND).replace(microsecond=0, tzinfo=None)
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")


def _flag_text(value: bool) -> str:  # noqa: FBT001  (one of the converters by type)
    return "TRUE" if value else "FALSE"


def _time_text(value: dt.time) -> str:
    return value.replace(microsecond=0).isoformat()


_KINDS: dict[type, str] = {
    str: CellKind.TEXT.value,
    float: CellKind.NUMBER.value,
    int: CellKind.NUMBER.value,
    bool: CellKind.FLAG.value,
    dt.date: CellKind.DATE.value,
    dt.datetime: CellKind.DATE.value,
    dt.time: CellKind.TIME.value,
    dt.timedelta: CellKind.TIME.value,
}
_TEXTS: dict[type, Callable[[Any], str]] = {
    float: number_text,
    int: str,
    bool: _flag_text,
    dt.date: dt.date.isoformat,
    dt.datetime: moment_text,
    dt.time: _time_text,
    dt.timedelta: str,
}


_PLAN_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class _RowPlan:
    """What rows whose values have the same types share: their kinds, and which columns are to become texts."""

    kinds: str
    converted: list[tuple[int, Callable[[Any], str]]]


@dataclass(frozen=True, slots=True)
class _Package:
    archive: zipfile.ZipFile
    sheets: list[SheetPart]
    styles: CellStyles
    limit: int

    def part_of(self, name: str) -> str | None:
        """The part of the only sheet of a name."""
        parts = [sheet.part for sheet in self.sheets if sheet.name == name]
        return parts[0] if len(parts) == 1 else None


def read_xlsx(path: Path, spooler: SheetSpooler, *, unpacked_limit: int) -> None:
    """Spool all sheets of an xlsx file.

    Raises:
        SurroundingsError: For files that are locked, damaged, or too large when unpacked.
    """
    with zipfile.ZipFile(path) as archive, _AnySheets(path) as others:
        _check_size(archive, unpacked_limit)
        package = _open_package(archive, unpacked_limit)
        if package is None or len({sheet.name for sheet in package.sheets}) < len(package.sheets):
            others.read_all(package, spooler)
            return
        shared = _shared_texts(package)
        for sheet in package.sheets:
            if sheet.cells and not _read_plain(package, sheet, shared, spooler):
                others.read(package, sheet.name, spooler)


def _shared_texts(package: _Package) -> list[str] | None:
    try:
        return shared_texts(package.archive, package.limit)
    except zipfile.BadZipFile:
        raise refusal("file_damaged") from None


def _read_plain(package: _Package, sheet: SheetPart, shared: list[str] | None, spooler: SheetSpooler) -> bool:
    """Read a sheet the quick way; answers false, with nothing of it left, where it is not plain."""
    try:
        with package.archive.open(sheet.part) as part:
            found = read_plain(part, package.styles, shared, spooler.rows, package.limit)
    except (NotPlainError, KeyError):
        spooler.forget()
        return False
    except zipfile.BadZipFile:
        raise refusal("file_damaged") from None
    spooler.end_sheet(
        sheet.name, hidden=sheet.hidden, hidden_columns=found.hidden_columns, merges=found.merges, blanks_certain=True
    )
    return True


class _AnySheets:
    """Reads sheets of any kind by calamine, which is opened when it is first needed.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._second = ThreadPoolExecutor(max_workers=1)
        self._book: CalamineWorkbook | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._second.shutdown()
        if self._book is not None:
            self._book.close()

    def read_all(self, package: _Package | None, spooler: SheetSpooler) -> None:
        """Spool all sheets that have cells."""
        with _in_words():
            for metadata in self._opened().sheets_metadata:
                self._read(package, metadata, spooler)

    def read(self, package: _Package, name: str, spooler: SheetSpooler) -> None:
        """Spool the sheet of that name."""
        with _in_words():
            for metadata in self._opened().sheets_metadata:
                if metadata.name == name:
                    self._read(package, metadata, spooler)

    def _opened(self) -> CalamineWorkbook:
        if self._book is None:
            self._book = python_calamine.load_workbook(self._path)
        return self._book

    def _read(self, package: _Package | None, metadata: SheetMetadata, spooler: SheetSpooler) -> None:
        if metadata.typ == SheetTypeEnum.WorkSheet:
            # Calamine lets go of the interpreter while it reads, so the scan costs no time of its own on two cores.
            scan = self._second.submit(_scan, package, metadata.name)
            _spool_sheet(self._opened(), metadata, scan, spooler)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except python_calamine.PasswordError:
        raise refusal("password") from None
    except python_calamine.CalamineError as error:
        _log.info("calamine: %s", error)
        raise refusal("file_damaged") from None


def _check_size(archive: zipfile.ZipFile, limit: int) -> None:
    """Count what the shared texts really unpack to; sheets are counted while they are scanned."""
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise refusal("password")
        if info.file_size > limit:
            raise refusal("unpacks_too_large")
        if info.filename.lower().endswith("sharedstrings.xml"):
            left = limit
            with _opened(archive, info) as part:
                while chunk := part.read(1 << 20):
                    left -= len(chunk)
                    if left < 0:
                        raise refusal("unpacks_too_large")


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    try:
        return archive.open(info)
    except (zipfile.BadZipFile, NotImplementedError):
        raise refusal("file_damaged") from None


def _open_package(archive: zipfile.ZipFile, limit: int) -> _Package | None:
    try:
        return _Package(archive, sheet_parts(archive), cell_styles(archive), limit)
    except ParseError:
        return None


def _scan(package: _Package | None, name: str) -> SheetScan | None:
    """The scan of a sheet; None where the package is too unusual to be scanned."""
    part = package.part_of(name) if package is not None else None
    if package is None or part is None:
        return None
    try:
        return scan_sheet(package.archive, part, package.styles, limit=package.limit)
    except (KeyError, ExpatError):
        return None
    except zipfile.BadZipFile:
        raise refusal("file_damaged") from None


def _spool_sheet(
    book: CalamineWorkbook, metadata: SheetMetadata, scanning: Future[SheetScan | None], spooler: SheetSpooler
) -> None:
    sheet = book.get_sheet_by_name(metadata.name)
    scanned = scanning.result()
    scan = scanned or SheetScan()
    _spool_rows(sheet, scan, spooler)
    spooler.end_sheet(
        metadata.name,
        hidden=metadata.visible != SheetVisibleEnum.Visible,
        hidden_columns=scan.hidden_columns,
        merges=[Merge(first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in sheet.merged_cell_ranges or ()],
        blanks_certain=scanned is not None,
    )


def _spool_rows(sheet: CalamineSheet, scan: SheetScan, spooler: SheetSpooler) -> None:
    """The inner loop over millions of cells: what depends on the types of a row alone is worked out once."""
    marked, hidden = scan.rows, scan.hidden_rows
    plain = spooler.row
    plans: dict[tuple[type, ...], _RowPlan] = {}
    number = 0
    # Calamine gives rows from the first of the sheet, but columns from the first that holds anything.
    left = [""] * (sheet.start[1] if sheet.start is not None else 0)
    for number, filled in enumerate(sheet.iter_rows(), 1):
        row = left + filled if left else filled
        marks = marked.pop(number, None) if marked else None
        if marks is None and not any(row) and row.count("") == len(row):
            continue
        types = tuple(map(type, row))
        plan = plans.get(types) or plans.setdefault(types, _row_plan(types))
        for column, text_of in plan.converted:
            row[column] = text_of(row[column])
        texts = cast("list[str]", row)
        if marks is None and number not in hidden:
            plain(number, plan.kinds, texts)
        else:
            _spool_marked(number, plan.kinds, texts, marks or RowMarks(), hidden=number in hidden, spooler=spooler)
        if len(plans) > _PLAN_LIMIT:
            plans.clear()
    # Rows below or beside all values can still hold an error or a formula without one.
    for last in sorted(row for row in marked if row > number and marked[row].replaced):
        _spool_marked(last, "", [], marked[last], hidden=last in hidden, spooler=spooler)


def _row_plan(types: tuple[type, ...]) -> _RowPlan:
    kinds = "".join(_KINDS[kind] for kind in types)
    return _RowPlan(kinds, [(column, _TEXTS[kind]) for column, kind in enumerate(types) if kind is not str])


def _spool_marked(
    number: int, kinds: str, texts: list[str], marks: RowMarks, *, hidden: bool, spooler: SheetSpooler
) -> None:
    letters = list(kinds)
    for column, (kind, text) in marks.replaced.items():
        while len(letters) <= column:
            letters.append(CellKind.TEXT.value)
            texts.append("")
        if not texts[column]:
            letters[column], texts[column] = kind.value, text
    for column, digits in marks.padded.items():
        if column < len(letters) and letters[column] == CellKind.NUMBER and texts[column].isdigit():
            letters[column], texts[column] = CellKind.TEXT.value, texts[column].zfill(digits)
    if not any(texts) and not marks.replaced:
        return
    struck = [column for column in marks.struck if column < len(texts) and texts[column]]
    if hidden or struck:
        spooler.marked_row(number, "".join(letters), texts, hidden=hidden, struck=struck)
    else:
        spooler.row(number, "".join(letters), texts)
