"""Work on foreign files in a child process that may run out of time or memory without harming the program.

A child is this same program, started again with a hidden first argument, so that it works from the source tree, from
an installed wheel and from a frozen bundle. The request goes to it through standard input; the answers come back as
lines of JSON in a spool file, so that a large answer never stands in the memory of both sides at once.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, TypeAlias

import orjson

from gengdi_desktop.errors import Cancelled, GengdiError, ProgramError, RuleError, SurroundingsError
from gengdi_desktop.system.files import told

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
"""What a request and a line of the spool are made of."""

Write: TypeAlias = Callable[[Any], None]
"""Given to the entry of a child: appends one JSON value to the spool."""

CHILD_ARGUMENT = "--child-process"
SPOOL_LIMIT_MB = 2048
_CALM_EXIT = 0
_TOLD_EXIT = 3
_MEMORY_EXIT = 4
_FULL_EXIT = 5
_POLL_SECONDS = 0.05
_SPARE_SECONDS = 5
_DETAIL_BYTES = 4000
_MEGABYTE = 1024 * 1024
_FAMILIES: Mapping[str, type[GengdiError]] = {
    family.__name__: family for family in (SurroundingsError, RuleError, ProgramError)
}

_log = logging.getLogger(__name__)


class ChildEnd(StrEnum):
    """Why a child did not finish."""

    MEMORY = "memory"
    TIME = "time"
    CRASH = "crash"


class ChildFailure(SurroundingsError):
    """A child was stopped by its limits, or died of what it was given to read.

    Attributes:
        end: Which limit it met; callers that know what was read word their own sentence from it.
        detail: English text for the log and the crash report: the last lines the child wrote to standard error.
    """

    def __init__(self, end: ChildEnd, detail: str) -> None:
        message, hint = _SENTENCES[end]
        super().__init__(f"child_{end}", message, hint)
        self.end = end
        self.detail = detail


_SENTENCES: Mapping[ChildEnd, tuple[str, str]] = {
    ChildEnd.MEMORY: (
        "处理这个文件需要的内存超过了上限，已经停止，没有写入任何内容。",
        "请用表格软件打开该文件，删去多余的工作表和空白行列，另存为 .xlsx 后重试。",
    ),
    ChildEnd.TIME: (
        "处理这个文件用的时间超过了上限，已经停止，没有写入任何内容。",
        "请用表格软件打开该文件，删去多余的工作表和空白行列，另存为 .xlsx 后重试。",
    ),
    ChildEnd.CRASH: (
        "处理这个文件的程序中途停止了，文件可能已经损坏，没有写入任何内容。",
        "请用表格软件打开该文件，确认内容完整，另存为 .xlsx 后重试。",
    ),
}


def run_child(
    entry: str,
    arguments: Mapping[str, JsonValue],
    *,
    spool: Path,
    memory_mb: int,
    seconds: float,
    cancelled: Callable[[], bool] | None = None,
    meanwhile: Callable[[], bool] | None = None,
) -> None:
    """Run one function in a child process and wait until it has finished.

    In the child ``entry`` is called as ``function(arguments, write)``; each ``write(value)`` appends one line to the
    spool. Read it afterwards with :func:`read_spool`. An error of our three families that the function raises is
    raised here again, with the same family, code, message and hint.

    Args:
        entry: ``"package.module:function"``; the module is imported in the child only.
        arguments: What the function gets, as JSON; paths go as text.
        spool: A file that does not exist yet, in an existing folder; made readable for this user alone. It is left
            with whatever was written when the child fails; removing it is the caller's.
        memory_mb: Limit on the child's address space (not enforced on Windows).
        seconds: Limit on wall-clock and on processor time.
        cancelled: Asked about twenty times a second; when it answers true the child is killed.
        meanwhile: Called again and again while the child works, to look at what it has written so far; answers whether
            there was anything to do. It should come back within a twentieth of a second, and what it raises ends the
            child too.

    Raises:
        ChildFailure: Out of memory, out of time, or crashed (also by a bug in the function: see ``detail``).
        Cancelled: ``cancelled`` answered true.
        SurroundingsError: ``disk_full``: no room for the spool.
        GengdiError: What the function itself raised.
    """
    request = {
        "entry": entry,
        "arguments": dict(arguments),
        "spool": str(spool.absolute()),
        "memory_mb": memory_mb,
        "seconds": seconds,
    }
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            env=_environment(),
            start_new_session=True,
        )
        try:
            _send(process, json.dumps(request).encode())
            in_time = _wait(process, seconds, cancelled, meanwhile)
        finally:
            _kill(process)
        detail = _last_bytes(complaints)
    _judge(process.returncode, in_time=in_time, detail=detail, spool=spool)


def read_spool(spool: Path) -> Iterator[Any]:
    """Yield the values of a spool file one by one, in the order in which they were written."""
    with spool.open(encoding="utf-8", errors="surrogatepass", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def serve() -> int:
    """Be the child: do the request that stands on standard input. Only ``main`` calls this.

    Returns:
        The exit code by which the parent knows how it went.
    """
    request = json.loads(sys.stdin.buffer.read())
    _limit(request["memory_mb"], request["seconds"])
    spool = Path(request["spool"])
    try:
        _work(request["entry"], request["arguments"], spool)
    except GengdiError as error:
        family = next(name for name, kind in _FAMILIES.items() if isinstance(error, kind))
        said = {"family": family, "code": error.code, "message": error.message, "hint": error.hint}
        _told_path(spool).write_text(json.dumps(said), encoding="utf-8")
        return _TOLD_EXIT
    except MemoryError:
        return _MEMORY_EXIT
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return _FULL_EXIT
        if error.errno == errno.EFBIG:
            return _MEMORY_EXIT
        raise
    return _CALM_EXIT


def _work(entry: str, arguments: dict[str, JsonValue], spool: Path) -> None:
    module, _, function = entry.partition(":")
    descriptor = os.open(spool, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb", _MEGABYTE) as lines:

        def write(value: Any) -> None:
            try:
                lines.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
            except orjson.JSONEncodeError:
                # A damaged file may hold half a character; it must arrive as it is, to be refused with its address.
                text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
                lines.write(f"{text}\n".encode(errors="surrogatepass"))

        getattr(importlib.import_module(module), function)(arguments, write)


def _limit(memory_mb: int, seconds: float) -> None:
    """Set the limits from inside: a hook between fork and exec can deadlock where the parent has threads."""
    if sys.platform == "win32":
        return
    import resource  # does not exist on Windows

    whole = int(seconds) + 1
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory_mb * _MEGABYTE),
        (resource.RLIMIT_CPU, whole),
        (resource.RLIMIT_FSIZE, SPOOL_LIMIT_MB * _MEGABYTE),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, hard))
    # Should the parent die, nobody counts the wall clock any more; the default of this signal ends the process.
    signal.alarm(whole + _SPARE_SECONDS)


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_ARGUMENT]
    # -P keeps the folder the clerk happens to stand in out of the module search.
    return [sys.executable, "-P", "-X", "utf8", "-m", "gengdi_desktop", CHILD_ARGUMENT]


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    if not getattr(sys, "frozen", False):
        source = str(Path(__file__).resolve().parents[2])
        paths = [source, *filter(None, [environment.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment


def _send(process: subprocess.Popen[bytes], request: bytes) -> None:
    # A child that died at once is told by its exit code, not by the pipe it left behind.
    with contextlib.suppress(BrokenPipeError):
        pipe = process.stdin
        if pipe is not None:
            pipe.write(request)
            pipe.close()


def _wait(
    process: subprocess.Popen[bytes],
    seconds: float,
    cancelled: Callable[[], bool] | None,
    meanwhile: Callable[[], bool] | None,
) -> bool:
    """Wait for the end; answers whether it came in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        busy = meanwhile is not None and meanwhile()
        try:
            process.wait(timeout=0 if busy else _POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if cancelled is not None and cancelled():
                raise Cancelled from None
        else:
            return True
    return False


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def _last_bytes(complaints: IO[bytes]) -> str:
    size = complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, size - _DETAIL_BYTES))
    return complaints.read().decode(errors="replace")


def _told_path(spool: Path) -> Path:
    return spool.with_name(spool.name + ".told")


def _judge(code: int, *, in_time: bool, detail: str, spool: Path) -> None:
    """Raise what the end of the child means; return when it went well."""
    if code == _CALM_EXIT:
        return
    if code == _FULL_EXIT:
        raise told(OSError(errno.ENOSPC, "no room for the spool"), spool.parent)
    answer = _told_path(spool)
    if code == _TOLD_EXIT and answer.exists():
        said = json.loads(answer.read_text(encoding="utf-8"))
        answer.unlink()
        raise _FAMILIES[said["family"]](said["code"], said["message"], said["hint"])
    end = _end(code, in_time=in_time, detail=detail)
    _log.info("child process ended with %s: %s\n%s", code, end, detail)
    raise ChildFailure(end, f"exit {code}\n{detail}")


def _end(code: int, *, in_time: bool, detail: str) -> ChildEnd:
    if not in_time or (sys.platform != "win32" and code in {-signal.SIGXCPU, -signal.SIGALRM}):
        return ChildEnd.TIME
    # Readers written in other languages abort where Python raises; the allocator says why on standard error.
    if code == _MEMORY_EXIT or "memory allocation" in detail or "MemoryError" in detail:
        return ChildEnd.MEMORY
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return ChildEnd.MEMORY
    return ChildEnd.CRASH
