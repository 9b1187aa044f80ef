"""Figures and days as people read and type them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.ui import words
from gengdi_desktop.ui.widgets.progress_card import how_far, time_left

TODAY = date(2023, 8, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8-17", date(2023, 8, 17)),
        ("8.17", date(2023, 8, 17)),
        ("8月17日", date(2023, 8, 17)),
        (" 2023年8月17日 ", date(2023, 8, 17)),
        ("2023/8/7", date(2023, 8, 7)),
        ("22-12-1", date(2022, 12, 1)),
        ("20230817", date(2023, 8, 17)),
        ("2-30", None),
        ("昨天", None),
        ("8", None),
        ("", None),
    ],
)
def test_days_are_read_in_any_habit(text: str, day: date | None) -> None:
    assert words.read_day(text, TODAY) == day


def test_days_are_shown_short_in_columns_and_long_in_sentences() -> None:
    assert words.day(date(2023, 8, 7)) == "2023年8月7日"
    assert words.short_day(date(2023, 8, 7), TODAY) == "8-07"
    assert words.short_day(date(2022, 8, 7), TODAY) == "2022-8-07"
    assert words.day(None) == words.short_day(None) == "—"


def test_moments_are_local_and_today_is_said() -> None:
    at = datetime(2023, 8, 20, 4, 5, tzinfo=UTC)
    local = at.astimezone()
    assert words.moment(at, local.date()) == f"今天 {local:%H:%M}"
    assert words.moment(at, date(2023, 9, 1)) == f"{local.month}月{local.day}日 {local:%H:%M}"
    assert words.moment(at, date(2024, 9, 1)).startswith("2023年")


def test_areas_have_two_decimals_and_thousands() -> None:
    assert words.mu(Area.parse("1234.565")) == "1,234.57"
    assert words.mu(Area.ZERO) == "0.00"
    assert words.mu(Area(-1_500_000)) == "-1.50"


def test_villages_are_summed_up() -> None:
    assert words.some_of(["连桥村", "白圩村", "连桥村"]) == "连桥村、白圩村"
    assert words.some_of(["连桥村", "白圩村", "致岭村"]) == "连桥村等 3 村"


def test_file_sizes_are_short() -> None:
    assert words.file_size(1) == "1 KB"
    assert words.file_size(1_300_000) == "1.2 MB"


def test_time_left_is_told_only_when_somebody_can_know() -> None:
    assert time_left(1, 100, 1.0) == ""
    assert time_left(4, 100, 10.0) == ""
    assert time_left(50, 100, 40.0) == "大约还要 40 秒"
    assert time_left(10, 100, 60.0) == "大约还要 9 分钟"
    assert time_left(0, 0, 60.0) == ""
    assert how_far(198, 1318, "张") == "198 / 1,318 张"


def test_figures_of_a_sentence_are_written_as_on_every_screen() -> None:
    told = "共2220个、3980.79亩，与各村合计、下发清单相等。"
    assert words.figures(told) == "共 2,220 个、3,980.79 亩，与各村合计、下发清单相等。"
    assert words.figures("“2023年清单”所列合计1234567个，相差-1000.000001亩") == (
        "“2023年清单”所列合计 1,234,567 个，相差-1,000.000001 亩"
    )
    assert words.figures("逐行相加 12 个，没有 2220 行") == "逐行相加 12 个，没有 2220 行"
