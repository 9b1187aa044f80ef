"""Packages taken in and conflicts decided on the command line, in the words and with the exit codes of the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.cli.commands import main
from gengdi_desktop.consolidation import sticks
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.handover.service import PackOptions
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.signing.certificates import Certificate, grouped
from gengdi_desktop.storage.tables import PlotRow
from gengdi_desktop.system.clock import SystemClock
from tests.helpers import desks
from tests.helpers.command_line import Line


def cause(ledger: Ledger, said: str) -> None:
    """Somebody fills in the cause of the first plot."""
    with ledger.begin(Operation.EDIT, desks.clerk_of(ledger)) as work:
        (plot, *_) = work.session.connection().exec_driver_sql("SELECT id FROM plot ORDER BY id").scalars()
        row = work.session.get(PlotRow, "0000000015770f31000cf19d00000001") or work.session.get(PlotRow, plot)
        assert row is not None
        row.cause = said
        work.commit()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A stick with the submission of a township that disagrees with the county about one field."""
    folder = tmp_path / "stick"
    folder.mkdir()
    with desks.county_ledger(tmp_path / "county") as county, desks.township_ledger(tmp_path / "town") as town:
        trust.trust(town, desks.identity_of(county).certificate, by=desks.TOWN_CLERK)
        options = PackOptions(unit_code=desks.TOWNSHIPS["白圩乡"])
        by, own = desks.COUNTY_CLERK, desks.identity_of(county)
        task = service.pack(county, PackageKind.TASK, tmp_path / "任务.gdpkg", by=by, identity=own, options=options)
        service.receive(town, task.file, by=desks.TOWN_CLERK)
        cause(town, "撂荒")
        cause(county, "建房")
        by, own = desks.TOWN_CLERK, desks.identity_of(town)
        service.pack(town, PackageKind.SUBMISSION, folder / "报送.gdpkg", by=by, identity=own)
        (tmp_path / "town.cer").write_text(own.certificate.pem)
        (tmp_path / "county.cer").write_text(desks.identity_of(county).certificate.pem)
    return folder


def test_a_package_is_looked_at_taken_in_and_its_conflict_decided(
    line: Line, stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    county, package = tmp_path / "county", stick / "报送.gdpkg"
    assert SystemClock().now() >= desks.MOMENT, "the certificates of the desks hold from their day on"
    stranger = line("receive", county, package, code=2)
    assert stranger["error"]["code"] == "signer_unknown"
    assert stranger["trusted"] is False
    assert stranger["fingerprint"] == Certificate.from_bytes((tmp_path / "town.cer").read_bytes()).fingerprint
    assert grouped(stranger["fingerprint"]) in stranger["error"]["message"]
    line("trust", county, tmp_path / "town.cer")
    seen = line("receive", county, package, "--dry-run")
    assert (seen["kind"], seen["from"], seen["trusted"], seen["dry_run"]) == (
        "submission",
        "白圩乡人民政府",
        True,
        True,
    )
    assert (seen["entry"], seen["proof"]["kind"], seen["plots"]["same"]) == (None, "first", 2)
    (asked,) = seen["conflicts"]
    assert (asked["name"], asked["field"], asked["mine"], asked["theirs"]) == ("白圩村 0001", "成因", "建房", "撂荒")
    done = line("receive", county, package)
    assert done["applied"] > 0
    assert done["entry"] is not None
    assert done["refused"] == []
    assert line("receive", county, package)["applied"] == 0
    many = line("receive", county, stick)
    assert [one["fate"] for one in many["packages"]] == ["again"]
    (open_one,) = line("conflicts", county)["conflicts"]
    assert [one["id"] for one in line("plots", county, "--where", "冲突=有")["plots"]] == [open_one["plot"]]
    assert len(line("plots", county, "--where", "冲突=无")["plots"]) == 3
    assert (open_one["mine_by"], open_one["mine_at"]) == (
        desks.COUNTY_CLERK.name,
        f"{desks.MOMENT:%Y-%m-%dT%H:%M:%S.000000Z}",
    )
    assert (open_one["package"], open_one["packed"][:19]) == (done["id"], done["created"][:19])
    assert main(["conflicts", str(county)]) == 0
    told = capsys.readouterr().out
    assert f"本单位：{desks.COUNTY_CLERK.name} 2026-05-06" in told
    assert "对方：白圩乡人民政府 2026-05-06 报送包（第 1 次）" in told
    assert line("conflicts", county, "--decide", open_one["id"], "theirs", code=2)["error"]["code"] == "missing"
    decided = line("conflicts", county, "--decide", open_one["id"], "theirs", "--reason", "现场核实")
    assert (decided["decided"], decided["open"]) == ([open_one["id"]], 0)
    assert line("conflicts", county)["conflicts"] == []
    assert line("plots", county, "--where", "冲突=是")["plots"] == []
    (kept,) = line("conflicts", county, "--all")["conflicts"]
    assert (kept["status"], kept["decision"], kept["reason"]) == ("decided", "theirs", "现场核实")
    assert line("check", county)["ok"]


def test_a_look_at_a_folder_tells_what_would_become_of_each_after_those_before_it(
    line: Line, stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    county = tmp_path / "county"
    line("trust", county, tmp_path / "town.cer")
    with open_ledger(tmp_path / "town", desks.clock_at(1)) as town:
        by, own = desks.TOWN_CLERK, desks.identity_of(town)
        newer = service.pack(town, PackageKind.SUBMISSION, stick / "又报.gdpkg", by=by, identity=own).file
    (stick / "里面").mkdir()
    (stick / "里面" / "又报.gdpkg").write_bytes(newer.read_bytes())
    (stick / "坏的.gdpkg").write_bytes(b"no package")
    seen = line("receive", county, stick, "--dry-run", code=1)["packages"]
    assert [(one["fate"], one["number"]) for one in seen] == [
        ("ready", 2),
        ("again", 2),
        ("older", 1),
        ("not_package", None),
    ]
    assert main(["receive", str(county), str(stick), "--dry-run"]) == 1
    told = capsys.readouterr().out
    assert "前面有第 2 次的报送包，收了它，这个就是旧的，不收。" in told
    assert str(stick / "里面" / "又报.gdpkg") in told, "two of one name are told apart"
    done = line("receive", county, stick, code=1)["packages"]
    assert [one["fate"] for one in done] == ["taken", "again", "older", "not_package"]
    keys = {frozenset(one) for one in (*seen, *done)}
    assert len(keys) == 1, "every file has the same keys, whatever became of it"
    assert {"applied", "conflicts", "refused", "trusted", "from", "kind", "number", "fingerprint"} < next(iter(keys))


def test_numbers_and_reasons_that_say_nothing_are_refused_in_words(line: Line, stick: Path, tmp_path: Path) -> None:
    county, package = tmp_path / "county", stick / "报送.gdpkg"
    for number, code in (
        ("99999999999999999999999", "no_conflict"),
        ("9" * 5000, "usage"),
        ("3-1", "usage"),
        ("1-99999999999999", "usage"),
        ("1,二", "usage"),
        ("1,2-3", "no_conflict"),
        ("all", "no_conflict"),
    ):
        said = line("conflicts", county, "--decide", number, "mine", "--reason", "核实", code=2)
        assert said["error"]["code"] == code
    line("trust", county, tmp_path / "town.cer")
    line("receive", county, package)
    by, own = desks.TOWN_CLERK, desks.identity_of
    with desks.township_ledger(tmp_path / "town2") as town:
        trust.trust(town, Certificate.from_bytes((tmp_path / "county.cer").read_bytes()), by=by)
        service.receive(town, tmp_path / "任务.gdpkg", by=by)
        again = service.pack(town, PackageKind.SUBMISSION, stick / "另.gdpkg", by=by, identity=own(town)).file
    for reason in ("", " "):
        said = line("receive", county, again, "--dry-run", "--reason", reason, code=2)
        assert said["error"]["code"] == "other_ledger", reason


def test_what_is_no_package_is_refused_in_words(line: Line, stick: Path, tmp_path: Path) -> None:
    package = stick / "报送.gdpkg"
    package.write_bytes(package.read_bytes()[:-9])
    assert line("receive", tmp_path / "county", package, code=2)["error"]["code"] == "package_incomplete"
    assert line("receive", tmp_path / "county", stick / "没有.gdpkg", code=2)["error"]["code"] == "not_found"
    assert line("receive", tmp_path / "county", stick, "--reason", "x", code=2)["error"]["code"] == "usage"


@pytest.mark.usefixtures("stick")
def test_a_folder_without_packages_is_no_success(line: Line, tmp_path: Path) -> None:
    (tmp_path / "空的").mkdir()
    assert line("receive", tmp_path / "county", tmp_path / "空的", code=2)["packages"] == []


def test_what_was_not_looked_at_is_told(
    line: Line, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    county, package = tmp_path / "county", stick / "报送.gdpkg"
    line("trust", county, tmp_path / "town.cer")
    line("receive", county, package)
    deep = stick.joinpath(*["套"] * (sticks.DEEPEST + 1))
    deep.mkdir(parents=True)
    seen = line("receive", county, stick, "--dry-run", code=1)
    assert [one["why"] for one in seen["unread"]] == ["文件夹套得太深"]
    assert (seen["cut"], seen["stopped"]) == (False, False)
    (stick / "再拷一份.gdpkg").write_bytes(package.read_bytes())
    monkeypatch.setattr(sticks, "MOST_PACKAGES", 1)
    assert line("receive", county, stick, "--dry-run", code=1)["cut"]
    monkeypatch.setattr(sticks, "MOST_PACKAGES", 9)
    assert main(["receive", str(county), str(stick), "--dry-run"]) == 1
    assert "“套”打不开：文件夹套得太深" in capsys.readouterr().out
