"""One writer: the lock names its holder and is free again after a crash."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.ledger_lock import HOLDER_NAME, LedgerLock, LedgerLockedError
from tests.helpers.clock import FixedClock

HOLD = """
import sys, time
from pathlib import Path
from gengdi_desktop.system.clock import SystemClock
from gengdi_desktop.system.ledger_lock import LedgerLock
lock = LedgerLock(Path(sys.argv[1]), SystemClock())
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock of the folder."""
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).resolve().parents[3]))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_the_lock_is_taken_once(tmp_path: Path, clock: FixedClock) -> None:
    first, second = LedgerLock(tmp_path, clock), LedgerLock(tmp_path, clock)
    first.acquire()
    with pytest.raises(LedgerLockedError) as caught:
        second.acquire()
    assert caught.value.code == "locked"
    assert caught.value.holder is not None
    assert caught.value.holder.process == os.getpid()
    first.release()
    second.acquire()
    assert second.held
    second.release()


def test_another_process_is_named(tmp_path: Path, clock: FixedClock, other: subprocess.Popen[bytes]) -> None:
    lock = LedgerLock(tmp_path, clock)
    holder = lock.holder()
    assert holder is not None
    assert (holder.process, holder.computer, holder.is_this_user) == (other.pid, platform.node(), True)
    with pytest.raises(LedgerLockedError) as caught:
        lock.acquire()
    assert "本机的另一个窗口" in caught.value.message


def test_a_killed_holder_frees_the_lock(tmp_path: Path, clock: FixedClock, other: subprocess.Popen[bytes]) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait(timeout=10)
    lock = LedgerLock(tmp_path, clock)
    assert (tmp_path / HOLDER_NAME).exists()
    assert lock.holder() is None
    lock.acquire()
    assert lock.held
    lock.release()


def test_a_free_lock_has_no_holder(tmp_path: Path, clock: FixedClock) -> None:
    lock = LedgerLock(tmp_path, clock)
    assert lock.holder() is None
    lock.acquire()
    lock.release()
    assert lock.holder() is None
    assert not (tmp_path / HOLDER_NAME).exists()
    lock.release()


def test_a_holder_on_another_computer_is_named(tmp_path: Path, clock: FixedClock) -> None:
    mine = LedgerLock(tmp_path, clock)
    mine.acquire()
    note = {"user": "李四", "computer": "办公室-2", "process": 7, "since": "2023-08-20T01:00:00+00:00"}
    (tmp_path / HOLDER_NAME).write_text(json.dumps(note), encoding="utf-8")
    with pytest.raises(LedgerLockedError) as caught:
        LedgerLock(tmp_path, clock).acquire()
    assert "办公室-2" in caught.value.message
    assert "李四" in caught.value.message
    mine.release()


@pytest.mark.parametrize("note", ["", "{", "[]", '{"user": 1}', "\x00"])
def test_a_damaged_note_does_not_hide_the_lock(tmp_path: Path, clock: FixedClock, note: str) -> None:
    mine = LedgerLock(tmp_path, clock)
    mine.acquire()
    (tmp_path / HOLDER_NAME).write_text(note)
    other = LedgerLock(tmp_path, clock)
    assert other.holder() is not None
    with pytest.raises(LedgerLockedError) as caught:
        other.acquire()
    assert caught.value.holder is None
    mine.release()


def test_a_folder_that_is_away_is_told(tmp_path: Path, clock: FixedClock) -> None:
    with pytest.raises(SurroundingsError):
        LedgerLock(tmp_path / "none" / "deeper", clock).acquire()
    assert list(tmp_path.iterdir()) == []
