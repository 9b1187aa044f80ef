"""Directories of TIFFs from elsewhere: what is read of them, how much, and what cannot be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from gengdi_desktop.geo import tiff
from gengdi_desktop.geo.tiff import Blocks, BrokenTiffError, read_pictures
from tests.helpers.rasters_made import Tags, chequered, one_strip, write_directories

SIZE = (80, 60)
DATA = chequered(SIZE, 20).tobytes()
STRIPS, LENGTHS, LONG, SIGNED, FRACTION = 273, 279, 4, 9, 11


def said() -> Tags:
    """A picture in one strip that is as it should be."""
    return one_strip(SIZE, 39_425_000.0, 3_140_000.0, 2.0)


def stream_of(tmp_path: Path, *directories: Tags) -> io.BytesIO:
    """A file of these directories and the colours of the pattern."""
    return io.BytesIO(write_directories(tmp_path / "a.tif", *directories, data=DATA).read_bytes())


def test_a_strip_is_unpacked_as_it_was(tmp_path: Path) -> None:
    stream = stream_of(tmp_path, said())
    [picture] = read_pictures(stream)
    made, window = Blocks(stream, picture).reduced((0, 0, *SIZE), 1)
    assert (made.tobytes(), window) == (DATA, (0, 0, *SIZE))


@pytest.mark.parametrize("tag", [STRIPS, LENGTHS, 256, 278])
@pytest.mark.parametrize("wrong", [(SIGNED, (-1,)), (FRACTION, (60.5,))])
def test_sizes_places_and_lengths_are_whole_and_not_below_zero(
    tmp_path: Path, tag: int, wrong: tuple[int, tuple[float, ...]]
) -> None:
    stream = stream_of(tmp_path, {**said(), tag: wrong})
    with pytest.raises(BrokenTiffError):
        read_pictures(stream)


def test_colours_of_more_than_sixteen_bits_are_damage(tmp_path: Path) -> None:
    stream = stream_of(tmp_path, {**said(), 320: (LONG, (70_000,) * 4)})
    [picture] = read_pictures(stream)
    with pytest.raises(BrokenTiffError):
        Blocks(stream, picture).reduced((0, 0, *SIZE), 1)


def test_all_tags_of_a_file_share_one_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many: Tags = {**said(), STRIPS: (LONG, (8,) * 60), LENGTHS: (LONG, (1,) * 60)}
    each = sum(len(values) for _, values in many.values())
    monkeypatch.setattr(tiff, "_MOST_VALUES", 2 * each)
    assert len(read_pictures(stream_of(tmp_path, many, many))) == 2
    for directories in ((many, many, many), ({**many, LENGTHS: (LONG, (1,) * (each + 60))}, many)):
        with pytest.raises(BrokenTiffError):
            read_pictures(stream_of(tmp_path, *directories))


def test_what_nobody_asks_for_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff, "_MOST_VALUES", 100)
    [picture] = read_pictures(stream_of(tmp_path, {**said(), 50_000: (LONG, (7,) * 5_000)}))
    assert (picture.size, picture.numbers(50_000)) == (SIZE, ())
