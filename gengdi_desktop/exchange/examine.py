"""Examines a package from its first byte to its last; runs in a child process (see ``verify``)."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.container import DEFLATED, STORED, Entry, altered, walk
from gengdi_desktop.exchange.contents import changed, checked_content, packed_bytes
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import Manifest, Member, shown
from gengdi_desktop.exchange.manifest_json import LARGEST_MANIFEST, read_manifest
from gengdi_desktop.exchange.writing import MEDIA_TYPE
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.detached import LARGEST as LARGEST_SIGNATURE
from gengdi_desktop.signing.detached import Judged, judge_detached
from gengdi_desktop.signing.verdict import PACKAGE, Attached, Finding, Verification, refused
from gengdi_desktop.system.child import JsonValue, Write
from gengdi_desktop.system.files import opened

_FRONT = (names.MIMETYPE, names.MANIFEST, names.SIGNATURE)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands before the members of a package, read but not believed.

    Attributes:
        manifest: What the package says of itself.
        said: The bytes of the manifest, over which the signature is made.
        signature: The bytes of the signature.
        entries: Where the members are, by name.
    """

    manifest: Manifest
    said: bytes
    signature: bytes
    entries: Mapping[str, Entry]


def examine(
    path: Path, trusted: Sequence[Certificate], *, now: datetime, file: str = ""
) -> tuple[Verification, Opened | None]:
    """Judge a package.

    Args:
        path: The file.
        trusted: Certificates that are believed; one that may issue others vouches for those it issued.
        now: Present moment, aware.
        file: Name for the verdict.

    Returns:
        The verdict, with the one thing that is wrong where something is, and the package where its manifest could be
        read.

    Raises:
        SurroundingsError: The disk failed while reading; nothing is said about the package then.
    """
    package: Opened | None = None
    judged: Judged | None = None
    try:
        with opened(path) as stream:
            package = open_package(stream, path.stat().st_size)
            judged = judge_detached(package.said, package.signature, package.manifest.signer, trusted, now=now)
            if judged.verdict.intact:
                _check_contents(stream, package)
            return _concluded(file, judged, package.manifest), package
    except (PackageFault, RuleError) as fault:
        _log.info("a package is not believed: %s", fault.code)
        return _refused(file, Finding(fault.code, f"{fault.message}{fault.hint}"), judged), package


def _check_contents(stream: IO[bytes], package: Opened) -> None:
    """Read every member to its end."""
    for member in package.manifest.members:
        for _ in checked_content(stream, package.entries[member.name], member):
            pass


def open_package(stream: IO[bytes], length: int) -> Opened:
    """Read what stands before the members, and see that the members are those of the manifest.

    Raises:
        PackageFault: The zip is incomplete, altered, unsigned, or its members are not those of the manifest.
        RuleError: The members are such as no package may hold.
    """
    entries = walk(stream, length)
    _check_names(entries)
    if not entries or _whole(stream, entries[0], len(MEDIA_TYPE)) != MEDIA_TYPE:
        raise altered()
    by_name = {one.name: one for one in entries}
    if names.MANIFEST not in by_name:
        raise PackageFault("manifest_missing", "包里没有目录，无法核对。", "请对方重新打包。")
    if names.SIGNATURE not in by_name:
        raise _unsigned()
    if tuple(one.name for one in entries[: len(_FRONT)]) != _FRONT:
        raise altered()
    said = _whole(stream, by_name[names.MANIFEST], LARGEST_MANIFEST)
    signature = _whole(stream, by_name[names.SIGNATURE], LARGEST_SIGNATURE)
    if not signature:
        raise _unsigned()
    manifest = read_manifest(said)
    _check_same(manifest.members, entries[len(_FRONT) :])
    return Opened(manifest, said, signature, by_name)


def serve(arguments: Mapping[str, str | list[str]], write: Write) -> None:
    """Entry of the child process: for each package one line, by its place in the request; see :func:`_told`.

    A package whose disk failed has none: whoever asks for it alone is told why.
    """
    trusted = [Certificate.from_bytes(pem.encode()) for pem in arguments["trusted"]]
    now = datetime.fromisoformat(str(arguments["now"]))
    paths, files = arguments["paths"], arguments["files"]
    for at, (path, file) in enumerate(zip(paths, files, strict=True)):
        try:
            verification, package = examine(Path(path), trusted, now=now, file=file)
        except SurroundingsError:
            if len(paths) == 1:
                raise
            continue
        write([at, *_told(verification, package)])


def _told(verification: Verification, package: Opened | None) -> list[JsonValue]:
    """The verdict, the signers' certificates, what the manifest says, and its hash.

    The hash is of the bytes that are signed: a later version may say more in them than is read here.
    """
    found = [signature.certificate for signature in verification.signatures if signature.certificate is not None]
    certificates: JsonValue = {certificate.fingerprint: certificate.pem for certificate in found}
    told: JsonValue = None if package is None else manifest_told(package.manifest)
    digest = None if package is None else hashlib.sha256(package.said).hexdigest()
    return [verification.as_json(), certificates, told, digest]


def manifest_told(manifest: Manifest) -> dict[str, JsonValue]:
    """What the command line tells of a manifest: who sends what to whom, how many members, how many bytes."""
    heading = manifest.heading
    return {
        "kind": str(heading.kind),
        "label": heading.kind.label,
        "id": heading.id,
        "number": heading.number,
        "from": heading.sender.organ or heading.sender.unit,
        "to": heading.recipient.organ or heading.recipient.unit,
        "campaign": heading.campaign.name if heading.campaign is not None else None,
        "created": heading.created.isoformat().replace("+00:00", "Z"),
        "sample": heading.sample,
        "members": len(manifest.members),
        "size": sum(one.size for one in manifest.members),
    }


def _whole(stream: IO[bytes], entry: Entry, most: int) -> bytes:
    """The bytes of one of the members before the members; they are stored, and their checksum is the zip's."""
    if entry.method != STORED or entry.size > most:
        raise altered()
    data = b"".join(packed_bytes(stream, entry))
    if entry.crc != zlib.crc32(data):
        raise changed(entry.name)
    return data


def _unsigned() -> PackageFault:
    return PackageFault("unsigned", "这个包没有电子签名。", "请对方签名以后重新打包。")


def _check_names(entries: Sequence[Entry]) -> None:
    seen: set[str] = set()
    for one in entries:
        if one.name in seen:
            raise PackageFault("member_twice", f"包里有两个都叫“{shown(one.name)}”的文件，这样的包不能用。")
        seen.add(one.name)
        problem = None if one.name in _FRONT else names.name_problem(one.name)
        if problem is not None:
            raise PackageFault("member_name", f"包里的“{shown(one.name)}”{problem}，这样的包不能用。")


def _check_same(members: Sequence[Member], entries: Sequence[Entry]) -> None:
    """The zip holds the members of the manifest, all of them, no other, and in their order."""
    stated, held = {one.name for one in members}, {one.name for one in entries}
    for name in sorted(stated - held):
        raise PackageFault("member_missing", f"包里少了“{name}”。", "请重新拷贝，或请对方重新打包。")
    for name in sorted(held - stated):
        raise PackageFault("member_added", f"包里多了目录上没有的“{name}”，这样的包不能用。", "请对方重新打包。")
    for member, entry in zip(members, entries, strict=True):
        if member.name != entry.name:
            raise altered()
        sizes = (member.size, member.packed_size, DEFLATED if member.deflated else STORED)
        if sizes != (entry.size, entry.packed_size, entry.method):
            raise changed(member.name)


def _refused(file: str, problem: Finding, judged: Judged | None) -> Verification:
    verification = refused(file, problem.code, problem.message, kind=PACKAGE)
    if judged is None:
        return verification
    verdict = replace(judged.verdict, intact=False, trusted=False, covers_whole_file=False)
    return replace(verification, signatures=(verdict,), notes=judged.notes)


def _concluded(file: str, judged: Judged, manifest: Manifest) -> Verification:
    return Verification(
        file,
        PACKAGE,
        intact=judged.verdict.intact,
        trusted=judged.verdict.trusted,
        signatures=(judged.verdict,),
        problems=judged.problems,
        notes=judged.notes,
        attachments=tuple(Attached(one.name, one.size, one.sha256) for one in manifest.members),
    )
