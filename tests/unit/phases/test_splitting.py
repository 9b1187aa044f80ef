"""Plots are split and put together: areas to the last 10⁻⁶ mu, figures untouched, nothing lost that has a life."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.moves_split import read_parts
from gengdi_desktop.domain.outcomes import Part, Refusal
from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.figures import Figures, figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.queries import PlotQuery, plot_card, plot_ids
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.phases.service import ActOutcome, act, missing_for, possible_actions
from gengdi_desktop.reports.export import export
from tests.helpers.ledgers import CLERK, add_plots, new_ledger

CHECK = {
    "date": "2023-07-25",
    "finding": "属实",
    "problem_kind": "撂荒",
    "class_now": "0103",
    "cause": "无人耕种",
    "party": "李某",
    "rectify": "是",
    "party_contact": "13800000000",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "台账") as made:
        add_plots(made, ["00000000aa", "b", "c"])
        yield made


def facts(ledger: Ledger, plot: str) -> dict[str, Any]:
    return dict(plot_card(ledger, plot).facts)


def parts_of(ledger: Ledger, plot: str) -> list[str]:
    return [one for one in plot_ids(ledger, PlotQuery(order="position")) if facts(ledger, one)["split_parent"] == plot]


def halves(ledger: Ledger, plot: str, number: str = "x") -> str:
    """Two parts that make the whole, the first one 10⁻⁶ mu."""
    area = facts(ledger, plot)["issued_area"]
    return f"{number}-1={Area(1).exact()}；{number}-2={Area(area - 1).exact()}"


def do(ledger: Ledger, action: str, plot: str, **values: str) -> ActOutcome:
    return act(ledger, action, [plot], values, by=CLERK)


def shown(found: Figures) -> tuple[Any, ...]:
    """What the issued view shows."""
    return found.plots, found.basic_farmland, found.by_label, found.by_village, found.by_kind


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12-1=3.20；12-2=1.58", (Part("12-1", Area.parse("3.20")), Part("12-2", Area.parse("1.58")))),
        ("甲＝1,乙:2亩\n丙：3 亩;", tuple(Part(n, Area.parse(a)) for n, a in (("甲", "1"), ("乙", "2"), ("丙", "3")))),
        ("", ()),
    ],
)
def test_parts_as_clerks_write_them(text: str, parts: tuple[Part, ...]) -> None:
    assert read_parts(text) == parts


@pytest.mark.parametrize("text", ["12-1", "=3", "12-1=", "12-1=abc", "12-1=1=2", f"{'长' * 61}=1"])
def test_parts_that_cannot_be_read(text: str) -> None:
    assert isinstance(read_parts(text), Refusal)


def test_a_plot_is_split_with_its_check_copied_and_its_plan_left(ledger: Ledger) -> None:
    plot = "00000000aa"
    do(ledger, "check", plot, **CHECK)
    before = shown(figures(ledger))
    outcome = do(ledger, "拆分", plot, parts=halves(ledger, plot), reason="两户分别耕种")
    assert outcome.changed == (plot,)
    assert facts(ledger, plot)["state"] == State.SPLIT
    parts = parts_of(ledger, plot)
    assert [facts(ledger, part)["plot_no"] for part in parts] == ["x-1", "x-2"]
    for part in parts:
        found = facts(ledger, part)
        assert (found["state"], found["cause"], found["split_status"]) == ("checked", "无人耕种", "child")
        assert found["village"] == facts(ledger, plot)["village"]
        assert part > plot
    assert sum(facts(ledger, part)["issued_area"] for part in parts) == facts(ledger, plot)["issued_area"]
    assert shown(figures(ledger)) == before
    assert check(ledger).ok
    assert "拆分" in history(ledger)[0].sentence
    assert "被拆分" in history(ledger, plot)[0].sentence


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ("x-1={one}；x-2={all}", "parts_sum"),
        ("x-1={all}", "parts_count"),
        ("x-1={one}；x-1={rest}", "parts_twice"),
        ("x-1={all}；x-2=0", "parts_empty"),
        ("x-1", "parts_unclear"),
        ("", "missing"),
        ("0002={one}；x-2={rest}", "number_taken"),
    ],
)
def test_parts_that_do_not_make_the_whole_are_refused(ledger: Ledger, parts: str, code: str) -> None:
    plot = "00000000aa"
    area = facts(ledger, plot)["issued_area"]
    text = parts.format(all=Area(area).exact(), one=Area(1).exact(), rest=Area(area - 1).exact())
    outcome = do(ledger, "split", plot, parts=text)
    assert [refused.code for refused in outcome.refused] == [code]
    assert facts(ledger, plot)["state"] == "issued"
    assert parts_of(ledger, plot) == []
    assert len(history(ledger)) == 2


def test_the_difference_of_the_sum_is_told(ledger: Ledger) -> None:
    area = Area(facts(ledger, "b")["issued_area"])
    text = f"x-1={area.exact()}；x-2=0.01"
    message = do(ledger, "split", "b", parts=text).refused[0].message
    assert "多 0.01 亩" in message


def test_parts_are_not_split_again_and_settled_plots_not_at_all(ledger: Ledger) -> None:
    do(ledger, "split", "b", parts=halves(ledger, "b"))
    part = parts_of(ledger, "b")[1]
    assert do(ledger, "split", part, parts=halves(ledger, part, "y")).refused[0].code == "split_part"
    do(ledger, "check", "c", **CHECK)
    contest = {"proof_kind": "误判", "bucket": "proved", "statement": "一直耕种"}
    reasons = missing_for(ledger, "c", "contest", contest, by=CLERK)
    assert not [one for one in reasons if one.code == "missing"], reasons
    do(ledger, "contest", "c", **contest)
    assert do(ledger, "split", "c", parts=halves(ledger, "c", "z")).refused[0].code == "split_settled"


def test_parts_are_put_together_while_nothing_has_happened_to_them(ledger: Ledger) -> None:
    before = shown(figures(ledger))
    state = facts(ledger, "b")
    do(ledger, "split", "b", parts=halves(ledger, "b"))
    assert "unsplit" in [rule.code.value for rule in possible_actions(ledger, "b")]
    assert do(ledger, "unsplit", "b").changed == ("b",)
    assert facts(ledger, "b") == state
    assert parts_of(ledger, "b") == []
    assert shown(figures(ledger)) == before
    assert do(ledger, "split", "b", parts=halves(ledger, "b")).changed == ("b",)
    part = parts_of(ledger, "b")[0]
    do(ledger, "check", part, **CHECK)
    assert do(ledger, "unsplit", "b").refused[0].code == "parts_locked"
    undo(ledger, by=CLERK)
    assert do(ledger, "unsplit", "b").changed == ("b",)
    assert check(ledger).ok


def test_a_planned_plot_comes_back_planned(ledger: Ledger) -> None:
    do(ledger, "check", "b", **CHECK)
    plan = {"disposal_class": "立行立改", "measure": "复耕", "person": "王某", "deadline": "2023-08-20"}
    assert do(ledger, "plan", "b", **plan).changed == ("b",)
    state = facts(ledger, "b")
    do(ledger, "split", "b", parts=halves(ledger, "b"))
    assert {facts(ledger, part)["state"] for part in parts_of(ledger, "b")} == {"checked"}
    do(ledger, "unsplit", "b")
    assert facts(ledger, "b") == state


def test_undoing_and_redoing_a_split(ledger: Ledger, tmp_path: Path) -> None:
    before = shown(figures(ledger))
    split = do(ledger, "split", "b", parts=halves(ledger, "b"))
    parts = parts_of(ledger, "b")
    taken = undo(ledger, by=CLERK)
    assert parts_of(ledger, "b") == []
    assert facts(ledger, "b")["state"] == "issued"
    assert split.changes.seq is not None
    undo(ledger, taken.entry, by=CLERK)
    assert parts_of(ledger, "b") == parts
    assert shown(figures(ledger)) == before
    assert export(ledger, tmp_path / "a.csv").rows == 5
    assert check(ledger).ok


@settings(max_examples=3, deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from(["split", "unsplit", "undo"]), st.integers(0, 3)), min_size=4, max_size=8)
)
def test_figures_of_the_issued_view_never_move(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    with new_ledger(tmp_path_factory.mktemp("拆分") / "台账") as ledger:
        plots = ["a", "b", "c", "d"]
        add_plots(ledger, plots)
        before = shown(figures(ledger))
        for number, (step, at) in enumerate(steps):
            if step == "undo":
                with contextlib.suppress(RuleError):
                    undo(ledger, by=CLERK)
            else:
                values = {"parts": halves(ledger, plots[at], f"n{number}")} if step == "split" else {}
                act(ledger, step, [plots[at]], values, by=CLERK)
            if not plot_ids(ledger, PlotQuery()):
                break  # the entry that made the plots was undone too
            assert shown(figures(ledger)) == before
            for plot in plots:
                family = [facts(ledger, part)["issued_area"] for part in parts_of(ledger, plot)]
                split = facts(ledger, plot)["state"] == "split"
                assert bool(family) is split
                assert not split or sum(family) == facts(ledger, plot)["issued_area"]
        assert check(ledger).ok
