"""``gengdi sample``: drawn on the command line, redone with a shell and sha256sum, checked, entered, sent back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command_line import Line
from tests.helpers.ledgers import CLERK, LEADER
from tests.helpers.sampled import sampled_ledger

AS = ("--as", CLERK.name)
SEED = "20230821"
_REDO = """
while IFS="$(printf '\\t')" read -r stratum plot area; do
    printf '%s\\t%s\\t%s\\n' "$stratum" "$(printf '%s\\037%s' "$1" "$plot" | sha256sum | cut -c1-64)" "$plot"
done < frame.tsv | sort
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The folder of a county's ledger with 24 plots in place."""
    with sampled_ledger(tmp_path / "县台账") as made:
        return made.folder.root


def ids(answer: dict[str, Any]) -> list[str]:
    """The plots of an answer that are to be checked."""
    return [one["id"] for one in answer["plots"] if not one["replaced"]]


def test_same_ledger_and_seed_same_sample(line: Line, ledger: Path) -> None:
    first = line("sample", ledger, "--ratio", "0.25", "--seed", SEED, "--by", "village,kind", *AS)
    again = line("sample", ledger, "--ratio", "25%", "--seed", SEED, "--by", "村,问题类型", *AS)
    assert {**again, "again": False} == first
    assert again["again"] is True
    assert (first["seed"], len(first["frame"]), len(first["plots"]), first["area_mu"].count(".")) == (SEED, 64, 6, 1)
    assert len(line("history", ledger)["entries"]) == len(line("history", ledger)["entries"])
    larger = line("sample", ledger, "--count", 12, "--seed", SEED, "--by", "village,kind", *AS)
    assert larger["enlarges"] == first["id"]
    assert set(ids(first)) < set(ids(larger))
    other = line("sample", ledger, "--count", 6, "--seed", "7", "--by", "village,kind", *AS)
    assert ids(other) != ids(first)
    assert f"先前用种子 {SEED} 抽过" in other["reason"]
    assert [one["drawn"] for one in line("sample", ledger, "--list")["samples"]] == [6, 12, 6]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="the shell's tool is not on this system")
def test_a_shell_with_sha256sum_draws_the_same(line: Line, ledger: Path, tmp_path: Path) -> None:
    drawn = line("sample", ledger, "--count", 9, "--seed", SEED, "--by", "village", *AS)
    frame = tmp_path / "frame.tsv"
    line("sample", ledger, "--frame", drawn["id"][:8], "--out", frame)
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    digest = subprocess.run(
        ["sha256sum", "frame.tsv"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout.split()[0]
    assert digest == drawn["frame"]
    printed = subprocess.run(
        ["sh", "-c", _REDO, "sh", SEED], cwd=tmp_path, env=environment, check=True,
        capture_output=True, text=True, encoding="utf-8", timeout=60,
    ).stdout  # fmt: skip
    by_stratum: dict[str, list[tuple[str, str]]] = {}
    for row in printed.splitlines():
        stratum, order, plot = row.split("\t")
        by_stratum.setdefault(stratum, []).append((order, plot))
    expected = [one for stratum in drawn["strata"] for one in by_stratum[stratum["name"]][: stratum["share"]]]
    assert [(one["order"], one["id"]) for one in drawn["plots"]] == expected


def test_a_spot_check_from_the_lots_to_the_returns(line: Line, ledger: Path, tmp_path: Path) -> None:
    framed = line("sample", ledger, "--freeze", "--by", "village", "--name", "八月抽查", *AS)
    assert (framed["status"], framed["plots"], framed["seed"]) == ("framed", [], None)
    drawn = line("sample", ledger, "--draw", "八月抽查", "--seed", SEED, "--count", 6, *AS)
    one, two, *rest = ids(drawn)
    replaced = line("sample", ledger, "--replace", drawn["id"], "--plot", two, "--reason", "水淹", *AS)
    substitute = next(plot["id"] for plot in replaced["plots"] if plot["replaces"] == two)
    people = ("--checker", CLERK.name, "--second", "周静", *AS)
    line("sample", ledger, "--result", drawn["id"], "--plot", one, "--outcome", "不合格", *people, code=2)
    for plot in (one, substitute, *rest):
        failed = plot == one
        said = ("不合格", "--finding", "未播种", "--measured", "0.3") if failed else ("合格",)
        told = line("sample", ledger, "--result", drawn["id"], "--plot", plot, "--outcome", *said, *people)
    assert (told["checked"], told["failed"]) == (6, [one])
    assert told["pass_share"] == {"passed": 5, "checked": 6, "low": "0.358765", "high": "0.995789"}
    assert told["enlargement"]["count"] == 12
    sheet = line("sample", ledger, "--sheet", drawn["id"], "--out", tmp_path / "抽查表.pdf")
    assert (sheet["plots"], sheet["pages"]) == (6, 3)
    assert line("sample", ledger, "--sheet", drawn["id"], "--out", tmp_path / "抽查表.pdf", code=2)["error"][
        "code"
    ] == ("file_exists")
    entered = line("sample", ledger, "--enter", drawn["id"], "--document", "抽〔2023〕1号", *AS)
    assert (len(entered["changed"]), entered["refused"]) == (6, [])
    back = line("sample", ledger, "--send-back", drawn["id"], "--deadline", "2099-08-30", "--as", LEADER.name)
    assert back["changed"] == [one]
    assert [plot["id"] for plot in line("plots", ledger, "--where", "state=working")["plots"]] == [one]
    shown = line("sample", ledger, "--show", "八月抽查")
    assert shown["not_as_drawn"] == []
    assert [plot["result"]["sent_back"] for plot in shown["plots"] if plot["id"] == one] == [True]
    assert line("check", ledger)["ok"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--seed", "1"), "usage"),
        (("--count", "0", "--seed", "1"), "usage"),
        (("--ratio", "很多", "--seed", "1"), "usage"),
        (("--ratio", "0", "--seed", "1"), "bad_ratio"),
        (("--ratio", "1/20", "--count", "3"), "usage"),
        (("--count", "25", "--seed", "1"), "bad_count"),
        (("--count", "3", "--seed", ""), "no_seed"),
        (("--count", "3", "--seed", "1", "--by", "天气"), "unknown_stratum"),
        (("--count", "3", "--seed", "1", "--scope", "李渡镇"), "empty_frame"),
        (("--frame", "没有"), "usage"),
        (("--show", "没有"), "unknown_sample"),
        (("--enlarge", "没有", "--count", "3"), "unknown_sample"),
        (("--result", "没有", "--plot", "p01"), "usage"),
        (("--list", "--freeze"), "usage"),
    ],
)
def test_what_is_refused_leaves_the_ledger_alone(line: Line, ledger: Path, words: tuple[str, ...], code: str) -> None:
    before = line("history", ledger)
    refused = line("sample", ledger, *words, *AS, code=2)
    assert refused["error"]["code"] == code
    assert line("history", ledger) == before


def test_without_a_seed_the_program_draws_lots(line: Line, ledger: Path) -> None:
    drawn = line("sample", ledger, "--count", 3, *AS)
    assert (drawn["seed_source"], len(drawn["seed"]), len(drawn["plots"])) == ("generated", 12, 3)
    assert drawn["strata"] == [
        {
            "name": "全部", "plots": 24, "area_mu": drawn["frame_area_mu"],
            "share": 3, "to_check": 3, "checked": 0, "failed": 0,
        }
    ]  # fmt: skip
