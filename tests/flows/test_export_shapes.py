"""The ledger as a map: valid for others, and read back the same by us."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from defusedxml.ElementTree import fromstring

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.geo.geopackage import head_of
from gengdi_desktop.geo.readers import read_layers
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.outlines import outlines
from gengdi_desktop.reports.service import export
from gengdi_desktop.storage.tables import PlotRow
from tests.flows.test_import_shapes import FIELDS, row
from tests.helpers.imports import take
from tests.helpers.ledgers import CLERK, add_plots, new_ledger
from tests.helpers.shapes_made import square, write_shp

HOLED = square(2, 0, 3, 3).difference(square(3, 1))
PARTS = shapely.MultiPolygon([square(8), square(10)])
KML = "{http://www.opengis.net/kml/2.2}"
GPX = "{http://www.topografix.com/GPX/1/1}"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Three plots with outlines, one with a middle only, one whose place nobody knows."""
    with new_ledger(tmp_path / "台账") as made:
        take(made, write_shp(tmp_path / "a.shp", FIELDS, [row(1), row(2), row(3)], [square(), HOLED, PARTS]))
        add_plots(made, ["middle", "nowhere"])
        with made.begin(Operation.EDIT, CLERK) as work:
            found = work.session.get(PlotRow, "middle")
            assert found is not None
            found.centre_longitude, found.centre_latitude = 116_271_234_567, 28_371_234_567
            found.remark = "<甲> & \x01“乙”"
            work.commit()
        yield made


def kept(ledger: Ledger) -> list[shapely.Geometry]:
    """The outlines of the ledger."""
    return [shape.shape for one in outlines(ledger).values() if (shape := one.shape()) is not None]


def same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    return bool(shapely.equals_exact(one.normalize(), other.normalize(), 1e-9))


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".kml"])
def test_what_is_written_is_read_back_the_same(ledger: Ledger, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"白圩乡{ending}"
    written = export(ledger, path)
    assert (written.rows, written.unplaced) == (5, 1)
    layer = next(iter(read_layers(path, tmp_path, 10_000_000)))
    portion = next(layer.portions)
    assert len(portion.rows) == 5
    found = [shape for shape in portion.shapes if shape is not None and shape.geom_type != "Point"]
    made = kept(ledger)
    assert len(found) == len(made) == 3
    assert all(any(same(one, other) for other in made) for one in found)
    points = [shape for shape in portion.shapes if shape is not None and shape.geom_type == "Point"]
    assert [(point.x, point.y) for point in points] == [(116.271234567, 28.371234567)]
    at = layer.fields.index("下发面积（亩）")
    areas = {texts[at] for _, texts in portion.rows}
    assert "16.291635" in areas


def test_the_geopackage_is_a_valid_one(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    export(ledger, path)
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert db.execute("PRAGMA user_version").fetchone() == (10300,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        systems = {code for (code,) in db.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
        assert {-1, 0, 4326, 4490} <= systems
        table, west, north = db.execute("SELECT table_name, min_x, max_y FROM gpkg_contents").fetchone()
        assert (west, north) == (116.27, 28.373)
        blobs = [blob for (blob,) in db.execute(f'SELECT geom FROM "{table}"')]
        for blob in filter(None, blobs):
            head = head_of(blob)
            assert head is not None
            assert head.srs == 4490
            assert shapely.from_wkb(blob[head.length :]).bounds[0] >= 116.27
        assert blobs.count(None) == 1
    db.close()


def test_geojson_follows_its_standard(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    export(ledger, path)
    found = json.loads(path.read_text("utf-8"))
    assert "crs" not in found
    shape = shapely.geometry.shape(found["features"][1]["geometry"])
    assert shape.exterior.is_ccw
    assert not shape.interiors[0].is_ccw
    assert found["features"][0]["properties"]["状态"] == "已下发"
    assert found["features"][0]["properties"]["流出年度"] is None


def test_kml_has_folders_by_village_and_a_colour_for_each_label(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    export(ledger, path)
    root = fromstring(path.read_bytes())
    styles = {one.get("id") for one in root.iter(f"{KML}Style")}
    used = {(one.text or "").removeprefix("#") for one in root.iter(f"{KML}styleUrl")}
    assert used <= styles
    assert "未整改" in used
    folders = [one.findtext(f"{KML}name") for one in root.iter(f"{KML}Folder")]
    assert folders == sorted(set(filter(None, folders)))
    assert any("<甲> & “乙”" in (one.text or "") for one in root.iter(f"{KML}value"))
    assert "2000 国家大地坐标系" in (root.findtext(f"{KML}Document/{KML}description") or "")


def test_gpx_has_a_way_point_for_each_plot_whose_place_is_known(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    assert export(ledger, path).unplaced == 1
    marks = list(fromstring(path.read_bytes()).iter(f"{GPX}wpt"))
    assert len(marks) == 4
    assert (marks[-1].get("lat"), marks[-1].get("lon")) == ("28.371234567", "116.271234567")
    assert "白圩村 0001" in [mark.findtext(f"{GPX}name") for mark in marks]


def test_an_unknown_ending_names_the_known_ones(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        export(ledger, tmp_path / "a.dwg")
    assert ".kml" in caught.value.hint
