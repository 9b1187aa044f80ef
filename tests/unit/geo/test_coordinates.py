"""Coordinates are told by their size; zones, edges and text forms as tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.geo.coordinates import azimuth, distance, read_coordinate_text, read_coordinates
from gengdi_desktop.geo.localities import locality_of
from gengdi_desktop.geo.numbers import NANO, Point, degrees, split_pair
from gengdi_desktop.geo.systems import (
    SIX_DEGREES,
    THREE_DEGREES,
    ZoneWidth,
    systems,
    three_degree_zone,
    transformer,
    zone_system,
)

JINXIAN = locality_of("360124", "进贤县")
NEAR = 200  # 10⁻⁹ degree: two hundredths of a millimetre

ZONES = [(THREE_DEGREES, zone) for zone in range(25, 46)] + [(SIX_DEGREES, zone) for zone in range(13, 24)]


@pytest.mark.parametrize(("width", "zone"), ZONES)
def test_every_zone_has_the_code_that_the_register_gives_it(width: ZoneWidth, zone: int) -> None:
    pyproj = pytest.importorskip("pyproj")
    for prefixed in (True, False):
        system = zone_system(width, zone, prefixed=prefixed)
        assert system is not None
        crs = pyproj.CRS.from_epsg(system.epsg)
        assert crs.datum.name == "China 2000"
        parameters = {one.name: one.value for one in crs.coordinate_operation.params}
        assert parameters["Longitude of natural origin"] == system.central_meridian
        assert parameters["False easting"] == 500_000 + (zone * 1_000_000 if prefixed else 0)


def test_there_are_64_zone_systems_and_no_other() -> None:
    assert len(systems()) == 65
    assert zone_system(THREE_DEGREES, 24, prefixed=True) is None
    assert zone_system(THREE_DEGREES, 46, prefixed=True) is None
    assert zone_system(SIX_DEGREES, 12, prefixed=False) is None
    assert zone_system(SIX_DEGREES, 24, prefixed=False) is None


@pytest.mark.parametrize(("width", "zone"), ZONES)
@pytest.mark.parametrize("offset", [-1.5, -0.3, 0.0, 1.5])
def test_a_point_of_every_zone_comes_back_with_and_without_the_number_in_front(
    width: ZoneWidth, zone: int, offset: float
) -> None:
    for prefixed in (True, False):
        system = zone_system(width, zone, prefixed=prefixed)
        assert system is not None
        longitude, latitude = system.central_meridian + offset, 28.37
        if not 73 <= longitude <= 136:
            continue
        easting, northing = transformer(system.epsg).transform(longitude, latitude, direction="INVERSE")
        home = locality_of("360124", "本县")
        assert home is not None
        near = type(home)("本县", Point(round((longitude + 0.2) * NANO), round(28.5 * NANO)), 80_000)
        for texts in ((f"{easting:.4f}", f"{northing:.4f}"), (f"{northing:.4f}", f"{easting:.4f}")):
            read = read_coordinates(*texts, near)
            assert read.problem is None
            assert read.longitude == pytest.approx(longitude * NANO, abs=NEAR * 100)
            assert read.latitude == pytest.approx(latitude * NANO, abs=NEAR * 100)
            assert read.swapped == (texts[0] == f"{northing:.4f}")
            if prefixed:
                assert read.system == system
            else:
                assert read.system is not None
                assert not read.system.prefixed


@pytest.mark.parametrize(
    ("code", "easting", "northing", "longitude", "latitude"),
    [
        ("360124", "39428441.52", "3139662.67", 116.27, 28.37),
        ("141181", "37569302.19", "4112332.85", 111.78, 37.14),
        ("500116", "35622433.95", "3242071.08", 106.26, 29.29),
        ("640502", "35516798.60", "4153128.97", 105.19, 37.51),
        ("130502", "38544465.16", "4104396.41", 114.50, 37.07),
    ],
)
def test_the_counties_of_the_domain_are_where_they_are(
    code: str, easting: str, northing: str, longitude: float, latitude: float
) -> None:
    near = locality_of(code, "本县")
    for text in (easting, easting[2:]):
        read = read_coordinates(text, northing, near)
        assert read.problem is None
        assert read.longitude == pytest.approx(longitude * NANO, abs=NEAR)
        assert read.latitude == pytest.approx(latitude * NANO, abs=NEAR)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("73", "53.9", ""),
        ("136", "3", ""),
        ("72.999999999", "30", "not_in_country"),
        ("136.000000001", "30", "not_in_country"),
        ("100", "2.999999999", "not_in_country"),
        ("100", "54.000000001", "not_in_country"),
        ("25500000", "3139662", ""),
        ("24999999", "3139662", "not_in_country"),
        ("45500000", "3139662", ""),
        ("46000000", "3139662", "not_in_country"),
        ("13500000", "3139662", ""),
        ("12999999", "3139662", "not_in_country"),
        ("23500000", "3139662", ""),
        ("24000000", "3139662", "not_in_country"),
        ("39099999", "3139662", "not_in_country"),
        ("39100000", "3139662", ""),
        ("39900001", "3139662", "not_in_country"),
        ("39428441", "1799999", "not_in_country"),
        ("39428441", "1800000", ""),
        ("39428441", "6000000", ""),
        ("39428441", "6000001", "not_in_country"),
        ("428441.52", "3139662.67", "zone_unknown"),
        ("99999", "3139662", "not_in_country"),
        ("900001", "3139662", "not_in_country"),
        ("116.27", "3139662", "not_in_country"),
        ("0", "0", "not_in_country"),
        ("-116.27", "28.37", "not_in_country"),
        ("见附图", "28.37", "unreadable"),
        ("116.27", "", "unreadable"),
        ("116.27.1", "28.37", "unreadable"),
        ("116°61′", "28.37", "unreadable"),
        ("9" * 400, "28.37", "unreadable"),
    ],
)
def test_the_edges_of_each_interval(first: str, second: str, code: str) -> None:
    for texts in ((first, second), (second, first)):
        problem = read_coordinates(*texts).problem
        assert (problem[0] if problem else "") == code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("116.2757", 116_275_700_000),
        ("116.27571234567891", 116_275_712_345),
        ("E116.2757", 116_275_700_000),
        ("116.2757°E", 116_275_700_000),
        ("１１６．２７５７", 116_275_700_000),
        ("116°16′32.5″", 116_275_694_444),
        ("116°16'32.5\"", 116_275_694_444),
        ("116°16′32.5″E", 116_275_694_444),
        ("116度16分32.5秒", 116_275_694_444),
        ("东经116度16分32.5秒", 116_275_694_444),
        ("１１６°１６′３２.５″", 116_275_694_444),
        ("116° 16′ 32.5″", 116_275_694_444),
        ("116°16.5417′", 116_275_695_000),
        ("116°", 116_000_000_000),
        ("经度：116.5", 116_500_000_000),
        ("116°75′", None),
        ("约116.2", None),
        ("", None),
        ("N/A", None),
    ],
)
def test_text_forms_of_degrees(text: str, value: int | None) -> None:
    assert degrees(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "116.2757,28.3712",
        "28.3712，116.2757",
        "116.2757、28.3712",
        "116.2757 28.3712",
        "E116.2757;N28.3712",
        "东经116.2757，北纬28.3712",
        "经度：116.2757 纬度：28.3712",
        "１１６.２７５７，２８.３７１２",
    ],
)
def test_both_numbers_in_one_text(text: str) -> None:
    read = read_coordinate_text(text, JINXIAN)
    assert (read.longitude, read.latitude, read.problem) == (116_275_700_000, 28_371_200_000, None)


@pytest.mark.parametrize("text", ["116.27", "116.27,28.37,12.5", "白圩村东头", "", "116 16 32,28 22 16"])
def test_a_text_without_just_two_numbers_is_no_pair(text: str) -> None:
    assert split_pair(text) is None
    assert read_coordinate_text(text).problem == ("unreadable", "这不是坐标")


def test_the_survey_writes_north_first_and_that_is_told() -> None:
    survey = read_coordinates("3139662.67", "39428441.52", JINXIAN)
    plain = read_coordinates("39428441.52", "3139662.67", JINXIAN)
    assert survey.swapped
    assert not plain.swapped
    assert survey.point == plain.point
    assert read_coordinates("28.37", "116.27").swapped


def test_a_point_far_from_the_county_is_told_with_the_distance() -> None:
    assert JINXIAN is not None
    inside = read_coordinates("116.27", "28.37", JINXIAN)
    beside = read_coordinates("117.10", "28.37", JINXIAN)  # 84 km from the seat: within reach and tolerance
    outside = read_coordinates("111.78", "37.14", JINXIAN)
    assert inside.problem is None
    assert beside.problem is None
    assert outside.point is not None
    assert outside.problem is not None
    assert outside.problem[0] == "outside"
    assert "进贤县" in outside.problem[1]
    wrong_zone = read_coordinates("37428441.52", "3139662.67", JINXIAN)  # the number of a zone two zones off
    assert wrong_zone.problem is not None


def test_an_easting_without_a_number_takes_the_zone_of_the_county_also_beyond_its_edge() -> None:
    # A county that lies across 115.5° is mapped in one zone; the other zone would be 300 km off.
    east = locality_of("360124", "本县")
    assert east is not None
    edge = type(east)("本县", Point(115_450_000_000, 28_400_000_000), 60_000)
    for system in (zone_system(THREE_DEGREES, 38, prefixed=False), zone_system(THREE_DEGREES, 39, prefixed=False)):
        assert system is not None
        easting, northing = transformer(system.epsg).transform(115.52, 28.41, direction="INVERSE")
        read = read_coordinates(f"{easting:.3f}", f"{northing:.3f}", edge)
        assert read.system == system
        assert read.longitude == pytest.approx(115.52 * NANO, abs=20)


@pytest.mark.parametrize(
    ("longitude", "zone"), [(115_499_999_999, 38), (115_500_000_000, 39), (116_270_000_000, 39), (118_500_000_000, 40)]
)
def test_a_longitude_lies_in_one_zone(longitude: int, zone: int) -> None:
    assert three_degree_zone(longitude) == zone


def test_a_county_that_the_table_does_not_have_borrows_from_its_city() -> None:
    new = locality_of("360199", "新区")
    assert new is not None
    assert abs(new.centre.longitude - 116 * NANO) < NANO
    assert locality_of("999999", "没有") is None
    assert locality_of("", "没有") is None


@pytest.mark.parametrize(
    ("one", "other", "metres", "direction"),
    [
        # Arcs of the meridian and of the equator on a = 6378137, 1/f = 298.257222101.
        ((116 * NANO, 28 * NANO), (116 * NANO, 29 * NANO), 110_820.8, 0),
        ((116 * NANO, 0), (117 * NANO, 0), 111_319.49, 90_000),
        ((117 * NANO, 0), (116 * NANO, 0), 111_319.49, 270_000),
        ((116 * NANO, 29 * NANO), (116 * NANO, 28 * NANO), 110_820.8, 180_000),
    ],
)
def test_distance_and_direction(one: tuple[int, int], other: tuple[int, int], metres: float, direction: int) -> None:
    assert distance(Point(*one), Point(*other)) == pytest.approx(metres, abs=60 if direction in {0, 180_000} else 0.01)
    assert azimuth(Point(*one), Point(*other)) == direction


def test_a_place_has_no_direction_to_itself() -> None:
    assert azimuth(Point(1, 1), Point(1, 1)) is None
    assert distance(Point(1, 1), Point(1, 1)) == 0


@given(
    st.floats(116.0, 116.5),
    st.floats(28.1, 28.7),
    st.floats(-0.005, 0.005),
    st.floats(-0.005, 0.005),
)
def test_near_places_are_as_far_apart_as_on_the_flat_map(x: float, y: float, east: float, north: float) -> None:
    one = Point(round(x * NANO), round(y * NANO))
    other = Point(round((x + east) * NANO), round((y + north) * NANO))
    flat = math.hypot(east * 111_319.49 * math.cos(math.radians(y)), north * 110_850)
    assert distance(one, other) == pytest.approx(flat, rel=0.01, abs=0.01)
