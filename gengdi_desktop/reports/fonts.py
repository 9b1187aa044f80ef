"""The typefaces of a report: own official fonts before bundled ones, a stand-in for each character, no empty box."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFError, TTFont

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.reports.font_search import FontFile, Found, own_directories, search
from gengdi_desktop.reports.typefaces import FontRecord, FontRole

BUNDLED: Mapping[FontRole, str] = {
    FontRole.FANG: "GengdiFang.ttf",
    FontRole.TITLE: "GengdiBiaoSong.ttf",
    FontRole.KAI: "GengdiKai.ttf",
    FontRole.HEI: "GengdiHei.ttf",
    FontRole.SONG: "GengdiSong.ttf",
}
_SUBSTITUTES: Mapping[FontRole, tuple[FontRole, ...]] = {
    FontRole.FANG: (FontRole.SONG, FontRole.HEI),
    FontRole.TITLE: (FontRole.HEI,),
    FontRole.KAI: (FontRole.SONG, FontRole.HEI),
    FontRole.SONG: (FontRole.HEI,),
    FontRole.HEI: (FontRole.SONG,),
}
_ILL_DRAWN: Mapping[FontRole, str] = {FontRole.FANG: "…"}
"""Characters that a bundled font has but draws badly: its dots stand in two heaps instead of one row."""
_PER_MILLE = 1000
_BASIC_PLANE = 0xFFFF
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Face:
    """A loaded face."""

    record: FontRecord
    font: TTFont

    @property
    def key(self) -> str:
        """The name under which the PDF library knows it."""
        return str(self.font.fontName)

    def has(self, character: str) -> bool:
        """Whether it draws the character, and well."""
        if self.record.bundled and character in _ILL_DRAWN.get(self.record.role, ""):
            return False
        return ord(character) in self.font.face.charToGlyph

    def width(self, character: str) -> float:
        """Advance in ems."""
        face = self.font.face
        return float(face.charWidths.get(ord(character), face.defaultWidth)) / _PER_MILLE


class FontSet:
    """The faces of one rendering and the order in which they stand in for each other.

    Args:
        faces: For each role the faces to try, the best first.
        notes: Sentences about fonts that were passed over.
    """

    def __init__(self, faces: Mapping[FontRole, tuple[Face, ...]], notes: tuple[str, ...] = ()) -> None:
        self._faces = faces
        self.notes = notes
        self._cache: dict[tuple[str, str], Face | None] = {}
        self._widths: dict[tuple[str, str], float] = {}

    def face(self, character: str, role: str) -> Face:
        """The first face that has the character.

        Raises:
            RuleError: ``glyph_missing`` where no font has it.
        """
        face = self._find(character, role)
        if face is None:
            raise _missing([character])
        return face

    def measure(self, character: str, role: str) -> float:
        """Advance of a character in ems; the signature that line breaking asks for."""
        key = (character, role)
        width = self._widths.get(key)
        if width is None:
            width = self._widths[key] = self.face(character, role).width(character)
        return width

    def require(self, texts: Iterable[str]) -> None:
        """Stop before anything is written if a character has no glyph in any font.

        Raises:
            RuleError: ``glyph_missing``, naming the characters.
        """
        characters = sorted(set().union(*(set(text) for text in texts)))
        missing = [character for character in characters if self._find(character, FontRole.FANG) is None]
        if missing:
            raise _missing(missing)

    def preferred(self, role: FontRole) -> Face:
        """The face that is tried first."""
        return self._faces[role][0]

    def loaded(self) -> frozenset[tuple[str, int]]:
        """Hash and face number of every font that may draw."""
        faces = (face for chain in self._faces.values() for face in chain)
        return frozenset((face.record.sha256, face.record.index) for face in faces)

    def _find(self, character: str, role: str) -> Face | None:
        key = (character, role)
        if key not in self._cache:
            candidates = self._faces[FontRole(role)]
            self._cache[key] = next((face for face in candidates if face.has(character)), None)
        return self._cache[key]


def load_fonts(
    bundled: Path, own: Sequence[Path] | None = None, *, pinned: Sequence[FontRecord] | None = None
) -> FontSet:
    """The fonts for a rendering.

    Args:
        bundled: Folder with the program's own fonts.
        own: Folders to search for official fonts; None means this computer's, empty means none.
        pinned: The fonts of an earlier rendering: exactly these are used, wherever they lie now.

    Raises:
        SurroundingsError: ``font_missing`` where a bundled font is damaged or a pinned one is gone.
    """
    if pinned is not None and all(record.bundled for record in pinned):
        own = ()
    found = _searched(tuple(own_directories() if own is None else own))
    notes: list[str] = []
    first: dict[FontRole, tuple[Face, ...]] = {}
    for role in FontRole:
        result = found.get(role)
        face = _own_face(role, result.file, result.name, notes) if result and result.file else None
        notes.extend(result.notes if result else ())
        if face and pinned is not None and face.record.identity not in {record.identity for record in pinned}:
            face = None
        first[role] = (*((face,) if face else ()), _bundled_face(bundled, role))
    chains = {
        role: first[role] + tuple(face for other in _SUBSTITUTES[role] for face in first[other]) for role in FontRole
    }
    fonts = FontSet(chains, tuple(notes))
    _require_pinned(fonts, pinned or ())
    return fonts


@lru_cache(maxsize=4)
def _searched(directories: tuple[Path, ...]) -> Mapping[FontRole, Found]:
    """:func:`font_search.search`, once for each set of folders and run of the program."""
    return search(directories)


def _require_pinned(fonts: FontSet, pinned: Sequence[FontRecord]) -> None:
    gone = [record for record in pinned if record.identity not in fonts.loaded()]
    if gone:
        names = "、".join(f"{record.family}（{record.sha256[:8].upper()}）" for record in gone)
        raise SurroundingsError(
            "font_missing",
            f"这份报告当时用的字体现在找不到或已换了版本：{names}。已留存的文件没有变。",
            "请在装有这些字体的电脑上重做，或直接取用留存的文件。",
        )


def _bundled_face(folder: Path, role: FontRole) -> Face:
    path = folder / BUNDLED[role]
    try:
        return _load(role, path, 0, "", bundled=True)
    except (OSError, TTFError) as error:
        raise SurroundingsError(
            "font_missing", f"随程序提供的字体 {path.name} 不见了或已损坏，报告没有生成。", "请重新安装本程序。"
        ) from error


def _own_face(role: FontRole, file: FontFile, name: str, notes: list[str]) -> Face | None:
    """An own font, if the PDF library can really embed it."""
    try:
        face = _load(role, file.path, file.index, name, bundled=False)
        face.font.face.makeSubset([0, ord("国"), ord("0")])
    except Exception:  # noqa: BLE001  # whatever a foreign font file does, the bundled one stands in
        notes.append(f"电脑里的“{name}”不能嵌入文件，{role.label}改用随程序的字体。")
        return None
    return face


def _load(role: FontRole, path: Path, index: int, name: str, *, bundled: bool) -> Face:
    family, version, digest, font = _opened(path, index)
    return Face(FontRecord(role, name or family, version, digest, index, bundled), font)


class _ReadableFont(TTFont):
    """A font whose rare characters can be copied and searched.

    The library writes the code of a character beyond U+FFFF as five digits into the table by which readers find text
    again; they then read another character: 𬒈 becomes Ⱈ. As two halves (UTF-16) it is read right.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802  # the library's name
        """Put the font into the document, with a table that holds rare characters too."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            rare = [(code, character) for code, character in enumerate(subset) if character > _BASIC_PLANE]
            if rare:
                name = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode("latin-1")
                stream = doc.idToObject[f"toUnicodeCMap:{name}"]
                for code, character in rare:
                    halves = chr(character).encode("utf-16-be").hex().upper()
                    stream.content = stream.content.replace(
                        f"<{code:02X}> <{character:04X}>", f"<{code:02X}> <{halves}>"
                    )


@lru_cache(maxsize=32)
def _opened(path: Path, index: int) -> tuple[str, str, str, TTFont]:
    """Family, version, hash and the face, registered once under a name that follows from its content."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    family, version = _described(path, index)
    font = _ReadableFont(f"{digest[:12]}-{index}", str(path), subfontIndex=index, asciiReadable=False, shapable=False)
    pdfmetrics.registerFont(font)
    return family, version, digest, font


def _described(path: Path, index: int) -> tuple[str, str]:
    """Family and version from the name table, Chinese before English."""
    from fontTools.ttLib import TTFont as NameFont

    with NameFont(path, fontNumber=index, lazy=True) as font:
        table = font["name"]
        chinese = table.getName(1, 3, 1, 0x0804)
        return str(chinese or table.getDebugName(1) or ""), str(table.getDebugName(5) or "")


def _missing(characters: Sequence[str]) -> RuleError:
    named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in characters[:_SHOWN])
    more = f"等 {len(characters)} 个字" if len(characters) > _SHOWN else ""
    return RuleError(
        "glyph_missing",
        f"所有字体里都没有{named}{more}，报告没有生成，台账没有变。",
        "请改用别的写法，或在电脑里装上有这个字的仿宋、宋体，再做一次。",
    )
