"""The small parts of an xlsx package: where each sheet lies, and which cell styles strike out or pad with zeros."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from gengdi_desktop.sheets.refusals import refusal

_PART_LIMIT = 64 * 1024 * 1024
_BOOK = re.compile(r"(?i)xl/workbook\d*\.xml")
_PADDING = re.compile(r"0{2,}")
_FIGURES = re.compile(r"General|(?:[0#?.,;@%_+ ()\\/-]|E[+-])+")
_PLAIN_FORMATS = frozenset(map(str, (*range(5), *range(9, 14), *range(37, 41), 48, 49)))
_FALSE = frozenset({"0", "false", "none", "off"})


@dataclass(frozen=True, slots=True)
class CellStyles:
    """Cell styles that change what the clerk sees.

    Args:
        struck: Style numbers whose text is struck through.
        padded: Style number → how many digits are shown, with leading zeros (format ``0000``).
        worded: Styles that may show a number as something else: a date, a time, a word.
    """

    struck: frozenset[int]
    padded: dict[int, int]
    worded: frozenset[int] = frozenset()

    def shows_as_written(self, style: int) -> bool:
        """Whether a number of this style is surely a plain number."""
        return style not in self.padded and style not in self.worded


class SheetPart(NamedTuple):
    """A sheet of the package.

    Args:
        name: As the book calls it.
        part: What holds its cells.
        hidden: Whether the sheet is hidden.
        cells: Whether it has cells at all: no chart, no dialog.
    """

    name: str
    part: str
    hidden: bool
    cells: bool


def sheet_parts(archive: zipfile.ZipFile) -> list[SheetPart]:
    """The sheets in the order of the book.

    Raises:
        ParseError: Where a part is no sound XML, or one is missing.
        SurroundingsError: For a part that tries entity tricks.
    """
    book = next((name for name in archive.namelist() if _BOOK.fullmatch(name)), "")
    folder, file = posixpath.split(book)
    targets = {
        relation.get("Id"): (relation.get("Target", ""), relation.get("Type", "").endswith("/worksheet"))
        for relation in _parse(archive, f"{folder}/_rels/{file}.rels").iter()
        if _local(relation) == "Relationship"
    }
    parts = []
    for sheet in _parse(archive, book).iter():
        if _local(sheet) == "sheet":
            key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
            target, cells = targets.get(key, ("", False))
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            parts.append(SheetPart(sheet.get("name", ""), path, sheet.get("state", "visible") != "visible", cells))
    return parts


def cell_styles(archive: zipfile.ZipFile) -> CellStyles:
    """The styles of the package; none where it has no style part.

    Raises:
        ParseError: Where the part is no sound XML.
        SurroundingsError: For a part that tries entity tricks.
    """
    name = next((name for name in archive.namelist() if name.lower() == "xl/styles.xml"), None)
    if name is None:
        return CellStyles(frozenset(), {})
    root = _parse(archive, name)
    fonts = [_is_struck(font) for font in _children(root, "fonts")]
    formats = {format_.get("numFmtId"): format_.get("formatCode", "") for format_ in _children(root, "numFmts")}
    struck, padded, worded = set(), {}, set()
    for number, style in enumerate(_children(root, "cellXfs")):
        font = style.get("fontId", "")
        if font.isdigit() and int(font) < len(fonts) and fonts[int(font)]:
            struck.add(number)
        format_ = style.get("numFmtId", "0")
        code = formats.get(format_, "")
        if _PADDING.fullmatch(code):
            padded[number] = len(code)
        if not (_FIGURES.fullmatch(code) if format_ in formats else format_ in _PLAIN_FORMATS):
            worded.add(number)
    return CellStyles(frozenset(struck), padded, frozenset(worded))


def _parse(archive: zipfile.ZipFile, name: str) -> Element:
    try:
        with archive.open(name) as part:
            content = part.read(_PART_LIMIT + 1)
    except KeyError:
        raise ParseError(name) from None
    if len(content) > _PART_LIMIT:
        raise refusal("unpacks_too_large")
    try:
        return fromstring(content)
    except DefusedXmlException:
        raise refusal("file_damaged") from None


def _children(root: Element, container: str) -> Iterator[Element]:
    for element in root:
        if _local(element) == container:
            yield from element


def _is_struck(font: Element) -> bool:
    return any(_local(mark) == "strike" and mark.get("val", "1").lower() not in _FALSE for mark in font)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
