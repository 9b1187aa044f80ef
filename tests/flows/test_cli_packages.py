"""Packages on the command line: judged by the lists and with the exit codes that hold for PDFs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import packages as made
from tests.helpers.command_line import Line


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A good package."""
    return made.written(tmp_path).file


def test_a_package_is_verified_like_a_report(line: Line, package: Path, tmp_path: Path) -> None:
    certificate = tmp_path / "王玥.cer"
    certificate.write_text(made.signer().certificate.pem)
    told = line("verify", package, "--trust", certificate)
    assert (told["kind"], told["intact"], told["trusted"], told["problems"]) == ("package", True, True, [])
    assert told["package"] == {
        "kind": "submission",
        "label": "报送包",
        "id": made.HEADING.id,
        "number": 2,
        "from": "白圩乡人民政府",
        "to": "进贤县自然资源局",
        "campaign": "2023年耕地保护领域突出问题专项整改",
        "created": "2026-05-06T08:30:00Z",
        "sample": False,
        "members": 3,
        "size": sum(len(one.content) for one in made.SOURCES if isinstance(one.content, bytes)),
    }
    stranger = line("verify", package, code=1)
    assert [problem["code"] for problem in stranger["problems"]] == ["signer_unknown"]


def test_a_package_that_was_cut_is_not_sound_and_no_package_is_refused(
    line: Line, package: Path, tmp_path: Path
) -> None:
    package.write_bytes(package.read_bytes()[:-1])
    assert [one["code"] for one in line("verify", package, code=1)["problems"]] == ["package_incomplete"]
    (tmp_path / "a.gdpkg").write_bytes(b"nothing of the kind")
    assert line("verify", tmp_path / "a.gdpkg", code=2)["error"]["code"] == "not_package"
    assert line("verify", tmp_path / "b.gdpkg", code=2)["error"]["code"] == "not_found"


def test_nothing_is_taken_out_of_a_package(line: Line, package: Path, tmp_path: Path) -> None:
    error = line("verify", package, "--take-out", tmp_path / "out", code=2)["error"]
    assert error["code"] == "take_out_package"
    assert not (tmp_path / "out").exists()


def test_people_read_who_sends_what_to_whom(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gengdi_desktop.cli.commands import main

    assert main(["verify", str(package)], None) == 1
    out = capsys.readouterr().out
    assert "报送包（第 2 次）：白圩乡人民政府 → 进贤县自然资源局，2023年耕地保护领域突出问题专项整改，3 个文件" in out
    assert "打包人　白圩乡人民政府 王玥（经办人）" in out
