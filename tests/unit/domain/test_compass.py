"""Directions in the words of a person at the plot."""

from __future__ import annotations

import pytest

from gengdi_desktop.domain.compass import direction_words


@pytest.mark.parametrize(
    ("thousandths", "words"),
    [
        (0, "北向"),
        (22_499, "北向"),
        (22_500, "东北向"),
        (135_000, "东南向"),
        (180_000, "南向"),
        (337_499, "西北向"),
        (337_500, "北向"),
        (359_999, "北向"),
        (None, ""),
    ],
)
def test_directions_in_words(thousandths: int | None, words: str) -> None:
    assert direction_words(thousandths) == words
