"""What a scanner types leads to its plot, or to none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.domain.scan_codes import plot_of_scan, scan_code

PLOT = "0f" * 16


@given(st.text("0123456789abcdef", min_size=1, max_size=40))
def test_every_id_comes_back(plot: str) -> None:
    code = scan_code(plot)
    assert code.isascii()
    assert code.isdigit()
    assert plot_of_scan(code) == plot


@given(st.integers(0, 42), st.integers(1, 9))
def test_a_digit_read_wrong_leads_nowhere(place: int, more: int) -> None:
    code = scan_code(PLOT)
    wrong = str((int(code[place % len(code)]) + more) % 10)
    read = code[: place % len(code)] + wrong + code[place % len(code) + 1 :]
    assert plot_of_scan(read) is None


def test_an_input_method_may_make_the_digits_wide() -> None:
    wide = scan_code(PLOT).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert plot_of_scan(f" {wide}\n") == PLOT


@pytest.mark.parametrize("text", ["", "39", "3932", "360124211010039620", "0012", "白圩村", "39" * 30, "3900000000000"])
def test_what_is_typed_by_hand_is_no_code(text: str) -> None:
    assert plot_of_scan(text) is None
