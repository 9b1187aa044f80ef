"""Plots by condition and order, rows of the table, and the card of a plot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.campaigns import Campaign, CampaignRules
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import DoneRule, Label, State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import CampaignSettings
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.ledger.find import find_plot
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import FIELDS, Condition, Match, PlotQuery, plot_card, plot_ids, plot_lines
from gengdi_desktop.storage.tables import (
    AttachmentRow,
    CorrectionRow,
    IdentifierRow,
    ListLineRow,
    NoteRow,
    PlotListRow,
    PlotRow,
    RoundRow,
    Row,
)
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK, ISSUED, new_ledger

MU = 1_000_000


@pytest.fixture
def empty(tmp_path: Path, clock: FixedClock) -> Iterator[Ledger]:
    """A ledger without plots."""
    with new_ledger(tmp_path / "台账", clock=clock) as ledger:
        yield ledger


def put(ledger: Ledger, *rows: Row) -> None:
    """Add rows."""
    with ledger.begin(Operation.IMPORT, CLERK) as work:
        work.session.add_all(rows)
        work.commit()


def plot(name: str, position: int = 0, **facts: Any) -> PlotRow:
    """A plot of 白圩村."""
    return PlotRow(id=name, **{**ISSUED, "plot_no": f"{position:04d}", "position": position, **facts})


def found(ledger: Ledger, *conditions: Condition, **query: Any) -> list[str]:
    """The ids that a query finds."""
    return plot_ids(ledger, PlotQuery(conditions, **query))


# --------------------------------------------------------------------------------------------------------- conditions


def test_all_plots_come_in_the_ledgers_own_order(empty: Ledger) -> None:
    put(empty, plot("z", 1), plot("a", 3), plot("m", 2))
    assert plot_ids(empty) == ["z", "m", "a"]
    assert found(empty, order="id") == ["a", "m", "z"]
    assert found(empty, order="id", descending=True) == ["z", "m", "a"]


def test_equal_plots_stay_in_the_ledgers_own_order(empty: Ledger) -> None:
    put(empty, *(plot(name, position, issued_area=MU * (position % 2)) for position, name in enumerate("abcd")))
    assert found(empty, order="issued_area") == ["a", "c", "b", "d"]
    assert found(empty, order="issued_area", descending=True) == ["b", "d", "a", "c"]


def test_a_search_takes_percent_and_underscore_as_they_are(empty: Ledger) -> None:
    put(
        empty,
        plot("a", remark="50%已整改"),
        plot("b", remark="50号地块"),
        plot("c", remark="A_1"),
        plot("d", remark="AB1"),
    )
    put(empty, plot("e", remark="路\\边"), plot("f", remark="'); DROP TABLE plot; --"))
    assert found(empty, search="50%") == ["a"]
    assert found(empty, search="A_1") == ["c"]
    assert found(empty, search="\\") == ["e"]
    assert found(empty, search="'); DROP") == ["f"]
    assert found(empty, search="  50号 ") == ["b"]
    assert found(empty, Condition("remark", "50%", Match.CONTAINS)) == ["a"]
    assert found(empty, Condition("remark", "_", Match.CONTAINS)) == ["c"]
    assert len(plot_ids(empty)) == 6


def test_a_search_looks_where_people_remember_things(empty: Ledger) -> None:
    rows = [plot("village", village="连桥村"), plot("number", plot_no="B77"), plot("party", party="张大户")]
    rows += [plot("person"), plot("clue"), plot("class", class_after_name="坑塘水面")]
    put(empty, *rows, RoundRow(id="person:1", plot_id="person", person="章建平"))
    put(empty, IdentifierRow(plot_id="clue", kind="clue_no", value="XS-2023-7"))
    searches = {
        "连桥": "village",
        "B77": "number",
        "张大": "party",
        "建平": "person",
        "2023-7": "clue",
        "坑塘": "class",
    }
    assert {word: found(empty, search=word) for word in searches} == {word: [one] for word, one in searches.items()}


def test_conditions_hold_together(empty: Ledger) -> None:
    put(empty, plot("a", village="一"), plot("b", village="一", held=1), plot("c", village="二", held=1))
    assert found(empty, Condition("village", "一"), Condition("held", 1)) == ["b"]
    assert found(empty, Condition("village", "一"), search="c") == []
    many = [Condition("village", "一") for _ in range(12)]
    assert found(empty, *many, Condition("held", "1")) == ["b"]


def test_areas_are_compared_exactly(empty: Ledger) -> None:
    put(empty, plot("a", issued_area=4_999_995), plot("b", issued_area=5 * MU), plot("c", issued_area=5_000_001))
    assert found(empty, Condition("issued_area", "5", Match.AT_LEAST)) == ["b", "c"]
    assert found(empty, Condition("issued_area", "4.999995", Match.AT_MOST)) == ["a"]
    assert found(empty, Condition("issued_area", Area(5 * MU))) == ["b"]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (Condition("no_such_field", "x"), "unknown_field"),
        (Condition("p.id; DROP TABLE plot", "x"), "unknown_field"),
        (Condition("held", "ja"), "bad_value"),
        (Condition("outflow_year", "二〇二二"), "bad_value"),
        (Condition("issued_area", "五亩"), "area_not_a_number"),
    ],
)
def test_conditions_that_cannot_be_asked_are_refused_in_words(empty: Ledger, condition: Condition, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        found(empty, condition)
    assert refused.value.code == code
    assert refused.value.message.endswith("。")


def test_an_unknown_order_is_refused(empty: Ledger) -> None:
    with pytest.raises(RuleError):
        found(empty, order="rowid")


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_can_be_ordered_and_asked(empty: Ledger, name: str) -> None:
    put(empty, plot("a"), plot("b"))
    assert sorted(found(empty, order=name)) == ["a", "b"]
    found(empty, Condition(name, "1"))
    assert found(empty, Condition(name, "no such value", Match.CONTAINS)) == []


# ------------------------------------------------------------------------------------------------------- derived fields


def test_labels_of_rows_are_those_of_the_figures(empty: Ledger) -> None:
    for position, state in enumerate(State):
        if state is not State.SPLIT:
            put(empty, plot(state.value, position, state=state.value))
    put(empty, plot("part", 99, state="working"), RoundRow(id="part:1", plot_id="part", restored=1, target=5))
    for rule in DoneRule:
        settings = CampaignSettings(Campaign("整改", rules=CampaignRules(done_rule=rule)))
        ledgers.set_campaign(empty, settings, by=CLERK)
        told = figures(empty)
        lines = plot_lines(empty, plot_ids(empty))
        for label in Label:
            ids = found(empty, Condition("label", label.value))
            assert len(ids) == told.by_label[label].count
            assert ids == [line.id for line in lines if line.label is label]
        for two in combinations(Label, 2):
            ids = found(empty, Condition("label", two, Match.ONE_OF))
            assert ids == [line.id for line in lines if line.label in two]


def test_labels_of_split_plots_are_asked_of_their_parts(empty: Ledger) -> None:
    put(empty, plot("whole", 1, state="split"), plot("half", 2, state="split"), plot("void", 3, state="split"))
    for parent, part, state in (("whole", "w", "closed"), ("half", "h", "closed"), ("half", "i", "issued")):
        put(empty, plot(part, 9, state=state, split_parent=parent))
    put(empty, plot("v", 9, state="cancelled", split_parent="void"))
    assert found(empty, Condition("label", (Label.CLOSED, Label.IN_PLACE), Match.ONE_OF)) == ["whole", "h", "w"]
    assert found(empty, Condition("label", (Label.PARTIAL, Label.CANCELLED), Match.ONE_OF)) == ["half", "void", "v"]
    assert found(empty, Condition("label", (), Match.ONE_OF)) == []


def test_late_due_and_returned_plots_are_told(empty: Ledger) -> None:
    put(
        empty,
        plot("late", 1, state="working"),
        plot("due", 2, state="planned"),
        plot("none", 3),
        plot("done", 4, state="closed"),
    )
    put(
        empty,
        RoundRow(
            id="late:1", plot_id="late", deadline="2023-08-15", returned_on="2023-08-10", target=5 * MU, restored=MU
        ),
        RoundRow(id="due:1", plot_id="due", deadline="2023-08-20", target=5 * MU),
        RoundRow(id="done:1", plot_id="done", deadline="2023-08-01", returned_on="2023-08-10"),
    )
    late, due, none, done = plot_lines(empty, ["late", "due", "none", "done"])
    assert (late.overdue_days, late.due_in, late.returned) == (5, None, True)
    assert (late.target, late.settled, late.remaining) == (Area(5 * MU), Area(MU), Area(4 * MU))
    assert (due.overdue_days, due.due_in, due.returned) == (0, 0, False)
    assert (none.overdue_days, none.due_in, none.remaining) == (0, None, Area(5_280_000))
    assert (done.overdue_days, done.due_in, done.returned) == (0, None, False)
    assert found(empty, Condition("overdue", 1)) == ["late"]
    assert found(empty, Condition("returned", 1)) == ["late"]
    ledgers.set_campaign(empty, CampaignSettings(Campaign("整改", hard_deadline=date(2023, 8, 19))), by=CLERK)
    assert found(empty, Condition("overdue", 1)) == ["late", "none"]
    assert plot_lines(empty, ["none"])[0].overdue_days == 1


def test_only_the_present_round_counts(empty: Ledger) -> None:
    put(empty, plot("a", state="working", round=2))
    put(
        empty,
        RoundRow(id="a:1", plot_id="a", person="旧", restored=MU),
        RoundRow(id="a:2", plot_id="a", number=2, person="新"),
    )
    kept = empty.folder.keep(FolderPart.EVIDENCE, b"photo")
    with empty.begin(Operation.ATTACH, CLERK) as work:
        key = record_file(work, kept)
        for number, removed in ((1, 0), (2, 0), (2, 1)):
            work.session.add(AttachmentRow(plot_id="a", round=number, file_id=key, removed=removed))
        work.commit()
    [line] = plot_lines(empty, ["a"])
    assert (line.round, line.person, line.settled, line.files) == (2, "新", Area.ZERO, 1)
    assert found(empty, search="旧") == []


def test_rows_come_as_asked_and_those_that_are_gone_are_left_out(empty: Ledger) -> None:
    put(empty, *(plot(f"p{number}", number) for number in range(600)))
    ids = [f"p{number}" for number in range(599, -1, -1)]
    assert [line.id for line in plot_lines(empty, [*ids[:3], "gone", *ids[3:]])] == ids
    assert plot_lines(empty, []) == []
    assert plot_lines(empty, ["p7"])[0].name == "白圩村 0007"


# ------------------------------------------------------------------------------------------------------------ the card


def test_a_card_has_all_that_is_known(empty: Ledger) -> None:
    put(empty, plot("a", cause="改种果树", round=2))
    put(empty, RoundRow(id="a:2", plot_id="a", number=2), RoundRow(id="a:1", plot_id="a"))
    put(
        empty,
        RoundRow(id="a:10", plot_id="a", number=10),
        NoteRow(plot_id="a", body="一"),
        NoteRow(plot_id="a", body="二"),
    )
    put(empty, CorrectionRow(plot_id="a", field="cause", new_value="改种果树"))
    put(empty, IdentifierRow(plot_id="a", kind="bsm", value="360124"))
    put(empty, PlotListRow(name="清单", headers='["村","面积"]'))
    line = ListLineRow(
        list_id=1, sheet="一", row=4, plot_id="a", status="entered", issued_text="5.28", issued_unit="mu",
        issued_area=5_280_000, cells='["白圩村","5.28"]',
    )  # fmt: skip
    put(empty, line)
    card = plot_card(empty, "a")
    assert (card.line.id, card.facts["cause"], card.identifiers) == ("a", "改种果树", (("bsm", "360124"),))
    assert [one["number"] for one in card.rounds] == [1, 2, 10]
    assert [one["body"] for one in card.records["note"]] == ["一", "二"]
    assert [one["new_value"] for one in card.corrections] == ["改种果树"]
    [issued] = card.lines
    assert (issued.list_name, issued.sheet, issued.row, issued.issued_area) == ("清单", "一", 4, Area(5_280_000))
    assert issued.cells == (("村", "白圩村"), ("面积", "5.28"))
    assert "party_contact" not in card.facts


def test_a_card_of_nothing_is_refused(empty: Ledger) -> None:
    with pytest.raises(RuleError) as refused:
        plot_card(empty, "gone")
    assert refused.value.code == "unknown_plot"


# --------------------------------------------------------------------------------------------- as people call them


@pytest.fixture
def named(empty: Ledger) -> Ledger:
    """Plots with names of every kind."""
    put(empty, plot("a" * 32, 17, village="连桥村"), plot("b" * 32, 17, village="连桥村", township="罗溪镇"))
    put(empty, plot("c" * 32, 18, village="连桥村委会"), plot("d" * 32, 19))
    names = {
        "a": ("bsm", "3601240001"),
        "b": ("clue_no", "XS-1"),
        "c": ("monitor_no", "XS-1"),
        "d": ("local_no", "L-9"),
    }
    put(empty, *(IdentifierRow(plot_id=one * 32, kind=kind, value=value) for one, (kind, value) in names.items()))
    put(empty, IdentifierRow(plot_id="d" * 32, kind="clue_no", value="JC-2"))
    return empty


@pytest.mark.parametrize(
    ("said", "plot_letter"),
    [
        ("a" * 32, "a"),
        ("  3601240001 ", "a"),
        ("L-9", "d"),
        ("JC-2", "d"),
        ("clue:JC-2", "d"),
        ("CLUE: JC-2", "d"),
        ("线索：JC-2", "d"),
        ("白圩乡/连桥村/0017", "a"),
        ("罗溪镇／连桥村／0017", "b"),
        ("连桥/0018", "c"),
        ("白圩村/0019", "d"),
    ],
)
def test_a_plot_is_found_by_any_of_its_names(named: Ledger, said: str, plot_letter: str) -> None:
    assert find_plot(named, said) == plot_letter * 32


@pytest.mark.parametrize(
    "said", ["", "x", "clue:nothing", "clue:3601240001", "连桥村/9999", "a/b/c/d", "/", "无此村/0017"]
)
def test_a_name_of_nothing_is_refused(named: Ledger, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        find_plot(named, said)
    assert refused.value.code == "unknown_plot"


@pytest.mark.parametrize("said", ["连桥村/0017", "clue:XS-1", "XS-1"])
def test_a_name_of_several_is_refused_with_the_candidates(named: Ledger, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        find_plot(named, said)
    assert refused.value.code == "ambiguous_plot"
    assert "2 个图斑" in refused.value.message
    assert "b" * 32 in refused.value.hint
