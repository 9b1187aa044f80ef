"""Preparing and signing: fields, attached files, the order of signers, and what is drawn."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from gengdi_desktop.errors import ProgramError, RuleError, SurroundingsError
from gengdi_desktop.signing.pdf import EmbeddedFile, FieldState, SignatureField, field_states, prepare, sign
from tests.helpers import signed_pdfs as made

CLERK = made.person("王玥")
LEADER = made.person("赵䶮堃", "分管领导")
FIELD = SignatureField("signer_1", "经办人", 0, (100, 300, 260, 330))


def test_the_same_input_gives_the_same_bytes() -> None:
    fields = [FIELD, replace(FIELD, name="signer_2", label="分管领导")]
    assert prepare(made.pages(), fields, [made.ANNEX]) == prepare(made.pages(), fields, [made.ANNEX])


def test_the_attached_file_is_associated_with_the_document() -> None:
    with pikepdf.open(io.BytesIO(made.prepared())) as document:
        (associated,) = document.Root.AF
        assert associated.AFRelationship == pikepdf.Name.Data
        assert str(associated.UF) == "整改台账.xlsx"
        attached = document.attachments["整改台账.xlsx"].get_file()
        assert attached.read_bytes() == made.ANNEX.data
        assert attached.mime_type == made.ANNEX.media_type
        assert str(attached.obj.Params.ModDate) == "D:20260506083000Z"


def test_two_files_are_both_there_and_a_name_stands_only_once() -> None:
    other = replace(made.ANNEX, name="清单.csv", media_type="text/csv", modified=None)
    with pikepdf.open(io.BytesIO(prepare(made.pages(), [FIELD], [made.ANNEX, other]))) as document:
        assert set(document.attachments) == {"整改台账.xlsx", "清单.csv"}
        assert len(document.Root.AF) == 2
    with pytest.raises(ProgramError):
        prepare(made.pages(), [FIELD], [made.ANNEX, EmbeddedFile(made.ANNEX.name, b"", "text/csv")])


@pytest.mark.parametrize("fields", [[], [FIELD, FIELD], [replace(FIELD, page=3)]])
def test_fields_that_cannot_be_made_are_our_mistake(fields: list[SignatureField]) -> None:
    with pytest.raises(ProgramError) as refusal:
        prepare(made.pages(), fields)
    assert refusal.value.code == "fields_unfit"


def test_fields_stand_in_order_and_say_who_has_signed() -> None:
    revisions = made.signed_by([CLERK], fields=2)
    assert field_states(revisions[0]) == (
        FieldState("signer_1", "经办人", signed=False),
        FieldState("signer_2", "分管领导", signed=False),
    )
    assert [state.signed for state in field_states(revisions[1])] == [True, False]
    assert field_states(made.pages()) == ()


def test_signing_only_appends() -> None:
    revisions = made.signed_by([CLERK, LEADER])
    assert all(later.startswith(earlier) for earlier, later in pairwise(revisions))


def test_the_first_of_several_certifies_and_the_last_locks() -> None:
    first, last = PdfFileReader(io.BytesIO(made.signed_by([CLERK, LEADER])[2])).embedded_signatures
    transforms = [reference["/TransformMethod"] for reference in first.sig_object["/Reference"]]
    assert transforms == ["/DocMDP"]
    assert first.sig_object["/Reference"][0]["/TransformParams"]["/P"] == 2
    (locking,) = last.sig_object["/Reference"]
    assert (locking["/TransformMethod"], locking["/TransformParams"]["/Action"]) == ("/FieldMDP", "/All")
    assert last.sig_field["/Lock"]["/P"] == 1


def test_a_single_signer_certifies_that_nothing_may_change() -> None:
    (only,) = PdfFileReader(io.BytesIO(made.signed_by([CLERK])[1])).embedded_signatures
    assert only.sig_object["/Reference"][0]["/TransformParams"]["/P"] == 1


def test_a_signature_is_pades_with_the_claimed_time_reason_and_place() -> None:
    (only,) = PdfFileReader(io.BytesIO(made.signed_by([CLERK])[1])).embedded_signatures
    assert only.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert only.self_reported_timestamp == made.SIGNED_AT
    assert (only.sig_object["/Reason"], only.sig_object["/Location"]) == ("数据属实", "白圩乡")
    attributes = {attribute["type"].native for attribute in only.signer_info["signed_attrs"]}
    assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}


def test_the_one_who_locks_signs_last() -> None:
    with pytest.raises(RuleError) as refusal:
        sign(made.prepared(), "signer_2", LEADER, at=made.SIGNED_AT)
    assert refusal.value.code == "signing_order"
    assert "经办人" in refusal.value.message


def test_the_others_sign_in_any_order() -> None:
    second = sign(made.prepared(3), "signer_2", LEADER, at=made.SIGNED_AT)
    both = sign(second, "signer_1", CLERK, at=made.SIGNED_AT)
    assert [state.signed for state in field_states(both)] == [True, True, False]


def test_a_field_is_signed_once() -> None:
    with pytest.raises(RuleError) as refusal:
        sign(made.good()[1], "signer_1", CLERK, at=made.SIGNED_AT)
    assert refusal.value.code == "field_signed"


def test_a_field_that_was_not_made_cannot_be_signed() -> None:
    with pytest.raises(RuleError) as refusal:
        sign(made.prepared(), "signer_9", CLERK, at=made.SIGNED_AT)
    assert refusal.value.code == "field_unknown"


@pytest.mark.parametrize("days", [-30, 365 * 6])
def test_nobody_signs_outside_the_time_of_his_certificate(days: int) -> None:
    with pytest.raises(RuleError) as refusal:
        sign(made.prepared(), "signer_1", CLERK, at=made.SIGNED_AT + timedelta(days=days))
    assert refusal.value.code == "certificate_over"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", b"\x00" * 200])
def test_what_is_no_pdf_is_told(data: bytes) -> None:
    with pytest.raises(SurroundingsError) as refusal:
        sign(data, "signer_1", CLERK, at=made.SIGNED_AT)
    assert refusal.value.code == "pdf_unreadable"


def test_the_block_says_role_name_and_time_in_words_that_can_be_copied(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(made.signed_by([CLERK, LEADER])[2])
    text = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-f", "3", str(path), "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "经办人：王玥" in text
    assert "分管领导：赵䶮堃" in text
    assert text.count("2026-05-06 16:30") == 2


def test_a_name_that_no_font_can_draw_stops_the_signature() -> None:
    with pytest.raises(RuleError) as refusal:
        sign(made.prepared(), "signer_1", made.person("王\U0002a6d7"), at=made.SIGNED_AT)
    assert refusal.value.code == "glyph_missing"
    assert "\U0002a6d7" in refusal.value.message
