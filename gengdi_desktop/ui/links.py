"""Where a press leads, as a text: a page of the window and what it should show."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode


def link(page: str, **wish: str) -> str:
    """Where a press leads: a page and what it should show."""
    return f"{page}?{urlencode(wish)}" if wish else page


def linked(told: str) -> tuple[str, dict[str, str] | None]:
    """Page and wish of a link; no wish where none is said."""
    page, _, wish = told.partition("?")
    return page, dict(parse_qsl(wish)) or None
