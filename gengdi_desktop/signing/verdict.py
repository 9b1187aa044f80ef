"""What a verification found, as values: the verdict, each signature, who is missing, and sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gengdi_desktop.signing.certificates import Certificate

SOUND = 0
NOT_SOUND = 1

PDF = "pdf"
PACKAGE = "package"
"""Kinds of files that can be judged."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found: a stable English code and a Chinese sentence."""

    code: str
    message: str

    def as_json(self) -> dict[str, str]:
        """``code`` and ``message``."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True)
class SignatureVerdict:
    """One signature of the file.

    Attributes:
        field: Name of the field inside the file.
        label: What people call the field (``经办人``).
        certificate: Of the signer, as it stands in the signature; None when it cannot be read.
        at: Claimed time, aware UTC; None when the signature claims none.
        intact: What it covers is unchanged, and what came later did nothing but fill fields.
        trusted: By the list that was asked, at the claimed time.
        covers_whole_file: Not one byte of the file was added later.
    """

    field: str
    label: str
    certificate: Certificate | None
    at: datetime | None
    intact: bool
    trusted: bool
    covers_whole_file: bool

    @property
    def signer(self) -> str:
        """Unit, person and role, or a word for nobody."""
        return self.certificate.subject if self.certificate is not None else "（读不出签名人）"

    def as_json(self) -> dict[str, Any]:
        """Keys ``field label signer fingerprint at intact trusted covers_whole_file``; absent is null."""
        return {
            "field": self.field,
            "label": self.label,
            "signer": self.signer,
            "fingerprint": self.certificate.fingerprint if self.certificate is not None else None,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.at is not None else None,
            "intact": self.intact,
            "trusted": self.trusted,
            "covers_whole_file": self.covers_whole_file,
        }


@dataclass(frozen=True)
class MissingSignature:
    """A signature field that is still empty."""

    field: str
    label: str

    def as_json(self) -> dict[str, str]:
        """``field`` and ``label``."""
        return {"field": self.field, "label": self.label}


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF: its name, its bytes' number and SHA-256."""

    name: str
    size: int
    sha256: str

    def as_json(self) -> dict[str, str | int]:
        """``name``, ``size`` and ``sha256``."""
        return {"name": self.name, "size": self.size, "sha256": self.sha256}


@dataclass(frozen=True)
class Verification:
    """The verdict on one file.

    Attributes:
        file: The path as it was given, ``""`` for bytes.
        kind: ``pdf`` or ``package``.
        intact: There is a signature, every one is intact, and the last one covers the whole file.
        trusted: There is a signature, and every one is trusted.
        signatures: In the order in which they were made.
        missing: Empty fields, in the order of the file.
        problems: Why the file is not sound; empty exactly when it is.
        notes: What a reader should know although the file may be sound.
        attachments: The files inside (of a package its members); what the signatures say of the whole holds for them.
    """

    file: str
    kind: str
    intact: bool
    trusted: bool
    signatures: tuple[SignatureVerdict, ...] = ()
    missing: tuple[MissingSignature, ...] = ()
    problems: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    attachments: tuple[Attached, ...] = ()

    @property
    def sound(self) -> bool:
        """Every signature intact and trusted, the last one over the whole file, no field empty, nothing odd."""
        return bool(self.signatures) and self.intact and self.trusted and not self.missing and not self.problems

    @property
    def exit_code(self) -> int:
        """0 sound, 1 not sound."""
        return SOUND if self.sound else NOT_SOUND

    def as_json(self) -> dict[str, Any]:
        """Everything as JSON values, under the names of the attributes."""
        return {
            "file": self.file,
            "kind": self.kind,
            "intact": self.intact,
            "trusted": self.trusted,
            "signatures": [signature.as_json() for signature in self.signatures],
            "missing": [field.as_json() for field in self.missing],
            "problems": [problem.as_json() for problem in self.problems],
            "notes": [note.as_json() for note in self.notes],
            "attachments": [one.as_json() for one in self.attachments],
        }


def refused(file: str, code: str, message: str, *, kind: str = PDF) -> Verification:
    """A verdict for a file that could not be examined: nothing about it is believed."""
    return Verification(file, kind, intact=False, trusted=False, problems=(Finding(code, message),))


def verification_from(told: Mapping[str, Any], certificates: Mapping[str, str]) -> Verification:
    """Read a verdict back from JSON.

    Args:
        told: What :meth:`Verification.as_json` gave.
        certificates: PEM by fingerprint, for the signatures whose certificate could be read.
    """
    return Verification(
        file=told["file"],
        kind=told["kind"],
        intact=told["intact"],
        trusted=told["trusted"],
        signatures=tuple(_signature_from(signature, certificates) for signature in told["signatures"]),
        missing=tuple(MissingSignature(**field) for field in told["missing"]),
        problems=tuple(Finding(**problem) for problem in told["problems"]),
        notes=tuple(Finding(**note) for note in told["notes"]),
        attachments=tuple(Attached(**one) for one in told["attachments"]),
    )


def _signature_from(told: Mapping[str, Any], certificates: Mapping[str, str]) -> SignatureVerdict:
    fingerprint = told["fingerprint"]
    at = told["at"]
    return SignatureVerdict(
        field=told["field"],
        label=told["label"],
        certificate=Certificate.from_bytes(certificates[fingerprint].encode()) if fingerprint is not None else None,
        at=datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if at is not None else None,
        intact=told["intact"],
        trusted=told["trusted"],
        covers_whole_file=told["covers_whole_file"],
    )
