"""A spot check over two desks: drawn at the county, visited by the team with a replacement, entered and returned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.exchange.manifest import JournalSpan, PackageKind
from gengdi_desktop.handover import service as handover
from gengdi_desktop.handover.receiving.proof import Reported, prove
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases.sampling import service
from gengdi_desktop.phases.sampling.records import SampleInfo
from gengdi_desktop.storage.tables import AttachmentRow, CampaignRow, PackageRow, ReportedEntryRow
from tests.helpers import desks
from tests.helpers.photos import small_photo

BY, TEAM = desks.COUNTY_CLERK, desks.CHECKER
DEADLINE = date(2026, 6, 1)


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[tuple[Ledger, Ledger]]:
    """The county with twelve plots in place, and its team; each trusts the other."""
    with ExitStack() as stack:
        county = stack.enter_context(desks.county_ledger(tmp_path / "county"))
        team = stack.enter_context(desks.team_ledger(tmp_path / "team"))
        desks.add_list(
            county, "到位", [(unit, number) for unit in desks.TOWNSHIPS for number in range(11, 17)], state="accepted"
        )
        trust.trust(county, desks.identity_of(team).certificate, by=BY)
        trust.trust(team, desks.identity_of(county).certificate, by=TEAM)
        yield county, team


def carry(sender: Ledger, receiver: Ledger, kind: PackageKind, sample: str, file: Path) -> None:
    """Pack at one desk, take in at the other."""
    by, identity = desks.clerk_of(sender), desks.identity_of(sender)
    handover.pack(sender, kind, file, by=by, identity=identity, options=handover.PackOptions(sample=sample))
    verdict = desks.judged(receiver, file)
    taken = handover.receive(receiver, file, by=desks.clerk_of(receiver), verdict=verdict, copy=False)
    assert taken.applied
    assert taken.arrival.refused == ()
    assert taken.arrival.conflicts == ()


def looked(team: Ledger, sample: str, plot: str, outcome: str) -> SampleInfo:
    """What the team found at a plot."""
    return service.record_result(
        team, sample, plot, outcome=outcome, finding="未播种", checker=TEAM.name, second_checker="熊伟", by=TEAM
    )


def test_a_replacement_of_the_team_and_all_results_come_home(offices: tuple[Ledger, Ledger], tmp_path: Path) -> None:
    county, team = offices
    info = service.take(county, strata=("township",), seed="20260506", count=4, by=BY).info
    carry(county, team, PackageKind.CHECK_TASK, info.id, tmp_path / "1.gdpkg")
    there = service.sample(team, info.id)
    assert there == info, "strata, shares and plots are told at the team's desk as at the county's"
    out = there.plots[0].plot
    there = service.replace(team, info.id, out, reason="水淹", by=TEAM)
    for place, one in enumerate(there.to_check):
        looked(team, info.id, one.plot, "合格" if place else "不合格")
    there = service.sample(team, info.id)
    carry(team, county, PackageKind.CHECK_RESULT, info.id, tmp_path / "2.gdpkg")
    home = service.sample(county, info.id)
    assert home.plots == there.plots
    assert (len(home.checked), len(home.failed), len(home.to_check)) == (4, 1, 4)
    entered = service.enter_results(county, info.id, document="抽〔2026〕1号", by=BY)
    assert (len(entered.plots), entered.refused) == (4, ())
    back = service.send_back(county, info.id, deadline=DEADLINE, by=BY)
    assert len(back.plots) == 1
    # No plan was ever made of these plots, so they go back to where it is to be made.
    assert {one.plot: one.state for one in service.sample(county, info.id).failed} == {back.plots[0]: State.CHECKED}
    assert [check(ledger).problems for ledger in offices] == [(), ()]


def test_two_samples_of_the_same_plots_do_not_undo_each_other(offices: tuple[Ledger, Ledger], tmp_path: Path) -> None:
    county, team = offices
    first = service.take(county, seed="1", count=6, by=BY).info
    second = service.take(county, seed="2", count=6, reason="另抽一次", by=BY).info
    both = {one.plot for one in first.plots} & {one.plot for one in second.plots}
    assert both, "the two samples share plots"
    for number, info in enumerate((first, second)):
        carry(county, team, PackageKind.CHECK_TASK, info.id, tmp_path / f"{number}.gdpkg")
    assert [len(service.sample(team, info.id).plots) for info in (first, second)] == [6, 6]
    for number, info in enumerate((first, second)):
        for one in info.plots:
            looked(team, info.id, one.plot, "合格")
        carry(team, county, PackageKind.CHECK_RESULT, info.id, tmp_path / f"r{number}.gdpkg")
    assert [len(service.sample(county, info.id).checked) for info in (first, second)] == [6, 6]


def test_an_enlarged_sample_is_visited_without_its_first_draw(offices: tuple[Ledger, Ledger], tmp_path: Path) -> None:
    county, team = offices
    first = service.take(county, seed="1", count=3, by=BY).info
    carry(county, team, PackageKind.CHECK_TASK, first.id, tmp_path / "1.gdpkg")
    for one in first.plots:
        looked(team, first.id, one.plot, "不合格")
    carry(team, county, PackageKind.CHECK_RESULT, first.id, tmp_path / "2.gdpkg")
    larger = service.enlarge(county, first.id, count=6, by=BY)
    assert (len(larger.plots), len(larger.failed)) == (6, 3)
    carry(county, team, PackageKind.CHECK_TASK, larger.id, tmp_path / "3.gdpkg")
    there = service.sample(team, larger.id)
    assert len(there.checked) == 3, "what was found at the first draw counts at the team's desk too"
    for one in there.to_check:
        if one.result is None:
            there = looked(team, larger.id, one.plot, "合格")
    carry(team, county, PackageKind.CHECK_RESULT, larger.id, tmp_path / "4.gdpkg")
    home = service.sample(county, larger.id)
    assert (len(home.checked), len(home.failed)) == (6, 3)
    assert check(county).problems == ()


def packed(sender: Ledger, kind: PackageKind, sample: str, file: Path) -> Path:
    """A package about a sample."""
    by, identity = desks.clerk_of(sender), desks.identity_of(sender)
    options = handover.PackOptions(sample=sample)
    return handover.pack(sender, kind, file, by=by, identity=identity, options=options).file


def taken_in(receiver: Ledger, file: Path) -> handover.Received:
    """A package taken in without a reason."""
    verdict = desks.judged(receiver, file)
    return handover.receive(receiver, file, by=desks.clerk_of(receiver), verdict=verdict, copy=False)


def test_results_of_two_samples_come_home_whichever_is_taken_in_first(
    offices: tuple[Ledger, Ledger], tmp_path: Path
) -> None:
    county, team = offices
    samples = [
        service.take(county, seed=seed, count=4, scope=unit, reason="另抽一次", by=BY).info
        for seed, unit in zip("12", desks.TOWNSHIPS, strict=True)
    ]
    results = []
    for number, info in enumerate(samples):
        carry(county, team, PackageKind.CHECK_TASK, info.id, tmp_path / f"{number}.gdpkg")
    for number, info in enumerate(samples):
        for one in info.plots:
            looked(team, info.id, one.plot, "合格")
        photo = tmp_path / f"{number}.jpg"
        photo.write_bytes(small_photo(number))
        evidence.attach(team, info.plots[0].plot, [photo], Stage.SPOT_CHECK, by=TEAM)
        results.append(packed(team, PackageKind.CHECK_RESULT, info.id, tmp_path / f"r{number}.gdpkg"))
    taken_in(county, results[1])
    before = reported(county)
    late = taken_in(county, results[0])
    assert late.arrival.proof is not None
    assert late.arrival.proof.kind is handover.ProofKind.CONTAINED, "what the team did after it is not in it"
    assert [len(service.sample(county, info.id).checked) for info in samples] == [4, 4]
    assert reported(county) == before
    with county.reading() as session:
        photographed = set(session.exec(select(AttachmentRow.plot_id)))
    assert photographed == {info.plots[0].plot for info in samples}
    assert check(county).problems == ()


def reported(ledger: Ledger) -> list[tuple[int, str]]:
    """Number and hash of what other desks reported."""
    with ledger.reading() as session:
        return [
            (row.seq, row.hash) for row in session.exec(select(ReportedEntryRow).order_by(col(ReportedEntryRow.seq)))
        ]


def test_an_older_check_task_brings_its_sample_and_sets_nothing_back(
    offices: tuple[Ledger, Ledger], tmp_path: Path
) -> None:
    county, team = offices
    first = service.take(county, seed="1", count=6, by=BY).info
    older = packed(county, PackageKind.CHECK_TASK, first.id, tmp_path / "older.gdpkg")
    with county.begin(Operation.CAMPAIGN, BY) as work:
        work.apply([["~", "campaign", 1, {"hard_deadline": [None, "2026-09-30"]}]])
        work.commit()
    second = service.take(county, seed="2", count=6, reason="另抽一次", by=BY).info
    assert {one.plot for one in first.plots} & {one.plot for one in second.plots}, "the two samples share plots"
    newer = packed(county, PackageKind.CHECK_TASK, second.id, tmp_path / "newer.gdpkg")
    taken_in(team, newer)
    taken_in(team, older)
    assert [service.sample(team, info.id) for info in (first, second)] == [first, second]
    with team.reading() as session:
        assert [row.hard_deadline for row in session.exec(select(CampaignRow))] == ["2026-09-30"]


def test_a_package_of_a_sample_that_a_newer_one_contains_is_older_than_that(
    offices: tuple[Ledger, Ledger], tmp_path: Path
) -> None:
    county, team = offices
    # Ids are random: whichever of the two is the lesser, the answer is the same.
    first = service.take(county, seed="1", count=3, by=BY).info
    carry(county, team, PackageKind.CHECK_TASK, first.id, tmp_path / "1.gdpkg")
    for one in first.plots:
        looked(team, first.id, one.plot, "不合格")
    carry(team, county, PackageKind.CHECK_RESULT, first.id, tmp_path / "2.gdpkg")
    stale = packed(county, PackageKind.CHECK_TASK, first.id, tmp_path / "3.gdpkg")
    larger = service.enlarge(county, first.id, count=6, by=BY)
    carry(county, team, PackageKind.CHECK_TASK, larger.id, tmp_path / "4.gdpkg")
    with pytest.raises(RuleError) as refusal:
        taken_in(team, stale)
    assert refusal.value.code == "stale"
    with team.reading() as session:
        kept = session.exec(select(PackageRow.sample).where(PackageRow.number == 3, PackageRow.direction == "in")).one()
    assert kept == ",".join(sorted((first.id, larger.id)))


def test_a_newer_package_of_the_first_draw_does_not_shut_out_an_older_one_of_the_larger_sample(
    offices: tuple[Ledger, Ledger], tmp_path: Path
) -> None:
    county, team = offices
    first = service.take(county, seed="1", count=3, by=BY).info
    carry(county, team, PackageKind.CHECK_TASK, first.id, tmp_path / "1.gdpkg")
    for one in first.plots:
        looked(team, first.id, one.plot, "不合格")
    carry(team, county, PackageKind.CHECK_RESULT, first.id, tmp_path / "2.gdpkg")
    larger = service.enlarge(county, first.id, count=6, by=BY)
    both = packed(county, PackageKind.CHECK_TASK, larger.id, tmp_path / "3.gdpkg")
    carry(county, team, PackageKind.CHECK_TASK, first.id, tmp_path / "4.gdpkg")
    taken_in(team, both)
    assert len(service.sample(team, larger.id).plots) == 6
    assert len(service.sample(team, larger.id).failed) == 3


def test_a_ledger_that_was_set_back_has_lost_entries_and_is_not_merely_late() -> None:
    known = {seq: Reported(seq, str(seq) * 64, "", "", "") for seq in range(1, 6)}
    span = JournalSpan(since_seq=0, since_hash=None, head_seq=3, head_hash="3" * 64)
    carried = {seq: known[seq].hash for seq in (1, 2, 3)}
    assert prove(span, carried, known, overtaken=True).kind is handover.ProofKind.CONTAINED
    back = prove(span, carried, known)
    assert (back.kind, [one.seq for one in back.rewritten]) == (handover.ProofKind.REWRITTEN, [4, 5])
    other = {**carried, 3: "a" * 64}
    late = prove(replace(span, head_hash="a" * 64), other, known, overtaken=True)
    assert (late.kind, late.rewritten[0].seq) == (handover.ProofKind.REWRITTEN, 3)
