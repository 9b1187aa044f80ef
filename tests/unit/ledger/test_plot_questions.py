"""Sums, groups, values and search over plots: one question each, and what nobody waits for is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, RuleError
from gengdi_desktop.ledger import search, undo
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import (
    GROUPS,
    Condition,
    Match,
    PlotGroup,
    PlotQuery,
    PlotSums,
    count_views,
    field_values,
    plot_groups,
    plot_ids,
    plot_lines,
    plot_sums,
    sums_of,
)
from gengdi_desktop.ledger.store import head
from gengdi_desktop.storage.tables import AttachmentRow, IdentifierRow, PlotRow, RoundRow, Row, StoredFileRow
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK, ISSUED, new_ledger

MU = 1_000_000


@pytest.fixture
def ledger(tmp_path: Path, clock: FixedClock) -> Iterator[Ledger]:
    """Six plots of two villages; today is 2023-08-20."""
    with new_ledger(tmp_path / "台账", clock=clock) as made:
        put(
            made,
            plot("a", 1, village="白圩村", state="working", kind="non_grain", issued_area=2 * MU, party="罗志强"),
            plot("b", 2, village="白圩村", state="issued", kind="non_farm", issued_area=3 * MU, remark="临河 50% 坡"),
            plot("c", 3, village="连桥村", state="works_done", kind="non_grain", issued_area=4 * MU),
            plot("d", 4, village="连桥村", state="cancelled", kind="", issued_area=5 * MU),
            plot("e", 5, village="连桥村", state="split", kind="non_grain", issued_area=6 * MU),
            plot("f", 6, village="连桥村", state="checked", kind="non_grain", issued_area=6 * MU, split_parent="e"),
            RoundRow(id="a:1", plot_id="a", target=2 * MU, restored=MU, person="吴小琴", deadline="2023-08-22"),
            RoundRow(id="c:1", plot_id="c", target=4 * MU, restored=4 * MU, person="曾美玲", deadline="2023-08-10"),
            IdentifierRow(plot_id="b", kind="bsm", value="360124000000000017"),
        )
        yield made


def put(ledger: Ledger, *rows: Row) -> None:
    """Add rows."""
    with ledger.begin(Operation.IMPORT, CLERK) as work:
        work.session.add_all(rows)
        work.commit()


def plot(name: str, position: int, **facts: Any) -> PlotRow:
    """A plot."""
    return PlotRow(id=name, **{**ISSUED, "plot_no": f"{position:04d}", "position": position, **facts})


def found(ledger: Ledger, search: str) -> str:
    """The plots that a search finds, as one word."""
    return "".join(plot_ids(ledger, PlotQuery(search=search)))


# --------------------------------------------------------------------------------------------------- conditions


def test_one_of_several_values_holds_and_the_empty_text_stands_for_nothing(ledger: Ledger) -> None:
    states = Condition("state", ("working", "issued"), Match.ONE_OF)
    assert plot_ids(ledger, PlotQuery((states,))) == ["a", "b"]
    assert plot_ids(ledger, PlotQuery((Condition("kind", ("non_farm", ""), Match.ONE_OF),))) == ["b", "d"]
    assert plot_ids(ledger, PlotQuery((Condition("deadline", ("",), Match.ONE_OF),))) == ["b", "d", "e", "f"]
    assert plot_ids(ledger, PlotQuery((Condition("state", (), Match.ONE_OF),))) == []
    areas = Condition("issued_area", ("2", "3.00"), Match.ONE_OF)
    assert plot_ids(ledger, PlotQuery((areas,))) == ["a", "b"]


def test_marks_find_what_presses_and_lines_tell_the_same(ledger: Ledger) -> None:
    def marked(*marks: str) -> list[str]:
        return plot_ids(ledger, PlotQuery((Condition("marks", marks, Match.ONE_OF),)))

    assert marked("overdue") == ["c"]
    assert marked("due_soon") == ["a"]
    assert marked("no_after_photo") == ["c"]
    assert marked("overdue", "due_soon") == ["a", "c"]
    assert [line.id for line in plot_lines(ledger, list("abcdef")) if line.no_after_photo] == ["c"]
    with pytest.raises(RuleError, match="提示"):
        marked("nothing_of_that_kind")


def test_a_photo_of_after_takes_the_mark_away(ledger: Ledger) -> None:
    photo = StoredFileRow(id="0" * 64, folder="evidence", suffix=".jpg", size=1)
    put(ledger, photo, AttachmentRow(plot_id="c", stage="after", file_id="0" * 64, media_type="image/jpeg"))
    assert plot_ids(ledger, PlotQuery((Condition("no_after_photo", 1),))) == []


def test_the_first_so_many_are_the_first_of_all(ledger: Ledger) -> None:
    for order in ("position", "issued_area", "person", "remaining"):
        every = plot_ids(ledger, PlotQuery(order=order, descending=True))
        assert len(every) == 6
        assert plot_ids(ledger, PlotQuery(order=order, descending=True), limit=2) == every[:2]


# --------------------------------------------------------------------------------------------------------- sums, groups


def test_sums_leave_out_split_parents_and_what_is_left_of_cancelled_plots(ledger: Ledger) -> None:
    every = plot_sums(ledger, PlotQuery())
    assert every == {"": PlotSums(6, Area(20 * MU), Area(6 * MU), Area(5 * MU), Area(10 * MU))}
    assert sums_of(ledger, ["a", "c"]) == PlotSums(2, Area(6 * MU), Area(6 * MU), Area(5 * MU), Area(MU))
    assert sums_of(ledger, []) == PlotSums()


@pytest.mark.parametrize("group", GROUPS)
def test_groups_add_up_and_come_in_the_order_of_their_plots(ledger: Ledger, group: str) -> None:
    query = PlotQuery(group=group)
    groups = plot_groups(ledger, query)
    ids = plot_ids(ledger, query)
    sums = plot_sums(ledger, query)
    assert sum(one.plots for one in groups) == len(ids) == 6
    assert sum(sums.values(), PlotSums()) == plot_sums(ledger, PlotQuery())[""]
    at = 0
    for one in groups:
        part = ids[at : at + one.plots]
        assert sums_of(ledger, part) == sums[one.key]
        at += one.plots


def test_villages_of_a_group_know_their_township(ledger: Ledger) -> None:
    assert plot_groups(ledger, PlotQuery(group="village")) == (
        PlotGroup(f"{ISSUED['township']}/白圩村", 2),
        PlotGroup(f"{ISSUED['township']}/连桥村", 4),
    )


def test_values_are_counted_under_all_other_conditions(ledger: Ledger) -> None:
    village, state = Condition("village", "连桥村"), Condition("state", "split")
    assert field_values(ledger, PlotQuery((village, state)), "state").values == (
        ("cancelled", 1), ("checked", 1), ("split", 1), ("works_done", 1),
    )  # fmt: skip
    few = field_values(ledger, PlotQuery(), "issued_area", most=2)
    assert (len(few.values), few.more) == (2, 3)
    assert dict(field_values(ledger, PlotQuery(), "marks").values) == {
        "overdue": 1, "due_soon": 1, "no_after_photo": 1,
    }  # fmt: skip


def test_views_are_counted_in_one_look(ledger: Ledger) -> None:
    views = {"all": (), "open": (Condition("label", ("partial", "unrectified"), Match.ONE_OF),)}
    open_ones = plot_ids(ledger, PlotQuery(views["open"]))
    assert open_ones == [
        line.id for line in plot_lines(ledger, list("abcdef")) if line.label in {"partial", "unrectified"}
    ]
    assert count_views(ledger, views) == {"all": 6, "open": len(open_ones)}


# --------------------------------------------------------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("typed", "plots"),
    [
        ("白圩村", "ab"),
        ("bxc", "ab"),  # 圩 is read xu in village names
        ("bwc", "ab"),  # and wei by whoever does not know
        ("lianqiao", "cdef"),
        ("lzq", "a"),
        ("zengml", "c"),  # 曾 is read zeng as a name
        ("cengml", "c"),
        ("0003", "c"),
        ("000017", "b"),
        ("50%", "b"),
        ("白圩 wxq", "a"),
        ("没有这样的", ""),
    ],
)
def test_one_box_finds_words_numbers_pinyin_and_initials(ledger: Ledger, typed: str, plots: str) -> None:
    assert found(ledger, typed) == plots


def test_names_that_came_later_are_found_too(ledger: Ledger) -> None:
    assert found(ledger, "gongqing") == ""
    put(ledger, plot("g", 7, village="共青村", entry=_next_entry(ledger)))
    assert found(ledger, "gongqing") == "g"


def test_after_an_entry_only_what_it_touched_is_read_anew(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(ledger, "zhanghua") == found(ledger, "gongqing") == ""

    def whole(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(search, "_different", whole)
    with ledger.begin(Operation.EDIT, CLERK) as work:
        work.session.get_one(PlotRow, "a").party = "章华"
        work.session.get_one(RoundRow, "c:1").person = "共青团"
        work.commit()
    assert (found(ledger, "zhanghua"), found(ledger, "gongqing"), found(ledger, "lzq")) == ("a", "c", "")
    put(ledger, plot("h", 8, village="章华村", entry=_next_entry(ledger)))
    assert found(ledger, "zhanghua") == "ah"
    undo.undo(ledger, by=CLERK)
    assert found(ledger, "zhanghua") == "a"
    taken_back = undo.next_redo(ledger)
    assert taken_back is not None
    undo.undo(ledger, taken_back.seq, by=CLERK)
    assert found(ledger, "zhanghua") == "ah"


def _next_entry(ledger: Ledger) -> int:
    with ledger.reading() as session:
        return int(head(session)[0]) + 1


# ----------------------------------------------------------------------------------------------------------------- stop


def test_a_question_that_nobody_waits_for_is_stopped(ledger: Ledger) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        plot_sums(ledger, PlotQuery(), stop)
    assert len(plot_ids(ledger)) == 6
