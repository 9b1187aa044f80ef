"""A preview of the intake stage as the values that the import page shows; made in a lane."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.ui import words
from gengdi_desktop.ui.models.recurrence_pairs import AgainPair
from gengdi_desktop.ui.pages.intake_view import ColumnView, CompareView, IntakeView, IntakeWish, ProblemView, TieView
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.sheet_preview import PreviewRow, RowKind

if TYPE_CHECKING:
    from gengdi_desktop.intake.mapping import MappedColumn
    from gengdi_desktop.intake.previews import ImportPreview, SheetPreview
    from gengdi_desktop.intake.totals import StatedTotal
    from gengdi_desktop.sheets.cells import SheetRow
    from gengdi_desktop.sheets.problems import Problem

_SURE: Final = frozenset(("given", "remembered", "same", "synonym", "group"))
_DATA_ROWS: Final = 3
_PROBLEM_ROWS: Final = 3


def view_of(handle: ImportPreview, wish: IntakeWish, labels: dict[str, str]) -> IntakeView:
    """Everything that the page shows of a preview; *labels* are the names of the fields."""
    from gengdi_desktop.intake.diff import RowOutcome

    shown = next(iter(handle.sheets_read), handle.sheets[0])
    header = (shown.header.first_row, shown.header.last_row) if shown.header else (0, 0)
    refused = handle.count(RowOutcome.REFUSED)
    good = handle.count(RowOutcome.IMPORTED) + handle.count(RowOutcome.CHANGED)
    names = "、".join(f"“{one.sheet.name}”" for one in handle.sheets_read) or f"“{shown.sheet.name}”"
    return IntakeView(
        title=f"{wish.path.name}　工作表{names}",
        row_count=shown.sheet.row_count,
        header=header,
        rows=visible_rows(handle),
        letters=tuple(_letters(at) for at in range(shown.sheet.column_count)),
        columns=column_views(handle, labels),
        problems=_problems(handle),
        ties=_ties(handle),
        good=good,
        refused=refused,
        summary=_summary(handle),
        questions=tuple(one.message for one in handle.questions),
        sheets=tuple(one.sheet.name for one in handle.sheets),
        blocked=any(one.code.startswith("expected_") for one in handle.total_problems),
        odd_totals=bool(handle.total_problems),
        list_name=handle.target.name,
        reissue_of=wish.reissue_of,
        known_lists=handle.known_lists,
        compared=_compared(handle),
        again=_again(handle),
        seems_reissued=not wish.reissue_of and any(one.code == "changed" for one in handle.problems),
    )


def _letters(at: int) -> str:
    from gengdi_desktop.sheets.problems import column_letters

    return column_letters(at)


def column_views(handle: ImportPreview, labels: dict[str, str]) -> tuple[ColumnView, ...]:
    """The columns of a file, by the names of the fields; what is not sure stands first."""
    views = [_column(one, handle, labels) for one in handle.columns.columns]
    return tuple(sorted(views, key=lambda one: one.tone == "land"))


def _column(one: MappedColumn, handle: ImportPreview, labels: dict[str, str]) -> ColumnView:
    sure = one.certainty.value in _SURE
    tone: Tone = "land" if sure else "soil"
    example = next((text for text in handle.samples.get(one.column.index, ()) if text), "")
    area = handle.area_column is not None and one.column.index == handle.area_column.column.index
    told = labels.get(one.field, one.field) if one.field else "照原样保留"
    return ColumnView(
        letters=one.letters,
        title=one.column.title,
        field=one.field,
        field_label=f"{told}，作为任务面积" if area else told,
        example="（已遮）" if one.column.index in handle.private else example,
        certainty=one.certainty.label,
        sign="check" if sure else "help",
        tone=tone,
        unit=one.unit.label if one.unit is not None else "",
    )


def visible_rows(handle: ImportPreview, also: int = 0) -> tuple[PreviewRow, ...]:
    """Head, first data, rows with problems (or the one asked for and its neighbours), total of a long table."""
    shown = next(iter(handle.sheets_read), handle.sheets[0])
    bad = _bad_cells(handle.problems, shown.sheet.name)
    first, last = shown.data_rows or (0, 0)
    wanted = {row for row in range(first, first + _DATA_ROWS) if row <= last}
    wanted |= {also - 1, also, also + 1} & set(range(first, last + 1)) if also else set(sorted(bad)[:_PROBLEM_ROWS])
    wanted |= set(shown.total_rows[-1:])
    head_until = first - 1 if first else max((one.number for one in shown.head[:10]), default=0)
    figures = frozenset(one.column.index for one in handle.columns.columns if one.unit is not None)
    found: list[PreviewRow] = []
    until = max(wanted | {head_until})
    for row in shown.sheet.rows():
        if row.number > until:
            break
        if row.number <= head_until or row.number in wanted:
            if found and row.number > found[-1].number + 1 and row.number > first > 0:
                found.append(PreviewRow(0, "gap"))
            kind = _kind(row, shown)
            cells = tuple(text.strip() for text in row.texts)
            shown_figures = figures if kind in ("data", "total") else frozenset()
            found.append(PreviewRow(row.number, kind, cells, bad.get(row.number, frozenset()), shown_figures))
    return tuple(found)


def _kind(row: SheetRow, shown: SheetPreview) -> RowKind:
    header = shown.header
    if header is not None and header.first_row <= row.number <= header.last_row:
        return "header"
    if header is None or row.number < header.first_row:
        return "title"
    if row.number in shown.total_rows:
        return "total"
    return "note" if row.number in shown.left_out else "data"


def _bad_cells(problems: Iterable[Problem], sheet: str) -> dict[int, frozenset[int]]:
    from gengdi_desktop.sheets.problems import column_index

    found: dict[int, set[int]] = {}
    for one in problems:
        if one.row is not None and one.sheet in ("", sheet):
            found.setdefault(one.row, set()).update({column_index(one.column)} - {-1})
    return {row: frozenset(columns) for row, columns in found.items()}


def _problems(handle: ImportPreview) -> tuple[ProblemView, ...]:
    stops = [_problem(one, handle, stops=True) for one in handle.problems]
    totals = [_problem(one, handle, stops=False) for one in handle.total_problems]
    # The first notes of recurrence are those of the pairs, in their order; one at the end may count the others.
    pairs = iter(range(len(handle.recurrences)))
    notes = [
        _problem(one, handle, stops=False, again=next(pairs, -1) if _tells_a_pair(one) else -1) for one in handle.notes
    ]
    return (*stops, *totals, *notes)


def _tells_a_pair(one: Problem) -> bool:
    return one.code == "recurrence" and one.row is not None


def _again(handle: ImportPreview) -> tuple[AgainPair, ...]:
    """The pairs, with what the list says of the plots that come."""
    return tuple(
        AgainPair("", one.earlier, one.name, one.sentence, _row_facts(handle, int(one.plot)))
        for one in handle.recurrences
    )


def _row_facts(handle: ImportPreview, at: int) -> tuple[tuple[str, str], ...]:
    reading = handle.readings[at]
    before, before_name, after, after_name = reading.classes
    area = reading.issued_area
    facts = (
        ("所在行", f"第 {reading.row} 行"),
        ("村", reading.place.village),
        ("图斑编号", reading.plot_no),
        ("标识码", reading.bsm),
        ("年度", f"{reading.year}年" if reading.year else ""),
        ("下发面积", f"{words.mu(Area(area))} 亩" if area is not None else ""),
        ("流出前地类", " ".join(filter(None, (before_name, before)))),
        ("现状地类", " ".join(filter(None, (after_name, after)))),
    )
    return tuple((name, value) for name, value in facts if value)


def _problem(one: Problem, handle: ImportPreview, *, stops: bool, again: int = -1) -> ProblemView:
    several = len(handle.sheets_read) > 1
    place = f"“{one.sheet}”" if several and one.sheet else ""
    place += f"第 {one.row} 行" if one.row is not None else ""
    place += f" {one.column} 列" if one.column else ""
    cell = (one.sheet, one.row, one.column) if stops and one.row is not None and one.column else None
    return ProblemView(place.strip() or "整张表", one.message, one.row or 0, stops, cell, again=again)


_COMPARED: Final[dict[str, tuple[str, Tone]]] = {
    "changed": ("pen", "soil"),
    "vanished": ("stop", "seal"),
    "returned": ("back", "sky"),
    "new": ("plus", "land"),
    "same": ("check", "stone"),
}


def _compared(handle: ImportPreview) -> tuple[CompareView, ...]:
    from gengdi_desktop.intake.comparison import compare

    return tuple(
        CompareView(
            one.what.value, one.what.label, *_COMPARED[one.what.value], one.name, str(one.row or "—"), one.told()
        )
        for one in compare(handle)
    )


def _ties(handle: ImportPreview) -> tuple[TieView, ...]:
    from gengdi_desktop.intake.diff import RowOutcome

    taken = (RowOutcome.IMPORTED, RowOutcome.CHANGED, RowOutcome.DUPLICATE)
    count, area = sum(handle.count(one) for one in taken), handle.area(*taken)
    refused = handle.count(RowOutcome.REFUSED)
    ties = []
    expected = handle.expected
    why = f"少的就是进不来的 {refused} 行" if refused else "请核对清单和通知"
    wanted_count = expected.expected_count if expected else None
    wanted_area = expected.expected_area if expected else None
    count_holds = wanted_count is None or wanted_count == count
    note = "与通知一致" if wanted_count is not None and count_holds else "" if count_holds else why
    should = f"{words.count(wanted_count)} 个" if wanted_count is not None else ""
    ties.append(TieView("图斑", f"{words.count(count)} 个", should, count_holds, note or "通知上的数没有填"))
    area_holds = wanted_area is None or wanted_area == area
    note = "与通知一致" if wanted_area is not None and area_holds else "" if area_holds else why
    should = f"{words.mu(wanted_area)} 亩" if wanted_area is not None else ""
    ties.append(TieView("面积", f"{words.mu(area)} 亩", should, area_holds, note or "通知上的数没有填"))
    for total in handle.totals:
        if total.grand and total.area is not None:
            summed = f"{words.mu(total.summed)} 亩"
            agrees = total.agrees and not refused
            ties.append(TieView("表内合计", summed, f"{words.mu(total.area)} 亩", agrees, _total_word(total, refused)))
            break
    return tuple(ties)


def _total_word(total: StatedTotal, refused: int) -> str:
    """Why the total of a sheet may be believed or not: rows that stay out are in it, too."""
    if total.unreadable:
        return f"{total.unreadable} 行的面积读不出来，还不能核对"
    if not total.holds:
        return "各行加起来和合计对不上"
    told = "各行加起来和合计一致" if total.agrees else "相差在逐行四舍五入能解释的范围内"
    return f"{told}，其中 {refused} 行进不来" if refused else told


def _summary(handle: ImportPreview) -> str:
    from gengdi_desktop.intake.diff import RowOutcome

    parts = (
        (RowOutcome.REFUSED, "行进不来"),
        (RowOutcome.IMPORTED, "行是新图斑"),
        (RowOutcome.CHANGED, "行有改动"),
        (RowOutcome.DUPLICATE, "行台账里已有"),
        (RowOutcome.SKIPPED, "行跳过"),
    )
    told = [f"{words.count(handle.count(one))} {word}" for one, word in parts if handle.count(one)]
    return "，".join(told) or "没有数据行"
