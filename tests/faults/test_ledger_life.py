"""An undo, a restore and the making of a ledger are whole or not there, wherever they were stopped."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from gengdi_desktop.ledger import backup
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.folder import LedgerFolder
from tests.helpers.clock import FixedClock
from tests.helpers.fault_works import SAID
from tests.helpers.faults import MODES, WarmProcess, every_stop
from tests.helpers.ledgers import CLERK, add_plots, new_ledger


@dataclass
class Judge:
    """Opens what was left, as the program would at its next start, and says which state it is in.

    A file that is the same byte for byte, its log folded in, is judged once.
    """

    verdicts: dict[str, int] = field(default_factory=dict)

    def plots(self, folder: Path) -> int:
        """The number of plots of a sound ledger; the test fails where it is not sound."""
        with ledgers.open_ledger(folder / "ledger", FixedClock()) as ledger:
            database = ledger.folder.database
        digest = hashlib.sha256(database.read_bytes()).hexdigest()
        if digest not in self.verdicts:
            with ledgers.open_ledger(folder / "ledger", FixedClock()) as ledger:
                found = check(ledger)
                assert found.ok, found.problems
                assert found.replayed
                with ledger.reading() as session:
                    self.verdicts[digest] = session.connection().execute(text("SELECT count(*) FROM plot")).scalar_one()
        return self.verdicts[digest]


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder with a ledger of three plots, closed."""
    folder = tmp_path / "before"
    with new_ledger(folder / "ledger") as ledger:
        add_plots(ledger, ["a", "b", "c"])
    return folder


def old_or_new(warm: WarmProcess, before: Path, *, old: int, new: int, full: bool) -> Counter[tuple[str, str, str]]:
    """Stop a work everywhere; what was said to be saved must be there. Counts mode, what was said, what was found."""
    judge = Judge()
    seen: Counter[tuple[str, str, str]] = Counter()
    for mode, at, left, stopped in every_stop(warm, before, before.parent, full=full):
        assert stopped.error == "", (mode, at, stopped)
        plots = judge.plots(left)
        assert plots in {old, new}, (mode, at)
        said = stopped.said == "done" or (left / SAID).exists()
        assert not said or plots == new, (mode, at, stopped)
        seen[mode, stopped.said or "died", "new" if plots == new else "old"] += 1
    # Of the other modes only each seventh stop is tried unless all are wanted: the last calls may fall between them.
    for mode in MODES if full else ("kill",):
        assert {found for kind, _, found in seen if kind == mode} == {"old", "new"}, seen
    return seen


def test_a_stopped_undo_is_whole_or_not_there(faultio: Path, before: Path, tmp_path: Path, *, full: bool) -> None:
    shutil.copytree(before, tmp_path / "rehearsal")
    with WarmProcess("tests.helpers.ledger_works:an_undo", faultio, tmp_path / "rehearsal") as warm:
        old_or_new(warm, before, old=3, new=0, full=full)


def test_a_stopped_restore_leaves_the_old_ledger_or_the_restored_one(
    faultio: Path, before: Path, tmp_path: Path, *, full: bool
) -> None:
    with ledgers.open_ledger(before / "ledger", FixedClock()) as ledger:
        made = backup.make(ledger.folder, "白圩乡", FixedClock(), places=(tmp_path / "stick",), full=True)
        add_plots(ledger, ["d", "e"])
    rehearsal = shutil.copytree(before, tmp_path / "rehearsal")
    with WarmProcess("tests.helpers.ledger_works:a_restore", faultio, rehearsal, file=str(made.file)) as warm:
        old_or_new(warm, before, old=5, new=3, full=full)


def test_a_stopped_making_of_a_ledger_can_be_made_again(faultio: Path, tmp_path: Path, *, full: bool) -> None:
    seen: Counter[tuple[str, bool]] = Counter()
    for name in ("rehearsal", "counted"):
        (tmp_path / name).mkdir()
    with WarmProcess("tests.helpers.ledger_works:a_new_ledger", faultio, tmp_path / "rehearsal") as warm:
        calls = warm.run(tmp_path / "counted").calls
        last = range(calls - 11, calls + 1)
        for mode in MODES:
            # Nearly all calls are the tables being made, one like the other.
            for at in sorted({*range(1, calls + 1, 1 if full else 61), *last}):
                left = tmp_path / f"{mode}-{at}"
                left.mkdir()
                stopped = warm.run(left, at=at, mode=mode)
                assert stopped.error == "", (mode, at, stopped)
                made = LedgerFolder(left / "ledger").database.exists()
                assert made or not (left / SAID).exists(), (mode, at)
                if not made:
                    new_ledger(left / "ledger").close()
                with ledgers.open_ledger(left / "ledger", FixedClock()) as ledger:
                    assert [member.name for member in ledgers.members(ledger)] == [CLERK.name]
                seen[mode, made] += 1
                shutil.rmtree(left)
    assert all(seen[mode, made] for mode in MODES for made in (True, False)), seen
