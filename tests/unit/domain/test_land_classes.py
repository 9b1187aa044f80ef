"""Land classes: a code never stands without its system, and a pair that contradicts itself is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.domain.land_classes import (
    ClassSystem,
    LandClasses,
    LandUse,
    PairProblem,
    is_cultivated,
    split_pair,
)

TABLE = Path(__file__).resolve().parents[3] / "resources" / "land_classes.csv"


@pytest.fixture(scope="module")
def classes() -> LandClasses:
    return LandClasses.parse(TABLE.read_text(encoding="utf-8"))


def test_only_the_three_cultivated_classes_count_and_the_table_says_the_same(classes: LandClasses) -> None:
    for system in ClassSystem:
        for item in classes.all(system):
            assert is_cultivated(item.code, system) == item.cultivated, item


def test_adjustable_orchards_are_not_cultivated() -> None:
    assert not is_cultivated("0201K")
    assert is_cultivated(" ０１０１ ")


@pytest.mark.parametrize(
    ("code", "name"), [("0101", "水田"), ("1104A", "养殖坑塘"), ("05h1", "商业服务业设施用地"), ("0204", "其它园地")]
)
def test_a_pair_that_agrees_is_read(classes: LandClasses, code: str, name: str) -> None:
    reading = classes.read(code, name)
    assert reading.problem is None
    assert reading.land_class is not None
    assert reading.land_class.system is ClassSystem.THIRD_SURVEY


def test_the_same_digits_mean_another_class_in_planning_sheets(classes: LandClasses) -> None:
    reading = classes.read("0303", "灌木林地")
    assert reading.problem is PairProblem.OTHER_SYSTEM
    assert reading.land_class is None
    assert reading.candidates[0].system is ClassSystem.SPATIAL
    assert "国土空间" in reading.message
    assert "红树林地" in reading.message


def test_three_digits_of_the_second_survey_are_told_from_a_lost_zero(classes: LandClasses) -> None:
    assert classes.read("101", "水田").problem is PairProblem.LOST_ZERO
    assert classes.read("101", "水田").candidates[0].code == "0101"
    second = classes.read("011", "水田")
    assert second.problem is PairProblem.OTHER_SYSTEM
    assert second.candidates[0].system is ClassSystem.GB2007


def test_a_mismatch_names_both_sides(classes: LandClasses) -> None:
    reading = classes.read("0201", "水田")
    assert reading.problem is PairProblem.MISMATCH
    assert [item.code for item in reading.candidates] == ["0201", "0101"]
    assert "果园" in reading.message
    assert "0101" in reading.message


def test_unknown_codes_names_and_empty_cells_are_problems(classes: LandClasses) -> None:
    assert classes.read("9999", "").problem is PairProblem.UNKNOWN
    assert classes.read("", "菜园子").problem is PairProblem.UNKNOWN
    assert classes.read(" ", "　").problem is PairProblem.EMPTY
    assert classes.read("", "坑塘").code == "1104"


def test_the_system_of_a_column_is_found_from_all_its_pairs(classes: LandClasses) -> None:
    assert ClassSystem.THIRD_SURVEY in classes.fitting([("0101", "水田"), ("1104A", "养殖坑塘")])
    assert classes.fitting([("0303", "灌木林地"), ("0101", "水田")]) == (ClassSystem.SPATIAL,)
    assert classes.fitting([("011", "水田"), ("021", "果园")]) == (ClassSystem.GB2007,)
    assert classes.fitting([]) == ()


@pytest.mark.parametrize(
    ("cell", "pair"),
    [
        ("0101水田", ("0101", "水田")),
        ("水田（0101）", ("0101", "水田")),
        ("果园", ("", "果园")),
        ("05H1", ("05H1", "")),
    ],
)
def test_one_cell_may_hold_code_and_name(cell: str, pair: tuple[str, str]) -> None:
    assert split_pair(cell) == pair


def test_every_system_and_use_has_a_chinese_name(classes: LandClasses) -> None:
    for word in (*ClassSystem, *LandUse):
        assert word.label
        assert not word.label.isascii()
    assert len(classes.all(ClassSystem.THIRD_SURVEY)) == 85
    assert len(classes.all(ClassSystem.GB2017)) == 85
