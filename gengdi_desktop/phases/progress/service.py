"""The verbs of progress sheets: look at one without writing, and take it in as one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.days import read_day
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.intake.fields import IDENTITY_FIELDS, vocabulary
from gengdi_desktop.intake.layouts import foreign_layout
from gengdi_desktop.intake.mapping import ColumnChoice, ColumnMap, map_columns
from gengdi_desktop.intake.places import Home, PlaceReader
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.phases import store as plots
from gengdi_desktop.phases.context import action_context
from gengdi_desktop.phases.progress import store
from gengdi_desktop.phases.progress.deeds import DATE_MISSING, RowDeeds, SheetRules, deeds
from gengdi_desktop.phases.progress.locked import altered
from gengdi_desktop.phases.progress.matching import RowMatcher
from gengdi_desktop.phases.progress.reported import METHOD_AREAS, Reported, ReportReader, Trouble, sheet_unit
from gengdi_desktop.sheets.headers import SEARCHED_ROWS, Header, RowRole, RowSorter, find_header
from gengdi_desktop.sheets.problems import Problem, column_letters
from gengdi_desktop.sheets.reader import read_workbook
from gengdi_desktop.system.reference import divisions

if TYPE_CHECKING:
    from gengdi_desktop.domain.outcomes import ActionContext
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.sheets.cells import ForeignSheet
    from gengdi_desktop.storage.unit_of_work import Work

Progress = Callable[[int, int], None]

_DATE_LABELS = (
    "填报日期",
    "填表日期",
    "填报时间",
    "制表日期",
    "上报时间",
    "统计时间",
    "数据截止时间",
    "截止日期",
    "截止时间",
)
_SAYS_SOMETHING = frozenset({"is_true", "need_rectify", "rect_measure", "restored_area", "crop", *METHOD_AREAS})
_POLLED = 200


@dataclass(frozen=True, slots=True)
class ProgressOptions:
    """What a person says of a sheet.

    Args:
        on_date: The day of the sheet, where it names none or another is meant.
        sheet: Only the sheet of that name.
        columns: Which column is which field, as in imports.
        accept_smaller: Whether settled areas may become smaller.
    """

    on_date: date | None = None
    sheet: str = ""
    columns: Mapping[str, ColumnChoice] = field(default_factory=dict)
    accept_smaller: bool = False


@dataclass(frozen=True, slots=True)
class SheetFound:
    """A sheet with progress: its name, its columns with their fields, and its day."""

    name: str
    columns: tuple[tuple[str, str], ...]
    on_date: date | None
    unit: AreaUnit | None


@dataclass(frozen=True, slots=True)
class SelfReported:
    """What a row says that only a person may do: shown, never done."""

    sheet: str
    row: int
    plot: str
    claims: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class ProgressPreview:
    """What a sheet would do. rows = imported + duplicates + skipped + refused.

    Args:
        path: The file.
        sheets: The sheets that were read.
        sha256: Of the bytes that were read.
        rows: Rows below the headers that say anything.
        imported: Rows that change something.
        duplicates: Rows that say what the ledger knows.
        skipped: Totals, notes, repeated headers, rows of other units.
        refused: Rows with a problem.
        area: The sum of the settled areas that the rows state.
        problems: Why rows are refused.
        notes: What should be looked at; nothing is kept out by it.
        self_reported: Claims, acceptances and closings that the sheet speaks of.
    """

    path: Path
    options: ProgressOptions
    sha256: str = ""
    sheets: tuple[SheetFound, ...] = ()
    rows: int = 0
    imported: int = 0
    duplicates: int = 0
    skipped: int = 0
    refused: int = 0
    area: Area = Area.ZERO
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    self_reported: list[SelfReported] = field(default_factory=list)
    reported: list[tuple[Reported, str, date | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ProgressOutcome:
    """What a sheet did.

    Args:
        preview: What was found.
        committed: Whether anything was written; False where a row was refused and ``partial`` was not said.
        plots: The plots that changed.
        changes: The one entry; ``nothing`` where all rows said what the ledger knows.
    """

    preview: ProgressPreview
    committed: bool
    plots: tuple[str, ...]
    changes: Changes


def progress_preview(
    ledger: Ledger,
    path: Path,
    options: ProgressOptions | None = None,
    *,
    by: Actor,
    progress: Progress | None = None,
) -> ProgressPreview:
    """Read a progress sheet and say what it would do; nothing is written.

    Raises:
        RuleError: ``no_header``, ``columns_unclear``, ``unit_unclear``, ``date_unclear``, or another kind of table.
        SurroundingsError: The file cannot be read.
    """
    preview = ProgressPreview(path, options or ProgressOptions())
    places = PlaceReader(_home(ledger), divisions())
    rows: list[tuple[Reported, date | None]] = []
    foreign: list[RuleError] = []
    with read_workbook(path) as workbook:
        preview.sha256 = workbook.sha256
        for sheet in workbook.sheets:
            if preview.options.sheet in {"", sheet.name}:
                rows += _read_sheet(sheet, preview, places, foreign)
    if not preview.sheets:
        raise (foreign or [_no_header()])[0]
    _judge(ledger, preview, rows, by, progress)
    if any(problem.code == DATE_MISSING for problem in preview.problems):
        raise RuleError(
            "date_unclear",
            "表上没有填报日期，不知道是哪一天的情况，没有录入，台账没有变。",
            "请说明填报日期，或在表头写上“填报日期：2023年8月20日”。",
        )
    return preview


def _no_header() -> RuleError:
    return RuleError(
        "no_header",
        "没有找到进展表的表头（图斑编号和自查、整改、已整改面积等），没有录入，台账没有变。",
        "请核对文件，或用“导出村级填报表”生成的表来报。",
    )


def progress_run(
    ledger: Ledger, preview: ProgressPreview, *, by: Actor, partial: bool = False, progress: Progress | None = None
) -> ProgressOutcome:
    """Take a sheet in: one entry for all rows; the file is kept.

    Args:
        ledger: The ledger.
        preview: What :func:`progress_preview` found.
        by: Who acts.
        partial: Whether rows without problems are taken in although others are refused.
        progress: Called with rows done and all rows; may raise to cancel, and nothing is left behind.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    if preview.refused and not partial:
        return ProgressOutcome(preview, committed=False, plots=(), changes=Changes())
    context = action_context(ledger, by)
    on_date = next((sheet.on_date for sheet in preview.sheets if sheet.on_date), None)
    with ledger.begin(Operation.PROGRESS_SHEET, by, event_date=on_date) as work:
        done = _do(work, preview, context, f"sheet:{preview.sha256}", progress)
        if not done or (preview.refused and not partial):
            return ProgressOutcome(preview, committed=not preview.refused, plots=(), changes=Changes())
        kept = ledger.folder.keep(FolderPart.ISSUED, preview.path)
        if kept.sha256 != preview.sha256:
            raise SurroundingsError(
                "file_changed", "文件在看过之后又改动了，没有录入，台账没有变。", "请重新选一次这个文件。"
            )
        record_file(work, kept)
        changes = work.commit()
    return ProgressOutcome(preview, committed=True, plots=tuple(done), changes=changes)


# ------------------------------------------------------------------------------------------------------------- reading


def _home(ledger: Ledger) -> Home:
    info = ledger.info
    return Home(info.county, info.county_code, info.unit, info.unit_code, whole_county=info.desk != Desk.TOWNSHIP)


def _read_sheet(
    sheet: ForeignSheet, preview: ProgressPreview, places: PlaceReader, foreign: list[RuleError]
) -> Iterator[tuple[Reported, date | None]]:
    """The rows of a sheet that say something of plots."""
    header = find_header(sheet.head(SEARCHED_ROWS), sheet.merges, vocabulary())
    if header is None:
        return
    columns = map_columns(header, given=preview.options.columns)
    used = columns.by_field()
    if not (used.keys() & set(IDENTITY_FIELDS)) or not (used.keys() & _SAYS_SOMETHING):
        another = foreign_layout(header)
        foreign += [another] if another is not None else []
        return
    if columns.questions:
        raise RuleError(
            columns.questions[0].code, f"{columns.questions[0].message}没有录入，台账没有变。", "请指定后再试。"
        )
    on_date = preview.options.on_date or _sheet_date(header)
    unit = _unit(columns)
    found = SheetFound(sheet.name, tuple((c.column.title, c.field) for c in columns.columns), on_date, unit)
    preview.sheets = (*preview.sheets, found)
    _tell_hidden(sheet, preview)
    reader = ReportReader(sheet.name, used, places, unit or AreaUnit.MU)
    sorter = RowSorter(header)
    for row in sheet.rows():
        if row.number < header.data_row or not any(text.strip() for text in row.texts):
            continue
        preview.rows += 1
        if sorter.role(row) is not RowRole.DATA:
            preview.skipped += 1
            continue
        said = reader.read(row)
        if said.place.skipped or not _says_anything(said):
            preview.skipped += 1
        else:
            yield said, said.report_date or on_date


def _says_anything(said: Reported) -> bool:
    """A row of a serial number only, as forms are printed in stock, says nothing."""
    return bool(said.identity or said.refusals or said.done or said.measure or said.finding or said.class_now)


def _sheet_date(header: Header) -> date | None:
    """The day that the lines above the table state; None where they state none that is whole."""
    for label in _DATE_LABELS:
        text = header.labels.get(label)
        if text:
            try:
                return read_day(text)
            except RuleError:
                continue  # 2023年8月 names no day: then it is asked
    return None


def _unit(columns: ColumnMap) -> AreaUnit | None:
    """The unit of the areas that count; asked where the sheet never says one."""
    used = columns.by_field()
    counted = [used[name] for name in ("restored_area", "rect_target_area", *METHOD_AREAS) if name in used]
    unit = sheet_unit(columns.columns)
    if unit is None and any(mapped.unit is None for mapped in counted):
        titles = "、".join(mapped.column.title for mapped in counted if mapped.unit is None)
        raise RuleError(
            "unit_unclear", f"表里没有写“{titles}”的单位，没有录入，台账没有变。", "请在表头写明单位，例如（亩）。"
        )
    return unit


def _tell_hidden(sheet: ForeignSheet, preview: ProgressPreview) -> None:
    if sheet.hidden:
        preview.notes.append(Problem(sheet.name, None, "", "hidden_sheet", "这张工作表是隐藏的，也读了。"))
    if sheet.hidden_rows:
        told = f"有 {sheet.hidden_rows} 行是隐藏的，也读了。"
        preview.notes.append(Problem(sheet.name, None, "", "hidden_rows", told))


# ------------------------------------------------------------------------------------------------------------- judging


def _judge(
    ledger: Ledger,
    preview: ProgressPreview,
    rows: Sequence[tuple[Reported, date | None]],
    by: Actor,
    progress: Progress | None,
) -> None:
    context = action_context(ledger, by)
    with ledger.reading() as session:
        known = store.known_plots(session)
        matcher = RowMatcher(known, [said for said, _ in rows])
        matched = [(said, on_date, matcher.match(said)) for said, on_date in rows]
        loaded = plots.load(session, [plot for _, _, plot in matched if isinstance(plot, str)])
    for done, (said, on_date, plot) in enumerate(matched):
        if progress is not None and done % _POLLED == 0:
            progress(done, len(matched))
        preview.area += said.done or Area.ZERO
        if isinstance(plot, Trouble):
            _refuse(preview, said, [*said.refusals, plot])
            continue
        if said.claims:
            preview.self_reported.append(SelfReported(said.sheet, said.row, plot, said.claims))
        row = deeds(said, loaded[plot].facts, context, _rules(preview, on_date))
        issued = store.issued_facts(loaded[plot], known.bsm_of(plot))
        preview.notes += [_problem(said, one) for one in altered(said, issued, row.facts)]
        _count(preview, said, plot, on_date, row)


def _count(preview: ProgressPreview, said: Reported, plot: str, on_date: date | None, row: RowDeeds) -> None:
    if row.refusals:
        _refuse(preview, said, row.refusals)
        return
    preview.notes += [_problem(said, note) for note in row.notes]
    if row.outcomes:
        preview.imported += 1
        preview.reported.append((said, plot, on_date))
    else:
        preview.duplicates += 1


def _refuse(preview: ProgressPreview, said: Reported, troubles: Sequence[Trouble]) -> None:
    preview.refused += 1
    preview.problems += [_problem(said, trouble) for trouble in troubles]


def _problem(said: Reported, trouble: Trouble) -> Problem:
    letters = column_letters(trouble.column) if trouble.column >= 0 else ""
    return Problem(said.sheet, said.row, letters, trouble.code, trouble.message)


def _rules(preview: ProgressPreview, on_date: date | None, source: str = "sheet") -> SheetRules:
    return SheetRules(on_date, preview.options.accept_smaller, source)


def _do(
    work: Work, preview: ProgressPreview, context: ActionContext, source: str, progress: Progress | None
) -> list[str]:
    """Do the rows on the plots as they are now; a row that is no longer possible is left out, and said."""
    loaded = plots.load(work.session, [plot for _, plot, _ in preview.reported])
    changed: list[str] = []
    written = []
    for done, (said, plot, on_date) in enumerate(preview.reported):
        if progress is not None and done % _POLLED == 0:
            progress(done, len(preview.reported))
        row = deeds(said, loaded[plot].facts, context, _rules(preview, on_date, source))
        if row.refusals:
            preview.imported -= 1
            _refuse(preview, said, row.refusals)
        elif row.outcomes:
            changed.append(plot)
            written += [(loaded[plot], outcome) for outcome in row.outcomes]
    plots.write(work, written)
    return changed
