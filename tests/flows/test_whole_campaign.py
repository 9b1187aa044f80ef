"""The whole campaign of a county's notice over all desks: totals exact, signatures good, every ledger sound."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gengdi_desktop.consolidation import service as consolidation
from gengdi_desktop.demo.county_plan import SEED, Standing, UnitPlan, fails, plan_county
from gengdi_desktop.demo.county_walk import CountyWalked, walk_county
from gengdi_desktop.demo.sample_plots import SAMPLE_COUNTY, county_plots
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Label, State
from gengdi_desktop.exchange.examine import examine as examine_package
from gengdi_desktop.handover import service as handover
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import plot_ids, plot_lines
from gengdi_desktop.ledger.roll_up import roll_up
from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.examine import examine as examine_pdf
from gengdi_desktop.system.clock import SystemClock
from gengdi_desktop.system.reference import divisions
from tests.helpers.command_line import Line
from tests.helpers.made_once import made_once

pytestmark = pytest.mark.timeout(1800)  # 23 townships on a machine that may be busy

PLOTS, TASK = 2220, Area.parse("3980.79")
COUNTY = divisions().find_counties("进贤县")[0]
PLANS = plan_county(county_plots(divisions(), COUNTY))
CLOSED_AT_LAST = (Standing.ACCEPTED, Standing.PROVED, Standing.PARTIAL, Standing.CLAIMED)
LAST: dict[Standing, State] = {
    **dict.fromkeys(CLOSED_AT_LAST, State.CLOSED),
    Standing.WORKS_DONE: State.WORKS_DONE,
    Standing.PLANNED: State.PLANNED,
    Standing.CONTESTED: State.CONTESTED,
    Standing.HELD: State.PLANNED,
}


@pytest.fixture(scope="session")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> CountyWalked:
    """The campaign, played once in a run."""
    return made_once(tmp_path_factory, "whole-campaign", lambda folder: walk_county(folder / "全县", SystemClock()))


@contextmanager
def reading(folder: Path) -> Iterator[Ledger]:
    with ledgers.open_ledger(folder, SystemClock(), write=False) as ledger:
        yield ledger


def township(campaign: CountyWalked, plan: UnitPlan) -> Path:
    return next(path for path in campaign.ledgers if path.name.startswith(plan.unit.name))


def believed(campaign: CountyWalked) -> tuple[Certificate, ...]:
    with reading(campaign.ledger) as ledger:
        return trust.trusted(ledger)


def test_the_county_s_list_is_that_of_the_notice(campaign: CountyWalked, line: Line) -> None:
    stats = line("stats", campaign.ledger)
    assert (stats["plots"], stats["area_mu"], stats["unentered"]) == (PLOTS, "3980.79", 0)
    assert len(campaign.ledgers) == 25


def test_totals_tied_out_after_each_round(campaign: CountyWalked) -> None:
    tied = [one for one in campaign.totals if "一致" in one]
    assert len(tied) == 3
    assert all(one.startswith("2220个、3980.79亩") for one in tied)
    first = dict.fromkeys(Label, (0, Area.ZERO))
    for plan in PLANS:
        for label, (count, area) in plan.labels().items():
            first[label] = (first[label][0] + count, first[label][1] + area)
    for label, (count, area) in first.items():
        assert f"{label.label}{count}个{area.display()}亩" in tied[0] or not count


def test_the_county_is_the_sum_of_its_townships_and_villages_and_of_the_list(campaign: CountyWalked) -> None:
    with reading(campaign.ledger) as ledger:
        whole, rolled = figures(ledger), roll_up(ledger)
    assert (whole.plots.count, whole.plots.area) == (PLOTS, TASK)
    assert rolled.ties_out
    by_name = {unit.name: unit for unit in rolled.units}
    summed: Counter[Label] = Counter()
    areas = dict.fromkeys(Label, Area.ZERO)
    for plan in PLANS:
        with reading(township(campaign, plan)) as ledger:
            own = figures(ledger)
        theirs = by_name[plan.unit.name].sums
        assert {label: one for label, one in own.by_label.items() if one.count} == {
            label: one for label, one in theirs.by_label.items() if one.count
        }
        assert (own.plots.count, own.plots.area) == (len(plan.plots), plan.area)
        for label, one in own.by_label.items():
            summed[label] += one.count
            areas[label] += one.area
    assert {label: one.count for label, one in whole.by_label.items()} == {label: summed[label] for label in Label}
    assert {label: one.area for label, one in whole.by_label.items()} == areas


@pytest.mark.parametrize("desk", ["township", "county"])
def test_every_plot_stands_where_the_plan_puts_it(campaign: CountyWalked, desk: str) -> None:
    for plan in PLANS if desk == "township" else PLANS[:1]:
        with reading(township(campaign, plan) if desk == "township" else campaign.ledger) as ledger:
            found = {one.bsm: (one.state, one.issued_area, one.settled) for one in plot_lines(ledger, plot_ids(ledger))}
        plots = plan.plots if desk == "township" else [one for each in PLANS for one in each.plots]
        assert len(found) == len(plots)
        for one in plots:
            whole = one.standing in {*CLOSED_AT_LAST, Standing.CONTESTED}
            settled = one.plot.cultivated_area if whole else one.settled
            assert found[one.plot.bsm] == (LAST[one.standing], one.plot.cultivated_area, settled)


def test_all_ledgers_are_sound(campaign: CountyWalked) -> None:
    for path in campaign.ledgers:
        with reading(path) as ledger:
            assert check(ledger).problems == (), path.name


def test_all_packages_and_papers_are_intact_and_trusted_by_the_county(campaign: CountyWalked) -> None:
    trusted, now = believed(campaign), datetime.now(UTC)
    kinds = Counter(path.suffix for path in campaign.files)
    # 23 tasks, three submissions and three feedbacks each, one on the way, one twice, two of the spot check
    assert kinds[".gdpkg"] == 23 * 7 + 4
    assert kinds[".pdf"] >= 25
    signed = 0
    for path in campaign.files:
        if path.suffix == ".gdpkg":
            verdict, _ = examine_package(path, trusted, now=now)
            assert verdict.intact, path.name
            assert verdict.trusted, path.name
        elif path.suffix == ".pdf":
            judged = examine_pdf(path.read_bytes(), trusted, now=now)
            signed += len(judged.signatures)
            assert not judged.signatures or (judged.intact and judged.trusted), path.name
    assert signed == 23 + 2


def test_the_summary_is_verified_from_the_command_line(campaign: CountyWalked, line: Line) -> None:
    told = line("verify", campaign.report, "--ledger", campaign.ledger)
    assert (told["intact"], told["trusted"]) == (True, True)
    assert line("check", campaign.ledger, "--against", campaign.report)["ok"] is True


def test_every_submission_proves_that_nothing_reported_was_rewritten(campaign: CountyWalked) -> None:
    with reading(campaign.ledger) as ledger:
        board = consolidation.board(ledger)
        came = [one for one in handover.packages(ledger) if not one.sent and one.kind.value == "submission"]
    assert len(board.lines) == 23
    for one in board.lines:
        assert one.submissions == 3
        assert one.newest is not None
        assert one.newest.proof == "contained"
        assert one.conflicts == 0
        assert one.missing_photos == 0
        assert one.answered
    handed_on_the_way = PLANS[4].unit.code
    numbers = Counter((one.unit_code, one.number) for one in came)
    assert set(numbers.values()) == {1}
    assert {number for code, number in numbers if code == handed_on_the_way} == {2, 3, 4}


def test_the_sample_can_be_drawn_again_with_a_sha256_tool(campaign: CountyWalked) -> None:
    with reading(campaign.ledger) as ledger:
        told = sampling.sample(ledger, sampling.samples(ledger)[0].id)
        text = sampling.frame_text(ledger, told.id)
    assert hashlib.sha256(text.encode()).hexdigest() == told.frame_hash
    frame = [line.split("\t") for line in text.splitlines()]
    accepted = sum(len(plan.of(Standing.ACCEPTED, Standing.PROVED, Standing.CLAIMED)) for plan in PLANS)
    assert len(frame) == told.frame_plots == accepted
    for stratum in {one[0] for one in frame}:
        order = sorted(
            (one[1] for one in frame if one[0] == stratum),
            key=lambda plot: hashlib.sha256(f"{SEED}\x1f{plot}".encode()).hexdigest(),
        )
        drawn = [one.plot for one in told.plots if one.stratum == stratum]
        assert drawn == order[: len(drawn)]
        assert drawn


def test_what_failed_went_back_and_was_done_again(campaign: CountyWalked) -> None:
    with reading(campaign.ledger) as ledger:
        told = sampling.sample(ledger, sampling.samples(ledger)[0].id)
    failed = [one for one in told.to_check if one.result is not None and one.result.failed]
    assert len(failed) == sum(fails(place) for place in range(len(told.to_check))) > 0
    assert all(one.result is not None and one.result.entered for one in told.to_check)
    assert all(one.state is State.CLOSED for one in failed)
    back = next(one for one in campaign.totals if "退回" in one)
    assert re.findall(r"\d+", back)[0] == str(len(failed))


def test_no_key_is_left_behind(campaign: CountyWalked) -> None:
    out = campaign.ledger.parent
    assert not [path for path in out.rglob("*") if path.suffix in {".p12", ".pfx", ".key"}]
    assert all("样例" in str(path.relative_to(out)) or path.suffix in {".cer", ".gdpkg"} for path in campaign.files)


def test_the_county_named_is_the_sample_s() -> None:
    assert COUNTY.code == SAMPLE_COUNTY
