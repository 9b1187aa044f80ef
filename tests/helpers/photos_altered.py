"""What happens to photos on their way: chat programs, watermark cameras, cut edges, other light, all of it at once."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from gengdi_desktop.system.resources import resource

Change: TypeAlias = Callable[[Image.Image, np.random.Generator], Image.Image]
_LINES = ("2023年8月2日 16:12", "白圩乡白圩村", "经度 116.2757 纬度 28.3712", "方位角 187°", "天气 晴 31℃")


def smaller(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """Made smaller, as for a chat."""
    part = draw.uniform(0.35, 0.8)
    return image.resize((int(image.width * part), int(image.height * part)), Image.Resampling.LANCZOS)


def pressed(image: Image.Image, _: np.random.Generator) -> Image.Image:
    """JPEG of quality 40."""
    return through_jpeg(image, 40)


def cut(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """Up to 5 % cut off each side."""
    return _cut(image, draw.uniform(0.01, 0.05, 4))


def cut_deep(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """Between 7 and 10 % cut off each side."""
    return _cut(image, draw.uniform(0.07, 0.1, 4))


def time_stamp(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """A line of date and time in a corner."""
    image = image.copy()
    size = int(image.height * draw.uniform(0.035, 0.06))
    text = f"2023-0{draw.integers(1, 10)}-1{draw.integers(0, 10)} 1{draw.integers(0, 10)}:{draw.integers(10, 60)}"
    font = ImageFont.truetype(str(resource("fonts/GengdiHei.ttf")), size)
    wide = font.getlength(text)
    left = size // 2 if draw.random() < 0.3 else int(image.width - wide - size // 2)
    top = size // 2 if draw.random() < 0.2 else image.height - 2 * size
    fill = ((255, 200, 40), (255, 255, 255), (255, 70, 40))[draw.integers(0, 3)]
    ImageDraw.Draw(image).text((left, top), text, fill=fill, font=font)
    return image


def watermark(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """The block of lines that a watermark camera burns in, or a strip along the bottom."""
    image = image.convert("RGB")
    size = int(image.height * draw.uniform(0.035, 0.05))
    font = ImageFont.truetype(str(resource("fonts/GengdiHei.ttf")), size)
    veil = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(veil)
    if draw.random() < 0.4:
        top = image.height - int(2.6 * size)
        pen.rectangle((0, top, image.width, image.height), fill=(255, 255, 255, int(draw.integers(150, 256))))
        pen.text((size, top + size // 3), "  ".join(_LINES[:3])[:34], fill=(30, 30, 30, 255), font=font)
    else:
        lines = int(draw.integers(3, 6))
        top = image.height - int((lines + 1) * size * 1.3)
        right = int(max(font.getlength(line) for line in _LINES)) + 2 * size
        pen.rectangle((size // 2, top, right, image.height - size // 2), fill=(20, 60, 160, int(draw.integers(0, 120))))
        for number in range(lines):
            pen.text((size, top + size * (0.5 + 1.3 * number)), _LINES[number], fill=(255, 255, 255, 255), font=font)
    return Image.alpha_composite(image.convert("RGBA"), veil).convert("RGB")


def other_light(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """Brighter or darker, and another contrast and colour."""
    image = ImageEnhance.Brightness(image).enhance(float(draw.uniform(0.8, 1.2)))
    image = ImageEnhance.Contrast(image).enhance(float(draw.uniform(0.85, 1.2)))
    return ImageEnhance.Color(image).enhance(float(draw.uniform(0.7, 1.3)))


def mirrored(image: Image.Image, _: np.random.Generator) -> Image.Image:
    """Left and right exchanged."""
    return ImageOps.mirror(image)


def chat(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """Through a chat program: smaller and pressed."""
    return through_jpeg(smaller(image, draw), int(draw.integers(40, 70)))


def stamped_chat(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """A watermark, then the chat program."""
    return chat(watermark(image, draw), draw)


def everything(image: Image.Image, draw: np.random.Generator) -> Image.Image:
    """Edges cut, other light, a time stamp, smaller and pressed."""
    return chat(time_stamp(other_light(cut(image, draw), draw), draw), draw)


CHANGES: dict[str, Change] = {
    "smaller": smaller,
    "JPEG 40": pressed,
    "5 % cut off each side": cut,
    "10 % cut off each side": cut_deep,
    "time stamp": time_stamp,
    "watermark camera": watermark,
    "other light": other_light,
    "mirrored": mirrored,
    "watermark, smaller, pressed": stamped_chat,
    "cut, light, stamp, smaller, pressed": everything,
}
"""By name, in the order in which results are told."""


def altered(image: Image.Image, number: int) -> tuple[str, Image.Image]:
    """The altered copy of that number: its class goes round, its amount is drawn; always a JPEG in the end."""
    name = list(CHANGES)[number % len(CHANGES)]
    draw = np.random.default_rng([14, number])
    changed = CHANGES[name](image, draw)
    return name, changed if name == "JPEG 40" else through_jpeg(changed, int(draw.integers(70, 93)))


def through_jpeg(image: Image.Image, quality: int) -> Image.Image:
    """The picture after it was saved and opened again."""
    kept = io.BytesIO()
    image.convert("RGB").save(kept, "JPEG", quality=quality)
    return Image.open(io.BytesIO(kept.getvalue())).convert("RGB")


def _cut(image: Image.Image, off: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Image.Image:
    wide, high = image.size
    left, top, right, bottom = off
    return image.crop((int(left * wide), int(top * high), int(wide * (1 - right)), int(high * (1 - bottom))))
