"""Photos made for tests: drawn pictures, EXIF as cameras write it, and EXIF as nobody should."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

PLACE = (116.265432, 28.376543)
"""Degrees east and north, in 进贤县."""
TAKEN = "2023:08:02 09:30:15"

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 180, 40), (30, 60, 210), (230, 210, 40)

Entry = tuple[int, int, int, bytes]
"""Tag, kind, count and the bytes of the value, for EXIF written byte by byte."""
ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 2, 3, 4, 5, 7


def scene(width: int = 320, height: int = 240, seed: int = 0) -> Image.Image:
    """A landscape with a sky, a field and some noise; another seed, another landscape."""
    rng = random.Random(seed)
    image = Image.new("RGB", (width, height), (rng.randint(150, 200), 210, 235))
    draw = ImageDraw.Draw(image)
    horizon = height * rng.randint(30, 55) // 100
    draw.rectangle((0, horizon, width, height), fill=(rng.randint(80, 140), rng.randint(90, 150), 60))
    for _ in range(40):
        x, y = rng.randint(0, width), rng.randint(horizon, height)
        size = rng.randint(3, max(4, width // 12))
        draw.ellipse((x, y, x + size, y + size // 2), fill=tuple(rng.randint(30, 200) for _ in range(3)))
    return image


def corners(width: int = 64, height: int = 48) -> Image.Image:
    """Upright: red above left, green above right, blue below left, yellow below right."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for place, colour in enumerate((RED, GREEN, BLUE, YELLOW)):
        left, top = place % 2 * width // 2, place // 2 * height // 2
        draw.rectangle((left, top, left + width // 2 - 1, top + height // 2 - 1), fill=colour)
    return image


STORED: Mapping[int, Image.Transpose | None] = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that was held so stores an upright scene, by the orientation it writes."""


def sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and seconds as EXIF rationals."""
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = round(((degrees - whole) * 60 - minutes) * 60 * 10_000)
    return IFDRational(whole), IFDRational(minutes), IFDRational(seconds, 10_000)


def camera_exif(
    *,
    place: tuple[float, float] | None = PLACE,
    taken: str | None = TAKEN,
    direction: float | None = None,
    orientation: int = 1,
    gps: Mapping[int, Any] | None = None,
    photo: Mapping[int, Any] | None = None,
    main: Mapping[int, Any] | None = None,
) -> Image.Exif:
    """EXIF as a telephone writes it; ``gps``, ``photo`` and ``main`` add tags or replace them."""
    written = Image.Exif()
    written[0x010F], written[0x0110], written[0x0131] = "HUAWEI", "HUAWEI P40", "P40 3.0"
    written[0x0112] = orientation
    for tag, value in (main or {}).items():
        written[tag] = value
    if taken is not None:
        written.get_ifd(0x8769)[0x9003] = taken
    written.get_ifd(0x8769).update(photo or {})
    there: dict[int, Any] = {}
    if place is not None:
        east, north = place
        there |= {1: "N" if north >= 0 else "S", 2: sexagesimal(abs(north))}
        there |= {3: "E" if east >= 0 else "W", 4: sexagesimal(abs(east))}
    if direction is not None:
        there |= {16: "T", 17: IFDRational(round(direction * 100), 100)}
    there |= dict(gps or {})
    if there:
        written.get_ifd(0x8825).update(there)
    return written


def jpeg(image: Image.Image | None = None, exif: Image.Exif | bytes | None = None, **options: Any) -> bytes:
    """JPEG bytes of a picture, :func:`scene` unless another is given."""
    out = io.BytesIO()
    extra = {"exif": exif} if exif is not None else {}
    (image or scene()).save(out, "JPEG", **({"quality": 90} | options), **extra)
    return out.getvalue()


def small_photo(seed: int = 0) -> bytes:
    """A photo of a few hundred bytes, without EXIF, for tests in which any photo will do."""
    return jpeg(scene(32, 24, seed), quality=60)


def png(image: Image.Image | None = None, exif: Image.Exif | None = None) -> bytes:
    """PNG bytes of a picture."""
    out = io.BytesIO()
    extra = {"exif": exif} if exif is not None else {}
    (image or scene()).save(out, "PNG", **extra)
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A scanned paper as a PDF."""
    out = io.BytesIO()
    sheets = [scene(200, 280, seed) for seed in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def photo(seed: int = 0, **exif: Any) -> bytes:
    """A photo with its EXIF; another seed, other bytes and another picture. ``exif`` as :func:`camera_exif`."""
    return jpeg(scene(seed=seed), camera_exif(**exif))


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Files below a folder, by their path in it; answers the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


# --------------------------------------------------------------------------------------------- EXIF byte by byte


def raw_exif(
    main: Sequence[Entry] = (), photo: Sequence[Entry] = (), gps: Sequence[Entry] = (), order: str = "<"
) -> bytes:
    """EXIF with exactly these tags, whatever they say; a part that is empty is left out."""
    pointers = [(tag, LONG, 1, b"") for tag, part in ((0x8769, photo), (0x8825, gps)) if part]
    first = _length([*main, *pointers])
    second = first + (_length(photo) if photo else 0)
    starts = {0x8769: 8 + first, 0x8825: 8 + second}
    linked = [*main, *((tag, LONG, 1, struct.pack(order + "L", starts[tag])) for tag, *_ in pointers)]
    body = _part(linked, 8, order)
    body += _part(photo, 8 + first, order) if photo else b""
    body += _part(gps, 8 + second, order) if gps else b""
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "L", 8)
    return b"Exif\x00\x00" + head + body


def rationals(*pairs: tuple[int, int], order: str = "<") -> bytes:
    """The bytes of rationals."""
    return b"".join(struct.pack(order + "LL", *pair) for pair in pairs)


def _length(entries: Sequence[Entry]) -> int:
    return 2 + 12 * len(entries) + 4 + sum(len(value) for *_, value in entries if len(value) > 4)


def _part(entries: Sequence[Entry], start: int, order: str) -> bytes:
    data_at = start + 2 + 12 * len(entries) + 4
    body, data = struct.pack(order + "H", len(entries)), b""
    for tag, kind, count, value in entries:
        inline = value.ljust(4, b"\x00") if len(value) <= 4 else struct.pack(order + "L", data_at + len(data))
        body += struct.pack(order + "HHL", tag, kind, count) + inline
        data += value if len(value) > 4 else b""
    return body + struct.pack(order + "L", 0) + data
