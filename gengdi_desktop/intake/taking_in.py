"""One import inside one transaction: the list, its plots, its lines, the file itself and what was said of columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.intake import store, values
from gengdi_desktop.intake.mapping import Certainty, ColumnChoice
from gengdi_desktop.intake.outline_rows import PlotOutline, changed_outlines, write_outlines
from gengdi_desktop.intake.previews import ImportPreview
from gengdi_desktop.intake.read_sheets import Progress
from gengdi_desktop.intake.shape_preview import outlined
from gengdi_desktop.intake.shapes import file_to_keep
from gengdi_desktop.intake.values import CellTrouble
from gengdi_desktop.intake.writing import Entering, ImportWriter, changed_values
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.sheets.cells import CellKind
from gengdi_desktop.sheets.problems import column_index

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.storage.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class _Lines:
    """Which rows become new lines, and which fill lines that stood open."""

    new: Sequence[Entering]
    filled: Sequence[Entering]


def write_import(
    ledger: Ledger, found: ImportPreview, by: Actor, *, partial: bool, progress: Progress | None = None
) -> Changes:
    """Write what a preview says; where the ledger has all of it already nothing is written, and no entry.

    Raises:
        SurroundingsError: ``file_changed`` since the preview; the disk.
        Cancelled: ``progress`` said so; nothing stays.
    """
    writer = ImportWriter(found, partial=partial, progress=progress)
    operation = Operation.REISSUE if found.target.reissue_of is not None else Operation.IMPORT
    with ledger.begin(operation, by, reason=_cells_told(found)) as work:
        lines = _plan_lines(work, writer, found)
        known = store.identifiers_of(
            work.session, [one.plot for one in writer.entering if one.decision.plot and one.plot]
        )
        identifiers = writer.identifiers(known)
        remember_given(work, found)
        outlines = changed_outlines(work.session, _outlines(writer, found))
        if not (lines.new or lines.filled or writer.new or writer.changed or identifiers or outlines):
            return work.commit()
        list_id = _list_row(work, found, _keep_file(ledger, work, found))
        _write_rows(work, writer, list_id, lines, identifiers)
        write_outlines(work, outlines, list_id)
        return work.commit()


def _outlines(writer: ImportWriter, found: ImportPreview) -> Iterator[PlotOutline]:
    """The outlines that the file gives for plots that are in the ledger then."""
    if found.shapes is None:
        return
    plots = {one.position: one.plot for one in writer.entering}
    systems = [layer.crs for layer in found.shapes.layers]
    for position, record in outlined(found):
        plot = plots.get(position)
        if plot is not None:
            yield PlotOutline(plot, systems[record.sheet], record)


def _cells_told(found: ImportPreview) -> str | None:
    """Which cells were read as a person said, for the journal; what is private is not told."""
    told = [
        f"{sheet}第 {row} 行 {letters} 列按“{text}”"
        if column_index(letters) not in found.private
        else f"{sheet}第 {row} 行 {letters} 列"
        for (sheet, row, letters), text in found.options.cells.items()
    ]
    return f"人工改正：{'，'.join(told)}。" if told else None


def remember_given(work: Work, found: ImportPreview) -> None:
    """Remember what a person said of columns, by the header's fingerprint."""
    header = next((sheet.header for sheet in found.sheets_read if sheet.header is not None), None)
    given = {
        column.column.key: ColumnChoice(column.field, column.unit if column.unit_given else None, column.blanks)
        for column in found.columns.columns
        if column.certainty is Certainty.GIVEN
    }
    if header is not None and given:
        store.remember_choices(work.session, header.fingerprint, given)


def _keep_file(ledger: Ledger, work: Work, found: ImportPreview) -> str:
    with file_to_keep(found.book.path) as path:
        kept = ledger.folder.keep(FolderPart.ISSUED, path)
    if kept.sha256 != found.book.sha256:
        raise SurroundingsError(
            "file_changed", "清单文件在预览之后被改动过，没有导入，台账没有变。", "请重新预览再导入。"
        )
    return record_file(work, kept)


def _plan_lines(work: Work, writer: ImportWriter, found: ImportPreview) -> _Lines:
    """A new list has a line for every row; one that is repeated has most of them already."""
    if found.target.id is None:
        return _Lines(writer.entering, ())
    places, plots = store.lines_of(work.session, found.target.id)
    new: list[Entering] = []
    filled: list[Entering] = []
    for one in writer.entering:
        status = places.get((found.book.sheets[one.reading.sheet].name, one.reading.row))
        if one.plot is not None:
            if one.plot in plots:
                continue
            (filled if status == store.OPEN else new).append(one)
        elif status is None and one.decision.plot not in plots:
            # A refused row of a plot that has its line here already must not be counted twice.
            new.append(one)
    return _Lines(new, filled)


def _list_row(work: Work, found: ImportPreview, file_id: str) -> int:
    target, options = found.target, found.options
    expected_area = options.expect_area.micro_mu if options.expect_area is not None else None
    expected = options.expect_count, expected_area
    name = found.book.path.name
    if target.id is not None:
        store.repeat_list(work.session, target.id, file_id=file_id, file_name=name, expected=expected)
        return target.id
    count, area = _stated(found)
    column = found.area_column
    new = store.NewList(
        name=target.name,
        kind=target.kind.value,
        issuer=options.issuer or _label(found, "下发单位"),
        document_number=options.document_number,
        issued_on=_issued_on(found),
        file_id=file_id,
        file_name=name,
        sheets=_json([sheet.sheet.name for sheet in found.sheets_read]),
        headers=_json(_titles(found)),
        area_field=column.field if column else "",
        area_header=column.column.title if column else "",
        area_unit=column.unit.value if column and column.unit else "",
        stated_count=count,
        stated_area=area,
        expected_count=options.expect_count,
        expected_area=expected_area,
        reissue_of=target.reissue_of,
    )
    return store.add_list(work.session, new)


def _stated(found: ImportPreview) -> tuple[int | None, int | None]:
    """Count and area that the sheets state for the whole list; rows of other units make it another list's."""
    if any(decision.reason == "other_unit" for decision in found.decisions):
        return None, None
    grand = [total for total in found.totals if total.grand]
    counts = [total.count for total in grand if total.count is not None]
    areas = [total.area.micro_mu for total in grand if total.area is not None]
    sheets = len(found.sheets_read)
    return sum(counts) if len(counts) == sheets else None, sum(areas) if len(areas) == sheets else None


def _json(texts: Sequence[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False, separators=(",", ":"))


def _issued_on(found: ImportPreview) -> str | None:
    """The day that a person says, else the one above the table."""
    if found.options.issued_on is not None:
        return found.options.issued_on.isoformat()
    written = _label(found, "下发日期") or _label(found, "下发时间")
    try:
        read = values.day(CellKind.TEXT, written)
    except CellTrouble:
        return None
    return read.isoformat() if read else None


def _label(found: ImportPreview, name: str) -> str:
    for sheet in found.sheets_read:
        if sheet.header is not None and name in sheet.header.labels:
            return sheet.header.labels[name]
    return ""


def _titles(found: ImportPreview) -> list[str]:
    """The title of each column of the widest sheet; columns without a header have an empty one."""
    width = max((sheet.sheet.column_count for sheet in found.sheets_read), default=0)
    titles = {column.column.index: column.column.title for column in found.columns.columns}
    return [titles.get(index, "") for index in range(width)]


def _write_rows(
    work: Work, writer: ImportWriter, list_id: int, lines: _Lines, identifiers: Sequence[tuple[str, str, str]]
) -> None:
    first_identifier, first_line = store.new_keys(work, identifiers=len(identifiers), lines=len(lines.new))
    store.write_bulk(
        work,
        writer.plots(work, store.next_position(work.session)),
        writer.rounds(),
        ((key, *identifier, list_id) for key, identifier in enumerate(identifiers, first_identifier)),
        writer.lines(work, list_id, first_line, lines.new),
    )
    if lines.filled:
        store.fill_lines(work.session, list_id, writer.fillings(work, lines.filled))
    changes = {one.plot: changed_values(one.reading) for one in writer.changed if one.plot is not None}
    if changes:
        store.change_plots(work.session, changes)
