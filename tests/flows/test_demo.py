"""The sample campaign as a whole: every fate where it belongs, figures that tie out, papers signed by two."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pdfplumber
import pytest

from gengdi_desktop.cli.commands import main
from gengdi_desktop.demo.walk import county_of, find_unit, sample_settings
from gengdi_desktop.demo.walk_plan import Fate
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.document import SAMPLE
from tests.helpers.command_line import Line

if TYPE_CHECKING:
    from tests.flows.conftest import Demo

STATES = {
    Fate.CLOSED: State.CLOSED,
    Fate.CLOSED_ON_PAPER: State.CLOSED,
    Fate.COUNTY_ACCEPTED: State.COUNTY_ACCEPTED,
    Fate.ACCEPTED: State.ACCEPTED,
    Fate.CLAIMED: State.CLAIMED,
    Fate.WORKS_DONE: State.WORKS_DONE,
    Fate.PARTIAL: State.WORKING,
    Fate.PLANNED: State.PLANNED,
    Fate.CONTESTED: State.CONTESTED,
    Fate.RETURNED: State.WORKING,
    Fate.HELD: State.PLANNED,
    Fate.CANCELLED: State.CANCELLED,
}


def test_every_plot_stands_where_the_plan_puts_it(demo: Demo, line: Line) -> None:
    wanted = Counter(str(STATES[fate]) for fate in demo.plan.fates.values())
    stats = line("stats", demo.ledger)
    assert {state: one["plots"] for state, one in stats["by_status"].items()} == wanted
    assert (stats["held"], stats["unentered"], stats["today"]) == (1, 0, "2023-08-20")
    assert stats["phases"] == ["整改阶段"]
    assert stats["overdue"] > 0
    assert len(line("plots", demo.ledger, "--where", "returned=1")["plots"]) == 1


def test_the_figures_are_those_of_the_issued_list(demo: Demo, line: Line) -> None:
    stats = line("stats", demo.ledger)
    assert (stats["plots"], stats["area_mu"]) == (demo.issued.count, demo.issued.area.exact())
    basic = Area.total(plot.basic_area for plot in demo.issued.plots)
    assert stats["basic_farmland_mu"] == basic.exact()
    for part in (stats["by_label"].values(), stats["by_village"], stats["by_kind"].values()):
        rows = list(part)
        assert sum(one["plots"] for one in rows) == demo.issued.count
        assert Area.total(Area.parse(one["area_mu"]) for one in rows) == demo.issued.area


def test_the_ledger_is_sound_and_the_report_s_head_is_in_it(demo: Demo, line: Line) -> None:
    checked = line("check", demo.ledger, "--against", demo.report)
    assert (checked["ok"], checked["problems"]) == (True, [])
    assert checked["files"] > 200


def test_verify_believes_the_report_by_ledger_by_certificates_and_by_this_user_s_list(demo: Demo, line: Line) -> None:
    certificates = [path for path in demo.walked.files if path.suffix == ".cer"]
    named = [word for path in certificates for word in ("--trust", str(path))]
    for words in ([], ["--ledger", str(demo.ledger)], named):
        verdict = line("verify", demo.report, *words)
        assert [one["signer"].split()[1][:3] for one in verdict["signatures"]] == ["吴小琴", "李建国"]
    assert line("verify", demo.report, "--trust", certificates[0], code=1)["trusted"] is False


def test_pdfsig_calls_the_report_valid(demo: Demo) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("poppler-utils is not here")
    told = subprocess.run(["pdfsig", "-nocert", str(demo.report)], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid.") == 2


def test_the_letter_names_unit_number_recipient_and_the_figures(demo: Demo, line: Line) -> None:
    with pdfplumber.open(demo.report) as pdf:
        text = re.sub(r"\s", "", "".join(page.extract_text() or "" for page in pdf.pages))
    stats = line("stats", demo.ledger)
    assert "白圩乡人民政府" in text
    assert "白府函〔2023〕12号" in text
    assert f"图斑{stats['plots']}个、面积{stats['area_mu']}亩" in text
    assert f"永久基本农田{stats['basic_farmland_mu']}亩" in text


def test_annexes_and_papers_lie_beside_each_other_all_marked_as_samples(demo: Demo) -> None:
    for path in demo.walked.files:
        assert path.is_file()
        assert "样例" in path.name or path.suffix == ".cer"
    endings = Counter(path.suffix for path in demo.walked.files)
    assert endings == {".pdf": 4, ".xlsx": 3, ".json": 2, ".cer": 2}


def test_every_page_of_every_paper_says_that_it_is_a_sample(demo: Demo) -> None:
    for path in demo.walked.files:
        if path.suffix == ".pdf":
            with pdfplumber.open(path) as pdf:
                pages = [page.extract_text() or "" for page in pdf.pages]
            assert all(SAMPLE.replace("　", " ") in text for text in pages), path.name
        elif "附件" in path.name:
            header = openpyxl.load_workbook(path).worksheets[0].oddHeader
            assert header is not None
            assert header.center.text == SAMPLE


def test_reports_are_listed_handed_out_again_and_made_again(demo: Demo, line: Line, tmp_path: Path) -> None:
    listed = line("report", demo.ledger)["reports"]
    assert [(one["kind"], one["state"]) for one in listed] == [
        ("rectification_letter", "signed"),
        ("self_check_report", "handed_in"),
    ]
    again = line("report", demo.ledger, demo.walked.report_id, "--again", "--out", tmp_path / "再.pdf")
    assert (tmp_path / "再.pdf").read_bytes() == demo.report.read_bytes()
    assert again["unsigned_fields"] == []
    assert len(line("report", demo.ledger, demo.walked.report_id, "--rebuild")["rebuilt"]) == 4


def test_no_key_is_left_behind(demo: Demo) -> None:
    assert not [path for path in demo.ledger.parent.rglob("*") if path.suffix in {".p12", ".pfx", ".key"}]


def test_a_ledger_that_does_not_hold_the_report_s_entry_is_found_out(demo: Demo, line: Line, tmp_path: Path) -> None:
    other = tmp_path / "另一本"
    line("new", other, "--desk", "township", "--county", "进贤县", "--unit", "白圩乡", "--as", "吴小琴")
    told = line("check", other, "--against", demo.report, code=1)
    assert told["ok"] is False
    assert told["problems"]


def test_a_backup_without_files_says_which_are_missing(demo: Demo, line: Line, tmp_path: Path) -> None:
    made = line("backup", demo.ledger, tmp_path)
    restored = line("restore", made["file"], tmp_path / "恢复", code=1)
    assert len(restored["missing"]) > 200
    whole = line("backup", demo.ledger, tmp_path, "--full")
    assert line("restore", whole["file"], tmp_path / "全")["missing"] == []


def test_what_is_open_can_be_worked_on(demo: Demo, line: Line, tmp_path: Path) -> None:
    ledger = demo.copy(tmp_path / "接着办")
    claimed = line("plots", ledger, "--where", "state=claimed")["plots"][0]["id"]
    told = line(
        "act", ledger, "accept", claimed, "--date", "2023-08-20", "--set", "group=验收组", "--as", "吴小琴", code=2
    )
    assert told["refused"][0]["plot"] == claimed
    values = ("--set", "group=验收组", "--set", "as_claimed=是")
    done = line("act", ledger, "accept", claimed, "--date", "2023-08-20", *values, "--as", "李建国")
    assert done["changed"] == [claimed]
    assert line("history", ledger, claimed)["entries"][0]["action"] == "accept"
    assert line("undo", ledger, "--as", "李建国")["in_the_way"] == []


def test_an_import_with_later_work_is_not_turned_back_whole(demo: Demo, line: Line, tmp_path: Path) -> None:
    ledger = demo.copy(tmp_path / "撤")
    entries = line("history", ledger, "--limit", 10_000)["entries"]
    imported = next(one["seq"] for one in entries if one["action"] == "import")
    told = line("undo", ledger, imported, "--as", "吴小琴", code=2)
    assert told["error"]["code"] == "in_the_way"
    assert told["in_the_way"]


def test_the_village_form_goes_out_and_comes_back_unchanged(demo: Demo, line: Line, tmp_path: Path) -> None:
    ledger = demo.copy(tmp_path / "村")
    form = tmp_path / "村级填报表.xlsx"
    listed = line("export", ledger, form, "--form", "village")["rows"]
    told = line("progress", ledger, form, "--date", "2023-08-20", "--as", "吴小琴")
    assert told["refused"] == 0
    assert told["rows"] >= listed > 0
    assert line("export", ledger, tmp_path / "台账.csv")["rows"] == 106


def test_another_unit_gives_its_own_names_and_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path / "样例"), "--unit", "经开区", "--no-window", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["unit"] == "江西进贤经济开发区管理委员会"
    with pdfplumber.open(told["report"]) as pdf:
        text = re.sub(r"\s", "", "".join(page.extract_text() or "" for page in pdf.pages))
    assert "江西进贤经济开发区管理委员会" in text
    assert "人民政府办公室" in text
    assert "白圩" not in text
    assert "管理委员会人民政府" not in text
    assert main(["demo", "--out", str(tmp_path / "样例"), "--no-window"]) == 2
    assert "已经有东西" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "code"), [("没有这个乡", "unknown_unit"), ("", "unknown_unit")])
def test_a_unit_that_is_not_there_is_refused_with_those_that_are(name: str, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        find_unit(name)
    assert caught.value.code == code
    assert "白圩乡" in caught.value.hint


def test_units_are_found_in_the_other_counties_too() -> None:
    assert find_unit("新义街道").code == "141181001"
    assert find_unit("白圩").code == "360124209"


@pytest.mark.parametrize(
    ("name", "leaders"), [("李渡镇", "镇党委、镇政府"), ("白圩乡", "乡党委、乡政府"), ("新义街道", "街道党工委")]
)
def test_the_campaign_names_the_leaders_after_the_type_of_the_unit(name: str, leaders: str) -> None:
    unit = find_unit(name)
    campaign = sample_settings(county_of(unit), unit).campaign
    assert campaign.first_responsible.startswith(leaders)
    assert "乡（镇）" not in campaign.first_responsible + campaign.direct_responsible
    assert campaign.name.startswith(county_of(unit).name)
