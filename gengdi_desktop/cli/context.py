"""What every command is given: its values, where it answers, the window it may ask for, and open ledgers."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gengdi_desktop.cli.arguments import UsageError
from gengdi_desktop.cli.output import Output
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.clock import Clock, SystemClock
from gengdi_desktop.system.files import opened, telling

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

_LONGEST_SECRET = 4096


class Desktop(Protocol):
    """What the composition root lends to commands that end at a window."""

    def available(self) -> bool:
        """Whether there is a display to open a window on."""

    def show(self, ledger: Path | None) -> int:
        """Opens the window on a ledger and returns its exit code when it closes."""

    def paint(self, ledger: Path, picture: Path) -> None:
        """Paints the window of a ledger off the screen and writes it as PNG; for the self-test."""


@dataclass(frozen=True, slots=True)
class Context:
    """One run of one command.

    Args:
        values: What the command line said.
        out: Where the answer goes.
        desktop: The window, lent by the composition root; ``None`` where there is none to lend.
        clock: Who tells the time.
    """

    values: Namespace
    out: Output
    desktop: Desktop | None = None
    clock: Clock = SystemClock()  # noqa: RUF009  (it has no state)

    @contextmanager
    def reading(self, *, keeping: bool = False) -> Iterator[Ledger]:
        """The ledger of the command line, for reading; what its opening noticed is told.

        Args:
            keeping: Answers that are kept beside the journal may be brought up, where nobody else holds the ledger.
        """
        with self._open(write=keeping, as_possible=keeping) as ledger:
            yield ledger

    @contextmanager
    def writing(self) -> Iterator[tuple[Ledger, Actor]]:
        """The ledger of the command line, for writing, and who acts (``--as``)."""
        from gengdi_desktop.ledger import service

        with self._open(write=True) as ledger:
            yield ledger, service.actor(ledger, self.values.by)

    def passphrase(self, *, new: bool = False) -> str:
        """The passphrase of a signing identity: the first line of ``--passphrase-file``, else asked at a terminal.

        Raises:
            UsageError: There is neither a file nor a terminal, or a new passphrase was typed in two ways.
        """
        path: Path | None = self.values.passphrase_file
        if path is not None:
            with opened(path) as stream:
                first = stream.read(_LONGEST_SECRET).decode("utf-8-sig", errors="replace").splitlines()
            return first[0] if first else ""
        if not sys.stdin.isatty():
            told = "签名身份要口令，这里没有地方输入。请用 --passphrase-file 写明口令文件。"
            raise UsageError(told, self.out.command)
        typed = getpass.getpass("签名口令：", stream=sys.stderr)
        if new and getpass.getpass("再输一次：", stream=sys.stderr) != typed:
            raise UsageError("两次输入的口令不一样，没有建立身份。", self.out.command)
        return typed

    def confirm(self, question: str) -> bool:
        """Asks at a terminal; a script has said what it wants by its command line."""
        if not sys.stdin.isatty():
            return True
        self.out.note(question + " 输入“是”继续：")
        return sys.stdin.readline().strip() in {"是", "y", "Y", "yes"}

    @contextmanager
    def _open(self, *, write: bool, as_possible: bool = False) -> Iterator[Ledger]:
        from gengdi_desktop.ledger import service

        said: Path = self.values.ledger
        with telling(said):
            there = said.exists()
        if not there:
            hint = "请核对位置；在U盘上的先插好盘。还没有台账的，用 gengdi new 新建。"
            raise SurroundingsError("not_found", f"找不到台账“{said}”。", hint)
        if as_possible:
            opened_ledger = service.open_as_possible(said, self.clock)
        else:
            opened_ledger = service.open_ledger(said, self.clock, write=write)
        with opened_ledger as ledger:
            for notice in ledger.notices:
                self.out.note(notice)
            yield ledger
