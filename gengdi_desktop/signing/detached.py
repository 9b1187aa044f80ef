"""A signature that lies beside what it signs: CMS over the bytes of a package's manifest.

The message is a function of the certificates, the digest, the time and the value of the signature: whoever reads one
builds it anew and compares, so that not one byte of it can say something else, or nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from asn1crypto import (  # type: ignore[import-untyped]
    cms,
    tsp,  # noqa: F401 — teaches the library the attribute that names the signer's certificate
)
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms

from gengdi_desktop.signing.belief import SIGNING_USAGES, context_of, doubts, remarks
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.identity import Identity, require_in_time
from gengdi_desktop.signing.verdict import Finding, SignatureVerdict

LARGEST: Final = 256 * 1024
"""Bytes of the largest signature that is looked at."""

FIELD: Final = "package"
LABEL: Final = "打包人"
_FIRST_GENERAL_YEAR = 2050

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Judged:
    """What is to be said of a detached signature: the verdict, why it is not sound, and what else to know."""

    verdict: SignatureVerdict
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()


def chain_of(identity: Identity) -> tuple[str, ...]:
    """The fingerprints of the certificates that a signature of this identity carries, the signer's own first."""
    return tuple(certificate.fingerprint for certificate in (identity.certificate, *identity.issuers))


def sign_detached(data: bytes, identity: Identity, *, at: datetime) -> bytes:
    """The DER of a CMS message that signs ``data`` and does not hold it; the same input gives the same bytes.

    Args:
        data: What is signed.
        identity: Who signs; RSA PKCS#1 v1.5 with SHA-256.
        at: Claimed time, aware, cut to seconds; must lie within the validity of the certificate.

    Raises:
        RuleError: ``certificate_over``.
    """
    require_in_time(identity, at)
    certificates = [asn1_x509.Certificate.load(one.der) for one in (identity.certificate, *identity.issuers)]
    attributes = _attributes(hashlib.sha256(data).digest(), certificates[0], at)
    value = identity.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
    return _message(certificates, attributes, value)


def judge_detached(
    data: bytes, signature: bytes, chain: Sequence[str], trusted: Sequence[Certificate], *, now: datetime
) -> Judged:
    """Judge a detached signature by the rules that hold for PDFs.

    Args:
        data: What it is said to sign.
        signature: DER of the CMS message, from anywhere.
        chain: The fingerprints that ``data`` itself states, the signer's own first: no other certificate may be there.
        trusted: Certificates that are believed; one that may issue others vouches for those it issued.
        now: Present moment, aware.
    """
    try:
        return _judged(data, signature, chain, trusted, now)
    except Exception as error:  # noqa: BLE001 — what was made to break the verifier may raise anything; it is not believed
        _log.info("a detached signature cannot be verified: %s", type(error).__name__)
        return _broken(None, None, Finding("signature_altered", "签名数据读不出来或者被动过，这个签名不成立。"))


def _judged(
    data: bytes, signature: bytes, chain: Sequence[str], trusted: Sequence[Certificate], now: datetime
) -> Judged:
    signed = cms.ContentInfo.load(signature, strict=True)["content"]
    (signer,) = signed["signer_infos"]
    carried = {one.sha256.hex(): one for one in (choice.chosen for choice in signed["certificates"])}
    certificate = Certificate.from_bytes(carried[chain[0]].dump())
    ordered = [carried[fingerprint] for fingerprint in chain]
    told = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    at: datetime = told["signing_time"][0].native.astimezone(UTC)
    stated, digest = told["message_digest"][0].native, hashlib.sha256(data).digest()
    who = certificate.subject
    altered = Finding("signature_altered", f"{who}的签名数据本身被动过，这个签名不成立。")
    # First of all the form: what is exactly as it must be holds nothing over which the library could stumble.
    exact = _message(ordered, _attributes(stated, ordered[0], at), signer["signature"].native)
    if exact != signature or len(carried) != len(chain):
        return _broken(certificate, at, altered)
    if stated != digest:
        return _broken(certificate, at, Finding("content_changed", f"{who}签名以后，包的目录被改动过，签名不成立。"))
    status = asyncio.run(
        async_validate_detached_cms(
            data,
            signed,
            signer_validation_context=context_of(certificate, trusted, at),
            key_usage_settings=SIGNING_USAGES,
        )
    )
    if not (status.intact and status.valid):
        return _broken(certificate, at, altered)
    believed = bool(status.trusted) and certificate.holds_at(at)
    verdict = SignatureVerdict(FIELD, LABEL, certificate, at, intact=True, trusted=believed, covers_whole_file=True)
    return Judged(verdict, doubts(certificate, at, believed=believed), remarks(certificate, at, now))


def _broken(certificate: Certificate | None, at: datetime | None, problem: Finding) -> Judged:
    verdict = SignatureVerdict(FIELD, LABEL, certificate, at, intact=False, trusted=False, covers_whole_file=False)
    return Judged(verdict, (problem,))


def _attributes(digest: bytes, signer: asn1_x509.Certificate, at: datetime) -> cms.CMSAttributes:
    moment = at.astimezone(UTC).replace(microsecond=0)
    form = "utc_time" if moment.year < _FIRST_GENERAL_YEAR else "generalized_time"
    said = (
        ("content_type", "data"),
        ("signing_time", cms.Time({form: moment})),
        ("message_digest", digest),
        ("signing_certificate_v2", as_signing_certificate_v2(signer)),
    )
    return cms.CMSAttributes([cms.CMSAttribute({"type": kind, "values": (value,)}) for kind, value in said])


def _message(certificates: Sequence[asn1_x509.Certificate], attributes: cms.CMSAttributes, value: bytes) -> bytes:
    """The one message of these parts; the order of certificates and attributes is that of DER."""
    signer = certificates[0]
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {"issuer_and_serial_number": {"issuer": signer.issuer, "serial_number": signer.serial_number}}
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": value,
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices({"certificate": one}) for one in certificates],
            "signer_infos": [info],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())
