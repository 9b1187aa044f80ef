"""What happens at a township's desk between two sticks; some townships at a time, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from gengdi_desktop.demo.county_places import Places
from gengdi_desktop.demo.county_plan import ENDED_ON, REPORTED_ON, REWORKED_ON, UnitPlan, plan_county
from gengdi_desktop.demo.county_work import TownshipWork
from gengdi_desktop.demo.sample_plots import county_plots
from gengdi_desktop.demo.walk_plan import number_code
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import Division, organ_name
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk, Label, State
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import PackageVerdict, verify_packages
from gengdi_desktop.handover import service as handover
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.plot_lines import PlotLine
from gengdi_desktop.ledger.queries import plot_ids, plot_lines
from gengdi_desktop.reports import service as papers
from gengdi_desktop.signing import identity
from gengdi_desktop.signing.trust import read_certificate
from gengdi_desktop.system.child import Write
from gengdi_desktop.system.clock import Clock, SystemClock
from gengdi_desktop.system.reference import divisions

PAPER_KIND = "rectification_report"
HANDED_TWICE = 4
"""The township, by its place, that hands in on the way and once more when it is ready."""
STICKS = ("1任务包", "2报送包", "3抽查任务和结果", "4反馈包", "5再次报送", "6销号反馈", "7销号报送", "8收讫反馈")

Tally = tuple[int, Area]


@dataclass(frozen=True, slots=True)
class Reported:
    """What a township says when it hands in.

    Args:
        unit: Its code.
        submission: The package.
        labels: Its own figures when it packed: count and area by label.
    """

    unit: str
    submission: Path
    labels: Mapping[Label, Tally]


@dataclass(frozen=True, slots=True)
class Township:
    """One desk.

    Args:
        county: The county.
        plan: The township's part.
        places: Where files lie.
        keys: The folder of the keys, gone after the campaign.
        passphrase: Of all keys; made for this campaign alone.
        clock: The time of entries and signatures.
        verdicts: What is known already of packages that came, so that none is judged twice.
    """

    county: Division
    plan: UnitPlan
    places: Places
    keys: Path
    passphrase: str
    clock: Clock
    verdicts: Mapping[Path, PackageVerdict] = field(default_factory=dict)

    @property
    def clerk(self) -> Actor:
        """Who works and signs."""
        return Actor(self.plan.clerk)

    def begin(self) -> Reported:
        """A new ledger, the task taken in, everything up to the signed report and the first submission."""
        unit = self.plan.unit
        new = ledgers.NewLedger(
            desk=Desk.TOWNSHIP,
            county=self.county.name,
            county_code=self.county.code,
            unit=unit.name,
            unit_code=unit.code,
            unit_kind=unit.kind,
            member=self.plan.clerk,
            sample=True,
        )
        with ledgers.create_ledger(self.places.township_ledger(unit), new, self.clock) as ledger:
            ledgers.add_member(ledger, self.plan.leader, Role.LEADER, by=self.clerk, title="分管领导")
            own = self._make_identity(ledger)
            trust.trust(ledger, read_certificate(self.places.certificate(self.county.code)), by=self.clerk)
            self._receive(ledger, self.arrived(STICKS[0]))
            self._work(ledger).first()
            if self.plan.place == HANDED_TWICE:
                self._pack(ledger, own, self.places.stick(STICKS[1]) / f"{unit.name}（半路）.gdpkg")
            self._report(ledger, own)
            return self._hand_in(ledger, own, STICKS[1])

    def rework(self) -> Reported:
        """The first feedback: what the county accepted is closed, what came back is done again."""
        with self._open() as ledger:
            own = self._load_identity()
            self._receive(ledger, self.arrived(STICKS[3]))
            lines = plot_lines(ledger, plot_ids(ledger))
            work = self._work(ledger)
            work.rework([line.bsm for line in lines if line.returned])
            _close(work, lines, REWORKED_ON)
            return self._hand_in(ledger, own, STICKS[4])

    def end(self) -> Reported:
        """The second feedback: what was accepted since is closed too."""
        with self._open() as ledger:
            own = self._load_identity()
            self._receive(ledger, self.arrived(STICKS[5]))
            _close(self._work(ledger), plot_lines(ledger, plot_ids(ledger)), ENDED_ON)
            return self._hand_in(ledger, own, STICKS[6])

    def arrived(self, stick: str) -> Path:
        """The county's package for this township on a stick."""
        return self.places.stick(stick) / f"{self.plan.unit.name}.gdpkg"

    def _open(self) -> Ledger:
        return ledgers.open_ledger(self.places.township_ledger(self.plan.unit), self.clock)

    def _work(self, ledger: Ledger) -> TownshipWork:
        ids = {line.bsm: line.id for line in plot_lines(ledger, plot_ids(ledger))}
        return TownshipWork(ledger, self.plan, ids)

    def _make_identity(self, ledger: Ledger) -> identity.Identity:
        unit = self.plan.unit
        made = identity.create(
            self.keys,
            unit=organ_name(unit.name, unit.kind),
            person=self.plan.clerk,
            role="经办人",
            passphrase=self.passphrase,
            at=self.clock.now(),
            sample=True,
        )
        trust.note_own(ledger, made.certificate, by=self.clerk)
        identity.export_certificate(made.certificate, self.places.certificate(unit.code))
        return made

    def _load_identity(self) -> identity.Identity:
        certificate = read_certificate(self.places.certificate(self.plan.unit.code))
        return identity.load(self.keys, certificate.fingerprint, self.passphrase)

    def _receive(self, ledger: Ledger, package: Path) -> None:
        taken = handover.receive(ledger, package, by=self.clerk, verdict=self.verdicts.get(package))
        if not taken.applied:
            raise ProgramError("not_taken", f"样例{self.plan.unit.name}没有收下{package.name}。")

    def _report(self, ledger: Ledger, own: identity.Identity) -> None:
        settings = replace(
            papers.settings_of(ledger, PAPER_KIND),
            number=f"{number_code(self.plan.unit)}字〔2023〕31号",
            recipient="县耕地保护领域突出问题专项整改工作专班",
            day=REPORTED_ON,
            issued_by=self.plan.leader,
            contact=self.plan.clerk,
            signers=(papers.PaperSigner("经办人", self.plan.clerk),),
        )
        info = papers.freeze(ledger, PAPER_KIND, settings, by=self.clerk)
        info = papers.sign(ledger, info.id, identity=own, by=self.clerk)
        papers.files(ledger, info.id, self.places.paper(f"{self.plan.unit.name}整改工作报告"))
        papers.hand_in(ledger, info.id, to="县专班办公室（样例）", medium="U盘", by=self.clerk, note="样例")

    def _hand_in(self, ledger: Ledger, own: identity.Identity, stick: str) -> Reported:
        target = self.places.stick(stick) / f"{self.plan.unit.name}.gdpkg"
        self._pack(ledger, own, target)
        return Reported(self.plan.unit.code, target, labels_of(ledger))

    def _pack(self, ledger: Ledger, own: identity.Identity, target: Path) -> None:
        handover.pack(ledger, PackageKind.SUBMISSION, target, by=self.clerk, identity=own)


def _close(work: TownshipWork, lines: Sequence[PlotLine], on: date) -> None:
    """Strikes off what the county has accepted."""
    work.do(work.plan.closing([line.bsm for line in lines if line.state is State.COUNTY_ACCEPTED], on))


def labels_of(ledger: Ledger) -> dict[Label, Tally]:
    """Count and issued area by label; labels without plots are left out."""
    return {label: (one.count, one.area) for label, one in figures(ledger).by_label.items() if one.count}


def visit(arguments: Mapping[str, Any], write: Write) -> None:
    """What a child process does: one step (``begin`` ``rework`` ``end``) at some townships' desks.

    Args:
        arguments: ``out`` ``keys`` ``passphrase`` ``county`` (code) ``units`` (codes) ``step``.
        write: Given what each township reports, as :func:`reported` reads it back.
    """
    table = divisions()
    county = table.by_code(arguments["county"])
    if county is None:
        raise ProgramError("unknown_county", "区划表里没有这个县。")
    places, clock = Places(Path(arguments["out"]), county.name), SystemClock()
    keys, passphrase = Path(arguments["keys"]), arguments["passphrase"]
    plans = [plan for plan in plan_county(county_plots(table, county)) if plan.unit.code in arguments["units"]]
    desks = [Township(county, plan, places, keys, passphrase, clock) for plan in plans]
    act, stick = _STEPS[arguments["step"]]
    # Judging starts a process of its own: once for all these desks, which all trust the same county.
    believed = [read_certificate(places.certificate(county.code))]
    verdicts = verify_packages([desk.arrived(stick) for desk in desks], believed, now=clock.now())
    for desk in desks:
        told = act(replace(desk, verdicts=verdicts))
        labels = {label.value: [count, area.micro_mu] for label, (count, area) in told.labels.items()}
        write({"unit": told.unit, "submission": str(told.submission), "labels": labels})


_STEPS: Mapping[str, tuple[Callable[[Township], Reported], str]] = {
    "begin": (Township.begin, STICKS[0]),
    "rework": (Township.rework, STICKS[3]),
    "end": (Township.end, STICKS[5]),
}
"""What a township does, and on which stick the county's package for it lies."""


def reported(line: Mapping[str, Any]) -> Reported:
    """What a child wrote of one township."""
    labels = {Label(code): (count, Area(micro_mu)) for code, (count, micro_mu) in line["labels"].items()}
    return Reported(line["unit"], Path(line["submission"]), labels)
