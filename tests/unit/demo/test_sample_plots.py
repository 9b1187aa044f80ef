"""The sample's plots: the notice's count and area exactly, real villages, the same every time."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from gengdi_desktop.demo.sample_plots import YEARS, SamplePlot, county_plots, unit_plots
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import Division
from gengdi_desktop.domain.land_classes import ClassSystem, is_cultivated
from gengdi_desktop.system.reference import divisions, land_classes


@pytest.fixture(scope="module")
def county() -> Division:
    found = divisions().find_county("进贤县")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def plots(county: Division) -> tuple[SamplePlot, ...]:
    return county_plots(divisions(), county)


def test_the_county_has_the_count_and_the_area_of_the_notice(plots: tuple[SamplePlot, ...]) -> None:
    assert len(plots) == 2220
    assert Area.total(plot.cultivated_area for plot in plots).exact() == "3980.79"


def test_all_23_units_and_both_years_have_plots(plots: tuple[SamplePlot, ...], county: Division) -> None:
    assert {plot.unit for plot in plots} == set(divisions().children(county))
    assert {plot.year for plot in plots} == set(YEARS)


def test_a_township_s_list_is_its_part_of_the_county_s(plots: tuple[SamplePlot, ...], county: Division) -> None:
    for unit in divisions().children(county)[:2]:
        assert unit_plots(divisions(), unit) == tuple(plot for plot in plots if plot.unit == unit)
    assert Counter(plot.unit.name for plot in plots)["白圩乡"] == 106


def test_areas_contain_each_other_and_keep_two_decimals(plots: tuple[SamplePlot, ...]) -> None:
    for plot in plots:
        assert Area.ZERO <= plot.basic_area <= plot.cultivated_area <= plot.plot_area
        assert plot.cultivated_area > Area.ZERO
        assert all(area.micro_mu % 10_000 == 0 for area in (plot.plot_area, plot.cultivated_area, plot.basic_area))


def test_small_plots_dominate(plots: tuple[SamplePlot, ...]) -> None:
    sizes = sorted(plot.cultivated_area.micro_mu for plot in plots)
    assert sizes[len(sizes) // 2] < 1_790_000 < sizes[len(sizes) * 3 // 4]
    assert sizes[-1] > 10_000_000


def test_numbers_begin_anew_in_each_village_and_marks_never_repeat(plots: tuple[SamplePlot, ...]) -> None:
    assert len({plot.bsm for plot in plots}) == len(plots)
    assert all(len(plot.bsm) == 18 and plot.bsm.isdecimal() for plot in plots)
    assert len({(plot.village.code, plot.number) for plot in plots}) == len(plots)
    assert len({plot.number for plot in plots}) < len(plots) // 4
    for one, other in pairwise(plots):
        assert one.village != other.village or one.number < other.number


def test_every_class_is_known_by_code_and_name_and_only_the_first_is_cultivated(plots: tuple[SamplePlot, ...]) -> None:
    for plot in plots:
        for code, name in (plot.class_before, plot.class_after):
            assert land_classes().read(code, name, ClassSystem.THIRD_SURVEY).problem is None
        assert is_cultivated(plot.class_before[0])
        assert not is_cultivated(plot.class_after[0])


def test_centres_lie_in_or_near_the_county(plots: tuple[SamplePlot, ...]) -> None:
    for plot in plots:
        assert "116.0" < plot.longitude < "116.6"
        assert "28.1" < plot.latitude < "28.7"


@pytest.mark.parametrize("name", ["孝义", "江津", "沙坡头", "中宁", "海原"])
def test_the_other_seed_counties_have_lists_too(name: str) -> None:
    county = divisions().find_county(name)
    assert county is not None
    plots = county_plots(divisions(), county)
    assert len(plots) == 96 * len(divisions().children(county))
    assert plots == county_plots(divisions(), county)
