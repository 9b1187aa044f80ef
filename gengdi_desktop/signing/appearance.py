"""The visible block of a signature: role, name and time as plain text; no seal is drawn, its place stays blank."""

from __future__ import annotations

import functools
import io
from datetime import datetime, timedelta, timezone

from fontTools import subset
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import TextStampStyle

from gengdi_desktop.errors import RuleError
from gengdi_desktop.system.resources import resource

CHINA_TIME = timezone(timedelta(hours=8))
"""Times on paper are those of the country, whatever the computer is set to."""

_FONTS = ("fonts/GengdiSong.ttf", "fonts/GengdiHei.ttf")
"""The second one has the rare characters of names that the first one lacks."""

_FONT_SIZE = 9
_LEADING = 12
_ALWAYS = "0123456789-: "
"""Kept in every subset, so that the next signature of the same person finds it made already."""


def appearance(role: str, person: str, at: datetime) -> TextStampStyle:
    """How the field looks once it is signed.

    Args:
        role: Label of the field (``经办人``).
        person: Name of the signer, with the mark of a sample where there is one.
        at: Claimed time, aware; shown in China time to the minute.

    Raises:
        RuleError: ``glyph_missing``: a character of the name is in no font of ours.
    """
    text = f"{role}：{person}\n{at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"
    font = _SubsetFont(_subset(_font_for(text), frozenset(text + _ALWAYS)))
    return TextStampStyle(
        stamp_text=text.replace("%", "%%"),
        text_box_style=TextBoxStyle(font=font, font_size=_FONT_SIZE, leading=_LEADING, border_width=0),
        inner_content_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MIN,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins(left=1, right=1, top=1, bottom=1),
            inner_content_scaling=InnerScaling.SHRINK_TO_FIT,
        ),
        border_width=0,
        background=None,
    )


class _SubsetFont(FontEngineFactory):
    """Gives the writer a font that is in memory already and small: opening the whole one costs 100 ms each time."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: object = None) -> GlyphAccumulator:
        return GlyphAccumulator(writer, io.BytesIO(self._data), font_size=_FONT_SIZE, obj_stream=obj_stream)


def _font_for(text: str) -> str:
    """The first font that has every character; two fonts in one block of two lines would look like a forgery."""
    wanted = {ord(char) for char in text if char != "\n"}
    for name in _FONTS:
        if wanted <= _characters(name):
            return name
    missing = "、".join(sorted(chr(code) for code in wanted - _characters(_FONTS[-1])))
    raise RuleError(
        "glyph_missing",
        f"字体里没有“{missing}”，签名栏里会成为空框，没有签名。",
        "请核对证书里的姓名；确是这个字，请换用通行字形另建身份。",
    )


@functools.cache
def _characters(name: str) -> frozenset[int]:
    with TTFont(resource(name), lazy=True) as font:
        return frozenset(font.getBestCmap())


@functools.lru_cache(maxsize=16)
def _subset(name: str, characters: frozenset[str]) -> bytes:
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"])
    with TTFont(resource(name), lazy=True, recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(sorted(characters - {"\n"})))
        subsetter.subset(font)
        small = io.BytesIO()
        font.save(small)
    return small.getvalue()
