"""Forms of single plots from the command line: all, those of a condition, those that are named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gengdi_desktop.domain.scan_codes import scan_code
from tests.helpers.command_line import Line

if TYPE_CHECKING:
    from tests.flows.conftest import Demo


def test_forms_are_of_the_plots_that_are_named_or_meet_a_condition(line: Line, demo: Demo, tmp_path: Path) -> None:
    ledger = demo.copy(tmp_path / "台账")
    plots = line("plots", ledger, "--where", "村=前罗村")["plots"]
    by_where = line("export", ledger, tmp_path / "一.pdf", "--form", "验收单", "--where", "村=前罗村")
    assert (by_where["rows"], by_where["pages"], by_where["broken"]) == (len(plots), len(plots), [])
    named = line("export", ledger, tmp_path / "二.pdf", plots[0]["id"], "--form", "dossier")
    assert (named["rows"], Path(named["file"])) == (1, tmp_path / "二.pdf")
    assert named["pages"] >= 3


def test_what_a_scanner_read_names_the_plot(line: Line, demo: Demo, tmp_path: Path) -> None:
    ledger = demo.copy(tmp_path / "台账")
    [plot] = line("plots", ledger, "--limit", 1)["plots"]
    told = line("history", ledger, scan_code(plot["id"]))
    assert told["entries"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("白圩村/0001",), "要一起写 --form"),
        (("--form", "village", "--where", "村=白圩村"), "要一起写 --form"),
        (("--form", "dossier", "--village", "白圩村"), "--village 用在填报表上"),
        (("--form", "dossier", "前罗村/0018", "--where", "村=白圩村"), "要么逐个写出"),
    ],
)
def test_what_does_not_go_together_is_said(
    line: Line, demo: Demo, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ledger = demo.copy(tmp_path / "台账")
    assert said in line("export", ledger, tmp_path / "x.pdf", *words, code=2)["error"]["message"]
    assert not (tmp_path / "x.pdf").exists()
