"""Settings come back as they were set, and a damaged file never stands in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.paths import HOME_VARIABLE
from gengdi_desktop.system.settings import RECENT_LIMIT, Settings, load_settings, save_settings, settings_file


def test_settings_come_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings = Settings(theme="dark", text_percent=115, recent_ledgers=("/台账",), last_member={"a1": "张三"})
    save_settings(settings, path)
    assert load_settings(path) == settings


def test_the_file_can_be_read_by_a_person(tmp_path: Path) -> None:
    save_settings(Settings(theme="high"), tmp_path / "s.toml")
    assert 'theme = "high"' in (tmp_path / "s.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "theme = ",
        "\x00",
        "theme = 3\ntext_percent = true",
        'recent_ledgers = [1, 2]\nwindow = ["a"]',
        "[last_member]\na = 1",
    ],
)
def test_what_is_damaged_counts_as_never_set(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.toml").write_text(text)
    assert load_settings(tmp_path / "s.toml") == Settings()


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_a_setting_of_a_later_version_does_not_disturb(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('theme = "dark"\nfrom_the_future = 1\n')
    assert load_settings(tmp_path / "s.toml") == Settings(theme="dark")


def test_the_latest_ledger_stands_first_and_once() -> None:
    settings = Settings()
    for number in range(RECENT_LIMIT + 3):
        settings = settings.opened(Path(f"/l{number}"))
    settings = settings.opened(Path("/l5"))
    assert settings.recent_ledgers[0] == "/l5"
    assert len(settings.recent_ledgers) == len(set(settings.recent_ledgers)) == RECENT_LIMIT


def test_a_refusing_disk_is_told_about_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as caught:
        save_settings(Settings(), tmp_path / "none" / "s.toml")
    assert "设置没有保存" in caught.value.message


def test_the_settings_live_in_the_home_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "家"))
    assert settings_file().parent == tmp_path / "家" / "settings"
    save_settings(Settings(theme="light"))
    assert load_settings().theme == "light"
