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
"""The measures in which pictures are drawn; they are written larger."""
_SIZE = (1000, 750)
_QUICK = (854, 640)
_HORIZONS = range(190, 300)
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
    """A JPEG of 1000×750, the same bytes for the same scene, another view for each plot."""
    view = _view(random.Random(scene.caption))
    rng = random.Random(f"{scene.caption}{scene.stage}{scene.ground}")
    image = Image.new("RGB", (_WIDE, _HIGH), view.sky)
    draw = ImageDraw.Draw(image)
    _hills(draw, view)
    _ground(draw, rng, scene.ground, view)
    for x, y, size in view.stones:
        draw.ellipse((x, y, x + size, y + size // 2), fill=(150, 146, 138))
    image = image.resize(_SIZE, Image.Resampling.BILINEAR)
    _burn_in(image, scene)
    return _jpeg(image, _exif(scene))


def quick_photo(scene: Scene) -> bytes:
    """A JPEG of 854×640 that says the same and shows less, for where thousands are needed: in a third of the time."""
    rng = random.Random(f"{scene.caption}{scene.stage}{scene.ground}")
    wide, high = _QUICK
    image = Image.new("RGB", _QUICK, (rng.randint(165, 205), rng.randint(200, 222), rng.randint(220, 240)))
    draw = ImageDraw.Draw(image)
    horizon = rng.randint(110, 190)
    ridge = [(x, horizon - rng.randint(4, 60)) for x in range(0, wide + 64, 64)]
    draw.polygon([(0, high), *ridge, (wide, high)], fill=(110, 140, 116))
    draw.rectangle((0, horizon, wide, high), fill=_GREEN if scene.ground == "crop" else _SOIL)
    meeting, spacing = rng.randint(wide // 6, wide * 5 // 6), rng.randint(90, 170)
    for x in range(-wide, 2 * wide, spacing):
        draw.line((meeting, horizon, x, high), fill=_DRY, width=2)
    for _stone in range(6):
        x, y, size = rng.randint(0, wide), rng.randint(horizon, high - 70), rng.randint(10, 60)
        draw.ellipse((x, y, x + size, y + size // 2), fill=(150, 146, 138))
    draw.rectangle((0, high - 32, wide, high), fill=(24, 30, 27))
    text = f"{scene.caption}　{scene.stage}　{scene.taken:%Y%m%d}　{MARK}"
    draw.text((12, high - 28), text, font=_font(18), fill=(240, 240, 235))
    return _jpeg(image, _exif(scene))


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


@dataclass(frozen=True, slots=True)
class _View:
    """What a plot's surroundings look like, before as after: sky, hills, where furrows meet, stones in front."""

    sky: tuple[int, int, int]
    horizon: int
    ridges: tuple[tuple[int, ...], ...]
    meeting: int
    spacing: int
    stones: tuple[tuple[int, int, int], ...]


def _view(rng: random.Random) -> _View:
    horizon = rng.choice(_HORIZONS)
    steps = len(range(0, _WIDE + 80, 80))
    return _View(
        sky=(rng.randint(165, 205), rng.randint(200, 222), rng.randint(220, 240)),
        horizon=horizon,
        ridges=tuple(tuple(horizon - rng.randint(8, 90 - 40 * shade) for _ in range(steps)) for shade in (0, 1)),
        meeting=rng.randint(_WIDE // 6, _WIDE * 5 // 6),
        spacing=rng.randint(34, 70),
        stones=tuple((rng.randint(0, _WIDE), rng.randint(440, 500), rng.randint(20, 90)) for _ in range(5)),
    )


def _hills(draw: ImageDraw.ImageDraw, view: _View) -> None:
    for shade, heights in enumerate(view.ridges):
        ridge = list(zip(range(0, _WIDE + 80, 80), heights, strict=True))
        colour = (120 - 20 * shade, 150 - 15 * shade, 125 - 20 * shade)
        draw.polygon([(0, view.horizon), *ridge, (_WIDE, view.horizon)], fill=colour)


def _ground(draw: ImageDraw.ImageDraw, rng: random.Random, ground: str, view: _View) -> None:
    crop, horizon = ground == "crop", view.horizon
    draw.rectangle((0, horizon, _WIDE, _HIGH), fill=_SOIL if crop or not ground.startswith("11") else _WATER)
    if crop:
        for x in range(-_WIDE, 2 * _WIDE, view.spacing):
            draw.line((view.meeting + (x - view.meeting) // 4, horizon, x, _HIGH), fill=_GREEN, width=view.spacing // 3)
    elif ground.startswith(("02", "03")):
        _trees(draw, rng, horizon)
    elif ground.startswith(("05", "06", "07", "09")):
        draw.rectangle((250, 210, 560, 430), fill=(205, 198, 188), outline=(90, 80, 70), width=3)
        draw.polygon([(230, 214), (405, 130), (580, 214)], fill=(150, 70, 55))
        draw.rectangle((380, 320, 440, 430), fill=(90, 70, 55))
    elif ground.startswith("10"):
        left = view.meeting
        draw.polygon([(left, horizon), (left + 90, horizon), (640, _HIGH), (120, _HIGH)], fill=(150, 148, 142))
    elif not ground.startswith("11"):
        for _blade in range(260):
            x, y = rng.randint(0, _WIDE), rng.randint(horizon + 20, _HIGH)
            draw.line((x, y, x + rng.randint(-8, 8), y - rng.randint(14, 40)), fill=_DRY, width=3)


def _trees(draw: ImageDraw.ImageDraw, rng: random.Random, horizon: int) -> None:
    for row in range(4):
        y = horizon + 50 + 80 * row
        for x in range(rng.randint(10, 50), _WIDE, 110):
            size = 24 + 10 * row
            draw.rectangle((x - 4, y - 6, x + 4, y + 26), fill=(92, 66, 44))
            draw.ellipse((x - size, y - size, x + size, y + size // 2), fill=(60, 104 + rng.randint(-10, 20), 52))


def _burn_in(image: Image.Image, scene: Scene) -> None:
    image.paste(_mark(), mask=_mark())
    draw = ImageDraw.Draw(image)
    text = f"{scene.caption}　{scene.stage}\n{scene.taken.isoformat()}　{scene.longitude}, {scene.latitude}"
    wide, high = image.size
    draw.rectangle((0, high - 90, wide, high), fill=(24, 30, 27))
    draw.multiline_text((20, high - 82), text, font=_font(24), fill=(240, 240, 235), spacing=8)


@cache
def _mark() -> Image.Image:
    """The large words across each photo, drawn once: outlined letters take longer than all the rest."""
    layer = Image.new("RGBA", _SIZE, (0, 0, 0, 0))
    white, red = (255, 255, 255, 255), (150, 40, 30, 255)
    middle = (_SIZE[0] // 2, 150)
    ImageDraw.Draw(layer).text(middle, MARK, font=_font(64), fill=white, stroke_width=2, stroke_fill=red, anchor="mm")
    return layer


def _exif(scene: Scene) -> Image.Exif:
    """Day and place as a telephone writes them, and that it is a sample."""
    exif = Image.Exif()
    exif[_EXIF_DATE] = f"{scene.taken:%Y:%m:%d} 09:30:00"
    exif[_EXIF_NOTE] = "SAMPLE"
    exif.get_ifd(_EXIF_GPS).update({1: "N", 2: _sexagesimal(scene.latitude), 3: "E", 4: _sexagesimal(scene.longitude)})
    return exif


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
