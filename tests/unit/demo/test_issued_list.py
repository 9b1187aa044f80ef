"""The sample's workbooks: province-style sheets, marked as samples, the same bytes every time."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gengdi_desktop.demo.issued_list import SAMPLE_MARK, IssuedList, write_county_list, write_unit_list
from gengdi_desktop.demo.sample_plots import SAMPLE_COUNTY, SAMPLE_UNIT
from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.domain.divisions import Division
from gengdi_desktop.system.reference import divisions


@pytest.fixture(scope="module")
def unit() -> Division:
    found = divisions().by_code(SAMPLE_UNIT)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory, unit: Division) -> IssuedList:
    return write_unit_list(tmp_path_factory.mktemp("list") / "清单.xlsx", divisions(), unit)


def test_every_sheet_says_that_it_is_a_sample(issued: IssuedList) -> None:
    book = openpyxl.load_workbook(issued.path)
    for sheet in book.worksheets:
        texts = [cell for row in sheet.iter_rows(max_row=3, values_only=True) for cell in row if cell]
        assert SAMPLE_MARK in texts, sheet.title
        assert sheet.oddHeader is not None
        assert SAMPLE_MARK in str(sheet.oddHeader.center.text), sheet.title


def test_the_sheet_has_title_unit_line_two_header_rows_total_and_footer(issued: IssuedList) -> None:
    sheet = openpyxl.load_workbook(issued.path).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert "白圩乡" in str(rows[0][0])
    assert "样例" in str(rows[0][0])
    assert "单位：亩" in str(rows[2][0])
    assert rows[3][10:12] == ["流出前", None]
    assert rows[4][10:12] == ["地类编码", "地类名称"]
    assert rows[4][15] == "其中：耕地面积（亩）"
    assert rows[5][0] == 1
    assert rows[-3][0] == "合计"
    assert rows[-3][5] == f"{issued.count}个"
    assert str(rows[-2][0]).startswith("填表人")
    assert len(rows) == 5 + issued.count + 3


def test_printed_areas_add_up_to_the_printed_total_and_to_the_notice(issued: IssuedList) -> None:
    sheet = openpyxl.load_workbook(issued.path).worksheets[0]
    column = [Decimal(str(row[15])) for row in sheet.iter_rows(min_row=6, max_row=5 + issued.count, values_only=True)]
    total = Decimal(str(sheet.cell(6 + issued.count, 16).value))
    assert sum(column) == total == Decimal(issued.area.exact())


def test_identifiers_are_texts(issued: IssuedList) -> None:
    sheet = openpyxl.load_workbook(issued.path).worksheets[0]
    for row in sheet.iter_rows(min_row=6, max_row=5 + issued.count):
        assert {row[5].data_type, row[6].data_type, row[7].data_type, row[10].data_type} == {"s"}


def test_the_same_list_has_the_same_bytes(issued: IssuedList, unit: Division, tmp_path: Path) -> None:
    again = write_unit_list(tmp_path / "again.xlsx", divisions(), unit)
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (issued.path, again.path))
    assert first == second


def test_the_county_s_list_ties_out_in_mu_and_differs_a_little_in_square_metres(tmp_path: Path) -> None:
    county = divisions().by_code(SAMPLE_COUNTY)
    assert county is not None
    in_mu = write_county_list(tmp_path / "mu.xlsx", divisions(), county)
    assert (in_mu.count, in_mu.area.exact()) == (2220, "3980.79")
    converted = Area.total(
        Area.parse(plot.cultivated_area.display(AreaUnit.SQUARE_METRE), AreaUnit.SQUARE_METRE) for plot in in_mu.plots
    )
    assert converted != in_mu.area
    assert abs(converted.micro_mu - in_mu.area.micro_mu) < 47 * 10_000
