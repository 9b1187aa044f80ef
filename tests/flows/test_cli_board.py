"""The county's desk over the command line: who has handed in, and what stands in two townships."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.cli.commands import main
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.storage.tables import IdentifierRow, ReceivedPaperRow
from tests.helpers import desks
from tests.helpers.command_line import Line
from tests.helpers.county_desk import CLERK, county_ledger, package
from tests.helpers.ledgers import add_plots


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """白圩乡 has handed in, with a signed report of one plot more than it has; 民和镇 has not."""
    folder = tmp_path / "县"
    with county_ledger(folder) as ledger:
        add_plots(ledger, ["a"], CLERK)
        add_plots(ledger, ["b"], CLERK, township="民和镇", village="前坊村")
        package(ledger, "task", "task", unit="民和镇")
        package(ledger, "s1", proof="first")
        kept = ledger.folder.keep(FolderPart.REPORTS, b"%PDF-1.7", ".pdf")
        with ledger.begin(Operation.RECEIVE, CLERK) as work:
            for plot in "ab":
                work.session.add(IdentifierRow(plot_id=plot, kind="bsm", value="360124000000000012"))
            paper = ReceivedPaperRow(package_id="s1", title="整改工作报告", state="signed", role="signed", file_id="")
            paper.plots, paper.area, paper.file_id = 2, 10_560_000, record_file(work, kept)
            work.session.add(paper)
            work.commit()
    return folder


def test_the_board_as_an_object(line: Line, county: Path) -> None:
    told = line("board", county)
    assert (told["due"], told["handed_in"], told["late"]) == (2, 1, 0)
    assert told["deadline"] | {"name": ""} == {
        "opens": "2023-07-29",
        "closes": "2023-08-20",
        "last_day": "2023-08-25",
        "name": "",
    }
    units = {one["name"]: one for one in told["units"]}
    assert len(units) == 23
    assert (units["白圩乡"]["state"], units["白圩乡"]["newest"]["proof"]) == ("handed_in", "first")
    assert units["民和镇"]["task"]["number"] == 1
    assert (units["民和镇"]["newest"], units["民和镇"]["area_mu"]) == (None, "5.28")


def test_the_board_as_people_read_it(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["board", str(county)]) == 0
    told = capsys.readouterr().out
    assert "应报 2 个 · 已报 1 个" in told
    assert "另有21个乡镇没有图斑" in told


def test_a_campaign_without_days_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desks.county_ledger(tmp_path / "县").close()
    assert main(["board", str(tmp_path / "县")]) == 0
    assert "（专项没有写期限）" in capsys.readouterr().out


def test_one_township_with_its_report_beside_the_ledger(line: Line, county: Path) -> None:
    told = line("board", county, "--unit", "白圩乡", code=1)
    assert [one["name"] for one in told["units"]] == ["白圩乡"]
    report = told["report"]
    assert (report["same"], report["plots_reported"], report["plots_held"]) == (False, 2, 1)
    assert (report["area_reported"], report["area_held"], report["figures"]) == ("10.56", "5.28", None)
    assert line("board", county, "--unit", "民和镇")["report"] is None
    assert "gengdi board" in line("board", county, "--unit", "某某乡", code=2)["error"]["hint"]


def test_what_stands_in_two_townships(line: Line, county: Path) -> None:
    told = line("twins", county)
    (pair,) = told["plots"]
    assert sorted(one["plot"] for one in pair["plots"]) == ["a", "b"]
    assert pair["signs"] == {"bsm": "标识码都是 360124000000000012"}
    assert (told["photos"], told["not_compared"]) == ([], 0)
    assert line("twins", county, "--compare", "--as", CLERK.name) == told


@pytest.mark.parametrize("command", [("board",), ("board", "--unit", "白圩乡"), ("twins",), ("twins", "--compare")])
def test_only_the_county_s_ledger_has_a_board(line: Line, tmp_path: Path, command: tuple[str, ...]) -> None:
    desks.township_ledger(tmp_path / "乡").close()
    name, *rest = command
    said = line(name, tmp_path / "乡", *rest, code=2)["error"]
    assert said["code"] == "wrong_desk"
    assert "乡镇" in said["message"]


LIMITS = """
[campaign]
name = "专项"
[[phase]]
code = "rectification"
name = "整改阶段"
window_start = 2023-07-29
hard_deadline = 2023-08-25
[limits]
behind_points = 20
unlawful_mu = "100"
source = "进府办字〔2023〕50号"
"""


def test_units_over_the_limits_are_named_with_their_plots(
    line: Line, county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert line("board", county, "--triggers")["triggers"]["named"] == []
    assert main(["board", str(county), "--triggers"]) == 0
    assert "没有设约谈限值，没有判。" in capsys.readouterr().out
    file = tmp_path / "专项.toml"
    file.write_text(LIMITS, encoding="utf-8")
    line("campaign", county, file)
    said = line("board", county, "--triggers")["triggers"]
    assert (said["behind_points"], said["new_outflow_mu"], said["unlawful_mu"]) == (20, None, "100.00")
    assert said["source"] == "进府办字〔2023〕50号"
    assert {one["unit"]: one["plots"] for one in said["named"]} == {"白圩乡": ["a"], "民和镇": ["b"]}
    assert {(one["trigger"], one["value"], one["limit"]) for one in said["named"]} == {
        ("behind", "100.00 个百分点", "20 个百分点")
    }
    assert main(["board", str(county), "--triggers", "--unit", "民和镇"]) == 0
    told = capsys.readouterr().out
    assert "进度滞后" in told
    assert "白圩乡" not in told
    assert "triggers" not in line("board", county), "who does not ask for them does not wait for them"
