"""Find Chinese texts by what somebody typed: the words themselves, their pinyin, its initials, or a mix of these."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from gengdi_desktop.system.resources import resource

_DOUBLE_INITIALS: Final = ("zh", "ch", "sh")
_BREAKS: Final = " '’·\t\u3000"


def readings(character: str) -> tuple[str, ...]:
    """How a character may be read: toneless, ü as v, in the order of the alphabet; empty where it is no Han one."""
    return _table().get(character, ())


def matcher(typed: str) -> Callable[[str], bool]:
    """A test of texts for what somebody typed into a search box.

    A text passes where it contains the typed words (width and case aside), or where a stretch of it is spelt by them:
    each character by itself, by its whole pinyin, by its initial (x, zh), the last one also by the beginning of its
    pinyin. Of several readings each will do (圩 xu and wei); ü may be written ü, v or u. Blanks and apostrophes between
    syllables count for nothing. Whoever typed nothing finds everything.

    The test is quick enough for a keystroke: a few microseconds a text.
    """
    spelt = "".join(sign for sign in _fold(typed) if sign not in _BREAKS).replace("ü", "v")
    if not spelt:
        return lambda _text: True
    return _Spelling(spelt).fits


class _Spelling:
    """All ways to read one typed text along another, as a set of positions that moves with each character."""

    def __init__(self, spelt: str) -> None:
        self._spelt = spelt
        self._head = spelt[0] if readings(spelt[0]) else ""
        self._last = 1 << len(spelt)
        self._steps: dict[str, tuple[tuple[int, int], ...]] = {}

    def fits(self, text: str) -> bool:
        """Whether a stretch of the text is what was typed."""
        if self._head and self._head not in text:
            return False  # a character that was typed stands for itself only
        reached = 0
        steps, last = self._steps, self._last
        for sign in text:
            known = steps.get(sign)
            if known is None:
                known = steps[sign] = self._steps_of(sign)
            if not known:
                if sign not in _BREAKS:
                    reached = 0
                continue
            here = reached | 1
            reached = 0
            for position, onward in known:
                if here & position:
                    reached |= onward
            if reached & last:
                return True
        return False

    def _steps_of(self, sign: str) -> tuple[tuple[int, int], ...]:
        """From which positions of the typed text a character leads on, and to which."""
        spelt = self._spelt
        units, spellings = _units(sign)
        found = []
        for at in range(len(spelt)):
            onward = 0
            for unit in units:
                if spelt.startswith(unit, at):
                    onward |= 1 << (at + len(unit))
            rest = spelt[at:]
            if any(spelling.startswith(rest) for spelling in spellings):
                onward |= self._last
            if onward:
                found.append((1 << at, onward))
        return tuple(found)


@lru_cache(maxsize=8192)
def _units(sign: str) -> tuple[frozenset[str], frozenset[str]]:
    """What may be typed for a character, and the spellings whose beginnings will do at the end."""
    spellings = frozenset(way for reading in readings(sign) for way in _ways(reading))
    units = {_fold(sign), *spellings, *(spelling[0] for spelling in spellings)}
    units.update(spelling[:2] for spelling in spellings if spelling.startswith(_DOUBLE_INITIALS))
    return frozenset(units), spellings


def _ways(reading: str) -> tuple[str, ...]:
    """How people type a syllable: lv as lv and lu, nve as nve and nue."""
    return (reading, reading.replace("v", "u")) if "v" in reading else (reading,)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _table() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in resource("pinyin/readings.txt").read_text(encoding="utf-8").splitlines():
        syllable, characters = line.split(" ")
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found
