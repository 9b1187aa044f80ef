"""A foreign raster, read within limits and turned so that north is up; runs in the child."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from PIL import Image

from gengdi_desktop.geo.declared import Datum, Declared
from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.geo.numbers import Point, from_float, to_float
from gengdi_desktop.geo.outlines import Box, metres_of_degree
from gengdi_desktop.geo.raster_place import RasterPlace, affine_of, declared_of, place_of
from gengdi_desktop.geo.rasters import raster_refusal
from gengdi_desktop.geo.tiff import (
    Blocks,
    BrokenTiffError,
    LargeBlocksError,
    TiffPicture,
    UnreadableTiffError,
    Window,
    read_pictures,
)

_MOST_SOURCE: Final = 6_000_000_000
_MOST_AT_ONCE: Final = 120_000_000
"""Pixels of a JPEG or PNG, which are unpacked as a whole."""
_MOST_FACTOR: Final = 16
_STEPS: Final = (8, 4, 2, 1)
_FINER: Final = 1.3
_CELL: Final = 128
_EDGE_POINTS: Final = 16
_INSET: Final = 1.5
"""So many pixels of the picture at the raster's edge are half blank: they are left out."""
_QUALITY: Final = 85
_TIFF_HEADS: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_ALIKE: Final = 0.02


Part = tuple[float, float, float, float]
"""Left, top, right, bottom of what was read, in pixels of the whole raster."""


@dataclass(frozen=True)
class _Wanted:
    """The picture to be made: where it lies, its size, and how many pixels of the raster go into one of its own."""

    west: float
    north: float
    step_east: float
    step_north: float
    size: tuple[int, int]
    factor: float

    def degrees(self, pixels: Any) -> Any:
        """Longitude and latitude of pixels of the picture."""
        return np.asarray(pixels) * np.array([self.step_east, -self.step_north]) + np.array([self.west, self.north])

    @property
    def box(self) -> Box:
        """Around it."""
        east, south = self.degrees(self.size)
        return Box(from_float(self.west), from_float(south), from_float(east), from_float(self.north))


def serve(arguments: Mapping[str, Any], write: Callable[[Any], None]) -> None:
    """Read the raster, write the picture to ``out`` and one line that says where it lies."""
    Image.MAX_IMAGE_PIXELS = None  # the size is judged here, before a pixel is read, by limits of our own
    path, given = Path(arguments["path"]), arguments.get("near")
    near = None if given is None else Locality(given[0], Point(given[1], given[2]), given[3])
    try:
        with path.open("rb") as stream:
            raster = _raster(stream)
            place, notes = _placed(path, raster, near)
            wanted = _wanted(place, raster.size, Box(*arguments["box"]), arguments["pixels"])
            picture = _warped(raster, place, wanted)
    except UnreadableTiffError as found:
        raise raster_refusal("raster_kind") from found
    except LargeBlocksError as found:
        raise raster_refusal("raster_too_large") from found
    except (BrokenTiffError, OSError, SyntaxError, ValueError) as found:
        raise raster_refusal("raster_damaged") from found
    picture.save(arguments["out"], "JPEG", quality=_QUALITY)
    write(
        {
            "box": list(wanted.box),
            "edge": _edge(place, raster.size, _INSET * wanted.factor),
            "finer": wanted.factor > _FINER,
            "notes": notes,
        }
    )


# ------------------------------------------------------------------------------------------------------ the two kinds


class _TiffRaster:
    """A TIFF: read block by block, from the smallest of its own pictures that is fine enough."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        pictures = read_pictures(stream)
        if not pictures:
            raise BrokenTiffError("no picture")
        self.tags: TiffPicture | None = pictures[0]
        self.size = pictures[0].size
        shape = self.size[0] / self.size[1]
        self._smaller = [one for one in pictures[1:] if abs(one.size[0] / one.size[1] / shape - 1) < _ALIKE]

    def part(self, window: Window, factor: float) -> tuple[Image.Image, Part]:
        """A window of the whole picture made smaller by at most a factor, and the window that it really is."""
        picture, share = self._fine_enough(factor)
        blocks = Blocks(self._stream, picture)
        left, top = (math.floor(one / share) for one in window[:2])
        right, bottom = (math.ceil(one / share) for one in window[2:])
        inside = left, top, min(right, blocks.size[0]), min(bottom, blocks.size[1])
        made, really = blocks.reduced(inside, _power_of_two(factor / share))
        return made, (really[0] * share, really[1] * share, really[2] * share, really[3] * share)

    def _fine_enough(self, factor: float) -> tuple[TiffPicture, float]:
        whole = self.tags
        if whole is None:
            raise BrokenTiffError("no picture")
        fits = [(self.size[0] / one.size[0], one) for one in self._smaller if self.size[0] / one.size[0] <= factor]
        share, picture = max(fits, key=lambda pair: pair[0], default=(1.0, whole))
        return picture, share


class _PlainRaster:
    """A JPEG or PNG: unpacked at once, the JPEG no larger than needed."""

    tags = None

    def __init__(self, stream: IO[bytes]) -> None:
        self._image = Image.open(stream, formats=("JPEG", "PNG"))
        self.size = self._image.size

    def part(self, window: Window, factor: float) -> tuple[Image.Image, Part]:
        """As the TIFF's."""
        wide, high = self.size
        step = next(one for one in _STEPS if one <= max(factor, 1))
        self._image.draft("RGB", (wide // step, high // step))
        if self._image.width * self._image.height > _MOST_AT_ONCE:
            raise raster_refusal("raster_too_large")
        self._image.load()
        share = wide / self._image.width
        left, top = (math.floor(one / share) for one in window[:2])
        right, bottom = (math.ceil(one / share) for one in window[2:])
        made = self._image.crop((left, top, right, bottom)).convert("RGB")
        less = _power_of_two(factor / share)
        if less > 1:
            made = made.reduce(less)
        return made, (left * share, top * share, (left + made.width * less) * share, (top + made.height * less) * share)


def _raster(stream: IO[bytes]) -> _TiffRaster | _PlainRaster:
    head = stream.read(4)
    stream.seek(0)
    made = _TiffRaster(stream) if head in _TIFF_HEADS else _PlainRaster(stream)
    if made.size[0] * made.size[1] > _MOST_SOURCE:
        raise raster_refusal("raster_too_large")
    return made


def _power_of_two(factor: float) -> int:
    return min(_MOST_FACTOR, 1 << max(0, int(math.log2(max(factor, 1.0)))))


# ---------------------------------------------------------------------------------------------------------------- where


def _placed(
    path: Path, raster: _TiffRaster | _PlainRaster, near: Locality | None
) -> tuple[RasterPlace, list[tuple[str, str]]]:
    affine = affine_of(path, raster.tags)
    if affine is None:
        raise raster_refusal("raster_unplaced")
    declared = declared_of(path, raster.tags)
    if declared.datum in {Datum.XIAN80, Datum.BEIJING54, Datum.OTHER}:
        raise raster_refusal("raster_foreign", _named(declared))
    place = place_of(affine, declared, raster.size, near)
    if not place.placing.placed:
        raise raster_refusal("raster_unknown")
    codes = {code for code, _words in place.placing.notes}
    return place, [(code, words) for code, words in _NOTES.items() if code in codes]


_NOTES: Final = {
    "crs_wgs84": "底图的坐标系写的是 WGS 84，和 2000 国家大地坐标系相差不到 1 米，直接使用。",
    "crs_by_size": "底图的坐标系没有写清，按坐标的大小辨认，请核对它和图斑是否对得上。",
}


def _named(declared: Declared) -> str:
    return f"“{declared.name}”" if declared.datum is Datum.OTHER and declared.name else declared.datum.label


def _wanted(place: RasterPlace, size: tuple[int, int], box: Box, pixels: int) -> _Wanted:
    """The part of the raster in the box, at most as fine as the raster itself and as the pixels allow."""
    edge = np.array(_edge(place, size))
    west, south = np.maximum(edge.min(axis=0), [to_float(box.west), to_float(box.south)])
    east, north = np.minimum(edge.max(axis=0), [to_float(box.east), to_float(box.north)])
    if not (west < east and south < north):
        raise raster_refusal("raster_elsewhere")
    wide, high = metres_of_degree((south + north) / 2)
    metres = (east - west) * wide, (north - south) * high
    own = _metres_of_pixel(place, size)
    step = max(own, math.sqrt(metres[0] * metres[1] / pixels))
    made = max(1, round(metres[0] / step)), max(1, round(metres[1] / step))
    return _Wanted(float(west), float(north), (east - west) / made[0], (north - south) / made[1], made, step / own)


def _metres_of_pixel(place: RasterPlace, size: tuple[int, int]) -> float:
    middle = np.array(size) / 2
    here, beside, below = place.degrees(middle + np.array([(0, 0), (1, 0), (0, 1)]))
    scale = np.array(metres_of_degree(float(here[1])))
    one, other = np.hypot(*((beside - here) * scale)), np.hypot(*((below - here) * scale))
    return float(max(min(one, other), 1e-3))


def _edge(place: RasterPlace, size: tuple[int, int], inset: float = 0.0) -> list[list[float]]:
    """The raster's edge in degrees, with points between the corners: straight lines of a zone are not straight here."""
    inset = min(inset, min(size) / 4)
    wide, high = size[0] - 2 * inset, size[1] - 2 * inset
    along = np.linspace(0, 1, _EDGE_POINTS, endpoint=False)
    none, full = np.zeros_like(along), np.ones_like(along)
    sides = ((along, none), (full, along), (1 - along, full), (none, 1 - along))
    pixels = np.concatenate([np.column_stack((x * wide + inset, y * high + inset)) for x, y in sides])
    found: list[list[float]] = place.degrees(pixels).tolist()
    return found


def _warped(raster: _TiffRaster | _PlainRaster, place: RasterPlace, wanted: _Wanted) -> Image.Image:
    """The raster turned into steps of degrees, cell by cell: within a cell straight lines stay straight."""
    wide, high = wanted.size
    columns = np.append(np.arange(0, wide, _CELL), wide)
    rows = np.append(np.arange(0, high, _CELL), high)
    corners = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    pixels = place.pixels(wanted.degrees(corners))
    inside = np.clip(pixels, 0, raster.size)
    left, top = np.floor(inside.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(inside.max(axis=0)).astype(int).tolist()
    if right <= left or bottom <= top:
        raise raster_refusal("raster_elsewhere")
    part, window = raster.part((left, top, right, bottom), wanted.factor)
    scale = np.array([part.width / (window[2] - window[0]), part.height / (window[3] - window[1])])
    places = ((pixels - window[:2]) * scale).reshape(len(rows), len(columns), 2)
    mesh = []
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            cell = (int(columns[column]), int(rows[row]), int(columns[column + 1]), int(rows[row + 1]))
            quad = [places[at] for at in ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))]
            mesh.append((cell, tuple(np.concatenate(quad).tolist())))
    return part.transform(wanted.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor="white")
