"""Rasters of the project's own: a picture with a place, as GeoTIFF in strips or tiles, or with a world file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

SCALE, TIE, KEYS = 33550, 33922, 34735
Tags = dict[int, tuple[int, tuple[float, ...]]]
"""Tag → kind and values."""
ZONE_39: Final = 4527
"""CGCS2000, three degrees, zone 39, with its number in front."""


def chequered(size: tuple[int, int], cell: int = 40) -> Image.Image:
    """Squares by which a place is told again: red falls to the east, green to the south."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, size[0], cell):
        for y in range(0, size[1], cell):
            colour = (255 * x // size[0], 255 * y // size[1], 120)
            draw.rectangle((x, y, x + cell - 1, y + cell - 1), fill=colour)
    return image


def geo_keys(epsg: int, *, geographic: bool = False, point: bool = False) -> tuple[int, ...]:
    """The keys of a GeoTIFF that name a system."""
    model, key = (2, 2048) if geographic else (1, 3072)
    return (1, 1, 0, 3, 1024, 0, 1, model, 1025, 0, 1, 2 if point else 1, key, 0, 1, epsg)


def write_geotiff(
    path: Path,
    image: Image.Image,
    west: float,
    north: float,
    step: float,
    keys: Sequence[int] = (),
    *,
    packed: str = "",
) -> Path:
    """A GeoTIFF in strips, north up; ``packed`` is Pillow's name of a compression."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[SCALE], tags.tagtype[SCALE] = (step, step, 0.0), 12
    tags[TIE], tags.tagtype[TIE] = (0.0, 0.0, 0.0, west, north, 0.0), 12
    if keys:
        tags[KEYS], tags.tagtype[KEYS] = tuple(keys), 3
    image.save(path, "TIFF", tiffinfo=tags, **({"compression": packed} if packed else {}))
    return path


def write_tiled(path: Path, image: Image.Image, tile: int, west: float, north: float, step: float) -> Path:
    """A GeoTIFF in deflated tiles, its colours in planes of their own, and half the size once more behind it."""
    whole, half = (_directory(one, tile) for one in (image, image.reduce(2)))
    keys = geo_keys(ZONE_39)
    whole[1].update({SCALE: (12, (step, step, 0.0)), TIE: (12, (0.0, 0.0, 0.0, west, north, 0.0)), KEYS: (3, keys)})
    half[1][254] = (4, (1,))
    body = bytearray(struct.pack("<2sHI", b"II", 42, 0))
    link = 4
    for tiles, tags in (whole, half):
        places = []
        for data in tiles:
            places.append(len(body))
            body += data + bytes(len(data) % 2)
        tags[324], tags[325] = (4, tuple(places)), (4, tuple(map(len, tiles)))
        link = _append(body, tags, link)
    path.write_bytes(bytes(body))
    return path


def one_strip(size: tuple[int, int], west: float, north: float, step: float) -> Tags:
    """What a GeoTIFF of plain colours in a single strip says of itself; the strip would begin behind the head."""
    return {
        256: (4, (size[0],)), 257: (4, (size[1],)), 258: (3, (8, 8, 8)), 259: (3, (1,)), 262: (3, (2,)), 273: (4, (8,)),
        277: (3, (3,)), 278: (4, (size[1],)), 279: (4, (size[0] * size[1] * 3,)), SCALE: (12, (step, step, 0.0)),
        TIE: (12, (0.0, 0.0, 0.0, west, north, 0.0)), KEYS: (3, geo_keys(ZONE_39)),
    }  # fmt: skip


def write_directories(path: Path, *directories: Tags, data: bytes = b"") -> Path:
    """A TIFF of these directories, whatever they say, behind the data."""
    body = bytearray(struct.pack("<2sHI", b"II", 42, 0)) + data + bytes(len(data) % 2)
    link = 4
    for tags in directories:
        link = _append(body, tags, link)
    path.write_bytes(bytes(body))
    return path


def world_file(path: Path, west: float, north: float, step: float) -> Path:
    """Six lines: the steps, and the middle of the first pixel."""
    numbers = (step, 0.0, 0.0, -step, west + step / 2, north - step / 2)
    path.write_text("\r\n".join(f"{one:.10f}" for one in numbers) + "\r\n", encoding="ascii")
    return path


def _directory(image: Image.Image, tile: int) -> tuple[list[bytes], Tags]:
    tiles = [
        zlib.compress(band.crop((left, top, left + tile, top + tile)).tobytes())
        for band in image.split()
        for top in range(0, image.height, tile)
        for left in range(0, image.width, tile)
    ]
    tags: Tags = {
        256: (4, (image.width,)), 257: (4, (image.height,)), 258: (3, (8, 8, 8)), 259: (3, (8,)), 262: (3, (2,)),
        277: (3, (3,)), 284: (3, (2,)), 322: (4, (tile,)), 323: (4, (tile,)),
    }  # fmt: skip
    return tiles, tags


def _append(body: bytearray, tags: Tags, link: int) -> int:
    """Put a directory at the end, and its place where the one before points to the next; returns where that is."""
    entries = b""
    for tag, (kind, values) in sorted(tags.items()):
        data = struct.pack(f"<{len(values)}{ {3: 'H', 4: 'I', 9: 'i', 11: 'f', 12: 'd'}[kind] }", *values)
        if len(data) > 4:
            place = struct.pack("<I", len(body))
            body += data + bytes(len(data) % 2)
        else:
            place = data.ljust(4, b"\x00")
        entries += struct.pack("<HHI", tag, kind, len(values)) + place
    struct.pack_into("<I", body, link, len(body))
    body += struct.pack("<H", len(tags)) + entries
    body += bytes(4)
    return len(body) - 4
