"""What a file of shapes is once it has been read: layers of features, each with its attributes and its shape."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from gengdi_desktop.geo.declared import Declared

TEXT: Final = "t"
NUMBER: Final = "n"
DATE: Final = "d"
FLAG: Final = "b"
ERROR: Final = "e"
"""What stands in a cell, one letter each, as tables have them."""

_EXACT: Final = 1e15
_SHOWN: Final = 15

PORTION: Final = 4000
"""So many features are held in memory at once."""


class Portion(NamedTuple):
    """Some features of a layer, in the order of the file."""

    rows: list[tuple[str, list[str]]]
    """Kinds, one letter for each cell, and texts."""
    shapes: Any
    """A numpy array of shapely shapes in the file's own coordinates; None where a feature has none."""


@dataclass(slots=True)
class Layer:
    """One layer; its portions can be read once.

    Args:
        name: As the file calls it.
        fields: Names of the attributes.
        declared: What the file says of the coordinates.
        portions: Its features.
        notes: Codes and Chinese sentences; complete when the portions are read.
        losses: How many features have no usable shape, by reason: ``null damaged line``.
    """

    name: str
    fields: tuple[str, ...]
    declared: Declared
    portions: Iterator[Portion]
    notes: list[tuple[str, str]] = field(default_factory=list)
    losses: Counter[str] = field(default_factory=Counter)


def number_text(value: float) -> str:
    """The shortest exact decimal of a number, never with an exponent."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return "#NUM!"
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def cells_of(values: Sequence[object]) -> tuple[str, list[str]]:
    """Kinds and texts of a row; nearly all cells are texts, which need no look."""
    kinds: list[str] = []
    texts: list[str] = []
    for value in values:
        if type(value) is str:
            kinds.append(TEXT)
            texts.append(value)
        else:
            kind, text = cell(value)
            kinds.append(kind)
            texts.append(text)
    return "".join(kinds), texts


def cell(value: object) -> tuple[str, str]:
    """Kind and text of a value as databases and JSON have it."""
    if value is None:
        return TEXT, ""
    if isinstance(value, bool):
        return FLAG, "TRUE" if value else "FALSE"
    if isinstance(value, int):
        text = str(value)
        # A number of eighteen digits that a file holds exactly is an identifier, not a damaged one.
        return (TEXT if len(text) > _SHOWN else NUMBER), text
    if isinstance(value, float):
        text = number_text(value)
        return (ERROR if text.startswith("#") else NUMBER), text
    return TEXT, str(value)
