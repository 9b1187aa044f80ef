"""Scenes of the map: plots without a place yet, all plots, one close by, and both over a raster of the office's own."""

from __future__ import annotations

import base64
import math
import random
from collections.abc import Callable
from pathlib import Path

import shapely
from PIL import Image, ImageDraw
from pyproj import Transformer

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
from gengdi_desktop.storage.tables import PlotShapeRow
from gengdi_desktop.ui.pages.map_page import MapPage
from tests.gui.window_stage import Stage
from tests.helpers.rasters_made import ZONE_39, geo_keys, write_geotiff

Bring = Callable[[Stage, Path], None]
WEST, SOUTH, STEP = 116.351, 28.366, 0.0011
_COLUMNS = 12


def give_outlines(stage: Stage) -> list[str]:
    """Give every plot an outline, twelve in a row; returns the plots in that order."""
    ledger = stage.context.ledger
    plots = plot_ids(ledger, PlotQuery())
    chance = random.Random(4)
    with ledger.begin(Operation.REISSUE, Actor("吴小琴")) as work:
        for number, plot in enumerate(plots):
            if work.session.get(PlotShapeRow, plot) is None:
                one = Outline(shapely.Polygon(_ring(chance, number)))
                packed = base64.b64encode(one.wkb).decode()
                work.session.add(PlotShapeRow(id=plot, plot_id=plot, outline=packed, **one.box._asdict()))
        work.commit()
    return plots


def _ring(chance: random.Random, number: int) -> list[tuple[float, float]]:
    """A crooked field."""
    middle = (WEST + number % _COLUMNS * STEP, SOUTH + number // _COLUMNS * STEP * 0.9)
    corners, size = chance.randrange(5, 12), chance.uniform(0.25, 0.48) * STEP
    turns = [2 * math.pi * at / corners for at in range(corners)]
    far = [size * chance.uniform(0.6, 1.1) for _ in turns]
    return [
        (middle[0] + r * math.cos(at), middle[1] + r * math.sin(at) * 0.9) for r, at in zip(far, turns, strict=True)
    ]


def map_page(stage: Stage) -> MapPage:
    """The map of an open window."""
    page = stage.window.page
    assert isinstance(page, MapPage)
    return page


def write_ground(path: Path) -> Path:
    """A picture of fields around the outlines, in zone 39 of CGCS2000, its edge in sight."""
    to_zone = Transformer.from_crs(4490, ZONE_39, always_xy=True)
    west, north = to_zone.transform(WEST - 0.002, SOUTH + 0.0105)
    image = Image.new("RGB", (1500, 1300), "#8a9a5b")
    draw, chance = ImageDraw.Draw(image), random.Random(9)
    for _ in range(700):
        x, y = chance.randrange(1500), chance.randrange(1300)
        wide, high = chance.randrange(30, 140), chance.randrange(20, 90)
        colour = (chance.randrange(90, 170), chance.randrange(110, 170), chance.randrange(60, 110))
        draw.polygon([(x, y), (x + wide, y + 8), (x + wide - 6, y + high), (x - 8, y + high - 10)], fill=colour)
    draw.line([(0, 700), (600, 640), (1100, 760), (1500, 700)], fill="#c9c2b0", width=9)
    return write_geotiff(path, image, west, north, 1.0, geo_keys(ZONE_39), packed="jpeg")


def rest(stage: Stage) -> None:
    """Let the picture of the map become whole."""
    stage.settle()
    while map_page(stage).canvas.busy:
        stage.turn()
    stage.settle()


def lay_ground(stage: Stage, folder: Path) -> None:
    """Choose the raster by the button of the page."""
    path = folder / "正射影像2023.tif"
    stage.prompts.answers = [path if path.exists() else write_ground(path)]
    map_page(stage).grounds.choose_button.click()
    rest(stage)


def map_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """The map's scenes; they leave outlines in the ledger."""

    def nowhere(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("map", {})

    def whole(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        give_outlines(stage)
        stage.go("map", {})
        map_page(stage).canvas.fit()
        rest(stage)

    def close_by(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        plots = give_outlines(stage)
        stage.go("map", {"plot": plots[17]})
        rest(stage)

    def over_raster(stage: Stage, desk: Path) -> None:
        whole(stage, desk)
        lay_ground(stage, desk.parent)

    def close_over_raster(stage: Stage, desk: Path) -> None:
        close_by(stage, desk)
        lay_ground(stage, desk.parent)

    def without(stage: Stage, desk: Path) -> None:
        close_over_raster(stage, desk)
        map_page(stage).grounds.forget()
        rest(stage)

    return (
        ("map-nowhere", nowhere),
        ("map", whole),
        ("map-close", close_by),
        ("map-raster", over_raster),
        ("map-raster-close", close_over_raster),
        ("map-raster-gone", without),
    )
