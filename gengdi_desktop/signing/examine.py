"""Examines the signatures of a PDF with pyHanko, under rules of our own that are stricter than a viewer's.

Runs in a child process for files from outside (see ``verify``); everything it finds odd becomes part of the verdict,
and whatever makes it stumble makes the file not sound.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import cms  # type: ignore[import-untyped]
from asn1crypto.parser import peek  # type: ignore[import-untyped]
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from gengdi_desktop.signing.appearance import CHINA_TIME
from gengdi_desktop.signing.attachments import attached
from gengdi_desktop.signing.belief import SIGNING_USAGES, context_of, doubts, remarks
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.pdf import FieldState, states_of
from gengdi_desktop.signing.verdict import Finding, MissingSignature, SignatureVerdict, Verification, refused
from gengdi_desktop.system.child import JsonValue, Write

_MOST_SIGNATURES = 50
_NO_PARAMETERS = (b"", b"\x05\x00")
_PLACE = re.compile(rb"<([0-9A-F]+|[0-9a-f]+)>")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Examined:
    """A signature with what was found about it."""

    verdict: SignatureVerdict
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()


def examine(pdf: bytes, trusted: Sequence[Certificate], *, now: datetime, file: str = "") -> Verification:
    """Judge all signatures of a PDF.

    Args:
        pdf: The whole file.
        trusted: Certificates that are believed; one that may issue others vouches for those it issued.
        now: Present moment, aware, for what is said about certificates that have expired since.
        file: Name for the verdict.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        states = states_of(reader)
        signatures = list(reader.embedded_signatures)
        added = _fields_added(reader, signatures, states)
    except Exception as error:  # noqa: BLE001 — a file made to break the reader may raise anything; it is not believed
        _log.info("signatures cannot be read: %s", type(error).__name__)
        return refused(file, "verifier_error", "这份文件的签名无法验证，不予采信；文件可能已经损坏，请向对方重新索取。")
    if len(signatures) > _MOST_SIGNATURES:
        return refused(file, "verifier_error", "这份文件里的签名多得不合常理，无法验证，不予采信。")
    labels = {state.name: state.label for state in states}
    examined = [_examine_one(pdf, signature, labels, trusted, now) for signature in signatures]
    return _conclude(file, states, examined, added=added)


def serve(arguments: Mapping[str, str | list[str]], write: Write) -> None:
    """Entry of the child process: writes the verdict, then the certificates of the signers as PEM by fingerprint."""
    trusted = [Certificate.from_bytes(pem.encode()) for pem in arguments["trusted"]]
    path = Path(str(arguments["path"]))
    now = datetime.fromisoformat(str(arguments["now"]))
    pdf = path.read_bytes()
    verification = examine(pdf, trusted, now=now, file=str(arguments["file"]))
    verification = replace(verification, attachments=attached(pdf))
    found = [signature.certificate for signature in verification.signatures if signature.certificate is not None]
    certificates: JsonValue = {certificate.fingerprint: certificate.pem for certificate in found}
    write(verification.as_json())
    write(certificates)


def _fields_added(
    reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature], states: Sequence[FieldState]
) -> bool:
    """Whether a file whose first signature binds later ones has signature fields that it did not have then."""
    if not signatures or signatures[0].docmdp_level is None:
        return False
    then = reader.get_historical_resolver(signatures[0].signed_revision)
    names = {name for name, _, _ in enumerate_sig_fields(then)}
    return any(state.name not in names for state in states)


def _examine_one(
    pdf: bytes,
    signature: EmbeddedPdfSignature,
    labels: Mapping[str, str],
    trusted: Sequence[Certificate],
    now: datetime,
) -> _Examined:
    label = labels.get(signature.field_name, signature.field_name)
    try:
        certificate = Certificate.from_bytes(signature.signer_cert.dump())
        at = _claimed(signature)
        status = validate_pdf_signature(
            signature, context_of(certificate, trusted, at or now), key_usage_settings=SIGNING_USAGES
        )
        examined = _judge(signature.field_name, label, certificate, at, status, now)
        return examined if _envelope_untouched(signature, pdf) else _altered(examined)
    except Exception as error:  # noqa: BLE001 — as above: what the verifier stumbles over is not believed
        _log.info("a signature cannot be verified: %s", type(error).__name__)
        verdict = SignatureVerdict(
            signature.field_name, label, None, None, intact=False, trusted=False, covers_whole_file=False
        )
        return _Examined(verdict, (Finding("verifier_error", f"“{label}”的签名无法验证，不予采信。"),))


def _envelope_untouched(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Whether the place of the signature holds it and nothing else: no signature covers its own place.

    Spare room is zeros, hex digits are of one case, and what the mathematics does not need (version numbers, lengths,
    the list of digests) is what it has to be; so not even a byte that says nothing can be changed unnoticed.
    """
    start, length, resume, _ = (int(number) for number in signature.byte_range)
    place = _PLACE.fullmatch(pdf[start + length : resume])
    if place is None or len(place[1]) % 2:
        return False
    content = bytes.fromhex(place[1].decode("ascii"))
    used = int(peek(content))
    if any(content[used:]):
        return False
    message = cms.ContentInfo.load(content[:used], strict=True)
    return _frame_exact(message) and _header_exact(signature.signed_data, signature.signer_info)


def _frame_exact(message: cms.ContentInfo) -> bool:
    return len(message.contents) == sum(len(message[part].dump()) for part in ("content_type", "content"))


def _header_exact(data: cms.SignedData, signer: cms.SignerInfo) -> bool:
    version = "v1" if signer["sid"].name == "issuer_and_serial_number" else "v3"
    digests = list(data["digest_algorithms"])
    return (
        data["version"].native == signer["version"].native == version
        and [digest["algorithm"].native for digest in digests] == [signer["digest_algorithm"]["algorithm"].native]
        and all(digest["parameters"].dump() in _NO_PARAMETERS for digest in digests)
    )


def _altered(examined: _Examined) -> _Examined:
    who = examined.verdict.signer
    return _Examined(
        replace(examined.verdict, intact=False, trusted=False),
        (*examined.problems, Finding("signature_altered", f"{who}的签名数据本身被动过，这个签名不成立。")),
        examined.notes,
    )


def _claimed(signature: EmbeddedPdfSignature) -> datetime | None:
    at = signature.self_reported_timestamp
    if at is None:
        return None
    return (at if at.tzinfo is not None else at.replace(tzinfo=CHINA_TIME)).astimezone(UTC).replace(microsecond=0)


def _judge(
    field: str, label: str, certificate: Certificate, at: datetime | None, status: PdfSignatureStatus, now: datetime
) -> _Examined:
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    unbroken = bool(status.intact and status.valid and status.coverage is not None)
    unchanged = unbroken and _only_filled(status)
    in_time = at is not None and certificate.holds_at(at)
    believed = bool(status.trusted) and in_time
    who = certificate.subject
    problems = []
    if not unbroken:
        problems.append(Finding("content_changed", f"{who}签名以后，文件的内容被改动过，这个签名不成立。"))
    elif not unchanged:
        problems.append(Finding("changed_after_signing", f"{who}签名以后，文件里又加进或改动了内容，不止是填签名栏。"))
    # A broken signature names its signer without proof: whether that person is trusted is no longer the question.
    if unbroken:
        problems += doubts(certificate, at, believed=believed)
    verdict = SignatureVerdict(
        field, label, certificate, at, intact=unchanged, trusted=believed, covers_whole_file=whole
    )
    return _Examined(verdict, tuple(problems), remarks(certificate, at, now))


def _only_filled(status: PdfSignatureStatus) -> bool:
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return bool(status.docmdp_ok)
    level = status.modification_level
    return (
        status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
        and bool(status.docmdp_ok)
        and level is not None
        and level <= ModificationLevel.FORM_FILLING
    )


def _conclude(file: str, states: Sequence[FieldState], examined: Sequence[_Examined], *, added: bool) -> Verification:
    verdicts = tuple(one.verdict for one in examined)
    missing = tuple(MissingSignature(state.name, state.label) for state in states if not state.signed)
    problems = [problem for one in examined for problem in one.problems]
    notes = [note for one in examined for note in one.notes]
    # The order is that of the revisions; the last one vouches for the file as it lies there.
    whole = bool(verdicts) and verdicts[-1].covers_whole_file
    if not verdicts:
        problems.append(Finding("unsigned", "这份文件没有电子签名。"))
    elif not whole:
        problems.append(Finding("changed_after_signing", "最后一个签名没有管住整个文件：签名以后文件又被加长过。"))
    if added:
        problems.append(Finding("field_added", "第一个签名以后又添了签名栏，这是不允许的。"))
    if missing and verdicts:
        names = "、".join(f"“{field.label}”" for field in missing)
        problems.append(Finding("incomplete", f"还差{names}没有签名；也可能是后面的签名被截掉了。"))
    times = [verdict.at for verdict in verdicts if verdict.at is not None]
    if times != sorted(times):
        notes.append(Finding("time_order", "后签的签名时间反而早于先签的，请核对签名电脑的时钟。"))
    return Verification(
        file,
        "pdf",
        intact=whole and not added and all(verdict.intact for verdict in verdicts),
        trusted=bool(verdicts) and all(verdict.trusted for verdict in verdicts),
        signatures=verdicts,
        missing=missing,
        problems=tuple(problems),
        notes=tuple(notes),
    )
