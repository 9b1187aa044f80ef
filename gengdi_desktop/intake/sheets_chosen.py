"""Which sheets of a file are the list: header by header, refusing what is known to be something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake import values
from gengdi_desktop.intake.fields import IDENTITY_FIELDS, ISSUED_AREA_FIELDS
from gengdi_desktop.intake.layouts import COUNT_NAMES, ForeignLayout, UnitTotal, foreign_layout, searched_words
from gengdi_desktop.intake.mapping import ColumnChoice, ColumnMap, Question, map_columns
from gengdi_desktop.intake.previews import ImportOptions
from gengdi_desktop.intake.values import CellTrouble
from gengdi_desktop.sheets.cells import ForeignSheet, ForeignWorkbook
from gengdi_desktop.sheets.headers import SEARCHED_ROWS, Header, RowRole, RowSorter, find_header

_NO_HEADER = "认不出表头"
_NO_HEADER_QUESTION = Question(
    "header_missing", (), "在前 30 行里认不出清单的表头。请核对是不是图斑清单；是的话，表头在第几行？"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sheet with what was made of it."""

    sheet: ForeignSheet
    header: Header | None
    columns: ColumnMap
    layout: ForeignLayout | None

    @property
    def is_list(self) -> bool:
        """Whether it has what a list of plots has."""
        used = self.columns.by_field()
        return (
            self.layout is None
            and self.header is not None
            and any(field in used for field in IDENTITY_FIELDS)
            and any(field in used for field in ISSUED_AREA_FIELDS)
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sheets that are taken in, and why the others are not."""

    sheets: tuple[Candidate, ...]
    headers: Mapping[int, Header | None]
    why_not: Mapping[int, str]
    questions: tuple[Question, ...]


def choose_sheets(
    book: ForeignWorkbook, options: ImportOptions, choices: Mapping[str, Mapping[str, ColumnChoice]], unit: str
) -> Chosen:
    """Choose the sheets of a file that are read as one list.

    Args:
        book: The file.
        options: What a person says of it.
        choices: What was said of tables laid out like these.
        unit: The ledger's own unit, whose totals a table by units may state.

    Raises:
        RuleError: ``no_rows``, ``only_hidden``, ``unknown_sheet`` and the refusals of other layouts.
    """
    if not any(sheet.row_count for sheet in book.sheets):
        raise RuleError("no_rows", "表里没有数据，没有导入，台账没有变。", "请核对是否选错了文件。")
    wanted = _wanted(book, options)
    candidates = [candidate(sheet, options, choices) for sheet in wanted]
    lists = [one for one in candidates if one.is_list]
    headers = {one.sheet.position: one.header for one in candidates}
    if not lists:
        guess = _best_guess(candidates, unit)
        if guess.header is None:
            return Chosen((guess,), headers, _why_not(book, candidates, ()), (_NO_HEADER_QUESTION,))
        lists = [guess]
    first = max(lists, key=lambda one: (len(one.columns.by_field()), one.sheet.row_count))
    chosen = [one for one in lists if _layout(one) == _layout(first)]
    others = [one for one in lists if one not in chosen]
    questions = (_several(chosen, others),) if others else ()
    return Chosen(tuple(chosen), headers, _why_not(book, candidates, chosen), questions)


def _wanted(book: ForeignWorkbook, options: ImportOptions) -> list[ForeignSheet]:
    if options.sheet is None:
        visible = [sheet for sheet in book.sheets if sheet.row_count and not sheet.hidden]
        if not visible:
            message = "有内容的工作表都是隐藏的，没有导入，台账没有变。"
            raise RuleError("only_hidden", message, "请在表格软件里取消隐藏，或指定要读的工作表。")
        return visible
    found = [sheet for sheet in book.sheets if sheet.name.strip() == options.sheet.strip()]
    if not found:
        names = "、".join(f"“{sheet.name}”" for sheet in book.sheets)
        message = f"文件里没有叫“{options.sheet}”的工作表，没有导入，台账没有变。"
        raise RuleError("unknown_sheet", message, f"文件里有：{names}。")
    return found


def candidate(
    sheet: ForeignSheet, options: ImportOptions, choices: Mapping[str, Mapping[str, ColumnChoice]]
) -> Candidate:
    """What is made of a sheet.

    Raises:
        RuleError: What a person says of columns does not fit it.
    """
    head = sheet.head(SEARCHED_ROWS)
    header = find_header(head, sheet.merges, searched_words(), at=options.header_rows)
    if header is None:
        return Candidate(sheet, None, ColumnMap(()), None)
    remembered = choices.get(header.fingerprint, {})
    if not options.columns:
        return Candidate(sheet, header, map_columns(header, remembered=remembered), foreign_layout(header))
    try:
        columns = map_columns(header, given=options.columns, remembered=remembered)
    except RuleError as error:
        if error.code != "unknown_column" or options.sheet is not None:
            raise
        # What was said is meant for the sheet that has such a column; the others are told apart without it.
        plain = map_columns(header, remembered=remembered)
        if Candidate(sheet, header, plain, foreign_layout(header)).is_list:
            raise
        columns = plain
    return Candidate(sheet, header, columns, foreign_layout(header))


def _best_guess(candidates: Sequence[Candidate], unit: str) -> Candidate:
    """Where no sheet is a list: the refusal of a known layout, else the sheet about which questions are asked."""
    for one in candidates:
        if one.layout is not None and one.header is not None:
            raise _with_totals(one.layout, one.sheet, one.header, unit)
    headed = [one for one in candidates if one.header is not None]
    return max(headed or candidates, key=lambda one: (len(one.columns.by_field()), one.sheet.row_count))


def _layout(one: Candidate) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What tables must share to be read as one: the names of their columns, and the units too."""
    used = tuple((column.field, column.unit or "") for column in one.columns.columns)
    return (one.header.fingerprint if one.header is not None else "", used)


def _several(chosen: Sequence[Candidate], others: Sequence[Candidate]) -> Question:
    names = "、".join(f"“{one.sheet.name}”" for one in (*chosen, *others))
    message = f"文件里有几张表头或单位不同的清单：{names}，不能当成一份导入。请指定要导入哪一张工作表。"
    return Question("several_tables", (), message)


def _why_not(book: ForeignWorkbook, candidates: Sequence[Candidate], chosen: Sequence[Candidate]) -> dict[int, str]:
    read = {one.sheet.position for one in chosen}
    seen = {one.sheet.position: one for one in candidates}
    why = {}
    for sheet in book.sheets:
        if sheet.position in read:
            continue
        if not sheet.row_count:
            why[sheet.position] = "空表"
        elif sheet.position not in seen:
            why[sheet.position] = "隐藏的工作表，没有读" if sheet.hidden else "没有指定读这张表"
        elif seen[sheet.position].layout is not None:
            why[sheet.position] = "不是图斑清单"
        else:
            why[sheet.position] = _NO_HEADER if seen[sheet.position].header is None else "表头不像图斑清单"
    return why


def _with_totals(layout: ForeignLayout, sheet: ForeignSheet, header: Header, unit: str) -> ForeignLayout:
    """A table by units also says what its totals are: they may be what a list must add up to."""
    totals = _unit_totals(sheet, header, unit) if layout.code == "unit_progress_sheet" else ()
    if not totals:
        return layout
    told = "；".join(f"“{total.unit}”{total.count} 个、{total.area.exact()} 亩" for total in totals)
    hint = f"请选图斑清单。这张表里 {told}，导入清单时可以填作应有的个数和面积。"
    return ForeignLayout(layout.code, layout.message, hint, totals)


def _unit_totals(sheet: ForeignSheet, header: Header, unit: str) -> tuple[UnitTotal, ...]:
    count = next((column for column in header.columns if column.name in COUNT_NAMES), None)
    area = next(
        (
            column
            for column in header.columns
            if count is not None and column.index > count.index and "面积" in column.name
        ),
        None,
    )
    if count is None or area is None:
        return ()
    units = (AreaUnit.of_label(text) for text in (area.unit, *header.units))
    area_unit = next((one for one in units if one is not None), None)
    sorter = RowSorter(header)
    found = []
    for row in sheet.rows():
        if row.number < header.data_row or area_unit is None:
            continue
        name = next((text.strip() for text in row.texts if text.strip() and not text.strip().isdecimal()), "")
        if sorter.role(row) is not RowRole.TOTAL and name != unit:
            continue
        try:
            cell = values.area(row.kind(area.index), row.text(area.index), area_unit)
        except CellTrouble:
            continue
        if cell is not None and row.text(count.index).isdecimal():
            found.append(UnitTotal("".join(name.split()), int(row.text(count.index)), Area(cell.micro_mu)))
    return tuple(found)
