"""While the window paints, the lanes let it go first.

Painting is thousands of small calls, and after each of them Python may hand the turn to a lane that is busy: a table
that is painted in twenty milliseconds would then take a second. So a lane that is about to tell its progress waits
while a paint is going on, and a table paints a few rows at a time as long as lanes are at work. And lost objects are
looked for by the thread of the window alone.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

from PySide6.QtCore import QObject, QTimer

from gengdi_desktop.system.sweeping import sweeps_wait

_STEP_SECONDS: Final = 0.0005
_LONGEST_SECONDS: Final = 0.05
_HAND_OVER_SECONDS: Final = 0.0001
"""A paint that lets go of the interpreter waits so long before it may ask for it again, some thousand times."""
_SWEEP_EVERY_MS: Final = 100
_YOUNG: Final = 5_000


def hand_over_quickly() -> None:
    """Let threads take turns often."""
    sys.setswitchinterval(_HAND_OVER_SECONDS)


def sweep_here(owner: QObject) -> None:
    """From now on only this thread looks for lost objects: young ones now and then, all of them in :func:`tidy`.

    Whichever thread looks takes apart what it finds, and a window, a timer or a model that is taken apart by a lane
    brings the process down. And a look through much of the memory stops every thread: for a tenth of a second where
    fifty thousand objects are looked through, for half a second and more where it is all that an import holds.
    """
    gc.disable()
    timer = QTimer(owner)
    timer.setInterval(_SWEEP_EVERY_MS)
    timer.timeout.connect(sweep_young)
    timer.start()


def sweep_young() -> None:
    """Look through what is new, if it has become much."""
    if gc.get_count()[0] > _YOUNG and not sweeps_wait():
        gc.collect(0)


def tidy() -> None:
    """Look through the whole memory now, since nothing else is going on."""
    gc.collect()


class Painting:
    """Entered by the thread of the window around a paint; the lanes ask it."""

    def __init__(self) -> None:
        self._going_on = 0
        self._lanes: set[int] = set()

    def __enter__(self) -> Self:
        self._going_on += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._going_on -= 1

    @property
    def contended(self) -> bool:
        """Whether a lane is at work, so that a paint may take long."""
        return bool(self._lanes)

    @contextmanager
    def lane(self) -> Iterator[None]:
        """A lane is at work while this lasts."""
        me = threading.get_ident()
        self._lanes.add(me)
        try:
            yield
        finally:
            self._lanes.discard(me)

    def let_go_first(self) -> None:
        """Wait for the end of a paint, but never long; at once where none is going on, or in the window's thread."""
        if not self._going_on or threading.current_thread() is threading.main_thread():
            return
        until = time.monotonic() + _LONGEST_SECONDS
        while self._going_on and time.monotonic() < until:
            time.sleep(_STEP_SECONDS)


PAINTING: Final = Painting()
"""One window, one thread that paints."""
