"""Values from elsewhere held to their columns: the one that does not fit is named, and not one beside it."""

from __future__ import annotations

import pytest

from gengdi_desktop.handover.receiving.values import unfit

FIELDS = ("id", "state", "problem_kind", "checked_on", "issued_area", "rectify")
GOOD = ("a" * 32, "checked", "non_grain", "2023-07-26", 5_280_000, 1)
EMPTY = ("b" * 32, "issued", "", None, 0, None)


def test_what_a_ledger_writes_fits() -> None:
    assert unfit("plot", FIELDS, [GOOD, EMPTY]) is None
    assert unfit("plot", FIELDS, []) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "banana"),
        ("state", None),
        ("problem_kind", "种树"),
        ("checked_on", "2023-13-99"),
        ("checked_on", 20230726),
        ("checked_on", "2023-7-26"),
        ("issued_area", -1),
        ("issued_area", "5.28"),
        ("rectify", 2),
    ],
)
def test_what_does_not_is_named(field: str, value: str | int | None) -> None:
    at = FIELDS.index(field)
    wrong = (*GOOD[:at], value, *GOOD[at + 1 :])
    assert unfit("plot", FIELDS, [EMPTY, GOOD, wrong, GOOD]) == (2, field)
