"""Typefaces by what they are for, and the fonts that a report remembers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class FontRole(StrEnum):
    """What a typeface is for on an official page."""

    FANG = "fang"
    TITLE = "title"
    KAI = "kai"
    HEI = "hei"
    SONG = "song"

    @property
    def label(self) -> str:
        """The Chinese name of the typeface."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    FontRole.FANG: "仿宋",
    FontRole.TITLE: "小标宋",
    FontRole.KAI: "楷体",
    FontRole.HEI: "黑体",
    FontRole.SONG: "宋体",
}


@dataclass(frozen=True, slots=True)
class FontRecord:
    """A font as a report remembers it: page breaks depend on it.

    Args:
        role: What it was used for.
        family: Family name from the name table.
        version: Version text from the name table.
        sha256: Of the whole font file, hex.
        index: Number of the face in a collection, else 0.
        bundled: Whether it came with the program.
    """

    role: FontRole
    family: str
    version: str
    sha256: str
    index: int
    bundled: bool

    @property
    def identity(self) -> tuple[str, int]:
        """What makes it the same font: hash and face number."""
        return (self.sha256, self.index)

    @property
    def sentence(self) -> str:
        """One line for the export log."""
        origin = "随程序提供" if self.bundled else "本机安装"
        version = self.version or "版本不详"
        return f"{self.role.label}：{self.family}（{origin}，{version}，校验码 {self.sha256[:8].upper()}）"


def fonts_json(fonts: Iterable[FontRecord]) -> str:
    """The fonts of a report as one text."""
    return json.dumps([asdict(record) for record in fonts], ensure_ascii=False, sort_keys=True)


def fonts_of(text: str) -> tuple[FontRecord, ...]:
    """What :func:`fonts_json` wrote."""
    return tuple(FontRecord(**record | {"role": FontRole(record["role"])}) for record in json.loads(text))
