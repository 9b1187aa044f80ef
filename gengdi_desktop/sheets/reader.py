"""The door to foreign tables: reads a file in a child process with limits and hands back sheets to stream."""

from __future__ import annotations

import contextlib
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.sheets.cells import ForeignSheet, ForeignWorkbook, Merge
from gengdi_desktop.sheets.following import Follower, Following
from gengdi_desktop.sheets.formats import TableFormat, misnamed
from gengdi_desktop.sheets.refusals import refusal
from gengdi_desktop.system.child import JsonValue, run_child
from gengdi_desktop.system.paths import cache_folder

_ENTRY = "gengdi_desktop.sheets.child:read"
_MEGABYTE = 1024 * 1024
_SUFFIX = ".rows"
_OLD_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What reading a foreign file may cost.

    Args:
        memory_mb: Address space of the child.
        seconds: Wall-clock and processor time of the child.
        file_mb: Size of the file itself.
        unpacked_mb: Size of each part of a packed file, counted while unpacking.
        cells: Cells of all sheets together.
    """

    memory_mb: int = 1536
    seconds: float = 180
    file_mb: int = 256
    unpacked_mb: int = 1024
    cells: int = 30_000_000


@dataclass(frozen=True, slots=True)
class OtherReader:
    """Who reads a file that holds rows and is no table.

    Args:
        entry: The function of the child; it spools rows as :mod:`gengdi_desktop.sheets.child` does.
        arguments: What it gets besides the path and the limits.
        digest: The hash of the bytes that are read, in hex.
    """

    entry: str
    arguments: Mapping[str, JsonValue]
    digest: str


DEFAULT_LIMITS = ReadLimits()
"""Enough for half a million rows of a national list; far under what an office computer has."""


def read_workbook(
    path: Path,
    *,
    limits: ReadLimits = DEFAULT_LIMITS,
    cancelled: Callable[[], bool] | None = None,
    folder: Path | None = None,
    other: OtherReader | None = None,
    follower: Follower | None = None,
) -> ForeignWorkbook:
    """Read a foreign table by its content, whatever its ending says: xlsx, xls, et, ods, csv, a web page.

    The file is not written to and not held open. Use the result as a context: leaving it removes the spool.

    Args:
        path: The file.
        limits: What it may cost.
        cancelled: Asked while the child works; when it answers true the child is stopped.
        folder: Where the spool goes; the folder for passing files of this computer where none is given.
        other: Who reads the file instead, where it is known to be no table.
        follower: Who looks at the rows while they are read; what it raises ends the reading.

    Raises:
        SurroundingsError: One Chinese sentence for each reason: empty, cut off, damaged, locked, no table, too large.
        ChildFailure: The reader ran out of memory or time, or crashed.
        Cancelled: ``cancelled`` answered true.
    """
    digest = _digest(path, limits) if other is None else other.digest
    home = folder or passing_folder()
    spool = home / f"{uuid.uuid4().hex}{_SUFFIX}"
    try:
        with _followed(spool, follower) as look:
            run_child(
                _ENTRY if other is None else other.entry,
                {
                    "path": str(path.absolute()),
                    "cells": limits.cells,
                    "unpacked_bytes": limits.unpacked_mb * _MEGABYTE,
                    **({} if other is None else other.arguments),
                },
                spool=spool,
                memory_mb=limits.memory_mb,
                seconds=limits.seconds,
                cancelled=cancelled,
                meanwhile=look,
            )
        return _workbook(path, digest, spool)
    except BaseException:
        spool.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _followed(spool: Path, follower: Follower | None) -> Iterator[Callable[[], bool] | None]:
    """What lets a follower look at the spool; nobody's where there is none."""
    if follower is None:
        yield None
        return
    with contextlib.closing(Following(spool, follower)) as following:
        yield following.look


def passing_folder() -> Path:
    """The folder for passing rows of this computer, rid of what a program that was killed has left there."""
    folder = cache_folder() / "tables"
    folder.mkdir(mode=0o700, exist_ok=True)
    newest = folder / "newest"
    newest.touch()
    for left in folder.glob(f"*{_SUFFIX}*"):
        with contextlib.suppress(OSError):  # another window may be reading or removing it
            if newest.stat().st_mtime - left.stat().st_mtime > _OLD_SECONDS:
                left.unlink()
    return folder


def _digest(path: Path, limits: ReadLimits) -> str:
    """The hash of the file; refuses what need not be given to a child at all."""
    try:
        if path.is_dir():
            raise refusal("not_a_file")
        size = path.stat().st_size
        if size == 0:
            raise refusal("file_empty")
        if size > limits.file_mb * _MEGABYTE:
            raise refusal("file_too_large")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise refusal("file_missing") from None
    except OSError:
        raise refusal("file_unreadable") from None


def _workbook(path: Path, digest: str, spool: Path) -> ForeignWorkbook:
    sheets: list[ForeignSheet] = []
    found: TableFormat | None = None
    offset = position = 0
    with spool.open("rb") as lines:
        for line in lines:
            position += len(line)
            if line.startswith(b"{"):
                told = json.loads(line)
                if "format" in told:
                    found = TableFormat(told["format"])
                elif "forgotten" not in told:
                    sheets.append(_sheet(told, len(sheets), spool, offset))
                offset = position
    if found is None:
        message = "the reader ended without naming the format"
        raise SurroundingsError("file_damaged", refusal("file_damaged").message, message)
    return ForeignWorkbook(path, found, misnamed(path, found), digest, tuple(sheets), spool)


def _sheet(told: dict[str, Any], position: int, spool: Path, offset: int) -> ForeignSheet:
    return ForeignSheet(
        name=told["name"],
        position=position,
        hidden=told["hidden"],
        row_count=told["rows"],
        column_count=told["columns"],
        hidden_rows=told["hidden_rows"],
        hidden_columns=frozenset(told["hidden_columns"]),
        merges=tuple(Merge(*block) for block in told["merges"]),
        blanks_certain=told["blanks_certain"],
        spool=spool,
        offset=offset,
    )
