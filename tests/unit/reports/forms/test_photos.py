"""How wide photos are made for paper."""

from __future__ import annotations

import pytest

from gengdi_desktop.evidence.photo_facts import PhotoFacts
from gengdi_desktop.evidence.records import KnownPhoto
from gengdi_desktop.reports.forms.photos import printed_width


def known(width: int, height: int, orientation: int = 1) -> KnownPhoto:
    return KnownPhoto("0" * 64, PhotoFacts("image/jpeg", width, height, orientation))


@pytest.mark.parametrize(
    ("photo", "wide"),
    [
        (known(4032, 3024), 1008),
        (known(4000, 3000, 6), 1500),
        (known(8000, 6000), 1000),
        (known(1200, 900), 1200),
        (known(1600, 1200), 1000),
        (known(640, 480), 1000),
        (known(0, 0), 1000),
        (None, 1000),
    ],
)
def test_a_photo_is_made_small_by_whole_steps_where_one_fits(photo: KnownPhoto | None, wide: int) -> None:
    assert printed_width(photo) == wide
