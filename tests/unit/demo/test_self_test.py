"""The self-test: stops at the first step that fails, and says what went wrong without a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gengdi_desktop.demo import self_test as module
from gengdi_desktop.demo.self_test import self_test
from gengdi_desktop.demo.walk import Walked
from gengdi_desktop.errors import ProgramError, RuleError
from tests.helpers.clock import FixedClock

if TYPE_CHECKING:
    from tests.conftest import StrayLogs

Steps = Iterator[tuple[str, Callable[[], object]]]


def with_steps(monkeypatch: pytest.MonkeyPatch, *steps: tuple[str, Callable[[], object]]) -> None:
    def told(_trial: object) -> Steps:
        yield from steps

    monkeypatch.setattr(module._Trial, "steps", told)


def refusing() -> None:
    raise RuleError("x", "这一步没有办成。")


def breaking() -> None:
    raise ModuleNotFoundError("no module named x")


def test_every_step_is_told_and_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    with_steps(monkeypatch, ("一", lambda: None), ("二", lambda: None))
    said: list[str] = []
    results = self_test(FixedClock(), None, say=said.append)
    assert said == ["一", "二"]
    assert [(one.name, one.ok, one.message) for one in results] == [("一", True, ""), ("二", True, "")]
    assert all(one.milliseconds >= 0 for one in results)


def test_after_a_refusal_nothing_more_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with_steps(monkeypatch, ("一", refusing), ("二", lambda: None))
    results = self_test(FixedClock(), None)
    assert [(one.name, one.ok, one.message) for one in results] == [("一", False, "这一步没有办成。")]


def test_a_missing_module_is_a_failed_step_and_stands_in_the_log(
    monkeypatch: pytest.MonkeyPatch, stray_logs: StrayLogs
) -> None:
    stray_logs.expect("gengdi_desktop.demo.self_test")
    with_steps(monkeypatch, ("一", breaking))
    results = self_test(FixedClock(), None)
    assert results[0].ok is False
    assert "ModuleNotFoundError" in results[0].message


def test_the_sample_stays_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_steps(monkeypatch, ("一", lambda: None))
    self_test(FixedClock(), None, out=tmp_path / "留下")
    assert (tmp_path / "留下").is_dir()


def test_a_window_that_paints_nothing_fails_its_step(tmp_path: Path) -> None:
    trial = module._Trial(tmp_path, FixedClock(), lambda _ledger, _picture: None)
    trial.walked = Walked(tmp_path, tmp_path / "报告.pdf", (), 1, "白圩乡")
    step = dict(trial.steps())["画出窗口"]
    with pytest.raises(ProgramError, match="窗口没有画出来"):
        step()
    assert "画出窗口" not in dict(module._Trial(tmp_path, FixedClock(), None).steps())
