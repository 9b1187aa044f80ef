"""Files of shapes: every feature with its attributes as the file has them, every trouble in one sentence."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
import shapefile
import shapely

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.geo.declared import Datum
from gengdi_desktop.geo.geopackage import head_of
from gengdi_desktop.geo.layers import Layer
from gengdi_desktop.geo.readers import is_shapes, read_layers, shapefile_of
from tests.helpers.shapes_made import (
    Row,
    blob,
    in_zone,
    kml_text,
    siblings,
    square,
    write_geojson,
    write_gpkg,
    write_shp,
    zipped,
)

LIMIT = 50_000_000
FIELDS = [("TBBH", "C", 8, 0), ("ZLDWMC", "C", 60, 0), ("TBMJ", "N", 15, 2), ("SJNF", "N", 4, 0)]
ROWS: list[Row] = [("0012", "白圩乡白圩村", 1234.50, 2022), ("0013", "白圩乡连桥村", 0.07, 2022)]
SHAPES = [square(), square(2, 0, 3, 3).difference(square(3, 1))]


def layers(path: Path, tmp_path: Path) -> list[Layer]:
    folder = tmp_path / f"unpacked{random.random()}"
    folder.mkdir()
    return list(read_layers(path, folder, LIMIT))


def read(path: Path, tmp_path: Path) -> tuple[Layer, list[list[str]], list[shapely.Geometry | None]]:
    layer, *more = layers(path, tmp_path)
    assert not more
    rows: list[list[str]] = []
    shapes: list[shapely.Geometry | None] = []
    for portion in layer.portions:
        rows += [texts for _, texts in portion.rows]
        shapes += list(portion.shapes)
        assert all(len(kinds) == len(layer.fields) for kinds, _ in portion.rows)
    return layer, rows, shapes


def read_whole(path: Path, tmp_path: Path) -> int:
    """How many features all layers have, each with its shape or None."""
    found = 0
    for layer in layers(path, tmp_path):
        for portion in layer.portions:
            assert len(portion.rows) == len(portion.shapes)
            found += len(portion.rows)
    return found


def refused(path: Path, tmp_path: Path) -> str:
    with pytest.raises(SurroundingsError) as caught:
        read_whole(path, tmp_path)
    assert caught.value.message.endswith("台账没有变。")
    assert "\n" not in caught.value.message
    return caught.value.code


@pytest.mark.parametrize("coding", ["gbk", "utf-8"])
@pytest.mark.parametrize("cpg", [None, "said"])
def test_a_shapefile_in_both_codings_with_and_without_a_cpg(tmp_path: Path, coding: str, cpg: str | None) -> None:
    said = {"gbk": "GBK", "utf-8": "UTF-8"}[coding] if cpg else None
    path = write_shp(tmp_path / "流出图斑.shp", FIELDS, ROWS, SHAPES, coding=coding, cpg=said)
    layer, rows, shapes = read(path, tmp_path)
    assert layer.name == "流出图斑"
    assert layer.fields == ("TBBH", "ZLDWMC", "TBMJ", "SJNF")
    assert rows == [["0012", "白圩乡白圩村", "1234.50", "2022"], ["0013", "白圩乡连桥村", "0.07", "2022"]]
    assert layer.declared.datum is Datum.CGCS2000
    for found, made in zip(shapes, SHAPES, strict=True):
        assert found is not None
        assert shapely.equals(found, in_zone(made, 4527))
    assert ("coding_tried" in dict(layer.notes)) is (cpg is None)


def test_a_cpg_that_lies_is_told(tmp_path: Path) -> None:
    layer, rows, _ = read(write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES, cpg="UTF-8"), tmp_path)
    assert rows[0][1] == "白圩乡白圩村"
    assert "UTF-8" in dict(layer.notes)["coding_tried"]


def test_holes_parts_and_rings_the_wrong_way_round(tmp_path: Path) -> None:
    two = shapely.MultiPolygon([square(), square(2, 0, 3, 3).difference(square(3, 1))])
    nested = shapely.MultiPolygon([square(0, 0, 9, 9).difference(square(1, 1, 7, 7)), square(3, 3)])
    shapes = [two, nested, square()]
    rows: list[Row] = [(str(at), "", 1, 2022) for at in range(3)]
    path = write_shp(tmp_path / "a.shp", FIELDS, rows, shapes, code=None)
    for found, made in zip(read(path, tmp_path)[2], shapes, strict=True):
        assert found is not None
        assert shapely.equals(found, in_zone(made, 4527))
    with shapefile.Writer(str(tmp_path / "b.shp"), shapeType=shapefile.POLYGON) as writer:
        writer.field("TBBH", "C", 8)
        # Both rings anticlockwise: nothing says which is the outer one, so both are.
        writer.poly([list(square().exterior.coords), list(square(5, 5).exterior.coords)])
        writer.record("1")
    wrong = read(tmp_path / "b.shp", tmp_path)[2][0]
    assert wrong is not None
    assert wrong.area == pytest.approx(2 * square().area, rel=1e-6)


def test_shapes_that_are_missing_or_lines_are_counted(tmp_path: Path) -> None:
    rows: list[Row] = [("1", "", 1, 2022), ("2", "", 1, 2022)]
    layer, _, shapes = read(write_shp(tmp_path / "a.shp", FIELDS, rows, [None, square()]), tmp_path)
    assert shapes[0] is None
    assert layer.losses == {"null": 1}


def test_points_with_heights_and_measures(tmp_path: Path) -> None:
    for kind, name in ((shapefile.POINTZ, "z"), (shapefile.POINT, "p")):
        with shapefile.Writer(str(tmp_path / f"{name}.shp"), shapeType=kind) as writer:
            writer.field("TBBH", "C", 8)
            writer.point(116.27, 28.37) if kind == shapefile.POINT else writer.pointz(116.27, 28.37, 12.0)
            writer.record("1")
        shape = read(tmp_path / f"{name}.shp", tmp_path)[2][0]
        assert shape == shapely.Point(116.27, 28.37)


def test_numbers_keep_their_digits_and_overflow_is_an_error(tmp_path: Path) -> None:
    path = write_shp(
        tmp_path / "a.shp", [("A", "N", 18, 4), ("B", "N", 18, 0), ("C", "D", 8, 0)], [(1, 2, None)], [square()]
    )
    data = bytearray(path.with_suffix(".dbf").read_bytes())
    begin = int.from_bytes(data[8:10], "little") + 1

    def cells(one: str, two: str, three: str) -> tuple[str, list[str]]:
        data[begin : begin + 44] = (one.rjust(18) + two.rjust(18) + three.rjust(8)).encode()
        path.with_suffix(".dbf").write_bytes(data)
        return next(layers(path, tmp_path)[0].portions).rows[0]

    assert cells("1234.5000", "360124100205000012", "20220731")[1] == ["1234.5000", "360124100205000012", "2022-07-31"]
    assert cells("1.23450000000e+003", "-7", "00000000")[1] == ["1234.5", "-7", ""]
    assert cells("*" * 18, "", "2022")[0].startswith("e")
    assert cells("nan", "abc", "")[1] == ["#NUM!", "abc", ""]


def test_deleted_records_are_left_out_and_told(tmp_path: Path) -> None:
    path = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    data = bytearray(path.with_suffix(".dbf").read_bytes())
    data[int.from_bytes(data[8:10], "little")] = ord("*")
    path.with_suffix(".dbf").write_bytes(data)
    layer, rows, shapes = read(path, tmp_path)
    assert [row[0] for row in rows] == ["0013"]
    assert len(shapes) == 1
    assert "1 个" in dict(layer.notes)["records_deleted"]


def test_the_index_is_not_needed_and_a_broken_one_harms_nothing(tmp_path: Path) -> None:
    path = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    path.with_suffix(".shx").write_bytes(b"broken")
    assert len(read(path, tmp_path)[1]) == 2
    path.with_suffix(".shx").unlink()
    assert len(read(path, tmp_path)[1]) == 2


def test_parts_of_a_shapefile_that_are_missing_or_do_not_fit(tmp_path: Path) -> None:
    path = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    one = write_shp(tmp_path / "one.shp", FIELDS, ROWS[:1], SHAPES[:1])
    whole = path.read_bytes()
    path.with_suffix(".prj").unlink()
    assert read(path, tmp_path)[0].declared.datum is Datum.UNSAID
    shutil.copy(one.with_suffix(".dbf"), path.with_suffix(".dbf"))
    assert refused(path, tmp_path) == "counts_differ"
    path.with_suffix(".dbf").write_bytes(b"x" * 20)
    assert refused(path, tmp_path) == "dbf_damaged"
    path.with_suffix(".dbf").unlink()
    assert refused(path, tmp_path) == "dbf_missing"
    path.write_bytes(whole[:-7])
    shutil.copy(one.with_suffix(".dbf"), path.with_suffix(".dbf"))
    assert refused(path, tmp_path) == "shp_damaged"
    path.write_bytes(b"<html>" * 40)
    assert refused(path, tmp_path) in {"kml_damaged", "shp_damaged"}
    path.write_bytes(b"")
    assert refused(path, tmp_path) == "file_empty"
    assert refused(tmp_path / "none.shp", tmp_path) == "file_missing"
    patch = bytearray(whole)
    patch[32:36] = (31).to_bytes(4, "little")
    path.write_bytes(patch)
    assert refused(path, tmp_path) == "not_polygons"


def test_a_chosen_side_file_leads_to_the_shapes(tmp_path: Path) -> None:
    path = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    assert shapefile_of(path.with_suffix(".dbf")) == path
    assert shapefile_of(path) == path
    path.unlink()
    assert refused(tmp_path / "a.dbf", tmp_path) == "shp_missing"


@pytest.mark.parametrize("coding", ["utf-8", "gbk"])
def test_zips_with_chinese_names_and_several_layers(tmp_path: Path, coding: str) -> None:
    (tmp_path / "in").mkdir()
    files = [
        *siblings(write_shp(tmp_path / "in" / "白圩乡.shp", FIELDS, ROWS, SHAPES)),
        *siblings(write_shp(tmp_path / "in" / "长山晏乡.shp", FIELDS, ROWS[:1], SHAPES[:1])),
    ]
    path = zipped(tmp_path / "下发.zip", files, folder="下发数据/", coding=coding)
    found = layers(path, tmp_path)
    assert sorted(layer.name for layer in found) == ["白圩乡", "长山晏乡"]


def test_zips_that_lie_climb_or_are_locked(tmp_path: Path) -> None:
    files = siblings(write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES))
    climbing = zipped(tmp_path / "climb.zip", files, folder="../../outside/")
    assert len(read(climbing, tmp_path)[1]) == 2
    assert not (tmp_path.parent / "outside").exists()
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * (LIMIT + 1))
    assert refused(tmp_path / "bomb.zip", tmp_path) == "unpacks_too_large"
    attributes = zipped(tmp_path / "attributes.zip", [one for one in files if one.suffix == ".dbf"])
    assert refused(attributes, tmp_path) == "shp_missing"
    papers = zipped(tmp_path / "papers.zip", [], "")
    with zipfile.ZipFile(papers, "w") as archive:
        archive.writestr("说明.txt", "无")
    assert refused(papers, tmp_path) == "no_shapes"
    (tmp_path / "broken.zip").write_bytes(climbing.read_bytes()[:200])
    assert refused(tmp_path / "broken.zip", tmp_path) == "zip_damaged"
    locked = bytearray(climbing.read_bytes())
    for at in range(len(locked) - 4):
        if locked[at : at + 4] == b"PK\x01\x02":
            locked[at + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert refused(tmp_path / "locked.zip", tmp_path) == "zip_locked"


@pytest.mark.parametrize("envelope", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("big_end", [False, True])
def test_a_geopackage_whatever_stands_before_its_shapes(tmp_path: Path, envelope: int, *, big_end: bool) -> None:
    fields = [("TBBH", "TEXT"), ("TBMJ", "REAL"), ("BSM", "INTEGER"), ("BZ", "TEXT")]
    rows: list[Row] = [("0012", 1234.5, 360124100205000012, None), ("0013", 0.07, 2, "耕地")]
    path = write_gpkg(tmp_path / "a.gpkg", fields, rows, SHAPES, envelope=envelope, big_end=big_end)
    layer, texts, shapes = read(path, tmp_path)
    assert layer.fields == ("fid", "TBBH", "TBMJ", "BSM", "BZ")
    assert texts == [["1", "0012", "1234.5", "360124100205000012", ""], ["2", "0013", "0.07", "2", "耕地"]]
    assert layer.declared.datum is Datum.CGCS2000
    assert shapes[1] is not None
    assert shapely.equals(shapes[1], in_zone(SHAPES[1], 4527))


def test_a_geopackage_with_null_empty_and_damaged_shapes(tmp_path: Path) -> None:
    path = write_gpkg(tmp_path / "a.gpkg", [("TBBH", "TEXT")], [("1",), ("2",), ("3",)], [None, square(), square()])
    with sqlite3.connect(path) as db:
        db.execute("UPDATE DLTB SET geom = ? WHERE TBBH = '2'", (blob(shapely.Polygon(), 4527),))
        db.execute("UPDATE DLTB SET geom = ? WHERE TBBH = '3'", (b"GP\x00\x01\x00\x00\x00\x00rubbish",))
    db.close()
    layer, rows, shapes = read(path, tmp_path)
    assert len(rows) == 3
    assert shapes == [None, None, None]
    assert layer.losses == {"null": 2, "damaged": 1}
    assert head_of(b"") is None
    assert head_of(b"XX\x00\x01\x00\x00\x00\x00") is None
    assert head_of(b"GP\x00\x0f\x00\x00\x00\x00") is None


def test_what_only_looks_like_a_geopackage(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plain.gpkg") as db:
        db.execute("CREATE TABLE a (b)")
    db.close()
    assert refused(tmp_path / "plain.gpkg", tmp_path) == "geopackage_damaged"
    (tmp_path / "text.gpkg").write_bytes(b"not a database")
    assert refused(tmp_path / "text.gpkg", tmp_path) == "geopackage_damaged"
    made = write_gpkg(tmp_path / "cut.gpkg", [("TBBH", "TEXT")], [("1",)] * 200, [square()] * 200)
    made.write_bytes(made.read_bytes()[:9000])
    assert refused(made, tmp_path) == "geopackage_damaged"


def test_geojson_in_both_codings_with_odd_properties(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"TBBH": "0012", "TBMJ": 12.5}, {"TBBH": "0013", "图层": [1, 2], "属实": True}]
    path = write_geojson(tmp_path / "a.geojson", rows, [SHAPES[1], None])  # type: ignore[arg-type]
    layer, texts, shapes = read(path, tmp_path)
    assert layer.fields == ("TBBH", "TBMJ", "图层", "属实")
    assert texts == [["0012", "12.5", "", ""], ["0013", "", "[1, 2]", "TRUE"]]
    assert shapes[0] == SHAPES[1]
    assert layer.losses == {"null": 1}
    path.write_bytes(path.read_text("utf-8").encode("gbk"))
    assert read(path, tmp_path)[0].fields[2] == "图层"
    named = json.loads(path.read_text("gbk"))
    named["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2363"}}
    path.write_text(json.dumps(named), "utf-8")
    assert read(path, tmp_path)[0].declared.datum is Datum.XIAN80


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "json_damaged"),
        ("[1, 2]", "no_shapes"),
        ('{"type": "FeatureCollection", "features": 3}', "no_shapes"),
        ('{"type": "FeatureCollection", "features": [3]}', "json_damaged"),
        ('{"type": "Topology"}', "no_shapes"),
        ("[" * 100_000, "json_damaged"),
        ("hello", "no_shapes"),
    ],
)
def test_json_that_is_no_geojson(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text, "utf-8")
    assert refused(path, tmp_path) == code


def test_geojson_shapes_that_are_broken_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    shapes = [{"type": "Polygon"}, {"type": "Polygon", "coordinates": [[[1, "a"]]]}, {"type": "Odd"}, 5, {}]
    features = [{"type": "Feature", "properties": {"TBBH": "1"}, "geometry": shape} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    layer, rows, _ = read(path, tmp_path)
    assert len(rows) == 5
    assert sum(layer.losses.values()) == 5


@pytest.mark.parametrize("schema", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_kml_and_kmz_with_both_kinds_of_attributes(tmp_path: Path, *, schema: bool, packed: bool) -> None:
    rows = [{"TBBH": "0012", "ZLDWMC": "白圩村"}, {"TBBH": "0013", "ZLDWMC": ""}]
    text = kml_text(rows, SHAPES, schema=schema)
    path = tmp_path / "a.kml"
    path.write_text(text, "utf-8")
    if packed:
        path = tmp_path / "a.kmz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("files/icon.png", b"png")
            archive.writestr("files/other.kml", "<kml/>")
            archive.writestr("doc.kml", text)
    layer, texts, shapes = read(path, tmp_path)
    assert layer.name == "流出图斑"
    assert texts == [["0012", "白圩村"], ["0013", ""]]
    assert layer.declared.datum is Datum.WGS84
    assert shapes[1] is not None
    assert shapely.equals_exact(shapes[1].normalize(), SHAPES[1].normalize(), 1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "<kml><Document>",
        '<!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/hostname">]><kml><name>&a;</name></kml>',
        '<!DOCTYPE k [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><kml>&b;</kml>',
        '<?xml version="1.0" encoding="nonsense"?><kml/>',
    ],
)
def test_kml_that_is_broken_or_wants_to_fetch_something(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.kml"
    path.write_text(text, "utf-8")
    assert refused(path, tmp_path) == "kml_damaged"


def test_kmz_with_odd_entries(tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * (LIMIT + 1))
    assert refused(path, tmp_path) == "unpacks_too_large"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("icon.png", b"png")
    assert refused(path, tmp_path) == "no_shapes"


def test_a_file_geodatabase_is_told_in_one_sentence_where_its_reader_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    folder = tmp_path / "流出.gdb"
    folder.mkdir()
    (folder / "a00000001.gdbtable").write_bytes(b"x")
    assert is_shapes(folder)
    assert refused(folder, tmp_path) == "gdb_not_here"
    assert refused(folder / "a00000001.gdbtable", tmp_path) == "gdb_not_here"


def test_which_files_are_shapes(tmp_path: Path) -> None:
    shp = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    assert is_shapes(shp)
    assert is_shapes(shp.with_suffix(".dbf"))
    assert is_shapes(zipped(tmp_path / "a.zip", siblings(shp)))
    shutil.copy(shp, tmp_path / "renamed.xlsx")
    assert is_shapes(tmp_path / "renamed.xlsx")
    with zipfile.ZipFile(tmp_path / "book.zip", "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    assert not is_shapes(tmp_path / "book.zip")
    (tmp_path / "a.csv").write_text("a,b\n")
    assert not is_shapes(tmp_path / "a.csv")
    assert not is_shapes(tmp_path / "none.csv")


def test_random_damage_ends_in_a_sentence_or_in_rows(tmp_path: Path) -> None:
    rng = random.Random(7)
    made = [
        write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES),
        write_gpkg(tmp_path / "a.gpkg", [("TBBH", "TEXT")], [("1",), ("2",)], SHAPES),
        write_geojson(tmp_path / "a.geojson", [{"TBBH": "1"}], [square()]),
    ]
    for path in made:
        for part in [path] if path.suffix != ".shp" else [path, path.with_suffix(".dbf")]:
            whole = part.read_bytes()
            for _ in range(60):
                data = bytearray(whole)
                for _ in range(rng.randint(1, 6)):
                    data[rng.randrange(len(data))] = rng.randrange(256)
                part.write_bytes(data[: rng.randint(1, len(data))] if rng.random() < 0.3 else data)
                with contextlib.suppress(SurroundingsError):
                    assert read_whole(path, tmp_path) < 10
            part.write_bytes(whole)
