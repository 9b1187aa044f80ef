"""A GeoPackage by the driver's own SQLite: attributes and well-known bytes, the heads of the shapes read here."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import shapely

from gengdi_desktop.geo.declared import UNSAID, Declared, declared_by_code, declared_by_wkt
from gengdi_desktop.geo.layers import PORTION, Layer, Portion, cells_of
from gengdi_desktop.geo.refusals import refusal

_MAGIC: Final = b"GP"
_ENVELOPES: Final = (0, 32, 48, 48, 64)
_EMPTY: Final = 0x10
_LITTLE: Final = 0x01
_EXTENDED: Final = 0x20
_NO_NUMBERS: Final = frozenset({-1, 0})


class Head(NamedTuple):
    """What stands before the well-known bytes of a shape."""

    srs: int
    empty: bool
    length: int


def head_of(blob: bytes) -> Head | None:
    """The head of a shape of a GeoPackage; None where it is none."""
    if len(blob) < 8 or blob[:2] != _MAGIC:  # noqa: PLR2004  (magic, version, flags, system)
        return None
    flags = blob[3]
    envelope = flags >> 1 & 0x07
    if envelope >= len(_ENVELOPES) or flags & _EXTENDED:
        return None
    srs = struct.unpack_from("<i" if flags & _LITTLE else ">i", blob, 4)[0]
    return Head(srs, bool(flags & _EMPTY), 8 + _ENVELOPES[envelope])


def read_geopackage(path: Path) -> list[Layer]:
    """All layers of features; attributes without shapes are no layer.

    Raises:
        SurroundingsError: ``geopackage_damaged``, ``no_shapes``.
    """
    try:
        connection = sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)
        connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        # What the file's own views and triggers do must not matter: only its tables are read.
        connection.execute("PRAGMA trusted_schema = OFF")
        found = connection.execute(
            "SELECT c.table_name, coalesce(c.identifier, ''), g.column_name, g.srs_id FROM gpkg_contents c"
            " JOIN gpkg_geometry_columns g ON g.table_name = c.table_name"
            " WHERE c.data_type = 'features' ORDER BY c.table_name"
        ).fetchall()
        layers = [_layer(connection, *row) for row in found]
    except (sqlite3.Error, OverflowError):
        raise refusal("geopackage_damaged") from None
    if not layers:
        raise refusal("no_shapes")
    return layers


def _quoted(path: Path) -> str:
    return path.absolute().as_uri().removeprefix("file:")


def _layer(connection: sqlite3.Connection, table: str, name: str, column: str, srs: int) -> Layer:
    kind = connection.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({_name(table)})")]
    if kind is None or kind[0] != "table" or "VIRTUAL" in kind[1][:20].upper() or column not in columns:
        raise refusal("geopackage_damaged")
    attributes = tuple(one for one in columns if one != column)
    layer = Layer(name or table, attributes, _declared(connection, srs), iter(()))
    wanted = ", ".join(_name(one) for one in (column, *attributes))
    query = f"SELECT {wanted} FROM {_name(table)}"  # noqa: S608  (the file's own names, quoted)
    layer.portions = _portions(layer, connection, query)
    return layer


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _declared(connection: sqlite3.Connection, srs: int) -> Declared:
    if srs in _NO_NUMBERS:
        return UNSAID
    found = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (srs,)
    ).fetchone()
    if found is None:
        return UNSAID
    organization, code, definition = found
    if str(organization).upper() == "EPSG" and isinstance(code, int):
        return declared_by_code(code)
    return declared_by_wkt(str(definition or ""))


def _portions(layer: Layer, connection: sqlite3.Connection, query: str) -> Iterator[Portion]:
    with contextlib.closing(connection.cursor()) as cursor:
        try:
            cursor.execute(query)
            while some := cursor.fetchmany(PORTION):
                yield Portion([_row(values[1:]) for values in some], _shapes(layer, [values[0] for values in some]))
        except sqlite3.Error:
            raise refusal("geopackage_damaged") from None


def _row(values: tuple[object, ...]) -> tuple[str, list[str]]:
    if bytes in set(map(type, values)):
        values = tuple(None if isinstance(value, bytes) else value for value in values)
    return cells_of(values)


def _shapes(layer: Layer, blobs: list[Any]) -> Any:
    raw: list[bytes | None] = []
    for blob in blobs:
        head = head_of(blob) if isinstance(blob, bytes) else None
        if head is None:
            layer.losses["null" if blob is None else "damaged"] += 1
        elif head.empty:
            layer.losses["null"] += 1
        raw.append(None if head is None or head.empty else blob[head.length :])
    found = shapely.from_wkb(np.array(raw, dtype=object), on_invalid="ignore")
    lost = sum(shape is None and data is not None for shape, data in zip(found, raw, strict=True))
    layer.losses["damaged"] += lost
    return found
