"""The user's own list of confirmed certificates."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.signing.trust import TrustList, read_certificate
from tests.helpers import signed_pdfs as made

CLERK = made.person("王玥").certificate
LEADER = made.person("赵堃", "分管领导").certificate


def test_a_list_that_was_never_written_is_empty(tmp_path: Path) -> None:
    assert TrustList(tmp_path / "trusted").certificates() == ()
    assert not (tmp_path / "trusted").exists()


def test_certificates_enter_once_and_leave_by_fingerprint(tmp_path: Path) -> None:
    trusted = TrustList(tmp_path / "trusted")
    for certificate in (LEADER, CLERK, CLERK):
        trusted.add(certificate)
    assert set(trusted.certificates()) == {CLERK, LEADER}
    assert trusted.remove(CLERK.fingerprint_groups) == CLERK
    assert TrustList(tmp_path / "trusted").certificates() == (LEADER,)


def test_removing_what_is_not_there_changes_nothing(tmp_path: Path) -> None:
    trusted = TrustList(tmp_path / "trusted")
    trusted.add(LEADER)
    with pytest.raises(SurroundingsError) as refusal:
        trusted.remove(CLERK.fingerprint)
    assert refusal.value.code == "certificate_unknown"
    assert trusted.certificates() == (LEADER,)


def test_a_file_under_a_foreign_name_or_damaged_trusts_nobody(tmp_path: Path) -> None:
    trusted = TrustList(tmp_path)
    trusted.add(LEADER)
    (tmp_path / f"{CLERK.fingerprint}.cer").write_bytes(b"damaged")
    (tmp_path / "any.cer").write_text(CLERK.pem)
    assert trusted.certificates() == (LEADER,)


def test_a_certificate_file_is_read_as_pem_and_as_der(tmp_path: Path) -> None:
    (tmp_path / "pem.cer").write_text(CLERK.pem)
    (tmp_path / "der.cer").write_bytes(CLERK.der)
    assert read_certificate(tmp_path / "pem.cer") == read_certificate(tmp_path / "der.cer") == CLERK
    with pytest.raises(SurroundingsError) as refusal:
        read_certificate(tmp_path / "away.cer")
    assert refusal.value.code == "not_found"
