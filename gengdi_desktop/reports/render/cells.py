"""Text in the small cells of a ledger: measured once, wrapped fast, encoded for the page as it stands."""

from __future__ import annotations

from typing import Any

from gengdi_desktop.reports.fonts import Face, FontSet
from gengdi_desktop.reports.render.line_breaking import NO_END, NO_START
from gengdi_desktop.reports.typefaces import FontRole

_NARROWEST = 1.05
"""Ems below which a column cannot hold a character."""
_REMEMBERED = 20_000
"""Texts whose lines are kept; cells repeat, but a long ledger must not fill the memory."""

Run = tuple[str, str]
"""Name of an embedded font, and the codes of some characters in hexadecimal."""


class CellText:
    """Widths, lines and codes of one document.

    Args:
        fonts: The typefaces.
        document: The PDF document under construction, which numbers the characters it embeds.
    """

    def __init__(self, fonts: FontSet, document: Any) -> None:
        self.faces: dict[str, Face] = {}
        self._widths = {role: _Widths(fonts, role) for role in FontRole}
        self._codes = {role: _Codes(fonts, role, document, self.faces) for role in FontRole}
        self._lines: dict[tuple[FontRole, str, float], tuple[str, ...]] = {}

    def width(self, text: str, role: FontRole) -> float:
        """Ems of a text."""
        return sum(map(self._widths[role].__getitem__, text))

    def lines(self, text: str, role: FontRole, room: float) -> tuple[str, ...]:
        """The lines of a text in ``room`` ems; an empty text has one empty line."""
        key = (role, text, room)
        lines = self._lines.get(key)
        if lines is None:
            if len(self._lines) > _REMEMBERED:
                self._lines.clear()
            if "\n" not in text and self.width(text, role) <= room:
                lines = (text,)
            else:
                parts = text.split("\n")
                lines = tuple(line for part in parts for line in self._wrapped(part, role, max(room, _NARROWEST)))
            self._lines[key] = lines
        return lines

    def runs(self, text: str, role: FontRole) -> list[Run]:
        """The text cut where the embedded font changes."""
        runs: list[Run] = []
        name, codes = "", ""
        for font, code in map(self._codes[role].__getitem__, text):
            if font is name:
                codes += code
            else:
                if codes:
                    runs.append((name, codes))
                name, codes = font, code
        if codes:
            runs.append((name, codes))
        return runs

    def _wrapped(self, text: str, role: FontRole, room: float) -> list[str]:
        """Greedy lines; a mark that may not begin a line takes the character before it along."""
        widths = self._widths[role]
        lines: list[str] = []
        start = 0
        while start < len(text):
            end, width = start, 0.0
            while end < len(text):
                width += widths[text[end]]
                if width > room and end > start:
                    break
                end += 1
            cut = end
            while start + 1 < cut < len(text) and (text[cut] in NO_START or text[cut - 1] in NO_END):
                cut -= 1
            end = cut if cut > start + 1 or end == start + 1 else end
            end = _at_joint(text, start, end)
            lines.append(text[start:end].rstrip())
            start = end
            while start < len(text) and text[start] == " ":
                start += 1
        return lines or [""]


def _at_joint(text: str, start: int, end: int) -> int:
    """Rather after a hyphen than inside a number; ``end`` where there is none or nothing is torn."""
    if end < len(text) and text[end].isdigit() and text[end - 1].isdigit():
        joint = text.rfind("-", start, end)
        if joint > start and text[joint + 1 : end].isdigit():
            return joint + 1
    return end


class _Widths(dict[str, float]):
    """Advance of each character in one typeface, in ems; filled when asked."""

    def __init__(self, fonts: FontSet, role: FontRole) -> None:
        super().__init__()
        self._fonts = fonts
        self._role = role

    def __missing__(self, character: str) -> float:
        self[character] = width = self._fonts.measure(character, self._role)
        return width


class _Codes(dict[str, Run]):
    """Embedded font and code of each character in one typeface; filled when asked, names always the same object."""

    def __init__(self, fonts: FontSet, role: FontRole, document: Any, faces: dict[str, Face]) -> None:
        super().__init__()
        self._fonts = fonts
        self._role = role
        self._document = document
        self._faces = faces
        self._names: dict[str, str] = {}

    def __missing__(self, character: str) -> Run:
        face = self._fonts.face(character, self._role)
        self._faces.setdefault(face.key, face)
        ((subset, code),) = face.font.splitString(character, self._document)
        name = str(face.font.getSubsetInternalName(subset, self._document))
        run = (self._names.setdefault(name, name), bytes(code).hex())
        self[character] = run
        return run
