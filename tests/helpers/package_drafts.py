"""Packages built by hand from docs/package_format.md, right or wrong in one place; nothing of the program is asked."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.helpers import independent_signature as signatures
from tests.helpers.independent_package import MIMETYPE, canonical

FRONT = ("mimetype", "manifest.json", "signature.p7s")


@dataclass(frozen=True)
class Signer:
    """Who signs: certificates in DER, the own first, a key, and a time."""

    certificates: tuple[bytes, ...]
    key: RSAPrivateKey = field(repr=False)
    at: datetime = datetime(2026, 5, 6, 8, 30, tzinfo=UTC)

    @property
    def fingerprints(self) -> list[str]:
        """What the manifest says of the signature."""
        return [hashlib.sha256(one).hexdigest() for one in self.certificates]


@dataclass(frozen=True)
class Draft:
    """A package that is not signed yet.

    Attributes:
        manifest: What it says, but for `members` and `signer`, which follow from the rest where they are left out.
        contents: Content of the members in the order of the zip.
        stored: Names of those that are not deflated.
    """

    manifest: dict[str, Any]
    contents: dict[str, bytes]
    stored: frozenset[str] = frozenset()

    def saying(self, **changes: Any) -> Draft:
        """The same with other values in the manifest."""
        return replace(self, manifest={**self.manifest, **changes})

    def holding(self, changes: Mapping[str, bytes | None]) -> Draft:
        """The same with other members, sorted; None takes one out."""
        contents = {name: content for name, content in {**self.contents, **changes}.items() if content is not None}
        return replace(self, contents=dict(sorted(contents.items())))

    def told(self) -> list[dict[str, Any]]:
        """What the manifest says of the members."""
        return [self._told(name) for name in sorted(self.contents)]

    def said(self, signer: Signer) -> bytes:
        """The bytes of the manifest."""
        return canonical({"members": self.told(), "signer": signer.fingerprints, **self.manifest})

    def signed(self, signer: Signer) -> bytes:
        """The package."""
        said = self.said(signer)
        message = signatures.made(said, signer.certificates, signer.key, signer.at)
        return self.zipped({"manifest.json": said, "signature.p7s": message})

    def zipped(self, front: Mapping[str, bytes]) -> bytes:
        """The package with a manifest and a signature from elsewhere."""
        everything = {"mimetype": MIMETYPE, **front, **self.contents}
        deflated = everything.keys() - self.stored - set(FRONT)
        return zipped(everything, deflated)

    def _told(self, name: str) -> dict[str, Any]:
        content = self.contents[name]
        packed = content if name in self.stored else _deflated(content)
        return {
            "name": name,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "method": "stored" if name in self.stored else "deflated",
            "packed_size": len(packed),
            "packed_sha256": hashlib.sha256(packed).hexdigest(),
        }


def draft_of(raw: bytes) -> Draft:
    """The draft from which a good package comes."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        infos = archive.infolist()[len(FRONT) :]
        contents = {one.filename: archive.read(one) for one in infos}
        stored = frozenset(one.filename for one in infos if one.compress_type == zipfile.ZIP_STORED)
        manifest = json.loads(archive.read("manifest.json"))
    del manifest["members"], manifest["signer"]
    return Draft(manifest, contents, stored)


def zipped(contents: Mapping[str, bytes], deflated: set[str]) -> bytes:
    """A zip by the standard library, told to leave out what a package leaves out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in contents.items():
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            info.compress_type = zipfile.ZIP_DEFLATED if name in deflated else zipfile.ZIP_STORED
            archive.writestr(info, content)
            info.external_attr = 0
    return out.getvalue()


@cache
def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()
