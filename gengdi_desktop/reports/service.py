"""The verbs of the reports: compose, draft, freeze, sign, hand in, hand out again, export."""

from __future__ import annotations

from pathlib import Path

from gengdi_desktop.reports.comparing import (
    Differences,
    FieldDifference,
    FigureDifference,
    PlotDifference,
    WordDifference,
)
from gengdi_desktop.reports.differences import differences
from gengdi_desktop.reports.drafts import (
    Draft,
    KindInfo,
    compose,
    kinds,
    proposed_number,
    render_draft,
    reworded,
    settings_of,
    wording_problem,
)
from gengdi_desktop.reports.export import Exported, export
from gengdi_desktop.reports.freezing import freeze, rebuild
from gengdi_desktop.reports.frozen import (
    HandIn,
    KeptFile,
    ReportInfo,
    ReportState,
    SignatureState,
    WrittenFile,
    files,
    kept_bytes,
    report,
    reports,
    write_beside,
)
from gengdi_desktop.reports.kept_drafts import forget_draft, keep_draft, kept_draft
from gengdi_desktop.reports.made_files import FileRole, MadeFile, Rendered
from gengdi_desktop.reports.sending import field_for, hand_in, sign, stated_head
from gengdi_desktop.reports.settings import PaperSettings, PaperSigner
from gengdi_desktop.reports.voiding import Voiding, void
from gengdi_desktop.reports.wording import Wording, parts_of

__all__ = [
    "Differences",
    "Draft",
    "Exported",
    "FieldDifference",
    "FigureDifference",
    "FileRole",
    "HandIn",
    "KeptFile",
    "KindInfo",
    "MadeFile",
    "PaperSettings",
    "PaperSigner",
    "PlotDifference",
    "Rendered",
    "ReportInfo",
    "ReportState",
    "SignatureState",
    "Voiding",
    "WordDifference",
    "Wording",
    "WrittenFile",
    "compose",
    "differences",
    "export",
    "field_for",
    "files",
    "forget_draft",
    "freeze",
    "hand_in",
    "keep_draft",
    "kept_bytes",
    "kept_draft",
    "kinds",
    "parts_of",
    "proposed_number",
    "rebuild",
    "render_draft",
    "report",
    "reports",
    "reworded",
    "settings_of",
    "sign",
    "stated_head",
    "void",
    "wording_problem",
    "write_beside",
    "write_draft",
]


def write_draft(draft: Draft, out: Path) -> tuple[WrittenFile, ...]:
    """Render a draft and write it to ``out``, its annexes beside it.

    Args:
        draft: What :func:`compose` made.
        out: Where the paper goes; a folder keeps the paper's own name.

    Raises:
        RuleError: ``glyph_missing``.
        SurroundingsError: The place cannot be written.
    """
    made = render_draft(draft)
    return write_beside([(file.role, file.name, file.data) for file in made.files], out)
