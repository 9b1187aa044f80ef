"""What the import page shows of a preview, and what a person can correct; the service is asked in ``intake_work``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gengdi_desktop.ui.models.recurrence_pairs import AgainPair
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.sheet_preview import PreviewRow

STEPS: Final = ("选文件", "认表头", "对列", "查问题", "对总数")


@dataclass(frozen=True)
class IntakeWish:
    """What is asked of a preview: the file and what the person has corrected.

    Args:
        path: The file.
        sheet: One sheet; empty for all that are alike.
        header: First and last row of the header; None where it is found by itself.
        columns: Corrected columns: letters to a choice as files of columns write it (``field:unit``, ``-``).
        name: What the list is called in the ledger; empty for its own title.
        expected_count: Number of plots that the notice names.
        expected_area: Area that the notice names, in mu as text.
        reissue_of: The list that this one replaces.
        cells: What the person says cells mean: sheet, row and letters → text.
    """

    path: Path
    sheet: str = ""
    header: tuple[int, int] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    expected_count: int | None = None
    expected_area: str = ""
    reissue_of: str = ""
    cells: Mapping[tuple[str, int, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class ColumnView:
    """One column of the foreign table: what it is taken for, an example, and how sure that is."""

    letters: str
    title: str
    field: str
    field_label: str
    example: str
    certainty: str
    sign: str
    tone: Tone
    unit: str = ""


@dataclass(frozen=True)
class ProblemView:
    """One problem: where, what; ``row`` 0 where the whole table is meant.

    Args:
        where: The place in words.
        what: The sentence.
        row: Row of the file.
        stops: Whether it keeps the row out.
        cell: Sheet, row and letters where a person may say what the cell means.
        written: What stands in that cell.
        again: Where its pair stands among those of the view; -1 where it tells of no plot that was closed before.
    """

    where: str
    what: str
    row: int = 0
    stops: bool = True
    cell: tuple[str, int, str] | None = None
    written: str = ""
    again: int = -1


@dataclass(frozen=True)
class TieView:
    """One total: what is there against what should be, and what explains the difference."""

    name: str
    here: str
    should: str
    holds: bool
    note: str


@dataclass(frozen=True)
class CompareView:
    """One plot of a new issue beside the old one: what became of it, which, its row, what changed."""

    what: str
    label: str
    sign: str
    tone: Tone
    plot: str
    row: str
    told: str


@dataclass(frozen=True)
class IntakeView:
    """Everything that the page shows of one preview.

    Args:
        title: File and sheet.
        header: First and last row of the header, and the row below which data begin.
        rows: The visible rows of the table; letters head its columns.
        good: Rows that can be imported: new and changed.
        refused: Rows that cannot.
        summary: How all rows are accounted for, in one sentence.
        questions: What must be answered before anything can be imported.
        blocked: Whether the totals of the notice do not agree, which stops the import.
        odd_totals: Whether the sheet's own totals do not agree, which a person may pass over.
        list_name: What the list will be called.
        reissue_of: The list that it is a new issue of; empty where it is none.
        known_lists: The lists that the ledger has.
        compared: The plots of a new issue and of the one before it.
        seems_reissued: Whether rows are kept out only because the ledger knows their plots with other figures.
        again: New plots that lie where others were closed before.
    """

    title: str
    row_count: int
    header: tuple[int, int]
    rows: tuple[PreviewRow, ...]
    letters: tuple[str, ...]
    columns: tuple[ColumnView, ...]
    problems: tuple[ProblemView, ...]
    ties: tuple[TieView, ...]
    good: int
    refused: int
    summary: str
    questions: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    blocked: bool = False
    odd_totals: bool = False
    list_name: str = ""
    reissue_of: str = ""
    known_lists: tuple[str, ...] = ()
    compared: tuple[CompareView, ...] = ()
    seems_reissued: bool = False
    again: tuple[AgainPair, ...] = ()

    @property
    def step(self) -> int:
        """The step that needs the person next, counted from 0."""
        if self.questions:
            return 2
        if self.refused:
            return 3
        return 4

    @property
    def may_import(self) -> bool:
        """Whether anything can be imported now."""
        return not self.questions and not self.blocked and self.good > 0

    @property
    def partial(self) -> bool:
        """Whether importing passes over something that was found wrong."""
        return self.refused > 0 or self.odd_totals


@dataclass(frozen=True)
class ListView:
    """A list that was imported: name, how much, when, and the entry that brought it."""

    name: str
    count: str
    area: str
    open_lines: int
    when: str = ""
    seq: int = 0


def main_words(view: IntakeView) -> str:
    """What the main button says it will do."""
    return f"只导入无误的 {view.good:,} 行" if view.refused else f"导入 {view.good:,} 行"


def moved_header(header: tuple[int, int], row: int) -> tuple[int, int]:
    """The header after somebody pressed a row number: a row above or below is taken in, one inside stands alone."""
    first, last = header
    if row < first:
        return row, last
    if row > last:
        return first, row
    return row, row
