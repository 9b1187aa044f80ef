"""Where plots lie, from whatever a list says; and what is not this ledger's business."""

from __future__ import annotations

import pytest

from gengdi_desktop.intake.places import Home, Place, PlaceReader, RawPlace
from gengdi_desktop.system.reference import divisions

TOWNSHIP = Home("进贤县", "360124", "白圩乡", "360124209", whole_county=False)
COUNTY = Home("进贤县", "360124", "进贤县", "360124", whole_county=True)
ELSEWHERE = Home("某某县", "", "东风镇", "", whole_county=False)


def _place(home: Home, **said: str) -> Place:
    return PlaceReader(home, divisions()).place(RawPlace(**said))


def _village() -> str:
    unit = divisions().by_code("360124209")
    assert unit is not None
    return divisions().children(unit)[0].short_name


@pytest.mark.parametrize("township", ["白圩乡", "白圩", "白圩乡人民政府", " 白 圩 乡 ", "进贤县白圩乡", ""])
def test_the_ledger_s_own_township_in_all_spellings(township: str) -> None:
    place = _place(TOWNSHIP, township=township, village=_village())
    assert (place.township, place.township_code, place.skipped) == ("白圩乡", "360124209", "")
    assert place.assumed == (township == "")


@pytest.mark.parametrize(
    "said",
    [
        {"township": "民和镇"},
        {"township_code": "360124100"},
        {"situated_code": "3601241000020000000"},
        {"county": "南昌县"},
        {"county_code": "360121"},
    ],
)
def test_rows_of_other_units_are_skipped_in_a_township(said: dict[str, str]) -> None:
    assert _place(TOWNSHIP, **said).skipped == "other_unit"


def test_a_county_takes_all_its_townships_and_no_other_county() -> None:
    assert _place(COUNTY, township="民和镇").township_code == "360124100"
    assert _place(COUNTY, county="南昌县", township="莲塘镇").skipped == "other_unit"
    refused = _place(COUNTY, township="没有乡").refused
    assert refused is not None
    assert refused[0] == "township_unknown"


def test_the_name_of_a_region_may_be_a_township() -> None:
    assert _place(TOWNSHIP, county="白圩乡").skipped == ""
    assert _place(COUNTY, county="经开区").skipped == ""


def test_villages_are_found_by_their_short_names_and_keep_their_groups() -> None:
    village = _village()
    place = _place(TOWNSHIP, village=f"{village}三组")
    assert (place.village, place.group) == (village, "三组")
    assert place.village_code.startswith("360124209")
    assert _place(TOWNSHIP, group=f"{village}三组").village == village
    assert _place(TOWNSHIP, group="三组").village == ""


def test_a_village_and_a_situation_that_differ_are_told() -> None:
    place = _place(TOWNSHIP, village=_village(), situated="别处村民委员会")
    assert [code for code, _ in place.notes] == ["village_mismatch"]


def test_where_the_program_knows_no_divisions_names_are_taken_as_written() -> None:
    assert _place(ELSEWHERE, township="东风镇", village="红旗村委会").village == "红旗村"
    assert _place(ELSEWHERE, township="东方镇").skipped == "other_unit"
