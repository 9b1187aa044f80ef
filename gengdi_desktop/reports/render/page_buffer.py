"""The operators of one page, gathered as text: far faster than one drawing call for each cell."""

from __future__ import annotations

from gengdi_desktop.reports.render.cells import CellText
from gengdi_desktop.reports.typefaces import FontRole

_SHADE = 0.94
_LINE = 0.4


class PageBuffer:
    """Texts, lines and shaded boxes of a page; coordinates count from the upper left corner.

    Args:
        height: Of the page in points.
        cells: Knows the codes of all characters.
    """

    def __init__(self, height: float, cells: CellText) -> None:
        self._height = height
        self._cells = cells
        self._texts: list[str] = []
        self._strokes: list[str] = []
        self._fills: list[str] = []
        self._font = ("", 0.0)
        self._at = (0, 0)

    def text(self, text: str, role: FontRole, x: float, baseline: float, size: float) -> None:
        """Set a text that begins at ``x``."""
        here = (round(x * 100), round((self._height - baseline) * 100))
        parts = [f"{(here[0] - self._at[0]) / 100:g} {(here[1] - self._at[1]) / 100:g} Td"]  # from the text before
        self._at = here
        for name, codes in self._cells.runs(text, role):
            if (name, size) != self._font:
                self._font = (name, size)
                parts.append(f"{name} {size:g} Tf")
            parts.append(f"<{codes}> Tj")
        self._texts.append(" ".join(parts))

    def stroke(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A thin line."""
        top = self._height
        self._strokes.append(f"{x1:.2f} {top - y1:.2f} m {x2:.2f} {top - y2:.2f} l")

    def box(self, left: float, top: float, right: float, bottom: float) -> None:
        """A framed and shaded cell."""
        shape = f"{left:.2f} {self._height - bottom:.2f} {right - left:.2f} {bottom - top:.2f} re"
        self._fills.append(shape)
        self._strokes.append(shape)

    def taken(self) -> str:
        """All operators; the buffer is empty afterwards."""
        fills = [f"q {_SHADE} g", *self._fills, "f Q"] if self._fills else []
        strokes = [f"q 0 G {_LINE} w", *self._strokes, "S Q"] if self._strokes else []
        page = "\n".join([*fills, *strokes, "q 0 g 0 Tc BT", *self._texts, "ET Q"])
        self._texts, self._strokes, self._fills = [], [], []
        self._font, self._at = ("", 0.0), (0, 0)
        return page
