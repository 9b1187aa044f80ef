"""The shift of phone maps, held to published pairs."""

from __future__ import annotations

import pytest

from gengdi_desktop.geo.coordinates import distance
from gengdi_desktop.geo.map_shift import MapDatum, shifted, unshifted
from gengdi_desktop.geo.numbers import Point

PLACE = Point(116_404_000_000, 39_915_000_000)
PLACES = [PLACE, Point(116_275_700_000, 28_371_200_000), Point(87_600_000_000, 43_800_000_000)]


def test_a_published_pair_of_the_first_shift() -> None:
    assert distance(shifted(PLACE, MapDatum.GCJ_02), Point(116_410_244_499, 39_916_404_282)) < 0.01


def test_a_published_pair_of_the_second_shift() -> None:
    true = unshifted(PLACE, MapDatum.GCJ_02)
    assert distance(shifted(true, MapDatum.BD_09), Point(116_410_369_494, 39_921_336_994)) < 0.5


@pytest.mark.parametrize("datum", MapDatum)
@pytest.mark.parametrize(
    "place", [PLACE, Point(116_275_700_000, 28_371_200_000), Point(87_600_000_000, 43_800_000_000)]
)
def test_there_and_back(datum: MapDatum, place: Point) -> None:
    assert distance(unshifted(shifted(place, datum), datum), place) < 0.1
    assert 100 < distance(shifted(place, datum), place) < 2500
