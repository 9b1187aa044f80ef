"""Directions in words, as a person at the plot would say them."""

from __future__ import annotations

from typing import Final

WHOLE_TURN: Final = 360_000
"""A whole turn, in 10⁻³ degree."""

_COMPASS: Final = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
_EIGHTH: Final = WHOLE_TURN // len(_COMPASS)


def direction_words(direction: int | None) -> str:
    """``东南向`` of 10⁻³ degree clockwise from north; empty where it is not known."""
    if direction is None:
        return ""
    return f"{_COMPASS[(direction % WHOLE_TURN + _EIGHTH // 2) // _EIGHTH % len(_COMPASS)]}向"
