"""Made photos of fields: places with hills, houses and parcels in perspective, on any day, from almost any standpoint.

No picture is taken from anywhere: everything is drawn from seeds, so that a test can ask for the same place before and
after its plot was put right, for a field of the same style elsewhere, and for the same place in other light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

WIDE, HIGH = 480, 360
_SHEET, _FINE = 1024, 16
_NEAR, _FAR = 1.5, 400.0

Grey: TypeAlias = NDArray[np.floating[Any]]
Colour: TypeAlias = tuple[float, float, float]

_SOILS: tuple[Colour, ...] = ((128, 96, 66), (150, 112, 78), (108, 84, 62), (165, 130, 92), (140, 92, 60))
_CROPS: tuple[Colour, ...] = (
    (86, 128, 52),
    (112, 146, 62),
    (64, 104, 50),
    (176, 160, 74),
    (196, 176, 60),
    (92, 116, 84),
)
_WATERS: tuple[Colour, ...] = ((120, 140, 150), (96, 118, 122), (150, 160, 158))
_WALLS: tuple[Colour, ...] = ((210, 206, 198), (186, 120, 96), (172, 170, 166), (226, 214, 180), (150, 98, 84))
_ROOFS: tuple[Colour, ...] = ((96, 98, 104), (140, 70, 58), (70, 110, 160), (120, 118, 112))

BEFORE = ("house", "concrete", "rubble", "pond", "orchard", "weeds", "greenhouse")
"""What can be wrong with a plot."""
AFTER = ("ploughed", "seedlings", "rape", "paddy", "stubble")
"""How a plot looks when it is put right."""


@dataclass(frozen=True, slots=True)
class Place:
    """A standpoint and all that stays there.

    Args:
        seed: Draws everything that the style leaves open.
        style: Draws what alike fields have in common: horizon, furrows, palette, size of parcels.
        near: Whether the camera looks down at the ground, so that no horizon is seen.
        share: How much of the picture's width and depth the plot takes, between 0 and 1.
    """

    seed: int
    style: int
    near: bool = False
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Day:
    """What changes from day to day: light, clouds, the hand that holds the camera.

    Args:
        seed: Draws clouds, light, noise.
        content: What lies on the plot: one of :data:`BEFORE` or :data:`AFTER`.
        moved: How far the camera stands and turns from where it stood first, as a share of the picture.
        turned: By how many degrees it is tilted.
        season: Draws the colours of the other fields; the same season, the same colours.
    """

    seed: int
    content: str
    moved: float = 0.0
    turned: float = 0.0
    season: int = 0


def place(number: int, *, style: int | None = None) -> Place:
    """The place of that number; every fifth is seen from near."""
    draw = np.random.default_rng([7, number])
    own = number if style is None else 1_000_000 + style
    kind = np.random.default_rng([8, own])
    return Place(number, own, near=bool(kind.random() < 0.2), share=float(draw.uniform(0.35, 0.8)))


def photo(where: Place, day: Day) -> Image.Image:
    """The photo of a place on a day, 480×360."""
    picture = _Painter(where, day).paint()
    return _developed(picture, day)


def honest_pair(number: int) -> tuple[Image.Image, Image.Image]:
    """Before and after from the same standpoint: all stays but the plot, the light, the clouds and the hand."""
    where = place(number)
    draw = np.random.default_rng([9, number])
    season = int(draw.integers(0, 3))
    first = Day(int(draw.integers(1 << 30)), str(draw.choice(BEFORE)), season=season)
    second = replace(
        first,
        seed=int(draw.integers(1 << 30)),
        content=str(draw.choice(AFTER)),
        moved=float(draw.uniform(0.0, 0.02)),
        turned=float(draw.uniform(-1, 1)),
        season=season if draw.random() < 0.5 else season + 1,
    )
    return photo(where, first), photo(where, second)


def alike_field(number: int, of: int = 20) -> Image.Image:
    """One of a group of ``of`` fields that share their style and none of their details."""
    draw = np.random.default_rng([10, number])
    where = place(50_000 + number, style=number // of)
    content = AFTER[(number // of) % len(AFTER)]
    return photo(where, Day(int(draw.integers(1 << 30)), content, season=number // of))


def scene(number: int) -> Image.Image:
    """A photo of any place on any day."""
    draw = np.random.default_rng([11, number])
    content = str(draw.choice(BEFORE + AFTER))
    return photo(place(number), Day(int(draw.integers(1 << 30)), content, season=int(draw.integers(0, 4))))


class _Painter:
    """Paints one picture from far to near."""

    def __init__(self, where: Place, day: Day) -> None:
        self.where = where
        self.day = day
        self.style = np.random.default_rng([1, where.style])
        self.fixed = np.random.default_rng([2, where.seed])
        self.fresh = np.random.default_rng([3, day.seed])
        wide = np.arange(WIDE, dtype=np.float32)
        high = np.arange(HIGH, dtype=np.float32)
        self.x, self.y = np.meshgrid(wide, high)
        self.horizon = float(HIGH * (self.style.uniform(-0.5, -0.15) if where.near else self.style.uniform(0.22, 0.5)))
        self.lens = WIDE * 0.8
        self.height = 1.6
        self.canvas = np.zeros((HIGH, WIDE, 3), np.float32)

    def paint(self) -> Image.Image:
        self._sky()
        if not self.where.near:
            self._hills()
        self._ground()
        image = Image.fromarray(np.clip(self.canvas, 0, 255).astype(np.uint8))
        if not self.where.near:
            self._things(image)
        self._plot_things(image)
        return image

    def _sky(self) -> None:
        top = np.array(_shade((110, 150, 205), self.fresh, 25), np.float32)
        low = np.array(_shade((205, 215, 225), self.fresh, 15), np.float32)
        part = np.clip(self.y / max(self.horizon, 1), 0, 1)[..., None]
        self.canvas[:] = top + (low - top) * part
        depth = 1 / np.clip(self.horizon - self.y, 8, None)
        clouds = _noise(self.x * depth * 6, depth * 900, int(self.fresh.integers(1 << 30)), 4)
        amount = np.clip((clouds - self.fresh.uniform(0.3, 0.8)) * self.fresh.uniform(1, 4), 0, 1)[..., None]
        self.canvas += (np.array([238, 238, 240], np.float32) - self.canvas) * amount

    def _hills(self) -> None:
        haze = self.fresh.uniform(0.2, 0.7)
        for layer in range(int(self.fixed.integers(1, 4))):
            rise = HIGH * self.fixed.uniform(0.02, 0.14) / (1 + 0.4 * layer)
            shape = _noise(
                self.x[0] / self.fixed.uniform(60, 260),
                np.full(WIDE, 3.0, np.float32),
                int(self.fixed.integers(1 << 30)),
                4,
            )
            ridge = self.horizon + 2 - rise * (0.2 + 1.3 * shape)
            inside = (self.y > ridge) & (self.y < self.horizon + 3)
            base = np.array(_shade((70, 96, 66), self.fixed, 18), np.float32)
            rough = _noise(self.x / 5, self.y / 4, int(self.fixed.integers(1 << 30)), 3)[..., None]
            far = haze * (0.9 - 0.3 * layer)
            colour = (base * (0.6 + 0.8 * rough)) * (1 - far) + np.array([190, 202, 212], np.float32) * far
            self.canvas[inside] = colour[inside]

    def _ground(self) -> None:
        below = np.clip(self.y - self.horizon, 1.0, None)
        z = np.clip(self.lens * self.height / below, _NEAR * 0.3, _FAR)
        x = (self.x - WIDE / 2) * z / self.lens
        turn = self.style.uniform(-0.6, 0.6)
        u, v = x * math.cos(turn) - z * math.sin(turn), x * math.sin(turn) + z * math.cos(turn)
        land = self._parcels(u, v, z)
        plot = self._plot_mask(x, z)
        land = np.where(plot[..., None], self._content(x, z, u, v), land)
        fade = np.clip(z / _FAR, 0, 1)[..., None] * 0.8
        land = land * (1 - fade) + np.array([176, 186, 186], np.float32) * fade
        ground = self.y > self.horizon
        self.canvas[ground] = land[ground]

    def _parcels(self, u: Grey, v: Grey, z: Grey) -> Grey:
        wide, long = self.style.uniform(4, 14), self.style.uniform(6, 26)
        kinds = self.style.integers(0, 3, 6)
        wobble = _noise(u / 20, v / 20, int(self.fixed.integers(1 << 30)), 2) * 3
        shift_u, shift_v = self.fixed.uniform(0, 50, 2)
        column = np.floor((u + wobble + shift_u) / wide).astype(np.int64)
        row = np.floor((v + wobble + shift_v + column * 3.7) / long).astype(np.int64)
        tag = (column * 73 + row * 151 + self.where.seed * 31) % 97
        palette = np.random.default_rng([4, self.where.style, self.day.season])
        colours = np.array(
            [_shade((_SOILS + _CROPS)[palette.integers(0, 11)], palette, 18) for _ in range(97)], np.float32
        )
        land = colours[tag]
        rows = np.sin((u * (0.9 + 0.2 * (tag % 3)) + 0.6 * wobble) * self.style.uniform(5, 11))
        strength = 0.16 * np.exp(-z / 14) * np.asarray(kinds, np.float32)[tag % 6]
        rough = _noise(u * 2.2, v * 2.2, int(self.fixed.integers(1 << 30)), 4) - 0.5
        patch = _noise(u / 3, v / 3, int(self.fixed.integers(1 << 30)), 2) - 0.5
        light = 1 + strength * rows + 0.5 * rough * np.exp(-z / 60) + 0.35 * patch
        edge_u = np.abs((u + wobble + shift_u) / wide - column - 0.5) > 0.5 - 0.25 / wide
        edge_v = np.abs((v + wobble + shift_v + column * 3.7) / long - row - 0.5) > 0.5 - 0.25 / long
        bund = np.array(_shade((92, 108, 60), self.fixed, 14), np.float32)
        land = np.where((edge_u | edge_v)[..., None], bund, land)
        shown: Grey = land * light[..., None].astype(np.float32)
        return shown

    def _plot_mask(self, x: Grey, z: Grey) -> NDArray[np.bool_]:
        share = self.where.share
        self.left = float(self.fixed.uniform(-1.2, 0.4))
        near, deep, across = float(self.fixed.uniform(2.0, 4.5)), 1 + 5 * share, share * 2.6
        if self.where.near:  # looking down, the ground in sight begins at 1.3 m and ends some metres on
            near, deep, across = 1.0, 1 + 3 * share, 0.6 + 2.2 * share
        deep *= near
        self.plot = (self.left * near, (self.left + across) * near, near, deep)
        slant = self.fixed.uniform(-0.15, 0.15)
        moved = x + slant * (z - near)
        inside: NDArray[np.bool_] = (
            (moved > self.plot[0] * 1.2) & (moved < self.plot[1] * 1.2) & (z > near) & (z < deep)
        )
        return inside

    def _content(self, x: Grey, z: Grey, u: Grey, v: Grey) -> Grey:
        own = np.random.default_rng([5, self.where.seed, sum(map(ord, self.day.content))])
        manner = np.random.default_rng([6, self.where.style, sum(map(ord, self.day.content))])
        base = {
            "ploughed": _SOILS, "stubble": ((186, 164, 104),), "seedlings": _SOILS, "rape": ((206, 188, 48),),
            "paddy": _WATERS, "pond": _WATERS, "concrete": ((178, 176, 170),), "rubble": ((150, 140, 130),),
            "weeds": _CROPS, "orchard": ((96, 120, 62),), "house": ((168, 160, 146),), "greenhouse": ((150, 150, 130),),
        }[self.day.content]  # fmt: skip
        colour = np.array(_shade(base[int(manner.integers(0, len(base)))], manner, 10), np.float32)
        first = int(own.integers(1 << 30))
        wobble = _noise(u / 2.5, v / 2.5, first + 3, 2)
        rough = _noise(u * 4, v * 4, first, 4) - 0.5
        patch = _noise(u / 1.5, v / 1.5, first + 1, 3) - 0.5
        light = 1 + 0.7 * rough * np.exp(-z / 30) + 0.5 * patch
        if self.day.content in {"ploughed", "stubble", "seedlings", "paddy"}:
            angle, period = manner.uniform(-1.2, 1.2), manner.uniform(0.25, 0.6)
            across = x * math.cos(angle) + z * math.sin(angle) + 0.25 * wobble
            rows = np.sin(across * 2 * math.pi / period + own.uniform(0, 6))
            fine = np.exp(-z / (30 * period))
            if self.day.content == "seedlings":
                spots = (rows > 0.3) & (_noise(u * 7, v * 7, first + 2, 2) > 0.45)
                green = np.array([70, 120, 46], np.float32)
                plants: Grey = np.where(spots[..., None], green, colour) * light[..., None]
                return plants
            light = light + 0.35 * rows * fine
        if self.day.content in {"rubble", "weeds", "rape"}:
            light = light + 0.9 * (_noise(u * 8, v * 8, first + 2, 3) - 0.5)
        shown: Grey = colour * light[..., None].astype(np.float32)
        return shown

    def _things(self, image: Image.Image) -> None:
        draw = ImageDraw.Draw(image)
        for _ in range(int(self.fixed.integers(2, 7))):
            z = float(self.fixed.uniform(30, 90))
            x = float(self.fixed.uniform(-0.6, 0.6)) * z
            self._house(draw, x, z, self.fixed, float(self.fixed.uniform(3.5, 9)))
        for _ in range(int(self.fixed.integers(4, 26))):
            z = float(self.fixed.uniform(14, 80))
            self._tree(draw, float(self.fixed.uniform(-0.65, 0.65)) * z, z, self.fixed, float(self.fixed.uniform(2, 7)))
        if self.fixed.random() < 0.5:
            for z in (16.0, 26.0, 40.0, 70.0):
                x, y = self._project(self.fixed.uniform(-3, 3) + 4, z)
                top = self._project(0, z, 7.5)[1]
                draw.line((x, y, x, top), fill=(96, 94, 90), width=max(1, int(60 / z)))

    def _plot_things(self, image: Image.Image) -> None:
        draw = ImageDraw.Draw(image)
        own = np.random.default_rng([5, self.where.seed, 77])
        left, right, near, deep = self.plot
        middle, far = (left + right) / 2, near + (deep - near) * 0.7
        if self.day.content == "house" and not self.where.near:
            self._house(draw, middle, far, own, min(right - left, 6))
        elif self.day.content == "greenhouse" and not self.where.near:
            for z in np.linspace(deep, near * 1.4, 4):
                self._arch(draw, left, right, float(z))
        elif self.day.content == "orchard" and not self.where.near:
            for z in np.linspace(deep, near * 1.2, 4):
                for x in np.linspace(left, right, 6):
                    self._tree(draw, float(x + own.uniform(-0.2, 0.2)), float(z), own, min(1.4, 0.5 * near))
        elif self.day.content == "rubble":
            for _ in range(60):
                z = float(own.uniform(near, deep))
                x, y = self._project(float(own.uniform(left, right)), z)
                size = own.uniform(0.05, 0.35) * self.lens / z
                spots = [(x + size * own.uniform(-1, 1), y + size * own.uniform(-0.7, 0.4)) for _ in range(5)]
                draw.polygon(spots, fill=_ints(_shade((150, 140, 132), own, 40)))

    def _project(self, x: float, z: float, up: float = 0.0) -> tuple[float, float]:
        return WIDE / 2 + x * self.lens / z, self.horizon + (self.height - up) * self.lens / z

    def _house(self, draw: ImageDraw.ImageDraw, x: float, z: float, own: np.random.Generator, wide: float) -> None:
        wall, roof = _WALLS[own.integers(0, 5)], _ROOFS[own.integers(0, 4)]
        up = float(own.uniform(2.8, 8))
        left, base = self._project(x - wide / 2, z)
        right, top = self._project(x + wide / 2, z, up)
        side = (right - left) * own.uniform(0.15, 0.4)
        draw.rectangle((left, top, right, base), fill=_ints(_shade(wall, own, 10)))
        draw.rectangle((right, top, right + side, base), fill=_ints(tuple(part * 0.75 for part in wall)))
        peak = top - (base - top) * own.uniform(0.05, 0.4)
        draw.polygon(
            [(left - 2, top), (right + side + 2, top), (right, peak), (left + side / 2, peak)], fill=_ints(roof)
        )
        for level in range(max(1, int(up / 3))):
            for at in np.arange(left + 4, right - 4, max(6.0, (right - left) / 5)):
                low = base - (base - top) * (level + 0.35) / max(1, int(up / 3))
                size = (right - left) / 14
                draw.rectangle((at, low - size * 1.4, at + size, low), fill=(60, 66, 72))

    def _tree(self, draw: ImageDraw.ImageDraw, x: float, z: float, own: np.random.Generator, high: float) -> None:
        foot = self._project(x, z)
        size = high * self.lens / z / 2
        draw.line((*foot, foot[0], foot[1] - size), fill=(84, 70, 54), width=max(1, int(size / 8)))
        green = _shade((62, 92, 48), own, 22)
        for _ in range(14):
            cx, cy = foot[0] + own.normal(0, size * 0.3), foot[1] - size * 1.3 + own.normal(0, size * 0.35)
            r = size * own.uniform(0.15, 0.4)
            draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=_ints(_shade(green, own, 16)))

    def _arch(self, draw: ImageDraw.ImageDraw, left: float, right: float, z: float) -> None:
        x0, base = self._project(left, z)
        x1, top = self._project(right, z, 1.5)
        draw.pieslice((x0, top, x1, base + (base - top)), 180, 360, fill=(206, 212, 214), outline=(150, 156, 160))


def _developed(image: Image.Image, day: Day) -> Image.Image:
    """What the hand, the lens, the light and the sensor make of it."""
    draw = np.random.default_rng([12, day.seed])
    if day.moved or day.turned:
        image = _seen_from(image, day, draw)
    image = image.filter(ImageFilter.GaussianBlur(float(draw.uniform(0.4, 1.3))))
    pixels: Grey = np.asarray(image, np.float32)
    gamma, gain = draw.uniform(0.85, 1.2), draw.uniform(0.85, 1.12)
    warm = np.array([draw.uniform(0.95, 1.06), 1, draw.uniform(0.92, 1.06)], np.float32)
    pixels = 255 * np.power(np.clip(pixels / 255, 0, 1), gamma) * gain * warm
    across = np.linspace(-1, 1, WIDE, dtype=np.float32)[None, :, None] * draw.uniform(-0.12, 0.12)
    pixels = pixels * (1 + across) + draw.normal(0, draw.uniform(2, 7), pixels.shape).astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _seen_from(image: Image.Image, day: Day, draw: np.random.Generator) -> Image.Image:
    way = draw.uniform(0, 2 * math.pi)
    dx, dy = day.moved * WIDE * math.cos(way), day.moved * HIGH * math.sin(way)
    zoom = 1 / (1.035 + draw.uniform(0, day.moved))
    turn = math.radians(day.turned)
    a, b = zoom * math.cos(turn), zoom * math.sin(turn)
    cx, cy = WIDE / 2, HIGH / 2
    matrix = (a, -b, cx + dx - a * cx + b * cy, b, a, cy + dy - b * cx - a * cy)
    return image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def _noise(x: Grey, y: Grey, seed: int, octaves: int) -> Grey:
    """Smooth noise between 0 and 1 over any coordinates: another corner of a sheet of noise for each seed."""
    draw = np.random.default_rng(seed)
    sheet = _sheet(octaves, int(draw.integers(4)))
    turn, dx, dy = draw.uniform(0, 2 * math.pi), draw.uniform(0, _SHEET), draw.uniform(0, _SHEET)
    a, b = np.float32(math.cos(turn) * _FINE), np.float32(math.sin(turn) * _FINE)
    px, py = a * x - b * y + np.float32(dx), b * x + a * y + np.float32(dy)
    whole_x, whole_y = np.floor(px), np.floor(py)
    fx, fy = px - whole_x, py - whole_y
    ix, iy = whole_x.astype(np.int32) & (_SHEET - 1), whole_y.astype(np.int32) & (_SHEET - 1)
    jx, jy = (ix + 1) & (_SHEET - 1), ((iy + 1) & (_SHEET - 1)) * _SHEET
    iy = iy * _SHEET
    upper = sheet.take(iy + ix) * (1 - fx) + sheet.take(iy + jx) * fx
    lower = sheet.take(jy + ix) * (1 - fx) + sheet.take(jy + jx) * fx
    shown: Grey = upper * (1 - fy) + lower * fy
    return shown


@cache
def _sheet(octaves: int, number: int) -> Grey:
    """A sheet of noise that can be laid side by side; one unit of noise is :data:`_FINE` of its points wide."""
    draw = np.random.default_rng([13, octaves, number])
    total, weight, amount = np.zeros((_SHEET, _SHEET)), 0.0, 1.0
    for octave in range(octaves):
        step = _FINE >> octave
        table = draw.random((_SHEET // step, _SHEET // step), np.float32)
        part = np.arange(step, dtype=np.float32) / step
        part = np.tile(part * part * (3 - 2 * part), _SHEET // step)
        first = np.repeat(table, step, axis=0)
        second = np.repeat(np.roll(table, -1, axis=0), step, axis=0)
        tall = first + (second - first) * part[:, None]
        left, right = np.repeat(tall, step, axis=1), np.repeat(np.roll(tall, -1, axis=1), step, axis=1)
        total += amount * (left + (right - left) * part)
        weight, amount = weight + amount, amount * 0.55
    return (total / weight).astype(np.float32).ravel()


def _shade(colour: Colour, draw: np.random.Generator, by: float) -> Colour:
    common = draw.uniform(-by, by)
    red, green, blue = (min(255.0, max(0.0, part + common + draw.uniform(-by / 3, by / 3))) for part in colour)
    return red, green, blue


def _ints(colour: Colour | tuple[float, ...]) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in colour)
    return red, green, blue
