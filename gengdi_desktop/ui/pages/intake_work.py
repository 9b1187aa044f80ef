"""What the import page asks of the intake stage, in lanes: previews made into views, writing, taking back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import GengdiError, SurroundingsError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.pages.intake_view import ColumnView, IntakeView, IntakeWish, ListView, ProblemView, TieView
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.sheet_preview import PreviewRow, RowKind

if TYPE_CHECKING:
    from gengdi_desktop.intake.mapping import MappedColumn
    from gengdi_desktop.intake.previews import ImportOptions, ImportOutcome, ImportPreview, SheetPreview
    from gengdi_desktop.intake.totals import StatedTotal
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.history import Told
    from gengdi_desktop.sheets.cells import SheetRow
    from gengdi_desktop.sheets.problems import Problem

_SURE: Final = frozenset(("given", "remembered", "same", "synonym", "group"))
_DATA_ROWS: Final = 3
_PROBLEM_ROWS: Final = 3
_HISTORY: Final = 500
_PAGES: Final = 40
_REASONS: Final = {"other_unit": "别的单位的", "blank": "空行", "split_child": "被拆分的"}


@dataclass
class Preview:
    """A preview with what it is shown as; holds the rows of the file until it is closed."""

    view: IntakeView
    fields: tuple[tuple[str, str], ...]
    handle: ImportPreview = field(repr=False)

    def close(self) -> None:
        """Let go of the rows."""
        self.handle.close()


@dataclass(frozen=True)
class Done:
    """What an import did, in words; ``seq`` is the entry that brought it, 0 where nothing was written."""

    sentence: str
    more: str
    changes: Changes
    seq: int


@dataclass(frozen=True)
class TakenBack:
    """What taking an import back did."""

    sentence: str
    changes: Changes


def preview(ledger: Ledger, wish: IntakeWish, progress: Progress) -> Preview:
    """Read a file as the person wishes, and put it into a view.

    Raises:
        SurroundingsError: The file cannot be read.
        RuleError: It is no list of plots, or a correction names what is not there.
    """
    from gengdi_desktop.intake import service
    from gengdi_desktop.intake.fields import fields

    handle = service.preview(ledger, wish.path, _options(wish), progress=progress)
    try:
        known = fields()
        offered = (("", "照原样保留"), *((code, one.label) for code, one in known.items()))
        return Preview(_view(handle, wish, {code: one.label for code, one in known.items()}), offered, handle)
    except BaseException:
        handle.close()
        raise


def run(ledger: Ledger, work: Preview, by: Actor, *, partial: bool, progress: Progress) -> Done:
    """Write what the preview showed.

    Raises:
        SurroundingsError: The disk refused; nothing was written.
        RuleError: The ledger has changed since, or what the rows say forbids it.
    """
    from gengdi_desktop.intake import service

    outcome = service.run(ledger, work.handle, by=by, partial=partial, progress=progress)
    if outcome.error is not None:
        code, message, hint = outcome.error
        raise SurroundingsError(code, message, hint)
    work.close()
    return Done(_done_sentence(outcome), _done_more(outcome), outcome.changes, outcome.entry or 0)


def remember(ledger: Ledger, work: Preview, by: Actor) -> Changes:
    """Keep how the columns were matched for tables that are laid out alike."""
    from gengdi_desktop.intake import service

    return service.remember_mapping(ledger, work.handle, by=by)


def take_back(ledger: Ledger, seq: int, by: Actor, *, untouched: bool) -> TakenBack:
    """Turn an import back, whole or as far as nobody has worked on its plots.

    Raises:
        RuleError: Later work stands in the way; :func:`untouched_plots` says how many plots are free.
    """
    from gengdi_desktop.ledger import undo

    undone = undo.undo(ledger, seq, by=by, untouched=untouched)
    left = f"改过的 {len(undone.left)} 个图斑留着。" if undone.left else "台账回到导入以前的样子。"
    return TakenBack(f"这次导入撤回了。{left}", undone.changes)


def untouched_plots(error: GengdiError) -> int:
    """How many plots of an import could be taken back all the same; 0 where the error is another."""
    from gengdi_desktop.ledger.undo import UndoRefusedError

    return error.untouched if isinstance(error, UndoRefusedError) else 0


def known_lists(ledger: Ledger, today: date) -> tuple[ListView, ...]:
    """The lists of the ledger, newest first, with the entry that brought each where it is still in force."""
    from gengdi_desktop.ledger import figures, history

    lists = figures.figures(ledger).lists
    told: list[Told] = []
    before: int | None = None
    for _ in range(_PAGES if lists else 0):
        page = history.history(ledger, limit=_HISTORY, before=before)
        told += [one for one in page if one.action in (Operation.IMPORT, Operation.REISSUE) and not one.undone_by]
        if len(told) >= len(lists) or not page or page[-1].seq <= 1:
            break
        before = page[-1].seq
    # Each list was brought by one entry, and both stand in the order in which they came.
    entries = dict(zip((one.id for one in lists), reversed(told), strict=False)) if len(told) == len(lists) else {}
    found = []
    for one in reversed(lists):
        entry = entries.get(one.id)
        when = words.moment(datetime.fromisoformat(entry.at), today) if entry else ""
        found.append(
            ListView(
                one.name, words.count(one.lines.count), words.mu(one.lines.area), one.unentered.count, when,
                entry.seq if entry else 0,
            )
        )  # fmt: skip
    return tuple(found)


# -- asking and telling


def _options(wish: IntakeWish) -> ImportOptions:
    from gengdi_desktop.intake.mapping import parse_choice
    from gengdi_desktop.intake.previews import ImportOptions

    return ImportOptions(
        sheet=wish.sheet or None,
        header_rows=wish.header,
        columns={letters: parse_choice(text) for letters, text in wish.columns.items()},
        name=wish.name or None,
        reissue_of=wish.reissue_of or None,
        expect_count=wish.expected_count,
        expect_area=Area.parse(wish.expected_area) if wish.expected_area else None,
    )


def _view(handle: ImportPreview, wish: IntakeWish, labels: dict[str, str]) -> IntakeView:
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
        rows=_rows(handle, shown),
        letters=tuple(_letters(at) for at in range(shown.sheet.column_count)),
        columns=_columns(handle, labels),
        problems=_problems(handle),
        ties=_ties(handle),
        good=good,
        refused=refused,
        summary=_summary(handle),
        questions=tuple(one.message for one in handle.questions),
        sheets=tuple(one.sheet.name for one in handle.sheets),
        blocked=any(one.code.startswith("expected_") for one in handle.total_problems),
        odd_totals=bool(handle.total_problems),
    )


def _letters(at: int) -> str:
    from gengdi_desktop.sheets.problems import column_letters

    return column_letters(at)


def _columns(handle: ImportPreview, labels: dict[str, str]) -> tuple[ColumnView, ...]:
    """What is not sure stands first."""
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


def _rows(handle: ImportPreview, shown: SheetPreview) -> tuple[PreviewRow, ...]:
    """Head, first data, rows with problems, total: what a person has to see of a long table."""
    bad = _bad_cells(handle.problems, shown.sheet.name)
    first, last = shown.data_rows or (0, 0)
    wanted = {row for row in range(first, first + _DATA_ROWS) if row <= last}
    wanted |= set(sorted(bad)[:_PROBLEM_ROWS])
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
    found: dict[int, set[int]] = {}
    for one in problems:
        if one.row is not None and one.sheet in ("", sheet):
            found.setdefault(one.row, set()).update({_index(one.column)} - {-1})
    return {row: frozenset(columns) for row, columns in found.items()}


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _problems(handle: ImportPreview) -> tuple[ProblemView, ...]:
    several = len(handle.sheets_read) > 1
    stops = [_problem(one, several=several, stops=True) for one in handle.problems]
    totals = [_problem(one, several=several, stops=False) for one in handle.total_problems]
    notes = [_problem(one, several=several, stops=False) for one in handle.notes]
    vanished = handle.vanished_names
    if vanished:
        told = f"新清单里没有 {len(vanished)} 个：{words.some_of(vanished, '个')}。台账里都留着。"
        notes.insert(0, ProblemView("重新下发", told, stops=False))
    return (*stops, *totals, *notes)


def _problem(one: Problem, *, several: bool, stops: bool) -> ProblemView:
    place = f"“{one.sheet}”" if several and one.sheet else ""
    place += f"第 {one.row} 行" if one.row is not None else ""
    place += f" {one.column} 列" if one.column else ""
    return ProblemView(place.strip() or "整张表", one.message, one.row or 0, stops)


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


def _done_sentence(outcome: ImportOutcome) -> str:
    told = f"导入了 {words.count(outcome.imported)} 个图斑，{words.mu(outcome.area)} 亩。"
    if outcome.changed:
        told += f"{words.count(outcome.changed)} 个有改动，新值记在旧值旁边。"
    if not outcome.imported and not outcome.changed:
        return "清单里的图斑台账里都有，没有新的。"
    return told


def _done_more(outcome: ImportOutcome) -> str:
    parts = []
    if outcome.unentered:
        parts.append(f"{words.count(outcome.unentered)} 行留作“未入账”，改好后可以再导入。")
    if outcome.duplicates:
        parts.append(f"{words.count(outcome.duplicates)} 行台账里已有。")
    skipped = [f"{_REASONS.get(code, code)} {number} 行" for code, number in outcome.skipped_reasons.items()]
    if skipped:
        parts.append(f"跳过{'、'.join(skipped)}。")
    return "".join(parts)


def unit_choices() -> tuple[tuple[str, str], ...]:
    """The units that an area column may be in."""
    return (("", "表里写明的"), *((one.label, one.label) for one in AreaUnit))
