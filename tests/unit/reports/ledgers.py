"""Ledgers with plots in every state, written row by row, for tests of figures and papers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import CampaignSettings, PaperSetting, Signer
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import (
    AcceptanceRow,
    CancellationRow,
    HoldRow,
    IdentifierRow,
    ListLineRow,
    PlotListRow,
    PlotRow,
    RoundRow,
)
from tests.helpers.clock import FixedClock
from tests.helpers.patterns import after_pattern

CLERK, LEADER = Actor("吴小琴"), Actor("李建国")
MU = 1_000_000
AS_OF = date(2023, 8, 20)


@dataclass(frozen=True)
class Given:
    """A plot to be: its state and what it has settled, in hundredths of a mu."""

    state: str
    area: int
    settled: int = 0
    bucket: str = "restored"
    extra: tuple[tuple[str, Any], ...] = ()


STORY = (
    *(Given("closed", 150 + n) for n in range(12)),
    Given("closed", 95, bucket="proved"),
    Given("county_accepted", 210),
    Given("accepted", 188),
    Given("claimed", 120),
    Given("working", 300, 140),
    Given("working", 260, 0, extra=(("deadline", "2023-08-15"),)),
    Given("works_done", 175, 175),
    Given("planned", 240),
    Given("contested", 66, 66, "proved"),
    Given("checked", 333),
    Given("issued", 412),
    Given("cancelled", 520),
    Given("working", 98, 30, extra=(("held", 1),)),
)
VILLAGES = ("白圩村", "罗家村", "西边湖社区", "北山村", "下塘村")
SETTLED = {"closed", "county_accepted", "accepted", "claimed"}


def settings(*signers: tuple[str, str]) -> CampaignSettings:
    """The campaign of the tests."""
    given = signers or (("经办人", "吴小琴"), ("分管领导", "李建国"))
    papers = tuple(
        PaperSetting(
            kind,
            recipient="县耕地保护领域突出问题专项整改工作专班",
            copy_to="县自然资源和规划局、县农业农村局",
            number_prefix="白府函字",
            issued_by="赵建军",
            contact="吴小琴",
            contact_phone="0791-85670000",
            signers=tuple(Signer(*one) for one in given),
        )
        for kind in ("self_check_report", "rectification_report", "rectification_letter", "register")
    )
    campaign = Campaign(
        name="进贤县2023年耕地保护领域突出问题专项整改",
        document_number="进府办发〔2023〕43号",
        issuer="进贤县人民政府办公室",
        hard_deadline=date(2023, 8, 25),
        phases=(Phase("self_check", "自查阶段", date(2023, 7, 25), date(2023, 7, 28)),),
        rules=CampaignRules(),
        first_responsible="乡党委书记陈明",
        direct_responsible="副乡长李建国",
        as_of=AS_OF,
    )
    return CampaignSettings(campaign, papers)


def make(
    folder: Path,
    story: tuple[Given, ...] = STORY,
    *,
    unit: str = "白圩乡",
    open_lines: tuple[int, ...] = (),
    campaign: CampaignSettings | None = None,
) -> Ledger:
    """A ledger of the story; ``open_lines`` are areas (hundredths of a mu) of rows that found no plot.

    Ledgers of one name and story are copies of each other.
    """
    told = campaign or settings()
    kind = ("story", story, unit, open_lines, repr(told))
    return after_pattern(folder, FixedClock(), kind, lambda place: _made(place, story, unit, open_lines, told))


def _made(
    folder: Path, story: tuple[Given, ...], unit: str, open_lines: tuple[int, ...], campaign: CampaignSettings
) -> Ledger:
    new = ledgers.NewLedger(
        Desk.TOWNSHIP, "进贤县", unit, CLERK.name, sample=True, settings=campaign, county_code="360124"
    )
    ledger = ledgers.create_ledger(folder, new, FixedClock())
    ledgers.add_member(ledger, LEADER.name, Role.LEADER, by=CLERK)
    with ledger.begin(Operation.IMPORT, CLERK) as work:
        whole = sum(one.area for one in story) + sum(open_lines)
        listed = PlotListRow(
            name="2021—2022年度耕地流出图斑清单",
            kind="outflow",
            file_name="清单.xlsx",
            headers=json.dumps(["序号", "村"]),
            area_header="流出面积（亩）",
            area_unit="mu",
            area_field="outflow_area",
            stated_count=len(story) + len(open_lines),
            stated_area=whole * 10_000,
        )
        work.session.add(listed)
        work.session.flush()
        for index, given in enumerate(story):
            _add(work.session, work.seq, index, given, listed.id or 0, unit)
        for index, area in enumerate(open_lines):
            row = _line(listed.id or 0, len(story) + index, area)
            work.session.add(ListLineRow(**row, status="open", problem="图斑编号与第2行重复"))
        work.commit()
    return ledger


def _line(list_id: int, index: int, area: int) -> dict[str, Any]:
    text = f"{area // 100}.{area % 100:02d}"
    return {
        "list_id": list_id,
        "sheet": "明细表",
        "row": index + 5,
        "issued_text": text,
        "issued_unit": "mu",
        "issued_area": area * 10_000,
        "cells": json.dumps([str(index + 1), "村"]),
    }


def _add(session: Any, entry: int, index: int, given: Given, list_id: int, unit: str) -> None:
    key = f"{index:032x}"
    extra = dict(given.extra)
    area, checked = given.area * 10_000, given.state != "issued"
    settled = area if given.state in SETTLED else given.settled * 10_000
    session.add(
        PlotRow(
            id=key,
            entry=entry,
            position=index,
            county="进贤县",
            township=unit,
            village=VILLAGES[index % len(VILLAGES)],
            plot_no=f"{index + 1:04d}",
            kind="non_grain" if index % 3 else "non_farm",
            class_after_name="其他园地",
            issued_area=area,
            basic_area=area // 10 if index % 4 == 0 else 0,
            state=given.state,
            held=extra.get("held", 0),
            checked_on="2023-07-26" if checked else None,
            finding="misjudged" if given.bucket == "proved" else "true" if checked else "",
            class_now_name="果园" if checked else "",
            cause=("改种果树", "外出务工无人耕种")[index % 2] if checked else "",
            rectify=(0 if given.bucket == "proved" else 1) if checked else None,
        )
    )
    session.flush()
    session.add(IdentifierRow(plot_id=key, kind="bsm", value=f"360124100205{index:06d}", list_id=list_id))
    planned = given.state not in {"issued", "checked", "cancelled"}
    buckets: dict[str, Any] = {given.bucket: settled}
    session.add(
        RoundRow(
            **buckets,
            id=f"{key}:1",
            plot_id=key,
            target=area if planned else 0,
            disposal_class="immediate" if planned else "",
            measure="清理果树，平整后复种晚稻" if planned else "",
            person="章建平" if planned else "",
            person_phone="0791-85670001" if planned else "",
            deadline=extra.get("deadline", "2023-08-25") if planned else None,
            claimed_on="2023-08-10" if given.state in SETTLED else None,
            accepted_on="2023-08-12" if given.state in SETTLED - {"claimed"} else None,
            county_accepted_on="2023-08-16" if given.state in {"closed", "county_accepted"} else None,
            closed_on="2023-08-18" if given.state == "closed" else None,
        )
    )
    session.add(ListLineRow(**_line(list_id, index, given.area), status="entered", plot_id=key))
    if given.state in {"accepted", "county_accepted", "closed"}:
        accepted: dict[str, Any] = {"plot_id": key, "level": "township", "on_date": "2023-08-12", "by_name": "李建国"}
        session.add(AcceptanceRow(**accepted, single_handed=int(index == 0)))
    if extra.get("held"):
        session.add(HoldRow(plot_id=key, kind="disputed", on_date="2023-08-01", parties="两户争界"))
    if given.state == "cancelled":
        cancelled: dict[str, Any] = {"plot_id": key, "on_date": "2023-08-09", "state_before": "checked"}
        session.add(CancellationRow(**cancelled, document_number="赣自然资函〔2023〕218号"))
