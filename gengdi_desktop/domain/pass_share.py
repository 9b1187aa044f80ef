"""How sure one can be of a share that was seen in a sample: the Clopper–Pearson interval.

Source: C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial,
Biometrika 26 (1934). The limits are the shares at which so few, or so many, would be seen with 2.5 % chance each.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_TAIL: Final = 0.025
_HALVINGS: Final = 60


@dataclass(frozen=True)
class PassShare:
    """Passed plots of a sample.

    Attributes:
        passed: Plots that passed.
        checked: Plots that were checked, at least 1.
        low: Lower limit of the share at 95 %, between 0 and 1.
        high: Upper limit.
    """

    passed: int
    checked: int
    low: float
    high: float


def pass_share(passed: int, checked: int) -> PassShare:
    """The share with its interval, exact to ten digits.

    Raises:
        ValueError: Nothing was checked, or more passed than were checked.
    """
    if not 0 <= passed <= checked or checked < 1:
        raise ValueError(f"{passed} of {checked}")
    low = 0.0 if passed == 0 else _where(lambda share: _at_least(passed, checked, share) < _TAIL)
    high = 1.0 if passed == checked else _where(lambda share: 1 - _at_least(passed + 1, checked, share) > _TAIL)
    return PassShare(passed, checked, low, high)


def _where(below: Callable[[float], bool]) -> float:
    """The share at which a condition that holds below it stops to hold."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def _at_least(passed: int, checked: int, share: float) -> float:
    """The chance that at least so many pass when each passes with this chance."""
    ways = math.lgamma(checked + 1)
    return math.fsum(
        math.exp(
            ways
            - math.lgamma(hits + 1)
            - math.lgamma(checked - hits + 1)
            + hits * math.log(share)
            + (checked - hits) * math.log1p(-share)
        )
        for hits in range(passed, checked + 1)
    )
