"""Plots of which all is settled on the ground, so that the evidence rules have something to say."""

from __future__ import annotations

from collections.abc import Iterable

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import RoundRow
from tests.helpers.ledgers import CLERK


def settle(ledger: Ledger, plots: Iterable[str]) -> None:
    """Give plots a first round whose whole target is restored; without photos their evidence is 缺."""
    with ledger.begin(Operation.PLAN, CLERK) as work:
        for plot in plots:
            made = RoundRow(id=f"{plot}:1", plot_id=plot, target=5_280_000, restored=5_280_000)
            made.crop, made.sown_on = "水稻", "2023-08-05"
            work.session.add(made)
        work.commit()
