"""The county's desk in its own campaign: the list, tasks, submissions, the sample, feedback, the summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from gengdi_desktop.consolidation import service as consolidation
from gengdi_desktop.consolidation.inbox import Fate, Inbox
from gengdi_desktop.demo import county_plan as plan
from gengdi_desktop.demo.county_places import Places
from gengdi_desktop.demo.county_township import STICKS, Reported, Tally, labels_of
from gengdi_desktop.demo.issued_list import IssuedList
from gengdi_desktop.demo.sample_plots import PLACES
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import Division
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk, Label, State
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service as handover
from gengdi_desktop.intake import service as intake
from gengdi_desktop.intake.previews import ImportOptions
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.campaign_file import CampaignSettings, parse_campaign
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.plot_lines import PlotLine
from gengdi_desktop.ledger.queries import plot_ids, plot_lines
from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.phases.service import act
from gengdi_desktop.reports import service as papers
from gengdi_desktop.signing import identity
from gengdi_desktop.signing.trust import read_certificate
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.system.resources import resource

TEAM = "核查一组"
TEAM_CODE = "抽查组"
_ORGAN = "进贤县自然资源局"
_PROVEN = frozenset({"first", "contained"})


@dataclass(slots=True)
class CountyDesk:
    """The county's open ledger and its key.

    Args:
        ledger: Open for writing.
        own: With what the county signs.
        places: Where files lie.
        clock: The time of entries and signatures.
        settings: The campaign as it stands.
    """

    ledger: Ledger
    own: identity.Identity
    places: Places
    clock: Clock
    settings: CampaignSettings

    @property
    def clerk(self) -> Actor:
        """Who works and signs."""
        return Actor(plan.COUNTY_CLERK)

    @classmethod
    def begin(cls, county: Division, places: Places, clock: Clock, keys: Path, passphrase: str) -> CountyDesk:
        """A new ledger with its campaign, its fixed day, two members and an identity."""
        settings = parse_campaign(resource("sample/campaign.toml").read_bytes())
        new = ledgers.NewLedger(
            desk=Desk.COUNTY,
            county=county.name,
            county_code=county.code,
            unit=_ORGAN,
            unit_code=county.code,
            unit_kind=county.kind,
            member=plan.COUNTY_CLERK,
            sample=True,
            settings=settings,
        )
        ledger = ledgers.create_ledger(places.county_ledger, new, clock)
        try:
            clerk = Actor(plan.COUNTY_CLERK)
            ledgers.add_member(ledger, plan.COUNTY_LEADER, Role.LEADER, by=clerk, title="专班副组长")
            own = identity.create(
                keys,
                unit=_ORGAN,
                person=plan.COUNTY_CLERK,
                role="经办人",
                passphrase=passphrase,
                at=clock.now(),
                sample=True,
            )
            trust.note_own(ledger, own.certificate, by=clerk)
            identity.export_certificate(own.certificate, places.certificate(county.code))
            return cls(ledger, own, places, clock, settings)
        except BaseException:
            ledger.close()
            raise

    def take_list_in(self, issued: IssuedList) -> None:
        """Imports the issued list against the count and the area that the notice states."""
        options = ImportOptions(
            expect_count=issued.count,
            expect_area=issued.area,
            issuer=f"{PLACES[self.ledger.info.county_code].province}自然资源厅（样例）",
            issued_on=plan.ISSUED_ON,
        )
        with intake.preview(self.ledger, issued.path, options) as found:
            outcome = intake.run(self.ledger, found, by=self.clerk)
        if not outcome.committed:
            code, message, hint = outcome.error or ("not_committed", "样例清单没有导入。", "")
            raise ProgramError(code, message, hint)

    def send_task(self, unit: Division) -> None:
        """A task package onto the stick for one township."""
        self._pack(PackageKind.TASK, STICKS[0], unit.name, handover.PackOptions(unit_code=unit.code))

    def send_feedback(self, unit: Division, stick: str) -> None:
        """What became of its submission, onto the stick for one township."""
        self._pack(PackageKind.FEEDBACK, stick, unit.name, handover.PackOptions(unit_code=unit.code))

    def confirm(self, certificates: Iterable[Path]) -> None:
        """Trusts the certificates that came along, as after comparing each fingerprint over the telephone."""
        for path in certificates:
            trust.trust(self.ledger, read_certificate(path), by=self.clerk)

    def take_in(self, parcels: Sequence[Path], *fates: Fate) -> Inbox:
        """Takes packages in, in the order given, and wants these fates: all of them taken in where none is said.

        Raises:
            ProgramError: A package met with another fate, brought a conflict, or its sender's journal does not follow.
        """
        wanted = fates or (Fate.TAKEN,)
        found = consolidation.take_in(self.ledger, parcels, by=self.clerk)
        for one in found.files:
            arrival = one.arrival
            unproven = arrival is not None and arrival.proof is not None and arrival.proof.kind not in _PROVEN
            if one.fate not in wanted or (arrival is not None and arrival.conflicts) or unproven:
                raise ProgramError(one.code or "not_taken", f"样例在收{one.path.name}时停下：{one.sentence}")
        return found

    def lines(self) -> list[PlotLine]:
        """All plots as they stand."""
        return plot_lines(self.ledger, plot_ids(self.ledger))

    def tie_out(self, reported: Sequence[Reported], issued: IssuedList) -> str:
        """Compares the county's figures with the sum of the townships' and with the list, label by label.

        Returns:
            What was found, in a sentence.

        Raises:
            ProgramError: Something does not tie out.
        """
        told = {one.unit for one in reported}
        whole: dict[Label, Tally] = {}
        for own in (one.labels for one in reported):
            for label, (count, area) in own.items():
                many, much = whole.get(label, (0, Area.ZERO))
                whole[label] = (many + count, much + area)
        silent = [one for one in issued.plots if one.unit.code not in told]
        if silent:
            many, much = whole.get(Label.UNRECTIFIED, (0, Area.ZERO))
            area = Area.total(one.cultivated_area for one in silent)
            whole[Label.UNRECTIFIED] = (many + len(silent), much + area)
        mine = labels_of(self.ledger)
        if mine != whole:
            raise ProgramError("not_tied_out", f"样例的总数对不上：县里 {mine}，各乡镇合计 {whole}。")
        count, area = sum(one[0] for one in mine.values()), Area.total(one[1] for one in mine.values())
        if (count, area) != (issued.count, issued.area):
            raise ProgramError("not_tied_out", f"样例的总数对不上清单：{count}个，{area.exact()}亩。")
        parts = "，".join(f"{label.label}{many}个{much.display()}亩" for label, (many, much) in mine.items())
        return f"{count}个、{area.display()}亩，县里、各乡镇合计与下发清单一致：{parts}。"

    def set_day(self, day: date) -> None:
        """The sample's fixed day goes on; the next package tells the others."""
        campaign = replace(self.settings.campaign, as_of=day)
        self.settings = replace(self.settings, campaign=campaign)
        ledgers.set_campaign(self.ledger, self.settings, by=self.clerk, reason="样例的日历往后翻")

    def draw(self) -> str:
        """A sample by township, drawn with a seed that was cast as lots, and its package for the team."""
        self.set_day(plan.DRAWN_ON)
        framed = sampling.freeze_frame(
            self.ledger, name="2023年县级抽查", strata=("township",), by=self.clerk, on_date=plan.DRAWN_ON
        )
        ratio = Fraction(plan.SAMPLED)
        drawn = sampling.draw(self.ledger, framed.id, seed=plan.SEED, ratio=ratio, by=self.clerk, on_date=plan.DRAWN_ON)
        self.set_day(plan.VISITED_ON)  # the stick reaches the team on the day of the visit
        self._pack(PackageKind.CHECK_TASK, STICKS[2], "抽查任务", handover.PackOptions(sample=drawn.id, team=TEAM))
        return drawn.id

    def judge(self, sample: str) -> tuple[int, int]:
        """Enters what the team found, sends failed plots back, accepts the others.

        Returns:
            How many were sent back and how many accepted.
        """
        self.set_day(plan.RETURNED_ON)
        sampling.enter_results(
            self.ledger, sample, by=self.clerk, document=plan.CHECK_DOCUMENT, on_date=plan.RETURNED_ON
        )
        back = sampling.send_back(
            self.ledger,
            sample,
            deadline=plan.REWORK_UNTIL,
            reason=plan.RETURN_REASON,
            document=plan.RETURN_DOCUMENT,
            by=self.clerk,
            on_date=plan.RETURNED_ON,
        )
        if back.refused:
            raise ProgramError(back.refused[0].code, f"样例在退回时停下：{back.refused[0].message}")
        return len(back.plots), self.accept(plan.COUNTY_ACCEPTED_ON, plan.COUNTY_DOCUMENT)

    def accept(self, on: date, document: str) -> int:
        """Accepts for the county whatever townships have accepted; says how many plots."""
        ready = [line.id for line in self.lines() if line.state is State.ACCEPTED]
        values = {"document_number": document, "date": on.isoformat(), "as_claimed": "是", "group": "县专班验收组"}
        done = act(self.ledger, Operation.COUNTY_ACCEPT, ready, values, by=self.clerk, event_date=on, atomic=True)
        if done.refused:
            raise ProgramError(done.refused[0].code, f"样例在县级验收时停下：{done.refused[0].message}")
        return len(done.changed)

    def summarise(self) -> Path:
        """The summary for the city, frozen and signed."""
        self.set_day(plan.ENDED_ON)
        return self._paper("county_summary", "进自然资字〔2023〕45号", "总结报告")

    def check_report(self, sample: str) -> Path:
        """The report on the spot check, frozen and signed."""
        del sample
        return self._paper("spot_check_report", "进耕专班报〔2023〕6号", "抽查情况报告")

    def _paper(self, kind: str, number: str, name: str) -> Path:
        settings = replace(
            papers.settings_of(self.ledger, kind),
            number=number,
            recipient="南昌市自然资源和规划局",
            day=self.ledger.today(),
            issued_by=plan.COUNTY_LEADER,
            contact=plan.COUNTY_CLERK,
            signers=(papers.PaperSigner("经办人", plan.COUNTY_CLERK),),
        )
        info = papers.freeze(self.ledger, kind, settings, by=self.clerk)
        info = papers.sign(self.ledger, info.id, identity=self.own, by=self.clerk)
        return papers.files(self.ledger, info.id, self.places.paper(f"{self.ledger.info.county}{name}"))[0].path

    def _pack(self, kind: PackageKind, stick: str, name: str, options: handover.PackOptions) -> None:
        target = self.places.stick(stick) / f"{name}.gdpkg"
        handover.pack(self.ledger, kind, target, by=self.clerk, identity=self.own, options=options)
