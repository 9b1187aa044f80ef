"""Which columns may be typed into, what a text becomes there, and when a reason is asked."""

from __future__ import annotations

import pytest

from gengdi_desktop.domain.corrections import CORRECTIONS, Place
from gengdi_desktop.domain.edits import CORRECTED, EDITS, Asks, read_fact, refuse_edit, why_not
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import Refusal
from gengdi_desktop.domain.states import Bucket, Desk, State
from gengdi_desktop.system.reference import land_classes


def test_issued_facts_are_corrected_beside_and_never_typed_over() -> None:
    for fact in CORRECTIONS:
        if fact.place is Place.ISSUED:
            assert fact.key not in EDITS
            assert EDITS[CORRECTED + fact.key].operation is Operation.CORRECT
            assert EDITS[CORRECTED + fact.key].asks is Asks.ALWAYS


def test_own_facts_are_edited_in_place_and_areas_go_through_their_actions() -> None:
    assert {rule.operation for rule in EDITS.values() if rule.in_place} == {Operation.EDIT}
    assert EDITS["person"].in_place
    assert EDITS["target"].operation is Operation.PLAN
    assert {EDITS[key].operation for key in ("settled", *Bucket)} == {Operation.PROGRESS}


@pytest.mark.parametrize(
    ("key", "told"), [("state", "状态按步骤变"), ("village", "下发的内容不改"), ("remaining", "由其他列得出")]
)
def test_a_column_that_cannot_be_typed_into_says_why(key: str, told: str) -> None:
    assert told in why_not(key)
    assert why_not("person") == ""


@pytest.mark.parametrize(
    ("key", "text", "stored"),
    [
        ("person", " 罗志强 ", {"person": "罗志强"}),
        ("person", "", {"person": ""}),
        ("deadline", "2023年8月5日", {"deadline": "2023-08-05"}),
        ("deadline", " ", {"deadline": None}),
        ("disposal_class", "立行立改", {"disposal_class": "immediate"}),
        ("class_now", "0201 果园", {"class_now_system": "third_survey", "class_now": "0201", "class_now_name": "果园"}),
        ("class_now", "停车场", {"class_now_system": "", "class_now": "", "class_now_name": "停车场"}),
    ],
)
def test_a_text_becomes_what_is_stored(key: str, text: str, stored: dict[str, str | None]) -> None:
    assert read_fact(EDITS[key], text, land_classes()) == stored


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("deadline", "8月", "不是完整的日期"),
        ("disposal_class", "以后再说", "可以选"),
        ("finding", "", "不能清空"),
        ("class_now", "9999", "9999"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_for_its_column(key: str, text: str, told: str) -> None:
    refused = read_fact(EDITS[key], text, land_classes())
    assert isinstance(refused, Refusal)
    assert told in refused.message
    assert refused.field == key


def test_areas_are_no_facts() -> None:
    with pytest.raises(KeyError):
        read_fact(EDITS["settled"], "1", land_classes())


def test_what_is_closed_lets_only_remarks_in() -> None:
    assert refuse_edit(EDITS["person"], State.CLOSED, Desk.TOWNSHIP, held=False) is not None
    assert refuse_edit(EDITS["remark"], State.CLOSED, Desk.TOWNSHIP, held=False) is None
    assert refuse_edit(EDITS["person"], State.WORKING, Desk.TOWNSHIP, held=True) is None
    held = refuse_edit(EDITS["settled"], State.WORKING, Desk.TOWNSHIP, held=True)
    assert held is not None
    assert held.code == "held"


def test_a_finding_waits_for_the_self_check() -> None:
    refused = refuse_edit(EDITS["finding"], State.ISSUED, Desk.TOWNSHIP, held=False)
    assert refused is not None
    assert refused.code == "not_checked"
    assert refuse_edit(EDITS["finding"], State.CHECKED, Desk.TOWNSHIP, held=False) is None


def test_a_reason_is_asked_where_others_rely_on_the_value() -> None:
    assert not EDITS["person"].asks_reason(State.WORKING, "罗志强")
    assert EDITS["person"].asks_reason(State.CLAIMED, "罗志强")
    assert not EDITS["finding"].asks_reason(State.CHECKED, "")
    assert EDITS["finding"].asks_reason(State.CHECKED, "true")
