"""Python looks through its whole memory for lost objects the more often, the more rows are held; here it need not."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Held:
    """How many pieces of work, in whatever threads, asked for no sweep just now."""

    lock = threading.Lock()
    count = 0


def sweeps_wait() -> bool:
    """Whether work is going on that would be stopped for long by a sweep."""
    return _Held.count > 0


@contextmanager
def without_sweeps() -> Iterator[None]:
    """Let nothing be looked for inside: work that makes many objects which all stay, and is over in seconds.

    What nobody holds any more is given back at once all the same; only rings of objects wait until afterwards.
    """
    sweeping = gc.isenabled()
    gc.disable()
    with _Held.lock:
        _Held.count += 1
    try:
        yield
    finally:
        # What was made meanwhile counts as old: else the first sweep looks through all of it while none can paint.
        gc.freeze()
        gc.unfreeze()
        with _Held.lock:
            _Held.count -= 1
        if sweeping:
            gc.enable()
