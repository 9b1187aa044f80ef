"""The roll-up on the command line: its keys, its tables, and the names of what does not tie out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.cli.rolled_up import WAYS, rolled_up_lines, rolled_up_object
from gengdi_desktop.ledger.roll_up import RollUp, roll_up
from tests.helpers.command_line import Line
from tests.helpers.counties import PLOTS, CountyPlot, make

STRAY = CountyPlot("q01", "长山乡", "某村", "closed", "2.00")


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str]) -> Line:
    """Runs commands."""
    return Line(capsys)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with a plot of a township that is not its own."""
    place = tmp_path_factory.mktemp("c") / "进贤县2023"
    make(place, (*PLOTS, STRAY)).close()
    return place


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RollUp]:
    """The roll-up of a county in which everything is in its place, with a line that is not entered."""
    with make(tmp_path_factory.mktemp("c") / "台账", open_lines=("0.50",)) as ledger:
        yield roll_up(ledger)


def test_the_object_has_all_units_and_names_what_differs(line: Line, folder: Path) -> None:
    told = line("stats", folder, "--by", "township")
    assert len(told["by_township"]) == 24
    assert sum(one["plots"] for one in told["by_township"]) == told["plots"] == 13
    assert told["ties_out"] is False
    assert [one["with"] for one in told["differences"]] == ["units", "villages"]
    assert told["differences"][0]["because"] == [
        {
            "cause": "unlisted_township",
            "plot": "q01",
            "name": "长山乡某村 0013",
            "plots": 1,
            "area_mu": "2.00",
        }
    ]
    assert "长山乡" not in {one["township"] for one in told["ranking"]}
    assert [one["year"] for one in told["by_year"]] == [2021, 2022]


def test_without_a_way_the_object_is_that_of_the_home_page(line: Line, folder: Path) -> None:
    assert {"by_township", "ranking", "ties_out", "differences"}.isdisjoint(line("stats", folder))


@pytest.mark.parametrize("way", WAYS)
def test_each_table_ends_with_the_same_sums(found: RollUp, way: str) -> None:
    lines = rolled_up_lines(found, way)
    total = next(one.split() for one in lines if one.startswith("合计"))
    assert total[:5] == ["合计", "12", "29.65", "7", "18.55"]
    assert any(one.startswith("未入账") and one.split()[1:3] == ["1", "0.50"] for one in lines)
    assert any("清单里未入账的行" in one for one in lines)
    heads = lines[3].split()
    assert (heads[0], heads[-1]) == (WAYS[way], "名次" if way == "township" else "完成率%")


def test_the_units_bear_their_places(found: RollUp) -> None:
    rows = {one.split()[0]: one.split() for one in rolled_up_lines(found, "township")[5:28]}
    assert (rows["白圩乡"][-1], rows["李渡镇"][-1], rows["文港镇"][-1], rows["三里乡"][-1]) == ("1", "3", "3", "—")


def test_the_object_says_that_all_ties_out(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger:
        told = rolled_up_object(roll_up(ledger))
    assert (told["ties_out"], told["differences"]) == (True, [])
