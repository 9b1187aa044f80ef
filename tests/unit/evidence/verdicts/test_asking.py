"""Questions that name the evidence: the same answers, whether what is kept could be brought up or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.evidence.verdicts import asking
from gengdi_desktop.evidence.verdicts.service import bring_up
from gengdi_desktop.ledger import queries
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import add_plots, new_ledger
from tests.helpers.settled import settle

MISSING = Condition("evidence", "missing")
QUERIES = (
    PlotQuery((MISSING,)),
    PlotQuery((MISSING,), group="village", order="plot_no", descending=True),
    PlotQuery((Condition("evidence", ("unclear",), Match.ONE_OF), Condition("village", "连桥村")), group="village"),
    PlotQuery((Condition("evidence_told", "照片", Match.CONTAINS),), order="issued_area"),
    PlotQuery((Condition("evidence", "complete"),), group="village"),
    PlotQuery((Condition("village", "连桥村"),), group="village"),
)


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger that can only be read and has moved on since its plots were judged."""
    clock = FixedClock()
    with new_ledger(tmp_path / "台账", clock=clock) as ledger:
        add_plots(ledger, ["a", "b", "c"], finding="true")
        settle(ledger, ["a", "b"])
        bring_up(ledger)
        add_plots(ledger, ["d", "e", "f"], finding="true", village="连桥村")
        settle(ledger, ["c", "d", "e"])
    with ledgers.open_ledger(tmp_path / "台账", clock, write=False) as ledger:
        yield ledger


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_owed_is_judged(behind: Ledger, tmp_path: Path, query: PlotQuery) -> None:
    owing = bring_up(behind).owing
    assert owing == {"c", "d", "e", "f"}
    found = (
        asking.plot_ids(behind, query, owing),
        asking.plot_ids(behind, query, owing, limit=1),
        asking.plot_groups(behind, query, owing) if query.group else (),
        asking.plot_sums(behind, query, owing),
        [asking.field_values(behind, query, field, owing) for field in ("evidence", "village", "outflow_year")],
    )
    lines = asking.plot_lines(behind, ["f", "c", "a"], owing)
    behind.close()
    with ledgers.open_ledger(tmp_path / "台账", FixedClock()) as ledger:
        bring_up(ledger)
        assert found == (
            queries.plot_ids(ledger, query),
            queries.plot_ids(ledger, query, limit=1),
            queries.plot_groups(ledger, query) if query.group else (),
            queries.plot_sums(ledger, query),
            [queries.field_values(ledger, query, field) for field in ("evidence", "village", "outflow_year")],
        )
        assert lines == queries.plot_lines(ledger, ["f", "c", "a"])
