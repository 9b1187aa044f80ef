"""The team that visits the drawn plots: takes the check task in, records what two people saw, packs the results."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from gengdi_desktop.demo import county_plan as plan
from gengdi_desktop.demo import pictures
from gengdi_desktop.demo.county_desk import TEAM, TEAM_CODE
from gengdi_desktop.demo.county_places import Places
from gengdi_desktop.demo.county_township import STICKS
from gengdi_desktop.domain.choices import SpotCheckOutcome, Stage
from gengdi_desktop.domain.divisions import Division
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.evidence.service import attach
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service as handover
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.phases.sampling.records import SampledPlot
from gengdi_desktop.signing import identity
from gengdi_desktop.signing.trust import read_certificate
from gengdi_desktop.system.clock import Clock


@dataclass(frozen=True, slots=True)
class TeamDesk:
    """The team's desk.

    Args:
        county: The county.
        places: Where files lie.
        keys: The folder of the keys, gone after the campaign.
        passphrase: Of all keys; made for this campaign alone.
        clock: The time of entries and signatures.
    """

    county: Division
    places: Places
    keys: Path
    passphrase: str
    clock: Clock

    def visit(self) -> None:
        """The check task taken in, each drawn plot looked at by two, the results on the stick.

        Raises:
            ProgramError: The package brought no sample.
        """
        clerk = Actor(plan.TEAM_CLERK)
        new = ledgers.NewLedger(
            desk=Desk.TEAM,
            county=self.county.name,
            county_code=self.county.code,
            unit=TEAM,
            member=plan.TEAM_CLERK,
            sample=True,
        )
        stick = self.places.stick(STICKS[2])
        with ledgers.create_ledger(self.places.team_ledger, new, self.clock) as ledger:
            ledgers.add_member(ledger, plan.TEAM_SECOND, Role.CHECKER, by=clerk)
            own = identity.create(
                self.keys,
                unit=TEAM,
                person=plan.TEAM_CLERK,
                role="抽查组长",
                passphrase=self.passphrase,
                at=self.clock.now(),
                sample=True,
            )
            trust.note_own(ledger, own.certificate, by=clerk)
            identity.export_certificate(own.certificate, self.places.certificate(TEAM_CODE))
            trust.trust(ledger, read_certificate(self.places.certificate(self.county.code)), by=clerk)
            if not handover.receive(ledger, stick / "抽查任务.gdpkg", by=clerk).applied:
                raise ProgramError("not_taken", "样例抽查组没有收下抽查任务包。")
            drawn = sampling.samples(ledger)
            if len(drawn) != 1:
                raise ProgramError("no_sample", "样例的抽查任务包里没有抽样。")
            sample = drawn[0].id
            for place, one in enumerate(sampling.sample(ledger, sample).to_check):
                self._look(ledger, sample, one, failed=plan.fails(place))
            handover.pack(
                ledger,
                PackageKind.CHECK_RESULT,
                stick / "核查结果.gdpkg",
                by=clerk,
                identity=own,
                options=handover.PackOptions(sample=sample),
            )

    def _look(self, ledger: Ledger, sample: str, one: SampledPlot, *, failed: bool) -> None:
        """What two people saw at one plot; of what failed there is a photo."""
        by = Actor(plan.TEAM_CLERK)
        sampling.record_result(
            ledger,
            sample,
            one.plot,
            outcome=SpotCheckOutcome.FAILED if failed else SpotCheckOutcome.PASSED,
            measured_area=None if failed else one.area,
            finding="只翻耕未播种，田头仍有树根" if failed else "现场已播种，与申报一致",
            checker=plan.TEAM_CLERK,
            second_checker=plan.TEAM_SECOND,
            on_date=plan.VISITED_ON,
            by=by,
        )
        if not failed:
            return
        scene = pictures.Scene(one.name, Stage.SPOT_CHECK.label, plan.VISITED_ON, "", "116.270000", "28.370000")
        with tempfile.TemporaryDirectory(prefix="gengdi-sample-") as folder:
            path = Path(folder) / f"抽查_{plan.VISITED_ON:%Y%m%d}.jpg"
            path.write_bytes(pictures.quick_photo(scene))
            attach(ledger, one.plot, [path], Stage.SPOT_CHECK, by=by)
