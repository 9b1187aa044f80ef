"""Signing identities: an RSA key and its certificate, kept encrypted in the user's own profile.

An identity is two files in a folder that the caller names: ``<fingerprint>.p12`` (key and certificates, encrypted)
and ``<fingerprint>.cer`` (the certificate alone, so that identities can be listed without a passphrase).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.signing.certificates import SAMPLE_MARK, SAMPLE_SUFFIX, Certificate, normal_fingerprint
from gengdi_desktop.signing.trust import keep_certificate, kept_certificates
from gengdi_desktop.system.files import opened, telling, write_whole

KEY_BITS = 3072
SMALLEST_FOREIGN_KEY_BITS = 2048
SHORTEST_PASSPHRASE = 8
VALID_FOR = timedelta(days=5 * 365)
_CLOCK_SLACK = timedelta(hours=1)
"""A clock put right by some minutes after the identity was made must not void its first signature."""

_KDF_ROUNDS = 200_000
_LARGEST_P12 = 1024 * 1024
_NAME_LIMIT = 64
"""Upper bound of X.520 for each of organisation, common name and title, in characters."""


@dataclass(frozen=True)
class Identity:
    """A certificate with its unlocked key, in memory only.

    Attributes:
        certificate: Who signs.
        key: The private key; never printed, never compared.
        issuers: Certificates of the issuers that came with an imported identity, nearest first.
    """

    certificate: Certificate
    key: rsa.RSAPrivateKey = field(repr=False, compare=False)
    issuers: tuple[Certificate, ...] = ()


def create(
    folder: Path, *, unit: str, person: str, role: str, passphrase: str, at: datetime, sample: bool = False
) -> Identity:
    """Make a self-signed RSA-3072 identity and keep it encrypted in ``folder``.

    Args:
        folder: The identities of this user; made when it is missing.
        unit: Organisation (``白圩乡人民政府``).
        person: Name of the person who will sign.
        role: In which role (``经办人``); may be empty.
        passphrase: At least eight characters.
        at: Now, aware; the certificate holds for five years from here.
        sample: Mark it as made for a demonstration.

    Raises:
        RuleError: ``passphrase_short``, ``name_missing``, ``name_long``.
        SurroundingsError: The folder cannot be written.
    """
    _check_passphrase(passphrase)
    subject = _subject(unit, person, role, sample=sample)
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    issued = _self_signed(key, subject, at)
    identity = Identity(Certificate.from_bytes(issued.public_bytes(Encoding.DER)), key)
    _keep(folder, identity, passphrase)
    return identity


def import_p12(folder: Path, source: Path, *, passphrase: str) -> Identity:
    """Take an identity made elsewhere into ``folder``, encrypted anew under the same passphrase.

    Args:
        folder: The identities of this user; made when it is missing.
        source: A ``.p12`` or ``.pfx`` file.
        passphrase: Opens the file; kept as it is, whatever its length.

    Raises:
        RuleError: ``identity_key_unfit``: no RSA key of at least 2048 bits, or a certificate not meant for signing.
        SurroundingsError: ``identity_unreadable``, ``passphrase_wrong``, or the file cannot be read.
    """
    with opened(source) as stream:
        data = stream.read(_LARGEST_P12 + 1)
    if not data.startswith(b"\x30") or len(data) > _LARGEST_P12:
        raise _unreadable()
    identity = _unlock(data, passphrase)
    _check_fit(identity)
    _keep(folder, identity, passphrase)
    return identity


def identities(folder: Path) -> tuple[Certificate, ...]:
    """The certificates of the identities kept in ``folder``, newest first; empty when there is no such folder.

    A certificate without its locked key is left out, and so is a file whose name is not its own fingerprint: it was
    laid there by hand.
    """
    found = [
        certificate for certificate in kept_certificates(folder) if (folder / f"{certificate.fingerprint}.p12").exists()
    ]
    return tuple(sorted(found, key=lambda certificate: certificate.not_before, reverse=True))


def load(folder: Path, fingerprint: str, passphrase: str) -> Identity:
    """Unlock one identity.

    Args:
        folder: The identities of this user.
        fingerprint: As shown, groups and capitals allowed.
        passphrase: What it was encrypted with.

    Raises:
        SurroundingsError: ``identity_missing``, ``passphrase_wrong``, ``identity_unreadable``.
    """
    name = normal_fingerprint(fingerprint)
    try:
        data = (folder / f"{name}.p12").read_bytes()
    except OSError as error:
        raise SurroundingsError(
            "identity_missing",
            "这台电脑上没有这个签名身份。",
            "请用建立它的电脑签名，或者导入它的 .p12 文件，也可以新建一个身份。",
        ) from error
    identity = _unlock(data, passphrase)
    if identity.certificate.fingerprint != name:
        raise _unreadable()
    return identity


def export_certificate(certificate: Certificate, target: Path) -> None:
    """Write the certificate (no key) as a ``.cer`` file in PEM form, for the stick that goes to the receiver.

    Raises:
        SurroundingsError: The file cannot be written.
    """
    write_whole(target, certificate.pem.encode("ascii"))


def require_in_time(identity: Identity, at: datetime) -> None:
    """Refuse to sign at a time (aware) at which the certificate does not hold.

    Raises:
        RuleError: ``certificate_over``.
    """
    if not identity.certificate.holds_at(at):
        raise RuleError(
            "certificate_over",
            "这个签名身份的证书在现在这个时间不在有效期内，没有签名。",
            "请先核对电脑的日期；日期没错就新建一个身份，并请接收方重新确认证书。",
        )


def _subject(unit: str, person: str, role: str, *, sample: bool) -> x509.Name:
    said = {"单位": unit, "姓名": person, "职务": role}
    texts = {label: " ".join(unicodedata.normalize("NFC", text).split()) for label, text in said.items()}
    for label in ("单位", "姓名"):
        if not texts[label]:
            raise RuleError("name_missing", f"签名身份要写明{label}，现在是空的，没有建立。", f"请填写{label}。")
    shown = texts | {"姓名": texts["姓名"] + (SAMPLE_SUFFIX if sample else "")}
    for label, text in shown.items():
        if len(text) > _NAME_LIMIT:
            raise RuleError(
                "name_long", f"{label}超过 {_NAME_LIMIT} 个字，证书里写不下，没有建立。", f"请把{label}写短一些。"
            )
    attributes = [
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, shown["单位"]),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, SAMPLE_MARK if sample else ""),
        (NameOID.COMMON_NAME, shown["姓名"]),
        (NameOID.TITLE, shown["职务"]),
    ]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in attributes if text])


def _self_signed(key: rsa.RSAPrivateKey, subject: x509.Name, at: datetime) -> x509.Certificate:
    # keyEncipherment: packages are encrypted for the same certificate; contentCommitment: the person stands by it.
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    start = at.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - _CLOCK_SLACK)
        .not_valid_after(start + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _keep(folder: Path, identity: Identity, passphrase: str) -> None:
    """Write the locked key first: a certificate without its key is not listed, a key without certificate is lost."""
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(_KDF_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(_secret(passphrase))
    )
    certificate = identity.certificate
    with telling(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = pkcs12.serialize_key_and_certificates(
        certificate.person.encode(),
        identity.key,
        x509.load_der_x509_certificate(certificate.der),
        [x509.load_der_x509_certificate(issuer.der) for issuer in identity.issuers] or None,
        encryption,
    )
    write_whole(folder / f"{certificate.fingerprint}.p12", data)
    keep_certificate(folder, certificate)


def _unlock(data: bytes, passphrase: str) -> Identity:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, _secret(passphrase))
    except ValueError as error:
        if "password" not in str(error).lower():
            raise _unreadable() from error
        raise SurroundingsError(
            "passphrase_wrong",
            "口令不对，身份没有打开，文件都没有变。",
            "请看清大小写和输入法再输一次；口令忘了就要新建身份，并请接收方重新确认证书。",
        ) from error
    except TypeError as error:
        raise _unreadable() from error
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise _unfit("这个身份文件里没有 RSA 密钥和它的证书，没有导入。")
    issuers = tuple(Certificate.from_bytes(other.public_bytes(Encoding.DER)) for other in others)
    return Identity(Certificate.from_bytes(certificate.public_bytes(Encoding.DER)), key, issuers)


def _check_fit(identity: Identity) -> None:
    if identity.key.key_size < SMALLEST_FOREIGN_KEY_BITS:
        raise _unfit(f"这个身份的密钥只有 {identity.key.key_size} 位，太短，没有导入。")
    loaded = x509.load_der_x509_certificate(identity.certificate.der)
    if loaded.public_key() != identity.key.public_key():
        raise _unfit("这个身份文件里的证书和密钥不是一对，没有导入。")
    try:
        usage = loaded.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not usage.digital_signature:
        raise _unfit("这个身份的证书不是用来签名的，没有导入。")


def _check_passphrase(passphrase: str) -> None:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise RuleError(
            "passphrase_short",
            f"签名口令至少要 {SHORTEST_PASSPHRASE} 个字符，现在的太短，没有建立身份。",
            "请换一个长一些、自己记得住的口令，例如几个不相干的词连起来。",
        )


def _secret(passphrase: str) -> bytes:
    # The same passphrase must open the file whichever input method composed its characters.
    return unicodedata.normalize("NFC", passphrase).encode()


def _unfit(message: str) -> RuleError:
    return RuleError("identity_key_unfit", message, "请导入用于签名的 RSA 身份（至少 2048 位），或者在本机新建一个。")


def _unreadable() -> SurroundingsError:
    return SurroundingsError(
        "identity_unreadable",
        "这个文件不是签名身份，或者已经损坏，没有导入。",
        "请选扩展名为 .p12 或 .pfx 的原文件。",
    )
