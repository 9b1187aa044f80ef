"""The national table of divisions as text: counties at once, units and villages of a county when they are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from gengdi_desktop.domain.divisions import Division, Level, UnitKind, kind_of_digits

_PROVINCE_DIGITS: Final = 2
_BLOCK: Final = re.compile(r"^(\d{6}|\d{4}|\d\d) (.+)\n((?:\d{3} .+\n)*)", re.MULTILINE)
# Headings of the statistics bureau that are no city's name: 北京市 市辖区, 湖北省 省直辖县级行政区划.
_NO_CITY: Final = re.compile(r"^(市辖区|县|.*直辖县级行政区划)$")


class DivisionTables:
    """A source of divisions.

    Args:
        units: Lines of a code, a blank and a name: provinces (2 digits), cities (4), counties (6), and under each
            county its township-level units with their last three digits.
        villages: Gives for a county's code lines of three digits for a unit, each followed by its villages with their
            last three digits and names; empty where the table has none.
    """

    def __init__(self, units: str, villages: Callable[[str], str]) -> None:
        self._regions: dict[str, str] = {}
        self._counties: dict[str, Division] = {}
        self._units: dict[str, str] = {}
        self._villages = villages
        for code, name, below in _BLOCK.findall(units):
            if len(code) == Level.COUNTY:
                self._counties[code] = Division(code, name, UnitKind.COUNTY)
                self._units[code] = below
            elif len(code) == _PROVINCE_DIGITS or not _NO_CITY.match(name):
                self._regions[code] = name

    @property
    def counties(self) -> Mapping[str, Division]:
        """All counties by code."""
        return self._counties

    def region(self, code: str) -> str:
        """The name of a province or city; empty for headings, and for a city that is its own county."""
        name = self._regions.get(code, "")
        own = self._counties.get(f"{code}00")
        return "" if own is not None and own.name == name else name

    def units(self, county: str) -> tuple[Division, ...]:
        """The township-level units of a county."""
        return tuple(
            Division(county + digits, name, kind_of_digits(digits, Level.TOWNSHIP) or UnitKind.OTHER_UNIT)
            for digits, name in self.unit_lines(county)
        )

    def unit_lines(self, county: str) -> Iterator[tuple[str, str]]:
        """Last three digits and name of each unit of a county, for who wants no more."""
        for line in self._units.get(county, "").splitlines():
            yield line[:3], line[4:]

    def villages(self, county: str) -> tuple[Division, ...]:
        """All villages of a county."""
        found = []
        unit = ""
        for line in self._villages(county).splitlines():
            digits, name = line[:3], line[4:]
            if name:
                found.append(Division(unit + digits, name, _village_kind(digits, name)))
            else:
                unit = county + digits
        return tuple(found)


def _village_kind(digits: str, name: str) -> UnitKind:
    """What the digits say; among farms and zones the name tells a community (开发区虚拟社区)."""
    kind = kind_of_digits(digits, Level.VILLAGE) or UnitKind.OTHER_VILLAGE
    return UnitKind.COMMUNITY if kind is UnitKind.OTHER_VILLAGE and name.endswith("社区") else kind
