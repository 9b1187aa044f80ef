"""A ledger from the command line: made, staffed, set up, turned back, checked, copied and brought back."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from gengdi_desktop.cli.commands import main
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.system.clock import SystemClock
from gengdi_desktop.system.resources import resource
from tests.helpers.command_line import Line


@pytest.fixture
def ledger(line: Line, tmp_path: Path) -> Path:
    folder = tmp_path / "白圩乡2023"
    line("new", folder, "--desk", "township", "--county", "进贤", "--unit", "白圩", "--as", "吴小琴")
    return folder


def test_new_makes_a_folder_named_by_codes_and_refuses_one_that_is_not_empty(
    line: Line, ledger: Path, tmp_path: Path
) -> None:
    assert (ledger / "ledger.gengdi").is_file()
    assert line("stats", ledger)["unit"] == "白圩乡"
    again = ("new", ledger, "--desk", "township", "--county", "进贤县", "--unit", "白圩乡", "--as", "吴小琴")
    assert line(*again, code=2)["error"]["code"] == "not_empty"
    other = line("new", tmp_path / "别处", "--desk", "township", "--county", "无名县", "--unit", "长埠镇", "--as", "甲")
    assert other["unit_code"] == ""


def test_the_database_s_own_path_means_the_ledger_too(line: Line, ledger: Path) -> None:
    assert line("stats", ledger / "ledger.gengdi") == line("stats", ledger)


def test_empty_figures_are_all_there(line: Line, ledger: Path) -> None:
    stats = line("stats", ledger)
    wanted = "unit campaign phases plots unentered area_mu basic_farmland_mu restored_mu overdue"
    assert {*wanted.split(), "by_status", "by_village", "by_kind"} <= set(stats)
    assert stats["area_mu"] == "0.00"


def test_with_two_members_writing_needs_a_name_and_reading_does_not(line: Line, ledger: Path) -> None:
    assert len(line("member", ledger, "--add", "李建国", "--role", "leader")["members"]) == 2
    assert line("member", ledger, "--add", "丙", "--role", "viewer", code=2)["error"]["code"] == "who"
    assert line("undo", ledger, "--as", "没有的人", code=2)["error"]["code"] == "unknown_member"
    assert [one["name"] for one in line("member", ledger)["members"]] == ["吴小琴", "李建国"]
    retired = line("member", ledger, "--retire", "李建国", "--as", "吴小琴")["members"]
    assert [one["active"] for one in retired] == [True, False]
    assert line("member", ledger, "--add", "丁", code=2)["error"]["code"] == "usage"


def test_a_campaign_is_set_shown_and_turned_back(line: Line, ledger: Path, tmp_path: Path) -> None:
    assert line("campaign", ledger)["campaign"] is None
    sample = resource("sample/campaign.toml")
    assert line("campaign", ledger, sample, code=2)["error"]["code"] == "as_of"
    text = "\n".join(one for one in sample.read_text(encoding="utf-8").splitlines() if not one.startswith("as_of"))
    (tmp_path / "专项.toml").write_text(text, encoding="utf-8")
    campaign = line("campaign", ledger, tmp_path / "专项.toml")["campaign"]
    assert campaign["document_number"] == "进府办发〔2023〕43号"
    assert [phase["window_end"] for phase in campaign["phases"]][:2] == ["2023-07-28", "2023-08-20"]
    assert campaign["papers"][1]["signers"][1]["name"] == "李建国"
    assert campaign["evidence"]["version"] == "2023-2"
    entry = line("history", ledger)["entries"][0]
    assert entry["action"] == "campaign"
    undone = line("undo", ledger)
    assert (undone["undoes"], undone["in_the_way"]) == (entry["seq"], [])
    assert line("campaign", ledger)["campaign"] is None


def test_a_campaign_file_with_a_slip_is_refused_by_name(line: Line, ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "错.toml").write_text('[campaign]\nname = "专项"\nhard_dedline = 2023-08-25\n', encoding="utf-8")
    error = line("campaign", ledger, tmp_path / "错.toml", code=2)["error"]
    assert "hard_dedline" in error["message"]
    assert line("campaign", ledger, tmp_path / "没有.toml", code=2)["error"]["code"] == "not_found"


def test_check_backup_and_restore(line: Line, ledger: Path, tmp_path: Path) -> None:
    checked = line("check", ledger)
    assert checked["ok"] is True
    assert checked["journal"]["entries"] == 1
    stick = tmp_path / "U盘"
    stick.mkdir()
    made = line("backup", ledger, stick)
    assert made["ok"] is True
    assert Path(made["file"]).parent == stick
    restored = line("restore", made["file"], tmp_path / "恢复")
    assert restored["missing"] == []
    there = line("restore", made["file"], ledger, code=2)["error"]
    assert there["code"] == "file_exists"
    assert "--overwrite" in there["hint"]
    assert line("restore", made["file"], ledger, "--overwrite")["ok"] is True
    assert list((ledger / "backups").glob("恢复前_*.gengdi"))
    assert line("check", tmp_path / "恢复")["journal"] == checked["journal"]


def test_a_changed_value_makes_the_check_say_one(line: Line, ledger: Path) -> None:
    database = sqlite3.connect(ledger / "ledger.gengdi")
    database.execute("UPDATE member SET name = '别人'")
    database.commit()
    database.close()
    found = line("check", ledger, code=1)
    assert found["ok"] is False
    assert {"member", "name"} <= {found["problems"][0]["table"], found["problems"][0]["field"]}


def test_what_is_no_ledger_is_refused_in_a_sentence(line: Line, tmp_path: Path) -> None:
    assert line("stats", tmp_path / "没有", code=2)["error"]["message"]
    (tmp_path / "ledger.gengdi").write_text("不是台账", encoding="utf-8")
    assert line("stats", tmp_path, code=2)["error"]["code"] == "not_a_ledger"
    assert line("restore", tmp_path / "ledger.gengdi", tmp_path / "新", code=2)["error"]["message"]


def test_an_identity_is_made_listed_exported_and_trusted(line: Line, ledger: Path, tmp_path: Path) -> None:
    secret = tmp_path / "口令.txt"
    secret.write_text("山高水长路远\n", encoding="utf-8")
    short = line("identity", ledger, "--create", "--passphrase-file", secret, code=2)
    assert short["error"]["code"] == "passphrase_short"
    secret.write_text("山高水长 路远人稀\n", encoding="utf-8")
    made = line("identity", ledger, "--create", "--role", "经办人", "--passphrase-file", secret)
    assert made["subject"].startswith("白圩乡人民政府 吴小琴")
    assert made["source"] == "file"
    fingerprint = made["fingerprint"]
    listed = line("identity", ledger)["identities"]
    assert fingerprint in {one["fingerprint"] for one in listed}
    certificate = tmp_path / "吴小琴.cer"
    line("identity", ledger, "--export", certificate, "--identity", fingerprint)
    assert certificate.is_file()
    assert [one["relation"] for one in line("trust", ledger)["trusted"]] == ["own"]
    assert not list(ledger.rglob("*.p12"))
    assert line("trust", ledger, certificate)["trusted"][0]["fingerprint"] == fingerprint
    assert line("trust", ledger, "--remove", fingerprint)["trusted"] == []
    assert line("trust", ledger, "--remove", "00" * 32, code=2)["error"]["code"] == "certificate_unknown"


def test_whose_identity_is_written_out_is_told_by_name(line: Line, ledger: Path, tmp_path: Path) -> None:
    secret = tmp_path / "口令.txt"
    secret.write_text("山高水长 路远人稀\n", encoding="utf-8")
    line("member", ledger, "--add", "章建平", "--role", "leader")
    line("member", ledger, "--add", "万小平", "--role", "clerk", "--as", "吴小琴")
    made = {
        name: line("identity", ledger, "--create", "--passphrase-file", secret, "--as", name)["fingerprint"]
        for name in ("万小平", "章建平")
    }
    out = tmp_path / "证书.cer"
    unclear = line("identity", ledger, "--export", out, code=2)["error"]
    assert (unclear["code"], out.exists()) == ("which_identity", False)
    assert "--as" in unclear["hint"]
    told = line("identity", ledger, "--export", out, "--as", "章建平")
    assert told["fingerprint"] == made["章建平"]
    there = line("identity", ledger, "--export", out, "--as", "万小平", code=2)["error"]
    assert there["code"] == "file_exists"
    assert line("identity", ledger, "--export", out, "--as", "万小平", "--overwrite")["fingerprint"] == made["万小平"]
    nobody = line("identity", ledger, "--export", tmp_path / "无.cer", "--as", "李四", code=2)["error"]
    assert "李四" in nobody["message"]


def test_verify_refuses_what_is_no_pdf_and_says_one_for_an_unsigned_one(
    line: Line, ledger: Path, tmp_path: Path
) -> None:
    (tmp_path / "文.pdf").write_text("不是", encoding="utf-8")
    assert line("verify", tmp_path / "文.pdf", code=2)["error"]["code"] == "not_pdf"
    assert line("verify", tmp_path / "没有.pdf", code=2)["error"]["code"] == "not_found"
    bare = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    (tmp_path / "空.pdf").write_bytes(bare + b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n")
    verdict = line("verify", tmp_path / "空.pdf", "--ledger", ledger, code=1)
    assert verdict["intact"] is False
    assert verdict["problems"]


def test_a_ledger_that_another_program_writes_can_be_read_and_says_locked(line: Line, ledger: Path) -> None:
    with open_ledger(ledger, SystemClock()):
        child = os.fork()
        if child == 0:
            # Another process: a lock of our own would be given to us again.
            sys.stdout = answer = io.StringIO()
            code = main(["member", str(ledger), "--add", "丙", "--role", "clerk", "--json"])
            os._exit(0 if (code, json.loads(answer.getvalue())["error"]["code"]) == (2, "locked") else 9)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert line("stats", ledger)["plots"] == 0
