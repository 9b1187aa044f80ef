"""The walk's plan: every plot checked, most closed, one each of the rare fates, nothing after the fixed day."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from gengdi_desktop.demo.sample_plots import SAMPLE_COUNTY, SAMPLE_UNIT, unit_plots
from gengdi_desktop.demo.walk_plan import AS_OF, CLERK, LEADER, Fate, Walk, plan_walk
from gengdi_desktop.domain.actions import ACTIONS, FieldKind
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.system.reference import divisions

COUNTY_UNITS = [unit.code for county in divisions().find_counties("进贤县") for unit in divisions().children(county)]


def walk_of(code: str) -> Walk:
    unit = divisions().by_code(code)
    assert unit is not None
    return plan_walk(unit_plots(divisions(), unit))


@pytest.fixture(scope="module")
def walk() -> Walk:
    return walk_of(SAMPLE_UNIT)


def test_every_plot_is_checked_first_and_in_the_phase_s_window(walk: Walk) -> None:
    checked = [plot for step in walk.steps if step.action is Operation.CHECK for plot in step.plots]
    assert Counter(checked) == Counter(list(walk.fates))
    days = {step.on for step in walk.steps if step.action is Operation.CHECK}
    assert days == {date(2023, 7, day) for day in (25, 26, 27, 28)}


def test_most_plots_are_closed_and_each_rare_fate_happens_once(walk: Walk) -> None:
    counts = Counter(walk.fates.values())
    assert counts[Fate.CLOSED] + counts[Fate.CLOSED_ON_PAPER] > len(walk.fates) * 2 // 3
    assert {counts[fate] for fate in (Fate.CONTESTED, Fate.RETURNED, Fate.HELD, Fate.CANCELLED)} == {1}
    assert counts[Fate.PARTIAL] > 1


@pytest.mark.parametrize("code", COUNTY_UNITS)
def test_every_unit_of_the_county_has_a_walk(code: str) -> None:
    assert len(COUNTY_UNITS) == 23
    assert code.startswith(SAMPLE_COUNTY)
    walk = walk_of(code)
    counts = Counter(walk.fates.values())
    assert set(walk.fates.values()) >= {
        Fate.CLOSED,
        Fate.PARTIAL,
        Fate.CONTESTED,
        Fate.RETURNED,
        Fate.HELD,
        Fate.CANCELLED,
    }
    assert counts[Fate.CLOSED] + counts[Fate.CLOSED_ON_PAPER] > len(walk.fates) // 2
    assert walk_of(code).steps == walk.steps


def test_steps_follow_the_days_and_none_lies_after_the_fixed_day(walk: Walk) -> None:
    days = [step.on for step in walk.steps]
    assert days == sorted(days)
    assert days[-1] <= AS_OF
    assert all(picture.on <= AS_OF for picture in walk.pictures)


def test_values_are_those_of_the_action_table(walk: Walk) -> None:
    for step in walk.steps:
        rule = ACTIONS[step.action.value]
        known = {field.key: field for field in rule.fields}
        assert set(step.values) <= set(known), step
        assert {field.key for field in rule.fields if field.required} <= set(step.values), step
        for key, value in step.values.items():
            if known[key].kind is FieldKind.CHOICE:
                assert value in dict(known[key].choices), (step.action, key)
            if known[key].kind is FieldKind.AREA:
                assert Area.parse(value) >= Area.ZERO
            if known[key].kind is FieldKind.DATE:
                assert date.fromisoformat(value) <= AS_OF or key == "deadline"


def test_the_one_who_accepts_is_not_the_one_who_claims(walk: Walk) -> None:
    by = {action: {step.by for step in walk.steps if step.action is action} for action in Operation}
    assert by[Operation.CLAIM] == {CLERK}
    assert by[Operation.ACCEPT] == {LEADER}


def test_every_claimed_plot_has_its_evidence_before_the_claim(walk: Walk) -> None:
    after = {picture.plot: picture.on for picture in walk.pictures if picture.stage in {"after", "paper"}}
    for step in walk.steps:
        if step.action is Operation.CLAIM:
            assert all(after[plot] <= step.on for plot in step.plots)
