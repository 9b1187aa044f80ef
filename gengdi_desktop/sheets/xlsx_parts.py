"""The small parts of an xlsx package: where each sheet lies, and which cell styles strike out or pad with zeros."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from gengdi_desktop.sheets.refusals import refusal

_PART_LIMIT = 64 * 1024 * 1024
_BOOK = re.compile(r"(?i)xl/workbook\d*\.xml")
_PADDING = re.compile(r"0{2,}")
_FALSE = frozenset({"0", "false", "none", "off"})


@dataclass(frozen=True, slots=True)
class CellStyles:
    """Cell styles that change what the clerk sees.

    Args:
        struck: Style numbers whose text is struck through.
        padded: Style number → how many digits are shown, with leading zeros (format ``0000``).
    """

    struck: frozenset[int]
    padded: dict[int, int]


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the part that holds its cells.

    Raises:
        ParseError: Where a part is no sound XML, or one is missing.
        SurroundingsError: For a part that tries entity tricks.
    """
    book = next((name for name in archive.namelist() if _BOOK.fullmatch(name)), "")
    folder, file = posixpath.split(book)
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _parse(archive, f"{folder}/_rels/{file}.rels").iter()
        if _local(relation) == "Relationship"
    }
    parts = {}
    for sheet in _parse(archive, book).iter():
        if _local(sheet) == "sheet":
            key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
            target = targets.get(key, "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            parts[sheet.get("name", "")] = path
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
    struck, padded = set(), {}
    for number, style in enumerate(_children(root, "cellXfs")):
        font = style.get("fontId", "")
        if font.isdigit() and int(font) < len(fonts) and fonts[int(font)]:
            struck.add(number)
        code = formats.get(style.get("numFmtId"), "")
        if _PADDING.fullmatch(code):
            padded[number] = len(code)
    return CellStyles(frozenset(struck), padded)


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
