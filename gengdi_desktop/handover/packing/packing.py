"""Writing a package: gathered out of one snapshot, signed, proved on its disk, and only then noted as one entry."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop import __version__
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.fields import moment_text
from gengdi_desktop.exchange.manifest import MOST_MEMBERS, Heading, PackageKind
from gengdi_desktop.exchange.manifest_json import manifest_sha256
from gengdi_desktop.exchange.writing import PackageTooLarge, Source, Written, write_package
from gengdi_desktop.handover.packages import Packed, PackOptions
from gengdi_desktop.handover.packing import receivers, store
from gengdi_desktop.handover.packing.contents import Contents, gathered
from gengdi_desktop.handover.packing.members import Scratch
from gengdi_desktop.handover.travelling import WAYS
from gengdi_desktop.storage.schema import SCHEMA_VERSION
from gengdi_desktop.storage.unit_of_work import utc_text
from gengdi_desktop.system.files import digest_of

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.identity import Identity

Progress = Callable[[int, int], None]

_OTHER_CONTENT: Final = "member_hash"


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for."""

    ledger: Ledger
    kind: PackageKind
    target: Path
    by: Actor
    identity: Identity
    options: PackOptions
    id: str
    at: datetime
    progress: Progress | None


def pack(
    ledger: Ledger,
    kind: PackageKind,
    target: Path,
    *,
    by: Actor,
    identity: Identity,
    options: PackOptions | None = None,
    progress: Progress | None = None,
) -> Packed:
    """Write a package and note it as one entry.

    The file takes its name last: whoever finds it there finds it in the ledger too. A package that was noted and did
    not get its name only counts in the numbers.

    Args:
        ledger: Open for writing.
        kind: What the package is for.
        target: Its file; one of that name stands until the new one is proved.
        by: Who acts.
        identity: Who signs, unlocked.
        options: What it is to hold and for whom it is.
        progress: Told in millions of bytes, (0, 0) before; may raise ``Cancelled``.

    Raises:
        RuleError: ``wrong_desk``, ``inside_ledger``, ``unknown_unit``, ``unknown_sample``, ``not_drawn``,
            ``nothing_to_pack``, ``certificate_over``; ``package_too_large`` where leaving photos out does not help.
        SurroundingsError: The disk is full, broken or away, ``damaged``, ``locked``, ``read_only``. Nothing was noted.
    """
    options = options or PackOptions()
    order = _Order(ledger, kind, target, by, identity, options, secrets.token_hex(16), ledger.clock.now(), progress)
    _require_possible(order)
    with tempfile.TemporaryDirectory(prefix="gengdi-pack-") as folder:
        own = (identity.certificate, *identity.issuers)
        contents = gathered(ledger, kind, options, own, Scratch(Path(folder), lambda: _ask(progress)))
        written, contents, changes = _written(order, contents)
    return Packed(
        file=target,
        sha256=written.sha256,
        size=written.size,
        kind=kind,
        id=order.id,
        number=contents.number,
        receiver=_called(contents),
        plots=contents.plots[0],
        area=Area(contents.plots[1]),
        photos=len(_photos(contents, written)),
        left_out=contents.left_out,
        missing=contents.missing,
        unchecked=contents.unchecked,
        changes=changes,
    )


def _ask(progress: Progress | None) -> None:
    if progress is not None:
        progress(0, 0)


def _called(contents: Contents) -> str:
    return contents.recipient.organ or contents.recipient.unit


def require_sender(ledger: Ledger, kind: PackageKind) -> None:
    """That packages of a kind are written at this ledger's desk.

    Raises:
        RuleError: ``wrong_desk``.
    """
    desk = Desk(ledger.info.desk)
    senders, _ = WAYS[kind]
    if desk not in senders:
        who = "、".join(one.label for one in Desk if one in senders)
        raise RuleError(
            "wrong_desk", f"{kind.label}由{who}的台账打，这是{desk.label}的台账，没有打包。", "请换一种包。"
        )


def _require_possible(order: _Order) -> None:
    require_sender(order.ledger, order.kind)
    if order.target.resolve().is_relative_to(order.ledger.folder.root.resolve()):
        raise RuleError("inside_ledger", "包不能放在台账自己的文件夹里，没有打包。", "请放到 U 盘或别的文件夹。")


# ----------------------------------------------------------------------------------------------------------- writing


def _written(order: _Order, contents: Contents) -> tuple[Written, Contents, Changes]:
    """Write, without the photos that do not fit or turn out damaged; each goes only once."""
    noted = Changes()

    def note(written: Written) -> None:
        nonlocal noted
        noted = _note(order, contents, written)

    contents = _few_enough(contents)
    while True:
        try:
            written = write_package(
                order.target,
                _heading(order, contents),
                contents.sources,
                order.identity,
                at=order.at,
                progress=order.progress,
                proved=note,
            )
        except PackageTooLarge as error:
            if not error.leave_out:
                raise
            contents = _without(contents, error.leave_out)
        except RuleError as error:
            damaged = _damaged(contents) if error.code == _OTHER_CONTENT else ()
            if not damaged:
                raise
            contents = replace(
                contents,
                sources=tuple(one for one in contents.sources if one not in damaged),
                missing=(*contents.missing, *(one.about for one in damaged)),
            )
        except SurroundingsError as error:
            if noted.nothing:
                raise
            # It went away between the entry and the name: nothing that anybody could have carried off.
            raise SurroundingsError(
                error.code,
                f"包记进了台账，文件“{order.target.name}”却没有放好，这个包不算数。",
                "插好盘以后再打一次包就行，次数会往后排一个。",
            ) from error
        else:
            return written, contents, noted


def _few_enough(contents: Contents) -> Contents:
    """So many members as a package may have; the largest photos wait."""
    over = len(contents.sources) - MOST_MEMBERS
    if over <= 0:
        return contents
    spare = sorted((one for one in contents.sources if _is_photo(one.name)), key=lambda one: (-one.size, one.name))
    return _without(contents, spare[:over])


def _without(contents: Contents, some: Sequence[Source]) -> Contents:
    gone = {one.name for one in some}
    return replace(
        contents,
        sources=tuple(one for one in contents.sources if one.name not in gone),
        left_out=(*contents.left_out, *(one.about or one.name for one in some)),
    )


def _damaged(contents: Contents) -> tuple[Source, ...]:
    """The files whose bytes are no longer those of their name."""
    return tuple(
        one
        for one in contents.sources
        if isinstance(one.content, Path) and names.stated_hash(one.name) not in {None, digest_of(one.content).sha256}
    )


def _is_photo(name: str) -> bool:
    return names.folder_of(name) == names.EVIDENCE


def _photos(contents: Contents, written: Written) -> list[str]:
    """The hashes of the photos and papers of plots that went."""
    held = [names.stated_hash(one.name) for one in written.manifest.members if _is_photo(one.name)]
    return [one for one in held if one in contents.photos]


def _heading(order: _Order, contents: Contents) -> Heading:
    info = order.ledger.info
    return Heading(
        kind=order.kind,
        id=order.id,
        number=contents.number,
        created=order.at,
        program=__version__,
        sample=info.sample,
        sender=receivers.sender(info),
        recipient=contents.recipient,
        campaign=contents.campaign,
        schema=SCHEMA_VERSION,
        journal=contents.journal,
        answers=contents.answers,
    )


# ------------------------------------------------------------------------------------------------------------ noting


def _note(order: _Order, contents: Contents, written: Written) -> Changes:
    """One entry: the package, which photos it holds, and with what this unit signs."""
    to, journal = contents.recipient, contents.journal
    sentence = f"给{_called(contents)}写了{order.kind.numbered(contents.number)}"
    with order.ledger.begin(Operation.PACK, order.by, reason=sentence) as work:
        peer = store.Peer(to.ledger, to.desk.value, to.unit, to.unit_code, to.organ)
        if store.next_number(work.session, order.kind, peer) != contents.number:
            raise RuleError(
                "packed_meanwhile", "另一个窗口刚给同一家打了包，这一个没有写成，台账没有变。", "请再打一次包。"
            )
        values = {
            "id": order.id,
            "direction": store.OUT,
            "kind": str(order.kind),
            "number": contents.number,
            "peer_ledger": to.ledger,
            "peer_desk": to.desk.value,
            "peer_unit": to.unit,
            "peer_unit_code": to.unit_code,
            "peer_organ": to.organ,
            "created_at": moment_text(order.at),
            "settled_at": utc_text(order.at),
            "settled_on": order.ledger.today().isoformat(),
            "manifest_sha256": manifest_sha256(written.manifest),
            "signer": order.identity.certificate.fingerprint,
            "head_seq": contents.head[0],
            "head_hash": contents.head[1],
            "since_seq": journal.since_seq,
            "since_hash": journal.since_hash,
            "answers": contents.answers,
            "sample": order.options.sample,
            "plots": contents.plots[0],
            "area": contents.plots[1],
            "file_name": order.target.name,
            "note": "",
        }
        store.add_own_certificate(work.session, order.identity.certificate)
        store.add_package(work, values, _photos(contents, written))
        return work.commit()
