"""Self-check, plan and contest: what they ask for and do."""

from __future__ import annotations

from datetime import date

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind, ProofKind
from gengdi_desktop.domain.moves_check import read_class
from gengdi_desktop.domain.outcomes import NoteRecord, Refusal
from gengdi_desktop.domain.plots import EvidenceCounts
from gengdi_desktop.domain.states import Bucket, State
from gengdi_desktop.system.reference import land_classes
from tests.helpers.plots import TODAY, codes, done, mu, plot


def test_a_self_check_keeps_what_was_found() -> None:
    outcome = done(
        "check",
        plot(State.ISSUED),
        built_on="2019.5.1",
        case_number="立〔2023〕5号",
        responsible_leader="李建国",
        grid_chief="章建平",
        party_contact="13800000000",
    )
    found = outcome.plot
    assert (found.state, found.checked_on, found.finding) == (State.CHECKED, date(2023, 7, 25), Finding.TRUE)
    assert (found.class_now_system, found.class_now, found.class_now_name) == ("third_survey", "0201", "果园")
    assert (found.cause, found.party, found.rectify) == ("改种果树", "农户", True)
    assert (found.built_on, found.case_number) == (date(2019, 5, 1), "立〔2023〕5号")
    assert (found.responsible_leader, found.grid_chief) == ("李建国", "章建平")
    assert outcome.event_date == date(2023, 7, 25)
    assert outcome.records == ()


def test_what_the_sheet_of_the_field_says_beside_the_facts_becomes_a_remark() -> None:
    outcome = done("check", plot(State.ISSUED), date="2023-07-25", site_note="实测 1.79 亩，照片 3、4，核查人章建平")
    assert outcome.records == (NoteRecord(date(2023, 7, 25), "实测 1.79 亩，照片 3、4，核查人章建平"),)


def test_a_private_contact_stands_beside_the_facts() -> None:
    outcome = done("check", plot(State.ISSUED), party_contact="13800000000")
    assert outcome.private == {"party_contact": "13800000000"}
    assert done("check", plot(State.ISSUED)).private == {}


def test_the_problem_kind_comes_from_the_list_unless_it_is_given() -> None:
    assert done("check", plot(State.ISSUED)).plot.problem_kind is ProblemKind.NON_GRAIN
    assert done("check", plot(State.ISSUED), problem_kind="撂荒").plot.problem_kind is ProblemKind.ABANDONED
    assert codes("check", plot(State.ISSUED, listed_kind=None)) == {"problem_kind": "缺问题类型"}


def test_a_second_self_check_replaces_the_first_but_forgets_no_date() -> None:
    again = done("check", plot(State.CHECKED, built_on=date(2019, 5, 1), case_number="1"), finding="合法", rectify="否")
    assert (again.plot.finding, again.plot.rectify) == (Finding.LAWFUL, False)
    assert (again.plot.built_on, again.plot.case_number) == (date(2019, 5, 1), "1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0201", ("third_survey", "0201", "果园")),
        ("果园", ("third_survey", "0201", "果园")),
        ("果园（0201）", ("third_survey", "0201", "果园")),
        ("种了桃树", ("", "", "种了桃树")),
    ],
)
def test_a_class_is_read_as_clerks_write_it(text: str, expected: tuple[str, str, str]) -> None:
    assert read_class(text, land_classes()) == expected


@pytest.mark.parametrize("text", ["9999", "0201 茶园", "？"])
def test_a_class_that_contradicts_itself_is_refused(text: str) -> None:
    assert isinstance(read_class(text, land_classes()), Refusal)
    assert list(codes("check", plot(State.ISSUED), class_now=text)) == ["class_now"]


def test_a_plan_fixes_measure_person_deadline_and_target() -> None:
    planned = done(
        "plan",
        plot(State.CHECKED),
        target="5.00",
        not_required_reason="田埂",
        difficulty="易",
        plan_text="一地一策",
        plan_approver="李建国",
        plan_approved_on="2023-07-30",
        person_title="包村干部",
        person_phone="0791-1",
        responsible_leader="李建国",
        grid_chief="章建平",
    ).plot
    facts = planned.round
    assert (planned.state, facts.target, facts.remaining) == (State.PLANNED, mu("5"), mu("5"))
    assert (facts.disposal_class, facts.difficulty, facts.not_required_reason) == (
        DisposalClass.IMMEDIATE,
        "easy",
        "田埂",
    )
    assert (facts.planned_on, facts.deadline, facts.plan_approved_on) == (
        TODAY,
        date(2023, 8, 15),
        date(2023, 7, 30),
    )
    assert (facts.measure, facts.person, facts.person_title, facts.person_phone) == (
        "清理果树后复种",
        "章建平",
        "包村干部",
        "0791-1",
    )
    assert (facts.plan_text, facts.plan_approver) == ("一地一策", "李建国")
    assert (planned.responsible_leader, planned.grid_chief) == ("李建国", "章建平")


def test_the_target_is_the_issued_area_unless_it_is_given() -> None:
    assert done("plan", plot(State.CHECKED)).plot.round.target == mu("5.28")


def test_planning_again_keeps_what_is_not_said_anew() -> None:
    once = done("plan", plot(State.CHECKED), target="5.00", not_required_reason="田埂", plan_text="一地一策").plot
    again = done("plan", once, measure="另一措施", date="2023-08-02").plot.round
    assert (again.target, again.not_required_reason, again.plan_text) == (mu("5"), "田埂", "一地一策")
    assert (again.measure, again.planned_on) == ("另一措施", date(2023, 8, 2))
    whole = done("plan", once, target="5.28").plot.round
    assert whole.not_required_reason == ""


def test_planning_while_working_goes_on_working() -> None:
    assert done("plan", plot(State.WORKING)).plot.state is State.WORKING


@pytest.mark.parametrize(
    ("target", "code"),
    [("5.29", "target_issued"), ("5.280001", "target_issued"), ("0", "target_zero"), ("1.99", "target_settled")],
)
def test_a_target_lies_between_what_is_settled_and_what_was_issued(target: str, code: str) -> None:
    working = plot(State.WORKING, settle={"buckets": Buckets(restored=mu("2"))})
    assert code in codes("plan", working, target=target, not_required_reason="x")


def test_a_part_that_needs_nothing_needs_its_reason() -> None:
    assert list(codes("plan", plot(State.CHECKED), target="5.279999")) == ["not_required_reason"]


@pytest.mark.parametrize("rectify", [False, None])
def test_only_what_must_be_rectified_is_planned(rectify: object) -> None:
    assert list(codes("plan", plot(State.CHECKED, rectify=rectify))) == ["rectify_no"]


def test_a_contest_without_a_plan_takes_the_whole_issued_area() -> None:
    contested = done("contest", plot(State.CHECKED), date="2023-08-02", document_number="备〔2022〕1号").plot
    facts = contested.round
    assert (contested.state, facts.target, facts.buckets) == (
        State.CONTESTED,
        mu("5.28"),
        Buckets(proved=mu("5.28")),
    )
    assert (facts.contest_bucket, facts.contest_area, facts.remaining) == (Bucket.PROVED, mu("5.28"), Area.ZERO)
    assert (facts.contested_on, facts.proof_kind) == (date(2023, 8, 2), ProofKind.MISJUDGED)
    assert (facts.proof_statement, facts.proof_document) == ("影像误判，实地为水田", "备〔2022〕1号")


@pytest.mark.parametrize("bucket", [bucket for bucket in Bucket if bucket.on_paper])
def test_a_contest_puts_the_remainder_into_its_bucket(bucket: Bucket) -> None:
    half = plot(State.WORKING, settle={"buckets": Buckets(restored=mu("2"), other=mu("0.28"))})
    facts = done("contest", half, bucket=bucket.value).plot.round
    assert facts.buckets[bucket] == facts.contest_area == mu("3")
    assert facts.buckets.total == facts.target
    assert facts.contested_on == TODAY


def test_a_contest_in_the_same_bucket_adds_to_the_open_one() -> None:
    cut = plot(
        State.WORKING,
        settle={"buckets": Buckets(proved=mu("2")), "contest_bucket": Bucket.PROVED, "contest_area": mu("2")},
    )
    assert done("contest", cut).plot.round.contest_area == mu("5.28")
    other = done("contest", cut, bucket="补办").plot.round
    assert (other.contest_bucket, other.contest_area) == (Bucket.REGULARISED, mu("3.28"))


@pytest.mark.parametrize("bucket", ["现场整改", "other"])
def test_only_paper_buckets_can_be_contested_into(bucket: str) -> None:
    assert list(codes("contest", plot(State.PLANNED), bucket=bucket)) == ["not_a_choice"]


def test_a_contest_needs_a_statement_or_a_document() -> None:
    bare = plot(State.PLANNED, evidence=EvidenceCounts())
    assert list(codes("contest", bare, statement=None)) == ["statement"]
    assert done("contest", bare, statement=None, document_number="1").plot.state is State.CONTESTED
    assert done("contest", plot(State.PLANNED), statement=None).plot.state is State.CONTESTED


def test_where_nothing_remains_there_is_nothing_to_contest() -> None:
    whole = plot(State.WORKING, settle={"buckets": Buckets(restored=mu("5.28"))})
    assert list(codes("contest", whole)) == ["nothing_left"]
