"""Cells that must not be taken for what they look like: errors, formulas without a value, struck, merged, uncertain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gengdi_desktop.intake.fields import IDENTITY_FIELDS, FieldKind, fields
from gengdi_desktop.intake.mapping import MappedColumn
from gengdi_desktop.intake.readings import Reading, Trouble
from gengdi_desktop.sheets.cells import CellKind, Merge, SheetRow

CLASS_FIELDS = ("class_before_code", "class_before_name", "class_after_code", "class_after_name")

_BROKEN = frozenset({CellKind.ERROR.value, CellKind.UNCALCULATED.value})
_HARMFUL_TEXTS = frozenset({*CLASS_FIELDS, "split_status"})


def is_broken(kind: str) -> bool:
    """Whether a cell of this kind has no value that could be read."""
    return kind in _BROKEN


def is_doubtful(column: MappedColumn) -> bool:
    """Whether an empty cell of the column may hide a formula that was never calculated, where the file cannot tell."""
    kinds = {FieldKind.IDENTITY, FieldKind.AREA, FieldKind.DATE}
    return fields()[column.field].kind in kinds and not column.blanks


class CellMarks:
    """Looks at what a sheet says of its cells besides their texts.

    Args:
        columns: The columns that are used, by field.
        area_field: The area that the list means as the task.
        merges: Merged blocks of the sheet.
        doubtful: Columns in which an empty cell may not be empty.
    """

    def __init__(
        self,
        columns: Mapping[str, MappedColumn],
        area_field: str,
        merges: Iterable[Merge],
        doubtful: Iterable[MappedColumn],
    ) -> None:
        self._columns = columns
        self._unshared = [columns[name] for name in (*IDENTITY_FIELDS, area_field) if name in columns]
        self._doubtful = [column for column in doubtful if columns.get(column.field) is column]
        self.below = _rows_below(merges, {column.column.index for column in columns.values()})
        """Row → used columns whose cell belongs to a block that began above."""

    @property
    def looks_closely(self) -> bool:
        """Whether rows of this sheet must be looked at cell by cell, whatever they say."""
        return bool(self.below or self._doubtful)

    def check(self, reading: Reading, row: SheetRow, texts: list[str], kinds: str) -> None:
        """Refuse the row, or note it, where a cell is not what it looks like."""
        if CellKind.ERROR in kinds or CellKind.UNCALCULATED in kinds:
            for name, column in self._columns.items():
                self._check_value(reading, name, column, kinds[column.column.index], texts[column.column.index])
        if row.struck:
            self._check_struck(reading, row.struck)
        if self.below:
            self._check_merged(reading, texts)
        for column in self._doubtful:
            index = column.column.index
            if not texts[index] and kinds[index] == CellKind.TEXT:
                title = f"“{column.column.title}”是空的。"
                text = title + "旧格式的文件里，空格和没有算出来的公式分不清，请在 WPS 里另存为 .xlsx 再导入。"
                reading.refuse(Trouble(index, "blank_uncertain", text))

    @staticmethod
    def _check_value(reading: Reading, name: str, column: MappedColumn, kind: str, shown: str) -> None:
        index, title = column.column.index, column.column.title
        if kind == CellKind.ERROR:
            text = f"“{title}”是错误值 {shown}，不能当成空白。请在原表改好。"
            trouble = Trouble(index, "error_cell", text)
        elif kind == CellKind.UNCALCULATED:
            text = f"“{title}”是没有算出结果的公式，不能当成空白。请在 WPS 里打开原表，保存一次再导入。"
            trouble = Trouble(index, "formula_without_value", text)
        else:
            return
        if fields()[name].kind is FieldKind.TEXT and name not in _HARMFUL_TEXTS:
            reading.note(trouble)
        else:
            reading.refuse(trouble)

    def _check_struck(self, reading: Reading, struck: frozenset[int]) -> None:
        used = [column.column.index for column in self._columns.values() if column.column.index in struck]
        if used:
            text = "这一行画了删除线，可能已经核减，程序不能替您定。要导入就去掉删除线，不要就删掉这一行。"
            reading.refuse(Trouble(min(used), "struck_through", text))

    def _check_merged(self, reading: Reading, texts: list[str]) -> None:
        """An identity or an area that several rows share belongs to none of them."""
        covered = self.below.get(reading.row)
        if not covered:
            return
        for column in self._unshared:
            index = column.column.index
            if index in covered and not texts[index]:
                text = f"“{column.column.title}”和上一行合并成了一格，分不出是谁的。请在原表取消合并，每行各填各的。"
                reading.refuse(Trouble(index, "merged_cell", text))


def _rows_below(merges: Iterable[Merge], columns: set[int]) -> dict[int, set[int]]:
    below: dict[int, set[int]] = {}
    for merge in merges:
        inside = columns.intersection(range(merge.first_column, merge.last_column + 1))
        if inside:
            for row in range(merge.first_row + 1, merge.last_row + 1):
                below.setdefault(row, set()).update(inside)
    return below
