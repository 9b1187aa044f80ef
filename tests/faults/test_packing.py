"""A ledger packed onto a stick that is pulled out, full or broken: what lies there is known to the ledger, or old."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from gengdi_desktop.exchange.examine import examine
from gengdi_desktop.handover.service import packages
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.check import check
from gengdi_desktop.system.files import PART
from tests.helpers import desks
from tests.helpers.fault_works import SAID
from tests.helpers.faults import MODES, WarmProcess, every_stop

OLD = b"a package of last week"


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A township's ledger, and a stick with an older file of the same name."""
    folder = tmp_path / "before"
    folder.mkdir()
    with desks.township_ledger(folder / "ledger") as ledger:
        desks.add_list(ledger, "自查发现", [("白圩乡", 1)])
    (folder / "stick").mkdir()
    (folder / "stick" / "a.gdpkg").write_bytes(OLD)
    return folder


def found(left: Path) -> tuple[str, str]:
    """What lies on the stick (old, new and whole, none), and what the ledger knows of it (as it was, sent)."""
    with service.open_ledger(left / "ledger", desks.clock_at()) as ledger:
        assert check(ledger).ok
        known = packages(ledger)
        seq = ledger.head().seq
    assert len(known) <= 1
    assert seq == (3 if known else 2), "one whole entry or none"
    target = left / "stick" / "a.gdpkg"
    if not target.exists():
        return "none", "sent" if known else "as it was"
    if target.read_bytes() == OLD:
        return "old", "sent" if known else "as it was"
    # Nobody carries off what the ledger does not know.
    verdict, package = examine(target, [], now=desks.MOMENT + timedelta(days=1))
    assert verdict.intact
    assert package is not None
    assert [one.id for one in known] == [package.manifest.heading.id], (
        "nobody carries off what the ledger does not know"
    )
    return "new", "sent"


def test_a_stick_pulled_out_at_any_moment(faultio: Path, before: Path, tmp_path: Path, *, full: bool) -> None:
    rehearsal = tmp_path / "rehearsal"
    shutil.copytree(before, rehearsal)
    modes = MODES if full else ("kill", "eio")
    seen: dict[str, set[tuple[str, str]]] = {mode: set() for mode in modes}
    with WarmProcess("tests.helpers.fault_works:a_packing", faultio, rehearsal) as warm:
        for mode, at, left, stopped in every_stop(warm, before, tmp_path, full=full, modes=modes):
            assert stopped.error == "", (mode, at, stopped.error)
            state = found(left)
            seen[mode].add(state)
            if (left / SAID).exists():
                assert state == ("new", "sent"), (mode, at)
            names = {path.name for path in (left / "stick").iterdir() if not path.name.endswith(PART)}
            assert names <= {"a.gdpkg"}
    assert {("old", "as it was"), ("new", "sent")} <= seen["kill"]
    # Between the entry and the name a package may be lost: it counts in the numbers, and nobody has it.
    allowed = {("old", "as it was"), ("new", "sent"), ("old", "sent")}
    assert set().union(*seen.values()) <= allowed
