"""Sketches: degrees into metres, the scale that fits, the bar that says it."""

from __future__ import annotations

import pytest

from gengdi_desktop.reports.forms.sketch import (
    SketchMap,
    SketchShape,
    bar_metres,
    fitting_scale,
    moved_to,
)


def test_rings_are_moved_to_the_middle() -> None:
    [ring] = moved_to([[(116.2, 28.37), (116.201, 28.371)]], (116.2, 28.37))
    assert ring[0] == (0.0, 0.0)
    assert ring[1] == pytest.approx((98.03, 110.82), rel=1e-3)


@pytest.mark.parametrize(("metres", "scale"), [(1, 100), (16, 500), (100, 2000), (900, 20_000), (10**7, 100_000)])
def test_the_scale_is_round_and_the_plot_takes_half_the_room(metres: float, scale: int) -> None:
    half = metres / 2
    ring = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    sketch = SketchMap((SketchShape((ring,), "", own=True),), (), "")
    assert fitting_scale(sketch, 0.17, 0.10) == scale


def test_a_plot_without_an_outline_is_shown_in_its_neighbourhood() -> None:
    assert fitting_scale(SketchMap((), (((0.0, 0.0), "0001"),), ""), 0.17, 0.1) == 2000


@pytest.mark.parametrize(("scale", "metres"), [(100, 2), (500, 20), (2000, 50), (5000, 200), (10, 1)])
def test_the_bar_is_a_round_length_that_fits(scale: int, metres: int) -> None:
    assert bar_metres(scale, 0.04) == metres
    assert scale == 10 or metres / scale <= 0.04
