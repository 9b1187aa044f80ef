"""Totals of sheets beside their rows, and split plots beside their children."""

from __future__ import annotations

import pytest

from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.intake.mapping import Certainty, MappedColumn
from gengdi_desktop.intake.places import Place
from gengdi_desktop.intake.readings import SPLIT_CHILD, SPLIT_PARENT, Reading, Trouble
from gengdi_desktop.intake.splits import join_splits, refuse_families
from gengdi_desktop.intake.totals import StatedTotal, TotalsOfSheet
from gengdi_desktop.sheets.cells import SheetRow
from gengdi_desktop.sheets.headers import HeaderColumn, RowRole

MU = 1_000_000


def _totals(*steps: int | tuple[RowRole, str] | None) -> list[StatedTotal]:
    """Areas of data rows in mu, and total rows with the texts of their cells."""
    column = MappedColumn(HeaderColumn(1, ("面积",), (), "面积", "亩"), "plot_area", Certainty.SAME, AreaUnit.MU)
    totals = TotalsOfSheet("清单", {"plot_area": column}, "plot_area")
    for number, step in enumerate(steps, 1):
        if isinstance(step, tuple):
            texts = step[1].split("|")
            totals.total_row(step[0], SheetRow(number, "t" * len(texts), texts))
        else:
            totals.add(None if step is None else step * MU)
    return totals.stated()


@pytest.mark.parametrize(
    ("cells", "count", "area"),
    [
        ("合计|3", None, "3"),
        ("合计|3|2个", 2, "3"),
        ("合计2宗|3", 2, "3"),
        ("总计（2）|3.00", 2, "3"),
        ("合计|", None, None),
        ("合计|约三", None, None),
    ],
)
def test_what_a_total_row_states(cells: str, count: int | None, area: str | None) -> None:
    (total,) = _totals(1, 2, (RowRole.TOTAL, cells))
    assert (total.count, total.area) == (count, None if area is None else Area.parse(area))
    assert (total.counted, total.summed, total.holds) == (2, Area.parse("3"), True)


def test_totals_that_do_not_hold_say_by_how_much() -> None:
    (count,) = _totals(1, 2, (RowRole.TOTAL, "合计|3|3个"))
    (area,) = _totals(1, 2, (RowRole.TOTAL, "合计|3.5"))
    assert (count.problem().code, area.problem().code) == ("sheet_count_differs", "sheet_area_differs")
    assert "相差 0.50 亩" in area.problem().message
    assert (area.problem().row, area.problem().column) == (3, "B")


def test_an_area_that_cannot_be_read_explains_a_difference() -> None:
    (total,) = _totals(1, None, (RowRole.TOTAL, "合计|3"))
    assert total.holds
    assert not total.agrees
    assert total.rounding() is None


def test_a_difference_that_rounding_explains_holds_but_is_told() -> None:
    (exact,) = _totals(1, 2, (RowRole.TOTAL, "合计|3"))
    assert (exact.agrees, exact.rounding()) == (True, None)
    (near,) = _totals(1, 2, (RowRole.TOTAL, "合计|3.01"))
    assert (near.holds, near.agrees) == (True, False)
    told = near.rounding()
    assert told is not None
    assert told.code == "sheet_area_rounding"
    assert "3.01 亩" in told.message
    assert "少 0.01 亩" in told.message


def test_sub_totals_stand_below_or_above_their_rows() -> None:
    below = _totals(1, 2, (RowRole.SUBTOTAL, "小计|3"), 4, (RowRole.SUBTOTAL, "小计|4"), (RowRole.TOTAL, "合计|7"))
    above = _totals((RowRole.SUBTOTAL, "小计|3"), 1, 2, (RowRole.SUBTOTAL, "小计|4"), 4, (RowRole.TOTAL, "合计|7"))
    assert [total.holds for total in (*below, *above)] == [True] * 6


def _row(number: str, area: int, split: str = "", **said: str) -> Reading:
    reading = Reading(0, 1, Place("进贤县", "白圩乡", "", "白圩村", "", ""))
    reading.plot_no, reading.issued_area, reading.split = number, area * MU, split
    for name, value in said.items():
        setattr(reading, name, value)
    return reading


@pytest.mark.parametrize("number", ["0012-1", "12（1）", "0012_2", "12/1", "12—1"])
def test_children_find_their_parent_by_the_number_without_its_tail(number: str) -> None:
    rows = [_row("0012", 5, SPLIT_PARENT), _row(number, 5, SPLIT_CHILD)]
    assert join_splits(rows) == {1: 0}
    assert not rows[1].refusals


def test_a_parent_that_the_list_names_goes_before_the_number() -> None:
    rows = [
        _row("12", 5, SPLIT_PARENT),
        _row("13", 2, SPLIT_PARENT),
        _row("13-1", 5, SPLIT_CHILD, parent_no="12"),
        _row("13-2", 2, SPLIT_CHILD),
    ]
    assert join_splits(rows) == {2: 0, 3: 1}


def test_a_parent_without_children_and_a_child_without_a_parent_are_refused() -> None:
    rows = [_row("12", 5, SPLIT_PARENT), _row("13-1", 5, SPLIT_CHILD)]
    assert join_splits(rows) == {}
    assert [row.refusals[0].code for row in rows] == ["split_without_children", "split_parent_unclear"]


def test_a_family_is_refused_whole() -> None:
    rows = [_row("12", 5, SPLIT_PARENT), _row("12-1", 3, SPLIT_CHILD), _row("12-2", 2, SPLIT_CHILD)]
    joined = join_splits(rows)
    assert not any(row.refusals for row in rows)
    rows[2].refuse(Trouble(1, "area_missing", "没有填。"))
    refuse_families(rows, joined)
    assert [row.refusals[0].code for row in rows] == ["split_family", "split_family", "area_missing"]
