"""Plots as files of shapes for other programs: GeoPackage, GeoJSON, KML, and places for phones as GPX."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import orjson
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gengdi_desktop.geo.numbers import Point, to_float
from gengdi_desktop.geo.systems import GEOGRAPHIC_CODE, WGS84_CODE

FRAME: Final = "坐标是 2000 国家大地坐标系的经纬度，和 WGS 84 相差不到 1 米。"
"""What each file says of its coordinates."""

_GPKG_ID: Final = 0x47504B47
_GPKG_VERSION: Final = 10300
_LITTLE_WITH_BOX: Final = 0x03
_DECIMALS: Final = 9
_LINE_WIDTH: Final = 2
_FILL: Final = "66"


@dataclass(frozen=True, slots=True)
class Placed:
    """One plot to be written.

    Args:
        name: What a map shows beside it.
        group: The folder it stands in.
        style: Key of its colour.
        values: One text or whole number for each field.
        shape: Its outline in degrees; None where there is none.
        point: Its middle; None where nobody knows its place.
    """

    name: str
    group: str
    style: str
    values: Sequence[str | int | None]
    shape: BaseGeometry | None
    point: Point | None

    @property
    def geometry(self) -> BaseGeometry | None:
        """The outline, else the middle; None where there is neither."""
        if self.shape is not None or self.point is None:
            return self.shape
        return shapely.Point(to_float(self.point.longitude), to_float(self.point.latitude))


def geopackage(layer: str, fields: Sequence[str], plots: Iterable[Placed], at: datetime) -> bytes:
    """A GeoPackage of one layer on CGCS2000; the same plots and time give the same bytes."""
    with sqlite3.connect(":memory:") as db:
        db.execute(f"PRAGMA application_id = {_GPKG_ID}")
        db.execute(f"PRAGMA user_version = {_GPKG_VERSION}")
        db.executescript(_GPKG_TABLES)
        db.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _systems())
        columns = "".join(f", {_name(field)} TEXT" for field in fields)
        db.execute(f"CREATE TABLE {_name(layer)} (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom GEOMETRY{columns})")
        marks = ", ".join("?" * (len(fields) + 1))
        boxes = []
        names = "".join(f", {_name(one)}" for one in fields)
        insert = f"INSERT INTO {_name(layer)} (geom{names}) VALUES ({marks})"  # noqa: S608  (names of our own, quoted)
        for one in plots:
            geometry = one.geometry
            if geometry is not None:
                boxes.append(geometry.bounds)
            db.execute(insert, (None if geometry is None else _blob(geometry), *one.values))
        box = shapely.total_bounds([shapely.box(*one) for one in boxes]) if boxes else (None,) * 4
        stamp = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        db.execute(
            "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
            (layer, layer, FRAME, stamp, *(None if side is None else float(side) for side in box), GEOGRAPHIC_CODE),
        )
        db.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?, 0, 0)", (layer, GEOGRAPHIC_CODE)
        )
        db.commit()
        return db.serialize()


def geojson(layer: str, fields: Sequence[str], plots: Iterable[Placed]) -> bytes:
    """A GeoJSON collection as its standard asks: longitude before latitude, outer rings anticlockwise."""
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(fields, one.values, strict=True)),
            "geometry": None if one.geometry is None else _mapping(one.geometry),
        }
        for one in plots
    ]
    return orjson.dumps({"type": "FeatureCollection", "name": layer, "description": FRAME, "features": features})


def kml(layer: str, fields: Sequence[str], plots: Iterable[Placed], styles: Mapping[str, str]) -> bytes:
    """A KML document with a folder for each group.

    Args:
        layer: Its title.
        fields: Names of the values.
        plots: In the order of their groups.
        styles: Colour of each style as ``RRGGBB``.
    """
    return "".join(_kml_lines(layer, fields, plots, styles)).encode("utf-8")


def gpx(layer: str, plots: Iterable[Placed], at: datetime) -> bytes:
    """Middles of plots as way points, for the maps of phones; plots of unknown place are left out."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="gengdi-desktop" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<metadata><name>{_text(layer)}</name><desc>{FRAME}</desc>"
        f"<time>{at.strftime('%Y-%m-%dT%H:%M:%SZ')}</time></metadata>\n"
    )
    lines = [
        f'<wpt lat="{_degrees(one.point.latitude)}" lon="{_degrees(one.point.longitude)}">'
        f"<name>{_text(one.name)}</name><desc>{_text(one.style)}</desc></wpt>\n"
        for one in plots
        if one.point is not None
    ]
    return "".join([head, *lines, "</gpx>\n"]).encode("utf-8")


# --------------------------------------------------------------------------------------------------------- GeoPackage

_GPKG_TABLES: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
"""


def _systems() -> Iterator[tuple[str, int, str, int, str, str]]:
    yield "Undefined Cartesian SRS", -1, "NONE", -1, "undefined", ""
    yield "Undefined geographic SRS", 0, "NONE", 0, "undefined", ""
    for code in (WGS84_CODE, GEOGRAPHIC_CODE):
        crs = CRS.from_epsg(code)
        yield crs.name, code, "EPSG", code, str(crs.to_wkt("WKT1_GDAL")), ""


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _blob(shape: BaseGeometry) -> bytes:
    """A shape with its head: little ends first, and the box that lets other programs skip it."""
    west, south, east, north = shape.bounds
    head = b"GP\x00" + bytes([_LITTLE_WITH_BOX]) + struct.pack("<i4d", GEOGRAPHIC_CODE, west, east, south, north)
    return head + bytes(shapely.to_wkb(shape, output_dimension=2, byte_order=1))


# ------------------------------------------------------------------------------------------------------------- JSON


def _mapping(shape: BaseGeometry) -> dict[str, object]:
    turned = shapely.orient_polygons(shape, exterior_cw=False)
    return dict(shapely.geometry.mapping(turned))


# -------------------------------------------------------------------------------------------------------- XML


def _kml_lines(layer: str, fields: Sequence[str], plots: Iterable[Placed], styles: Mapping[str, str]) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
        f"<name>{_text(layer)}</name><description>{FRAME}</description>\n"
    )
    for key, colour in styles.items():
        turned = colour[4:6] + colour[2:4] + colour[0:2]
        yield (
            f"<Style id={quoteattr(key)}><LineStyle><color>ff{turned}</color><width>{_LINE_WIDTH}</width></LineStyle>"
            f"<PolyStyle><color>{_FILL}{turned}</color></PolyStyle></Style>\n"
        )
    for group, some in groupby(plots, key=lambda one: one.group):
        yield f"<Folder><name>{_text(group)}</name>\n"
        for one in some:
            yield _placemark(fields, one)
        yield "</Folder>\n"
    yield "</Document></kml>\n"


def _placemark(fields: Sequence[str], one: Placed) -> str:
    data = "".join(
        f"<Data name={quoteattr(field)}><value>{_text(str(value))}</value></Data>"
        for field, value in zip(fields, one.values, strict=True)
        if value not in {"", None}
    )
    drawn = "" if one.geometry is None else _drawn(one.geometry)
    return (
        f"<Placemark><name>{_text(one.name)}</name><styleUrl>#{_text(one.style)}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>{drawn}</Placemark>\n"
    )


def _drawn(shape: BaseGeometry) -> str:
    if isinstance(shape, shapely.Point):
        return f"<Point><coordinates>{_pairs([shape.coords[0]])}</coordinates></Point>"
    faces = "".join(_face(face) for face in shapely.get_parts([shape]))
    return faces if shape.geom_type == "Polygon" else f"<MultiGeometry>{faces}</MultiGeometry>"


def _face(face: shapely.Polygon) -> str:
    turned = shapely.orient_polygons(face, exterior_cw=False)
    holes = "".join(f"<innerBoundaryIs>{_ring(hole)}</innerBoundaryIs>" for hole in turned.interiors)
    return f"<Polygon><outerBoundaryIs>{_ring(turned.exterior)}</outerBoundaryIs>{holes}</Polygon>"


def _ring(ring: shapely.LinearRing) -> str:
    return f"<LinearRing><coordinates>{_pairs(ring.coords)}</coordinates></LinearRing>"


def _pairs(places: Iterable[tuple[float, ...]]) -> str:
    return " ".join(f"{place[0]:.{_DECIMALS}f},{place[1]:.{_DECIMALS}f}" for place in places)


def _degrees(value: int) -> str:
    return f"{to_float(value):.{_DECIMALS}f}"


def _text(text: str) -> str:
    """A text for XML, without the characters that it cannot hold."""
    return escape("".join(mark for mark in text if mark in "\t\n\r" or (mark >= " " and mark not in "\ufffe\uffff")))
