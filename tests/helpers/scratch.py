"""Where the tests' files lie: in memory where the machine has the room, since every commit waits for the disk.

The program syncs each entry, and thousands of tests make thousands of entries. In memory a sync is still called, and
the fault tests still count it, but nobody waits. ``TMPDIR=/some/folder make test`` leaves the files where one can look
at them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 3 * 1024**3
_PREFIX = "gengdi-tests-"


def scratch_in_memory() -> Path | None:
    """Make a folder of this run in memory and let all temporary files, also those of children, lie there.

    Returns:
        The folder, for :func:`shutil.rmtree` at the end; None where the caller has said where files shall lie, where
        another process of this run has done it before, or where there is no such place.
    """
    if "TMPDIR" in os.environ or not _fits():
        return None
    _clear_dead_runs()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_MEMORY))
    # As in /tmp, others may pass through: one test reads as another user.
    folder.chmod(0o711)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def _fits() -> bool:
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return False
    # The fault library is loaded from there.
    if os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC:
        return False
    return min(shutil.disk_usage(_MEMORY).free, _available_memory()) >= _ROOM


def _available_memory() -> int:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def _clear_dead_runs() -> None:
    """A run that was killed could not put its folder away, and memory is no place to forget things."""
    for left in _MEMORY.glob(f"{_PREFIX}*-*"):
        owner = left.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)
