"""``gengdi photos`` and what belongs to it, over the command line."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gengdi_desktop.cli.commands import main
from tests.helpers import photos as made
from tests.helpers.command_line import Line

if TYPE_CHECKING:
    from tests.flows.conftest import Demo

CLERK = ("--as", "吴小琴")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENGDI_HOME", str(tmp_path / "home"))


@pytest.fixture
def ledger(demo: Demo, tmp_path: Path) -> Path:
    """A copy of the sample."""
    return demo.copy(tmp_path / "台账")


@pytest.fixture
def folder(tmp_path: Path, line: Line, ledger: Path) -> Path:
    """Photos of the first two plots, one of nobody, and what is no photo."""
    first, second = line("plots", ledger, "--limit", 2)["plots"]
    return made.written(
        tmp_path / "下乡",
        {
            f"{first['village']}/{first['plot_no']}_整改前_1.jpg": made.photo(1),
            f"{second['village']}/{second['plot_no']}/后/IMG_7.jpg": made.photo(2),
            "IMG_0001.jpg": made.photo(3, place=None),
            "Thumbs.db": b"\xd0\xcf\x11\xe0",
        },
    )


def test_a_folder_is_taken_in(line: Line, ledger: Path, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    dry = line("photos", ledger, folder, "--dry-run")
    assert dry["entry"] is None
    told = line("photos", ledger, folder, *CLERK)
    assert told["entry"]
    lists = [one["file"] for name in ("attached", "unmatched", "refused") for one in told[name]]
    assert sorted(lists) == sorted(str(path.relative_to(folder)) for path in before)
    assert [one["stage"] for one in told["attached"]] == ["before", "after"]
    assert (told["unmatched"][0]["code"], told["refused"][0]["code"]) == ("plot_unknown", "system_file")
    assert {key: told[key] for key in ("attached", "unmatched", "refused", "suspect")} == {
        key: dry[key] for key in ("attached", "unmatched", "refused", "suspect")
    }
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    again = line("photos", ledger, folder, *CLERK)
    assert (again["entry"], [one["already"] for one in again["attached"]]) == (None, [True, True])
    assert line("check", ledger)["ok"] is True


def test_the_stage_may_be_said(line: Line, ledger: Path, folder: Path) -> None:
    plot = line("plots", ledger, "--limit", 1)["plots"][0]
    alone = made.written(folder / "又", {f"{plot['village']}/{plot['plot_no']}.jpg": made.photo(9)})
    assert line("photos", ledger, alone, "--dry-run")["unmatched"][0]["code"] == "stage_unknown"
    told = line("photos", ledger, alone, "--stage", "验收", *CLERK)
    assert told["attached"][0]["stage"] == "acceptance"


def test_a_folder_without_photos_is_refused(line: Line, ledger: Path, tmp_path: Path) -> None:
    empty = made.written(tmp_path / "空的", {"说明.docx": b"PK\x03\x04"})
    told = line("photos", ledger, empty, *CLERK, code=2)
    assert (told["error"]["code"], told["refused"][0]["code"]) == ("no_photos", "document")
    assert line("photos", ledger, *CLERK, code=2)["error"]["code"] == "usage"


def test_people_read_where_each_file_went(ledger: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["photos", str(ledger), str(folder), *CLERK]) == 0
    told = capsys.readouterr().out
    assert "已收2个文件，附到2个图斑。" in told
    assert "1个没有对上图斑或环节，放在待归位里" in told
    assert "Thumbs.db" in told


def test_a_check_names_missing_photos_and_repairs(line: Line, ledger: Path, folder: Path) -> None:
    told = line("photos", ledger, folder, *CLERK)
    sha256, name = told["attached"][0]["sha256"], told["attached"][0]["name"]
    kept = ledger / "evidence" / f"{sha256}.jpg"
    aside = ledger / "backups" / "没有登记的文件"
    loose = made.photo(50)
    left = ledger / "evidence" / f"{hashlib.sha256(loose).hexdigest()}.jpg"
    left.write_bytes(loose)
    content = kept.read_bytes()
    kept.unlink()
    missing = line("check", ledger, code=1)["problems"]
    assert [(one["code"], name in one["message"]) for one in missing] == [("file_missing", True)]
    aside.mkdir()
    (aside / kept.name).write_bytes(content)
    repaired = line("check", ledger, "--repair", *CLERK)
    assert repaired["repaired"] == {"set_aside": [left.name], "brought_back": [kept.name], "noted": 0}
    assert (repaired["ok"], repaired["notes"]) == (True, [])


def test_what_waits_is_placed_or_discarded(line: Line, ledger: Path, folder: Path) -> None:
    made.written(folder, {"IMG_0002.jpg": made.photo(4, place=None)})
    line("photos", ledger, folder, *CLERK)
    first, second = line("photos", ledger, "--tray")["waiting"]
    assert (first["file"], first["stage"]) == ("下乡/IMG_0001.jpg", None)
    plot = line("plots", ledger, "--limit", 1)["plots"][0]["id"]
    assert line("photos", ledger, "--place", first["id"], *CLERK, code=2)["error"]["code"] == "usage"
    assert line("photos", ledger, "--place", first["id"], "--plot", plot, "--stage", "抽查", *CLERK)["entry"]
    assert line("photos", ledger, "--discard", second["id"], *CLERK, code=2)["error"]["code"] == "reason_missing"
    assert line("photos", ledger, "--discard", second["id"], "--reason", "不相干", *CLERK)["entry"]
    assert line("photos", ledger, "--tray")["waiting"] == []
    assert line("photos", ledger, folder, "--tray", code=2)["error"]["code"] == "usage"


def test_a_file_goes_to_the_bin_and_back(line: Line, ledger: Path, folder: Path) -> None:
    plot = line("photos", ledger, folder, *CLERK)["attached"][0]["plot"]
    before = line("photos", ledger, "--of", plot)["files"]
    number = before[-1]["id"]
    assert line("photos", ledger, "--remove", number, "--reason", "附错了", *CLERK)["entry"]
    (lying,) = line("photos", ledger, "--bin")["removed"]
    assert (lying["id"], lying["reason"]) == (number, "附错了")
    assert len(line("photos", ledger, "--of", plot)["files"]) == len(before) - 1
    line("photos", ledger, "--put-back", number, *CLERK)
    assert line("photos", ledger, "--of", plot)["files"] == before


def test_photos_go_out_by_village(line: Line, ledger: Path, folder: Path, tmp_path: Path) -> None:
    plot = line("photos", ledger, folder, *CLERK)["attached"][0]["plot"]
    village = next(one["village"] for one in line("plots", ledger)["plots"] if one["id"] == plot)
    told = line("photos", ledger, "--export", tmp_path / "出", "--where", f"village={village}")
    assert told["written"]
    assert all(name.startswith(f"{village}/") for name in told["written"])
    again = line("photos", ledger, "--export", tmp_path / "出", "--where", f"village={village}")
    assert (again["written"], sorted(again["kept"])) == ([], sorted(told["written"]))
