"""Queues: every plot that waits stands in exactly one, with the action that is next for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import DoneRule
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import worklists
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.worklists import Only, Stage, WorkQuery
from gengdi_desktop.storage.tables import PlotRow, RoundRow
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK

PLANNED: dict[str, Any] = {"target": 5_280_000, "person": "章建平", "deadline": "2023-08-15"}
WHOLE: dict[str, Any] = {**PLANNED, "restored": 5_280_000}


def put(ledger: Ledger, plot: str, state: str, *, held: int = 0, rectify: int | None = 1, **settled: Any) -> None:
    """Set a plot into a state, with what its round holds."""
    with ledger.begin(Operation.EDIT, CLERK) as work:
        row = work.session.get(PlotRow, plot)
        assert row is not None
        row.state, row.held, row.rectify = state, held, rectify
        existing = work.session.get(RoundRow, f"{plot}:1")
        current = existing or RoundRow(id=f"{plot}:1", plot_id=plot, number=1)
        for name, value in settled.items():
            setattr(current, name, value)
        work.session.add(current)
        work.commit()


@pytest.mark.parametrize(
    ("state", "facts", "queue", "action"),
    [
        ("issued", {}, "check", "check"),
        ("checked", {}, "plan", "plan"),
        ("checked", {"rectify": 0}, "contest", "contest"),
        ("planned", PLANNED, "start", "start"),
        ("working", PLANNED, "progress", "progress"),
        ("working", {**PLANNED, "returned_on": "2023-08-18"}, "returned", "progress"),
        ("working", WHOLE, "claim", "claim"),
        ("works_done", PLANNED, "sow", "progress"),
        ("works_done", WHOLE, "claim", "claim"),
        ("contested", {"target": 5_280_000, "proved": 5_280_000}, "claim", "claim"),
        ("claimed", WHOLE, "accept", "accept"),
        ("accepted", WHOLE, "county", "county_accept"),
        ("county_accepted", WHOLE, "close", "close"),
        ("closed", {**WHOLE, "closed_on": "2023-07-01"}, "revisit", "revisit"),
        ("working", {**PLANNED, "held": 1}, "held", "release"),
    ],
)
def test_each_state_has_its_queue_and_its_next_action(
    township: Ledger, state: str, facts: dict[str, Any], queue: str, action: str
) -> None:
    put(township, "b", state, **facts)
    found = worklists.tallies(township)
    assert {code for code, tally in found.items() if tally.count} == {queue, "check"}
    (line,) = worklists.work_lines(township, ["b"])
    assert (line.queue, line.action.value, line.name) == (queue, action, "白圩村 0002")
    stage = worklists.queue_of(queue).stage
    assert ("b" in worklists.work_ids(township, WorkQuery(stage))) == (queue not in worklists.ASIDE)
    assert "b" in worklists.work_ids(township, WorkQuery(stage, queue))


@pytest.mark.parametrize("state", ["cancelled", "split", "closed"])
def test_what_waits_for_nothing_stands_nowhere(township: Ledger, state: str) -> None:
    put(township, "b", state, closed_on="2023-08-19")
    assert sum(one.count for one in worklists.tallies(township).values()) == 2
    assert worklists.work_lines(township, ["b", "a"])[0].id == "a"


def test_where_the_township_may_close_an_accepted_plot_waits_for_its_closing(township: Ledger) -> None:
    put(township, "a", "accepted", **WHOLE)
    settings = ledgers.campaign_settings(township)
    rules = replace(settings.campaign.rules, close_rule=DoneRule.ACCEPTED)
    ledgers.set_campaign(township, replace(settings, campaign=replace(settings.campaign, rules=rules)), by=CLERK)
    found = worklists.tallies(township)
    assert (found["close"].count, found["county"].count) == (1, 0)


def test_late_and_soon_ones_are_found_with_those_who_have_them(township: Ledger, clock: FixedClock) -> None:
    put(township, "a", "working", **PLANNED)
    put(township, "b", "working", **{**PLANNED, "deadline": "2023-08-22"})
    put(township, "c", "planned", **{**PLANNED, "person": "吴志明", "deadline": "2023-08-10"})
    late, soon = (
        worklists.work_ids(township, WorkQuery(Stage.RECTIFICATION, only=one)) for one in (Only.LATE, Only.SOON)
    )
    assert (late, soon) == (["a", "c"], ["b"])
    assert worklists.work_ids(township, WorkQuery(Stage.RECTIFICATION, person="吴志明")) == ["c"]
    assert worklists.work_ids(township, WorkQuery(Stage.RECTIFICATION, village="金山村")) == []
    people = worklists.late_people(township, Stage.RECTIFICATION)
    assert [(one.person, one.count, one.days) for one in people] == [("吴志明", 1, 10), ("章建平", 1, 5)]
    found = worklists.tallies(township)
    assert (found["progress"].late, found["progress"].soon, found["start"].late) == (1, 1, 1)
    first, second = worklists.work_lines(township, ["a", "b"])
    assert (first.late, first.due_in, second.late, second.due_in) == (5, None, 0, 2)
    assert second.deadline == date(2023, 8, 22)
    assert clock.today() == date(2023, 8, 20)


def test_the_areas_of_a_queue_add_up(township: Ledger) -> None:
    tally = worklists.tallies(township)["check"]
    assert (tally.count, tally.area, tally.villages) == (3, Area(15_840_000), ("白圩村",))


def test_what_was_done_last_can_be_copied_from(township: Ledger) -> None:
    assert worklists.last_done(township, Operation.EDIT) is None
    put(township, "a", "checked")
    put(township, "b", "checked")
    assert worklists.last_done(township, Operation.EDIT) == "b"
    assert worklists.last_done(township, Operation.EDIT, before="b") == "a"
