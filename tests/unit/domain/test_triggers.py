"""The limits of a county and what is measured against them, to the day and to the exact area."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.triggers import Trigger, even_pace, points_behind, trigger_limits
from gengdi_desktop.errors import RuleError

FIRST, LAST = date(2023, 7, 29), date(2023, 8, 25)


@pytest.mark.parametrize(
    ("today", "share"),
    [
        (date(2023, 7, 28), Fraction(0)),
        (FIRST, Fraction(1, 28)),
        (date(2023, 8, 11), Fraction(1, 2)),
        (date(2023, 8, 24), Fraction(27, 28)),
        (LAST, Fraction(1)),
        (date(2024, 1, 1), Fraction(1)),
    ],
)
def test_an_even_pace_counts_both_ends(today: date, share: Fraction) -> None:
    assert even_pace(FIRST, LAST, today) == share


def test_days_that_stand_the_wrong_way_round_ask_for_all() -> None:
    assert even_pace(LAST, FIRST, LAST) == 1
    assert even_pace(LAST, FIRST, date(2023, 7, 1)) == 0
    assert even_pace(FIRST, FIRST, FIRST) == 1


def test_points_are_exact_and_nothing_is_never_behind() -> None:
    third, whole = Area.parse("1"), Area.parse("3")
    assert points_behind(Fraction(1, 2), third, whole) == Fraction(50, 3)
    assert points_behind(Fraction(0), third, whole) == Fraction(-100, 3)
    assert points_behind(Fraction(1), Area.ZERO, Area.ZERO) == 0


def test_what_is_left_out_is_not_judged() -> None:
    found = trigger_limits({"behind_points": 20, "unlawful_mu": "66.6", "source": " 进府办字〔2023〕50号 "})
    assert found.judged == (Trigger.BEHIND, Trigger.UNLAWFUL)
    assert (found.behind_points, found.new_outflow, found.unlawful) == (20, None, Area.parse("66.6"))
    assert found.source == "进府办字〔2023〕50号"
    assert trigger_limits({}).judged == ()
    assert trigger_limits({"behind_points": 0, "new_outflow_mu": 0}).judged == (Trigger.BEHIND, Trigger.NEW_OUTFLOW)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"behind": 20}, "不认识“limits.behind”"),
        ({"behind_points": 101}, "0 到 100 的整数"),
        ({"behind_points": -1}, "0 到 100 的整数"),
        ({"behind_points": True}, "0 到 100 的整数"),
        ({"behind_points": "20"}, "0 到 100 的整数"),
        ({"new_outflow_mu": 66.6}, "带引号的小数"),
        ({"new_outflow_mu": "很多"}, "带引号的小数"),
        ({"unlawful_mu": "-1"}, "带引号的小数"),
        ({"unlawful_mu": -1}, "带引号的小数"),
        ({"unlawful_mu": True}, "带引号的小数"),
        ({"source": 3}, "“limits.source”要写成文字"),
    ],
)
def test_what_cannot_be_a_limit_is_refused_by_name(table: dict[str, object], told: str) -> None:
    with pytest.raises(RuleError, match=told) as refusal:
        trigger_limits(table)
    assert refusal.value.code == "bad_limits"
