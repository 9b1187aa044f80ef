"""TIFF pictures of any size, read block by block: their directories here, the packed blocks by Pillow, one at a time.

Pillow unpacks a TIFF only as a whole, which an aerial photo of a township does not allow. So each strip or tile is put
into a small TIFF of its own, whose few tags say how it is packed, and unpacked from there.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from PIL import Image

Window = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, the latter two exclusive."""

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
SAMPLES, PLANAR, PREDICTOR, COLOURS = 277, 284, 317, 320
EXTRA, SAMPLE_FORMAT, JPEG_TABLES, SUBSAMPLING = 338, 339, 347, 530
PIXEL_SCALE, TIE_POINTS, MATRIX, GEO_KEYS, GEO_TEXTS = 33550, 33922, 34264, 34735, 34737
_FILL_ORDER: Final = 266
_STRIPS, _ROWS, _STRIP_SIZES = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_SIZES = 322, 323, 324, 325
_SEPARATE: Final = 2
_KINDS: Final = {1: "B", 2: "s", 3: "H", 4: "I", 6: "b", 7: "s", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q"}
_TEXT: Final = {2, 7}
_FRACTION_KINDS: Final = {11, 12}
_CLASSIC, _BIG = 42, 43
_MOST_DIRECTORIES: Final = 64
_MOST_TAGS: Final = 1000
_MOST_VALUES: Final = 8_000_000
"""Of all tags of a file together: the places and lengths of two million blocks in two sizes."""
_MOST_BLOCK_BYTES: Final = 400_000_000
_COPIED: Final = (COMPRESSION, PREDICTOR, COLOURS, JPEG_TABLES, SUBSAMPLING, _FILL_ORDER)
_FRACTIONS: Final = frozenset({PIXEL_SCALE, TIE_POINTS, MATRIX})
"""Only these may be other than whole numbers, and negative."""
_READ: Final = frozenset(
    {WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, SAMPLES, PLANAR, PREDICTOR, COLOURS, EXTRA, SAMPLE_FORMAT}
    | {JPEG_TABLES, SUBSAMPLING, _FILL_ORDER, _STRIPS, _ROWS, _STRIP_SIZES, _TILE_WIDTH, _TILE_HEIGHT, _TILES}
    | {_TILE_SIZES, GEO_KEYS, GEO_TEXTS, *_FRACTIONS}
)
"""The tags that anybody here asks for; what else a file says is not even read."""
_READABLE_BITS: Final = {1, 8}
_COLOUR_SAMPLES: Final = 3


class BrokenTiffError(ValueError):
    """The file is no TIFF, or damaged."""


class UnreadableTiffError(ValueError):
    """A TIFF of a kind that is no picture to look at: sixteen bits, floats."""


class LargeBlocksError(ValueError):
    """A TIFF packed in blocks that do not fit the memory, such as a large one in a single strip."""


@dataclass(frozen=True)
class TiffPicture:
    """One picture of a file.

    Attributes:
        tags: What its directory says, of what is asked for here: texts as bytes, numbers as tuples.
    """

    tags: dict[int, tuple[Any, ...] | bytes]

    def number(self, tag: int, default: int = 0) -> int:
        """The first number of a tag."""
        value = self.tags.get(tag)
        return int(value[0]) if value else default

    def numbers(self, tag: int) -> tuple[Any, ...]:
        """All numbers of a tag; none where it is not there."""
        value = self.tags.get(tag, ())
        return () if isinstance(value, bytes) else value

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.number(WIDTH), self.number(HEIGHT)


def read_pictures(stream: IO[bytes]) -> list[TiffPicture]:
    """The pictures of a file: the whole one first, then smaller ones of it, where there are.

    Raises:
        BrokenTiffError: It is no TIFF, or damaged.
    """
    try:
        return [one for one in _directories(stream) if min(one.size) > 0]
    except (struct.error, OverflowError, MemoryError) as found:
        raise BrokenTiffError(str(found)) from found


def _directories(stream: IO[bytes]) -> Iterator[TiffPicture]:
    stream.seek(0)
    head = stream.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None:
        raise BrokenTiffError("no byte order")
    version = struct.unpack_from(order + "H", head, 2)[0]
    if version not in {_CLASSIC, _BIG}:
        raise BrokenTiffError("no TIFF")
    big = version == _BIG
    at = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)[0]
    seen: set[int] = set()
    left = _MOST_VALUES
    while at and at not in seen and len(seen) < _MOST_DIRECTORIES:
        seen.add(at)
        stream.seek(at)
        count = struct.unpack(order + ("Q" if big else "H"), stream.read(8 if big else 2))[0]
        if count > _MOST_TAGS:
            raise BrokenTiffError("too many tags")
        entry = 20 if big else 12
        entries = stream.read(entry * count)
        at = struct.unpack(order + ("Q" if big else "I"), stream.read(8 if big else 4))[0]
        picture = TiffPicture(dict(_tags(stream, order, entries, left, big=big)))
        left -= sum(map(len, picture.tags.values()))
        yield picture


def _tags(
    stream: IO[bytes], order: str, entries: bytes, most: int, *, big: bool
) -> Iterator[tuple[int, tuple[Any, ...] | bytes]]:
    """The tags of a directory that are asked for; together they have at most so many values."""
    step, field = (20, 8) if big else (12, 4)
    for start in range(0, len(entries), step):
        tag, kind, count = struct.unpack_from(order + ("HHQ" if big else "HHI"), entries, start)
        letter = _KINDS.get(kind)
        if letter is None or tag not in _READ:
            continue
        length = struct.calcsize(letter) * count
        most -= count
        if most < 0:
            raise BrokenTiffError("too many values")
        held = entries[start + step - field : start + step]
        if length > field:
            stream.seek(struct.unpack(order + ("Q" if big else "I"), held)[0])
            held = stream.read(length)
            if len(held) < length:
                raise BrokenTiffError("cut off")
        if kind in _TEXT:
            yield tag, held[:length]
            continue
        numbers = struct.unpack_from(f"{order}{count}{letter}", held)
        if tag not in _FRACTIONS and (kind in _FRACTION_KINDS or min(numbers, default=0) < 0):
            raise BrokenTiffError("a size, place or length that cannot be")
        yield tag, numbers


class Blocks:
    """The strips or tiles of one picture.

    Args:
        stream: The file.
        picture: The picture.

    Raises:
        UnreadableTiffError: Not a picture of eight bits.
        LargeBlocksError: Packed in blocks that do not fit the memory.
        BrokenTiffError: The directory contradicts itself.
    """

    def __init__(self, stream: IO[bytes], picture: TiffPicture) -> None:
        self._stream, self._picture = stream, picture
        self.size = picture.size
        tiled = bool(picture.numbers(_TILES))
        wide = picture.number(_TILE_WIDTH) if tiled else self.size[0]
        high = picture.number(_TILE_HEIGHT) if tiled else min(picture.number(_ROWS, self.size[1]), self.size[1])
        if min(wide, high) < 1:
            raise BrokenTiffError("blocks without a size")
        self.block = wide, high
        self.tiled = tiled
        self._across = -(-self.size[0] // wide)
        self._down = -(-self.size[1] // high)
        self._samples = picture.number(SAMPLES, 1)
        self._separate = picture.number(PLANAR, 1) == _SEPARATE and self._samples > 1
        self._bits = picture.number(BITS, 1)
        self._places = picture.numbers(_TILES if tiled else _STRIPS)
        self._lengths = picture.numbers(_TILE_SIZES if tiled else _STRIP_SIZES)
        planes = self._samples if self._separate else 1
        if self._bits not in _READABLE_BITS or picture.number(SAMPLE_FORMAT, 1) != 1:
            raise UnreadableTiffError("not eight bits")
        if wide * high * self._samples > _MOST_BLOCK_BYTES:
            raise LargeBlocksError("blocks too large")
        if min(len(self._places), len(self._lengths)) < self._across * self._down * planes:
            raise BrokenTiffError("blocks are missing")

    def reduced(self, window: Window, factor: int) -> tuple[Image.Image, Window]:
        """A part of the picture made smaller by a whole factor, and the window it really is, in pixels.

        Args:
            window: What is wanted.
            factor: A power of two.
        """
        while self.tiled and (self.block[0] % factor or self.block[1] % factor):
            factor //= 2
        left, top = window[0] // factor * factor, window[1] // factor * factor
        wide, high = -(-(window[2] - left) // factor), -(-(window[3] - top) // factor)
        made = Image.new("RGB", (wide, high), "white")
        for x, y, part in self._parts((left, top, *window[2:]), factor):
            made.paste(part.reduce(factor) if factor > 1 else part, ((x - left) // factor, (y - top) // factor))
        return made, (left, top, left + wide * factor, top + high * factor)

    def _parts(self, window: Window, factor: int) -> Iterator[tuple[int, int, Image.Image]]:
        """What the window touches, in parts that begin at a multiple of the factor."""
        wide, high = self.block
        if self.tiled:
            for row in range(window[1] // high, -(-window[3] // high)):
                for column in range(window[0] // wide, -(-window[2] // wide)):
                    yield column * wide, row * high, self._unpacked(column, row)
            return
        rows = math.lcm(high, factor)
        for top in range(window[1] // rows * rows, window[3], rows):
            bottom = min(top + rows, self.size[1])
            part = Image.new("RGB", (wide, bottom - top))
            for row in range(top // high, -(-bottom // high)):
                part.paste(self._unpacked(0, row), (0, row * high - top))
            yield 0, top, part

    def _unpacked(self, column: int, row: int) -> Image.Image:
        """One block in colours, without what lies beyond the picture's edge."""
        wide, high = self.block
        high_here = high if self.tiled else min(high, self.size[1] - row * high)
        at = row * self._across + column
        try:
            if self._separate:
                plane = self._across * self._down
                count = _COLOUR_SAMPLES if self._samples >= _COLOUR_SAMPLES else 1
                bands = [self._opened(at + number * plane, wide, high_here, 1) for number in range(count)]
                image = Image.merge("RGB", [one.convert("L") for one in bands]) if count > 1 else bands[0]
            else:
                image = self._opened(at, wide, high_here, self._samples)
        except (OSError, ValueError, SyntaxError, KeyError, OverflowError, struct.error) as found:
            raise BrokenTiffError(str(found)) from found
        rest = self.size[0] - column * wide, self.size[1] - row * high
        return image.convert("RGB").crop((0, 0, min(wide, rest[0]), min(high_here, rest[1])))

    def _opened(self, at: int, wide: int, high: int, samples: int) -> Image.Image:
        if not self._lengths[at]:
            return Image.new("RGB", (wide, high), "white")  # a hole: nothing was written there
        self._stream.seek(self._places[at])
        packed = self._stream.read(min(self._lengths[at], 2 * _MOST_BLOCK_BYTES))
        image = Image.open(io.BytesIO(self._small_tiff(packed, wide, high, samples)), formats=("TIFF",))
        image.load()
        return image

    def _small_tiff(self, packed: bytes, wide: int, high: int, samples: int) -> bytes:
        """A TIFF of one strip that holds the packed bytes."""
        plain = min(self._picture.number(PHOTOMETRIC, 1), 1) if self._separate else self._picture.number(PHOTOMETRIC, 1)
        tags: dict[int, Sequence[Any] | bytes] = {
            WIDTH: (wide,),
            HEIGHT: (high,),
            BITS: (self._bits,) * samples,
            PHOTOMETRIC: (plain,),
            _STRIPS: (0,),
            SAMPLES: (samples,),
            _ROWS: (high,),
            _STRIP_SIZES: (len(packed),),
            PLANAR: (1,),
        }
        tags |= {tag: value for tag in _COPIED if (value := self._picture.tags.get(tag)) is not None}
        extra = self._picture.tags.get(EXTRA)
        if extra is not None and not self._separate:
            tags[EXTRA] = extra
        return _written(tags, packed)


def _written(tags: dict[int, Sequence[Any] | bytes], packed: bytes) -> bytes:
    """A little TIFF: its head, the packed bytes, long values, the directory."""
    body = bytearray(struct.pack("<2sHI", b"II", _CLASSIC, 0)) + packed + bytes(len(packed) % 2)
    entries = []
    for tag in sorted(tags):
        value = (8,) if tag == _STRIPS else tags[tag]
        kind, letter = (7, "") if isinstance(value, bytes) else (3, "H") if tag == COLOURS else (4, "I")
        data = value if isinstance(value, bytes) else struct.pack(f"<{len(value)}{letter}", *value)
        if len(data) > struct.calcsize("I"):
            entries.append(struct.pack("<HHII", tag, kind, len(value), len(body)))
            body += data + bytes(len(data) % 2)
        else:
            entries.append(struct.pack("<HHI4s", tag, kind, len(value), data))
    struct.pack_into("<I", body, 4, len(body))
    return bytes(body + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))
