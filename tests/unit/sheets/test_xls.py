"""xls and et: the old binary format, which tells errors and hidden rows but not formulas without a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import xlwt  # type: ignore[import-untyped]

from gengdi_desktop.sheets.cells import Merge
from gengdi_desktop.sheets.formats import TableFormat
from tests.helpers.foreign_tables import Rows, write_xls
from tests.unit.sheets.conftest import ReadHere


@pytest.mark.parametrize("ending", ["xls", "et"])
def test_values_kinds_and_marks_arrive(tmp_path: Path, read_here: ReadHere, ending: str) -> None:
    def touch(_: Any, sheets: Mapping[str, Any]) -> None:
        sheet = sheets["清单"]
        sheet.row(2).hidden = True
        sheet.col(2).hidden = True
        sheet.write(3, 0, "核减", xlwt.easyxf("font: struck_out true"))
        sheet.write(3, 1, 12, xlwt.easyxf(num_format_str="0000"))
        sheet.row(4).set_cell_error(0, "#DIV/0!")
        sheet.row(4).set_cell_boolean(1, True)
        sheet.write(5, 0, 0.25, xlwt.easyxf(num_format_str="hh:mm"))
        sheets["隐藏"].visibility = 1

    rows: Rows = [["编号", "面积"], ["0012", 12.34], [2, dt.date(2023, 7, 25)]]
    path = write_xls(tmp_path / f"清单.{ending}", {"清单": rows, "隐藏": [["x"]]}, touch=touch, merges=[(8, 0, 9, 1)])
    book = read_here(path)
    sheet, hidden = book.sheets
    assert book.format is TableFormat.XLS
    assert not book.misnamed
    assert [(row.number, row.kinds, row.texts, row.hidden, set(row.struck)) for row in sheet.rows()] == [
        (1, "tt", ["编号", "面积"], False, set()),
        (2, "tn", ["0012", "12.34"], False, set()),
        (3, "nd", ["2", "2023-07-25"], True, set()),
        (4, "tt", ["核减", "0012"], False, {0}),
        (5, "eb", ["#DIV/0!", "TRUE"], False, set()),
        (6, "h", ["06:00:00"], False, set()),
    ]
    assert not sheet.blanks_certain
    assert sheet.hidden_columns == {2}
    assert sheet.merges == (Merge(9, 0, 10, 1),)
    assert (sheet.hidden, hidden.hidden) == (False, True)


def test_days_count_from_1904_where_the_book_says_so(tmp_path: Path, read_here: ReadHere) -> None:
    def touch(book: Any, sheets: Mapping[str, Any]) -> None:
        book.dates_1904 = True
        sheets["清单"].write(0, 0, 43670, xlwt.easyxf(num_format_str="yyyy-mm-dd"))

    path = write_xls(tmp_path / "清单.xls", {"清单": [[]]}, touch=touch)
    assert read_here(path).sheets[0].head(1)[0].texts == ["2023-07-25"]
