"""The print of a picture: a small grey picture of it, and the few slow waves by which likely partners are found."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

Grey: TypeAlias = NDArray[np.floating[Any]]

VERSION: Final = 1
"""Grows with every change of what a print holds or of what counts as alike; older prints are made again."""
SIDE: Final = 64
"""A print is a square of so many grey bytes, whatever the shape of the picture: cut edges are only another scale."""
PRINT_BYTES: Final = SIDE * SIDE
WAVES: Final = 6
CODE_LENGTH: Final = WAVES * WAVES - 1

MARGIN: Final = 0.1
"""Kept prints are known by their middle, without a tenth at each side: what is left of them when edges are cut."""
_EDGES: Final = (0.02, 0.07, 0.13, 0.18)
"""Where that middle may begin and end in another copy, counted from its edges: 0.1 without any cut, 0.18 where the kept
one lost a tenth, 0 where the other did; waves this slow forgive what lies between."""
_MOST_STRETCH: Final = 0.12
_PAPER_WHITE: Final = 165
_PAPER_SHARE: Final = 25
"""A picture of which three quarters are nearly white is a paper: forms of one kind are alike and prove nothing."""

Window: TypeAlias = tuple[float, float, float, float]
"""Top, bottom, left and right of a part of a picture, as shares of its height and width."""


def prints(image: Image) -> bytes:
    """The print of a picture that stands upright: :data:`PRINT_BYTES` grey bytes, row by row."""
    from PIL.Image import Resampling

    return image.convert("L").resize((SIDE, SIDE), Resampling.BOX).tobytes()


def grey_of(made: bytes) -> Grey:
    """The grey square of a print, as numbers."""
    return np.frombuffer(made, np.uint8, PRINT_BYTES).reshape(SIDE, SIDE).astype(np.float32)


def is_paper(grey: Grey) -> bool:
    """Whether it looks like a scan: such a picture is compared byte by byte only."""
    return bool(np.percentile(grey, _PAPER_SHARE) >= _PAPER_WHITE)


def codes(greys: Grey) -> Grey:
    """By which kept prints are found: one row of length one for each of several squares."""
    waves = _waves(MARGIN, 1 - MARGIN)
    return _as_codes(waves @ greys @ waves.T)


def codes_in_windows(grey: Grey) -> Grey:
    """The codes of a picture as if each of :func:`windows` were the middle of it, one row for each."""
    rows, columns = _pairs()
    every = np.stack([_waves(*span) for span in _spans()])
    tall = every @ grey
    return _as_codes(tall[rows] @ every[columns].transpose(0, 2, 1))


@cache
def windows() -> tuple[Window, ...]:
    """The parts of a picture that may be the middle of another one."""
    spans = _spans()
    return tuple((*spans[row], *spans[column]) for row, column in zip(*_pairs(), strict=True))


@cache
def _spans() -> tuple[tuple[float, float], ...]:
    return tuple((begin, 1 - end) for begin, end in product(_EDGES, repeat=2))


@cache
def _pairs() -> tuple[list[int], list[int]]:
    """Which spans go together as rows and columns: nobody cuts one way much and the other way not at all."""
    spans = _spans()
    found = [
        (row, column)
        for row, (top, bottom) in enumerate(spans)
        for column, (left, right) in enumerate(spans)
        if abs((bottom - top) - (right - left)) <= _MOST_STRETCH
    ]
    return [row for row, _ in found], [column for _, column in found]


@cache
def _waves(begin: float, end: float) -> Grey:
    """Cosines over a part of the square, each of length one; all but the first without a mean."""
    place = ((np.arange(SIDE) + 0.5) / SIDE - begin) / (end - begin)
    soft = 0.5 / SIDE / (end - begin)
    inside = np.clip((np.minimum(place, 1 - place) + soft) / (2 * soft), 0, 1)
    found = np.stack([np.cos(np.pi * wave * place) * inside for wave in range(WAVES)])
    found[1:] -= found[1:].sum(1, keepdims=True) / inside.sum() * inside
    waves: Grey = (found / np.sqrt((found**2).sum(1, keepdims=True))).astype(np.float32)
    return waves


@cache
def _weights() -> Grey:
    """Slow waves are strong in every picture and tell little: each counts by its speed."""
    waves = np.arange(WAVES, dtype=np.float32)
    weights: Grey = np.sqrt(waves[:, None] ** 2 + waves[None] ** 2)
    return weights


def _as_codes(amounts: Grey) -> Grey:
    flat: Grey = (amounts * _weights()).reshape(len(amounts), -1)[:, 1:]
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    found: Grey = flat / np.maximum(lengths, 1e-3)
    return found
