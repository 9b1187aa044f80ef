"""Cells edited in the table: one entry, one step back, each misfit in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.people import Role
from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import queries, undo
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.service import actor, add_member
from gengdi_desktop.phases import service as phases
from gengdi_desktop.phases.editing.service import CellEdit, EditOutcome, apply, preview
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK, LEADER, add_plots, new_ledger
from tests.helpers.plots import GIVEN

PLOTS = ("p1", "p2", "p3")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: FixedClock) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "台账", CLERK, LEADER, clock=clock) as made:
        add_plots(made, PLOTS)
        yield made


def edit(ledger: Ledger, *cells: tuple[str, str, str], **terms: object) -> EditOutcome:
    return apply(ledger, [CellEdit(*cell) for cell in cells], by=CLERK, **terms)  # type: ignore[arg-type]


def head(ledger: Ledger) -> int:
    return ledger.head().seq


def value(ledger: Ledger, plot: str, key: str) -> object:
    card = queries.plot_card(ledger, plot)
    return card.facts[key] if key in card.facts else card.rounds[-1][key] if card.rounds else None


def plan(ledger: Ledger, *plots: str) -> None:
    phases.act(ledger, "check", plots, GIVEN["check"], by=CLERK)
    phases.act(ledger, "plan", plots, GIVEN["plan"], by=CLERK)


def test_many_cells_are_one_entry_and_one_step_back(ledger: Ledger) -> None:
    before = head(ledger)
    outcome = edit(ledger, *((plot, "person", f"罗{plot}") for plot in PLOTS), ("p1", "remark", "田埂"))
    assert (len(outcome.changed), outcome.misfits) == (4, ())
    assert head(ledger) == before + 1
    assert [value(ledger, plot, "person") for plot in PLOTS] == ["罗p1", "罗p2", "罗p3"]
    undo.undo(ledger, by=CLERK)
    assert value(ledger, "p1", "remark") == ""
    assert [value(ledger, plot, "person") for plot in PLOTS] == [None, None, None]
    undo.undo(ledger, head(ledger), by=CLERK)
    assert value(ledger, "p3", "person") == "罗p3"
    assert check(ledger).ok


def test_cells_that_hold_the_same_leave_no_entry(ledger: Ledger) -> None:
    edit(ledger, ("p1", "person", "罗志强"))
    before = head(ledger)
    outcome = edit(ledger, ("p1", "person", "罗志强 "), ("p2", "person", ""))
    assert (outcome.changed, outcome.unchanged, outcome.changes.nothing) == ((), 2, True)
    assert head(ledger) == before


def test_misfits_keep_their_value_and_the_others_enter(ledger: Ledger) -> None:
    outcome = edit(ledger, ("p1", "deadline", "8月"), ("p2", "deadline", "2023.8.5"), ("p3", "state", "销号"))
    assert [one.edit.plot for one in outcome.misfits] == ["p3", "p1"]
    assert outcome.misfits[1].message.startswith("整改时限没有改：“8月”不是完整的日期")
    assert "状态按步骤变" in outcome.misfits[0].message
    assert value(ledger, "p2", "deadline") == "2023-08-05"


def test_whole_or_not_at_all(ledger: Ledger) -> None:
    before = head(ledger)
    outcome = edit(ledger, ("p1", "deadline", "8月"), ("p2", "person", "罗"), atomic=True)
    assert (outcome.changed, head(ledger), value(ledger, "p2", "person")) == ((), before, None)
    assert len(outcome.misfits) == 1


def test_a_plot_that_is_not_there_is_told(ledger: Ledger) -> None:
    outcome = edit(ledger, ("p9", "person", "罗"), ("p9", "settled", "1"))
    assert {one.code for one in outcome.misfits} == {"unknown_plot"}


def test_of_two_texts_for_a_cell_the_last_counts(ledger: Ledger) -> None:
    edit(ledger, ("p1", "person", "甲"), ("p1", "person", "乙"))
    assert value(ledger, "p1", "person") == "乙"


def test_a_change_by_somebody_else_is_told_with_both_values(ledger: Ledger) -> None:
    edit(ledger, ("p1", "person", "李建国"))
    outcome = apply(ledger, [CellEdit("p1", "person", "罗志强", shown="吴小琴")], by=CLERK)
    (misfit,) = outcome.misfits
    assert (misfit.code, misfit.now) == ("stale", "李建国")
    assert all(name in misfit.message for name in ("吴小琴", "李建国", "罗志强"))
    assert value(ledger, "p1", "person") == "李建国"
    assert apply(ledger, [CellEdit("p1", "person", "罗志强", shown="李建国")], by=CLERK).changed


def test_dates_of_table_programs_are_read(ledger: Ledger) -> None:
    edit(ledger, ("p1", "deadline", "45158"), ("p2", "deadline", "2023-08-21 00:00"), ("p3", "deadline", "20230822"))
    assert [value(ledger, plot, "deadline") for plot in PLOTS] == ["2023-08-20", "2023-08-21", "2023-08-22"]


def test_delete_clears_what_may_be_cleared(ledger: Ledger) -> None:
    plan(ledger, "p1")
    outcome = edit(ledger, ("p1", "deadline", ""), ("p1", "finding", ""), ("p1", "settled", ""))
    assert [one.key for one in outcome.changed] == ["deadline"]
    assert value(ledger, "p1", "deadline") is None
    assert {one.code for one in outcome.misfits} == {"not_cleared"}


# ---------------------------------------------------------------------------------------------------- through actions


def test_settled_areas_are_a_statement_of_progress(ledger: Ledger) -> None:
    plan(ledger, "p1", "p2")
    outcome = edit(ledger, ("p1", "settled", "2.5亩"), ("p2", "restored", "1"), ("p2", "other", "0.5"))
    assert len(outcome.changed) == 3
    card = queries.plot_card(ledger, "p1")
    assert card.line.state is State.WORKING
    assert (card.rounds[-1]["restored"], len(card.records["progress"])) == (2_500_000, 1)
    assert queries.plot_card(ledger, "p2").line.settled == Area.parse("1.5")
    told = history(ledger, "p1")[0]
    assert (told.action, told.event_date) == ("progress", ledger.today().isoformat())
    again = edit(ledger, ("p1", "settled", "2.50"))
    assert (again.unchanged, again.changes.nothing) == (1, True)


def test_all_that_is_settled_leaves_the_other_methods_as_they_are(ledger: Ledger) -> None:
    plan(ledger, "p1")
    edit(ledger, ("p1", "other", "1"))
    edit(ledger, ("p1", "settled", "3"))
    assert (value(ledger, "p1", "restored"), value(ledger, "p1", "other")) == (2_000_000, 1_000_000)
    outcome = edit(ledger, ("p1", "settled", "0.5"))
    assert outcome.misfits[0].code == "below_methods"


def test_more_than_the_target_is_refused_and_not_clipped(ledger: Ledger) -> None:
    plan(ledger, "p1")
    outcome = edit(ledger, ("p1", "settled", "6"))
    assert outcome.misfits[0].message == "已落实没有改：合计 6.00 亩超过应整改 5.28 亩。"
    assert edit(ledger, ("p2", "settled", "1")).misfits[0].code == "wrong_state"
    assert edit(ledger, ("p1", "settled", "一亩")).misfits[0].code == "area_not_a_number"


def test_a_target_is_planned_again_with_what_is_put_beside_it(ledger: Ledger) -> None:
    phases.act(ledger, "check", ["p1"], GIVEN["check"], by=CLERK)
    lacking = edit(ledger, ("p1", "target", "5.28"), atomic=True)
    assert "缺整改措施" in lacking.misfits[0].message
    cells = [("disposal_class", "立行立改"), ("measure", "复耕"), ("person", "罗"), ("deadline", "2023-8-30")]
    whole = [CellEdit("p1", key, text) for key, text in (*cells, ("target", "5"), ("not_required_reason", "田埂"))]
    assert not preview(ledger, whole, by=CLERK).misfits
    assert not apply(ledger, whole, by=CLERK).misfits
    card = queries.plot_card(ledger, "p1")
    assert (card.line.state, card.line.target, card.line.person) == (State.PLANNED, Area.parse("5"), "罗")
    assert check(ledger).ok


def test_an_issued_fact_is_corrected_beside_with_reason_and_document(ledger: Ledger) -> None:
    cell = CellEdit("p1", "corrected_village", "赛阳村")
    asked = preview(ledger, [cell], by=CLERK)
    assert (asked.fitting, asked.misfits, set(asked.asks)) == ((cell,), (), {"reason", "document_number"})
    assert apply(ledger, [cell], by=CLERK, reason="村名写错").misfits[0].code == "missing"
    outcome = apply(ledger, [cell], by=CLERK, reason="村名写错", document="函〔2023〕1号")
    assert outcome.changed == (cell,)
    card = queries.plot_card(ledger, "p1")
    assert (card.line.village, card.corrections[0]["new_value"]) == ("白圩村", "赛阳村")
    assert apply(ledger, [cell], by=CLERK, reason="再来", document="函").unchanged == 1
    stale = CellEdit("p1", "corrected_village", "别村", shown="")
    assert apply(ledger, [stale], by=CLERK, reason="再来", document="函").misfits[0].code == "stale"


# ------------------------------------------------------------------------------------------------------ asking, chains


def test_facts_that_others_rely_upon_ask_for_a_reason(ledger: Ledger) -> None:
    phases.act(ledger, "check", ["p1"], GIVEN["check"], by=CLERK)
    cell = CellEdit("p1", "finding", "误判")
    asked = preview(ledger, [cell], by=CLERK)
    assert (asked.fitting, set(asked.asks)) == ((cell,), {"reason"})
    refused = apply(ledger, [cell], by=CLERK)
    assert (refused.changed, refused.misfits[0].code) == ((), "reason_missing")
    assert apply(ledger, [cell], by=CLERK, reason="复核后更改").changed
    assert history(ledger)[0].reason == "复核后更改"


def test_a_preview_writes_nothing(ledger: Ledger) -> None:
    before = head(ledger)
    seen = preview(ledger, [CellEdit("p1", "person", "罗"), CellEdit("p2", "deadline", "昨天")], by=CLERK)
    assert (len(seen.fitting), len(seen.misfits), head(ledger)) == (1, 1, before)


def test_edits_of_a_cell_within_a_minute_are_one_step(ledger: Ledger, clock: FixedClock) -> None:
    edit(ledger, ("p1", "person", "罗"))
    clock.advance(timedelta(seconds=30))
    edit(ledger, ("p1", "person", "罗志"))
    clock.advance(timedelta(seconds=59))
    edit(ledger, ("p1", "person", "罗志强"))
    assert history(ledger, "p1")[0].sentence == "修改：责任人：罗志强"
    undo.undo(ledger, by=CLERK)
    assert value(ledger, "p1", "person") is None


@pytest.mark.parametrize("between", ["later", "other cell", "other person", "other plot"])
def test_what_lies_between_ends_a_chain(ledger: Ledger, clock: FixedClock, between: str) -> None:
    edit(ledger, ("p1", "person", "甲"))
    if between == "later":
        clock.advance(timedelta(seconds=61))
    elif between == "other cell":
        edit(ledger, ("p1", "measure", "复耕"))
    elif between == "other plot":
        edit(ledger, ("p2", "person", "甲"))
    by = LEADER if between == "other person" else CLERK
    apply(ledger, [CellEdit("p1", "person", "乙")], by=by)
    undo.undo(ledger, by=CLERK)
    assert value(ledger, "p1", "person") == "甲"


def test_who_may_only_look_edits_nothing(ledger: Ledger) -> None:
    add_member(ledger, "访客", Role.VIEWER, by=CLERK)
    with pytest.raises(RuleError, match="只能查看"):
        apply(ledger, [CellEdit("p1", "person", "罗")], by=actor(ledger, "访客"))


def test_five_thousand_cells_are_asked_and_written_in_few_statements(ledger: Ledger) -> None:
    plots = add_plots(ledger, [f"n{number:04d}" for number in range(1_200)])
    outcome = edit(ledger, *((plot, "person", "罗志强") for plot in plots))
    assert (len(outcome.changed), len(outcome.changes.plots)) == (1_200, 1_200)
    undo.undo(ledger, by=CLERK)
    assert value(ledger, plots[-1], "person") is None


def test_who_fills_the_last_column_of_a_plan_has_made_it(ledger: Ledger) -> None:
    phases.act(ledger, "check", ("p1", "p2"), GIVEN["check"], by=CLERK)
    cells = (("disposal_class", "立行立改"), ("measure", "退塘还田"), ("person", "罗建国"))
    edit(ledger, *(("p1", key, said) for key, said in cells))
    assert queries.plot_card(ledger, "p1").line.state is State.CHECKED
    outcome = edit(ledger, ("p1", "deadline", "2023-08-20"))
    line = queries.plot_card(ledger, "p1").line
    assert (line.state, line.target, line.person) == (State.PLANNED, line.issued_area, "罗建国")
    assert outcome.changes.plots == {"p1"}
    assert "已定措施" in history(ledger, plot="p1", limit=1)[0].sentence
    undo.undo(ledger, by=CLERK)
    assert queries.plot_card(ledger, "p1").line.state is State.CHECKED
    assert check(ledger).ok


def test_a_plot_that_needs_nothing_is_not_planned_by_its_cells(ledger: Ledger) -> None:
    phases.act(ledger, "check", ("p1",), {**GIVEN["check"], "rectify": False}, by=CLERK)
    cells = (
        ("disposal_class", "立行立改"),
        ("measure", "退塘还田"),
        ("person", "罗建国"),
        ("deadline", "2023-08-20"),
    )
    edit(ledger, *(("p1", key, said) for key, said in cells))
    assert queries.plot_card(ledger, "p1").line.state is State.CHECKED
