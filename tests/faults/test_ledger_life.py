"""An import, an undo, a restore and the making of a ledger are whole or not there, wherever they were stopped."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from gengdi_desktop.intake import service as intake
from gengdi_desktop.ledger import backup
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.folder import LedgerFolder
from tests.helpers.clock import FixedClock
from tests.helpers.fault_works import SAID
from tests.helpers.faults import MODES, WarmProcess, every_stop
from tests.helpers.ledger_works import ROWS, issued_rows
from tests.helpers.ledgers import CLERK, add_plots, new_ledger
from tests.helpers.power_cut import after_power_cuts, read_log

SAMPLE, WHOLE = 60, 1500


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


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """An issued list of 500 plots."""
    path = tmp_path / "清单.csv"
    path.write_text(issued_rows(), encoding="utf-8")
    return path


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
    for mode in MODES:
        assert {found for kind, _, found in seen if kind == mode} == {"old", "new"}, seen
    return seen


def test_a_stopped_import_is_whole_or_not_there(faultio: Path, before: Path, table: Path, *, full: bool) -> None:
    with WarmProcess("tests.helpers.ledger_works:an_import", faultio, before=str(before), table=str(table)) as warm:
        seen = old_or_new(warm, before, old=3, new=3 + ROWS, full=full)
    assert seen["kill", "died", "old"] > seen["kill", "died", "new"] > 0
    assert seen["enospc", "refused", "old"] > 0
    assert seen["eio", "refused", "old"] > 0


def test_an_import_after_a_stopped_one_goes_through(faultio: Path, before: Path, table: Path) -> None:
    with WarmProcess("tests.helpers.ledger_works:an_import", faultio, before=str(before), table=str(table)) as warm:
        assert warm.run(before, at=20, mode="kill").killed
    with ledgers.open_ledger(before / "ledger", FixedClock()) as ledger:
        found = intake.preview(ledger, table)
        assert intake.run(ledger, found, by=CLERK).imported == ROWS
        found.close()
        assert check(ledger).ok


def test_a_stopped_undo_is_whole_or_not_there(faultio: Path, before: Path, *, full: bool) -> None:
    with WarmProcess("tests.helpers.ledger_works:an_undo", faultio) as warm:
        old_or_new(warm, before, old=3, new=0, full=full)


def test_a_stopped_restore_leaves_the_old_ledger_or_the_restored_one(
    faultio: Path, before: Path, tmp_path: Path, *, full: bool
) -> None:
    with ledgers.open_ledger(before / "ledger", FixedClock()) as ledger:
        made = backup.make(ledger.folder, "白圩乡", FixedClock(), places=(tmp_path / "stick",), full=True)
        add_plots(ledger, ["d", "e"])
    with WarmProcess("tests.helpers.ledger_works:a_restore", faultio, file=str(made.file)) as warm:
        old_or_new(warm, before, old=5, new=3, full=full)


def test_a_stopped_making_of_a_ledger_can_be_made_again(faultio: Path, tmp_path: Path, *, full: bool) -> None:
    empty = tmp_path / "before"
    empty.mkdir()
    seen = Counter()
    with WarmProcess("tests.helpers.ledger_works:a_new_ledger", faultio) as warm:
        for mode, at, left, stopped in every_stop(warm, empty, tmp_path, full=full):
            assert stopped.error == "", (mode, at, stopped)
            made = LedgerFolder(left / "ledger").database.exists()
            assert made or not (left / SAID).exists(), (mode, at)
            if not made:
                new_ledger(left / "ledger").close()
            with ledgers.open_ledger(left / "ledger", FixedClock()) as ledger:
                assert [member.name for member in ledgers.members(ledger)] == [CLERK.name]
            seen[mode, made] += 1
    assert all(seen[mode, made] for mode in MODES for made in (True, False)), seen


def test_an_import_outlives_a_power_cut_or_never_was(
    faultio: Path, before: Path, table: Path, tmp_path: Path, *, full: bool
) -> None:
    watched, log = tmp_path.resolve() / "watched", tmp_path / "log"
    shutil.copytree(before, watched)
    with WarmProcess("tests.helpers.ledger_works:an_import", faultio, before=str(before), table=str(table)) as warm:
        assert warm.run(watched, log=log).said == "done"
    calls = read_log(log)
    said = next(place for place, call in enumerate(calls) if call.path.endswith(SAID)) + 1
    judge = Judge()
    seen = Counter()
    for cut, left in after_power_cuts(calls, before, watched, tmp_path, count=WHOLE if full else SAMPLE):
        plots = judge.plots(left)
        assert plots in {3, 3 + ROWS}, cut
        assert cut < said or plots == 3 + ROWS, cut
        seen[plots] += 1
    assert set(seen) == {3, 3 + ROWS}
