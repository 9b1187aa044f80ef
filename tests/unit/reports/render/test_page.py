"""Pages hold what belongs together, in order and once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import Glyphs
from gengdi_desktop.reports.render.page import Page, paginate
from gengdi_desktop.reports.render.rows import Flow, Row
from gengdi_desktop.reports.typefaces import FontRole


def row(name: str, **changes: object) -> Row:
    """A row that draws its name."""
    made = Row(g.PITCH, (Glyphs(0, g.EM, name, FontRole.FANG, g.EM),), text=True)
    return replace(made, **changes)  # type: ignore[arg-type]


def names(page: Page) -> list[str]:
    return [ink.text for ink in page.ink if isinstance(ink, Glyphs)]


@given(st.lists(st.booleans(), max_size=120), st.integers(0, 15))
def test_every_row_once_in_order_and_glued_rows_with_the_one_before(glued: list[bool], first_line: int) -> None:
    rows = [row(str(index), glued=flag) for index, flag in enumerate(glued)]
    pages = paginate(rows, first_line)
    assert [name for page in pages for name in names(page)] == [str(index) for index in range(len(rows))]
    longest, run = 0, 0
    for flag in glued:
        run = run + 1 if flag else 1
        longest = max(longest, run)
    if longest <= 22 - first_line:
        for page in pages[1:]:
            assert not glued[int(names(page)[0])]
    assert all(page.used <= g.LINES * g.PITCH + 0.1 for page in pages)


def test_22_rows_fill_a_page() -> None:
    pages = paginate([row(str(n)) for n in range(50)], 0)
    assert [len(names(page)) for page in pages] == [22, 22, 6]


def test_empty_lines_fall_away_at_the_head_of_a_page() -> None:
    rows = [row(str(n)) for n in range(22)] + [Row(g.PITCH, blank=True)] * 2 + [row("next")]
    assert names(paginate(rows, 0)[1]) == ["next"]
    assert paginate(rows, 0)[1].used == pytest.approx(g.PITCH)


def test_a_heading_is_repeated_where_a_table_goes_on() -> None:
    head = row("head", text=False)
    rows = [head] + [row(str(n), head=(head,), glued=n == 0) for n in range(40)]
    pages = paginate(rows, 0)
    assert [names(page)[0] for page in pages] == ["head", "head"]
    assert len(names(pages[1])) == 1 + 40 - 21


def test_a_block_longer_than_a_page_is_torn_rather_than_lost() -> None:
    pages = paginate([row(str(n), glued=n > 0) for n in range(60)], 0)
    assert sum(len(names(page)) for page in pages) == 60


def test_a_row_higher_than_a_page_is_drawn_all_the_same() -> None:
    pages = paginate([row("a"), row("high", height=30 * g.PITCH), row("b")], 0)
    assert [name for page in pages for name in names(page)] == ["a", "high", "b"]


def test_nothing_makes_one_page() -> None:
    assert len(paginate([], 5)) == 1


def test_a_bound_row_waits_for_the_next() -> None:
    flow = Flow()
    flow.add([row("heading", text=False)], bind_next=True)
    flow.skip()
    flow.add([row("text")])
    assert [one.glued for one in flow.rows] == [False, True, True]


def test_the_tail_takes_two_rows_of_text_along_and_no_table() -> None:
    flow = Flow()
    flow.add([row("1"), row("2"), row("3")])
    flow.bind_tail([row("organ", text=False), row("date", text=False)])
    assert [one.glued for one in flow.rows] == [False, False, True, True, True]
    flow = Flow()
    flow.add([row("text"), row("table", text=False), row("last")])
    flow.bind_tail([row("organ", text=False)])
    assert [one.glued for one in flow.rows] == [False, False, False, True]


def test_the_tail_reaches_over_the_list_of_annexes() -> None:
    flow = Flow()
    flow.add([row("1"), row("2")])
    flow.skip()
    flow.add([row("annex", text=False)])
    flow.bind_tail([row("date", text=False)])
    assert [one.glued for one in flow.rows] == [False, True, True, True, True]
