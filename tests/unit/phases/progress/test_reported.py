"""Rows of progress sheets, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.intake.mapping import Certainty, MappedColumn
from gengdi_desktop.intake.places import Home, PlaceReader
from gengdi_desktop.phases.progress.reported import Reported, ReportReader, sheet_unit
from gengdi_desktop.sheets.cells import CellKind, SheetRow
from gengdi_desktop.sheets.headers import HeaderColumn
from gengdi_desktop.system.reference import divisions

HOME = Home("进贤县", "360124", "白圩乡", "360124209", whole_county=False)


def reader(*fields: str, unit: AreaUnit = AreaUnit.MU) -> ReportReader:
    """A reader of a sheet whose columns are these fields from the left."""
    columns = {
        name: MappedColumn(HeaderColumn(index, (name,), (), name, ""), name, Certainty.SAME)
        for index, name in enumerate(fields)
    }
    return ReportReader("表", columns, PlaceReader(HOME, divisions()), unit)


def read(cells: Mapping[str, str], kinds: str = "", struck: frozenset[int] = frozenset()) -> Reported:
    """One row; cells are texts unless ``kinds`` says otherwise."""
    texts = list(cells.values())
    row = SheetRow(7, kinds or CellKind.TEXT.value * len(texts), texts, struck=struck)
    return reader(*cells).read(row)


def test_a_full_row_is_read() -> None:
    said = read(
        {
            "village_name": "白圩村",
            "plot_no": "0012",
            "outflow_year": "2022年",
            "outflow_type": "非粮化",
            "is_true": "是",
            "need_rectify": "√",
            "verify_date": "2023.7.26",
            "build_date": "2019年5月1日",
            "occupy_use": "果园",
            "party_name": "农户（甲）",
            "verify_class": "立行立改",
            "rect_measure": "/",
            "restored_area": "１．５亩",
            "rect_method": "补办手续",
            "report_date": "2023年8月1日",
        }
    )
    assert said.refusals == said.notes == []
    assert (said.identity, said.year, said.kind) == ({"plot_no": "0012"}, 2022, ProblemKind.NON_GRAIN)
    assert (said.finding, said.rectify, said.check_date) == (Finding.TRUE, True, date(2023, 7, 26))
    assert (said.built_on, said.class_now, said.party, said.measure) == (date(2019, 5, 1), "果园", "农户（甲）", "")
    assert (said.disposal_class, said.done, said.method) == (
        DisposalClass.IMMEDIATE,
        Area(1_500_000),
        Bucket.REGULARISED,
    )
    assert (said.report_date, said.row, said.place.village) == (date(2023, 8, 1), 7, "白圩村")


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("is_true", "否", "请写明属实、误判还是合法"),
        ("is_true", "也许", "请写明属实、误判还是合法"),
        ("need_rectify", "看情况", "请写是或否"),
        ("verify_class", "马上改", "请写立行立改、"),
        ("rect_method", "拖着", "不知道算哪一种"),
        ("rect_method", "补办加举证", "不知道算哪一种"),
        ("restored_area", "2亩3分", "写的是“2亩3分”，不是面积数"),
        ("plan_deadline", "8月底", "写的是“8月底”，不是完整的日期。"),
        ("bsm", "3.60124E+17", "后几位已经丢了"),
    ],
)
def test_what_cannot_be_read_names_its_column(field: str, text: str, message: str) -> None:
    said = read({"plot_no": "1", field: text})
    assert [(trouble.column, message in trouble.message) for trouble in said.refusals] == [(1, True)]


@pytest.mark.parametrize(
    ("text", "bucket"),
    [
        ("现场整改", Bucket.RESTORED),
        ("拆除复耕", Bucket.RESTORED),
        ("举证恢复", Bucket.PROVED),
        ("完善手续", Bucket.REGULARISED),
        ("占补平衡核减", Bucket.QUOTA_OFFSET),
        ("纳入进出平衡", Bucket.INOUT_OFFSET),
        ("其它", Bucket.OTHER),
    ],
)
def test_methods_are_known_by_their_words(text: str, bucket: Bucket) -> None:
    assert read({"rect_method": text}).method is bucket


def test_areas_by_method_stand_in_their_columns() -> None:
    cells = {"restored_area": "5", "demolished_area": "2", "no_problem_area": "1", "regularised_area": "0.5"}
    said = read({**cells, "quota_deduct_area": "0.5", "inout_area": "1", "rect_target_area": "6"}, "n" * 7)
    assert (said.done, said.target) == (Area(5_000_000), Area(6_000_000))
    assert said.by_method == {
        Bucket.RESTORED: Area(2_000_000),
        Bucket.PROVED: Area(1_000_000),
        Bucket.REGULARISED: Area(500_000),
        Bucket.QUOTA_OFFSET: Area(500_000),
        Bucket.INOUT_OFFSET: Area(1_000_000),
    }


def test_errors_formulas_and_struck_cells_are_never_something_else() -> None:
    cells = {"plot_no": "1", "restored_area": "#REF!", "rect_target_area": "", "crop": "晚稻"}
    said = read(cells, "tef" + "t", frozenset({3}))
    assert [(trouble.column, trouble.code) for trouble in said.refusals] == [
        (1, "error_cell"),
        (2, "formula_without_value"),
        (3, "struck_through"),
    ]
    assert (said.done, said.target) == (None, None)


def test_the_village_above_is_filled_down() -> None:
    rows = reader("village_name", "plot_no")
    first = rows.read(SheetRow(5, "tt", ["白圩村", "1"]))
    second = rows.read(SheetRow(6, "tt", ["同上", "2"]))
    assert second.place == first.place


def test_an_unclear_day_of_occupation_is_only_told() -> None:
    said = read({"plot_no": "1", "build_date": "2020年", "change_date": "20200501"})
    assert [trouble.code for trouble in said.notes] == ["day_unclear"]
    assert said.built_on == date(2020, 5, 1)


def test_the_unit_is_that_of_all_columns_that_name_one() -> None:
    def column(unit: AreaUnit | None) -> MappedColumn:
        return MappedColumn(HeaderColumn(0, ("面积",), (), "面积", ""), "restored_area", Certainty.SAME, unit)

    assert sheet_unit([column(AreaUnit.MU), column(None)]) is AreaUnit.MU
    assert sheet_unit([column(AreaUnit.MU), column(AreaUnit.HECTARE)]) is None
    assert sheet_unit([column(None)]) is None
    said = reader("restored_area", unit=AreaUnit.SQUARE_METRE).read(SheetRow(5, "n", ["2000"]))
    assert said.done == Area(3_000_000)
