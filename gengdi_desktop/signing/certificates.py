"""Certificates as values: who it names, how long it holds, and the fingerprint by which people compare it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID

from gengdi_desktop.errors import SurroundingsError

SAMPLE_MARK = "样例"
"""Stands as organisational unit in the subject of an identity made for a demonstration."""

SAMPLE_SUFFIX = f"（{SAMPLE_MARK}）"
"""Ends the common name of such an identity, because most viewers show the common name only."""

_LONGEST_NAME = 100
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_LARGEST_FILE = 1024 * 1024
_SHOWN = {"Cc": " ", "Cf": "", "Cs": "", "Zl": " ", "Zp": " "}


@dataclass(frozen=True)
class Certificate:
    """An X.509 certificate, read once; equal when the bytes are equal.

    Attributes:
        der: The certificate as DER, exactly as it was issued.
        fingerprint: SHA-256 of ``der``, 64 lower-case hex digits; the name of the certificate everywhere.
        person: Common name without the mark of a sample; never empty.
        unit: Organisation, ``""`` when the subject has none.
        role: Title in the subject (``经办人``), ``""`` when it has none.
        sample: Made for a demonstration.
        authority: May issue certificates for others.
        not_before: First moment of its validity, aware UTC.
        not_after: Last moment of its validity, aware UTC.
    """

    der: bytes
    fingerprint: str
    person: str
    unit: str
    role: str
    sample: bool
    authority: bool
    not_before: datetime
    not_after: datetime

    @classmethod
    def from_bytes(cls, data: bytes) -> Certificate:
        """Read a certificate from PEM or DER.

        Raises:
            SurroundingsError: ``certificate_unreadable``: the bytes are no certificate.
        """
        try:
            return _read(data[: _LARGEST_FILE + 1])
        except (ValueError, TypeError, x509.InvalidVersion) as error:
            raise SurroundingsError(
                "certificate_unreadable",
                "这个文件不是数字证书，或者已经损坏，没有加入任何名单。",
                "请向对方要用“导出证书”得到的 .cer 文件。",
            ) from error

    @property
    def pem(self) -> str:
        """The certificate as PEM text, as it is kept on disk and in a ledger."""
        return x509.load_der_x509_certificate(self.der).public_bytes(Encoding.PEM).decode("ascii")

    @property
    def fingerprint_groups(self) -> str:
        """The fingerprint in 16 groups of four capitals, to be read aloud over the telephone."""
        return grouped(self.fingerprint)

    @property
    def shown_person(self) -> str:
        """The name as it is shown beside a signature: with the mark of a sample where it is one."""
        return self.person + (SAMPLE_SUFFIX if self.sample else "")

    @property
    def subject(self) -> str:
        """Unit, person and role in one line, with the mark of a sample: ``白圩乡人民政府 王玥（经办人）``."""
        parts = [self.unit, self.person + (f"（{self.role}）" if self.role else "")]
        mark = SAMPLE_SUFFIX if self.sample else ""
        return " ".join(part for part in parts if part) + mark

    def holds_at(self, moment: datetime) -> bool:
        """Whether the certificate was valid at a moment (aware)."""
        return self.not_before <= moment <= self.not_after


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four capitals, to be read aloud over the telephone."""
    digits = fingerprint.upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def normal_fingerprint(text: str) -> str:
    """A fingerprint as a person types it (groups, colons, capitals) as 64 lower-case hex digits.

    Raises:
        SurroundingsError: ``fingerprint_unreadable``: not 64 hex digits.
    """
    digits = re.sub(r"[\s:：-]", "", unicodedata.normalize("NFKC", text)).lower()
    if not _FINGERPRINT.fullmatch(digits):
        raise SurroundingsError(
            "fingerprint_unreadable",
            "指纹应当是 64 位的数字和字母 A 到 F，这里写的不是。",
            "请照证书导出时显示的 16 组逐组输入。",
        )
    return digits


def _read(data: bytes) -> Certificate:
    with warnings.catch_warnings():
        # Certificates of other makers bend the rules in small ways; what matters is checked by us.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        loaded = _load(data)
        der = loaded.public_bytes(Encoding.DER)
        common = _attribute(loaded, NameOID.COMMON_NAME)
        sample = _attribute(loaded, NameOID.ORGANIZATIONAL_UNIT_NAME) == SAMPLE_MARK
        return Certificate(
            der=der,
            fingerprint=hashlib.sha256(der).hexdigest(),
            person=(common.removesuffix(SAMPLE_SUFFIX) if sample else common) or _fallback(loaded),
            unit=_attribute(loaded, NameOID.ORGANIZATION_NAME),
            role=_attribute(loaded, NameOID.TITLE),
            sample=sample,
            authority=_is_authority(loaded),
            not_before=loaded.not_valid_before_utc.astimezone(UTC),
            not_after=loaded.not_valid_after_utc.astimezone(UTC),
        )


def _load(data: bytes) -> x509.Certificate:
    if b"-----BEGIN" in data:
        return x509.load_pem_x509_certificate(data)
    return x509.load_der_x509_certificate(data)


def _attribute(loaded: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    values = loaded.subject.get_attributes_for_oid(oid)
    return _plain(values[0].value) if values else ""


def _fallback(loaded: x509.Certificate) -> str:
    return _plain(loaded.subject.rfc4514_string()) or f"{loaded.serial_number:x}"


def _plain(value: str | bytes) -> str:
    """A name that cannot fool the eye: no controls, no direction marks, no invisible letters, of bounded length."""
    text = value.decode("utf-8", errors="replace") if isinstance(value, bytes) else value
    shown = "".join(_SHOWN.get(unicodedata.category(char), char) for char in text)
    return " ".join(unicodedata.normalize("NFC", shown).split())[:_LONGEST_NAME]


def _is_authority(loaded: x509.Certificate) -> bool:
    try:
        if not loaded.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        return loaded.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return False
