"""What an attacker does to a signed report, and that none of it is believed."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field

from gengdi_desktop.errors import RuleError
from gengdi_desktop.signing import pdf as signing
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.examine import examine
from gengdi_desktop.signing.identity import Identity
from gengdi_desktop.signing.verdict import Verification
from gengdi_desktop.signing.verify import verify_pdf
from tests.helpers import signed_pdfs as made

number: Callable[[int], generic.PdfObject] = generic.NumberObject
NOW = made.SIGNED_AT + timedelta(days=30)


def judge(pdf: bytes, trusted: list[Certificate] | None = None) -> Verification:
    """The verdict, in this process, by the list that makes the good file sound."""
    return examine(pdf, made.good_trust() if trusted is None else trusted, now=NOW)


def codes(verification: Verification) -> set[str]:
    return {problem.code for problem in verification.problems}


def appended(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with an incremental update, as an editor that knows PDF would write it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    target = io.BytesIO()
    writer.write(target)  # type: ignore[no-untyped-call]
    return target.getvalue()


def first_page(writer: IncrementalPdfFileWriter) -> tuple[generic.IndirectObject, generic.DictionaryObject]:
    reference, _ = writer.find_page_for_modification(0)  # type: ignore[no-untyped-call]
    return reference, reference.get_object()


def paint_over(writer: IncrementalPdfFileWriter) -> None:
    reference, page = first_page(writer)
    patch = writer.add_object(generic.StreamObject(stream_data=b"q 1 1 1 rg 80 680 430 60 re f Q"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), patch])
    writer.mark_update(reference)


def annotate(writer: IncrementalPdfFileWriter) -> None:
    reference, page = first_page(writer)
    note = generic.DictionaryObject(  # type: ignore[no-untyped-call]
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(number(edge) for edge in (80, 680, 500, 740)),
            pdf_name("/Contents"): generic.pdf_string("合格率100%"),
            pdf_name("/DA"): generic.pdf_string("/Helv 12 Tf"),
            pdf_name("/F"): number(4),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.mark_update(reference)


def swap_attachment(writer: IncrementalPdfFileWriter) -> None:
    embedded = writer.root["/AF"][0]["/EF"]
    embedded[pdf_name("/F")] = embedded[pdf_name("/UF")] = writer.add_object(
        generic.StreamObject(stream_data=b"another table")
    )
    writer.update_container(embedded)


def hide_empty_field(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    form["/Fields"] = generic.ArrayObject([form["/Fields"].raw_get(0)])
    writer.update_container(form)


def rename_field(writer: IncrementalPdfFileWriter) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/TU"] = generic.pdf_string("主要领导")
    writer.update_container(field)


def saved_anew(pdf: bytes, change: Callable[[pikepdf.Pdf], None] | None = None) -> bytes:
    """The file written from scratch by another program."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if change is not None:
            change(document)
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def strip_signatures(document: pikepdf.Pdf) -> None:
    del document.Root.AcroForm
    for page in document.pages:
        if "/Annots" in page:
            del page["/Annots"]


def swap_attachment_in_place(document: pikepdf.Pdf) -> None:
    document.attachments["整改台账.xlsx"].obj.EF.F.write(b"another table")


def flipped(pdf: bytes, position: int, mask: int = 1) -> bytes:
    return pdf[:position] + bytes([pdf[position] ^ mask]) + pdf[position + 1 :]


def with_another_field(pdf: bytes) -> bytes:
    """A trusted person makes an invisible field for himself, fills it, and then the leader signs as planned."""
    opened = appended(pdf, lambda writer: append_signature_field(writer, SigFieldSpec("signer_0")))
    metadata = signers.PdfSignatureMetadata(
        field_name="signer_0", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    target = io.BytesIO()
    signers.PdfSigner(metadata, signer=signing._KeptKeySigner(made.person("王玥"))).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(opened)), output=target
    )
    second = target.getvalue()
    return signing.sign(second, "signer_2", made.person("赵堃", "分管领导"), at=made.SIGNED_AT)


def page_byte_flipped() -> bytes:
    """One bit of a drawn page, in the part that both signatures cover."""
    pdf = made.good()[2]
    return flipped(pdf, pdf.index(b"stream", pdf.index(b"/Contents")) + 20)


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "one byte flipped": (page_byte_flipped, "content_changed"),
    "page painted over": (lambda: appended(made.good()[2], paint_over), "changed_after_signing"),
    "annotation added": (lambda: appended(made.good()[2], annotate), "changed_after_signing"),
    "attachment swapped": (lambda: appended(made.good()[2], swap_attachment), "changed_after_signing"),
    "role of a signer renamed": (lambda: appended(made.good()[2], rename_field), "changed_after_signing"),
    "painted over between the signatures": (
        lambda: signing.sign(
            appended(made.good()[1], paint_over), "signer_2", made.person("赵堃", "分管领导"), at=made.SIGNED_AT
        ),
        "changed_after_signing",
    ),
    "cut back to one signature": (lambda: made.good()[2][: len(made.good()[1])], "incomplete"),
    "cut back to no signature": (lambda: made.good()[2][: len(made.good()[0])], "unsigned"),
    "cut in the middle": (lambda: made.good()[2][: len(made.good()[2]) - 200], "verifier_error"),
    "cut back and the empty field hidden": (
        lambda: appended(made.good()[1], hide_empty_field),
        "changed_after_signing",
    ),
    "blank bytes appended": (lambda: made.good()[2] + b"\n\n", "changed_after_signing"),
    "another end appended": (lambda: made.good()[2] + b"\n%%EOF\n", "verifier_error"),
    "another signer let in by a trusted one": (lambda: with_another_field(made.good()[1]), "field_added"),
    "stripped": (lambda: saved_anew(made.good()[2], strip_signatures), "unsigned"),
    "saved anew": (lambda: saved_anew(made.good()[2]), "content_changed"),
    "saved anew with another attachment": (
        lambda: saved_anew(made.good()[2], swap_attachment_in_place),
        "content_changed",
    ),
    "signed by a stranger of the same name": (
        lambda: made.signed_by([made.person("王玥"), made.person("赵堃", "分管领导", keyed="stranger")])[2],
        "signer_unknown",
    ),
    "signed by one whom a trusted clerk vouches for": (
        lambda: made.signed_by([made.person("王玥"), made.issued_by(made.person("王玥"), "赵堃")])[2],
        "signer_unknown",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attacked_report_is_not_sound(attack: str) -> None:
    make, code = ATTACKS[attack]
    verification = judge(make())
    assert verification.exit_code == 1
    assert code in codes(verification)


def test_the_good_file_is_sound_and_pdfsig_agrees(tmp_path: Path) -> None:
    path = tmp_path / "自查报告.pdf"
    path.write_bytes(made.good()[2])
    verification = verify_pdf(path, made.good_trust(), now=NOW)
    assert (verification.exit_code, verification.problems, verification.notes) == (0, (), ())
    told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
    assert told.count("Signature Validation: Signature is Valid.") == 2
    assert told.count("Total document signed") == 1
    assert "Not total document signed" in told.split("Signature #2")[0]


def test_an_attack_is_found_in_the_child_process_too(tmp_path: Path) -> None:
    path = tmp_path / "attacked.pdf"
    path.write_bytes(appended(made.good()[2], annotate))
    verification = verify_pdf(path, made.good_trust(), now=NOW)
    assert (verification.exit_code, codes(verification)) == (1, {"changed_after_signing"})
    assert verification.signatures == judge(path.read_bytes()).signatures


def test_no_bit_of_a_covered_byte_can_be_flipped(*, full: bool) -> None:
    pdf = made.good()[2]
    for position in range(7, len(pdf), 97 if full else 1499):
        assert judge(flipped(pdf, position, 1 << position % 8)).exit_code == 1, position


def test_no_byte_in_the_place_of_the_last_signature_can_be_changed(*, full: bool) -> None:
    """No signature covers its own place: digits, their case, and the spare room are checked by rules of our own."""
    pdf = made.good()[2]
    start, end = place_of_last_signature(pdf)
    header = (start + 7, start + 51, start + 52, start + 83)
    spots = [*header, *range(start, end, 1 if full else 211), end - 1]
    for position in spots:
        for mask in (1, 0x20):
            assert judge(flipped(pdf, position, mask)).exit_code == 1, (position - start, mask)


def place_of_last_signature(pdf: bytes) -> tuple[int, int]:
    found = re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf)[-1]
    start, length, resume, _ = map(int, found)
    return start + length, resume


def test_a_file_with_one_signer_admits_no_change_at_all() -> None:
    clerk = made.person("王玥")
    single = made.signed_by([clerk])[1]
    trusted = [clerk.certificate]
    assert judge(single, trusted).exit_code == 0
    assert codes(judge(appended(single, annotate), trusted)) >= {"changed_after_signing"}
    assert codes(judge(single[: len(made.prepared(1))], trusted)) == {"unsigned"}


def test_three_signers_are_sound_only_together() -> None:
    people = [made.person("王玥"), made.person("赵堃", "分管领导"), made.person("李建国", "主要领导")]
    revisions = made.signed_by(people)
    trusted = [one.certificate for one in people]
    assert [judge(pdf, trusted).exit_code for pdf in revisions] == [1, 1, 1, 0]
    assert [field.label for field in judge(revisions[1], trusted).missing] == ["分管领导", "主要领导"]
    assert [signature.label for signature in judge(revisions[3], trusted).signatures] == [
        "经办人",
        "分管领导",
        "主要领导",
    ]


def test_a_signature_outside_the_time_of_its_certificate_is_not_sound() -> None:
    long_ago = made.person("王玥", made=made.SIGNED_AT - timedelta(days=3000))
    with pytest.raises(RuleError) as refusal:
        made.signed_by([long_ago])
    assert refusal.value.code == "certificate_over"
    forced = sign_whatever_the_time(made.prepared(1), long_ago)
    verification = judge(forced, [long_ago.certificate])
    assert (verification.intact, verification.trusted) == (True, False)
    assert codes(verification) == {"certificate_out_of_time"}


def sign_whatever_the_time(pdf: bytes, identity: Identity) -> bytes:
    """Sign with a program that does not ask whether the certificate still holds."""
    lasting = replace(identity.certificate, not_after=made.SIGNED_AT + timedelta(days=1))
    return signing.sign(pdf, "signer_1", replace(identity, certificate=lasting), at=made.SIGNED_AT)


def test_a_certificate_that_expired_since_is_told_and_the_file_stays_sound() -> None:
    verification = examine(made.good()[2], made.good_trust(), now=made.SIGNED_AT + timedelta(days=4000))
    assert verification.exit_code == 0
    assert [note.code for note in verification.notes] == ["certificate_expired_since"] * 2


def test_nobody_is_trusted_without_a_list() -> None:
    verification = judge(made.good()[2], [])
    assert (verification.exit_code, verification.intact, verification.trusted) == (1, True, False)
    assert codes(verification) == {"signer_unknown"}
    fingerprint = made.person("王玥").certificate.fingerprint_groups
    assert any(fingerprint in problem.message for problem in verification.problems)


def test_an_authority_on_the_list_vouches_for_those_it_issued() -> None:
    county = made.authority()
    clerk, leader = made.issued_by(county, "王玥"), made.issued_by(county, "赵堃")
    signed = made.signed_by([clerk, leader])[2]
    assert judge(signed, [county.certificate]).exit_code == 0
    assert codes(judge(signed, [clerk.certificate])) == {"signer_unknown"}
