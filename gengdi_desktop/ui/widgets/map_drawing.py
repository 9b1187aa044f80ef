"""The picture of one view of the map, painted piece by piece so that the window goes on meanwhile."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.state_marks import TONE_OF, draw_state
from gengdi_desktop.ui.theme import Tone, px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, paint_text, text_width
from gengdi_desktop.ui.widgets.map_signs import draw_ground, draw_photo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainterPath

    from gengdi_desktop.ledger.plot_map import Floats, PlotMap
    from gengdi_desktop.ui.widgets.map_ground import MapGround
    from gengdi_desktop.ui.widgets.map_paths import MapSquare
    from gengdi_desktop.ui.widgets.map_view import MapView

NAMED_PIXELS: Final = 26
"""From so large a plot on, its mark and number stand on it."""
FRAMED_PIXELS: Final = 4
"""From so large a plot on, it has a frame, and photos are shown."""
_DOT_PIXELS: Final = 1.5
_MOST_NAMED: Final = 160
_MOST_PHOTOS: Final = 1500
_AT_ONCE: Final = 12
_OVER_RASTER: Final = 70
"""How opaque a plot is over a raster, of 255."""
_NAME_ALPHA: Final = 165
_CASING: Final = 4
"""How wide the line below a frame is over a raster, whose colours may be any."""
_FEW_DOTS, _MANY_DOTS = 3, 2
"""How wide a dot is beside outlines, and where all plots are dots."""

Deed = Callable[[QPainter], None]


@dataclass(frozen=True)
class MapPicture:
    """What a map shows: the plots, and their outlines as paths."""

    plots: PlotMap
    squares: tuple[MapSquare, ...]

    @property
    def usual_size(self) -> float:
        """How large a plot in the middle of the range is, in metres."""
        boxes = self.plots.boxes
        sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        return float(np.median(sizes)) if len(sizes) else 0.0


class MapDrawing:
    """The picture of what is seen, in the making.

    Args:
        picture: What there is.
        view: Where the map looks.
        ratio: Dots of the screen to a pixel.
        usual: The usual size of a plot in metres.
        grounds: The rasters behind the plots, the finest last.

    Attributes:
        made: The picture; whole when :meth:`go_on` has answered true.
        view: What it shows.
    """

    def __init__(
        self, picture: MapPicture, view: MapView, ratio: float, usual: float, grounds: Sequence[MapGround] = ()
    ) -> None:
        self.view = view
        self._picture, self._ratio, self._grounds = picture, ratio, tuple(grounds)
        self._usual_pixels = usual / view.metres
        size = QSize(round(view.size.width() * ratio), round(view.size.height() * ratio))
        self.made = QPixmap(size)
        self.made.fill(theme.color("page"))
        self.made.setDevicePixelRatio(ratio)
        self._todo: deque[Deed] = deque(self._deeds())

    @property
    def left(self) -> int:
        """How many pieces are still to be painted."""
        return len(self._todo)

    def go_on(self, seconds: float) -> bool:
        """Paint for so long, a piece at least; answers whether the picture is whole."""
        until = time.perf_counter() + seconds
        painter = QPainter(self.made)
        while self._todo:
            self._todo.popleft()(painter)
            if time.perf_counter() >= until:
                break
        painter.end()
        return not self._todo

    def _deeds(self) -> Sequence[Deed]:
        plots, near = self._picture.plots, self._usual_pixels >= FRAMED_PIXELS
        deeds: list[Deed] = [partial(self._paint_raster, ground) for ground in self._grounds]
        if self._usual_pixels < _DOT_PIXELS:
            deeds.append(partial(self._paint_dots, np.ones(len(plots.ids), dtype=bool), _MANY_DOTS))
        else:
            bare = np.ones(len(plots.ids), dtype=bool)
            bare[plots.ring_plots] = False
            squares = [one for one in self._picture.squares if self.view.shows(one.bounds)]
            deeds += [partial(self._paint_paths, *one) for square in squares for one in square.paths]
            if bare.any():
                deeds.append(partial(self._paint_dots, bare, _FEW_DOTS))
        if self._usual_pixels >= NAMED_PIXELS or not len(plots.ring_ends):
            deeds += self._naming(plots)
        return [*deeds, *self._photographing(plots)] if near else deeds

    # -- the plots

    def _paint_raster(self, ground: MapGround, painter: QPainter) -> None:
        ground.paint(painter, self.view, self._picture.plots, self._ratio)

    def _paint_paths(self, tone: Tone, path: QPainterPath, painter: QPainter) -> None:
        framed = self._usual_pixels >= FRAMED_PIXELS
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=framed)
        painter.setTransform(self.view.transform, combine=True)
        # Close by, words stand on the plots: they need the soft ground, and the frame tells the tone.
        inside = QColor(theme.color(theme.soft(tone) if framed else theme.fill(tone)))
        if self._grounds and framed:
            inside.setAlpha(_OVER_RASTER)
            self._draw_path(painter, path, inside, QPen(theme.color("page"), _CASING))
            self._draw_path(painter, path, None, QPen(theme.color(tone), 2))
        else:
            self._draw_path(painter, path, inside, QPen(theme.color(tone), 1) if framed else None)
        painter.restore()

    @staticmethod
    def _draw_path(painter: QPainter, path: QPainterPath, inside: QColor | None, frame: QPen | None) -> None:
        if frame is not None:
            frame.setCosmetic(True)
        painter.setBrush(Qt.BrushStyle.NoBrush if inside is None else inside)
        painter.setPen(Qt.PenStyle.NoPen if frame is None else frame)
        painter.drawPath(path)

    def _paint_dots(self, which: np.ndarray, width: int, painter: QPainter) -> None:
        """Plots that are specks, or have no outline: a square dot each, all set at once."""
        plots = self._picture.plots
        wide, high = self.made.width(), self.made.height()
        west, _south, _east, north = self.view.window
        step = self.view.metres / self._ratio
        side = round(width * self._ratio)
        across = ((plots.middles[:, 0] - west) / step - side / 2).astype(np.int64)
        down = ((north - plots.middles[:, 1]) / step - side / 2).astype(np.int64)
        seen = which & (across >= 0) & (across < wide - side) & (down >= 0) & (down < high - side)
        pixels = np.zeros((high, wide), dtype=np.uint32)
        tokens = [theme.fill(TONE_OF[state]) if width == _MANY_DOTS else TONE_OF[state] for state in State]
        tones = np.array([theme.color(token).rgba() for token in tokens], dtype=np.uint32)
        inks = tones[plots.states[seen]]
        for right in range(side):
            for below in range(side):
                pixels[down[seen] + below, across[seen] + right] = inks
        image = QImage(pixels.data, wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(self._ratio)
        painter.drawImage(0, 0, image)

    # -- words and photos

    def _naming(self, plots: PlotMap) -> list[Deed]:
        seen = plots.within(*self.view.window).tolist()
        if len(seen) > _MOST_NAMED:
            return []
        return [partial(self._paint_names, seen[at : at + _AT_ONCE]) for at in range(0, len(seen), _AT_ONCE)]

    def _paint_names(self, some: Sequence[int], painter: QPainter) -> None:
        """Mark and number, so that the state is told without colour."""
        plots = self._picture.plots
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for plot in some:
            at = self._pixel(plots.middles[plot])
            side, name = px(14), plots.names[plot][1]
            if self._grounds:
                wide = max(text_width(name), side) + px(6)
                draw_ground(painter, QRectF(at.x() - wide / 2, at.y() - side - px(2), wide, side + px(20)), _NAME_ALPHA)
            mark = QRectF(at.x() - side / 2, at.y() - side, side, side)
            draw_state(painter, mark, tuple(State)[plots.states[plot]])
            paint_text(painter, QRectF(at.x() - 60, at.y() + 1, 120, px(16)), name, "ink", "small", MIDDLE)

    def _photographing(self, plots: PlotMap) -> list[Deed]:
        """A dot where a photo stood, with a wedge where it looked."""
        west, south, east, north = self.view.window
        places = plots.photo_places
        inside = (places[:, 0] >= west) & (places[:, 0] <= east) & (places[:, 1] >= south) & (places[:, 1] <= north)
        seen = np.flatnonzero(inside).tolist()
        if len(seen) > _MOST_PHOTOS:
            return []
        return [partial(self._paint_photos, seen[at : at + _AT_ONCE]) for at in range(0, len(seen), _AT_ONCE)]

    def _paint_photos(self, some: Sequence[int], painter: QPainter) -> None:
        plots = self._picture.plots
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for photo in some:
            draw_photo(painter, self._pixel(plots.photo_places[photo]), int(plots.photo_directions[photo]))

    def _pixel(self, place: Floats) -> QPointF:
        return self.view.transform.map(QPointF(*place.tolist()))
