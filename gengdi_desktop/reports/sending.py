"""After freezing: signatures in turn, the hand-in record, and the journal head that a paper carries."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.check import StatedHead
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.reports import store
from gengdi_desktop.reports.frozen import ReportInfo, ReportState, SignatureState, kept_bytes, report
from gengdi_desktop.reports.made_files import FileRole
from gengdi_desktop.reports.voiding import require_in_force, unknown_report
from gengdi_desktop.storage.unit_of_work import utc_text
from gengdi_desktop.system.files import opened

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.identity import Identity

_TRACE = re.compile(
    r"gengdi-report ledger=(?P<ledger>[0-9a-f]{32}) seq=(?P<seq>[0-9]{1,12}) head=(?P<head>[0-9a-f]{64}) snapshot="
)


def sign(ledger: Ledger, report_id: int, *, identity: Identity, by: Actor) -> ReportInfo:
    """Fill the signature field of the acting person.

    The field is the first empty one that bears the actor's name, else the first empty one that bears none.

    Args:
        ledger: Open for writing.
        report_id: The report's key.
        identity: Unlocked; its person must be the one of the field.
        by: Who signs.

    Raises:
        RuleError: ``unknown_report``, what :func:`field_for` refuses, ``identity_of_another``, ``signing_order``,
            ``certificate_over``, ``report_void``.
        SurroundingsError: A kept file is gone or damaged, or the ledger cannot be written.
    """
    from gengdi_desktop.signing import pdf

    info = report(ledger, report_id)
    require_in_force(info.state)
    field = field_for(info, by.name)
    person = identity.certificate.person
    if field.signer and person != field.signer:
        raise RuleError(
            "identity_of_another",
            f"“{field.label}”一栏要用{field.signer}本人的签名身份，选中的身份是{person}的，没有签名。",
            f"请由{field.signer}用自己的身份签。",
        )
    at = ledger.clock.now()
    signed = pdf.sign(
        kept_bytes(ledger, info.main), field.field, identity, at=at, reason=field.role, location=ledger.info.unit
    )
    fingerprint = identity.certificate.fingerprint
    if fingerprint not in {one.fingerprint for one in trust.trusted(ledger)}:
        trust.note_own(ledger, identity.certificate, by=by)
    kept = ledger.folder.keep(FolderPart.REPORTS, signed, ".pdf")
    with ledger.begin(Operation.SIGN, by, reason=f"{info.title}：{field.label}") as work:
        found = _in_force(work.session, report_id)
        row = next(row for row in store.signature_rows(work.session, report_id) if row.field == field.field)
        row.fingerprint, row.signed_at = fingerprint, utc_text(at)
        row.signer = row.signer or person
        values = {"report_id": report_id, "role": FileRole.SIGNED.value, "name": info.main.name}
        store.add_file(work.session, {**values, "pages": info.main.pages, "file_id": record_file(work, kept)})
        if len(info.unsigned) == 1 and found.state == ReportState.FROZEN:
            found.state = ReportState.SIGNED.value
        work.commit()
    return report(ledger, report_id)


def field_for(info: ReportInfo, name: str) -> SignatureState:
    """The field that a person would sign now: the first empty one that bears the name, else one that bears none.

    Raises:
        RuleError: ``no_fields``, ``all_signed``, ``already_signed``, ``not_a_signer``.
    """
    if not info.signatures:
        raise RuleError(
            "no_fields",
            "这份报告定稿时没有设签名人，不能再加签名栏，没有签名。报告没有变。",
            "请在报告设置里写上签名人，重新定稿。",
        )
    if not info.unsigned:
        raise RuleError(
            "all_signed",
            f"这份报告的签名栏都签过了（{'、'.join(info.signed_by)}），签名不能重做，没有签名。",
            "要改就另出一版报告。",
        )
    mine = next((one for one in info.unsigned if one.signer == name), None)
    anybody = next((one for one in info.unsigned if not one.signer), None)
    found = mine or anybody
    if found is not None:
        return found
    waiting = f"还差：{'、'.join(one.label for one in info.unsigned)}。"
    if any(one.signer == name and one.signed_at is not None for one in info.signatures):
        raise RuleError("already_signed", f"{name}已经签过这份报告，签名不能重做，没有再签。", waiting)
    raise RuleError("not_a_signer", f"这份报告的签名人里没有{name}，没有签名。", waiting)


def hand_in(
    ledger: Ledger,
    report_id: int,
    *,
    to: str,
    medium: str,
    by: Actor,
    at: datetime | None = None,
    receipt: Path | None = None,
    note: str = "",
) -> int:
    """Record that a frozen report went up; returns the key of the record.

    Args:
        ledger: Open for writing.
        report_id: The report's key.
        to: To whom.
        medium: How: U盘, 纸质, 政务内网 …
        by: Who records it.
        at: When, aware; None means now.
        receipt: Receipt, or scan of the stamped page; kept in the ledger.
        note: A remark.

    Raises:
        RuleError: ``unknown_report``, ``missing``, ``report_void``.
        SurroundingsError: The receipt cannot be read, or the ledger cannot be written.
    """
    info = report(ledger, report_id)
    for what, value in (("送给谁", to), ("送的方式", medium)):
        if not value.strip():
            raise RuleError("missing", f"还没有填{what}，报送记录没有保存。", "请填好后再试。")
    require_in_force(info.state)
    moment = at or ledger.clock.now()
    kept = ledger.folder.keep(FolderPart.REPORTS, receipt) if receipt else None
    reason = f"{info.title}，送{to.strip()}"
    with ledger.begin(Operation.HAND_IN, by, reason=reason, event_date=moment.astimezone().date()) as work:
        key = store.add_hand_in(
            work.session,
            {
                "report_id": report_id,
                "recipient": to.strip(),
                "medium": medium.strip(),
                "at": utc_text(moment),
                "receipt_file": record_file(work, kept) if kept else None,
                "note": note.strip(),
            },
        )
        _in_force(work.session, report_id).state = ReportState.HANDED_IN.value
        work.commit()
    return key


def _in_force(session: Session, report_id: int) -> Any:
    """The report's row, asked inside the action: somebody may have voided it while a signature was made."""
    row = store.report_row(session, report_id)
    if row is None:
        raise unknown_report(report_id)
    require_in_force(row.state)
    return row


def stated_head(path: Path) -> StatedHead:
    """The journal head that a report carries, for ``check --against``.

    Raises:
        SurroundingsError: ``not_found`` and what else the disk may do, ``pdf_unreadable``.
        RuleError: ``no_head``: the file is no report of this program.
    """
    import pikepdf

    with opened(path) as stream:
        try:
            with pikepdf.open(io.BytesIO(stream.read())) as document:
                keywords = str(document.docinfo.get("/Keywords", ""))
        except pikepdf.PdfError as error:
            raise SurroundingsError(
                "pdf_unreadable", f"“{path.name}”不是能读的 PDF 文件，没有核对。", "请选报送时的报告文件。"
            ) from error
    found = _TRACE.search(keywords)
    if found is None:
        raise RuleError("no_head", f"“{path.name}”里没有台账记录号，不是本程序出的报告。", "请选报送时的报告文件。")
    return StatedHead(found["ledger"], int(found["seq"]), found["head"], f"报告“{path.name}”")
