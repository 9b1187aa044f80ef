"""Ledgers in a temporary folder, with plots put in as a list would bring them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import IdentifierRow, PlotRow
from tests.helpers.clock import FixedClock
from tests.helpers.patterns import after_pattern

CLERK, LEADER = Actor("王秀英"), Actor("李建国")
ISSUED: dict[str, Any] = {
    "county": "进贤县",
    "township": "白圩乡",
    "village": "白圩村",
    "outflow_year": 2022,
    "kind": "非粮化",
    "class_before": "0101",
    "class_before_name": "水田",
    "class_after": "0201",
    "class_after_name": "果园",
    "plot_area": 5_280_000,
    "cultivated_area": 5_280_000,
    "issued_area": 5_280_000,
    "state": "issued",
}


def new_ledger(
    folder: Path, *members: Actor, desk: Desk = Desk.TOWNSHIP, clock: FixedClock | None = None, copied: bool = True
) -> Ledger:
    """A ledger of 白圩乡 whose members are these, the first its maker; 王秀英 alone where none is named.

    Ledgers of the same name, members, desk and moment are copies of each other, also in their id, unless ``copied`` is
    false.
    """
    clock, members = clock or FixedClock(), members or (CLERK,)
    if not copied or folder.exists():
        return _made(folder, members, desk, clock)
    kind = ("small", members, desk, clock.moment)
    return after_pattern(folder, clock, kind, lambda place: _made(place, members, desk, FixedClock(clock.moment)))


def _made(folder: Path, members: tuple[Actor, ...], desk: Desk, clock: FixedClock) -> Ledger:
    first, *others = members
    ledger = ledgers.create_ledger(folder, ledgers.NewLedger(desk, "进贤县", "白圩乡", first.name), clock)
    for other in others:
        ledgers.add_member(ledger, other.name, Role.LEADER, by=first)
    return ledger


def add_plots(ledger: Ledger, plots: Iterable[str], by: Actor = CLERK, **changes: Any) -> tuple[str, ...]:
    """Put plots in by their own ids; plot numbers count from 1."""
    ids = tuple(plots)
    with ledger.begin(Operation.IMPORT, by) as work:
        for position, plot in enumerate(ids):
            number = f"{position + 1:04d}"
            facts = {**ISSUED, "plot_no": number, **changes}
            work.session.add(PlotRow(id=plot, entry=work.seq, position=position, **facts))
            work.session.add(IdentifierRow(plot_id=plot, kind="plot_no", value=number))
        work.commit()
    return ids
