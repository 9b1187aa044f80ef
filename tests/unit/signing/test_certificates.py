"""Certificates as values."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.signing import identity as identities
from gengdi_desktop.signing.certificates import Certificate, normal_fingerprint
from tests.helpers import signed_pdfs as made


def test_pem_and_der_give_the_same_certificate() -> None:
    certificate = made.person("王玥").certificate
    assert Certificate.from_bytes(certificate.der) == certificate
    assert Certificate.from_bytes(certificate.pem.encode()) == certificate


def test_the_subject_names_unit_person_and_role() -> None:
    certificate = made.person("赵䶮堃", "分管领导").certificate
    assert (certificate.unit, certificate.person, certificate.role) == ("白圩乡人民政府", "赵䶮堃", "分管领导")
    assert certificate.subject == "白圩乡人民政府 赵䶮堃（分管领导）"
    assert not certificate.sample
    assert not certificate.authority


def test_a_sample_is_marked_wherever_its_name_is_shown() -> None:
    subject = identities._subject("白圩乡人民政府", "王玥", "经办人", sample=True)
    issued = identities._self_signed(made.key("sample"), subject, made.SIGNED_AT)
    certificate = Certificate.from_bytes(issued.public_bytes(Encoding.DER))
    assert certificate.sample
    assert certificate.person == "王玥"
    assert certificate.shown_person == "王玥（样例）"
    assert certificate.subject == "白圩乡人民政府 王玥（经办人）（样例）"
    assert "OU=样例" in issued.subject.rfc4514_string()


def test_the_fingerprint_is_read_aloud_in_groups_and_typed_back_in_any_way() -> None:
    certificate = made.person("王玥").certificate
    groups = certificate.fingerprint_groups
    assert [len(group) for group in groups.split(" ")] == [4] * 16
    colons = ":".join(certificate.fingerprint[start : start + 2] for start in range(0, 64, 2))
    for typed in (groups, groups.lower(), colons, certificate.fingerprint):
        assert normal_fingerprint(typed) == certificate.fingerprint


@pytest.mark.parametrize("typed", ["", "12 34", "z" * 64, "0" * 63, "0" * 65])
def test_half_a_fingerprint_is_refused(typed: str) -> None:
    with pytest.raises(SurroundingsError) as refusal:
        normal_fingerprint(typed)
    assert refusal.value.code == "fingerprint_unreadable"


@pytest.mark.parametrize("data", [b"", b"not a certificate", b"\x30\x03\x02\x01\x01", b"-----BEGIN CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_told(data: bytes) -> None:
    with pytest.raises(SurroundingsError) as refusal:
        Certificate.from_bytes(data)
    assert refusal.value.code == "certificate_unreadable"


def test_a_name_cannot_fool_the_eye() -> None:
    subject = identities._subject("白圩乡人民政府", "王\u202e玥\u200b堃", "", sample=False)
    issued = identities._self_signed(made.key("sample"), subject, made.SIGNED_AT)
    assert Certificate.from_bytes(issued.public_bytes(Encoding.DER)).person == "王玥堃"


def test_validity_includes_its_first_and_last_moment() -> None:
    certificate = made.person("王玥").certificate
    assert certificate.holds_at(certificate.not_before)
    assert certificate.holds_at(certificate.not_after)
    assert not certificate.holds_at(certificate.not_before - timedelta(seconds=1))
    assert not certificate.holds_at(certificate.not_after + timedelta(seconds=1))


def test_only_what_may_issue_is_an_authority() -> None:
    assert made.authority().certificate.authority
    assert not made.issued_by(made.authority(), "王玥").certificate.authority
