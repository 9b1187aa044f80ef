"""Plots that are in place, so that a sample can be drawn of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import PlotRow, RoundRow
from tests.helpers.ledgers import CLERK, ISSUED, LEADER, new_ledger

VILLAGES = ("白圩村", "七里村", "连桥村")


def in_place(ledger: Ledger, plots: Iterable[str], *, state: str = "accepted", township: str = "白圩乡") -> None:
    """Put plots in that are claimed and more, one village after the other, areas growing from 0.5 mu."""
    with ledger.begin(Operation.IMPORT, CLERK) as work:
        for at, plot in enumerate(plots):
            area = 500_000 + at * 250_000
            facts = {**ISSUED, "township": township, "village": VILLAGES[at % 3], "plot_no": f"{at + 1:04d}"}
            facts |= {"issued_area": area, "state": state, "rectify": 1}
            work.session.add(PlotRow(id=plot, entry=work.seq, position=at, **facts))
            made = RoundRow(id=f"{plot}:1", plot_id=plot, number=1, target=area, restored=area)
            made.planned_on, made.claimed_on, made.claimed_by = "2023-07-29", "2023-08-12", CLERK.name
            made.deadline, made.accepted_on = "2023-08-15", "2023-08-14"
            work.session.add(made)
        work.commit()


def sampled_ledger(folder: Path, plots: int = 24, *, desk: Desk = Desk.COUNTY) -> Ledger:
    """A ledger of two members with so many plots in place, named ``p00`` and on."""
    ledger = new_ledger(folder, CLERK, LEADER, desk=desk)
    in_place(ledger, [f"p{number:02d}" for number in range(plots)])
    return ledger
