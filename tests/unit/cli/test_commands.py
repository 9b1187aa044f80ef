"""The way in: names, help, mistakes, and what no command may let through."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gengdi_desktop import __version__
from gengdi_desktop.cli import commands
from gengdi_desktop.cli.commands import BY_NAME, COMMANDS, main
from gengdi_desktop.cli.context import Context
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.ledger.campaign_file import parse_campaign

if TYPE_CHECKING:
    from tests.conftest import StrayLogs

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "cli.md"


def sections() -> Iterator[tuple[str, str]]:
    """Each command of the document with its text."""
    body = DOCUMENT.read_text(encoding="utf-8").split("## Commands\n")[1].split("\n## ")[0]
    for part in body.split("\n### ")[1:]:
        name, _end, text = part.partition("\n")
        yield name.strip(), text


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_explains_itself_in_chinese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"用法：gengdi {name}")
    assert BY_NAME[name].summary in text
    assert BY_NAME[name].example in text
    assert not re.search(r"\b(usage|options|show this|positional)\b", text)


def test_each_section_of_the_document_tells_the_options_of_its_command() -> None:
    told = dict(sections())
    for command in COMMANDS:
        for option in re.findall(r"--[a-z-]+", commands.parser_of(command).format_help()):
            if option not in {"--json", "--help", "--as"}:
                assert option in told[command.name], (command.name, option)


def test_the_help_of_a_campaign_shows_how_its_file_is_written() -> None:
    told = commands.parser_of(commands.BY_NAME["campaign"]).format_help()
    example = told.partition("[campaign]")[2]
    settings = parse_campaign(f"[campaign]{example}".replace("\n  ", "\n").encode())
    assert settings.campaign.phases[0].code == "rectification"
    assert settings.papers[0].signers[0].role == "经办人"


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n  {command.name}" in text for command in COMMANDS)
    assert main(["--help", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["commands"]) == set(BY_NAME)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__


def test_an_unknown_command_is_refused_in_chinese_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nosuch"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "nosuch" in told.err
    assert main(["nosuch", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


def test_a_mistake_in_the_line_is_refused_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["message"] == "还缺：LEDGER。"
    assert told.err == ""


def raising(error: BaseException) -> Callable[[Context], int]:
    """A command's function that only raises."""

    def run(_context: Context) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SurroundingsError("locked", "台账正由别人改。"), "locked"),
        (KeyboardInterrupt(), "interrupted"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_never_a_traceback(
    error: BaseException, code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = replace(BY_NAME["open"], run=raising(error))
    monkeypatch.setattr(commands, "BY_NAME", {"open": broken})
    assert main(["open", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code


def test_our_own_mistake_is_logged_and_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    stray_logs: StrayLogs,
) -> None:
    stray_logs.expect("gengdi_desktop.cli.commands")
    monkeypatch.setattr(commands, "BY_NAME", {"open": replace(BY_NAME["open"], run=raising(ZeroDivisionError("x")))})
    assert main(["open"]) == 2
    told = capsys.readouterr()
    assert "Traceback" not in told.err + told.out
    assert "程序自己出了错" in told.err
    assert "ZeroDivisionError" in caplog.text


class Window:
    """A desktop that remembers what it was asked to show."""

    def __init__(self, *, there: bool) -> None:
        self.there = there
        self.shown: list[Path | None] = []

    def available(self) -> bool:
        return self.there

    def show(self, ledger: Path | None) -> int:
        self.shown.append(ledger)
        return 0

    def paint(self, ledger: Path, picture: Path) -> None:
        raise AssertionError(ledger, picture)


def test_open_shows_the_window_where_there_is_a_display(capsys: pytest.CaptureFixture[str]) -> None:
    window = Window(there=True)
    assert main(["open", "台账"], window) == 0
    assert window.shown == [Path("台账")]
    assert main(["open"], Window(there=False)) == 2
    assert "显示器" in capsys.readouterr().err
