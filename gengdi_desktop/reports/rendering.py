"""A paper into its files: the PDF that people sign, the ledger as PDF and workbook, what they carry inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, timezone

from gengdi_desktop.reports.document import Annex, Document, Paper, Signer
from gengdi_desktop.reports.fonts import FontSet
from gengdi_desktop.reports.made_files import FileRole, MadeFile, Progress, Rendered
from gengdi_desktop.reports.render.annex import AnnexPaper, render_annex
from gengdi_desktop.reports.render.pdf import PdfFile, Properties, render_paper
from gengdi_desktop.reports.render.workbook import WorkbookProperties, annex_workbook

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
_CHINA = timezone(timedelta(hours=8))


def render(paper: Paper, snapshot: bytes, keywords: str, fonts: FontSet, progress: Progress | None = None) -> Rendered:
    """Make all files of a paper; the same paper and fonts give the same bytes.

    Args:
        paper: The content.
        snapshot: Canonical JSON of facts and figures; travels inside the PDF.
        keywords: Machine-readable trace for the PDF.
        fonts: The typefaces.
        progress: Told how many rows of the ledger are drawn, of how many; may raise to stop.

    Raises:
        RuleError: ``glyph_missing`` where no font has a character.
    """
    if isinstance(paper, Document):
        return _render_document(paper, snapshot, keywords, fonts, progress)
    properties = Properties(paper.annex.title, paper.organ, paper.day, keywords)
    content = AnnexPaper(
        paper.annex, paper.number, paper.draft, properties, paper.trace, paper.signers, sample=paper.sample
    )
    drawn = render_annex(content, fonts, progress)
    sheet = WorkbookProperties(
        paper.annex.title, paper.organ, paper.day, paper.annex.sheet, paper.draft, sample=paper.sample
    )
    stem = file_stem(paper)
    beside = (
        MadeFile(FileRole.ANNEX_XLSX, f"{stem}.xlsx", annex_workbook(paper.annex, sheet, paper.number)),
        MadeFile(FileRole.SNAPSHOT, f"{stem}_数据快照.json", snapshot),
    )
    main = MadeFile(FileRole.PAPER, f"{stem}.pdf", _with_fields(drawn, paper, paper.signers, beside), drawn.pages)
    return Rendered((main, *beside), drawn.fonts, fonts.notes)


def _render_document(
    paper: Document, snapshot: bytes, keywords: str, fonts: FontSet, progress: Progress | None
) -> Rendered:
    drawn = render_paper(paper, fonts, keywords)
    stem = file_stem(paper)
    beside: list[MadeFile] = []
    used = list(drawn.fonts)
    for position, annex in enumerate(paper.annexes, start=1):
        name = f"{stem}_附件{position}_{annex.sheet}"
        pdf, book = _annex_files(paper, annex, position, fonts, progress)
        used += [record for record in pdf.fonts if record not in used]
        beside.append(MadeFile(FileRole.ANNEX_PDF, f"{name}.pdf", pdf.data, pdf.pages))
        beside.append(MadeFile(FileRole.ANNEX_XLSX, f"{name}.xlsx", book))
    beside.append(MadeFile(FileRole.SNAPSHOT, f"{stem}_数据快照.json", snapshot))
    data = _with_fields(drawn, paper, paper.signature.signers, beside)
    return Rendered((MadeFile(FileRole.PAPER, f"{stem}.pdf", data, drawn.pages), *beside), tuple(used), fonts.notes)


def _annex_files(
    paper: Document, annex: Annex, position: int, fonts: FontSet, progress: Progress | None
) -> tuple[PdfFile, bytes]:
    """A ledger that is bound apart bears the paper's number before its own."""
    mark = f"{'' if paper.draft else paper.number}附件{position if len(paper.annexes) > 1 else ''}"
    organ, day = paper.signature.organ, paper.signature.day
    content = AnnexPaper(
        annex, mark, paper.draft, Properties(annex.title, organ, day), paper.trace, sample=paper.sample
    )
    sheet = WorkbookProperties(annex.title, organ, day, annex.sheet, paper.draft, sample=paper.sample)
    return render_annex(content, fonts, progress), annex_workbook(annex, sheet, mark)


def _with_fields(drawn: PdfFile, paper: Paper, signers: Sequence[Signer], beside: Sequence[MadeFile]) -> bytes:
    """The PDF with its signature fields and the files that its signatures cover; drafts have neither."""
    if paper.draft or not signers:
        return drawn.data
    from gengdi_desktop.signing.pdf import EmbeddedFile, SignatureField, prepare

    places = {place.field: place for place in drawn.places}
    fields = [
        SignatureField(one.field, one.role, places[one.field].page, places[one.field].box)
        for one in signers
        if one.field in places
    ]
    day = paper.signature.day if isinstance(paper, Document) else paper.day
    modified = datetime.combine(day, time(), _CHINA).astimezone(UTC) if day else None
    attached = [EmbeddedFile(one.name, one.data, _media_type(one), one.role.label, modified=modified) for one in beside]
    return prepare(drawn.data, fields, attached)


def _media_type(file: MadeFile) -> str:
    return {"pdf": PDF, "xlsx": XLSX}.get(file.name.rsplit(".", 1)[-1], JSON)


_UNFIT = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', "_"))
_LONGEST = 50


def file_stem(paper: Paper) -> str:
    """A file name for people, without ending, that every file system takes."""
    mark = "（草稿）" if paper.draft else ""
    return f"{paper.title_text[:_LONGEST]}{mark}".translate(_UNFIT).strip(" .")
