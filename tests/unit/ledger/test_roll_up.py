"""The roll-up: units with and without plots, villages, kinds, years, places, and what keeps totals from tying out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk, Label
from gengdi_desktop.ledger.figures import Group, Tally, figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import plot_ids
from gengdi_desktop.ledger.roll_up import NO_TOWNSHIP, NO_VILLAGE, Node, RollUp, Sums, ranking, roll_up
from gengdi_desktop.ledger.tying_out import Cause, Comparison
from gengdi_desktop.storage.tables import ListLineRow, PlotListRow, PlotRow
from tests.helpers.counties import PLOTS, TEAM, CountyPlot, make
from tests.helpers.ledgers import add_plots, new_ledger


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Twelve plots in five of the county's units, in one list that says the same."""
    with make(tmp_path_factory.mktemp("c") / "台账") as made:
        yield made


@pytest.fixture(scope="module")
def found(county: Ledger) -> RollUp:
    """Its roll-up."""
    return roll_up(county)


def unit(found: RollUp, name: str) -> Node:
    """A unit by name."""
    return next(one for one in found.units if one.name == name)


def comparison(found: RollUp, code: str) -> Comparison:
    """A comparison by code."""
    return next(one for one in found.comparisons if one.code == code)


def test_all_units_of_the_county_are_shown_also_those_without_a_plot(found: RollUp) -> None:
    assert len(found.units) == 23
    assert "三里乡" in {one.name for one in found.units}
    assert sum(1 for one in found.units if one.sums.all.count) == 5
    assert all(one.listed and len(one.code) == 9 for one in found.units)
    assert [one.code for one in found.units] == sorted(one.code for one in found.units)


def test_a_unit_is_the_sum_of_its_villages_and_the_county_of_its_units(county: Ledger, found: RollUp) -> None:
    assert [(one.key, one.sums.all.count) for one in unit(found, "民和镇").children] == [
        ("民和镇/云桥村", 2),
        ("民和镇/前坊村", 2),
    ]
    for nodes in (found.units, found.villages, found.by_kind, found.by_year):
        assert sum((one.sums.all for one in nodes), Tally()) == found.whole.sums.all
        for label in Label:
            assert sum((one.sums.by_label[label] for one in nodes), Tally()) == found.whole.sums.by_label[label]
    told = figures(county)
    assert found.whole.sums.by_label == told.by_label
    assert (found.whole.sums.overdue, found.whole.sums.basic) == (told.overdue, told.basic_farmland)
    assert found.whole.sums.rectified == told.rectified
    assert unit(found, "民和镇").sums.overdue == 1
    assert unit(found, "民和镇").sums.returned == 1
    assert unit(found, "民和镇").sums.open == Tally(1, Area.parse("2.15"), Area.ZERO)


def test_kinds_and_years_are_named(found: RollUp) -> None:
    assert [(one.name, one.sums.all.count) for one in found.by_kind] == [
        ("非农化", 1),
        ("非粮化", 9),
        ("撂荒", 1),
        ("未定类型", 1),
    ]
    assert [(one.name, one.sums.all.count) for one in found.by_year] == [("2021年", 3), ("2022年", 9)]


def test_each_node_finds_exactly_its_plots(county: Ledger, found: RollUp) -> None:
    nodes = (found.whole, *found.units, *found.villages, *found.by_kind, *found.by_year)
    for node in nodes:
        assert len(plot_ids(county, node.plots())) == node.sums.all.count
        for label in Label:
            assert len(plot_ids(county, node.plots_of_label(label))) == node.sums.by_label[label].count
        for mark in ("overdue", "returned", "held"):
            assert len(plot_ids(county, node.plots_marked(mark))) == getattr(node.sums, mark)
    assert plot_ids(county, unit(found, "李渡镇").plots()) == ["p08", "p09"]


def test_units_are_ranked_by_area_then_by_plots_and_those_with_nothing_have_no_place(found: RollUp) -> None:
    ranked = [(one.told, one.node.name) for one in found.ranking]
    assert ranked[:5] == [("1", "白圩乡"), ("2", "民和镇"), ("3", "李渡镇"), ("3", "文港镇"), ("5", "七里乡")]
    assert {place for place, _name in ranked[5:]} == {"—"}
    assert len(ranked) == 23
    assert unit(found, "李渡镇").sums.area_share == "50.00"
    assert unit(found, "三里乡").sums.area_share == "—"


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_places_never_contradict_shares(made: list[tuple[int, int]]) -> None:
    nodes = []
    for at, (done, rest) in enumerate(made):
        by_label = {label: Tally() for label in Label}
        by_label[Label.CLOSED] = Tally(done, Area(done * 10), Area.ZERO)
        by_label[Label.UNRECTIFIED] = Tally(rest, Area(rest * 10), Area.ZERO)
        nodes.append(Node(str(at), str(at), Sums(sum(by_label.values(), Tally()), by_label), ()))
    ranked = ranking(nodes)
    assert sorted(one.node.key for one in ranked) == sorted(node.key for node in nodes)
    placed = [(one.place, one.node.sums.rank_key) for one in ranked if one.place is not None]
    assert all(one.node.sums.rank_key is None for one in ranked if one.place is None)
    for place, key in placed:
        assert key is not None
        assert place == 1 + sum(1 for _other, other in placed if other is not None and other > key)


def test_everything_ties_out(found: RollUp) -> None:
    assert found.ties_out
    assert [one.code for one in found.comparisons] == ["units", "villages", "lists"]
    assert found.tie_out_told == "共12个、29.65亩，与各乡镇（单位）合计、各村合计、下发清单相等。"
    assert found.comparisons[0].told == "与各乡镇（单位）合计相等。"


def test_what_makes_the_difference_is_named(tmp_path: Path) -> None:
    odd = (
        CountyPlot("q01", "", "", "issued", "1.00"),
        CountyPlot("q02", "长山乡", "某村", "closed", "2.00"),
        CountyPlot("q03", "民和镇", "", "closed", "3.00"),
        CountyPlot("q04", "民和镇", "云桥村", "closed", "4.00", line=None),
        CountyPlot("q05", "民和镇", "云桥村", "closed", "5.00", line="5.01"),
    )
    with make(tmp_path / "台账", (*PLOTS, *odd), open_lines=("0.50",)) as ledger:
        found = roll_up(ledger)
    assert not found.ties_out
    assert found.issued == found.whole.sums.all + Tally(1, Area.parse("0.50"))
    assert unit(found, NO_TOWNSHIP).listed is False
    assert [(one.cause, one.plot, one.count, one.area.exact()) for one in comparison(found, "units").differences] == [
        (Cause.NO_TOWNSHIP, "q01", 1, "1.00"),
        (Cause.UNLISTED_TOWNSHIP, "q02", 1, "2.00"),
        (Cause.UNENTERED, "", 1, "0.50"),
    ]
    assert [one.cause for one in comparison(found, "villages").differences] == [
        Cause.NO_TOWNSHIP,
        Cause.UNLISTED_TOWNSHIP,
        Cause.NO_VILLAGE,
        Cause.UNENTERED,
    ]
    assert [(one.cause, one.plot, one.count, one.area.exact()) for one in comparison(found, "lists").differences] == [
        (Cause.NO_LINE, "q04", 1, "4.00"),
        (Cause.OTHER_AREA, "q05", 0, "-0.01"),
    ]
    assert comparison(found, "lists").told == (
        "与下发清单相差1个、3.99亩：民和镇云桥村 0016（清单里没有）1个、4.00亩；"
        "民和镇云桥村 0017（台账与清单的下发面积不同）0个、-0.01亩。"
    )
    assert "清单“2021—2022年度耕地流出图斑清单”明细第900行（清单里未入账的行）" in comparison(found, "units").told
    for one in found.comparisons:
        assert sum(each.count for each in one.differences) == one.tie.count_difference
        assert Area.total(each.area for each in one.differences) == one.tie.area_difference
    assert unit(found, "民和镇").children[0].name == NO_VILLAGE


def test_of_a_list_that_was_issued_again_the_newest_issue_counts(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger:
        with ledger.begin(Operation.IMPORT, TEAM) as work:
            again = PlotListRow(name="清单（修订）", reissue_of=1, stated_count=11, stated_area=29_000_000)
            work.session.add(again)
            work.session.flush()
            for row, plot in enumerate(PLOTS[1:]):
                area = Area.parse(plot.mu).micro_mu
                line = ListLineRow(list_id=again.id or 0, sheet="s", row=row, status="entered", issued_area=area)
                line.plot_id = plot.id
                work.session.add(line)
            twice = ListLineRow(list_id=again.id or 0, sheet="s", row=99, status="entered", issued_area=0)
            twice.plot_id = "p02"
            work.session.add(twice)
            work.session.add(ListLineRow(list_id=1, sheet="s", row=98, status="open", issued_area=70_000))
            work.commit()
        found = roll_up(ledger)
    lists = comparison(found, "lists")
    assert [(one.cause, one.plot, one.count, one.area.exact()) for one in lists.differences] == [
        (Cause.NO_LINE, "p01", 1, "3.20"),
        (Cause.SEVERAL_LINES, "p02", -1, "0.00"),
        (Cause.SUPERSEDED, "", 1, "0.07"),
    ]
    assert [(one.name, one.tie.holds) for one in found.stated] == [("清单（修订）", False)]
    assert found.stated[0].told == (
        "“清单（修订）”所列合计11个、29.00亩，逐行相加12个、26.45亩，不一致，以逐行相加为准。"
    )


def test_a_split_plot_stands_once_where_its_parent_stands(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger:
        with ledger.begin(Operation.SPLIT, TEAM) as work:
            parent = work.session.get_one(PlotRow, "p11")
            parent.state = "split"
            for part in ("a", "b"):
                row = PlotRow(id=part, township="文港镇", village="前塘村", state="closed", issued_area=750_000)
                row.split_parent = "p11"
                work.session.add(row)
            work.commit()
        found = roll_up(ledger)
        assert unit(found, "文港镇").sums.by_label[Label.CLOSED] == Tally(2, Area.parse("3.00"), Area.parse("1.50"))
        assert plot_ids(ledger, unit(found, "文港镇").plots_of_label(Label.CLOSED)) == ["p10", "p11"]
    assert found.ties_out


def test_a_township_has_itself_as_its_only_unit(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as ledger:
        add_plots(ledger, ["a", "b"])
        found = roll_up(ledger)
    assert [(one.name, one.sums.all.count) for one in found.units] == [("白圩乡", 2)]
    assert [one.code for one in found.comparisons] == ["units", "villages"]
    assert found.by_kind[0].conditions[0].value == ("", "非粮化")


def test_names_as_lists_write_them_are_one_unit(tmp_path: Path) -> None:
    plots = (CountyPlot("a", "民和", "云桥村", "closed", "1.00"), CountyPlot("b", "民和镇", "云桥村", "issued", "1.00"))
    with make(tmp_path / "台账", plots, desk=Desk.TEAM) as ledger:
        found = roll_up(ledger)
        assert plot_ids(ledger, unit(found, "民和镇").plots()) == ["a", "b"]
    assert unit(found, "民和镇").sums.all.count == 2
    assert found.ties_out


def test_a_county_without_a_code_has_the_units_of_its_name(tmp_path: Path, found: RollUp) -> None:
    with make(tmp_path / "台账", county_code="") as ledger:
        by_name = roll_up(ledger)
    assert [(one.name, one.code, one.sums) for one in by_name.units] == [
        (one.name, one.code, one.sums) for one in found.units
    ]


def test_an_empty_county_ties_out_and_ranks_nobody(tmp_path: Path) -> None:
    with make(tmp_path / "台账", ()) as ledger:
        found = roll_up(ledger)
    assert found.ties_out
    assert {one.place for one in found.ranking} == {None}
    assert found.whole.sums.area_share == "—"


def test_sums_of_nothing_have_every_label() -> None:
    none: list[Group] = []
    assert Sums.of(none) == Sums()
    assert set(Sums().by_label) == set(Label)
