"""The sets of characters that the bundled fonts must have."""

from __future__ import annotations

import bz2
import re
from collections.abc import Iterable
from pathlib import Path

LATIN = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))}
EXTRA = set(
    "〔〕【】《》〈〉「」『』“”‘’—…·～、。，；：？！（）％‰℃°㎡㎞㎜㎏"
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
    "■□▲△●○◎★☆√×÷±≤≥≠≈∶／＼＋－＝＜＞¥￥№§〇☑☒✓✗→←↑↓–•′″²³–—"
)
_HAN_BLOCKS = (range(0x3400, 0xA000), range(0xF900, 0xFB00))
_GENERAL_LINE = re.compile(r"U\+([0-9A-F]+)\tkTGH\t")


def gb2312_han() -> set[str]:
    """The 6,763 Chinese characters of GB 2312."""
    return _decoded(range(0xB0, 0xF8), range(0xA1, 0xFF), "gb2312")


def gb2312_symbols() -> set[str]:
    """The signs, letters and numbers of GB 2312."""
    return _decoded(range(0xA1, 0xAA), range(0xA1, 0xFF), "gb2312")


def gbk_han() -> set[str]:
    """The Chinese characters of GBK."""
    every = _decoded(range(0x81, 0xFF), range(0x40, 0xFF), "gbk")
    return {char for char in every if any(ord(char) in block for block in _HAN_BLOCKS)}


def general_table(readings: Path) -> set[str]:
    """The 8,105 characters of the 通用规范汉字表.

    Args:
        readings: ``Unihan_OtherMappings.txt.bz2`` of the Unicode character database (Debian: unicode-data).
    """
    with bz2.open(readings, "rt", encoding="utf-8") as lines:
        return {chr(int(match[1], 16)) for line in lines if (match := _GENERAL_LINE.match(line))}


def _decoded(leads: Iterable[int], trails: Iterable[int], encoding: str) -> set[str]:
    pairs = [bytes([lead, trail]) for lead in leads for trail in trails]
    return {text for pair in pairs if (text := pair.decode(encoding, errors="ignore")) and len(text) == 1}
