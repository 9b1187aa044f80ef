"""A file geodatabase, read by pyogrio where a person has installed it; told in one sentence where not."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gengdi_desktop.geo.declared import UNSAID, Declared, declared_by_code, declared_by_wkt
from gengdi_desktop.geo.layers import PORTION, Layer, Portion, cells_of
from gengdi_desktop.geo.refusals import refusal


def read_filegdb(path: Path) -> list[Layer]:
    """All layers of features of a file geodatabase.

    Raises:
        SurroundingsError: ``gdb_not_here``, ``gdb_damaged``, ``no_shapes``.
    """
    if importlib.util.find_spec("pyogrio") is None:
        raise refusal("gdb_not_here")
    pyogrio = importlib.import_module("pyogrio")
    raw = importlib.import_module("pyogrio.raw")
    try:
        names = [str(name) for name, kind in pyogrio.list_layers(path) if kind]
        layers = [_layer(raw, path, name) for name in names]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        raise refusal("gdb_damaged") from None
    if not layers:
        raise refusal("no_shapes")
    return layers


def _layer(raw: Any, path: Path, name: str) -> Layer:
    meta, _ids, geometry, columns = raw.read(path, layer=name, force_2d=True)
    layer = Layer(name, tuple(str(one) for one in meta["fields"]), _declared(str(meta["crs"] or "")), iter(()))
    layer.portions = _portions(layer, geometry, columns)
    return layer


def _declared(crs: str) -> Declared:
    if crs.upper().startswith("EPSG:") and crs[5:].isdigit():
        return declared_by_code(int(crs[5:]))
    return declared_by_wkt(crs) if crs else UNSAID


def _portions(layer: Layer, geometry: Any, columns: list[Any]) -> Iterator[Portion]:
    for first in range(0, len(geometry), PORTION):
        shapes = shapely.from_wkb(geometry[first : first + PORTION], on_invalid="ignore")
        layer.losses["null"] += sum(shape is None for shape in shapes)
        rows = [_row(values) for values in zip(*(one[first : first + PORTION] for one in columns), strict=True)]
        yield Portion(rows, shapes)


def _row(values: tuple[Any, ...]) -> tuple[str, list[str]]:
    return cells_of([_plain(value) for value in values])


def _plain(value: Any) -> object:
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value)[:10]
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and plain != plain else plain  # noqa: PLR0124  (what is not a number)
