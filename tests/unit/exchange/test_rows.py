"""Rows travel as lines and come back as they were; lines of another form are refused by number."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.rows import TableHeader, member_name, read_rows, row_lines
from gengdi_desktop.storage.journal import Value, checked_value

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0")).map(checked_value)
VALUES = st.none() | st.integers(-(2**63) + 1, 2**63 - 1) | TEXTS


def lines_of(header: TableHeader, rows: Sequence[Sequence[Value]]) -> list[bytes]:
    """The lines without their ends."""
    made = list(row_lines(header, rows))
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in made)
    return [line[:-1] for line in made]


@given(st.dictionaries(st.integers(0, 10**6), st.tuples(VALUES, VALUES)))
def test_rows_come_back_as_they_were(found: dict[int, tuple[Value, Value]]) -> None:
    rows = [(key, *found[key]) for key in sorted(found)]
    header = TableHeader("plot", ("id", "a", "b"), len(rows))
    told, back = read_rows("plot", iter(lines_of(header, rows)))
    assert told == header
    assert list(back) == rows


def test_a_member_is_named_after_its_table() -> None:
    assert member_name("plot_shape") == "data/plot_shape.jsonl"


GOOD = (b'{"fields":["id","a"],"rows":2,"table":"plot"}', b'["x",1]', '["y","图斑"]'.encode())


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ((), 1),
        ((b'{"fields":["id","a"],"rows":2,"table":"round"}', *GOOD[1:]), 1),
        ((b'{"fields":["id","id"],"rows":2,"table":"plot"}', *GOOD[1:]), 1),
        ((b'{"fields":[],"rows":0,"table":"plot"}',), 1),
        ((b'{"fields":["id","a"],"rows":2,"table":"plot","more":1}', *GOOD[1:]), 1),
        ((b"[1,2]", *GOOD[1:]), 1),
        (GOOD[:2], 2),
        ((*GOOD, b'["z",1]'), 4),
        ((GOOD[0], GOOD[2], GOOD[1]), 3),
        ((GOOD[0], GOOD[1], GOOD[1]), 3),
        ((GOOD[0], GOOD[1], b"[2,1]"), 3),
        ((GOOD[0], b"[null,1]", GOOD[2]), 2),
        ((GOOD[0], b'["x"]', GOOD[2]), 2),
        ((GOOD[0], b'["x", 1]', GOOD[2]), 2),
        ((GOOD[0], b'["x",1.5]', GOOD[2]), 2),
        ((GOOD[0], b'["a","x\\u0000y"]', GOOD[2]), 2),
        ((GOOD[0], b'["a\\u0000",1]', GOOD[2]), 2),
        ((GOOD[0], GOOD[1], '["y","图\\u0000斑"]'.encode()), 3),
        ((GOOD[0], b'["x",true]', GOOD[2]), 2),
        ((GOOD[0], b'["x",[1]]', GOOD[2]), 2),
        ((GOOD[0], b'["x",99999999999999999999]', GOOD[2]), 2),
        ((GOOD[0], '["x","e\u0301"]'.encode(), GOOD[2]), 2),
        ((GOOD[0], b'["x",1', GOOD[2]), 2),
        ((GOOD[0], b"[" * 3000, GOOD[2]), 2),
        ((GOOD[0], b"\xff", GOOD[2]), 2),
    ],
)
def test_lines_of_another_form_are_refused_by_number(lines: tuple[bytes, ...], number: int) -> None:
    with pytest.raises(PackageFault) as refusal:
        list(read_rows("plot", iter(lines))[1])
    assert refusal.value.code == "rows_unreadable"
    assert f"第 {number} 行" in refusal.value.message


def test_a_mark_behind_an_escape_is_normal() -> None:
    row = ("x", "line\n\u0301", None)
    header = TableHeader("plot", ("id", "a", "b"), 1)
    assert list(read_rows("plot", iter(lines_of(header, [row])))[1]) == [row]


def test_the_lines_that_the_others_differ_from_are_good() -> None:
    assert list(read_rows("plot", iter(GOOD))[1]) == [("x", 1), ("y", "图斑")]


def test_among_many_lines_the_one_that_is_wrong_is_named() -> None:
    """Lines are looked at many at a time; a fault anywhere is still the fault of its line, however many came before."""
    good = [b'["%08d",%d]' % (number, number) for number in range(1_700)]
    for place in (0, 499, 500, 1_699):
        falls = () if place == 0 else (b'["",1]',)
        for wrong in (b'["%08d", %d]' % (place, place), b'["%08d",1.5]' % place, b"[]", b"{", *falls):
            lines = [*good]
            lines[place] = wrong
            head = b'{"fields":["id","issued_area"],"rows":1700,"table":"plot"}'
            _, rows = read_rows("plot", iter([head, *lines]))
            with pytest.raises(PackageFault, match=f"第 {place + 2} 行"):
                list(rows)


def test_lines_that_are_only_together_what_they_should_be_are_refused() -> None:
    head = b'{"fields":["id"],"rows":3,"table":"plot"}'
    for lines in ([b'["a]', b'[b"]', b'["c"],["d"]'], [b'["a"],["b"]', b'["c"]'], [b'["a"', b'"b"]', b'["c"]']):
        with pytest.raises(PackageFault, match="第 2 行"):
            list(read_rows("plot", iter([head, *lines]))[1])
