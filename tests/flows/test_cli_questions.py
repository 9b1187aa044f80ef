"""``gengdi questions`` over the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.system.clock import SystemClock
from gengdi_desktop.system.resources import resource
from tests.helpers import photos as made
from tests.helpers.command_line import Line

if TYPE_CHECKING:
    from tests.flows.conftest import Demo

CLERK = ("--as", "吴小琴")


@pytest.fixture
def ledger(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample, with a cache of pictures of its own."""
    monkeypatch.setenv("GENGDI_HOME", str(tmp_path / "home"))
    return demo.copy(tmp_path / "台账")


def test_questions_are_told_answered_and_left(line: Line, ledger: Path, tmp_path: Path) -> None:
    plot = line("plots", ledger, "--limit", 1)["plots"][0]["id"]
    silent = tmp_path / "后.jpg"
    silent.write_bytes(made.jpeg(made.scene(960, 720)))
    line("attach", ledger, plot, silent, "--stage", "整改后", *CLERK)
    asked = {one["code"]: one for one in line("questions", ledger, plot)["questions"] if one["stage"] == "after"}
    assert {"no_place", "no_time"} <= set(asked)
    sha256 = asked["no_place"]["sha256"]
    told = line(
        "questions", ledger, plot, "--answer", "没有位置", "--photo", sha256[:8], "--text", "现场没有信号", *CLERK
    )
    assert told["entry"]
    again = {one["code"]: one for one in line("questions", ledger, plot)["questions"] if one["sha256"] == sha256}
    assert again["no_place"]["answered"]["by"] == "吴小琴"
    assert not again["no_place"]["open"]
    assert again["no_time"]["open"]


def test_comparing_leaves_nothing_to_compare(line: Line, ledger: Path) -> None:
    plot = line("plots", ledger, "--limit", 1)["plots"][0]["id"]
    assert line("questions", ledger, plot)["not_compared"] > 0
    assert line("questions", ledger, plot, "--compare", *CLERK)["not_compared"] == 0


def test_the_evidence_is_told_by_the_rules_in_force(line: Line, ledger: Path, tmp_path: Path) -> None:
    told = line("questions", ledger, "--evidence")
    assert {one["verdict"] for one in told["plots"]} <= {"complete", "missing", "unclear"}
    assert told["version"] == "2023-2"
    own = tmp_path / "县.toml"
    own.write_text(
        resource("rules/evidence.toml").read_text(encoding="utf-8").replace("2023-2", "县-1"), encoding="utf-8"
    )
    assert line("questions", ledger, "--rules", own, *CLERK)["version"] == "县-1"
    assert line("questions", ledger, "--evidence")["version"] == "县-1"


def test_plots_are_chosen_by_their_evidence(line: Line, ledger: Path) -> None:
    told = {one["plot"]: one["verdict"] for one in line("questions", ledger, "--evidence")["plots"]}
    assert len(set(told.values())) > 1
    for word, code in (("齐全", "complete"), ("缺", "missing"), ("存疑", "unclear")):
        found = line("plots", ledger, "--where", f"证据={word}", "--limit", 500)["plots"]
        assert {one["id"] for one in found} == {plot for plot, verdict in told.items() if verdict == code}
        assert all(one["evidence"] == code and one["evidence_told"] for one in found)
    lacking = line("plots", ledger, "--where", "证据情况~整改后照片,证据=缺", "--limit", 500)["plots"]
    assert lacking
    assert all("整改后照片" in one["evidence_told"] for one in lacking)
    assert "evidence" not in line("plots", ledger, "--limit", 1)["plots"][0]


def test_who_cannot_write_is_answered_all_the_same(line: Line, ledger: Path, tmp_path: Path) -> None:
    before = {one["id"] for one in line("plots", ledger, "--where", "证据=缺", "--limit", 500)["plots"]}
    plot = min(before)
    with open_ledger(ledger, SystemClock()):
        held = {one["id"] for one in line("plots", ledger, "--where", "证据=缺", "--limit", 500)["plots"]}
    assert held == before
    photos = {"before": 41, "during": 42, "after": 43}
    for stage, seed in photos.items():
        path = tmp_path / f"{stage}.jpg"
        path.write_bytes(made.jpeg(made.scene(960, 720, seed)))
        line("attach", ledger, plot, path, "--stage", stage, *CLERK)
    with open_ledger(ledger, SystemClock()):  # nobody has brought up what is kept since
        now = {
            one["id"]: one for one in line("plots", ledger, "--where", "证据情况~整改前照片", "--limit", 500)["plots"]
        }
    assert "缺整改前照片" not in now.get(plot, {"evidence_told": ""})["evidence_told"]


def test_where_the_same_picture_stands_is_named(line: Line, ledger: Path, tmp_path: Path) -> None:
    first, second = (one["id"] for one in line("plots", ledger, "--limit", 2)["plots"])
    path = tmp_path / "后.jpg"
    path.write_bytes(made.jpeg(made.scene(960, 720, 51)))
    for plot in (first, second):
        line("attach", ledger, plot, path, "--stage", "整改后", *CLERK)
    (asked,) = (one for one in line("questions", ledger, first)["questions"] if one["code"] == "same_picture")
    (beside,) = asked["beside"]
    assert beside["plot"] == second
    assert beside["name"] in asked["sentence"]
