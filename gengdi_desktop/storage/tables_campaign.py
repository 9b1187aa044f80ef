"""The tables of the ledger itself: what it is, who may act in it, its campaign, and what its papers are sent with."""

from __future__ import annotations

from sqlalchemy import Integer, UniqueConstraint

from gengdi_desktop.domain.states import DoneRule
from gengdi_desktop.storage import columns as c
from gengdi_desktop.storage.columns import NUMBERED, Row


class LedgerRow(Row, table=True):
    """One row: what this ledger is."""

    __tablename__ = "ledger"
    id: str = c.text_key()
    name: str = c.text()
    desk: str = c.text()
    county: str = c.text()
    county_code: str = c.text()
    unit: str = c.text()
    unit_code: str = c.text()
    unit_kind: str = c.text()
    created_at: str = c.text()
    is_sample: int = c.flag()
    backup_place: str | None = c.maybe_text()


class MemberRow(Row, table=True):
    """A person who may act in this ledger."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("name"), NUMBERED)
    id: int | None = c.number_key()
    name: str = c.text()
    role: str = c.text()
    title: str = c.text()
    office_phone: str = c.text()
    private_phone: str | None = c.private()
    active: int = c.integer(1)


class CampaignRow(Row, table=True):
    """The campaign that the ledger serves: document, deadline and the rules a county may change."""

    __tablename__ = "campaign"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    name: str = c.text()
    document_number: str = c.text()
    issuer: str = c.text()
    issued_on: str | None = c.date()
    hard_deadline: str | None = c.date()
    as_of: str | None = c.date()
    done_rule: str = c.choice(DoneRule)
    close_rule: str = c.choice(DoneRule)
    warning_days: int = c.integer(3)
    zero_tolerance_after: str | None = c.date()
    first_responsible: str = c.text()
    direct_responsible: str = c.text()


class PhaseRow(Row, table=True):
    """A phase of the campaign, in order; windows are inclusive and may overlap."""

    __tablename__ = "phase"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    campaign_id: int = c.reference("campaign.id", key_type=Integer)
    position: int = c.integer()
    code: str = c.text()
    name: str = c.text()
    window_start: str | None = c.date()
    window_end: str | None = c.date()
    hard_deadline: str | None = c.date()
    document_number: str = c.text()


class RuleRow(Row, table=True):
    """A rule that the county may change, with its version and source."""

    __tablename__ = "rule"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    campaign_id: int = c.reference("campaign.id", key_type=Integer)
    code: str = c.text()
    value: str = c.text()
    version: str = c.text()
    source: str = c.text()


class PaperSettingRow(Row, table=True):
    """What a kind of report is sent with: recipient, copies, number prefix, contact."""

    __tablename__ = "paper_setting"
    __table_args__ = (UniqueConstraint("report_kind"), NUMBERED)
    id: int | None = c.number_key()
    report_kind: str = c.text()
    recipient: str = c.text()
    copy_to: str = c.text()
    number_prefix: str = c.text()
    issued_by: str = c.text()
    contact: str = c.text()
    contact_phone: str = c.text()


class PaperSignerRow(Row, table=True):
    """Who signs a kind of report, in order."""

    __tablename__ = "paper_signer"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    report_kind: str = c.text()
    position: int = c.integer()
    role: str = c.text()
    name: str = c.text()
