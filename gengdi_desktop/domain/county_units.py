"""The townships of a county: all of its division table, and those that only plots or packages name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gengdi_desktop.domain.divisions import Division, Divisions, normalise_village, organ_name


@dataclass(frozen=True, slots=True)
class Unit:
    """A township-level unit as the county's desk counts it.

    Attributes:
        key: By which everything of the unit is put together: its code, or its name where it has none.
        name: As the table writes it, else as it was written.
        code: Nine digits; empty where neither the table nor anybody else gave one.
        in_table: Whether the county's division table has it.
    """

    key: str
    name: str
    code: str
    in_table: bool


class CountyUnits:
    """The units of one county. Names and codes of lists and packages lead to the same unit where they mean the same.

    Args:
        divisions: The division table.
        county_code: Six digits; empty where the ledger has none.
        county: Its name, which is asked where there is no code. A county that the table does not know at all has the
            units that are named.
    """

    def __init__(self, divisions: Divisions, county_code: str, county: str = "") -> None:
        self._divisions = divisions
        self._county: Division | None = divisions.by_code(county_code) or divisions.find_county(county)
        children = divisions.children(self._county) if self._county else ()
        self._units: dict[str, Unit] = {one.code: Unit(one.code, one.name, one.code, True) for one in children}
        self._known: dict[tuple[str, str], str] = {}
        self._villages: dict[str, frozenset[str]] = {}

    def key_of(self, name: str, code: str) -> str:
        """The key of the unit that is written so; a unit that nobody named before is added.

        The name counts before the code where the two contradict: people read names.
        """
        asked = (name, code)
        if asked not in self._known:
            unit = self._found(name, code)
            self._units.setdefault(unit.key, unit)
            self._known[asked] = unit.key
        return self._known[asked]

    def unit_of(self, name: str, code: str) -> Unit:
        """The unit that is written so."""
        return self._units[self.key_of(name, code)]

    def has_village(self, key: str, village: str) -> bool:
        """Whether the division table has a village in a unit; the name is what its spellings share."""
        if key not in self._villages:
            unit = self._divisions.by_code(key) if self._units[key].in_table else None
            names = (normalise_village(one.name) for one in self._divisions.children(unit)) if unit else ()
            self._villages[key] = frozenset(names)
        return village in self._villages[key]

    def keys_of(self, written: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """The keys of several units, by name and code as they are written."""
        return {(name, code): self.key_of(name, code) for name, code in written}

    def all(self) -> tuple[Unit, ...]:
        """The units of the table in its order, then the others as they came up."""
        return tuple(self._units.values())

    def named(self, name: str) -> Unit | None:
        """The unit of the table that a name tells by itself, whatever code stands beside it."""
        found = self._divisions.find_units(name, self._county) if self._county and name else ()
        return self._units[found[0].code] if len(found) == 1 else None

    def asked(self, text: str) -> Unit | None:
        """The unit that a person means by a code, a key or any name; None where none is or more than one are meant."""
        plain = "".join(text.split())
        told = self.named(plain)
        if told is not None:
            return told
        found = [one for one in self._units.values() if plain and plain in {one.key, one.name, organ_name(one.name)}]
        return found[0] if len(found) == 1 else None

    def _found(self, name: str, code: str) -> Unit:
        named = self.named(name)
        if named is not None:
            return named
        if code in self._units:
            return self._units[code]
        plain = "".join(name.split())
        same = next((one for one in self._units.values() if not one.in_table and one.name == plain), None)
        return same or Unit(code or plain, plain or code or "（没有写明单位）", code, False)
