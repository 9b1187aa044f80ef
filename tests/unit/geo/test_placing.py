"""Coordinate systems of files: believed where numbers agree, told by size where not, foreign ones never relabelled."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from gengdi_desktop.geo.declared import UNSAID, Datum, declared_by_code, declared_by_wkt
from gengdi_desktop.geo.localities import locality_of
from gengdi_desktop.geo.placing import far_away, placing_of
from gengdi_desktop.geo.systems import transformer

JINXIAN = locality_of("360124", "进贤县")
PLOT = shapely.box(116.2700, 28.3700, 116.2712, 28.3708)


def wkt(code: int) -> str:
    return str(CRS.from_epsg(code).to_wkt("WKT1_ESRI"))


def shapes_in(code: int, *, swapped: bool = False) -> np.ndarray:
    shape = PLOT
    if code not in {4490, 4326}:
        tool = transformer(code)
        shape = shapely.transform(
            PLOT, lambda pairs: np.column_stack(tool.transform(pairs[:, 0], pairs[:, 1], direction="INVERSE"))
        )
    if swapped:
        shape = shapely.transform(shape, lambda pairs: pairs[:, ::-1])
    return np.array([shape], dtype=object)


@pytest.mark.parametrize(
    ("code", "datum"),
    [
        (4490, Datum.CGCS2000),
        (4527, Datum.CGCS2000),
        (4548, Datum.CGCS2000),
        (4498, Datum.CGCS2000),
        (4509, Datum.CGCS2000),
        (4326, Datum.WGS84),
        (32650, Datum.WGS84),
        (2363, Datum.XIAN80),
        (4610, Datum.XIAN80),
        (2415, Datum.BEIJING54),
        (4214, Datum.BEIJING54),
        (4269, Datum.OTHER),
    ],
)
def test_the_frame_is_told_by_name_and_parameters(code: int, datum: Datum) -> None:
    for text in (wkt(code), CRS.from_epsg(code).to_wkt("WKT1_GDAL"), CRS.from_epsg(code).to_wkt()):
        assert declared_by_wkt(text).datum is datum
    assert declared_by_code(code).datum is datum


@pytest.mark.parametrize(
    "text", ["", "  ", "garbage", "undefined", 'LOCAL_CS["Undefined Cartesian SRS"]', "x" * 50_000]
)
def test_what_says_nothing_counts_as_not_said(text: str) -> None:
    assert declared_by_wkt(text).datum is Datum.UNSAID


def test_a_name_that_its_parameters_contradict_is_believed_in_neither() -> None:
    renamed = wkt(2363).replace("Xian_1980", "China_2000")
    declared = declared_by_wkt(renamed)
    assert declared.datum is Datum.OTHER
    assert "对不上" in declared.contradiction
    placing = placing_of(declared, shapes_in(4527), JINXIAN)
    assert not placing.placed
    assert "对不上" in placing.notes[0][1]


def test_the_ellipsoid_alone_tells_2000() -> None:
    text = wkt(4527).replace("GCS_China_Geodetic_Coordinate_System_2000", "GCS_User").replace("D_China_2000", "D_User")
    assert declared_by_wkt(text.replace("CGCS2000", "User")).datum is Datum.CGCS2000


@pytest.mark.parametrize("code", [4490, 4527, 4548, 4498, 4509, 4326])
@pytest.mark.parametrize("swapped", [False, True])
def test_shapes_come_out_in_degrees_whatever_their_zone_and_order(code: int, *, swapped: bool) -> None:
    shapes = shapes_in(code, swapped=swapped)
    for declared in (declared_by_wkt(wkt(code)), UNSAID):
        placing = placing_of(declared, shapes, JINXIAN)
        assert placing.placed
        assert placing.swapped is swapped
        assert ("axes_swapped" in dict(placing.notes)) is swapped
        assert ("crs_by_size" in dict(placing.notes)) is (declared is UNSAID)
        assert shapely.equals_exact(placing.to_degrees(shapes)[0].normalize(), PLOT.normalize(), 2e-9)
    declared_crs = placing_of(declared_by_wkt(wkt(code)), shapes, JINXIAN).crs
    assert declared_crs == f"EPSG:{code}"


def test_wgs84_is_taken_and_said() -> None:
    assert "crs_wgs84" in dict(placing_of(declared_by_code(4326), shapes_in(4326), JINXIAN).notes)


def test_a_zone_of_wgs84_is_not_taken_for_one_of_2000() -> None:
    tool = CRS.from_epsg(32650)
    move = Transformer.from_crs(4326, tool, always_xy=True).transform
    shape = shapely.transform(PLOT, lambda pairs: np.column_stack(move(pairs[:, 0], pairs[:, 1])))
    shapes = np.array([shape], dtype=object)
    placing = placing_of(declared_by_wkt(wkt(32650)), shapes, JINXIAN)
    assert placing.crs == "EPSG:32650"
    assert shapely.equals_exact(placing.to_degrees(shapes)[0].normalize(), PLOT.normalize(), 2e-9)


@pytest.mark.parametrize(("code", "name"), [(2363, "西安 80"), (2415, "北京 54")])
def test_the_old_frames_are_said_and_never_relabelled(code: int, name: str) -> None:
    placing = placing_of(declared_by_wkt(wkt(code)), shapes_in(4527), JINXIAN)
    assert not placing.placed
    (found, told), *_ = placing.notes
    assert found == "crs_foreign"
    assert name in told
    assert "属性照样读" in told


def test_numbers_that_contradict_the_declared_zone_are_told_by_size() -> None:
    placing = placing_of(declared_by_wkt(wkt(4527)), shapes_in(4548), JINXIAN)
    assert placing.crs == "EPSG:4548"
    assert "CGCS2000" in dict(placing.notes)["crs_by_size"]
    degrees = placing_of(declared_by_wkt(wkt(4527)), shapes_in(4490), JINXIAN)
    assert degrees.crs == "EPSG:4490"


def test_without_anything_to_go_by_the_shapes_stay_out() -> None:
    unknown = placing_of(UNSAID, shapes_in(4548), None)
    assert not unknown.placed
    assert "中央经线" in unknown.notes[0][1]
    odd = placing_of(UNSAID, np.array([shapely.box(0, 0, 10, 10)], dtype=object), JINXIAN)
    assert not odd.placed
    nothing = placing_of(UNSAID, np.array([None], dtype=object), JINXIAN)
    assert not nothing.placed
    assert nothing.notes == ()


def test_what_lies_in_another_county_is_told_shape_by_shape() -> None:
    shapes = np.array([PLOT, shapely.box(111.7, 37.1, 111.8, 37.2), None], dtype=object)
    assert list(far_away(shapes, JINXIAN)) == [False, True, False]
    assert not far_away(shapes, None).any()
