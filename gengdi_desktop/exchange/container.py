"""The zip around the members of a package: its bytes are a function of names, sizes and checksums, and nothing else.

A zip says most things twice and has room for remarks, times and gaps that no checksum covers. Here each header is
built from the few facts that vary, by the writer to write it and by the reader to compare it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Final

from gengdi_desktop.exchange.faults import PackageFault

STORED: Final = 0
DEFLATED: Final = 8
LARGEST: Final = 2**32 - 1
"""Bytes of the largest package: what FAT32 holds in one file, and what a zip counts without extensions."""

MOST_ENTRIES: Final = 60_000
LONGEST_NAME: Final = 120
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
_DAY = 0x21
"""1 January 1980, the first day that a zip can name: times are in the manifest."""

_AGAIN = "请重新拷贝，或请对方重新打包。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as the zip knows it.

    Attributes:
        name: ASCII.
        method: :data:`STORED` or :data:`DEFLATED`.
        crc: CRC-32 of the content.
        packed_size: Bytes in the zip.
        size: Bytes of the content.
        offset: Where the packed bytes begin.
    """

    name: str
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int


def local_header(name: str, method: int, crc: int, packed_size: int, size: int) -> bytes:
    """What stands before the packed bytes of a member."""
    letters = name.encode("ascii")
    return _LOCAL.pack(b"PK\3\4", _VERSION, 0, method, 0, _DAY, crc, packed_size, size, len(letters), 0) + letters


def ending(entries: Sequence[Entry]) -> bytes:
    """What stands behind the last member: the central directory and its end."""
    directory = bytearray()
    for one in entries:
        letters = one.name.encode("ascii")
        place = one.offset - _LOCAL.size - len(letters)
        directory += _CENTRAL.pack(
            b"PK\1\2", _VERSION, _VERSION, 0, one.method, 0, _DAY, one.crc, one.packed_size, one.size,
            len(letters), 0, 0, 0, 0, 0, place,
        )  # fmt: skip
        directory += letters
    begins = entries[-1].offset + entries[-1].packed_size if entries else 0
    return bytes(directory) + _END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), begins, 0)


def walk(stream: IO[bytes], length: int) -> tuple[Entry, ...]:
    """The members of a zip, from its first byte to its last, when it is built exactly as ours are.

    Args:
        stream: Readable and seekable.
        length: Of the whole file, in bytes.

    Raises:
        PackageFault: ``package_incomplete``, ``package_altered``, ``too_many_members``, ``package_too_large``.
    """
    if length > LARGEST:
        raise PackageFault("package_too_large", "这个包超过 4 GB，不是本软件写的包。", _AGAIN)
    entries: list[Entry] = []
    place = 0
    while (head := _read(stream, place, _LOCAL.size)).startswith(b"PK\3\4"):
        if len(entries) == MOST_ENTRIES:
            raise PackageFault("too_many_members", f"包里的文件超过 {MOST_ENTRIES} 个，不合常理。", _AGAIN)
        entry = _entry(stream, head, place, length)
        entries.append(entry)
        place = entry.offset + entry.packed_size
    if len(head) < len(b"PK\3\4"):
        raise incomplete()
    expected = ending(entries)
    tail = _read(stream, place, len(expected) + 1)
    if tail != expected:
        raise incomplete() if expected.startswith(tail) else altered()
    return tuple(entries)


def _entry(stream: IO[bytes], head: bytes, place: int, length: int) -> Entry:
    if len(head) < _LOCAL.size:
        raise incomplete()
    *_, method, _, _, crc, packed_size, size, name_length, _ = _LOCAL.unpack(head)
    if name_length > LONGEST_NAME or method not in {STORED, DEFLATED}:
        raise altered()
    letters = _read(stream, place + _LOCAL.size, name_length)
    offset = place + _LOCAL.size + name_length
    if len(letters) < name_length or offset + packed_size > length:
        raise incomplete()
    if not letters.isascii():
        raise altered()
    name = letters.decode("ascii")
    if head + letters != local_header(name, method, crc, packed_size, size):
        raise altered()
    if method == STORED and packed_size != size:
        raise altered()
    return Entry(name, method, crc, packed_size, size, offset)


def incomplete() -> PackageFault:
    """The file ends before it should."""
    return PackageFault("package_incomplete", "这个包不完整（缺结尾）。", "请重新拷贝，拷完再拔盘。")


def altered() -> PackageFault:
    """The zip holds what none of ours holds, or says one thing here and another there."""
    return PackageFault("package_altered", "这个包的结构被动过，或者不是本软件写的。", _AGAIN)


def _read(stream: IO[bytes], place: int, count: int) -> bytes:
    stream.seek(place)
    return stream.read(count)
