"""Plots one after the other with their photos ready for paper; those of the next ones are made meanwhile.

Decoding a photo takes longer than drawing the pages of its plot, and leaves Python free: so it runs on the other
processors, never further ahead than a few plots, whose pictures are all that the memory holds.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from gengdi_desktop.reports.forms.photos import PlotPhotos, plot_photos
from gengdi_desktop.reports.forms.plot_file import PlotFile, read_plot_file

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_MOST_HANDS: Final = 4
_PLOTS_A_HAND: Final = 2
_FEW: Final = 40
"""Pictures of so many plots are kept for looking at them again; those of more would push all others out."""


def with_photos(ledger: Ledger, plots: Sequence[str]) -> Generator[tuple[PlotFile, PlotPhotos], None, None]:
    """Every plot with its photos, in the order given; close it (``contextlib.closing``) where it is left early.

    Raises:
        RuleError: ``unknown_plot``.
    """
    hands = min(_MOST_HANDS, os.cpu_count() or 1)
    keep = len(plots) <= _FEW
    waiting: deque[tuple[PlotFile, Future[PlotPhotos]]] = deque()
    pool = ThreadPoolExecutor(hands, thread_name_prefix="photos")
    try:
        for plot in plots:
            found = read_plot_file(ledger, plot)
            waiting.append((found, pool.submit(plot_photos, ledger, found.files, keep=keep)))
            if len(waiting) > hands * _PLOTS_A_HAND:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def _first(waiting: deque[tuple[PlotFile, Future[PlotPhotos]]]) -> tuple[PlotFile, PlotPhotos]:
    found, photos = waiting.popleft()
    return found, photos.result()
