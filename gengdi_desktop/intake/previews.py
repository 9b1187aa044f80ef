"""What a front end gives for an import and what it gets: options, the preview of a file, the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import ListKind
from gengdi_desktop.domain.tie_out import TieOut
from gengdi_desktop.intake.diff import Difference, ListChange, RowOutcome
from gengdi_desktop.intake.mapping import ColumnChoice, ColumnMap, MappedColumn, Question
from gengdi_desktop.intake.readings import Reading
from gengdi_desktop.intake.same_ground import Recurrence
from gengdi_desktop.intake.shapes import ShapesRead
from gengdi_desktop.intake.totals import StatedTotal
from gengdi_desktop.sheets.cells import ForeignSheet, ForeignWorkbook, SheetRow
from gengdi_desktop.sheets.headers import Header
from gengdi_desktop.sheets.problems import Problem

SAMPLE_ROWS = 40
"""How many rows of a sheet a preview carries; the others are streamed from the sheet itself."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person says of a file.

    Args:
        sheet: The only sheet to be read; all sheets with the same header where none is named.
        header_rows: First and last row of the header, from 1, where a person has corrected them.
        columns: What columns are, by letters, title or header text.
        name: What the list is called; its title where none is given.
        kind: Why the list was issued.
        reissue_of: Name of the list that is issued again.
        expect_count: Number of plots in the notice.
        expect_area: Area in the notice.
        area_field: Which area is the task, where a person has chosen.
        cells: What a person says cells mean that nobody can read: sheet, row and column letters → text. The file's own
            texts are kept all the same.
        issuer: Who issued the list.
        document_number: By which document.
        issued_on: When.
    """

    sheet: str | None = None
    header_rows: tuple[int, int] | None = None
    columns: Mapping[str, ColumnChoice] = field(default_factory=dict)
    name: str | None = None
    kind: ListKind | None = None
    reissue_of: str | None = None
    expect_count: int | None = None
    expect_area: Area | None = None
    area_field: str | None = None
    cells: Mapping[tuple[str, int, str], str] = field(default_factory=dict)
    issuer: str = ""
    document_number: str = ""
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """One sheet of the file as a wizard shows it.

    Args:
        sheet: The sheet; ``sheet.rows()`` streams it.
        read: Whether its rows are taken in.
        why_not: Chinese sentence where they are not.
        header: Its header; None where nothing looks like one.
        head: The first rows.
        data_rows: First and last row of data; None where there is none.
        total_rows: Rows of totals and sub-totals.
        left_out: Rows that are neither data nor totals: notes, footers, headers that come once more.
    """

    sheet: ForeignSheet
    read: bool
    why_not: str
    header: Header | None
    head: tuple[SheetRow, ...]
    data_rows: tuple[int, int] | None = None
    total_rows: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetList:
    """The list that the rows become lines of.

    Args:
        id: Of a list that the ledger has; None where a new one is made.
        name: Its name.
        kind: Why it was issued.
        reissue_of: The list that it is the new issue of.
        same_file: Whether the ledger has this very file for it.
    """

    id: int | None
    name: str
    kind: ListKind
    reissue_of: int | None = None
    same_file: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one row.

    Args:
        outcome: One of five.
        plot: The plot that it means; None for a new one and where that is unclear.
        reason: Code of why it is skipped.
        differences: Issued values that it says otherwise.
    """

    outcome: RowOutcome
    plot: str | None = None
    reason: str = ""
    differences: Sequence[Difference] = ()


@dataclass(slots=True)
class ImportPreview:
    """Everything about a file before anything is written. Close it, or use it as a context: it holds the rows.

    Args:
        book: The file as it was read.
        options: What was said of it.
        sheets: All its sheets.
        columns: What the columns are; empty where no header was found.
        samples: Column index → some of its texts.
        private: Indexes of columns whose cells are kept as commitments only.
        questions: What must be answered first.
        area_column: The column that is the task.
        target: The list that it becomes.
        readings: All data rows in the order of the file.
        decisions: What becomes of each.
        parents: Position of a split child → position of its parent.
        class_system: The coding system of the land classes.
        problems: What keeps rows out, row by row.
        total_problems: Totals that do not agree.
        notes: What a person should know; keeps nothing out.
        totals: Totals that the sheets state.
        expected: Our totals beside those of the notice.
        expected_explained: Whether rows that cannot be read explain a difference of area.
        change: Plots that a new issue leaves out or brings back.
        vanished_names: The plots that it leaves out, for people.
        known_lists: Names of the lists that the ledger has, oldest first: the file may be a new issue of one.
        shapes: The outlines of a file of shapes; None for a table.
        recurrences: New plots that lie where others were closed before; their keys are positions of readings.
    """

    book: ForeignWorkbook
    options: ImportOptions
    sheets: tuple[SheetPreview, ...]
    columns: ColumnMap
    samples: Mapping[int, tuple[str, ...]]
    private: frozenset[int]
    questions: tuple[Question, ...]
    area_column: MappedColumn | None
    target: TargetList
    readings: Sequence[Reading] = ()
    decisions: Sequence[Decision] = ()
    parents: Mapping[int, int] = field(default_factory=dict)
    class_system: str = ""
    problems: tuple[Problem, ...] = ()
    total_problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    totals: tuple[StatedTotal, ...] = ()
    expected: TieOut | None = None
    expected_explained: bool = False
    change: ListChange = field(default_factory=ListChange)
    vanished_names: tuple[str, ...] = ()
    known_lists: tuple[str, ...] = ()
    shapes: ShapesRead | None = None
    recurrences: tuple[Recurrence, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the rows."""
        self.book.close()
        if self.shapes is not None:
            self.shapes.close()

    def count(self, outcome: RowOutcome) -> int:
        """How many rows come out so."""
        return sum(decision.outcome is outcome for decision in self.decisions)

    def area(self, *outcomes: RowOutcome) -> Area:
        """The issued area of the rows that come out so; split children stand under their parent."""
        return Area(
            sum(
                reading.issued_area or 0
                for reading, decision in zip(self.readings, self.decisions, strict=True)
                if decision.outcome in outcomes and reading.split != "child"
            )
        )

    @property
    def sheets_read(self) -> tuple[SheetPreview, ...]:
        """The sheets whose rows are taken in."""
        return tuple(sheet for sheet in self.sheets if sheet.read)


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did, or would do.

    Args:
        entry: The journal entry; None where nothing was written.
        area_header: Header of the area that is the task.
        unentered: Rows that stand open in the list (未入账).
        error: Code, sentence and hint where nothing was written because of what the rows say.
        vanished: Plots that a new issue leaves out.
        returned: Plots that it brings back.
        changes: What the entry touched.
        tie: Our totals beside those of the notice; None where the notice's were not given.
    """

    file: str
    list_name: str
    entry: int | None
    sheets: tuple[str, ...]
    columns: tuple[Mapping[str, str | None], ...]
    area_header: str
    rows: int
    imported: int
    changed: int
    duplicates: int
    skipped: int
    refused: int
    vanished: int
    returned: int
    unentered: int
    area: Area
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    skipped_reasons: Mapping[str, int]
    committed: bool
    error: tuple[str, str, str] | None = None
    changes: Changes = field(default_factory=Changes)
    tie: TieOut | None = None

    def as_json(self) -> dict[str, Any]:
        """The keys of the command line's contract."""
        found: dict[str, Any] = {
            "file": self.file,
            "list": self.list_name,
            "entry": self.entry,
            "sheets": list(self.sheets),
            "columns": [dict(column) for column in self.columns],
            "area_header": self.area_header,
            "rows": self.rows,
            "imported": self.imported,
            "changed": self.changed,
            "duplicates": self.duplicates,
            "skipped": self.skipped,
            "refused": self.refused,
            "vanished": self.vanished,
            "returned": self.returned,
            "unentered": self.unentered,
            "area_mu": self.area.exact(),
            "problems": [_problem_json(problem) for problem in self.problems],
            "notes": [_problem_json(problem) for problem in self.notes],
            "skipped_reasons": dict(self.skipped_reasons),
            "expected": _tie_json(self.tie) if self.tie is not None else None,
            "committed": self.committed,
        }
        if self.error is not None:
            found["error"] = dict(zip(("code", "message", "hint"), self.error, strict=True))
        return found


def problem_of(path: Path, problem: Problem) -> str:
    """A problem as one line for people: where it is, then what it is."""
    place = path.name
    if problem.sheet:
        place = f"“{problem.sheet}”"
    if problem.row is not None:
        place += f"第 {problem.row} 行"
    if problem.column:
        place += f" {problem.column} 列"
    return f"{place}：{problem.message}"


def _tie_json(tie: TieOut) -> dict[str, str | int | bool | None]:
    return {
        "count": tie.expected_count,
        "area_mu": tie.expected_area.exact() if tie.expected_area is not None else None,
        "count_difference": tie.count_difference,
        "area_difference_mu": tie.area_difference.exact(),
        "exact": tie.exact,
    }


def _problem_json(problem: Problem) -> dict[str, str | int | None]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "message": problem.message,
    }
