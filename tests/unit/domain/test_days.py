"""Days as offices write them."""

from __future__ import annotations

from datetime import date

import pytest

from gengdi_desktop.domain.days import day_text, read_cell_day, read_day
from gengdi_desktop.errors import RuleError


@pytest.mark.parametrize(
    "text", ["2023-08-05", "2023-8-5", "2023.8.5", "2023/8/5", "20230805", "2023年8月5日", "２０２３年 8 月 5 日"]
)
def test_full_days_are_read(text: str) -> None:
    assert read_day(text) == date(2023, 8, 5)


@pytest.mark.parametrize("text", ["2023年8月", "8月5日", "2023年8月×日", "2023-02-30", "2023", "45132", "昨天", ""])
def test_what_is_no_full_day_is_not_guessed(text: str) -> None:
    with pytest.raises(RuleError, match="不是完整的日期"):
        read_day(text)


def test_days_in_sentences_have_no_leading_zeros() -> None:
    assert day_text(date(2023, 8, 5)) == "2023年8月5日"


@pytest.mark.parametrize(
    "text", ["45143", "45143.5", "2023-08-05 00:00:00", "2023/8/5 8:30", "２０２３.8.5", "2023年8月5日"]
)
def test_days_as_table_programs_give_them_are_read(text: str) -> None:
    assert read_cell_day(text) == date(2023, 8, 5)


@pytest.mark.parametrize("text", ["7.25", "8月", "12345", "2023-08-05 上午"])
def test_a_cell_that_names_no_full_day_is_not_guessed(text: str) -> None:
    with pytest.raises(RuleError, match="不是完整的日期"):
        read_cell_day(text)
