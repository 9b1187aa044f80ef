"""Only plots that a file may mean are read, and rows are matched as if all of them were."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled
from gengdi_desktop.intake.matching import CalledBy, KnownIdentifier, KnownPlot, KnownPlots
from gengdi_desktop.intake.places import Home, Place
from gengdi_desktop.intake.queries import StoredPlots, with_plots
from gengdi_desktop.intake.readings import Reading
from gengdi_desktop.intake.view import LedgerView
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import IdentifierRow, ListLineRow, PlotListRow, PlotRow, RoundRow
from tests.helpers.ledgers import CLERK, ISSUED, new_ledger

SCOPE = frozenset({2})
NUMBERS = ("12", "0012", "12a", "012A", "000", "é7", "É7", "１２", "7", "")
VILLAGES = ("白圩村", "前坊村", "")
KINDS = ("bsm", "local_no", "clue_no", "monitor_no")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Sixty plots with numbers in many spellings, in two lists, some of them in both."""
    chance = random.Random(3)
    with new_ledger(tmp_path_factory.mktemp("known") / "台账") as made:
        with made.begin(Operation.IMPORT, CLERK) as work:
            for key, name in ((1, "老清单"), (2, "新清单")):
                work.session.add(
                    PlotListRow(id=key, name=name, area_field="cultivated_area" if key == 1 else "plot_area")
                )
            work.session.flush()
            for at in range(60):
                facts = {**ISSUED, "township": chance.choice(("白圩乡", "民和镇")), "village": chance.choice(VILLAGES)}
                facts |= {"plot_no": chance.choice(NUMBERS), "outflow_year": chance.choice((2021, 2022, None))}
                work.session.add(PlotRow(id=f"p{at:02d}", position=at, **facts | {"issued_area": at + 1}))
                if at % 3 == 0:
                    work.session.add(RoundRow(id=f"p{at:02d}:1", plot_id=f"p{at:02d}", target=at))
            work.session.flush()
            for at in range(60):
                for list_id in chance.sample((1, 2), chance.randrange(3)):
                    work.session.add(ListLineRow(list_id=list_id, row=at, plot_id=f"p{at:02d}", status="entered"))
                for kind in chance.sample(KINDS, 2):
                    value, of = str(chance.randrange(12)), chance.choice((1, 2))
                    work.session.add(IdentifierRow(plot_id=f"p{at:02d}", kind=kind, value=value, list_id=of))
            work.commit()
        yield made


def _readings() -> Iterator[Reading]:
    chance = random.Random(4)
    for row in range(400):
        place = Place("进贤县", chance.choice(("白圩乡", "民和镇", "远乡")), "", chance.choice(VILLAGES), "", "")
        reading = Reading(0, row, place, year=chance.choice((2021, 2022, None)))
        for name in ("own_id", *KINDS, "plot_no"):
            if chance.random() < 0.3:
                value = chance.choice(NUMBERS) if name == "plot_no" else str(chance.randrange(14))
                setattr(reading, name, f"p{int(value) * 5:02d}" if name == "own_id" else value)
        yield reading


def _all(ledger: Ledger) -> KnownPlots:
    with ledger.reading() as session:
        plots = [
            KnownPlot(one.id, one.township, one.village, one.plot_no, one.outflow_year, one.state, 0, {})
            for one in session.exec(select(PlotRow).order_by(PlotRow.id))
        ]
        names = session.exec(select(IdentifierRow).order_by(col(IdentifierRow.id)))
        identifiers = [KnownIdentifier(one.plot_id, one.kind, one.value, one.list_id) for one in names]
    return KnownPlots.of(plots, identifiers, SCOPE)


def _stored(ledger: Ledger, progress: Any = None) -> StoredPlots:
    return StoredPlots(ledger.reading, progress)


@pytest.mark.parametrize("alone", [True, False])
def test_a_row_means_the_plot_that_it_would_mean_among_all_of_them(ledger: Ledger, *, alone: bool) -> None:
    whole, stored = _all(ledger), _stored(ledger)
    told = set()
    for reading in _readings():
        expected = whole.match(reading, alone=alone)
        found = stored.called(CalledBy.of([reading]), SCOPE).match(reading, alone=alone)
        assert found == expected
        told.add(expected.trouble.code if expected.trouble else expected.plot is not None)
    assert {True, False, "identifier_conflict", "ambiguous_match", "clue_elsewhere", "unknown_own_id"} <= told


def test_a_plot_is_read_with_its_target_its_lists_and_the_area_that_is_its_task(ledger: Ledger) -> None:
    reading = Reading(0, 1, Place("进贤县", "白圩乡", "", "", "", ""))
    reading.own_id = "p03"
    plot = _stored(ledger).called(CalledBy.of([reading]), SCOPE).plots["p03"]
    assert (plot.target, plot.issued.get("issued_area"), plot.issued.get("kind")) == (3, 4, "非粮化")
    both = _stored(ledger).in_lists({1}) & _stored(ledger).in_lists({2})
    assert both
    for one in both:
        reading.own_id = one
        known = _stored(ledger).called(CalledBy.of([reading]), SCOPE).plots[one]
        assert (set(known.lists), known.area_field) == ({1, 2}, "cultivated_area")


def test_few_rows_read_few_plots_and_somebody_may_stop_it(ledger: Ledger) -> None:
    reading = Reading(0, 1, Place("进贤县", "白圩乡", "", "白圩村", "", ""))
    reading.bsm, reading.plot_no = "3", "12a"
    assert 0 < len(_stored(ledger).called(CalledBy.of([reading]), SCOPE).plots) < 40

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        _stored(ledger, stop).called(CalledBy.of([reading]), SCOPE)


def test_plots_are_named_in_the_ledgers_order(ledger: Ledger) -> None:
    stored, whole = _stored(ledger), _all(ledger)
    assert stored.names_of(["p07", "p02"], 9) == (whole.name("p02") or "p02", whole.name("p07") or "p07")
    assert len(stored.names_of(list(whole.plots), 5)) == 5
    assert stored.cancelled() == frozenset()


def test_a_list_that_came_in_since_the_plots_were_promised_says_its_area_too(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as made:
        with made.begin(Operation.IMPORT, CLERK) as work:
            work.session.add(PlotRow(id="p1", position=0, **ISSUED))
            work.commit()
        view = with_plots(LedgerView(Home("进贤县", "", "白圩乡", "", whole_county=False)), made.reading)
        with made.begin(Operation.IMPORT, CLERK) as work:
            work.session.add(PlotListRow(id=7, name="新清单", area_field="plot_area"))
            work.session.flush()
            work.session.add(ListLineRow(list_id=7, row=1, plot_id="p1", status="entered"))
            work.commit()
        reading = Reading(0, 1, Place("进贤县", "白圩乡", "", "", "", ""))
        reading.own_id = "p1"
        known = view.plots.called(CalledBy.of([reading]), SCOPE).plots["p1"]
    assert (set(known.lists), known.area_field) == ({7}, "plot_area")
