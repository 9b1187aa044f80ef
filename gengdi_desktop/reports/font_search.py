"""The clerk's own official fonts: found by name table, taken only where they may and can be embedded."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from gengdi_desktop.reports.typefaces import FontRole

WANTED: Mapping[FontRole, tuple[str, ...]] = {
    FontRole.FANG: ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"),
    FontRole.TITLE: ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXBSJW--GB1-0", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
    FontRole.KAI: ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"),
    FontRole.HEI: ("黑体", "SimHei"),
    FontRole.SONG: ("宋体", "SimSun"),
}
"""Names to look for in the name table, the best first; compared whole, so that NSimSun is not SimSun."""

_NAME_IDS = frozenset({1, 4, 6, 16})
_SUFFIXES = frozenset({".ttf", ".ttc", ".otf"})
_RESTRICTED = 0x0002
_NO_SUBSETTING = 0x0100
_BITMAPS_ONLY = 0x0200
_PROBE = "国"
_TTC_TAG = b"ttcf"
_MOST_IN_COLLECTION = 64
_MOST_TABLES = 256
_LONGEST_TABLE = 1_000_000
_CHINESE_PAGES = frozenset({(3, 3), (1, 25)})
_DAMAGED = (OSError, TTLibError, KeyError, ValueError, AssertionError, IndexError, struct.error)
"""What a damaged font file raises."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One face in a font file.

    Args:
        path: The file.
        index: Its number in a collection, else 0.
        names: Family, full and PostScript names in all languages.
    """

    path: Path
    index: int
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the search says of one role: the face to use, and the sentences about those that were passed over."""

    file: FontFile | None
    name: str
    notes: tuple[str, ...]


def own_directories() -> tuple[Path, ...]:
    """The folders where this computer and this person keep fonts."""
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        local = os.environ.get("LOCALAPPDATA")
        person = (Path(local) / "Microsoft" / "Windows" / "Fonts",) if local else ()
        return (windows, *person)
    return (
        home / ".local" / "share" / "fonts",
        home / ".fonts",
        Path("/usr/local/share/fonts"),
        Path("/usr/share/fonts"),
    )


def search(directories: Iterable[Path]) -> dict[FontRole, Found]:
    """Look for the official fonts in all files below the folders.

    Returns:
        For each role the best face that may be embedded; roles without any are absent unless one was passed over.
    """
    by_name: dict[str, FontFile] = {}
    for file in _faces(directories):
        for name in file.names:
            by_name.setdefault(name, file)
    found = {role: _best(role, names, by_name) for role, names in WANTED.items()}
    return {role: result for role, result in found.items() if result.file or result.notes}


def refusal(file: FontFile) -> str | None:
    """Why a face cannot be used, as the end of a Chinese sentence; None where it can."""
    try:
        with file.path.open("rb") as stream, TTFont(stream, fontNumber=file.index, lazy=True) as font:
            return _refusal(font)
    except _DAMAGED:
        return "的字体文件读不出来"


def _refusal(font: TTFont) -> str | None:
    if "glyf" not in font:
        return "不是 TrueType 轮廓，不能嵌入"
    rights = font["OS/2"].fsType if "OS/2" in font else 0
    if rights & _RESTRICTED or rights & _BITMAPS_ONLY:
        return "的许可不准嵌入文件"
    if rights & _NO_SUBSETTING:
        return "的许可不准只嵌入用到的字"
    glyph = font.getBestCmap().get(ord(_PROBE))
    if glyph is None:
        return "里没有汉字"
    if font["hmtx"][glyph][0] != font["head"].unitsPerEm:
        return "的汉字不是全宽，排不进公文的格子"
    return None


def _best(role: FontRole, names: Sequence[str], by_name: Mapping[str, FontFile]) -> Found:
    notes: list[str] = []
    refused: set[tuple[Path, int]] = set()
    for name in names:
        file = by_name.get(_folded(name))
        if file is None or (file.path, file.index) in refused:
            continue
        reason = refusal(file)
        if reason is None:
            return Found(file, name, tuple(notes))
        refused.add((file.path, file.index))
        notes.append(f"电脑里的“{name}”{reason}，{role.label}改用别的字体。")
    return Found(None, "", tuple(notes))


def _faces(directories: Iterable[Path]) -> Iterator[FontFile]:
    """All faces below the folders, in an order that does not depend on the file system."""
    for directory in directories:
        if not directory.is_dir():
            continue
        paths = (path for path in directory.rglob("*") if path.suffix.lower() in _SUFFIXES)
        for path in sorted(paths):
            for index in range(_count(path)):
                try:
                    yield FontFile(path, index, _names(path, index))
                except _DAMAGED:
                    continue  # a damaged file in the fonts folder is not ours to complain about


def _count(path: Path) -> int:
    """How many faces a file holds."""
    try:
        with path.open("rb") as stream:
            head = stream.read(12)
    except OSError:
        return 0
    if head[:4] != _TTC_TAG:
        return 1
    return min(int.from_bytes(head[8:12], "big"), _MOST_IN_COLLECTION)


def _names(path: Path, index: int) -> frozenset[str]:
    """Family, full and PostScript names, read from the name table alone: a computer may have a thousand fonts."""
    with path.open("rb") as stream:
        offset = 0
        if stream.read(4) == _TTC_TAG:
            stream.seek(12 + 4 * index)
            (offset,) = struct.unpack(">L", stream.read(4))
        stream.seek(offset + 4)
        (tables,) = struct.unpack(">H6x", stream.read(8))
        directory = stream.read(16 * min(tables, _MOST_TABLES))
        for tag, start, length in struct.iter_unpack(">4s4xLL", directory):
            if tag == b"name":
                stream.seek(start)
                return frozenset(_read_names(stream.read(min(length, _LONGEST_TABLE))))
    return frozenset()


def _read_names(table: bytes) -> Iterator[str]:
    """The wanted names of a name table; Windows and Unicode names, and old ones in a Chinese code page."""
    count, strings = struct.unpack_from(">2xHH", table)
    for number in range(count):
        platform, encoding, _language, kind, length, start = struct.unpack_from(">6H", table, 6 + 12 * number)
        if kind in _NAME_IDS:
            raw = table[strings + start : strings + start + length]
            code = "gbk" if (platform, encoding) in _CHINESE_PAGES else "latin-1" if platform == 1 else "utf-16-be"
            yield _folded(raw.decode(code, errors="replace"))


def _folded(name: str) -> str:
    return name.strip().casefold()
