"""看差别: figures that differ lead to exactly the plots behind them; words differ beside their figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, RuleError
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.reports import comparing, service
from gengdi_desktop.storage.tables import PlotRow, RoundRow
from tests.unit.reports.ledgers import CLERK, make

KIND = "rectification_letter"
WORKING = f"{16:032x}"
CHECKED = f"{21:032x}"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with make(tmp_path / "台账") as made:
        yield made


def freeze(ledger: Ledger, kind: str = KIND, **changes: Any) -> service.ReportInfo:
    settings = replace(service.settings_of(ledger, kind), own_fonts=False, number="白府函〔2023〕1号", **changes)
    return service.freeze(ledger, kind, settings, by=CLERK)


def work_on(ledger: Ledger) -> None:
    """One plot is settled and claimed, another is remarked."""
    with ledger.begin(Operation.EDIT, CLERK) as work:
        plot = work.session.get_one(PlotRow, WORKING)
        plot.state = "accepted"
        row = work.session.get_one(RoundRow, f"{WORKING}:1")
        row.restored = 3_000_000
        work.session.get_one(PlotRow, CHECKED).remark = "路边"
        work.commit()


def test_each_figure_is_followed_back_to_its_plots(ledger: Ledger) -> None:
    first = freeze(ledger)
    work_on(ledger)
    found = service.differences(ledger, first.id, freeze(ledger).id)
    assert (found.old, found.new, found.followed) == ("白府函〔2023〕1号 第 1 版", "白府函〔2023〕1号 第 2 版", True)
    figures = {one.key: one for one in found.figures}
    done = figures["rectified.count"]
    assert (done.name, int(done.new) - int(done.old), done.plots) == ("已整改个数", 1, (WORKING,))
    assert figures["share.count"].plots == (WORKING,)
    assert all(one.plots == (WORKING,) for one in found.figures)
    assert "task.count" not in figures
    plots = {one.id: one for one in found.plots}
    assert set(plots) == {WORKING, CHECKED}
    assert plots[CHECKED].sentence == "备注由 （空） 变为 路边"
    told = {one.name: (one.old, one.new) for one in plots[WORKING].fields}
    assert told["状态"] == ("整改中", "镇级验收合格")
    assert told["已落实"] == ("现场整改 1.40 亩", "现场整改 3.00 亩")
    assert found.words == ()


def test_the_ledger_as_it_stands_is_a_side_too(ledger: Ledger) -> None:
    first = freeze(ledger)
    assert service.differences(ledger, first.id).nothing
    work_on(ledger)
    found = service.differences(ledger, first.id)
    assert found.new == "现在的台账"
    assert {one.id for one in found.plots} == {WORKING, CHECKED}
    assert found.as_json()["figures"][0]["plots"] == [WORKING]


def test_words_differ_beside_their_figures(ledger: Ledger) -> None:
    first = freeze(ledger)
    draft = service.compose(ledger, KIND, lenient=True)
    text = next(one.text for one in draft.wordings if one.key == "measures")
    second = freeze(ledger, recipient="县政府", day=date(2023, 8, 19), wording={"measures": f"{text}成效明显。"})
    found = service.differences(ledger, first.id, second.id)
    words = {one.place: (one.old, one.new) for one in found.words}
    assert words["主送"] == (first.recipient, "县政府")
    assert words["成文日期"] == ("2023年8月20日", "2023年8月19日")
    old, new = words["二、工作开展情况"]
    assert new == f"{old}成效明显。"
    assert (found.figures, found.plots) == ((), ())


def test_plots_that_came_and_went_are_told(ledger: Ledger) -> None:
    first = freeze(ledger)
    facts = next(one for one in first.files if one.role is service.FileRole.SNAPSHOT)
    from gengdi_desktop.reports.facts.snapshot_json import thaw_facts

    snapshot = thaw_facts(service.kept_bytes(ledger, facts))
    paper = service.compose(ledger, KIND, draft=False).paper
    whole = comparing.Side("全", snapshot.as_of, snapshot, paper)
    fewer = comparing.Side("少一个", snapshot.as_of, replace(snapshot, plots=snapshot.plots[1:]), paper)
    gone, came = comparing.compare(whole, fewer), comparing.compare(fewer, whole)
    assert [(one.only, one.sentence) for one in (*gone.plots, *came.plots)] == [
        ("old", "新的里面没有了"),
        ("new", "新的里面才有"),
    ]
    [area] = [one for one in came.figures if one.key == "task.area"]
    assert area.plots == (snapshot.plots[0].id,)


def test_too_many_plots_are_listed_but_not_followed(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    first = freeze(ledger)
    work_on(ledger)
    monkeypatch.setattr(comparing, "MOST_FOLLOWED", 1)
    found = service.differences(ledger, first.id)
    assert not found.followed
    assert found.figures
    assert all(one.plots == () for one in found.figures)


def test_it_can_be_stopped_and_only_one_kind_is_compared(ledger: Ledger) -> None:
    first = freeze(ledger)
    work_on(ledger)

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        service.differences(ledger, first.id, progress=stop)
    other = service.freeze(ledger, "register", by=CLERK)
    with pytest.raises(RuleError) as refused:
        service.differences(ledger, first.id, other.id)
    assert refused.value.code == "other_kind"
    assert service.differences(ledger, other.id).nothing
