"""The townships of a county: names and codes that mean the same lead to the same one."""

from __future__ import annotations

from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.system.reference import divisions

JINXIAN = "360124"


def units() -> CountyUnits:
    return CountyUnits(divisions(), JINXIAN)


def test_a_ledger_without_the_code_is_known_by_its_county() -> None:
    assert CountyUnits(divisions(), "", "进贤县").all() == units().all()


def test_all_units_of_the_table_are_there_before_anybody_names_one() -> None:
    found = units().all()
    assert len(found) == 23
    assert all(one.in_table and one.key == one.code for one in found)


def test_every_way_to_write_a_township_is_the_same_unit() -> None:
    known = units()
    code = known.key_of("白圩乡", "")
    assert code.startswith(JINXIAN)
    assert {known.key_of(name, "") for name in ("白圩", "进贤县白圩乡人民政府", "白 圩 乡")} == {code}
    assert known.key_of("", code) == code
    assert known.key_of("白圩乡", "999999999") == code
    assert len(known.all()) == 23


def test_what_the_table_does_not_know_is_a_unit_of_its_own() -> None:
    known = units()
    assert known.key_of("某某农场", "") == known.key_of("某某农场", "") == "某某农场"
    assert known.key_of("某某农场", "360124998") == "某某农场"
    assert known.key_of("", "") == ""
    assert [(one.name, one.in_table) for one in known.all()[23:]] == [("某某农场", False), ("（没有写明单位）", False)]


def test_a_county_outside_the_table_has_the_units_that_are_named() -> None:
    known = CountyUnits(divisions(), "")
    assert known.keys_of([("白圩乡", ""), ("白圩乡", "360124205")]) == {
        ("白圩乡", ""): "白圩乡",
        ("白圩乡", "360124205"): "白圩乡",
    }
    assert [one.name for one in known.all()] == ["白圩乡"]


def test_what_a_person_types_is_one_unit_or_none() -> None:
    known = units()
    code = known.key_of("白圩乡", "")
    known.keys_of([("某某农场", "360124998"), ("望山镇", "")])
    found = {text: known.asked(text) for text in ("白圩乡", "白圩", "白 圩 乡", "进贤县白圩乡人民政府", code)}
    assert {text: one and one.key for text, one in found.items()} == dict.fromkeys(found, code)
    own = [known.asked(text) for text in ("某某农场", "360124998", "望山镇", "望山镇人民政府")]
    assert [one and one.name for one in own] == ["某某农场", "某某农场", "望山镇", "望山镇"]
    known.key_of("", "")
    assert (known.asked("没有这个乡"), known.asked(" ")) == (None, None)
