"""Rows of a list looked at while its file is still being read, by what the first of them let expect of the rest.

Whether that was right is known when the file has been read: merged blocks, hidden sheets and the other sheets stand
behind the rows. What was read by something else than what is then known to hold is thrown away and read once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake.examine import Surroundings, issued_area
from gengdi_desktop.intake.places import PlaceReader
from gengdi_desktop.intake.read_sheets import Basis, RowsOfSheet, cells_said
from gengdi_desktop.intake.sheets_chosen import candidate

if TYPE_CHECKING:
    from gengdi_desktop.intake.previews import ImportOptions
    from gengdi_desktop.sheets.cells import ForeignSheet, SheetRow


class RowsAhead:
    """Follows the reading of a file, and keeps what the rows of its sheets would say.

    Args:
        options: What a person says of the file.
        around: Finds what reading a list stands on; asked once, while the file is being read.
    """

    def __init__(self, options: ImportOptions, around: Callable[[], Surroundings]) -> None:
        self._options = options
        self._find_around = around
        self._around: Surroundings | None = None
        self._places: PlaceReader | None = None
        self._sheets: dict[int, RowsOfSheet] = {}
        self._now: RowsOfSheet | None = None

    @property
    def around(self) -> Surroundings:
        """What reading the list stands on."""
        if self._around is None:
            self._around = self._find_around()
        return self._around

    @property
    def places(self) -> PlaceReader:
        """Reads places; each different one once."""
        if self._places is None:
            self._places = PlaceReader(self.around.view.home, self.around.divisions)
        return self._places

    def begin(self, sheet: ForeignSheet) -> bool:
        """Expect of a sheet what its first rows say."""
        self._now = None
        try:
            basis = self._expected(sheet)
        except RuleError:
            return False  # it is refused in words when all of it is known
        if basis is not None:
            self._now = self._sheets[sheet.position] = RowsOfSheet(basis, self.places)
        return basis is not None

    def _expected(self, sheet: ForeignSheet) -> Basis | None:
        found = candidate(sheet, self._options, self.around.view.choices)
        if found.header is None or not found.is_list:
            return None
        used = found.columns.by_field()
        return Basis(sheet.position, found.header, used, issued_area(used, self._options), self._said())

    def _said(self) -> Mapping[int, Mapping[int, str]]:
        """What a person says of cells; the sheet has no name yet, and is taken for the only one that is named."""
        names = {name for name, _, _ in self._options.cells}
        return cells_said(self._options.cells, names.pop()) if len(names) == 1 else {}

    def take(self, rows: Sequence[SheetRow]) -> None:
        """Look at the next rows."""
        if self._now is not None:
            self._now.take(rows)

    def forget(self) -> None:
        """Forget the sheet that began last: its rows come once more, otherwise."""
        if self._now is not None:
            del self._sheets[self._now.basis.position]
            self._now = None

    def rows_of(self, basis: Basis) -> RowsOfSheet | None:
        """What the first rows of a sheet say, where they were read by the same; given away once."""
        found = self._sheets.pop(basis.position, None)
        return found if found is not None and found.basis.reads_like(basis) else None
