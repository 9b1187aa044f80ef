"""Coordinates as people write them, as whole 10⁻⁹ degrees or as exact decimals; the only way back to floats."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final, NamedTuple

NANO: Final = 1_000_000_000
"""So many units are one degree."""

_DIGITS: Final = 9
_LONGEST: Final = 60
_SIXTY: Final = 60
# NFKC writes the double prime of seconds as two single ones.
_PARTS: Final = re.compile(
    r"(\d{1,3})[°º度](?:(\d{1,2}(?:\.\d+)?)(?:[′'’分]|$)(?:(\d{1,2}(?:\.\d+)?)(?:[″\"”秒]|′′|''|’’|$))?)?"
)
_NUMBER: Final = re.compile(r"(-?\d{1,9}(?:\.\d{1,20})?)[°º度]?")
_AROUND: Final = re.compile(r"^(?:[EWNSXYewnsxy东西南北经纬度=:]|坐标)+|[EWNSewns东西南北经纬]+$")
_BETWEEN: Final = re.compile(r"[,，、;；/\s]+")
_EAST_MARK: Final = re.compile(r"[Ee东]|经度")


class Point(NamedTuple):
    """A place on the ground: CGCS2000 longitude and latitude in 10⁻⁹ degree."""

    longitude: int
    latitude: int


def degrees(text: str) -> int | None:
    """Degrees in 10⁻⁹: decimal or ``116°16′32.5″``; None for anything else."""
    whole, point, part = text.partition(".")
    if text.isascii() and whole.isdigit() and (part.isdigit() or not point) and len(whole) < _DIGITS:
        return int(whole) * NANO + int(part[:_DIGITS].ljust(_DIGITS, "0"))
    value = number(text)
    return None if value is None or value < 0 else int(value * NANO)


def number(text: str) -> Decimal | None:
    """The number that a text is, in degrees where it is written in degrees, minutes and seconds; None for no number."""
    written = "".join(unicodedata.normalize("NFKC", text).split())
    if len(written) > _LONGEST:
        return None
    bare = _AROUND.sub("", written).removesuffix("米").removesuffix("m")
    plain = _NUMBER.fullmatch(bare)
    if plain is not None:
        return Decimal(plain[1])
    found = _PARTS.fullmatch(bare)
    if found is None:
        return None
    whole, minutes, seconds = (Decimal(part or 0) for part in found.groups())
    if max(minutes, seconds) >= _SIXTY:
        return None
    return whole + minutes / _SIXTY + seconds / 3600


def split_pair(text: str) -> tuple[str, str] | None:
    """The two halves of ``116.2757,28.3712`` and its like; None where there are not just two."""
    written = unicodedata.normalize("NFKC", text).strip()
    parts = [part for part in _BETWEEN.split(written) if number(part) is not None]
    words = [part for part in _BETWEEN.split(written) if part and number(part) is None and any(map(str.isdigit, part))]
    if len(parts) == 2 and not words:  # noqa: PLR2004  (a pair)
        return parts[0], parts[1]
    return None


def from_float(value: float) -> int:
    """A float of degrees as the nearest 10⁻⁹ degree."""
    return round(value * NANO)


def to_float(value: int) -> float:
    """Degrees as a float, for libraries that know nothing else."""
    return value / NANO
