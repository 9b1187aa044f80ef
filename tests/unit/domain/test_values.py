"""Values given with an action, read by its table."""

from __future__ import annotations

from datetime import date

import pytest

from gengdi_desktop.domain.actions import ACTIONS
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Finding
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.domain.values import Value, Values, read_flag, read_values


def test_texts_and_typed_values_are_read_alike() -> None:
    rule = ACTIONS["check"]
    texts_and_values: tuple[dict[str, Value | None], ...] = (
        {"date": "2023年7月25日", "finding": " 属 实 ", "rectify": "√", "cause": " 种果树 "},
        {"date": date(2023, 7, 25), "finding": Finding.TRUE, "rectify": True, "cause": "种果树"},
    )
    for given in texts_and_values:
        values, _ = read_values(rule, given)
        assert values.day("date") == values.maybe_day("date") == date(2023, 7, 25)
        assert values.choice("finding", Finding) is values.maybe_choice("finding", Finding) is Finding.TRUE
        assert values.flag("rectify") is True
        assert values.text("cause") == "种果树"
    areas, refusals = read_values(ACTIONS["progress"], {"date": "2023-08-01", "restored": "１.５亩", "other": Area(7)})
    assert refusals == ()
    assert areas.buckets() == {Bucket.RESTORED: Area(1_500_000), Bucket.OTHER: Area(7)}
    assert areas.area("restored") == areas.maybe_area("restored") == Area(1_500_000)


def test_what_was_not_given_is_nothing() -> None:
    values = Values({})
    assert "date" not in values
    assert values.text("cause") == ""
    assert values.maybe_day("date") is None
    assert values.maybe_area("target") is None
    assert values.flag("rectify") is None
    assert values.maybe_choice("finding", Finding) is None
    with pytest.raises(KeyError):
        values.day("date")


def test_empty_texts_count_as_not_given() -> None:
    _, refusals = read_values(ACTIONS["start"], {"date": "  "})
    assert [(refusal.code, refusal.message) for refusal in refusals] == [("missing", "缺开工日期")]
    _, refusals = read_values(ACTIONS["start"], {"date": None})
    assert [refusal.field for refusal in refusals] == ["date"]


@pytest.mark.parametrize(
    ("action", "key", "value", "code", "told"),
    [
        ("start", "dates", "x", "unknown_field", "可以填的有：date"),
        ("start", "date", "8月1日", "day_unclear", "开工日期“8月1日”不是完整的日期"),
        ("start", "date", True, "wrong_kind", "开工日期要填日期"),
        ("progress", "restored", "2亩3分", "area_not_a_number", "累计现场整改“2亩3分”不是面积数"),
        ("progress", "restored", date(2023, 1, 1), "wrong_kind", "累计现场整改要填面积（亩）"),
        ("check", "rectify", "也许", "wrong_kind", "是否需要整改“也许”要填是或否"),
        ("check", "cause", Area(1), "wrong_kind", "成因要填文字"),
        ("check", "finding", "真", "not_a_choice", "核实结果没有“真”，可以选：属实、误判、合法"),
    ],
)
def test_what_cannot_be_read_is_named_once(action: str, key: str, value: Value, code: str, told: str) -> None:
    _, refusals = read_values(ACTIONS[action], {key: value})
    about = [refusal for refusal in refusals if refusal.field == key]
    assert [refusal.code for refusal in about] == [code]
    assert told in about[0].message
    assert not about[0].message.endswith("。")


def test_yes_and_no_are_read_as_clerks_write_them() -> None:
    assert [read_flag(text) for text in ("是", "√", "1", "YES", "有")] == [True] * 5
    assert [read_flag(text) for text in ("否", "×", "0", "no", "无")] == [False] * 5
    assert read_flag("？") is None
