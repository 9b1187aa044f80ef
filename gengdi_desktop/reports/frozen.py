"""Frozen reports as front ends see them: what they are, their files, who signed, when they went up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.reports import store
from gengdi_desktop.reports.catalog import KINDS
from gengdi_desktop.reports.made_files import FileRole
from gengdi_desktop.reports.typefaces import FontRecord, fonts_of
from gengdi_desktop.reports.voiding import VOID, Voiding, unknown_report, voidings
from gengdi_desktop.system.files import write_whole

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger


class ReportState(StrEnum):
    """How far a frozen report has come; a draft is not stored."""

    FROZEN = "frozen"
    SIGNED = "signed"
    HANDED_IN = "handed_in"
    VOID = VOID

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    ReportState.FROZEN: "已定稿",
    ReportState.SIGNED: "已签名",
    ReportState.HANDED_IN: "已报送",
    ReportState.VOID: "已作废",
}


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a report in the ledger's folder; ``name`` is for people, ``sha256`` is where it lies."""

    role: FileRole
    name: str
    sha256: str
    size: int
    pages: int | None


@dataclass(frozen=True, slots=True)
class SignatureState:
    """A signature field: who is to sign, and who has; ``signer`` may be empty for any holder of the role."""

    field: str
    role: str
    signer: str
    fingerprint: str | None
    signed_at: datetime | None

    @property
    def label(self) -> str:
        """分管领导（李建国）."""
        return f"{self.role}（{self.signer}）" if self.signer else self.role


@dataclass(frozen=True, slots=True)
class HandIn:
    """A hand-in record (报送记录)."""

    id: int
    recipient: str
    medium: str
    at: datetime
    receipt: str | None
    note: str


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """A frozen report.

    Attributes:
        id: Its key in the ledger.
        version: Counts the reports of one number and kind, from 1.
        head_seq: The last journal entry that it knows.
        fonts: The fonts that drew it, by name and hash; ``.sentence`` tells each to people.
        files: In the order in which they came; the signed paper comes once for each signature.
        supersedes: The version before.
        superseded_by: The version that took its place; None while none in force did.
        voiding: Who voided it, when and why; None while it is in force.
    """

    id: int
    kind: str
    kind_label: str
    form: str
    number: str
    version: int
    title: str
    state: ReportState
    day: date
    recipient: str
    plots: int
    area: Area
    head_seq: int
    head_hash: str
    program_version: str
    template_version: str
    fonts: tuple[FontRecord, ...]
    supersedes: int | None
    files: tuple[KeptFile, ...]
    signatures: tuple[SignatureState, ...]
    hand_ins: tuple[HandIn, ...]
    superseded_by: int | None = None
    voiding: Voiding | None = None

    @property
    def is_void(self) -> bool:
        """Whether it was voided."""
        return self.state is ReportState.VOID

    @property
    def state_words(self) -> str:
        """How far it has come, and which version took its place: 已报送，已由第 2 版代替."""
        later = f"，已由第 {self.superseded_by} 版代替" if self.superseded_by and not self.is_void else ""
        return f"{self.state.label}{later}"

    @property
    def main(self) -> KeptFile:
        """The paper with all signatures so far."""
        signed = [file for file in self.files if file.role is FileRole.SIGNED]
        return signed[-1] if signed else next(file for file in self.files if file.role is FileRole.PAPER)

    @property
    def annexes(self) -> tuple[KeptFile, ...]:
        """The other files that go with it."""
        return tuple(file for file in self.files if file.role not in {FileRole.PAPER, FileRole.SIGNED})

    @property
    def signed_by(self) -> tuple[str, ...]:
        """Who has signed."""
        return tuple(one.label for one in self.signatures if one.signed_at is not None)

    @property
    def unsigned(self) -> tuple[SignatureState, ...]:
        """The fields that are still empty, in signing order."""
        return tuple(one for one in self.signatures if one.signed_at is None)

    def as_json(self, files: tuple[WrittenFile, ...] = ()) -> dict[str, Any]:
        """The keys that the command line promises."""
        return {
            "id": self.id,
            "number": self.number,
            "version": self.version,
            "state": self.state.value,
            "kind": self.kind,
            "title": self.title,
            "recipient": self.recipient,
            "date": self.day.isoformat(),
            "pages": self.main.pages,
            "files": [one.as_json() for one in files],
            "signed_by": list(self.signed_by),
            "unsigned_fields": [one.label for one in self.unsigned],
            "fonts": [
                {"role": one.role.value, "family": one.family, "sha256": one.sha256, "bundled": one.bundled}
                for one in self.fonts
            ],
            "journal_head": {"seq": self.head_seq, "hash": self.head_hash},
            "plots": self.plots,
            "area_mu": self.area.exact(),
            "superseded_by": self.superseded_by,
            "void_reason": self.voiding.reason if self.voiding else None,
        }


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written for a person."""

    path: Path
    sha256: str
    role: FileRole

    def as_json(self) -> dict[str, str]:
        """Path, hash and role."""
        return {"path": str(self.path), "sha256": self.sha256, "role": self.role.value}


def reports(ledger: Ledger) -> tuple[ReportInfo, ...]:
    """All frozen reports, newest first."""
    with ledger.reading() as session:
        told = voidings(session)
        return tuple(info_of(session, row, told) for row in store.report_rows(session))


def report(ledger: Ledger, report_id: int) -> ReportInfo:
    """One frozen report.

    Raises:
        RuleError: ``unknown_report``.
    """
    with ledger.reading() as session:
        row = store.report_row(session, report_id)
        if row is None:
            raise unknown_report(report_id)
        return info_of(session, row, voidings(session) if row.state == VOID else {})


def kept_bytes(ledger: Ledger, file: KeptFile) -> bytes:
    """The bytes of a kept file, verified against its hash.

    Raises:
        SurroundingsError: ``file_missing`` or ``file_damaged``.
    """
    with ledger.reading() as session:
        row = store.stored_file(session, file.sha256)
        if row is None:
            raise SurroundingsError("file_missing", f"台账里没有文件“{file.name}”的记录。", "请从备份里找回后再试。")
        return ledger.folder.read(row)


def files(ledger: Ledger, report_id: int, out: Path) -> tuple[WrittenFile, ...]:
    """Write the kept files of a report: the paper (signed as far as it is) to ``out``, the others beside it.

    Args:
        ledger: An open ledger.
        report_id: The report's key.
        out: Where the paper goes; a folder keeps the papers' own names.

    Raises:
        RuleError: ``unknown_report``.
        SurroundingsError: A kept file is gone or damaged, or the place cannot be written.
    """
    info = report(ledger, report_id)
    wanted = (info.main, *info.annexes)
    read = [(file, kept_bytes(ledger, file)) for file in wanted]
    return write_beside([(file.role, file.name, data) for file, data in read], out)


def write_beside(made: list[tuple[FileRole, str, bytes]], out: Path) -> tuple[WrittenFile, ...]:
    """Write files, the first to ``out`` and the others beside it under its stem."""
    written: list[WrittenFile] = []
    own_stem = made[0][1].rsplit(".", 1)[0]
    folder, stem, main = out.parent, out.stem, out
    if out.is_dir():
        folder, stem, main = out, own_stem, out / made[0][1]
    for index, (role, name, data) in enumerate(made):
        path = main if index == 0 else folder / f"{stem}{name.removeprefix(own_stem)}"
        written.append(WrittenFile(path, write_whole(path, data).sha256, role))
    return tuple(written)


def info_of(session: Session, row: Any, told: Mapping[int, Voiding]) -> ReportInfo:
    """The read model of a row; *told* says of voided ones why."""
    key = row.id or 0
    later = store.superseding(session, key, but=VOID)
    kind = KINDS.get(row.kind)
    return ReportInfo(
        id=key,
        kind=row.kind,
        kind_label=kind.label if kind else row.kind,
        form=row.form,
        number=row.number,
        version=row.version,
        title=row.title,
        state=ReportState(row.state),
        day=date.fromisoformat(row.document_date),
        recipient=row.recipient,
        plots=row.plots,
        area=Area(row.area),
        head_seq=row.head_seq,
        head_hash=row.head_hash,
        program_version=row.program_version,
        template_version=row.template_version,
        fonts=fonts_of(row.fonts),
        supersedes=row.supersedes,
        files=tuple(
            KeptFile(FileRole(file.role), file.name, file.file_id, stored.size, file.pages)
            for file, stored in store.file_rows(session, key)
        ),
        signatures=tuple(
            SignatureState(one.field, one.role, one.signer, one.fingerprint, _time(one.signed_at))
            for one in store.signature_rows(session, key)
        ),
        hand_ins=tuple(
            HandIn(one.id or 0, one.recipient, one.medium, _moment(one.at), one.receipt_file, one.note)
            for one in store.hand_in_rows(session, key)
        ),
        superseded_by=None if later is None else later.version,
        voiding=told.get(key),
    )


def _time(text: str | None) -> datetime | None:
    return _moment(text) if text else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
