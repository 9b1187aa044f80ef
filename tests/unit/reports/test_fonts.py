"""The clerk's own fonts go first where their name table says who they are, and only where they may be embedded."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.reports.font_search import search
from gengdi_desktop.reports.fonts import FontSet, load_fonts
from gengdi_desktop.reports.render.pdf import render_paper
from gengdi_desktop.reports.typefaces import FontRole
from gengdi_desktop.system.resources import resource
from tests.unit.reports.pages import read_pages
from tests.unit.reports.papers import PROSE, paper

FONTS = resource("fonts")
COMMON = "".join(PROSE) + "— 国田地图斑白圩乡人民政府文件0123456789"


def fake(path: Path, source: str, names: dict[int, str], *, rights: int = 0, characters: str = COMMON) -> Path:
    """A font file that calls itself something else."""
    font = TTFont(FONTS / source)
    subsetter = Subsetter(Options(name_IDs=["*"], notdef_outline=True))
    subsetter.populate(text=characters)
    subsetter.subset(font)
    for name_id, name in names.items():
        font["name"].setName(name, name_id, 3, 1, 0x0409)
        font["name"].setName(name, name_id, 3, 1, 0x0804)
    font["OS/2"].fsType = rights
    font.save(path)
    return path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office computer with 仿宋_GB2312 and 方正小标宋简体 under file names that say nothing."""
    folder = tmp_path_factory.mktemp("字体")
    fang = {1: "仿宋_GB2312", 4: "仿宋_GB2312", 6: "FangSong_GB2312", 5: "Version 2.00"}
    fake(folder / "a1.ttf", "GengdiKai.ttf", fang)
    title = {1: "方正小标宋简体", 4: "方正小标宋简体", 6: "FZXBSJW--GB1-0", 5: "Version 3.11"}
    fake(folder / "b2.TTF", "GengdiSong.ttf", title)
    return folder


def roles(fonts: FontSet) -> dict[FontRole, str]:
    return {role: fonts.preferred(role).record.family for role in FontRole}


def test_two_own_fonts_are_found_by_name_table_and_go_first(office: Path) -> None:
    fonts = load_fonts(FONTS, own=(office,))
    families = roles(fonts)
    assert families[FontRole.FANG] == "仿宋_GB2312"
    assert families[FontRole.TITLE] == "方正小标宋简体"
    assert not fonts.preferred(FontRole.FANG).record.bundled
    assert fonts.preferred(FontRole.KAI).record.bundled


def test_the_paper_is_drawn_with_them_and_says_so(office: Path) -> None:
    rendered = render_paper(paper(), load_fonts(FONTS, own=(office,)))
    said = {record.family: record for record in rendered.fonts}
    assert said["仿宋_GB2312"].version == "Version 2.00"
    assert "本机安装" in said["仿宋_GB2312"].sentence
    assert said["仿宋_GB2312"].sha256[:8].upper() in said["仿宋_GB2312"].sentence
    page = read_pages(rendered.data)[0]
    assert "FangSong_GB2312" in page.find("县耕地保护专项工作专班办公室").font
    assert "FZXBSJW" in page.lines[0].font


def test_a_character_that_an_own_font_lacks_comes_from_a_bundled_one(tmp_path: Path) -> None:
    fake(tmp_path / "x.ttf", "GengdiKai.ttf", {1: "仿宋_GB2312", 4: "仿宋_GB2312", 6: "X"}, characters="国地一")
    fonts = load_fonts(FONTS, own=(tmp_path,))
    assert not fonts.face("地", FontRole.FANG).record.bundled
    assert fonts.face("斑", FontRole.FANG).record.family == "耕地仿宋"


def test_a_font_that_forbids_embedding_is_passed_over_and_named(tmp_path: Path) -> None:
    fake(tmp_path / "x.ttf", "GengdiKai.ttf", {1: "仿宋_GB2312", 4: "仿宋_GB2312", 6: "X"}, rights=0x0002)
    fonts = load_fonts(FONTS, own=(tmp_path,))
    assert roles(fonts)[FontRole.FANG] == "耕地仿宋"
    assert any("仿宋_GB2312" in note and "不准嵌入" in note for note in fonts.notes)


@pytest.mark.parametrize("rights", [0x0100, 0x0200])
def test_a_font_without_subsets_or_with_bitmaps_only_is_passed_over(tmp_path: Path, rights: int) -> None:
    fake(tmp_path / "x.ttf", "GengdiKai.ttf", {1: "仿宋_GB2312", 4: "仿宋_GB2312", 6: "X"}, rights=rights)
    assert roles(load_fonts(FONTS, own=(tmp_path,)))[FontRole.FANG] == "耕地仿宋"


def test_editable_embedding_is_allowed(tmp_path: Path) -> None:
    fake(tmp_path / "x.ttf", "GengdiKai.ttf", {1: "楷体_GB2312", 4: "楷体_GB2312", 6: "X"}, rights=0x0008)
    assert roles(load_fonts(FONTS, own=(tmp_path,)))[FontRole.KAI] == "楷体_GB2312"


def test_a_font_whose_characters_are_not_full_width_is_passed_over(tmp_path: Path) -> None:
    path = fake(tmp_path / "x.ttf", "GengdiKai.ttf", {1: "仿宋_GB2312", 4: "仿宋_GB2312", 6: "X"})
    font = TTFont(path)
    glyph = font.getBestCmap()[ord("国")]
    font["hmtx"][glyph] = (700, 0)
    font.save(path)
    found = search((tmp_path,))[FontRole.FANG]
    assert found.file is None
    assert "全宽" in found.notes[0]


def test_outlines_that_are_not_truetype_are_passed_over(tmp_path: Path) -> None:
    path = fake(tmp_path / "x.ttf", "GengdiKai.ttf", {1: "黑体", 4: "黑体", 6: "X"})
    font = TTFont(path)
    del font["glyf"]
    del font["loca"]
    font.save(path)
    assert search((tmp_path,))[FontRole.HEI].file is None


def test_a_name_that_only_contains_the_wanted_one_is_another_font(tmp_path: Path) -> None:
    fake(tmp_path / "x.ttf", "GengdiSong.ttf", {1: "NSimSun", 4: "NSimSun", 6: "NSimSun"})
    assert FontRole.SONG not in search((tmp_path,))


def test_the_right_face_of_a_collection_is_taken(tmp_path: Path) -> None:
    other = fake(tmp_path / "a.ttf", "GengdiKai.ttf", {1: "新宋体", 4: "NSimSun", 6: "NSimSun"})
    wanted = fake(tmp_path / "b.ttf", "GengdiSong.ttf", {1: "宋体", 4: "SimSun", 6: "SimSun"})
    both = TTCollection()
    both.fonts = [TTFont(other), TTFont(wanted)]
    both.save(tmp_path / "simsun.ttc")
    other.unlink()
    wanted.unlink()
    fonts = load_fonts(FONTS, own=(tmp_path,))
    record = fonts.preferred(FontRole.SONG).record
    assert (record.family, record.index, record.bundled) == ("宋体", 1, False)
    drawn = render_paper(paper(), fonts)
    assert "SimSun" in read_pages(drawn.data)[0].find("— 1 —").font


def test_rubbish_in_the_fonts_folder_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00rubbish")
    (tmp_path / "empty.ttc").write_bytes(b"")
    (tmp_path / "claims.ttc").write_bytes(b"ttcf" + b"\x00" * 4 + b"\xff\xff\xff\xff")
    assert search((tmp_path, tmp_path / "nowhere")) == {}


def test_no_own_fonts_means_the_bundled_ones() -> None:
    fonts = load_fonts(FONTS, own=())
    assert all(fonts.preferred(role).record.bundled for role in FontRole)
    assert fonts.notes == ()


def test_an_earlier_rendering_pins_its_fonts(office: Path) -> None:
    old = render_paper(paper(), load_fonts(FONTS, own=()))
    again = render_paper(paper(), load_fonts(FONTS, own=(office,), pinned=old.fonts))
    assert again.data == old.data


def test_a_pinned_font_that_is_gone_is_named(office: Path) -> None:
    with_own = render_paper(paper(), load_fonts(FONTS, own=(office,))).fonts
    with pytest.raises(SurroundingsError) as caught:
        load_fonts(FONTS, own=(), pinned=with_own)
    assert caught.value.code == "font_missing"
    assert "仿宋_GB2312" in caught.value.message


def test_missing_characters_are_all_named_before_anything_is_written(fonts: FontSet) -> None:
    with pytest.raises(RuleError) as caught:
        fonts.require(["平常的字", "䒟村", "㘵"])
    assert caught.value.code == "glyph_missing"
    assert "“㘵”（U+3635）、“䒟”（U+449F）" in caught.value.message


def test_the_bundled_fonts_draw_gb2312_and_rare_names(fonts: FontSet) -> None:
    fonts.require([bytes([row, column]).decode("gb2312") for row in range(0xB0, 0xD7) for column in range(0xA1, 0xFF)])
    fonts.require(["玥堃喆昇䶮塬峒屲圐圙㙦"])


def test_a_damaged_bundled_font_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as caught:
        load_fonts(tmp_path, own=())
    assert "GengdiFang.ttf" in caught.value.message
