"""Which day counts for the townships' reports, and how a township stands to it."""

from __future__ import annotations

from datetime import date

import pytest

from gengdi_desktop.consolidation.deadlines import Standing, deadline_of, standing_of
from gengdi_desktop.domain.campaigns import Campaign, Phase

OPENS, CLOSES, HARD = date(2023, 7, 29), date(2023, 8, 20), date(2023, 8, 25)


def campaign(
    *, hard: date | None = HARD, whole: date | None = None, summary: date | None = None, closes: date | None = CLOSES
) -> Campaign:
    return Campaign(
        "整改",
        hard_deadline=whole,
        phases=(
            Phase("rectification", "整改阶段", OPENS, closes, hard),
            Phase("summary", "总结阶段", None, None, summary),
        ),
    )


@pytest.mark.parametrize(
    ("asked", "day", "name"),
    [
        (campaign(whole=date(2023, 8, 30), summary=date(2023, 9, 1)), HARD, "整改阶段的硬期限"),
        (campaign(hard=None, whole=date(2023, 8, 30), summary=date(2023, 9, 1)), date(2023, 8, 30), "专项行动的硬期限"),
        (campaign(hard=None, summary=date(2023, 9, 1)), date(2023, 9, 1), "总结阶段的硬期限"),
        (campaign(hard=None), CLOSES, "整改阶段的最后一天"),
        (campaign(hard=None, closes=None), None, ""),
        (Campaign(""), None, ""),
    ],
)
def test_the_nearest_deadline_counts(asked: Campaign, day: date | None, name: str) -> None:
    found = deadline_of(asked)
    assert (found.last_day, found.name) == (day, name)


@pytest.mark.parametrize(
    ("arrived", "today", "standing", "late"),
    [
        (None, date(2023, 7, 1), Standing.AHEAD, 0),
        (None, CLOSES, Standing.AHEAD, 0),
        (None, date(2023, 8, 21), Standing.DUE, 0),
        (None, HARD, Standing.DUE, 0),
        (None, date(2023, 8, 26), Standing.DUE, 1),
        (date(2023, 8, 1), date(2023, 9, 1), Standing.HANDED_IN, 0),
        (HARD, date(2023, 9, 1), Standing.HANDED_IN, 0),
        (date(2023, 8, 28), date(2023, 9, 1), Standing.LATE, 3),
    ],
)
def test_days_are_inclusive(arrived: date | None, today: date, standing: Standing, late: int) -> None:
    assert standing_of(deadline_of(campaign()), due=True, arrived=arrived, today=today) == (standing, late)


def test_a_township_without_plots_need_not_report_but_may() -> None:
    deadline = deadline_of(campaign())
    assert standing_of(deadline, due=False, arrived=None, today=date(2023, 9, 1)) == (Standing.EXEMPT, 0)
    assert standing_of(deadline, due=False, arrived=HARD, today=date(2023, 9, 1)) == (Standing.HANDED_IN, 0)


def test_without_any_day_nobody_is_late() -> None:
    deadline = deadline_of(Campaign(""))
    assert standing_of(deadline, due=True, arrived=None, today=date(2030, 1, 1)) == (Standing.AHEAD, 0)
    assert standing_of(deadline, due=True, arrived=HARD, today=date(2030, 1, 1)) == (Standing.HANDED_IN, 0)
