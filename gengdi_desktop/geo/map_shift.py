"""The shift of phone maps: GCJ-02 and BD-09 lay every place of the country some hundred metres aside, by formula."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Final

from gengdi_desktop.geo.numbers import Point, from_float, to_float

_SEMI_MAJOR: Final = 6_378_245.0
_ECCENTRICITY_2: Final = 0.00669342162296594323
_EAST, _NORTH = 105.0, 35.0
_WAVE: Final = math.pi * 3000 / 180
_TURNS: Final = 6


class MapDatum(StrEnum):
    """Who shifts: the maps on most phones, and those of one maker once more."""

    GCJ_02 = "GCJ-02"
    BD_09 = "BD-09"


def shifted(point: Point, datum: MapDatum) -> Point:
    """Where such a map shows a true place."""
    longitude, latitude = _shifted(to_float(point.longitude), to_float(point.latitude), datum)
    return Point(from_float(longitude), from_float(latitude))


def unshifted(point: Point, datum: MapDatum) -> Point:
    """The true place of one that was read off such a map, to less than a metre."""
    at = to_float(point.longitude), to_float(point.latitude)
    true = at
    for _ in range(_TURNS):
        shown = _shifted(*true, datum)
        true = true[0] + at[0] - shown[0], true[1] + at[1] - shown[1]
    return Point(from_float(true[0]), from_float(true[1]))


def _shifted(longitude: float, latitude: float, datum: MapDatum) -> tuple[float, float]:
    x, y = _first_shift(longitude, latitude)
    if datum is MapDatum.GCJ_02:
        return x, y
    away = math.hypot(x, y) + 0.00002 * math.sin(y * _WAVE)
    turn = math.atan2(y, x) + 0.000003 * math.cos(x * _WAVE)
    return away * math.cos(turn) + 0.0065, away * math.sin(turn) + 0.006


def _first_shift(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = longitude - _EAST, latitude - _NORTH
    common = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (common + _waves(y, (20, 40, 160, 320), (1, 3, 12, 30))) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (common + _waves(x, (20, 40, 150, 300), (1, 3, 12, 30))) * 2 / 3
    parallel = math.radians(latitude)
    bend = 1 - _ECCENTRICITY_2 * math.sin(parallel) ** 2
    metres_north = _SEMI_MAJOR * (1 - _ECCENTRICITY_2) / (bend * math.sqrt(bend))
    metres_east = _SEMI_MAJOR / math.sqrt(bend) * math.cos(parallel)
    return longitude + math.degrees(east / metres_east), latitude + math.degrees(north / metres_north)


def _waves(at: float, heights: tuple[int, ...], lengths: tuple[int, ...]) -> float:
    return sum(height * math.sin(at * math.pi / length) for height, length in zip(heights, lengths, strict=True))
