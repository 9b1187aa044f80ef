"""Signed PDFs for tests: small pages by reportlab, people with keys made once in a test process."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from reportlab.pdfgen.canvas import Canvas

from gengdi_desktop.signing import identity as identities
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.identity import Identity
from gengdi_desktop.signing.pdf import EmbeddedFile, SignatureField, prepare, sign

SIGNED_AT = datetime(2026, 5, 6, 8, 30, tzinfo=UTC)
"""When everybody signs; identities were made a day before."""

UNIT = "白圩乡人民政府"
ANNEX = EmbeddedFile(
    "整改台账.xlsx",
    b"PK\x03\x04 not a workbook, but bytes that must not change",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "整改台账",
    modified=SIGNED_AT,
)
_LABELS = ("经办人", "分管领导", "主要领导")


@cache
def key(owner: str) -> rsa.RSAPrivateKey:
    """One key for each owner; 2048 bits, which are quicker to find and no different to sign with."""
    del owner
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def person(
    name: str, role: str = "经办人", *, made: datetime = SIGNED_AT - timedelta(days=1), keyed: str = ""
) -> Identity:
    """A self-signed identity as the program makes them; ``keyed`` tells two people of one name apart."""
    own = key(keyed or name)
    issued = identities._self_signed(own, identities._subject(UNIT, name, role, sample=False), made)
    return Identity(Certificate.from_bytes(issued.public_bytes(Encoding.DER)), own)


def issued_by(issuer: Identity, name: str, *, authority: bool = False, keyed: str = "") -> Identity:
    """An identity whose certificate the issuer has signed, whether or not the issuer may do that."""
    own = key(keyed or f"{name} by {issuer.certificate.person}")
    start = SIGNED_AT - timedelta(days=1)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    issuing = x509.load_der_x509_certificate(issuer.certificate.der)
    issued = (
        x509.CertificateBuilder()
        .subject_name(identities._subject(UNIT, name, "", sample=False))
        .issuer_name(issuing.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=700))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    return Identity(Certificate.from_bytes(issued.public_bytes(Encoding.DER)), own, (issuer.certificate,))


@cache
def authority() -> Identity:
    """A county office that may issue certificates, self-signed."""
    own = key("county authority")
    name = identities._subject("进贤县专班", "证书签发", "", sample=False)
    start = SIGNED_AT - timedelta(days=30)
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    issued = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .sign(own, hashes.SHA256())
    )
    return Identity(Certificate.from_bytes(issued.public_bytes(Encoding.DER)), own)


@cache
def pages(count: int = 3) -> bytes:
    """An unsigned PDF; its content streams are not compressed, so that a test can find the words."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, pageCompression=0)
    for number in range(1, count + 1):
        canvas.drawString(100, 700, f"page {number}: restored 3980.79 mu")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@cache
def prepared(signers: int = 2) -> bytes:
    """A PDF with empty fields ``signer_1`` … and the annex embedded."""
    fields = [
        SignatureField(f"signer_{number}", _LABELS[number - 1], 2, (60 + 160 * number, 300, 210 + 160 * number, 330))
        for number in range(1, signers + 1)
    ]
    return prepare(pages(), fields, [ANNEX])


def signed_by(people: Sequence[Identity], *, fields: int = 0, at: datetime = SIGNED_AT) -> list[bytes]:
    """All revisions: prepared, with one signature, with two …; ``fields`` leaves some empty."""
    revisions = [prepared(fields or len(people))]
    for number, signer in enumerate(people, 1):
        revisions.append(sign(revisions[-1], f"signer_{number}", signer, at=at, reason="数据属实", location="白圩乡"))
    return revisions


@cache
def good() -> tuple[bytes, ...]:
    """Revisions of a file that the clerk and then the leader signed."""
    return tuple(signed_by([person("王玥"), person("赵堃", "分管领导")]))


def good_trust() -> list[Certificate]:
    """Who has to be trusted for :func:`good` to be sound."""
    return [person("王玥").certificate, person("赵堃", "分管领导").certificate]
