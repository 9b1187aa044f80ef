"""The tables of exchange between desks: packages sent and taken in, whose rows are whose, conflicts, what was said."""

from __future__ import annotations

from sqlalchemy import Index

from gengdi_desktop.storage import columns as c
from gengdi_desktop.storage.columns import NUMBERED, Row


class PackageRow(Row, table=True):
    """A package that this desk wrote (``out``) or took in (``in``); the key is the package's own id.

    ``head_seq`` and ``head_hash`` are the sender's last entry when it packed. ``created_at`` is the sender's clock,
    ``settled_at`` ours: when it was written or taken in, ``settled_on`` the ledger's own day then, which a
    sample has fixed. ``peer`` is the other desk; its ledger is null while unknown.
    ``receipted_by`` is, of a package that we wrote, the id of the package that told us that it was taken in;
    ``entry`` is, of one that we took in, the journal entry that did, and ``sample`` the samples that it is about,
    sorted and parted by commas, since packages about different samples do not replace each other. ``proof`` is what
    its journal showed when it was taken in (``first contained gap rewritten``), ``proof_entries`` the numbers of
    entries that were rewritten, or the first and the last of those that are away, parted by commas.
    """

    __tablename__ = "package"
    id: str = c.text_key()
    direction: str = c.text()
    kind: str = c.text()
    number: int = c.integer()
    peer_ledger: str | None = c.maybe_text()
    peer_desk: str = c.text()
    peer_unit: str = c.text()
    peer_unit_code: str = c.text()
    peer_organ: str = c.text()
    created_at: str = c.text()
    settled_at: str = c.text()
    settled_on: str | None = c.date()
    manifest_sha256: str = c.text()
    signer: str = c.text()
    head_seq: int = c.integer()
    head_hash: str = c.text()
    since_seq: int | None = c.maybe_integer()
    since_hash: str | None = c.maybe_text()
    answers: str | None = c.maybe_text()
    receipted_by: str | None = c.maybe_text()
    entry: int = c.integer()
    sample: str = c.text()
    proof: str = c.text()
    proof_entries: str = c.text()
    plots: int = c.integer()
    area: int = c.area()
    file_name: str = c.text()
    note: str = c.text()


class PackageFileRow(Row, table=True):
    """A photo or paper in a package that we wrote: it need not go again once the package is receipted.

    The key is ``package:file``.
    """

    __tablename__ = "package_file"
    id: str = c.text_key()
    package_id: str = c.reference("package.id")
    file_id: str = c.reference("stored_file.id")


class AwaitedFileRow(Row, table=True):
    """A file that rows name and whose bytes never came: it lies at the other desk. The key is its hash.

    The row goes when a later package brings the bytes. Without it a file that is away is a damage.
    """

    __tablename__ = "awaited_file"
    id: str = c.text_key()
    package_id: str = c.reference("package.id")


class ForeignRow(Row, table=True):
    """Which row of ours is which row of another desk: the key is ``ledger/table/key there``.

    For rows whose keys are numbers, given anew by each desk, and for plots that both desks took from lists.
    """

    __tablename__ = "foreign_row"
    __table_args__ = (Index("ix_foreign_row_local", "table_code", "local"),)
    id: str = c.text_key()
    peer_ledger: str = c.text()
    table_code: str = c.text()
    key: str = c.text()
    local: str = c.text()


class ConflictRow(Row, table=True):
    """Two values for one field, both kept for ever; told as 经冲突裁定 once a person has decided.

    ``field`` is empty for all that makes up where a plot stands (state, rounds, areas), which is decided as a whole.
    ``base``, ``mine`` and ``theirs`` are canonical JSON texts; ``base`` is what both desks knew before.
    """

    __tablename__ = "conflict"
    __table_args__ = (Index("ix_conflict_row", "table_code", "row_key", "field"), NUMBERED)
    id: int | None = c.number_key()
    plot_id: str | None = c.reference("plot.id", optional=True)
    table_code: str = c.text()
    row_key: str = c.text()
    field: str = c.text()
    package_id: str = c.reference("package.id")
    base: str = c.text()
    mine: str = c.text()
    theirs: str = c.text()
    status: str = c.text()
    decision: str = c.text()
    decided_by: str = c.text()
    decided_on: str | None = c.date()
    reason: str = c.text()


class ReportedEntryRow(Row, table=True):
    """An entry of another desk's journal as it was reported to us; the key is ``ledger:seq``."""

    __tablename__ = "reported_entry"
    id: str = c.text_key()
    peer_ledger: str = c.text(index=True)
    seq: int = c.integer()
    hash: str = c.text()
    at: str = c.text()
    actor: str = c.text()
    action: str = c.text()
    package_id: str = c.reference("package.id", index=False)


class ReceivedPaperRow(Row, table=True):
    """A file of a frozen report that came with a package: what another desk said on paper."""

    __tablename__ = "received_paper"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    package_id: str = c.reference("package.id")
    report_kind: str = c.text()
    number: str = c.text()
    version: int = c.integer(1)
    title: str = c.text()
    state: str = c.text()
    document_date: str = c.text()
    plots: int = c.integer()
    area: int = c.area()
    head_seq: int = c.integer()
    head_hash: str = c.text()
    role: str = c.text()
    name: str = c.text()
    file_id: str = c.reference("stored_file.id", index=False)
