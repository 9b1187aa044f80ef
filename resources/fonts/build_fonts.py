"""Make the bundled fonts anew from the packages named in NOTICE.md.

    python build_fonts.py SOURCES OUT [FILE …]

SOURCES holds the unpacked packages: ``texlive-lang-chinese/``, ``fonts-lxgw-wenkai/`` and ``unicode-data/`` as
``dpkg-deb -x`` leaves them, ``noto-serif-sc/`` and ``noto-sans-sc/`` as ``npm pack`` and ``tar`` do.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from charsets import EXTRA, LATIN, gb2312_han, gb2312_symbols, gbk_han, general_table
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

MAX_ERROR = 1.5
"""How far a curve may move when it becomes quadratic, in thousandths of an em."""
ENGLISH, CHINESE = 0x409, 0x804
EDITABLE_EMBEDDING = 8
DROPPED = [
    "vhea",
    "vmtx",
    "VORG",
    "BASE",
    "DSIG",
    "meta",
    "GSUB",
    "GPOS",
    "GDEF",
    "VDMX",
    "LTSH",
    "hdmx",
    "gasp",
    "kern",
]


@dataclass(frozen=True)
class Face:
    """One font to make.

    Attributes:
        source: Path below the folder of packages.
        file: Name of the result.
        english: Family name; it uses no reserved name of the original.
        chinese: Family name in Chinese.
        note: What was changed, for the description record.
        every: Whether it has all of GBK, or only the general table and GB 2312.
    """

    source: str
    file: str
    english: str
    chinese: str
    note: str = "Subset, renamed."
    every: bool = False


FACES = (
    Face(
        "texlive-lang-chinese/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
        "GengdiFang.ttf",
        "Gengdi Fang",
        "耕地仿宋",
        "CFF to TrueType conversion and subset.",
    ),
    Face("noto-serif-sc/900Black/NotoSerifSC_900Black.ttf", "GengdiBiaoSong.ttf", "Gengdi BiaoSong", "耕地标宋"),
    Face("noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf", "GengdiSong.ttf", "Gengdi Song", "耕地宋体"),
    Face("noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf", "GengdiHei.ttf", "Gengdi Hei", "耕地黑体", every=True),
    Face("noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf", "GengdiUI.ttf", "Gengdi UI", "耕地界面"),
    Face(
        "fonts-lxgw-wenkai/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        "GengdiKai.ttf",
        "Gengdi Kai",
        "耕地楷体",
        "Subset, renamed (reserved font names LXGW/霞鹜 not used).",
    ),
)


def make(face: Face, sources: Path, out: Path, characters: set[str]) -> None:
    """Subset, convert where needed, rename and save one font."""
    # The time in the head stays that of the original, so that the same packages give the same bytes.
    font = TTFont(sources / face.source, recalcTimestamp=False)
    _subset(font, characters)
    if "CFF " in font:
        _to_truetype(font)
    if font["OS/2"].fsType == EDITABLE_EMBEDDING:
        # The GPL of the original gives this right.
        font["OS/2"].fsType = 0
    font["OS/2"].recalcUnicodeRanges(font)
    _rename(font, face)
    font.save(out / face.file)
    print(f"{face.file:20s} {(out / face.file).stat().st_size / 1e6:6.2f} MB {font['maxp'].numGlyphs} glyphs")


def _subset(font: TTFont, characters: set[str]) -> None:
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.drop_tables += DROPPED
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters])
    subsetter.subset(font)


def _to_truetype(font: TTFont) -> None:
    """Turn cubic outlines into quadratic ones: the PDF library embeds TrueType only."""
    order = font.getGlyphOrder()
    outlines = font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder = order
    table.glyphs = glyphs
    for name in order:
        glyphs[name].recalcBounds(table)
        # The left side bearing must equal the left edge of the new outline.
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyphs[name], "xMin", 0))
    _truetype_headers(font)


def _truetype_headers(font: TTFont) -> None:
    largest = font["maxp"]
    largest.tableVersion = 0x00010000
    largest.maxZones = 1
    for limit in [
        "TwilightPoints",
        "Storage",
        "FunctionDefs",
        "InstructionDefs",
        "StackElements",
        "SizeOfInstructions",
        "ComponentElements",
        "Points",
        "Contours",
        "CompositePoints",
        "CompositeContours",
        "ComponentDepth",
    ]:
        setattr(largest, f"max{limit}", 0)
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    post = font["post"]
    post.formatType = 3.0
    post.extraNames = []
    post.mapping = {}
    font.sfntVersion = "\x00\x01\x00\x00"


def _rename(font: TTFont, face: Face) -> None:
    names = font["name"]
    copyright_, licence, address = (names.getDebugName(number) for number in (0, 13, 14))
    original = names.getDebugName(4)
    postscript = face.english.replace(" ", "") + "-Regular"
    records = {
        0: copyright_ or "",
        1: face.english,
        2: "Regular",
        3: f"{postscript};gengdi",
        4: face.english,
        5: "Version 1.000",
        6: postscript,
        10: f'{face.note} Derived from "{original}".',
        13: licence,
        14: address,
    }
    names.names = []
    for number, text in records.items():
        if text:
            names.setName(text, number, 3, 1, ENGLISH)
    for number in (1, 4):
        names.setName(face.chinese, number, 3, 1, CHINESE)


def main() -> None:
    """Make the fonts named on the command line, else all."""
    sources, out, only = Path(sys.argv[1]), Path(sys.argv[2]), set(sys.argv[3:])
    readings = sources / "unicode-data/usr/share/unicode/Unihan_OtherMappings.txt.bz2"
    usual = LATIN | EXTRA | gb2312_symbols() | gb2312_han() | general_table(readings)
    for face in FACES:
        if not only or face.file in only:
            make(face, sources, out, usual | gbk_han() if face.every else usual)


if __name__ == "__main__":
    main()
