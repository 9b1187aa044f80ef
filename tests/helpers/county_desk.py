"""A county's ledger with a campaign, and packages to and from its townships put in as sending and taking in would."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.service import NewLedger, create_ledger
from gengdi_desktop.storage.tables import CampaignRow, PackageRow, PhaseRow
from tests.helpers.clock import FixedClock

CLERK = Actor("张三")
NOON = datetime(2023, 8, 20, 4, 0, tzinfo=UTC)
SIGNER = "ab" * 32


def county_ledger(folder: Path) -> Ledger:
    """A ledger of 进贤县 on 20 August 2023; its rectification lasts from 29 July to 20 August, hard until 25 August."""
    new = NewLedger(desk=Desk.COUNTY, county="进贤县", unit="进贤县", member=CLERK.name)
    ledger = create_ledger(folder, new, FixedClock(NOON))
    with ledger.begin(Operation.CAMPAIGN, CLERK) as work:
        campaign = CampaignRow(name="整改", done_rule="accepted", close_rule="county_accepted")
        work.session.add(campaign)
        work.session.flush()
        work.session.add(
            PhaseRow(
                campaign_id=campaign.id or 0,
                position=1,
                code="rectification",
                name="整改阶段",
                window_start="2023-07-29",
                window_end="2023-08-20",
                hard_deadline="2023-08-25",
            )
        )
        work.commit()
    return ledger


def package(ledger: Ledger, key: str, kind: str = "submission", *, unit: str = "白圩乡", **facts: Any) -> None:
    """A package sent or taken in now; ``packed`` is the sender's clock, ours where none is given."""
    now = ledger.clock.now()
    packed = facts.pop("packed", now)
    row = {
        "direction": "in" if kind == "submission" else "out",
        "number": 1,
        "peer_desk": "township",
        "peer_unit": unit,
        "created_at": packed.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "settled_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "settled_on": ledger.today().isoformat(),
        "signer": SIGNER if kind == "submission" else "",
    }
    with ledger.begin(Operation.RECEIVE, CLERK) as work:
        row["entry"] = work.seq if row["direction"] == "in" else 0
        work.session.add(PackageRow(id=key, kind=kind, **(row | facts)))
        work.commit()


def on(ledger: Ledger, day: date) -> None:
    """Let the clock of the ledger stand at noon of a day."""
    ledger.clock.advance(datetime(day.year, day.month, day.day, 4, tzinfo=UTC) - ledger.clock.now())  # type: ignore[attr-defined]
