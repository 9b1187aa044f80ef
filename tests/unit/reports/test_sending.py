"""Signatures in turn, hand-in records, and the head that a paper carries home."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.ledger import check, trust
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.reports import service
from gengdi_desktop.reports.frozen import kept_bytes
from gengdi_desktop.signing import identity
from gengdi_desktop.signing.identity import Identity
from gengdi_desktop.signing.pdf import field_states
from gengdi_desktop.signing.verify import verify_pdf
from tests.unit.reports.ledgers import CLERK, LEADER, STORY, make

PASSPHRASE = "样例口令 2023"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Identity]:
    folder = tmp_path_factory.mktemp("identities")
    at = datetime(2023, 1, 1, tzinfo=UTC)
    return {
        one.name: identity.create(
            folder, unit="白圩乡人民政府", person=one.name, role=role, passphrase=PASSPHRASE, at=at, sample=True
        )
        for one, role in ((CLERK, "经办人"), (LEADER, "分管领导"))
    }


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with make(tmp_path / "台账", STORY[:4]) as made:
        yield made


def freeze(ledger: Ledger, kind: str = "rectification_letter") -> service.ReportInfo:
    settings = replace(service.settings_of(ledger, kind), own_fonts=False)
    return service.freeze(ledger, kind, replace(settings, number="白府函〔2023〕1号"), by=CLERK)


@pytest.mark.parametrize("kind", ["rectification_letter", "register"])
def test_two_people_sign_in_turn_and_the_county_can_check_it(
    ledger: Ledger, people: dict[str, Identity], kind: str, tmp_path: Path
) -> None:
    info = freeze(ledger, kind)
    first = service.sign(ledger, info.id, identity=people["吴小琴"], by=CLERK)
    assert first.state.value == "frozen"
    assert first.signed_by == ("经办人（吴小琴）",)
    second = service.sign(ledger, info.id, identity=people["李建国"], by=LEADER)
    assert second.state.value == "signed"
    assert second.unsigned == ()
    (main, *_beside) = service.files(ledger, info.id, tmp_path / "报告.pdf")
    assert main.role is service.FileRole.SIGNED
    found = verify_pdf(main.path, trust.trusted(ledger), now=datetime.now(UTC))
    assert found.exit_code == 0, found.as_json()
    assert check.check(ledger).problems == ()


def test_signing_adds_a_file_and_leaves_the_others(ledger: Ledger, people: dict[str, Identity]) -> None:
    info = freeze(ledger)
    before = kept_bytes(ledger, info.main)
    signed = service.sign(ledger, info.id, identity=people["吴小琴"], by=CLERK)
    assert signed.files[: len(info.files)] == info.files
    assert kept_bytes(ledger, signed.main).startswith(before)
    assert service.rebuild(ledger, info.id) == info.files


def test_a_frozen_paper_carries_empty_fields_and_its_ledger(ledger: Ledger) -> None:
    data = kept_bytes(ledger, freeze(ledger).main)
    assert [(one.label, one.signed) for one in field_states(data)] == [("经办人", False), ("分管领导", False)]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        names = {name.rsplit("_", 1)[-1] for name in pdf.attachments}
    assert names == {"整改台账.pdf", "整改台账.xlsx", "数据快照.json"}


def test_nobody_signs_for_another(ledger: Ledger, people: dict[str, Identity]) -> None:
    info = freeze(ledger)
    with pytest.raises(RuleError) as caught:
        service.sign(ledger, info.id, identity=people["李建国"], by=CLERK)
    assert caught.value.code == "identity_of_another"
    with pytest.raises(RuleError) as caught:
        service.sign(ledger, info.id, identity=people["李建国"], by=Actor("陌生人"))
    assert caught.value.code == "not_a_signer"
    assert service.report(ledger, info.id).signed_by == ()


def test_the_last_field_waits_for_the_others(ledger: Ledger, people: dict[str, Identity]) -> None:
    info = freeze(ledger)
    with pytest.raises(RuleError) as caught:
        service.sign(ledger, info.id, identity=people["李建国"], by=LEADER)
    assert caught.value.code == "signing_order"


def test_a_signature_is_never_made_again(ledger: Ledger, people: dict[str, Identity]) -> None:
    info = freeze(ledger)
    service.sign(ledger, info.id, identity=people["吴小琴"], by=CLERK)
    with pytest.raises(RuleError) as caught:
        service.sign(ledger, info.id, identity=people["吴小琴"], by=CLERK)
    assert caught.value.code == "already_signed"
    assert "吴小琴已经签过" in caught.value.message
    assert "分管领导（李建国）" in caught.value.hint
    service.sign(ledger, info.id, identity=people["李建国"], by=LEADER)
    with pytest.raises(RuleError) as caught:
        service.sign(ledger, info.id, identity=people["李建国"], by=LEADER)
    assert caught.value.code == "all_signed"


def test_a_report_without_signers_has_no_fields(ledger: Ledger, people: dict[str, Identity]) -> None:
    settings = replace(service.settings_of(ledger, "register"), own_fonts=False, signers=())
    info = service.freeze(ledger, "register", settings, by=CLERK)
    with pytest.raises(RuleError) as caught:
        service.sign(ledger, info.id, identity=people["吴小琴"], by=CLERK)
    assert caught.value.code == "no_fields"


def test_a_hand_in_is_a_record_of_its_own(ledger: Ledger, tmp_path: Path) -> None:
    info = freeze(ledger)
    receipt = tmp_path / "回执.jpg"
    receipt.write_bytes(b"\xff\xd8 scan")
    at = datetime(2023, 8, 20, 9, 30, tzinfo=UTC)
    service.hand_in(ledger, info.id, to="县专班办公室", medium="U盘", by=CLERK, at=at, receipt=receipt, note="当面交")
    service.hand_in(ledger, info.id, to="县农业农村局", medium="纸质", by=CLERK)
    found = service.report(ledger, info.id)
    assert found.state.value == "handed_in"
    first, second = found.hand_ins
    assert (first.recipient, first.medium, first.at, first.note) == ("县专班办公室", "U盘", at, "当面交")
    assert first.receipt
    assert second.receipt is None
    assert check.check(ledger).problems == ()


@pytest.mark.parametrize("missing", ["to", "medium"])
def test_a_hand_in_says_to_whom_and_how(ledger: Ledger, missing: str) -> None:
    info = freeze(ledger)
    given = {"to": "县专班", "medium": "U盘"} | {missing: "  "}
    with pytest.raises(RuleError) as caught:
        service.hand_in(ledger, info.id, to=given["to"], medium=given["medium"], by=CLERK)
    assert caught.value.code == "missing"


def test_a_paper_carries_the_head_of_its_journal(ledger: Ledger, tmp_path: Path) -> None:
    head = ledger.head()
    info = freeze(ledger)
    (main, *_beside) = service.files(ledger, info.id, tmp_path / "报告.pdf")
    stated = service.stated_head(main.path)
    assert (stated.ledger, stated.seq, stated.hash) == (ledger.info.id, head.seq, head.hash)
    assert check.check(ledger, stated).ok
    assert not check.check(ledger, replace(stated, hash="0" * 64)).ok


def test_other_files_carry_none(tmp_path: Path, ledger: Ledger) -> None:
    other = tmp_path / "别的.pdf"
    other.write_bytes(b"no pdf")
    with pytest.raises(SurroundingsError) as unreadable:
        service.stated_head(other)
    assert unreadable.value.code == "pdf_unreadable"
    info = freeze(ledger)
    annex = next(
        one
        for one in service.files(ledger, info.id, tmp_path / "a.pdf")
        if one.path.suffix == ".pdf" and "附件" in one.path.name
    )
    with pytest.raises(RuleError) as caught:
        service.stated_head(annex.path)
    assert caught.value.code == "no_head"
