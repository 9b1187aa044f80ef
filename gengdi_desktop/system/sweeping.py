"""Python looks through its whole memory for lost objects the more often, the more rows are held; here it need not."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_sweeps() -> Iterator[None]:
    """Let nothing be looked for inside: work that makes many objects which all stay, and is over in seconds.

    What nobody holds any more is given back at once all the same; only rings of objects wait until afterwards.
    """
    sweeping = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeping:
            # What was made meanwhile counts as old: else the first sweep looks through all of it while none can paint.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
