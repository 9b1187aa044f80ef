"""A list that a township took in by itself, sent up beside the county's own: no plot and no line is counted twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.exchange import reading
from gengdi_desktop.exchange.examine import examine
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import PackageVerdict
from gengdi_desktop.handover import service
from gengdi_desktop.handover.service import PackOptions
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.roll_up import RollUp, roll_up
from gengdi_desktop.ledger.tying_out import Cause
from gengdi_desktop.reports.facts.store import snapshot
from gengdi_desktop.storage.tables import ListLineRow
from tests.helpers import desks


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A county that took in a submission with a list of the township's own.

    That list has a plot of the county's list, one that only the township found, and a row that is not entered.
    """
    monkeypatch.setattr(reading, "verify_package", _judged_here)
    with ExitStack() as open_ledgers:
        made = open_ledgers.enter_context(desks.county_ledger(tmp_path / "county"))
        town = open_ledgers.enter_context(desks.township_ledger(tmp_path / "town"))
        trust.trust(made, desks.identity_of(town).certificate, by=desks.COUNTY_CLERK)
        ledgers.set_campaign(town, desks.CAMPAIGN, by=desks.TOWN_CLERK)
        listed, _found = desks.add_list(town, "乡里自己的清单", [("白圩乡", 1), ("白圩乡", 7)])
        with town.begin(Operation.IMPORT, desks.TOWN_CLERK) as work:
            (list_id,) = work.session.connection().execute(text("SELECT id FROM plot_list")).scalars()
            row = ListLineRow(list_id=list_id, sheet="Sheet1", row=3, status="open", issued_area=990_000)
            work.session.add(row)
            work.commit()
        stick = tmp_path / "stick.gdpkg"
        by, identity = desks.TOWN_CLERK, desks.identity_of(town)
        service.pack(town, PackageKind.SUBMISSION, stick, by=by, identity=identity, options=PackOptions())
        service.receive(made, stick, by=desks.COUNTY_CLERK, copy=False)
        assert listed not in _ids(made), "the plot of both lists should be one plot"
        yield made


def _judged_here(path: Path, trusted: Any, *, now: Any, **_: Any) -> PackageVerdict:
    found, package = examine(path, trusted, now=now, file=str(path))
    return PackageVerdict(found, None, None if package is None else hashlib.sha256(package.said).hexdigest())


def _ids(ledger: Ledger) -> set[str]:
    with ledger.reading() as session:
        return set(session.connection().execute(text("SELECT id FROM plot")).scalars())


def _lists(found: RollUp) -> Any:
    return next(one for one in found.comparisons if one.code == "lists")


def test_only_what_the_county_issued_is_compared_and_what_a_township_found_is_named(county: Ledger) -> None:
    found = roll_up(county)
    lists = _lists(found)
    assert (lists.tie.count, lists.tie.expected_count) == (5, 4)
    assert [(one.cause, one.count) for one in lists.differences] == [(Cause.FOUND_BELOW, 1)]
    assert "白圩乡" in lists.told
    assert "（乡镇自己列的，下发清单里没有）1个" in lists.told
    assert [one.holds for one in found.comparisons] == [True, True, False]


def test_rows_that_a_township_did_not_enter_are_its_own_affair(county: Ledger) -> None:
    found, told = roll_up(county), figures(county)
    assert found.unentered.count == told.unentered.count == 0
    assert found.issued == found.whole.sums.all
    assert [one.name for one in told.lists] == ["2023年流出图斑"]
    assert all(one.ties_out for one in told.lists)
    with county.reading() as session:
        paper = snapshot(session, county.today())
    assert paper.open_lines == ()
    assert [one.name for one in paper.lists] == ["2023年流出图斑"]


def test_a_township_counts_its_own_list_as_before(tmp_path: Path) -> None:
    with desks.township_ledger(tmp_path / "town") as town:
        desks.add_list(town, "乡里自己的清单", [("白圩乡", 1)])
        assert [one.name for one in figures(town).lists] == ["乡里自己的清单"]
        assert _lists(roll_up(town)).holds
        assert figures(town).plots.area > Area.ZERO
