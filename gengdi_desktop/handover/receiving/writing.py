"""Writing what a package means: rows, files, the proof and the package itself, all in one action."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from gengdi_desktop.evidence.media import HEAD_BYTES, is_program
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import TableChanges
from gengdi_desktop.handover.receiving.merge import Progress, merged
from gengdi_desktop.handover.receiving.proof import Proof, Reported
from gengdi_desktop.handover.travelling import RECEIPT, table_of
from gengdi_desktop.ledger import backup
from gengdi_desktop.ledger.folder import FolderPart
from gengdi_desktop.storage.journal import Item, Value
from gengdi_desktop.storage.layout import CODES
from gengdi_desktop.storage.unit_of_work import utc_text

if TYPE_CHECKING:
    from gengdi_desktop.evidence.keeping import Keeper
    from gengdi_desktop.exchange.reading import ReceivedPackage
    from gengdi_desktop.handover.receiving.context import Context
    from gengdi_desktop.handover.receiving.records import Arrival, Looked
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.storage.unit_of_work import Work

_REPORTED: Final = ("id", "peer_ledger", "seq", "hash", "at", "actor", "action", "package_id")
_COPY_NAME: Final = "收包前"
_COPIES_KEPT: Final = 3
_SHORT: Final = 12
"""So many digits of a hash are shown where a file has no name."""


def safety_copy(ledger: Ledger) -> None:
    """Copy the ledger into its own ``backups/`` before rows change; of such copies the newest three stay.

    Raises:
        SurroundingsError: No room, or a broken disk; the ledger is as before.
    """
    made = backup.make(ledger.folder, _COPY_NAME, ledger.clock).file
    kept = sorted(ledger.folder.part(FolderPart.BACKUPS).glob(f"{_COPY_NAME}_*{backup.SUFFIX}"))
    older = [one for one in kept if one != made]
    for one in older[: max(0, len(older) - _COPIES_KEPT + 1)]:
        # One that cannot be removed takes room and does no harm.
        with contextlib.suppress(OSError):
            one.unlink()


def write(
    ledger: Ledger,
    work: Work,
    package: ReceivedPackage,
    context: Context,
    looked: Looked,
    keeper: Keeper,
    progress: Progress | None = None,
) -> None:
    """Write everything that a package brings; what is not committed afterwards never was.

    Args:
        ledger: The open ledger.
        work: The action.
        package: The package, judged.
        context: The package and the ledger.
        looked: What was found of it before its rows were read.
        keeper: Takes files in.
        progress: See :func:`gengdi_desktop.handover.receiving.service.receive`.
    """
    for changes in merged(context, progress):
        carry_out(work, changes)
    if looked.reported and looked.arrival.proof is not None:
        carry_out(work, _entries(context, looked, looked.arrival.proof))
    work.apply(list(_receipts(context)))
    _keep_files(package, context, keeper, progress)
    store.add_package(work.session, _package_row(ledger, package, context, looked.arrival))


def carry_out(work: Work, changes: TableChanges) -> None:
    """Write what happens to one table."""
    if changes.new:
        work.bulk(CODES[changes.table], changes.names, changes.new)
    if changes.items:
        work.apply(changes.items)


def _receipts(context: Context) -> Iterator[Item]:
    """What the sender has of ours now: what it took back, or lost with a backup, is sent anew."""
    named = [one.package for one in context.receipts]
    for key in store.unreceipted(context.session, named):
        yield ["~", "package", key, {"receipted_by": [None, context.heading.id]}]
    # An older list says nothing of what came since.
    if context.contents.has(RECEIPT) and context.is_newest:
        for key, by in store.receipted_no_more(context.session, context.sender, named):
            yield ["~", "package", key, {"receipted_by": [by, None]}]


def _entries(context: Context, looked: Looked, proof: Proof) -> TableChanges:
    """What the other journal says now; what it said before stays in our journal, also of entries that are no more."""
    before = {one.seq: one for one in looked.known}
    changes = TableChanges("reported_entry", _REPORTED)
    changes.new = [_row(context, one) for one in looked.reported if one.seq not in before]
    if looked.goes_back:
        others = {one.seq for one in proof.rewritten} | {seq for seq in before if seq > proof.head_seq}
        changes.items = list(_rewritten(context, {one.seq: one for one in looked.reported}, sorted(others)))
    return changes


def _rewritten(context: Context, now: dict[int, Reported], others: Sequence[int]) -> Iterator[Item]:
    keys = {seq: f"{context.sender}:{seq}" for seq in others}
    rows = store.whole_rows(context.session, "reported_entry", keys.values())
    for seq, key in keys.items():
        old, new = rows[key], now.get(seq)
        if new is None:
            yield ["-", "reported_entry", key, {name: [value, None] for name, value in old.items()}]
        else:
            fresh = dict(zip(_REPORTED, _row(context, new), strict=True))
            yield ["~", "reported_entry", key, {n: [old[n], v] for n, v in fresh.items() if old[n] != v}]


def _row(context: Context, one: Reported) -> tuple[Value, ...]:
    key = f"{context.sender}:{one.seq}"
    return key, context.sender, one.seq, one.hash, one.at, one.actor, one.action, context.heading.id


def _keep_files(package: ReceivedPackage, context: Context, keeper: Keeper, progress: Progress | None) -> None:
    wanted = [(key, one) for key, one in context.coming.items() if key in context.files]
    for done, (key, one) in enumerate(wanted):
        if progress is not None:
            progress(done, len(wanted))
        file = package.extract(one.member)
        with file.open("rb") as stream:
            if is_program(stream.read(HEAD_BYTES)):
                raise _program(context, key)
        keeper.keep(file, one.member, key)


def _program(context: Context, key: str) -> PackageFault:
    carried = table_of(context.heading.kind, "attachment")
    said = context.contents.table(carried) if carried is not None else None
    names = zip(said.column("file_id"), said.column("name"), strict=True) if said is not None else ()
    name = next((_storable(str(name)) for file, name in names if file == key), key[:_SHORT])
    told = f"包里的“{name}”是程序，不是照片或文件，整个包没有收下，台账没有变。"
    return PackageFault("program_inside", told, "请打电话问清是怎么来的，再请对方重新打包。")


def _package_row(ledger: Ledger, package: ReceivedPackage, context: Context, arrival: Arrival) -> dict[str, Value]:
    heading = context.heading
    sender, journal = heading.sender, heading.journal
    return {
        "id": heading.id,
        "direction": "in",
        "kind": heading.kind.value,
        "number": heading.number,
        "peer_ledger": sender.ledger,
        "peer_desk": sender.desk.value,
        "peer_unit": sender.unit,
        "peer_unit_code": sender.unit_code,
        "peer_organ": sender.organ,
        "created_at": utc_text(heading.created),
        "settled_at": utc_text(ledger.clock.now()),
        "settled_on": ledger.today().isoformat(),
        "manifest_sha256": package.manifest_sha256,
        "signer": arrival.certificate.fingerprint if arrival.certificate is not None else "",
        "head_seq": journal.head_seq if journal is not None else 0,
        "head_hash": journal.head_hash if journal is not None else "",
        "since_seq": journal.since_seq if journal is not None else None,
        "since_hash": journal.since_hash if journal is not None else None,
        "answers": heading.answers,
        "receipted_by": None,
        "entry": context.entry,
        "sample": ",".join(sorted(context.samples)),
        "proof": arrival.proof.kind.value if arrival.proof is not None else "",
        "proof_entries": _proof_entries(arrival.proof),
        "plots": len(context.tally.all),
        "area": context.tally.area,
        "file_name": _storable(package.path.name),
        "note": "；".join(f"{one.name}：{one.message}" for one in (*context.tally.refused, *context.tally.kept)),
    }


def _storable(name: str) -> str:
    """A file's name as a text: on a stick that another system wrote it may hold bytes that are no letters."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def _proof_entries(shown: Proof | None) -> str:
    """Which entries of the sender's are not as they were reported, or away."""
    if shown is None:
        return ""
    return ",".join(str(seq) for seq in shown.missing or [one.seq for one in shown.rewritten])
