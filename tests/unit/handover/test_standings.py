"""What makes a plot stand as another desk says: the short way over rows comes to the same as the long one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.handover.receiving.merging import standing
from gengdi_desktop.handover.receiving.standings import Columns, standing_items, taken_items
from gengdi_desktop.storage.journal import Item

PLOT = ("id", "state", "round", "held", "cause")
ROUND = ("id", "plot_id", "number", "target", "person", "deadline")
ROWS = st.tuples(st.sampled_from(["issued", "working"]), st.integers(1, 3), st.integers(0, 1))
ROUNDS = st.dictionaries(
    st.integers(1, 3),
    st.tuples(st.integers(0, 2), st.sampled_from(["", "甲"]), st.sampled_from([None, "2023-08-20"])),
    max_size=3,
)


def in_short(items: list[Item]) -> list[Item]:
    """Of a round that comes only its number."""
    return [[*item[:3], {"number": item[3]["number"]}] if item[0] == "+" else item for item in items]


@given(ROWS, ROWS, ROUNDS, ROUNDS)
def test_both_ways_come_to_the_same(
    mine: tuple[str, int, int],
    theirs: tuple[str, int, int],
    my_rounds: dict[int, tuple[int, str, str | None]],
    their_rounds: dict[int, tuple[int, str, str | None]],
) -> None:
    rows = [("p", *values, "改种果树") for values in (mine, theirs)]
    rounds = [
        {str(number): (f"p:{number}", "p", number, *values) for number, values in some.items()}
        for some in (my_rounds, their_rounds)
    ]
    whole = [
        standing(
            dict(zip(PLOT[1:4], values, strict=True)),
            {number: dict(zip(ROUND[3:], row[3:], strict=True)) for number, row in some.items()},
        )
        for values, some in zip((mine, theirs), rounds, strict=True)
    ]
    columns = Columns(PLOT, ROUND)
    assert [columns.standing_of(*one) for one in zip(rows, rounds, strict=True)] == whole
    assert columns.alike(*rows) == (mine == theirs)
    found = taken_items("p", columns, (rows[0], rows[1]), (rounds[0], rounds[1]))
    assert found == in_short(standing_items("p", whole[0], whole[1]))
