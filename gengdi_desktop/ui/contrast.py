"""Proof that every allowed pair of text and ground can be read: WCAG contrast of the tokens of a look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor

from gengdi_desktop.ui.theme import TONES, Look, Token, soft

TEXT_FLOOR: Final = 4.5
EDGE_FLOOR: Final = 3.0
_LINEAR_BELOW: Final = 0.04045
_GROUNDS: Final[tuple[Token, ...]] = ("rail", "page", "sheet", "sunken", "select")


@dataclass(frozen=True)
class Pair:
    """One allowed pair: the token in front, the token behind, their contrast and the floor it must reach."""

    front: Token
    ground: Token
    contrast: float
    floor: float


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(QColor(one)), _luminance(QColor(other))))
    return (lighter + 0.05) / (darker + 0.05)


def contrast_report(look: Look) -> list[Pair]:
    """Every pair that a screen may use in *look*; a pair that is not in the list is not allowed."""
    return [
        Pair(front, ground, contrast(look.tokens[front], look.tokens[ground]), floor)
        for front, ground, floor in _allowed()
    ]


def _allowed() -> Iterator[tuple[Token, Token, float]]:
    texts: tuple[Token, ...] = ("ink", "ink2", "ink3", "accent", "seal")
    for front in texts:
        for ground in _GROUNDS:
            yield front, ground, TEXT_FLOOR
    for tone in TONES:
        for ground in ("sheet", "select", soft(tone)):
            yield tone, ground, TEXT_FLOOR
        yield "ink", soft(tone), TEXT_FLOOR
    for front in texts[:4]:
        yield front, "accent_soft", TEXT_FLOOR
    yield "on_accent", "accent", TEXT_FLOOR
    for ground in ("rail", "page", "sheet", "sunken"):
        yield "edge", ground, EDGE_FLOOR


def _luminance(value: QColor) -> float:
    red, green, blue = (_linear(part) for part in (value.redF(), value.greenF(), value.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else float(((part + 0.055) / 1.055) ** 2.4)
