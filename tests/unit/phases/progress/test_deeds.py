"""What a reported row does to a plot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import DisposalClass, Finding
from gengdi_desktop.domain.outcomes import ProgressRecord
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import Bucket, State
from gengdi_desktop.intake.places import Place
from gengdi_desktop.phases.progress.deeds import RowDeeds, SheetRules, deeds
from gengdi_desktop.phases.progress.reported import Reported, Trouble
from tests.helpers.plots import context, mu, plot

DAY = date(2023, 8, 12)
HERE = Place("进贤县", "白圩乡", "", "白圩", "", "")
CHECK: dict[str, Any] = {
    "finding": Finding.TRUE,
    "class_now": "果园",
    "party": "农户",
    "cause": "改种",
    "rectify": True,
}
PLAN: dict[str, Any] = {"measure": "复种", "person": "章建平", "deadline": date(2023, 8, 30)}
ALL_COLUMNS = {"verify_class": 9, "outflow_reason": 8}


def row(said: dict[str, Any], facts: PlotFacts, **rules: Any) -> RowDeeds:
    """Do a row on the usual day in a sheet that has all columns."""
    reported = Reported("表", 7, HERE, **{"columns": ALL_COLUMNS, **said})
    return deeds(reported, facts, context(), SheetRules(**{"on_date": DAY, **rules}))


def codes(found: RowDeeds) -> list[str]:
    """Why the row is refused."""
    assert found.outcomes == [] or not found.refusals
    return [trouble.code for trouble in found.refusals]


def working(**buckets: Area) -> PlotFacts:
    """A plot that is being worked on."""
    return plot(State.WORKING, settle={"buckets": Buckets(**buckets)}, class_now_name="果园")


def test_the_actions_are_done_in_order() -> None:
    found = row({**CHECK, **PLAN, "disposal_class": DisposalClass.IMMEDIATE, "done": mu("2")}, plot(State.ISSUED))
    assert codes(found) == []
    assert [outcome.plot.state for outcome in found.outcomes] == [State.CHECKED, State.PLANNED, State.WORKING]
    assert found.facts.checked_on == found.facts.round.planned_on == DAY
    record = found.outcomes[2].records[0]
    assert isinstance(record, ProgressRecord)
    assert record.source == "sheet"


def test_a_refused_action_refuses_the_whole_row() -> None:
    before = plot(State.ISSUED)
    found = row({**CHECK, **PLAN, "done": mu("9")}, before)
    assert codes(found) == ["missing"]
    assert (found.outcomes, found.facts) == ([], before)
    assert "缺处置类别" in found.refusals[0].message


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (date(2023, 9, 11), DisposalClass.SHORT_TERM),
        (date(2023, 9, 12), DisposalClass.MEDIUM_TERM),
        (date(2024, 3, 1), DisposalClass.LONG_TERM),
    ],
)
def test_a_sheet_without_disposal_classes_goes_by_time_and_says_so(deadline: date, expected: DisposalClass) -> None:
    found = row({**PLAN, "deadline": deadline, "columns": {}}, plot(State.CHECKED))
    assert found.facts.round.disposal_class is expected
    assert [note.code for note in found.notes] == ["class_by_time"]


def test_only_what_differs_is_done() -> None:
    planned = row({**CHECK, **PLAN, "disposal_class": DisposalClass.IMMEDIATE}, plot(State.ISSUED)).facts
    same = row({**CHECK, **PLAN, "disposal_class": DisposalClass.IMMEDIATE, "target": mu("5.28")}, planned)
    assert (same.outcomes, same.refusals) == ([], [])
    leader = row({"responsible_leader": "李建国"}, planned)
    assert leader.facts.responsible_leader == "李建国"
    smaller = row({"target": mu("5"), "remark": "田埂"}, planned)
    assert (smaller.facts.round.target, smaller.facts.round.not_required_reason) == (mu("5"), "田埂")
    assert row({"target": mu("5")}, planned).facts.round.not_required_reason == "表内未列"


def test_width_and_blanks_are_no_difference() -> None:
    known = plot(State.WORKING, cause="改种，未批", party="农户（甲）", class_now_name="种了桃树")
    assert row({"cause": "改种,未批", "party": "农户(甲) ", "class_now": "种了 桃树"}, known).refusals == []
    assert codes(row({"party": "农户（乙）"}, known)) == ["check_differs"]


def test_a_plan_of_the_issued_list_counts_once_the_plot_is_checked() -> None:
    listed = plot(State.ISSUED, settle=PLAN)
    assert row(PLAN, listed).outcomes == []
    found = row({**CHECK, **PLAN, "disposal_class": DisposalClass.PROOF}, listed)
    assert [outcome.plot.state for outcome in found.outcomes] == [State.CHECKED, State.PLANNED]


def test_a_check_takes_what_the_row_leaves_out_from_the_plot() -> None:
    known = plot(State.CHECKED, cause="改种", party="农户", class_now_name="果园", checked_on=date(2023, 7, 25))
    found = row({"rectify": False}, replace(known, finding=Finding.TRUE))
    assert codes(found) == []
    assert (found.facts.rectify, found.facts.cause, found.facts.checked_on) == (False, "改种", date(2023, 7, 25))


def test_a_cause_column_that_is_empty_is_missing_and_no_column_is_told() -> None:
    without = {key: value for key, value in CHECK.items() if key != "cause"}
    assert codes(row(without, plot(State.ISSUED))) == ["missing"]
    found = row({**without, "columns": {}}, plot(State.ISSUED))
    assert (found.facts.cause, [note.code for note in found.notes]) == ("表内未列", ["cause_not_in_sheet"])


def test_what_cannot_be_a_class_is_refused() -> None:
    assert codes(row({**CHECK, "class_now": "9999"}, plot(State.ISSUED))) == ["class_now"]


def test_without_a_day_nothing_is_dated() -> None:
    assert codes(row(CHECK, plot(State.ISSUED), on_date=None)) == ["date_missing"]
    assert codes(row({"done": mu("1")}, working(), on_date=None)) == ["date_missing"]
    assert codes(row({"done": Area.ZERO}, working(), on_date=None)) == []
    own_day = row({"done": mu("1"), "report_date": date(2023, 8, 3)}, working(), on_date=None)
    assert own_day.facts.statements[0].event_date == date(2023, 8, 3)


def test_an_area_without_a_method_was_restored() -> None:
    assert row({"done": mu("2")}, working()).facts.round.buckets == Buckets(restored=mu("2"))
    # 已整改面积 is the sum of all methods: what papers have settled is part of it.
    both = row({"done": mu("3")}, working(proved=mu("1"))).facts.round.buckets
    assert both == Buckets(restored=mu("2"), proved=mu("1"))


def test_an_area_with_its_method_goes_there() -> None:
    assert row({"done": mu("2"), "method": Bucket.REGULARISED}, working()).facts.round.buckets == Buckets(
        regularised=mu("2")
    )
    by_column = row({"done": mu("3"), "by_method": {Bucket.INOUT_OFFSET: mu("1")}}, working()).facts.round.buckets
    assert by_column == Buckets(restored=mu("2"), inout_offset=mu("1"))
    only = row({"by_method": {Bucket.PROVED: mu("1")}}, working(restored=mu("1"))).facts.round.buckets
    assert only == Buckets(restored=mu("1"), proved=mu("1"))
    assert codes(row({"done": mu("1"), "by_method": {Bucket.PROVED: mu("2")}}, working())) == ["done_below_methods"]


def test_a_smaller_sum_is_asked_about_whatever_the_methods() -> None:
    settled = working(restored=mu("1"), proved=mu("3"))
    assert codes(row({"done": mu("2")}, settled)) == ["smaller"]
    confirmed = row({"done": mu("2")}, settled, accept_smaller=True)
    assert confirmed.facts.round.buckets == Buckets(restored=mu("2"))


def test_a_crop_alone_is_a_statement_of_what_stands() -> None:
    found = row({"crop": "晚稻", "sown_on": date(2023, 8, 3)}, working(restored=mu("2")))
    assert found.facts.round.buckets == Buckets(restored=mu("2"))
    assert found.facts.round.sown_on == date(2023, 8, 3)
    assert row({"crop": "大豆"}, working()).outcomes == []


def test_a_row_with_an_unreadable_cell_does_nothing() -> None:
    found = row({**CHECK, "refusals": [Trouble(3, "x", "看不懂")]}, plot(State.ISSUED))
    assert (codes(found), found.outcomes) == (["x"], [])
