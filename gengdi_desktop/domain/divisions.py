"""Divisions 行政区划: codes of counties, townships and villages, their kinds, and names as lists write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final, Protocol


class Level(IntEnum):
    """How many digits of a code name a division of this level."""

    COUNTY = 6
    TOWNSHIP = 9
    VILLAGE = 12


class UnitKind(StrEnum):
    """What sort of unit a division is; decides the name of its organ."""

    COUNTY = "county"
    TOWN = "town"
    RURAL = "rural"
    STREET = "street"
    OTHER_UNIT = "other_unit"
    VILLAGE = "village"
    COMMUNITY = "community"
    OTHER_VILLAGE = "other_village"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _KIND_LABELS[self]


_KIND_LABELS: Mapping[UnitKind, str] = {
    UnitKind.COUNTY: "县（市、区）",
    UnitKind.TOWN: "镇",
    UnitKind.RURAL: "乡",
    UnitKind.STREET: "街道",
    UnitKind.OTHER_UNIT: "开发区、场等乡级单位",
    UnitKind.VILLAGE: "村",
    UnitKind.COMMUNITY: "社区",
    UnitKind.OTHER_VILLAGE: "场、园区等村级单位",
}

_SURVEY_CODE_LENGTH = 19
_SURVEY_TAIL = "0" * 7
_VILLAGE_COMMITTEE = re.compile(r"(村民委员会|村委会)$")
_RESIDENTS_COMMITTEE = re.compile(r"(居民委员会|居委会)$")
_VILLAGE_SUFFIX = re.compile(r"(行政村|社区|村)$")
_GROUP_TAIL = re.compile(r"^(?P<village>.+?(?:村委会|居委会|社区|村))(?P<group>.*(?:组|社|队|自然村))$")
_ZONE_TAIL = re.compile(r"(管理委员会|管委会)$")
# The kind of a township from the third group of its code (national statistics; checked on 41,352 units).
_TOWNSHIP_RANGES = (
    (1, 99, UnitKind.STREET),
    (100, 199, UnitKind.TOWN),
    (200, 399, UnitKind.RURAL),
    (400, 599, UnitKind.OTHER_UNIT),
)
_VILLAGE_RANGES = (
    (1, 199, UnitKind.COMMUNITY),
    (200, 399, UnitKind.VILLAGE),
    (400, 599, UnitKind.OTHER_VILLAGE),
)


@dataclass(frozen=True, slots=True)
class Division:
    """One county, township-level unit or village of the statistics bureau's table."""

    code: str
    name: str
    kind: UnitKind

    @property
    def level(self) -> Level:
        """Told by the length of the code."""
        return Level(len(self.code))

    @property
    def parent_code(self) -> str:
        """The code of the unit above; for a county its city's four digits."""
        return self.code[:-2] if self.level is Level.COUNTY else self.code[:-3]

    @property
    def survey_code(self) -> str:
        """Nineteen digits as survey fields write a village; the shorter codes stay as they are."""
        return self.code + _SURVEY_TAIL if self.level is Level.VILLAGE else self.code

    @property
    def short_name(self) -> str:
        """The name as lists write it: 白圩村, 上街社区; units above a village keep theirs."""
        return short_village_name(self.name) if self.level is Level.VILLAGE else self.name


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """Whose ledger it is: names as they go on paper, codes and kind where the table knows them."""

    county: str
    county_code: str
    unit: str
    unit_code: str
    unit_kind: UnitKind


def normalise_division_code(text: str) -> str:
    """A code of 6, 9 or 12 digits; a survey code of 19 digits is cut to its village.

    Raises:
        ValueError: The text is no such code; the argument is a Chinese sentence.
    """
    code = unicodedata.normalize("NFKC", text).strip()
    if not code.isdecimal():
        msg = f"“{text}”不是区划代码，代码只有数字。"
        raise ValueError(msg)
    if len(code) == _SURVEY_CODE_LENGTH:
        code = code[: Level.VILLAGE]
    while len(code) > Level.COUNTY and len(code) in (Level.VILLAGE, Level.TOWNSHIP) and code.endswith("000"):
        code = code[:-3]
    if len(code) not in tuple(Level):
        msg = f"“{text}”有{len(code)}位，区划代码是6、9、12或19位。"
        raise ValueError(msg)
    return code


def kind_of_code(code: str) -> UnitKind | None:
    """The kind that a code's digits say; ``None`` where they lie outside the known ranges."""
    plain = normalise_division_code(code)
    if len(plain) == Level.COUNTY:
        return UnitKind.COUNTY
    return kind_of_digits(plain[-3:], Level(len(plain)))


def kind_of_digits(digits: str, level: Level) -> UnitKind | None:
    """The kind that the last three digits of a township's or village's code say."""
    ranges = _TOWNSHIP_RANGES if level is Level.TOWNSHIP else _VILLAGE_RANGES
    number = int(digits)
    return next((kind for low, high, kind in ranges if low <= number <= high), None)


_COUNTY_TAILS: Final = ("县", "市", "区", "旗", "人民政府")


def kind_of_unit_name(name: str) -> UnitKind:
    """The kind of a township-level unit from its name alone, for units that are in no table."""
    plain = _squeeze(name)
    for tail, kind in (("镇", UnitKind.TOWN), ("乡", UnitKind.RURAL), ("街道", UnitKind.STREET)):
        if plain.endswith(tail):
            return kind
    return UnitKind.OTHER_UNIT


def organ_name(unit: str, kind: UnitKind | None = None) -> str:
    """The organ that signs for a unit: 乡, 镇 and counties 人民政府, 街道 its 办事处; zones and farms as typed.

    Ledgers of counties and teams are also kept by offices (自然资源局, 核查一组), which sign under their own name.
    """
    plain = _squeeze(unit)
    known = kind or kind_of_unit_name(plain)
    if known in {UnitKind.TOWN, UnitKind.RURAL} or (known is UnitKind.COUNTY and plain.endswith(_COUNTY_TAILS)):
        return plain if plain.endswith("人民政府") else plain + "人民政府"
    if known is UnitKind.STREET:
        return plain if plain.endswith("办事处") else plain + "办事处"
    return plain


def short_village_name(name: str) -> str:
    """白圩村委会 → 白圩村, 上街社区居委会 → 上街社区, 梅西居委会 → 梅西; other names stay."""
    plain = _squeeze(name)
    village = _VILLAGE_COMMITTEE.sub("", plain)
    if village != plain:
        return village if village.endswith("村") else village + "村"
    return _RESIDENTS_COMMITTEE.sub("", plain) or plain


def normalise_village(name: str) -> str:
    """The part of a village's name that lists, survey and statistics share: 白圩, 岚湖.

    Unique within a township in practice, never within a county: keep the township beside it.
    """
    short = short_village_name(name)
    return _VILLAGE_SUFFIX.sub("", short) or short


def split_village_group(name: str) -> tuple[str, str]:
    """白圩村三组 → (白圩村, 三组); a village without a group gives an empty second part."""
    plain = _squeeze(name)
    match = _GROUP_TAIL.match(plain)
    return (match["village"], match["group"]) if match else (plain, "")


class DivisionSource(Protocol):
    """Where divisions come from: all counties at once, what lies in them only when somebody asks."""

    @property
    def counties(self) -> Mapping[str, Division]:
        """All counties by code, in the order of the codes."""
        ...

    def region(self, code: str) -> str:
        """The name of a province of two digits or a city of four; empty where it is a heading or unknown."""
        ...

    def units(self, county: str) -> Sequence[Division]:
        """The township-level units of a county, in the order of their codes."""
        ...

    def villages(self, county: str) -> Sequence[Division]:
        """All villages of a county, in the order of their codes."""
        ...


class Divisions:
    """The divisions that the program knows, by code and by name; counties are read as they are asked for."""

    def __init__(self, source: DivisionSource) -> None:
        self._source = source
        self._by_code: dict[str, Division] = dict(source.counties)
        self._children: dict[str, list[Division]] = {}
        self._with_units: set[str] = set()
        self._with_villages: set[str] = set()

    def by_code(self, code: str) -> Division | None:
        """The division of a code of 6, 9, 12 or 19 digits; ``None`` where it is unknown or no code."""
        try:
            plain = normalise_division_code(code)
        except ValueError:
            return None
        self._read(plain[: Level.COUNTY], villages=len(plain) == Level.VILLAGE)
        return self._by_code.get(plain)

    def counties(self) -> tuple[Division, ...]:
        """All counties of the table."""
        return tuple(self._source.counties.values())

    def children(self, parent: Division) -> tuple[Division, ...]:
        """The units directly below: a county's townships, a township's villages."""
        self._read(parent.code[: Level.COUNTY], villages=parent.level is not Level.COUNTY)
        return tuple(self._children.get(parent.code, ()))

    def parent(self, division: Division) -> Division | None:
        """The unit above, or ``None`` for a county."""
        return self.by_code(division.parent_code)

    def regions_of(self, division: Division) -> tuple[str, ...]:
        """Province and city above a division (江西省, 南昌市); only the province where it is the city itself."""
        names = (self._source.region(division.code[:2]), self._source.region(division.code[:4]))
        return tuple(name for name in names if name)

    def path(self, division: Division) -> tuple[str, ...]:
        """All names from the province down to the division itself."""
        names = [division.name]
        above = self.parent(division)
        while above is not None:
            names.append(above.name)
            above = self.parent(above)
        return (*self.regions_of(division), *reversed(names))

    def _read(self, county: str, *, villages: bool) -> None:
        if county in self._source.counties and county not in self._with_units:
            self._with_units.add(county)
            self._take(self._source.units(county))
        if villages and county in self._with_units and county not in self._with_villages:
            self._with_villages.add(county)
            self._take(self._source.villages(county))

    def _take(self, divisions: Iterable[Division]) -> None:
        for one in divisions:
            self._by_code[one.code] = one
            self._children.setdefault(one.parent_code, []).append(one)

    def find_county(self, name: str) -> Division | None:
        """The county of a name, with or without 县, 市, 区 at its end; ``None`` where none or several fit."""
        return _only(self.find_counties(name))

    def find_counties(self, name: str) -> tuple[Division, ...]:
        """The counties that a name may mean, best reading only: several provinces have a 鼓楼区 or a 长安.

        Province and city may stand before it: 江西省南昌市进贤县.
        """
        plain = _squeeze(name)
        counties = self.counties()
        exact = [item for item in counties if item.name == plain]
        loose = [item for item in counties if item.name[:-1] == plain]
        whole = [] if exact or loose else [item for item in counties if self._is_whole_name(item, plain)]
        return tuple(exact or loose or whole)

    def _is_whole_name(self, county: Division, name: str) -> bool:
        if not name.endswith(county.name):
            return False
        regions = self.regions_of(county)
        return name.removesuffix(county.name) in {"".join(regions[at:]) for at in range(len(regions))}

    def find_units(self, name: str, county: Division | None = None) -> tuple[Division, ...]:
        """The township-level units that a written name may mean, best reading only.

        白圩乡, 白圩 and the organ's full name 进贤县白圩乡人民政府 find 白圩乡; 经开区 finds the county's zone. Several
        units are returned only where the name itself does not tell them apart. Without a county the whole country is
        looked through, which takes a moment.
        """
        plain = _squeeze(name)
        for one in (county,) if county else self.counties():
            plain = plain.removeprefix(one.name)
        units = [unit for one in ((county,) if county else self.counties()) for unit in self.children(one)]
        readings = (
            lambda item: item.name == plain,
            lambda item: organ_name(item.name, item.kind) == plain,
            lambda item: _unit_core(item) == plain,
            lambda item: _is_zone_name(item, plain),
        )
        for reading in readings:
            found = tuple(item for item in units if plain and reading(item))
            if found:
                return found
        return ()

    def place(self, county: str, unit: str) -> PlacedUnit:
        """A county and a unit as somebody typed them; what the table does not know is taken as typed, without codes.

        The county's own desk names the county as its unit. Where several counties bear the name, the unit tells which.
        """
        homes = self.find_counties(county)
        if len(homes) > 1:
            homes = tuple(home for home in homes if len(self.find_units(unit, home)) == 1)
        home = _only(homes)
        county_name, county_code = (home.name, home.code) if home else (_squeeze(county), "")
        if _squeeze(unit) in {county_name, _squeeze(county)}:
            return PlacedUnit(county_name, county_code, county_name, county_code, UnitKind.COUNTY)
        found = self.find_units(unit, home) if home else ()
        if len(found) == 1:
            return PlacedUnit(county_name, county_code, found[0].name, found[0].code, found[0].kind)
        typed = _squeeze(unit)
        return PlacedUnit(county_name, county_code, typed, "", kind_of_unit_name(typed))

    def find_villages(self, name: str, township: Division) -> tuple[Division, ...]:
        """The villages of a township that a written name may mean, best reading only.

        Full name first, then the short one, then what is left without suffixes; a group (三组) at the end is ignored.
        """
        plain, _group = split_village_group(name)
        villages = self.children(township)
        if any(item.name == plain for item in villages):
            return tuple(item for item in villages if item.name == plain)
        plain = plain.removeprefix(township.name)
        readings = (
            lambda item: item.short_name == short_village_name(plain),
            lambda item: normalise_village(item.name) == normalise_village(plain),
        )
        for reading in readings:
            found = tuple(item for item in villages if plain and reading(item))
            if found:
                return found
        return ()


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _only(found: Sequence[Division]) -> Division | None:
    return found[0] if len(found) == 1 else None


def _unit_core(unit: Division) -> str:
    return unit.name.removesuffix("街道") if unit.kind is UnitKind.STREET else unit.name[:-1]


def _is_zone_name(unit: Division, name: str) -> bool:
    """Zones are written in many lengths: 经开区, 进贤经开区, 江西进贤经济开发区管理委员会."""
    if unit.kind is not UnitKind.OTHER_UNIT:
        return False
    written = _ZONE_TAIL.sub("", name.replace("经开区", "经济开发区"))
    return len(written) > 1 and _ZONE_TAIL.sub("", unit.name).endswith(written)
