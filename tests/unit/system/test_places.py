"""Clock, paths and resources: where this computer stands."""

from __future__ import annotations

import stat
import sys
import time
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from gengdi_desktop.errors import ProgramError
from gengdi_desktop.system import paths, resources
from gengdi_desktop.system.clock import SystemClock


def test_the_present_moment_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(("zone", "hours"), [("Pacific/Kiritimati", 14), ("Asia/Shanghai", 8), ("Pacific/Niue", -11)])
def test_the_day_is_that_of_the_office(monkeypatch: pytest.MonkeyPatch, zone: str, hours: int) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        clock = SystemClock()
        assert clock.today() == (clock.now().astimezone(UTC) + timedelta(hours=hours)).date()
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "folder", [paths.settings_folder, paths.profile_folder, paths.state_folder, paths.log_folder, paths.cache_folder]
)
def test_folders_of_the_user_are_made_for_the_user_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: object
) -> None:
    assert callable(folder)
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    made = folder()
    assert made.is_dir()
    assert made.is_relative_to(tmp_path)
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_without_a_home_of_its_own_the_standard_folders_are_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert paths.settings_folder() == tmp_path / "gengdi-desktop"


@pytest.mark.parametrize("name", ["none.csv", "../pyproject.toml", "fonts/none.ttf"])
def test_a_resource_that_is_not_there_is_our_mistake(name: str) -> None:
    with pytest.raises(ProgramError):
        resources.resource(name)


def test_the_frozen_program_looks_into_its_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "a.csv").write_text("a")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    resources.resources_root.cache_clear()
    try:
        assert resources.resource("a.csv") == tmp_path / "resources" / "a.csv"
    finally:
        resources.resources_root.cache_clear()
