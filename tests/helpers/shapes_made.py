"""Files of shapes made for tests, each by something else than the readers under test."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapefile
import shapely
from pyproj import CRS, Transformer

Cell = str | int | float | None
Row = tuple[Cell, ...]


def square(x: float = 0, y: float = 0, width: float = 1, height: float = 1) -> shapely.Polygon:
    """A rectangle near 白圩乡 in steps of a thousandth of a degree (98 and 111 metres)."""
    west, south = 116.27 + x / 1000, 28.37 + y / 1000
    return shapely.box(west, south, west + width / 1000, south + height / 1000)


def in_zone(shape: shapely.Geometry, code: int) -> shapely.Geometry:
    """A shape in degrees as a zone has it."""
    if code in {4490, 4326}:
        return shape
    move = Transformer.from_crs(4490, code, always_xy=True).transform
    return shapely.transform(shape, lambda pairs: np.column_stack(move(pairs[:, 0], pairs[:, 1])))


def prj(code: int) -> str:
    """The text of a ``.prj``."""
    return str(CRS.from_epsg(code).to_wkt("WKT1_ESRI"))


def write_shp(
    path: Path,
    fields: Sequence[tuple[str, str, int, int]],
    rows: Sequence[Row],
    shapes: Sequence[shapely.Geometry | None],
    *,
    code: int | None = 4527,
    coding: str = "gbk",
    cpg: str | None = None,
) -> Path:
    """A shapefile by pyshp; names and texts in the coding, a ``.cpg`` only where one is given."""
    with shapefile.Writer(str(path), shapeType=shapefile.POLYGON, encoding=coding) as writer:
        for name, kind, width, decimals in fields:
            writer.field(name, kind, width, decimals)
        for row, shape in zip(rows, shapes, strict=True):
            if shape is None:
                writer.null()
            else:
                writer.shape(shapely.geometry.mapping(in_zone(shape, code or 4527)))
            writer.record(*row)
    if code is not None:
        path.with_suffix(".prj").write_text(prj(code), encoding="ascii")
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


class OldName(zipfile.ZipInfo):
    """An entry whose name is written in GBK, and nothing says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(path: Path, files: Sequence[Path], folder: str = "", coding: str = "utf-8") -> Path:
    """A zip of files; with GBK its names are written as old programs do, without saying so."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            name = f"{folder}{file.name}"
            entry = OldName(name) if coding == "gbk" else zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return path


def siblings(path: Path) -> list[Path]:
    """All files of a shapefile."""
    return sorted(path.parent.glob(f"{path.stem}.*"))


def write_gpkg(
    path: Path,
    fields: Sequence[tuple[str, str]],
    rows: Sequence[Row],
    shapes: Sequence[shapely.Geometry | None],
    *,
    code: int = 4527,
    layer: str = "DLTB",
    envelope: int = 1,
    big_end: bool = False,
) -> Path:
    """A GeoPackage with one layer, its heads with or without an envelope."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA application_id = 0x47504B47")
        db.executescript(
            "CREATE TABLE IF NOT EXISTS gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY,"
            " organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);"
            "CREATE TABLE IF NOT EXISTS gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT,"
            " srs_id INTEGER);"
            "CREATE TABLE IF NOT EXISTS gpkg_geometry_columns (table_name TEXT, column_name TEXT,"
            " geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);"
        )
        db.execute(
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, '')",
            (str(code), code, code, prj(code)),
        )
        columns = ", ".join(f'"{name}" {kind}' for name, kind in fields)
        db.execute(f'CREATE TABLE "{layer}" (fid INTEGER PRIMARY KEY, geom BLOB, {columns})')
        db.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?)", (layer, layer, code))
        db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POLYGON', ?, 0, 0)", (layer, code))
        marks = ", ".join("?" * (len(fields) + 1))
        db.executemany(
            f'INSERT INTO "{layer}" (geom, {", ".join(chr(34) + name + chr(34) for name, _ in fields)})'
            f" VALUES ({marks})",
            [
                (None if shape is None else blob(in_zone(shape, code), code, envelope, big_end=big_end), *row)
                for row, shape in zip(rows, shapes, strict=True)
            ],
        )
    db.close()
    return path


def blob(shape: shapely.Geometry, code: int, envelope: int = 1, *, big_end: bool = False) -> bytes:
    """A shape as a GeoPackage holds it."""
    order = ">" if big_end else "<"
    numbers = {0: 0, 1: 4, 2: 6, 3: 6, 4: 8}[envelope]
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    box = [west, east, south, north, 0.0, 0.0, 0.0, 0.0][:numbers]
    flags = (0 if big_end else 1) | envelope << 1 | (0x10 if shape.is_empty else 0)
    head = b"GP\x00" + bytes([flags]) + struct.pack(f"{order}i{numbers}d", code, *box)
    return head + bytes(shapely.to_wkb(shape, byte_order=0 if big_end else 1))


def write_geojson(path: Path, rows: Sequence[dict[str, Cell]], shapes: Sequence[shapely.Geometry | None]) -> Path:
    """A GeoJSON file in degrees."""
    features = [
        {"type": "Feature", "properties": row, "geometry": None if shape is None else shapely.geometry.mapping(shape)}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return path


def kml_text(rows: Sequence[dict[str, str]], shapes: Sequence[shapely.Polygon], *, schema: bool = False) -> str:
    """A KML document; attributes as ``SimpleData`` of a schema, else as ``Data``."""
    marks = []
    for row, shape in zip(rows, shapes, strict=True):
        if schema:
            inner = "".join(f'<SimpleData name="{key}">{value}</SimpleData>' for key, value in row.items())
            data = f'<SchemaData schemaUrl="#s">{inner}</SchemaData>'
        else:
            data = "".join(f'<Data name="{key}"><value>{value}</value></Data>' for key, value in row.items())
        corners = " ".join(f"{x:.9f},{y:.9f},0" for x, y in shape.exterior.coords)
        holes = "".join(
            "<innerBoundaryIs><LinearRing><coordinates>"
            + " ".join(f"{x:.9f},{y:.9f}" for x, y in hole.coords)
            + "</coordinates></LinearRing></innerBoundaryIs>"
            for hole in shape.interiors
        )
        marks.append(
            f"<Placemark><ExtendedData>{data}</ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>"
            f"{corners}</coordinates></LinearRing></outerBoundaryIs>{holes}</Polygon></Placemark>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>流出图斑</name><Folder>{''.join(marks)}</Folder></Document></kml>"
    )
