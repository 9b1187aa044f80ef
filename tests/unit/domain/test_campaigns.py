"""Campaigns: inclusive windows, hard deadlines, what is overdue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase, default_phases
from gengdi_desktop.domain.states import DoneRule, State

RECTIFICATION = Phase(
    "rectification", "整改阶段", date(2023, 7, 29), date(2023, 8, 20), date(2023, 8, 25), document_number="1"
)
SPOT_CHECK = Phase("spot_check", "抽查阶段", date(2023, 8, 20), date(2023, 8, 25))
CAMPAIGN = Campaign("专项整改", issued_on=date(2023, 8, 8), phases=(RECTIFICATION, SPOT_CHECK))


def test_windows_are_inclusive_on_both_ends() -> None:
    running = [day for day in range(28, 60) if RECTIFICATION.running(date(2023, 7, 1) + timedelta(day - 1))]
    assert (running[0], running[-1]) == (29, 51)


def test_phases_may_overlap() -> None:
    assert CAMPAIGN.running(date(2023, 8, 20)) == (RECTIFICATION, SPOT_CHECK)
    assert CAMPAIGN.running(date(2023, 7, 1)) == ()


def test_an_open_end_does_not_bound() -> None:
    assert Phase("a", "甲", window_start=date(2023, 1, 1)).running(date(2030, 1, 1))
    assert not Phase("a", "甲", window_start=date(2023, 1, 2)).running(date(2023, 1, 1))
    assert Phase("a", "甲", window_end=date(2023, 1, 1)).running(date(2020, 1, 1))
    assert not Phase("a", "甲").running(date(2023, 1, 1))


def test_the_hard_deadline_goes_before_the_end_of_the_window() -> None:
    assert RECTIFICATION.last_day == date(2023, 8, 25)
    assert not RECTIFICATION.overdue(date(2023, 8, 25))
    assert RECTIFICATION.overdue(date(2023, 8, 26))
    assert SPOT_CHECK.last_day == date(2023, 8, 25)
    assert not Phase("a", "甲").overdue(date(2099, 1, 1))


def test_the_campaign_has_a_last_day_for_plots() -> None:
    assert CAMPAIGN.last_day == date(2023, 8, 25)
    assert Campaign("x", hard_deadline=date(2023, 9, 1), phases=(RECTIFICATION,)).last_day == date(2023, 9, 1)
    assert Campaign("x", phases=default_phases()).last_day is None
    assert Campaign("x").last_day is None
    assert CAMPAIGN.phase("summary") is None


@pytest.mark.parametrize("state", State)
def test_only_open_plots_are_overdue(state: State) -> None:
    late = CAMPAIGN.overdue(state, date(2023, 8, 1), date(2023, 8, 2))
    assert late == (state not in {State.ACCEPTED, State.COUNTY_ACCEPTED, State.CLOSED, State.CANCELLED, State.SPLIT})


def test_a_plot_is_late_by_its_own_deadline_else_by_the_campaigns() -> None:
    assert not CAMPAIGN.overdue(State.WORKING, date(2023, 8, 1), date(2023, 8, 1))
    assert CAMPAIGN.overdue(State.ISSUED, None, date(2023, 8, 26))
    assert not CAMPAIGN.overdue(State.ISSUED, None, date(2023, 8, 25))
    assert not Campaign("x").overdue(State.ISSUED, None, date(2099, 1, 1))
    strict = Campaign("x", rules=CampaignRules(done_rule=DoneRule.COUNTY_ACCEPTED))
    assert strict.overdue(State.ACCEPTED, date(2023, 8, 1), date(2023, 8, 2))


def test_four_phases_are_usual() -> None:
    assert [phase.name for phase in default_phases()] == ["自查阶段", "整改阶段", "抽查阶段", "总结阶段"]
