"""Closing, spot check, re-visit and reopening."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.campaigns import CampaignRules
from gengdi_desktop.domain.choices import InPlace, ProblemKind, RevisitOutcome, SpotCheckOutcome
from gengdi_desktop.domain.outcomes import ClosingRecord, RevisitRecord, SpotCheckRecord
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts
from gengdi_desktop.domain.states import DoneRule, State
from tests.helpers.plots import codes, context, done, mu, plot

HOUSE = plot(State.COUNTY_ACCEPTED, problem_kind=ProblemKind.NON_FARM)
HANDLED: dict[str, Any] = {"person_handled": "已批评教育", "demolished": "到位"}
HANDLED |= {"confiscated": "不涉及", "referred": "不涉及"}


def test_a_plot_is_struck_off_with_day_document_and_closer() -> None:
    outcome = done("close", plot(State.COUNTY_ACCEPTED))
    assert (outcome.plot.state, outcome.plot.round.closed_on) == (State.CLOSED, date(2023, 8, 20))
    assert outcome.records == (ClosingRecord(date(2023, 8, 20), "销〔2023〕1号", "王秀英"),)


def test_the_county_may_let_the_township_close() -> None:
    assert list(codes("close", plot(State.ACCEPTED))) == ["wrong_state"]
    early = context(rules=CampaignRules(close_rule=DoneRule.ACCEPTED))
    assert done("close", plot(State.ACCEPTED), early).plot.state is State.CLOSED
    assert done("close", plot(State.COUNTY_ACCEPTED), early).plot.state is State.CLOSED


def test_a_building_is_closed_only_with_matter_and_person_dealt_with() -> None:
    assert list(codes("close", HOUSE)) == ["person_handled", "demolished", "confiscated", "referred"]
    closed = done("close", HOUSE, case_number="立1号", **HANDLED).plot
    assert (closed.person_handled, closed.case_number) == ("已批评教育", "立1号")
    assert (closed.demolished, closed.confiscated, closed.referred) == (
        InPlace.DONE,
        InPlace.NOT_CONCERNED,
        InPlace.NOT_CONCERNED,
    )


def test_what_was_said_before_need_not_be_said_again() -> None:
    known = replace(
        HOUSE,
        person_handled="不涉及",
        demolished=InPlace.DONE,
        confiscated=InPlace.DONE,
        referred=InPlace.NOT_CONCERNED,
    )
    assert done("close", known).plot.person_handled == "不涉及"


@pytest.mark.parametrize("state", [State.CLAIMED, State.CLOSED])
def test_a_spot_check_is_a_record_beside_the_state(state: State) -> None:
    before = plot(state)
    outcome = done("spot_check", before, outcome="不合格", measured_area="4.9", note="仍有树根")
    assert outcome.plot == before
    assert outcome.records == (
        SpotCheckRecord(date(2023, 8, 19), "核查一组", SpotCheckOutcome.FAILED, mu("4.9"), "抽〔2023〕1号", "仍有树根"),
    )
    unmeasured = done("spot_check", before).records[0]
    assert isinstance(unmeasured, SpotCheckRecord)
    assert unmeasured.measured_area is None


def test_a_revisit_is_a_record_beside_the_state() -> None:
    outcome = done("revisit", plot(State.CLOSED), outcome="反弹", note="复种果树")
    assert outcome.plot == plot(State.CLOSED)
    assert outcome.records == (RevisitRecord(date(2023, 9, 20), RevisitOutcome.REBOUND, "复种果树"),)


def test_reopening_begins_the_next_round_and_keeps_who_and_how() -> None:
    closed: PlotFacts = plot(State.CLOSED)
    again = done("reopen", closed).plot
    facts = again.round
    assert (again.state, facts.number, facts.target, facts.buckets) == (State.WORKING, 2, mu("2"), Buckets())
    assert (facts.deadline, facts.reopened_on, facts.planned_on) == (
        date(2023, 10, 30),
        date(2023, 10, 1),
        date(2023, 10, 1),
    )
    assert (facts.measure, facts.person, facts.reopen_reason) == ("复耕", "章建平", "复种果树")
    assert (facts.claimed_by, facts.crop, facts.sown_on, facts.remaining) == ("", "", None, mu("2"))
    assert facts.not_required_reason == "复种果树"
    assert (again.statements, again.evidence) == ((), EvidenceCounts())
    assert done("reopen", closed, target="5.28").plot.round.not_required_reason == ""


def test_a_reopened_target_lies_between_nothing_and_the_issued_area() -> None:
    assert list(codes("reopen", plot(State.CLOSED), target="5.29")) == ["target_issued"]
    assert list(codes("reopen", plot(State.CLOSED), target=Area.ZERO)) == ["target_zero"]
    assert list(codes("reopen", plot(State.CLOSED), target=None)) == ["target"]
