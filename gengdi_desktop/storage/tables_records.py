"""The tables of records: what was done to a plot, one dated row for each."""

from __future__ import annotations

from gengdi_desktop.domain.choices import AcceptanceLevel, HoldKind, RevisitOutcome, SpotCheckOutcome
from gengdi_desktop.domain.states import State
from gengdi_desktop.storage import columns as c
from gengdi_desktop.storage.columns import NUMBERED, Row


class ProgressRow(Row, table=True):
    """A cumulative statement of what is done by a date; the latest event date counts, the key breaks ties."""

    __tablename__ = "progress"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    round: int = c.integer(1)
    event_date: str = c.day()
    restored: int = c.area()
    proved: int = c.area()
    regularised: int = c.area()
    quota_offset: int = c.area()
    inout_offset: int = c.area()
    other: int = c.area()
    crop: str = c.text()
    sown_on: str | None = c.date()
    note: str = c.text()
    source: str = c.text()


class AcceptanceRow(Row, table=True):
    """An acceptance by the township or the county, with the area of each bucket that was accepted."""

    __tablename__ = "acceptance"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    round: int = c.integer(1)
    level: str = c.choice(AcceptanceLevel)
    on_date: str = c.day()
    group_name: str = c.text()
    by_name: str = c.text()
    document_number: str = c.text()
    restored: int = c.area()
    proved: int = c.area()
    regularised: int = c.area()
    quota_offset: int = c.area()
    inout_offset: int = c.area()
    other: int = c.area()
    cut: int = c.flag()
    single_handed: int = c.flag()
    reason: str = c.text()


class ReturnRow(Row, table=True):
    """A plot sent back, or a claim taken back by the clerk."""

    __tablename__ = "plot_return"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    round: int = c.integer(1)
    on_date: str = c.day()
    reason: str = c.text()
    new_deadline: str | None = c.date()
    document_number: str = c.text()
    withdrawn: int = c.flag()
    state_before: str = c.maybe_choice(State)


class SpotCheckRow(Row, table=True):
    """A spot check of one plot, as the team recorded it."""

    __tablename__ = "spot_check"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    round: int = c.integer(1)
    on_date: str = c.day()
    checker: str = c.text()
    outcome: str = c.choice(SpotCheckOutcome)
    measured_area: int | None = c.maybe_area()
    document_number: str = c.text()
    note: str = c.text()


class RevisitRow(Row, table=True):
    """A re-visit of a closed plot."""

    __tablename__ = "revisit"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    round: int = c.integer(1)
    on_date: str = c.day()
    outcome: str = c.choice(RevisitOutcome)
    note: str = c.text()


class ClosingRow(Row, table=True):
    """A closing (销号); kept when the plot is reopened."""

    __tablename__ = "closing"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    round: int = c.integer(1)
    on_date: str = c.day()
    document_number: str = c.text()
    closer: str = c.text()


class HoldRow(Row, table=True):
    """A plot held back: deferred by a document, or in dispute."""

    __tablename__ = "hold"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    kind: str = c.choice(HoldKind)
    on_date: str = c.day()
    document_number: str = c.text()
    parties: str = c.text()
    reason: str = c.text()
    released_on: str | None = c.date()


class CancellationRow(Row, table=True):
    """A plot taken off the task (核减) by a document; restored rows keep both dates."""

    __tablename__ = "cancellation"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    on_date: str = c.day()
    document_number: str = c.text()
    reason: str = c.text()
    state_before: str = c.maybe_choice(State)
    restored_on: str | None = c.date()
    restore_document: str = c.text()


class CorrectionRow(Row, table=True):
    """A dated correction that stands beside the issued value."""

    __tablename__ = "correction"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    on_date: str = c.day()
    field: str = c.text()
    old_value: str = c.text()
    new_value: str = c.text()
    reason: str = c.text()
    document_number: str = c.text()


class NoteRow(Row, table=True):
    """A remark on a plot."""

    __tablename__ = "note"
    __table_args__ = NUMBERED
    id: int | None = c.number_key()
    plot_id: str = c.reference("plot.id")
    on_date: str = c.day()
    body: str = c.text()
