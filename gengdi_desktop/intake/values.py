"""What a cell says, by the habits of those who fill in lists; what cannot be told is said, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gengdi_desktop.domain.areas import AreaUnit, read_area
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.days import read_cell_day
from gengdi_desktop.errors import RuleError
from gengdi_desktop.sheets.cells import CellKind

NOTHING = frozenset({"", "/", "／", "—", "——", "-", "--", "－", "无", "空", "\\"})
"""Texts that say that there is nothing."""

SAME_AS_ABOVE = frozenset({"同上", "〃", "″", "”", '"', "''", "同 上"})
"""Texts that repeat the cell above."""

_LONGEST_NUMBER = 15
_POWER = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?")
_MU_AND_TENTHS = re.compile(r"(\d+)亩(\d)分(?:(\d)厘)?")
_CLASS = re.compile(
    r"(?P<code>\d{2,4}[A-Z]?\d?)?[()\s,，、/-]*(?P<name>[㐀-鿿][^()]*)?[()]*(?P<code2>\d{2,4}[A-Z]?\d?)?[()]*"
)
_MANY_DECIMALS = 16
_POWERS = tuple(10**digits for digits in range(_MANY_DECIMALS))

_KINDS = {
    "非农化": ProblemKind.NON_FARM,
    "耕地非农化": ProblemKind.NON_FARM,
    "非农": ProblemKind.NON_FARM,
    "非农建设": ProblemKind.NON_FARM,
    "非农建设占用": ProblemKind.NON_FARM,
    "非粮化": ProblemKind.NON_GRAIN,
    "耕地非粮化": ProblemKind.NON_GRAIN,
    "非粮": ProblemKind.NON_GRAIN,
    "撂荒": ProblemKind.ABANDONED,
    "耕地撂荒": ProblemKind.ABANDONED,
    "撂荒地": ProblemKind.ABANDONED,
    "抛荒": ProblemKind.ABANDONED,
    "其他": ProblemKind.OTHER,
    "其它": ProblemKind.OTHER,
}
_RESTORE = {"即可恢复": "JKHF", "JKHF": "JKHF", "工程恢复": "GCHF", "GCHF": "GCHF"}


class CellTrouble(Exception):
    """A cell that cannot be read: a stable code and one Chinese sentence that goes on after “the title” 写的是."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class AreaCell:
    """An area as issued and as counted.

    Args:
        micro_mu: In 10⁻⁶ mu.
        unit: The unit it was issued in.
        rounded: Whether the text was finer than 10⁻⁶ mu.
    """

    micro_mu: int
    unit: AreaUnit
    rounded: bool


def plain(text: str) -> str:
    """A text in one width without surrounding blanks."""
    return unicodedata.normalize("NFKC", text).strip() if not text.isascii() else text.strip()


def free_text(text: str) -> str:
    """A text as its writer put it, in the writer's own punctuation, without surrounding blanks."""
    return unicodedata.normalize("NFC", text).strip() if not text.isascii() else text.strip()


def identifier(kind: str, text: str) -> str:
    """A number that names a plot, as text; empty where there is none.

    Raises:
        CellTrouble: The table program has destroyed it.
    """
    if kind == CellKind.TEXT:
        value = "".join(plain(text).split())
        if value in NOTHING:
            return ""
        if _POWER.fullmatch(value) and ("." in value or "+" in value):
            raise _damaged(value)
        return value.lstrip("'")
    if kind == CellKind.NUMBER:
        if len(text.lstrip("-").partition(".")[0]) > _LONGEST_NUMBER:
            raise _damaged(f"{Decimal(text):.5E}")
        if "." in text:
            raise CellTrouble(
                "identifier_decimal",
                f"“{text}”，在表格软件里成了小数，末尾的 0 可能已丢。请按原编号改成文本格式。",
            )
        return text
    if kind == CellKind.DATE:
        raise CellTrouble("identifier_is_date", f"日期“{text}”，是表格软件改的，原编号已丢。请向发表的人要原表。")
    return plain(text)


def plain_area(text: str, micro: int) -> int | None:
    """10⁻⁶ mu of a plain decimal that needs no rounding; None for everything else.

    Nearly every cell is such a decimal, and a table of a hundred thousand rows has half a million of them.

    Args:
        text: The cell.
        micro: How many 10⁻⁶ mu one of its unit is.
    """
    whole, point, part = text.partition(".")
    if not (text.isascii() and whole.isdigit() and (part.isdigit() or not point)) or len(part) >= _MANY_DECIMALS:
        return None
    scaled, rest = divmod(int(whole + part) * micro, _POWERS[len(part)])
    return None if rest else scaled


def area(kind: str, text: str, unit: AreaUnit) -> AreaCell | None:
    """An area; None where the cell says nothing.

    Raises:
        CellTrouble: It is no area, or only about one.
    """
    if kind not in {CellKind.TEXT, CellKind.NUMBER}:
        raise CellTrouble("area_not_a_number", f"“{text}”，不是面积数。")
    written = plain(text)
    if written in NOTHING:
        return None
    try:
        read = read_area(written, unit)
    except RuleError as found:
        raise CellTrouble(found.code, _after_title(found.message) + _area_hint(written)) from None
    if read.about:
        raise CellTrouble("area_about", f"“{written}”，只是约数，请填写准确的面积。")
    return AreaCell(read.area.micro_mu, read.unit, read.rounded)


def day(kind: str, text: str) -> date | None:
    """A day; None where the cell says nothing.

    Raises:
        CellTrouble: It names no full day.
    """
    written = plain(text)
    if written in NOTHING:
        return None
    if kind == CellKind.TIME:
        raise CellTrouble("day_unclear", f"“{written}”，只有时间，没有日期。")
    try:
        return read_cell_day(written)
    except RuleError as found:
        raise CellTrouble(found.code, _after_title(found.message) + "。") from None


def year(kind: str, text: str) -> int | None:
    """A year; None where the cell says nothing.

    Raises:
        CellTrouble: It is no year.
    """
    written = "".join(plain(text).split())
    if written in NOTHING:
        return None
    found = _YEAR.fullmatch(written)
    if found is None or kind == CellKind.DATE:
        raise CellTrouble("year_unclear", f"“{written}”，不是年份，请填 2022 这样的四位数。")
    return int(found[1])


def problem_kind(text: str) -> ProblemKind | None:
    """The kind that a list's word means; None for words of other lists."""
    return _KINDS.get("".join(plain(text).split()))


def restore_attribute(text: str) -> str:
    """JKHF or GCHF for their names; other texts as they are, since new codes appear."""
    written = plain(text)
    return "" if written in NOTHING else _RESTORE.get(written, written)


def land_class(text: str) -> tuple[str, str]:
    """Code and name from one cell: ``0101``, ``水田``, ``0101 水田`` or ``水田（0101）``."""
    written = plain(text)
    if written in NOTHING:
        return "", ""
    found = _CLASS.fullmatch(written)
    if found is None or (found["code"] and found["code2"]):
        return "", written
    return found["code"] or found["code2"] or "", (found["name"] or "").strip()


def class_pair(code: str, name: str) -> tuple[str, str]:
    """Code and name of a land class, taken apart where one cell holds both."""
    one, other = plain(code), plain(name)
    if not one and other and (other[0].isdigit() or other[-1].isascii()):
        return land_class(other)
    if one and not other and not one.isascii():
        return land_class(one)
    return ("" if one in NOTHING else one), ("" if other in NOTHING else other)


def _damaged(shown: str) -> CellTrouble:
    return CellTrouble(
        "identifier_damaged", f"“{shown}”，是表格软件改的，后几位已经丢了，程序不能替您猜。请向发表的人要原表。"
    )


def _after_title(message: str) -> str:
    """A sentence about a value as it reads behind “the title” 写的是: the value, a comma, what is wrong with it."""
    value, quote, wrong = message.rpartition("”")
    return f"{value}{quote}，{wrong}" if quote else message


def _area_hint(text: str) -> str:
    found = _MU_AND_TENTHS.fullmatch(text)
    return f"是不是 {found[1]}.{found[2]}{found[3] or '0'} 亩？" if found else ""
