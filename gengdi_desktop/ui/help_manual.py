"""The manual as pages, sections and what is found in them; the text is that of ``docs/user``, nothing is kept twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gengdi_desktop.system.pinyin import matcher

CONTENTS: Final = "目录"
KEYS: Final = "快捷键"
_HEADING: Final = re.compile(r"^(#{1,3}) +(.+?) *$")
_LINK: Final = re.compile(r"\]\(([^)#:/]+)\.md\)")
_MARKS: Final = re.compile(r"[`*>|]+|\[([^\]]*)\]\([^)]*\)")
_CELL_RULE: Final = re.compile(r"^\|[ :|-]+\|$")
_SNIPPET: Final = 28
_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a page and the plain words under it, line by line."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManualPage:
    """One page: what its file is called, its first heading, the markdown, and its sections."""

    code: str
    title: str
    markdown: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Where something was found: page, heading, and the words around it."""

    page: str
    title: str
    heading: str
    snippet: str


class Manual:
    """All pages, in the order of the table of contents; pages that it does not name come last."""

    def __init__(self, pages: Iterable[ManualPage]) -> None:
        found = {one.code: one for one in pages}
        contents = found.get(CONTENTS)
        named = _LINK.findall(contents.markdown) if contents else []
        order = dict.fromkeys((*([CONTENTS] if contents else []), *named, *sorted(found)))
        self.pages: tuple[ManualPage, ...] = tuple(found[code] for code in order if code in found)

    def page(self, code: str) -> ManualPage | None:
        """The page of a file's name without its ending."""
        return next((one for one in self.pages if one.code == code), None)

    def search(self, typed: str) -> tuple[Hit, ...]:
        """Where the words stand; headings are found by pinyin and initials too and come first."""
        wanted = typed.strip()
        if not wanted:
            return ()
        fits = matcher(wanted)
        in_headings, in_lines = [], []
        for page in self.pages:
            for section in page.sections:
                if fits(section.heading):
                    in_headings.append(Hit(page.code, page.title, section.heading, ""))
                    continue
                line = next((one for one in section.lines if wanted.casefold() in one.casefold()), "")
                if line:
                    in_lines.append(Hit(page.code, page.title, section.heading, _around(line, wanted)))
        return tuple((*in_headings, *in_lines)[:_MOST])


def read_manual(folder: Path) -> Manual:
    """Read all pages of a folder.

    Raises:
        OSError: The folder cannot be read.
    """
    return Manual(read_page(file.stem, file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.md")))


def read_page(code: str, markdown: str) -> ManualPage:
    """Take a page apart into its sections."""
    sections: list[Section] = []
    heading, lines = code, list[str]()
    for line in markdown.splitlines():
        match = _HEADING.match(line)
        if match is None:
            if line.strip() and not _CELL_RULE.match(line):
                lines.append(plain(line))
            continue
        if lines or match[1] != "#":
            sections.append(Section(heading, tuple(lines)))
        heading, lines = match[2], []
    sections.append(Section(heading, tuple(lines)))
    title = next((match[2] for line in markdown.splitlines() if (match := _HEADING.match(line))), code)
    return ManualPage(code, title, markdown, tuple(sections))


def plain(line: str) -> str:
    """A line without the signs of markdown."""
    return " ".join(_MARKS.sub(lambda match: match[1] or " ", line).strip(" -#").split())


def tables(page: ManualPage) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """The tables of a page by the heading they stand under, their rows without the head."""
    found: list[tuple[str, tuple[tuple[str, ...], ...]]] = []
    heading = page.title
    rows: list[tuple[str, ...]] = []
    for line in (*page.markdown.splitlines(), ""):
        match = _HEADING.match(line)
        if match is not None:
            heading = match[2]
        if line.startswith("|"):
            rows.append(tuple(plain(cell) for cell in line.strip().strip("|").split("|")))
        elif rows:
            found.append((heading, tuple(rows[2:])))
            rows = []
    return tuple(found)


def _around(line: str, wanted: str) -> str:
    at = line.casefold().find(wanted.casefold())
    first = max(at - _SNIPPET // 2, 0)
    words = line[first : first + len(wanted) + _SNIPPET]
    return f"{'…' if first else ''}{words}{'…' if first + len(words) < len(line) else ''}"
