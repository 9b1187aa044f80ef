"""The verbs of intake: preview a list, take it in, remember what its columns are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import Cancelled, RuleError
from gengdi_desktop.intake import store
from gengdi_desktop.intake.ahead import RowsAhead
from gengdi_desktop.intake.diff import RowOutcome
from gengdi_desktop.intake.examine import Surroundings, examine
from gengdi_desktop.intake.places import Home
from gengdi_desktop.intake.previews import ImportOptions, ImportOutcome, ImportPreview
from gengdi_desktop.intake.queries import with_plots
from gengdi_desktop.intake.read_sheets import Progress
from gengdi_desktop.intake.recurrence import with_recurrences
from gengdi_desktop.intake.shape_preview import for_shapes, read_list, with_shapes
from gengdi_desktop.intake.taking_in import remember_given, write_import
from gengdi_desktop.system.reference import divisions, land_classes
from gengdi_desktop.system.sweeping import without_sweeps

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

_NO_OPTIONS = ImportOptions()


def preview(
    ledger: Ledger, path: Path, options: ImportOptions = _NO_OPTIONS, progress: Progress | None = None
) -> ImportPreview:
    """Say what importing a file would do; nothing is written. Close the preview when done with it.

    Args:
        ledger: The open ledger; may be open for reading only.
        path: The file.
        options: What a person says of it.
        progress: Told now and then; may raise Cancelled.

    Raises:
        SurroundingsError: The file cannot be read as a table.
        RuleError: It is known to be something else, or what is said of it does not fit it.
        Cancelled: ``progress`` said so.
    """
    with without_sweeps():
        ahead = RowsAhead(options, lambda: _surroundings(ledger, progress))
        book, shapes = read_list(path, home_of(ledger), _cancelled(progress), ahead)
        try:
            # Asked again: while the file was being read, another list may have come in.
            around = _surroundings(ledger, progress)
            found = examine(book, for_shapes(options, shapes), around, ahead)
            found = with_recurrences(ledger, with_shapes(found, shapes))
        except BaseException:
            book.close()
            if shapes is not None:
                shapes.close()
            raise
    return found


def _surroundings(ledger: Ledger, progress: Progress | None) -> Surroundings:
    with ledger.reading() as session:
        view = with_plots(store.view(session, home_of(ledger)), ledger.reading, progress)
    return Surroundings(view, divisions(), land_classes(), ledger.today(), progress)


def run(
    ledger: Ledger,
    found: ImportPreview,
    *,
    by: Actor,
    partial: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportOutcome:
    """Take a previewed file in: one transaction, one journal entry, the file itself kept.

    Args:
        ledger: The ledger that the preview was made for.
        found: The preview; it stays open.
        by: Who does it.
        partial: Take the good rows; the others stand open in the list (未入账).
        dry_run: Answer as the real run would, and write nothing.
        progress: Told how many rows of how many are written; may raise Cancelled, which leaves nothing behind.

    Raises:
        RuleError: ``columns_unclear`` with what was found and what is asked.
        SurroundingsError: ``file_changed`` since the preview; the disk.
    """
    if found.questions:
        raise _unanswered(found)
    error = _error(found, partial=partial)
    if error is not None or dry_run:
        return _outcome(found, partial=partial, error=error)
    if progress is not None:
        progress(0, len(found.readings))
    with without_sweeps():
        changes = write_import(ledger, found, by, partial=partial, progress=progress)
    return _outcome(found, partial=partial, committed=True, changes=changes)


def home_of(ledger: Ledger) -> Home:
    """Whose ledger it is; codes that it does not say come from the table of divisions."""
    info = ledger.info
    placed = divisions().place(info.county, info.unit)
    return Home(
        info.county,
        info.county_code or placed.county_code,
        info.unit,
        info.unit_code or placed.unit_code,
        info.desk != Desk.TOWNSHIP,
    )


def remember_mapping(ledger: Ledger, found: ImportPreview, *, by: Actor) -> Changes:
    """Remember what a person said of the columns of a table, for the next one that is laid out alike."""
    with ledger.begin(Operation.MAPPING, by) as work:
        remember_given(work, found)
        return work.commit()


def _cancelled(progress: Progress | None) -> Callable[[], bool]:
    def asked() -> bool:
        try:
            if progress is not None:
                progress(0, 0)
        except Cancelled:
            return True
        return False

    return asked


def _unanswered(found: ImportPreview) -> RuleError:
    asked = " ".join(question.message for question in found.questions)
    codes = {question.code for question in found.questions}
    code = next(iter(codes)) if len(codes) == 1 else "columns_unclear"
    return RuleError(
        code, f"有拿不准的地方：{asked}没有导入，台账没有变。", "请指定后再导入，例如“图斑面积 = plot_area:平方米”。"
    )


def _error(found: ImportPreview, *, partial: bool) -> tuple[str, str, str] | None:
    """Why nothing can be written; None where it can."""
    stops = [problem for problem in found.total_problems if not partial or problem.code.startswith("expected_")]
    refused = found.count(RowOutcome.REFUSED)
    if refused and not partial:
        good = len(found.readings) - refused
        message = f"有 {refused} 行有问题，没有导入，台账没有变。别的 {good} 行没有问题。"
        return ("rows_refused", message, "请在原表改好再导入；也可以只导入无误的行，其余留作“未入账”。")
    if stops:
        return (stops[0].code, f"{stops[0].message}没有导入，台账没有变。", "核对后再导入。")
    return None


def _outcome(
    found: ImportPreview,
    *,
    partial: bool,
    error: tuple[str, str, str] | None = None,
    committed: bool = False,
    changes: Changes | None = None,
) -> ImportOutcome:
    counts = Counter(decision.outcome for decision in found.decisions)
    refused = counts[RowOutcome.REFUSED]
    reasons = Counter(decision.reason for decision in found.decisions if decision.outcome is RowOutcome.SKIPPED)
    return ImportOutcome(
        file=str(found.book.path),
        list_name=found.target.name,
        entry=changes.seq if changes else None,
        sheets=tuple(sheet.sheet.name for sheet in found.sheets_read),
        columns=tuple(
            {
                "column": column.letters,
                "header": column.column.title,
                "field": column.field or None,
                "unit": column.unit.value if column.unit else None,
                "certainty": column.certainty.value,
            }
            for column in found.columns.columns
        ),
        area_header=found.area_column.column.title if found.area_column else "",
        rows=len(found.readings),
        imported=counts[RowOutcome.IMPORTED],
        changed=counts[RowOutcome.CHANGED],
        duplicates=counts[RowOutcome.DUPLICATE],
        skipped=counts[RowOutcome.SKIPPED],
        refused=refused,
        vanished=len(found.change.vanished),
        returned=len(found.change.returned),
        unentered=refused if partial and error is None else 0,
        area=found.area(RowOutcome.IMPORTED, RowOutcome.CHANGED, RowOutcome.DUPLICATE),
        problems=(*found.problems, *found.total_problems),
        notes=found.notes,
        skipped_reasons=dict(reasons),
        committed=committed,
        error=error,
        changes=changes or Changes(),
        tie=found.expected if found.expected is not None and found.expected.asked else None,
    )
