"""A shapefile: shapes, attributes, coordinate system and coding from the files of one name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from gengdi_desktop.geo.dbf import Table
from gengdi_desktop.geo.declared import declared_by_wkt
from gengdi_desktop.geo.layers import PORTION, Layer, Portion
from gengdi_desktop.geo.refusals import refusal
from gengdi_desktop.geo.shp import Shapes

PARTS: Final = (".dbf", ".prj", ".cpg")
_NAMES: Final = {"utf-8": "UTF-8", "gb18030": "GBK"}


def read_shapefile(path: Path, name: str = "") -> Layer:
    """The one layer of a shapefile.

    Args:
        path: Its ``.shp``; the other files lie beside it, whatever the case of their endings.
        name: What the layer is called; its file's stem where none is given.

    Raises:
        SurroundingsError: Files are missing, damaged or do not belong together.
    """
    beside = _beside(path)
    if ".dbf" not in beside:
        raise refusal("dbf_missing")
    shapes = Shapes(path.read_bytes())
    coding = _text_of(beside.get(".cpg"))
    table = Table(beside[".dbf"].read_bytes(), coding)
    if table.count != shapes.count:
        raise refusal("counts_differ")
    layer = Layer(name or path.stem, table.fields, declared_by_wkt(_text_of(beside.get(".prj"))), iter(()))
    layer.portions = _portions(layer, shapes, table)
    if table.guessed and table.foreign:
        layer.notes.append(_coding_note(table, coding))
    return layer


def _portions(layer: Layer, shapes: Shapes, table: Table) -> Iterator[Portion]:
    deleted = table.deleted
    for first in range(0, table.count, PORTION):
        last = min(first + PORTION, table.count)
        rows, some = table.rows(first, last), shapes.some(first, last)
        if any(deleted[first:last]):
            kept = [at for at in range(last - first) if not deleted[first + at]]
            rows, some = [rows[at] for at in kept], some[np.array(kept, dtype=int)]
        yield Portion(rows, some)
    layer.losses.update(shapes.losses)
    if any(deleted):
        told = f"属性表里有 {sum(deleted)} 个图斑做了删除标记，没有读。"
        layer.notes.append(("records_deleted", told))
    if table.broken_texts:
        told = f"属性表里有 {table.broken_texts} 处文字读不通，可能是导出时已经坏了，请核对。"
        layer.notes.append(("texts_broken", told))


def _coding_note(table: Table, said: str) -> tuple[str, str]:
    why = f"编码说明（.cpg）写的“{said.strip()}”读不通" if said.strip() else "没有编码说明（.cpg）"
    return "coding_tried", f"{why}，试下来按 {_NAMES[table.coding]} 读文字，请看一眼村名对不对。"


def _beside(path: Path) -> dict[str, Path]:
    stem = path.stem.casefold()
    return {
        one.suffix.lower(): one
        for one in sorted(path.parent.iterdir())
        if one.suffix.lower() in PARTS and one.stem.casefold() == stem and one.is_file()
    }


def _text_of(path: Path | None) -> str:
    if path is None:
        return ""
    return path.read_bytes()[:20_000].decode("utf-8", errors="replace")
