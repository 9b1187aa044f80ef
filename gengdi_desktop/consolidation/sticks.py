"""The packages of a folder or stick, found without changing anything there, in the order in which they are taken in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gengdi_desktop.errors import GengdiError, SurroundingsError
from gengdi_desktop.exchange.examine import open_package
from gengdi_desktop.exchange.manifest import Heading, PackageKind
from gengdi_desktop.exchange.writing import SUFFIX
from gengdi_desktop.system.files import opened, telling

DEEPEST: Final = 8
"""So many folders below the one that was named are looked into."""
MOST_SEEN: Final = 100_000
"""So many files and folders are looked at: a whole disk was named where a stick was meant."""
MOST_PACKAGES: Final = 1_000
_NOT_OURS: Final = frozenset({"$recycle.bin", "system volume information", "lost+found"})
_ORDER: Final = {kind: place for place, kind in enumerate(PackageKind)}


@dataclass(frozen=True, slots=True)
class Found:
    """What lies on a stick.

    Attributes:
        packages: Files that are named as packages are, and files that were named themselves, each once.
        unread: Folders that could not be looked into, with why.
        cut: Whether there is more than is looked at.
    """

    packages: tuple[Path, ...]
    unread: tuple[tuple[Path, str], ...]
    cut: bool


def find(places: Sequence[Path]) -> Found:
    """The packages in folders, however deep, and the files that are named themselves; links are not followed.

    Raises:
        SurroundingsError: ``not_found``: a place is not there, as when the stick was pulled out.
    """
    packages: dict[Path, None] = {}
    unread: list[tuple[Path, str]] = []
    seen, cut = 0, False
    for place in places:
        with telling(place):
            is_folder, there = place.is_dir(), place.exists()
        if not there:
            raise SurroundingsError("not_found", f"找不到“{place}”，没有收包。", "请核对位置；在U盘上的先插好盘。")
        for path in _below(place, unread) if is_folder else (place,):
            seen += 1
            if seen > MOST_SEEN or len(packages) >= MOST_PACKAGES:
                cut = True
                break
            if path is place or path.suffix.lower() == SUFFIX:
                packages.setdefault(path)
    return Found(tuple(packages), tuple(unread), cut)


def _below(folder: Path, unread: list[tuple[Path, str]]) -> Iterator[Path]:
    """Files below a folder, names in order; what cannot be looked into is noted."""
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        try:
            with os.scandir(here) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
            folders = [entry for entry in inside if entry.is_dir(follow_symlinks=False)]
            files = [entry for entry in inside if entry.is_file(follow_symlinks=False)]
        except OSError as error:
            unread.append((here, error.strerror or type(error).__name__))
            continue
        if depth < DEEPEST:
            usual = (entry for entry in folders if entry.name.lower() not in _NOT_OURS)
            waiting += [(Path(entry.path), depth + 1) for entry in reversed(list(usual))]
        elif folders:
            unread.append((here, "文件夹套得太深"))
        yield from (Path(entry.path) for entry in files)


def heading_of(path: Path) -> Heading | None:
    """What a package says of itself, not believed and good for sorting only; None where that cannot be read."""
    try:
        with opened(path) as stream:
            return open_package(stream, os.fstat(stream.fileno()).st_size).manifest.heading
    except GengdiError:
        return None


def in_order(found: Iterable[tuple[Path, Heading | None]]) -> list[tuple[Path, Heading | None]]:
    """The order of taking in: kind by kind, of each sender the newest first, so that older ones are told at once.

    In the end all orders leave the same state; this one does the least.
    """

    def key(one: tuple[Path, Heading | None]) -> tuple[int, str, int, str]:
        path, heading = one
        if heading is None:
            return len(_ORDER), "", 0, str(path)
        return _ORDER[heading.kind], heading.sender.ledger or "", -heading.number, str(path)

    return sorted(found, key=key)
