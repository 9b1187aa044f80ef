"""Values of a JSON text from a stranger, each taken only in the one form that it may have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST = 200
_YEARS = range(1970, 9999)
"""A clock may be wrong by decades; a time that no zone of the world could show is none."""


class UnfitError(ValueError):
    """A value has not the form that its place asks for; whoever reads the whole words it for people."""


def record(value: Any, keys: Sequence[str], *, strict: bool) -> Mapping[str, Any]:
    """An object with these keys; with others too where ``strict`` is false."""
    if not isinstance(value, dict) or not set(keys) <= set(value) or (strict and len(value) != len(keys)):
        raise UnfitError("record")
    return value


def array(value: Any, *, most: int) -> list[Any]:
    """A list of at most so many values."""
    if not isinstance(value, list) or len(value) > most:
        raise UnfitError("array")
    return value


def text(value: Any, *, longest: int = _LONGEST) -> str:
    """A text without signs that do not print."""
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise UnfitError("text")
    return value


def count(value: Any, *, least: int = 0) -> int:
    """An integer that is not below ``least``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise UnfitError("count")
    return value


def flag(value: Any) -> bool:
    """0 or 1."""
    return bool(count(value)) if value in (0, 1) else _unfit()


def digest(value: Any) -> str:
    """A SHA-256 in 64 lower-case hex digits."""
    return value if isinstance(value, str) and _DIGEST.fullmatch(value) else _unfit()


def ledger_id(value: Any) -> str:
    """128 random bits in 32 lower-case hex digits, as ledgers and packages are named."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else _unfit()


def moment(value: Any) -> datetime:
    """A time ``YYYY-MM-DDTHH:MM:SSZ``, aware."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise UnfitError("moment")
    try:
        found = datetime.strptime(value, _FORM).replace(tzinfo=UTC)
    except ValueError as error:
        raise UnfitError("moment") from error
    return found if found.year in _YEARS else _unfit()


def moment_text(at: datetime) -> str:
    """An aware time as :func:`moment` reads it, cut to seconds."""
    return at.astimezone(UTC).strftime(_FORM)


def _unfit() -> Any:
    raise UnfitError("value")
