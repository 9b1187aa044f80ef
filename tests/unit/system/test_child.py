"""A child process obeys its limits and brings its answers home."""

from __future__ import annotations

import errno
import signal
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.errors import Cancelled, RuleError, SurroundingsError
from gengdi_desktop.system.child import ChildEnd, ChildFailure, read_spool, run_child

ENTRIES = "tests.helpers.child_entries"


def run(function: str, spool: Path, *, memory_mb: int = 512, seconds: float = 20, **arguments: Any) -> list[Any]:
    run_child(f"{ENTRIES}:{function}", arguments, spool=spool, memory_mb=memory_mb, seconds=seconds)
    return list(read_spool(spool))


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "answers.jsonl"


def test_values_come_back_in_order_and_unchanged(spool: Path) -> None:
    values = [{"地类": "水田", "n": 1.5, "空": None}, ["a\nb", "\u2028", True], 2**60]
    assert run("echo", spool, values=values) == values


def test_a_large_request_and_a_large_answer_pass(spool: Path) -> None:
    values = ["亩" * 1000] * 1000
    assert run("echo", spool, values=values) == values


def test_the_spool_is_for_this_user_alone(spool: Path) -> None:
    run("echo", spool, values=[1])
    assert stat.S_IMODE(spool.stat().st_mode) == 0o600


def test_an_existing_spool_is_never_overwritten(spool: Path) -> None:
    spool.write_text("mine")
    with pytest.raises(ChildFailure) as caught:
        run("echo", spool, values=[1])
    assert caught.value.end is ChildEnd.CRASH
    assert spool.read_text() == "mine"


def test_half_a_surrogate_pair_arrives_as_it_was(spool: Path) -> None:
    assert run("half_a_pair", spool, after="山") == [{"cell": "\ud83d山"}]


def test_a_refusal_comes_back_as_the_same_error(spool: Path) -> None:
    with pytest.raises(RuleError) as caught:
        run("refuse", spool, hint="请另选文件。")
    assert (caught.value.code, caught.value.message, caught.value.hint) == (
        "not_a_sheet",
        "这不是表格。",
        "请另选文件。",
    )
    assert [path.name for path in spool.parent.iterdir()] == [spool.name]


def test_too_much_memory_ends_the_child_and_not_us(spool: Path) -> None:
    with pytest.raises(ChildFailure) as caught:
        run("fill_memory", spool, memory_mb=256, megabytes=4096)
    assert caught.value.end is ChildEnd.MEMORY
    assert caught.value.code == "child_memory"


def test_a_disk_without_room_for_the_answers_is_told(spool: Path) -> None:
    with pytest.raises(SurroundingsError) as caught:
        run("fail_to_write", spool, number=errno.ENOSPC)
    assert caught.value.code == "disk_full"


def test_an_answer_without_end_counts_as_too_large(spool: Path) -> None:
    with pytest.raises(ChildFailure) as caught:
        run("fail_to_write", spool, number=errno.EFBIG)
    assert caught.value.end is ChildEnd.MEMORY


def test_memory_within_the_limit_is_given(spool: Path) -> None:
    assert run("fill_memory", spool, memory_mb=512, megabytes=64) == [64 * 1024 * 1024]


def test_a_sleeping_child_is_ended_by_the_wall_clock(spool: Path) -> None:
    started = time.monotonic()
    with pytest.raises(ChildFailure) as caught:
        run_child(f"{ENTRIES}:sleep", {"seconds": 60}, spool=spool, memory_mb=512, seconds=0.5)
    assert caught.value.end is ChildEnd.TIME
    assert time.monotonic() - started < 10


def test_a_native_abort_is_told_with_its_last_words(spool: Path) -> None:
    with pytest.raises(ChildFailure) as caught:
        run("die", spool, signal=int(signal.SIGABRT))
    assert caught.value.end is ChildEnd.CRASH
    assert "thread panicked" in caught.value.detail


def test_a_kill_by_the_system_counts_as_memory(spool: Path) -> None:
    with pytest.raises(ChildFailure) as caught:
        run("die", spool, signal=int(signal.SIGKILL))
    assert caught.value.end is ChildEnd.MEMORY


def test_a_bug_in_the_entry_is_a_crash_with_its_traceback(spool: Path) -> None:
    with pytest.raises(ChildFailure) as caught:
        run("echo", spool)
    assert caught.value.end is ChildEnd.CRASH
    assert "KeyError" in caught.value.detail


def test_cancelling_ends_the_child(spool: Path) -> None:
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        run_child(f"{ENTRIES}:sleep", {"seconds": 60}, spool=spool, memory_mb=512, seconds=60, cancelled=cancelled)
    assert len(asked) == 3


def test_a_child_loads_no_front_end_and_does_not_search_the_working_folder(
    spool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('foreign module')")
    monkeypatch.chdir(tmp_path)
    modules, search = run("surroundings", spool)
    assert not {"PySide6", "sqlmodel", "sqlalchemy", "openpyxl", "reportlab"} & set(modules)
    assert "" not in search
    assert str(tmp_path) not in search
