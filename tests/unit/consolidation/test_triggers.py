"""Which units are named for a talk: each limit, what cannot be judged, and that the evidence is exactly its plots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gengdi_desktop.consolidation.service import Triggers, limits_in_force, set_limits, triggers
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.domain.triggers import TriggerLimits
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import CampaignSettings, OwnRules, parse_campaign
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import plot_ids
from gengdi_desktop.ledger.undo import undo
from tests.helpers.counties import PLOTS, TEAM, CountyPlot, make
from tests.helpers.ledgers import CLERK, new_ledger

HEAD = """
[campaign]
name = "2023年专项"
[[phase]]
code = "rectification"
name = "整改阶段"
window_start = 2023-07-29
window_end = 2023-08-20
hard_deadline = 2023-08-25
"""
"""On 20 August 23 of 28 days are over: 82.14 percent."""
ALL = '[limits]\nbehind_points = 20\nnew_outflow_mu = "4.5"\nunlawful_mu = 3\nsource = "进府办字〔2023〕50号"\n'


def settings(limits: str, head: str = HEAD) -> CampaignSettings:
    return parse_campaign((head + limits).encode())


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Ledger]:
    """Twelve plots in five units, and all three limits."""
    with make(tmp_path / "台账", campaign=settings(ALL)) as made:
        yield made


def told(found: Triggers) -> list[tuple[str, str, str, str]]:
    return [(one.unit, one.trigger.value, one.value, one.limit) for one in found.named]


def test_each_unit_over_a_limit_is_named_with_what_was_measured(county: Ledger) -> None:
    found = triggers(county)
    assert told(found) == [
        ("民和镇", "unlawful", "3.20 亩", "3.00 亩"),
        ("李渡镇", "behind", "32.14 个百分点", "20 个百分点"),
        ("李渡镇", "new_outflow", "10.00 亩", "4.50 亩"),
        ("文港镇", "behind", "32.14 个百分点", "20 个百分点"),
        ("白圩乡", "new_outflow", "7.00 亩", "4.50 亩"),
    ]
    assert found.sentence == "有 4 个单位达到约谈情形。"
    assert found.unjudged == ()
    assert found.limits.source == "进府办字〔2023〕50号"
    behind = next(one for one in found.named if one.unit == "文港镇")
    assert behind.sentence == "按天数匀着算应整改 82.14%，已整改 50.00%（按面积，不含核减），差 32.14 个百分点。"


def test_the_evidence_is_exactly_the_plots_that_were_counted(county: Ledger) -> None:
    for one in triggers(county).named:
        ids = plot_ids(county, one.evidence)
        mine = [plot for plot in PLOTS if plot.id in ids]
        assert len(ids) == one.plots
        assert Area.total(Area.parse(plot.mu) for plot in mine) == one.area
        assert {plot.township for plot in mine} == {one.unit}
    named = {(one.unit, one.trigger.value): plot_ids(county, one.evidence) for one in triggers(county).named}
    assert named["民和镇", "unlawful"] == ["p01"]
    assert named["文港镇", "behind"] == ["p11"]
    assert named["白圩乡", "new_outflow"] == ["p05", "p07"]


def test_a_limit_that_is_just_met_names_nobody(tmp_path: Path) -> None:
    exact = '[limits]\nnew_outflow_mu = 10\nunlawful_mu = "3.20"\n'
    with make(tmp_path / "台账", campaign=settings(exact)) as county:
        assert triggers(county).named == ()
        assert triggers(county).sentence == "没有单位达到约谈情形。"


def test_cancelled_plots_count_for_nothing(tmp_path: Path) -> None:
    plots = tuple(replace(one, state="cancelled") if one.township == "李渡镇" else one for one in PLOTS)
    with make(tmp_path / "台账", plots, campaign=settings(ALL)) as county:
        assert "李渡镇" not in {one.unit for one in triggers(county).named}


def test_a_little_over_a_limit_does_not_read_as_the_limit(tmp_path: Path) -> None:
    plots = (
        CountyPlot("p1", "民和镇", "云桥村", "closed", "62.142"),
        CountyPlot("p2", "民和镇", "云桥村", "issued", "37.858"),
    )
    with make(tmp_path / "台账", plots, campaign=settings("[limits]\nbehind_points = 20\n")) as county:
        (one,) = triggers(county).named
        assert one.value == "20.01 个百分点"


def test_without_limits_nothing_is_judged_and_that_is_said(tmp_path: Path) -> None:
    with make(tmp_path / "台账", campaign=settings("")) as county:
        assert triggers(county) == Triggers(limits_in_force(county), (), ())
        assert triggers(county).sentence == "没有设约谈限值，没有判。"


def test_what_cannot_be_judged_is_said(tmp_path: Path) -> None:
    plots = tuple(replace(one, year=None) for one in PLOTS)
    head = '[campaign]\nname = "2023年专项"\n[[phase]]\ncode = "rectification"\nname = "整改阶段"\n'
    with make(tmp_path / "台账", plots, campaign=settings(ALL, head)) as county:
        found = triggers(county)
        assert told(found) == [("民和镇", "unlawful", "3.20 亩", "3.00 亩")]
        assert [one.partition("，")[0] for one in found.unjudged] == [
            "专项没有写整改阶段的第一天或者期限",
            "没有一个图斑写明流出年度",
        ]


def test_limits_are_set_and_taken_away_by_an_entry_that_can_be_undone(county: Ledger) -> None:
    ledgers.set_campaign(county, settings("[limits]\nunlawful_mu = 100\n"), by=TEAM)
    assert triggers(county).named == ()
    ledgers.set_campaign(county, settings(""), by=TEAM)
    assert limits_in_force(county).unlawful == Area.parse("100"), "a file without the section leaves them"
    ledgers.set_campaign(county, settings("[limits]\n"), by=TEAM)
    assert limits_in_force(county).judged == ()
    undo(county, by=TEAM)
    assert limits_in_force(county).unlawful == Area.parse("100")


def test_limits_are_set_alone_and_read_back_as_they_were(county: Ledger) -> None:
    wanted = TriggerLimits(15, Area.parse("66.600001"), None, "进府办字〔2023〕51号")
    set_limits(county, wanted, by=TEAM)
    assert limits_in_force(county) == wanted
    with pytest.raises(RuleError, match="亩数"):
        set_limits(county, replace(wanted, unlawful=Area(-1)), by=TEAM)
    with pytest.raises(RuleError, match="整数"):
        set_limits(county, replace(wanted, behind_points=101), by=TEAM)
    undo(county, by=TEAM)
    assert limits_in_force(county).behind_points == 20


def test_limits_need_a_campaign(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账", desk=Desk.COUNTY) as county:
        with pytest.raises(RuleError, match="专项行动") as refusal:
            set_limits(county, TriggerLimits(20), by=CLERK)
        assert triggers(county).sentence == "没有设约谈限值，没有判。"
    assert refusal.value.code == "no_campaign"


def test_limits_that_cannot_be_read_are_told_in_a_sentence(county: Ledger) -> None:
    broken = replace(settings(""), limits=OwnRules("behind_points = ", "", ""))
    ledgers.set_campaign(county, broken, by=TEAM)
    with pytest.raises(RuleError, match="读不懂") as refusal:
        triggers(county)
    assert refusal.value.code == "bad_limits"


def test_a_section_that_cannot_be_read_stops_the_whole_file() -> None:
    for section, said in (("limits = 3", "“limits”要写成一节"), ("[limits]\nbehind = 3", "不认识“limits.behind”")):
        text = section + HEAD if section.startswith("limits") else HEAD + section
        with pytest.raises(RuleError, match=said) as refusal:
            parse_campaign(text.encode())
        assert refusal.value.code == "bad_campaign"
