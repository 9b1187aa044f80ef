"""A list that comes as shapes: read like a table, its outlines compared with what it says, and what must be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from gengdi_desktop.domain.areas import MICRO, Area, percent_text
from gengdi_desktop.geo.localities import locality_of
from gengdi_desktop.geo.readers import is_shapes
from gengdi_desktop.intake.places import Home
from gengdi_desktop.intake.previews import ImportOptions, ImportPreview
from gengdi_desktop.intake.readings import Reading
from gengdi_desktop.intake.shape_records import OutlineRecord
from gengdi_desktop.intake.shapes import ShapesRead, read_shapes
from gengdi_desktop.sheets.cells import ForeignWorkbook
from gengdi_desktop.sheets.following import Follower
from gengdi_desktop.sheets.problems import Problem, column_letters
from gengdi_desktop.sheets.reader import read_workbook

_HEADER = (1, 1)
_TOLERATED = 75_000 * MICRO // 1_000_000  # 50 square metres
_PERCENT = 100
_TOLD = 200


def read_list(
    path: Path, home: Home, cancelled: Callable[[], bool] | None, follower: Follower | None = None
) -> tuple[ForeignWorkbook, ShapesRead | None]:
    """Read a file of shapes or a table, told by its content; of a table the rows can be followed.

    Raises:
        SurroundingsError: It can be read as neither.
        Cancelled: ``cancelled`` answered true.
    """
    if is_shapes(path):
        return read_shapes(path, locality_of(home.county_code, home.county), cancelled=cancelled)
    return read_workbook(path, cancelled=cancelled, follower=follower), None


def for_shapes(options: ImportOptions, shapes: ShapesRead | None) -> ImportOptions:
    """The options for a file: of shapes the header is known to stand in the first row."""
    if shapes is None or options.header_rows is not None:
        return options
    return replace(options, header_rows=_HEADER)


def with_shapes(found: ImportPreview, shapes: ShapesRead | None) -> ImportPreview:
    """The preview with its outlines, what the layers tell, and where outline and stated area differ."""
    if shapes is None:
        return found
    found.shapes = shapes
    read = {sheet.sheet.name for sheet in found.sheets_read}
    told = [
        Problem(layer.name, None, "", code, text)
        for layer in shapes.layers
        if layer.name in read
        for code, text in layer.notes
    ]
    found.notes = (*told, *found.notes, *_areas_told(found))
    return found


def outlined(found: ImportPreview) -> Iterator[tuple[int, OutlineRecord]]:
    """Positions of the readings that have an outline, each with it."""
    if found.shapes is None:
        return
    places = {(reading.sheet, reading.row): at for at, reading in enumerate(found.readings)}
    for record in found.shapes.records():
        at = places.get((record.sheet, record.row))
        if at is not None:
            yield at, record


def _areas_told(found: ImportPreview) -> list[Problem]:
    names = {sheet.sheet.position: sheet.sheet.name for sheet in found.sheets}
    used = found.columns.by_field()
    column = used.get("plot_area") or found.area_column
    letters = column_letters(column.column.index) if column is not None else ""
    told: list[Problem] = []
    more = 0
    for at, record in outlined(found):
        reading = found.readings[at]
        stated = reading.areas[0] if "plot_area" in used else reading.issued_area
        if reading.place.skipped or stated is None or not differs(stated, record.area):
            continue
        if len(told) < _TOLD:
            told.append(
                Problem(
                    names[reading.sheet], reading.row, letters, "outline_area", _sentence(reading, stated, record.area)
                )
            )
        more += 1
    if more > len(told):
        text = f"另有 {more - len(told)} 个图斑的面积和边界也对不上，没有一一列出，请核对面积的单位和坐标系。"
        told.append(Problem("", None, letters, "outline_area", text))
    return told


def differs(stated: int, measured: int) -> bool:
    """Whether an outline's area differs from the stated one by more than 1 % and more than 50 m²."""
    apart = abs(measured - stated)
    return apart > _TOLERATED and apart * _PERCENT > stated


def _sentence(reading: Reading, stated: int, measured: int) -> str:
    apart = percent_text(Area(abs(measured - stated)), Area(stated), 2)
    how = "大" if measured > stated else "小"
    return (
        f"图斑“{reading.called}”写的面积是 {Area(stated).display()} 亩，按边界算是 {Area(measured).display()} 亩，"
        f"{how}了 {apart}%，请核对。面积照清单录入，不按边界改。"
    )
