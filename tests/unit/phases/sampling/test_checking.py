"""Results of a sample: by four eyes, at the team's desk too; entered as one entry, failed plots returned as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import SpotCheckOutcome
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk, State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.phases import service as phases
from gengdi_desktop.phases.sampling import service
from gengdi_desktop.phases.sampling.records import SampleInfo
from gengdi_desktop.storage.tables import SampleResultRow
from tests.helpers.ledgers import CLERK, LEADER, add_plots
from tests.helpers.sampled import in_place, sampled_ledger

GUEST = "周静"
_DAY = date(2023, 8, 20)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A county's ledger with 24 plots in place."""
    with sampled_ledger(tmp_path / "台账") as opened:
        yield opened


def drawn(ledger: Ledger, count: int = 6) -> SampleInfo:
    """A sample of plots of three villages."""
    return service.take(ledger, strata=("village",), seed="20230821", count=count, by=CLERK).info


def found(ledger: Ledger, info: SampleInfo, plot: str, outcome: str = "合格", **said: object) -> SampleInfo:
    """Record what was found at a plot."""
    given: dict[str, object] = {"checker": CLERK.name, "second_checker": GUEST, "by": CLERK}
    if outcome == "不合格":
        given |= {"finding": "田头仍有树根", "measured_area": Area(300_000)}
    return service.record_result(ledger, info.id, plot, outcome=outcome, **{**given, **said})  # type: ignore[arg-type]


def refused(code: str, act: Callable[[], object]) -> None:
    """The act is refused in words."""
    with pytest.raises(RuleError) as said:
        act()
    assert said.value.code == code
    assert said.value.hint


def test_a_result_stands_apart_until_it_is_entered(ledger: Ledger) -> None:
    info = drawn(ledger)
    first = info.plots[0].plot
    after = found(ledger, info, first, "不合格")
    result = after.plots[0].result
    assert result is not None
    assert (result.outcome, result.measured_area, result.entered) == (SpotCheckOutcome.FAILED, Area(300_000), False)
    assert phases.missing_for(ledger, first, "note", {"text": "看"}, by=CLERK) == ()
    again = found(ledger, info, first, "合格", finding="重新量过")
    assert (len(again.checked), len(again.failed)) == (1, 0)
    entered = service.enter_results(ledger, info.id, document="抽〔2023〕1号", by=CLERK)
    assert entered.plots == (first,)
    refused("already_entered", lambda: found(ledger, info, first))
    refused("nothing_to_enter", lambda: service.enter_results(ledger, info.id, by=CLERK))
    undo(ledger, by=CLERK)
    assert len(found(ledger, info, first, "不合格").failed) == 1
    assert check(ledger).ok


def test_two_people_one_of_the_team(ledger: Ledger) -> None:
    info = drawn(ledger)
    plot = info.plots[0].plot
    refused("four_eyes", lambda: found(ledger, info, plot, second_checker=f" {CLERK.name} "))
    refused("four_eyes", lambda: found(ledger, info, plot, second_checker=""))
    refused("not_of_the_team", lambda: found(ledger, info, plot, checker="黄伟"))
    refused("unknown_outcome", lambda: found(ledger, info, plot, "差不多"))
    refused("finding_missing", lambda: found(ledger, info, plot, "不合格", finding=" "))
    refused("area_negative", lambda: found(ledger, info, plot, measured_area=Area(-1)))
    refused("before_draw", lambda: found(ledger, info, plot, on_date=date(2023, 8, 19)))
    refused("in_future", lambda: found(ledger, info, plot, on_date=date(2023, 8, 21)))
    refused("not_in_sample", lambda: found(ledger, info, "p99"))
    replaced = service.replace(ledger, info.id, plot, reason="水淹", by=CLERK)
    refused("not_in_sample", lambda: found(ledger, replaced, plot))
    assert service.sample(ledger, info.id).checked == ()


def test_nothing_is_found_before_the_draw(ledger: Ledger) -> None:
    framed = service.freeze_frame(ledger, by=CLERK)
    refused("not_drawn", lambda: found(ledger, framed, "p01"))
    refused("not_drawn", lambda: service.enter_results(ledger, framed.id, by=CLERK))
    refused("not_drawn", lambda: service.replace(ledger, framed.id, "p01", reason="水淹", by=CLERK))
    refused("not_drawn", lambda: service.reserve(ledger, framed.id))


def test_a_township_s_clerk_does_not_check_an_own_claim(tmp_path: Path) -> None:
    with sampled_ledger(tmp_path / "乡台账", desk=Desk.TOWNSHIP) as ledger:
        info = drawn(ledger)
        refused("own_claim", lambda: found(ledger, info, info.plots[0].plot))
        found(ledger, info, info.plots[0].plot, checker=LEADER.name)
        said = service.enter_results(ledger, info.id, by=CLERK)
        assert "文号" in said.refused[0].message
        assert said.changes.nothing
        assert len(service.enter_results(ledger, info.id, document="抽〔2023〕1号", by=CLERK).plots) == 1


def test_the_team_records_and_replaces_and_the_county_enters(tmp_path: Path) -> None:
    with sampled_ledger(tmp_path / "组台账", desk=Desk.TEAM) as ledger:
        info = drawn(ledger)
        found(ledger, info, info.plots[0].plot, "不合格")
        assert len(service.replace(ledger, info.id, info.plots[1].plot, reason="水淹", by=CLERK).to_check) == 6
        refused("wrong_desk", lambda: service.enter_results(ledger, info.id, by=CLERK))
        refused("wrong_desk", lambda: service.send_back(ledger, info.id, deadline=date(2023, 8, 25), by=CLERK))


def test_all_results_are_one_entry_and_so_are_the_returns(ledger: Ledger) -> None:
    in_place(ledger, [f"c{number:02d}" for number in range(6)], state="closed")
    info = drawn(ledger, count=30)
    for one in info.plots:
        found(ledger, info, one.plot, "不合格" if one.plot in {"p01", "c01"} else "合格")
    refused("nothing_to_return", lambda: service.send_back(ledger, info.id, deadline=date(2023, 8, 30), by=CLERK))
    before = ledger.head().seq
    entered = service.enter_results(ledger, info.id, document="抽〔2023〕1号", by=CLERK)
    assert (len(entered.plots), entered.refused, entered.changes.seq) == (30, (), before + 1)
    with ledger.reading() as session:
        rows = session.connection().execute(text("SELECT * FROM spot_check WHERE outcome = 'failed'")).mappings().all()
    assert [(row["checker"], row["measured_area"], row["document_number"], row["note"]) for row in rows] == [
        ("王秀英、周静", 300_000, "抽〔2023〕1号", "田头仍有树根")
    ] * 2
    refused("deadline_past", lambda: service.send_back(ledger, info.id, deadline=date(2023, 8, 1), by=CLERK))
    back = service.send_back(ledger, info.id, deadline=date(2023, 8, 30), document="退〔2023〕1号", by=CLERK)
    assert (set(back.plots), back.changes.seq) == ({"p01", "c01"}, before + 2)
    after = {one.plot: one for one in service.sample(ledger, info.id).plots}
    assert after["p01"].state is after["c01"].state is State.WORKING
    with ledger.reading() as session:
        closed = session.connection().execute(text("SELECT round FROM plot WHERE id = 'c01'")).scalar()
        reason = session.connection().execute(text("SELECT reason FROM plot_return WHERE plot_id = 'p01'")).scalar()
    assert (closed, reason) == (2, "抽查不合格：田头仍有树根")
    refused("nothing_to_return", lambda: service.send_back(ledger, info.id, deadline=date(2023, 8, 30), by=CLERK))
    assert check(ledger).ok


def test_a_plot_that_moved_on_keeps_its_result_outside(ledger: Ledger) -> None:
    info = drawn(ledger)
    one, other = info.plots[0].plot, info.plots[1].plot
    found(ledger, info, one)
    found(ledger, info, other)
    phases.act(ledger, "return", [one], {"reason": "乡里要求", "deadline": "2023-08-25"}, by=CLERK)
    entered = service.enter_results(ledger, info.id, by=CLERK)
    assert (entered.plots, [refusal.plot for refusal in entered.refused]) == ((other,), [one])
    assert [still.plot for still in service.sample(ledger, info.id).not_entered] == [one]


def test_a_result_that_came_otherwise_after_it_was_entered_is_entered_again(ledger: Ledger) -> None:
    info = drawn(ledger)
    plot = info.plots[0].plot
    found(ledger, info, plot)
    service.enter_results(ledger, info.id, by=CLERK)
    with ledger.begin(Operation.RECEIVE, CLERK) as work:
        changed = {"outcome": ["passed", "failed"], "finding": ["", "树根没有清"]}
        work.apply([["~", "sample_result", f"{info.id}:{plot}", changed]])
        work.commit()
    assert [one.plot for one in service.sample(ledger, info.id).not_entered] == [plot]
    refused("nothing_to_return", lambda: service.send_back(ledger, info.id, deadline=date(2023, 8, 30), by=CLERK))
    service.enter_results(ledger, info.id, by=CLERK)
    with ledger.reading() as session:
        told = session.connection().execute(text("SELECT outcome FROM spot_check ORDER BY id")).scalars().all()
    assert told == ["passed", "failed"]
    assert service.send_back(ledger, info.id, deadline=date(2023, 8, 30), by=CLERK).plots == (plot,)


def test_a_result_from_elsewhere_passes_the_same_checks(ledger: Ledger) -> None:
    info = drawn(ledger)
    forged: dict[str, dict[str, object]] = {
        "four_eyes": {"second_checker": f" {CLERK.name}"},
        "finding_missing": {"outcome": "failed"},
        "before_draw": {"on_date": "2023-08-19"},
        "in_future": {"on_date": "2023-08-21"},
        "area_negative": {"measured_area": -1},
    }
    plots = [one.plot for one in info.plots]
    for plot in plots:
        found(ledger, info, plot)
    with ledger.begin(Operation.RECEIVE, CLERK) as work:
        for plot, said in zip(plots, forged.values(), strict=False):
            row = work.session.get_one(SampleResultRow, f"{info.id}:{plot}")
            row.checker, row.second_checker = CLERK.name, "黄伟"
            for name, value in said.items():
                setattr(row, name, value)
        row = work.session.get_one(SampleResultRow, f"{info.id}:{plots[-1]}")
        row.checker, row.second_checker = "黄伟", "李梅"
        work.commit()
    entered = service.enter_results(ledger, info.id, by=CLERK)
    assert {one.plot: one.code for one in entered.refused} == dict(zip(plots, forged, strict=False))
    assert entered.plots == (plots[-1],), "people of a team stand in its own ledger"
    assert all(one.message.endswith("。") and not one.reasons[0].message.endswith("。") for one in entered.refused)
    assert {one.plot for one in service.sample(ledger, info.id).not_entered} == set(plots[:-1])


def test_share_interval_and_the_second_draw_that_is_due(ledger: Ledger) -> None:
    info = drawn(ledger, count=9)
    assert (info.pass_share, info.enlargement) == (None, None)
    villages = [one for one in info.plots if one.stratum == "七里村"]
    first = found(ledger, info, villages[0].plot, "不合格")
    assert first.enlargement is not None, "1 of 9 is more than a tenth"
    assert (first.enlargement.count, first.enlargement.whole) == (18, ())
    second = found(ledger, info, villages[1].plot, "不合格")
    assert second.enlargement is not None
    assert (second.enlargement.count, second.enlargement.whole) == (18, ("七里村",))
    assert second.enlargement.sentence == (
        "不合格 2 个，已超过 9 个的 10%，应当扩大抽查："
        "用同一抽样框和种子抽到 18 个，其中七里村整层全查，先抽中的都保留。"
    )
    larger = service.enlarge(ledger, info.id, count=18, whole=["七里村"], by=CLERK)
    assert larger.reason == second.enlargement.why == "不合格 2 个，已超过 9 个的 10%"
    assert (len(larger.plots), len(larger.checked), len(larger.failed)) == (18, 2, 2), "the first draw's results count"
    assert service.sample(ledger, info.id).enlargement is None
    # A result of the first draw's plots stays with the first draw, so that both know it.
    found(ledger, larger, info.plots[-1].plot)
    new = next(one.plot for one in larger.plots if one.plot not in {old.plot for old in info.plots})
    found(ledger, larger, new)
    share = service.sample(ledger, larger.id).pass_share
    assert share is not None
    assert (share.passed, share.checked) == (2, 4)
    assert (round(share.low, 6), round(share.high, 6)) == (0.067586, 0.932414)
    assert [len(service.sample(ledger, key).checked) for key in (info.id, larger.id)] == [3, 4]
    assert [(line.checked, line.failed) for line in service.samples(ledger)] == [(4, 2), (3, 2)]


def test_where_all_is_drawn_nothing_is_enlarged(ledger: Ledger) -> None:
    info = drawn(ledger, count=24)
    for one in info.plots[:3]:
        info = found(ledger, info, one.plot, "不合格")
    assert info.enlargement is not None
    assert (info.enlargement.count, info.enlargement.whole) == (0, ())
    assert "不能再扩大" in info.enlargement.sentence


def test_the_limit_is_the_sample_s_own(ledger: Ledger) -> None:
    framed = service.freeze_frame(ledger, fail_limit=Fraction(1, 2), by=CLERK)
    info = service.draw(ledger, framed.id, seed="1", count=4, by=CLERK)
    for one in info.plots[:2]:
        info = found(ledger, info, one.plot, "不合格")
    assert info.enlargement is None, "half is not more than half"
    info = found(ledger, info, info.plots[2].plot, "不合格")
    assert info.enlargement is not None


def test_what_was_not_drawn_has_no_result(ledger: Ledger) -> None:
    add_plots(ledger, ["x"], state="working")
    info = drawn(ledger)
    refused("not_in_sample", lambda: found(ledger, info, "x", on_date=_DAY))
