"""A second reader of the signatures of packages, made from docs/package_format.md: DER by hand, RSA by cryptography."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

_SIGNED_DATA, _DATA = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1"
_SHA256, _SHA256_RSA = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11"
_CONTENT_TYPE, _DIGEST, _TIME = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
_SEQUENCE, _SET, _OCTETS, _NULL, _UTC_TIME, _LATER_TIME = 0x30, 0x31, 0x04, b"\x05\x00", 0x17, 0x18


def _der(tag: int, *parts: bytes) -> bytes:
    """One value of DER: its tag, its length, its content."""
    content = b"".join(parts)
    if len(content) < 128:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 128 + len(length))) + length + content


def _oid(dotted: str) -> bytes:
    first, second, *others = map(int, dotted.split("."))
    content = bytearray((40 * first + second,))
    for number in others:
        digits = [number & 127]
        while number := number >> 7:
            digits.append(number & 127 | 128)
        content += bytes(reversed(digits))
    return _der(0x06, bytes(content))


def _set_of(tag: int, values: Sequence[bytes]) -> bytes:
    return _der(tag, *sorted(values))


def _parts(raw: bytes) -> list[tuple[int, bytes, bytes]]:
    """Tag, content and whole bytes of the values that stand one after the other."""
    found, at = [], 0
    while at < len(raw):
        tag, length, start = raw[at], raw[at + 1], at + 2
        if length >= 128:
            start += length - 128
            length = int.from_bytes(raw[at + 2 : start], "big")
        if start + length > len(raw):
            raise ValueError("a value ends early")
        found.append((tag, raw[start : start + length], raw[at : start + length]))
        at = start + length
    return found


class Broken(ValueError):
    """A package that is not as the document says: the code of its table, and the words that do not hold."""

    def __init__(self, code: str, words: str, about: str = "") -> None:
        super().__init__(f"{code}: {words}" + (f" ({about})" if about else ""))
        self.code, self.words = code, words


def hold(fact: Any, code: str, words: str, about: str = "") -> None:
    """Refuse a package of which something does not hold, in words of the document."""
    if not fact:
        raise Broken(code, words, about)


def signed(message: bytes, manifest: bytes, signer: Sequence[str]) -> tuple[tuple[bytes, ...], datetime]:
    """Check a signature, built anew from what is free in it.

    Args:
        message: The content of ``signature.p7s``.
        manifest: The bytes that are signed.
        signer: The fingerprints that the manifest tells.

    Returns:
        The certificates as ``signer`` names them, and the signing time.

    Raises:
        Broken: It is not as the document says.
    """
    form = "a reader builds it anew and compares"
    try:
        carried, time_value, value, digest = _taken_apart(message)
    except (ValueError, IndexError) as error:
        raise Broken("signature_altered", form) from error
    by_print = {hashlib.sha256(der).hexdigest(): der for der in carried}
    fits = sorted(by_print) == sorted(signer) and len(carried) == len(signer)
    hold(fits, "signature_altered", "Certificates: those of `signer`, and no other")
    certificates = tuple(by_print[one] for one in signer)
    attributes = _attributes(certificates[0], time_value, digest)
    hold(_message(certificates, attributes, value) == message, "signature_altered", form)
    hold(digest == hashlib.sha256(manifest).digest(), "content_changed", "over another manifest")
    try:
        key = x509.load_der_x509_certificate(certificates[0]).public_key()
    except ValueError as error:
        raise Broken("signature_altered", form) from error
    if not isinstance(key, RSAPublicKey):
        raise Broken("signature_altered", "Signature RSA PKCS#1 v1.5 (`sha256WithRSAEncryption`)")
    try:
        key.verify(value, _set_of(_SET, attributes), PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise Broken("signature_altered", "not of the fixed form or not by that key") from error
    return certificates, _time(time_value)


def trusted(carried: Sequence[bytes], at: datetime, believed: Collection[bytes]) -> bool:
    """Whether the signer is believed.

    Args:
        carried: The certificates of a signature, the signer's own first.
        at: The signing time.
        believed: The certificates on the list.
    """
    signer, *others = (x509.load_der_x509_certificate(one) for one in carried)
    key = signer.public_key()
    if not (isinstance(key, RSAPublicKey) and key.key_size >= 2048 and _holds(signer, at)):
        return False
    if carried[0] in believed:
        return True
    usage = _usage(signer)
    if usage is None or not (usage.digital_signature or usage.content_commitment):
        return False
    roots = [one for one in map(x509.load_der_x509_certificate, believed) if _authority(one) and _holds(one, at)]
    between = [one for one in others if _authority(one) and _holds(one, at)]
    below = signer
    for _ in range(len(between) + 1):
        if any(_issued(below, root) for root in roots):
            return True
        below = next((one for one in between if one != below and _issued(below, one)), below)
    return False


def _holds(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (ValueError, x509.ExtensionNotFound):
        return None


def _authority(certificate: x509.Certificate) -> bool:
    usage = _usage(certificate)
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    return basic.ca and usage is not None and usage.key_cert_sign


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def made(manifest: bytes, certificates: Sequence[bytes], key: RSAPrivateKey, at: datetime) -> bytes:
    """The one message that signs a manifest at a time with the first of these certificates."""
    before = at.year < 2050
    text = at.astimezone(UTC).strftime("%y%m%d%H%M%SZ" if before else "%Y%m%d%H%M%SZ").encode("ascii")
    time_value = _der(_UTC_TIME if before else _LATER_TIME, text)
    attributes = _attributes(certificates[0], time_value, hashlib.sha256(manifest).digest())
    return _message(certificates, attributes, key.sign(_set_of(_SET, attributes), PKCS1v15(), SHA256()))


def _taken_apart(message: bytes) -> tuple[list[bytes], bytes, bytes, bytes]:
    """Certificates, signing time, value of the signature and message digest of a message."""
    ((_, info, _),) = _parts(message)
    _, (_, wrapped, _) = _parts(info)
    ((_, signed, _),) = _parts(wrapped)
    _, _, _, (_, carried, _), (_, infos, _) = _parts(signed)
    ((_, one, _),) = _parts(infos)
    _, _, _, (_, attributes, _), _, (_, value, _) = _parts(one)
    told = {}
    for _, attribute, _ in _parts(attributes):
        (_, _, oid), (_, values, _) = _parts(attribute)
        told[oid] = values
    if _oid(_TIME) not in told or _oid(_DIGEST) not in told:
        raise ValueError("no time or no digest")
    ((_, digest, _),) = _parts(told[_oid(_DIGEST)])
    return [whole for _, _, whole in _parts(carried)], told[_oid(_TIME)], value, digest


def _attributes(certificate: bytes, time_value: bytes, digest: bytes) -> list[bytes]:
    issuer, serial = _issuer_and_serial(certificate)
    names = _der(_SEQUENCE, _der(0xA4, issuer))
    ess = _der(_SEQUENCE, _der(_OCTETS, hashlib.sha256(certificate).digest()), _der(_SEQUENCE, names, serial))
    tag, text, _ = _parts(time_value)[0]
    year = _time(time_value).year
    words = "signing time (UTC, whole seconds; `UTCTime` before 2050)"
    hold(tag == (_UTC_TIME if year < 2050 else _LATER_TIME), "signature_altered", words)
    told = {
        _CONTENT_TYPE: _oid(_DATA),
        _TIME: _der(tag, text),
        _DIGEST: _der(_OCTETS, digest),
        _SIGNING_CERTIFICATE: _der(_SEQUENCE, _der(_SEQUENCE, ess)),
    }
    return sorted(_der(_SEQUENCE, _oid(oid), _der(_SET, value)) for oid, value in told.items())


def _message(certificates: Sequence[bytes], attributes: Sequence[bytes], value: bytes) -> bytes:
    digest = _der(_SEQUENCE, _oid(_SHA256), _NULL)
    rsa = _der(_SEQUENCE, _oid(_SHA256_RSA), _NULL)
    one, by = _der(0x02, b"\x01"), _der(_SEQUENCE, *_issuer_and_serial(certificates[0]))
    info = _der(_SEQUENCE, one, by, digest, _set_of(0xA0, attributes), rsa, _der(_OCTETS, value))
    carried = _set_of(0xA0, certificates)
    signed = _der(_SEQUENCE, one, _der(_SET, digest), _der(_SEQUENCE, _oid(_DATA)), carried, _der(_SET, info))
    return _der(_SEQUENCE, _oid(_SIGNED_DATA), _der(0xA0, signed))


def _issuer_and_serial(certificate: bytes) -> tuple[bytes, bytes]:
    """The issuer's name and the serial number of a certificate, as they are encoded in it."""
    try:
        ((_, whole, _),) = _parts(certificate)
        facts = [one for one in _parts(_parts(whole)[0][1]) if one[0] != 0xA0]
        return facts[2][2], facts[0][2]
    except (ValueError, IndexError) as error:
        raise Broken("signature_altered", "one signer by issuer and serial number") from error


def _time(value: bytes) -> datetime:
    tag, text, _ = _parts(value)[0]
    form = "%y%m%d%H%M%SZ" if tag == _UTC_TIME else "%Y%m%d%H%M%SZ"
    try:
        read_as = datetime.strptime(text.decode("ascii"), form).replace(tzinfo=UTC)
        # Python reads two digits of a year from 69 on as 19..; UTCTime of certificates does so from 50 on.
        if tag == _UTC_TIME and read_as.year >= 2050:
            read_as = read_as.replace(year=read_as.year - 100)
        same = read_as.strftime(form).encode("ascii") == text
    except ValueError as error:
        raise Broken("signature_altered", "signing time (UTC, whole seconds; `UTCTime` before 2050)") from error
    hold(same, "signature_altered", "signing time (UTC, whole seconds; `UTCTime` before 2050)")
    return read_as
