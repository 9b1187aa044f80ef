"""Taking packages in: looked at first, then taken in as one entry after a safety copy, or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.keeping import keeping
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.reading import ReceivedPackage, reading
from gengdi_desktop.handover.receiving import admission, proof, store, succession
from gengdi_desktop.handover.receiving.admission import Freshness, Problem
from gengdi_desktop.handover.receiving.coming import coming
from gengdi_desktop.handover.receiving.context import Context, samples_of
from gengdi_desktop.handover.receiving.incoming import Contents
from gengdi_desktop.handover.receiving.merge import Progress, merged
from gengdi_desktop.handover.receiving.naming import Numbers
from gengdi_desktop.handover.receiving.records import Arrival, Looked, MissingPhoto, NamedPlot, Received
from gengdi_desktop.handover.receiving.writing import safety_copy, write
from gengdi_desktop.handover.travelling import ENTRIES
from gengdi_desktop.ledger.trust import trusted
from gengdi_desktop.storage.layout import CODES
from gengdi_desktop.system.reference import divisions
from gengdi_desktop.system.sweeping import without_sweeps

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.exchange.manifest import Heading
    from gengdi_desktop.exchange.verify import PackageVerdict
    from gengdi_desktop.handover.receiving.proof import Proof, Reported
    from gengdi_desktop.handover.receiving.succession import Taken
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.certificates import Certificate
    from gengdi_desktop.signing.verdict import Verification

_TELLING: Final = frozenset({"signer_unknown", "signer_removed"})
"""Problems with which the rows still mean something, so that they are shown."""
_NOT_READ: Final = frozenset({"?"})
"""No sample is called so."""
MOST_OF_STRANGERS: Final = 20_000_000
"""Bytes of rows and journal, unpacked, that are read of a package whose signer is not believed."""


def arrival(
    ledger: Ledger, path: Path, *, progress: Progress | None = None, verdict: PackageVerdict | None = None
) -> Arrival:
    """What a package says and would change here; writes nothing.

    Args:
        ledger: The open ledger.
        path: The package.
        progress: Told of tables done and in all; may raise ``Cancelled``.
        verdict: What ``verify_packages`` said of the file just now.

    Raises:
        PackageFault: It is not intact, or its rows are not of the prescribed form.
        SurroundingsError: ``not_package``, or the disk failed.
    """
    with _opened(ledger, path, progress, verdict) as package, ledger.reading() as session:
        looked = _looked_at(ledger, session, package)
        if not _rows_matter(looked.arrival):
            return looked.arrival
        if _too_much(package):
            return replace(looked.arrival, stated_plots=Contents(package).stated("plot"))
        context = _context(ledger, session, package, looked, Numbers(None), 0)
        for _ in merged(context, progress):
            pass
        return _told(looked.arrival, context)


def receive(
    ledger: Ledger,
    path: Path,
    *,
    by: Actor,
    reason: str | None = None,
    progress: Progress | None = None,
    copy: bool = True,
    verdict: PackageVerdict | None = None,
) -> Received:
    """Take a package in: one entry, which can be turned back as any other; or nothing at all.

    The same package again changes nothing and is no error.

    Args:
        ledger: Open for writing.
        path: The package.
        by: Who takes it in.
        reason: Why it is taken in although a problem asks for a reason; kept in the journal.
        progress: Told of tables done and in all; may raise ``Cancelled``, and nothing stays.
        copy: Make a safety copy of the ledger before; who takes in many packages makes one for all.
        verdict: What ``verify_packages`` said of the file just now.

    Raises:
        RuleError: The first of ``arrival.problems`` that stands.
        PackageFault: It is not intact, or its rows are not of the prescribed form.
        SurroundingsError: ``not_package``, ``read_only``, or the disk failed.
    """
    with _opened(ledger, path, progress, verdict) as package:
        with ledger.reading() as session:
            looked = _looked_at(ledger, session, package)
        if looked.arrival.freshness is Freshness.AGAIN:
            return Received(looked.arrival, Changes(), 0)
        _refuse(looked.arrival.problems, reason)
        if copy:
            safety_copy(ledger)
        return _taken_in(ledger, package, by, reason, progress)


def _taken_in(
    ledger: Ledger,
    package: ReceivedPackage,
    by: Actor,
    reason: str | None,
    progress: Progress | None,
) -> Received:
    brought = [one.file for one in coming(package.members).values()]
    with (
        without_sweeps(),
        keeping(ledger, [one.sha256 for one in brought], brought) as keeper,
        ledger.begin(Operation.RECEIVE, by, reason=_reason(package.heading, reason)) as work,
    ):
        # Asked again within the action: another thread may have been quicker.
        looked = _looked_at(ledger, work.session, package)
        if looked.arrival.freshness is Freshness.AGAIN:
            return Received(looked.arrival, Changes(), 0)
        _refuse(looked.arrival.problems, reason)
        numbers = Numbers(lambda table, count: work.new_keys(CODES[table], count))
        context = _context(ledger, work.session, package, looked, numbers, work.seq)
        write(ledger, work, package, context, looked, keeper, progress)
        told = _told(looked.arrival, context)
        return Received(told, work.commit(), context.tally.rows + 1)


# ------------------------------------------------------------------------------------------------------------- looking


@contextlib.contextmanager
def _opened(
    ledger: Ledger, path: Path, progress: Progress | None, verdict: PackageVerdict | None
) -> Iterator[ReceivedPackage]:
    def asked() -> bool:
        if progress is not None:
            progress(0, 0)
        return False

    with reading(path, trusted(ledger), now=ledger.clock.now(), cancelled=asked, verdict=verdict) as package:
        yield package


def _looked_at(ledger: Ledger, session: Session, package: ReceivedPackage) -> Looked:
    """Judge a package by what this ledger knows; its rows are not read yet."""
    heading, verification = package.heading, package.verification
    signer = verification.signatures[0].certificate if verification.signatures else None
    struck_off = store.removed_certificates(session)
    info = ledger.info
    units = CountyUnits(divisions(), info.county_code, info.county)
    here = admission.Here(info, units, store.campaign_name(session), store.other_ledgers(session, heading, units))
    taken = store.taken_from(session, heading.sender.ledger)
    one = succession.coming(heading, _samples(package, taken))
    reported, known = _entries(session, package)
    shown = _proof(one, taken, package, reported, known)
    fresh = admission.freshness(one, taken, shown)
    found = [*admission.problems(heading, here)]
    if fresh is Freshness.OLDER:
        proven = one.head_seq in known and known[one.head_seq].hash == one.head_hash
        found.append(admission.older_problem(heading, one, taken, proven=proven))
    found += _signed_problems(package, signer, struck_off, verification, units)
    found += admission.proof_problems(shown, heading.sender.organ or heading.sender.unit)
    told = Arrival(
        heading,
        signer.subject if signer is not None else "",
        signer,
        trusted=verification.trusted,
        freshness=fresh,
        proof=shown,
        problems=tuple(found) if fresh is not Freshness.AGAIN else (),
    )
    return Looked(told, reported, tuple(known.values()))


def _entries(session: Session, package: ReceivedPackage) -> tuple[tuple[Reported, ...], Mapping[int, Reported]]:
    """The entries of the sender's journal that the package carries, and those that were reported before."""
    span, ledger = package.heading.journal, package.heading.sender.ledger
    if span is None or span.since_seq is None or not ledger or _too_much(package):
        return (), {}
    carried = any(one.name == ENTRIES for one in package.members)
    lines = package.lines(ENTRIES) if carried else iter(())
    return tuple(proof.read_entries(span, ledger, lines)), store.reported(session, ledger)


def _proof(
    one: Taken,
    taken: tuple[Taken, ...],
    package: ReceivedPackage,
    reported: tuple[Reported, ...],
    known: Mapping[int, Reported],
) -> Proof | None:
    """What the journal of a package shows; None where it carries none, or nobody reads it."""
    span = package.heading.journal
    if span is None or span.since_seq is None or not package.heading.sender.ledger or _too_much(package):
        return None
    # Later packages that came sooner, on the way of the journal as it is known now.
    later = [
        other
        for other in succession.in_force(taken)
        if other.kind == one.kind and other.head_seq > one.head_seq
        if other.head_seq in known and known[other.head_seq].hash == other.head_hash
    ]
    overtaken = all(other.number > one.number for other in later)
    return proof.prove(span, {entry.seq: entry.hash for entry in reported}, known, overtaken=overtaken)


def _signed_problems(
    package: ReceivedPackage,
    signer: Certificate | None,
    struck_off: frozenset[str],
    verification: Verification,
    units: CountyUnits,
) -> Iterator[Problem]:
    out_of_time = next((one for one in verification.problems if one.code == "certificate_out_of_time"), None)
    if out_of_time is not None:
        told = f"{out_of_time.message.rstrip('。')}，{admission.NOTHING_LOST}"
        yield Problem(out_of_time.code, told, "请对方换上有效的证书，重新打包。")
        return
    yield from admission.signer_problems(package.heading, signer, struck_off, trusted=verification.trusted, units=units)


def _samples(package: ReceivedPackage, taken: tuple[Taken, ...]) -> frozenset[str]:
    """The samples that a package is about, as far as it matters: only one about all of them may replace it."""
    if not any(one.sample for one in taken if one.kind == package.heading.kind):
        return frozenset()
    return _NOT_READ if _too_much(package) else samples_of(Contents(package), package.heading.kind)


def _too_much(package: ReceivedPackage) -> bool:
    """Whether somebody whom nobody knows asks us to read more than a look is worth: rows are read in this process."""
    sizes = (one.size for one in package.members if names.folder_of(one.name) in {names.DATA, names.JOURNAL})
    return not package.verification.trusted and sum(sizes) > MOST_OF_STRANGERS


def _rows_matter(found: Arrival) -> bool:
    stopped = any(not one.with_reason and one.code not in _TELLING for one in found.problems)
    return not stopped and found.freshness is not Freshness.AGAIN


def _refuse(problems: tuple[Problem, ...], reason: str | None) -> None:
    for one in problems:
        if not (one.with_reason and reason and reason.strip()):
            raise RuleError(one.code, one.message, one.hint)


def _context(
    ledger: Ledger, session: Session, package: ReceivedPackage, looked: Looked, numbers: Numbers, entry: int
) -> Context:
    context = Context(session, ledger.info, package.heading, Contents(package), numbers, entry)
    context.goes_back = looked.goes_back
    context.coming = coming(package.members)
    return context


def _told(found: Arrival, context: Context) -> Arrival:
    tally = context.tally
    changed = tally.changed - tally.new - tally.deleted
    missing = tuple(MissingPhoto(plot, context.call(plot), name, key) for plot, name, key in context.missing)
    return Arrival(
        found.heading,
        found.signer,
        found.certificate,
        trusted=found.trusted,
        freshness=found.freshness,
        proof=found.proof,
        new=len(tally.new),
        changed=len(changed),
        same=len(tally.all - tally.new - changed - tally.deleted),
        deleted=len(tally.deleted),
        new_plots=_called(context, tally.new),
        deleted_plots=_called(context, tally.deleted),
        fields=tuple(tally.fields),
        more_fields=tally.untold,
        conflicts=tuple(tally.asked),
        refused=tuple(tally.refused),
        kept=tuple(tally.kept),
        missing_photos=missing,
        problems=found.problems,
        rows=tally.rows,
        looked=True,
    )


def _called(context: Context, plots: Iterable[str]) -> tuple[NamedPlot, ...]:
    named = (NamedPlot(plot, context.call(plot)) for plot in plots)
    return tuple(sorted(named, key=lambda one: (one.name, one.plot)))


def _reason(heading: Heading, reason: str | None) -> str:
    told = f"{heading.sender.organ or heading.sender.unit}的{heading.kind.numbered(heading.number)}"
    return f"{told}，{reason.strip()}" if reason and reason.strip() else told
