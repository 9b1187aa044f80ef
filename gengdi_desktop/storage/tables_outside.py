"""The tables outside the journal: the journal itself, openings of private values, caches, drafts of forms."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Text, UniqueConstraint
from sqlmodel import Field

from gengdi_desktop.storage import columns as c
from gengdi_desktop.storage.columns import Row


class PrivateValueRow(Row, table=True):
    """The opening of a commitment: erased without touching the journal."""

    __tablename__ = "private_value"
    commitment: str = Field(sa_column=Column(Text, primary_key=True, nullable=False))
    field: str = c.text()
    salt: str = c.text()
    value: str = c.text()


class JournalEntryRow(Row, table=True):
    """The header of a journal entry; the columns are exactly the keys of its canonical form, and its hash."""

    __tablename__ = "journal_entry"
    seq: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    format: int = c.integer()
    ledger: str = c.text()
    at: str = c.text()
    actor: str = c.text()
    auth: str = c.text()
    desk: str = c.text()
    action: str = c.text()
    reason: str | None = c.maybe_text()
    campaign: str | None = c.maybe_text()
    event_date: str | None = c.maybe_text()
    undoes: int | None = c.maybe_integer()
    continues: int | None = c.maybe_integer()
    changes: str = c.text()
    previous: str = c.text()
    hash: str = c.text()


class JournalBlockRow(Row, table=True):
    """A block of at most 1,000 row changes of an entry, compressed."""

    __tablename__ = "journal_block"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  (SQLAlchemy reads it as a class attribute)
    seq: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    part: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    body: bytes = c.blob()


class PlotHistoryRow(Row, table=True):
    """Cache: which entries touched a plot. An import that brought it stands in ``plot.entry`` instead."""

    __tablename__ = "plot_history"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    plot_id: str = Field(sa_column=Column(Text, primary_key=True))
    seq: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))


class FormDraftRow(Row, table=True):
    """What the window goes on with: half-filled forms, drafts of papers, in which order field sheets were printed."""

    __tablename__ = "form_draft"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    name: str = Field(sa_column=Column(Text, primary_key=True))
    saved_at: str = c.text()
    body: str = c.text()


class PhotoPrintRow(Row, table=True):
    """Cache: the perceptual hashes of a photo, by the hash of its bytes; made again when ``version`` grows."""

    __tablename__ = "photo_print"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    id: str = Field(sa_column=Column(Text, primary_key=True))
    version: int = c.integer()
    prints: bytes = c.blob()


class PlotEvidenceRow(Row, table=True):
    """Cache: what the evidence rules say of a plot; a plot without a row is still to be judged.

    ``beside`` names the other plots, parted by blanks, whose photos the verdict hangs on: where the same or nearly the
    same picture stands.
    """

    __tablename__ = "plot_evidence"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    plot_id: str = Field(sa_column=Column(Text, primary_key=True))
    verdict: str = c.text()
    words: int = c.integer()
    beside: str = c.text()


class EvidenceWordsRow(Row, table=True):
    """Cache: the words of verdicts, each once: a hundred thousand plots share a few hundred sentences."""

    __tablename__ = "evidence_words"
    __table_args__ = (UniqueConstraint("brief", "sentence"),)
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    brief: str = c.text()
    sentence: str = c.text()


class KeptUntilRow(Row, table=True):
    """Cache: up to which entry a kept answer was brought, by its number and hash, and on what it stands.

    ``gaps`` grows with everything that leaves rows to be made, and is 0 once all are there.
    """

    __tablename__ = "kept_until"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    name: str = Field(sa_column=Column(Text, primary_key=True))
    seq: int = c.integer()
    hash: str = c.text()
    basis: str = c.text()
    gaps: int = c.integer()
