"""Start, progress, finished works and claim: what they ask for and do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import ProblemKind, Stage
from gengdi_desktop.domain.outcomes import Outcome, ProgressRecord
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts
from gengdi_desktop.domain.states import Bucket, State
from tests.helpers.plots import CLERK, TODAY, act, codes, context, done, mu, plot

BARE = {"crop": "", "sown_on": None, "demolition_record": ""}


def whole(state: State = State.WORKING, **changes: Any) -> PlotFacts:
    """A plot on which nothing remains, without any facts of the ground or files."""
    buckets = Buckets(**changes) if changes else Buckets(restored=mu("5.28"))
    return plot(state, settle={"buckets": buckets, **BARE}, evidence=EvidenceCounts())


def test_starting_and_finishing_works_keep_their_days() -> None:
    begun = done("start", plot(State.PLANNED)).plot
    assert (begun.state, begun.round.started_on) == (State.WORKING, date(2023, 8, 1))
    finished = done("works_done", begun).plot
    assert (finished.state, finished.round.works_done_on) == (State.WORKS_DONE, date(2023, 8, 10))


def test_progress_is_a_cumulative_statement() -> None:
    once = done("progress", plot(State.PLANNED), restored="1.5", crop="晚稻", sown_on="2023-08-04", note="三分之一")
    assert once.plot.round.buckets == Buckets(restored=mu("1.5"))
    assert (once.plot.state, once.plot.round.started_on) == (State.WORKING, date(2023, 8, 5))
    assert once.records == (
        ProgressRecord(
            date(2023, 8, 5), Buckets(restored=mu("1.5")), "晚稻", date(2023, 8, 4), "三分之一", source="act"
        ),
    )
    twice = done("progress", once.plot, date="2023-08-08", restored="4", other="1.28").plot.round
    assert twice.buckets == Buckets(restored=mu("4"), other=mu("1.28"))
    assert twice.remaining == Area.ZERO


def test_what_a_statement_does_not_name_stays() -> None:
    once = done("progress", plot(State.WORKING), restored="1", regularised="2").plot
    again = done("progress", once, date="2023-08-08", restored="3").plot
    assert again.round.buckets == Buckets(restored=mu("3"), regularised=mu("2"))


def test_more_than_the_target_is_refused_and_not_clipped() -> None:
    assert codes("progress", plot(State.WORKING), restored="5.28", other="0.000001") == {
        "over_target": "合计 5.280001 亩超过应整改 5.28 亩"
    }
    assert done("progress", plot(State.WORKING), restored="5.28").plot.round.remaining == Area.ZERO


def test_a_statement_names_something() -> None:
    assert list(codes("progress", plot(State.WORKING), restored=None)) == ["restored"]
    assert list(codes("progress", plot(State.WORKING), date=None, restored="99")) == ["date"]


def test_a_late_entry_is_history_and_changes_nothing_now() -> None:
    now = done("progress", plot(State.WORKING), date="2023-08-10", restored="4", crop="晚稻").plot
    late = done("progress", now, date="2023-08-05", restored="1", crop="大豆", demolition_record="x")
    assert late.plot.round.buckets == Buckets(restored=mu("4"))
    assert late.plot.round.crop == "晚稻"
    assert [statement.event_date.day for statement in late.plot.statements] == [5, 10]
    between = done("progress", late.plot, date="2023-08-07", restored=None, proved="0.5")
    assert isinstance(between.records[0], ProgressRecord)
    assert between.records[0].buckets == Buckets(restored=mu("1"), proved=mu("0.5"))
    before = done("progress", late.plot, date="2023-08-01", restored=None, proved="0.5")
    assert isinstance(before.records[0], ProgressRecord)
    assert before.records[0].buckets == Buckets(proved=mu("0.5"))


def test_on_one_day_the_last_entry_counts() -> None:
    once = done("progress", plot(State.WORKING), restored="4").plot
    again = done("progress", once, restored="3").plot
    assert again.round.buckets.restored == mu("3")
    assert [statement.buckets.restored for statement in again.statements] == [mu("4"), mu("3")]


def test_the_first_day_of_work_stays() -> None:
    begun = done("start", plot(State.PLANNED)).plot
    assert done("progress", begun).plot.round.started_on == date(2023, 8, 1)


def test_works_that_go_on_are_no_longer_done() -> None:
    assert done("progress", plot(State.WORKS_DONE)).plot.state is State.WORKING


def test_a_statement_below_the_contest_shrinks_what_the_contest_holds() -> None:
    cut = plot(
        State.WORKING,
        settle={"buckets": Buckets(proved=mu("2")), "contest_bucket": Bucket.PROVED, "contest_area": mu("2")},
    )
    assert done("progress", cut, restored="1", proved="0.5").plot.round.contest_area == mu("0.5")


def test_nothing_may_remain_at_a_claim() -> None:
    short = plot(State.WORKING, settle={"buckets": Buckets(restored=mu("5.279999"))})
    assert codes("claim", short) == {"remaining": "剩余 0.000001 亩"}
    half = plot(State.WORKING, settle={"buckets": Buckets(restored=mu("2.5"))})
    assert codes("claim", half) == {"remaining": "剩余 2.78 亩"}


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (ProblemKind.NON_FARM, ["缺整改后照片", "缺拆除记录"]),
        (ProblemKind.NON_GRAIN, ["缺整改后照片", "缺种植作物", "缺播种日期"]),
        (ProblemKind.ABANDONED, ["缺整改后照片", "缺种植作物", "缺播种日期"]),
        (ProblemKind.OTHER, ["缺整改后照片"]),
    ],
)
def test_areas_on_the_ground_need_the_evidence_of_their_kind(kind: ProblemKind, missing: list[str]) -> None:
    areas: tuple[dict[str, Any], ...] = ({"restored": mu("5.28")}, {"other": mu("5.28")})
    for settled in areas:
        outcome = act("claim", replace(whole(**settled), problem_kind=kind))
        assert not isinstance(outcome, Outcome)
        assert [refusal.message for refusal in outcome] == missing


@pytest.mark.parametrize("bucket", [bucket for bucket in Bucket if bucket.on_paper])
def test_areas_on_paper_need_the_paper_and_a_site_photo(bucket: Bucket) -> None:
    bare = whole(State.CONTESTED, **{bucket.value: mu("5.28")})
    assert codes("claim", bare)["evidence"] == "缺现场照片"
    scan_only = replace(bare, evidence=EvidenceCounts({}, {Stage.PAPER: 1, Stage.BEFORE: 1}))
    assert codes("claim", scan_only) == {"evidence": "缺现场照片"}
    both = replace(bare, evidence=EvidenceCounts({Stage.BEFORE: 1}, {Stage.PAPER: 1, Stage.BEFORE: 1}))
    assert done("claim", both).plot.state is State.CLAIMED


def test_facts_of_the_ground_may_come_with_the_claim() -> None:
    photographed = replace(whole(), evidence=EvidenceCounts({Stage.AFTER: 1}, {Stage.AFTER: 1}))
    assert "evidence" in codes("claim", photographed)
    claimed = done("claim", photographed, context(actor=CLERK), crop="晚稻", sown_on="2023-08-10", date=None).plot
    assert (claimed.state, claimed.round.crop, claimed.round.sown_on) == (State.CLAIMED, "晚稻", date(2023, 8, 10))
    assert (claimed.round.claimed_by, claimed.round.claimed_on) == (CLERK, TODAY)
