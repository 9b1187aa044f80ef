"""Areas: exact, half up once, and deaf to floats."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.domain.areas import Area, AreaUnit, percent_text, read_area
from gengdi_desktop.errors import RuleError

areas = st.integers(-(10**15), 10**15).map(Area)


@pytest.mark.parametrize(
    ("text", "micro"),
    [
        ("12.5", 12_500_000),
        ("12.5亩", 12_500_000),
        ("12.5 亩 ", 12_500_000),
        ("１２．５亩", 12_500_000),
        ("1,234.56", 1_234_560_000),
        ("１，２３４", 1_234_000_000),
        ("0.0015", 1_500),
        (".5", 500_000),
        ("5.", 5_000_000),
        ("+5", 5_000_000),
        ("-0.00", 0),
        ("1.5e-05", 15),
        ("2E3", 2_000_000_000),
        ("8333㎡", 12_499_500),
        ("8333（平方米）", 12_499_500),
        ("0.83公顷", 12_450_000),
        ("0.01 m²", 15),
        ("0.2万亩", 2_000_000_000),
        ("1平方千米", 1_500_000_000),
        ("0e999", 0),
    ],
)
def test_what_offices_write_is_read(text: str, micro: int) -> None:
    assert Area.parse(text) == Area(micro)


def test_the_column_gives_the_unit_and_the_cell_may_say_its_own() -> None:
    assert Area.parse("2000", AreaUnit.SQUARE_METRE).exact() == "3.00"
    read = read_area("3亩", AreaUnit.SQUARE_METRE)
    assert (read.area.exact(), read.unit) == ("3.00", AreaUnit.MU)


@pytest.mark.parametrize(
    "text", ["2亩3分", "12,5", "1 2", "abc", "1.2.3", "亩", "3斤", "1" * 65, "NaN", "12²亩", "五亩", "/"]
)
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(RuleError, match="不是面积数") as refused:
        Area.parse(text)
    assert refused.value.code == "area_not_a_number"
    assert len(refused.value.message) < 90


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "area_empty"),
        ("　 ", "area_empty"),
        ("-1", "area_negative"),
        ("约3亩", "area_about"),
        ("100000000000.1", "area_too_large"),
        ("1e21", "area_too_large"),
    ],
)
def test_other_refusals_have_their_codes(text: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        Area.parse(text)
    assert refused.value.code == code


def test_about_is_read_and_told_where_somebody_can_be_asked() -> None:
    assert read_area("大约 3亩").about
    assert read_area("约3").area == Area(3_000_000)
    assert not read_area("3").about


def test_finer_values_are_rounded_half_up_once_and_said() -> None:
    assert read_area("4.9999995") == read_area("5").__class__(Area(5_000_000), AreaUnit.MU, rounded=True, about=False)
    assert read_area("4.99999949").area == Area(4_999_999)
    assert not read_area("4.9999990").rounded
    assert read_area("0.001", AreaUnit.SQUARE_METRE).area == Area(2)


@given(st.decimals(0, 10**7, places=9), st.sampled_from(AreaUnit))
def test_reading_equals_decimal_arithmetic(value: Decimal, unit: AreaUnit) -> None:
    expected = (value * unit.micro_mu).quantize(Decimal(1), ROUND_HALF_UP)
    read = read_area(f"{value:f}", unit)
    assert read.area.micro_mu == int(expected)
    assert read.rounded == (expected != value * unit.micro_mu)


@given(areas.filter(lambda area: area.micro_mu >= 0))
def test_the_exact_text_is_read_back(area: Area) -> None:
    assert Area.parse(area.exact()) == area
    assert len(area.exact().split(".")[1]) >= 2


@given(areas, st.sampled_from(AreaUnit), st.integers(1, 4))
def test_display_rounds_half_up(area: Area, unit: AreaUnit, places: int) -> None:
    value = (Decimal(area.micro_mu) / unit.micro_mu).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(area.display(unit, places)) == value
    assert not (area.display(unit, places).startswith("-") and value == 0)


def test_halves_go_up_where_floats_would_not() -> None:
    assert Area.parse("2.675").display() == "2.68"
    assert str(Area.parse("0.125")) == "0.13"
    assert Area(-5_000).display() == "-0.01"


def test_sentences_never_hide_a_difference() -> None:
    assert Area.parse("5.28").spoken() == "5.28"
    assert Area.parse("5.280001").spoken() == "5.280001"


@pytest.mark.parametrize(
    ("minuend", "subtrahend", "difference"), [("911.58", "880.79", "30.79"), ("775.44", "772.64", "2.80")]
)
def test_differences_are_exact(minuend: str, subtrahend: str, difference: str) -> None:
    assert (Area.parse(minuend) - Area.parse(subtrahend)).exact() == difference


@given(st.lists(areas))
def test_totals_are_exact_in_any_order(some: list[Area]) -> None:
    assert Area.total(some) == Area.total(reversed(some)) == sum(some, Area.ZERO)
    assert sum(some) == (Area.total(some) if some else 0)


def test_county_example_converts_exactly() -> None:
    issued = Area.parse("3980.79")
    assert issued == Area.parse("2653860", AreaUnit.SQUARE_METRE) == Area.parse("265.386", AreaUnit.HECTARE)
    assert issued.display(AreaUnit.SQUARE_METRE) == "2653860.00"


@pytest.mark.parametrize("value", [1.5, True, "1", None])
def test_nothing_but_whole_numbers_makes_an_area(value: object) -> None:
    with pytest.raises(TypeError):
        Area(cast("int", value))


def test_floats_never_touch_an_area() -> None:
    number: Any = 1.5
    for attempt in (
        lambda: Area.parse(number),
        lambda: Area(1) + number,
        lambda: Area(1) - number,
        lambda: number + Area(1),
        lambda: Area(1) < number,
        lambda: Area(1) * number,
    ):
        with pytest.raises(TypeError):
            attempt()


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("亩", AreaUnit.MU),
        ("（亩）", AreaUnit.MU),
        ("㎡", AreaUnit.SQUARE_METRE),
        ("m²", AreaUnit.SQUARE_METRE),
        ("平 方 米", AreaUnit.SQUARE_METRE),
        ("ＨＡ", AreaUnit.HECTARE),
        ("km²", AreaUnit.SQUARE_KILOMETRE),
        ("万亩", AreaUnit.TEN_THOUSAND_MU),
        ("个", None),
        ("", None),
    ],
)
def test_units_are_known_by_their_spellings(label: str, unit: AreaUnit | None) -> None:
    assert AreaUnit.of_label(label) is unit


def test_every_unit_is_known_by_its_own_label() -> None:
    assert [AreaUnit.of_label(unit.label) for unit in AreaUnit] == list(AreaUnit)


def test_percents_are_capped_while_anything_remains() -> None:
    assert percent_text(Area(3873), Area(10_000)) == "38.73"
    assert percent_text(99_999, 100_000) == "99.99"
    assert percent_text(99_999, 100_000, 1) == "99.9"
    assert percent_text(999_999, 1_000_000, 0) == "99"
    assert percent_text(5, 5) == "100.00"
    assert percent_text(5, 5, 0) == "100"
    assert percent_text(0, 0) == "—"
    assert percent_text(Area.ZERO, Area(7)) == "0.00"
    assert percent_text(1, 800) == "0.13"


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.integers(0, 3))
def test_a_percent_says_100_only_when_nothing_remains(part: int, whole: int, places: int) -> None:
    assert (Decimal(percent_text(part, whole, places)) >= 100) == (part >= whole)
