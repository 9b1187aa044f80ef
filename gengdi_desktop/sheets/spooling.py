"""The lines that the child writes: rows of a sheet, then what is known of the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gengdi_desktop.sheets.cells import CellKind, Merge
from gengdi_desktop.sheets.refusals import refusal
from gengdi_desktop.system.child import Write


class SheetSpooler:
    """Writes the rows of one sheet after another and counts what they add up to.

    Args:
        write: Appends one value to the spool.
        cell_limit: Cells that all sheets together may have.
    """

    def __init__(self, write: Write, cell_limit: int) -> None:
        self._write = write
        self._cells_left = cell_limit
        self._rows = self._columns = self._hidden_rows = 0

    def rows(self, numbers: Sequence[int], kinds: Sequence[str], texts: Sequence[Sequence[str]]) -> None:
        """Write rows of one width that are neither hidden nor struck anywhere."""
        width = len(texts[0])
        self._columns = max(self._columns, width)
        self._rows += len(texts)
        self._cells_left -= width * len(texts)
        if self._cells_left < 0:
            raise refusal("too_many_cells")
        write = self._write
        for row in zip(numbers, kinds, texts, strict=True):
            write(row)

    def forget(self) -> None:
        """Let the rows that were written since the last sheet be nobody's: the sheet is read once more, otherwise."""
        self._write({"forgotten": self._rows})
        self._rows = self._columns = self._hidden_rows = 0

    def row(self, number: int, kinds: str, texts: list[str]) -> None:
        """Write a row that is neither hidden nor struck anywhere."""
        self._count(kinds, texts)
        self._write([number, kinds, texts])

    def marked_row(self, number: int, kinds: str, texts: list[str], *, hidden: bool, struck: Iterable[int]) -> None:
        """Write a row of which more is to be told."""
        self._count(kinds, texts)
        self._hidden_rows += hidden
        self._write([number, kinds, texts, int(hidden), sorted(struck)])

    def end_sheet(
        self,
        name: str,
        *,
        hidden: bool = False,
        hidden_columns: Iterable[int] = (),
        merges: Iterable[Merge] = (),
        blanks_certain: bool = True,
    ) -> None:
        """Close the sheet whose rows have been written."""
        self._write(
            {
                "name": name,
                "hidden": hidden,
                "rows": self._rows,
                "columns": self._columns,
                "hidden_rows": self._hidden_rows,
                "hidden_columns": sorted(hidden_columns),
                "merges": [list(merge) for merge in merges],
                "blanks_certain": blanks_certain,
            }
        )
        self._rows = self._columns = self._hidden_rows = 0

    def _count(self, kinds: str, texts: Sequence[str]) -> None:
        width = len(texts)
        while width and not texts[width - 1] and kinds[width - 1] == CellKind.TEXT:
            width -= 1  # texts of no length make no table wider, whichever way it is read
        self._rows += 1
        self._cells_left -= len(texts)
        self._columns = max(self._columns, width)
        if self._cells_left < 0:
            raise refusal("too_many_cells")
