"""EXIF as cameras and chat programs leave it: every tag read by itself, so that one that is broken spoils no other."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

Rational: TypeAlias = tuple[int, int]
Value: TypeAlias = "bytes | tuple[int, ...] | tuple[Rational, ...]"
"""Bytes of texts and blobs, whole numbers, or pairs of numerator and denominator."""

ORIENTATION, MAKE, MODEL, SOFTWARE, CHANGED_AT = 0x0112, 0x010F, 0x0110, 0x0131, 0x0132
TAKEN_AT, DIGITISED_AT, TAKEN_OFFSET, ANY_OFFSET = 0x9003, 0x9004, 0x9011, 0x9010
TAKEN_FRACTION, DIGITISED_FRACTION, CHANGED_FRACTION = 0x9291, 0x9292, 0x9290
LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE, ALTITUDE_REF, ALTITUDE, GPS_TIME = 1, 2, 3, 4, 5, 6, 7
DIRECTION_REF, DIRECTION, DATUM, GPS_DATE, POSITION_ERROR = 16, 17, 18, 29, 31

_EXIF_MARK: Final = b"Exif\x00\x00"
_PHOTO_POINTER, _GPS_POINTER = 0x8769, 0x8825
_MOST_ENTRIES = 500
_MOST_TEXT = 100
_SIZES: Mapping[int, int] = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 13: 4}
_NUMBERS: Mapping[int, str] = {3: "H", 4: "L", 5: "L", 8: "h", 9: "l", 10: "l", 13: "L"}
_RATIONALS = frozenset({5, 10})
_ENTRY_BYTES = 12
_INLINE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Tags:
    """What could be read, by tag number.

    Attributes:
        main: Of the picture itself: device, orientation, time of the last change.
        photo: Of the taking: times, fractions, offsets.
        gps: Of the place.
        gps_named: Whether the file says that it has a part about the place, readable or not.
        broken: Parts (``main`` ``photo`` ``gps``) of which something could not be read.
    """

    main: Mapping[int, Value] = field(default_factory=dict)
    photo: Mapping[int, Value] = field(default_factory=dict)
    gps: Mapping[int, Value] = field(default_factory=dict)
    gps_named: bool = False
    broken: frozenset[str] = frozenset()


def read_tags(data: bytes) -> Tags | None:
    """The tags of EXIF bytes, with or without their ``Exif`` mark; None where they do not even begin as EXIF does."""
    raw = data.removeprefix(_EXIF_MARK)
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(raw[:4])
    if order is None or len(raw) < len(_EXIF_MARK) + 2:
        return None
    reader = _Reader(raw, order)
    main = reader.part("main", struct.unpack_from(order + "L", raw, 4)[0])
    photo = reader.pointed("photo", main.pop(_PHOTO_POINTER, None))
    pointer = main.pop(_GPS_POINTER, None)
    gps = reader.pointed("gps", pointer)
    return Tags(main, photo, gps, pointer is not None, frozenset(reader.broken))


class _Reader:
    def __init__(self, raw: bytes, order: str) -> None:
        self._raw = raw
        self._order = order
        self.broken: set[str] = set()

    def pointed(self, name: str, pointer: Value | None) -> dict[int, Value]:
        if pointer is None:
            return {}
        if not isinstance(pointer, tuple) or not pointer or not isinstance(pointer[0], int):
            self.broken.add(name)
            return {}
        return self.part(name, pointer[0])

    def part(self, name: str, offset: int) -> dict[int, Value]:
        """One directory of tags; what does not lie within the bytes is left out and marks the part broken."""
        found: dict[int, Value] = {}
        try:
            (count,) = struct.unpack_from(self._order + "H", self._raw, offset)
        except struct.error:
            self.broken.add(name)
            return found
        if count > _MOST_ENTRIES:
            self.broken.add(name)
            count = _MOST_ENTRIES
        for place in range(count):
            try:
                tag, value = self._entry(offset + 2 + place * _ENTRY_BYTES)
            except (struct.error, ValueError):
                self.broken.add(name)
                continue
            found.setdefault(tag, value)
        return found

    def _entry(self, offset: int) -> tuple[int, Value]:
        tag, kind, count = struct.unpack_from(self._order + "HHL", self._raw, offset)
        if kind not in _SIZES:
            raise ValueError(kind)
        length = _SIZES[kind] * count
        start = offset + 8
        if length > _INLINE_BYTES:
            (start,) = struct.unpack_from(self._order + "L", self._raw, start)
        body = self._raw[start : start + length]
        if len(body) != length:
            raise ValueError(tag)
        if kind not in _NUMBERS:
            return tag, body
        numbers = struct.unpack(
            f"{self._order}{len(body) // struct.calcsize('<' + _NUMBERS[kind])}{_NUMBERS[kind]}", body
        )
        if kind in _RATIONALS:
            return tag, tuple(zip(numbers[::2], numbers[1::2], strict=True))
        return tag, tuple(numbers)


# ------------------------------------------------------------------------------------------------------ values of tags


def text_of(value: Value | None) -> str:
    """A text up to its first NUL, in UTF-8 or else GB 18030, without control characters; empty where there is none."""
    if not isinstance(value, bytes):
        return ""
    raw = value.split(b"\x00", 1)[0][: 4 * _MOST_TEXT]
    for encoding in ("utf-8", "gb18030"):
        try:
            read = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        read = raw.decode("ascii", errors="ignore")
    return "".join(sign for sign in read if sign.isprintable()).strip()[:_MOST_TEXT]


def fractions_of(value: Value | None) -> tuple[Fraction | None, ...]:
    """The numbers of a value; None for each whose denominator is nought. Texts of decimals are read too."""
    if isinstance(value, bytes):
        try:
            return tuple(Fraction(word) for word in text_of(value).replace(",", " ").split())
        except (ValueError, ZeroDivisionError):
            return (None,)
    found: list[Fraction | None] = []
    for one in value or ():
        if isinstance(one, int):
            found.append(Fraction(one))
        else:
            above, below = one
            found.append(Fraction(above, below) if below else None)
    return tuple(found)


def degrees_of(value: Value | None) -> Fraction | None:
    """Degrees, minutes and seconds as one number; degrees alone may hold it all. None where they cannot be read.

    Minutes and seconds written as 0/0 count as nought, as some cameras mean it.
    """
    parts = fractions_of(value)
    if not parts or parts[0] is None:
        return None
    total = parts[0]
    if isinstance(value, bytes):
        smaller = parts[1:]
    else:
        pairs = (value or ())[1:]
        smaller = tuple(
            Fraction(0) if part is None and isinstance(pair, tuple) and pair[0] == 0 else part
            for part, pair in zip(parts[1:], pairs, strict=True)
        )
    for part, unit in zip(smaller, (60, 3600), strict=False):
        if part is None or not 0 <= part <= 60:  # noqa: PLR2004  (minutes and seconds)
            return None
        total += part / unit
    return total
