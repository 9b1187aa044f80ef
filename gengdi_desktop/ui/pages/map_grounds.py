"""The office's own raster behind the map: chosen once for a ledger, read in a lane, closer where one looks closer."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.prompts import RASTERS
from gengdi_desktop.ui.widgets.map_canvas import MapCanvas
from gengdi_desktop.ui.widgets.map_ground import Degrees, MapGround
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button

if TYPE_CHECKING:
    from gengdi_desktop.ledger.plot_map import PlotMap

_READING: Final = Shown("读底图", promise="您可以接着干别的。取消后地图和原来一样。")
_WHOLE_STEPS: Final = 100
"""Boxes end at whole hundredths of a degree: a new plot at the edge asks for no other picture."""
_CLOSE_STEPS: Final = 1000
_CLOSE_PIXELS: Final = 6_000_000
_MARGIN: Final = 0.15
_CLOSE_MARGIN: Final = 0.5
_REACH: Final = 60_000
"""Metres around the plots within which a raster is expected: tells the zone of eastings without a number."""
_CLOSER: Final = 0.7
"""So much finer than the raster the view must be before a part of it is read anew."""


@dataclass(frozen=True)
class _Laid:
    """A raster as it was read: from which file, for which box, and whether the file has more."""

    path: Path
    asked: Degrees
    ground: MapGround
    finer: bool
    notes: tuple[str, ...]


class MapGrounds(QObject):
    """Keeps what lies behind the plots of a canvas; has the buttons for it."""

    def __init__(self, context: UiContext, canvas: MapCanvas, messages: MessageSlot) -> None:
        super().__init__(canvas)
        self._context, self._canvas, self._messages = context, canvas, messages
        self._plots: PlotMap | None = None
        self._whole: _Laid | None = None
        self._close: _Laid | None = None
        self._asked: tuple[Path, Degrees] | None = None
        self._fresh = False
        self.choose_button = button("底图", "tool", name="选一张影像垫在图斑下面", pressed=self.choose)
        self.none_button = button("不要底图", "link", "cross", pressed=self.forget)
        canvas.rested.connect(self._look_closer)
        self._tell()

    def choose(self) -> None:
        """Ask for a raster and lay it under the plots."""
        chosen = self._context.prompts.open_file("选底图", RASTERS, self._context.preferences.start_folder())
        if chosen is not None:
            self._context.preferences.used_folder(chosen)
            self._fresh, self._asked = True, None
            self._lay(chosen)

    def forget(self) -> None:
        """No raster behind this ledger's map."""
        self._context.preferences.choose_ground(self._context.facts.ledger_id, None)
        self._whole = self._close = self._asked = None
        self._canvas.show_grounds(())
        self._tell()

    def show(self, plots: PlotMap) -> None:
        """The canvas shows these plots now: read what lies behind them, unless that is here already."""
        self._plots = plots
        path = self._context.preferences.ground(self._context.facts.ledger_id)
        if path is not None and plots.ids and not _covers(self._whole, path, _box_of(plots, plots.extent, 0)):
            self._lay(path)

    # -- reading

    def _lay(self, path: Path) -> None:
        if self._plots is not None:
            box = _rounded(_box_of(self._plots, self._plots.extent, _MARGIN), _WHOLE_STEPS)
            self._read(path, box, _READING)

    def _look_closer(self) -> None:
        """Where the view is finer than the picture and the file has more, read what is in sight."""
        whole, plots, view = self._whole, self._plots, self._canvas.view
        if whole is None or plots is None or not whole.finer:
            return
        if view.metres >= whole.ground.metres_of_pixel(plots) * _CLOSER:
            return
        seen = _box_of(plots, view.window, 0)
        close = self._close
        if close is not None and _covers(close, whole.path, seen):
            enough = not close.finer or close.ground.metres_of_pixel(plots) <= view.metres / _CLOSER
            if enough:
                return
        self._read(whole.path, _rounded(_box_of(plots, view.window, _CLOSE_MARGIN), _CLOSE_STEPS), Shown())

    def _read(self, path: Path, box: Degrees, shown: Shown) -> None:
        if self._asked == (path, box):
            return
        self._asked = path, box
        county, closer = self._context.facts.county, shown is not _READING

        def work(progress: Progress) -> _Laid:
            from gengdi_desktop.geo.localities import Locality
            from gengdi_desktop.geo.numbers import Point, from_float, to_float
            from gengdi_desktop.geo.outlines import Box
            from gengdi_desktop.geo.rasters import MOST_PIXELS, read_ground

            pixels = _CLOSE_PIXELS if closer else MOST_PIXELS
            around = Box(*(from_float(one) for one in box))
            middle = Point((around.west + around.east) // 2, (around.south + around.north) // 2)
            near = Locality(county, middle, _REACH)
            found = read_ground(path, around, near, lambda: progress.stopping, pixels=pixels)
            west, south, east, north = (to_float(one) for one in found.box)
            ground = MapGround.of(found.picture, (west, south, east, north), found.edge)
            return _Laid(path, box, ground, found.finer, tuple(words for _code, words in found.notes))

        self._context.jobs.run(
            Lane.FILES,
            work,
            self._show_close if closer else self._show_whole,
            self._refused_close if closer else self._refused,
            owner=self,
            shown=shown,
            cancelled=self._stopped,
            newest="map-ground",
        )

    def _show_whole(self, laid: _Laid) -> None:
        self._whole, self._close = laid, None
        if self._fresh:
            self._context.preferences.choose_ground(self._context.facts.ledger_id, laid.path)
            if laid.notes:
                self._messages.show_message("info", "".join(laid.notes))
        self._fresh = False
        self._canvas.show_grounds((laid.ground,))
        self._tell()

    def _show_close(self, laid: _Laid) -> None:
        if self._whole is not None and self._whole.path == laid.path:
            self._close = laid
            self._canvas.show_grounds((self._whole.ground, laid.ground))

    def _refused(self, error: GengdiError) -> None:
        self._fresh = False
        self._messages.show_error(error)

    def _refused_close(self, error: GengdiError) -> None:
        """Said once: the picture that is there stays, and no closer one is asked for."""
        if self._whole is not None:
            self._whole = replace(self._whole, finer=False)
        self._messages.show_error(error)

    def _stopped(self) -> None:
        self._asked, self._fresh = None, False

    def _tell(self) -> None:
        chosen = self._context.preferences.ground(self._context.facts.ledger_id)
        self.none_button.setVisible(chosen is not None)
        told = "选一张影像垫在图斑下面" if chosen is None else f"换一张底图，现在是“{chosen.name}”"
        self.choose_button.setAccessibleName(told)
        self.choose_button.setToolTip(told)


def _covers(laid: _Laid | None, path: Path, box: Degrees) -> bool:
    if laid is None or laid.path != path:
        return False
    west, south, east, north = laid.asked
    return west <= box[0] and south <= box[1] and box[2] <= east and box[3] <= north


def _box_of(plots: PlotMap, window: Degrees, margin: float) -> Degrees:
    """A window of metres in degrees, wider by a share on each side."""
    west, south, east, north = window
    wide, high = (east - west) * margin, (north - south) * margin
    return *plots.degrees(west - wide, south - high), *plots.degrees(east + wide, north + high)


def _rounded(box: Degrees, steps: int) -> Degrees:
    """The box outward to whole steps of a degree."""
    west, south = (math.floor(one * steps) / steps for one in box[:2])
    east, north = (math.ceil(one * steps) / steps for one in box[2:])
    return west, south, east, north
