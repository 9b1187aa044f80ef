"""Figures: labels, states, kinds, villages, lists, split plots in the issued view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import DoneRule, Label, State
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import CampaignSettings
from gengdi_desktop.ledger.figures import Figures, Tally, figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_ids, plot_lines
from gengdi_desktop.storage.tables import ListLineRow, PlotListRow, PlotRow, RoundRow
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK, new_ledger


@pytest.fixture
def empty(tmp_path: Path, clock: FixedClock) -> Iterator[Ledger]:
    """A ledger without plots."""
    with new_ledger(tmp_path / "台账", clock=clock) as ledger:
        yield ledger


def put(ledger: Ledger, plot: str, state: str, mu: str = "1.00", *, settled: str = "0", **facts: Any) -> None:
    """A plot in a state, with a round where something is settled or a deadline is set."""
    deadline = facts.pop("deadline", None)
    with ledger.begin(Operation.IMPORT, CLERK) as work:
        given = {"village": "白圩村", "township": "白圩乡", **facts}
        work.session.add(PlotRow(id=plot, state=state, issued_area=Area.parse(mu).micro_mu, **given))
        if settled != "0" or deadline:
            area = Area.parse(settled).micro_mu
            work.session.add(RoundRow(id=f"{plot}:1", plot_id=plot, restored=area, target=area, deadline=deadline))
        work.commit()


def rule(ledger: Ledger, done: DoneRule, **campaign: Any) -> None:
    """The county's rule, and what else the campaign says."""
    settings = CampaignSettings(Campaign("整改", rules=CampaignRules(done_rule=done), **campaign))
    ledgers.set_campaign(ledger, settings, by=CLERK)


def counts(found: Figures) -> dict[str, int]:
    """The labels that occur."""
    return {label.value: tally.count for label, tally in found.by_label.items() if tally.count}


def test_an_empty_ledger_has_every_label_and_no_plot(empty: Ledger) -> None:
    found = figures(empty)
    assert (found.unit, found.plots, found.unentered, found.rectified) == ("白圩乡", Tally(), Tally(), Tally())
    assert set(found.by_label) == set(Label)
    assert (found.by_state, found.by_village, found.lists, found.overdue, found.held) == ({}, (), (), 0, 0)


def test_each_state_has_its_label_under_each_rule(empty: Ledger) -> None:
    for state in State:
        if state is not State.SPLIT:
            put(empty, state.value, state.value)
    put(empty, "part", "working", settled="0.50")
    rule(empty, DoneRule.ACCEPTED)
    accepted = figures(empty)
    assert counts(accepted) == {
        "cancelled": 1,
        "closed": 1,
        "in_place": 2,
        "awaiting": 1,
        "partial": 1,
        "unrectified": 6,
    }
    assert accepted.rectified.count == 3
    rule(empty, DoneRule.COUNTY_ACCEPTED)
    county = figures(empty)
    assert counts(county) == counts(accepted) | {"in_place": 1, "awaiting": 2}
    assert county.done_rule is DoneRule.COUNTY_ACCEPTED
    assert {state: tally.count for state, tally in county.by_state.items()} == {
        state: 2 if state is State.WORKING else 1 for state in State if state is not State.SPLIT
    }


def test_areas_are_added_as_issued_and_as_settled(empty: Ledger) -> None:
    put(empty, "a", "closed", "3980.785", settled="3980.785", basic_area=7_000_000)
    put(empty, "b", "working", "0.000001", settled="0.000001")
    put(empty, "c", "issued", "0.005", village="连桥村", problem_kind="non_grain")
    found = figures(empty)
    assert found.plots == Tally(3, Area.parse("3980.790001"), Area.parse("3980.785001"))
    assert found.rectified == Tally(1, Area.parse("3980.785"), Area.parse("3980.785"))
    assert found.basic_farmland == Area.parse("7")
    assert [(one.village, one.all.count, one.rectified.count) for one in found.by_village] == [
        ("白圩村", 2, 1),
        ("连桥村", 1, 0),
    ]
    assert {kind: tally.count for kind, tally in found.by_kind.items()} == {"": 2, "non_grain": 1}


def test_kinds_that_the_self_check_told_apart_are_counted_apart(empty: Ledger) -> None:
    for at, kind in enumerate(["non_grain", "non_farm", "abandoned", "non_farm"]):
        put(empty, f"p{at}", "checked", kind="种树", problem_kind=kind)
    assert {kind: tally.count for kind, tally in figures(empty).by_kind.items()} == {
        "non_grain": 1,
        "non_farm": 2,
        "abandoned": 1,
    }


@pytest.mark.parametrize(
    ("children", "label"),
    [
        ([("closed", "0"), ("closed", "0")], Label.CLOSED),
        ([("closed", "0"), ("cancelled", "0")], Label.CLOSED),
        ([("cancelled", "0"), ("cancelled", "0")], Label.CANCELLED),
        ([("closed", "0"), ("issued", "0")], Label.PARTIAL),
        ([("issued", "0"), ("planned", "0")], Label.UNRECTIFIED),
        ([("working", "0.2"), ("issued", "0")], Label.PARTIAL),
        ([], Label.PARTIAL),
    ],
)
def test_a_split_plot_counts_once_under_what_its_parts_share(
    empty: Ledger, children: list[tuple[str, str]], label: Label
) -> None:
    put(empty, "whole", "split", "2.00", held=1)
    for number, (state, settled) in enumerate(children):
        put(empty, f"part{number}", state, "1.00", settled=settled, split_parent="whole", village="连桥村")
    found = figures(empty)
    settled_all = Area.total(Area.parse(settled) for state, settled in children if state != "cancelled")
    assert found.by_label[label] == Tally(1, Area.parse("2"), settled_all)
    assert (found.plots.count, found.held, set(found.by_state)) == (1, 1, {State.SPLIT})
    # The list that one looks at for a figure shows the same plot under the same label.
    whole = PlotQuery((Condition("label", label.value), Condition("part", 0)))
    assert plot_ids(empty, whole) == ["whole"]
    assert plot_lines(empty, ["whole"])[0].label is label
    assert [one.village for one in found.by_village] == ["白圩村"]


def test_a_split_plot_is_late_once_where_a_part_of_it_is(empty: Ledger) -> None:
    put(empty, "whole", "split", "3.00")
    put(empty, "late", "planned", "1.00", deadline="2023-08-15", split_parent="whole")
    put(empty, "later", "working", "1.00", deadline="2023-08-18", split_parent="whole")
    put(empty, "done", "closed", "1.00", deadline="2023-08-01", split_parent="whole")
    put(empty, "calm", "split", "1.00")
    put(empty, "in time", "planned", "1.00", deadline="2023-08-30", split_parent="calm")
    assert figures(empty).overdue == 1
    late = plot_ids(empty, PlotQuery((Condition("overdue", 1),), order="id"))
    assert late == ["late", "later", "whole"]
    assert plot_ids(empty, PlotQuery((Condition("overdue", 1), Condition("part", 0)))) == ["whole"]
    days = {one.id: one.overdue_days for one in plot_lines(empty, ["whole", "late", "later", "done", "calm"])}
    assert days == {"whole": 5, "late": 5, "later": 2, "done": 0, "calm": 0}


def test_a_list_ties_out_by_what_its_lines_say(empty: Ledger) -> None:
    put(empty, "a", "closed", "1.00")
    put(empty, "b", "issued", "2.00")
    put(empty, "whole", "split", "3.00")
    put(empty, "part", "accepted", "3.00", split_parent="whole")
    lines: list[tuple[str | None, str, int]] = [
        ("a", "entered", 1_100_000),
        ("b", "entered", 2_000_000),
        ("whole", "entered", 3_000_000),
    ]
    lines += [("part", "child", 3_000_000), (None, "open", 500_000)]
    with empty.begin(Operation.IMPORT, CLERK) as work:
        for name, expected in (("一", 5), ("二", None)):
            listed = PlotListRow(name=name, stated_count=4, stated_area=6_600_000, expected_count=expected)
            work.session.add(listed)
            work.session.flush()
            for plot, status, area in lines if name == "一" else lines[:1]:
                line = ListLineRow(list_id=listed.id or 0, plot_id=plot, status=status, issued_area=area)
                work.session.add(line)
        work.commit()
    found = figures(empty)
    first, second = found.lists
    assert (first.lines.count, first.lines.area) == (4, Area.parse("6.6"))
    assert (first.unentered.count, first.unentered.area) == (1, Area.parse("0.5"))
    assert {label: (one.count, one.area.exact()) for label, one in first.by_label.items() if one.count} == {
        Label.CLOSED: (1, "1.10"),
        Label.IN_PLACE: (1, "3.00"),
        Label.UNRECTIFIED: (1, "2.00"),
    }
    assert first.ties_out
    assert second.ties_out
    assert (first.stated_count, second.stated_count, second.stated_area) == (5, 4, Area.parse("6.6"))
    assert (found.unentered.count, found.unentered.area) == (1, Area.parse("0.5"))


def test_late_plots_are_counted_by_their_own_day_else_by_the_campaigns(empty: Ledger, clock: FixedClock) -> None:
    today = clock.today()
    put(empty, "own day over", "working", deadline="2023-08-19")
    put(empty, "own day today", "working", deadline=today.isoformat())
    put(empty, "done", "accepted", deadline="2023-08-01")
    put(empty, "cancelled", "cancelled", deadline="2023-08-01")
    put(empty, "no day", "issued")
    assert figures(empty).overdue == 1
    rule(empty, DoneRule.ACCEPTED, hard_deadline=date(2023, 8, 19))
    assert figures(empty).overdue == 2
    rule(empty, DoneRule.COUNTY_ACCEPTED, hard_deadline=date(2023, 8, 19))
    assert figures(empty).overdue == 3


def test_running_phases_are_told(empty: Ledger) -> None:
    phases = (
        Phase("self_check", "自查", date(2023, 7, 20), date(2023, 7, 31)),
        Phase("rectification", "整改", date(2023, 8, 1), date(2023, 9, 30)),
    )
    rule(empty, DoneRule.ACCEPTED, phases=phases)
    found = figures(empty)
    assert [phase.code for phase in found.phases] == ["rectification"]
    assert (found.campaign, found.today) == ("整改", date(2023, 8, 20))
