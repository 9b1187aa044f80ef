"""The door to files of shapes: told by their content, read layer by layer. Runs in a child process with limits."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

from gengdi_desktop.geo.archives import names_of, unpack
from gengdi_desktop.geo.layers import Layer
from gengdi_desktop.geo.refusals import refusal

ENDINGS: Final = (".shp", ".zip", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".gdb")
"""What people choose; the other files of a shapefile lead to it."""

_SIDE_ENDINGS: Final = frozenset({".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".gdbtable"})
_SHP: Final = b"\x00\x00\x27\x0a"
_ZIP: Final = b"PK\x03\x04"
_SQLITE: Final = b"SQLite format 3\x00"
_START: Final = 4096


class ShapeFormat(StrEnum):
    """What is read."""

    SHAPEFILE = "shp"
    GEOPACKAGE = "gpkg"
    GEOJSON = "geojson"
    KML = "kml"
    KMZ = "kmz"
    FILEGDB = "gdb"
    ZIP = "zip"


def is_shapes(path: Path) -> bool:
    """Whether a file is one of shapes and no table: by its content, and by its ending where the content is silent."""
    if path.is_dir():
        return path.suffix.lower() == ".gdb"
    if path.suffix.lower() in {*ENDINGS, *_SIDE_ENDINGS} - {".zip"}:
        return True
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError:
        return False
    if start.startswith((_SHP, _SQLITE)):
        return True
    if path.suffix.lower() == ".zip":
        return not start.startswith(_ZIP) or not any(name.startswith("xl/") for name in _safe_names(path))
    return False


def _safe_names(path: Path) -> tuple[str, ...]:
    try:
        return names_of(path)
    except Exception:  # noqa: BLE001  (whatever is wrong with it is told where it is read)
        return ()


def detect(path: Path) -> ShapeFormat:
    """The format by content.

    Raises:
        SurroundingsError: ``file_missing``, ``file_empty``, ``no_shapes``, ``shp_missing``.
    """
    ending = path.suffix.lower()
    if path.is_dir() or ending == ".gdbtable":
        return ShapeFormat.FILEGDB
    if not path.exists():
        raise refusal("file_missing")
    with path.open("rb") as file:
        start = file.read(_START)
    if not start:
        raise refusal("file_empty")
    found = _by_content(path, start) or (ShapeFormat.SHAPEFILE if ending == ".shp" else None)
    if found is None:
        raise refusal(_BROKEN.get(ending, "no_shapes"))
    return found


_BROKEN: Final = {".gpkg": "geopackage_damaged", ".zip": "zip_damaged", ".kmz": "zip_damaged"} | dict.fromkeys(
    _SIDE_ENDINGS, "shp_missing"
)


def _by_content(path: Path, start: bytes) -> ShapeFormat | None:
    if start.startswith(_ZIP):
        return ShapeFormat.KMZ if _is_kmz(path) else ShapeFormat.ZIP
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    marks = (
        (start, _SQLITE, ShapeFormat.GEOPACKAGE),
        (start, _SHP, ShapeFormat.SHAPEFILE),
        (text, b"<", ShapeFormat.KML),
        (text, (b"{", b"["), ShapeFormat.GEOJSON),
    )
    return next((found for data, mark, found in marks if data.startswith(mark)), None)


def _is_kmz(path: Path) -> bool:
    endings = {Path(name).suffix.lower() for name in names_of(path)}
    return ".kml" in endings and not endings & {".shp", ".gpkg", ".gdbtable"}


def shapefile_of(path: Path) -> Path:
    """The ``.shp`` that a chosen side file belongs to; the file itself where it is none."""
    if path.suffix.lower() not in _SIDE_ENDINGS or path.suffix.lower() == ".gdbtable":
        return path
    for ending in (".shp", ".SHP", ".Shp"):
        if path.with_suffix(ending).exists():
            return path.with_suffix(ending)
    return path


def read_layers(path: Path, folder: Path, limit: int) -> Iterator[Layer]:
    """The layers of a file, one after the other; each is to be read before the next is asked for.

    Args:
        path: The file, or the folder of a file geodatabase.
        folder: An empty folder for what is unpacked; the caller removes it.
        limit: So many bytes may come out of a packed file.

    Raises:
        SurroundingsError: One Chinese sentence for each reason.
    """
    layers = _layers(path, folder, limit)
    first = next(layers, None)
    if first is None:
        raise refusal("no_shapes")
    return itertools.chain([first], layers)


def _layers(path: Path, folder: Path, limit: int) -> Iterator[Layer]:
    # Each reader is imported only where it is needed: the child starts in a tenth of a second.
    match detect(path):
        case ShapeFormat.SHAPEFILE:
            from gengdi_desktop.geo.shapefiles import read_shapefile

            yield read_shapefile(path)
        case ShapeFormat.GEOPACKAGE:
            from gengdi_desktop.geo.geopackage import read_geopackage

            yield from read_geopackage(path)
        case ShapeFormat.GEOJSON:
            from gengdi_desktop.geo.geojson import read_geojson

            yield read_geojson(path)
        case ShapeFormat.KML:
            from gengdi_desktop.geo.kml import read_kml

            yield read_kml(path)
        case ShapeFormat.KMZ:
            from gengdi_desktop.geo.kml import read_kmz

            yield read_kmz(path, limit)
        case ShapeFormat.FILEGDB:
            from gengdi_desktop.geo.filegdb import read_filegdb

            yield from read_filegdb(path.parent if path.suffix.lower() == ".gdbtable" else path)
        case ShapeFormat.ZIP:
            yield from _packed(unpack(path, folder, limit), folder, limit)


def _packed(files: list[Path], folder: Path, limit: int) -> Iterator[Layer]:
    """All layers that a zip holds, in the order of their names; attributes without shapes are told."""
    databases = sorted({one.parent for one in files if one.suffix.lower() == ".gdbtable"})
    singles = sorted(one for one in files if one.suffix.lower() in {".shp", ".gpkg", ".geojson", ".json", ".kml"})
    if not databases and not singles:
        raise refusal("shp_missing" if any(one.suffix.lower() == ".dbf" for one in files) else "no_shapes")
    chosen: Iterable[Path] = (*databases, *(one for one in singles if one.parent not in databases))
    for one in chosen:
        yield from _layers(one, folder, limit)
