"""What stands in a filter, and what a person's table remembers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.queries import Condition, Match
from gengdi_desktop.ui.models.filter_text import chosen_values, conditions_of, said, span_of, span_text, values_text
from gengdi_desktop.ui.models.plot_columns import BY_KEY, COLUMNS, USUAL, cell_of
from gengdi_desktop.ui.models.plot_rows import PlotRows
from gengdi_desktop.ui.models.plot_source import PlotWish
from gengdi_desktop.ui.models.table_layout import SavedView, TableHabits, TableLayout, read_habits
from tests.gui.test_table import line
from tests.helpers.plots import TODAY


def asked(key: str, text: str) -> list[tuple[object, str]]:
    """Values and comparisons that a filter means."""
    return [(one.value, one.match.name) for one in conditions_of(BY_KEY[key], text, TODAY)]


@pytest.mark.parametrize(
    ("key", "text", "meant"),
    [
        ("village", " 桥 ", [("桥", "CONTAINS")]),
        ("village", "=白圩村|连桥村", [(("白圩村", "连桥村"), "ONE_OF")]),
        ("village", "=", [(("",), "ONE_OF")]),
        ("village", "   ", []),
        ("issued_area", "5", [("5", "AT_LEAST")]),
        ("issued_area", "≥5.5", [("5.5", "AT_LEAST")]),
        ("issued_area", "<=10", [("10", "AT_MOST")]),
        ("issued_area", "5~10", [("5", "AT_LEAST"), ("10", "AT_MOST")]),
        ("issued_area", "5-10", [("5", "AT_LEAST"), ("10", "AT_MOST")]),
        ("issued_area", "=5", [("5", "AT_LEAST"), ("5", "AT_MOST")]),
        ("deadline", "8-20", [("2023-08-20", "AT_LEAST"), ("2023-08-20", "AT_MOST")]),
        ("deadline", "≤8-20", [("2023-08-20", "AT_MOST")]),
        ("deadline", "8-15~2023年8月20日", [("2023-08-15", "AT_LEAST"), ("2023-08-20", "AT_MOST")]),
        ("deadline", "=", [(("",), "ONE_OF")]),
        ("deadline", "=2023-08-15|8-16", [(("2023-08-15", "2023-08-16"), "ONE_OF")]),
        ("state", "=整改中|已申报", [(("working", "claimed"), "ONE_OF")]),
        ("state", "整", [(("working", "works_done", "contested"), "ONE_OF")]),
        ("state", "ysb", [(("claimed",), "ONE_OF")]),
        ("kind", "=（空）", [(("",), "ONE_OF")]),
        ("flags", "=超期", [(("overdue",), "ONE_OF")]),
    ],
)
def test_a_filter_says_what_people_write(key: str, text: str, meant: list[tuple[object, str]]) -> None:
    assert asked(key, text) == meant


@pytest.mark.parametrize(("key", "text"), [("issued_area", "多"), ("issued_area", "5~多"), ("deadline", "明天")])
def test_what_cannot_be_read_says_how_to_write_it(key: str, text: str) -> None:
    with pytest.raises(RuleError, match=r"没有筛选"):
        asked(key, text)


def test_the_column_of_flags_is_asked_for_by_its_marks() -> None:
    assert conditions_of(BY_KEY["flags"], "=退回", TODAY) == (Condition("marks", ("returned",), Match.ONE_OF),)


def test_chosen_values_come_back_from_their_text() -> None:
    for key, values in (("village", ("白圩村", "甲|乙村", "")), ("state", ("working", "closed"))):
        assert chosen_values(BY_KEY[key], values_text(BY_KEY[key], values)) == values
    assert chosen_values(BY_KEY["village"], "桥") is None
    for low, high in (("1", "5"), ("1", ""), ("", "5"), ("3", "3")):
        assert span_of(BY_KEY["issued_area"], span_text(low, high)) == (low, high)


def test_links_may_name_codes() -> None:
    assert said(BY_KEY["state"], "working,claimed") == "=整改中|已申报"
    assert said(BY_KEY["village"], "白圩村") == "白圩村"
    assert said(BY_KEY["state"], "=已申报") == "=已申报"


def test_every_column_shows_something_of_every_plot() -> None:
    for column in COLUMNS[1:]:
        cell = cell_of(line(3), column.key, TODAY, 3)
        assert cell.text or column.key == "flags"


# ----------------------------------------------------------------------------------------------------------- remembered


def test_habits_survive_being_kept() -> None:
    layout = TableLayout(widths={"village": 120}).chosen(["state", "village", "remark"], 2)
    wish = PlotWish({"village": "=白圩村"}, "overdue", "bx", "issued_area", ascending=False, group="village")
    habits = TableHabits(layout).with_view(SavedView("没落实的", wish, layout))
    assert read_habits(habits.as_text()) == habits
    assert habits.with_view(SavedView("没落实的", PlotWish(), layout)).views == (
        SavedView("没落实的", PlotWish(), layout),
    )
    assert habits.without_view("没落实的").views == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"views": [{}]}', '{"layout": {"columns": 3}}'])
def test_what_cannot_be_read_counts_as_never_set(text: str) -> None:
    assert read_habits(text) == TableHabits()


def test_columns_of_an_older_program_are_left_out() -> None:
    kept = '{"layout": {"columns": ["#", "village", "gone", "village", "state"], "frozen": 9, "widths": {"gone": 1}}}'
    layout = read_habits(kept).layout
    assert layout.columns == ("#", "village", "state")
    assert layout.frozen == 2
    assert layout.widths == {}
    assert TableLayout().chosen([], 2).columns == USUAL


def test_a_column_is_moved_and_hidden() -> None:
    layout = TableLayout()
    assert layout.moved("flags", "village").columns[:3] == ("#", "flags", "village")
    assert "village" not in layout.without("village").columns
    assert layout.without("village").frozen == layout.frozen - 1


# ------------------------------------------------------------------------------------------------------------ groups


def test_rows_of_groups_and_plots_find_each_other() -> None:
    from gengdi_desktop.ledger.queries import PlotGroup

    rows = PlotRows(list("abcdef"), (PlotGroup("x", 2), PlotGroup("y", 1), PlotGroup("z", 3)), {"y"})
    assert len(rows) == 8
    assert rows.ids() == ["", "a", "b", "", "", "d", "e", "f"]
    assert [rows.head_at(row) for row in range(8)] == [0, -1, -1, 1, 2, -1, -1, -1]
    for row, plot in enumerate(rows.ids()):
        assert rows.row_of(plot) == (row if plot else -1)
        assert rows.place_of(row) == ("abcdef".index(plot) if plot else -1)
    assert rows.row_of("c") == -1
    assert (rows.place_of(8), rows.place_of(-1), rows.head_at(8)) == (-1, -1, -1)


def test_days_are_read_in_the_year_of_the_ledger() -> None:
    low = conditions_of(BY_KEY["deadline"], "≥1-2", date(2025, 6, 1))
    assert low == (Condition("deadline", "2025-01-02", Match.AT_LEAST),)


def test_a_corrected_value_stands_beside_the_issued_one_which_steps_back() -> None:
    plain = line(3)
    corrected = replace(plain, corrected={"village": "岚湖村", "cultivated_area": "5.5"})
    assert cell_of(plain, "corrected_village", TODAY, 3).text == "—"
    assert cell_of(corrected, "corrected_village", TODAY, 3).text == "岚湖村"
    assert cell_of(corrected, "corrected_cultivated_area", TODAY, 3).text == "5.50"
    inks = {
        key: (cell_of(plain, key, TODAY, 3).ink, cell_of(corrected, key, TODAY, 3).ink)
        for key in ("village", "issued_area")
    }
    assert inks == {"village": ("ink", "ink3"), "issued_area": ("ink", "ink3")}
    assert cell_of(corrected, "village", TODAY, 3).text == plain.village
    assert "有更正" in cell_of(corrected, "flags", TODAY, 3).text
    assert "有更正" not in cell_of(plain, "flags", TODAY, 3).text
