"""The SQL of the ledger stage: its own row, members, campaign, journal headers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import col, select

from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase
from gengdi_desktop.domain.people import Role
from gengdi_desktop.domain.states import DoneRule
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.tables import (
    CampaignRow,
    CertificateRow,
    JournalEntryRow,
    LedgerRow,
    MemberRow,
    PaperSettingRow,
    PaperSignerRow,
    PhaseRow,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.signing.certificates import Certificate


def ledger_row(session: Session) -> LedgerRow:
    """The one row that says what this ledger is.

    Raises:
        SurroundingsError: The file has no such row: its creation never finished.
    """
    row = session.exec(select(LedgerRow)).first()
    if row is None:
        raise SurroundingsError("not_a_ledger", "这本台账没有建成，里面没有数据。", "请重新建立台账。")
    return row


def fixed_today(session: Session) -> str | None:
    """The sample's fixed day as ISO text."""
    return session.exec(select(CampaignRow.as_of).order_by(col(CampaignRow.id))).first()


def campaign_name(session: Session) -> str:
    """The name of the campaign; empty where none was set."""
    return session.exec(select(CampaignRow.name).order_by(col(CampaignRow.id))).first() or ""


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the last entry; zero and 64 zeros where there is none."""
    found = session.connection().execute(text("SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1")).first()
    return (found[0], found[1]) if found else (0, journal.GENESIS)


def entry(session: Session, seq: int) -> JournalEntryRow | None:
    """One journal header."""
    return session.get(JournalEntryRow, seq)


def members(session: Session) -> Sequence[MemberRow]:
    """All members, in the order in which they came."""
    return session.exec(select(MemberRow).order_by(col(MemberRow.id))).all()


def active_members(session: Session) -> int:
    """How many members may act: the four-eyes rule asks."""
    return sum(1 for row in members(session) if row.active and row.role != Role.VIEWER)


def campaign_row(session: Session) -> CampaignRow | None:
    """The campaign's row."""
    return session.exec(select(CampaignRow).order_by(col(CampaignRow.id))).first()


def phase_rows(session: Session) -> Sequence[PhaseRow]:
    """The phases in order."""
    return session.exec(select(PhaseRow).order_by(col(PhaseRow.position), col(PhaseRow.id))).all()


def campaign(session: Session) -> Campaign:
    """The campaign with its phases; an empty one where none was set."""
    row = campaign_row(session)
    if row is None:
        return Campaign(name="")
    return Campaign(
        name=row.name,
        document_number=row.document_number,
        issuer=row.issuer,
        issued_on=_date(row.issued_on),
        hard_deadline=_date(row.hard_deadline),
        phases=tuple(
            Phase(
                code=phase.code,
                name=phase.name,
                window_start=_date(phase.window_start),
                window_end=_date(phase.window_end),
                hard_deadline=_date(phase.hard_deadline),
                document_number=phase.document_number,
            )
            for phase in phase_rows(session)
        ),
        rules=CampaignRules(
            done_rule=DoneRule(row.done_rule),
            close_rule=DoneRule(row.close_rule),
            warning_days=row.warning_days,
            zero_tolerance_after=_date(row.zero_tolerance_after),
        ),
        first_responsible=row.first_responsible,
        direct_responsible=row.direct_responsible,
        as_of=_date(row.as_of),
    )


def paper_settings(session: Session) -> Sequence[PaperSettingRow]:
    """What each kind of report is sent with."""
    return session.exec(select(PaperSettingRow).order_by(col(PaperSettingRow.id))).all()


def paper_signers(session: Session, report_kind: str) -> Sequence[PaperSignerRow]:
    """Who signs a kind of report, in order."""
    query = select(PaperSignerRow).where(PaperSignerRow.report_kind == report_kind)
    return session.exec(query.order_by(col(PaperSignerRow.position))).all()


def certificate_rows(session: Session) -> Sequence[CertificateRow]:
    """The certificates that this ledger knows and has not removed, by person."""
    query = select(CertificateRow).where(CertificateRow.removed == 0)
    return session.exec(query.order_by(col(CertificateRow.holder), col(CertificateRow.id))).all()


def certificate_row(session: Session, fingerprint: str) -> CertificateRow | None:
    """One certificate, removed or not."""
    return session.get(CertificateRow, fingerprint)


def add_certificate(session: Session, certificate: Certificate, relation: str) -> None:
    """Add a certificate that the ledger did not know."""
    session.add(
        CertificateRow(
            id=certificate.fingerprint,
            relation=relation,
            subject=certificate.subject,
            holder=certificate.person,
            not_after=certificate.not_after.date().isoformat(),
            pem=certificate.pem,
        )
    )


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
