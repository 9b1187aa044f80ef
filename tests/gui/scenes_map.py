"""Scenes of the map: a ledger whose plots have no place yet, all plots, one of them close by with its photo."""

from __future__ import annotations

import base64
import math
import random
from collections.abc import Callable
from pathlib import Path

import shapely

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
from gengdi_desktop.storage.tables import PlotShapeRow
from gengdi_desktop.ui.pages.map_page import MapPage
from tests.gui.window_stage import Stage

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
        stage.settle()

    def close_by(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        plots = give_outlines(stage)
        stage.go("map", {"plot": plots[17]})
        stage.settle()

    return (("map-nowhere", nowhere), ("map", whole), ("map-close", close_by))
