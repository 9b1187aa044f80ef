"""Markdown of the manual as a document in the look that is worn: type, colours and tables from the theme alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextFrameFormat,
    QTextList,
    QTextListFormat,
    QTextOption,
    QTextTable,
)

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import Role, px

_LINE_PERCENT: Final = 112
_INDENT: Final = 16
"""How far the words of a list stand in."""
_BULLET: Final = "·"
_BROKEN: Final = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”])\n[ \t]*(?=[\u4e00-\u9fff“《（【])")
"""A line of the manual's source that goes on in the next, between Chinese characters: there is no space."""
_HEADINGS: Final[dict[int, tuple[Role, int, int]]] = {1: ("title", 0, 8), 2: ("section", 16, 6), 3: ("button", 10, 4)}
"""For each level of heading its role, and the room above and below it."""


def manual_document(markdown: str, parent: QTextDocument | None = None) -> QTextDocument:
    """A page of the manual, laid out."""
    document = QTextDocument(parent)
    document.setDefaultFont(theme.font("body"))
    document.setDocumentMargin(px(12))
    document.setIndentWidth(px(_INDENT + 6))
    document.setMarkdown(_whole_lines(markdown), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    for block in _blocks(document):
        _dress(block)
        _hang(block)
    for table in _tables(document.rootFrame()):
        _rule(table)
    return document


def _whole_lines(markdown: str) -> str:
    """The source with its Chinese lines joined, which a line break would part by a space; headings stay alone."""
    parts = re.split(r"(?m)^(#.*\n)", markdown)
    return "".join(part if part.startswith("#") else _BROKEN.sub("", part) for part in parts)


def heading_block(document: QTextDocument, heading: str) -> QTextBlock | None:
    """The block of a heading, for scrolling to it."""
    found = (one for one in _blocks(document) if one.blockFormat().headingLevel() and one.text() == heading)
    return next(found, None)


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _dress(block: QTextBlock) -> None:
    cursor = QTextCursor(block)
    shape = QTextBlockFormat()
    shape.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    level = block.blockFormat().headingLevel()
    if level:
        role, above, below = _HEADINGS[min(level, max(_HEADINGS))]
        shape.setTopMargin(px(above))
        shape.setBottomMargin(px(below))
        _write(block, theme.font(role))
    else:
        in_table = cursor.currentTable() is not None
        shape.setBottomMargin(px(2 if in_table or block.textList() is not None else 8))
        _write(block, theme.font("table" if in_table else "body"))
    cursor.mergeBlockFormat(shape)


def _hang(block: QTextBlock) -> None:
    """A point of a list hangs before its words, with room between; the library's own mark would touch them."""
    points = _list_of(block)
    if points is None or points.format().style() is not QTextListFormat.Style.ListDisc:
        return
    depth = points.format().indent()
    points.remove(block)
    cursor = QTextCursor(block)
    shape = block.blockFormat()
    shape.setIndent(0)
    shape.setLeftMargin(px(_INDENT) * depth)
    shape.setTextIndent(-px(_INDENT))
    shape.setTabPositions([QTextOption.Tab(px(_INDENT) * depth, QTextOption.TabType.LeftTab)])
    cursor.setBlockFormat(shape)
    looks = QTextCharFormat()
    looks.setFont(theme.font("button"))
    looks.setForeground(QBrush(theme.color("accent")))
    cursor.insertText(f"{_BULLET}\t", looks)


def _list_of(block: QTextBlock) -> QTextList | None:
    return block.textList()


def _write(block: QTextBlock, font: QFont) -> None:
    """Put every run of a block into a font; links keep their colour, code gets the face of the rest."""
    runs = []
    step = block.begin()
    while not step.atEnd():
        run = step.fragment()
        runs.append((run.position(), run.length(), QTextCharFormat(run.charFormat())))
        step += 1
    for start, length, shape in runs:
        cursor = QTextCursor(block)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        shape.clearProperty(QTextFormat.Property.FontSizeAdjustment)  # would enlarge headings once more
        shape.setFont(font)
        shape.setForeground(QBrush(theme.color("accent" if shape.isAnchor() else "ink")))
        shape.setFontUnderline(shape.isAnchor())
        cursor.setCharFormat(shape)


def _tables(frame: QTextFrame) -> Iterator[QTextTable]:
    for child in frame.childFrames():
        if isinstance(child, QTextTable):
            yield child
        yield from _tables(child)


def _rule(table: QTextTable) -> None:
    shape = table.format()
    shape.setBorder(1)
    shape.setBorderBrush(QBrush(theme.color("rule")))
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setBorderCollapse(True)
    shape.setCellPadding(px(4))
    shape.setCellSpacing(0)
    shape.setBottomMargin(px(8))
    table.setFormat(shape)
    for across in range(table.columns()):
        head = table.cellAt(0, across)
        cell = head.format()
        cell.setBackground(QBrush(theme.color("sunken")))
        head.setFormat(cell)
