"""Where the surroundings do not play along, a person reads a sentence, and what only needs reading still works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import Line

ROOT = Path(__file__).resolve().parents[2]
NEW = ("--desk", "township", "--county", "进贤县", "--unit", "白圩乡", "--as", "吴小琴")


@pytest.fixture
def ledger(line: Line, tmp_path: Path) -> Path:
    line("new", tmp_path / "台账", *NEW)
    return tmp_path / "台账"


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which no folder can be made, whoever asks."""
    home = tmp_path / "no-home"
    home.write_bytes(b"")
    monkeypatch.setenv("GENGDI_HOME", str(home))
    return home


@pytest.mark.usefixtures("no_home")
def test_a_ledger_is_read_and_worked_on_without_a_home(ledger: Path, line: Line) -> None:
    assert line("stats", ledger)["plots"] == 0
    assert line("member", ledger, "--add", "李建国", "--role", "leader")["members"]
    assert line("check", ledger)["ok"] is True


@pytest.mark.usefixtures("no_home")
def test_what_needs_the_home_says_so(ledger: Path, line: Line, tmp_path: Path) -> None:
    listed = tmp_path / "清单.csv"
    listed.write_text("村,图斑编号,耕地面积（亩）\n白圩村,1,1.00\n", encoding="utf-8")
    for words in (("import", ledger, listed), ("identity", ledger)):
        assert line(*words, code=2)["error"]["code"] not in {"program_error", ""}


def test_a_person_never_sees_a_traceback_even_without_a_log(tmp_path: Path) -> None:
    home = tmp_path / "no-home"
    home.write_bytes(b"")
    broken = (
        "from gengdi_desktop import main\nfrom gengdi_desktop.cli import commands\n"
        "commands.parser_of = None\nmain.main(['stats', 'x'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", broken],
        env=dict(os.environ, GENGDI_HOME=str(home), PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "程序自己出了错" in told.stderr
    assert "Traceback" not in told.stderr + told.stdout


def test_a_path_that_no_system_takes_is_refused_in_words(line: Line, tmp_path: Path) -> None:
    for words in (("stats", tmp_path / ("长" * 300)), ("new", tmp_path / ("长" * 300), *NEW)):
        assert line(*words, code=2)["error"]["code"] != "program_error"


def test_a_backup_that_finds_no_place_speaks_of_the_place(
    ledger: Path, line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(self: Path, *_: object) -> None:
        raise PermissionError(13, "no", str(self))

    (tmp_path / "U盘").mkdir()
    monkeypatch.setattr(Path, "touch", refuse)
    told = line("backup", ledger, tmp_path / "U盘", code=2)
    assert "U盘" in told["error"]["message"]
    assert list((tmp_path / "U盘").iterdir()) == []
