"""Packages for tests: one of each kind, and ways to build what the program itself would never write."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.container import DEFLATED, STORED, Entry, ending, local_header, walk
from gengdi_desktop.exchange.contents import RAW_DEFLATE
from gengdi_desktop.exchange.manifest import CampaignName, Heading, JournalSpan, PackageKind, Party
from gengdi_desktop.exchange.writing import Source, Written, write_package
from gengdi_desktop.signing.detached import chain_of, sign_detached
from gengdi_desktop.signing.identity import Identity
from gengdi_desktop.storage.journal import canonical
from tests.helpers import signed_pdfs

AT = signed_pdfs.SIGNED_AT
TOWNSHIP = Party("0123456789abcdef" * 2, Desk.TOWNSHIP, "进贤县", "360124", "白圩乡", "360124205", "白圩乡人民政府")
COUNTY = Party(None, Desk.COUNTY, "进贤县", "360124", "进贤县", "360124", "进贤县自然资源局")
HEADING = Heading(
    kind=PackageKind.SUBMISSION,
    id="fedcba9876543210" * 2,
    number=2,
    created=AT,
    program="0.1.0",
    sample=False,
    sender=TOWNSHIP,
    recipient=COUNTY,
    campaign=CampaignName("2023年耕地保护领域突出问题专项整改", "进府办发〔2023〕43号"),
    schema=7,
    journal=JournalSpan(head_seq=41, head_hash="a" * 64, since_seq=17, since_hash="b" * 64),
)
PHOTO = b"\xff\xd8\xff\xe0 a photo of a field " + bytes(range(256)) * 8
PLOTS = b"".join(b'["%032x","plot %d"]\n' % (number * 7919, number) for number in range(300))


def by_hash(folder: str, data: bytes, suffix: str) -> str:
    """The name of a member that is named by its content."""
    return f"{folder}/{hashlib.sha256(data).hexdigest()}{suffix}"


PHOTO_NAME = by_hash("evidence", PHOTO, ".jpg")
SOURCES = (
    Source("data/plot.jsonl", PLOTS),
    Source("journal/entries.jsonl", b'{"seq":18}\n'),
    Source(PHOTO_NAME, PHOTO, about="白圩村 12 号图斑整改后照片"),
)


def signer() -> Identity:
    """Who signs."""
    return signed_pdfs.person("王玥")


def written(folder: Path, heading: Heading = HEADING, sources: Sequence[Source] = SOURCES) -> Written:
    """A good package in a folder."""
    return write_package(folder / "报送.gdpkg", heading, sources, signer(), at=AT)


@dataclass(frozen=True)
class Part:
    """A member as a stranger may write it: each fact for itself, so that they may contradict each other."""

    name: str
    packed: bytes
    method: int
    crc: int
    size: int

    @classmethod
    def stored(cls, name: str, data: bytes) -> Part:
        """A member that is stored as it is."""
        return cls(name, data, STORED, zlib.crc32(data), len(data))

    @classmethod
    def deflated(cls, name: str, data: bytes) -> Part:
        """A member that is packed."""
        packer = zlib.compressobj(9, zlib.DEFLATED, RAW_DEFLATE)
        return cls(name, packer.compress(data) + packer.flush(), DEFLATED, zlib.crc32(data), len(data))

    @property
    def content(self) -> bytes:
        """What it holds."""
        return zlib.decompress(self.packed, RAW_DEFLATE) if self.method == DEFLATED else self.packed

    def told(self) -> dict[str, Any]:
        """Its line in the manifest."""
        return {
            "name": self.name,
            "size": self.size,
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "method": "deflated" if self.method == DEFLATED else "stored",
            "packed_size": len(self.packed),
            "packed_sha256": hashlib.sha256(self.packed).hexdigest(),
        }


def parts_of(package: Path) -> list[Part]:
    """The parts of a package, its front too."""
    data = package.read_bytes()
    with package.open("rb") as stream:
        return [
            Part(one.name, data[one.offset : one.offset + one.packed_size], one.method, one.crc, one.size)
            for one in walk(stream, len(data))
        ]


def zipped(parts: Sequence[Part]) -> bytes:
    """The zip of these parts, well built whatever they say."""
    whole = bytearray()
    entries = []
    for one in parts:
        whole += local_header(one.name, one.method, one.crc, len(one.packed), one.size)
        entries.append(Entry(one.name, one.method, one.crc, len(one.packed), one.size, len(whole)))
        whole += one.packed
    return bytes(whole) + ending(entries)


def forged(
    package: Path,
    members: Sequence[Part] | None = None,
    changes: Mapping[str, Any] | None = None,
    identity: Identity | None = None,
) -> bytes:
    """A package with other members and another manifest, signed: what a sender could make who means harm."""
    front, own = parts_of(package)[:3], parts_of(package)[3:]
    by = identity or signer()
    parts = own if members is None else list(members)
    manifest = json.loads(front[1].content) | {"signer": list(chain_of(by)), "members": [one.told() for one in parts]}
    said = canonical(manifest | dict(changes or {}))
    return zipped(
        [
            front[0],
            Part.stored("manifest.json", said),
            Part.stored("signature.p7s", sign_detached(said, by, at=AT)),
            *parts,
        ]
    )


def renamed(part: Part, name: str) -> Part:
    """The same member under another name."""
    return replace(part, name=name)


def rows_of(part: Part) -> tuple[dict[str, Any], list[list[Any]]]:
    """Header and rows of a member that carries a table."""
    head, *lines = part.content.splitlines()
    return json.loads(head), [json.loads(one) for one in lines]


def with_rows(part: Part, header: Mapping[str, Any], some: Sequence[Sequence[Any]]) -> Part:
    """The member with other rows."""
    lines = [canonical({**header, "rows": len(some)}), *map(canonical, some)]
    return Part.stored(part.name, b"".join(line + b"\n" for line in lines))


Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]] | None]
"""What becomes of the rows of a table, each by field; None where they were changed in place."""


def rewritten(
    package: Path,
    target: Path,
    identity: Identity,
    tables: Mapping[str, Change],
    changes: Mapping[str, Any] | None = None,
) -> Path:
    """A package whose rows its own sender wrote otherwise, sorted and signed as they should be."""
    parts = []
    for part in parts_of(package)[3:]:
        change = tables.get(part.name.removeprefix("data/").removesuffix(".jsonl"))
        if change is not None:
            header, values = rows_of(part)
            fields = header["fields"]
            before = [dict(zip(fields, one, strict=True)) for one in values]
            after = change(before)
            some = [[one[name] for name in fields] for one in (before if after is None else after)]
            parts.append(with_rows(part, header, sorted(some, key=lambda one: one[0])))
        else:
            parts.append(part)
    target.write_bytes(forged(package, parts, changes, identity))
    return target
