"""Lists that come as shapes: attributes like a workbook, outlines in the same entry, areas only compared."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.intake import service
from gengdi_desktop.intake.adding_outlines import add_outlines, preview_outlines
from gengdi_desktop.intake.previews import ImportOptions, ImportOutcome
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.outlines import outlines
from gengdi_desktop.ledger.undo import undo
from tests.helpers.imports import identifiers, line, plots, table, take
from tests.helpers.ledgers import CLERK, new_ledger
from tests.helpers.shapes_made import (
    Cell,
    Row,
    kml_text,
    prj,
    siblings,
    square,
    write_geojson,
    write_gpkg,
    write_shp,
    zipped,
)

# A square of one step at this latitude, by the ellipsoid: 10 861.09 m².
STEP_AREA = "10861.09"
FIELDS = [
    ("OBJECTID", "N", 9, 0),
    ("BSM", "C", 18, 0),
    ("TBBH", "C", 8, 0),
    ("DLBM", "C", 5, 0),
    ("DLMC", "C", 60, 0),
    ("ZLDWDM", "C", 19, 0),
    ("ZLDWMC", "C", 100, 0),
    ("TBMJ", "N", 15, 2),
]
GPKG_FIELDS = [(name, "REAL" if kind == "N" else "TEXT") for name, kind, _, _ in FIELDS]


def row(number: int, area: str | float = STEP_AREA) -> Row:
    """A parcel as the survey describes it."""
    code = f"36012411420500{number:04d}"
    return (number, code, f"{number:04d}", "0101", "水田", "3601241142050000000", "白圩村", float(area))


ROWS = [row(1), row(2), row(3)]
SHAPES = [square(), square(2), square(4)]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "台账") as made:
        yield made


def in_ledger(ledger: Ledger) -> list[shapely.Geometry]:
    """The outlines of all plots in their order."""
    found = []
    for one in outlines(ledger).values():
        shape = one.shape()
        assert shape is not None
        found.append(shape.shape)
    return found


def same(found: list[shapely.Geometry], made: list[shapely.Geometry]) -> bool:
    """Whether shapes are the same to a tenth of a millimetre and a little."""
    return len(found) == len(made) and all(
        shapely.equals_exact(one.normalize(), other.normalize(), 5e-9) for one, other in zip(found, made, strict=True)
    )


def note_codes(outcome: ImportOutcome) -> list[str]:
    return [note.code for note in outcome.notes]


def test_a_shapefile_is_taken_in_like_a_workbook_with_its_outlines(ledger: Ledger, tmp_path: Path) -> None:
    path = write_shp(tmp_path / "流出图斑.shp", FIELDS, ROWS, SHAPES)
    outcome = take(ledger, path)
    assert (outcome.rows, outcome.imported, outcome.refused) == (3, 3, 0)
    assert outcome.area == Area.parse("48.874905")
    assert outcome.sheets == ("流出图斑",)
    first = plots(ledger)[0]
    assert (first["plot_no"], first["village"]) == ("0001", "白圩村")
    assert ("bsm", "360124114205000001") in identifiers(ledger)[0]
    assert same(in_ledger(ledger), SHAPES)
    assert {one.source_crs for one in outlines(ledger).values()} == {"EPSG:4527"}
    assert "outline_area" not in note_codes(outcome)
    assert len(history(ledger)) == 2  # making the ledger, and one entry for plots and outlines together
    assert check(ledger).ok


@pytest.mark.parametrize("kind", ["shp", "zip", "gpkg", "geojson", "kml"])
def test_the_same_list_says_the_same_in_every_format(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    names = [name for name, *_ in FIELDS]
    attributes = [dict(zip(names, one, strict=True)) for one in ROWS]
    shp = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    made: dict[str, Callable[[], Path]] = {
        "shp": lambda: shp,
        "zip": lambda: zipped(tmp_path / "a.zip", siblings(shp), "白圩乡/", "gbk"),
        "gpkg": lambda: write_gpkg(tmp_path / "a.gpkg", GPKG_FIELDS, ROWS, SHAPES),
        "geojson": lambda: write_geojson(tmp_path / "a.geojson", attributes, SHAPES),
        "kml": lambda: tmp_path / "google.kml",
    }
    text = kml_text([{key: str(value) for key, value in one.items()} for one in attributes], SHAPES)
    (tmp_path / "google.kml").write_text(text, "utf-8")
    outcome = take(ledger, made[kind]())
    assert (outcome.imported, outcome.area) == (3, Area.parse("48.874905"))
    assert same(in_ledger(ledger), SHAPES)


def test_an_area_that_its_outline_contradicts_is_told_and_kept(ledger: Ledger, tmp_path: Path) -> None:
    rows = [row(1), row(2, "10980"), row(3, "10911")]  # 1.1 % and 119 m²; 0.5 %
    outcome = take(ledger, write_shp(tmp_path / "a.shp", FIELDS, rows, SHAPES))
    told = [note for note in outcome.notes if note.code == "outline_area"]
    assert [note.row for note in told] == [3]
    assert "白圩" in told[0].message
    assert "16.47" in told[0].message
    assert "16.30" in told[0].message
    assert plots(ledger)[1]["plot_area"] == Area.parse("16.47").micro_mu
    assert outcome.imported == 3


def test_small_plots_are_not_told_for_a_few_square_metres(ledger: Ledger, tmp_path: Path) -> None:
    tiny = square(0, 0, 0.05, 0.05)  # 27 m²
    outcome = take(ledger, write_shp(tmp_path / "a.shp", FIELDS, [row(1, "70")], [tiny]))
    assert "outline_area" not in note_codes(outcome)


def test_areas_in_a_wrong_unit_are_not_told_a_thousand_times(ledger: Ledger, tmp_path: Path) -> None:
    rows = [row(number, "16.29") for number in range(1, 301)]
    shapes = [square(number % 20, number // 20) for number in range(300)]
    outcome = take(ledger, write_shp(tmp_path / "a.shp", FIELDS, rows, shapes))
    told = [note for note in outcome.notes if note.code == "outline_area"]
    assert len(told) == 201
    assert "另有 100 个" in told[-1].message


def test_xian_80_brings_its_attributes_and_no_outline(ledger: Ledger, tmp_path: Path) -> None:
    path = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    path.with_suffix(".prj").write_text(prj(2363))
    outcome = take(ledger, path)
    assert outcome.imported == 3
    assert outlines(ledger) == {}
    assert "crs_foreign" in note_codes(outcome)


def test_a_missing_prj_is_told_with_the_zone_that_was_found(ledger: Ledger, tmp_path: Path) -> None:
    path = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES, code=4548)
    path.with_suffix(".prj").unlink()
    outcome = take(ledger, path)
    assert "117" in next(note.message for note in outcome.notes if note.code == "crs_by_size")
    assert same(in_ledger(ledger), SHAPES)


def test_shapes_of_another_county_stay_out_and_are_counted(ledger: Ledger, tmp_path: Path) -> None:
    far = shapely.affinity.translate(square(), xoff=3.2)
    outcome = take(ledger, write_shp(tmp_path / "a.shp", FIELDS, ROWS, [square(), far, None], code=4490))
    assert outcome.imported == 3
    assert {"shapes_far", "shapes_null"} <= set(note_codes(outcome))
    assert same(in_ledger(ledger), [square()])


def test_several_layers_of_one_zip_and_one_that_is_chosen(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    one = write_shp(tmp_path / "in" / "白圩村.shp", FIELDS, ROWS[:2], SHAPES[:2])
    other = write_shp(tmp_path / "in" / "连桥村.shp", FIELDS, ROWS[2:], SHAPES[2:])
    path = zipped(tmp_path / "a.zip", [*siblings(one), *siblings(other)])
    outcome = take(ledger, path, sheet="连桥村", dry_run=True)
    assert (outcome.rows, outcome.sheets) == (1, ("连桥村",))
    outcome = take(ledger, path)
    assert outcome.imported == 3
    assert same(in_ledger(ledger), SHAPES)


def test_names_cut_to_ten_bytes_are_known(ledger: Ledger, tmp_path: Path) -> None:
    fields = [
        ("图斑编号", "C", 8, 0),
        ("坐落单位名", "C", 60, 0),
        ("图斑面积平", "N", 15, 2),
        ("SHAPE_Leng", "N", 19, 11),
    ]
    path = write_shp(tmp_path / "a.shp", fields, [("1", "白圩村", 10861.09, 417.5)], [square()])
    with service.preview(ledger, path) as found:
        used = {column.column.title: column.field for column in found.columns.columns}
    assert used["图斑编号"] == "plot_no"
    assert "zldw_name" in used.values()


def test_points_give_a_centre(ledger: Ledger, tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [{"图斑编号": "1", "村": "白圩村", "图斑面积（亩）": 1.5}]
    points = [shapely.Point(116.2712, 28.3712)]
    take(ledger, write_geojson(tmp_path / "a.geojson", rows, points))
    assert plots(ledger)[0]["centre_longitude"] == 116_271_200_000
    found = list(outlines(ledger).values())
    assert [one.outline for one in found] == [b""]


def test_the_files_of_a_shapefile_are_kept_together(ledger: Ledger, tmp_path: Path) -> None:
    path = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    take(ledger, path)
    kept = list((ledger.folder.root / "issued").rglob("*.zip"))
    assert len(kept) == 1
    with new_ledger(tmp_path / "另一个台账") as other:
        assert take(other, kept[0]).imported == 3
        assert same(in_ledger(other), SHAPES)


def test_a_shapefile_that_changes_after_the_preview_is_not_taken_in(ledger: Ledger, tmp_path: Path) -> None:
    path = write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES)
    with service.preview(ledger, path) as found:
        shutil.copy(path.with_suffix(".prj"), path.with_suffix(".cpg"))
        with pytest.raises(SurroundingsError) as caught:
            service.run(ledger, found, by=CLERK)
    assert caught.value.code == "file_changed"
    assert outlines(ledger) == {}


def test_the_same_list_again_as_shapes_gives_its_plots_their_outlines(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, write_shp(tmp_path / "a.shp", FIELDS, ROWS, [None, None, None]), name="流出图斑")
    assert outlines(ledger) == {}
    again = write_shp(tmp_path / "b.shp", FIELDS, ROWS, SHAPES)
    outcome = take(ledger, again, name="流出图斑")
    assert (outcome.imported, outcome.duplicates) == (0, 3)
    assert same(in_ledger(ledger), SHAPES)
    assert len(plots(ledger)) == 3
    assert take(ledger, again, name="流出图斑").entry is None


def test_undoing_the_import_takes_the_outlines_back(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES))
    undo(ledger, by=CLERK)
    assert outlines(ledger) == {}
    assert plots(ledger) == []
    assert check(ledger).ok


def test_no_features_and_no_columns(ledger: Ledger, tmp_path: Path) -> None:
    empty = write_shp(tmp_path / "a.shp", FIELDS, [], [])
    with pytest.raises(SurroundingsError, match="一个图斑也没有"):
        service.preview(ledger, empty)
    bare = write_geojson(tmp_path / "b.geojson", [{"a": 1}], [square()])
    with service.preview(ledger, bare) as found, pytest.raises(RuleError):
        service.run(ledger, found, by=CLERK)
    assert not list(tmp_path.glob("*.rows*"))


def test_passing_files_are_gone_when_the_preview_is_closed(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "passing"
    home.mkdir()
    for module in ("gengdi_desktop.intake.shapes", "gengdi_desktop.sheets.reader"):
        monkeypatch.setattr(f"{module}.passing_folder", lambda: home)
    with service.preview(ledger, write_shp(tmp_path / "a.shp", FIELDS, ROWS, SHAPES), ImportOptions()):
        assert list(home.iterdir())
    assert list(home.iterdir()) == []
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(SurroundingsError):
        service.preview(ledger, tmp_path / "broken.zip")
    assert list(home.iterdir()) == []


def test_outlines_alone_are_added_to_plots_that_are_there(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, write_shp(tmp_path / "a.shp", FIELDS, ROWS, [None, None, None]))
    names = [name for name, *_ in FIELDS]
    attributes: list[dict[str, Cell]] = [dict(zip(names, one, strict=True)) for one in [*ROWS, row(9)]]
    # One by its survey number, one by village and number alone, one without a shape, one that is nobody's.
    del attributes[1]["BSM"]
    path = write_geojson(tmp_path / "b.geojson", attributes, [square(), square(2), None, square(9)])
    with preview_outlines(ledger, path) as found:
        assert [one.fate.value for one in found.fates] == ["added", "added", "without", "unmatched"]
        assert [problem.row for problem in found.problems] == [5]
        changes = add_outlines(ledger, found, by=CLERK)
    assert changes.tables == {"plot_shape"}
    assert same(in_ledger(ledger), [square(), square(2)])
    moved = write_geojson(tmp_path / "c.geojson", attributes[:2], [square(0.1), square(2)])
    with preview_outlines(ledger, moved) as found:
        assert [one.fate.value for one in found.fates] == ["replaced", "unchanged"]
        add_outlines(ledger, found, by=CLERK)
    assert same(in_ledger(ledger), [square(0.1), square(2)])
    with preview_outlines(ledger, moved) as found:
        assert add_outlines(ledger, found, by=CLERK).nothing
    undo(ledger, by=CLERK)
    assert same(in_ledger(ledger), [square(), square(2)])
    assert "补边界" in {told.label for told in history(ledger)}
    assert check(ledger).ok


def test_outlines_from_a_table_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1)])
    with pytest.raises(RuleError, match="没有图形"):
        preview_outlines(ledger, path)
