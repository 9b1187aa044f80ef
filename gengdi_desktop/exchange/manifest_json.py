"""The manifest as bytes: canonical JSON both ways, read as the word of a stranger."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.exchange import fields
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import (
    CampaignName,
    Heading,
    JournalSpan,
    Manifest,
    Member,
    PackageKind,
    Party,
    check_manifest,
)
from gengdi_desktop.storage.journal import canonical

FORMAT: Final = "gengdi-package"
MAJOR: Final = 1
MINOR: Final = 0
LARGEST_MANIFEST: Final = 32 * 1024 * 1024
_STORED: Final = "stored"
_DEFLATED: Final = "deflated"
_HEAD_KEYS: Final = (
    "format", "version", "kind", "id", "number", "created", "program", "sample", "from", "to", "campaign", "schema",
    "journal", "answers", "encryption", "signer", "members",
)  # fmt: skip


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest in canonical JSON, as it is signed.

    Raises:
        RuleError: Members that no package may hold; the sentence names them.
    """
    check_manifest(manifest)
    return canonical(_told(manifest))


def manifest_sha256(manifest: Manifest) -> str:
    """The hash of a manifest's bytes: what the signature is over."""
    return hashlib.sha256(manifest_bytes(manifest)).hexdigest()


def read_manifest(data: bytes) -> Manifest:
    """The manifest of these bytes, which are believed in nothing.

    Raises:
        PackageFault: ``manifest_unreadable``, ``package_newer``, ``kind_unknown``, ``package_encrypted``.
        RuleError: The members are such as no package may hold.
    """
    said = _parsed(data)
    minor = _check_version(said)
    try:
        _check_openable(fields.record(said, _HEAD_KEYS, strict=minor == MINOR))
        manifest = _manifest(said, strict=minor == MINOR)
    except fields.UnfitError as error:
        raise _unreadable() from error
    check_manifest(manifest)
    return manifest


def _unreadable() -> PackageFault:
    return PackageFault(
        "manifest_unreadable", "包的目录读不出来，或者不是规定的写法。", "请重新拷贝，或请对方重新打包。"
    )


def _parsed(data: bytes) -> dict[str, Any]:
    """The one object of these bytes, which must be canonical: then no key is there twice and no number a fraction."""
    try:
        said = orjson.loads(data)
        if isinstance(said, dict) and canonical(said) == data:
            return said
    except (orjson.JSONDecodeError, GengdiError, RecursionError) as error:
        raise _unreadable() from error
    raise _unreadable()


def _check_version(said: Mapping[str, Any]) -> int:
    """The minor version, where the major one is ours."""
    version = said.get("version")
    if said.get("format") != FORMAT or not isinstance(version, list) or len(version) != 2:  # noqa: PLR2004 — two numbers
        raise _unreadable()
    major, minor = version
    if not isinstance(major, int) or not isinstance(minor, int) or major < 1 or minor < 0:
        raise _unreadable()
    if major != MAJOR:
        raise PackageFault(
            "package_newer",
            f"这个包由更新版本的程序写成（格式 {major}.{minor}）。",
            "请先升级软件，再读这个包。",
        )
    return minor


def _check_openable(said: Mapping[str, Any]) -> None:
    if said["encryption"] is not None:
        raise PackageFault(
            "package_encrypted",
            "这个包是加密的，这个版本的程序打不开。",
            "请升级软件，或请对方不加密再打一次。",
        )
    if said["kind"] not in tuple(PackageKind):  # a list or an object cannot be looked up in a set
        raise PackageFault("kind_unknown", "这个包的种类这个版本的程序不认识。", "请升级软件，或向对方问清是什么包。")


def _told(manifest: Manifest) -> dict[str, object]:
    heading = manifest.heading
    campaign, journal = heading.campaign, heading.journal
    return {
        "format": FORMAT,
        "version": [MAJOR, MINOR],
        "kind": str(heading.kind),
        "id": heading.id,
        "number": heading.number,
        "created": fields.moment_text(heading.created),
        "program": heading.program,
        "sample": int(heading.sample),
        "from": _party_told(heading.sender),
        "to": _party_told(heading.recipient),
        "campaign": campaign and {"name": campaign.name, "document_number": campaign.document_number},
        "schema": heading.schema,
        "journal": journal
        and {
            "head_seq": journal.head_seq,
            "head_hash": journal.head_hash,
            "since_seq": journal.since_seq,
            "since_hash": journal.since_hash,
        },
        "answers": heading.answers,
        "encryption": None,
        "signer": list(manifest.signer),
        "members": [_member_told(one) for one in manifest.members],
    }


def _party_told(party: Party) -> dict[str, str | None]:
    return {
        "ledger": party.ledger,
        "desk": str(party.desk),
        "county": party.county,
        "county_code": party.county_code,
        "unit": party.unit,
        "unit_code": party.unit_code,
        "organ": party.organ,
    }


def _member_told(one: Member) -> dict[str, str | int]:
    return {
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        "method": _DEFLATED if one.deflated else _STORED,
        "packed_size": one.packed_size,
        "packed_sha256": one.packed_sha256,
    }


def _manifest(said: Mapping[str, Any], *, strict: bool) -> Manifest:
    heading = Heading(
        kind=PackageKind(said["kind"]),
        id=fields.ledger_id(said["id"]),
        number=fields.count(said["number"], least=1),
        created=fields.moment(said["created"]),
        program=fields.text(said["program"], longest=40),
        sample=fields.flag(said["sample"]),
        sender=_party(said["from"], strict=strict),
        recipient=_party(said["to"], strict=strict),
        campaign=None if said["campaign"] is None else _campaign(said["campaign"], strict=strict),
        schema=fields.count(said["schema"], least=1),
        journal=None if said["journal"] is None else _journal(said["journal"], strict=strict),
        answers=None if said["answers"] is None else fields.ledger_id(said["answers"]),
    )
    if heading.sender.ledger is None:
        raise fields.UnfitError("sender")
    signer = tuple(fields.digest(one) for one in fields.array(said["signer"], most=10))
    if not signer or len(set(signer)) < len(signer):
        raise fields.UnfitError("signer")
    members = tuple(_member(one, strict=strict) for one in fields.array(said["members"], most=2**63))
    return Manifest(heading, signer, members)


def _party(said: Any, *, strict: bool) -> Party:
    keys = ("ledger", "desk", "county", "county_code", "unit", "unit_code", "organ")
    told = fields.record(said, keys, strict=strict)
    if told["desk"] not in tuple(Desk):
        raise fields.UnfitError("desk")
    return Party(
        ledger=None if told["ledger"] is None else fields.ledger_id(told["ledger"]),
        desk=Desk(told["desk"]),
        **{key: fields.text(told[key]) for key in keys[2:]},
    )


def _campaign(said: Any, *, strict: bool) -> CampaignName:
    told = fields.record(said, ("name", "document_number"), strict=strict)
    return CampaignName(fields.text(told["name"]), fields.text(told["document_number"]))


def _journal(said: Any, *, strict: bool) -> JournalSpan:
    told = fields.record(said, ("head_seq", "head_hash", "since_seq", "since_hash"), strict=strict)
    since = told["since_seq"]
    if (since is None) != (told["since_hash"] is None):
        raise fields.UnfitError("since")
    span = JournalSpan(
        head_seq=fields.count(told["head_seq"], least=1),
        head_hash=fields.digest(told["head_hash"]),
        since_seq=None if since is None else fields.count(since),
        since_hash=None if since is None else fields.digest(told["since_hash"]),
    )
    if span.since_seq is not None and span.since_seq > span.head_seq:
        raise fields.UnfitError("since")
    return span


def _member(said: Any, *, strict: bool) -> Member:
    keys = ("name", "size", "sha256", "method", "packed_size", "packed_sha256")
    told = fields.record(said, keys, strict=strict)
    if told["method"] not in (_STORED, _DEFLATED):
        raise fields.UnfitError("method")
    return Member(
        name=fields.text(told["name"], longest=10_000),
        size=fields.count(told["size"]),
        sha256=fields.digest(told["sha256"]),
        deflated=told["method"] == _DEFLATED,
        packed_size=fields.count(told["packed_size"]),
        packed_sha256=fields.digest(told["packed_sha256"]),
    )
