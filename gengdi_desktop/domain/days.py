"""Days as offices write them, read without guessing: what names no full day is not a day."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, timedelta

from gengdi_desktop.errors import RuleError

_DAY = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-./年])(?P<month>\d{1,2})(?:[-./月])(?P<day>\d{1,2})日?"
    r"|(?P<year8>\d{4})(?P<month8>\d{2})(?P<day8>\d{2})"
)
_MOMENT = re.compile(r"(\d{4}[-./]\d{1,2}[-./]\d{1,2})[ T]\d{1,2}:\d{2}.*")
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
_FIRST_DAY = date(1899, 12, 30)


def read_day(text: str) -> date:
    """The day that ``2023-08-20``, ``2023.8.20``, ``2023/8/20``, ``20230820`` or ``2023年8月20日`` names.

    Raises:
        RuleError: ``day_unclear``: no full day (``2023年8月``, ``8月20日``, ``8月×日``) or no day of the calendar.
    """
    match = _DAY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if match:
        numbers = [match[name] or match[f"{name}8"] for name in ("year", "month", "day")]
        with suppress(ValueError):  # 2月30日 is refused below, as any other text that names no day
            return date(*map(int, numbers))
    raise RuleError("day_unclear", f"“{text.strip()[:32]}”不是完整的日期", "请写成 2023-08-20 这样。")


def read_cell_day(text: str) -> date:
    """The day that a cell of a table program names: as :func:`read_day`, with a time behind it, or its day number.

    Raises:
        RuleError: ``day_unclear``.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if _SERIAL.fullmatch(written):
        return _FIRST_DAY + timedelta(days=int(written.partition(".")[0]))
    moment = _MOMENT.fullmatch(written)
    return read_day(moment[1] if moment else written)


def day_text(day: date) -> str:
    """A day in a sentence: 2023年8月20日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
