"""What the table and the workbench tell of evidence where what is kept of it is behind the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.evidence.verdicts.service import bring_up, verdicts
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.models.plot_source import LedgerPlots, PlotWish
from gengdi_desktop.ui.pages.evidence_todo import read_evidence_todos
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import add_plots, new_ledger
from tests.helpers.settled import settle


def _go_on(_done: int, _total: int) -> None:
    """Nobody asks to stop."""


@pytest.mark.parametrize("group", ["", "village"])
def test_groups_and_sums_are_those_of_the_plots_that_are_found(tmp_path: Path, group: str) -> None:
    with new_ledger(tmp_path / "台账") as ledger:
        add_plots(ledger, ["a", "b", "c"], finding="true")
        wish = PlotWish({"evidence": "=存疑"}, group=group)
        counted = {key: one.plots for key, one in LedgerPlots(ledger).sums(wish, _go_on).items()}
        assert sum(counted.values()) == len(verdicts(ledger))
        add_plots(ledger, ["d"], finding="true")
        source = LedgerPlots(ledger)
        groups = source.groups(wish, _go_on) if group else ()
        found = source.find(wish, None, _go_on)
        assert len(found) == len(verdicts(ledger))
        assert sum(one.plots for one in groups) == (len(found) if group else 0)


def test_a_ledger_that_can_only_be_read_tells_no_old_answers(tmp_path: Path) -> None:
    clock = FixedClock()
    with new_ledger(tmp_path / "台账", clock=clock) as ledger:
        add_plots(ledger, ["a", "b"], finding="true", state="claimed")
        bring_up(ledger)
        settle(ledger, ["b"])
    with ledgers.open_ledger(tmp_path / "台账", clock, write=False) as ledger:
        source = LedgerPlots(ledger)
        assert source.evidence(_go_on) == {"b"}  # these are fetched anew
        assert {one.id: one.evidence for one in source.lines(["a", "b"])} == {"a": "unclear", "b": "missing"}
        source = LedgerPlots(ledger)
        assert list(source.find(PlotWish({"evidence": "=缺"}), None, _go_on)) == ["b"]
        assert source.values(PlotWish(), "evidence", _go_on).values == (("missing", 1), ("unclear", 1))
        todos = {one.sentence: one for one in read_evidence_todos(ledger, Progress(_go_on))}
        assert todos["已经申报，证据还缺"].count == 1
        assert "缺" in todos["已经申报，证据还缺"].where
        assert todos["已经申报，证据存疑"].count == 1
