"""The ledger on landscape pages: every row once, headings on every page, the totals never alone."""

from __future__ import annotations

import io
from datetime import date

import pdfplumber
import pytest

from gengdi_desktop.errors import Cancelled, RuleError
from gengdi_desktop.reports.document import SAMPLE, Annex
from gengdi_desktop.reports.fonts import FontSet
from gengdi_desktop.reports.render.annex import AnnexPaper, render_annex
from gengdi_desktop.reports.render.pdf import PdfFile, Properties
from tests.unit.reports.pages import MM, ReadPage, read_pages
from tests.unit.reports.papers import register

MARK = "白府函〔2023〕18号附件1"


def draw(content: Annex, fonts: FontSet, *, draft: bool = False, sample: bool = False) -> PdfFile:
    properties = Properties(content.title, "白圩乡人民政府", date(2023, 8, 20))
    return render_annex(AnnexPaper(content, MARK, draft, properties, "台账记录第 217 条", sample=sample), fonts)


def text_of(page: ReadPage) -> str:
    return "".join(line.text for line in page.lines)


def test_pages_lie_across_and_every_row_is_there_once(fonts: FontSet) -> None:
    rendered = draw(register(120, remark="翻耕后播种晚稻，落实管护责任人，" * 3), fonts)
    pages = read_pages(rendered.data)
    assert rendered.pages == len(pages) > 3
    assert all((page.width, page.height) == pytest.approx((297 * MM, 210 * MM)) for page in pages)
    text = "".join(text_of(page) for page in pages)
    for n in range(1, 121):
        assert text.count(f"360124100205{n:06d}") == 1


def test_the_heading_stands_on_every_page_in_two_rows(fonts: FontSet) -> None:
    pages = read_pages(draw(register(120), fonts).data)
    for page in pages:
        upper = page.find("整改任务")
        lower = page.find("应整改面积")
        assert upper.baseline < lower.baseline
        assert "已整改面积" in lower.text


def test_the_first_page_says_what_it_is(fonts: FontSet) -> None:
    page = read_pages(draw(register(3), fonts).data)[0]
    assert page.lines[0].text == MARK
    assert page.find("白圩乡整改台账").size == pytest.approx(22)
    assert "填报单位：白圩乡人民政府填报日期：2023年8月20日面积单位：亩" in page.find("填报单位").text


def test_nothing_is_drawn_outside_the_margins(fonts: FontSet) -> None:
    for page in read_pages(draw(register(30), fonts).data):
        for line in page.lines:
            assert line.left >= 12 * MM - 0.5
            assert line.right <= (297 - 12) * MM + 0.5
            assert line.baseline < (210 - 8) * MM


def test_no_text_leaves_its_cell(fonts: FontSet) -> None:
    with pdfplumber.open(io.BytesIO(draw(register(20), fonts).data)) as pdf:
        page = pdf.pages[0]
        edges = sorted({round(line["x0"], 1) for line in page.lines if abs(line["x0"] - line["x1"]) < 0.01})
        rows = sorted({round(line["top"], 1) for line in page.lines if abs(line["top"] - line["bottom"]) < 0.01})
        assert len(edges) == 11
        for char in page.chars:
            middle = (char["top"] + char["bottom"]) / 2
            if not rows[0] < middle < rows[-1] or char["size"] > 8.1:
                continue
            cell = max(edge for edge in edges if edge <= char["x0"] + 0.3)
            following = min(edge for edge in edges if edge > cell)
            assert char["x1"] <= following + 0.3, char["text"]


def test_figures_stand_right_and_totals_are_told_with_their_basis(fonts: FontSet) -> None:
    rendered = draw(register(40), fonts)
    last = read_pages(rendered.data)[-1]
    total = last.find("合计")
    assert total.text == "合计40个8.208.204.10"
    assert "Hei" in total.font
    assert "注：1.合计按下发面积相加。" in text_of(last)
    assert "填表人：吴小琴审核人：李建国" in text_of(last)


def test_the_totals_never_stand_alone(fonts: FontSet) -> None:
    for rows in range(20, 45, 6):
        last = read_pages(draw(register(rows, remark="无"), fonts).data)[-1]
        assert f"360124100205{rows:06d}" in text_of(last)


def test_pages_are_counted(fonts: FontSet) -> None:
    pages = read_pages(draw(register(90), fonts).data)
    for number, page in enumerate(pages, start=1):
        assert f"第 {number} 页　共 {len(pages)} 页" in text_of(page)
        assert "台账记录第 217 条" in text_of(page)


def test_drafts_are_marked_on_every_page(fonts: FontSet) -> None:
    for draft in (True, False):
        with pdfplumber.open(io.BytesIO(draw(register(40), fonts, draft=draft).data)) as pdf:
            marked = [any(char["text"] == "稿" and char["size"] > 60 for char in page.chars) for page in pdf.pages]
        assert marked == [draft] * len(marked)


def test_a_sample_says_so_above_everything_on_every_page(fonts: FontSet) -> None:
    pages = read_pages(draw(register(60), fonts, sample=True).data)
    assert len(pages) > 1
    for page in pages:
        assert page.lines[0].text == SAMPLE
    assert pages[0].lines[1:] == read_pages(draw(register(60), fonts).data)[0].lines


def test_an_empty_ledger_is_a_page_that_says_so(fonts: FontSet) -> None:
    rendered = draw(register(0), fonts)
    assert rendered.pages == 1
    assert "合计0个" in text_of(read_pages(rendered.data)[0])


def test_the_same_ledger_gives_the_same_bytes(fonts: FontSet) -> None:
    assert draw(register(30), fonts).data == draw(register(30), fonts).data


def test_a_character_that_no_font_has_stops_the_ledger_by_name(fonts: FontSet) -> None:
    with pytest.raises(RuleError, match="䒟"):
        draw(register(3, remark="䒟家村"), fonts)


def test_progress_is_told_and_may_stop_the_work(fonts: FontSet) -> None:
    told: list[tuple[int, int]] = []
    content = register(200)
    properties = Properties(content.title, "", None)
    render_annex(
        AnnexPaper(content, "", draft=True, properties=properties), fonts, lambda done, of: told.append((done, of))
    )
    assert told[-1] == (200, 200)
    assert len(told) > 3

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        render_annex(AnnexPaper(content, "", draft=True, properties=properties), fonts, stop)


def test_a_text_longer_than_a_page_goes_on_overleaf_and_loses_nothing(fonts: FontSet) -> None:
    words = "".join(f"第{n}句说明情况。" for n in range(400))
    rendered = draw(register(2, remark=words), fonts)
    pages = read_pages(rendered.data)
    assert rendered.pages == len(pages) > 4
    assert all(line.baseline < (210 - 8) * MM for page in pages for line in page.lines)
    text = "".join(text_of(page) for page in pages)
    assert all(text.count(f"第{n}句") == 2 for n in (0, 199, 399))
