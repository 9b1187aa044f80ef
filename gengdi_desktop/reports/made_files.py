"""The files of a report as values: what each is, its bytes, and what drew them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gengdi_desktop.reports.typefaces import FontRecord

Progress = Callable[[int, int], None]


class FileRole(StrEnum):
    """What a file of a report is."""

    PAPER = "paper"
    ANNEX_PDF = "annex_pdf"
    ANNEX_XLSX = "annex_xlsx"
    SNAPSHOT = "snapshot"
    SIGNED = "signed"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    FileRole.PAPER: "正文",
    FileRole.ANNEX_PDF: "附件（PDF）",
    FileRole.ANNEX_XLSX: "附件（表格）",
    FileRole.SNAPSHOT: "数据快照",
    FileRole.SIGNED: "已签名的正文",
}


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file of a report.

    Args:
        role: What it is.
        name: File name as people see it; the paper's own names the others.
        data: The bytes.
        pages: Of a PDF; None otherwise.
    """

    role: FileRole
    name: str
    data: bytes
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """All files of a paper, the paper itself first.

    Args:
        files: Paper, annex as PDF, annex as workbook, snapshot.
        fonts: The fonts that drew something.
        notes: Sentences about own fonts that were passed over.
    """

    files: tuple[MadeFile, ...]
    fonts: tuple[FontRecord, ...]
    notes: tuple[str, ...]

    @property
    def font_sentences(self) -> tuple[str, ...]:
        """For the export log: which fonts were used, with version and hash, and which were passed over."""
        return (*(record.sentence for record in self.fonts), *self.notes)
