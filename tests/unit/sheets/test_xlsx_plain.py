"""Plain sheets are read the quick way, any other by the reader of all sheets; both find the same."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.sheets import xlsx
from gengdi_desktop.sheets.spooling import SheetSpooler
from tests.helpers.foreign_tables import rewrite_part, write_xlsx

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="0000"/>'
    '<numFmt numFmtId="165" formatCode="0.00_ "/><numFmt numFmtId="166" formatCode="yyyy\\-m\\-d"/></numFmts>'
    '<fonts count="2"><font/><font><strike/></font></fonts><cellXfs count="5"><xf/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/><xf numFmtId="166"/><xf fontId="1"/></cellXfs></styleSheet>'
)
SHARED = (
    "<si><t>云桥村</t></si><si><t>a&amp;b</t></si>"
    '<si><t xml:space="preserve"> x </t></si><si><t>拼音</t><phoneticPr fontId="1" type="noConversion"/></si>'
)


def package(rows: str, *, tail: str = "", head: str = "", shared: str = SHARED) -> bytes:
    """A small package around the rows of its one sheet."""
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="清单" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
        SHEET: f'<worksheet xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData>{tail}</worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def told(path: Path, *, quick: bool) -> list[Any]:
    """What arrives in the spool, without empty cells behind the last one, and what is said of the sheets."""
    lines: list[Any] = []
    spooler = SheetSpooler(lines.append, 1_000_000)
    way = mock.patch.object(xlsx, "_read_plain", return_value=False) if not quick else mock.patch.object(xlsx, "_log")
    with way:
        xlsx.read_xlsx(path, spooler, unpacked_limit=1 << 26)
    found: list[Any] = []
    for line in lines:
        if isinstance(line, dict) and "forgotten" in line:
            del found[len(found) - line["forgotten"] :]
        elif isinstance(line, dict):
            found.append(line)
        else:
            number, kinds, texts, *marks = line
            held = [(kind, text) for kind, text in zip(kinds, texts, strict=True)]
            while held and held[-1] == ("t", ""):
                held.pop()
            found.append((number, held, marks))
    return found


def both(path: Path) -> list[Any]:
    """What both ways find."""
    quick = told(path, quick=True)
    assert quick == told(path, quick=False)
    return quick


def is_plain(path: Path) -> bool:
    """Whether the quick way reads the sheet."""
    with mock.patch.object(xlsx._AnySheets, "read", side_effect=LookupError):
        try:
            told(path, quick=True)
        except LookupError:
            return False
    return True


def test_a_list_as_programs_write_it_is_plain(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["序号", "村", "面积", "备注"]]
    rows += [[place, "云桥村", place / 7, "" if place % 3 else " 无 <&> "] for place in range(1, 60)]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows, "空": []}, merges=[(70, 0, 71, 2)])
    found = both(path)
    assert is_plain(write_xlsx(tmp_path / "单.xlsx", {"清单": rows}))
    assert found[3][:2] == (4, [("n", "3"), ("t", "云桥村"), ("n", "0.428571428571428"), ("t", " 无 <&> ")])
    assert found[60]["merges"] == [[71, 0, 72, 2]]


CELLS = {
    "a text": ('<c r="A1" t="inlineStr"><is><t>云桥村</t></is></c>', True),
    "a kept blank": ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> 村 </t></is></c>', True),
    "a dropped blank": ('<c r="A1" t="inlineStr"><is><t> 村 </t></is></c>', False),
    "entities": ('<c r="A1" t="inlineStr"><is><t>&lt;&#20113;&#x6865;&amp;amp;</t></is></c>', True),
    "an escape": ('<c r="A1" t="inlineStr"><is><t>a_x000D_b</t></is></c>', False),
    "a line end": ('<c r="A1" t="inlineStr"><is><t>a\r\nb</t></is></c>', False),
    "a shared text": (
        '<c r="A1" s="2" t="s"><v>1</v></c><c r="B1" t="s"><v>2</v></c><c r="C1" t="s"><v>3</v></c>',
        True,
    ),
    "a number": (
        '<c r="A1"><v>1.50</v></c><c r="B1" t="n"><v>1E-3</v></c><c r="C1" s="2"><v>157.79000000000002</v></c>',
        True,
    ),
    "a long number": (
        '<c r="A1"><v>360124000000000001</v></c><c r="B1"><v>-0</v></c><c r="C1"><v>0.00001</v></c>',
        True,
    ),
    "a formula": ('<c r="A1"><f>SUM(B1:C1)</f><v>3</v></c><c r="B1" t="str"><f>"x"</f><v>x</v></c>', True),
    "an empty result": ('<c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c>', False),
    "no result": ('<c r="A1"><f>SUM(B1:C1)</f></c><c r="B1"><v>1</v></c>', False),
    "an error": ('<c r="A1" t="e"><v>#DIV/0!</v></c>', False),
    "a flag": ('<c r="A1" t="b"><v>1</v></c>', False),
    "a date": ('<c r="A1" s="3"><v>45000</v></c>', False),
    "leading zeros": ('<c r="A1" s="1"><v>12</v></c>', False),
    "struck": ('<c r="A1" s="4" t="s"><v>0</v></c>', False),
    "empty cells": ('<c r="A1" s="3"/><c r="B1"><v>1</v></c><c r="C1" s="2"></c><c r="D1" s="1"/>', True),
    "letters of parts": ('<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', False),
    "no address": ("<c><v>1</v></c>", False),
    "a wrong address": ('<c r="A2"><v>1</v></c>', False),
    "cells turned round": ('<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>', False),
    "no such text": ('<c r="A1" t="s"><v>77</v></c><c r="B1"><v>1</v></c>', False),
    "too large": ('<c r="A1"><v>1e400</v></c>', False),
    "a word as number": ('<c r="A1"><v>x</v></c>', False),
    "a comment": ('<c r="A1"><v>1</v></c><!-- x -->', False),
}


@pytest.mark.parametrize("name", CELLS)
def test_what_is_plain_and_what_is_not_is_read_alike(tmp_path: Path, name: str) -> None:
    cells, plain = CELLS[name]
    path = tmp_path / "清单.xlsx"
    path.write_bytes(package(f'<row r="1">{cells}</row>'))
    assert is_plain(path) is plain
    if name != "no such text":  # the other reader refuses the file
        both(path)


def test_a_sheet_is_given_up_in_its_midst_and_read_again(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 9))
    path = tmp_path / "清单.xlsx"
    path.write_bytes(package(f'{rows}<row r="9"><c r="A9" t="e"><v>#N/A</v></c></row>'))
    assert not is_plain(path)
    assert [line[0] for line in both(path)[:-1]] == list(range(1, 10))


@pytest.mark.parametrize(
    ("rows", "plain"),
    [
        ('<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>', False),
        ('<row r="1" spans="1:2" ht="14"/><row r="5"><c r="B5"><v>1</v></c></row>', True),
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', False),
        ('<row r="1"><c r="A1"><v>1</v></c></row>\n<row r="2"><c r="A2"><v>1</v></c></row>', False),
        ('<row><c r="A1"><v>1</v></c></row>', False),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>', True),
    ],
)
def test_rows_out_of_the_ordinary(tmp_path: Path, rows: str, plain: bool) -> None:  # noqa: FBT001
    path = tmp_path / "清单.xlsx"
    path.write_bytes(package(rows))
    assert is_plain(path) is plain
    both(path)


def test_what_stands_around_the_rows_is_told(tmp_path: Path) -> None:
    head = '<cols><col min="2" max="3" width="9" hidden="1"/></cols>'
    tail = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    path = tmp_path / "清单.xlsx"
    path.write_bytes(package('<row r="1"><c r="A1"><v>1</v></c></row>', head=head, tail=tail))
    assert is_plain(path)
    sheet = both(path)[-1]
    assert (sheet["hidden_columns"], sheet["merges"], sheet["blanks_certain"]) == ([1, 2], [[1, 0, 2, 1]], True)


@pytest.mark.parametrize(
    "shared", ["<si><r><t>a</t></r><r><t>b</t></r></si>", "<si><t> a </t></si>", "<si><t>\r</t></si>"]
)
def test_shared_texts_that_are_not_plain_leave_their_sheets_to_the_other_reader(tmp_path: Path, shared: str) -> None:
    path = tmp_path / "清单.xlsx"
    path.write_bytes(package('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=shared))
    assert not is_plain(path)
    both(path)
    path.write_bytes(package('<row r="1"><c r="A1"><v>0</v></c></row>', shared=shared))
    assert is_plain(path)


@pytest.mark.parametrize("cut", ["</worksheet>", "</sheetData></worksheet>", "</row></sheetData></worksheet>"])
def test_a_part_that_ends_too_early_is_not_plain(tmp_path: Path, cut: str) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": [["序号"], [1]]})
    rewrite_part(path, SHEET, lambda xml: re.sub(r"</sheetData>.*", "</sheetData></worksheet>", xml).replace(cut, ""))
    assert not is_plain(path)


def test_damage_under_the_packing_is_found(tmp_path: Path) -> None:
    content = bytearray(package('<row r="1"><c r="A1"><v>12345</v></c></row>'))
    content[content.index(b"<v>12345") + 3] = ord("9")
    path = tmp_path / "清单.xlsx"
    path.write_bytes(bytes(content))
    with pytest.raises(SurroundingsError) as caught:
        told(path, quick=True)
    assert caught.value.code == "file_damaged"


TEXTS = st.text(st.sampled_from("村aZ09 <&>\t\n\"'é㐂_x"), max_size=6)
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**18), 10**18), st.decimals(0, 999, places=4)
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cell(address: str, value: Any) -> str:
    if isinstance(value, str):
        keep = ' xml:space="preserve"' if value != value.strip() else ""
        return f'<c r="{address}" t="inlineStr"><is><t{keep}>{_escaped(value)}</t></is></c>'
    return f'<c r="{address}"><v>{value}</v></c>' if value is not None else f'<c r="{address}" s="2"/>'


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.lists(st.none() | TEXTS | NUMBERS, max_size=5), max_size=8), chunk=st.integers(200, 900))
def test_any_table_is_read_alike_both_ways(tmp_path: Path, table: list[list[Any]], chunk: int) -> None:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(_cell(f"{'ABCDE'[place]}{row}", value) for place, value in enumerate(cells))
        + "</row>"
        for row, cells in enumerate(table, 1)
    )
    path = tmp_path / "清单.xlsx"
    path.write_bytes(package(rows))
    with mock.patch("gengdi_desktop.sheets.xlsx_plain._CHUNK", chunk):
        both(path)
