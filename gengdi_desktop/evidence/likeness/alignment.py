"""Whether two prints show the same photo: laid upon each other as well as they fit, then compared piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gengdi_desktop.evidence.likeness.prints import MARGIN, SIDE, Grey, Window

_ROUNDS: Final = 5
_FARTHEST: Final = 0.03
_CLOSE_ENOUGH: Final = 3e-4
_DOUBT: Final = 0.6
"""Differences of this size count half when prints are laid upon each other, so that a time stamp pulls at nothing."""

_PIECE: Final = 8
_PIECES: Final = SIDE // _PIECE
_SEEN: Final = 0.6
"""A piece is compared where at least so much of it lies in both pictures."""
_NOISE: Final = 1.0
"""Variance of grey that pressing and shrinking add; a piece counts fully from a deviation of six, from one at all."""
_FROM, _FULLY = 1.0, 6.0
_DIFFERENT, _SAME = 0.6, 0.9
_TOO_PLAIN: Final = 6.0
"""With fewer pieces that show anything, nothing can be said."""


@dataclass(frozen=True, slots=True)
class Sameness:
    """What of two pictures is the same, each between 0 and 1.

    Attributes:
        whole: Of all that both show.
        unstamped: Of what is left beside a time stamp or a watermark: a strip, or a block in the lower left.
    """

    whole: float
    unstamped: float

    @property
    def alike(self) -> bool:
        """Whether one is a copy of the other: a stamp may lie on it, but no part of the land is another."""
        return self.whole >= _LEAST_WHOLE and self.unstamped >= _LEAST_UNSTAMPED


_LEAST_WHOLE, _LEAST_UNSTAMPED = 0.75, 0.92
_HOPELESS: Final = 0.4
"""What agrees less after the rough fit is no copy: those of the acceptance reach 0.59 at least."""
_NOT_TAKEN_TWICE: Final = 0.955
_NOTHING = Sameness(0.0, 0.0)


class _Fit(NamedTuple):
    """Where a place of the kept print lies in the other one: scale and shift for rows and columns, as shares."""

    rows: float
    down: float
    columns: float
    right: float


def sameness(grey: Grey, kept: Grey, window: Window) -> Sameness:
    """Compare two prints.

    Args:
        grey: One of them; where it may be mirrored, the caller does it.
        kept: The other one.
        window: The part of ``grey`` that is, roughly, the middle of ``kept``.
    """
    top, bottom, left, right = window
    middle = 1 - 2 * MARGIN
    rows, columns = (bottom - top) / middle, (right - left) / middle
    fit = _Fit(rows, top - MARGIN * rows, columns, left - MARGIN * columns)
    fit = _laid(_relief(grey, 2, 10), _relief(kept, 2, 10), fit)
    roughly = _compared(grey, kept, fit)
    if roughly.whole < _HOPELESS:
        return roughly
    return _compared(grey, kept, _laid(_relief(grey, 1, 4), _relief(kept, 1, 4), fit))


def _laid(grey: Grey, kept: Grey, fit: _Fit) -> _Fit:
    """Improve a fit by steps of Gauss and Newton."""
    place = _places()
    for _ in range(_ROUNDS):
        tall, seen_rows = _sampled(fit.rows, fit.down)
        wide, seen_columns = _sampled(fit.columns, fit.right)
        shown = tall @ grey @ wide.T
        slope_down, slope_right = np.gradient(shown)
        slope_down, slope_right = slope_down * (SIDE / fit.rows), slope_right * (SIDE / fit.columns)
        rest = kept - shown
        weight = np.outer(seen_rows, seen_columns) / (1 + (rest / _DOUBT) ** 2)
        slopes = np.stack([slope_down * place[:, None], slope_down, slope_right * place, slope_right]).reshape(4, -1)
        weighed = slopes * weight.reshape(1, -1)
        matrix = weighed @ slopes.T
        matrix[np.diag_indices(4)] += 1e-3 * np.trace(matrix) / 4 + 1e-6
        step = np.clip(np.linalg.solve(matrix, weighed @ rest.reshape(-1)), -_FARTHEST, _FARTHEST)
        fit = _Fit(*(float(old + by) for old, by in zip(fit, step, strict=True)))
        if np.abs(step).max() < _CLOSE_ENOUGH:
            break
    return fit


def _compared(grey: Grey, kept: Grey, fit: _Fit) -> Sameness:
    """Correlate piece by piece; pieces that are plain in both count little."""
    tall, seen_rows = _sampled(fit.rows, fit.down)
    wide, seen_columns = _sampled(fit.columns, fit.right)
    seen = _in_pieces(np.outer(seen_rows, seen_columns).astype(np.float32))
    one, other = _in_pieces(tall @ grey @ wide.T), _in_pieces(kept)
    count = np.maximum(seen.sum(-1), 1)
    one = (one - ((one * seen).sum(-1) / count)[..., None]) * seen
    other = (other - ((other * seen).sum(-1) / count)[..., None]) * seen
    spread_one, spread_other = (one**2).sum(-1) / count, (other**2).sum(-1) / count
    together = (one * other).sum(-1) / count / np.sqrt((spread_one + _NOISE) * (spread_other + _NOISE))
    tells = np.clip((np.sqrt(np.maximum(spread_one, spread_other)) - _FROM) / (_FULLY - _FROM), 0, 1)
    tells = np.where(count >= _SEEN * _PIECE * _PIECE, tells, 0)
    same = tells * np.clip((together - _DIFFERENT) / (_SAME - _DIFFERENT), 0, 1)
    if tells.sum() < _TOO_PLAIN:
        return _NOTHING
    whole = unstamped = float(same.sum() / tells.sum())
    for rest, least in _rests():
        weight = float(tells[rest].sum())
        if weight >= _TOO_PLAIN and float((together * tells)[rest].sum()) >= least * weight:
            unstamped = max(unstamped, float(same[rest].sum()) / weight)
    return Sameness(whole, unstamped)


@cache
def _rests() -> tuple[tuple[NDArray[np.bool_], float], ...]:
    """The pieces that remain beside a stamp, each with the correlation that it takes to leave the others out.

    A strip below or above is narrow. The block of a watermark camera is as large as a plot may be: it is believed only
    where the rest agrees so well that nobody can have stood there twice.
    """
    found = []
    for rows, columns, least in (
        (slice(_PIECES - 2, None), slice(None), 0.0),
        (slice(0, 2), slice(None), 0.0),
        (slice(4, None), slice(0, 5), _NOT_TAKEN_TWICE),
    ):
        rest = np.ones((_PIECES, _PIECES), np.bool_)
        rest[rows, columns] = False
        found.append((rest, least))
    return tuple(found)


def _in_pieces(square: Grey) -> Grey:
    pieces = square.reshape(_PIECES, _PIECE, _PIECES, _PIECE).swapaxes(1, 2)
    return pieces.reshape(_PIECES, _PIECES, _PIECE * _PIECE)


def _relief(grey: Grey, soft: int, wide: int) -> Grey:
    """The forms without the light: softened, then each place against the mean and the spread around it."""
    smooth, around = _mean_of(soft), _mean_of(wide)
    grey = smooth @ grey @ smooth.T
    mean = around @ grey @ around.T
    spread = np.maximum(around @ (grey * grey) @ around.T - mean * mean, 0)
    relief: Grey = (grey - mean) / np.sqrt(spread + 4)
    return relief


@cache
def _mean_of(reach: int) -> Grey:
    """The matrix that takes the mean of so many neighbours to each side."""
    place = np.arange(SIDE)
    near = (np.abs(place[:, None] - place[None]) <= reach).astype(np.float32)
    mean: Grey = near / near.sum(1, keepdims=True)
    return mean


@cache
def _places() -> Grey:
    return ((np.arange(SIDE) + 0.5) / SIDE).astype(np.float32)


def _sampled(scale: float, shift: float) -> tuple[Grey, NDArray[np.bool_]]:
    """The matrix that reads a line of the other print where the kept one has its points, and which it has at all."""
    at = (scale * _places() + shift) * SIDE - 0.5
    whole = np.floor(at).astype(np.int64)
    part = (at - whole).astype(np.float32)
    line = np.arange(SIDE)
    matrix = np.zeros((SIDE, SIDE), np.float32)
    matrix[line, np.clip(whole, 0, SIDE - 1)] += 1 - part
    matrix[line, np.clip(whole + 1, 0, SIDE - 1)] += part
    return matrix, (at > -0.6) & (at < SIDE - 0.4)  # noqa: PLR2004  (a tenth of a point past the outermost centres)
