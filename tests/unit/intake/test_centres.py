"""The centre of a plot from the coordinates of a row."""

from __future__ import annotations

from gengdi_desktop.geo.localities import Locality, locality_of
from gengdi_desktop.intake.centres import CENTRE_FIELDS, CentreReader
from gengdi_desktop.intake.mapping import Certainty, MappedColumn
from gengdi_desktop.intake.places import Place
from gengdi_desktop.intake.readings import Reading
from gengdi_desktop.sheets.headers import HeaderColumn

JINXIAN = locality_of("360124", "进贤县")
PLACE = Place("进贤县", "白圩乡", "", "白圩村", "", "")


def reader(*names: str, near: Locality | None = JINXIAN) -> CentreReader:
    titles = {"lon": "经度", "lat": "纬度", "coord_x": "X坐标", "coord_y": "Y坐标", "coord_text": "坐标"}
    columns = {
        name: MappedColumn(HeaderColumn(index, (titles[name],), (), titles[name], ""), name, Certainty.SAME)
        for index, name in enumerate(names)
    }
    return CentreReader(columns, {name: names.index(name) if name in names else -1 for name in CENTRE_FIELDS}, near)


def read(found: CentreReader, *texts: str) -> Reading:
    reading = Reading(0, 3, PLACE)
    found.read(reading, [*texts, ""])
    return reading


def test_degrees_are_taken_and_need_no_text() -> None:
    assert read(reader("lon", "lat"), "116.2757", "28.3712").centre == (116_275_700_000, 28_371_200_000, "")


def test_projected_coordinates_become_degrees_and_keep_their_text() -> None:
    longitude, latitude, text = read(reader("coord_x", "coord_y"), "39428441.52", "3139662.67").centre
    assert text == "39428441.52,3139662.67"
    assert longitude is not None
    assert latitude is not None
    assert abs(longitude - 116_270_000_000) < 100
    assert abs(latitude - 28_370_000_000) < 100


def test_the_survey_order_is_told_once_for_the_column() -> None:
    one = reader("coord_x", "coord_y")
    first = read(one, "3139662.67", "39428441.52")
    second = read(one, "3139663.67", "39428441.52")
    assert first.centre[0] == read(reader("coord_x", "coord_y"), "39428441.52", "3139662.67").centre[0]
    assert [note.code for note in first.notes] == ["centre_swapped"]
    assert "X坐标" in first.notes[0].message
    assert second.notes == ()


def test_what_lies_elsewhere_is_kept_as_text_only() -> None:
    far = read(reader("lon", "lat"), "111.78", "37.14")
    assert far.centre == (None, None, "111.78,37.14")
    assert [note.code for note in far.notes] == ["centre_outside"]
    assert "进贤县" in far.notes[0].message
    assert read(reader("lon", "lat", near=None), "111.78", "37.14").centre[2] == ""


def test_eastings_without_a_zone_in_an_unknown_county_stay_text_and_are_told_once() -> None:
    one = reader("coord_x", "coord_y", near=None)
    first, second = read(one, "428441.52", "3139662.67"), read(one, "428442.52", "3139662.67")
    assert first.centre == (None, None, "428441.52,3139662.67")
    assert [note.code for note in first.notes] == ["zone_unknown"]
    assert second.notes == ()


def test_one_text_with_both_and_texts_that_are_none() -> None:
    assert read(reader("coord_text"), "28.3712，116.2757").centre == (
        116_275_700_000,
        28_371_200_000,
        "28.3712，116.2757",
    )
    assert read(reader("coord_text"), "村委会东侧").centre == (None, None, "村委会东侧")
    assert read(reader("coord_text"), "/").centre == (None, None, "")
    assert read(reader("lon", "lat"), "116.27", "").centre == (None, None, "")
