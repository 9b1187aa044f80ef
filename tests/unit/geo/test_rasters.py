"""Rasters behind a map: where they lie, how they are read in parts, and what is refused and why."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.geo import raster_reading, rasters
from gengdi_desktop.geo.localities import Locality, locality_of
from gengdi_desktop.geo.numbers import NANO
from gengdi_desktop.geo.outlines import Box
from gengdi_desktop.geo.rasters import Ground, read_ground
from gengdi_desktop.system.child import run_child
from tests.helpers.rasters_made import (
    KEYS,
    ZONE_39,
    chequered,
    geo_keys,
    one_strip,
    world_file,
    write_directories,
    write_geotiff,
    write_tiled,
)

WEST, NORTH = 39_425_000.0, 3_140_000.0
"""In zone 39: some kilometres west of the central meridian of 117 degrees."""
SIZE, STEP = (800, 600), 2.0
AROUND = Box(115_900_000_000, 28_000_000_000, 116_700_000_000, 28_700_000_000)
TO_DEGREES = Transformer.from_crs(ZONE_39, 4490, always_xy=True)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasters, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)


def ground(path: Path, box: Box = AROUND, near: Locality | None = None, pixels: int = 16_000_000) -> Ground:
    """What the child would make, without the child."""
    out = path.with_name("made.jpg")
    told: list[dict[str, Any]] = []
    arguments: dict[str, Any] = {"path": str(path), "box": list(box), "pixels": pixels, "out": str(out)}
    if near is not None:
        arguments["near"] = [near.name, *near.centre, near.reach]
    raster_reading.serve(arguments, told.append)
    return rasters._ground(out.read_bytes(), told[0])


def colour_at(found: Ground, east: float, north: float) -> tuple[int, ...]:
    """What the made picture shows at a place of zone 39."""
    longitude, latitude = TO_DEGREES.transform(east, north)
    image = Image.open(io.BytesIO(found.picture)).convert("RGB")
    west, south, far, top = (one / NANO for one in found.box)
    x = (longitude - west) / (far - west) * image.width
    y = (top - latitude) / (top - south) * image.height
    colour = image.getpixel((int(x), int(y)))
    assert isinstance(colour, tuple)
    return colour


def assert_lies_right(found: Ground) -> None:
    """In the middle of the squares of the pattern the made picture has their colours."""
    pattern = chequered(SIZE)
    for x, y in ((100, 60), (380, 300), (700, 540), (60, 500), (740, 100)):
        wanted = pattern.getpixel((x, y))
        assert isinstance(wanted, tuple)
        seen = colour_at(found, WEST + x * STEP, NORTH - y * STEP)
        assert np.abs(np.array(wanted) - np.array(seen)).max() < 12, (x, y)


@pytest.mark.parametrize("packed", ["", "tiff_lzw", "tiff_adobe_deflate", "jpeg"])
def test_a_geotiff_lies_where_its_tags_say(tmp_path: Path, packed: str) -> None:
    path = write_geotiff(tmp_path / "影像.tif", chequered(SIZE), WEST, NORTH, STEP, geo_keys(ZONE_39), packed=packed)
    found = ground(path, AROUND)
    assert_lies_right(found)
    assert found.notes == ()
    inside = 1.5 * STEP
    longitude, latitude = TO_DEGREES.transform(WEST + inside, NORTH - inside)
    assert found.edge[0] == pytest.approx((longitude, latitude), abs=1e-7)


def test_tiles_planes_and_smaller_pictures_are_read(tmp_path: Path) -> None:
    path = write_tiled(tmp_path / "影像.tif", chequered(SIZE), 128, WEST, NORTH, STEP)
    assert_lies_right(ground(path, AROUND))


def test_a_large_raster_is_made_small_by_its_own_smaller_picture(tmp_path: Path) -> None:
    path = write_tiled(tmp_path / "影像.tif", chequered(SIZE), 128, WEST, NORTH, STEP)
    found = ground(path, pixels=40_000)
    assert found.finer
    with Image.open(io.BytesIO(found.picture)) as made:
        assert 35_000 < made.width * made.height <= 41_000
    assert np.abs(np.array(colour_at(found, WEST + 760, NORTH - 600)) - (120, 127, 120)).max() < 16


def test_only_the_part_in_the_box_is_made(tmp_path: Path) -> None:
    path = write_geotiff(tmp_path / "a.tif", chequered(SIZE), WEST, NORTH, STEP, geo_keys(ZONE_39))
    west, south = TO_DEGREES.transform(WEST + 400, NORTH - 800)
    east, north = TO_DEGREES.transform(WEST + 1200, NORTH - 400)
    box = Box(*(round(one * NANO) for one in (west, south, east, north)))
    found = ground(path, box)
    assert found.box == pytest.approx(box, abs=2)
    with Image.open(io.BytesIO(found.picture)) as image:
        assert image.size == pytest.approx((400, 200), abs=4)


@pytest.mark.parametrize(("ending", "beside", "kind"), [(".jpg", ".jgw", "JPEG"), (".png", ".pgw", "PNG")])
def test_a_picture_with_a_world_file_lies_by_the_size_of_its_numbers(
    tmp_path: Path, ending: str, beside: str, kind: str
) -> None:
    chequered(SIZE).save(tmp_path / f"航片{ending}", kind, quality=95)
    world_file(tmp_path / f"航片{beside}", WEST, NORTH, STEP)
    found = ground(tmp_path / f"航片{ending}", AROUND)
    assert_lies_right(found)
    assert [code for code, _words in found.notes] == ["crs_by_size"]


def test_eastings_without_a_zone_need_to_know_the_county(tmp_path: Path) -> None:
    chequered(SIZE).save(tmp_path / "a.png")
    world_file(tmp_path / "a.pgw", WEST - 39_000_000, NORTH, STEP)
    with pytest.raises(SurroundingsError) as refused:
        ground(tmp_path / "a.png", AROUND)
    assert refused.value.code == "raster_unknown"
    near = locality_of("360124", "进贤县")
    assert near is not None
    assert_lies_right(ground(tmp_path / "a.png", AROUND, near))


def test_degrees_and_middles_of_pixels(tmp_path: Path) -> None:
    keys = geo_keys(4490, geographic=True, point=True)
    path = write_geotiff(tmp_path / "a.tif", chequered(SIZE), 116.2, 28.4, 0.00002, keys)
    found = ground(path, AROUND)
    west, north = found.box.west / NANO, found.box.north / NANO
    assert (west, north) == pytest.approx((116.2 - 0.00001, 28.4 + 0.00001), abs=1e-9)


def test_numbers_that_contradict_the_named_system_are_doubted_aloud(tmp_path: Path) -> None:
    path = write_geotiff(tmp_path / "a.tif", chequered(SIZE), WEST, NORTH, STEP, geo_keys(32650))
    found = ground(path)
    assert [code for code, _words in found.notes] == ["crs_by_size"]
    assert_lies_right(found)


@pytest.mark.parametrize(
    ("epsg", "named"), [(2363, "西安 80"), (4610, "西安 80"), (2422, "北京 54"), (4214, "北京 54")]
)
def test_another_system_is_said_and_never_taken_for_ours(tmp_path: Path, epsg: int, named: str) -> None:
    keys = geo_keys(epsg, geographic=epsg in {4610, 4214})
    path = write_geotiff(tmp_path / "a.tif", chequered((80, 60)), WEST, NORTH, STEP, keys)
    with pytest.raises(SurroundingsError) as refused:
        ground(path, AROUND)
    assert named in refused.value.message
    assert refused.value.code == "raster_foreign"


def test_a_frame_that_only_a_text_names_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    text = "Xian 1980 / 3-degree Gauss-Kruger zone 39|"
    tags = ImageFileDirectory_v2()
    for tag, kind, value in (
        (33550, 12, (STEP, STEP, 0.0)),
        (33922, 12, (0.0, 0.0, 0.0, WEST, NORTH, 0.0)),
        (KEYS, 3, (1, 1, 0, 2, 3072, 0, 1, 32767, 3073, 34737, len(text), 0)),
        (34737, 2, text),
    ):
        tags[tag], tags.tagtype[tag] = value, kind
    chequered((80, 60)).save(path, "TIFF", tiffinfo=tags)
    with pytest.raises(SurroundingsError) as refused:
        ground(path, AROUND)
    assert refused.value.code == "raster_foreign"


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("gone", "file_missing"),
        ("no picture", "raster_damaged"),
        ("cut off", "raster_damaged"),
        ("no place", "raster_unplaced"),
        ("garbage beside it", "raster_unplaced"),
        ("sixteen bits", "raster_kind"),
        ("elsewhere", "raster_elsewhere"),
    ],
)
def test_what_cannot_lie_behind_the_map_is_refused_in_words(tmp_path: Path, case: str, code: str) -> None:
    path = tmp_path / "图.tif"
    if case == "no picture":
        path.write_bytes(b"II*\x00 nothing of a picture here at all")
    elif case in {"cut off", "elsewhere"}:
        west = WEST if case == "cut off" else WEST + 300_000
        write_geotiff(path, chequered(SIZE), west, NORTH, STEP, geo_keys(ZONE_39), packed="tiff_lzw")
        if case == "cut off":
            data = path.read_bytes()
            path.write_bytes(data[: len(data) // 2])
    elif case in {"no place", "garbage beside it"}:
        chequered(SIZE).save(path, "TIFF")
        if case == "garbage beside it":
            path.with_suffix(".tfw").write_text("not\nsix\nnumbers", encoding="ascii")
    elif case == "sixteen bits":
        image = Image.new("I;16", SIZE)
        write_geotiff(path, image, WEST, NORTH, STEP, geo_keys(ZONE_39))
    with pytest.raises(SurroundingsError) as refused:
        (read_ground if case in {"gone", "cut off"} else ground)(path, AROUND)
    assert refused.value.code == code
    assert refused.value.message
    assert refused.value.hint


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster_reading, "_MOST_AT_ONCE", 100_000)
    chequered(SIZE).save(tmp_path / "a.png")
    world_file(tmp_path / "a.pgw", WEST, NORTH, STEP)
    arguments = {
        "path": str(tmp_path / "a.png"),
        "box": list(AROUND),
        "pixels": 1_000_000,
        "out": str(tmp_path / "out.jpg"),
    }
    with pytest.raises(SurroundingsError) as refused:
        raster_reading.serve(arguments, lambda _line: None)
    assert refused.value.code == "raster_too_large"
    assert not (tmp_path / "out.jpg").exists()


def test_a_raster_in_one_strip_that_fits_no_memory_is_said_to_be_too_large(tmp_path: Path) -> None:
    path = write_directories(tmp_path / "a.tif", one_strip((12_000, 12_000), WEST, NORTH, STEP))
    with pytest.raises(SurroundingsError) as refused:
        ground(path)
    assert refused.value.code == "raster_too_large"
    assert "分块" in refused.value.hint


def test_what_was_made_is_kept_until_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_geotiff(tmp_path / "a.tif", chequered(SIZE), WEST, NORTH, STEP, geo_keys(ZONE_39))
    first = read_ground(path, AROUND)
    runs = []

    def counted(*arguments: Any, **named: Any) -> None:
        runs.append(arguments)
        run_child(*arguments, **named)

    monkeypatch.setattr(rasters, "run_child", counted)
    assert read_ground(path, AROUND) == first
    assert runs == []
    write_geotiff(path, chequered(SIZE, 60), WEST, NORTH, STEP, geo_keys(ZONE_39))
    assert read_ground(path, AROUND) != first
    assert len(runs) == 1
