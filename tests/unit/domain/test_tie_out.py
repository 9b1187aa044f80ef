"""Totals beside those that came on paper."""

from __future__ import annotations

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.tie_out import TieOut, tolerance

OURS = Area.parse("3980.79")


def test_the_tolerance_grows_with_the_root_of_the_rows() -> None:
    assert tolerance(0) == Area.ZERO
    assert tolerance(100) == Area.parse("0.1")
    assert tolerance(2220).display() == "0.47"


def test_a_missing_plot_is_always_an_error() -> None:
    tie = TieOut(2219, OURS, 2220, OURS)
    assert tie.count_difference == -1
    assert not tie.holds


def test_areas_may_differ_by_what_rounding_explains() -> None:
    assert TieOut(2220, OURS, 2220, Area.parse("3981.26")).holds
    far = TieOut(2220, OURS, 2220, Area.parse("3979.00"))
    assert far.area_difference.exact() == "1.79"
    assert not far.holds


def test_without_totals_on_paper_there_is_nothing_to_differ() -> None:
    tie = TieOut(3, OURS)
    assert (tie.count_difference, tie.area_difference, tie.holds) == (0, Area.ZERO, True)
