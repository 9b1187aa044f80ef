"""The schema of a ledger: its lists and plots here, records, papers and the journal in the modules beside it.

Every journalled table has exactly one key column. Integer keys are never reused; text keys are random or derived
texts that may travel between desks. Values are integers, texts or null; areas count 10⁻⁶ mu; dates are ISO texts.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Integer, UniqueConstraint, text

from gengdi_desktop.domain.choices import Difficulty, DisposalClass, Finding, InPlace, ProblemKind, ProofKind
from gengdi_desktop.domain.states import Bucket, State
from gengdi_desktop.storage import columns as c
from gengdi_desktop.storage.columns import NUMBERED, Row
from gengdi_desktop.storage.tables_campaign import (
    CampaignRow,
    LedgerRow,
    MemberRow,
    PaperSettingRow,
    PaperSignerRow,
    PhaseRow,
    RuleRow,
)
from gengdi_desktop.storage.tables_evidence import (
    AttachmentRow,
    PhotoAnswerRow,
    PhotoRow,
    PlotShapeRow,
    TrayFileRow,
)
from gengdi_desktop.storage.tables_exchange import (
    AwaitedFileRow,
    ConflictRow,
    ForeignRow,
    PackageFileRow,
    PackageRow,
    ReceivedPaperRow,
    ReportedEntryRow,
)
from gengdi_desktop.storage.tables_outside import (
    EvidenceWordsRow,
    FormDraftRow,
    JournalBlockRow,
    JournalEntryRow,
    KeptUntilRow,
    PhotoPrintRow,
    PlotEvidenceRow,
    PlotHistoryRow,
    PrivateValueRow,
)
from gengdi_desktop.storage.tables_papers import CertificateRow, HandInRow, ReportFileRow, ReportRow, ReportSignatureRow
from gengdi_desktop.storage.tables_records import (
    AcceptanceRow,
    CancellationRow,
    ClosingRow,
    CorrectionRow,
    HoldRow,
    NoteRow,
    ProgressRow,
    ReturnRow,
    RevisitRow,
    SpotCheckRow,
)
from gengdi_desktop.storage.tables_sampling import SamplePlotRow, SampleResultRow, SampleRow

__all__ = [
    "JOURNALLED",
    "UNJOURNALLED",
    "AcceptanceRow",
    "AttachmentRow",
    "AwaitedFileRow",
    "CampaignRow",
    "CancellationRow",
    "CertificateRow",
    "ClosingRow",
    "ColumnChoiceRow",
    "ConflictRow",
    "CorrectionRow",
    "EvidenceWordsRow",
    "ForeignRow",
    "FormDraftRow",
    "HandInRow",
    "HoldRow",
    "IdentifierRow",
    "JournalBlockRow",
    "JournalEntryRow",
    "KeptUntilRow",
    "LedgerRow",
    "ListLineRow",
    "MemberRow",
    "NoteRow",
    "PackageFileRow",
    "PackageRow",
    "PaperSettingRow",
    "PaperSignerRow",
    "PhaseRow",
    "PhotoAnswerRow",
    "PhotoPrintRow",
    "PhotoRow",
    "PlotEvidenceRow",
    "PlotHistoryRow",
    "PlotListRow",
    "PlotRow",
    "PlotShapeRow",
    "PrivateValueRow",
    "ProgressRow",
    "ReceivedPaperRow",
    "ReportFileRow",
    "ReportRow",
    "ReportSignatureRow",
    "ReportedEntryRow",
    "ReturnRow",
    "RevisitRow",
    "RoundRow",
    "Row",
    "RuleRow",
    "SamplePlotRow",
    "SampleResultRow",
    "SampleRow",
    "SpotCheckRow",
    "StoredFileRow",
    "TrayFileRow",
]

# ------------------------------------------------------------------------------------------------ lists and their lines


class StoredFileRow(Row, table=True):
    """A file of the ledger's folder, named by its hash and never changed."""

    __tablename__ = "stored_file"
    id: str = c.text_key()
    folder: str = c.text()
    suffix: str = c.text()
    size: int = c.integer()


class PlotListRow(Row, table=True):
    """A list as issued: where it came from and what it says of itself."""

    __tablename__ = "plot_list"
    __table_args__ = (UniqueConstraint("name"), NUMBERED)
    id: int | None = c.number_key()
    name: str = c.text()
    kind: str = c.text()
    issuer: str = c.text()
    document_number: str = c.text()
    issued_on: str | None = c.date()
    file_id: str | None = c.reference("stored_file.id", optional=True)
    file_name: str = c.text()
    sheets: str = c.text()
    headers: str = c.text()
    area_field: str = c.text()
    area_header: str = c.text()
    area_unit: str = c.text()
    stated_count: int | None = c.maybe_integer()
    stated_area: int | None = c.maybe_area()
    expected_count: int | None = c.maybe_integer()
    expected_area: int | None = c.maybe_area()
    reissue_of: int | None = c.reference("plot_list.id", key_type=Integer, optional=True)


class ListLineRow(Row, table=True):
    """One row of an issued list; without a plot it stands open (未入账).

    ``cells`` is a JSON array of the row's texts in the order of the list's ``headers``; the one JSON text that holds
    facts, because columns that nobody knows must be kept too.
    """

    __tablename__ = "list_line"
    __table_args__ = (Index("ix_list_line_list", "list_id", "status"), NUMBERED)
    id: int | None = c.number_key()
    list_id: int = c.reference("plot_list.id", key_type=Integer, index=False)
    sheet: str = c.text()
    row: int = c.integer()
    plot_id: str | None = c.reference("plot.id", optional=True)
    status: str = c.text()
    problem: str | None = c.maybe_text()
    issued_text: str = c.text()
    issued_unit: str = c.text()
    issued_area: int = c.area()
    cells: str = c.text()


class ColumnChoiceRow(Row, table=True):
    """A column mapping that a person corrected, remembered by header fingerprint."""

    __tablename__ = "column_choice"
    __table_args__ = (UniqueConstraint("fingerprint", "header"), NUMBERED)
    id: int | None = c.number_key()
    fingerprint: str = c.text()
    header: str = c.text()
    field: str = c.text()
    unit: str = c.text()


# ------------------------------------------------------------------------------------------------------------ the plots


class PlotRow(Row, table=True):
    """A plot: what was issued, what the self-check found, where it stands."""

    __tablename__ = "plot"
    __table_args__ = (
        Index("ix_plot_village", "township", "village", "plot_no"),
        Index("ix_plot_state", "state"),
        # The ledger's own order, in which tables and lists are asked for first; what rounds are looked up and judged
        # by, and what is searched for a part of a number, stands beside it, so that the wide rows of the plots need
        # not be opened. An import adds to its end only.
        Index(
            *("ix_plot_position", "position", "id", "round", "state", "held", "issued_area"),
            *("plot_no", "remark"),
        ),
        # Where plots lie that may have no outline; lists without coordinates add nothing to it.
        Index(
            *("ix_plot_centre", "centre_longitude", "centre_latitude"),
            sqlite_where=text("centre_longitude IS NOT NULL"),
        ),
    )
    id: str = c.text_key()
    entry: int = c.integer()
    position: int = c.integer()
    county: str = c.text()
    township: str = c.text()
    township_code: str = c.text()
    village: str = c.text()
    village_code: str = c.text()
    group_name: str = c.text()
    plot_no: str = c.text()
    outflow_year: int | None = c.maybe_integer()
    kind: str = c.text()
    problem_kind: str = c.maybe_choice(ProblemKind)
    class_system: str = c.text()
    class_before: str = c.text()
    class_before_name: str = c.text()
    class_after: str = c.text()
    class_after_name: str = c.text()
    plot_area: int | None = c.maybe_area()
    cultivated_area: int | None = c.maybe_area()
    basic_area: int | None = c.maybe_area()
    outflow_area: int | None = c.maybe_area()
    issued_area: int = c.area()
    restore_attribute: str = c.text()
    centre_longitude: int | None = c.maybe_integer()
    centre_latitude: int | None = c.maybe_integer()
    centre_text: str = c.text()
    split_status: str = c.text()
    split_parent: str | None = c.reference("plot.id", optional=True)
    state: str = c.choice(State)
    round: int = c.integer(1)
    held: int = c.flag()
    checked_on: str | None = c.date()
    finding: str = c.maybe_choice(Finding)
    class_now_system: str = c.text()
    class_now: str = c.text()
    class_now_name: str = c.text()
    cause: str = c.text()
    party: str = c.text()
    party_contact: str | None = c.private()
    rectify: int | None = c.maybe_flag()
    built_on: str | None = c.date()
    case_number: str = c.text()
    person_handled: str = c.text()
    demolished: str = c.maybe_choice(InPlace)
    confiscated: str = c.maybe_choice(InPlace)
    referred: str = c.maybe_choice(InPlace)
    responsible_leader: str = c.text()
    grid_chief: str = c.text()
    remark: str = c.text()


class IdentifierRow(Row, table=True):
    """A name that somebody gave a plot: BSM, clue number, plot number, local number."""

    __tablename__ = "identifier"
    __table_args__ = (Index("ix_identifier_value", "kind", "value"), NUMBERED)
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    kind: str = c.text()
    value: str = c.text()
    list_id: int | None = c.reference("plot_list.id", key_type=Integer, index=False, optional=True)


SETTLED: Final = " + ".join(Bucket)
"""What a round has settled by all methods, in SQL."""
REMAINS: Final = f"target - ({SETTLED})"
"""What a round with a target leaves to be done, in SQL."""


class RoundRow(Row, table=True):
    """One round of rectification of one plot; the key is ``plot id:number``."""

    __tablename__ = "round"
    # What tables sort, filter and sum by, so that a look at all plots need not open the rounds themselves.
    __table_args__ = (
        Index(
            *("ix_round_current", "plot_id", "number", "target", *Bucket, "person", "deadline", "returned_on"),
            *("disposal_class", "difficulty", "measure"),
        ),
        # The first and the last by what is settled and by what remains, without adding up every round.
        Index("ix_round_settled", text(SETTLED), "plot_id", "number"),
        Index("ix_round_remains", text(REMAINS), "plot_id", "number", sqlite_where=text("target > 0")),
    )
    id: str = c.text_key()
    plot_id: str = c.reference("plot.id", index=False)
    number: int = c.integer(1)
    target: int = c.area()
    not_required_reason: str = c.text()
    restored: int = c.area()
    proved: int = c.area()
    regularised: int = c.area()
    quota_offset: int = c.area()
    inout_offset: int = c.area()
    other: int = c.area()
    disposal_class: str = c.maybe_choice(DisposalClass)
    difficulty: str = c.maybe_choice(Difficulty)
    measure: str = c.text()
    plan_text: str = c.text()
    plan_approver: str = c.text()
    plan_approved_on: str | None = c.date()
    planned_on: str | None = c.date()
    person: str = c.text()
    person_title: str = c.text()
    person_phone: str = c.text()
    deadline: str | None = c.date()
    started_on: str | None = c.date()
    works_done_on: str | None = c.date()
    crop: str = c.text()
    sown_on: str | None = c.date()
    demolition_record: str = c.text()
    contested_on: str | None = c.date()
    proof_kind: str = c.maybe_choice(ProofKind)
    proof_statement: str = c.text()
    proof_document: str = c.text()
    contest_bucket: str = c.maybe_choice(Bucket)
    contest_area: int = c.area()
    claimed_on: str | None = c.date()
    claimed_by: str = c.text()
    accepted_on: str | None = c.date()
    county_accepted_on: str | None = c.date()
    closed_on: str | None = c.date()
    returned_on: str | None = c.date()
    reopened_on: str | None = c.date()
    reopen_reason: str = c.text()


JOURNALLED: tuple[type[Row], ...] = (
    LedgerRow,
    MemberRow,
    CampaignRow,
    PhaseRow,
    RuleRow,
    PaperSettingRow,
    PaperSignerRow,
    StoredFileRow,
    PlotListRow,
    PlotRow,
    ListLineRow,
    ColumnChoiceRow,
    IdentifierRow,
    RoundRow,
    ProgressRow,
    AcceptanceRow,
    ReturnRow,
    SpotCheckRow,
    RevisitRow,
    ClosingRow,
    HoldRow,
    CancellationRow,
    CorrectionRow,
    NoteRow,
    PhotoRow,
    AttachmentRow,
    PhotoAnswerRow,
    TrayFileRow,
    PlotShapeRow,
    ReportRow,
    ReportFileRow,
    ReportSignatureRow,
    HandInRow,
    CertificateRow,
    PackageRow,
    PackageFileRow,
    AwaitedFileRow,
    ForeignRow,
    ConflictRow,
    ReportedEntryRow,
    ReceivedPaperRow,
    SampleRow,
    SamplePlotRow,
    SampleResultRow,
)
"""Parents before children, so that replayed rows meet their references."""

UNJOURNALLED: tuple[type[Row], ...] = (
    PrivateValueRow,
    JournalEntryRow,
    JournalBlockRow,
    PlotHistoryRow,
    PhotoPrintRow,
    PlotEvidenceRow,
    EvidenceWordsRow,
    KeptUntilRow,
    FormDraftRow,
)
"""Openings of private values, the journal itself, caches and drafts of forms."""
