"""What stands in a filter under a head, as people write it, and the conditions that it means.

One text says it all, so that it can be typed, shown, kept in a view and handed on by a link:

* words: ``桥`` holds what contains it, ``=白圩村|连桥村`` one of these, ``=`` what is empty;
* numbers: ``5`` or ``≥5``, ``≤10``, ``5~10``, ``=5``;
* days: ``8-20``, ``≤8-20``, ``8-15~8-20``, ``=`` where there is none;
* closed lists: ``=整改中|已申报``, or the beginning of a word, also in pinyin.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.widgets.table_cells import Column

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import Condition

EMPTY: Final = "（空）"
_SPAN: Final = re.compile(r"(?P<low>[^~～至到]+?)\s*[~～至到]\s*(?P<high>[^~～至到]+)")
_HYPHEN: Final = re.compile(r"(?P<low>[\d.]+)\s*[-－—–]\s*(?P<high>[\d.]+)")
_AT_LEAST: Final = ("≥", ">=", "＞=", ">", "＞")
_AT_MOST: Final = ("≤", "<=", "＜=", "<", "＜")
_BETWEEN: Final = re.compile(r"(?<!\\)\|")


def conditions_of(column: Column, text: str, today: date) -> tuple[Condition, ...]:
    """What a filter asks for; nothing for a blank one.

    Raises:
        RuleError: It cannot be read; the sentence says how to write it.
    """
    plain = text.strip()
    if not plain:
        return ()
    if column.filter == "number":
        return _numbers(column, plain)
    if column.filter == "date":
        return _days(column, plain, today)
    return (_words(column, plain),)


def values_text(column: Column, values: Sequence[str]) -> str:
    """The text that asks for one of these stored values."""
    known = dict(column.options)
    return "=" + "|".join(known.get(one, one).replace("|", "\\|") for one in values)


def chosen_values(column: Column, text: str) -> tuple[str, ...] | None:
    """The stored values that a text asks for by name; None where it asks otherwise."""
    plain = text.strip()
    if not plain.startswith("="):
        return None
    codes = {word: code for code, word in column.options}
    said = [one.strip().replace("\\|", "|") for one in _BETWEEN.split(plain[1:])]
    return tuple(codes.get(one, "" if one == EMPTY else one) for one in said)


def span_of(column: Column, text: str) -> tuple[str, str]:
    """The lower and the upper end that a text asks for; empty where it has none. A day alone is both of them."""
    plain, days = text.strip(), column.filter == "date"
    found = _SPAN.fullmatch(plain) or (None if days else _HYPHEN.fullmatch(plain))
    if found is not None:
        return found["low"].strip(), found["high"].strip()
    for signs, place in ((_AT_LEAST, 0), (_AT_MOST, 1)):
        sign = next((one for one in signs if plain.startswith(one)), None)
        if sign is not None:
            end = plain[len(sign) :].strip()
            return (end, "") if place == 0 else ("", end)
    if plain.startswith("="):
        return plain[1:].strip(), plain[1:].strip()
    return plain, plain if days else ""


def span_text(low: str, high: str) -> str:
    """The text that asks for what lies between two ends."""
    if low and high:
        return f"={low}" if low == high else f"{low}~{high}"
    return f"≥{low}" if low else f"≤{high}" if high else ""


def said(column: Column, asked: str) -> str:
    """A filter from a link as the person would write it: codes of closed lists become their words."""
    if column.options and asked and not asked.startswith("="):
        codes = asked.split(",")
        if set(codes) <= {code for code, _word in column.options}:
            return values_text(column, codes)
    return asked


def _words(column: Column, plain: str) -> Condition:
    from gengdi_desktop.ledger.queries import Condition, Match

    chosen = chosen_values(column, plain)
    if chosen is not None:
        return Condition(column.asked, chosen, Match.ONE_OF)
    if column.options:
        from gengdi_desktop.system.pinyin import matcher

        fits = matcher(plain)
        return Condition(column.asked, tuple(code for code, word in column.options if fits(word)), Match.ONE_OF)
    return Condition(column.asked, plain, Match.CONTAINS)


def _numbers(column: Column, plain: str) -> tuple[Condition, ...]:
    for end in span_of(column, plain):
        if end and re.fullmatch(r"\d+(\.\d*)?|\.\d+", end) is None:
            raise RuleError(
                "bad_filter", f"“{plain}”不是数，{column.title}没有筛选。", "可以写 5、≤10、5~10，也可以写 =5。"
            )
    return _between(column, *span_of(column, plain))


def _days(column: Column, plain: str, today: date) -> tuple[Condition, ...]:
    from gengdi_desktop.ledger.queries import Condition, Match

    chosen = chosen_values(column, plain)
    if chosen is not None:
        days = tuple(one if not one else _day(column, one, today) for one in chosen)
        return (Condition(column.asked, days, Match.ONE_OF),)
    low, high = span_of(column, plain)
    return _between(column, low and _day(column, low, today), high and _day(column, high, today))


def _day(column: Column, text: str, today: date) -> str:
    found = words.read_day(text, today)
    if found is None:
        raise RuleError(
            "bad_filter", f"“{text}”不是日期，{column.title}没有筛选。", "可以写 8-20、≤8-20，也可以写 8-15~8-20。"
        )
    return found.isoformat()


def _between(column: Column, low: str, high: str) -> tuple[Condition, ...]:
    from gengdi_desktop.ledger.queries import Condition, Match

    ends = ((low, Match.AT_LEAST), (high, Match.AT_MOST))
    return tuple(Condition(column.asked, end, match) for end, match in ends if end)
