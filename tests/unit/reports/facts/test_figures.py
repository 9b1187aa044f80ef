"""Figures add up, whatever state the plots are in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.states import Bucket, DoneRule, Label, State, label_of
from gengdi_desktop.ledger.figures import figures as ledger_figures
from gengdi_desktop.reports.facts import store
from gengdi_desktop.reports.facts.figures import done_words, figures_of, main_method
from gengdi_desktop.reports.facts.snapshot import OpenLine, PlotFact, Snapshot
from tests.unit.reports.ledgers import make

EMPTY = Snapshot(
    ledger="0" * 32,
    sample=True,
    unit="白圩乡",
    unit_kind="rural",
    county="进贤县",
    campaign="",
    document_number="",
    issuer="",
    issued_on=None,
    hard_deadline=None,
    first_responsible="",
    direct_responsible="",
    done_rule=DoneRule.ACCEPTED,
    as_of=date(2023, 8, 20),
    head_seq=1,
    head_hash="0" * 64,
)


def fact(number: int, state: State = State.ISSUED, issued: int = 1_000_000, **changes: object) -> PlotFact:
    """A plot with little on it."""
    plain = PlotFact(
        id=f"{number:032x}",
        parent="",
        township="白圩乡",
        village=f"第{number % 3}村",
        plot_no=f"{number:04d}",
        bsm="",
        clue="",
        outflow_year=2022,
        kind=("non_farm", "non_grain", "abandoned", "other", "")[number % 5],
        class_after="",
        issued=Area(issued),
        basic=Area(issued // 3),
        state=state,
        label=Label.UNRECTIFIED,
        round=1,
        checked_on=None if state is State.ISSUED else date(2023, 7, 26),
        finding="" if state is State.ISSUED else ("true", "misjudged", "lawful")[number % 3],
        class_now="",
        cause="",
        party="",
        rectify=None if state is State.ISSUED else bool(number % 2),
        target=Area(issued),
        buckets=Buckets(),
        not_required_reason="",
        disposal="",
        measure="",
        person="",
        person_title="",
        person_phone="",
        leader="",
        deadline=None,
        crop="",
        claimed_on=None,
        accepted_on=None,
        county_accepted_on=None,
        closed_on=None,
        held="",
        returned=False,
        overdue=False,
        single_handed=False,
        cancelled_by="",
        files=number,
        remark="",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    states = [state for state in State if state is not State.SPLIT]
    plots = []
    for number in range(draw(st.integers(0, 7))):
        state = draw(st.sampled_from(states))
        issued = draw(st.integers(1, 10**9))
        parts = {bucket: Area(draw(st.integers(0, issued // 6))) for bucket in Bucket}
        buckets = Buckets.of(parts)
        label = label_of(state, buckets.total, DoneRule.ACCEPTED)
        plots.append(fact(number, state, issued, buckets=buckets, label=label))
    lines = tuple(
        OpenLine(1, "表", row, Area(draw(st.integers(0, 10**8))), "") for row in range(draw(st.integers(0, 3)))
    )
    return replace(EMPTY, plots=tuple(plots), open_lines=lines)


def number(figures: dict[str, object], key: str) -> int:
    return int(figures[key].exact)  # type: ignore[attr-defined]


def area(figures: dict[str, object], key: str) -> Area:
    return Area.parse(figures[key].exact)  # type: ignore[attr-defined]


@given(snapshots())
def test_issued_is_unentered_and_the_six_labels_by_count_and_area(snapshot: Snapshot) -> None:
    figures: dict[str, object] = dict(figures_of(snapshot))
    parts = ["unentered", *(f"label.{label}" for label in Label)]
    assert number(figures, "task.count") == sum(number(figures, f"{part}.count") for part in parts)
    assert area(figures, "task.area") == Area.total(area(figures, f"{part}.area") for part in parts)


@given(snapshots())
def test_what_is_done_what_is_open_and_what_is_cancelled_make_all(snapshot: Snapshot) -> None:
    figures: dict[str, object] = dict(figures_of(snapshot))
    parts = ("unentered", "rectified", "open", "label.cancelled")
    assert number(figures, "task.count") == sum(number(figures, f"{part}.count") for part in parts)
    assert area(figures, "task.area") == Area.total(area(figures, f"{part}.area") for part in parts)


@given(snapshots())
def test_rectified_is_its_methods_and_what_needs_nothing(snapshot: Snapshot) -> None:
    figures: dict[str, object] = dict(figures_of(snapshot))
    methods = Area.total(area(figures, f"method.{bucket}.area") for bucket in Bucket)
    assert area(figures, "rectified.area") == methods + area(figures, "method.not_required.area")
    assert sum(number(figures, f"method.{bucket}.count") for bucket in Bucket) <= number(figures, "rectified.count")


@given(snapshots())
def test_kinds_and_findings_make_all_plots(snapshot: Snapshot) -> None:
    figures: dict[str, object] = dict(figures_of(snapshot))
    kinds = [f"kind.{kind.value}" for kind in ProblemKind] + ["kind.unknown"]
    assert number(figures, "entered.count") == sum(number(figures, f"{kind}.count") for kind in kinds)
    findings = ("finding.true", "finding.misjudged", "finding.lawful", "unchecked")
    assert number(figures, "entered.count") == sum(number(figures, f"{finding}.count") for finding in findings)


@given(snapshots())
def test_names_are_unique_and_every_figure_says_how_it_was_made(snapshot: Snapshot) -> None:
    figures = figures_of(snapshot)
    assert len({figure.name for figure in figures.values()}) == len(figures)
    assert all(figure.basis and figure.unit for figure in figures.values())


def test_a_share_of_nothing_is_a_dash_and_all_but_a_little_is_not_all() -> None:
    assert figures_of(EMPTY)["share.area"].text == "—"
    done = [fact(n, State.CLOSED, 10**9, label=Label.CLOSED) for n in range(9)]
    little = fact(9, State.WORKING, 1, label=Label.UNRECTIFIED)
    assert figures_of(replace(EMPTY, plots=(*done, little)))["share.area"].text == "99.99%"
    assert figures_of(replace(EMPTY, plots=tuple(done)))["share.area"].text == "100.00%"


def test_children_of_a_split_plot_are_not_counted_beside_it() -> None:
    parent = fact(0, State.SPLIT, 3_000_000, label=Label.PARTIAL)
    children = tuple(fact(n, State.CLOSED, 1_500_000, label=Label.CLOSED, parent=parent.id) for n in (1, 2))
    figures = figures_of(replace(EMPTY, plots=(parent, *children)))
    assert (figures["task.count"].exact, figures["task.area"].exact) == ("1", "3.00")
    assert figures["label.partial.count"].exact == "1"
    assert figures["rectified.count"].exact == "0"


def test_a_plot_counts_once_by_its_main_method() -> None:
    both = fact(1, State.CLOSED, buckets=Buckets(restored=Area(400_000), proved=Area(600_000)), label=Label.CLOSED)
    assert main_method(both) is Bucket.PROVED
    figures = figures_of(replace(EMPTY, plots=(both,)))
    assert figures["method.proved.count"].exact == "1"
    assert figures["method.restored.count"].exact == "0"
    assert figures["method.restored.area"].exact == "0.40"


def test_the_rule_is_told_in_words() -> None:
    assert "镇级验收合格及以后" in done_words(EMPTY)
    assert "县级验收合格及以后" in done_words(replace(EMPTY, done_rule=DoneRule.COUNTY_ACCEPTED))


def test_the_snapshot_of_a_ledger_says_what_its_home_page_says(tmp_path: Path) -> None:
    with make(tmp_path / "台账", open_lines=(50,)) as ledger:
        seen = ledger_figures(ledger)
        with ledger.reading() as session:
            snapshot = store.snapshot(session, ledger.today())
    figures = figures_of(snapshot)
    for label in Label:
        told = (int(figures[f"label.{label}.count"].exact), Area.parse(figures[f"label.{label}.area"].exact))
        assert told == (seen.by_label[label].count, seen.by_label[label].area)
    assert int(figures["overdue.count"].exact) == seen.overdue
    assert int(figures["held.count"].exact) == seen.held
    assert Area.parse(figures["task.basic"].exact) == seen.basic_farmland
    assert all(one.ties_out for one in snapshot.lists)


def test_the_facts_of_a_plot_are_read_whole(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger, ledger.reading() as session:
        plots = store.snapshot(session, ledger.today()).plots
    closed, held, cancelled = plots[0], plots[-1], plots[-2]
    assert (closed.state, closed.label, closed.single_handed) == (State.CLOSED, Label.CLOSED, True)
    assert (closed.bsm, closed.closed_on) == ("360124100205000000", date(2023, 8, 18))
    assert held.held == "争议（两户争界）"
    assert cancelled.cancelled_by == "赣自然资函〔2023〕218号"
    assert [plot.overdue for plot in plots].count(True) == 1
