"""How much room a window has: one rule serves small windows, high scaling and large text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gengdi_desktop.ui import theme

_COMPACT_BELOW: Final = 1200
_LOW_BELOW: Final = 750


@dataclass(frozen=True)
class Shape:
    """What a page must do without.

    Args:
        compact: Navigation shows marks only, panes close, sheets stack, the page scrolls.
        low: Lists of what is in order fold to one line.
    """

    compact: bool = False
    low: bool = False

    @classmethod
    def of(cls, width: int, height: int) -> Shape:
        """The shape of a window of so many device-independent pixels."""
        scale = theme.text_scale()
        return cls(compact=width / scale < _COMPACT_BELOW, low=height / scale < _LOW_BELOW)
