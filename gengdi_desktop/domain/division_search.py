"""Find a township or county among all of the country by what somebody types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gengdi_desktop.domain.division_tables import DivisionTables
from gengdi_desktop.domain.divisions import Division, Divisions

Fits = Callable[[str], bool]
_RANK_EXACT, _RANK_START, _RANK_INSIDE, _RANK_WORDS = range(4)


@dataclass(frozen=True, slots=True)
class FoundDivision:
    """A county or township-level unit with the names above it, province first: 江西省, 南昌市, 进贤县, 白圩乡."""

    division: Division
    path: tuple[str, ...]


_Name = tuple[str, str]


class DivisionSearch:
    """Looks through the names of all counties and units.

    Args:
        tables: The national table.
        divisions: The same table by code.
        fitting: Makes a test of names out of what was typed: words, pinyin, initials.
    """

    def __init__(self, tables: DivisionTables, divisions: Divisions, fitting: Callable[[str], Fits]) -> None:
        self._divisions, self._fitting = divisions, fitting
        self._units: dict[str, tuple[_Name, ...]] = {}
        """Name and code of each county and of the units in it, by the code of the county."""
        self._cores = {code: one.name[:-1] for code, one in tables.counties.items()}
        self._above = {code: (*divisions.regions_of(one), one.name) for code, one in tables.counties.items()}
        """The names above a unit, by the code of its county."""
        for county in tables.counties.values():
            units = ((name, county.code + digits) for digits, name in tables.unit_lines(county.code))
            self._units[county.code] = ((county.name, county.code), *units)
        self._names = [one for names in self._units.values() for one in names]
        self._narrowed: tuple[str, list[_Name]] = ("", self._names)

    def search(self, typed: str, limit: int = 50) -> tuple[FoundDivision, ...]:
        """The divisions that fit, the likeliest first: whole names, beginnings, the rest; short names before long ones.

        Several words name a unit and what lies above it, in any order: 进贤 白圩, nanchang bx. Without a blank
        a county may stand before its unit: 进贤白圩, jxbx. Nothing typed finds nothing.
        """
        words = typed.split()
        if not words:
            return ()
        found = self._by_name(typed)
        if len(words) > 1:
            found = [*found, *self._by_words(words)]
        if not found:
            found = self._with_county(typed)
        best = sorted(found)[:limit]
        return tuple(self._tell(code) for _rank, _length, code in dict.fromkeys(best))

    def _by_name(self, typed: str) -> list[tuple[int, int, str]]:
        fits = self._fitting(typed)
        # Who goes on typing narrows what fitted so far: what fits 白圩 fits 白.
        before, names = self._narrowed
        fitting = [one for one in (names if typed.startswith(before) else self._names) if fits(one[0])]
        self._narrowed = (typed, fitting)
        return [(_rank(name, typed, fits), len(name), code) for name, code in fitting]

    def _with_county(self, typed: str) -> list[tuple[int, int, str]]:
        """A county's core, then the unit. Only counties that end a beginning of what was typed are looked into."""
        fits = self._fitting(typed)
        begins = [self._fitting(typed[:end]) for end in range(1, len(typed))]
        likely = [code for code, core in self._cores.items() if any(begin(core) for begin in begins)]
        return [
            (_RANK_START, len(name), code)
            for county in likely
            for name, code in self._units[county][1:]
            if fits(self._cores[county] + name)
        ]

    def _by_words(self, words: list[str]) -> Iterator[tuple[int, int, str]]:
        """One word fits the unit itself, each of the others something above it."""
        for at, own in enumerate(words):
            fits = self._fitting(own)
            others = [(word, self._fitting(word)) for at_other, word in enumerate(words) if at_other != at]
            for county, above in self._above.items():
                place = _rank_above(above, others)
                if place is not None:
                    for name, code in self._units[county]:
                        if fits(name):
                            yield _RANK_WORDS + place + _rank(name, own, fits), len(name), code

    def _tell(self, code: str) -> FoundDivision:
        division = self._divisions.by_code(code)
        if division is None:
            raise LookupError(code)
        return FoundDivision(division, self._divisions.path(division))


def _rank(name: str, typed: str, fits: Fits) -> int:
    if name == typed:
        return _RANK_EXACT
    return _RANK_INSIDE if fits(name[1:]) else _RANK_START


def _rank_above(names: tuple[str, ...], words: list[tuple[str, Fits]]) -> int | None:
    """How well every word fits a name above; ``None`` where one fits none."""
    worst = 0
    for word, fits in words:
        ranks = [_rank(name, word, fits) for name in names if fits(name)]
        if not ranks:
            return None
        worst = max(worst, min(ranks))
    return worst
