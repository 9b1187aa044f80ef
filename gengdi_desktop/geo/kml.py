"""KML and KMZ: placemarks of all folders as one layer; entities and addresses of the net are never followed."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml
import numpy as np
import shapely
from defusedxml.ElementTree import fromstring

from gengdi_desktop.geo.archives import true_name
from gengdi_desktop.geo.declared import declared_by_code
from gengdi_desktop.geo.layers import PORTION, TEXT, Layer, Portion
from gengdi_desktop.geo.refusals import refusal
from gengdi_desktop.geo.systems import WGS84_CODE

NAME_FIELD: Final = "name"
_MOST_FIELDS: Final = 1000
_FEWEST_CORNERS: Final = 3


def read_kml(path: Path) -> Layer:
    """The placemarks of a KML file.

    Raises:
        SurroundingsError: ``kml_damaged``.
    """
    return _layer(path.read_bytes(), path.stem)


def read_kmz(path: Path, limit: int) -> Layer:
    """The placemarks of the document in a KMZ: the one that stands nearest to the top, whatever else is packed.

    Raises:
        SurroundingsError: ``zip_damaged``, ``zip_locked``, ``unpacks_too_large``, ``no_shapes``, ``kml_damaged``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            documents = [one for one in archive.infolist() if one.filename.lower().endswith(".kml")]
            if not documents:
                raise refusal("no_shapes")
            first = min(documents, key=lambda one: (one.filename.count("/"), true_name(one).lower() != "doc.kml"))
            if first.flag_bits & 0x1:
                raise refusal("zip_locked")
            with archive.open(first) as packed:
                data = packed.read(limit + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error):
        raise refusal("zip_damaged") from None
    if len(data) > limit:
        raise refusal("unpacks_too_large")
    return _layer(data, path.stem)


def _layer(data: bytes, name: str) -> Layer:
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, defusedxml.DefusedXmlException, ValueError, LookupError):
        raise refusal("kml_damaged") from None
    marks = [one for one in root.iter() if _tag(one) == "Placemark"]
    attributes = [_attributes(mark) for mark in marks]
    fields: dict[str, None] = {}
    for one in attributes:
        fields.update(dict.fromkeys(one))
    if len(fields) > _MOST_FIELDS:
        raise refusal("too_many_cells")
    title = next((one.text for one in root.iter() if _tag(one) == "name" and one.text), "") or ""
    layer = Layer(title.strip() or name, tuple(fields), declared_by_code(WGS84_CODE), iter(()))
    layer.portions = _portions(layer, marks, attributes)
    return layer


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]  # of a remark the tag is a function


def _child(element: Element, tag: str) -> Element | None:
    return next((one for one in element if _tag(one) == tag), None)


def _attributes(mark: Element) -> dict[str, str]:
    """What a placemark says in either of the two ways that programs have; its name where nothing else has that name."""
    found: dict[str, str] = {}
    title = _child(mark, "name")
    if title is not None and (title.text or "").strip():
        found[NAME_FIELD] = (title.text or "").strip()
    extended = _child(mark, "ExtendedData")
    for one in extended.iter() if extended is not None else ():
        if _tag(one) == "SimpleData":
            found[one.get("name", "")] = (one.text or "").strip()
        elif _tag(one) == "Data":
            value = _child(one, "value")
            found[one.get("name", "")] = (value.text or "").strip() if value is not None else ""
    found.pop("", None)
    return found


def _portions(layer: Layer, marks: list[Element], attributes: list[dict[str, str]]) -> Iterator[Portion]:
    kinds = TEXT * len(layer.fields)
    for first in range(0, len(marks), PORTION):
        last = min(first + PORTION, len(marks))
        rows = [(kinds, [one.get(name, "") for name in layer.fields]) for one in attributes[first:last]]
        shapes = np.full(last - first, None, dtype=object)
        shapes[:] = [_shape(layer, mark) for mark in marks[first:last]]
        yield Portion(rows, shapes)


def _shape(layer: Layer, mark: Element) -> Any:
    faces = [one for one in mark.iter() if _tag(one) == "Polygon"]
    try:
        if faces:
            parts = [_polygon(one) for one in faces]
            return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
        point = next((one for one in mark.iter() if _tag(one) == "Point"), None)
        if point is not None:
            return shapely.Point(_pairs(point)[0])
    except (ValueError, IndexError, shapely.errors.ShapelyError):
        layer.losses["damaged"] += 1
        return None
    layer.losses["line" if any(_tag(one) == "LineString" for one in mark.iter()) else "null"] += 1
    return None


def _polygon(face: Element) -> shapely.Polygon:
    rings: dict[str, list[list[tuple[float, float]]]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
    for side in face:
        if _tag(side) in rings:
            rings[_tag(side)] += [_pairs(ring) for ring in side.iter() if _tag(ring) == "LinearRing"]
    outer, *more = rings["outerBoundaryIs"]
    if more or any(len(ring) < _FEWEST_CORNERS for ring in (outer, *rings["innerBoundaryIs"])):
        raise ValueError("not a polygon")
    return shapely.Polygon(outer, rings["innerBoundaryIs"])


def _pairs(element: Element) -> list[tuple[float, float]]:
    """The places of the first coordinates below an element: longitude, latitude, and a height that is left out."""
    found = next((one for one in element.iter() if _tag(one) == "coordinates"), None)
    parts = [one.split(",") for one in ((found.text if found is not None else "") or "").split()]
    return [(float(part[0]), float(part[1])) for part in parts]
