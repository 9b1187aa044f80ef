"""Signing a PDF: fields and attached files first, then one PAdES signature after another.

Preparing is done with pikepdf: it writes the same bytes for the same input (pyHanko puts random identifiers and the
time of day into each revision), and it embeds files with their relationship as PDF/A-3 asks. Signing is done with
pyHanko, which only appends.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import PurePosixPath

import pikepdf
from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore
from typing_extensions import override

from gengdi_desktop.errors import ProgramError, RuleError, SurroundingsError
from gengdi_desktop.signing.appearance import appearance
from gengdi_desktop.signing.identity import Identity, require_in_time

_PRINT_AND_LOCKED = 4 | 128
_SIGNATURES_EXIST_APPEND_ONLY = 3
_NO_CHANGES = 1
_FRAME_BYTES = 1024
"""More than twice of what a signature holds beside key and certificates: attributes, names of the issuer, lengths."""

# What it finds odd comes back to us as values and errors; its running commentary would fill the program's log.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.ERROR)


@dataclass(frozen=True)
class SignatureField:
    """A place for one signature.

    Attributes:
        name: Identifier inside the file, ASCII, unique (``signer_1``).
        label: What people call it (``经办人``); shown in the block and named when the signature is missing.
        page: Index of the page, from 0.
        rect: Left, bottom, right, top in points from the lower left corner of the page.
    """

    name: str
    label: str
    page: int
    rect: tuple[float, float, float, float]


@dataclass(frozen=True)
class EmbeddedFile:
    """A file that travels inside the PDF and is covered by its signatures.

    Attributes:
        name: File name as readers show it.
        data: The bytes.
        media_type: MIME type.
        description: One line for people.
        relationship: ``Data``, ``Source``, ``Supplement`` or ``Alternative`` as PDF/A-3 names them.
        modified: Its date (aware), so that the bytes of the PDF do not depend on the clock; the document's date.
    """

    name: str
    data: bytes
    media_type: str
    description: str = ""
    relationship: str = "Data"
    modified: datetime | None = None


@dataclass(frozen=True)
class FieldState:
    """A signature field as it stands in a file: its name and label, and whether it is signed."""

    name: str
    label: str
    signed: bool


def prepare(pdf: bytes, fields: Sequence[SignatureField], attachments: Sequence[EmbeddedFile] = ()) -> bytes:
    """Put all signature fields and attached files into an unsigned PDF.

    All fields must be there before the first signature, because that one allows nothing but filling them. With several
    fields the last of the sequence is the one that locks: it must be signed last. The same input gives the same bytes.

    Raises:
        ProgramError: ``fields_unfit``: no field, a name twice, or a page that does not exist.
    """
    names = [field.name for field in fields]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if not names or len(set(names)) < len(names) or any(f.page >= len(document.pages) for f in fields):
            raise ProgramError("fields_unfit", "签名栏的名称或页码不对，没有生成签名用的文件。")
        for attachment in attachments:
            _embed(document, attachment)
        _add_fields(document, fields)
        target = io.BytesIO()
        document.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
            min_version="1.7",
        )
    return target.getvalue()


def field_states(pdf: bytes) -> tuple[FieldState, ...]:
    """The signature fields of a file in their order, signed or not."""
    return states_of(_reader(pdf))


def sign(pdf: bytes, field: str, identity: Identity, *, at: datetime, reason: str = "", location: str = "") -> bytes:
    """Append one PAdES B-B signature that fills ``field``.

    The first signature certifies: with several fields it allows filling the others and nothing else, with a single
    field it allows no change at all. The field that :func:`prepare` made last locks the file and is filled last.

    Args:
        pdf: What :func:`prepare` made, or that with some signatures.
        field: Name of an empty field.
        identity: Who signs.
        at: Claimed time, aware; must lie within the validity of the certificate.
        reason: Why, as shown by viewers.
        location: Where, as shown by viewers.

    Returns:
        The whole file; the old bytes are its beginning, unchanged.

    Raises:
        RuleError: ``field_unknown``, ``field_signed``, ``signing_order``, ``certificate_over``, ``glyph_missing``.
        SurroundingsError: ``pdf_unreadable``.
    """
    states = states_of(_reader(pdf))
    label = _check_turn(states, field)
    require_in_time(identity, at)
    first = not any(state.signed for state in states)
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=identity.certificate.shown_person,
        reason=reason or None,
        location=location or None,
        certify=first,
        docmdp_permissions=MDPPerm.NO_CHANGES if len(states) == 1 or not first else MDPPerm.FILL_FORMS,
    )
    signer = _PdfSigner(
        metadata,
        signer=_KeptKeySigner(identity),
        stamp_style=appearance(label, identity.certificate.shown_person, at),
    )
    signer.claimed = at
    target = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=_room(identity), output=target)
    return target.getvalue()


def _room(identity: Identity) -> int:
    """Hex digits to keep free for the signature; left to itself pyHanko makes a whole second one to measure it."""
    certificates = sum(len(certificate.der) for certificate in (identity.certificate, *identity.issuers))
    return 2 * (certificates + identity.key.key_size // 8 + _FRAME_BYTES)


class _KeptKeySigner(signers.Signer):
    """Signs with the key as it is in memory: pyHanko's own signer parses the key anew twice, 200 of 230 ms."""

    def __init__(self, identity: Identity) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(asn1_x509.Certificate.load(issuer.der) for issuer in identity.issuers)
        certificate = asn1_x509.Certificate.load(identity.certificate.der)
        super().__init__(signing_cert=certificate, cert_registry=store)
        self._key = identity.key

    @override
    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(self._key.key_size // 8)
        if digest_algorithm != "sha256":
            raise ProgramError("digest_unexpected", "签名用的摘要算法与预定的不同，没有签名。")
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class _PdfSigner(signers.PdfSigner):
    """Signs at the time it is told, so that the clock stays in one place of the program."""

    claimed: datetime

    @override
    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.claimed
        return session


def _embed(document: pikepdf.Pdf, attachment: EmbeddedFile) -> None:
    name = PurePosixPath(attachment.name).name
    if name in document.attachments:
        raise ProgramError("attachment_twice", f"附件“{name}”放了两次，没有生成签名用的文件。")
    stamp = f"D:{attachment.modified.astimezone(UTC):%Y%m%d%H%M%S}Z" if attachment.modified is not None else ""
    spec = pikepdf.AttachedFileSpec(
        document,
        attachment.data,
        description=attachment.description,
        filename=name,
        mime_type=attachment.media_type,
        creation_date=stamp,
        mod_date=stamp,
    )
    spec.relationship = Name("/" + attachment.relationship)
    document.attachments[name] = spec
    # Some versions of the library do this by themselves; twice would be a fault of the file.
    associated = document.Root.get("/AF")
    if associated is None:
        associated = document.Root.AF = Array()
    made = document.attachments[name].obj
    if all(other.objgen != made.objgen for other in associated):
        associated.append(made)


def _add_fields(document: pikepdf.Pdf, fields: Sequence[SignatureField]) -> None:
    form = document.Root.get("/AcroForm")
    if form is None:
        form = document.Root.AcroForm = Dictionary(Fields=Array())
    form.SigFlags = _SIGNATURES_EXIST_APPEND_ONLY
    for position, field in enumerate(fields, 1):
        page = document.pages[field.page].obj
        widget = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(field.name),
            TU=String(field.label),
            F=_PRINT_AND_LOCKED,
            P=page,
            Rect=Array([_points(edge) for edge in field.rect]),
        )
        if position == len(fields) > 1:
            widget.Lock = Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=_NO_CHANGES)
        made = document.make_indirect(widget)
        form.Fields.append(made)
        if page.get("/Annots") is None:
            page.Annots = Array()
        page.Annots.append(made)


def _points(edge: float) -> Decimal:
    return Decimal(edge).quantize(Decimal("0.01"))


def _reader(pdf: bytes) -> PdfFileReader:
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        states_of(reader)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SurroundingsError(
            "pdf_unreadable", "这个 PDF 文件读不了，没有签名，文件没有变。", "请从台账里重新取出这份报告再签。"
        ) from error
    return reader


def states_of(reader: PdfFileReader) -> tuple[FieldState, ...]:
    """The signature fields of an opened file; see :func:`field_states`."""
    found = []
    for name, value, reference in enumerate_sig_fields(reader):
        label = reference.get_object().get("/TU", name)
        found.append(FieldState(name, str(label), value is not None))
    return tuple(found)


def _check_turn(states: Sequence[FieldState], field: str) -> str:
    """The label of the field if it may be signed now."""
    state = next((state for state in states if state.name == field), None)
    if state is None:
        raise RuleError(
            "field_unknown", "这份文件里没有要签的签名栏，没有签名。", "请在报告的签名人里加上这个人，重新定稿后再签。"
        )
    if state.signed:
        raise RuleError("field_signed", f"“{state.label}”一栏已经签过名，签名不能重做。", "要改就另出一版报告。")
    waiting = [other.label for other in states[:-1] if not other.signed]
    if state is states[-1] and waiting:
        names = "、".join(waiting)
        raise RuleError(
            "signing_order",
            f"“{state.label}”最后签，签完文件就锁住了；现在还差{names}，没有签名。",
            f"请先由{names}签名。",
        )
    return state.label
