"""xlsx: values from the reader, and beside them what the reader does not tell."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from gengdi_desktop.sheets import xlsx_scan
from gengdi_desktop.sheets.cells import CellKind, Merge, SheetRow
from tests.helpers.foreign_tables import Rows, rewrite_part, write_xlsx
from tests.unit.sheets.conftest import ReadHere

SHEET = "xl/worksheets/sheet1.xml"


def _marked_book(path: Path) -> Path:
    """Every habit at once: hidden row, column and sheet, errors, formulas, strike-through, padded numbers."""

    def touch(book: Any, sheets: Mapping[str, Any]) -> None:
        sheet = sheets["清单"]
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(3, 4, None, None, {"hidden": True})
        sheet.write_number(1, 1, 12, book.add_format({"num_format": "0000"}))
        sheet.write_string(3, 0, "核减", book.add_format({"font_strikeout": True}))
        sheet.write_formula(4, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 1, "=SUM(A1:A2)", None, "")
        sheet.write_formula(6, 1, "=SUM(A1:A2)", None, 7.5)
        sheet.write_formula(7, 1, '=IF(A1="","","")', None, "")
        sheet.write_boolean(8, 1, True)
        sheets["隐藏"].hide()

    rows: Rows = [["编号", "数", "面积", "甲", "乙"], [1], [2, 2, 2], [3, 3], [4], [5], [6], [7, None, 1], [8]]
    path = write_xlsx(path, {"清单": rows, "隐藏": [["x"]]}, touch=touch, merges=[(20, 0, 21, 2)])
    return rewrite_part(path, SHEET, _as_spreadsheet_programs_write)


def _as_spreadsheet_programs_write(xml: str) -> str:
    """B6 was never calculated; the formula of B8 gave an empty text."""
    xml = re.sub(r'(<c r="B6")[^>]*>(<f>[^<]*</f>)<v></v>', r"\1>\2", xml)
    return re.sub(r'(<c r="B8")[^>]*>(<f>[^<]*</f>)', r'\1 t="str">\2', xml)


def _told(rows: list[SheetRow]) -> list[tuple[int, str, list[str], bool, list[int]]]:
    return [
        (row.number, row.kinds.rstrip("t"), [*filter(None, row.texts)], row.hidden, sorted(row.struck)) for row in rows
    ]


EXPECTED = [
    (1, "", ["编号", "数", "面积", "甲", "乙"], False, []),
    (2, "n", ["1", "0012"], False, []),
    (3, "nnn", ["2", "2", "2"], True, []),
    (4, "tn", ["核减", "3"], False, [0]),
    (5, "ne", ["4", "#DIV/0!"], False, []),
    (6, "nf", ["5"], False, []),
    (7, "nn", ["6", "7.5"], False, []),
    (8, "ntn", ["7", "1"], False, []),
    (9, "nb", ["8", "TRUE"], False, []),
]


def test_what_the_reader_does_not_tell_is_found_beside_it(tmp_path: Path, read_here: ReadHere) -> None:
    sheet, hidden = read_here(_marked_book(tmp_path / "清单.xlsx")).sheets
    assert _told(list(sheet.rows())) == EXPECTED
    assert sheet.blanks_certain
    assert sheet.hidden_rows == 1
    assert sheet.hidden_columns == {3, 4}
    assert sheet.merges == (Merge(21, 0, 22, 2),)
    assert (sheet.hidden, hidden.hidden) == (False, True)


@pytest.mark.parametrize(
    "unusual",
    [
        lambda xml: re.sub(r"<(/?)(worksheet|sheetData|row|c|v|f|cols|col)\b", r"<\1x:\2", xml).replace(
            "xmlns=", "xmlns:x="
        ),
        lambda xml: xml.replace("<sheetData>", "<!-- by hand --><sheetData>"),
        lambda xml: re.sub(r'<c r="[A-Z]+1"', "<c", xml),
    ],
    ids=["prefixed", "commented", "without addresses"],
)
def test_a_sheet_spelt_otherwise_is_parsed_and_gives_the_same(
    tmp_path: Path, read_here: ReadHere, unusual: Any
) -> None:
    path = rewrite_part(_marked_book(tmp_path / "清单.xlsx"), SHEET, unusual)
    with mock.patch.object(xlsx_scan, "_SheetParser", wraps=xlsx_scan._SheetParser) as parser:
        sheet = read_here(path).sheets[0]
    assert parser.call_count == 1
    assert _told(list(sheet.rows())) == EXPECTED
    assert sheet.hidden_columns == {3, 4}


def test_pieces_of_a_large_sheet_are_cut_between_rows(tmp_path: Path, read_here: ReadHere) -> None:
    def touch(_: Any, sheets: Mapping[str, Any]) -> None:
        for row in range(0, 3000, 100):
            sheets["清单"].write_formula(row, 3, "=1/0", None, "#N/A")

    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": [[1, "甲", 2.5]] * 3000}, touch=touch)
    with mock.patch.object(xlsx_scan, "_CHUNK", 1009):
        rows = list(read_here(path).sheets[0].rows())
    assert [row.number for row in rows if CellKind.ERROR in row.kinds] == list(range(1, 3001, 100))


def test_dates_times_and_the_year_1904_arrive_as_days(tmp_path: Path, read_here: ReadHere) -> None:
    def touch(book: Any, sheets: Mapping[str, Any]) -> None:
        sheet = sheets["清单"]
        sheet.write_datetime(1, 0, dt.datetime(2023, 7, 25, 8, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_number(2, 0, 0.3541666667, book.add_format({"num_format": "hh:mm"}))
        sheet.write_number(3, 0, 45132)

    rows: Rows = [[dt.date(2023, 7, 25)]]
    sheet = read_here(write_xlsx(tmp_path / "清单.xlsx", {"清单": rows}, touch=touch)).sheets[0]
    assert [(row.kinds, row.texts[0]) for row in sheet.rows()] == [
        ("d", "2023-07-25"),
        ("d", "2023-07-25 08:30:00"),
        ("h", "08:30:00"),
        ("n", "45132"),
    ]


def test_long_numbers_are_written_out_and_noise_is_not(tmp_path: Path, read_here: ReadHere) -> None:
    rows: Rows = [[360124100205000000, 157.79 + 0.00000000000002, 0.00001, 1e20, -3.5, 100000000000000]]
    row = read_here(write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})).sheets[0].head(1)[0]
    assert row.texts == ["360124100205000000", "157.79", "0.00001", "100000000000000000000", "-3.5", "100000000000000"]


def test_a_text_with_the_spools_own_sign_comes_back_unchanged(tmp_path: Path, read_here: ReadHere) -> None:
    rows: Rows = [["甲\ue01f乙", "二\n行"], ["\ue01f", ""]]
    assert [row.texts for row in read_here(write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})).sheets[0].rows()] == [
        ["甲\ue01f乙", "二\n行"],
        ["\ue01f", ""],
    ]


def test_a_package_that_cannot_be_scanned_says_that_blanks_are_uncertain(tmp_path: Path, read_here: ReadHere) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": [["编号"], [1]]})
    rewrite_part(path, "xl/styles.xml", lambda xml: xml + "<")
    sheet = read_here(path).sheets[0]
    assert [row.texts for row in sheet.rows()] == [["编号"], ["1"]]
    assert not sheet.blanks_certain


def test_the_texts_of_rows_come_as_json_without_being_read(tmp_path: Path, read_here: ReadHere) -> None:
    sheet = read_here(_marked_book(tmp_path / "清单.xlsx")).sheets[0]
    odd: Rows = [["甲\ue01f乙", 'a"b\\c', "二\n行\t\u2028"], [1, None, '","'], ["", "", "x"]]
    other = read_here(write_xlsx(tmp_path / "另.xlsx", {"清单": odd})).sheets[0]
    for one in (sheet, other):
        assert [
            (number, json.loads(text)) for block in one.cell_texts() for number, text in zip(*block, strict=True)
        ] == [(row.number, row.texts) for row in one.rows()]
