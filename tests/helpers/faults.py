"""Let a piece of the program run into a fault at its n-th write, sync, truncation, removal or rename.

A warm process has the fault library preloaded and everything imported. For each stop it forks; the copy arms the
library, does its work in a folder of its own and reports whether it came to say "done". What is left on the disk is
then looked at by the test, in its own sound process.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_SOURCE = Path(__file__).resolve().parents[1] / "faults" / "faultio.c"
_ROOT = Path(__file__).resolve().parents[2]

MODES = ("kill", "torn", "enospc", "eio")
"""Death before the call, half a write and death, a disk that is full from then on, one input/output error."""

SPARSE = 7
"""Without ``--full``, every kill point is taken, and each seventh of the others."""


@cache
def fault_library() -> Path | None:
    """The compiled library, or None where there is no C compiler (``make setup`` names the packages)."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = Path(tempfile.mkdtemp(prefix="gengdi-faultio-")) / "faultio.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(library), str(_SOURCE), "-ldl"], check=True
    )
    return library


@dataclass(frozen=True)
class Stopped:
    """How one run ended.

    Attributes:
        said: ``done`` when the work returned, ``refused`` when it raised an error of ours, ``""`` when it died.
        code: The code of that error.
        error: What else it raised, which is always a fault of the program.
        killed: Whether the process died by the fault.
        calls: How many calls there were; 0 when it died.
    """

    said: str
    code: str
    error: str
    killed: bool
    calls: int


class WarmProcess:
    """A process that is ready to run one function again and again, each time in a fork of itself."""

    def __init__(self, entry: str, library: Path, rehearsal: Path | None = None, **setting: Any) -> None:
        """Start it.

        Args:
            entry: ``"module:function"``; called first as ``function(**setting)``, once, and must return the work: a
                function of a folder. What it imports and reads before it returns is warm.
            rehearsal: A folder in which the work is done once, without fault, before all else: then also what the
                work itself imports is warm.
            library: See :func:`fault_library`.
            setting: JSON values for the entry.
        """
        environment = dict(os.environ, LD_PRELOAD=str(library), PYTHONPATH=str(_ROOT))
        for name in ("FAULT_DIR", "FAULT_AT", "FAULT_MODE", "FAULT_LOG"):
            environment.pop(name, None)
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.helpers.faults",
                entry,
                str(library),
                json.dumps(setting),
                str(rehearsal or ""),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=_ROOT,
        )

    def __enter__(self) -> Self:
        """Use it in a ``with``."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(timeout=60)

    def run(self, folder: Path, *, at: int = 0, mode: str = "", log: Path | None = None) -> Stopped:
        """Do the work in ``folder``, with the fault at call number ``at`` (0: none)."""
        order = {"folder": str(folder.resolve()), "at": at, "mode": mode, "log": str(log or "")}
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the warm process has no pipes")
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        return Stopped(**json.loads(self._process.stdout.readline()))


def stops(calls: int, mode: str, *, full: bool) -> range:
    """The numbers of the calls at which a fault of this mode is tried."""
    return range(1, calls + 1, 1 if full or mode == "kill" else SPARSE)


def every_stop(
    warm: WarmProcess, before: Path, scratch: Path, *, full: bool, modes: tuple[str, ...] = MODES
) -> Iterator[tuple[str, int, Path, Stopped]]:
    """Run the work once to its end to count its calls, then once for each stop, each time on a copy of ``before``.

    Yields:
        Mode, number of the call, the folder as it was left, and how the run ended. The folder vanishes afterwards.
    """
    whole = scratch / "whole"
    shutil.copytree(before, whole)
    counted = warm.run(whole)
    if counted.said != "done":
        raise AssertionError(f"the work does not even end well without a fault: {counted}")
    shutil.rmtree(whole)
    for mode in modes:
        for at in stops(counted.calls, mode, full=full):
            left = scratch / f"{mode}-{at}"
            shutil.copytree(before, left)
            yield mode, at, left, warm.run(left, at=at, mode=mode)
            shutil.rmtree(left)


def _serve(entry: str, library: str, setting: str, rehearsal: str) -> None:
    """Be the warm process."""
    module, _, function = entry.partition(":")
    work: Callable[[Path], None] = getattr(importlib.import_module(module), function)(**json.loads(setting))
    if rehearsal:
        work(Path(rehearsal))
    # Else every copy would write into all pages that hold objects, merely by looking for garbage.
    gc.collect()
    gc.freeze()
    faults = ctypes.CDLL(library)
    faults.faultio_count.restype = ctypes.c_long
    for line in sys.stdin.buffer:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _work_in_the_fork(work, faults, order, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            heard = pipe.read()
        status = os.waitpid(child, 0)[1]
        told = json.loads(heard) if heard else {"said": "", "code": "", "error": "", "calls": 0}
        answer = told | {"killed": os.WIFSIGNALED(status)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _work_in_the_fork(work: Callable[[Path], None], faults: ctypes.CDLL, order: dict[str, Any], pipe: int) -> None:
    from gengdi_desktop.errors import GengdiError

    said, code, error = "done", "", ""
    at, how, log = order["at"], order["mode"].encode(), order["log"].encode()
    faults.faultio_arm((order["folder"] + "/").encode(), ctypes.c_long(at), how, log)
    try:
        work(Path(order["folder"]))
    except GengdiError as refused:
        said, code = "refused", refused.code
    except BaseException as unexpected:  # noqa: BLE001 — whatever came out is what the test wants to know
        said, error = "broken", repr(unexpected)
    calls = faults.faultio_count()
    os.write(pipe, json.dumps({"said": said, "code": code, "error": error, "calls": calls}).encode())
    # Not exit(): the copy must not run what the warm process has registered for its own end.
    os._exit(0)


if __name__ == "__main__":
    _serve(*sys.argv[1:5])
