"""Which plot a row means: identifiers in their order, conflicts, and what must be asked."""

from __future__ import annotations

from typing import Any

import pytest

from gengdi_desktop.intake.diff import list_change
from gengdi_desktop.intake.matching import FileIdentities, KnownIdentifier, KnownPlot, KnownPlots, number_key
from gengdi_desktop.intake.places import Place
from gengdi_desktop.intake.readings import Reading

LISTED = frozenset({1})


def _reading(village: str = "白圩村", *, year: int | None = 2022, **said: Any) -> Reading:
    reading = Reading(0, 7, Place("进贤县", "白圩乡", "360124209", village, "", ""), year=year)
    for name, value in said.items():
        setattr(reading, name, value)
    return reading


def _plot(name: str, village: str = "白圩村", number: str = "0012", year: int | None = 2022) -> KnownPlot:
    return KnownPlot(name, "白圩乡", village, number, year, "issued", 0, {}, LISTED)


def _known(*plots: KnownPlot, names: tuple[KnownIdentifier, ...] = ()) -> KnownPlots:
    return KnownPlots.of(plots, names, LISTED)


@pytest.mark.parametrize(
    ("reading", "plot"),
    [
        (_reading(own_id="a"), "a"),
        (_reading(bsm="B1"), "a"),
        (_reading(clue_no="C1"), "a"),
        (_reading(local_no="L1"), "a"),
        (_reading(plot_no="12"), "a"),
        (_reading("白圩村委会", plot_no="0012"), "a"),
        (_reading(plot_no="12", year=None), "a"),
        (_reading(plot_no="12", year=2021), None),
        (_reading("前坊村", plot_no="12"), None),
        (_reading("", plot_no="12"), "a"),
        (_reading(plot_no="13"), None),
        (_reading(bsm="B9"), None),
    ],
)
def test_one_plot_by_everything_that_it_is_called(reading: Reading, plot: str | None) -> None:
    names = tuple(
        KnownIdentifier("a", kind, value, 1) for kind, value in (("bsm", "B1"), ("clue_no", "C1"), ("local_no", "L1"))
    )
    found = _known(_plot("a"), names=names).match(reading, alone=True)
    assert (found.plot, found.trouble) == (plot, None)


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (_reading(own_id="x"), "unknown_own_id"),
        (_reading(bsm="B1", clue_no="C2"), "identifier_conflict"),
        (_reading(bsm="B1", plot_no="13"), "identifier_conflict"),
        (_reading(bsm="B9", plot_no="12"), "identifier_conflict"),
        (_reading("", clue_no="E1"), "clue_elsewhere"),
        (_reading("", plot_no="14"), "ambiguous_match"),
    ],
)
def test_what_points_at_two_plots_is_asked(reading: Reading, code: str) -> None:
    plots = (_plot("a"), _plot("b", number="0013"), _plot("c", number="0014"), _plot("d", "前坊村", "0014"))
    names = (
        KnownIdentifier("a", "bsm", "B1", 1),
        KnownIdentifier("b", "clue_no", "C2", 1),
        KnownIdentifier("b", "clue_no", "E1", 2),
    )
    known = _known(*plots, names=names)
    found = known.match(reading, alone=True)
    assert found.plot is None
    assert found.trouble is not None
    assert found.trouble.code == code


def test_a_plot_whose_village_nobody_said_is_met_by_its_number_where_it_is_alone() -> None:
    known = _known(_plot("a", village=""))
    assert known.match(_reading(plot_no="12"), alone=True).plot == "a"
    assert known.match(_reading(plot_no="12"), alone=False).plot is None


def test_identities_within_a_file() -> None:
    first, second, other = _reading(plot_no="12"), _reading(plot_no="0012"), _reading("前坊村", plot_no="12")
    identities = FileIdentities([first, second, other])
    assert identities.twice(first) is None
    twice = identities.twice(second)
    assert twice is not None
    assert twice.code == "twice_in_file"
    assert identities.twice(other) is None
    assert not identities.alone(first)


def test_number_keys() -> None:
    assert [number_key(text) for text in ("0012", "12", "0012a", "0", "")] == ["12", "12", "12A", "0", ""]


def test_vanished_and_returned() -> None:
    change = list_change(named={"a", "c"}, last={"a", "b", "d"}, ever={"a", "b", "c", "d"}, gone={"d"})
    assert (change.vanished, change.returned) == (frozenset({"b"}), frozenset({"c"}))
