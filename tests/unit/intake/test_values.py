"""Cells as clerks write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.domain.areas import AreaUnit, read_area
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.intake import values
from gengdi_desktop.intake.values import CellTrouble
from gengdi_desktop.sheets.cells import CellKind

T, N, D, H = CellKind.TEXT, CellKind.NUMBER, CellKind.DATE, CellKind.TIME


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        (T, " 0012 ", "0012"),
        (T, "００１２", "0012"),
        (T, "'0012", "0012"),
        (T, "SJBG 001", "SJBG001"),
        (N, "12", "12"),
        (N, "123456789012345", "123456789012345"),
        (T, "360124100205000000", "360124100205000000"),
        (T, "/", ""),
        (T, "—", ""),
    ],
)
def test_identifiers_are_texts(kind: CellKind, text: str, read: str) -> None:
    assert values.identifier(kind, text) == read


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (N, "1234567890123456", "identifier_damaged"),
        (N, "360124100205000000", "identifier_damaged"),
        (T, "3.6E+17", "identifier_damaged"),
        (T, "3.60124E+17", "identifier_damaged"),
        (T, "３.6e+17", "identifier_damaged"),
        (N, "12.5", "identifier_decimal"),
        (D, "2023-01-02", "identifier_is_date"),
    ],
)
def test_identifiers_that_table_programs_destroyed_are_not_mended(kind: CellKind, text: str, code: str) -> None:
    with pytest.raises(CellTrouble) as caught:
        values.identifier(kind, text)
    assert caught.value.code == code


def test_what_is_wrong_reads_on_behind_the_title_and_the_value() -> None:
    cells: list[tuple[Callable[[], object], str]] = [
        (lambda: values.day(T, "7.25"), "“7.25”，不是完整的日期。"),
        (lambda: values.area(T, "2亩3分", AreaUnit.MU), "“2亩3分”，不是面积数。是不是 2.30 亩？"),
        (lambda: values.area(T, "约3亩", AreaUnit.MU), "“约3亩”，只是约数，请填写准确的面积。"),
        (lambda: values.year(T, "去年"), "“去年”，不是年份，请填 2022 这样的四位数。"),
        (
            lambda: values.identifier(N, "12.5"),
            "“12.5”，在表格软件里成了小数，末尾的 0 可能已丢。请按原编号改成文本格式。",
        ),
    ]
    for read, told in cells:
        with pytest.raises(CellTrouble) as caught:
            read()
        assert caught.value.message == told


def test_free_texts_keep_the_punctuation_of_their_writer() -> None:
    assert (
        values.free_text("　清理果树，复种（晚稻）；８月底前完成：见附件。 ")
        == "清理果树，复种（晚稻）；８月底前完成：见附件。"
    )
    assert values.plain("０７９１－８５６７") == "0791-8567"


def test_a_damaged_number_is_shown_as_the_clerk_sees_it() -> None:
    with pytest.raises(CellTrouble, match=r"3\.60124E\+17"):
        values.identifier(N, "360124100205000000")


@pytest.mark.parametrize(
    ("text", "unit", "micro", "own"),
    [
        ("12.5", AreaUnit.MU, 12_500_000, AreaUnit.MU),
        ("１２．５", AreaUnit.MU, 12_500_000, AreaUnit.MU),
        ("1,234.5", AreaUnit.MU, 1_234_500_000, AreaUnit.MU),
        ("12.5亩", AreaUnit.SQUARE_METRE, 12_500_000, AreaUnit.MU),
        ("0.01", AreaUnit.SQUARE_METRE, 15, AreaUnit.SQUARE_METRE),
        ("666.67", AreaUnit.SQUARE_METRE, 1_000_005, AreaUnit.SQUARE_METRE),
        ("0.00", AreaUnit.MU, 0, AreaUnit.MU),
        (".5", AreaUnit.MU, 500_000, AreaUnit.MU),
        ("0.0000005", AreaUnit.MU, 1, AreaUnit.MU),
        ("0.0000004", AreaUnit.MU, 0, AreaUnit.MU),
        ("1.5", AreaUnit.HECTARE, 22_500_000, AreaUnit.HECTARE),
    ],
)
def test_areas(text: str, unit: AreaUnit, micro: int, own: AreaUnit) -> None:
    cell = values.area(T, text, unit)
    assert cell is not None
    assert (cell.micro_mu, cell.unit) == (micro, own)


@given(
    st.decimals(min_value=0, max_value=10**6, places=None, allow_nan=False, allow_infinity=False),
    st.sampled_from(AreaUnit),
)
def test_the_quick_way_to_read_an_area_is_the_same_as_the_careful_one(number: Decimal, unit: AreaUnit) -> None:
    text = format(number, "f")[:40].rstrip(".")
    careful = read_area(text, unit)
    quick = values.plain_area(text, unit.micro_mu)
    assert quick == careful.area.micro_mu or (quick is None and (careful.rounded or len(text.partition(".")[2]) > 15))


@pytest.mark.parametrize("text", ["/", "——", "无", ""])
def test_cells_that_say_nothing(text: str) -> None:
    assert values.area(T, text, AreaUnit.MU) is None
    assert values.day(T, text) is None
    assert values.year(T, text) is None


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        (D, "2023-07-25", date(2023, 7, 25)),
        (D, "2023-07-25 08:30:00", date(2023, 7, 25)),
        (T, "2023.7.25", date(2023, 7, 25)),
        (T, "2023-7-25", date(2023, 7, 25)),
        (T, "2023/7/25", date(2023, 7, 25)),
        (T, "20230725", date(2023, 7, 25)),
        (N, "20230725", date(2023, 7, 25)),
        (T, "2023年7月25日", date(2023, 7, 25)),
        (N, "45132", date(2023, 7, 25)),
        (T, "45132", date(2023, 7, 25)),
        (T, "２０２３年７月２５日", date(2023, 7, 25)),
    ],
)
def test_every_habit_of_dates(kind: CellKind, text: str, read: date) -> None:
    assert values.day(kind, text) == read


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (T, "2023年8月×日"),
        (T, "7月25日"),
        (T, "2023.7"),
        (T, "2023年12月"),
        (T, "2020年"),
        (H, "08:30:00"),
        (T, "2023-02-30"),
    ],
)
def test_what_names_no_full_day_is_no_day(kind: CellKind, text: str) -> None:
    with pytest.raises(CellTrouble) as caught:
        values.day(kind, text)
    assert caught.value.code == "day_unclear"


@pytest.mark.parametrize("text", ["2022", "2022年", "2022年度", "２０２２"])
def test_years(text: str) -> None:
    assert values.year(T, text) == 2022


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("非农化", ProblemKind.NON_FARM),
        ("耕地非粮化", ProblemKind.NON_GRAIN),
        ("撂荒", ProblemKind.ABANDONED),
        ("占用", None),
    ],
)
def test_problem_kinds(text: str, kind: ProblemKind | None) -> None:
    assert values.problem_kind(text) is kind


@pytest.mark.parametrize(
    ("code", "name", "pair"),
    [
        ("0101", "水田", ("0101", "水田")),
        ("", "0101 水田", ("0101", "水田")),
        ("", "水田（0101）", ("0101", "水田")),
        ("", "水田", ("", "水田")),
        ("", "1104A", ("1104A", "")),
        ("0201果园", "", ("0201", "果园")),
        ("/", "—", ("", "")),
    ],
)
def test_codes_and_names_of_classes_are_taken_apart(code: str, name: str, pair: tuple[str, str]) -> None:
    assert values.class_pair(code, name) == pair
