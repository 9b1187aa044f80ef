"""Keep what a crash leaves, Python's or the machine's, so that the next start can show it."""

from __future__ import annotations

import contextlib
import faulthandler
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from gengdi_desktop import __version__
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.system.logs import masked

NATIVE_NAME = "native_crash.log"
PYTHON_NAME = "crash.log"
_LONGEST = 20_000


@dataclass(frozen=True)
class CrashReport:
    """What is known of a crash.

    Attributes:
        text: English, masked (no names, numbers or places of anybody), fit to be photographed or sent.
        path: The file it stands in.
    """

    text: str
    path: Path


class CrashLog:
    """Catches what nobody else caught; one for a process, made before Qt is imported."""

    def __init__(self, folder: Path, clock: Clock, shown: Callable[[CrashReport], None] | None = None) -> None:
        """Prepare, without changing anything yet.

        Args:
            folder: Where the reports are kept.
            clock: Tells when it happened.
            shown: Called with the report of a crash that the process survives; the window shows it.
        """
        self._folder = folder
        self._clock = clock
        self._native: IO[str] | None = None
        self.shown = shown

    def last(self) -> CrashReport | None:
        """What an earlier run left, the machine's own crash first. Ask before :meth:`install`."""
        for name in (NATIVE_NAME, PYTHON_NAME):
            path = self._folder / name
            with contextlib.suppress(OSError):
                text = path.read_text(encoding="utf-8", errors="replace").strip()
                if text:
                    return CrashReport(masked(text)[-_LONGEST:], path)
        return None

    def forget(self) -> None:
        """Remove what an earlier run left; the person has seen it."""
        for name in (NATIVE_NAME, PYTHON_NAME):
            with contextlib.suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)

    def install(self) -> None:
        """Take over the hooks for exceptions that nobody caught, in all threads, and for crashes of the machine."""
        self._native = (self._folder / NATIVE_NAME).open("w", encoding="utf-8")
        faulthandler.enable(self._native, all_threads=True)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def uninstall(self) -> None:
        """Give the hooks back."""
        faulthandler.disable()
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        if self._native is not None:
            self._native.close()
            self._native = None

    def report(self, error: BaseException) -> CrashReport:
        """Write down an exception that is our own mistake, and return what was written."""
        head = f"{self._clock.now().isoformat()} gengdi {__version__} Python {platform.python_version()} "
        system = f"{platform.system()} {platform.release()}\n"
        text = masked(head + system + "".join(traceback.format_exception(error))).strip()[-_LONGEST:]
        path = self._folder / PYTHON_NAME
        # A disk that is full must not hide the crash itself.
        with contextlib.suppress(OSError):
            path.write_text(text, encoding="utf-8")
        return CrashReport(text, path)

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        report = self.report(error)
        if self.shown is not None:
            self.shown(report)

    def _uncaught_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
