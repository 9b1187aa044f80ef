"""Exact areas: an integer of 10⁻⁶ mu, read from what offices write, shown half up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from gengdi_desktop.errors import RuleError

MICRO = 1_000_000
"""Parts of one mu that an :class:`Area` counts."""

MOST_MICRO_MU = 10**17
"""10¹¹ mu: seven times the country; any sum of a ledger stays far inside 64 bits."""
_LONGEST_TEXT = 64
_LONGEST_POWER = 20
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-"}
_FOLDED = _HALF_WIDTH | {
    ord("²"): "2",
    ord("㎡"): "m2",
    ord("㎢"): "km2",
    ord("㏊"): "ha",
}  # in units only: 12² is no 122
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(
    r"(?P<about>(?:约为|大约|约)\s*)?(?P<sign>[+-]?)"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<part>[0-9]*))?"
    r"(?:[eE](?P<power>[+-]?[0-9]{1,3}))?\s*(?P<unit>[^\s0-9.,+-].*)?"
)


class AreaUnit(StrEnum):
    """A unit in which areas are written; each is a whole number of 10⁻⁶ mu."""

    MU = "mu"
    SQUARE_METRE = "square_metre"
    HECTARE = "hectare"
    SQUARE_KILOMETRE = "square_kilometre"
    TEN_THOUSAND_MU = "ten_thousand_mu"

    @property
    def label(self) -> str:
        """The Chinese name, as printed: 亩, 平方米 …"""
        return _UNIT_LABELS[self]

    @property
    def micro_mu(self) -> int:
        """How many 10⁻⁶ mu one of this unit is; exact, since 1 m² = 0.0015 mu."""
        return _UNIT_MICRO_MU[self]

    @classmethod
    def of_label(cls, text: str) -> AreaUnit | None:
        """The unit that a header or a field means by ``text``; None where it names none of ours."""
        folded = _SPACES.sub("", text.translate(_FOLDED)).strip("()").lower()
        return _UNIT_SPELLINGS.get(folded)


_UNIT_LABELS = {
    AreaUnit.MU: "亩",
    AreaUnit.SQUARE_METRE: "平方米",
    AreaUnit.HECTARE: "公顷",
    AreaUnit.SQUARE_KILOMETRE: "平方公里",
    AreaUnit.TEN_THOUSAND_MU: "万亩",
}
_UNIT_MICRO_MU = {
    AreaUnit.MU: MICRO,
    AreaUnit.SQUARE_METRE: 1_500,
    AreaUnit.HECTARE: 15 * MICRO,
    AreaUnit.SQUARE_KILOMETRE: 1_500 * MICRO,
    AreaUnit.TEN_THOUSAND_MU: 10_000 * MICRO,
}
_UNIT_SPELLINGS = {label: unit for unit, label in _UNIT_LABELS.items()} | {
    "市亩": AreaUnit.MU,
    "mu": AreaUnit.MU,
    "平米": AreaUnit.SQUARE_METRE,
    "m2": AreaUnit.SQUARE_METRE,
    "m^2": AreaUnit.SQUARE_METRE,
    "ha": AreaUnit.HECTARE,
    "hm2": AreaUnit.HECTARE,
    "平方千米": AreaUnit.SQUARE_KILOMETRE,
    "km2": AreaUnit.SQUARE_KILOMETRE,
}


@dataclass(frozen=True, order=True, slots=True)
class Area:
    """An exact area; negative only as the difference of two areas.

    Args:
        micro_mu: Whole number of 10⁻⁶ mu (0.01 m² = 15; 0.01 mu = 10,000).

    Raises:
        TypeError: For anything but an int: no float ever touches an area.
    """

    micro_mu: int

    ZERO: ClassVar[Area]
    """No area."""

    def __post_init__(self) -> None:
        """Refuse floats and truth values before they spread."""
        if type(self.micro_mu) is not int:
            raise TypeError(f"an area counts whole 10⁻⁶ mu, not {type(self.micro_mu).__name__}")

    @classmethod
    def parse(cls, text: str, unit: AreaUnit = AreaUnit.MU) -> Area:
        """The area that ``text`` says, as :func:`read_area`, where only a firm value will do.

        Raises:
            RuleError: As :func:`read_area`, and for 约 (about).
        """
        read = read_area(text, unit)
        if read.about:
            raise _refusal("area_about", text, "只是约数", "请填写准确的面积。")
        return read.area

    @classmethod
    def total(cls, areas: Iterable[Area]) -> Area:
        """The exact sum; zero of nothing."""
        return cls(sum(area.micro_mu for area in areas))

    def __add__(self, other: Area) -> Area:
        """The exact sum of two areas."""
        return Area(self.micro_mu + other.micro_mu) if type(other) is Area else NotImplemented

    def __radd__(self, other: int) -> Area:
        """Let the built-in ``sum`` start at 0."""
        return NotImplemented if other else self

    def __sub__(self, other: Area) -> Area:
        """The exact difference; may be negative."""
        return Area(self.micro_mu - other.micro_mu) if type(other) is Area else NotImplemented

    def __str__(self) -> str:
        """For people: :meth:`display`."""
        return self.display()

    def exact(self) -> str:
        """The exact decimal in mu with at least two decimals: ``"3980.79"``, ``"4.999995"``; read back by parse."""
        whole, part = divmod(abs(self.micro_mu), MICRO)
        decimals = f"{part:06d}".rstrip("0").ljust(2, "0")
        return f"{'-' if self.micro_mu < 0 else ''}{whole}.{decimals}"

    def spoken(self) -> str:
        """For sentences that compare: two decimals where they say it all, else the exact decimal."""
        return self.display() if self.micro_mu % 10_000 == 0 else self.exact()

    def display(self, unit: AreaUnit = AreaUnit.MU, places: int = 2) -> str:
        """The decimal for people, rounded half up (四舍五入) once; ``places`` is at least 1."""
        scaled = _half_up(abs(self.micro_mu) * 10**places, unit.micro_mu)
        whole, part = divmod(scaled, 10**places)
        return f"{'-' if self.micro_mu < 0 and scaled else ''}{whole}.{part:0{places}d}"


Area.ZERO = Area(0)


@dataclass(frozen=True, slots=True)
class ReadArea:
    """What a cell or a field says.

    Args:
        area: The value.
        unit: The unit it was read in: the text's own (``12.5亩``), else the caller's.
        rounded: Whether the text was finer than 10⁻⁶ mu and has been rounded half up.
        about: Whether the text says 约 (about).
    """

    area: Area
    unit: AreaUnit
    rounded: bool
    about: bool


def read_area(text: str, unit: AreaUnit = AreaUnit.MU) -> ReadArea:
    """Read an area as offices write it: full-width digits, thousands commas, unit behind, 约 before.

    Args:
        text: The cell or field; numbers of workbooks come as their shortest decimal text.
        unit: The unit of column, line or field; a unit in the text itself goes before it.

    Raises:
        TypeError: For anything but text, floats above all.
        RuleError: ``area_empty``, ``area_not_a_number``, ``area_negative``, ``area_too_large``.
    """
    plain = str.translate(text, _HALF_WIDTH).strip()  # by the class, so that a float is a TypeError
    if not plain:
        raise RuleError("area_empty", "面积没有填。", "请填写数字，例如 12.50。")
    match = _NUMBER.fullmatch(plain) if len(plain) <= _LONGEST_TEXT else None
    own_unit = AreaUnit.of_label(match["unit"]) if match and match["unit"] else unit
    if match is None or own_unit is None or not (match["whole"] or match["part"]):
        raise _refusal("area_not_a_number", text, "不是面积数", "请填写数字，例如 12.50。")
    area, rounded = _micro(match, own_unit, text)
    return ReadArea(area, own_unit, rounded, bool(match["about"]))


def percent_text(part: Area | int, whole: Area | int, places: int = 2) -> str:
    """The share in percent without its sign: ``"38.73"``; ``"—"`` of nothing; below 100 while anything remains.

    Args:
        part: Areas or counts, both of one kind.
        whole: What 100 stands for.
        places: Decimals: two on paper, one on screens.
    """
    numerator, denominator = (value.micro_mu if isinstance(value, Area) else value for value in (part, whole))
    if denominator == 0:
        return "—"
    scaled = _half_up(numerator * 100 * 10**places, denominator)
    if numerator < denominator:
        scaled = min(scaled, 100 * 10**places - 1)
    whole_percent, decimals = divmod(scaled, 10**places)
    return f"{whole_percent}.{decimals:0{places}d}" if places else str(whole_percent)


def _micro(match: re.Match[str], unit: AreaUnit, text: str) -> tuple[Area, bool]:
    """The matched number in 10⁻⁶ mu, and whether it had to be rounded."""
    part = match["part"] or ""
    digits = int(match["whole"].replace(",", "") + part)
    power = int(match["power"] or 0) - len(part)
    if digits and match["sign"] == "-":
        raise _refusal("area_negative", text, "是负数", "面积不能小于 0，请核对。")
    scaled = digits * unit.micro_mu
    if digits and power > _LONGEST_POWER:
        raise _too_large(text)
    shift = 10 ** abs(power)
    value, rest = (scaled * shift, 0) if power >= 0 else (_half_up(scaled, shift), scaled % shift)
    if value > MOST_MICRO_MU:
        raise _too_large(text)
    return Area(value), rest != 0


def _half_up(numerator: int, denominator: int) -> int:
    """The quotient of two whole numbers that are not negative, halves rounded up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _refusal(code: str, text: str, what: str, hint: str) -> RuleError:
    shown = text.strip() if len(text.strip()) <= _LONGEST_TEXT else text.strip()[:_LONGEST_TEXT] + "…"
    return RuleError(code, f"“{shown}”{what}。", hint)


def _too_large(text: str) -> RuleError:
    return _refusal("area_too_large", text, "大得不像面积", "请核对数字和单位。")
