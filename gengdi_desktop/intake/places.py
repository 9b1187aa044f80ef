"""Where a plot lies, from whatever columns a list has; and whether that is this ledger's business."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from gengdi_desktop.domain.divisions import (
    Division,
    Divisions,
    normalise_village,
    short_village_name,
    split_village_group,
)
from gengdi_desktop.geo.localities import Locality, locality_of

_COUNTY_DIGITS = 6
_TOWNSHIP_DIGITS = 9
_VILLAGE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Home:
    """Whose ledger it is.

    Args:
        county: Name of the county.
        county_code: Six digits; empty where the program does not know it.
        unit: Name of the township; the county's own name at a county's desk.
        unit_code: Nine digits; empty where the program does not know it.
        whole_county: Whether plots of all townships belong here.
    """

    county: str
    county_code: str
    unit: str
    unit_code: str
    whole_county: bool


class RawPlace(NamedTuple):
    """The texts of a row that say where it is; empty where the list has no such column."""

    county: str = ""
    county_code: str = ""
    township: str = ""
    township_code: str = ""
    village: str = ""
    situated: str = ""
    situated_code: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plot lies.

    Args:
        county: Name.
        township: Name; empty where nothing says it.
        township_code: Nine digits, or empty.
        village: Name as lists write it, or empty.
        village_code: Twelve digits, or empty.
        group: Villagers' group, or empty.
        skipped: Why the row is not this ledger's business; empty where it is.
        refused: Code and sentence where the place cannot be told.
        notes: Codes and sentences that a person should read.
        assumed: Whether the list says no township at all and the ledger's own was taken.
    """

    county: str
    township: str
    township_code: str
    village: str
    village_code: str
    group: str
    skipped: str = ""
    refused: tuple[str, str] | None = None
    notes: tuple[tuple[str, str], ...] = ()
    assumed: bool = False
    village_key: str = field(init=False)
    """What the spellings of one village share; unique within a township."""

    def __post_init__(self) -> None:
        """Work the key out once for all rows of a village."""
        object.__setattr__(self, "village_key", normalise_village(self.village) if self.village else "")


class PlaceReader:
    """Reads places; each different one once.

    Args:
        home: Whose ledger it is.
        divisions: The divisions that the program knows.
    """

    def __init__(self, home: Home, divisions: Divisions) -> None:
        self._home = home
        self._divisions = divisions
        self._county = divisions.by_code(home.county_code) if home.county_code else None
        self._read: dict[RawPlace, Place] = {}
        # A list has thousands of villages and some twenty townships: each name is looked up once.
        self._units: dict[str, tuple[Division, ...]] = {}
        self._elsewhere: dict[tuple[str, str], bool] = {}

    @property
    def near(self) -> Locality | None:
        """Where the plots are expected to lie; None where the program does not know the county."""
        return locality_of(self._home.county_code, self._home.county)

    def place(self, raw: RawPlace) -> Place:
        """The place that the texts of a row name."""
        found = self._read.get(raw)
        if found is None:
            found = self._read[raw] = self._resolve(raw)
        return found

    def _find_units(self, name: str) -> tuple[Division, ...]:
        found = self._units.get(name)
        if found is None:
            found = self._units[name] = self._divisions.find_units(name, self._county)
        return found

    def _is_elsewhere(self, raw: RawPlace) -> bool:
        key = raw.county, raw.county_code
        found = self._elsewhere.get(key)
        if found is None:
            found = self._elsewhere[key] = self._other_county(raw)
        return found

    def _resolve(self, raw: RawPlace) -> Place:
        if self._is_elsewhere(raw):
            return self._nowhere(raw, skipped="other_unit")
        unit, named = self._township(raw)
        if unit is None and named:
            return self._unknown_township(raw, named)
        assumed = unit is None and not self._home.whole_county
        name = unit.name if unit else (self._home.unit if assumed else "")
        code = unit.code if unit else (self._home.unit_code if assumed else "")
        if not self._home.whole_county and not self._is_home(name, code):
            return self._nowhere(raw, skipped="other_unit")
        return self._with_village(raw, name, code, assumed=assumed)

    def _other_county(self, raw: RawPlace) -> bool:
        name, code = "".join(raw.county.split()), raw.county_code.strip()
        if name:
            found = self._divisions.find_county(name)
            if found is not None and self._county is not None:
                # 行政区 columns name units of any level, and towns share their names with far counties.
                return found.code != self._county.code and not self._find_units(name)
            own = self._home.county
            if name in {own, own[:-1]} or name.endswith(own):
                return False
            # Only what ends like a county can be another county.
            return name[-1:] in {"县", "区", "市"} and not self._find_units(name)
        known = self._home.county_code
        return bool(
            known and code[:_COUNTY_DIGITS].isdecimal() and len(code) >= _COUNTY_DIGITS
        ) and not code.startswith(known)

    def _township(self, raw: RawPlace) -> tuple[Division | None, str]:
        """The township-level unit, and the text that named one."""
        name = "".join(raw.township.split())
        if name:
            found = self._find_units(name) if self._county else ()
            if len(found) == 1:
                return found[0], name
            if self._same_name(name):
                return None, ""
            return None, name
        for code in (raw.township_code, raw.situated_code):
            if len(code) >= _TOWNSHIP_DIGITS and code.isdecimal():
                unit = self._divisions.by_code(code[:_TOWNSHIP_DIGITS])
                if unit is not None:
                    return unit, code
        return None, ""

    def _same_name(self, name: str) -> bool:
        """Whether a unit that no table knows is the ledger's own."""
        own = self._home.unit
        return not self._home.whole_county and (name == own or name.endswith(own) or own[:-1] == name)

    def _is_home(self, name: str, code: str) -> bool:
        if self._home.unit_code and code:
            return code == self._home.unit_code
        return name == self._home.unit

    def _unknown_township(self, raw: RawPlace, named: str) -> Place:
        if self._county is None:
            # The program has no table of this county: names are taken as they are written.
            if self._home.whole_county:
                return self._with_village(raw, named, "", assumed=False)
            return self._nowhere(raw, skipped="other_unit")
        message = f"{self._home.county}没有叫“{named}”的乡镇，请核对。"
        return self._nowhere(raw, refused=("township_unknown", message))

    def _with_village(self, raw: RawPlace, township: str, code: str, *, assumed: bool) -> Place:
        written = raw.village or raw.situated
        group = raw.group
        if not written and group:
            written, group = split_village_group(group)
            if not group:
                written, group = ("", written) if not written.endswith(("村", "社区", "委会")) else (written, "")
        village, tail = split_village_group(written) if written else ("", "")
        unit = self._divisions.by_code(code) if code else None
        found = self._divisions.find_villages(village, unit) if unit and village else ()
        notes = self._village_notes(raw)
        known = found[0] if len(found) == 1 else None
        return Place(
            county=self._home.county,
            township=township,
            township_code=code,
            village=known.short_name if known else short_village_name(village.removeprefix(township)),
            village_code=known.code if known else self._given_code(raw),
            group=group or tail,
            notes=notes,
            assumed=assumed,
        )

    @staticmethod
    def _given_code(raw: RawPlace) -> str:
        code = raw.situated_code
        return code[:_VILLAGE_DIGITS] if len(code) >= _VILLAGE_DIGITS and code.isdecimal() else ""

    @staticmethod
    def _village_notes(raw: RawPlace) -> tuple[tuple[str, str], ...]:
        village, situated = raw.village.strip(), raw.situated.strip()
        if village and situated and normalise_village(split_village_group(village)[0]) not in situated:
            text = f"村写的是“{village}”，坐落单位写的是“{situated}”，按“{village}”录入，请核对。"
            return (("village_mismatch", text),)
        return ()

    def _nowhere(self, raw: RawPlace, *, skipped: str = "", refused: tuple[str, str] | None = None) -> Place:
        return Place(
            self._home.county, raw.township, "", raw.village or raw.situated, "", "", skipped=skipped, refused=refused
        )
