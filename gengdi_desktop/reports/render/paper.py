"""A paper laid out: head, text, signature block and colophon on numbered pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gengdi_desktop.reports.document import Document, Form, Paragraph, Section, Table, numbered
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import Place, label
from gengdi_desktop.reports.render.letterhead import (
    colophon_height,
    colophon_ink,
    letterhead,
    page_number,
    sample_mark,
)
from gengdi_desktop.reports.render.line_breaking import Measure, Span, is_full_width
from gengdi_desktop.reports.render.page import Page, paginate
from gengdi_desktop.reports.render.rows import (
    Flow,
    Row,
    SignPlaces,
    annex_list_rows,
    centred_rows,
    heading_rows,
    paragraph_rows,
    signature_rows,
)
from gengdi_desktop.reports.render.tables import table_rows
from gengdi_desktop.reports.render.title import title_lines
from gengdi_desktop.reports.typefaces import FontRole

_RUN_IN_LEVEL = 2
_TRACE_SIZE = 7.5
_TRACE_BASELINE = g.PAGE_HEIGHT - 12 * g.MM


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where a signature field goes.

    Args:
        field: Its name.
        page: Page index from 0.
        box: Left, bottom, right, top in PDF points (origin at the lower left corner).
    """

    field: str
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Pages ready to draw, and where people sign."""

    pages: tuple[Page, ...]
    places: tuple[SignaturePlace, ...]


def lay_out(document: Document, measure: Measure) -> LaidOut:
    """Lay a document out on pages.

    Args:
        document: The content.
        measure: Advance of a character in a typeface, in ems.
    """
    head, first_line = letterhead(document, measure)
    pages = paginate(_rows(document, measure), first_line)
    pages[0] = replace(pages[0], ink=(*head, *pages[0].ink))
    pages = _with_colophon(pages, document, measure)
    pages = [_with_number(page, index + 1, document, measure) for index, page in enumerate(pages)]
    if document.sample:
        mark = sample_mark(g.PAGE_WIDTH, measure)
        pages = [replace(page, ink=(*page.ink, mark)) for page in pages]
    if document.trace:
        trace = label(document.trace, FontRole.SONG, _TRACE_SIZE, g.LEFT, _TRACE_BASELINE)
        pages[-1] = replace(pages[-1], ink=(*pages[-1].ink, trace))
    return LaidOut(tuple(pages), tuple(_places(pages)))


def _rows(document: Document, measure: Measure) -> list[Row]:
    flow = Flow()
    room = g.WIDTH / g.SIZE_2
    lines = title_lines(document.title, room, lambda text: sum(_em(c, measure) for c in text))
    flow.add(centred_rows(lines, FontRole.TITLE, g.SIZE_2, measure), bind_next=True)
    flow.skip()
    if document.recipient:
        spans = [Span(f"{document.recipient}：", FontRole.FANG)]
        flow.add(paragraph_rows(spans, measure, indent=0.0, text=False), bind_next=True)
    for paragraph in document.opening:
        flow.add(_paragraph(paragraph, 0, measure))
    for number, section in enumerate(document.sections, start=1):
        _section(flow, section, 1, number, measure)
    for paragraph in document.closing:
        flow.add(_paragraph(paragraph, 0, measure))
    annexes = annex_list_rows([annex.title for annex in document.annexes], measure)
    if annexes:
        flow.skip()
        flow.add(annexes)
    flow.bind_tail(_signature(document, measure))
    return flow.rows


def _em(character: str, measure: Measure) -> float:
    return 1.0 if is_full_width(character) else measure(character, FontRole.TITLE)


def _section(flow: Flow, section: Section, level: int, number: int, measure: Measure) -> None:
    flow.add(heading_rows(numbered(level, number), section.heading, level, measure), bind_next=True)
    run_in = deeper = 0
    for block in section.blocks:
        if isinstance(block, Paragraph):
            run_in += bool(block.lead)
            flow.add(_paragraph(block, run_in, measure))
        elif isinstance(block, Table):
            flow.add(table_rows(block, measure))
            flow.skip()
        else:
            deeper += 1
            _section(flow, block, level + 1, deeper, measure)


def _paragraph(paragraph: Paragraph, number: int, measure: Measure) -> list[Row]:
    spans = [Span(paragraph.text, FontRole.FANG)]
    if paragraph.lead:
        spans.insert(0, Span(numbered(_RUN_IN_LEVEL, number) + paragraph.lead, FontRole.KAI))
    return paragraph_rows(spans, measure)


def _signature(document: Document, measure: Measure) -> list[Row]:
    block = document.signature
    beside = tuple(signer.field for signer in block.signers if not signer.seal)
    seal = next((signer.field for signer in block.signers if signer.seal), "")
    rows = signature_rows(block.organ, block.day_text, SignPlaces(beside, seal), measure)
    if document.contact:
        rows += paragraph_rows([Span(f"（{document.contact}）", FontRole.FANG)], measure, text=False)
    return rows


def _with_colophon(pages: Sequence[Page], document: Document, measure: Measure) -> list[Page]:
    """The 版记 on the last page, which is an even one where sheets are printed on both sides."""
    pages = list(pages)
    height = colophon_height(document.colophon, document.form, measure)
    if height == 0:
        return pages
    even = document.colophon.two_sided and document.form is Form.REPORT
    fits = pages[-1].used + height <= g.HEIGHT
    if even:
        wanted = len(pages) if fits else len(pages) + 1
        wanted += wanted % 2
        blank_before = wanted - len(pages) > 1
        while len(pages) < wanted:
            pages.append(Page((), numbered=not blank_before, used=0.0))
    elif not fits:
        pages.append(Page((), numbered=True, used=0.0))
    ink = colophon_ink(document.colophon, document.form, document.signature.day_text, measure)
    pages[-1] = replace(pages[-1], ink=(*pages[-1].ink, *ink))
    return pages


def _with_number(page: Page, number: int, document: Document, measure: Measure) -> Page:
    """Letters bear no number on their first page; blank pages before the colophon and its page bear none either."""
    if not page.numbered or (document.form is Form.LETTER and number == 1):
        return page
    return replace(page, ink=(*page.ink, *page_number(number, measure)))


def _places(pages: Sequence[Page]) -> list[SignaturePlace]:
    return [
        SignaturePlace(
            ink.name,
            index,
            (ink.x, g.PAGE_HEIGHT - ink.y - ink.height, ink.x + ink.width, g.PAGE_HEIGHT - ink.y),
        )
        for index, page in enumerate(pages)
        for ink in page.ink
        if isinstance(ink, Place)
    ]
