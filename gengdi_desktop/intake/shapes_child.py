"""What runs in the child for files of shapes: attributes spooled as sheets, outlines into a file beside the spool."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.geo.numbers import NANO, Point
from gengdi_desktop.intake.shape_heads import CENTRE_HEADS, full_heads
from gengdi_desktop.intake.shape_records import packed
from gengdi_desktop.sheets.formats import TableFormat
from gengdi_desktop.sheets.spooling import SheetSpooler
from gengdi_desktop.system.child import Write

FIRST_ROW = 2
"""The first feature of a layer; row 1 holds the names of the attributes."""

_NO_SHAPES = ("null", "damaged", "line")
_LOST = {
    "null": "{count} 个图斑没有图形，属性照样读。",
    "damaged": "{count} 个图斑的图形坏了，没有读它们的边界，属性照样读。",
    "line": "{count} 个图斑的图形不是面，没有读成边界，属性照样读。",
    "far": "{count} 个图斑的图形离{name}太远，没有读它们的边界，请核对坐标系。",
    "fine": "{count} 个图斑的折点太多，没有读它们的边界，属性照样读。",
    "crossed": "{count} 个图斑的边界自己相交，原样保留；比对位置和面积时按修补后的算。",
}


def read(arguments: Mapping[str, Any], write: Write) -> None:
    """Read the file ``path`` within ``cells`` and ``unpacked_bytes``.

    Outlines go to the file ``outlines``, what a person should know of each layer to ``notes``; what is unpacked lies
    in ``folder``. ``near`` is name, longitude, latitude and reach of the county, or null.

    Raises:
        SurroundingsError: For everything that holds no readable shapes.
    """
    # One thread is enough for these sums; each more would take its share of the memory that the child may have.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from gengdi_desktop.geo.readers import read_layers
    from gengdi_desktop.geo.refusals import refusal

    near = arguments["near"]
    place = Locality(near[0], Point(near[1], near[2]), near[3]) if near else None
    spooler = SheetSpooler(write, arguments["cells"])
    told: list[dict[str, Any]] = []
    features = 0
    with Path(arguments["outlines"]).open("wb") as outlines:
        layers = read_layers(Path(arguments["path"]), Path(arguments["folder"]), arguments["unpacked_bytes"])
        for position, layer in enumerate(layers):
            reader = _LayerReader(layer, position, place, outlines)
            features += reader.spool(spooler)
            told.append({"layer": layer.name, "crs": reader.crs, "notes": reader.notes(), "outlines": reader.outlines})
    if not features:
        raise refusal("no_features")
    Path(arguments["notes"]).write_bytes(orjson.dumps(told))
    write({"format": TableFormat.SHAPES.value})


class _LayerReader:
    """Spools one layer."""

    def __init__(self, layer: Any, position: int, near: Locality | None, outlines: IO[bytes]) -> None:
        self._layer, self._position, self._near, self._file = layer, position, near, outlines
        self._lost: dict[str, int] = {}
        self._placing: Any = None
        self.outlines = 0
        self.crs = ""

    def spool(self, spooler: SheetSpooler) -> int:
        """Write header and rows; says how many features there were."""
        import shapely

        portions: Iterator[Any] = self._layer.portions
        first = next(portions, None)
        points = first is not None and bool((shapely.get_type_id(first.shapes) == shapely.GeometryType.POINT).any())
        heads = [*full_heads(self._layer.fields), *(CENTRE_HEADS if points else ())]
        spooler.row(1, "t" * len(heads), heads)
        row = FIRST_ROW
        while first is not None:
            if first.rows:
                self._spool_portion(spooler, first, row, points=points)
            row += len(first.rows)
            first = next(portions, None)
        spooler.end_sheet(self._layer.name)
        return row - FIRST_ROW

    def notes(self) -> list[list[str]]:
        """Codes and sentences for a person."""
        found = [list(note) for note in self._layer.notes]
        if self._placing is not None:
            found += [list(note) for note in self._placing.notes]
        lost = self._lost | {reason: self._layer.losses[reason] for reason in _NO_SHAPES}
        name = self._near.name if self._near is not None else ""
        return found + [
            [f"shapes_{reason}", text.format(count=lost[reason], name=name)]
            for reason, text in _LOST.items()
            if lost.get(reason)
        ]

    def _spool_portion(self, spooler: SheetSpooler, portion: Any, first_row: int, *, points: bool) -> None:
        degrees = self._placed(portion.shapes)
        rows = portion.rows
        if points:
            rows = [
                (f"{kinds}tt", [*texts, *_centre(shape)]) for (kinds, texts), shape in zip(rows, degrees, strict=True)
            ]
        numbers = range(first_row, first_row + len(rows))
        spooler.rows(numbers, [kinds for kinds, _ in rows], [texts for _, texts in rows])
        self._keep(degrees, numbers)

    def _placed(self, shapes: Any) -> Any:
        """The shapes in degrees; None where they have none, or cannot be placed."""
        import numpy as np

        from gengdi_desktop.geo.placing import far_away, placing_of

        if self._placing is None:
            found = placing_of(self._layer.declared, shapes, self._near)
            if found.placed or found.notes:
                self._placing, self.crs = found, found.crs
        if self._placing is None or not self._placing.placed:
            return np.full(len(shapes), None, dtype=object)
        degrees = self._placing.to_degrees(shapes)
        far = far_away(degrees, self._near)
        self._lose("far", int(far.sum()))
        degrees[far] = None
        return degrees

    def _keep(self, degrees: Any, numbers: Sequence[int]) -> None:
        """Write the outlines among the shapes, with their areas and boxes."""
        import numpy as np
        import shapely

        from gengdi_desktop.geo.areas import ellipsoidal_areas
        from gengdi_desktop.geo.outlines import MOST_VERTICES, polygons_of

        kinds = shapely.get_type_id(degrees)
        faces = (kinds == shapely.GeometryType.POLYGON) | (kinds == shapely.GeometryType.MULTIPOLYGON)
        fine = shapely.get_num_coordinates(degrees) > MOST_VERTICES
        self._lose("fine", int((faces & fine).sum()))
        chosen = np.flatnonzero(faces & ~fine & ~shapely.is_empty(degrees))
        self._lose("line", int((~faces & (kinds != shapely.GeometryType.POINT) & (kinds >= 0)).sum()))
        if not len(chosen):
            return
        shapes = degrees[chosen]
        crossed = ~shapely.is_valid(shapes)
        self._lose("crossed", int(crossed.sum()))
        sound = shapes.copy()
        for place in np.flatnonzero(crossed).tolist():
            sound[place] = polygons_of(shapes[place])
        areas = ellipsoidal_areas(sound)
        boxes = np.rint(shapely.bounds(shapes) * NANO).astype(np.int64)
        data = shapely.to_wkb(shapes, output_dimension=2, byte_order=1)
        for at, place in enumerate(chosen.tolist()):
            self._file.write(packed(self._position, numbers[place], int(areas[at]), boxes[at].tolist(), data[at]))
        self.outlines += len(chosen)

    def _lose(self, reason: str, count: int) -> None:
        self._lost[reason] = self._lost.get(reason, 0) + count


def _centre(shape: Any) -> tuple[str, str]:
    if shape is None or shape.geom_type != "Point" or shape.is_empty:
        return "", ""
    return f"{shape.x:.9f}", f"{shape.y:.9f}"
