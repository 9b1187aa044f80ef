"""Copies for looking and printing: upright, small, cached, with EXIF and hash of the original; never instead of it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.evidence import pictures, service
from gengdi_desktop.evidence.exif import degrees_of, read_tags
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.system.paths import cache_folder
from tests.helpers import photos as made
from tests.helpers.ledgers import CLERK, add_plots, new_ledger

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "photos"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENGDI_HOME", str(tmp_path / "home"))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with one plot."""
    with new_ledger(tmp_path / "台账") as opened:
        add_plots(opened, ["a"])
        yield opened


def attached(ledger: Ledger, content: bytes, name: str, folder: Path) -> str:
    """The hash of a file that was attached."""
    (folder / name).write_bytes(content)
    return service.attach(ledger, "a", [folder / name], "整改后", by=CLERK).files[0][0]


def size(jpeg: bytes) -> tuple[int, int]:
    """Width and height."""
    return Image.open(io.BytesIO(jpeg)).size


def kept_file(ledger: Ledger, sha256: str) -> Path:
    """Where the photo itself lies."""
    (path,) = ledger.folder.part("evidence").glob(f"{sha256}*")
    return path


def test_a_picture_is_upright_and_comes_from_the_cache_the_second_time(ledger: Ledger, tmp_path: Path) -> None:
    turn = made.STORED[6]
    assert turn is not None
    lying = made.jpeg(made.corners(640, 480).transpose(turn), made.camera_exif(orientation=6))
    key = attached(ledger, lying, "a.jpg", tmp_path)
    first = pictures.picture(ledger, key, 200)
    assert size(first) == (200, 150)
    assert size(pictures.picture(ledger, key, 5000)) == (640, 480)
    (place,) = cache_folder().glob(f"pictures/*/{key}-200.jpg")
    marked = first[:-2] + b"cached\xff\xd9"
    place.write_bytes(marked)
    assert pictures.picture(ledger, key, 200) == marked
    place.write_bytes(first[:100])
    assert pictures.picture(ledger, key, 200) == first, "half a copy, as a power cut leaves it, is made again"


def test_a_copy_never_hides_a_missing_or_damaged_photo(ledger: Ledger, tmp_path: Path) -> None:
    key = attached(ledger, made.photo(), "a.jpg", tmp_path)
    pictures.picture(ledger, key, 200)
    path = kept_file(ledger, key)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(SurroundingsError) as found:
        pictures.picture(ledger, key, 200)
    assert found.value.code == "file_damaged"
    path.unlink()
    with pytest.raises(SurroundingsError) as found:
        pictures.picture(ledger, key, 200)
    assert found.value.code == "file_missing"
    with pytest.raises(RuleError, match="没有校验码"):
        pictures.picture(ledger, "0" * 64, 200)


def test_heic_and_scans_have_pictures_too(ledger: Ledger, tmp_path: Path) -> None:
    heic = attached(ledger, (GOLDEN / "turned.heic").read_bytes(), "a.heic", tmp_path)
    assert size(pictures.picture(ledger, heic, 300)) == (64, 48)
    pictures.working_copy(ledger, heic, tmp_path / "work.jpg")
    with Image.open(tmp_path / "work.jpg") as copy:
        tags = read_tags(copy.info["exif"])
    assert tags is not None
    assert degrees_of(tags.gps[4]) == pytest.approx(made.PLACE[0])
    scan = attached(ledger, made.pdf(2), "a.pdf", tmp_path)
    assert size(pictures.picture(ledger, scan, 300))[0] == pytest.approx(300, abs=2)
    note = attached(ledger, b"PK\x03\x04 a workbook", "a.xlsx", tmp_path)
    with pytest.raises(RuleError) as found:
        pictures.picture(ledger, note, 300)
    assert found.value.code == "not_picture"


def test_a_working_copy_carries_exif_and_hash(ledger: Ledger, tmp_path: Path) -> None:
    turn = made.STORED[8]
    assert turn is not None
    large = made.jpeg(made.scene(2400, 3200).transpose(turn), made.camera_exif(orientation=8, direction=77.0))
    key = attached(ledger, large, "a.jpg", tmp_path)
    target = tmp_path / "工作.jpg"
    pictures.working_copy(ledger, key, target)
    with Image.open(target) as copy:
        assert copy.size == (1200, 1600)
        tags = read_tags(copy.info["exif"])
    assert tags is not None
    assert tags.main[0x0112] == (1,)
    assert degrees_of(tags.gps[4]) == pytest.approx(made.PLACE[0])
    assert tags.photo[0x9003].rstrip(b"\x00") == made.TAKEN.encode()  # type: ignore[union-attr]
    assert tags.photo[0x9286] == b"ASCII\x00\x00\x00" + f"SHA-256 of the original: {key}".encode()
    assert tags.photo[0xA420].rstrip(b"\x00") == key[:32].encode()  # type: ignore[union-attr]
    assert kept_file(ledger, key).read_bytes() == large


@pytest.mark.parametrize("exif", [None, b"Exif\x00\x00" + b"\xff" * 60, made.raw_exif(main=[(0x0110, 99, 5, b"abcd")])])
def test_a_working_copy_of_a_photo_with_broken_exif_still_has_the_hash(
    exif: bytes | None, ledger: Ledger, tmp_path: Path
) -> None:
    key = attached(ledger, made.jpeg(exif=exif), "a.jpg", tmp_path)
    pictures.working_copy(ledger, key, tmp_path / "b.jpg")
    with Image.open(tmp_path / "b.jpg") as copy:
        tags = read_tags(copy.info["exif"])
    assert tags is not None
    assert key.encode() in bytes(tags.photo[0x9286])  # type: ignore[arg-type]


def test_a_transparent_picture_lies_on_white(ledger: Ledger, tmp_path: Path) -> None:
    clear = made.png(Image.new("RGBA", (40, 30), (255, 0, 0, 0)))
    shown = pictures.picture(ledger, attached(ledger, clear, "a.png", tmp_path), 40)
    assert Image.open(io.BytesIO(shown)).getpixel((20, 15)) == (255, 255, 255)


def test_the_cache_forgets_what_was_looked_at_longest_ago() -> None:
    for age, key in enumerate(("a" * 64, "b" * 64, "c" * 64)):
        pictures.remember(key, 100, b"\xff\xd8" + b"x" * 1000 + b"\xff\xd9")
        (place,) = cache_folder().glob(f"pictures/*/{key}-100.jpg")
        os.utime(place, (1_000_000 - age, 1_000_000 - age))
    assert pictures.clean(10_000) == 0
    assert pictures.clean(2_600) == 1
    left = {path.name[0] for path in cache_folder().glob("pictures/*/*")}
    assert left == {"a", "b"}


def test_a_cache_that_cannot_be_written_only_costs_time(ledger: Ledger, tmp_path: Path) -> None:
    key = attached(ledger, made.photo(), "a.jpg", tmp_path)
    home = tmp_path / "home" / "cache"
    home.mkdir(parents=True, exist_ok=True)
    (home / "pictures").write_text("a file where the folder should be")
    assert size(pictures.picture(ledger, key, 100)) == (100, 75)
