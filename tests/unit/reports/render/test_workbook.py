"""The ledger as a workbook: nothing typed is ever executed, figures are figures, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.reports.document import SAMPLE, CellKind, Column
from gengdi_desktop.reports.render import workbook
from gengdi_desktop.reports.render.workbook import WorkbookProperties, annex_workbook, table_workbook
from tests.unit.reports.papers import register

PROPERTIES = WorkbookProperties("白圩乡整改台账", "白圩乡人民政府", date(2023, 8, 20), "整改台账")
HOSTILE = (
    "=1+1",
    "+86 791",
    "-2",
    "@SUM(A1)",
    "\t=cmd",
    '=HYPERLINK("http://x")',
    "\r=1",
    "https://a.cn",
    "'引号",
    "0012",
)


def opened(data: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def printed_header(sheet: Worksheet) -> str | None:
    assert sheet.oddHeader is not None
    return sheet.oddHeader.center.text


def find(sheet: Worksheet, text: str) -> tuple[int, int]:
    return next((cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value == text)


def test_title_headings_rows_totals_and_notes_stand_in_order() -> None:
    sheet = opened(annex_workbook(register(12), PROPERTIES, "附件1"))
    assert sheet["A1"].value == "附件1"
    assert sheet["A2"].value == "白圩乡整改台账"
    assert find(sheet, "填报单位：白圩乡人民政府")[0] == 3
    assert find(sheet, "整改任务")[0] == 4
    assert find(sheet, "应整改面积")[0] == 5
    assert [sheet.cell(6, column).value for column in range(1, 6)] == [1, "西塘村", "0001", "360124100205000001", 0.01]
    total = find(sheet, "合计")[0]
    assert total == 18
    assert sheet.cell(total, 5).value == pytest.approx(0.78)
    assert sheet.cell(total + 1, 1).value == "注：1.合计按下发面积相加。"
    assert find(sheet, "填表人：吴小琴")[0] == total + 3


def test_merged_headings_frozen_panes_and_print_setup() -> None:
    sheet = opened(annex_workbook(register(5), PROPERTIES, "附件1"))
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A2:J2", "F4:G4", "H4:I4", "A4:A5"} <= merged
    assert sheet.freeze_panes == "D6"
    assert sheet.print_title_rows == "$4:$5"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    setup = sheet.sheet_properties.pageSetUpPr
    assert setup is not None
    assert setup.fitToPage
    assert sheet.page_setup.fitToHeight == 0


@pytest.fixture
def soon_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are written row by row from 50 rows on, so that few rows test it."""
    monkeypatch.setattr(workbook, "_LONG", 50)


@pytest.mark.usefixtures("soon_long")
@pytest.mark.parametrize("rows", [3, 60])
def test_what_a_spreadsheet_would_execute_leaves_as_text(rows: int) -> None:
    columns = tuple(Column(f"c{index}", (f"列{index}",), CellKind.TEXT, 20) for index in range(len(HOSTILE)))
    data = table_workbook(columns, [HOSTILE] * rows, PROPERTIES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
    read = opened(data)
    for row in (2, rows + 1):
        cells = [read.cell(row, index + 1) for index in range(len(HOSTILE))]
        assert all(cell.data_type == "s" for cell in cells)
        assert [str(cell.value).replace("_x000D_", "\r") for cell in cells] == list(HOSTILE)
        assert [bool(cell.quotePrefix) for cell in cells[:6]] == [True] * 6


def test_a_hostile_title_is_text_too() -> None:
    sheet = opened(annex_workbook(replace(register(1), title="=1+1"), PROPERTIES))
    assert sheet["A1"].value == "=1+1"
    assert sheet["A1"].data_type == "s"


def test_areas_are_exact_numbers_and_days_are_days() -> None:
    columns = (Column("a", ("面积",), CellKind.AREA, 10), Column("d", ("日期",), CellKind.DATE, 10))
    sheet = opened(table_workbook(columns, [(Area(3_980_790_015), date(2023, 8, 20)), (None, None)], PROPERTIES))
    assert repr(sheet["A2"].value) == "3980.790015"
    assert sheet["A2"].number_format == "0.00"
    assert sheet["B2"].value == datetime(2023, 8, 20)
    assert sheet["A3"].value is None


def test_codes_keep_their_zeros() -> None:
    sheet = opened(annex_workbook(register(1), PROPERTIES))
    row, column = find(sheet, "0001")
    assert sheet.cell(row, column).data_type == "s"
    assert sheet.cell(row, column).number_format == "@"


@pytest.mark.usefixtures("soon_long")
def test_long_and_short_ledgers_have_the_same_cells() -> None:
    short = opened(annex_workbook(register(40), PROPERTIES, "附件1"))
    long = opened(annex_workbook(register(60), PROPERTIES, "附件1"))
    for row in range(1, 41):
        assert [cell.value for cell in short[row]] == [cell.value for cell in long[row]]
    assert {str(area) for area in short.merged_cells.ranges if area.min_row < 6} == {
        str(area) for area in long.merged_cells.ranges if area.min_row < 6
    }


def test_the_file_bears_the_documents_date() -> None:
    properties = openpyxl.load_workbook(io.BytesIO(annex_workbook(register(1), PROPERTIES))).properties
    assert properties.created == datetime(2023, 8, 20)
    assert properties.title == "白圩乡整改台账"


def test_a_draft_says_so_in_its_title() -> None:
    sheet = opened(annex_workbook(register(1), replace(PROPERTIES, draft=True)))
    assert sheet["A1"].value == "（草稿）白圩乡整改台账"


def test_a_sample_says_so_in_its_title_and_on_every_printed_page() -> None:
    sheet = opened(annex_workbook(register(1), replace(PROPERTIES, sample=True)))
    assert sheet["A1"].value == "（样例）白圩乡整改台账"
    assert printed_header(sheet) == SAMPLE
    assert printed_header(opened(annex_workbook(register(1), PROPERTIES))) is None


def test_a_sheet_name_that_workbooks_forbid_is_mended() -> None:
    sheet = opened(annex_workbook(register(1), replace(PROPERTIES, sheet="白圩/乡[2023]:台账*?" + "长" * 40)))
    assert len(sheet.title) <= 31


SCRIPT = """
import hashlib
from tests.unit.reports.render.test_workbook import PROPERTIES, annex_workbook, register, workbook
workbook._LONG = 50
for rows in (30, 60):
    print(hashlib.sha256(annex_workbook(register(rows), PROPERTIES, "附件1")).hexdigest())
"""


@pytest.mark.usefixtures("soon_long")
def test_another_process_locale_zone_and_folder_give_the_same_bytes(tmp_path: Path) -> None:
    here = [hashlib.sha256(annex_workbook(register(rows), PROPERTIES, "附件1")).hexdigest() for rows in (30, 60)]
    root = str(Path(__file__).resolve().parents[4])
    environment = {**os.environ, "PYTHONPATH": root, "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "5"}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == here
