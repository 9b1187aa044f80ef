"""Drawn photos and scans for the sample: before and after, each with the plot's name and 样例 across it."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from gengdi_desktop.system.resources import resource

MARK = "样例 非实地照片"
_WIDE, _HIGH = 800, 600
_HORIZON = 250
_QUALITY = 70
_SOIL, _GREEN, _DRY, _WATER = (133, 98, 62), (92, 140, 60), (170, 150, 90), (96, 130, 150)
_EXIF_DATE, _EXIF_NOTE, _EXIF_GPS = 0x0132, 0x010E, 0x8825


@dataclass(frozen=True, slots=True)
class Scene:
    """What a drawn photo shows.

    Args:
        caption: The plot as people name it: 白圩村 0012.
        stage: Chinese word of the stage: 整改前, 整改后 …
        taken: The day burnt into the picture, as camera apps do.
        ground: What is on the land: a class after (``0702``, ``0201`` …), or ``crop`` once it is restored.
        longitude: Decimal degrees as text, burnt in and written to the picture's position.
        latitude: Decimal degrees as text.
    """

    caption: str
    stage: str
    taken: date
    ground: str
    longitude: str
    latitude: str


def photo(scene: Scene) -> bytes:
    """A JPEG of 800×600, the same bytes for the same scene."""
    rng = random.Random(f"{scene.caption}{scene.stage}{scene.ground}")
    image = Image.new("RGB", (_WIDE, _HIGH), (188, 212, 228))
    draw = ImageDraw.Draw(image)
    _hills(draw, rng)
    _ground(draw, rng, scene.ground)
    _burn_in(image, scene)
    exif = Image.Exif()
    exif[_EXIF_DATE] = f"{scene.taken:%Y:%m:%d} 09:30:00"
    exif[_EXIF_NOTE] = "SAMPLE"
    exif.get_ifd(_EXIF_GPS).update({1: "N", 2: _sexagesimal(scene.latitude), 3: "E", 4: _sexagesimal(scene.longitude)})
    return _jpeg(image, exif)


def paper(title: str, lines: tuple[str, ...], on: date) -> bytes:
    """A JPEG that looks like the scan of a one-page paper, without any seal, 样例 across it."""
    image = Image.new("RGB", (_HIGH, _WIDE), (250, 249, 245))
    draw = ImageDraw.Draw(image)
    draw.text((_HIGH // 2, 80), title, font=_font(30), fill=(30, 30, 30), anchor="mm")
    for place, line in enumerate(lines):
        draw.text((60, 150 + 40 * place), line, font=_font(20), fill=(40, 40, 40))
    draw.text(
        (_HIGH - 60, _WIDE - 120), f"{on.year}年{on.month}月{on.day}日", font=_font(20), fill=(40, 40, 40), anchor="rm"
    )
    draw.text((_HIGH // 2, _WIDE // 2 + 120), "样例文书", font=_font(90), fill=(232, 206, 200), anchor="mm")
    return _jpeg(image, Image.Exif())


def _hills(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    for shade in (0, 1):
        ridge = [(x, _HORIZON - rng.randint(10, 70 - 30 * shade)) for x in range(0, _WIDE + 80, 80)]
        colour = (120 - 20 * shade, 150 - 15 * shade, 125 - 20 * shade)
        draw.polygon([(0, _HORIZON), *ridge, (_WIDE, _HORIZON)], fill=colour)


def _ground(draw: ImageDraw.ImageDraw, rng: random.Random, ground: str) -> None:
    crop = ground == "crop"
    draw.rectangle((0, _HORIZON, _WIDE, _HIGH), fill=_SOIL if crop or not ground.startswith("11") else _WATER)
    if crop:
        for x in range(-_WIDE, 2 * _WIDE, 46):
            draw.line((_WIDE // 2 + (x - _WIDE // 2) // 4, _HORIZON, x, _HIGH), fill=_GREEN, width=14)
    elif ground.startswith(("02", "03")):
        _trees(draw, rng)
    elif ground.startswith(("05", "06", "07", "09")):
        draw.rectangle((250, 210, 560, 430), fill=(205, 198, 188), outline=(90, 80, 70), width=3)
        draw.polygon([(230, 214), (405, 130), (580, 214)], fill=(150, 70, 55))
        draw.rectangle((380, 320, 440, 430), fill=(90, 70, 55))
    elif ground.startswith("10"):
        draw.polygon([(330, _HORIZON), (420, _HORIZON), (640, _HIGH), (120, _HIGH)], fill=(150, 148, 142))
    elif not ground.startswith("11"):
        for _blade in range(260):
            x, y = rng.randint(0, _WIDE), rng.randint(_HORIZON + 20, _HIGH)
            draw.line((x, y, x + rng.randint(-8, 8), y - rng.randint(14, 40)), fill=_DRY, width=3)


def _trees(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    for row in range(4):
        y = _HORIZON + 50 + 80 * row
        for x in range(rng.randint(10, 50), _WIDE, 110):
            size = 24 + 10 * row
            draw.rectangle((x - 4, y - 6, x + 4, y + 26), fill=(92, 66, 44))
            draw.ellipse((x - size, y - size, x + size, y + size // 2), fill=(60, 104 + rng.randint(-10, 20), 52))


def _burn_in(image: Image.Image, scene: Scene) -> None:
    image.paste(_mark(), mask=_mark())
    draw = ImageDraw.Draw(image)
    text = f"{scene.caption}　{scene.stage}\n{scene.taken.isoformat()}　{scene.longitude}, {scene.latitude}"
    draw.rectangle((0, _HIGH - 90, _WIDE, _HIGH), fill=(24, 30, 27))
    draw.multiline_text((20, _HIGH - 82), text, font=_font(24), fill=(240, 240, 235), spacing=8)


@cache
def _mark() -> Image.Image:
    """The large words across each photo, drawn once: outlined letters take longer than all the rest."""
    layer = Image.new("RGBA", (_WIDE, _HIGH), (0, 0, 0, 0))
    white, red = (255, 255, 255, 255), (150, 40, 30, 255)
    middle = (_WIDE // 2, 190)
    ImageDraw.Draw(layer).text(middle, MARK, font=_font(64), fill=white, stroke_width=2, stroke_fill=red, anchor="mm")
    return layer


def _jpeg(image: Image.Image, exif: Image.Exif) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_QUALITY, exif=exif)
    return stream.getvalue()


def _sexagesimal(degrees: str) -> tuple[int, int, int]:
    """Whole degrees, minutes and seconds: as near as a telephone knows."""
    whole, part = degrees.split(".")
    seconds = int(part) * 3600 // 10 ** len(part)
    return int(whole), seconds // 60, seconds % 60


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource("fonts/GengdiHei.ttf")), size)
