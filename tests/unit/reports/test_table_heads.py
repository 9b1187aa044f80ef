"""Headings of several rows: each cell spans what it should, none overlaps, none is missing."""

from __future__ import annotations

from gengdi_desktop.reports.document import CellKind, Column
from gengdi_desktop.reports.table_heads import head_cells, head_rows

PATHS = (
    ("序号",),
    ("自查", "结论"),
    ("自查", "地类"),
    ("任务", "责任人", "姓名"),
    ("任务", "责任人", "电话"),
    ("任务", "时限"),
)
COLUMNS = tuple(Column(f"c{n}", path, CellKind.TEXT, 10) for n, path in enumerate(PATHS))


def test_cells_cover_the_heading_exactly_once() -> None:
    covered = [
        (row, column)
        for cell in head_cells(COLUMNS)
        for row in range(cell.top, cell.bottom + 1)
        for column in range(cell.left, cell.right + 1)
    ]
    assert sorted(covered) == [(row, column) for row in range(3) for column in range(6)]


def test_groups_span_their_columns_and_single_headings_all_rows() -> None:
    spans = {cell.text: (cell.top, cell.bottom, cell.left, cell.right) for cell in head_cells(COLUMNS)}
    assert spans["序号"] == (0, 2, 0, 0)
    assert spans["自查"] == (0, 0, 1, 2)
    assert spans["任务"] == (0, 0, 3, 5)
    assert spans["责任人"] == (1, 1, 3, 4)
    assert spans["时限"] == (1, 2, 5, 5)


def test_groups_of_the_same_name_that_stand_apart_stay_apart() -> None:
    columns = tuple(
        Column(f"c{n}", path, CellKind.TEXT, 10) for n, path in enumerate((("甲", "一"), ("乙",), ("甲", "二")))
    )
    assert [cell.text for cell in head_cells(columns)].count("甲") == 2


def test_no_columns_have_no_heading() -> None:
    assert head_cells(()) == []
    assert head_rows(()) == 0
