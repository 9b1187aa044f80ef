"""What every step of taking a package in looks at: whose it is, what its sender knows of us, what was touched here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import Heading, PackageKind
from gengdi_desktop.handover.receiving import store, succession
from gengdi_desktop.handover.receiving.bases import Touched, touched_since
from gengdi_desktop.handover.receiving.changes import Tally
from gengdi_desktop.handover.receiving.incoming import Contents, Receipt
from gengdi_desktop.handover.receiving.merging import Question, Status
from gengdi_desktop.handover.receiving.naming import Names, Numbers, Pair, said_pairs
from gengdi_desktop.handover.travelling import CAMPAIGN, Plots, carried, plots_of, table_of
from gengdi_desktop.ledger.turning_back import entries_of
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.storage.journal import Value
from gengdi_desktop.storage.layout import layout
from gengdi_desktop.system.reference import divisions

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.handover.receiving.coming import Coming
    from gengdi_desktop.ledger.active_entries import ActiveEntries
    from gengdi_desktop.ledger.handle import LedgerInfo

PlotKey = tuple[str, str, str]
"""Table, row and field of a question."""

OF_UNIT: Final = frozenset(kind for kind in PackageKind if plots_of(kind) is not Plots.OF_SAMPLE)


@dataclass
class Context:
    """One package and the ledger it comes to.

    Attributes:
        session: One snapshot, or the action that takes it in.
        info: What this ledger is.
        heading: What the package says of itself.
        contents: Its rows.
        numbers: Keys for new rows.
        entry: The entry that takes it in.
        tally: What it means.
        plots: The sender's plot ids to ours, of the plots that may come in.
        keys: The sender's keys to ours, of tables whose keys are numbers.
        files: Files whose rows are here or come along.
        fresh: Plots that come with this package.
        theirs: Plots that the sender found itself.
        turned_away: Plots of the sender's that may not come in.
        passed_over: Those, and others of which nothing is said.
        left: Plots of ours that the sender brought and sends no more.
        their_lists: Our keys of lists that the sender made.
        coming: Files whose bytes are in the package.
        away: Files whose bytes never came.
        missing: Of these, where they stand: plot, name and hash.
        makers: By table, our keys of rows that the sender made.
        names: What plots are called.
        pairs: Pairs to be kept.
        goes_back: Whether its sender was set back, and somebody said that this is its newest story.
    """

    session: Session
    info: LedgerInfo
    heading: Heading
    contents: Contents
    numbers: Numbers
    entry: int
    tally: Tally = field(default_factory=Tally)
    plots: dict[Value, Value] = field(default_factory=dict)
    keys: dict[str, dict[Value, Value]] = field(default_factory=dict)
    files: dict[Value, Value] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    theirs: set[str] = field(default_factory=set)
    turned_away: set[str] = field(default_factory=set)
    passed_over: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    their_lists: frozenset[int] = frozenset()
    coming: Mapping[str, Coming] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    missing: list[tuple[str, str, str]] = field(default_factory=list)
    makers: dict[str, dict[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    goes_back: bool = False

    @property
    def sender(self) -> str:
        """Id of the sender's ledger."""
        return self.heading.sender.ledger or ""

    @cached_property
    def _said(self) -> Mapping[str, dict[str, tuple[str, str]]]:
        return said_pairs(self.contents.pairs())

    def names_of(self, table: str) -> Names:
        """The keys of a table, theirs and ours."""
        said = self._said.get(table, {})
        makers = {ledger for ledger, _ in said.values()} | {self.sender}
        ours = store.pairs(self.session, table, makers - {self.info.id})
        return Names(table, self.info.id, self.sender, said, ours, layout(table).numbered)

    @cached_property
    def guards(self) -> bool:
        """Whether rows that the sender did not make are only compared: the county's own word stands at the county."""
        return self.info.desk == Desk.COUNTY

    @cached_property
    def sender_ledgers(self) -> frozenset[str]:
        """The ledgers that the sender's unit ever had, as far as we know."""
        return store.ledgers_of(self.session, self.heading, self.units)

    @cached_property
    def samples(self) -> frozenset[str]:
        """The samples that the package is about."""
        return samples_of(self.contents, self.heading.kind)

    @cached_property
    def sample_keys(self) -> Mapping[Value, Value]:
        """The samples that rows may point at, each called alike here: those that come along or stand here."""
        found = {key: key for (key,) in store.rows(self.session, "sample", ("id",), where="id", keys=self.samples)}
        carried = table_of(self.heading.kind, "sample")
        incoming = self.contents.table(carried) if carried is not None else None
        return found | {key: key for key in (incoming.column("id") if incoming is not None else ())}

    # ---------------------------------------------------------------------------------- what the sender knows of us

    @cached_property
    def _receipted(self) -> list[tuple[PackageKind, int]]:
        """Kind and head of those of our packages that the sender has."""
        found = []
        for one in self.receipts:
            sent = self._sent.get(one.package)
            kind, head = (sent.kind, sent.head) if sent is not None else (one.kind, one.head_seq)
            same = sent is not None or store.hash_at(self.session, head) == one.head_hash
            if same and kind in set(PackageKind):
                found.append((PackageKind(kind), head))
        return found

    @cached_property
    def receipts(self) -> list[Receipt]:
        """What the sender says to have of ours; what was for somebody else it cannot have taken in."""
        return [
            one
            for one in self.contents.receipts()
            if (sent := self._sent.get(one.package)) is None or self._was_for_sender(sent)
        ]

    @cached_property
    def _sent(self) -> Mapping[str, store.Sent]:
        return store.sent(self.session, [one.package for one in self.contents.receipts()])

    def _was_for_sender(self, sent: store.Sent) -> bool:
        sender = self.heading.sender
        if sent.ledger is not None and sent.ledger in self.sender_ledgers:
            return True
        if sent.desk != sender.desk.value:
            return False
        if sender.desk is not Desk.TOWNSHIP:
            return True
        return self.units.key_of(sent.unit, sent.unit_code) == self.units.key_of(sender.unit, sender.unit_code)

    @cached_property
    def units(self) -> CountyUnits:
        """The townships of our county."""
        return CountyUnits(divisions(), self.info.county_code, self.info.county)

    @cached_property
    def _known(self) -> dict[str, int]:
        """By table: a package that did not carry it said nothing of it."""
        return {
            one.table: max((head for kind, head in self._receipted if table_of(kind, one.table)), default=0)
            for one in carried(self.heading.kind)
        }

    def known(self, table: str) -> int:
        """The newest entry of ours that the sender knew of, as far as a table is concerned."""
        return self._known.get(table, 0)

    # ---------------------------------------------------------------------------------- what was done and asked here

    @cached_property
    def touched(self) -> Touched:
        """What was done here since."""
        return touched_since(self.session, min(self._known.values(), default=0))

    @cached_property
    def touched_rounds(self) -> dict[str, list[str]]:
        """The rounds to which anything was done, by plot."""
        found: dict[str, list[str]] = {}
        for key in self.touched.rows("round"):
            found.setdefault(str(key).rpartition(":")[0], []).append(str(key))
        return found

    def removed_by_hand(self, seq: int) -> bool:
        """Whether an entry that took something out was no package, and no taking back of one."""
        entries = self._entries
        while seq in entries:
            mark = entries.mark(seq)
            if mark.undoes is None:
                return mark.action != Operation.RECEIVE
            seq = mark.undoes
        return True

    @cached_property
    def _entries(self) -> ActiveEntries:
        return entries_of(self.session)

    @cached_property
    def questions(self) -> dict[PlotKey, Question[object]]:
        """The newest open or decided question of each field."""
        found: dict[PlotKey, Question[object]] = {}
        for row in store.questions(self.session):
            unknown = self.touched.field(("conflict", row.id or 0), "status", self.known(row.table_code)) is not None
            is_open = row.status == Status.OPEN
            found[row.table_code, row.row_key, row.field] = Question(
                row.id or 0, json.loads(row.base), json.loads(row.theirs), is_open, unknown=not is_open and unknown
            )
        return found

    @cached_property
    def asked_fields(self) -> dict[tuple[str, str], list[str]]:
        """The fields of each row about which there is a question."""
        found: dict[tuple[str, str], list[str]] = {}
        for table, row, name in self.questions:
            found.setdefault((table, row), []).append(name)
        return found

    # ---------------------------------------------------------------------------------- what came before

    @cached_property
    def _later(self) -> list[tuple[PackageKind, frozenset[str]]]:
        """Kind and samples of packages that the sender wrote later and that came sooner."""
        if self.goes_back:
            return []
        own = succession.coming(self.heading)
        return [
            (PackageKind(one.kind), one.samples)
            for one in succession.in_force(store.taken_from(self.session, self.sender))
            if (one.is_later(own) if one.kind == own.kind else 0 < own.head_seq < one.head_seq)
        ]

    @property
    def is_newest(self) -> bool:
        """Whether nothing that its sender wrote later came sooner."""
        return not self._later

    def late(self, table: str) -> bool:
        """Whether another package has told a newer story of a whole table already."""
        if table in CAMPAIGN:
            return any(table_of(kind, table) is not None for kind, _ in self._later)
        return any(
            kind is not self.heading.kind and table_of(kind, table) is not None
            for kind, _ in self._later
            if (kind in OF_UNIT) == (self.heading.kind in OF_UNIT)
        )

    @cached_property
    def late_sample(self) -> bool:
        """Whether a package about another sample has told a newer story of plots that both drew."""
        return self.heading.kind not in OF_UNIT and any(kind not in OF_UNIT for kind, _ in self._later)

    @cached_property
    def late_samples(self) -> frozenset[str]:
        """Samples of which a package that is about others too has told a newer story."""
        return frozenset(one for _, samples in self._later for one in samples)

    def call(self, plot: str | None) -> str:
        """What a plot is called; the campaign's own things have no plot."""
        if plot is None:
            return ""
        if plot not in self.names:
            for key, village, number in store.rows(
                self.session, "plot", ("id", "village", "plot_no"), where="id", keys=[plot]
            ):
                self.names[str(key)] = plot_name(str(village or ""), str(number or ""))
        return self.names.get(plot, plot)


def samples_of(contents: Contents, kind: PackageKind) -> frozenset[str]:
    """The samples that a package is about."""
    found: set[str] = set()
    for table, column in (("sample", "id"), ("sample_plot", "sample_id"), ("sample_result", "sample_id")):
        one = table_of(kind, table)
        incoming = contents.table(one) if one is not None else None
        found |= set(map(str, incoming.column(column))) if incoming is not None else set()
    return frozenset(found)
