"""One writer for one ledger: a lock that the system itself frees after a crash, and a note that says who holds it."""

from __future__ import annotations

import contextlib
import errno
import getpass
import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.system.files import telling, told

LOCK_NAME = ".gengdi.lock"
HOLDER_NAME = ".gengdi.holder"
# Whoever merely asks who holds the lock has it for a moment; a writer that comes just then waits that long.
_PATIENCE_SECONDS = 0.5


@dataclass(frozen=True)
class Holder:
    """Who has a ledger open for writing.

    Attributes:
        user: Name of the account on that computer.
        computer: Name of the computer.
        process: Process number there.
        since: When it was opened, aware, in UTC.
    """

    user: str
    computer: str
    process: int
    since: datetime

    @property
    def is_this_user(self) -> bool:
        """Whether it is this user's own program on this computer, whose window can come to the front."""
        return (self.user, self.computer) == (_user(), platform.node())


class LedgerLockedError(SurroundingsError):
    """Another program writes to this ledger.

    Attributes:
        holder: Who, as far as it could be read.
    """

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(
            "locked", f"台账已经打开在{_named(holder)}，这里只能查看，没有写入。", "请在那边关闭台账后重试。"
        )
        self.holder = holder


class LedgerLock:
    """The right to write to one ledger; kept until :meth:`release` or the end of the process.

    It belongs to the process that took it: a forked copy must not go on using it.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Prepare, without taking the lock.

        Args:
            folder: The ledger's folder, which must exist.
            clock: Tells the time that the holder's note carries.
        """
        self._note = folder / HOLDER_NAME
        self._path = folder / LOCK_NAME
        self._clock = clock
        self._lock = FileLock(self._path, thread_local=False)

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._lock.is_locked

    def acquire(self) -> None:
        """Take the lock or say who has it.

        Raises:
            LedgerLockedError: Somebody else has it.
            SurroundingsError: The folder cannot be written to, or its disk knows no locks.
        """
        if not self._path.parent.is_dir():
            # The library would make the folder, and with it a ledger of nothing.
            raise told(FileNotFoundError(errno.ENOENT, "no folder"), self._path.parent)
        try:
            self._lock.acquire(timeout=_PATIENCE_SECONDS, poll_interval=0.05)
        except Timeout:
            raise LedgerLockedError(self._noted()) from None
        except NotImplementedError:
            raise SurroundingsError(
                "no_locks", "这个位置不支持加锁，不能在这里登记台账，没有写入。", "请把台账放到本机磁盘上。"
            ) from None
        except OSError as error:
            raise told(error, self._path.parent) from error
        try:
            self._write_note()
        except BaseException:
            self._lock.release()
            raise

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        if not self.held:
            return
        with contextlib.suppress(OSError):
            self._note.unlink()
        self._lock.release()

    def holder(self) -> Holder | None:
        """Who holds the lock now: None when nobody does, also where a crash left the note behind."""
        if self.held:
            return self._noted()
        if not self._path.exists():
            return None
        probe = FileLock(self._path, thread_local=False)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return self._noted() or Holder("", "", 0, self._clock.now())
        except (OSError, NotImplementedError):
            # A ledger on a read-only disk: nobody can hold its lock.
            return None
        probe.release()
        return None

    def _write_note(self) -> None:
        holder = Holder(_user(), platform.node(), os.getpid(), self._clock.now())
        text = json.dumps(asdict(holder) | {"since": holder.since.isoformat()}, ensure_ascii=False)
        # No sync: after a power cut the lock is free whatever the note says.
        with telling(self._note):
            self._note.write_text(text, encoding="utf-8")

    def _noted(self) -> Holder | None:
        try:
            said = json.loads(self._note.read_text(encoding="utf-8"))
            return Holder(
                str(said["user"]), str(said["computer"]), int(said["process"]), datetime.fromisoformat(said["since"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _named(holder: Holder | None) -> str:
    if holder is None or not holder.computer:
        return "另一个窗口或另一台电脑上"
    if holder.is_this_user:
        return f"本机的另一个窗口里（{holder.since.astimezone():%m月%d日 %H:%M} 起）"
    return f"“{holder.computer}”上（{holder.user}，{holder.since.astimezone():%m月%d日 %H:%M} 起）"
