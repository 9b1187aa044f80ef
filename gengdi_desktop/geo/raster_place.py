"""Where a raster lies: by the tags of a GeoTIFF, or by the small text file beside a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from pyproj.enums import TransformDirection

from gengdi_desktop.geo.declared import UNSAID, Declared, declared_by_code, declared_by_name, declared_by_wkt
from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.geo.placing import Placing, placing_of
from gengdi_desktop.geo.tiff import GEO_KEYS, GEO_TEXTS, MATRIX, PIXEL_SCALE, TIE_POINTS, TiffPicture

Affine = tuple[float, float, float, float, float, float]
"""Easting is ``a·column + b·row + c``, northing ``d·column + e·row + f``; 0, 0 is the corner of the first pixel."""

_POINT_KEY, _GEOGRAPHIC_KEY, _PROJECTED_KEY = 1025, 2048, 3072
_CITATIONS: Final = (1026, 2049, 3073)
_PIXEL_IS_POINT: Final = 2
_OWN: Final = 32767
_PE_STRING: Final = re.compile(r"ESRI PE String\s*=\s*(.+)", re.DOTALL)
_WORLD: Final = {
    ".tif": (".tfw", ".tifw", ".tiffw"),
    ".tiff": (".tfw", ".tifw", ".tiffw"),
    ".jpg": (".jgw", ".jpgw", ".jpegw"),
    ".jpeg": (".jgw", ".jpgw", ".jpegw"),
    ".png": (".pgw", ".pngw"),
}
_WORLD_LINES: Final = 6
_LONGEST: Final = 20_000
_TIE_NUMBERS: Final = 6
_MATRIX_NUMBERS: Final = 16


@dataclass(frozen=True)
class RasterPlace:
    """Where a raster lies.

    Attributes:
        affine: From its pixels to the coordinates of its system.
        placing: From those to degrees.
    """

    affine: Affine
    placing: Placing

    def degrees(self, pixels: Any) -> Any:
        """Longitude and latitude of pixels, (count, 2)."""
        return shapely.get_coordinates(self.placing.to_degrees(shapely.points(moved(self.affine, pixels))))

    def pixels(self, degrees: Any) -> Any:
        """The pixels of places, (count, 2): whole numbers are corners."""
        pairs = np.asarray(degrees, dtype=np.float64)
        if self.placing.transformer is not None:
            back = TransformDirection.INVERSE
            pairs = np.column_stack(self.placing.transformer.transform(pairs[:, 0], pairs[:, 1], direction=back))
        if self.placing.swapped:
            pairs = pairs[:, ::-1]
        a, b, c, d, e, f = self.affine
        inverse = np.linalg.inv(np.array([[a, b], [d, e]]))
        return (pairs - np.array([c, f])) @ inverse.T


def moved(affine: Affine, pixels: Any) -> Any:
    """The coordinates of pixels."""
    a, b, c, d, e, f = affine
    return np.asarray(pixels, dtype=np.float64) @ np.array([[a, d], [b, e]]) + np.array([c, f])


def affine_of(path: Path, picture: TiffPicture | None) -> Affine | None:
    """Where the pixels of a raster lie in its own system; None where nothing says it."""
    found = (_by_tags(picture) if picture is not None else None) or _by_world_file(path)
    if found is None or not np.isfinite(found).all() or abs(found[0] * found[4] - found[1] * found[3]) <= 0.0:
        return None
    return found


def declared_of(path: Path, picture: TiffPicture | None) -> Declared:
    """The coordinate system that a raster names in its tags, else in the file beside it."""
    tagged = _by_keys(picture) if picture is not None else UNSAID
    if tagged is not UNSAID:
        return tagged
    written = _beside(path, (".prj",))
    return UNSAID if written is None else declared_by_wkt(written)


def place_of(affine: Affine, declared: Declared, size: tuple[int, int], near: Locality | None) -> RasterPlace:
    """How a raster of that size is placed; its placing may say that it cannot be."""
    wide, high = size
    middle = moved(affine, [(wide / 2, high / 2)])
    return RasterPlace(affine, placing_of(declared, shapely.points(middle), near))


def _by_tags(picture: TiffPicture) -> Affine | None:
    matrix = picture.numbers(MATRIX)
    scale, tie = picture.numbers(PIXEL_SCALE), picture.numbers(TIE_POINTS)
    if len(matrix) == _MATRIX_NUMBERS:
        made = (matrix[0], matrix[1], matrix[3], matrix[4], matrix[5], matrix[7])
    elif len(scale) > 1 and len(tie) == _TIE_NUMBERS:
        column, row, _z, east, north, _up = tie
        made = (scale[0], 0.0, east - column * scale[0], 0.0, -scale[1], north + row * scale[1])
    else:
        return None
    if _keys(picture).get(_POINT_KEY) == _PIXEL_IS_POINT:
        return _from_middles(made)
    return made


def _from_middles(affine: Affine) -> Affine:
    """What was said of the middles of pixels, said of their corners."""
    a, b, c, d, e, f = affine
    return a, b, c - (a + b) / 2, d, e, f - (d + e) / 2


def _by_world_file(path: Path) -> Affine | None:
    written = _beside(path, (*_WORLD.get(path.suffix.lower(), ()), ".wld"))
    if written is None:
        return None
    try:
        numbers = [float(line.replace(",", ".")) for line in written.split()[:_WORLD_LINES]]
    except ValueError:
        return None
    if len(numbers) < _WORLD_LINES:
        return None
    a, d, b, e, c, f = numbers
    return _from_middles((a, b, c, d, e, f))


def _by_keys(picture: TiffPicture) -> Declared:
    keys = _keys(picture)
    for key in (_PROJECTED_KEY, _GEOGRAPHIC_KEY):
        code = keys.get(key, 0)
        if isinstance(code, int) and 0 < code < _OWN:
            return declared_by_code(code)
    told = " ".join(str(keys[key]) for key in _CITATIONS if key in keys)
    written = _PE_STRING.search(told)
    if written is not None:
        return declared_by_wkt(written[1])
    return declared_by_name(told)


def _keys(picture: TiffPicture) -> dict[int, int | str]:
    """The keys of a GeoTIFF: numbers, and texts out of their own tag."""
    numbers = picture.numbers(GEO_KEYS)
    texts = picture.tags.get(GEO_TEXTS, b"")
    found: dict[int, int | str] = {}
    records = (numbers[start : start + 4] for start in range(4, len(numbers) - 3, 4))
    for key, place, count, value in records:
        if place == 0:
            found[int(key)] = int(value)
        elif place == GEO_TEXTS and isinstance(texts, bytes):
            found[int(key)] = texts[value : value + count].decode("utf-8", "replace").strip("|\x00 ")
    return found


def _beside(path: Path, endings: tuple[str, ...]) -> str | None:
    """The text of the first file of that name with one of these endings, in small letters or capitals."""
    for ending in endings:
        for one in (path.with_suffix(ending), path.with_suffix(ending.upper())):
            if one.is_file():
                return one.read_bytes()[:_LONGEST].decode("utf-8", "replace")
    return None
