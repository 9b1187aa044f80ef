"""States in which a folder may be found after the power went, made from a log of the fault library.

What a file held at its last sync is there. Of what was written to it since then, each sector of 512 bytes may have
reached the disk or not. Names (renaming, removing, cutting short) are taken to last in the order of their making.
"""

from __future__ import annotations

import random
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
_HEAD = struct.Struct("<cHqI")
_CHANCES = (0.0, 0.5, 0.9, 1.0)


@dataclass(frozen=True)
class Call:
    """One call that changed something: write, sync, truncate, unlink or rename (``W S T U R``)."""

    kind: str
    path: str
    offset: int
    body: bytes


def read_log(log: Path) -> list[Call]:
    """All calls of a log, in their order."""
    data = log.read_bytes()
    calls = []
    at = 0
    while at < len(data):
        kind, path_length, offset, body_length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        path = data[at : at + path_length].decode()
        at += path_length
        calls.append(Call(kind.decode(), path, offset, data[at : at + body_length]))
        at += body_length
    return calls


def after_power_cuts(
    calls: list[Call], before: Path, watched: Path, scratch: Path, *, count: int, seed: int = 7
) -> Iterator[tuple[int, Path]]:
    """Make ``count`` states of the folder ``watched``, which was a copy of ``before`` when the log began.

    Yields:
        How many calls had been made when the power went, and the folder as it would be found. It vanishes afterwards.
    """
    rng = random.Random(seed)
    old = {str(watched / path.relative_to(before)): path.read_bytes() for path in before.rglob("*") if path.is_file()}
    for number in range(count):
        # The last moment is taken each third time: there everything was said to be done.
        cut = len(calls) if number % 3 == 0 else rng.randrange(len(calls) + 1)
        found = scratch / f"cut-{number}"
        shutil.copytree(before, found, ignore=lambda folder, names: [n for n in names if (Path(folder) / n).is_file()])
        for path, content in _state(old, calls[:cut], rng.choice(_CHANCES), rng).items():
            target = found / Path(path).relative_to(watched)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield cut, found
        shutil.rmtree(found)


def _state(old: dict[str, bytes], calls: list[Call], chance: float, rng: random.Random) -> dict[str, bytearray]:
    files = {path: bytearray(content) for path, content in old.items()}
    synced = {call.path: place for place, call in enumerate(calls) if call.kind == "S"}
    for place, call in enumerate(calls):
        if call.kind == "W":
            lasting = place < synced.get(call.path, -1)
            for start in range(0, len(call.body), SECTOR):
                if lasting or rng.random() < chance:
                    _write(files, call.path, call.offset + start, call.body[start : start + SECTOR])
        elif call.kind == "T":
            _cut_short(files.setdefault(call.path, bytearray()), call.offset)
        elif call.kind == "U":
            files.pop(call.path, None)
        elif call.kind == "R" and call.path in files:
            files[call.body.decode()] = files.pop(call.path)
    return files


def _write(files: dict[str, bytearray], path: str, offset: int, body: bytes) -> None:
    content = files.setdefault(path, bytearray())
    content.extend(bytes(max(0, offset + len(body) - len(content))))
    content[offset : offset + len(body)] = body


def _cut_short(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
