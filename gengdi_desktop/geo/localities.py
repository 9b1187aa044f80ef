"""Where a county lies, roughly: enough to doubt a coordinate and to tell the zone of one without a number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gengdi_desktop.geo.numbers import NANO, Point
from gengdi_desktop.system.resources import resource

_CITY_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Locality:
    """The neighbourhood in which coordinates are expected.

    Args:
        name: For sentences: 进贤县.
        centre: Its middle.
        reach: How far it may reach from there, in metres.
    """

    name: str
    centre: Point
    reach: int


@cache
def locality_of(county_code: str, name: str) -> Locality | None:
    """The neighbourhood of a county by its code; its city's where the county is too new; None where neither is known.

    Args:
        county_code: Six digits; longer codes are cut.
        name: What sentences call it.
    """
    places = _places()
    found = places.get(county_code[:6]) or places.get(county_code[:_CITY_DIGITS])
    return Locality(name, *found) if found is not None else None


@cache
def _places() -> dict[str, tuple[Point, int]]:
    found = {}
    for line in resource("divisions/places.txt").read_text(encoding="utf-8").splitlines():
        code, longitude, latitude, kilometres = line.split()
        found[code] = Point(_nano(longitude), _nano(latitude)), int(kilometres) * 1000
    return found


def _nano(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * NANO + int(part.ljust(9, "0"))
