"""Reports from the command line: drafts, freezing, two signatures in turn, hand-in, and what stands in the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gengdi_desktop.cli.commands import main
from gengdi_desktop.signing.identity import identities
from gengdi_desktop.signing.profile import identities_folder
from tests.helpers.command_line import Line
from tests.unit.reports.county_ledgers import county

if TYPE_CHECKING:
    from tests.flows.conftest import Demo

KIND = "rectification_letter"


@pytest.fixture
def ledger(demo: Demo, tmp_path: Path) -> Path:
    return demo.copy(tmp_path / "台账")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "口令.txt"
    path.write_text("山高水长 路远人稀\n", encoding="utf-8")
    return path


@pytest.fixture
def signers(line: Line, ledger: Path, secret: Path) -> None:
    """Both members have an identity on this computer."""
    here = {one.person for one in identities(identities_folder()) if one.sample}
    for name in ("吴小琴", "李建国"):
        if name not in here:
            line("identity", ledger, "--create", "--passphrase-file", secret, "--as", name)


def test_the_kinds_are_those_of_the_menu(line: Line, ledger: Path) -> None:
    kinds = {one["kind"]: one["needs_number"] for one in line("report", ledger, "--kinds")["kinds"]}
    assert {"self_check_report", KIND, "rectification_report", "register"} <= set(kinds)


def test_a_draft_has_files_but_no_number_and_leaves_no_entry(line: Line, ledger: Path, tmp_path: Path) -> None:
    before = line("history", ledger, "--limit", 1)["entries"][0]["seq"]
    told = line("report", ledger, KIND, "--out", tmp_path / "草稿.pdf")
    assert (told["id"], told["state"], told["signed_by"]) == (None, "draft", [])
    assert told["pages"] > 1
    assert all(Path(one["path"]).is_file() for one in told["files"])
    assert line("history", ledger, "--limit", 1)["entries"][0]["seq"] == before
    assert line("report", ledger, KIND, code=2)["error"]["code"] == "usage"
    assert line("report", ledger, "nosuch", "--out", tmp_path / "x.pdf", code=2)["error"]["code"] == "unknown_kind"


@pytest.mark.usefixtures("signers")
def test_two_people_sign_in_turn_and_the_paper_goes_up(line: Line, ledger: Path, secret: Path, tmp_path: Path) -> None:
    out = tmp_path / "报告.pdf"
    sign = ("--sign", "--passphrase-file", secret, "--out", out)
    number = ("--number", "白府函〔2023〕33号", "--date", "2023-08-20")
    first = line("report", ledger, KIND, *sign, *number, "--as", "吴小琴")
    assert (first["number"], first["version"], first["signed_by"]) == ("白府函〔2023〕33号", 1, ["经办人（吴小琴）"])
    assert first["unsigned_fields"] == ["分管领导（李建国）"]
    half = line("verify", out, "--ledger", ledger, code=1)
    assert [one["label"] for one in half["missing"]] == ["分管领导"]
    again = line("report", ledger, first["id"], *sign, "--as", "吴小琴", code=2)
    assert again["error"]["code"] == "already_signed"
    assert "吴小琴已经签过" in again["error"]["message"]
    assert "李建国" in again["error"]["hint"]
    second = line("report", ledger, first["id"], *sign, "--as", "李建国")
    assert (second["state"], second["unsigned_fields"]) == ("signed", [])
    full = line("report", ledger, first["id"], *sign, "--as", "李建国", code=2)["error"]
    assert full["code"] == "all_signed"
    assert "都签过了" in full["message"]
    assert line("verify", out, "--ledger", ledger)["trusted"] is True
    assert line("check", ledger, "--against", out)["ok"] is True
    receipt = tmp_path / "回执.txt"
    receipt.write_text("已收", encoding="utf-8")
    up = ("--to", "县专班办公室", "--medium", "U盘", "--at", "2023-08-20T17:30", "--receipt", receipt)
    assert line("handin", ledger, first["id"], *up, "--as", "吴小琴")["id"]
    assert line("report", ledger, first["id"])["state"] == "handed_in"
    newest = line("history", ledger, "--limit", 1)["entries"][0]
    assert newest["action"] == "hand_in"
    assert line("undo", ledger, newest["seq"], "--as", "吴小琴", code=2)["error"]["code"] == "not_undoable"


def test_a_frozen_paper_may_wait_for_its_signatures(line: Line, ledger: Path, tmp_path: Path) -> None:
    told = line(
        "report", ledger, "register", "--freeze", "--to", "县专班", "--out", tmp_path / "台账.pdf", "--as", "吴小琴"
    )
    assert told["state"] == "frozen"
    other = ("--signer", "经办人:王玥", "--to", "县专班", "--number", "白府函〔2023〕34号")
    letter = line("report", ledger, KIND, "--freeze", *other, "--as", "吴小琴")
    assert letter["unsigned_fields"] == ["经办人（王玥）"]
    assert letter["recipient"] == "县专班"


def test_versions_are_compared_and_what_never_went_up_is_voided(line: Line, ledger: Path) -> None:
    number = ("--number", "白府函〔2023〕34号", "--freeze", "--as", "吴小琴")
    first = line("report", ledger, KIND, *number)["id"]
    line("act", ledger, "note", "麻山村/0056", "--set", "text=已通知", "--as", "吴小琴")
    assert line("report", ledger, first, "--differences")["words"] == []
    second = line("report", ledger, KIND, *number, "--to", "县政府")["id"]
    told = line("report", ledger, first, "--differences", second)
    assert [one["place"] for one in told["words"]] == ["主送"]
    assert (told["figures"], told["plots"], told["followed"]) == ([], [], True)
    assert line("report", ledger, second, "--void", "--as", "吴小琴", code=2)["error"]["code"] == "reason_missing"
    done = line("report", ledger, second, "--void", "--reason", "主送写错", "--as", "吴小琴")
    assert (done["state"], done["void_reason"], done["number"]) == ("void", "主送写错", "白府函〔2023〕34号")
    assert line("report", ledger, first)["superseded_by"] is None
    refused = line("handin", ledger, second, "--to", "县专班", "--medium", "U盘", "--as", "吴小琴", code=2)
    assert refused["error"]["code"] == "report_void"
    assert line("report", ledger, KIND, "--void", code=2)["error"]["code"] == "usage"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((KIND, "--freeze"), "number_missing"),
        ((KIND, "--freeze", "--number", "第12号"), "number_form"),
        ((KIND, "--sign", "--number", "白府函〔2023〕35号", "--signer", "王玥"), "not_a_signer"),
        (("spot", "--sign"), "unknown_kind"),
        ((KIND, "--again"), "usage"),
        (("99", "--rebuild"), "unknown_report"),
    ],
)
def test_what_cannot_be_frozen_or_signed_leaves_nothing_behind(
    line: Line, ledger: Path, words: tuple[str, ...], code: str
) -> None:
    before = len(line("report", ledger)["reports"])
    assert line("report", ledger, *words, "--as", "吴小琴", code=2)["error"]["code"] == code
    assert len(line("report", ledger)["reports"]) == before


def test_a_paper_without_signers_says_that_they_are_missing(line: Line, ledger: Path) -> None:
    frozen = line("report", ledger, "register", "--freeze", "--to", "县专班", "--as", "吴小琴")
    late = line("report", ledger, frozen["id"], "--sign", "--as", "吴小琴", code=2)["error"]
    assert late["code"] == "no_fields"
    fresh = line("report", ledger, "register", "--sign", "--to", "县专班", "--as", "吴小琴", code=2)["error"]
    assert fresh["code"] == "no_fields"
    assert "还没有设签名人" in fresh["message"]


@pytest.mark.usefixtures("signers")
def test_a_wrong_passphrase_freezes_nothing(line: Line, ledger: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "错.txt"
    wrong.write_text("不是这一句\n", encoding="utf-8")
    words = ("--sign", "--number", "白府函〔2023〕36号", "--passphrase-file", wrong, "--as", "吴小琴")
    assert line("report", ledger, KIND, *words, code=2)["error"]["code"] == "passphrase_wrong"
    assert len(line("report", ledger)["reports"]) == 2


@pytest.mark.usefixtures("signers")
def test_without_a_passphrase_and_a_terminal_the_way_is_told(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["report", str(ledger), KIND, "--sign", "--number", "白府函〔2023〕37号", "--as", "吴小琴"]
    assert main(words) == 2
    assert "--passphrase-file" in capsys.readouterr().err


def test_a_hand_in_of_nothing_is_refused(line: Line, ledger: Path) -> None:
    assert (
        line("handin", ledger, 99, "--to", "县", "--medium", "U盘", "--as", "吴小琴", code=2)["error"]["code"]
        == "unknown_report"
    )
    wrong = ("--to", "县", "--medium", "U盘", "--at", "昨天", "--as", "吴小琴")
    assert line("handin", ledger, 1, *wrong, code=2)["error"]["code"] == "usage"


def test_an_export_says_what_it_can_write(line: Line, ledger: Path, tmp_path: Path) -> None:
    assert line("export", ledger, tmp_path / "台账.xlsx")["rows"] == 106
    assert line("export", ledger, tmp_path / "台账.docx", code=2)["error"]["code"] == "unknown_format"
    one = line("export", ledger, tmp_path / "村.xlsx", "--form", "village", "--village", "致岭村")
    assert 0 < one["rows"] < 10
    lost = line("export", ledger, tmp_path / "无.xlsx", "--form", "village", "--village", "未知村", code=2)["error"]
    assert lost["code"] == "unknown_village"
    odd = line("export", ledger, tmp_path / "村.doc", "--form", "village", code=2)["error"]
    assert odd["code"] == "unknown_format"
    assert "致岭村" in lost["hint"]
    assert line("export", ledger, tmp_path / "x.xlsx", "--village", "致岭村", code=2)["error"]["code"] == "usage"


def test_a_file_that_is_there_is_never_written_over_unasked(line: Line, ledger: Path, tmp_path: Path) -> None:
    form = tmp_path / "填报表.xlsx"
    form.write_bytes("村里填好的".encode())
    for words in (("export", ledger, form), ("export", ledger, form, "--form", "village")):
        error = line(*words, code=2)["error"]
        assert error["code"] == "file_exists"
        assert "--overwrite" in error["hint"]
        assert form.read_bytes().decode() == "村里填好的"
    assert line("export", ledger, form, "--form", "village", "--overwrite")["rows"]
    draft = tmp_path / "报告.pdf"
    beside = tmp_path / "报告_数据快照.json"
    beside.write_text("另一份", encoding="utf-8")
    assert line("report", ledger, KIND, "--out", draft, code=2)["error"]["code"] == "file_exists"
    assert not draft.exists()
    assert line("report", ledger, KIND, "--out", draft, "--overwrite")["files"]
    before = len(line("report", ledger)["reports"])
    freeze = ("--freeze", "--number", "白府函〔2023〕41号", "--as", "吴小琴")
    assert line("report", ledger, KIND, "--out", draft, *freeze, code=2)["error"]["code"] == "file_exists"
    assert line("report", ledger, KIND, "--out", tmp_path, *freeze)["state"] == "frozen"
    assert len(line("report", ledger)["reports"]) == before + 1


def test_the_fonts_that_drew_a_paper_are_told(
    line: Line, ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = line("report", ledger, KIND, "--out", tmp_path / "草稿.pdf")["font_sentences"]
    assert any("随程序提供" in one for one in told)
    assert line("report", ledger, 1)["font_sentences"]
    assert main(["report", str(ledger), "1", "--again", "--out", str(tmp_path / "定稿.pdf")]) == 0
    assert "字体　" in capsys.readouterr().out


def test_a_copy_of_what_the_ledger_keeps_may_be_written_again(line: Line, ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "再.pdf"
    assert line("report", ledger, 1, "--again", "--out", out)["files"]
    assert line("report", ledger, 1, "--again", "--out", out)["files"]
    out.write_bytes(out.read_bytes() + b"%%")
    assert line("report", ledger, 1, "--again", "--out", out, code=2)["error"]["code"] == "file_exists"


def test_a_county_writes_its_own_papers_of_the_sample_that_is_named(line: Line, tmp_path: Path) -> None:
    folder = tmp_path / "进贤县2023"
    county(folder).close()
    kinds = [one["kind"] for one in line("report", folder, "--kinds")["kinds"]]
    assert kinds == ["spot_check_report", "return_list", "county_summary", "register"]
    wanted = ("--sample", "第一次抽查", "--organ", "进贤县专班办公室")
    told = line("report", folder, "spot_check_report", "--out", tmp_path / "抽查.pdf", *wanted)
    assert [one["role"] for one in told["files"]].count("annex_xlsx") == 2
    assert told["title"].startswith("进贤县专班办公室关于")
    refused = line("report", folder, KIND, "--out", tmp_path / "x.pdf", code=2)["error"]
    assert refused["code"] == "other_desk"
    assert "county_summary" in refused["hint"]
    nobody = line("report", folder, "return_list", "--out", tmp_path / "x.pdf", "--sample", "没有", code=2)["error"]
    assert nobody["code"] == "unknown_sample"
