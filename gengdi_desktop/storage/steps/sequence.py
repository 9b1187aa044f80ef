"""The schema steps in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step to ``version``: ``run`` gets the driver's connection inside an open transaction."""

    version: int
    run: Callable[[Any], None]


STEPS: tuple[Step, ...] = ()
"""In order. The first released schema is version 1, so that there is none yet."""
