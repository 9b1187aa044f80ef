"""The tables of papers: frozen reports, their files and signatures, hand-ins, certificates."""

from __future__ import annotations

from sqlalchemy import Integer

from gengdi_desktop.storage import columns as c
from gengdi_desktop.storage.columns import NUMBERED, Row


class ReportRow(Row, table=True):
    """A frozen report: number, version, snapshot and the journal head it was made from."""

    __tablename__ = "report"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    kind: str = c.text()
    form: str = c.text()
    number: str = c.text()
    version: int = c.integer(1)
    title: str = c.text()
    state: str = c.text()
    document_date: str = c.text()
    recipient: str = c.text()
    snapshot_file: str = c.reference("stored_file.id", index=False)
    model_file: str = c.reference("stored_file.id", index=False)
    fonts: str = c.text()
    program_version: str = c.text()
    template_version: str = c.text()
    head_seq: int = c.integer()
    head_hash: str = c.text()
    plots: int = c.integer()
    area: int = c.area()
    supersedes: int | None = c.reference("report.id", key_type=Integer, index=False, optional=True)


class ReportFileRow(Row, table=True):
    """A file of a report as it was made, signed or handed in."""

    __tablename__ = "report_file"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    report_id: int = c.reference("report.id", key_type=Integer)
    role: str = c.text()
    name: str = c.text()
    file_id: str = c.reference("stored_file.id", index=False)
    pages: int | None = c.maybe_integer()


class ReportSignatureRow(Row, table=True):
    """A signature field of a report: who is to sign, and who signed when."""

    __tablename__ = "report_signature"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    report_id: int = c.reference("report.id", key_type=Integer)
    position: int = c.integer()
    field: str = c.text()
    role: str = c.text()
    signer: str = c.text()
    fingerprint: str | None = c.maybe_text()
    signed_at: str | None = c.maybe_text()


class HandInRow(Row, table=True):
    """What went up: when, to whom, by which medium, with which receipt."""

    __tablename__ = "hand_in"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    report_id: int = c.reference("report.id", key_type=Integer)
    recipient: str = c.text()
    medium: str = c.text()
    at: str = c.text()
    receipt_file: str | None = c.reference("stored_file.id", index=False, optional=True)
    note: str = c.text()


class CertificateRow(Row, table=True):
    """A certificate that this ledger uses (own) or trusts; the key is its SHA-256 fingerprint in hex."""

    __tablename__ = "certificate"
    id: str = c.text_key()
    relation: str = c.text()
    subject: str = c.text()
    holder: str = c.text()
    not_after: str = c.text()
    pem: str = c.text()
    removed: int = c.flag()
