"""Works that the fault tests stop half-way; each function returns the work, a function of a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.system.files import write_whole


def careful(text: str) -> Callable[[Path], None]:
    """Write a file as the program does."""

    def work(folder: Path) -> None:
        write_whole(folder / "report.txt", text.encode())

    return work


def careless(text: str) -> Callable[[Path], None]:
    """Write a file as the program must not: the harness has to see the damage."""

    def work(folder: Path) -> None:
        with (folder / "report.txt").open("wb", buffering=0) as stream:
            half = len(text) // 2
            stream.write(text[:half].encode())
            stream.write(text[half:].encode())

    return work
