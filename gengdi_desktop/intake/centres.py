"""The centre of a plot from whatever coordinates a row has; one place for all forms, told by size."""

from __future__ import annotations

from collections.abc import Mapping

from gengdi_desktop.geo.coordinates import Reading as Coordinates
from gengdi_desktop.geo.coordinates import metres_outside, read_coordinate_text, read_coordinates
from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.geo.numbers import NANO, Point
from gengdi_desktop.intake.mapping import MappedColumn
from gengdi_desktop.intake.readings import Reading, Trouble
from gengdi_desktop.intake.values import NOTHING

CENTRE_FIELDS = ("lon", "lat", "coord_x", "coord_y", "coord_text")
_DIGITS = 9
_REACHES = tuple(tenths * NANO // 10 for tenths in (15, 10, 7, 5, 3, 2, 1))
_PAIRS = (("lon", "lat"), ("coord_x", "coord_y"))


class CentreReader:
    """Reads the coordinates of the rows of one sheet; what holds for a whole column is told once.

    Args:
        columns: The columns that are used, by field.
        at: Field → index of its column; −1 for those that the list has not.
        near: Where the plots are expected; None where the program does not know.
    """

    def __init__(self, columns: Mapping[str, MappedColumn], at: Mapping[str, int], near: Locality | None) -> None:
        self._columns, self._at, self._near = columns, at, near
        self.present = any(at[name] >= 0 for name in CENTRE_FIELDS)
        self._told: set[str] = set()
        self._surely_inside = _box(near)

    def read(self, reading: Reading, texts: list[str]) -> None:
        """Put the centre into the reading: degrees where they are sure, and the text as issued where it holds more."""
        for first, second in _PAIRS:
            one, other = texts[self._at[first]].strip(), texts[self._at[second]].strip()
            if one and other:
                if self._read_plain(reading, one, other):
                    return
                found = read_coordinates(one, other, self._near)
                plain = found.system is not None and not found.system.zone
                self._put(reading, found, "" if plain else f"{one},{other}", first)
                return
        text = texts[self._at["coord_text"]].strip()
        if text and text not in NOTHING:
            self._put(reading, read_coordinate_text(text, self._near), text, "coord_text")

    def _read_plain(self, reading: Reading, east: str, north: str) -> bool:
        """Decimal degrees that surely lie where the plots are expected, as nearly all do; answers whether they are."""
        longitude, latitude = _decimal(east), _decimal(north)
        low, high = self._surely_inside
        if low.longitude <= longitude <= high.longitude and low.latitude <= latitude <= high.latitude:
            reading.centre = (longitude, latitude, "")
            return True
        return False

    def _put(self, reading: Reading, found: Coordinates, text: str, field: str) -> None:
        if found.problem is None:
            reading.centre = (found.longitude, found.latitude, text)
        elif found.problem[0] == "outside":
            reading.centre = (None, None, text or self._issued(found))
            told = f"{found.problem[1]}，没有用作中心点，原文保留，请核对。"
            reading.note(Trouble(self._at[field], "centre_outside", told))
        else:
            reading.centre = (None, None, text)
            self._tell_zone(reading, found, field)
        if found.swapped and field in {"lon", "coord_x"}:
            self._tell_swapped(reading, field)

    @staticmethod
    def _issued(found: Coordinates) -> str:
        return "" if found.point is None else ",".join(f"{value / 10**9:.9f}".rstrip("0") for value in found.point)

    def _tell_zone(self, reading: Reading, found: Coordinates, field: str) -> None:
        if found.problem is not None and found.problem[0] == "zone_unknown" and "zone" not in self._told:
            self._told.add("zone")
            told = f"{found.problem[1]}，没有换算成经纬度，原文保留。"
            reading.note(Trouble(self._at[field], "zone_unknown", told))

    def _tell_swapped(self, reading: Reading, field: str) -> None:
        if field in self._told:
            return
        self._told.add(field)
        title = self._columns[field].column.title
        told = f"“{title}”一列从这一行起写的是向北的坐标（测量上常这样写），程序按大小辨认，没有弄反。"
        reading.note(Trouble(self._at[field], "centre_swapped", told))


def _box(near: Locality | None) -> tuple[Point, Point]:
    """Two corners between which every point lies where it is expected; nothing lies between them where none can."""
    if near is not None:
        east, north = near.centre
        for reach in _REACHES:
            corners = [Point(east + x * reach, north + y * reach) for x in (-1, 1) for y in (-1, 1)]
            if not any(metres_outside(corner, near) for corner in corners):
                return corners[0], corners[-1]
    return Point(0, 0), Point(-1, -1)


def _decimal(text: str) -> int:
    """10⁻⁹ degree of a plain decimal; −1 for any other text."""
    whole, point, part = text.partition(".")
    if point and len(part) <= _DIGITS and text.isascii() and whole.isdigit() and part.isdigit():
        return int(whole + part.ljust(_DIGITS, "0"))
    return -1
