"""The county's plan: every plot of the notice in one standing, all figures its own, nothing before its day."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from gengdi_desktop.demo.county_plan import (
    REPORTED_ON,
    Deed,
    Standing,
    UnitPlan,
    by_label,
    fails,
    plan_county,
)
from gengdi_desktop.demo.sample_plots import SAMPLE_COUNTY, county_plots
from gengdi_desktop.domain.actions import ACTIONS
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Label
from gengdi_desktop.system.reference import divisions

COUNTY = divisions().find_counties("进贤县")[0]
PLANS = plan_county(county_plots(divisions(), COUNTY))


def all_deeds(plan: UnitPlan) -> tuple[Deed, ...]:
    return (*plan.before_photos(), *plan.after_photos())


def test_the_county_is_that_of_the_notice_with_all_units_of_the_division_table() -> None:
    assert [plan.unit.code for plan in PLANS] == [unit.code for unit in divisions().children(COUNTY)]
    assert (COUNTY.code, len(PLANS)) == (SAMPLE_COUNTY, 23)
    assert sum(len(plan.plots) for plan in PLANS) == 2220
    assert Area.total(plan.area for plan in PLANS) == Area.parse("3980.79")
    assert len({plan.clerk for plan in PLANS} | {plan.leader for plan in PLANS}) == 46


def test_labels_of_the_units_add_up_to_those_of_the_county() -> None:
    whole = by_label(one for plan in PLANS for one in plan.plots)
    for label, (count, area) in whole.items():
        own = [plan.labels().get(label, (0, Area.ZERO)) for plan in PLANS]
        assert (sum(one[0] for one in own), Area.total(one[1] for one in own)) == (count, area)
    assert set(whole) == {Label.IN_PLACE, Label.AWAITING, Label.PARTIAL, Label.UNRECTIFIED}
    assert Area.total(area for _count, area in whole.values()) == Area.parse("3980.79")


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.unit.code)
def test_every_plot_is_checked_and_what_is_done_was_claimed_and_accepted_by_two(plan: UnitPlan) -> None:
    deeds = all_deeds(plan)
    done = {
        action: Counter(bsm for deed in deeds if deed.action is action for bsm in deed.plots) for action in Operation
    }
    assert done[Operation.CHECK] == Counter(one.plot.bsm for one in plan.plots)
    accepted = {one.plot.bsm for one in plan.of(Standing.ACCEPTED, Standing.PROVED)}
    assert set(done[Operation.ACCEPT]) == accepted
    assert set(done[Operation.CLAIM]) == accepted | {one.plot.bsm for one in plan.of(Standing.CLAIMED)}
    assert all(deed.leader == (deed.action is Operation.ACCEPT) for deed in deeds)
    assert all(deed.on <= REPORTED_ON and deed.plots for deed in deeds)
    days = [deed.on for deed in plan.before_photos()]
    assert days == sorted(days)
    assert days[0] == date(2023, 7, 25)


@pytest.mark.parametrize("plan", PLANS[:3], ids=lambda plan: plan.unit.code)
def test_deeds_carry_what_the_action_table_asks_for(plan: UnitPlan) -> None:
    back = [one.plot.bsm for one in plan.of(Standing.ACCEPTED, Standing.PROVED)[:4]]
    closing = plan.closing(back, date(2023, 8, 26))
    for deed in (*all_deeds(plan), *plan.rework(back), *closing):
        known = {field.key: field for field in ACTIONS[deed.action.value].fields}
        assert set(deed.values) <= set(known)
        if deed.action is Operation.PROGRESS:
            assert len(deed.areas) == len(deed.plots)
            assert min(deed.areas) > Area.ZERO
        else:
            assert {key for key, field in known.items() if field.required} <= set(deed.values)


def test_work_that_goes_on_has_settled_a_part_and_a_paper_all() -> None:
    for one in (one for plan in PLANS for one in plan.plots):
        if one.standing in {Standing.PARTIAL, Standing.WORKS_DONE}:
            assert Area.ZERO < one.settled < one.plot.cultivated_area
        elif one.standing in {Standing.PLANNED, Standing.HELD}:
            assert one.settled == Area.ZERO
        else:
            assert one.settled == one.plot.cultivated_area


def test_some_drawn_plots_fail_and_most_pass() -> None:
    failed = [place for place in range(120) if fails(place)]
    assert len(failed) == 10
    assert failed[0] == 0
