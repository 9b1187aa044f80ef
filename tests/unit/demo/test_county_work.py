"""A township's work for the county's campaign, done in a real ledger: every plot ends where the plan puts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.demo.county_plan import Standing, UnitPlan, plan_county
from gengdi_desktop.demo.county_work import TownshipWork
from gengdi_desktop.demo.sample_plots import unit_plots
from gengdi_desktop.demo.walk import SampleWalk, find_unit
from gengdi_desktop.domain.people import Role
from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.phases.service import act
from gengdi_desktop.system.reference import divisions
from tests.helpers.clock import FixedClock


@pytest.fixture
def walk(tmp_path: Path, clock: FixedClock) -> SampleWalk:
    """A small township with its list taken in."""
    walk = SampleWalk(tmp_path / "样例", find_unit("二塘乡"), clock, confirm=False)
    walk.make_ledger()
    walk.take_list_in()
    return walk


def work_of(walk: SampleWalk) -> TownshipWork:
    plan: UnitPlan = plan_county(unit_plots(divisions(), walk.unit))[0]
    ledgers.add_member(walk.ledger, plan.clerk, Role.CLERK, by=walk.clerk)
    ledgers.add_member(walk.ledger, plan.leader, Role.LEADER, by=walk.clerk)
    return TownshipWork(walk.ledger, plan, walk.ids)


def test_the_work_ends_where_the_plan_says_also_after_a_return(walk: SampleWalk) -> None:
    work = work_of(walk)
    work.first()
    found = figures(walk.ledger)
    assert {label: (one.count, one.area) for label, one in found.by_label.items() if one.count} == work.plan.labels()
    proved = work.plan.of(Standing.PROVED)[:1]
    assert proved
    back = [one.plot.bsm for one in (*work.plan.of(Standing.ACCEPTED)[:2], *proved)]
    again = {"reason": "抽查不合格", "deadline": "2023-08-27", "date": "2023-08-23", "document_number": "退1号"}
    returned = act(walk.ledger, "return", [work.ids[bsm] for bsm in back], again, by=work.leader)
    assert returned.refused == ()
    work.rework(back)
    after = figures(walk.ledger).by_state
    half = len(work.plan.of(Standing.PARTIAL))
    assert after[State.ACCEPTED].count == len(work.plan.of(Standing.ACCEPTED, Standing.PROVED, Standing.CLAIMED)) + half
    assert check(walk.ledger).problems == ()
    walk.leave()


def test_a_deed_that_is_refused_stops_the_work_in_one_sentence(walk: SampleWalk) -> None:
    work = work_of(walk)
    with pytest.raises(ProgramError) as caught:
        work.do(work.plan.after_photos())
    assert "停下" in caught.value.message
    walk.leave()
