"""Blocks from Excel, WPS and LibreOffice, and blocks for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData

from gengdi_desktop.ui.editing.clipboard_table import (
    fill_clipboard,
    parse_html,
    parse_lines,
    read_clipboard,
    to_html,
    to_lines,
)

LIBREOFFICE = """<!DOCTYPE html>
<html>
<head>
	<meta http-equiv="content-type" content="text/html; charset=utf-8"/>
	<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/>
	<style type="text/css">
		body,div,table,thead,tbody,tfoot,tr,th,td,p { font-family:"Calibri"; font-size:x-small }
	</style>
</head>
<body>
<table cellspacing="0" border="0">
	<colgroup span="4" width="80"></colgroup>
	<tr>
		<td height="20" align="left" valign=bottom><b><font face="DejaVu Sans" color="#FF0000">山口村</font></b></td>
		<td align="left" valign=bottom><font color="#000000">0023</font></td>
		<td align="right" valign=bottom sdval="7.461258" sdnum="1033;0;0.00"><font color="#000000">7.46</font></td>
		<td align="right" valign=bottom sdval="45152" sdnum="1033;0;YYYY-MM-DD"><font>2023-08-14</font></td>
	</tr>
	<tr>
		<td height="20" align="left" valign=bottom><font color="#000000">清理苗木<br>翻耕复种</font></td>
		<td align="right" valign=bottom sdval="8" sdnum="1033;0;0000"><font color="#000000">0008</font></td>
		<td align="right" valign=bottom sdval="1234.5" sdnum="1033;0;#,##0.00"><font>1,234.50</font></td>
		<td align="left" valign=bottom><font color="#000000">甲 &lt;乙&gt; &amp; &quot;丙&quot;</font></td>
	</tr>
	<tr>
		<td colspan=2 height="20" align="left" valign=bottom><font color="#000000">小计</font></td>
		<td align="left" valign=bottom><font color="#000000"><br></font></td>
		<td align="left" valign=bottom><font color="#000000">完</font></td>
	</tr>
</table>
<!-- ************************************************************************** -->
</body>
</html>
"""
"""What LibreOffice Calc writes for a copied block, with texts of our own."""

EXCEL = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<style><!--td {mso-number-format:General;} br {mso-data-placement:same-cell;}--></style></head>
<body link="#0563C1" vlink="#954F72">
<table border=0 cellpadding=0 cellspacing=0 width=216 style='border-collapse:collapse;width:162pt'>
<!--StartFragment-->
 <col width=72 span=3 style='width:54pt'>
 <tr height=19 style='height:14.25pt'>
  <td height=19 class=xl65 width=72 style='height:14.25pt;width:54pt'>山口村</td>
  <td class=xl66 align=right width=72 x:num="7.461258">7.46</td>
  <td rowspan=2 class=xl67 width=72>清理苗木<br>
    翻耕复种</td>
 </tr>
 <tr height=19 style='height:14.25pt'>
  <td height=19 style='height:14.25pt'>连桥村<span style='mso-spacerun:yes'>&nbsp; </span>北</td>
  <td></td>
 </tr>
<!--EndFragment-->
</table></body></html>
"""


def test_a_block_of_libreoffice_keeps_line_breaks_and_exact_numbers() -> None:
    assert parse_html(LIBREOFFICE) == (
        ("山口村", "0023", "7.461258", "2023-08-14"),
        ("清理苗木\n翻耕复种", "0008", "1234.5", '甲 <乙> & "丙"'),
        ("小计", "", "", "完"),
    )


def test_a_block_of_excel_keeps_spans_empty() -> None:
    assert parse_html(EXCEL) == (("山口村", "7.461258", "清理苗木\n翻耕复种"), ("连桥村  北", "", ""))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", ()),
        ("甲", (("甲",),)),
        ("甲\t乙\r\n丙\t丁\r\n", (("甲", "乙"), ("丙", "丁"))),
        ("甲\t\n\t乙\n", (("甲", ""), ("", "乙"))),
        ('"清理\n翻耕"\t"说""好"""\n丙\t丁', (("清理\n翻耕", '说"好"'), ("丙", "丁"))),
        ('"清理\r\n翻耕"\t乙', (("清理\n翻耕", "乙"),)),
        ('5" 管\t"半句\n丙', (('5" 管', '"半句'), ("丙", ""))),
        ("甲\n\n乙\n", (("甲",), ("",), ("乙",))),
    ],
)
def test_lines_are_cut_into_cells(text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    assert parse_lines(text) == rows


def test_text_without_a_table_is_read_as_lines() -> None:
    mime = QMimeData()
    mime.setText("甲\t乙")
    mime.setHtml("<p>甲 乙</p>")
    assert read_clipboard(mime) == (("甲", "乙"),)
    assert read_clipboard(QMimeData()) == ()


_CELLS = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029") | st.just("\n"))


@given(st.lists(st.lists(_CELLS, min_size=2, max_size=3), min_size=1, max_size=4))
def test_lines_come_back_as_they_went(rows: list[list[str]]) -> None:
    width = max(len(row) for row in rows)
    even = tuple((*row, *([""] * (width - len(row)))) for row in rows)
    back = parse_lines(to_lines(even))
    lost_end = even[:-1] if not any(even[-1]) and len(back) == len(even) - 1 else even
    assert back == lost_end


def test_what_is_copied_is_a_table_for_others_and_for_us() -> None:
    rows = (("0017", "360124000000000123", "5.28"), ("清理\n翻耕", 'a<b & "c"', ""))
    mime = QMimeData()
    fill_clipboard(rows, mime)
    assert read_clipboard(mime) == rows
    assert parse_lines(mime.text()) == rows
    assert "mso-number-format" in to_html([["0017"]])
    assert "mso-number-format" not in to_html([["5.28"]])


def test_a_table_inside_a_cell_and_a_cut_page_do_no_harm() -> None:
    nested = "<table><tr><td>甲<table><tr><td>里</td></tr></table></td><td>乙</td></tr></table>"
    assert parse_html(nested) == (("甲里", "乙"),)
    assert parse_html("<table><tr><td>甲<td>乙") == (("甲", "乙"),)
    assert parse_html("<table><td>没有行</td></table>") == ()
