"""The members of a package: rows, journal, rules, certificates, papers and photos, out of one snapshot."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.manifest import CampaignName, JournalSpan, PackageKind, Party
from gengdi_desktop.exchange.writing import Source
from gengdi_desktop.handover.packing import members, receivers, store
from gengdi_desktop.handover.packing.store import NamedFile, Scope, Snapshot
from gengdi_desktop.handover.travelling import Plots, carried, plots_of
from gengdi_desktop.ledger.folder import FolderPart
from gengdi_desktop.ledger.words import plot_names
from gengdi_desktop.phases.sampling.service import reserve
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.storage.journal import GENESIS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlmodel import Session

    from gengdi_desktop.domain.county_units import Unit
    from gengdi_desktop.handover.packages import PackOptions
    from gengdi_desktop.handover.packing.members import Scratch
    from gengdi_desktop.ledger.handle import Ledger, LedgerInfo

_log = logging.getLogger(__name__)
_RULE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_STAGES: Final = {one.value: one.label for one in Stage}
_NOT_DRAWN: Final = "framed"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package is to hold, as one snapshot of the ledger has it.

    Attributes:
        recipient: Who it is for.
        number: Which of its kind for this receiver.
        head: Number and hash of the last entry that it knows.
        journal: Where its entries begin and end; only its head where the kind carries none.
        answers: The package that it answers.
        plots: How many plots it is about, and their area in 10⁻⁶ mu.
        sources: Its members; those of photos say what people call them.
        photos: The hashes of the photos and papers of plots among them.
        left_out: Photos that were not wanted.
        missing: Files that the ledger has lost.
        unchecked: Of a check result, the plots of the sample that have no result yet.
    """

    recipient: Party
    number: int
    campaign: CampaignName | None
    head: tuple[int, str]
    journal: JournalSpan
    answers: str | None
    plots: tuple[int, int]
    sources: tuple[Source, ...]
    photos: frozenset[str]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    unchecked: tuple[str, ...] = ()


def gathered(
    ledger: Ledger, kind: PackageKind, options: PackOptions, own: Sequence[Certificate], scratch: Scratch
) -> Contents:
    """Gather all that a package is to hold; rows and journal are of the same moment.

    Args:
        ledger: Whose desk it is.
        kind: Of the package.
        options: What it is to hold.
        own: The signer's certificate and those of its issuers.
        scratch: Where rows wait.

    Raises:
        RuleError: ``unknown_unit``, ``unknown_sample``, ``not_drawn``, ``nothing_to_pack``.
        SurroundingsError: ``damaged``; the disk of the temporary folder is full.
    """
    spare = spare_plots(ledger, kind, options)
    with ledger.reading() as session:
        unit = None
        if plots_of(kind) is Plots.OF_UNIT and (options.unit_code or not options.team):
            unit = receivers.unit_asked(session, ledger.info, options.unit_code)
        to = receivers.receiver(session, ledger.info, kind, options, unit)
        scope = scope_of(session, ledger.info, (kind, unit), options, spare)
        found = store.files(session, carried(kind), scope)
        scope = replace(scope, files=tuple(one.id for one in found))
        head = store.head(session)
        journal = JournalSpan(*head, None, None)
        if names.JOURNAL in kind.folders:
            journal = _span(session, 0 if options.whole else store.receipted_head(session, to.ledger), head)
        campaign = store.campaign(session)
        receipted = set() if options.whole else store.receipted_files(session, to.ledger)
        files = _Files(ledger, kind, options, receipted)
        snapshot = Snapshot(session)
        sources = [
            *members.rows_of(snapshot, carried(kind), scope, scratch),
            members.receipts_of(store.receipts(session, to.ledger), scratch),
            *_entries(snapshot, journal, scratch),
            *_rules(session, kind),
            *_certificates(session, kind, own),
            *files.sources(found),
        ]
        return Contents(
            recipient=to,
            number=store.next_number(session, kind, _peer(to)),
            campaign=CampaignName(campaign.name, campaign.document_number) if campaign.name else None,
            head=head,
            journal=journal,
            answers=_answers(session, kind, to),
            plots=_counted(session, scope),
            sources=tuple(sources),
            photos=frozenset(files.photos),
            left_out=tuple(files.left_out),
            missing=tuple(files.missing),
            unchecked=_unchecked(session, scope) if kind is PackageKind.CHECK_RESULT else (),
        )


def _unchecked(session: Session, scope: Scope) -> tuple[str, ...]:
    """The plots of the sample that have no result yet, as people call them."""
    open_ones = store.unchecked_plots(session, scope.samples)
    return tuple(sorted(plot_names(session, open_ones).values()))


def _peer(party: Party) -> store.Peer:
    return store.Peer(party.ledger, party.desk.value, party.unit, party.unit_code, party.organ)


def scope_of(
    session: Session,
    info: LedgerInfo,
    of: tuple[PackageKind, Unit | None],
    options: PackOptions,
    spare: Sequence[str],
) -> Scope:
    """Whose plots, which sample, whose lists; the files are found by it."""
    kind, unit = of
    about = plots_of(kind)
    if about is Plots.OF_SAMPLE:
        chain = _chain(session, options.sample)
        drawn = store.drawn_plots(session, chain) | set(spare)
        return Scope(kind, store.with_parents(session, drawn), chain)
    if about is Plots.OF_LEDGER:
        return Scope(kind, None, lists=store.own_lists(session, None))
    plots = receivers.plots_of(session, info, unit) if unit is not None else ()
    lists = store.own_lists(session, plots) if kind is PackageKind.TASK else ()
    return Scope(kind, plots, lists=lists)


def spare_plots(ledger: Ledger, kind: PackageKind, options: PackOptions) -> tuple[str, ...]:
    """The plots that come next in each stratum: a team takes their papers along for what cannot be visited."""
    if kind is not PackageKind.CHECK_TASK:
        return ()
    try:
        return reserve(ledger, options.sample)
    except RuleError as error:
        # Without the frame nobody can be replaced; what was drawn goes all the same. What else is wrong is told later.
        _log.info("no reserve goes along: %s", error.code)
        return ()


def _chain(session: Session, sample: str) -> tuple[str, ...]:
    status = store.sample_status(session, sample)
    if status is None:
        raise RuleError("unknown_sample", "台账里没有这次抽样，没有打包。", "请先列出抽样，再选一次。")
    if status == _NOT_DRAWN:
        raise RuleError("not_drawn", "这次抽样只封存了抽样框，还没有抽，没有打包。", "请先摇号抽样。")
    return store.chain_of(session, sample)


def _counted(session: Session, scope: Scope) -> tuple[int, int]:
    found = store.counted(session, scope)
    if scope.kind is PackageKind.CHECK_RESULT and not found[0]:
        raise RuleError("nothing_to_pack", "这次抽样还没有录入结果，没有打包。", "请先录入抽查结果。")
    return found


def _span(session: Session, since: int, head: tuple[int, str]) -> JournalSpan:
    return JournalSpan(*head, since, store.hash_of(session, since) if since else GENESIS)


def _answers(session: Session, kind: PackageKind, to: Party) -> str | None:
    asked = {
        PackageKind.FEEDBACK: PackageKind.SUBMISSION,
        PackageKind.CHECK_RESULT: PackageKind.CHECK_TASK,
    }.get(kind)
    return store.newest_from(session, to.ledger, asked) if asked is not None else None


def _entries(snapshot: Snapshot, journal: JournalSpan, scratch: Scratch) -> Iterator[Source]:
    if journal.since_seq is not None:
        yield members.entries_of(snapshot, journal.since_seq, scratch)


def _rules(session: Session, kind: PackageKind) -> Iterator[Source]:
    """The county's own rules as files of settings, which other programs read too."""
    if names.RULES not in kind.folders:
        return
    newest = {code: value for code, value in store.own_rules(session) if _RULE_NAME.fullmatch(code)}
    for code, value in newest.items():
        yield Source(f"{names.RULES}/{code}.toml", value.encode())


def _certificates(session: Session, kind: PackageKind, own: Sequence[Certificate]) -> Iterator[Source]:
    """Whose rows travel, and always those that sign."""
    only_own = names.RULES not in kind.folders and kind is not PackageKind.FEEDBACK
    kept = (Certificate.from_bytes(pem.encode()) for pem in store.pems(session, own=only_own))
    for one in {one.fingerprint: one for one in (*kept, *own)}.values():
        yield Source(f"{names.CERTIFICATES}/{one.fingerprint}.cer", one.der)


class _Files:
    """Which files of the ledger's folder go, and what is told of those that do not."""

    def __init__(self, ledger: Ledger, kind: PackageKind, options: PackOptions, receipted: set[str]) -> None:
        self._ledger = ledger
        self._kind = kind
        self._options = options
        self._receipted = receipted
        self.photos: set[str] = set()
        self.left_out: list[str] = []
        self.missing: list[str] = []

    def sources(self, found: Iterable[NamedFile]) -> Iterator[Source]:
        """The members of the files that go."""
        for one in found:
            if one.folder == FolderPart.ISSUED or one.removed:
                continue
            paper = one.folder == FolderPart.REPORTS and names.REPORTS in self._kind.folders
            if one.plot and not self._goes(one):
                continue
            folder = names.REPORTS if paper else names.EVIDENCE
            place = self._ledger.folder.path_of(one.stored)
            if place.is_file():
                if one.plot:
                    self.photos.add(one.id)
                yield Source(f"{folder}/{one.id}{one.suffix}", place, called(one))
            else:
                self.missing.append(called(one))

    def _goes(self, one: NamedFile) -> bool:
        """Whether a photo or paper of a plot goes this time."""
        if one.id in self._receipted:
            return False
        if not self._options.photos or one.id in self._options.leave_out:
            self.left_out.append(called(one))
            return False
        return True


def called(one: NamedFile) -> str:
    """A file as people call it: 白圩村 0012 整改后 2.jpg."""
    words = (one.plot, _STAGES.get(one.stage, ""), one.name or f"{one.folder}/{one.id[:12]}{one.suffix}")
    return " ".join(word for word in words if word)
