"""An action on a ledger is there or it is not, and a backup is whole or not there, wherever they were stopped."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.check import check
from tests.helpers.clock import FixedClock
from tests.helpers.faults import MODES, WarmProcess, every_stop

OLD, NEW = {"张三"}, {"张三", "李四"}


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder with a new ledger of one member."""
    folder = tmp_path / "before"
    new = service.NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="张三")
    service.create_ledger(folder / "ledger", new, FixedClock()).close()
    return folder


def members_of(folder: Path) -> set[str]:
    """Who is in a ledger that was stopped; it must open for writing and pass its check."""
    ledger = service.open_ledger(folder / "ledger", FixedClock())
    try:
        checked = check(ledger)
        assert checked.ok, checked.problems
        assert checked.replayed
        return {member.name for member in service.members(ledger)}
    finally:
        ledger.close()


def test_a_stopped_action_is_whole_or_not_there(faultio: Path, before: Path, *, full: bool) -> None:
    found: dict[str, set[str]] = {mode: set() for mode in MODES}
    with WarmProcess("tests.helpers.fault_works:one_action", faultio, name="李四") as warm:
        for mode, at, left, stopped in every_stop(warm, before, before.parent, full=full):
            assert stopped.error == "", (mode, at, stopped)
            members = members_of(left)
            assert members in (OLD, NEW), (mode, at)
            assert stopped.said != "done" or members == NEW, (mode, at)
            found[mode].add("new" if members == NEW else "old")
    assert found["kill"] == {"old", "new"}


def test_a_stopped_backup_is_whole_or_not_there(faultio: Path, before: Path, *, full: bool) -> None:
    seen = set()
    with WarmProcess("tests.helpers.fault_works:a_backup", faultio, name="白圩乡") as warm:
        for mode, at, left, stopped in every_stop(warm, before, before.parent, full=full):
            assert stopped.error == "", (mode, at, stopped)
            made = list((left / "ledger" / "backups").glob("*.gdbak"))
            for backup in made:
                with zipfile.ZipFile(backup) as archive:
                    assert archive.testzip() is None, (mode, at)
                    assert len(archive.namelist()) == 2
            assert stopped.said != "done" or made, (mode, at)
            assert members_of(left) == OLD
            seen.add(bool(made))
    assert seen == {True, False}
