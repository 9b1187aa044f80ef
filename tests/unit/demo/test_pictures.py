"""The sample's pictures: real JPEG files, marked, the same for the same scene, never the same for two plots."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from gengdi_desktop.demo.pictures import Scene, paper, photo
from gengdi_desktop.demo.sample_plots import OUTFLOWS

SCENE = Scene("白圩村 0012", "整改前", date(2023, 7, 25), "0201", "116.270000", "28.370000")


@pytest.mark.parametrize("ground", ["crop", *sorted({outflow.code for outflow in OUTFLOWS})])
def test_every_ground_is_drawn(ground: str) -> None:
    with Image.open(io.BytesIO(photo(replace(SCENE, ground=ground)))) as image:
        assert (image.format, image.size) == ("JPEG", (1000, 750))
        colours = image.getcolors(image.width * image.height)
        assert colours is not None
        assert len(colours) > 100


def test_the_same_scene_has_the_same_bytes_and_another_plot_has_others() -> None:
    assert photo(SCENE) == photo(SCENE)
    assert photo(SCENE) != photo(replace(SCENE, caption="白圩村 0013"))


def test_the_picture_says_when_and_where_and_that_it_is_a_sample() -> None:
    with Image.open(io.BytesIO(photo(SCENE))) as image:
        exif = image.getexif()
        assert exif[0x0132].startswith("2023:07:25")
        assert exif[0x010E] == "SAMPLE"
        assert exif.get_ifd(0x8825)[4] == (116, 16, 12)


def test_a_paper_is_one_upright_page() -> None:
    with Image.open(io.BytesIO(paper("举证说明", ("图斑：白圩村 0012",), date(2023, 8, 1)))) as image:
        assert image.width < image.height
