"""JPEG and PNG up to their pixels: size, EXIF and what is needed to judge them, told before anything is decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

JPEG, PNG = "image/jpeg", "image/png"

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_TABLES, _SCAN = 0xDB, 0xDA
_ICC: Final = b"ICC_PROFILE\x00"
_EXIF: Final = b"Exif\x00"
_LUMINANCE_SUM = 3688
"""The sum of the standard's luminance table, from which the quality of a re-encoded picture is told."""
_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


class BrokenPictureError(ValueError):
    """The bytes end too early or make no sense; ``cut_off`` says which."""

    def __init__(self, *, cut_off: bool) -> None:
        super().__init__("cut off" if cut_off else "broken")
        self.cut_off = cut_off


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the pixels.

    Attributes:
        media_type: ``image/jpeg`` or ``image/png``.
        width: As stored, before turning.
        height: As stored.
        exif: The EXIF bytes; empty where there are none.
        quality: The quality of a JPEG in percent, estimated; 0 for a PNG.
        progressive: Whether a JPEG comes in many passes, all of which stand in memory.
        scans: How many passes, at most; a trap has thousands.
        picture: The same picture without any foreign remarks: all that a decoder gets to see.
    """

    media_type: str
    width: int
    height: int
    exif: bytes
    quality: int
    progressive: bool
    scans: int
    picture: bytes


def read_header(data: bytes, media_type: str) -> Header:
    """The header of a JPEG or PNG.

    Raises:
        BrokenPictureError: It is cut off, or its parts make no sense.
    """
    return _jpeg(data) if media_type == JPEG else _png(data)


def _jpeg(data: bytes) -> Header:
    size, exif, quality, progressive = (0, 0), b"", 0, False
    kept: list[bytes] = [data[:2]]
    for marker, start, end in _segments(data):
        body = data[start:end]
        if marker == _SCAN:
            kept.append(data[start - 4 :])
            rest = start
            break
        if marker in _FRAMES:
            if len(body) < 6:  # noqa: PLR2004  (precision, height, width, count)
                raise BrokenPictureError(cut_off=False)
            height, width = struct.unpack_from(">HH", body, 1)
            size, progressive = (width, height), marker in _PROGRESSIVE
        elif marker == _APP1 and body.startswith(_EXIF):
            # A second one comes from programs that edit; the camera's own is the first.
            exif = exif or body
        elif marker == _TABLES:
            quality = quality or _quality(body)
        foreign = _APP1 <= marker <= _APP15 and marker != _APP14
        colours = marker == _APP2 and body.startswith(_ICC)
        if marker != _COMMENT and (colours or not foreign):
            kept.append(data[start - 4 : end])
    else:
        raise BrokenPictureError(cut_off=True)
    if not all(size):
        raise BrokenPictureError(cut_off=False)
    return Header(JPEG, *size, exif, quality, progressive, 1 + data.count(b"\xff\xda", rest), b"".join(kept))


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, and where its body begins and ends; after the marker of the first scan there is nothing more to ask."""
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:  # noqa: PLR2004  (every marker begins so)
            raise BrokenPictureError(cut_off=False)
        marker = data[position + 1]
        if marker == 0xFF or marker in _BARE:  # noqa: PLR2004  (fill bytes)
            position += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        if length < 2:  # noqa: PLR2004  (the length counts itself)
            raise BrokenPictureError(cut_off=False)
        end = position + 2 + length
        if end > len(data):
            raise BrokenPictureError(cut_off=True)
        yield marker, position + 4, end
        position = end


def _quality(tables: bytes) -> int:
    """The quality of which the first table is a scaling, as the usual encoders count it."""
    if not tables or tables[0] & 0x0F:
        return 0
    wide = tables[0] >> 4
    values = tables[1 : 1 + (128 if wide else 64)]
    total = sum(struct.unpack(f">{len(values) // 2}H", values)) if wide else sum(values)
    scale = total * 100 / _LUMINANCE_SUM
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale  # noqa: PLR2004  (the formula of the encoders)
    return min(100, max(1, round(quality)))


def _png(data: bytes) -> Header:
    kept: list[bytes] = [_PNG_SIGNATURE]
    size, exif, ended = (0, 0), b"", False
    position = len(_PNG_SIGNATURE)
    while position + 12 <= len(data) and not ended:
        length, kind = struct.unpack_from(">L4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise BrokenPictureError(cut_off=True)
        body = data[position + 8 : end - 4]
        if kind == b"IHDR":
            if length != 13:  # noqa: PLR2004  (the one length that the format knows)
                raise BrokenPictureError(cut_off=False)
            width, height = struct.unpack_from(">LL", body)
            size = (width, height)
        elif kind == b"eXIf":
            exif = body
        if kind in _PNG_KEPT:
            kept.append(data[position:end])
        ended = kind == b"IEND"
        position = end
    if not ended:
        raise BrokenPictureError(cut_off=True)
    if not all(size):
        raise BrokenPictureError(cut_off=False)
    return Header(PNG, *size, exif, 0, progressive=False, scans=1, picture=b"".join(kept))
