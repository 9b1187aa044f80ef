"""The content of a member, streamed out of the zip and checked against the manifest as it goes by."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from typing import IO, Final

from gengdi_desktop.exchange.container import DEFLATED, Entry
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import Member

CHUNK: Final = 1024 * 1024
RAW_DEFLATE: Final = -zlib.MAX_WBITS


def packed_bytes(stream: IO[bytes], entry: Entry) -> Iterator[bytes]:
    """The bytes of a member as they stand in the zip, in pieces."""
    stream.seek(entry.offset)
    left = entry.packed_size
    while left and (piece := stream.read(min(left, CHUNK))):
        left -= len(piece)
        yield piece


def checked_content(stream: IO[bytes], entry: Entry, member: Member) -> Iterator[bytes]:
    """The content of a member in pieces of at most :data:`CHUNK` bytes.

    What was yielded may be believed only when the iteration has come to its end: then size, checksum and both hashes
    are as the manifest says.

    Raises:
        PackageFault: ``member_changed``: they are not.
    """
    packed, content = hashlib.sha256(), hashlib.sha256()
    crc = size = 0
    pieces = _hashed(packed_bytes(stream, entry), packed)
    try:
        for piece in _inflated(pieces, member.size) if entry.method == DEFLATED else pieces:
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            content.update(piece)
            yield piece
    except zlib.error as error:
        raise changed(member.name) from error
    found = (size, crc, content.hexdigest(), packed.hexdigest())
    if found != (member.size, entry.crc, member.sha256, member.packed_sha256):
        raise changed(member.name)


def changed(name: str) -> PackageFault:
    """A member is not the one that was packed."""
    return PackageFault("member_changed", f"包里的“{name}”被改动过，或者拷坏了。", "请重新拷贝，或请对方重新打包。")


def _hashed(pieces: Iterator[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _inflated(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Unpack; stops with an error as soon as there is one byte more than there should be."""
    unpacker = zlib.decompressobj(RAW_DEFLATE)
    size = 0
    for piece in pieces:
        waiting = piece
        while waiting and not unpacker.eof:
            out = unpacker.decompress(waiting, CHUNK)
            waiting = unpacker.unconsumed_tail
            size += len(out)
            if size > most:
                raise zlib.error("longer than stated")
            yield out
        if unpacker.eof and (unpacker.unused_data or waiting):
            raise zlib.error("bytes behind the end")
    rest = unpacker.flush()
    if rest:
        yield rest
    if not unpacker.eof:
        raise zlib.error("no end")
