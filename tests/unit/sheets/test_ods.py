"""ods: one pass gives values, errors, formulas without a value, repeats, merges and what is hidden."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.sheets.cells import Merge
from tests.helpers.foreign_tables import Rows, write_ods, write_ods_content
from tests.unit.sheets.conftest import ReadHere

STYLES = (
    '<office:automatic-styles><style:style style:name="s1" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="t1" style:family="table"><style:table-properties table:display="false"/></style:style>'
    "</office:automatic-styles>"
)


def _cell(attributes: str, text: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def _table(rows: str, attributes: str = "", columns: str = "") -> str:
    return (
        f'{STYLES}<office:body><office:spreadsheet><table:table table:name="清单" {attributes}>{columns}{rows}'
        "</table:table></office:spreadsheet></office:body>"
    )


def _row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def test_plain_values_arrive(tmp_path: Path, read_here: ReadHere) -> None:
    rows: Rows = [["编号", "面积", "日期"], ["0012", 12.34, dt.date(2023, 7, 25)], [], ["末行"]]
    sheet = read_here(write_ods(tmp_path / "清单.ods", {"清单": rows})).sheets[0]
    assert [(row.number, row.kinds, row.texts) for row in sheet.rows()] == [
        (1, "ttt", ["编号", "面积", "日期"]),
        (2, "tnd", ["0012", "12.34", "2023-07-25"]),
        (4, "t", ["末行"]),
    ]
    assert sheet.blanks_certain


def test_errors_formulas_repeats_and_marks_are_told(tmp_path: Path, read_here: ReadHere) -> None:
    rows = (
        _row(
            _cell('table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"', "#DIV/0!"),
            '<table:table-cell table:formula="of:=A1"/>',
            _cell('office:value-type="float" office:value="12"', "0012"),
            _cell('office:value-type="boolean" office:boolean-value="true"', "TRUE"),
            _cell('office:value-type="time" office:time-value="PT08H30M00S"', "08:30"),
        )
        + _row(
            _cell('table:style-name="s1" office:value-type="string"', "核减"), attributes='table:visibility="collapse"'
        )
        + _row(
            '<table:table-cell table:number-columns-repeated="2"/>',
            _cell('office:value-type="string" table:number-columns-repeated="2"', "同"),
            attributes='table:number-rows-repeated="2"',
        )
        + _row("<table:table-cell/>", attributes='table:number-rows-repeated="1048000"')
        + _row(
            _cell('office:value-type="string" table:number-rows-spanned="2" table:number-columns-spanned="3"', "合"),
            '<table:covered-table-cell table:number-columns-repeated="2"/>',
        )
    )
    hidden_column = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    path = write_ods_content(tmp_path / "清单.ods", _table(rows, 'table:style-name="t1"', hidden_column))
    sheet = read_here(path).sheets[0]
    assert [(row.number, row.kinds, row.texts, row.hidden, set(row.struck)) for row in sheet.rows()] == [
        (1, "eftbh", ["#DIV/0!", "", "0012", "TRUE", "08:30"], False, set()),
        (2, "t", ["核减"], True, {0}),
        (3, "tttt", ["", "", "同", "同"], False, set()),
        (4, "tttt", ["", "", "同", "同"], False, set()),
        (1048005, "t", ["合"], False, set()),
    ]
    assert sheet.hidden
    assert sheet.hidden_columns == {1}
    assert sheet.merges == (Merge(1048005, 0, 1048006, 2),)


def test_paragraphs_blanks_and_notes(tmp_path: Path, read_here: ReadHere) -> None:
    cell = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation>'
        '<text:p>一<text:s text:c="2"/>二</text:p><text:p>三<text:line-break/>四</text:p></table:table-cell>'
    )
    path = write_ods_content(tmp_path / "清单.ods", _table(_row(cell)))
    assert read_here(path).sheets[0].head(1)[0].texts == ["一  二\n三\n四"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><office:body/>', "file_damaged"),
        ("<office:body>", "file_damaged"),
        (
            _table(_row(_cell('office:value-type="string" table:number-columns-repeated="999999"', "甲"))),
            "too_many_cells",
        ),
        (
            _table(
                _row(
                    _cell('office:value-type="string" table:number-columns-repeated="100"', "甲"),
                    attributes='table:number-rows-repeated="1000000"',
                )
            ),
            "too_many_cells",
        ),
    ],
)
def test_bombs_and_damage_are_refused(tmp_path: Path, read_here: ReadHere, content: str, code: str) -> None:
    path = write_ods_content(tmp_path / "清单.ods", content)
    with pytest.raises(SurroundingsError) as caught:
        read_here(path)
    assert caught.value.code == code
