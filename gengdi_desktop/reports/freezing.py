"""Freezing: a number, a version, the facts, the content and the files, kept once and never changed; and made again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gengdi_desktop import __version__
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.ledger.folder import FolderPart, StoredFile, record_file
from gengdi_desktop.reports import store
from gengdi_desktop.reports.catalog import kind_of
from gengdi_desktop.reports.document import Document, Paper, Signer
from gengdi_desktop.reports.document_json import paper_json, paper_of
from gengdi_desktop.reports.drafts import Draft, compose, settings_of
from gengdi_desktop.reports.frozen import KeptFile, ReportInfo, ReportState, kept_bytes, report
from gengdi_desktop.reports.made_files import FileRole, Progress, Rendered
from gengdi_desktop.reports.readiness import require_ready
from gengdi_desktop.reports.settings import PaperSettings
from gengdi_desktop.reports.typefaces import fonts_json, fonts_of
from gengdi_desktop.system.resources import resource

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.storage.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class _Version:
    """Which version a report is to be, and of which it takes the place."""

    number: int
    supersedes: int | None


def freeze(
    ledger: Ledger,
    kind: str,
    settings: PaperSettings | None = None,
    *,
    by: Actor,
    progress: Progress | None = None,
) -> ReportInfo:
    """Freeze a report: facts, words, fonts and files are kept, and nothing later changes them.

    The same number and kind again is the next version of the same report.

    Args:
        ledger: Open for writing.
        kind: Code or Chinese name.
        settings: With what it is sent; None means what the campaign says, which lacks a number.
        by: Who freezes.
        progress: Told how many rows of the ledger are drawn, of how many; may raise to stop.

    Raises:
        RuleError: ``recipient_missing``, ``date_missing``, ``number_missing``, ``number_form``, ``number_taken``,
            ``changed_meanwhile``, and what composing and drawing refuse. What can be known before is known to
            :mod:`gengdi_desktop.reports.readiness`.
        SurroundingsError: The ledger or its folder cannot be written.
    """
    from gengdi_desktop.reports import rendering
    from gengdi_desktop.reports.fonts import load_fonts

    chosen = kind_of(kind)
    settings = settings or settings_of(ledger, chosen.code)
    require_ready(ledger, chosen, settings)
    draft = compose(ledger, chosen.code, settings, draft=False)
    fonts = load_fonts(resource("fonts"), own=None if settings.own_fonts else ())
    made = rendering.render(draft.paper, draft.facts.data, draft.keywords, fonts, progress)
    kept = [
        (file, ledger.folder.keep(FolderPart.REPORTS, file.data, "." + file.name.rsplit(".", 1)[-1]))
        for file in made.files
    ]
    model = ledger.folder.keep(FolderPart.REPORTS, paper_json(draft.paper), ".json")
    with ledger.begin(Operation.FREEZE, by, reason=_reason(draft), event_date=settings.day) as work:
        if (work.seq - 1) != draft.snapshot.head_seq:
            raise RuleError("changed_meanwhile", "定稿的同时台账有了改动，没有定稿。", "请再定稿一次。")
        version = _version_of(work.session, settings.number.strip())
        key = _add(work, draft, made, model, version)
        for file, stored in kept:
            values = {"report_id": key, "role": file.role.value, "name": file.name, "pages": file.pages}
            store.add_file(work.session, {**values, "file_id": record_file(work, stored)})
        work.commit()
    return report(ledger, key)


def _reason(draft: Draft) -> str:
    number = draft.settings.number.strip()
    return f"{draft.kind.label}{f' {number}' if number else ''}"


def _version_of(session: Session, number: str) -> _Version:
    """The next version of a number; it takes the place of the newest that is not voided."""
    older = store.same_number(session, number) if number else []
    in_force = [one for one in older if one.state != ReportState.VOID]
    return _Version(len(older) + 1, in_force[-1].id if in_force else None)


def _add(work: Work, draft: Draft, made: Rendered, model: StoredFile, version: _Version) -> int:
    settings, snapshot = draft.settings, draft.snapshot
    facts = next(file for file in made.files if file.role is FileRole.SNAPSHOT)
    work.session.flush()
    key = store.add_report(
        work.session,
        {
            "kind": draft.kind.code,
            "form": draft.kind.form.value if draft.kind.form else "",
            "number": settings.number.strip(),
            "version": version.number,
            "title": draft.paper.title_text,
            "state": ReportState.FROZEN.value,
            "document_date": str(settings.day),
            "recipient": settings.recipient,
            "snapshot_file": record_file(work, _stored(facts.data)),
            "model_file": record_file(work, model),
            "fonts": fonts_json(made.fonts),
            "program_version": __version__,
            "template_version": draft.kind.template,
            "head_seq": snapshot.head_seq,
            "head_hash": snapshot.head_hash,
            "plots": int(draft.figures["task.count"].exact),
            "area": Area.parse(draft.figures["task.area"].exact).micro_mu,
            "supersedes": version.supersedes,
        },
    )
    for position, signer in enumerate(signers_of(draft.paper), start=1):
        values = {"report_id": key, "position": position, "field": signer.field}
        store.add_signature(work.session, {**values, "role": signer.role, "signer": signer.name})
    return key


def _stored(data: bytes) -> StoredFile:
    """The snapshot was kept with the other files; this is its name."""
    return StoredFile(hashlib.sha256(data).hexdigest(), len(data), FolderPart.REPORTS.value, ".json")


def signers_of(paper: Paper) -> tuple[Signer, ...]:
    """The signature fields of a paper in their order."""
    return paper.signature.signers if isinstance(paper, Document) else paper.signers


# ---------------------------------------------------------------------------------------------------------- made again


def rebuild(ledger: Ledger, report_id: int) -> tuple[KeptFile, ...]:
    """Make the unsigned files of a frozen report anew from its facts, words and fonts, and compare them.

    Returns:
        The files that came out the same, byte for byte: all of them.

    Raises:
        RuleError: ``unknown_report``; ``rebuild_differs``, naming the files.
        SurroundingsError: ``font_missing``, or a kept file is gone or damaged.
    """
    from gengdi_desktop.reports import rendering
    from gengdi_desktop.reports.fonts import load_fonts

    info = report(ledger, report_id)
    with ledger.reading() as session:
        row = store.report_row(session, report_id)
        model = store.stored_file(session, row.model_file) if row else None
    if row is None or model is None:
        raise SurroundingsError("file_missing", "台账里没有这份报告的内容记录。", "请从备份里找回这本台账。")
    paper = paper_of(ledger.folder.read(model))
    kept = {file.name: file for file in info.files if file.role is not FileRole.SIGNED}
    facts = next(file for file in kept.values() if file.role is FileRole.SNAPSHOT)
    keywords = f"gengdi-report ledger={ledger.info.id} seq={row.head_seq} head={row.head_hash} snapshot={facts.sha256}"
    fonts = load_fonts(resource("fonts"), pinned=fonts_of(row.fonts))
    made = rendering.render(paper, kept_bytes(ledger, facts), keywords, fonts)
    differing = [file.name for file in made.files if _digest(file.data) != kept[file.name].sha256]
    if differing:
        raise RuleError(
            "rebuild_differs",
            f"重新生成的文件与留存的不一样：{'、'.join(differing)}。留存的文件没有变。",
            _why(row.program_version),
        )
    return tuple(kept.values())


def _why(version: str) -> str:
    """What may have made the difference."""
    if version != __version__:
        return f"当时的程序是 {version}，现在是 {__version__}。请以留存的文件为准。"
    return "程序版本没有变，可能是程序的部件更新过。请以留存的文件为准。"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
