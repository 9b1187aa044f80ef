"""Actions from the command line: one entry for many plots, refusals by plot, all or none, evidence by hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gengdi_desktop.cli.commands import main
from gengdi_desktop.domain.actions import ACTIONS
from tests.helpers.command_line import Line
from tests.helpers.photos import small_photo

if TYPE_CHECKING:
    from tests.flows.conftest import Demo

CLERK = ("--as", "吴小琴")


@pytest.fixture
def ledger(demo: Demo, tmp_path: Path) -> Path:
    return demo.copy(tmp_path / "台账")


def test_the_actions_are_those_of_the_table_that_the_guards_use(line: Line, ledger: Path) -> None:
    told = {one["action"]: one for one in line("act", ledger, "--actions")["actions"]}
    assert list(told) == list(ACTIONS)
    required = {one["key"] for one in told["plan"]["fields"] if one["required"]}
    assert required == {"disposal_class", "measure", "person", "deadline"}
    assert main(["act", str(ledger), "--actions"]) == 0


def test_plots_that_refuse_are_listed_and_the_others_change_in_one_entry(line: Line, ledger: Path) -> None:
    before = line("history", ledger, "--limit", 1)["entries"][0]["seq"]
    village = line("plots", ledger, "--where", "state=works_done")["plots"][0]["village"]
    told = line("act", ledger, "progress", "--where", f"village={village}", "--date", "2023-08-20",
                "--set", "restored=0.01", *CLERK)  # fmt: skip
    assert told["entry"] == before + 1
    assert told["changed"]
    assert told["refused"]
    assert {one["code"] for one in told["refused"]}
    assert all(one["message"] for one in told["refused"])
    assert line("undo", ledger, *CLERK)["undoes"] == told["entry"]


def test_actions_fields_and_stages_are_known_by_their_chinese_names(
    line: Line, ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plot = line("plots", ledger, "--where", "状态=整改中")["plots"][0]["id"]
    told = line("act", ledger, "进展", plot, "--date", "2023-08-20", "--set", "现场整改=0.01", *CLERK)
    assert told["changed"] == [plot]
    assert line("act", ledger, "备注", plot, "--set", "备注=看过", *CLERK)["changed"] == [plot]
    photo = tmp_path / "后.jpg"
    photo.write_bytes(small_photo())
    assert line("attach", ledger, plot, photo, "--stage", "整改后", *CLERK)["stage"] == "after"
    assert line("attach", ledger, plot, photo, "--stage", "before", *CLERK)["stage"] == "before"
    assert main(["attach", str(ledger), plot, str(photo), "--stage", "以后", *CLERK]) == 2
    assert "整改后" in capsys.readouterr().err


def test_a_refusal_says_what_to_type(line: Line, ledger: Path) -> None:
    plot = line("plots", ledger, "--where", "state=closed", "--limit", 1)["plots"][0]["id"]
    nothing = line("act", ledger, "抽查", plot, *CLERK, code=2)["error"]["hint"]
    assert "--date 2023-08-20" in nothing
    assert "--set 抽查人=…" in nothing
    assert "--set 抽查结果=合格|不合格" in nothing
    assert "--as" in line("act", ledger, "note", plot, "--set", "text=看过", code=2)["error"]["hint"]
    assert "--actions" in line("act", ledger, "没有", plot, *CLERK, code=2)["error"]["hint"]
    imported = next(one for one in line("history", ledger, "--limit", 5000)["entries"] if one["action"] == "import")
    back = line("undo", ledger, imported["seq"], *CLERK, code=2)
    assert ("--untouched" in back["error"]["hint"]) is bool(back["untouched"])
    assert "--field" in back["error"]["hint"] or back["untouched"]


def test_with_atomic_one_refusal_means_none(line: Line, ledger: Path) -> None:
    words = ("--date", "2023-08-20", "--set", "restored=0.01", "--atomic", *CLERK)
    told = line("act", ledger, "progress", "--where", "kind=非粮化", *words, code=2)
    assert (told["changed"], told["entry"]) == ([], None)
    assert told["refused"]
    assert told["error"]["message"]


def test_a_plot_is_meant_by_its_id_its_mark_or_village_and_number(demo: Demo, line: Line, ledger: Path) -> None:
    first = demo.issued.plots[0]
    names = (f"{first.village.short_name}/{first.number}", f"{first.village.name}/{first.number}", first.bsm)
    changed = [line("act", ledger, "note", name, "--set", "text=看过", *CLERK)["changed"] for name in names]
    assert len({tuple(one) for one in changed}) == 1
    assert line("act", ledger, "note", changed[0][0], "--set", "text=看过", *CLERK)["changed"] == changed[0]
    told = line("act", ledger, "note", names[0], "白圩村/9999", "--set", "text=看过", *CLERK, code=2)
    assert told["error"]["code"] == "unknown_plot"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "usage"),
        (("note",), "usage"),
        (("note", "白圩村/0017", "--where", "state=issued"), "usage"),
        (("frobnicate", "--where", "state=closed"), "unknown_action"),
        (("note", "--where", "village=没有这个村"), "no_plots"),
        (("note", "白圩村/0017"), "missing"),
    ],
)
def test_what_is_not_said_is_asked_for(line: Line, ledger: Path, words: tuple[str, ...], code: str) -> None:
    error = line("act", ledger, *words, *CLERK, code=2)["error"]
    assert error["code"] == code
    assert error["message"]


def test_several_refusals_are_named_by_plot_for_people(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["act", str(ledger), "claim", "--where", "state=closed", *CLERK]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("没有办：") == 30
    assert "台账没有变" in told.err


def test_photos_are_kept_by_hash_and_programs_are_refused(line: Line, ledger: Path, tmp_path: Path) -> None:
    photo = tmp_path / "mmexport1690939815000.jpg"
    photo.write_bytes(small_photo())
    plot = line("plots", ledger, "--limit", 1)["plots"][0]
    told = line("attach", ledger, plot["id"], photo, "--stage", "after", *CLERK)
    assert told["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert told["stage"] == "after"
    assert told["files"][0]["missing"] == ["疑似聊天软件转发，定位已丢失", "疑似聊天软件转发，拍摄时间已丢失"]
    assert (ledger / "evidence" / f"{told['sha256']}.jpg").is_file()
    assert line("check", ledger)["ok"] is True
    program = tmp_path / "程序.exe"
    program.write_bytes(b"MZ" + b"\0" * 200)
    assert line("attach", ledger, plot["id"], program, "--stage", "after", *CLERK, code=2)["error"]["message"]


def test_a_field_is_put_back_and_a_slip_in_its_name_is_told(line: Line, ledger: Path) -> None:
    plot = line("plots", ledger, "--where", "state=planned,held=0")["plots"][0]
    name = f"{plot['village']}/{plot['plot_no']}"
    line("act", ledger, "plan", name, "--set", "disposal_class=immediate", "--set", "measure=另想办法",
         "--set", "person=丁一", "--set", "deadline=2023-08-22", *CLERK)  # fmt: skip
    assert line("plots", ledger, "--where", "person=丁一")["plots"][0]["id"] == plot["id"]
    assert line("undo", ledger, "--field", f"{name}:责任人", *CLERK)["entry"]
    assert line("plots", ledger, "--where", "person=丁一")["plots"] == []
    assert line("undo", ledger, "--field", f"{name}:nosuch", *CLERK, code=2)["error"]["code"] == "unknown_field"
    assert line("undo", ledger, "--field", "没有冒号", *CLERK, code=2)["error"]["code"] == "usage"


def test_long_tables_come_a_line_at_a_time(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plots", str(ledger), "--jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 106
    assert all(row["issued_mu"].count(".") == 1 for row in rows)


def test_lines_of_json_keep_to_the_limit_and_go_on_after_it(
    line: Line, ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = line("plots", ledger, "--limit", 5)
    for words, expected in (([], page["plots"][:2]), (["--after", "2"], page["plots"][2:4])):
        assert main(["plots", str(ledger), "--jsonl", "--limit", "2", *words]) == 0
        assert [json.loads(one) for one in capsys.readouterr().out.splitlines()] == expected
    assert line("plots", ledger, "--jsonl", code=2)["error"]["code"] == "usage"


def test_the_texts_for_people_name_states_and_areas(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["stats"],
        ["plots", "--limit", "3"],
        ["history", "--limit", "3"],
        ["member"],
        ["campaign"],
        ["trust"],
    ):
        assert main([words[0], str(ledger), *words[1:]]) == 0
    told = capsys.readouterr().out
    for word in ("已销号", "待验收", "亩", "吴小琴", "分管领导", "进府办发〔2023〕43号", "样例"):
        assert word in told
