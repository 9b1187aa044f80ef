"""A stick that is pulled out, full or broken while a package is written: the old package, the new one, or none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.exchange import examine as module
from gengdi_desktop.exchange.examine import examine
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.system.files import PART, remove_parts
from tests.helpers import packages as made
from tests.helpers.faults import MODES, WarmProcess, every_stop

NAME = "报送.gdpkg"


def state(left: Path) -> str:
    """Which package lies there: none, a whole one by its number, or half of one."""
    if not (left / NAME).exists():
        return "none"
    found, package = examine(left / NAME, [], now=made.AT + timedelta(days=1))
    return f"number {package.manifest.heading.number}" if found.intact and package is not None else "damaged"


def outcomes(library: Path, before: Path) -> dict[str, set[tuple[str, str]]]:
    """For each mode: what the process said, with what was then found."""
    found: dict[str, set[tuple[str, str]]] = {mode: set() for mode in MODES}
    with WarmProcess("tests.helpers.fault_works:a_package", library, number=5) as warm:
        for mode, at, left, stopped in every_stop(warm, before, before.parent, full=True):
            assert stopped.error == "", (mode, at, stopped.error)
            assert stopped.killed == (mode in {"kill", "torn"}), (mode, at)
            remove_parts(left)
            assert [path.name for path in left.iterdir() if path.name.endswith(PART)] == []
            assert {path.name for path in left.iterdir()} <= {NAME}, (mode, at)
            found[mode].add((stopped.said or "died", state(left)))
    return found


def test_a_stopped_writing_leaves_no_package_or_a_whole_one(faultio: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    found = outcomes(faultio, before)
    assert found["kill"] == {("died", "none"), ("died", "number 5")}
    assert found["torn"] <= {("died", "none"), ("died", "number 5")}
    assert found["enospc"] <= {("refused", "none"), ("refused", "number 5")}
    assert found["eio"] <= {("refused", "none"), ("refused", "number 5")}


def test_a_stopped_writing_leaves_the_old_package_or_the_new_one(faultio: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    made.written(before)
    found = outcomes(faultio, before)
    assert found["kill"] == {("died", "number 2"), ("died", "number 5")}
    assert found["torn"] <= {("died", "number 2"), ("died", "number 5")}
    assert found["enospc"] <= {("refused", "number 2"), ("refused", "number 5")}
    assert found["eio"] <= {("refused", "number 2"), ("refused", "number 5")}


def test_a_stick_that_is_pulled_out_while_a_package_is_read_says_nothing_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled_out(*_: object) -> None:
        raise OSError(5, "Input/output error")

    package = made.written(tmp_path).file
    monkeypatch.setattr(module, "_check_contents", pulled_out)
    with pytest.raises(SurroundingsError) as refusal:
        examine(package, [], now=made.AT)
    assert refusal.value.code == "disk_error"
    assert not isinstance(refusal.value, PackageFault)
