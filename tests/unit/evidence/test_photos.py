"""What photos say of themselves, in every way in which cameras, editors and chat programs write it or leave it out."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.decoding import MOST_BYTES
from gengdi_desktop.evidence.exif import Tags, read_tags
from gengdi_desktop.evidence.photo_facts import PhotoFacts, PlaceGap, Seen, TimeGap, aware, facts_of
from gengdi_desktop.evidence.photos import Examined, examine, read_photo
from gengdi_desktop.system.child import ChildEnd, ChildFailure, run_child
from tests.helpers import photos as made

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "photos"
EAST, NORTH = 116_265_432_000, 28_376_543_000


def facts(exif: Image.Exif | bytes, name: str = "IMG_20230802_093015.jpg") -> PhotoFacts:
    """The facts of EXIF, without a picture around it."""
    raw = exif.tobytes() if isinstance(exif, Image.Exif) else exif
    return facts_of(Seen(name, "image/jpeg", 4000, 3000, 92), raw)


def colours(preview: bytes) -> list[tuple[int, ...]]:
    """The colours in the four corners of a preview, rounded so that compression does not matter."""
    image = Image.open(io.BytesIO(preview))
    right, low = image.width - 5, image.height - 5
    picked = [image.getpixel(place) for place in ((5, 5), (right, 5), (5, low), (right, low))]
    return [tuple(round(part / 40) for part in one) for one in picked if isinstance(one, tuple)]


UPRIGHT = [tuple(round(part / 40) for part in one) for one in (made.RED, made.GREEN, made.BLUE, made.YELLOW)]


def only(path: Path) -> Examined:
    """The one answer about a file that can be read."""
    (found,) = examine([path])
    assert isinstance(found, Examined), found
    return found


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_shown_upright(orientation: int, tmp_path: Path) -> None:
    turn = made.STORED[orientation]
    stored = made.corners() if turn is None else made.corners().transpose(turn)
    path = tmp_path / "a.jpg"
    path.write_bytes(made.jpeg(stored, made.camera_exif(orientation=orientation), quality=95))
    found = only(path)
    assert (found.facts.orientation, found.facts.upright_size) == (orientation, (64, 48))
    assert (found.facts.width, found.facts.height) == stored.size
    assert Image.open(io.BytesIO(found.preview)).size == (64, 48)
    assert colours(found.preview) == UPRIGHT


@pytest.mark.parametrize("name", ["upright.heic", "turned.heic"])
def test_heic_is_turned_once(name: str) -> None:
    found = only(GOLDEN / name)
    assert (found.facts.media_type, found.facts.orientation, found.facts.upright_size) == ("image/heif", 1, (64, 48))
    assert (found.facts.longitude, found.facts.latitude, found.facts.direction) == (EAST, NORTH, 123_400)
    assert colours(found.preview) == UPRIGHT


def test_a_small_preview_of_a_lying_photo_is_as_wide_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(made.jpeg(made.scene(1200, 900), made.camera_exif(orientation=6)))
    (found,) = examine([path], width=200)
    assert isinstance(found, Examined)
    assert Image.open(io.BytesIO(found.preview)).size == (200, 267)


def test_everything_that_a_telephone_notes() -> None:
    gps = {
        5: b"\x01",
        6: IFDRational(125, 10),
        7: (IFDRational(1), IFDRational(30), IFDRational(15)),
        18: "WGS-84",
        29: "2023:08:02",
        31: IFDRational(48, 10),
    }
    photo = {0x9291: "042", 0x9011: "+08:00"}
    found = facts(made.camera_exif(direction=359.99, gps=gps, photo=photo))
    assert (found.longitude, found.latitude, found.direction, found.direction_reference) == (EAST, NORTH, 359_990, "T")
    assert (found.altitude, found.accuracy, found.datum) == (-12_500, 4_800, "WGS-84")
    assert found.taken_at == datetime(2023, 8, 2, 9, 30, 15, 42_000)
    assert (found.taken_offset, found.gps_at) == ("+08:00", datetime(2023, 8, 2, 1, 30, 15, tzinfo=UTC))
    assert (found.device, found.software, found.place_gap, found.time_gap) == ("HUAWEI P40", "P40 3.0", None, None)
    assert PhotoFacts.from_json(found.as_json()) == found


@pytest.mark.parametrize(
    ("east", "north", "expected"),
    [
        (116.265432, 28.376543, (EAST, NORTH)),
        (-54.1234, 12.54321, (-54_123_400_000, 12_543_210_000)),
        (151.2, -33.86, (151_200_000_000, -33_860_000_000)),
        (-70.5, -33.5, (-70_500_000_000, -33_500_000_000)),
    ],
)
def test_every_hemisphere(east: float, north: float, expected: tuple[int, int]) -> None:
    found = facts(made.camera_exif(place=(east, north)))
    assert (found.longitude, found.latitude) == expected


@pytest.mark.parametrize(
    ("reference", "degrees", "expected"),
    [("T", 0.0, (0, "T")), ("M", 90.0, (90_000, "M")), ("X", 45.5, (45_500, "")), ("T", 360.0, (0, "T"))],
)
def test_directions_of_true_and_magnetic_north(reference: str, degrees: float, expected: tuple[int, str]) -> None:
    found = facts(made.camera_exif(direction=degrees, gps={16: reference}))
    assert (found.direction, found.direction_reference) == expected


def test_a_direction_that_is_none_is_left_out() -> None:
    assert facts(made.camera_exif(direction=400.0)).direction is None
    assert facts(made.camera_exif()).direction_reference == ""


def gps_tags(*, north: bytes, east: bytes, count: int = 3, **letters: bytes) -> bytes:
    """EXIF whose place is written byte by byte."""
    return made.raw_exif(
        main=[(0x0110, made.ASCII, 5, b"P40 \x00")],
        gps=[
            (1, made.ASCII, 2, letters.get("ns", b"N\x00")),
            (2, made.RATIONAL, count, north),
            (3, made.ASCII, 2, letters.get("ew", b"E\x00")),
            (4, made.RATIONAL, count, east),
        ],
    )


def test_degrees_in_one_rational() -> None:
    raw = gps_tags(north=made.rationals((28376543, 1000000)), east=made.rationals((116265432, 1000000)), count=1)
    found = facts(raw)
    assert (found.longitude, found.latitude, found.place_gap) == (EAST, NORTH, None)


def test_degrees_and_decimal_minutes_with_a_void_second() -> None:
    raw = gps_tags(
        north=made.rationals((28, 1), (225_000, 10_000), (0, 0)), east=made.rationals((116, 1), (30, 1), (0, 0))
    )
    found = facts(raw)
    assert (found.longitude, found.latitude) == (116_500_000_000, 28_375_000_000)


NOTHING = made.rationals((0, 0), (0, 0), (0, 0))
ZERO = made.rationals((0, 1), (0, 1), (0, 1))
GOOD = made.rationals((28, 1), (22, 1), (30, 1))
HALF = made.rationals((28, 0), (22, 1), (30, 1))
FAR = made.rationals((128, 1), (22, 1), (30, 1))
MINUTES = made.rationals((28, 1), (72, 1), (30, 1))


@pytest.mark.parametrize(
    ("raw", "gap"),
    [
        (gps_tags(north=NOTHING, east=NOTHING), PlaceGap.ZERO),
        (gps_tags(north=ZERO, east=ZERO), PlaceGap.ZERO),
        (gps_tags(north=HALF, east=GOOD), PlaceGap.BROKEN),
        (gps_tags(north=FAR, east=FAR), PlaceGap.BROKEN),
        (gps_tags(north=MINUTES, east=GOOD), PlaceGap.BROKEN),
        (made.raw_exif(main=[(0x0110, made.ASCII, 4, b"P40\x00")]), PlaceGap.SWITCHED_OFF),
        (
            made.raw_exif(main=[(0x0110, made.ASCII, 4, b"P40\x00")], gps=[(1, made.ASCII, 2, b"N\x00")]),
            PlaceGap.SWITCHED_OFF,
        ),
        (
            made.raw_exif(
                main=[(0x0110, made.ASCII, 4, b"P40\x00"), (0x8825, made.LONG, 1, struct.pack("<L", 90_000))]
            ),
            PlaceGap.BROKEN,
        ),
    ],
    ids=["void", "zero", "no-denominator", "out-of-range", "minutes", "off", "only-letters", "pointer-into-nothing"],
)
def test_why_there_is_no_place(raw: bytes, gap: PlaceGap) -> None:
    found = facts(raw)
    assert (found.longitude, found.latitude, found.place_gap) == (None, None, gap)
    assert found.device.startswith("P40")


def test_letters_missing_small_or_garbage_mean_the_hemisphere_of_china() -> None:
    for ns, ew in ((b"\x00\x00", b"\x00\x00"), (b"n\x00", b"e\x00"), (b"?\x00", b"\xff\x00")):
        found = facts(gps_tags(north=GOOD, east=GOOD, ns=ns, ew=ew))
        assert (found.latitude, found.longitude) == (28_375_000_000, 28_375_000_000)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2023:08:02 09:30:15", datetime(2023, 8, 2, 9, 30, 15)),
        ("2023-08-02 09:30:15", datetime(2023, 8, 2, 9, 30, 15)),
        ("2023/8/2T9:30", datetime(2023, 8, 2, 9, 30)),
        ("2023:08:02 09:30:15\x00\x00", datetime(2023, 8, 2, 9, 30, 15)),
        ("2024:02:29 23:59:59", datetime(2024, 2, 29, 23, 59, 59)),
    ],
)
def test_times_as_cameras_write_them(said: str, at: datetime) -> None:
    assert facts(made.camera_exif(taken=said)).taken_at == at


@pytest.mark.parametrize(
    ("said", "gap"),
    [
        ("0000:00:00 00:00:00", TimeGap.ZERO),
        ("    :  :     :  :  ", TimeGap.ZERO),
        ("2023:13:40 09:30:15", TimeGap.BROKEN),
        ("2023:02:29 09:30:15", TimeGap.BROKEN),
        ("昨天", TimeGap.BROKEN),
        (None, TimeGap.MISSING),
    ],
)
def test_why_there_is_no_time(said: str | None, gap: TimeGap) -> None:
    found = facts(made.camera_exif(taken=None if said is None else said))
    assert (found.taken_at, found.time_gap) == (None, gap)
    assert found.longitude == EAST


def test_other_times_serve_where_the_first_is_missing() -> None:
    assert facts(made.camera_exif(taken=None, photo={0x9004: made.TAKEN})).taken_at == datetime(2023, 8, 2, 9, 30, 15)
    assert facts(made.camera_exif(taken=None, main={0x0132: made.TAKEN})).taken_at == datetime(2023, 8, 2, 9, 30, 15)
    gps = {7: (IFDRational(17), IFDRational(30), IFDRational(15)), 29: "2023:08:01"}
    found = facts(made.camera_exif(taken=None, gps=gps))
    assert (found.taken_at, found.taken_offset, found.time_gap) == (datetime(2023, 8, 2, 1, 30, 15), "+08:00", None)


def test_the_clock_of_a_camera_in_its_zone() -> None:
    at = datetime(2023, 8, 2, 9, 30)
    assert aware(at, "").utcoffset() == timedelta(hours=8)
    assert aware(at, "-03:30").utcoffset() == -timedelta(hours=3, minutes=30)
    assert facts(made.camera_exif(photo={0x9010: "+0900"})).taken_offset == "+09:00"
    assert facts(made.camera_exif(photo={0x9011: "   :  "})).taken_offset == ""


@pytest.mark.parametrize(
    ("name", "options", "gap"),
    [
        ("mmexport1690939815000.jpg", {}, "chat"),
        ("wx_camera_1690939815000.jpg", {}, "chat"),
        ("微信图片_20230802093015.jpg", {}, "chat"),
        ("microMsg.1690939815000.jpg", {}, "chat"),
        ("IMG_20230802_093015.jpg", {"quality": 75}, "chat"),
        ("IMG_20230802_093015.jpg", {"quality": 97}, "chat"),
        ("老照片.jpg", {"quality": 97}, "no_exif"),
        ("Screenshot_20230802.jpg", {}, "screenshot"),
    ],
)
def test_who_took_the_exif_away(name: str, options: dict[str, Any], gap: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(made.jpeg(**options))
    found = read_photo(path)
    assert (found.place_gap, found.time_gap) == (PlaceGap(gap), TimeGap(gap))


def test_a_large_photo_of_good_quality_without_exif_need_not_come_from_a_chat() -> None:
    large = Seen("IMG_0001.jpg", "image/jpeg", 4000, 3000, 96)
    assert facts_of(large, b"").place_gap is PlaceGap.NO_EXIF
    assert facts_of(Seen("IMG_0001.jpg", "image/jpeg", 4000, 3000, 80), b"").place_gap is PlaceGap.CHAT
    assert facts_of(
        Seen("mmexport1.jpg", "image/jpeg", 4000, 3000, 96), made.camera_exif(place=None).tobytes()
    ).place_gap is (PlaceGap.CHAT)


def test_exif_that_is_garbage_never_stops_a_photo(tmp_path: Path) -> None:
    whole = made.camera_exif(direction=10.0).tobytes()
    for end in range(6, len(whole), 7):
        found = facts(whole[:end])
        assert found.longitude in {EAST, None}
        assert found.place_gap is not None or found.longitude == EAST
    for place in range(6, len(whole)):
        facts(whole[:place] + b"\xff" + whole[place + 1 :])
    path = tmp_path / "a.jpg"
    path.write_bytes(made.jpeg(exif=b"Exif\x00\x00" + b"\xff" * 300))
    found = read_photo(path)
    assert (found.place_gap, found.time_gap, found.width) == (PlaceGap.BROKEN, TimeGap.BROKEN, 320)


def test_texts_with_nul_and_in_gbk() -> None:
    raw = made.raw_exif(
        main=[
            (0x010F, made.ASCII, 9, "华为".encode("gb18030") + b"\x00\xff\xfe\x01\x02"),
            (0x0110, made.ASCII, 6, b"P4\x010\x00x"),
        ]
    )
    assert facts(raw).device == "华为 P40"


def test_tags_of_strange_kinds_and_counts_are_left_out() -> None:
    raw = made.raw_exif(
        main=[(0x0110, 99, 5, b"abcd"), (0x0131, made.ASCII, 2**31, b"aaaaa"), (0x0112, made.SHORT, 1, b"\x09\x00")],
        photo=[(0x9003, made.SHORT, 2, b"\x01\x00\x02\x00")],
        order="<",
    )
    tags = read_tags(raw)
    assert isinstance(tags, Tags)
    assert tags.broken == {"main"}
    found = facts(raw)
    assert (found.orientation, found.device, found.taken_at, found.time_gap) == (1, "", None, TimeGap.ZERO)


def test_the_bytes_tell_what_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "其实是图.pdf"
    path.write_bytes(made.png(exif=made.camera_exif()))
    found = read_photo(path)
    assert (found.media_type, found.longitude) == ("image/png", EAST)


def test_a_scan_has_pages_and_a_picture_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "验收单.pdf"
    path.write_bytes(made.pdf(3))
    found = only(path)
    assert (found.facts.pages, found.facts.place_gap, found.facts.time_gap) == (3, PlaceGap.SCAN, TimeGap.SCAN)
    assert Image.open(io.BytesIO(found.preview)).width == pytest.approx(320, abs=2)


@pytest.mark.parametrize("format_name", ["GIF", "TIFF", "BMP", "WEBP"])
def test_other_pictures_are_read_apart(format_name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    made.scene().save(path, format_name)
    assert read_photo(path).width == 320


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


def refused(content: bytes, path: Path) -> str:
    """The code with which a file is refused; its name stands in the sentence."""
    path.write_bytes(content)
    with pytest.raises(RuleError) as found:
        read_photo(path)
    assert path.name in found.value.message
    assert "没有收下" in found.value.message
    return found.value.code


def test_decompression_bombs_are_refused_before_decoding(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    assert refused(bomb(30_000, 30_000), path) == "photo_too_large"
    plain = made.jpeg()
    frame = plain.index(b"\xff\xc0")
    assert (
        refused(plain[: frame + 5] + struct.pack(">HH", 60_000, 60_000) + plain[frame + 9 :], path) == "photo_too_large"
    )
    tiff = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(tiff, "TIFF", compression="group4")
    assert refused(tiff.getvalue(), path) == "photo_too_large"


def test_what_is_cut_off_broken_or_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    whole = made.jpeg(made.scene(640, 480), made.camera_exif())
    assert refused(b"", path) == "not_evidence"
    assert refused(b"hello", path) == "not_picture"
    assert refused(whole[: len(whole) // 2], path) == "photo_cut_off"
    assert refused(whole[:300], path) == "photo_cut_off"
    assert refused(b"\xff\xd8\xff\xe0 no photo at all", path) in {"photo_broken", "photo_cut_off"}
    picture = made.png()
    assert refused(picture[: len(picture) // 2], path) == "photo_cut_off"
    assert refused(picture.replace(b"IHDR", b"IHDX"), path) == "photo_broken"
    heic = (GOLDEN / "upright.heic").read_bytes()
    assert refused(heic[: len(heic) - 100], path) in {"photo_cut_off", "photo_broken"}
    assert refused(b"%PDF-1.7 nothing", path) == "photo_broken"


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    with pytest.raises(RuleError) as found:
        read_photo(path)
    assert found.value.code == "file_too_large"


def test_one_bad_file_does_not_spoil_the_others(tmp_path: Path) -> None:
    names = {
        "a.jpg": made.photo(1),
        "b.heic": (GOLDEN / "upright.heic").read_bytes(),
        "c.heic": b"\x00\x00\x00\x18ftypheic",
    }
    folder = made.written(tmp_path, names)
    answers = examine([folder / name for name in names])
    assert [isinstance(one, Examined) for one in answers] == [True, True, False]


def test_a_decoder_that_is_brought_down_takes_one_file_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def falling(entry: str, arguments: dict[str, Any], **how: Any) -> None:
        if any(name == "b.heic" for _, name in arguments["files"]):
            raise ChildFailure(ChildEnd.TIME, "")
        run_child(entry, arguments, **how)

    monkeypatch.setattr("gengdi_desktop.evidence.isolated.run_child", falling)
    folder = made.written(tmp_path, dict.fromkeys(("a.heic", "b.heic"), (GOLDEN / "upright.heic").read_bytes()))
    good, bad = examine([folder / "a.heic", folder / "b.heic"])
    assert isinstance(good, Examined)
    assert isinstance(bad, RuleError)
    assert (bad.code, "用时过长" in bad.message) == ("photo_stopped", True)
