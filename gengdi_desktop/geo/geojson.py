"""A GeoJSON file: one layer with all properties that any feature has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import shapely

from gengdi_desktop.geo.declared import UNSAID, Declared, declared_by_code
from gengdi_desktop.geo.layers import PORTION, Layer, Portion, cells_of
from gengdi_desktop.geo.refusals import refusal

_CODE: Final = re.compile(r"EPSG:+(?:[\d.]*:)?(\d{4,6})$", re.IGNORECASE)
_MOST_FIELDS: Final = 1000


def read_geojson(path: Path) -> Layer:
    """The one layer of a GeoJSON file; the coding may be UTF-8 or GBK.

    Raises:
        SurroundingsError: ``json_damaged``, ``no_shapes``.
    """
    found = _parsed(path.read_bytes())
    if not isinstance(found, dict):
        raise refusal("no_shapes")
    features = found.get("features") if found.get("type") == "FeatureCollection" else [found]
    if not isinstance(features, list) or (found.get("type") == "Feature") < ("features" not in found):
        raise refusal("no_shapes")
    if not all(isinstance(one, dict) for one in features):
        raise refusal("json_damaged")
    fields: dict[str, None] = {}
    for one in features:
        fields.update(dict.fromkeys(_properties(one)))
    if len(fields) > _MOST_FIELDS:
        raise refusal("too_many_cells")
    layer = Layer(str(found.get("name") or path.stem), tuple(fields), _declared(found), iter(()))
    layer.portions = _portions(layer, features)
    return layer


def _parsed(data: bytes) -> Any:
    for coding in ("utf-8-sig", "gb18030"):
        try:
            return orjson.loads(data.decode(coding))
        except UnicodeDecodeError:
            continue
        except (orjson.JSONDecodeError, RecursionError):
            break
    raise refusal("json_damaged")


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _declared(found: dict[str, Any]) -> Declared:
    """By the rule longitude and latitude on WGS 84; older files name their own system."""
    crs = found.get("crs")
    name = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else ""
    match = _CODE.search(str(name))
    return declared_by_code(int(match[1])) if match else UNSAID


def _portions(layer: Layer, features: list[dict[str, Any]]) -> Iterator[Portion]:
    for first in range(0, len(features), PORTION):
        some = features[first : first + PORTION]
        shapes = np.full(len(some), None, dtype=object)
        shapes[:] = [_shape(layer, one.get("geometry")) for one in some]
        yield Portion([_row(layer.fields, _properties(one)) for one in some], shapes)


def _row(fields: tuple[str, ...], properties: dict[str, Any]) -> tuple[str, list[str]]:
    return cells_of([_plain(properties.get(name)) for name in fields])


def _plain(value: Any) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _shape(layer: Layer, geometry: Any) -> Any:
    if not geometry:
        layer.losses["null"] += 1
        return None
    try:
        shape = shapely.geometry.shape(geometry)
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        layer.losses["damaged"] += 1
        return None
    if shape.is_empty:
        layer.losses["null"] += 1
        return None
    return shape
