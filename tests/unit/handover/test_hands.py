"""Who wrote a value that stands here: the newest entry in force before the package came, by people of this desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.handover.receiving.hands import Field, Hand, hands
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.storage.tables import PhaseRow, PlotRow, RoundRow
from tests.helpers import desks

OTHER = Actor("熊伟")
LATER = 10_000


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Ledger]:
    """The county's ledger with its list."""
    with desks.county_ledger(tmp_path / "county") as ledger:
        yield ledger


def plot_of(ledger: Ledger) -> str:
    """The first plot."""
    with ledger.reading() as session:
        return str(session.connection().exec_driver_sql("SELECT min(id) FROM plot").scalar_one())


def change(ledger: Ledger, row: tuple[Any, Any], by: Actor, operation: Operation, **fields: Any) -> int:
    """Change fields of a row in an entry of its own."""
    with ledger.begin(operation, by) as work:
        found = work.session.get(*row)
        for name, value in fields.items():
            setattr(found, name, value)
        return work.commit().seq or 0


def found(ledger: Ledger, field: Field) -> Hand | None:
    """The hand of one field."""
    with ledger.reading() as session:
        return hands(session, [field]).get(field)


def test_a_field_was_written_by_the_newest_entry_before_the_package(county: Ledger) -> None:
    plot = plot_of(county)
    change(county, (PlotRow, plot), desks.COUNTY_CLERK, Operation.EDIT, cause="建房")
    second = change(county, (PlotRow, plot), OTHER, Operation.CORRECT, cause="造林")
    change(county, (PlotRow, plot), desks.COUNTY_CLERK, Operation.EDIT, party="农户甲")
    third = change(county, (PlotRow, plot), desks.COUNTY_CLERK, Operation.EDIT, cause="果园")
    hand = found(county, Field(plot, "plot", plot, "cause", third))
    assert hand == Hand(second, f"{desks.MOMENT:%Y-%m-%dT%H:%M:%S.000000Z}", OTHER.name, Operation.CORRECT.label)


def test_what_was_turned_back_wrote_nothing(county: Ledger) -> None:
    plot = plot_of(county)
    first = change(county, (PlotRow, plot), desks.COUNTY_CLERK, Operation.EDIT, cause="建房")
    change(county, (PlotRow, plot), OTHER, Operation.CORRECT, cause="造林")
    undo(county, by=OTHER)
    hand = found(county, Field(plot, "plot", plot, "cause", LATER))
    assert hand is not None
    assert hand.entry == first


def test_where_a_plot_stands_is_written_by_its_rounds_too(county: Ledger) -> None:
    plot = plot_of(county)
    standing = Field(plot, "plot", plot, "", LATER)
    change(county, (PlotRow, plot), OTHER, Operation.EDIT, cause="造林")
    assert found(county, standing) is None, "the list that brought it is no hand"
    held = change(county, (PlotRow, plot), OTHER, Operation.HOLD, held=1)
    assert (found(county, standing) or pytest.fail("nobody")).entry == held
    planned = change(county, (RoundRow, f"{plot}:1"), OTHER, Operation.PLAN, person="李建国")
    assert (found(county, standing) or pytest.fail("nobody")).entry == planned


def test_a_row_without_a_plot_has_its_hand_too(county: Ledger) -> None:
    with county.reading() as session:
        phase = session.connection().exec_driver_sql("SELECT min(id) FROM phase").scalar_one()
    entry = change(county, (PhaseRow, phase), OTHER, Operation.CAMPAIGN, window_end="2026-06-01")
    hand = found(county, Field(None, "phase", str(phase), "window_end", LATER))
    assert (hand or pytest.fail("nobody")).entry == entry
