"""Taking photos in, stopped at random: no row without its file, no file without its row, their folder untouched."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

import pytest

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.evidence.repair import repair
from gengdi_desktop.evidence.tray.service import waiting
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.folder import FolderPart
from gengdi_desktop.ledger.loose_files import SET_ASIDE
from tests.helpers import photos as made
from tests.helpers.clock import FixedClock
from tests.helpers.faults import MODES, WarmProcess
from tests.helpers.ledgers import add_plots, new_ledger

PHOTOS, WITHOUT_PLOT = 200, 20
MAKER = Actor("张三")
STOPS, STOPS_FULL = 5, 60
"""Random stops of each mode."""


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder with a ledger of four plots."""
    folder = tmp_path / "before"
    with new_ledger(folder / "ledger", MAKER) as ledger:
        add_plots(ledger, ["a", "b", "c", "d"], by=MAKER)
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two hundred photos, twenty of them of nobody knows which plot."""
    files = {}
    for number in range(PHOTOS):
        name = f"白圩村/{number % 4 + 1:04d}_整改后_{number}.jpg" if number >= WITHOUT_PLOT else f"IMG_{number}.jpg"
        files[name] = made.small_photo(number) + number.to_bytes(2, "big")
    return made.written(tmp_path / "下乡", files)


def fingerprint(folder: Path) -> list[tuple[str, str, int]]:
    """Every file with its hash and time."""
    return [
        (str(path), hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def found_in(left: Path) -> tuple[int, int, int]:
    """Files attached or waiting, files set aside by the repair, and files of the evidence, after reopening."""
    with service.open_ledger(left / "ledger", FixedClock()) as ledger:
        opened = check(ledger)
        assert opened.ok, opened.problems
        assert opened.replayed
        tidied = repair(ledger, by=MAKER).tidied
        assert tidied.left == ()
        after = check(ledger)
        assert (after.ok, after.notes) == (True, ())
        kept = list(ledger.folder.part(FolderPart.EVIDENCE).iterdir())
        rows = after.files
        assert len(kept) == rows
        aside = ledger.folder.part(FolderPart.BACKUPS) / SET_ASIDE
        assert len(tidied.set_aside) == (len(list(aside.iterdir())) if aside.exists() else 0)
        assert len(waiting(ledger)) in {0, WITHOUT_PLOT}
        return rows, len(tidied.set_aside), len(kept)


def test_photos_are_taken_in_whole_or_not_at_all(
    faultio: Path, before: Path, photos: Path, tmp_path: Path, *, full: bool
) -> None:
    untouched = fingerprint(photos)
    rng = random.Random(20230802)
    seen: dict[str, set[int]] = {mode: set() for mode in MODES}
    loose = 0
    work = "tests.helpers.fault_works:taking_in_photos"
    with WarmProcess(work, faultio, photos=str(photos), ledger=str(before / "ledger")) as warm:
        whole = tmp_path / "whole"
        shutil.copytree(before, whole)
        counted = warm.run(whole)
        assert counted.said == "done", counted
        assert found_in(whole) == (PHOTOS, 0, PHOTOS)
        for mode in MODES:
            points = rng.sample(range(1, counted.calls), STOPS_FULL if full else STOPS)
            # The end is where rows and files meet: at least one stop lies there.
            points.append(counted.calls - rng.randint(2, 12))
            for at in points:
                left = tmp_path / f"{mode}-{at}"
                shutil.copytree(before, left)
                stopped = warm.run(left, at=at, mode=mode)
                assert stopped.error == "", (mode, at, stopped)
                rows, aside, _ = found_in(left)
                assert rows in {0, PHOTOS}, (mode, at)
                assert stopped.said != "done" or rows == PHOTOS, (mode, at)
                seen[mode].add(rows)
                loose += aside
                shutil.rmtree(left)
    assert 0 in seen["kill"]
    assert loose, "no stop left a loose file: the harness sees nothing"
    assert fingerprint(photos) == untouched
