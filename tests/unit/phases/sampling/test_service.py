"""A sample in a ledger: frozen and hashed first, drawn once, enlarged and replaced as anybody could redo it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Role
from gengdi_desktop.domain.sampling import order_key
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.phases.sampling import service
from gengdi_desktop.phases.sampling.records import SampleInfo, SampleRole, SampleStatus, SeedSource
from gengdi_desktop.storage.tables import SamplePlotRow
from tests.helpers.ledgers import CLERK, LEADER, add_plots
from tests.helpers.sampled import in_place, sampled_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A county's ledger with 24 plots in place and two that are not."""
    with sampled_ledger(tmp_path / "台账") as opened:
        add_plots(opened, ["not-yet"], state="working")
        in_place(opened, ["waiting"])
        with opened.begin(Operation.HOLD, CLERK) as work:
            work.apply([["~", "plot", "waiting", {"held": [0, 1]}]])
            work.commit()
        yield opened


def drawn(ledger: Ledger, count: int = 6, seed: str = "20230821", **asked: object) -> SampleInfo:
    """A frozen frame by villages, drawn."""
    framed = service.freeze_frame(ledger, strata=("village",), by=CLERK, **asked)  # type: ignore[arg-type]
    return service.draw(ledger, framed.id, seed=seed, count=count, by=CLERK)


def plots(info: SampleInfo) -> list[str]:
    """Who is to be checked."""
    return [one.plot for one in info.to_check]


def refused(code: str, act: Callable[[], object]) -> RuleError:
    """The refusal of an act."""
    with pytest.raises(RuleError) as found:
        act()
    assert found.value.code == code
    assert "没有" in found.value.message or "不能" in found.value.message
    assert found.value.hint
    return found.value


def test_the_frame_is_kept_and_hashed_before_there_is_a_seed(ledger: Ledger) -> None:
    framed = service.freeze_frame(ledger, name="第一次抽查", strata=("village", "kind"), by=CLERK)
    assert (framed.status, framed.seed, framed.drawn_on, framed.plots) == (SampleStatus.FRAMED, "", None, ())
    text = service.frame_text(ledger, framed.id)
    assert hashlib.sha256(text.encode()).hexdigest() == framed.frame_hash
    rows = [line.split("\t") for line in text.splitlines()]
    assert rows == sorted(rows)
    assert {plot for _, plot, _ in rows} == {f"p{number:02d}" for number in range(24)}
    assert {stratum for stratum, _, _ in rows} == {"白圩村／非粮化", "七里村／非粮化", "连桥村／非粮化"}
    assert framed.frame_area.micro_mu == sum(int(area) for _, _, area in rows)
    assert [one.plots for one in framed.strata] == [8, 8, 8]
    newest = history(ledger)[0]
    assert newest.action == Operation.FRAME
    assert check(ledger).ok


def test_a_draw_is_an_entry_that_nobody_takes_back(ledger: Ledger) -> None:
    info = drawn(ledger)
    assert info.status is SampleStatus.DRAWN
    assert info.seed_source is SeedSource.LOT
    for stratum in info.strata:
        lines = [line.split("\t") for line in service.frame_text(ledger, info.id).splitlines()]
        mine = sorted((order_key("20230821", plot), plot) for name, plot, _ in lines if name == stratum.name)
        got = [(one.order_key, one.plot) for one in info.plots if one.stratum == stratum.name]
        assert got == mine[: stratum.share]
        assert [one.place for one in info.plots if one.stratum == stratum.name] == list(range(1, stratum.share + 1))
    assert history(ledger)[0].action == Operation.DRAW
    with pytest.raises(RuleError):
        undo(ledger, history(ledger)[0].seq, by=CLERK)
    assert [one.drawn for one in service.samples(ledger)] == [6]


def test_a_frame_is_drawn_once(ledger: Ledger) -> None:
    info = drawn(ledger)
    refused("already_drawn", lambda: service.draw(ledger, info.id, seed="7", count=6, by=CLERK))
    again = service.freeze_frame(ledger, strata=("village",), by=CLERK)
    assert again.frame_hash == info.frame_hash
    said = refused("second_seed", lambda: service.draw(ledger, again.id, seed="7", count=6, by=CLERK))
    assert "20230821" in said.message
    other = service.draw(ledger, again.id, seed="7", count=6, by=CLERK, reason="县纪委另行抽查")
    assert other.reason == "县纪委另行抽查"
    assert plots(other) != plots(info)


def test_taking_the_same_again_writes_nothing(ledger: Ledger) -> None:
    first = service.take(ledger, strata=("village",), seed="5", count=5, by=CLERK)
    before = ledger.head()
    second = service.take(ledger, strata=("village",), seed="5", count=5, by=CLERK)
    assert (first.again, second.again) == (False, True)
    assert second.info == first.info
    assert ledger.head() == before
    larger = service.take(ledger, strata=("village",), seed="5", ratio=Fraction(1, 2), by=CLERK, reason="县长要求")
    assert larger.info.enlarges == first.info.id
    assert set(plots(first.info)) < set(plots(larger.info))
    assert len(plots(larger.info)) == 12
    other = service.take(ledger, strata=("village",), seed="6", count=5, by=CLERK)
    assert plots(other.info) != plots(first.info)
    assert other.info.reason == f"先前用种子 5 抽过（{first.info.name}），另抽一次没有写明原因"


def test_a_refused_draw_leaves_no_frame_behind(ledger: Ledger) -> None:
    before = ledger.head()
    refused("bad_count", lambda: service.take(ledger, seed="5", count=25, by=CLERK))
    refused("bad_count", lambda: service.take(ledger, seed="5", by=CLERK))
    refused("bad_ratio", lambda: service.take(ledger, seed="5", ratio=Fraction(3, 2), by=CLERK))
    refused("no_seed", lambda: service.take(ledger, seed=" ", count=3, by=CLERK))
    refused("bad_seed", lambda: service.take(ledger, seed="9" * 101, count=3, by=CLERK))
    refused("unknown_stratum", lambda: service.take(ledger, strata=("天气",), seed="5", count=3, by=CLERK))
    refused("empty_frame", lambda: service.take(ledger, scope="没有这个村", seed="5", count=3, by=CLERK))
    refused("bad_fail_limit", lambda: service.freeze_frame(ledger, fail_limit=Fraction(1), by=CLERK))
    refused("unknown_sample", lambda: service.sample(ledger, "没有"))
    assert ledger.head() == before


def test_a_viewer_draws_nothing(ledger: Ledger) -> None:
    looking = ledgers.add_member(ledger, "周静", Role.VIEWER, by=CLERK)
    assert looking is not None
    viewer = ledgers.actor(ledger, "周静")
    with pytest.raises(RuleError, match="只能查看"):
        service.freeze_frame(ledger, by=viewer)


def test_scope_and_generated_seed(ledger: Ledger) -> None:
    framed = service.freeze_frame(ledger, scope="白圩乡/七里村", by=CLERK)
    assert framed.frame_plots == 8
    assert [one.name for one in framed.strata] == ["全部"]
    info = service.draw(ledger, framed.id, ratio=Fraction(3, 10), by=CLERK)
    assert info.seed_source is SeedSource.GENERATED
    assert len(info.seed) == 12
    assert info.seed.isdecimal()
    assert (len(info.plots), info.wanted) == (3, "30%")


def test_a_plot_that_cannot_be_visited_makes_room_for_the_next(ledger: Ledger) -> None:
    info = drawn(ledger)
    order = [
        plot
        for _, plot in sorted(
            (order_key("20230821", line.split("\t")[1]), line.split("\t")[1])
            for line in service.frame_text(ledger, info.id).splitlines()
            if line.startswith("七里村")
        )
    ]
    second, first = order[1], order[0]
    refused("reason_missing", lambda: service.replace(ledger, info.id, second, reason=" ", by=CLERK))
    refused("not_in_sample", lambda: service.replace(ledger, info.id, "not-yet", reason="水淹", by=CLERK))
    after = service.replace(ledger, info.id, second, reason="水淹", by=CLERK)
    refused("already_replaced", lambda: service.replace(ledger, info.id, second, reason="水淹", by=CLERK))
    after = service.replace(ledger, info.id, first, reason="道路不通", by=CLERK)
    mine = {one.plot: one for one in after.plots if one.stratum == "七里村"}
    assert [one for one in mine if not mine[one].replaced] == order[2:4]
    assert {plot: mine[plot].replaces for plot in order[:4]} == {
        first: None, second: None, order[2]: second, order[3]: first,
    }  # fmt: skip
    assert (mine[second].reason, mine[order[2]].role) == ("水淹", SampleRole.REPLACEMENT)
    assert len(plots(after)) == 6
    assert check(ledger).ok
    undo(ledger, by=CLERK)
    assert plots(service.sample(ledger, info.id)) != plots(after)


def test_a_stratum_without_plots_left_checks_one_less(ledger: Ledger) -> None:
    info = drawn(ledger, count=24)
    after = service.replace(ledger, info.id, info.plots[0].plot, reason="水淹", by=CLERK)
    assert len(plots(after)) == 23
    assert [one.places for one in after.strata if one.name == info.plots[0].stratum] == [7]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 20), st.integers(1, 20), st.data())
def test_enlarging_keeps_all_that_were_to_be_checked(ledger: Ledger, few: int, more: int, data: st.DataObject) -> None:
    # The ledger stays from example to example; another seed each time is drawn with a reason.
    seed = str(len(service.samples(ledger)))
    framed = service.freeze_frame(ledger, strata=("village",), by=CLERK)
    info = service.draw(ledger, framed.id, seed=seed, count=few, by=CLERK, reason="试")
    for one in data.draw(st.sets(st.sampled_from(plots(info)), max_size=3)):
        info = service.replace(ledger, info.id, one, reason="水淹", by=LEADER)
    size = sum(one.share for one in info.strata)
    wanted = min(size + more, 24)
    if wanted == size:
        return
    larger = service.enlarge(ledger, info.id, count=wanted, by=CLERK, reason="再看看")
    assert set(plots(info)) <= set(plots(larger))
    assert len(larger.plots) == len({one.plot for one in larger.plots})
    assert {one.plot for one in info.plots if one.replaced} == {one.plot for one in larger.plots if one.replaced}
    for stratum in larger.strata:
        assert stratum.places == min(stratum.share, (stratum.plots or 0) - sum(
            1 for one in larger.plots if one.replaced and one.stratum == stratum.name
        ))  # fmt: skip
    assert service.sample(ledger, info.id).status is SampleStatus.ENLARGED
    refused("enlarged", lambda: service.enlarge(ledger, info.id, count=24, by=CLERK, reason="再"))


def test_enlarging_whole_strata(ledger: Ledger) -> None:
    info = drawn(ledger)
    refused("not_larger", lambda: service.enlarge(ledger, info.id, count=6, by=CLERK, reason="再看看"))
    refused("reason_missing", lambda: service.enlarge(ledger, info.id, count=9, by=CLERK))
    larger = service.enlarge(ledger, info.id, count=8, whole=["七里村"], by=CLERK, reason="七里村有举报")
    assert {one.name: one.share for one in larger.strata} == {"七里村": 8, "白圩村": 2, "连桥村": 2}
    assert larger.wanted == "8，七里村整层"


def test_reserve_names_who_comes_next(ledger: Ledger) -> None:
    info = drawn(ledger)
    waiting = service.reserve(ledger, info.id, each=1)
    assert len(waiting) == 3
    after = service.replace(ledger, info.id, info.plots[0].plot, reason="水淹", by=CLERK)
    assert {one.plot for one in after.plots} - {one.plot for one in info.plots} <= set(waiting)


def test_what_stands_otherwise_than_drawn_is_named(ledger: Ledger) -> None:
    info = drawn(ledger)
    service.replace(ledger, info.id, info.plots[1].plot, reason="水淹", by=CLERK)
    info = service.replace(ledger, info.id, info.plots[0].plot, reason="水淹", by=CLERK)
    larger = service.enlarge(ledger, info.id, count=13, whole=["白圩村"], by=CLERK, reason="有举报")
    assert [service.not_as_drawn(ledger, one.id) for one in (info, larger)] == [(), ()]
    moved = next(one for one in info.plots if not one.replaced)
    with ledger.begin(Operation.RECEIVE, CLERK) as work:
        work.apply([["~", "sample_plot", f"{info.id}:{moved.plot}", {"place": [moved.place, 8]}]])
        work.commit()
    assert service.not_as_drawn(ledger, info.id) == (moved.plot,)
    in_it = {one.plot for one in info.plots}
    other = next(plot for plot in (f"p{number:02d}" for number in range(24)) if plot not in in_it)
    with ledger.begin(Operation.RECEIVE, CLERK) as work:
        row = SamplePlotRow(id=f"{larger.id}:x", sample_id=larger.id, plot_id=other, stratum="七里村", place=1)
        row.role = "drawn"
        work.session.add(row)
        work.commit()
    assert other in service.not_as_drawn(ledger, larger.id)


@pytest.mark.parametrize("desk", [Desk.TOWNSHIP, Desk.TEAM])
def test_every_desk_may_draw_what_it_has(tmp_path: Path, desk: Desk) -> None:
    with sampled_ledger(tmp_path / "台账", desk=desk) as ledger:
        assert len(drawn(ledger).plots) == 6


def test_risk_is_a_stratum_by_facts_of_the_ledger(ledger: Ledger) -> None:
    framed = service.freeze_frame(ledger, strata=("风险", "面积大小"), by=CLERK)
    # No photo is attached to any, so the evidence of all is wanting.
    assert {one.name for one in framed.strata} == {"关注／1 亩以下", "关注／1 至 5 亩", "关注／5 至 15 亩"}


def test_a_draw_is_not_dated_before_its_frame(ledger: Ledger) -> None:
    framed = service.freeze_frame(ledger, by=CLERK)
    with pytest.raises(RuleError) as said:
        service.draw(ledger, framed.id, seed="7", count=3, by=CLERK, on_date=framed.framed_on - timedelta(days=1))
    assert said.value.code == "before_frame"
    assert service.draw(ledger, framed.id, seed="7", count=3, by=CLERK, on_date=framed.framed_on).seed == "7"
