"""Forms of texts and numbers that somebody reads again, beyond what their columns say of themselves.

A photo's time that is no time, or a line's cells that are no list, would stop whoever looks at the plot.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import orjson

from gengdi_desktop.domain.photo_questions import PhotoQuestion
from gengdi_desktop.evidence.photo_facts import PlaceGap, TimeGap
from gengdi_desktop.phases.sampling.records import SampleRole, SampleStatus, SeedSource

if TYPE_CHECKING:
    from gengdi_desktop.storage.journal import Value

Form = Callable[["Value"], bool]

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CELLS: Final = frozenset({str, int, type(None)})
_SHORTEST: Final = 8
"""Bytes: order, kind and number of rings."""
_ENDS: Final = 180 * 10**9
"""10⁻⁹ degree."""
_POLES: Final = 90 * 10**9
_CENTURY: Final = 36_525
"""Days."""
_CIRCLE: Final = 360_000
"""10⁻³ degree."""


def is_day(text: Value) -> bool:
    """Whether a text is an ISO date as the ledger writes it."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_wall_clock(text: Value) -> bool:
    """Whether a text is a time without a zone, as cameras and people say it; nothing is none."""
    if not isinstance(text, str):
        return False
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def is_row_of_cells(text: Value) -> bool:
    """Whether a text is a JSON array of plain values, or empty."""
    if text == "":
        return True
    try:
        found = orjson.loads(str(text))
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, list) and _CELLS.issuperset(map(type, found))


def is_outline(text: Value) -> bool:
    """Whether a text begins as the bytes of a shape do, in base64; its rings are judged by whoever draws them."""
    try:
        return len(base64.b64decode(str(text), validate=True)) > _SHORTEST
    except ValueError:
        return False


def _one_of(choices: type[StrEnum], *more: str) -> Form:
    allowed = {*(one.value for one in choices), *more}
    return lambda value: value in allowed


def _between(least: int, most: int) -> Form:
    return lambda value: isinstance(value, int) and least <= value <= most


_LONGITUDE, _LATITUDE, _DIRECTION = _between(-_ENDS, _ENDS), _between(-_POLES, _POLES), _between(0, _CIRCLE)

FORMS: Final[Mapping[tuple[str, str], Form]] = {
    ("campaign", "warning_days"): _between(0, _CENTURY),
    ("list_line", "cells"): is_row_of_cells,
    ("plot_list", "headers"): is_row_of_cells,
    ("photo", "taken_at"): is_wall_clock,
    ("photo", "said_at"): is_wall_clock,
    ("photo", "place_gap"): _one_of(PlaceGap, ""),
    ("photo", "time_gap"): _one_of(TimeGap, ""),
    ("photo", "longitude"): _LONGITUDE,
    ("photo", "latitude"): _LATITUDE,
    ("photo", "direction"): _DIRECTION,
    ("photo", "said_longitude"): _LONGITUDE,
    ("photo", "said_latitude"): _LATITUDE,
    ("photo", "said_direction"): _DIRECTION,
    ("photo_answer", "question"): _one_of(PhotoQuestion),
    ("plot", "centre_longitude"): _LONGITUDE,
    ("plot", "centre_latitude"): _LATITUDE,
    ("plot_shape", "outline"): is_outline,
    ("plot_shape", "west"): _LONGITUDE,
    ("plot_shape", "east"): _LONGITUDE,
    ("plot_shape", "south"): _LATITUDE,
    ("plot_shape", "north"): _LATITUDE,
    ("report", "document_date"): lambda text: text == "" or is_day(text),
    ("sample", "status"): _one_of(SampleStatus),
    ("sample", "seed_source"): _one_of(SeedSource, ""),
    ("sample_plot", "role"): _one_of(SampleRole),
}
"""By table and field; null is never asked about."""
