"""The totals that a sheet states itself, beside the sums of its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.tie_out import TieOut, tolerance
from gengdi_desktop.intake import values
from gengdi_desktop.intake.mapping import MappedColumn
from gengdi_desktop.intake.values import CellTrouble
from gengdi_desktop.sheets.cells import SheetRow
from gengdi_desktop.sheets.headers import RowRole
from gengdi_desktop.sheets.problems import Problem, column_letters

_COUNT = re.compile(r"(?:共|合计|总计|小计)?(\d{1,7})(?:个|宗|块|条|处)(?:图斑)?")
_AFTER_LABEL = re.compile(r"(?:合计|总计|共计)[(:：（]?(\d{1,7})[)）]?(?:个|宗|块|条|处)?")


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """A total row of a sheet, and what the rows that it stands for add up to.

    Args:
        sheet: Name of the sheet.
        row: Row number.
        grand: Whether it stands for the whole sheet.
        column: Letters of the area column.
        count: Number of plots that it states; None where it states none.
        area: Area that it states; None where it states none.
        counted: Rows that it stands for.
        summed: Their areas.
        unreadable: How many of these rows have an area that cannot be read.
    """

    sheet: str
    row: int
    grand: bool
    column: str
    count: int | None
    area: Area | None
    counted: int
    summed: Area
    unreadable: int = 0

    @property
    def holds(self) -> bool:
        """Whether count and area agree within what rounding explains, unreadable rows aside."""
        if self.count is not None and self.count != self.counted:
            return False
        return self.unreadable > 0 or TieOut(self.counted, self.summed, None, self.area).holds

    @property
    def agrees(self) -> bool:
        """Whether every area was read and no difference remains: what may be shown as in order."""
        return self.holds and not self.unreadable and (self.area is None or self.area == self.summed)

    def rounding(self) -> Problem | None:
        """The note of a total that holds, with a difference that only rounding explains; None where there is none."""
        if not self.holds or self.unreadable or self.agrees or self.area is None:
            return None
        text = f"表里的合计是 {self.area.spoken()} 亩，{by_rounding(self.area, self.summed)}"
        return Problem(self.sheet, self.row, self.column, "sheet_area_rounding", text)

    def problem(self) -> Problem:
        """The problem of a total that does not hold."""
        if self.count is not None and self.count != self.counted:
            text = f"表里写着 {self.count} 个，数出来是 {self.counted} 个。请核对是不是少了行或多了行。"
            return Problem(self.sheet, self.row, "", "sheet_count_differs", text)
        stated = self.area or Area.ZERO
        difference = Area(abs((self.summed - stated).micro_mu))
        text = (
            f"表里的合计是 {stated.exact()} 亩，各行加起来是 {self.summed.exact()} 亩，相差 {difference.exact()} 亩，"
            f"超出了四舍五入能解释的 {tolerance(self.counted).display()} 亩。请核对。"
        )
        return Problem(self.sheet, self.row, self.column, "sheet_area_differs", text)


def by_rounding(stated: Area, summed: Area) -> str:
    """The half sentence about a difference that rounding row by row explains: it is told, and stops nothing."""
    difference = summed - stated
    less = "多" if difference > Area.ZERO else "少"
    return (
        f"各行加起来是 {summed.spoken()} 亩，{less} {Area(abs(difference.micro_mu)).spoken()} 亩，"
        "在逐行四舍五入能解释的范围内。"
    )


class TotalsOfSheet:
    """Collects the total rows of one sheet while its rows go by.

    Args:
        sheet: Name of the sheet.
        columns: The columns that are used, by field.
        area_field: The area that the list means as the task.
    """

    def __init__(self, sheet: str, columns: Mapping[str, MappedColumn], area_field: str) -> None:
        self._sheet = sheet
        self._column = columns.get(area_field)
        self._sequence = columns["seq_no"].column.index if "seq_no" in columns else -1
        self._running = [(0, 0, 0)]
        self._rows: list[tuple[RowRole, int, int | None, Area | None, int]] = []

    def add(self, area: int | None) -> None:
        """Take in a data row: its area in 10⁻⁶ mu, None where it cannot be read."""
        count, total, unreadable = self._running[-1]
        self._running[-1] = (count + 1, total + (area or 0), unreadable + (area is None))

    def total_row(self, role: RowRole, row: SheetRow) -> None:
        """Take in a total or sub-total row."""
        self._rows.append((role, row.number, self._count(row), self._area(row), len(self._running) - 1))
        if role is RowRole.SUBTOTAL:
            self._running.append((0, 0, 0))

    def stated(self) -> list[StatedTotal]:
        """All total rows with the sums that they stand for."""
        whole = (
            sum(part[0] for part in self._running),
            sum(part[1] for part in self._running),
            sum(part[2] for part in self._running),
        )
        found = []
        for role, number, count, area, place in self._rows:
            grand = role is RowRole.TOTAL
            parts = [whole] if grand else [self._running[place], self._running[min(place + 1, len(self._running) - 1)]]
            totals = [self._total(number, count, area, part, grand=grand) for part in parts]
            # A sub-total stands below its rows or above them; the way that adds up is the way that is meant.
            found.append(next((total for total in totals if total.holds), totals[0]))
        return found

    def _total(
        self, number: int, count: int | None, area: Area | None, part: tuple[int, int, int], *, grand: bool
    ) -> StatedTotal:
        letters = column_letters(self._column.column.index) if self._column else ""
        return StatedTotal(self._sheet, number, grand, letters, count, area, part[0], Area(part[1]), part[2])

    def _area(self, row: SheetRow) -> Area | None:
        if self._column is None or self._column.unit is None:
            return None
        index = self._column.column.index
        try:
            cell = values.area(row.kind(index), row.text(index), self._column.unit)
        except CellTrouble:
            return None
        return Area(cell.micro_mu) if cell else None

    def _count(self, row: SheetRow) -> int | None:
        """The number of plots: ``106个`` in any cell, or behind the label itself."""
        for text in row.texts:
            written = "".join(values.plain(text).split())
            found = _COUNT.fullmatch(written) or _AFTER_LABEL.fullmatch(written)
            if found is not None:
                return int(found[1])
        return None
