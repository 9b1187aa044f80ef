"""The rows of the ledger stage: its own, members, campaign, papers, stored files, journal headers, certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlmodel import col, select

from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase
from gengdi_desktop.domain.people import Role
from gengdi_desktop.domain.states import DoneRule
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.ledger.campaign_file import CampaignSettings, OwnRules, PaperSetting, Signer
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
    ReportRow,
    RuleRow,
    StoredFileRow,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.signing.certificates import Certificate

EVIDENCE_RULES = "evidence"
TRIGGER_LIMITS = "limits"
"""The code of the evidence rules."""


def ledger_row(session: Session) -> LedgerRow:
    """The one row that says what this ledger is.

    Raises:
        SurroundingsError: The file has no such row: its creation never finished.
    """
    row = session.exec(select(LedgerRow)).first()
    if row is None:
        raise SurroundingsError("not_a_ledger", "这本台账没有建成，里面没有数据。", "请重新建立台账。")
    return row


def add_ledger(session: Session, columns: Mapping[str, Any]) -> None:
    """Add the one row that says what this ledger is."""
    session.add(LedgerRow(**columns))


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


def newest_rebase(session: Session) -> int:
    """The newest entry by which the schema was brought up; what stands before it is history. 0 where there is none."""
    query = text("SELECT max(seq) FROM journal_entry WHERE action = 'rebase'")
    return int(session.connection().execute(query).scalar() or 0)


def entry(session: Session, seq: int) -> JournalEntryRow | None:
    """One journal header."""
    return session.get(JournalEntryRow, seq)


def members(session: Session) -> Sequence[MemberRow]:
    """All members, in the order in which they came."""
    return session.exec(select(MemberRow).order_by(col(MemberRow.id))).all()


def member_row(session: Session, name: str) -> MemberRow | None:
    """The member of that name, retired or not."""
    return session.exec(select(MemberRow).where(MemberRow.name == name)).first()


def add_member(session: Session, name: str, role: Role, *, title: str = "", office_phone: str = "") -> None:
    """Add a member whose name is free."""
    session.add(MemberRow(name=name, role=role.value, title=title, office_phone=office_phone))


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


def campaign_settings(session: Session) -> CampaignSettings:
    """The campaign with the settings of its papers."""
    papers = tuple(
        PaperSetting(
            kind=row.report_kind,
            recipient=row.recipient,
            copy_to=row.copy_to,
            number_prefix=row.number_prefix,
            issued_by=row.issued_by,
            contact=row.contact,
            contact_phone=row.contact_phone,
            signers=tuple(Signer(one.role, one.name) for one in paper_signers(session, row.report_kind)),
        )
        for row in paper_settings(session)
    )
    return CampaignSettings(campaign(session), papers)


def write_campaign(session: Session, settings: CampaignSettings) -> None:
    """Set the campaign, its phases and the settings of its papers; papers that are not named stay as they are."""
    said = settings.campaign
    row = campaign_row(session)
    if row is None:
        row = CampaignRow()
        session.add(row)
    row.name, row.document_number, row.issuer = said.name, said.document_number, said.issuer
    row.issued_on, row.hard_deadline, row.as_of = (_iso(said.issued_on), _iso(said.hard_deadline), _iso(said.as_of))
    row.done_rule, row.close_rule = said.rules.done_rule.value, said.rules.close_rule.value
    row.warning_days, row.zero_tolerance_after = said.rules.warning_days, _iso(said.rules.zero_tolerance_after)
    row.first_responsible, row.direct_responsible = said.first_responsible, said.direct_responsible
    session.flush()
    if row.id is not None:
        _write_phases(session, row.id, said)
    for paper in settings.papers:
        _write_paper(session, paper)
    if settings.evidence is not None:
        set_own_rules(session, EVIDENCE_RULES, settings.evidence)
    if settings.limits is not None:
        set_own_rules(session, TRIGGER_LIMITS, settings.limits)


def own_rules(session: Session, code: str) -> str | None:
    """Rules that the county set, as TOML; None where the program's are in force."""
    query = select(RuleRow.value).where(RuleRow.code == code).order_by(col(RuleRow.id).desc())
    return session.exec(query).first()


def set_own_rules(session: Session, code: str, rules: OwnRules) -> bool:
    """Put rules of the county's own in force; False where no campaign is set to which they could belong."""
    campaign = campaign_row(session)
    if campaign is None or campaign.id is None:
        return False
    query = select(RuleRow).where(RuleRow.code == code).order_by(col(RuleRow.id).desc())
    row = session.exec(query).first() or RuleRow(campaign_id=campaign.id, code=code)
    row.value, row.version, row.source = rules.text, rules.version, rules.source
    session.add(row)
    return True


def _write_phases(session: Session, campaign_id: int, said: Campaign) -> None:
    older = {phase.code: phase for phase in phase_rows(session)}
    for position, phase in enumerate(said.phases, start=1):
        kept = older.pop(phase.code, None)
        if kept is None:
            kept = PhaseRow(campaign_id=campaign_id, code=phase.code)
            session.add(kept)
        kept.position, kept.name, kept.document_number = position, phase.name, phase.document_number
        kept.window_start, kept.window_end = _iso(phase.window_start), _iso(phase.window_end)
        kept.hard_deadline = _iso(phase.hard_deadline)
    for gone in older.values():
        session.delete(gone)


def _write_paper(session: Session, paper: PaperSetting) -> None:
    row = next((row for row in paper_settings(session) if row.report_kind == paper.kind), None)
    if row is None:
        row = PaperSettingRow(report_kind=paper.kind)
        session.add(row)
    row.recipient, row.copy_to, row.number_prefix = paper.recipient, paper.copy_to, paper.number_prefix
    row.issued_by, row.contact, row.contact_phone = paper.issued_by, paper.contact, paper.contact_phone
    older = list(paper_signers(session, paper.kind))
    for position, signer in enumerate(paper.signers, start=1):
        if position <= len(older):
            older[position - 1].position = position
            older[position - 1].role, older[position - 1].name = signer.role, signer.name
        else:
            session.add(PaperSignerRow(report_kind=paper.kind, position=position, role=signer.role, name=signer.name))
    for gone in older[len(paper.signers) :]:
        session.delete(gone)


def keep_file(session: Session, sha256: str, *, folder: str, suffix: str, size: int) -> None:
    """Make sure that a kept file has its row."""
    if session.get(StoredFileRow, sha256) is None:
        session.add(StoredFileRow(id=sha256, folder=folder, suffix=suffix, size=size))
        session.flush()


def stored_files(session: Session) -> Sequence[StoredFileRow]:
    """All files that the ledger keeps in its folder."""
    return session.exec(select(StoredFileRow).order_by(col(StoredFileRow.id))).all()


def awaited_files(session: Session) -> dict[str, bool]:
    """Files whose bytes lie at another desk, they never came; and whether more than photos in the bin name them."""
    query = text(
        "SELECT w.id, NOT EXISTS (SELECT 1 FROM attachment a WHERE a.file_id = w.id AND a.removed = 1) "
        "OR EXISTS (SELECT 1 FROM attachment a WHERE a.file_id = w.id AND a.removed = 0) FROM awaited_file w"
    )
    return {row[0]: bool(row[1]) for row in session.connection().execute(query)}


def stated_heads(session: Session) -> list[tuple[int, str, str]]:
    """Number and hash of the journal head that each frozen report carries, and the report's name for people."""
    rows = session.exec(select(ReportRow).order_by(col(ReportRow.id)))
    return [(row.head_seq, row.head_hash, f"报告“{row.title}”第 {row.version} 版") for row in rows]


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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
