"""Forms on pages: nothing falls off, heads go on, short parts stay whole, what is missing is said."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image

from gengdi_desktop.reports.fonts import FontSet
from gengdi_desktop.reports.forms.blocks import (
    Block,
    Cell,
    CellLook,
    Drawn,
    Framed,
    Heading,
    Line,
    NewPage,
    Picture,
    Pictures,
    PlotForm,
    Space,
    Title,
    pairs,
    to_sign,
    wide,
)
from gengdi_desktop.reports.forms.drawing import BOTTOM, FormSheet
from gengdi_desktop.reports.forms.sketch import SketchMap, SketchShape
from gengdi_desktop.reports.render.pdf import DRAWING, Properties, Sheet
from tests.unit.reports.pages import ReadPage, read_pages, whole_text

SHA = "a" * 64


def drawn(fonts: FontSet, blocks: Sequence[Block], pictures: dict[str, bytes] | None = None) -> bytes:
    with DRAWING:
        sheet = Sheet(fonts, Properties("档案", "白圩乡人民政府", None))
        form = PlotForm("0" * 32, "白圩村", "白圩村 0001", "白圩村 0001　台账第 7 条", tuple(blocks))
        FormSheet(sheet, (pictures or {}).get, sample=False).draw(form)
        return sheet.finish()


def texts(page: ReadPage) -> str:
    return "\n".join(line.text for line in page.lines)


def jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (400, 300), (90, 140, 60)).save(made, "JPEG")
    return made.getvalue()


def test_every_page_says_whose_it_is_and_how_many_there_are(fonts: FontSet) -> None:
    pages = read_pages(drawn(fonts, [Line("一"), NewPage(), Line("二"), NewPage(), Line("三")]))
    assert [f"第 {n} 页　共 3 页" in texts(page) for n, page in enumerate(pages, start=1)] == [True] * 3
    assert all("白圩村 0001　台账第 7 条" in texts(page) for page in pages)


def test_a_text_longer_than_a_page_is_whole_on_two(fonts: FontSet) -> None:
    told = "".join(chr(0x4E00 + n) for n in range(2600))
    data = drawn(fonts, [wide("整改措施", told)])
    assert len(read_pages(data)) == 2
    assert set(told) <= set(whole_text(data))
    for page in read_pages(data):
        assert max(line.baseline for line in page.lines if line.size > 10) < BOTTOM


def test_a_long_table_repeats_its_head(fonts: FontSet) -> None:
    head = Framed((Cell("序号", 2, CellLook.HEAD), Cell("文件名", 10, CellLook.HEAD)), repeat=True)
    rows = [Framed((Cell(str(n), 2), Cell(f"照片{n}", 10))) for n in range(80)]
    pages = read_pages(drawn(fonts, [Heading("材料目录"), head, *rows]))
    assert len(pages) == 3
    assert all("文件名" in texts(page) for page in pages)
    assert sum(texts(page).count("材料目录") for page in pages) == 1


def test_a_short_part_is_not_torn_and_a_heading_never_stands_alone(fonts: FontSet) -> None:
    part: list[Block] = [Heading("自查情况"), *pairs(*[(f"项目{n}", "值") for n in range(8)])]
    pages = read_pages(drawn(fonts, [Space(620), *part]))
    assert "自查情况" not in texts(pages[0])
    assert all(word in texts(pages[1]) for word in ("自查情况", "项目0", "项目7"))


def test_a_place_to_sign_is_high_and_has_its_line_at_the_lower_right(fonts: FontSet) -> None:
    [page] = read_pages(drawn(fonts, [to_sign("乡镇意见", "同意", "签字：　　年　月　日", least=90)]))
    words, sign = page.find("同意"), page.find("签字：")
    assert sign.baseline > words.baseline + 20
    assert sign.chars[0]["x0"] > words.chars[0]["x0"] + 150


def test_a_photo_is_drawn_and_one_that_is_gone_is_said_in_its_place(fonts: FontSet) -> None:
    both = Pictures((Picture(SHA, "整改前"), Picture("b" * 64, "整改后", "文件“后.jpg”不在了")))
    data = drawn(fonts, [both], {SHA: jpeg()})
    assert data.count(b"/Subtype /Image") == 1
    assert "文件“后.jpg”不在了" in whole_text(data)


def test_a_photo_that_no_longer_opens_is_said_too(fonts: FontSet) -> None:
    data = drawn(fonts, [Pictures((Picture(SHA, "整改前"),))], {})
    assert "这张照片的文件读不出来" in whole_text(data)


def test_a_sketch_tells_its_scale_and_its_place(fonts: FontSet) -> None:
    square = ((-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0), (-50.0, -50.0))
    sketch = SketchMap((SketchShape((square,), "0001", own=True),), (), "东经 116.2654°，北纬 28.3765°")
    data = drawn(fonts, [Drawn(sketch, "", 250)])
    told = whole_text(data)
    for word in ("0001", "东经116.2654°", "1:2000", "北"):
        assert word in told
    assert "没有位置" in whole_text(drawn(fonts, [Drawn(None, "没有位置", 250)]))


@pytest.mark.parametrize("name", ["𬒈塘村的图斑", "耕地流出图斑整改档案" * 4])
def test_a_title_fits_whatever_it_says(fonts: FontSet, name: str) -> None:
    [page] = read_pages(drawn(fonts, [Title(name, "样例", "12345")]))
    for line in page.lines:
        assert line.chars[0]["x0"] > 20
        assert line.chars[-1]["x1"] < page.width - 20
