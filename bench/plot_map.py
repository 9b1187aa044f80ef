"""A map of 100,000 outlines: opening and moving it, beside a plain QGraphicsView with a polygon for each."""

from __future__ import annotations

import base64
import math
import os
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.measuring import Stopwatch, measure

PLOTS = 100_000
_SIZE = (1100, 640)
_ACROSS = 400
_STEP = 0.0006
_WEST, _SOUTH = 116.1, 28.2
_FRAME_MS = 16
_MOVES = 60


def write_mapped_ledger(folder: Path) -> None:
    """A ledger whose plots all have crooked outlines of 7 to 24 corners, beside one another."""
    import shapely

    from bench.big_ledger import write_ledger
    from gengdi_desktop.domain.operations import Operation
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.geo.outlines import Outline
    from gengdi_desktop.ledger.queries import plot_ids
    from gengdi_desktop.ledger.service import open_ledger
    from gengdi_desktop.storage.tables import PlotShapeRow
    from gengdi_desktop.system.clock import SystemClock

    write_ledger(folder, PLOTS)
    ledger = open_ledger(folder, SystemClock())
    chance = random.Random(7)  # noqa: S311  # the same shapes each time, no secret
    rows = []
    for number, plot in enumerate(plot_ids(ledger)):
        middle = (_WEST + number % _ACROSS * _STEP, _SOUTH + number // _ACROSS * _STEP)
        turns = [2 * math.pi * at / chance.randrange(7, 25) for at in range(24)]
        turns = [turn for turn in turns if turn < 2 * math.pi]
        far = [chance.uniform(0.25, 0.48) * _STEP for _ in turns]
        ring = [(middle[0] + r * math.cos(t), middle[1] + r * math.sin(t)) for r, t in zip(far, turns, strict=True)]
        one = Outline(shapely.Polygon(ring))
        rows.append((plot, plot, base64.b64encode(one.wkb).decode(), *one.box))
    with ledger.begin(Operation.REISSUE, Actor("张三")) as work:
        work.bulk(PlotShapeRow, ("id", "plot_id", "outline", "west", "south", "east", "north"), rows)
        work.commit()
    ledger.close()


def ours(folder: str) -> tuple[float, Any]:
    """Open the map as the page does; then move and zoom it, and time every paint and every slice of the picture."""
    app = _application()
    from gengdi_desktop.ledger.plot_map import read_plot_map
    from gengdi_desktop.ledger.service import open_ledger
    from gengdi_desktop.system.clock import SystemClock
    from gengdi_desktop.ui.widgets.map_canvas import MapCanvas
    from gengdi_desktop.ui.widgets.map_drawing import MapPicture
    from gengdi_desktop.ui.widgets.map_paths import map_squares

    ledger = open_ledger(Path(folder), SystemClock(), write=False)
    canvas = MapCanvas()
    canvas.resize(*_SIZE)
    canvas.show()
    with Stopwatch() as opening:
        plots = read_plot_map(ledger)
        canvas.show_picture(MapPicture(plots, tuple(map_squares(plots))))
        _finish(app, canvas)
    ledger.close()
    whole = []
    for factor in (12, 3):
        canvas.zoom(factor)
        with Stopwatch() as making:
            _finish(app, canvas)
        whole.append(making.seconds)
    paints, turns, work = [], [], []
    for move in range(_MOVES):
        canvas._look(  # noqa: SLF001  # what a drag asks for, without the pointer
            canvas.view.zoomed(1.02 if move % 2 else 0.99, canvas.rect().center().toPointF())
        )
        began, busy = time.perf_counter(), time.thread_time()
        canvas.repaint()
        paints.append(time.perf_counter() - began)
        work.append(time.thread_time() - busy)
        until = time.perf_counter() + 0.12
        while time.perf_counter() < until:
            began = time.perf_counter()
            app.processEvents()
            turns.append(time.perf_counter() - began)
    return opening.seconds, {
        "paint_ms": max(paints) * 1000,
        "turn_ms": max(turns) * 1000,
        "whole": max(whole),
        "work_ms": max(work) * 1000,
        "usual_ms": sorted(paints)[len(paints) // 2] * 1000,
    }


def graphics_view(folder: str) -> tuple[float, Any]:
    """What one writes first: a polygon item for each plot, and Qt's own view."""
    app = _application()
    import shapely
    from PySide6.QtCore import QPointF, Qt
    from PySide6.QtGui import QBrush, QColor, QPen, QPolygonF
    from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

    with Stopwatch() as opening:
        connection = sqlite3.connect(Path(folder) / "ledger.gengdi")
        packed = [row[0] for row in connection.execute("SELECT outline FROM plot_shape")]
        connection.close()
        scene = QGraphicsScene()
        pen, brush = QPen(QColor("#34661A")), QBrush(QColor("#7DAC57"))
        pen.setCosmetic(True)
        for one in packed:
            ring = shapely.from_wkb(base64.b64decode(one)).exterior.coords
            scene.addPolygon(QPolygonF([QPointF(x * 1e5, -y * 1e5) for x, y in ring]), pen, brush)
        view = QGraphicsView(scene)
        view.resize(*_SIZE)
        view.show()
        view.fitInView(scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
        view.viewport().repaint()
        app.processEvents()
    repaints = []
    for move in range(6):
        view.scale(1.02 if move % 2 else 0.99, 1.02 if move % 2 else 0.99)
        began = time.perf_counter()
        view.viewport().repaint()
        repaints.append(time.perf_counter() - began)
    return opening.seconds, {"paint_ms": max(repaints) * 1000}


def _application() -> Any:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gengdi_desktop.ui.application import dress, make_application
    from gengdi_desktop.ui.theme import LIGHT

    app = make_application()
    dress(app, LIGHT, 1.0)
    return app


def _finish(app: Any, canvas: Any) -> None:
    """Let the events run until the picture in sight is whole."""
    app.processEvents()
    while canvas.busy:
        app.processEvents()


def compare(scratch: Path) -> Comparison:
    """Both, on the same outlines."""
    folder = scratch / "ledger"
    write_mapped_ledger(folder)
    plain = measure("bench.plot_map:graphics_view", folder=str(folder))
    whole = measure("bench.plot_map:ours", folder=str(folder))
    beside = "QGraphicsView"
    return Comparison(
        f"map of {PLOTS} outlines",
        (
            Figure("open, first picture whole", whole.seconds, "s", 0.5, (beside, plain.seconds)),
            Figure(
                "a paint while moving, the longest",
                whole.answer["paint_ms"],
                "ms",
                0.5,
                (beside, plain.answer["paint_ms"]),
            ),
            Figure("a paint while moving, the longest", whole.answer["paint_ms"], "ms", _FRAME_MS),
            Figure("a turn of the window while the picture is made", whole.answer["turn_ms"], "ms", 40),
        ),
        (
            f"usual paint {whole.answer['usual_ms']:.1f} ms",
            f"processor time of the longest paint {whole.answer['work_ms']:.1f} ms",
            f"the picture of a nearer view is whole after {whole.answer['whole']:.2f} s",
            f"memory {whole.own_mb:.0f} MB, {beside} {plain.own_mb:.0f} MB",
        ),
    )
