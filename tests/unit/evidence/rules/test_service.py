"""Rules in force: the program's or the county's own, and what they say of plots."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from gengdi_desktop.domain.evidence import Verdict
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence import service
from gengdi_desktop.evidence.questions.service import answer
from gengdi_desktop.evidence.rules.service import rules_in_force, set_rules
from gengdi_desktop.evidence.verdicts.service import verdicts
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import parse_campaign
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.storage.tables import PlotRow, RoundRow
from gengdi_desktop.system.resources import resource
from tests.helpers.ledgers import CLERK, add_plots, new_ledger
from tests.helpers.photos import PLACE, camera_exif, jpeg, scene

OWN = resource("rules/evidence.toml").read_text(encoding="utf-8").replace('version = "2023-2"', 'version = "县-3"')


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A plot that is settled on the ground with crop and day, and one of which nothing is known."""
    with new_ledger(tmp_path / "台账") as opened:
        add_plots(opened, ["settled", "bare"])
        ledgers.set_campaign(opened, parse_campaign('[campaign]\nname = "专项"\n'.encode()), by=CLERK)
        with opened.begin(Operation.PLAN, CLERK) as work:
            found = work.session.get(PlotRow, "settled")
            assert found is not None
            found.finding = "true"
            work.session.add(
                RoundRow(
                    id="settled:1",
                    plot_id="settled",
                    target=5_280_000,
                    restored=5_280_000,
                    crop="水稻",
                    sown_on="2023-08-05",
                )
            )
            work.commit()
        yield opened


def take(ledger: Ledger, folder: Path, stage: str, seed: int, *, place: bool = True) -> str:
    path = folder / f"{seed}.jpg"
    exif = camera_exif(taken=f"2023:08:0{seed} 09:00:00", place=PLACE if place else None)
    path.write_bytes(jpeg(scene(960, 720, seed), exif))
    ((sha256, _),) = service.attach(ledger, "settled", [path], stage, by=CLERK).files
    return sha256


def test_what_a_plot_lacks_has_and_leaves_open(ledger: Ledger, tmp_path: Path) -> None:
    assert verdicts(ledger, ["settled"])["settled"].verdict is Verdict.MISSING
    take(ledger, tmp_path, "before", 1)
    sha256 = take(ledger, tmp_path, "after", 2, place=False)
    assert verdicts(ledger)["settled"].verdict is Verdict.UNCLEAR
    answer(ledger, "settled", sha256, "no_place", "现场信号不好，按平面图核对过", by=CLERK)
    told = verdicts(ledger)
    assert told["settled"].verdict is Verdict.COMPLETE
    assert {one.rule.code for one in told["settled"].rules} == {"pair", "orchard"}
    assert told["bare"].verdict is Verdict.UNCLEAR
    assert list(told) == ["settled", "bare"]


def test_the_countys_own_rules_take_the_place_of_the_programs(ledger: Ledger) -> None:
    usual = rules_in_force(ledger)
    set_rules(ledger, OWN.encode(), by=CLERK)
    assert rules_in_force(ledger).version == "县-3"
    set_rules(ledger, OWN.replace("县-3", "县-4").encode("utf-8-sig"), by=CLERK)
    assert rules_in_force(ledger).version == "县-4"
    undo(ledger, by=CLERK)
    undo(ledger, by=CLERK)
    assert rules_in_force(ledger) == usual


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"version = ", b"x" * 300_000, OWN.replace("after_photo", "x", 1).encode()]
)
def test_rules_that_cannot_be_read_change_nothing(ledger: Ledger, data: bytes) -> None:
    head = ledger.head()
    with pytest.raises(RuleError) as refused:
        set_rules(ledger, data, by=CLERK)
    assert refused.value.code == "evidence_rules"
    assert ledger.head() == head


def test_without_a_campaign_there_is_no_county_to_ask(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "另一个台账") as bare, pytest.raises(RuleError) as refused:
        set_rules(bare, OWN.encode(), by=CLERK)
    assert refused.value.code == "no_campaign"


def test_they_come_with_the_campaign_file_and_go_with_its_undo(ledger: Ledger) -> None:
    section = tomli_w.dumps({"evidence": tomllib.loads(OWN)})
    ledgers.set_campaign(ledger, parse_campaign(f'[campaign]\nname = "新专项"\n{section}'.encode()), by=CLERK)
    assert rules_in_force(ledger).version == "县-3"
    assert "证据规则换成 县-3 版" in history(ledger)[0].sentence
    ledgers.set_campaign(ledger, parse_campaign('[campaign]\nname = "又一个"\n'.encode()), by=CLERK)
    assert rules_in_force(ledger).version == "县-3"
    undo(ledger, by=CLERK)
    undo(ledger, by=CLERK)
    assert rules_in_force(ledger).version == "2023-2"
    assert "证据规则换回程序自带的" in history(ledger)[0].sentence
