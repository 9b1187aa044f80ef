"""Read finished PDF pages back, as lines of characters with their places."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pdfplumber

MM = 72 / 25.4


@dataclass(frozen=True)
class SetLine:
    """One line of a page as it was drawn."""

    baseline: float
    chars: tuple[dict[str, Any], ...]

    @property
    def text(self) -> str:
        return "".join(char["text"] for char in self.chars)

    @property
    def left(self) -> float:
        return float(min(char["x0"] for char in self.chars))

    @property
    def right(self) -> float:
        return float(max(char["x1"] for char in self.chars))

    @property
    def size(self) -> float:
        return float(self.chars[0]["size"])

    @property
    def font(self) -> str:
        return str(self.chars[0]["fontname"])


@dataclass(frozen=True)
class ReadPage:
    """One page: its lines from the top, its strokes, its size; all in points from the upper left corner."""

    width: float
    height: float
    lines: tuple[SetLine, ...]
    strokes: tuple[dict[str, Any], ...]

    def body(self, size: float) -> list[SetLine]:
        """The lines of one size of type."""
        return [line for line in self.lines if abs(line.size - size) < 0.02]

    def find(self, words: str) -> SetLine:
        """The line that holds the words."""
        return next(line for line in self.lines if words in line.text)


def read_pages(data: bytes) -> list[ReadPage]:
    """All pages of a file."""
    pages = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            rows: dict[float, list[dict[str, Any]]] = defaultdict(list)
            for char in page.chars:
                if char["upright"]:
                    rows[round(float(page.height) - float(char["matrix"][5]), 1)].append(char)
            lines = tuple(
                SetLine(float(page.height) - float(chars[0]["matrix"][5]), tuple(sorted(chars, key=lambda c: c["x0"])))
                for _, chars in sorted(rows.items())
            )
            pages.append(ReadPage(float(page.width), float(page.height), lines, tuple(page.lines)))
    return pages


def whole_text(data: bytes) -> str:
    """All characters in reading order, without any space or line break."""
    return "".join(line.text for page in read_pages(data) for line in page.lines).replace(" ", "")
