"""The map: what lies where, worked by mouse and keyboard; no paint depends on how much there is."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QPainterPath, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gengdi_desktop.domain.states import State
from gengdi_desktop.geo import rasters
from gengdi_desktop.geo.numbers import Point
from gengdi_desktop.ledger.plot_map import STATES, PlotMap
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.state_marks import TONE_OF
from gengdi_desktop.ui.widgets.map_canvas import MapCanvas
from gengdi_desktop.ui.widgets.map_drawing import MapPicture
from gengdi_desktop.ui.widgets.map_paths import map_squares, path_of
from gengdi_desktop.ui.widgets.map_view import MapView
from tests.gui.scenes_map import give_outlines, lay_ground, map_page, rest
from tests.gui.test_ledger_page import page_of
from tests.gui.window_stage import Stage
from tests.helpers.rasters_made import chequered, geo_keys, write_geotiff

NONE = Qt.KeyboardModifier.NoModifier


def grid(columns: int, rows: int, side: float = 60.0, step: float = 100.0) -> PlotMap:
    """Square plots in rows, their states in turn."""
    count = columns * rows
    west = np.array([at % columns * step for at in range(count)])
    south = np.array([at // columns * step for at in range(count)])
    boxes = np.stack((west, south, west + side, south + side), axis=1)
    turns = ((0, 1), (2, 1), (2, 3), (0, 3), (0, 1))
    corners = np.stack([boxes[:, turn] for turn in turns], axis=1).reshape(-1, 2)
    return PlotMap(
        ids=[f"{at:032x}" for at in range(count)],
        names=[("白圩村", f"{at:04d}") for at in range(count)],
        states=np.array([at % len(STATES) for at in range(count)], dtype=np.int8),
        middles=(boxes[:, :2] + boxes[:, 2:]) / 2,
        boxes=boxes,
        corners=corners,
        ring_ends=np.arange(1, count + 1) * len(turns),
        ring_plots=np.arange(count),
        origin=Point(116_200_000_000, 28_370_000_000),
        photos=[],
        photo_places=np.zeros((0, 2)),
        photo_directions=np.zeros(0, dtype=np.int64),
    )


def pixel(page_canvas: MapCanvas, east: float, north: float) -> QPoint:
    """Where a place of the map is on the canvas."""
    return page_canvas.view.transform.map(QPointF(east, north)).toPoint()


def test_paths_made_of_bytes_are_those_that_qt_would_draw() -> None:
    plots = grid(5, 4)
    squares = map_squares(plots)
    drawn = [path for square in squares for _tone, path in square.paths]
    assert sum(path.elementCount() for path in drawn) == len(plots.corners)
    by_hand = {tone: QPainterPath() for tone in theme.TONES}
    for at in range(len(plots.ids)):
        path = by_hand[TONE_OF[STATES[plots.states[at]]]]
        first, *others = plots.rings(at)[0].tolist()
        path.moveTo(*first)
        for corner in others:
            path.lineTo(*corner)
    for tone in {TONE_OF[state] for state in STATES}:
        path = by_hand[tone]
        made = [one for square in squares for its, one in square.paths if its == tone]
        box = made[0].controlPointRect()
        for one in made:
            box = box.united(one.controlPointRect())
        assert box == path.controlPointRect()
        for at in range(len(plots.ids)):
            middle = QPointF(*plots.middles[at].tolist())
            assert any(one.contains(middle) for one in made) == path.contains(middle)


def test_a_path_without_corners_is_empty() -> None:
    elements = np.zeros(0, dtype=[("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
    assert path_of(elements).isEmpty()


@pytest.mark.parametrize("factor", [2.0, 0.3])
def test_what_is_under_the_pointer_stays_there_when_one_zooms(factor: float) -> None:
    view = MapView(500.0, -200.0, 3.0, QSizeF(800, 600))
    at = QPointF(130, 470)
    before, after = view.place(at), view.zoomed(factor, at).place(at)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))


def test_everything_fits_with_north_up() -> None:
    view = MapView(0, 0, 1, QSizeF(400, 300)).fitted((-1000.0, -100.0, 3000.0, 700.0))
    for east, north in ((-1000, -100), (3000, 700)):
        at = view.transform.map(QPointF(east, north))
        assert 0 < at.x() < 400
        assert 0 < at.y() < 300
    assert view.transform.map(QPointF(0, 700)).y() < view.transform.map(QPointF(0, 0)).y()


def test_outlines_are_painted_in_the_tone_of_their_state(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    plots = give_outlines(window)
    window.go("map", {})
    page = map_page(window)
    window.settle()
    assert not page.canvas.busy
    shown = page.canvas.grab().toImage()
    picture = page._picture
    assert picture is not None
    assert list(picture.plots.ids) == plots
    ratio = shown.devicePixelRatio()
    for at in (0, 40, 90):
        corners = picture.plots.rings(at)[0]
        inner = (corners[0] * 0.35 + picture.plots.middles[at] * 0.65).tolist()
        on = page.canvas.view.transform.map(QPointF(*inner)) * ratio
        tone = TONE_OF[tuple(State)[picture.plots.states[at]]]
        assert shown.pixelColor(on.toPoint()).name() == theme.color(theme.soft(tone)).name()


def test_a_click_chooses_enter_opens_and_the_way_back_leads_to_the_map(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    plots = give_outlines(window)
    window.go("map", {})
    page = map_page(window)
    window.settle()
    assert page._picture is not None
    middle = page._picture.plots.middles[30].tolist()
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, NONE, pixel(page.canvas, *middle))
    window.settle()
    assert page.canvas.current == 30
    assert "选中" in page.canvas.accessibleName()
    QTest.keyClick(page.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    assert page.canvas.current == 31
    QTest.keyClick(page.canvas, Qt.Key.Key_Return)
    window.settle()
    assert window.context.trail.plot == plots[31]
    assert window.context.trail.back == "map"
    window.go("map", {})
    window.settle()
    assert page.canvas.current == 31


def test_wheel_drag_and_keys_move_the_view(window: Stage) -> None:
    give_outlines(window)
    window.go("map", {})
    canvas = map_page(window).canvas
    window.settle()
    start = canvas.view
    at = QPointF(200, 150)
    kept = start.place(at)
    wheel = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(wheel)
    assert canvas.view.metres < start.metres
    assert canvas.view.place(at).x() == pytest.approx(kept.x(), abs=0.01)
    before = canvas.view
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(300, 200))
    QTest.mouseMove(canvas, QPoint(360, 200))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(360, 200))
    assert canvas.view.east == pytest.approx(before.east - 60 * before.metres, abs=2 * before.metres)
    assert canvas.current == -1, "a drag chooses nothing"
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.view.metres == pytest.approx(start.metres)
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.metres < start.metres


def test_the_map_of_a_filter_shows_only_its_plots_and_leads_back_to_all(window: Stage) -> None:
    give_outlines(window)
    ledger = page_of(window, village="前罗村")
    plots = list(ledger.model.plots)
    ledger._open_map(0)
    window.settle()
    page = map_page(window)
    assert page._picture is not None
    assert list(page._picture.plots.ids) == plots
    assert page.canvas.current == 0
    page._every.click()
    window.settle()
    assert len(page._picture.plots.ids) > len(plots)


def test_a_ledger_without_places_says_what_brings_them(window: Stage) -> None:
    window.go("map", {})
    assert map_page(window)._stack.currentIndex() == 1


def test_a_raster_lies_behind_the_plots_and_stays_with_the_ledger(window: Stage, tmp_path: Path) -> None:
    give_outlines(window)
    window.go("map", {})
    rest(window)
    page = map_page(window)
    before = page.canvas.grab().toImage()
    lay_ground(window, tmp_path)
    after = page.canvas.grab().toImage()
    ratio = after.devicePixelRatio()
    between = (page.canvas.view.transform.map(QPointF(*_between_plots(page._picture))) * ratio).toPoint()
    assert before.pixelColor(between).name() == theme.color("page").name()
    seen = after.pixelColor(between)
    assert seen.green() > seen.blue() + 15, "a field, not the page"
    assert window.context.preferences.ground(window.context.facts.ledger_id) == tmp_path / "正射影像2023.tif"
    assert page.grounds.none_button.isVisible()
    page.grounds.none_button.click()
    rest(window)
    assert page.canvas.grab().toImage().pixelColor(between).name() == theme.color("page").name()
    assert window.context.preferences.ground(window.context.facts.ledger_id) is None
    assert not page.grounds.none_button.isVisible()


def test_a_raster_is_read_anew_where_one_looks_closer(
    window: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasters, "MOST_PIXELS", 60_000)
    give_outlines(window)
    window.go("map", {})
    lay_ground(window, tmp_path)
    page = map_page(window)
    rough = page.grounds._whole
    assert rough is not None
    assert rough.finer
    page.canvas.zoom(8)
    rest(window)
    close = page.grounds._close
    picture = page._picture
    assert close is not None
    assert picture is not None
    assert close.ground.metres_of_pixel(picture.plots) < rough.ground.metres_of_pixel(picture.plots) / 2
    assert close.ground.metres_of_pixel(picture.plots) == pytest.approx(1.0, rel=0.05)


def test_a_raster_of_another_system_is_refused_on_the_page_and_nothing_is_kept(window: Stage, tmp_path: Path) -> None:
    give_outlines(window)
    window.go("map", {})
    rest(window)
    page = map_page(window)
    write_geotiff(tmp_path / "正射影像2023.tif", chequered((80, 60)), 39_432_000.0, 3_140_000.0, 2.0, geo_keys(2363))
    lay_ground(window, tmp_path)
    assert "西安 80" in page.messages.accessibleName() + " ".join(
        one.text() for one in page.messages.findChildren(QLabel)
    )
    assert window.context.preferences.ground(window.context.facts.ledger_id) is None
    assert page.canvas._grounds == ()


def _between_plots(picture: MapPicture | None) -> tuple[float, float]:
    """A place in the middle of four outlines."""
    assert picture is not None
    first, last = picture.plots.middles[13], picture.plots.middles[26]
    return float(first[0] + last[0]) / 2, float(first[1] + last[1]) / 2


def test_marks_and_photos_are_part_of_the_picture_that_moves(window: Stage) -> None:
    window.go("map", {})
    canvas = MapCanvas()
    canvas.resize(500, 400)
    plots = dataclasses.replace(
        grid(4, 3),
        photos=[("0" * 32, 1)],
        photo_places=np.array([[182.0, 180.0]]),
        photo_directions=np.array([90_000]),
    )
    canvas.show_picture(MapPicture(plots, tuple(map_squares(plots))))
    while canvas.busy:
        window.turn()
    assert canvas._ready is not None
    shown = canvas._ready[0].toImage()
    ratio = shown.devicePixelRatio()
    photo = shown.pixelColor((canvas.view.transform.map(QPointF(182.0, 180.0)) * ratio).toPoint())
    assert photo.name() == theme.color("accent").name()
    mark = canvas.view.transform.map(QPointF(*plots.middles[0].tolist())) - QPointF(0, 7)
    tone = TONE_OF[STATES[plots.states[0]]]
    around = [mark + QPointF(right, below) for right in range(-8, 9) for below in range(-8, 9)]
    inks = {shown.pixelColor((one * ratio).toPoint()).name() for one in around}
    assert theme.color(tone).name() in inks
    canvas.deleteLater()


def test_far_off_each_plot_is_a_dot_and_nothing_is_painted_at_once(window: Stage) -> None:
    window.go("map", {})
    canvas = MapCanvas()
    canvas.resize(500, 400)
    plots = grid(300, 200, side=5.0, step=100.0)
    canvas.show_picture(MapPicture(plots, tuple(map_squares(plots))))
    canvas._begin()
    assert canvas._making is not None
    assert canvas._making.left == 1
    canvas._go_on()
    image = canvas.grab().toImage()
    fills = {theme.color(theme.fill(tone)).name() for tone in theme.TONES}
    seen = {image.pixelColor(x, 200).name() for x in range(image.width())}
    assert seen & fills
    canvas.zoom(200)
    canvas._begin()
    assert canvas._making is not None
    assert canvas._making.left > 1
    canvas.deleteLater()
