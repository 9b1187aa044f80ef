"""Does a total agree with the one that came on paper: counts exactly, areas within what rounding explains."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

from gengdi_desktop.domain.areas import Area

_HUNDREDTH_MU_SQUARED = 10_000**2


def tolerance(rows: int) -> Area:
    """The largest difference that rounding ``rows`` areas to 0.01 mu explains: 0.01 × √rows mu, rounded down."""
    return Area(isqrt(_HUNDREDTH_MU_SQUARED * rows))


@dataclass(frozen=True, slots=True)
class TieOut:
    """A total of ours beside one that came on paper.

    Args:
        count: Our number of plots.
        area: Our sum.
        expected_count: The paper's number; None where it names none.
        expected_area: The paper's sum; None where it names none.
    """

    count: int
    area: Area
    expected_count: int | None = None
    expected_area: Area | None = None

    @property
    def count_difference(self) -> int:
        """Ours less theirs; any difference is an error."""
        return 0 if self.expected_count is None else self.count - self.expected_count

    @property
    def area_difference(self) -> Area:
        """Ours less theirs."""
        return Area.ZERO if self.expected_area is None else self.area - self.expected_area

    @property
    def asked(self) -> bool:
        """Whether the paper names anything to compare with."""
        return self.expected_count is not None or self.expected_area is not None

    @property
    def exact(self) -> bool:
        """Whether there is no difference at all, not even one that rounding explains."""
        return self.count_difference == 0 and self.area_difference == Area.ZERO

    @property
    def holds(self) -> bool:
        """Whether the counts are equal and the areas differ by no more than the tolerance."""
        return self.count_difference == 0 and abs(self.area_difference.micro_mu) <= tolerance(self.count).micro_mu
