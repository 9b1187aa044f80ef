"""Outlines on their way from the child to the ledger: records in a file, streamed, never all in memory."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_HEAD = struct.Struct("<IIqqqqqI")


class OutlineRecord(NamedTuple):
    """The outline of one feature.

    Args:
        sheet: Position of its layer.
        row: Its row there.
        area: Ellipsoidal, in 10⁻⁶ mu; for comparing only.
        west: Of its box, in 10⁻⁹ degree, like the others.
        wkb: Well-known bytes in CGCS2000 degrees.
    """

    sheet: int
    row: int
    area: int
    west: int
    south: int
    east: int
    north: int
    wkb: bytes

    @property
    def box(self) -> tuple[int, int, int, int]:
        """West, south, east, north."""
        return self.west, self.south, self.east, self.north


def packed(sheet: int, row: int, area: int, box: Sequence[int], wkb: bytes) -> bytes:
    """One record."""
    west, south, east, north = box
    return _HEAD.pack(sheet, row, area, west, south, east, north, len(wkb)) + wkb


def records(path: Path) -> Iterator[OutlineRecord]:
    """All records of a file, in the order of its layers and rows."""
    with path.open("rb") as file:
        while head := file.read(_HEAD.size):
            sheet, row, area, west, south, east, north, length = _HEAD.unpack(head)
            yield OutlineRecord(sheet, row, area, west, south, east, north, file.read(length))
