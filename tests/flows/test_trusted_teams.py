"""What a team that is trusted may write about a sample: results of what was drawn, and of nothing that it chose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gengdi_desktop.exchange import reading
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service as handover
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases.sampling import service
from gengdi_desktop.phases.sampling.records import SampleInfo
from tests.helpers import desks
from tests.helpers.packages import rewritten
from tests.helpers.two_desks import judged_here, rows

Rows = list[dict[str, Any]]


class Check(NamedTuple):
    """A sample of four of twelve plots, one of which failed, at the county and at its team."""

    county: Ledger
    team: Ledger
    sample: SampleInfo
    folder: Path

    def packed(self, sender: Ledger, kind: PackageKind, name: str) -> Path:
        """A package about the sample."""
        by, identity = desks.clerk_of(sender), desks.identity_of(sender)
        options = handover.PackOptions(sample=self.sample.id)
        return handover.pack(sender, kind, self.folder / name, by=by, identity=identity, options=options).file

    def taken(self, receiver: Ledger, file: Path) -> handover.Received:
        """A package, taken in."""
        return handover.receive(receiver, file, by=desks.clerk_of(receiver), copy=False)

    def home(self) -> SampleInfo:
        """The sample as the county has it."""
        return service.sample(self.county, self.sample.id)

    @property
    def others(self) -> list[str]:
        """Plots that could have been drawn and were not, those that come next first."""
        drawn = {one.plot for one in self.sample.plots}
        reserve = service.reserve(self.county, self.sample.id, each=12)
        return [plot for plot in reserve if plot not in drawn]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    """A sample that was visited; nothing of it came home yet."""
    monkeypatch.setattr(reading, "verify_package", judged_here)
    with ExitStack() as stack:
        county = stack.enter_context(desks.county_ledger(tmp_path / "county"))
        team = stack.enter_context(desks.team_ledger(tmp_path / "team"))
        plots = [(unit, number) for unit in desks.TOWNSHIPS for number in range(11, 17)]
        desks.add_list(county, "到位", plots, state="accepted")
        trust.trust(county, desks.identity_of(team).certificate, by=desks.COUNTY_CLERK)
        trust.trust(team, desks.identity_of(county).certificate, by=desks.CHECKER)
        info = service.take(county, strata=("township",), seed="20260506", count=4, by=desks.COUNTY_CLERK).info
        found = Check(county, team, info, tmp_path)
        found.taken(team, found.packed(county, PackageKind.CHECK_TASK, "任务.gdpkg"))
        for place, one in enumerate(info.to_check):
            looked(found, one.plot, "合格" if place else "不合格")
        yield found


def looked(there: Check, plot: str, outcome: str) -> None:
    """What the team found at a plot."""
    service.record_result(
        there.team, there.sample.id, plot,
        outcome=outcome, finding="未播种", checker=desks.CHECKER.name, second_checker="熊伟", by=desks.CHECKER,
    )  # fmt: skip


def places(there: Check, chosen: list[str], **values: Any) -> tuple[Any, Any]:
    """Places and results for plots of the team's own choice: what becomes of both tables."""
    sample = there.sample.id

    def more_places(some: Rows) -> Rows:
        more = [
            {**some[0], "id": f"{sample}:{plot}", "plot_id": plot, "place": 3 + at, "replaces": None, "reason": ""}
            for at, plot in enumerate(chosen)
        ]
        return [*some, *(one | values for one in more)]

    def more_results(some: Rows) -> Rows:
        good = next(one for one in some if one["outcome"] == "passed")
        return [*some, *({**good, "id": f"{sample}:{plot}", "plot_id": plot} for plot in chosen)]

    return more_places, more_results


@pytest.mark.parametrize("values", [{"role": "drawn"}, {"role": "replacement"}])
def test_plots_that_nobody_drew_do_not_better_the_share(there: Check, values: dict[str, str]) -> None:
    """As further ones of the draw, or as replacements of plots that were visited all the same."""
    drawn = there.sample.plots[0]
    chosen = [plot for plot in there.others if plot in stratum_of(there, drawn.stratum)][:2]
    where, what = places(there, chosen, stratum=drawn.stratum, replaces=drawn.plot, **values)
    good = there.packed(there.team, PackageKind.CHECK_RESULT, "结果.gdpkg")
    bad = rewritten(
        good, there.folder / "多.gdpkg", desks.identity_of(there.team), {"sample_plot": where, "sample_result": what}
    )
    told = there.taken(there.county, bad).arrival
    assert {(one.code, one.plot) for one in told.refused} == {("not_drawn", plot) for plot in chosen}
    home = there.home()
    assert (len(home.plots), len(home.checked), len(home.failed)) == (4, 4, 1)
    assert service.not_as_drawn(there.county, home.id) == ()
    assert check(there.county).problems == ()


def stratum_of(there: Check, name: str) -> set[str]:
    """The plots of a stratum."""
    return {plot for (plot,) in rows(there.county, "SELECT id FROM plot WHERE township = :name", name=name)}


def test_a_replacement_out_of_turn_is_not_entered(there: Check) -> None:
    """The team may say that a plot cannot be visited; which one takes its place was settled by the draw."""
    out = there.sample.plots[0]
    chosen = [plot for plot in there.others if plot in stratum_of(there, out.stratum)][-1:]
    where, what = places(there, chosen, stratum=out.stratum, replaces=out.plot, role="replacement")

    def away(some: Rows) -> Rows:
        next(one for one in some if one["plot_id"] == out.plot).update(status="replaced", reason="水淹")
        return list(where(some))

    good = there.packed(there.team, PackageKind.CHECK_RESULT, "结果.gdpkg")
    bad = rewritten(
        good, there.folder / "换.gdpkg", desks.identity_of(there.team), {"sample_plot": away, "sample_result": what}
    )
    assert there.taken(there.county, bad).arrival.refused == ()
    entered = service.enter_results(there.county, there.sample.id, by=desks.COUNTY_CLERK)
    assert [(one.plot, one.code) for one in entered.refused] == [(chosen[0], "not_as_drawn")]
    assert chosen[0] not in entered.plots


def test_a_sample_that_contains_itself_stops_nobody(there: Check) -> None:
    def circle(some: Rows) -> None:
        some[0]["enlarges"] = some[0]["id"]

    good = there.packed(there.county, PackageKind.CHECK_TASK, "圈.gdpkg")
    bad = rewritten(good, there.folder / "圈2.gdpkg", desks.identity_of(there.county), {"sample": circle})
    there.taken(there.team, bad)
    assert len(service.sample(there.team, there.sample.id).checked) == 4
    assert check(there.team).problems == ()


def test_a_place_in_a_sample_that_there_is_not_is_left(there: Check) -> None:
    def elsewhere(some: Rows) -> None:
        some[0].update(sample_id="f" * 32, id=f"{'f' * 32}:{some[0]['plot_id']}")

    good = there.packed(there.county, PackageKind.CHECK_TASK, "错.gdpkg")
    bad = rewritten(good, there.folder / "错2.gdpkg", desks.identity_of(there.county), {"sample_plot": elsewhere})
    there.taken(there.team, bad)
    assert rows(there.team, "SELECT count(*) FROM sample_plot WHERE sample_id = :sample", sample="f" * 32) == [(0,)]
    assert check(there.team).problems == ()
