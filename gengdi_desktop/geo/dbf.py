"""Attribute tables of shapefiles: cells as the texts that the file holds, whatever coding it is in."""

from __future__ import annotations

import struct
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

import numpy as np

from gengdi_desktop.geo.layers import DATE, ERROR, FLAG, NUMBER, TEXT, number_text
from gengdi_desktop.geo.refusals import refusal

_HEADER: Final = 32
_FIELD: Final = 32
_END: Final = 0x0D
_GBK_DRIVERS: Final = frozenset({0x4D, 0x7A})
_DATE_DIGITS: Final = 8
_MOST_FIELDS: Final = 1000
_KINDS: Final = {"N": NUMBER, "F": NUMBER, "I": NUMBER, "O": NUMBER, "B": NUMBER, "L": FLAG, "D": DATE}
_FLAGS: Final = {"T": "TRUE", "Y": "TRUE", "F": "FALSE", "N": "FALSE"}
_ASCII: Final = 127
_CUT: Final = 4
"""A character takes at most so many bytes: half of one may stand at the end of a full cell."""
_WIDE: Final = {"utf-8", "utf8", "65001"}
_CHINESE: Final = {"gbk", "gb2312", "gb18030", "936", "cp936", "ansi936", "ansi 936", "54936", "oem", "ansi"}


class _Field(NamedTuple):
    name: bytes
    kind: str
    offset: int
    width: int


class Table:
    """An attribute table in memory.

    Args:
        data: The bytes of the file.
        coding: What the ``.cpg`` beside it says; empty where there is none.

    Raises:
        SurroundingsError: ``dbf_damaged``.
    """

    def __init__(self, data: bytes, coding: str = "") -> None:
        if len(data) <= _HEADER:
            raise refusal("dbf_damaged")
        count, header, width = struct.unpack_from("<IHH", data, 4)
        self._fields = _fields(data, header)
        wanted = sum(field.width for field in self._fields) + 1
        rest = len(data) - header
        if not self._fields or width < wanted or rest < 0 or count * width > rest:
            raise refusal("dbf_damaged")
        self.count = int(count)
        self._cells = np.frombuffer(data, np.uint8, count * width, header).reshape(self.count, width)
        self.coding, self.guessed = self._told_coding(coding, data[29])
        self.fields = tuple(_text(field.name, self.coding) for field in self._fields)
        self.broken_texts = 0

    @property
    def deleted(self) -> list[bool]:
        """Which records are struck off."""
        return [bool(mark) for mark in self._cells[:, 0] == ord("*")]

    def rows(self, first: int, last: int) -> list[tuple[str, list[str]]]:
        """Kinds and texts of some records."""
        cells = self._cells[first:last]
        kinds = "".join(_KINDS.get(field.kind, TEXT) for field in self._fields)
        columns = [self._column(field, cells) for field in self._fields]
        found = [(kinds, list(texts)) for texts in zip(*columns, strict=True)]
        for at, field in enumerate(self._fields):
            if _KINDS.get(field.kind) == NUMBER:
                for row, text in enumerate(columns[at]):
                    if text.startswith("#"):
                        own = found[row][0]
                        found[row] = own[:at] + ERROR + own[at + 1 :], found[row][1]
        return found

    def _column(self, field: _Field, cells: np.ndarray) -> list[str]:
        block = cells[:, field.offset : field.offset + field.width].tobytes()
        starts = range(0, len(block), field.width)
        if field.kind in {"I", "O", "B"}:
            return [_binary(block[start : start + field.width]) for start in starts]
        if block.isascii():
            text = block.decode("ascii").replace("\x00", " ")
            texts = [text[start : start + field.width].strip() for start in starts]
        else:
            texts = self._foreign(block, field.width)
        match field.kind:
            case "N" | "F":
                return [text if text.replace(".", "", 1).isdigit() else _number(text) for text in texts]
            case "D":
                return [_day(text) for text in texts]
            case "L":
                return [_FLAGS.get(text.upper(), "") for text in texts]
            case "C":
                return texts
            case _:
                return [""] * len(texts)  # notes in a file beside it; no list keeps its facts there

    def _foreign(self, block: bytes, width: int) -> list[str]:
        known: dict[bytes, str] = {}
        found = []
        for start in range(0, len(block), width):
            raw = block[start : start + width]
            text = known.get(raw)
            if text is None:
                text = known[raw] = _text(raw, self.coding)
                self.broken_texts += "\ufffd" in text
            found.append(text)
        return found

    def _told_coding(self, said: str, driver: int) -> tuple[str, bool]:
        """The coding, and whether it had to be tried out."""
        plain = said.strip().lower().replace("_", "").removeprefix("cp")
        told = "utf-8" if plain in _WIDE else "gb18030" if plain in _CHINESE or driver in _GBK_DRIVERS else ""
        if told and self._fits(told):
            return told, False
        return next((coding for coding in ("utf-8", "gb18030") if self._fits(coding)), told or "gb18030"), True

    @property
    def foreign(self) -> bool:
        """Whether any name or text needs a coding at all."""
        texts = (
            self._cells[:, field.offset : field.offset + field.width].max(initial=0)
            for field in self._fields
            if field.kind == "C"
        )
        return not all(field.name.isascii() for field in self._fields) or any(top > _ASCII for top in texts)

    def _fits(self, coding: str) -> bool:
        """Whether all texts can be read so; a last character that the width has cut in two does not count."""
        for field in self._fields:
            if field.kind == "C":
                block = self._cells[:, field.offset : field.offset + field.width].tobytes()
                if not block.isascii() and not _readable(block, field.width, coding):
                    return False
        return all(_whole(field.name, coding) for field in self._fields)


def _fields(data: bytes, header: int) -> list[_Field]:
    found: list[_Field] = []
    offset, at = 1, _HEADER
    while at + _FIELD <= min(header, len(data)) and data[at] != _END and len(found) < _MOST_FIELDS:
        name = data[at : at + 11].split(b"\x00")[0].strip()
        kind, width = chr(data[at + 11]).upper(), data[at + 16]
        if kind == "C":
            width += data[at + 17] << 8  # wide texts put the rest of their width where decimals stand
        found.append(_Field(name, kind, offset, width))
        offset += width
        at += _FIELD
    if any(not field.width or not field.name for field in found):
        raise refusal("dbf_damaged")
    return found


def _readable(block: bytes, width: int, coding: str) -> bool:
    different = {block[start : start + width] for start in range(0, len(block), width)}
    return all(_whole(raw, coding) for raw in different)


def _whole(raw: bytes, coding: str) -> bool:
    return any(_strict(raw.rstrip(b" \x00")[: len(raw) - cut], coding) is not None for cut in range(_CUT))


def _strict(raw: bytes, coding: str) -> str | None:
    try:
        return raw.decode(coding)
    except UnicodeDecodeError:
        return None


def _text(raw: bytes, coding: str) -> str:
    """The text of a cell; half a character at the end, where the width has cut it, is left out."""
    stripped = raw.replace(b"\x00", b" ").rstrip()
    for cut in range(_CUT):
        found = _strict(stripped[: len(stripped) - cut], coding)
        if found is not None:
            return found.strip()
    return stripped.decode(coding, errors="replace").strip()


def _number(text: str) -> str:
    if not text or set(text) == {"*"}:
        return "#NUM!" if text else ""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite():
        return "#NUM!"
    # ArcGIS writes its floats with a power: fifteen digits of that are the number.
    return number_text(float(f"{float(value):.15g}")) if "e" in text.lower() else format(value, "f")


def _day(text: str) -> str:
    if len(text) != _DATE_DIGITS or not text.isdigit() or text == "0" * _DATE_DIGITS:
        return ""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _binary(raw: bytes) -> str:
    if len(raw) == struct.calcsize("<i"):
        return str(struct.unpack("<i", raw)[0])
    return number_text(struct.unpack("<d", raw)[0]) if len(raw) == struct.calcsize("<d") else ""
