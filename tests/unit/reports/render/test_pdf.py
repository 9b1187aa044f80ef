"""The page of GB/T 9704, measured in the finished file."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.document import SAMPLE, Colophon, Document, Form, Paragraph, Section, Signer
from gengdi_desktop.reports.fonts import FontSet
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.line_breaking import NO_END, NO_START
from gengdi_desktop.reports.render.pdf import render_paper
from tests.unit.reports.pages import MM, ReadPage, read_pages, whole_text
from tests.unit.reports.papers import PROSE, paper, paragraphs, table

MARK = "白圩乡人民政府"


def pages_of(document: Document, fonts: FontSet) -> list[ReadPage]:
    return read_pages(render_paper(document, fonts).data)


def long_paper(text: str, form: Form = Form.REPORT) -> Document:
    return paper(form, opening=(Paragraph("long", (text,)),), sections=())


def test_a_full_page_has_22_lines_of_28_characters(fonts: FontSet) -> None:
    page = pages_of(long_paper("地" * 2000), fonts)[1]
    body = page.body(g.EM)
    assert len(body) == 22
    assert all(len(line.chars) == 28 for line in body)
    steps = [b.baseline - a.baseline for a, b in pairwise(body)]
    assert all(abs(step - 29.62) <= 0.05 for step in steps)
    assert min(line.left for line in body) == pytest.approx(28 * MM, abs=0.05)
    assert max(line.right for line in body) == pytest.approx(184 * MM, abs=0.05)


def test_the_type_area_is_156_by_225_millimetres(fonts: FontSet) -> None:
    body = pages_of(long_paper("地" * 2000), fonts)[1].body(g.EM)
    top = body[0].baseline - g.EM * g.ASCENT
    bottom = body[-1].baseline + g.EM * (1 - g.ASCENT)
    assert top == pytest.approx(37 * MM, abs=0.1)
    assert bottom - top == pytest.approx(225 * MM, abs=0.1)


def test_no_line_of_any_paper_breaks_the_rules_or_leaves_the_type_area(fonts: FontSet) -> None:
    for offset in range(0, 28, 9):  # all offsets: test_line_breaking
        texts = tuple("地" * offset + text * 2 for text in PROSE)
        document = paper(Form.LETTER, opening=(), sections=(Section("情况", paragraphs(texts)),))
        for page in pages_of(document, fonts):
            for line in page.body(g.EM):
                hanging = g.EM / 2 if line.text[0] in NO_END else 0.0  # the blank half of a squeezed mark
                assert line.left >= 28 * MM - hanging - 0.05
                assert line.right <= 184 * MM + g.EM / 2 + 0.05  # the blank half of a squeezed mark may hang out
                assert line.text[0] not in NO_START
                assert line.text[-1] not in NO_END


def test_justified_lines_end_at_the_right_edge(fonts: FontSet) -> None:
    body = pages_of(long_paper(PROSE[0] * 12), fonts)[1].body(g.EM)
    ends = [line.right for line in body[:-1] if line.text[-1] not in "，。；：、）”》…—"]
    assert len(ends) > 8
    assert all(end == pytest.approx(184 * MM, abs=0.3) for end in ends)


def test_the_head_of_a_report_is_where_the_standard_wants_it(fonts: FontSet) -> None:
    page = pages_of(paper(Form.REPORT), fonts)[0]
    mark = page.find(MARK + "文件")
    assert mark.baseline - mark.size * g.ASCENT == pytest.approx((37 + 35) * MM, abs=0.1)
    assert (mark.left + mark.right) / 2 == pytest.approx(105 * MM, abs=0.3)
    assert mark.chars[0]["non_stroking_color"] == pytest.approx(g.RED)
    number = page.find("白府〔2023〕18号")
    assert number.left == pytest.approx(28 * MM + g.EM, abs=0.1)
    assert number.baseline - g.EM * g.ASCENT - (mark.baseline - mark.size * g.ASCENT + mark.size) == pytest.approx(
        2 * g.PITCH, abs=g.PITCH / 3
    )
    assert number.right == pytest.approx(184 * MM - g.EM, abs=0.1)
    assert "签发人：赵建军" in number.text
    (rule,) = page.strokes
    assert (rule["x0"], rule["x1"]) == (pytest.approx(28 * MM), pytest.approx(184 * MM))
    assert rule["top"] - (number.baseline + g.EM * (1 - g.ASCENT)) == pytest.approx(4 * MM, abs=0.1)
    title = page.body(g.SIZE_2)[0]
    assert title.baseline - 22 * g.ASCENT - rule["top"] == pytest.approx(2 * g.PITCH, abs=g.PITCH / 3)
    recipient = page.find("县耕地保护专项工作专班办公室：")
    assert recipient.left == pytest.approx(28 * MM, abs=0.05)
    assert recipient.baseline - page.body(g.SIZE_2)[-1].baseline == pytest.approx(2 * g.PITCH, abs=3)


def test_without_a_signer_for_issue_the_number_stands_in_the_middle(fonts: FontSet) -> None:
    number = pages_of(paper(Form.REPORT, issued_by=""), fonts)[0].find("白府〔2023〕18号")
    assert (number.left + number.right) / 2 == pytest.approx(105 * MM, abs=0.5)


def test_the_head_of_a_letter_is_where_the_standard_wants_it(fonts: FontSet) -> None:
    page = pages_of(paper(Form.LETTER), fonts)[0]
    mark = page.lines[0]
    assert mark.text == MARK
    assert mark.baseline - mark.size * g.ASCENT == pytest.approx(30 * MM, abs=0.1)
    thick, thin, low_thin, low_thick = sorted(page.strokes, key=lambda stroke: stroke["top"])
    for rule in (thick, thin, low_thin, low_thick):
        assert rule["x1"] - rule["x0"] == pytest.approx(170 * MM, abs=0.05)
        assert (rule["x0"] + rule["x1"]) / 2 == pytest.approx(105 * MM, abs=0.05)
    assert thick["linewidth"] > thin["linewidth"]
    assert low_thick["linewidth"] > low_thin["linewidth"]
    assert thick["top"] - (mark.baseline + mark.size * (1 - g.ASCENT)) == pytest.approx(4 * MM, abs=0.2)
    assert page.height - low_thick["top"] == pytest.approx(20 * MM, abs=0.1)
    number = page.find("白府〔2023〕18号")
    assert number.right == pytest.approx(184 * MM, abs=0.1)
    assert number.baseline - g.EM * g.ASCENT - thin["top"] == pytest.approx(g.EM * 7 / 8, abs=0.1)


def test_page_numbers_stand_outside_and_letters_have_none_on_page_one(fonts: FontSet) -> None:
    for form in Form:
        pages = pages_of(paper(form), fonts)
        for index, page in enumerate(pages, start=1):
            found = [line for line in page.lines if line.text == f"— {index} —"]
            if form is Form.LETTER and index == 1:
                assert found == []
                continue
            (number,) = found
            assert number.size == pytest.approx(14)
            dash = number.baseline - 14 * 0.35
            assert dash - (37 + 225) * MM == pytest.approx(7 * MM + 7, abs=1)
            if index % 2:
                assert number.right == pytest.approx(184 * MM - 14, abs=0.2)
            else:
                assert number.left == pytest.approx(28 * MM + 14, abs=0.2)


@pytest.mark.parametrize("form", list(Form))
def test_a_sample_says_so_on_every_page_and_nothing_else_moves(fonts: FontSet, form: Form) -> None:
    document = paper(form)
    plain, marked = pages_of(document, fonts), pages_of(replace(document, sample=True), fonts)
    assert len(plain) == len(marked) > 1
    for before, after in zip(plain, marked, strict=True):
        mark = after.find(SAMPLE)
        assert mark.baseline < 20 * MM
        others = [line for line in after.lines if line is not mark]
        assert [(line.text, line.left, line.baseline) for line in others] == [
            (line.text, line.left, line.baseline) for line in before.lines
        ]


def test_headings_have_their_typefaces(fonts: FontSet) -> None:
    sections = (
        Section(
            "一级",
            (Section("二级", (Section("三级", (Section("四级", paragraphs(PROSE[:1])),)),)),),
        ),
        Section("又一级", (Paragraph("run", ("各村已完成。",), lead="自查阶段。"),)),
    )
    page, following, *_ = pages_of(paper(Form.LETTER, opening=(), sections=sections), fonts)
    assert "Hei" in page.find("一、一级").font
    assert "Kai" in page.find("（一）二级").font
    assert "Fang" in page.find("1.三级").font
    assert "Fang" in page.find("（1）四级").font
    run_in = following.find("（一）自查阶段。")
    assert {"Kai", "Fang"} <= {name for char in run_in.chars for name in ("Kai", "Fang") if name in char["fontname"]}


def test_a_heading_never_ends_a_page_and_the_date_never_stands_alone(fonts: FontSet) -> None:
    body = {"一、", "二、"}
    for count in range(340, 900, 84):
        sections = (Section("甲", paragraphs(("地" * count,))), Section("乙", paragraphs(("图" * 80,), "q")))
        pages = pages_of(paper(Form.LETTER, sections=sections, opening=()), fonts)
        for page in pages:
            last = page.body(g.EM)[-1].text
            assert last[:2] not in body, last
        signed = next(page for page in pages if any("2023年8月20日" in line.text for line in page.body(g.EM)))
        lines = [line.text for line in signed.body(g.EM)]
        assert any(text.startswith("图") or "特此报告" in text for text in lines), lines
        assert sum(text.startswith("图") or text.endswith("图") or "特此报告" in text for text in lines) >= 2, lines


def test_organ_over_date_four_cells_from_the_right(fonts: FontSet) -> None:
    page = pages_of(paper(Form.REPORT), fonts)[-1]
    day = next(line for line in page.body(g.EM) if line.text == "2023年8月20日")
    organ = next(line for line in page.body(g.EM) if line.text == MARK)
    assert day.right == pytest.approx(184 * MM - 4 * g.EM, abs=0.5)
    assert (organ.left + organ.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=0.5)
    assert day.baseline - organ.baseline == pytest.approx(g.PITCH, abs=0.05)
    above = max(line.baseline for line in page.lines if line.baseline < organ.baseline - 1)
    assert organ.baseline - above == pytest.approx(3 * g.PITCH, abs=0.1)  # two empty lines for the seal


@pytest.mark.parametrize("organ", [MARK, "江西进贤经济开发区管理委员会"])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_signature_fields_keep_clear_of_the_text_and_of_each_other(fonts: FontSet, organ: str, count: int) -> None:
    signers = tuple(Signer(f"signer_{n}", "经办人", "吴小琴") for n in range(count))
    document = paper(Form.REPORT)
    block = replace(document.signature, organ=organ, signers=signers)
    rendered = render_paper(replace(document, signature=block), fonts)
    pages = read_pages(rendered.data)
    assert [place.field for place in rendered.places] == [signer.field for signer in signers]
    boxes = [place.box for place in rendered.places]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for place in rendered.places:
        left, bottom, right, top = place.box
        page = pages[place.page]
        inside = [
            char["text"]
            for line in page.lines
            for char in line.chars
            if left < (char["x0"] + char["x1"]) / 2 < right and bottom < page.height - line.baseline + 4 < top
        ]
        assert inside == []


def test_draft_is_written_on_every_page_of_a_draft_only(fonts: FontSet) -> None:
    for draft in (True, False):
        data = render_paper(paper(draft=draft), fonts).data
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            marked = [
                {"草", "稿"} <= {c["text"] for c in page.chars if c["size"] > 60 or not c["upright"]}
                for page in pdf.pages
            ]
        assert marked == [draft] * len(marked)


def test_the_colophon_of_a_report_stands_on_an_even_page(fonts: FontSet) -> None:
    for texts in (PROSE[:1], PROSE, PROSE * 2):
        document = paper(
            sections=(Section("情况", paragraphs(texts)),), colophon=Colophon("县农业农村局", "白圩乡党政综合办公室")
        )
        pages = pages_of(document, fonts)
        assert len(pages) % 2 == 0
        last = pages[-1]
        assert "抄送：县农业农村局。" in last.find("抄送").text
        lowest = max(stroke["top"] for stroke in last.strokes)
        assert lowest == pytest.approx((37 + 225) * MM, abs=0.1)


def test_a_table_repeats_its_heading_and_keeps_the_grid(fonts: FontSet) -> None:
    document = paper(Form.LETTER, opening=(), sections=(Section("表", (*paragraphs(PROSE[:1]), table(40))),))
    pages = pages_of(document, fonts)
    heads = [index for index, page in enumerate(pages) if any("村（社区）" in line.text for line in page.lines)]
    assert len(heads) >= 3
    text = whole_text(render_paper(document, fonts).data)
    assert "第40村" in text
    assert text.count("合计106161.15") == 1


def test_a_character_that_no_font_has_stops_the_paper_by_name(fonts: FontSet) -> None:
    with pytest.raises(RuleError) as caught:
        render_paper(paper(opening=(Paragraph("p", ("村名䒟㘵",)),)), fonts)
    assert caught.value.code == "glyph_missing"
    assert "䒟" in caught.value.message


def test_a_rare_character_is_drawn_by_another_font(fonts: FontSet) -> None:
    page = pages_of(paper(opening=(Paragraph("p", ("村民王玥、李喆",)),), sections=()), fonts)[0]
    by_font = {char["text"]: char["fontname"] for char in page.find("王玥").chars}
    assert "Fang" in by_font["王"]
    assert "Song" in by_font["玥"]


def test_every_font_is_embedded_and_no_others_are_named(fonts: FontSet) -> None:
    data = render_paper(paper(), fonts).data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                assert "/FontFile2" in font.FontDescriptor
        assert str(pdf.docinfo["/CreationDate"]) == "D:20230820000000+08'00'"
        assert str(pdf.Root.Lang) == "zh-CN"


SCRIPT = """
import hashlib, sys
from gengdi_desktop.reports.fonts import load_fonts
from gengdi_desktop.reports.render.pdf import render_paper
from gengdi_desktop.system.resources import resource
from tests.unit.reports.papers import paper
print(hashlib.sha256(render_paper(paper(), load_fonts(resource("fonts"), own=())).data).hexdigest())
"""


def test_another_process_locale_zone_and_folder_give_the_same_bytes(fonts: FontSet, tmp_path: Path) -> None:
    here = hashlib.sha256(render_paper(paper(), fonts).data).hexdigest()
    root = Path(__file__).resolve().parents[4]
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "TZ": "America/New_York",
        "LC_ALL": "C",
        "LANG": "C",
        "PYTHONHASHSEED": "77",
        "SOURCE_DATE_EPOCH": "1",
    }
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == here


def test_a_changed_word_changes_the_bytes(fonts: FontSet) -> None:
    changed = replace(paper(), recipient="县人民政府")
    assert render_paper(changed, fonts).data != render_paper(paper(), fonts).data


def test_rare_characters_of_names_can_be_copied_and_searched(fonts: FontSet) -> None:
    text = whole_text(
        render_paper(paper(opening=(Paragraph("p", ("村民𬒈𬭎、王玥𬶋、李㛃",)),), sections=()), fonts).data
    )
    assert "村民𬒈𬭎、王玥𬶋、李㛃" in text
