"""A file under its final name is the old one or the new one, wherever the writing was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.system.files import PART, remove_parts
from tests.helpers.faults import MODES, WarmProcess, every_stop

OLD, NEW = "旧报告" * 1000, "新报告" * 1000


@pytest.fixture
def before(tmp_path: Path) -> Path:
    folder = tmp_path / "before"
    folder.mkdir()
    (folder / "report.txt").write_text(OLD, encoding="utf-8")
    return folder


def outcomes(entry: str, library: Path, before: Path) -> dict[str, set[tuple[str, str]]]:
    """For each mode: what the process said, with what was then found."""
    found: dict[str, set[tuple[str, str]]] = {mode: set() for mode in MODES}
    with WarmProcess(f"tests.helpers.fault_works:{entry}", library, text=NEW) as warm:
        for mode, at, left, stopped in every_stop(warm, before, before.parent, full=True):
            assert stopped.error == "", (mode, at)
            assert stopped.killed == (mode in {"kill", "torn"}), (mode, at)
            text = (left / "report.txt").read_bytes().decode(errors="replace")
            found[mode].add((stopped.said or "died", {OLD: "old", NEW: "new"}.get(text, "damaged")))
            remove_parts(left)
            assert not list(left.glob("*" + PART))
    return found


def test_a_stopped_writing_leaves_the_old_file_or_the_new_one(faultio: Path, before: Path) -> None:
    found = outcomes("careful", faultio, before)
    assert found["kill"] == {("died", "old"), ("died", "new")}
    assert found["torn"] == {("died", "old"), ("died", "new")}
    assert found["enospc"] == {("refused", "old"), ("refused", "new")}
    assert found["eio"] == {("refused", "old"), ("refused", "new")}


def test_the_harness_sees_the_damage_of_a_careless_writing(faultio: Path, before: Path) -> None:
    with WarmProcess("tests.helpers.fault_works:careless", faultio, text=NEW) as warm:
        damaged = [
            (mode, at)
            for mode, at, left, _ in every_stop(warm, before, before.parent, full=True, modes=("kill", "torn"))
            if (left / "report.txt").read_bytes() not in {OLD.encode(), NEW.encode()}
        ]
    assert damaged
