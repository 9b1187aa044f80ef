"""Divisions: codes of four lengths, names of many spellings, organs named after the unit's type."""

from __future__ import annotations

from collections import Counter

import pytest

from gengdi_desktop.domain.divisions import (
    Division,
    Divisions,
    Level,
    UnitKind,
    kind_of_code,
    normalise_division_code,
    normalise_village,
    organ_name,
    short_village_name,
    split_village_group,
)
from gengdi_desktop.system import reference

SEED_COUNTIES = ("141181", "360124", "500116", "640502", "640521", "640522")
JINXIAN = {
    "town": "民和 李渡 温圳 文港 梅庄 张公 罗溪 架桥 前坊",
    "rural": "三里 二塘 钟陵 池溪 南台 三阳集 七里 下埠集 衙前 白圩 长山晏 泉岭",
}
JINXIAN_OTHERS = {"江西进贤经济开发区管理委员会", "五里垦殖场"}


@pytest.fixture(scope="module")
def divisions() -> Divisions:
    return reference.divisions()


@pytest.fixture(scope="module")
def seeds(divisions: Divisions) -> tuple[Division, ...]:
    return tuple(county for county in divisions.counties() if county.code in SEED_COUNTIES)


@pytest.fixture(scope="module")
def county(divisions: Divisions) -> Division:
    found = divisions.find_county("进贤")
    assert found is not None
    return found


def test_the_county_has_all_23_units_and_353_villages(divisions: Divisions, county: Division) -> None:
    units = divisions.children(county)
    assert len(units) == 23
    assert sum(len(divisions.children(unit)) for unit in units) == 353
    for kind, tail in (("town", "镇"), ("rural", "乡")):
        assert {unit.name for unit in units if unit.kind == kind} == {name + tail for name in JINXIAN[kind].split()}
    assert {unit.name for unit in units if unit.kind is UnitKind.OTHER_UNIT} == JINXIAN_OTHERS


def test_the_whole_country_is_in_the_table(divisions: Divisions) -> None:
    counties = divisions.counties()
    units = [unit for county in counties for unit in divisions.children(county)]
    assert (len(counties), len(units)) == (2978, 41351)
    assert Counter(unit.kind for unit in units) == {
        UnitKind.TOWN: 21377,
        UnitKind.STREET: 9066,
        UnitKind.RURAL: 8198,
        UnitKind.OTHER_UNIT: 2710,
    }


def test_among_farms_and_zones_the_name_tells_a_community(divisions: Divisions) -> None:
    """Digits and names disagree for three villages of the seed counties; a village with 居 in its name is none."""
    for code, kind in (
        ("360124401498", UnitKind.COMMUNITY),
        ("640502401498", UnitKind.COMMUNITY),
        ("640522406498", UnitKind.COMMUNITY),
        ("141181101204", UnitKind.VILLAGE),
        ("360124210200", UnitKind.VILLAGE),
    ):
        village = divisions.by_code(code)
        assert village is not None
        assert village.kind is kind, village


def test_a_division_knows_all_that_lies_above_it(divisions: Divisions) -> None:
    for code, path in (
        ("360124209201", "江西省 南昌市 进贤县 白圩乡 连桥村委会"),
        ("110101001", "北京市 东城区 东华门街道"),
        ("441900", "广东省 东莞市"),
        ("429004", "湖北省 仙桃市"),
        ("500116", "重庆市 江津区"),
    ):
        one = divisions.by_code(code)
        assert one is not None
        assert " ".join(divisions.path(one)) == path


@pytest.mark.parametrize("written", ["进贤", "进贤县", "南昌市进贤县", "江西省南昌市进贤县", " 进贤 县"])
def test_a_county_is_found_as_it_is_written(divisions: Divisions, written: str) -> None:
    found = divisions.find_county(written)
    assert found is not None
    assert found.code == "360124"


def test_a_name_of_several_counties_names_none_until_the_unit_tells(divisions: Divisions) -> None:
    assert len(divisions.find_counties("鼓楼区")) == 4
    assert divisions.find_county("鼓楼区") is None
    assert divisions.place("鼓楼区", "鼓西街道").unit_code == "350102002"
    assert divisions.place("鼓楼区", "无名街道").county_code == ""
    assert divisions.find_county("山东省南昌市进贤县") is None


def test_kinds_follow_the_digits_of_the_code_for_every_unit(divisions: Divisions, seeds: tuple[Division, ...]) -> None:
    assert len(seeds) == len(SEED_COUNTIES)
    for one in seeds:
        for unit in divisions.children(one):
            assert kind_of_code(unit.code) is unit.kind, unit
            assert divisions.parent(unit) == one


@pytest.mark.parametrize("text", ["3601242090000000000", "360124209000", "360124209", "３６０１２４２０９"])
def test_a_township_is_found_by_every_length_of_code(divisions: Divisions, text: str) -> None:
    found = divisions.by_code(text)
    assert found is not None
    assert (found.name, found.level) == ("白圩乡", Level.TOWNSHIP)


def test_a_survey_code_leads_to_its_village(divisions: Divisions) -> None:
    village = divisions.by_code("3601242092010000000")
    assert village is not None
    assert (village.name, village.short_name) == ("连桥村委会", "连桥村")
    assert village.survey_code == "3601242092010000000"


@pytest.mark.parametrize("text", ["36012", "3601242O9", "", "12345678"])
def test_what_is_no_code_is_refused_in_words(divisions: Divisions, text: str) -> None:
    with pytest.raises(ValueError, match="代码"):
        normalise_division_code(text)
    assert divisions.by_code(text) is None


@pytest.mark.parametrize(
    ("unit", "organ"),
    [
        ("白圩乡", "白圩乡人民政府"),
        ("民和镇", "民和镇人民政府"),
        ("新义街道", "新义街道办事处"),
        ("江西进贤经济开发区管理委员会", "江西进贤经济开发区管理委员会"),
        ("五里垦殖场", "五里垦殖场"),
        ("白圩乡人民政府", "白圩乡人民政府"),
    ],
)
def test_the_organ_follows_the_type_of_the_unit(unit: str, organ: str) -> None:
    assert organ_name(unit) == organ


def test_a_county_signs_as_its_government() -> None:
    assert organ_name("进贤县", UnitKind.COUNTY) == "进贤县人民政府"
    for office in ("进贤县自然资源局", "核查一组"):
        assert organ_name(office, UnitKind.COUNTY) == office


@pytest.mark.parametrize(
    ("name", "short", "core"),
    [
        ("白圩村委会", "白圩村", "白圩"),
        ("白圩村民委员会", "白圩村", "白圩"),
        ("五举村村民委员会", "五举村", "五举"),
        ("新村村委会", "新村", "新"),
        ("岚湖社区居民委员会", "岚湖社区", "岚湖"),
        ("岚湖社区", "岚湖社区", "岚湖"),
        ("梅西居委会", "梅西", "梅西"),
        ("麻山林场生活区", "麻山林场生活区", "麻山林场生活区"),
        ("村", "村", "村"),
    ],
)
def test_village_names_lose_their_suffix(name: str, short: str, core: str) -> None:
    assert short_village_name(name) == short
    assert normalise_village(name) == core


@pytest.mark.parametrize("written", ["白圩乡", "白圩", "白圩乡人民政府", "进贤县白圩乡", " 白圩 乡"])
def test_a_unit_is_found_as_it_is_written(divisions: Divisions, county: Division, written: str) -> None:
    assert [unit.name for unit in divisions.find_units(written, county)] == ["白圩乡"]


@pytest.mark.parametrize("written", ["经开区", "进贤经济开发区", "江西进贤经开区管委会"])
def test_the_zone_is_found_under_its_many_names(divisions: Divisions, county: Division, written: str) -> None:
    assert [unit.code for unit in divisions.find_units(written, county)] == ["360124401"]


def test_no_unit_is_guessed(divisions: Divisions, county: Division) -> None:
    assert divisions.find_units("白", county) == ()
    assert divisions.find_units("", county) == ()
    assert divisions.find_county("白圩") is None


def test_villages_are_found_within_their_township(divisions: Divisions, county: Division) -> None:
    (township,) = divisions.find_units("白圩乡", county)
    for written in ("连桥", "连桥村", "连桥村委会", "连桥村民委员会", "白圩乡连桥村", "连桥村三组"):
        assert [village.code for village in divisions.find_villages(written, township)] == ["360124209201"], written
    assert divisions.find_villages("罗家村", township) == ()


def test_a_village_name_that_repeats_in_the_county_is_told_apart_by_the_township(
    divisions: Divisions, county: Division
) -> None:
    homes = [unit.name for unit in divisions.children(county) if divisions.find_villages("罗家村", unit)]
    assert len(homes) == 2


def test_every_village_is_found_again_by_its_own_names(divisions: Divisions, seeds: tuple[Division, ...]) -> None:
    for one in seeds:
        for unit in divisions.children(one):
            for village in divisions.children(unit):
                assert divisions.find_villages(village.name, unit) == (village,)
                assert village in divisions.find_villages(village.short_name, unit)


def test_a_group_is_split_from_its_village() -> None:
    assert split_village_group("白圩村三组") == ("白圩村", "三组")
    assert split_village_group("白圩村") == ("白圩村", "")


def test_a_unit_is_placed_in_its_county_with_codes(divisions: Divisions) -> None:
    placed = divisions.place("进贤", "白圩")
    assert (placed.county, placed.unit, placed.unit_code) == ("进贤县", "白圩乡", "360124209")
    assert placed.unit_kind is UnitKind.RURAL


def test_a_unit_that_no_table_knows_is_taken_as_typed(divisions: Divisions) -> None:
    placed = divisions.place("无名县", "长埠 镇")
    assert (placed.county, placed.county_code, placed.unit, placed.unit_code) == ("无名县", "", "长埠镇", "")
    assert placed.unit_kind is UnitKind.TOWN


def test_the_county_s_own_desk_is_the_county(divisions: Divisions) -> None:
    placed = divisions.place("进贤县", "进贤县")
    assert (placed.unit, placed.unit_code, placed.unit_kind) == ("进贤县", "360124", UnitKind.COUNTY)
