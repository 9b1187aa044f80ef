"""The content model as canonical JSON and back, so that a frozen paper can be drawn again years later."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.reports.document import (
    Annex,
    CellKind,
    Colophon,
    Column,
    Document,
    Figure,
    Form,
    Paper,
    Paragraph,
    RegisterPaper,
    Section,
    SignatureBlock,
    Signer,
    Table,
)
from gengdi_desktop.storage.journal import plain_json

FORMAT = "gengdi-paper/1"

_TYPES: dict[str, type[Any]] = {
    one.__name__: one
    for one in (
        Annex,
        Colophon,
        Column,
        Document,
        Figure,
        Paragraph,
        RegisterPaper,
        Section,
        SignatureBlock,
        Signer,
        Table,
    )
}
_ENUMS: dict[str, type[Enum]] = {one.__name__: one for one in (CellKind, Form)}


def paper_json(paper: Paper) -> bytes:
    """Canonical JSON: keys sorted, no spaces, each text NFC; each object names its type under ``is``."""
    plain = {"format": FORMAT, "paper": _plain(paper)}
    return plain_json(plain)


def paper_of(data: bytes) -> Paper:
    """The paper that :func:`paper_json` wrote.

    Raises:
        SurroundingsError: ``paper_unreadable``.
    """
    try:
        found = json.loads(data)
        paper = _made(found["paper"]) if found["format"] == FORMAT else None
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error
    if not isinstance(paper, (Document, RegisterPaper)):
        raise _unreadable()
    return paper


def _unreadable() -> SurroundingsError:
    return SurroundingsError(
        "paper_unreadable", "这份报告的内容记录读不出来，留存的报告文件没有变。", "请直接取用留存的文件。"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return {"is": type(value).__name__, "value": value.value}
    if isinstance(value, Area):
        return {"is": "Area", "value": value.exact()}
    if isinstance(value, date):
        return {"is": "date", "value": value.isoformat()}
    if is_dataclass(value):
        named = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {"is": type(value).__name__, **named}
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)  # text by text: over the whole JSON an escape would join with a mark
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_made(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = value.pop("is")
    if kind == "Area":
        return Area.parse(value["value"])
    if kind == "date":
        return date.fromisoformat(value["value"])
    if kind in _ENUMS:
        return _ENUMS[kind](value["value"])
    return _TYPES[kind](**{name: _made(one) for name, one in value.items()})
