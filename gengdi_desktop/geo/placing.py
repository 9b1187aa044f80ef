"""From the coordinates of a file to CGCS2000 degrees: by what it says where its numbers agree, by their size else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from pyproj import CRS, Transformer

from gengdi_desktop.geo.coordinates import (
    LATITUDES,
    LONGITUDES,
    METRES_OF_DEGREE,
    NORTHINGS,
    TOLERATED,
    metres_outside,
    system_of_numbers,
)
from gengdi_desktop.geo.declared import Datum, Declared
from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.geo.numbers import Point, from_float, to_float
from gengdi_desktop.geo.outlines import rounded
from gengdi_desktop.geo.systems import GEOGRAPHIC, CoordinateSystem, systems, transformer

_HALF_ZONE: Final = 450_000
_KEPT_OUT: Final = "属性照样读，边界没有读。"
_CONVERT: Final = "请让自然资源部门转换成 2000 国家大地坐标系后再导入边界。"


@dataclass(frozen=True, slots=True)
class Placing:
    """How the shapes of a layer are placed.

    Args:
        crs: The system they come in, as tables keep it: ``EPSG:4527``, else its name; empty where they are not placed.
        notes: Codes and Chinese sentences for a person.
        transformer: From the file's coordinates to degrees; None where they are degrees already, or not placed.
        swapped: Whether the file gives north before east.
        placed: Whether the shapes can be placed at all.
    """

    crs: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    transformer: Transformer | None = None
    swapped: bool = False
    placed: bool = True

    def to_degrees(self, shapes: Any) -> Any:
        """The shapes in CGCS2000 degrees, rounded as they are kept; None stays None."""
        turned = shapely.transform(shapes, lambda pairs: pairs[:, ::-1]) if self.swapped else shapely.force_2d(shapes)
        if self.transformer is None:
            return rounded(turned)
        move = self.transformer.transform
        return rounded(shapely.transform(turned, lambda pairs: np.column_stack(move(pairs[:, 0], pairs[:, 1]))))


def placing_of(declared: Declared, shapes: Any, near: Locality | None) -> Placing:
    """Decide how a layer is placed.

    Args:
        declared: What the file says.
        shapes: Its first shapes, in its own coordinates.
        near: Where they are expected.
    """
    pairs = shapely.get_coordinates(shapes)
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    if not len(pairs):
        return Placing(placed=False)
    if declared.datum in {Datum.XIAN80, Datum.BEIJING54, Datum.OTHER}:
        return Placing(notes=(("crs_foreign", _foreign(declared)),), placed=False)
    first, second = (float(one) for one in np.median(pairs, axis=0))
    if declared.crs is not None:
        found = _as_declared(declared, declared.crs, first, second)
        if found is not None:
            return found
    return _by_size(declared, first, second, near)


def _foreign(declared: Declared) -> str:
    if declared.contradiction:
        return f"{declared.contradiction}{_KEPT_OUT}请核对坐标系说明（.prj）。"
    named = f"“{declared.name}”" if declared.name else declared.datum.label
    said = declared.datum.label if declared.datum is not Datum.OTHER else named
    return f"图形的坐标系是{said}，不是 2000 国家大地坐标系，不能直接当它用。{_KEPT_OUT}{_CONVERT}"


def _as_declared(declared: Declared, crs: CRS, first: float, second: float) -> Placing | None:
    """The placing that the file names; None where its numbers are not of that system."""
    order = _order(crs, first, second)
    if order is None:
        return None
    notes = []
    if declared.datum is Datum.WGS84:
        told = "图形的坐标系写的是 WGS 84，和 2000 国家大地坐标系相差不到 1 米，直接使用。"
        notes.append(("crs_wgs84", told))
    if order:
        notes.append(_swapped_note())
    code = crs.to_epsg(min_confidence=70)
    name = f"EPSG:{code}" if code is not None else declared.name
    if crs.is_geographic:
        return Placing(name, tuple(notes), None, order)
    base = crs.geodetic_crs
    if base is None:
        return None
    own = transformer(code) if code in systems() else Transformer.from_crs(crs, base, always_xy=True)
    return Placing(name, tuple(notes), own, order)


def _order(crs: CRS, first: float, second: float) -> bool | None:
    """Whether north stands first; None where the numbers are not of that system."""
    if crs.is_geographic:
        fits, turned = _degrees(first, second), _degrees(second, first)
    else:
        operation = crs.coordinate_operation
        parameters = {one.name: one.value for one in operation.params} if operation is not None else {}
        easting = parameters.get("False easting")
        if operation is None or operation.method_name != "Transverse Mercator" or easting is None:
            return False  # a projection of another kind is believed as it stands
        fits, turned = _of_zone(first, second, float(easting)), _of_zone(second, first, float(easting))
    return None if not fits and not turned else turned and not fits


def _degrees(east: float, north: float) -> bool:
    return LONGITUDES[0] <= east <= LONGITUDES[1] and LATITUDES[0] <= north <= LATITUDES[1]


def _of_zone(east: float, north: float, false_easting: float) -> bool:
    return abs(east - false_easting) <= _HALF_ZONE and NORTHINGS[0] <= north <= NORTHINGS[1]


def _by_size(declared: Declared, first: float, second: float, near: Locality | None) -> Placing:
    system = system_of_numbers(first, second, near)
    swapped = False
    if system is None:
        system = system_of_numbers(second, first, near)
        swapped = system is not None
    said = (
        f"坐标系说明写的是“{declared.name}”，坐标的大小却不是"
        if declared.crs is not None
        else "图形没有说明坐标系（例如缺 .prj）"
    )
    if system is None:
        unclear = "坐标没有带号，也不知道本县的中央经线" if near is None else "坐标的大小也不像国内的坐标"
        told = f"{said}，{unclear}，认不出来。{_KEPT_OUT}请补上坐标系说明再导入边界。"
        return Placing(notes=(("crs_unknown", told),), placed=False)
    notes = [("crs_by_size", f"{said}，按坐标的大小认作{system.label}，请核对。")]
    if swapped:
        notes.append(_swapped_note())
    return Placing(system.code, tuple(notes), _transformer(system), swapped)


def _transformer(system: CoordinateSystem) -> Transformer | None:
    return None if system == GEOGRAPHIC else transformer(system.epsg)


def _swapped_note() -> tuple[str, str]:
    return "axes_swapped", "图形的坐标是先北后东（X 北、Y 东）写的，程序按大小辨认，已经对调。"


def far_away(shapes: Any, near: Locality | None) -> Any:
    """Which placed shapes lie farther from the county than is believed; an array of truth values."""
    boxes = shapely.bounds(shapes)
    outside = np.zeros(len(boxes), dtype=bool)
    if near is None:
        return outside
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    centre = to_float(near.centre.longitude), to_float(near.centre.latitude)
    east = (middles[:, 0] - centre[0]) * np.cos(np.radians(middles[:, 1]))
    # Only what is not plainly inside is measured on the ellipsoid.
    doubtful = ~(np.hypot(east, middles[:, 1] - centre[1]) * METRES_OF_DEGREE < near.reach)
    for at in np.flatnonzero(doubtful & np.isfinite(middles).all(axis=1)):
        point = Point(from_float(middles[at, 0]), from_float(middles[at, 1]))
        outside[at] = metres_outside(point, near) > TOLERATED
    return outside
