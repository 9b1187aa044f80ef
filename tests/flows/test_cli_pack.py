"""Packages on the command line: for one township or all, for a sample, for the county; and whom to trust by them."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import signer_of
from gengdi_desktop.handover import service
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.signing.identity import identities
from gengdi_desktop.signing.profile import identities_folder
from gengdi_desktop.system.clock import SystemClock
from tests.helpers import desks
from tests.helpers.command_line import Line

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from tests.flows.conftest import Demo


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """The passphrase of everybody."""
    path = tmp_path / "口令.txt"
    path.write_text("山高水长 路远人稀\n", encoding="utf-8")
    return path


@pytest.fixture
def county(line: Line, tmp_path: Path, secret: Path) -> Path:
    """The county's ledger; its clerk has an identity on this computer."""
    desks.county_ledger(tmp_path / "county").close()
    if not any(one.person == "王玥" for one in identities(identities_folder())):
        line("identity", tmp_path / "county", "--create", "--passphrase-file", secret)
    return tmp_path / "county"


def test_a_task_for_one_township(line: Line, county: Path, secret: Path, tmp_path: Path) -> None:
    out = tmp_path / "任务.gdpkg"
    told = line("pack", county, "task", "--for-unit", "白圩乡", "--out", out, "--passphrase-file", secret)
    assert {"file", "kind", "sha256", "plots", "encrypted"} <= set(told)
    assert (told["file"], told["kind"], told["plots"], told["area_mu"]) == (str(out), "task", 2, "10.56")
    assert (told["number"], told["to"], told["encrypted"], told["left_out"]) == (1, "白圩乡人民政府", False, [])
    sentence = line("history", county, "--limit", 1)["entries"][0]["sentence"]
    assert sentence == "打包：给白圩乡人民政府写了任务包（第 1 次）"
    bare = line(
        "pack", county, "task", "--for-unit", "白圩乡", "--out", tmp_path / "第二次", "--passphrase-file", secret
    )
    assert Path(bare["file"]).name == "第二次.gdpkg"  # who looks for packages on a stick goes by the ending
    verified = line("verify", out, "--ledger", county)
    assert verified["package"]["to"] == "白圩乡人民政府"
    again = line("pack", county, "任务包", "--for-unit", "白圩乡", "--out", out, "--passphrase-file", secret, code=2)
    assert again["error"]["code"] == "file_exists"


def test_a_task_for_every_township_that_has_plots(line: Line, county: Path, secret: Path, tmp_path: Path) -> None:
    out = tmp_path / "U盘"
    with open_ledger(county, SystemClock(), write=False) as ledger:
        day = f"{ledger.today():%Y%m%d}"
        assert service.file_name(ledger, PackageKind.CHECK_TASK, "抽 查/组") == f"进贤县_抽查任务包_抽查组_{day}.gdpkg"
    told = line("pack", county, "task", "--all-units", "--out", out, "--passphrase-file", secret)
    assert sorted(one.name for one in out.iterdir()) == [
        f"进贤县_任务包_{name}_{day}.gdpkg" for name in ("民和镇", "白圩乡")
    ]
    assert (told["plots"], told["area_mu"], len(told["packages"])) == (4, "21.12", 2)
    assert {one["to"] for one in told["packages"]} == {"白圩乡人民政府", "民和镇人民政府"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("task",), "usage"),
        (("task", "--for-unit", "白圩乡", "--sample", "1"), "usage"),
        (("submission", "--for-unit", "白圩乡"), "usage"),
        (("feedback", "--all-units", "--team", "一组"), "usage"),
        (("task", "--for-unit", "青岚湖"), "unknown_unit"),
        (("submission",), "wrong_desk"),
        (("check-task",), "unknown_sample"),
        (("check-task", "--all-units"), "usage"),
        (("nosuch",), "usage"),
        (("task", "--for-unit", "白圩乡", "--for", "x.cer"), "encryption_later"),
    ],
)
def test_what_is_refused_leaves_no_file(
    line: Line, county: Path, secret: Path, tmp_path: Path, words: tuple[str, ...], code: str
) -> None:
    out = tmp_path / "a.gdpkg"
    told = line("pack", county, *words, "--out", out, "--passphrase-file", secret, code=2)
    assert told["error"]["code"] == code
    assert told["error"]["hint"]
    assert not out.exists()


def test_a_refusal_leaves_no_folder_and_a_file_is_no_folder(
    line: Line, county: Path, secret: Path, tmp_path: Path
) -> None:
    out = tmp_path / "深" / "U盘"
    words = ("task", "--all-units", "--passphrase-file", secret)
    assert line("pack", county, *words, "--out", out, "--as", "没有这个人", code=2)["error"]["code"] == "unknown_member"
    assert not out.parent.exists()
    assert line("pack", county, *words, "--out", secret, code=2)["error"]["code"] == "not_folder"
    wrong = line("pack", county, "submission", "--out", secret, "--passphrase-file", secret, code=2)
    assert wrong["error"]["code"] == "wrong_desk", "that a file of the name stands there is not what is wrong"


def test_a_disk_that_fills_up_among_many_packages_is_told_with_those_that_are_written(
    line: Line, county: Path, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, full = service.pack, SurroundingsError("disk_full", "磁盘空间不足。", "请清理磁盘。")
    kept: list[Path] = []

    def pack(ledger: Ledger, kind: PackageKind, target: Path, **more: Any) -> service.Packed:
        if kept:
            raise full
        kept.append(target)
        return real(ledger, kind, target, **more)

    monkeypatch.setattr(service, "pack", pack)
    words = ("task", "--all-units", "--out", tmp_path / "U盘", "--passphrase-file", secret)
    told = line("pack", county, *words, code=1)
    assert ([one["file"] for one in told["packages"]], told["error"]["code"]) == ([str(kept[0])], "disk_full")
    assert told["left"] == [{"民": "白圩乡", "白": "民和镇"}[told["packages"][0]["to"][0]]]


def test_a_submission_of_the_demo_holds_its_photos_and_papers(
    line: Line, demo: Demo, secret: Path, tmp_path: Path
) -> None:
    ledger = demo.copy(tmp_path / "台账")
    if not any(one.person == "吴小琴" and one.sample for one in identities(identities_folder())):
        line("identity", ledger, "--create", "--passphrase-file", secret, "--as", "吴小琴")
    words = ("--as", "吴小琴", "--passphrase-file", secret)
    told = line("pack", ledger, "submission", "--out", tmp_path, *words)
    assert re.fullmatch(r"白圩乡_报送包_进贤县_\d{8}\.gdpkg", Path(told["file"]).name)
    assert (told["plots"], told["left_out"], told["missing"]) == (106, [], [])
    assert told["photos"] > 0
    names = [one["name"] for one in line("verify", told["file"], "--ledger", ledger)["attachments"]]
    assert {"data/plot.jsonl", "journal/entries.jsonl", "data/report.jsonl"} < set(names)
    assert any(name.startswith("reports/") for name in names)
    without = line("pack", ledger, "submission", "--no-photos", "--out", tmp_path / "b.gdpkg", *words)
    assert (without["photos"], len(without["left_out"]), without["number"]) == (0, told["photos"], 2)
    assert line("check", ledger)["ok"]


def test_the_signer_of_a_package_is_trusted_after_the_fingerprint_was_compared(
    line: Line, county: Path, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.township_ledger(tmp_path / "town").close()
    out = tmp_path / "任务.gdpkg"
    line("pack", county, "task", "--for-unit", "白圩乡", "--out", out, "--passphrase-file", secret)
    certificate = signer_of(out, now=desks.clock_at(10**5).now())

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("不\n"))
    refused = line("trust", tmp_path / "town", out, code=2)
    assert refused["error"]["code"] == "not_confirmed"
    monkeypatch.setattr("sys.stdin", Terminal("是\n"))
    told = line("trust", tmp_path / "town", out)["trusted"]
    assert [(one["fingerprint"], one["relation"]) for one in told] == [(certificate.fingerprint, "trusted")]
    assert line("verify", out, "--ledger", tmp_path / "town")["trusted"]


def test_a_package_that_was_altered_makes_nobody_trusted(
    line: Line, county: Path, secret: Path, tmp_path: Path
) -> None:
    desks.township_ledger(tmp_path / "town").close()
    out = tmp_path / "任务.gdpkg"
    line("pack", county, "task", "--for-unit", "白圩乡", "--out", out, "--passphrase-file", secret)
    data = bytearray(out.read_bytes())
    data[-40] ^= 1
    out.write_bytes(data)
    assert line("trust", tmp_path / "town", out, code=2)["error"]["code"] == "package_altered"
    assert line("trust", tmp_path / "town")["trusted"] == []
