"""The door of verification: what is refused, what is bounded, and that a verdict travels whole."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.signing import verify
from gengdi_desktop.signing.examine import examine
from gengdi_desktop.signing.pdf import sign
from gengdi_desktop.signing.verdict import verification_from
from gengdi_desktop.system.child import ChildEnd, ChildFailure
from tests.helpers import signed_pdfs as made

NOW = made.SIGNED_AT + timedelta(days=3)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 a workbook", b"\xff\xd8\xff a scan"])
def test_what_is_no_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "报告.pdf"
    path.write_bytes(data)
    with pytest.raises(SurroundingsError) as refusal:
        verify.verify_pdf(path, [], now=NOW)
    assert refusal.value.code == "not_pdf"


def test_a_file_that_is_away_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as refusal:
        verify.verify_pdf(tmp_path / "away.pdf", [], now=NOW)
    assert refusal.value.code == "not_found"


def test_a_broken_pdf_is_not_believed_and_not_a_crash() -> None:
    verification = verify.verify_pdf(b"%PDF-1.7\n1 0 obj\n<< /Type", [], now=NOW)
    assert verification.exit_code == 1
    assert [problem.code for problem in verification.problems] == ["verifier_error"]


def test_a_file_too_large_to_examine_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "LARGEST_MB", 0)
    verification = verify.verify_pdf(made.good()[2], made.good_trust(), now=NOW)
    assert [problem.code for problem in verification.problems] == ["too_large"]
    assert verification.exit_code == 1


def test_a_verifier_that_meets_its_limits_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(*_: object, **__: object) -> None:
        raise ChildFailure(ChildEnd.TIME, "")

    monkeypatch.setattr(verify, "run_child", out_of_time)
    verification = verify.verify_pdf(made.good()[2], made.good_trust(), now=NOW)
    assert [problem.code for problem in verification.problems] == ["verifier_error"]
    assert verification.exit_code == 1


def test_an_unsigned_file_is_told() -> None:
    verification = examine(made.pages(), made.good_trust(), now=NOW)
    assert (verification.exit_code, verification.intact, verification.trusted) == (1, False, False)
    assert [problem.code for problem in verification.problems] == ["unsigned"]


def test_a_prepared_file_names_all_who_are_missing() -> None:
    verification = examine(made.prepared(), made.good_trust(), now=NOW)
    assert [field.as_json() for field in verification.missing] == [
        {"field": "signer_1", "label": "经办人"},
        {"field": "signer_2", "label": "分管领导"},
    ]
    assert verification.exit_code == 1


def test_a_signature_that_is_missing_is_told_while_the_rest_is_sound() -> None:
    verification = examine(made.good()[1], made.good_trust(), now=NOW, file="报告.pdf")
    assert (verification.intact, verification.trusted, verification.exit_code) == (True, True, 1)
    assert [problem.code for problem in verification.problems] == ["incomplete"]
    assert "分管领导" in verification.problems[0].message


def test_the_files_inside_are_named_with_their_hashes() -> None:
    told = verify.verify_pdf(made.good()[2], made.good_trust(), now=NOW)
    digest = hashlib.sha256(made.ANNEX.data).hexdigest()
    assert [(one.name, one.size, one.sha256) for one in told.attachments] == [
        (made.ANNEX.name, len(made.ANNEX.data), digest)
    ]
    assert verify.verify_pdf(b"%PDF-1.7\n1 0 obj\n<< /Type", [], now=NOW).attachments == ()


def test_the_keys_are_those_of_the_command_line() -> None:
    told = examine(made.good()[2], made.good_trust(), now=NOW, file="报告.pdf").as_json()
    keys = ["file", "kind", "intact", "trusted", "signatures", "missing", "problems", "notes", "attachments"]
    assert list(told) == keys
    first = told["signatures"][0]
    assert first == {
        "field": "signer_1",
        "label": "经办人",
        "signer": "白圩乡人民政府 王玥（经办人）",
        "fingerprint": made.person("王玥").certificate.fingerprint,
        "at": "2026-05-06T08:30:00Z",
        "intact": True,
        "trusted": True,
        "covers_whole_file": False,
    }
    assert told["signatures"][1]["covers_whole_file"] is True


def test_a_verdict_travels_as_json_and_comes_back_whole() -> None:
    for pdf in (made.good()[2], made.good()[1], made.pages(), made.good()[2][:-300]):
        verification = examine(pdf, made.good_trust(), now=NOW)
        certificates = {
            signature.certificate.fingerprint: signature.certificate.pem
            for signature in verification.signatures
            if signature.certificate is not None
        }
        assert verification_from(verification.as_json(), certificates) == verification


def test_clocks_that_disagree_are_told_and_do_not_decide() -> None:
    early = made.signed_by([made.person("王玥")], fields=2, at=made.SIGNED_AT + timedelta(hours=2))[1]
    signed = sign(early, "signer_2", made.person("赵堃", "分管领导"), at=made.SIGNED_AT)
    verification = examine(signed, made.good_trust(), now=made.SIGNED_AT - timedelta(days=2))
    assert verification.exit_code == 0
    assert {note.code for note in verification.notes} == {"time_order", "time_in_future"}
