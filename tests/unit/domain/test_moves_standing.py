"""Waiting, taking off the task, correcting and remarking."""

from __future__ import annotations

from datetime import date

import pytest

from gengdi_desktop.domain.choices import HoldKind, InPlace, ProblemKind
from gengdi_desktop.domain.corrections import CORRECTIONS, Place, correction_of
from gengdi_desktop.domain.moves_standing import correct
from gengdi_desktop.domain.outcomes import (
    CancellationRecord,
    CorrectionRecord,
    HoldRecord,
    NoteRecord,
    ReleaseRecord,
    RestorationRecord,
)
from gengdi_desktop.domain.states import State
from gengdi_desktop.domain.values import Values
from tests.helpers.plots import TODAY, codes, context, done, plot

ISSUED = {"village": "白圩村", "plot_area": "5.28", "outflow_year": "2022", "group_name": ""}


def test_a_deferred_plot_waits_by_a_document_of_a_day() -> None:
    outcome = done("hold", plot(State.WORKING), reason="待批")
    assert outcome.plot.held
    assert outcome.plot.state is State.WORKING
    assert outcome.records == (HoldRecord(HoldKind.DEFERRED, date(2023, 8, 1), "缓〔2023〕1号", "", "待批"),)
    assert list(codes("hold", plot(State.WORKING), document_number=None, date=None)) == ["document_number", "date"]


def test_a_disputed_plot_waits_for_its_parties() -> None:
    assert list(codes("hold", plot(State.WORKING), kind="争议")) == ["parties"]
    record = done("hold", plot(State.WORKING), kind="争议", parties="甲、乙", date=None).records[0]
    assert isinstance(record, HoldRecord)
    assert (record.parties, record.on_date) == ("甲、乙", TODAY)


def test_a_plot_waits_once_and_goes_on_from_where_it_was() -> None:
    held = plot(State.WORKING, held=True)
    assert list(codes("release", plot(State.WORKING))) == ["not_held"]
    outcome = done("release", held, date="2023-08-09")
    assert not outcome.plot.held
    assert outcome.records == (ReleaseRecord(date(2023, 8, 9)),)
    assert list(codes("hold", held)) == ["held"]


@pytest.mark.parametrize("state", [s for s in State if s not in {State.CLOSED, State.CANCELLED, State.SPLIT}])
def test_a_cancelled_plot_comes_back_to_where_it_was(state: State) -> None:
    outcome = done("cancel", plot(state), reason="重点项目")
    assert (outcome.plot.state, outcome.plot.state_before) == (State.CANCELLED, state)
    assert outcome.records == (CancellationRecord(TODAY, "核〔2023〕1号", state, "重点项目"),)
    back = done("restore", outcome.plot)
    assert back.plot == plot(state)
    assert back.records == (RestorationRecord(TODAY, "核〔2023〕2号"),)


def test_a_plot_that_came_cancelled_begins_as_issued() -> None:
    assert done("restore", plot(State.CANCELLED, state_before=None)).plot.state is State.ISSUED


def test_a_remark_and_a_file_change_no_fact() -> None:
    before = plot(State.SPLIT)
    assert done("note", before).records == (NoteRecord(TODAY, "村里已通知"),)
    assert done("note", before).plot == done("attach", before).plot == before


def test_our_own_facts_are_corrected_in_place() -> None:
    outcome = done("correct", plot(State.CLAIMED, cause="改种果树"))
    assert outcome.plot.cause == "改种茶树"
    assert outcome.records == (CorrectionRecord(TODAY, "cause", "改种果树", "改种茶树", "记错了", ""),)


@pytest.mark.parametrize(
    ("field", "value", "attribute", "stored"),
    [
        ("问题类型", "撂荒", "problem_kind", ProblemKind.ABANDONED),
        ("built_on", "2019年5月1日", "built_on", date(2019, 5, 1)),
        ("demolished", "到位", "demolished", InPlace.DONE),
        ("grid_chief", " 章建平 ", "grid_chief", "章建平"),
    ],
)
def test_corrected_values_are_typed(field: str, value: str, attribute: str, stored: object) -> None:
    assert getattr(done("correct", plot(State.PLANNED), field=field, value=value).plot, attribute) == stored


@pytest.mark.parametrize(
    ("field", "value", "stored"), [("sown_on", "2023.8.11", date(2023, 8, 11)), ("person", "罗志华", "罗志华")]
)
def test_facts_of_the_round_are_corrected_in_place(field: str, value: str, stored: object) -> None:
    assert getattr(done("correct", plot(State.ACCEPTED), field=field, value=value).plot.round, field) == stored


@pytest.mark.parametrize(
    ("value", "expected"), [("茶园", ("third_survey", "0202", "茶园")), ("种了桃树", ("", "", "种了桃树"))]
)
def test_a_corrected_class_keeps_its_system(value: str, expected: tuple[str, str, str]) -> None:
    before = plot(State.CHECKED, class_now="", class_now_name="果木")
    outcome = done("correct", before, field="class_now", value=value)
    after = outcome.plot
    assert (after.class_now_system, after.class_now, after.class_now_name) == expected
    record = outcome.records[0]
    assert isinstance(record, CorrectionRecord)
    assert (record.old_value, record.new_value) == ("果木", expected[1] or expected[2])


def test_an_issued_value_stays_with_the_correction_beside_it() -> None:
    listed = plot(State.CHECKED, issued=ISSUED)
    assert list(codes("correct", listed, field="village", value="岚湖村")) == ["document_number"]
    outcome = done("correct", listed, field="village", value="岚湖村", document_number="更1号")
    assert outcome.plot == listed
    assert outcome.records == (CorrectionRecord(TODAY, "village", "白圩村", "岚湖村", "记错了", "更1号"),)


def test_what_the_list_left_empty_is_filled_in_without_a_document() -> None:
    outcome = done("correct", plot(State.CHECKED, issued=ISSUED), field="group_name", value="三组")
    assert outcome.plot.issued["group_name"] == "三组"
    assert done("correct", plot(State.CHECKED), field="流出年度", value="2021年").plot.issued == {
        "outflow_year": "2021"
    }


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("plot_area", "两亩", "area_not_a_number"),
        ("built_on", "2019年", "day_unclear"),
        ("outflow_year", "二二年", "year_unclear"),
        ("outflow_year", "1023", "year_unclear"),
        ("problem_kind", "非农", "not_a_choice"),
        ("class_now", "9999", "class_now"),
        ("plot_area", "5.280000", "same_value"),
        ("state", "closed", "not_a_choice"),
    ],
)
def test_a_value_must_be_readable_new_and_allowed(field: str, value: str, code: str) -> None:
    assert list(codes("correct", plot(State.CHECKED, issued=ISSUED), field=field, value=value)) == [code]


def test_the_area_of_a_split_parent_is_never_corrected() -> None:
    split = plot(State.SPLIT, issued=ISSUED)
    assert list(codes("correct", split, field="plot_area", value="5", document_number="1")) == ["split_area"]
    assert done("correct", split, field="village", value="岚湖村", document_number="1").plot == split


def test_a_correction_without_its_value_is_only_told_so() -> None:
    assert list(codes("correct", plot(State.CHECKED), value=None)) == ["value"]


def test_a_correction_that_no_guard_has_seen_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        correct(plot(State.CHECKED), Values({"field": "nothing", "value": "x"}), context())


def test_every_correction_names_a_fact_that_plots_have() -> None:
    facts = plot(State.WORKING)
    for fact in CORRECTIONS:
        assert correction_of(fact.key) is fact
        if fact.place is not Place.ISSUED:
            assert hasattr(facts if fact.place is Place.PLOT else facts.round, fact.key)
    assert correction_of("state") is None
