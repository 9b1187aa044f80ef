"""A list of 100,000 polygons: taken in from GeoPackage and shapefile, beside merely reading it and inserting it raw."""

from __future__ import annotations

import sqlite3
import statistics
import struct
import time
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure

ROWS = 100_000
MEMORY_MB = 900
LOOK_UPS = 40
METRES = 200
_ACROSS = 320
_STEP = 0.0016
_WEST, _SOUTH = 116.0, 28.15
_FIELDS = ("BSM", "TBBH", "ZLDWDM", "ZLDWMC", "TBMJ")


def polygons(count: int) -> tuple[Any, list[tuple[str, str, str, str, float]]]:
    """Fields of sixteen corners on a grid over a county, in degrees, with what a survey says of them."""
    import numpy as np
    import shapely

    at = np.arange(count)
    centres = np.column_stack((_WEST + (at % _ACROSS) * _STEP, _SOUTH + (at // _ACROSS) * _STEP))
    turns = np.linspace(0, 2 * np.pi, 17)
    ring = np.column_stack((np.cos(turns), np.sin(turns))) * 0.0006
    shapes = shapely.polygons(centres[:, None, :] + ring[None, :, :])
    rows = [
        (f"3601241{number:011d}", f"{number:06d}", "3601241142050000000", "白圩村", 13_000.5)
        for number in range(1, count + 1)
    ]
    return shapes, rows


def write_gpkg(path: Path, count: int) -> None:
    """A GeoPackage on CGCS2000 degrees."""
    import shapely
    from pyproj import CRS

    shapes, rows = polygons(count)
    head = b"GP\x00\x01" + struct.pack("<i", 4490)
    with sqlite3.connect(path) as db:
        db.executescript(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,"
            " organization_coordsys_id INTEGER, definition TEXT, description TEXT);"
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, identifier TEXT, srs_id INTEGER);"
            "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,"
            " srs_id INTEGER, z INTEGER, m INTEGER);"
            "CREATE TABLE DLTB (fid INTEGER PRIMARY KEY, geom BLOB, BSM TEXT, TBBH TEXT, ZLDWDM TEXT, ZLDWMC TEXT,"
            " TBMJ REAL);"
            "INSERT INTO gpkg_contents VALUES ('DLTB', 'features', 'DLTB', 4490);"
            "INSERT INTO gpkg_geometry_columns VALUES ('DLTB', 'geom', 'POLYGON', 4490, 0, 0);"
        )
        wkt = CRS.from_epsg(4490).to_wkt("WKT1_ESRI")
        db.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4490, 'EPSG', 4490, ?, '')", (wkt,))
        blobs = shapely.to_wkb(shapes)
        db.executemany(
            "INSERT INTO DLTB (geom, BSM, TBBH, ZLDWDM, ZLDWMC, TBMJ) VALUES (?, ?, ?, ?, ?, ?)",
            ((head + blob, *row) for blob, row in zip(blobs, rows, strict=True)),
        )
    db.close()


def write_shp(path: Path, count: int) -> None:
    """A shapefile on CGCS2000 degrees, by pyshp."""
    import shapefile
    import shapely
    from pyproj import CRS

    shapes, rows = polygons(count)
    pairs = shapely.get_coordinates(shapes).reshape(count, -1, 2)[:, ::-1]
    with shapefile.Writer(str(path), shapeType=shapefile.POLYGON, encoding="gbk") as writer:
        for name in _FIELDS[:-1]:
            writer.field(name, "C", 20)
        writer.field(_FIELDS[-1], "N", 15, 2)
        for ring, row in zip(pairs, rows, strict=True):
            writer.poly([ring.tolist()])
            writer.record(*row)
    path.with_suffix(".prj").write_text(CRS.from_epsg(4490).to_wkt("WKT1_ESRI"), encoding="ascii")


def floor_gpkg(source: str, database: str) -> tuple[float, Any]:
    """Read the layer with SQLite and insert rows and blobs as they are, in one transaction on a durable database."""
    with Stopwatch() as watch:
        db = sqlite3.connect(source)
        rows = db.execute("SELECT BSM, TBBH, ZLDWDM, ZLDWMC, TBMJ, geom FROM DLTB").fetchall()
        db.close()
        _insert(database, rows)
    return watch.seconds, len(rows)


def floor_shp(source: str, database: str) -> tuple[float, Any]:
    """The same with pyshp."""
    import shapefile

    with Stopwatch() as watch:
        with shapefile.Reader(source, encoding="gbk") as reader:
            rows = [(*one.record, repr(one.shape.points)) for one in reader.iterShapeRecords()]
        _insert(database, rows)
    return watch.seconds, len(rows)


def _insert(database: str, rows: list[tuple[Any, ...]]) -> None:
    db = sqlite3.connect(database, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE line (a, b, c, d, e, shape)")
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute("COMMIT")
    db.close()


def ours(source: str, folder: str) -> tuple[float, Any]:
    """Import it: child process, checks, plots, outlines, areas compared, journal, the file kept; then look-ups."""
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.domain.states import Desk
    from gengdi_desktop.intake import service as intake
    from gengdi_desktop.ledger import service
    from gengdi_desktop.ledger.outlines import outlines, plots_near
    from gengdi_desktop.system.clock import SystemClock

    new = service.NewLedger(desk=Desk.COUNTY, county="进贤县", unit="进贤县", member="张三")
    ledger = service.create_ledger(Path(folder), new, SystemClock())
    with Stopwatch() as watch, intake.preview(ledger, Path(source)) as seen:
        outcome = intake.run(ledger, seen, by=Actor("张三"))
    with Stopwatch() as all_of_them:
        placed = len(outlines(ledger))
    times = []
    for number in range(LOOK_UPS):
        longitude, latitude = round((_WEST + number * 0.01) * 1e9), round((_SOUTH + number * 0.01) * 1e9)
        began = time.perf_counter()
        plots_near(ledger, longitude, latitude, METRES)
        times.append(time.perf_counter() - began)
    ledger.close()
    answer = {"imported": outcome.imported, "placed": placed, "near": statistics.median(times)}
    return watch.seconds, answer | {"outlines": all_of_them.seconds}


def compare(scratch: Path, rows: int = ROWS) -> Comparison:
    """Both formats, each beside its floor."""
    figures: list[Figure] = []
    notes: list[str] = []
    sources = {"shp": write_shp, "gpkg": write_gpkg}
    raw = {}
    for ending, write in sources.items():
        source = scratch / f"list.{ending}"
        write(source, rows)
        database = str(scratch / f"{ending}.db")
        raw[ending] = measure(f"bench.shapes:floor_{ending}", source=str(source), database=database)
        whole = measure("bench.shapes:ours", source=str(source), folder=str(scratch / ending))
        if (whole.answer["imported"], whole.answer["placed"]) != (rows, rows):
            raise AssertionError(f"{whole.answer} of {rows} features")
        # The peer is the same for both: SQLite alone knows no attributes to check and no shapes to measure.
        peer = ("pyshp + raw insert", raw["shp"].seconds)
        figures += [
            Figure(f"import from {ending}, all included", whole.seconds, "s", 2, peer),
            Figure(f"largest memory from {ending}, both processes", whole.own_mb + whole.children_mb, "MB", MEMORY_MB),
        ]
        floor = f"{'pyshp' if ending == 'shp' else 'sqlite3'} + raw insert {raw[ending].seconds:.2f} s"
        notes.append(f"{ending}: processor time {whole.processor:.1f} s in two processes; floor {floor}")
    figures += [
        Figure(f"plots within {METRES} m of a place", whole.answer["near"], "s", 0.1),
        Figure("all outlines read", whole.answer["outlines"], "s", 2.5),
    ]
    return Comparison(f"{rows} polygons of 17 corners", tuple(figures), tuple(notes))
