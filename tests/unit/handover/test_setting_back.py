"""A desk that went back to a backup: told apart from an older package, taken in for a reason, and gone on from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gengdi_desktop.consolidation.service import board
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.handover.service import Freshness, ProofKind
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.undo import undo
from tests.helpers import desks
from tests.helpers.canonical import canonical_state
from tests.helpers.two_desks import Desks, plots_of, rows

WHY = "电话核实：电脑坏了，恢复了旧备份"
REPORTED = "SELECT seq, hash FROM reported_entry ORDER BY seq"


class Restored:
    """A ledger of which a copy was put aside, to go back to."""

    def __init__(self, both: Desks, ledger: Ledger) -> None:
        self._both, self._name = both, "town" if ledger is both.town else "county"
        self._copy = both.folder / "copy"
        self._folder = ledger.folder.root
        shutil.copytree(self._folder, self._copy)

    def go_back(self) -> None:
        """What was done since is lost."""
        now: Ledger = getattr(self._both, self._name)
        clock = now.clock
        now.close()
        shutil.rmtree(self._folder)
        shutil.copytree(self._copy, self._folder)
        setattr(self._both, self._name, ledgers.open_ledger(self._folder, clock))


@pytest.fixture
def reported(both: Desks) -> Desks:
    """The township has handed in once."""
    both.down()
    both.edit(both.town, plots_of(both.town)[0], remark="一")
    both.up()
    return both


def remark(ledger: Ledger, plot: str) -> str:
    """What stands at a plot."""
    return str(rows(ledger, "SELECT remark FROM plot WHERE id = :plot", plot=plot)[0][0])


def refused(both: Desks, ledger: Ledger, package: Path) -> str:
    """Why a package is not taken in."""
    with pytest.raises(RuleError) as found:
        both.receive(ledger, package)
    return found.value.code


def line_of(county: Ledger) -> tuple[int, int]:
    """On the board: the number of the township's newest submission, and how many came."""
    found = next(one for one in board(county).lines if one.unit.name == "白圩乡")
    assert found.newest is not None
    return found.newest.number, found.submissions


@pytest.fixture
def set_back(reported: Desks) -> Desks:
    """The township handed in twice more and went back to before; it has recorded something else since."""
    plot = plots_of(reported.town)[0]
    copy = Restored(reported, reported.town)
    for said in ("二", "三", "四"):
        reported.edit(reported.town, plot, remark=said)
        reported.note(reported.town, plot, said)
        reported.up()
    copy.go_back()
    reported.edit(reported.town, plot, remark="新二")
    return reported


def test_a_township_that_went_back_comes_in_for_a_reason_and_goes_on_without_one(set_back: Desks) -> None:
    both, plot = set_back, plots_of(set_back.town)[0]
    package = both.pack(both.town, PackageKind.SUBMISSION)
    seen = service.arrival(both.county, package)
    assert seen.proof is not None
    assert (seen.heading.number, seen.freshness, seen.proof.kind) == (2, Freshness.NEW, ProofKind.REWRITTEN)
    assert [one.code for one in seen.problems] == ["journal_rewritten"]
    assert seen.needs_reason
    assert (seen.looked, seen.changed) == (True, 1)
    assert refused(both, both.county, package) == "journal_rewritten"
    both.receive(both.county, package, WHY)
    assert remark(both.county, plot) == "新二"
    assert rows(both.county, "SELECT count(*) FROM note") == [(0,)], "remarks that were lost there are gone here"
    assert line_of(both.county) == (2, 5)
    for number in (3, 4, 5):
        both.edit(both.town, plot, remark=f"新{number}")
        done = both.up()
        assert done.arrival.proof is not None
        assert (done.arrival.heading.number, done.arrival.proof.kind) == (number, ProofKind.CONTAINED)
        assert remark(both.county, plot) == f"新{number}"
        assert line_of(both.county)[0] == number
    both.down(PackageKind.FEEDBACK)
    assert both.up().arrival.problems == ()
    both.sound()


def test_after_a_setting_back_the_same_is_again_and_an_older_one_older(set_back: Desks) -> None:
    both, plot = set_back, plots_of(set_back.town)[0]
    first = both.pack(both.town, PackageKind.SUBMISSION)
    both.edit(both.town, plot, remark="新三")
    second = both.pack(both.town, PackageKind.SUBMISSION)
    both.receive(both.county, second, WHY)
    assert both.receive(both.county, second).applied == 0
    seen = service.arrival(both.county, first)
    assert (seen.freshness, [one.code for one in seen.problems]) == (Freshness.OLDER, ["stale"])
    assert not seen.needs_reason, "its last entry is one that was reported: it can be nothing but older"
    assert refused(both, both.county, first) == "stale"


def test_what_was_taken_in_for_a_reason_can_be_taken_back(set_back: Desks) -> None:
    both = set_back
    before, told = canonical_state(both.county), rows(both.county, REPORTED)
    package = both.pack(both.town, PackageKind.SUBMISSION)
    done = both.receive(both.county, package, WHY)
    assert rows(both.county, REPORTED) != told
    undo(both.county, done.changes.seq, by=desks.COUNTY_CLERK)
    assert (canonical_state(both.county), rows(both.county, REPORTED)) == (before, told)
    assert line_of(both.county) == (4, 4)
    assert refused(both, both.county, package) == "journal_rewritten"
    both.receive(both.county, package, WHY)
    assert line_of(both.county) == (2, 5)
    both.sound()


def test_who_did_nothing_since_is_told_as_older_and_comes_in_with_the_next(reported: Desks) -> None:
    both, plot = reported, plots_of(reported.town)[0]
    copy = Restored(both, both.town)
    for said in ("二", "三"):
        both.edit(both.town, plot, remark=said)
        both.up()
    copy.go_back()
    package = both.pack(both.town, PackageKind.SUBMISSION)
    seen = service.arrival(both.county, package)
    assert seen.proof is not None
    told = {one.code for one in seen.problems}
    assert told <= {"stale", "journal_rewritten"}
    again = both.pack(both.town, PackageKind.SUBMISSION)
    assert refused(both, both.county, again) == "journal_rewritten"
    both.receive(both.county, again, WHY)
    assert remark(both.county, plot) == "一"


def test_an_older_package_of_one_unbroken_ledger_stays_older_whatever_the_clock_says(reported: Desks) -> None:
    both, plot = reported, plots_of(reported.town)[0]
    some = []
    for said in ("二", "三", "四"):
        both.edit(both.town, plot, remark=said)
        some.append(both.pack(both.town, PackageKind.SUBMISSION))
    both.receive(both.county, some[2])
    for package in some[:2]:
        assert refused(both, both.county, package) == "stale"
    assert both.receive(both.county, some[2]).applied == 0
    assert remark(both.county, plot) == "四"


def test_a_county_that_went_back_is_told_as_older_and_comes_in_for_a_reason(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    copy = Restored(both, both.county)
    for said in ("二", "三"):
        both.edit(both.county, plot, remark=said)
        both.down()
        both.edit(both.county, plot, remark=f"{said}回")
        both.down(PackageKind.FEEDBACK)
    copy.go_back()
    both.edit(both.county, plot, remark="新二")
    package = both.pack(both.county, PackageKind.TASK)
    seen = service.arrival(both.town, package)
    assert (seen.heading.number, [one.code for one in seen.problems]) == (2, ["stale"])
    assert seen.needs_reason, "a task carries no entries: nobody can tell it from an older one but by asking"
    assert refused(both, both.town, package) == "stale"
    both.receive(both.town, package, "电话核实：县里恢复过旧备份")
    assert remark(both.town, plot) == "新二", "what the county wrote before it went back holds nothing of it back"
    for said, kind in (("新三", PackageKind.TASK), ("新四", PackageKind.FEEDBACK), ("新五", PackageKind.TASK)):
        both.edit(both.county, plot, remark=said)
        both.down(kind)
        assert remark(both.town, plot) == said
    both.edit(both.town, plot, remark="乡里的")
    both.up()
    assert remark(both.county, plot) == "乡里的"
    both.sound()
