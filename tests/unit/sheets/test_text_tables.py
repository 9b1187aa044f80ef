"""csv in every coding that offices save, and web pages that call themselves .xls."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.sheets.cells import Merge
from gengdi_desktop.sheets.formats import TableFormat
from tests.helpers.foreign_tables import Rows, write_csv, write_html
from tests.unit.sheets.conftest import ReadHere

ROWS: Rows = [["序号", "图斑编号", "备注"], ["1", "0012", "两\n行，有“引号”"], ["2", "0013", "镕㛃𠮷"]]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_table_in_every_coding(tmp_path: Path, read_here: ReadHere, encoding: str, delimiter: str) -> None:
    book = read_here(write_csv(tmp_path / "清单.csv", ROWS, encoding=encoding, delimiter=delimiter))
    assert book.format is TableFormat.CSV
    assert [row.texts for row in book.sheets[0].rows()] == ROWS
    assert [row.number for row in book.sheets[0].rows()] == [1, 2, 3]
    assert book.sheets[0].name == "清单"


def test_gbk_of_a_county_without_rare_characters(tmp_path: Path, read_here: ReadHere) -> None:
    path = tmp_path / "清单.csv"
    path.write_bytes("序号,村\n1,致岭村\n".encode("gbk"))
    assert [row.texts for row in read_here(path).sheets[0].rows()] == [["序号", "村"], ["1", "致岭村"]]


def test_texts_that_were_forced_lose_their_dress_and_blank_lines_are_left_out(
    tmp_path: Path, read_here: ReadHere
) -> None:
    path = tmp_path / "清单.csv"
    path.write_text('编号,村\n"=""0012""",甲\n\n,\n"=""3""",乙\n', encoding="utf-8")
    assert [(row.number, row.texts) for row in read_here(path).sheets[0].rows()] == [
        (1, ["编号", "村"]),
        (2, ["0012", "甲"]),
        (5, ["3", "乙"]),
    ]


def test_bytes_of_no_coding_are_refused(tmp_path: Path, read_here: ReadHere) -> None:
    path = tmp_path / "清单.csv"
    path.write_bytes(b"a,b\n\x81\xff\xff\x80,1\n")
    with pytest.raises(SurroundingsError) as caught:
        read_here(path)
    assert caught.value.code == "text_coding"


@pytest.mark.parametrize("encoding", ["gb2312", "utf-8"])
def test_a_web_page_called_xls_is_read_by_content_and_told(tmp_path: Path, read_here: ReadHere, encoding: str) -> None:
    rows: Rows = [["序号", "图斑编号"], ["1", "0012"]]
    book = read_here(write_html(tmp_path / "清单.xls", rows, encoding=encoding))
    assert book.format is TableFormat.HTML
    assert book.misnamed
    assert [row.texts for row in book.sheets[0].rows()] == rows


def test_spans_breaks_strikes_and_hidden_rows_of_a_page(tmp_path: Path, read_here: ReadHere) -> None:
    path = tmp_path / "清单.html"
    path.write_text(
        "<style>td{x:1}</style><table>"
        "<tr><td rowspan=2>村</td><td colspan=2>面积<br>亩</td><td>备注</td></tr>"
        "<tr><td>总</td><td>其中&nbsp;永农</td><td></td></tr>"
        "<tr style='display: none'><td>甲<td><s>1</s><td>2</tr>"
        "<tr><td>乙</td><td><table><tr><td>内</td></tr></table>3</td></tr>"
        "</table><p>说明</p><table><tr><td>二</td></tr></table>",
        encoding="utf-8",
    )
    first, second = read_here(path).sheets
    assert [(row.number, row.texts, row.hidden, set(row.struck)) for row in first.rows()] == [
        (1, ["村", "面积\n亩", "", "备注"], False, set()),
        (2, ["", "总", "其中 永农", ""], False, set()),
        (3, ["甲", "1", "2"], True, {1}),
        (4, ["乙", "内3"], False, set()),
    ]
    assert first.merges == (Merge(1, 0, 2, 0), Merge(1, 1, 1, 2))
    assert [row.texts for row in second.rows()] == [["二"]]


@pytest.mark.parametrize(
    ("content", "code"), [("<html><p>没有表</p></html>", "not_a_table"), ("<table><tr><td>1", "file_truncated")]
)
def test_pages_without_a_whole_table_are_refused(tmp_path: Path, read_here: ReadHere, content: str, code: str) -> None:
    path = tmp_path / "清单.xls"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SurroundingsError) as caught:
        read_here(path)
    assert caught.value.code == code
