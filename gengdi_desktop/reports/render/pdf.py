"""Pages into a PDF file: fonts embedded, a substitute for each missing character, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from gengdi_desktop import __version__
from gengdi_desktop.reports.document import Document
from gengdi_desktop.reports.fonts import Face, FontSet
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import Glyphs, Ink, Stroke
from gengdi_desktop.reports.render.paper import SignaturePlace, lay_out
from gengdi_desktop.reports.typefaces import FontRecord, FontRole

rl_config.useA85 = 0  # bytes as they are: ASCII armour costs a third of the time and a quarter of the size

DRAFT = "草　稿"
_DRAFT_SIZE = 110.0
_DRAFT_ANGLE = 45
DRAWING = threading.Lock()
"""The PDF library keeps the characters of a document inside the shared font: one document is drawn at a time."""


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A rendered file.

    Args:
        data: The bytes.
        pages: How many.
        places: Where people sign; empty for annexes.
        fonts: The fonts that drew something.
    """

    data: bytes
    pages: int
    places: tuple[SignaturePlace, ...]
    fonts: tuple[FontRecord, ...]


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says of itself.

    Args:
        title: As on the paper.
        author: The organ.
        day: The document's date, which is the file's time too; None in drafts without one.
        keywords: Machine-readable trace: ledger, journal head, snapshot.
    """

    title: str
    author: str
    day: date | None
    keywords: str = ""


def render_paper(document: Document, fonts: FontSet, keywords: str = "") -> PdfFile:
    """Draw an official paper.

    Args:
        document: The content; its annexes are only named here, they are files of their own.
        fonts: The typefaces.
        keywords: Put into the file as they are.

    Raises:
        RuleError: ``glyph_missing`` where no font has a character.
    """
    laid_out = lay_out(document, fonts.measure)
    with DRAWING:
        sheet = Sheet(
            fonts, Properties(document.title_text, document.signature.organ, document.signature.day, keywords)
        )
        for page in laid_out.pages:
            if document.draft:
                sheet.watermark(g.PAGE_WIDTH, g.PAGE_HEIGHT)
            sheet.draw(page.ink)
            sheet.end_page()
        data = sheet.finish()
    return PdfFile(data, len(laid_out.pages), laid_out.places, sheet.used())


class Sheet:
    """A PDF under construction; coordinates count from the upper left corner."""

    def __init__(self, fonts: FontSet, properties: Properties, size: tuple[float, float] | None = None) -> None:
        self.fonts = fonts
        self.width, self.height = size or (g.PAGE_WIDTH, g.PAGE_HEIGHT)
        self._buffer = io.BytesIO()
        self._used: dict[str, Face] = {}
        self.canvas = Canvas(
            self._buffer,
            pagesize=(self.width, self.height),
            pageCompression=1,
            invariant=1,
            initialFontName=self._face("国", FontRole.FANG).key,  # type: ignore[arg-type]  # the stubs want a number
            lang="zh-CN",
        )
        self._describe(properties)

    @property
    def document(self) -> Any:
        """The library's document, by which fonts number the characters they embed."""
        return vars(self.canvas)["_doc"]

    def draw(self, inks: Iterable[Ink]) -> None:
        """Draw what stands on the current page; places draw nothing."""
        for ink in inks:
            if isinstance(ink, Glyphs):
                self._glyphs(ink)
            elif isinstance(ink, Stroke):
                self.canvas.setStrokeColorRGB(*ink.colour)
                self.canvas.setLineWidth(ink.width)
                self.canvas.line(ink.x1, self.height - ink.y1, ink.x2, self.height - ink.y2)

    def watermark(self, width: float, height: float) -> None:
        """草稿 across the page, pale and below everything else."""
        canvas = self.canvas
        canvas.saveState()
        canvas.translate(width / 2, height / 2)
        canvas.rotate(_DRAFT_ANGLE)
        canvas.setFillColorRGB(*g.PALE)
        canvas.setFont(self._face("草", FontRole.HEI).key, _DRAFT_SIZE)
        canvas.drawCentredString(0, -_DRAFT_SIZE * 0.38, DRAFT)
        canvas.restoreState()

    def end_page(self) -> None:
        """Close the current page."""
        self.canvas.showPage()

    def finish(self) -> bytes:
        """The file."""
        self.canvas.save()
        return _identified(self._buffer.getvalue())

    def used(self, others: Iterable[Face] = ()) -> tuple[FontRecord, ...]:
        """The fonts that drew something, in the order of their first character; ``others`` drew by themselves."""
        faces = {**self._used, **{face.key: face for face in others}}
        return tuple(face.record for face in faces.values())

    def _face(self, character: str, role: FontRole) -> Face:
        face = self.fonts.face(character, role)
        self._used.setdefault(face.key, face)
        return face

    def _glyphs(self, ink: Glyphs) -> None:
        text = self.canvas.beginText(ink.x, self.height - ink.baseline)
        text.setFillColorRGB(*ink.colour)
        text.setCharSpace(ink.gap)  # it outlives the text object, so zero is said too
        for face, part in self.by_face(ink.text, ink.role):
            text.setFont(face.key, ink.size)
            text.textOut(part)
        self.canvas.drawText(text)

    def by_face(self, text: str, role: FontRole) -> list[tuple[Face, str]]:
        """The text cut where the font changes."""
        parts: list[tuple[Face, str]] = []
        for character in text:
            face = self._face(character, role)
            if parts and parts[-1][0] is face:
                parts[-1] = (face, parts[-1][1] + character)
            else:
                parts.append((face, character))
        return parts

    def _describe(self, properties: Properties) -> None:
        canvas = self.canvas
        canvas.setTitle(properties.title)
        canvas.setAuthor(properties.author)
        canvas.setSubject("")
        canvas.setKeywords(properties.keywords)
        canvas.setCreator(f"耕地整改台账 {__version__}")
        canvas.setProducer("gengdi-desktop")
        day = properties.day or date(2000, 1, 1)
        stamp = f"D:{day.year:04d}{day.month:02d}{day.day:02d}000000+08'00'"
        canvas.setDateFormatter(lambda *_parts: stamp)


_IDENTITY = re.compile(rb"/ID \n\[<[0-9a-f]{32}><[0-9a-f]{32}>\]")


def _identified(data: bytes) -> bytes:
    """The file with an identity that follows from its content and from nothing around it."""
    identity = hashlib.sha256(_IDENTITY.sub(b"", data)).hexdigest()[:32].encode()
    return _IDENTITY.sub(b"/ID \n[<%b><%b>]" % (identity, identity), data)
