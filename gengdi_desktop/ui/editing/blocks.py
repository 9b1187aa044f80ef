"""Blocks of cells: what is selected, where a pasted block goes, what a fill repeats, what does not fit and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gengdi_desktop.domain.edits import EDITS, why_not
from gengdi_desktop.ui import words
from gengdi_desktop.ui.editing.cell_values import copied_text, stored_text

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import PlotLine
    from gengdi_desktop.phases.editing.service import CellEdit
    from gengdi_desktop.ui.editing.clipboard_table import Rows


@dataclass(frozen=True)
class Block:
    """Selected cells: rows of the table, and columns by key in the order on the screen."""

    rows: range
    keys: tuple[str, ...]

    @property
    def cells(self) -> int:
        """How many."""
        return len(self.rows) * len(self.keys)


@dataclass(frozen=True)
class Put:
    """A text that is to go into a cell."""

    row: int
    key: str
    text: str


@dataclass(frozen=True)
class Unfit:
    """A cell that keeps its value.

    Attributes:
        row: Its row; -1 where the table has none for it.
        plot: What the plot is called.
        column: What the column is called.
        text: What was to be put there.
        why: One sentence.
    """

    row: int
    plot: str
    column: str
    text: str
    why: str


class Lines(Protocol):
    """Where lines are read; in lanes only."""

    def lines(self, ids: Sequence[str]) -> Sequence[PlotLine]:
        """The lines of some plots."""
        ...


@dataclass(frozen=True)
class Gathered:
    """What a block becomes: edits for the service, and what cannot be one; rows and names by plot."""

    edits: tuple[CellEdit, ...]
    unfit: tuple[Unfit, ...]
    rows: Mapping[str, int]
    names: Mapping[str, str]


# -------------------------------------------------------------------------------------------------------- where it goes


def pasted(rows: Rows, at: Block, keys: Sequence[str], count: int) -> tuple[list[Put], list[Unfit]]:
    """Where a block goes: one value into every selected cell; a block from the upper left cell on.

    A selection that is a whole multiple of the block is filled with it, as in Excel. What would stand beyond the last
    row or column does not fit.

    Args:
        rows: The block.
        at: What is selected.
        keys: All columns in the order on the screen.
        count: How many rows the table has.
    """
    if not rows or not at.cells:
        return [], []
    high, wide = len(rows), len(rows[0])
    fills = len(at.rows) % high == 0 and len(at.keys) % wide == 0
    down, across = (len(at.rows), len(at.keys)) if fills else (high, wide)
    first = keys.index(at.keys[0])
    puts: list[Put] = []
    unfit: list[Unfit] = []
    for row in range(down):
        for column in range(across):
            text = rows[row % high][column % wide]
            place = at.rows.start + row
            if place < count and first + column < len(keys):
                puts.append(Put(place, keys[first + column], text))
            elif text.strip():
                why = "表格下面没有这么多行。" if place >= count else "表格右边没有这么多列。"
                unfit.append(Unfit(-1, "", "", text, why))
    return puts, unfit


def repeated(first: Sequence[tuple[str, str]], rows: Iterable[int]) -> list[Put]:
    """The texts of one row, by key, put into others."""
    return [Put(row, key, text) for row in rows for key, text in first]


# --------------------------------------------------------------------------------------------------------- what it does


def gather(puts: Sequence[Put], plots: Mapping[int, str], source: Lines, title_of: Callable[[str], str]) -> Gathered:
    """Turn puts into edits; runs in a lane, since lines that are not in sight must be read.

    A column that cannot be typed into is passed over where the block says what it holds already: whoever copies whole
    rows out and back changes only some of their columns.

    Args:
        puts: In the order of the screen.
        plots: The plot of each row; what is put into rows without one, such as heads of groups, is passed over.
        source: Where lines are read.
        title_of: What a column is called.
    """
    from gengdi_desktop.phases.editing.service import CellEdit

    wanted = [put for put in puts if put.row in plots]
    known = {line.id: line for line in source.lines(list(dict.fromkeys(plots[put.row] for put in wanted)))}
    edits: list[CellEdit] = []
    unfit: list[Unfit] = []
    for put in wanted:
        line = known.get(plots[put.row])
        if line is None:
            unfit.append(Unfit(put.row, "", title_of(put.key), put.text, "这个图斑已经不在台账里。"))
        elif put.key in EDITS:
            edits.append(CellEdit(line.id, put.key, put.text, stored_text(line, put.key)))
        elif not _says_the_same(line, put):
            unfit.append(Unfit(put.row, line.name, title_of(put.key), put.text, why_not(put.key)))
    names = {plot: line.name for plot, line in known.items()}
    return Gathered(tuple(edits), tuple(unfit), {plot: row for row, plot in plots.items()}, names)


def _says_the_same(line: PlotLine, put: Put) -> bool:
    text = put.text.strip()
    return not text or text == words.NOTHING or text == copied_text(line, put.key, text)


def block_texts(block: Block, lines: Mapping[int, PlotLine], shown: Callable[[int, str], str]) -> list[list[str]]:
    """The texts of a block for the clipboard; *lines* are those of its rows, rows without one are left out."""
    return [[copied_text(lines[row], key, shown(row, key)) for key in block.keys] for row in block.rows if row in lines]
