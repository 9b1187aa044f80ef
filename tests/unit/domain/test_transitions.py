"""Random histories of plots: whatever is done, areas tie out and every plot has exactly one label."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.domain.actions import possible
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import Outcome, ProgressRecord
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import Bucket, CountsAs, Desk, DoneRule, Label, State, label_of
from gengdi_desktop.domain.transitions import apply, request
from tests.helpers.plots import CLERK, EVERYTHING, LEADER, codes, context, mu, plot, random_values

Step = tuple[int, int, dict[str, int], bool]
AREA_KEYS = [bucket.value for bucket in Bucket]
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.integers(0, 59),
        st.integers(0, 40),
        st.dictionaries(st.sampled_from(AREA_KEYS), st.sampled_from([0, 30, 70, 99, 100, 101]), max_size=3),
        st.booleans(),
    ),
    max_size=30,
)
issued_areas = st.integers(1, 30_000_000).map(Area)
CLAIMED_OR_LATER = {State.CLAIMED, State.ACCEPTED, State.COUNTY_ACCEPTED, State.CLOSED}


def walk(area: Area, taken: list[Step]) -> list[PlotFacts]:
    """A plot after each step of a random history; what is refused changes nothing."""
    facts = plot(State.ISSUED, evidence=EVERYTHING)
    facts = replace(facts, issued_area=area)
    seen = [facts]
    for number, day, shares, by_leader in taken:
        rules = possible(facts.state, Desk.TOWNSHIP, held=facts.held)
        onward = [rule for rule in rules if rule.targets and rule.code is not Operation.CANCEL]
        chosen = [*onward * 4, *rules]
        action = chosen[number % len(chosen)].code.value
        actor = context(actor=LEADER if by_leader else CLERK)
        outcome = apply(request(action, random_values(action, facts, day, shares)), facts, actor)
        if isinstance(outcome, Outcome):
            facts = replace(outcome.plot, evidence=EVERYTHING)
            seen.append(facts)
    return seen


@given(issued_areas, steps)
def test_areas_tie_out_after_every_step(area: Area, taken: list[Step]) -> None:
    seen = walk(area, taken)
    for facts in seen:
        current = facts.round
        assert all(bucket >= Area.ZERO for _, bucket in current.buckets)
        assert current.target == current.buckets.total + current.remaining
        assert current.remaining >= Area.ZERO
        assert current.target <= facts.issued_area == area
        assert current.contest_area >= Area.ZERO
        if current.contest_bucket is not None:
            assert current.contest_area <= current.buckets[current.contest_bucket]
        if facts.state in CLAIMED_OR_LATER:
            assert current.remaining == Area.ZERO < current.target
        if facts.state in {State.PLANNED, State.WORKING, State.WORKS_DONE}:
            assert current.target > Area.ZERO
        assert facts.state is not State.SPLIT
    numbers = [facts.round.number for facts in seen]
    assert numbers == sorted(numbers)


@given(st.lists(st.tuples(issued_areas, steps), max_size=6), st.sampled_from(DoneRule))
def test_every_plot_stands_under_one_label_and_the_labels_add_up(
    several: list[tuple[Area, list[Step]]], rule: DoneRule
) -> None:
    ends = [walk(area, taken)[-1] for area, taken in several]
    labels = [label_of(facts.state, facts.round.buckets.total, rule) for facts in ends]
    counts = Counter(labels)
    areas = {
        label: Area.total(f.issued_area for f, at in zip(ends, labels, strict=True) if at is label) for label in Label
    }
    assert sum(counts.values()) == len(several)
    assert Area.total(areas.values()) == Area.total(area for area, _ in several)
    for facts, label in zip(ends, labels, strict=True):
        assert label.rectified == (facts.state.counts_as(rule) is CountsAs.DONE)
        if label.rectified:
            assert facts.round.remaining == Area.ZERO
        if label is Label.UNRECTIFIED:
            assert facts.round.buckets.total == Area.ZERO


@given(issued_areas, steps)
def test_the_latest_statement_counts_as_long_as_nothing_else_changes_the_buckets(area: Area, taken: list[Step]) -> None:
    facts = replace(plot(State.PLANNED), issued_area=area)
    facts = replace(facts, round=replace(facts.round, target=area))
    stated: list[tuple[date, int, Any]] = []
    for number, day, shares, _ in taken:
        asked = request("progress", random_values("progress", facts, day, shares))
        outcome = apply(asked, facts, context())
        if isinstance(outcome, Outcome):
            facts = outcome.plot
            record = outcome.records[0]
            assert isinstance(record, ProgressRecord)
            stated.append((record.event_date, len(stated), record.buckets))
        assert number >= 0
    if stated:
        assert facts.round.buckets == max(stated, key=lambda said: said[:2])[2]


def test_an_unknown_action_is_no_row_of_the_table() -> None:
    with pytest.raises(KeyError):
        request("explode", {})


def test_desk_and_state_are_told_alone_before_anything_is_missing() -> None:
    assert list(codes("claim", plot(State.ISSUED), date="nonsense")) == ["wrong_state"]
    told = codes("claim", plot(State.ISSUED))["wrong_state"]
    assert told == "现在是“已下发”，可以办的有：“自查”“暂缓、争议”“核减”“拆分”“更正”“附件”“备注”"
    assert codes("check", plot(State.ISSUED), context(Desk.COUNTY)) == {
        "wrong_desk": "县专班的台账不办这一项，由乡镇办理"
    }


def test_everything_that_is_missing_is_told_at_once() -> None:
    short = plot(
        State.WORKING, settle={"crop": "", "buckets": plot(State.CLAIMED).round.buckets.__class__(other=mu("1"))}
    )
    told = codes("claim", short, sown_on="八月", date="2023-13-01")
    assert set(told) == {"remaining", "evidence", "day_unclear"}


def test_what_cannot_be_read_is_not_also_called_missing() -> None:
    outcome = apply(request("plan", {"disposal_class": "明天", "target": "99"}), plot(State.CHECKED), context())
    assert not isinstance(outcome, Outcome)
    assert [(refusal.code, refusal.field) for refusal in outcome] == [
        ("not_a_choice", "disposal_class"),
        ("missing", "measure"),
        ("missing", "person"),
        ("missing", "deadline"),
        ("target_issued", "target"),
    ]


def test_a_document_number_is_asked_for_once() -> None:
    outcome = apply(request("county_accept", {}), plot(State.ACCEPTED), context())
    assert not isinstance(outcome, Outcome)
    assert [refusal.field for refusal in outcome].count("document_number") == 1
