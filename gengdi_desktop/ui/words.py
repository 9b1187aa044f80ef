"""Figures and days as people read them on screens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from gengdi_desktop.domain.areas import Area

NOTHING: Final = "—"
_DAY: Final = re.compile(
    r"\s*(?:(?P<year>\d{4}|\d{2})\s*[年./\-\s]\s*)?(?P<month>\d{1,2})\s*[月./\-\s]\s*(?P<day>\d{1,2})\s*日?\s*"
)
_DIGITS: Final = re.compile(r"\s*(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})\s*")
_FIGURE: Final = re.compile(r"(^|[^\d.])(\d+)(\.\d+)?(个|亩)")
_TIGHT: Final = re.compile(r"([\u4e00-\u9fff])(?=\d+(?:\.\d+)?[个亩])")
"""A word that a figure follows at once."""
_SHORT_YEAR: Final = 100
_FEW: Final = 3


def mu(area: Area) -> str:
    """Two decimals with thousands: ``1,234.56``."""
    whole, _, part = area.display().partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}.{part}"


def count(number: int) -> str:
    """With thousands: ``4,182``."""
    return f"{number:,}"


def figures(sentence: str) -> str:
    """A sentence of a report as screens write it: ``共2220个、3980.79亩`` becomes ``共 2,220 个、3,980.79 亩``."""
    apart = _TIGHT.sub(r"\1 ", sentence)
    return _FIGURE.sub(lambda found: f"{found[1]}{int(found[2]):,}{found[3] or ''} {found[4]}", apart)


def day(value: date | None) -> str:
    """``2023年8月17日``; nothing is a dash."""
    return f"{value.year}年{value.month}月{value.day}日" if value else NOTHING


def short_day(value: date | None, today: date | None = None) -> str:
    """``8-17`` for columns; another year than today's is told."""
    if value is None:
        return NOTHING
    if today is not None and value.year != today.year:
        return f"{value.year}-{value.month}-{value.day:02d}"
    return f"{value.month}-{value.day:02d}"


def spoken_day(value: date) -> str:
    """``8 月 22 日`` inside a sentence."""
    return f"{value.month} 月 {value.day} 日"


def moment(value: datetime, today: date | None = None) -> str:
    """``8月17日 16:12`` in local time; ``今天 16:12`` where *today* is given and fits."""
    local = value.astimezone()
    if today is not None and local.date() == today:
        return f"今天 {local:%H:%M}"
    if today is not None and local.year != today.year:
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def read_day(text: str, today: date) -> date | None:
    """The day that somebody typed: ``8.17``, ``8-17``, ``2023年8月17日``, ``20230817``; None where it is no day."""
    found = _DIGITS.fullmatch(text) or _DAY.fullmatch(text)
    if found is None:
        return None
    year = int(found["year"]) if found["year"] else today.year
    year += 2000 if year < _SHORT_YEAR else 0
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def some_of(names: Sequence[str], unit: str = "村") -> str:
    """The first of some names, short: ``连桥村、白圩村`` or ``连桥村等 3 村``."""
    known = list(dict.fromkeys(name for name in names if name))
    return "、".join(known) if len(known) < _FEW else f"{known[0]}等 {len(known)} {unit}"


def file_size(size: int) -> str:
    """``642 KB``, ``1.2 MB``."""
    kilobytes = max(1, (size + 1023) // 1024)
    return f"{kilobytes:,} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"  # noqa: PLR2004
