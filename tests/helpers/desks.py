"""Ledgers of a county, its townships and a team, for tests of what travels between them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, Phase
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.examine import examine
from gengdi_desktop.exchange.verify import PackageVerdict
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.campaign_file import CampaignSettings
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.signing import identity as identities
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.identity import Identity
from gengdi_desktop.storage.tables import IdentifierRow, ListLineRow, PlotListRow, PlotRow, RoundRow
from tests.helpers import signed_pdfs
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import ISSUED
from tests.helpers.patterns import after_pattern

MOMENT = datetime(2026, 5, 6, 8, 30, tzinfo=UTC)
"""When everything happens: people of these tests have certificates from the day before."""

COUNTY_CLERK, TOWN_CLERK, CHECKER = Actor("王玥"), Actor("吴小琴"), Actor("李建国")
COUNTY_CODE = "360124"
TOWNSHIPS = {"白圩乡": "360124209", "民和镇": "360124100"}
CAMPAIGN = CampaignSettings(
    Campaign(
        name="2023年耕地保护领域突出问题专项整改",
        document_number="进府办发〔2023〕43号",
        rules=CampaignRules(),
        phases=(Phase("self_check", "自查"), Phase("rectification", "整改")),
    ),
    (),
)


def identity_of(ledger: Ledger) -> Identity:
    """With what the clerk of a desk signs for its organ; the same at every call."""
    return _identity(clerk_of(ledger).name, ledger.info.organ)


@cache
def _identity(name: str, organ: str) -> Identity:
    key = signed_pdfs.key(name)
    subject = identities._subject(organ, name, "经办人", sample=False)
    issued = identities._self_signed(key, subject, MOMENT - timedelta(days=1))
    return Identity(Certificate.from_bytes(issued.public_bytes(Encoding.DER)), key)


def clock_at(hours: int = 0) -> FixedClock:
    """A clock so many hours after :data:`MOMENT`."""
    return FixedClock(MOMENT + timedelta(hours=hours))


def county_ledger(folder: Path) -> Ledger:
    """The county's ledger with its campaign, a list and two plots of each of :data:`TOWNSHIPS`."""
    clock = clock_at()
    return after_pattern(folder, clock, "county desk", lambda place: _with_list(_ledger(place, Desk.COUNTY, "进贤县")))


def township_ledger(folder: Path, unit: str = "白圩乡") -> Ledger:
    """An empty ledger of a township."""
    clock = clock_at()
    return after_pattern(folder, clock, ("township desk", unit), lambda place: _ledger(place, Desk.TOWNSHIP, unit))


def team_ledger(folder: Path) -> Ledger:
    """An empty ledger of the county's team."""
    clock = clock_at()
    return after_pattern(folder, clock, "team desk", lambda place: _ledger(place, Desk.TEAM, "抽查组"))


def clerk_of(ledger: Ledger) -> Actor:
    """Who acts at a desk."""
    return {Desk.COUNTY: COUNTY_CLERK, Desk.TOWNSHIP: TOWN_CLERK, Desk.TEAM: CHECKER}[Desk(ledger.info.desk)]


def _ledger(folder: Path, desk: Desk, unit: str) -> Ledger:
    clerk = {Desk.COUNTY: COUNTY_CLERK, Desk.TOWNSHIP: TOWN_CLERK, Desk.TEAM: CHECKER}[desk]
    code = {"进贤县": COUNTY_CODE, **TOWNSHIPS}.get(unit, "")
    new = ledgers.NewLedger(desk, "进贤县", unit, clerk.name, county_code=COUNTY_CODE, unit_code=code)
    return ledgers.create_ledger(folder, new, clock_at())


def _with_list(ledger: Ledger) -> Ledger:
    ledgers.set_campaign(ledger, CAMPAIGN, by=COUNTY_CLERK)
    add_list(ledger, "2023年流出图斑", [(unit, number) for unit in TOWNSHIPS for number in (1, 2)])
    return ledger


def add_list(ledger: Ledger, name: str, plots: list[tuple[str, int]], **changes: Any) -> list[str]:
    """Put a list in with plots of townships by name and number, as an import does; returns their ids."""
    made = []
    with ledger.begin(Operation.IMPORT, clerk_of(ledger)) as work:
        kept = PlotListRow(name=name, kind="outflow", headers='["编号"]', expected_count=len(plots))
        work.session.add(kept)
        work.session.flush()
        for row, (unit, number) in enumerate(plots, start=1):
            code = TOWNSHIPS[unit]
            plot = f"{int(code):016x}{hash_of(name):08x}{number:08x}"
            facts = {**ISSUED, "township": unit, "township_code": code, "plot_no": f"{number:04d}", **changes}
            work.session.add(PlotRow(id=plot, entry=work.seq, position=row, **facts))
            work.session.add(RoundRow(id=f"{plot}:1", plot_id=plot, target=facts["issued_area"]))
            work.session.add(IdentifierRow(plot_id=plot, kind="bsm", value=f"{code}{number:09d}", list_id=kept.id))
            work.session.add(
                ListLineRow(
                    list_id=kept.id or 0,
                    sheet="Sheet1",
                    row=row,
                    plot_id=plot,
                    status="entered",
                    issued_area=facts["issued_area"],
                    cells=f'["{number:04d}"]',
                )
            )
            made.append(plot)
        work.commit()
    return made


def hash_of(name: str) -> int:
    """A number of a name, the same in every process."""
    return sum(ord(sign) * place for place, sign in enumerate(name, start=1)) % 2**32


def judged(ledger: Ledger, path: Path) -> PackageVerdict:
    """The verdict on a package, asked here: a child process for each would take most of the time."""
    found, package = examine(path, trust.trusted(ledger), now=ledger.clock.now() + timedelta(seconds=1), file=str(path))
    assert package is not None
    return PackageVerdict(found, None, hashlib.sha256(package.said).hexdigest())
