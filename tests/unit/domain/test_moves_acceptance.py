"""Acceptance by township and county, four eyes, and sending back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import AcceptanceLevel, ProofKind
from gengdi_desktop.domain.outcomes import AcceptanceRecord, ProgressRecord, ReturnRecord
from gengdi_desktop.domain.plots import PlotFacts, Statement
from gengdi_desktop.domain.states import Bucket, Desk, State
from tests.helpers.plots import CLERK, LEADER, TODAY, codes, context, done, mu, plot

MIXED = Buckets(restored=mu("4"), regularised=mu("1.28"))


def claimed(**changes: object) -> PlotFacts:
    """A claimed plot with two methods."""
    return plot(State.CLAIMED, settle={"buckets": MIXED, **changes})


def contested(state: State = State.CONTESTED, **changes: object) -> PlotFacts:
    """A plot whose remainder of 3.28 mu a contest has put into ``proved``."""
    settle = {
        "buckets": Buckets(restored=mu("2"), proved=mu("3.28")),
        "contest_bucket": Bucket.PROVED,
        "contest_area": mu("3.28"),
        "contested_on": TODAY,
        "proof_kind": ProofKind.MISJUDGED,
        "proof_statement": "x",
        "proof_document": "1",
    }
    return plot(state, settle={**settle, **changes})


def test_another_person_accepts_what_was_claimed() -> None:
    outcome = done("accept", claimed())
    assert (outcome.plot.state, outcome.plot.round.accepted_on) == (State.ACCEPTED, date(2023, 8, 14))
    assert outcome.records == (
        AcceptanceRecord(AcceptanceLevel.TOWNSHIP, date(2023, 8, 14), "乡验收组", LEADER, MIXED),
    )


def test_each_claimed_method_needs_its_accepted_area() -> None:
    assert codes("accept", claimed(), as_claimed=None) == {
        "restored": "缺现场整改验收面积",
        "regularised": "缺补办验收面积",
    }
    exact = done("accept", claimed(), as_claimed="否", restored="4", regularised="1.28").plot
    assert exact.state is State.ACCEPTED


def test_more_than_claimed_is_not_accepted() -> None:
    assert codes("accept", claimed(), restored="4.000001", other="1") == {
        "over_claim": "其他验收 1.00 亩大于申报 0.00 亩"
    }


def test_less_than_claimed_cuts_the_bucket_and_sends_back_to_work() -> None:
    stated = replace(claimed(), statements=(Statement(date(2023, 8, 16), MIXED),))
    outcome = done("accept", stated, restored="3.5")
    left = Buckets(restored=mu("3.5"), regularised=mu("1.28"))
    assert (outcome.plot.state, outcome.plot.round.buckets, outcome.plot.round.remaining) == (
        State.WORKING,
        left,
        mu("0.5"),
    )
    assert (outcome.plot.round.claimed_by, outcome.plot.round.accepted_on) == ("", None)
    acceptance, statement = outcome.records
    assert isinstance(acceptance, AcceptanceRecord)
    assert acceptance.cut
    # The acceptance is dated before the last statement; the cut is still what counts from now on.
    assert statement == ProgressRecord(date(2023, 8, 16), left, source="acceptance")
    assert outcome.plot.statements[-1] == Statement(date(2023, 8, 16), left)
    late = done("progress", outcome.plot, date="2023-08-15", restored="4").plot
    assert late.round.buckets == left


def test_a_cut_of_the_contested_part_shrinks_the_contest() -> None:
    cut = done("accept", contested(State.CLAIMED), as_claimed="是", proved="3").plot
    assert (cut.round.contest_bucket, cut.round.contest_area) == (Bucket.PROVED, mu("3"))
    assert cut.round.remaining == mu("0.28")


def test_who_claimed_cannot_accept_while_there_is_somebody_else() -> None:
    refused = codes("accept", claimed(), context(Desk.TOWNSHIP, CLERK, CLERK, LEADER, "陶志强"), reason="x")
    assert refused == {"four_eyes": "这个图斑是您申报的，要由别人验收，可以交给李建国、陶志强"}


def test_a_single_member_says_why_and_is_marked() -> None:
    alone = context(Desk.TOWNSHIP, CLERK, CLERK)
    assert list(codes("accept", claimed(), alone)) == ["reason"]
    outcome = done("accept", claimed(), alone, reason="只有一名经办人")
    record = outcome.records[0]
    assert isinstance(record, AcceptanceRecord)
    assert (record.single_handed, record.reason) == (True, "只有一名经办人")
    assert outcome.plot.state is State.ACCEPTED


def test_a_single_member_accepts_what_a_former_one_claimed() -> None:
    record = done("accept", claimed(), context(Desk.TOWNSHIP, LEADER, LEADER)).records[0]
    assert isinstance(record, AcceptanceRecord)
    assert not record.single_handed


def test_the_county_accepts_by_document() -> None:
    outcome = done("county_accept", plot(State.ACCEPTED), context(actor=CLERK), group="专班")
    assert (outcome.plot.state, outcome.plot.round.county_accepted_on) == (State.COUNTY_ACCEPTED, date(2023, 8, 16))
    record = outcome.records[0]
    assert isinstance(record, AcceptanceRecord)
    assert (record.level, record.document_number, record.group_name) == (
        AcceptanceLevel.COUNTY,
        "验〔2023〕1号",
        "专班",
    )
    cut = done("county_accept", plot(State.ACCEPTED), as_claimed=None, restored="0").plot
    assert (cut.state, cut.round.remaining) == (State.WORKING, mu("5.28"))


@pytest.mark.parametrize("state", [State.CLAIMED, State.ACCEPTED, State.COUNTY_ACCEPTED])
def test_a_return_sends_back_to_work_with_a_new_deadline(state: State) -> None:
    outcome = done("return", plot(state), document_number="退1号", date="2023-08-18")
    facts = outcome.plot.round
    assert (outcome.plot.state, facts.deadline, facts.returned_on) == (
        State.WORKING,
        date(2023, 8, 25),
        date(2023, 8, 18),
    )
    assert (facts.claimed_on, facts.claimed_by, facts.accepted_on, facts.county_accepted_on) == (None, "", None, None)
    assert facts.buckets == plot(state).round.buckets
    assert outcome.records == (
        ReturnRecord(date(2023, 8, 18), "田头仍有树根", state, date(2023, 8, 25), "退1号", withdrawn=False),
    )


@pytest.mark.parametrize("state", [State.CONTESTED, State.CLAIMED, State.ACCEPTED, State.COUNTY_ACCEPTED])
def test_what_the_open_contest_settled_remains_again(state: State) -> None:
    back = done("return", contested(state)).plot
    assert (back.state, back.round.buckets, back.round.remaining) == (
        State.WORKING,
        Buckets(restored=mu("2")),
        mu("3.28"),
    )
    assert (back.round.contest_bucket, back.round.contest_area, back.round.contested_on) == (None, Area.ZERO, None)
    assert (back.round.proof_kind, back.round.proof_statement, back.round.proof_document) == (None, "", "")


def test_without_a_plan_a_return_leads_to_the_self_check() -> None:
    contested_at_once = done("contest", plot(State.CHECKED)).plot
    back = done("return", contested_at_once).plot
    assert (back.state, back.round.target, back.round.buckets) == (State.CHECKED, Area.ZERO, Buckets())
    assert done("plan", back).plot.round.target == mu("5.28")


def test_without_a_plan_what_was_worked_meanwhile_stays() -> None:
    halved = contested(State.CLAIMED, planned_on=None)
    back = done("return", halved).plot
    assert (back.state, back.round.target, back.round.buckets.total) == (State.CHECKED, mu("5.28"), mu("2"))


def test_the_clerk_takes_an_own_claim_back_without_a_deadline() -> None:
    own = context(actor=CLERK)
    for given in ({}, {"withdraw": "是"}):
        outcome = done("return", claimed(), own, deadline=None, **given)
        assert outcome.plot.round.deadline == date(2023, 8, 15)
        record = outcome.records[0]
        assert isinstance(record, ReturnRecord)
        assert record.withdrawn
    contest = done("return", contested(), own, deadline=None).records[0]
    assert isinstance(contest, ReturnRecord)
    assert contest.withdrawn


def test_others_name_a_deadline_and_withdraw_nothing() -> None:
    assert list(codes("return", claimed(), deadline=None)) == ["deadline"]
    assert list(codes("return", claimed(), context(actor=CLERK), deadline=None, withdraw="否")) == ["deadline"]
    assert list(codes("return", claimed(), withdraw="是")) == ["not_own"]
    assert list(codes("return", plot(State.ACCEPTED), context(actor=CLERK), withdraw="是")) == ["not_own"]
    assert list(codes("return", claimed(), context(Desk.TEAM, CLERK), deadline=None)) == ["deadline"]
