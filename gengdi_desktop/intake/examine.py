"""From a file to a preview: every row read, matched and accounted for; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from gengdi_desktop.domain.areas import MICRO, Area, AreaUnit
from gengdi_desktop.domain.divisions import Divisions
from gengdi_desktop.domain.land_classes import LandClasses
from gengdi_desktop.domain.tie_out import TieOut
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake.decide import Decided, decide_rows, refuse_after
from gengdi_desktop.intake.diff import ListChange, list_change
from gengdi_desktop.intake.fields import ISSUED_AREA_FIELDS, fields
from gengdi_desktop.intake.mapping import ColumnMap, MappedColumn, Question, missing_questions
from gengdi_desktop.intake.matching import CalledBy
from gengdi_desktop.intake.places import PlaceReader
from gengdi_desktop.intake.previews import ImportOptions, ImportPreview
from gengdi_desktop.intake.private_columns import private_columns
from gengdi_desktop.intake.read_sheets import Ahead, Progress, SheetsRead, read_sheets, take_samples
from gengdi_desktop.intake.readings import SPLIT_CHILD, Reading
from gengdi_desktop.intake.sheets_chosen import Chosen, choose_sheets
from gengdi_desktop.intake.splits import join_splits, refuse_families
from gengdi_desktop.intake.targets import Target, list_title, target_list
from gengdi_desktop.intake.telling import class_system, note_classes, row_notes, row_problems
from gengdi_desktop.intake.tying import tie_out
from gengdi_desktop.intake.view import LedgerView
from gengdi_desktop.sheets.cells import ForeignWorkbook
from gengdi_desktop.sheets.problems import Problem

_LARGE_MEDIAN = 500 * MICRO
_ENOUGH_FOR_MEDIAN = 3
_MOST_NAMES = 2000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reading a list stands on besides the list itself."""

    view: LedgerView
    divisions: Divisions
    classes: LandClasses
    today: date
    progress: Progress | None = None


def examine(
    book: ForeignWorkbook, options: ImportOptions, around: Surroundings, ahead: Ahead | None = None
) -> ImportPreview:
    """Say what importing a file would do.

    Args:
        book: The file.
        options: What a person says of it.
        around: What it stands on besides.
        ahead: Who has looked at rows while the file was being read.

    Raises:
        RuleError: Where the file is known to be something else, or what a person says does not fit it.
    """
    chosen = choose_sheets(book, options, around.view.choices, around.view.home.unit)
    columns = chosen.sheets[0].columns
    used = columns.by_field()
    titles = [column.column.title for column in columns.columns]
    questions = [*chosen.questions, *columns.questions]
    if chosen.sheets[0].header is not None:
        questions += missing_questions(columns, titles)
    area_field = issued_area(used, options)
    questions += _unit_questions(used, area_field)
    places = PlaceReader(around.view.home, around.divisions)
    read = read_sheets(book, chosen, used, area_field, places, around.progress, said=options.cells, ahead=ahead)
    better = _better_area(used, read, area_field, options)
    if better is not None:
        area_field = better
        read = read_sheets(book, chosen, used, area_field, places, around.progress, said=options.cells)
        text = f"通知的面积和“{used[better].column.title}”一列加起来一致，任务面积取这一列。"
        read.notes.append(Problem("", None, used[better].letters, "area_by_notice", text))
    questions += _doubt_unit(used.get(area_field), read.readings)
    parents = join_splits(read.readings)
    target, decided = _decide(book, options, around, chosen, area_field, read)
    refuse_families(read.readings, parents)
    refuse_after(read.readings, decided)
    system = class_system(read.readings, around.classes)
    note_classes(read.readings, around.classes, system)
    names = {sheet.position: sheet.name for sheet in book.sheets}
    samples = take_samples(chosen.sheets[0])
    notes = [*read.notes, *_file_notes(book, read.readings, columns)]
    change = _change(around.view, target, decided)
    preview = ImportPreview(
        book=book,
        options=options,
        sheets=tuple(read.sheets),
        columns=columns,
        samples=samples,
        private=private_columns(columns.columns, samples),
        questions=tuple(questions),
        area_column=used.get(area_field),
        target=target.list,
        readings=read.readings,
        decisions=decided.decisions,
        parents=parents,
        class_system=system.value,
        problems=row_problems(read.readings, names),
        notes=(*notes, *row_notes(read.readings, decided.decisions, names)),
        totals=tuple(read.totals),
        change=change,
        vanished_names=_names_of(around.view, change),
        known_lists=tuple(one.name for one in around.view.lists),
    )
    tie_out(preview)
    return preview


def issued_area(used: Mapping[str, MappedColumn], options: ImportOptions) -> str:
    """The area that the list means as the task: said, else the first of the order that it has.

    Raises:
        RuleError: ``unknown_area``.
    """
    if options.area_field is not None:
        if options.area_field not in used or options.area_field not in ISSUED_AREA_FIELDS:
            message = f"表里没有“{options.area_field}”这一列面积，没有导入，台账没有变。"
            raise RuleError("unknown_area", message, "请在列的对应里先指定它。")
        return options.area_field
    with_unit = (field for field in ISSUED_AREA_FIELDS if field in used)
    return next(with_unit, ISSUED_AREA_FIELDS[-1])


def _unit_questions(used: Mapping[str, MappedColumn], area_field: str) -> list[Question]:
    column = used.get(area_field)
    if column is None or column.unit is not None:
        return []
    title = column.column.title
    text = f"{column.letters} 列“{title}”没有写单位，表头上方也没有“单位：”。它是亩、平方米还是公顷？"
    return [Question("unit_unclear", (title,), text)]


def _doubt_unit(column: MappedColumn | None, readings: Sequence[Reading]) -> list[Question]:
    """Plots of hundreds of mu are square metres under a wrong header; a person who has said the unit is believed."""
    if column is None or column.unit_given:
        return []
    areas = [reading.issued_area for reading in readings if reading.issued_area is not None]
    if column.unit is not AreaUnit.MU or len(areas) < _ENOUGH_FOR_MEDIAN or median_low(areas) <= _LARGE_MEDIAN:
        return []
    middle = Area(median_low(areas)).display()
    told = f"{column.letters} 列“{column.column.title}”写的单位是亩，可是中间的一个图斑有 {middle} 亩，"
    text = told + "像是平方米。请指明单位。"
    return [Question("unit_doubtful", (column.column.title,), text)]


def _better_area(
    used: Mapping[str, MappedColumn], read: SheetsRead, area_field: str, options: ImportOptions
) -> str | None:
    """Another area column that adds up to the notice where the first choice does not: the notice names the task."""
    if options.expect_area is None or options.area_field is not None:
        return None
    rows = [reading for reading in read.readings if not reading.place.skipped and reading.split != SPLIT_CHILD]
    places = {"plot_area": 0, "cultivated_area": 1, "outflow_area": 3}

    def holds(areas: Sequence[int | None]) -> bool:
        total = Area(sum(area or 0 for area in areas))
        return TieOut(len(rows), total, None, options.expect_area).holds

    if holds([reading.issued_area for reading in rows]):
        return None
    fitting = [
        field
        for field, place in places.items()
        if field != area_field
        and field in used
        and used[field].unit is not None
        and holds([reading.areas[place] for reading in rows])
    ]
    return fitting[0] if len(fitting) == 1 else None


def _decide(
    book: ForeignWorkbook,
    options: ImportOptions,
    around: Surroundings,
    chosen: Chosen,
    area_field: str,
    read: SheetsRead,
) -> tuple[Target, Decided]:
    """Find the list and decide on the rows; which list of the same name is meant shows in the plots that match."""
    header = chosen.sheets[0].header
    title = list_title(header.titles) if header is not None and len(chosen.sheets) == 1 else ""
    view = around.view
    say = {"title": title, "stem": book.path.stem, "sha256": book.sha256, "today": around.today}
    target = target_list(view, options, overlaps=True, **say)  # type: ignore[arg-type]
    scope = frozenset(one.id for one in target.issues)
    known = view.plots.called(CalledBy.of(read.readings), scope)
    decided = decide_rows(read.readings, known, area_field, reissue=options.reissue_of is not None)
    overlaps = any(scope & known.plots[plot].lists for plot in decided.named)
    known.let_go()
    if not overlaps and target.issues and options.reissue_of is None:
        target = target_list(view, options, overlaps=False, **say)  # type: ignore[arg-type]
    return target, decided


def _change(view: LedgerView, target: Target, decided: Decided) -> ListChange:
    if target.list.reissue_of is None or not target.issues:
        return ListChange()
    before = [one for one in target.issues if one.id != target.list.id]
    last = before[-1].id
    ids = {one.id for one in before}
    plots = view.plots
    return list_change(decided.named, plots.in_lists({last}), plots.in_lists(ids), plots.cancelled())


def _file_notes(book: ForeignWorkbook, readings: Sequence[Reading], columns: ColumnMap) -> list[Problem]:
    found = []
    if book.misnamed:
        ending = book.path.suffix or "（没有扩展名）"
        text = f"文件名的结尾是 {ending}，内容其实是 {book.format.value}，已按内容读取。"
        found.append(Problem("", None, "", "misnamed", text))
    if any(reading.place.assumed for reading in readings):
        unit = next(reading.place.township for reading in readings if reading.place.assumed)
        text = f"表里没有写乡镇的行，按本台账的“{unit}”录入。"
        found.append(Problem("", None, "", "township_assumed", text))
    used = columns.by_field()
    for field, column in used.items():
        if fields()[field].kind == "area" and column.unit is None:
            text = f"“{column.column.title}”没有写单位，没有换算，只按原文保留。"
            found.append(Problem("", None, column.letters, "unit_missing", text))
    return found


def _names_of(view: LedgerView, change: ListChange) -> tuple[str, ...]:
    """The plots that a new issue leaves out, for people."""
    return view.plots.names_of(change.vanished, _MOST_NAMES) if change.vanished else ()
