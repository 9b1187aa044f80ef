"""Outlines of a map as few painter paths: one for each square of a grid and each tone, made of bytes at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QRectF
from PySide6.QtGui import QPainterPath

from gengdi_desktop.ui.state_marks import TONE_OF
from gengdi_desktop.ui.theme import TONES, Tone

if TYPE_CHECKING:
    from gengdi_desktop.ledger.plot_map import Floats, Places, PlotMap

GRID: Final = 16
"""Squares on each side of the map; only those in sight are painted."""

_ELEMENT: Final = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_LINE_TO: Final = 1
_ODD_EVEN: Final = 0


@dataclass(frozen=True)
class MapSquare:
    """The outlines of one square of the grid.

    Attributes:
        bounds: Around its outlines, in metres; north is up.
        paths: By tone.
    """

    bounds: QRectF
    paths: tuple[tuple[Tone, QPainterPath], ...]


def map_squares(plots: PlotMap) -> list[MapSquare]:
    """The outlines of all plots; may run in any thread."""
    if not len(plots.ring_ends):
        return []
    from gengdi_desktop.ledger.plot_map import STATES

    tones = np.array([TONES.index(TONE_OF[state]) for state in STATES])
    squares = _square_of(plots)[plots.ring_plots]
    keys = squares * len(TONES) + tones[plots.states][plots.ring_plots]
    order = np.argsort(keys, kind="stable")
    starts = np.concatenate(([0], plots.ring_ends[:-1]))
    lengths = (plots.ring_ends - starts)[order]
    elements = _elements(plots.corners, starts[order], lengths)
    ends = np.cumsum(lengths)
    keys = keys[order]
    last_rings = np.flatnonzero(np.append(keys[1:] != keys[:-1], [True]))
    made: dict[int, list[tuple[Tone, QPainterPath]]] = {}
    first = 0
    for ring in last_rings.tolist():
        square, tone = divmod(int(keys[ring]), len(TONES))
        made.setdefault(square, []).append((TONES[tone], path_of(elements[first : ends[ring]])))
        first = int(ends[ring])
    return [MapSquare(_bounds(paths), tuple(paths)) for paths in made.values()]


def path_of(elements: np.ndarray) -> QPainterPath:
    """A path out of its elements, as Qt reads it from a stream: their number, they, where the last begins, the rule."""
    last = int(np.flatnonzero(elements["kind"] == 0)[-1]) if len(elements) else 0
    count = np.array([len(elements)], dtype=">i4").tobytes()
    end = np.array([last, _ODD_EVEN], dtype=">i4").tobytes()
    data = QByteArray(count + elements.tobytes() + end)  # must outlive the stream, which only points at it
    stream = QDataStream(data, QIODevice.OpenModeFlag.ReadOnly)
    path = QPainterPath()
    stream >> path
    return path


def _elements(corners: Floats, starts: Places, lengths: Places) -> np.ndarray:
    """All corners, ring after ring in the order of ``starts``; each ring begins with a move."""
    total = int(lengths.sum())
    begins = np.cumsum(lengths) - lengths
    taken = corners[np.repeat(starts - begins, lengths) + np.arange(total)]
    elements = np.empty(total, dtype=_ELEMENT)
    elements["kind"] = _LINE_TO
    elements["kind"][begins[lengths > 0]] = 0
    elements["x"], elements["y"] = taken[:, 0], taken[:, 1]
    return elements


def _square_of(plots: PlotMap) -> Places:
    """The square of the grid in which the middle of each plot lies."""
    west, south, east, north = plots.extent
    size = np.maximum(np.array([east - west, north - south]), 1.0)
    places = ((plots.boxes[:, :2] + plots.boxes[:, 2:]) / 2 - np.array([west, south])) / size
    columns = np.clip((places * GRID).astype(np.int64), 0, GRID - 1)
    found: Places = columns[:, 0] * GRID + columns[:, 1]
    return found


def _bounds(paths: list[tuple[Tone, QPainterPath]]) -> QRectF:
    whole = QRectF()
    for _tone, path in paths:
        whole = whole.united(path.controlPointRect())
    return whole
