"""What a crash leaves is there at the next start, and names nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.system.crash_log import CrashLog, CrashReport
from tests.helpers.clock import FixedClock

CRASH = """
import os, signal, sys
from pathlib import Path
from gengdi_desktop.system.clock import SystemClock
from gengdi_desktop.system.crash_log import CrashLog
CrashLog(Path(sys.argv[1]), SystemClock()).install()
os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.fixture
def shown() -> list[CrashReport]:
    return []


@pytest.fixture
def crash_log(tmp_path: Path, clock: FixedClock, shown: list[CrashReport]) -> Iterator[CrashLog]:
    log = CrashLog(tmp_path, clock, shown.append)
    log.install()
    yield log
    log.uninstall()


def fail(text: str) -> None:
    raise RuntimeError(text)


def test_an_exception_that_nobody_caught_is_kept_and_shown(
    crash_log: CrashLog, tmp_path: Path, clock: FixedClock, shown: list[CrashReport]
) -> None:
    try:
        fail("张三 13800138000")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    assert len(shown) == 1
    later = CrashLog(tmp_path, clock).last()
    assert later == shown[0]
    assert "RuntimeError" in later.text
    assert "2023-08-20" in later.text
    assert "张三" not in later.text
    assert "13800138000" not in later.text
    crash_log.forget()


def test_an_exception_in_a_thread_is_kept(crash_log: CrashLog, shown: list[CrashReport]) -> None:
    thread = threading.Thread(target=fail, args=("in a thread",))
    thread.start()
    thread.join()
    assert "in a thread" in shown[0].text
    crash_log.forget()


def test_a_crash_of_the_machine_is_found_at_the_next_start(tmp_path: Path, clock: FixedClock) -> None:
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).resolve().parents[3]))
    ended = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], env=environment, check=False)
    assert ended.returncode < 0
    log = CrashLog(tmp_path, clock)
    last = log.last()
    assert last is not None
    assert "Segmentation fault" in last.text
    log.forget()
    assert log.last() is None


def test_a_good_run_leaves_nothing(tmp_path: Path, clock: FixedClock) -> None:
    log = CrashLog(tmp_path, clock)
    log.install()
    log.uninstall()
    assert log.last() is None


def test_a_disk_that_refuses_does_not_hide_the_crash(tmp_path: Path, clock: FixedClock) -> None:
    report = CrashLog(tmp_path / "none", clock).report(RuntimeError("why"))
    assert "why" in report.text
    assert not report.path.exists()
