"""Whom a ledger trusts, and whom a verification believes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.ledger import check, service
from gengdi_desktop.ledger import trust as trust_list
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.service import NewLedger
from gengdi_desktop.signing import identity as identities
from gengdi_desktop.signing.examine import examine
from gengdi_desktop.signing.profile import identities_folder, own_list, trusted_here
from gengdi_desktop.system import paths
from tests.helpers import signed_pdfs as made
from tests.helpers.clock import FixedClock

CLERK = made.person("王玥").certificate
LEADER = made.person("赵堃", "分管领导").certificate
BY = Actor("王玥")
NEW = NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="王玥")


@pytest.fixture
def ledger(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A new ledger, on a computer where nobody is trusted yet."""
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))
    with service.create_ledger(tmp_path / "ledger", NEW, clock) as opened:
        yield opened


def test_a_new_ledger_trusts_nobody(ledger: Ledger) -> None:
    assert trust_list.trusted(ledger) == ()
    assert trusted_here() == ()


def test_confirming_enters_the_ledger_and_the_users_own_list(ledger: Ledger) -> None:
    changes = trust_list.trust(ledger, LEADER, by=BY)
    assert changes.tables == {"certificate"}
    assert trust_list.trusted(ledger) == own_list().certificates() == (LEADER,)
    assert check.check(ledger).ok


def test_confirming_again_changes_nothing(ledger: Ledger) -> None:
    trust_list.trust(ledger, LEADER, by=BY)
    assert trust_list.trust(ledger, LEADER, by=BY).nothing
    assert trust_list.trusted(ledger) == (LEADER,)


def test_what_is_trusted_no_longer_leaves_both_lists_and_may_come_back(ledger: Ledger) -> None:
    trust_list.trust(ledger, LEADER, by=BY)
    trust_list.distrust(ledger, LEADER.fingerprint_groups, by=BY)
    assert trust_list.trusted(ledger) == own_list().certificates() == ()
    trust_list.trust(ledger, LEADER, by=BY)
    assert trust_list.trusted(ledger) == (LEADER,)


def test_removing_whom_nobody_trusts_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RuleError) as refusal:
        trust_list.distrust(ledger, LEADER.fingerprint, by=BY)
    assert refusal.value.code == "certificate_unknown"


def test_the_ledgers_own_certificate_stays_its_own(ledger: Ledger) -> None:
    trust_list.note_own(ledger, CLERK, by=BY)
    trust_list.trust(ledger, CLERK, by=BY)
    assert trust_list.known(ledger) == (trust_list.KnownCertificate(CLERK, trust_list.Relation.OWN),)


def test_the_history_names_whom_was_trusted(ledger: Ledger) -> None:
    trust_list.trust(ledger, LEADER, by=BY)
    newest = history(ledger, limit=1)[0]
    assert "信任证书" in newest.sentence
    assert LEADER.subject in (newest.reason or "")
    assert LEADER.fingerprint_groups[:9] in (newest.reason or "")


def test_opening_a_ledger_that_came_from_elsewhere_confirms_nothing(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))
    with service.create_ledger(tmp_path / "ledger", NEW, clock) as elsewhere:
        trust_list.trust(elsewhere, LEADER, by=BY)
        trust_list.trust(elsewhere, CLERK, by=BY)
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "another computer"))
    with service.open_ledger(tmp_path / "ledger", clock) as opened:
        assert set(trust_list.trusted_for(ledger=opened)) == {CLERK, LEADER}
    assert trust_list.trusted_for() == ()
    assert examine(made.good()[2], trust_list.trusted_for(), now=made.SIGNED_AT).exit_code == 1


def test_named_certificates_come_first_then_the_ledger_then_the_users_own(ledger: Ledger, tmp_path: Path) -> None:
    named = tmp_path / "leader.cer"
    identities.export_certificate(LEADER, named)
    own_list().add(LEADER)
    trust_list.note_own(ledger, CLERK, by=BY)
    assert trust_list.trusted_for([named], ledger) == (LEADER,)
    assert trust_list.trusted_for(ledger=ledger) == (CLERK,)
    assert trust_list.trusted_for() == (LEADER,)
    with pytest.raises(SurroundingsError):
        trust_list.trusted_for([tmp_path / "away.cer"], ledger)


def test_an_identity_made_here_is_trusted_here_without_confirming(ledger: Ledger) -> None:
    own = identities.create(
        identities_folder(),
        unit="白圩乡人民政府",
        person="王玥",
        role="经办人",
        passphrase="清早 三只 白鹭",
        at=ledger.clock.now() - timedelta(days=1),
        sample=True,
    )
    assert trusted_here() == (own.certificate,)
