"""The whole county's campaign over all desks: lists down, samples out, results and reports up, all by stick."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from gengdi_desktop.consolidation.inbox import Fate
from gengdi_desktop.demo import county_plan
from gengdi_desktop.demo.county_desk import TEAM_CODE, CountyDesk
from gengdi_desktop.demo.county_places import Places
from gengdi_desktop.demo.county_plan import UnitPlan, plan_county
from gengdi_desktop.demo.county_team import TeamDesk
from gengdi_desktop.demo.county_township import STICKS, Reported, reported
from gengdi_desktop.demo.issued_list import IssuedList, write_county_list
from gengdi_desktop.demo.sample_plots import SAMPLE_COUNTY
from gengdi_desktop.demo.walk import require_new
from gengdi_desktop.domain.divisions import Division
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.check import check
from gengdi_desktop.signing.profile import own_list
from gengdi_desktop.signing.trust import read_certificate
from gengdi_desktop.system.child import JsonValue, read_spool, run_child
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.system.reference import divisions

_MOST_HANDS = 4
_MEMORY_MB = 4096
_SECONDS = 3600.0
_VISIT = "gengdi_desktop.demo.county_township:visit"
_SHUFFLED = 20230821
"""Sticks arrive in any order; this one is the same each time."""


@dataclass(frozen=True, slots=True)
class CountyWalked:
    """What the county's campaign left behind.

    Attributes:
        ledger: The county's ledger.
        report: The county's signed summary.
        ledgers: All ledgers: the county's, the team's, those of the townships.
        files: Everything else that was written for people: papers, packages, certificates, the issued list.
        totals: What tied out on the way, in sentences.
    """

    ledger: Path
    report: Path
    ledgers: tuple[Path, ...]
    files: tuple[Path, ...]
    totals: tuple[str, ...]


@dataclass(slots=True)
class CountyWalk:
    """One campaign, step by step; :meth:`steps` are called in their order, or :func:`walk_county` calls them all.

    Args:
        out: A folder that is new or empty.
        clock: Who tells the time of entries and signatures at the county's desk.
        keys: A folder for keys; it is the caller's to remove.
        progress: Told how many townships are done, of how many; may raise to stop.
        units: Codes of the townships that take part; empty for all.
    """

    out: Path
    clock: Clock
    keys: Path
    progress: Callable[[int, int], None] = lambda _done, _total: None
    units: tuple[str, ...] = ()
    plans: tuple[UnitPlan, ...] = ()
    totals: list[str] = field(default_factory=list)
    sample: str = ""
    report: Path | None = None
    _reported: tuple[Reported, ...] = ()
    _issued: IssuedList | None = None
    _desk: CountyDesk | None = None
    _passphrase: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def steps(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """The steps with their Chinese names, in order."""
        return (
            ("建立县级台账，导入下发清单", self.begin),
            ("给各乡镇打任务包", self.send_tasks),
            ("各乡镇收任务、自查整改、报告签名、打报送包", self.townships_begin),
            ("县里收各乡镇的报送，核对总数", self.take_in),
            ("抽样，给抽查组打抽查任务包", self.draw),
            ("抽查组现场抽查，打抽查结果包", self.visit),
            ("县里录入抽查结果，退回不合格的，验收其余的，打反馈包", self.judge),
            ("各乡镇收反馈、返工、销号、再次报送", self.townships_rework),
            ("县里再收报送，验收返工的，打反馈包", self.accept_rework),
            ("各乡镇销号，最后一次报送", self.townships_end),
            ("县里收齐报送，总结报告定稿签名", self.summarise),
            ("检查全部台账", self.check_all),
        )

    @property
    def county(self) -> Division:
        """The sample's county."""
        found = divisions().by_code(SAMPLE_COUNTY)
        if found is None:
            raise ProgramError("unknown_county", "区划表里没有样例的县。")
        return found

    @property
    def places(self) -> Places:
        """Where files lie."""
        return Places(self.out, self.county.name)

    @property
    def desk(self) -> CountyDesk:
        """The county's desk, with its ledger open."""
        if self._desk is None:
            raise ProgramError("no_ledger", "样例的县级台账还没有建立。")
        return self._desk

    @property
    def issued(self) -> IssuedList:
        """The list that the province issued."""
        if self._issued is None:
            raise ProgramError("no_list", "样例的清单还没有写。")
        return self._issued

    def begin(self) -> None:
        """The county's ledger with its identity and the list, against count and area of the notice.

        Raises:
            RuleError: ``not_empty``.
        """
        require_new(self.out)
        self._issued = write_county_list(self.places.issued_list, divisions(), self.county)
        plans = plan_county(self.issued.plots)
        self.plans = tuple(plan for plan in plans if not self.units or plan.unit.code in self.units)
        self._desk = CountyDesk.begin(self.county, self.places, self.clock, self.keys, self._passphrase)
        self.desk.take_list_in(self.issued)

    def send_tasks(self) -> None:
        """A task package for each township."""
        self._for_each(self.desk.send_task)

    def townships_begin(self) -> None:
        """All townships take their task in, work, report and hand in."""
        self._reported = self._at_townships("begin", STICKS[1])

    def take_in(self) -> None:
        """The submissions in any order, one of them twice and one that is older by then; then the totals."""
        self.desk.confirm(self.places.certificate(plan.unit.code) for plan in self.plans)
        parcels = self._any_order(STICKS[1])
        older = [one for one in parcels if "半路" in one.name]
        self.desk.take_in([one for one in parcels if one not in older])
        self.desk.take_in([*older, self._copied(parcels[0])], Fate.OLDER, Fate.AGAIN)
        self._tie_out()

    def draw(self) -> None:
        """The sample and its package."""
        self.sample = self.desk.draw()

    def visit(self) -> None:
        """The team looks at each drawn plot."""
        TeamDesk(self.county, self.places, self.keys, self._passphrase, self.clock).visit()

    def judge(self) -> None:
        """What the team found is entered; failed plots go back, the others are accepted; feedback for each township."""
        self.desk.confirm([self.places.certificate(TEAM_CODE)])
        self.desk.take_in([self.places.stick(STICKS[2]) / "核查结果.gdpkg"])
        back, accepted = self.desk.judge(self.sample)
        self.desk.check_report(self.sample)
        self.totals.append(f"抽查不合格退回{back}个，县级验收合格{accepted}个。")
        self._for_each(lambda unit: self.desk.send_feedback(unit, STICKS[3]))

    def townships_rework(self) -> None:
        """Townships close what was accepted, do anew what came back, and hand in again."""
        self._reported = self._at_townships("rework", STICKS[4])

    def accept_rework(self) -> None:
        """The second submissions; what was done anew is accepted."""
        self.desk.take_in(self._any_order(STICKS[4]))
        self._tie_out()
        accepted = self.desk.accept(county_plan.REWORKED_ON, county_plan.SECOND_DOCUMENT)
        self.totals.append(f"返工后县级验收合格{accepted}个。")
        self.desk.set_day(county_plan.ENDED_ON)
        self._for_each(lambda unit: self.desk.send_feedback(unit, STICKS[5]))

    def townships_end(self) -> None:
        """What was accepted since is closed, and handed in for the last time."""
        self._reported = self._at_townships("end", STICKS[6])

    def summarise(self) -> None:
        """The last submissions with their receipts; the county's own summary, signed."""
        self.desk.take_in(self._any_order(STICKS[6]))
        self._tie_out()
        self._for_each(lambda unit: self.desk.send_feedback(unit, STICKS[7]))
        self.report = self.desk.summarise()

    def check_all(self) -> None:
        """Every ledger is sound.

        Raises:
            ProgramError: One is not.
        """
        self.leave()
        paths = self._ledgers()
        for done, path in enumerate(paths):
            self.progress(done, len(paths))
            with ledgers.open_ledger(path, self.clock, write=False) as ledger:
                found = check(ledger)
            if found.problems:
                raise ProgramError("not_sound", f"样例台账“{path.name}”检查有问题：{found.problems[0].message}")
        self.totals.append(f"{len(paths)}本台账逐条检查，都没有问题。")

    def finish(self) -> CountyWalked:
        """Says what was made; the townships' certificates are forgotten by this user's own list."""
        self.leave()
        if self.report is None:
            raise ProgramError("not_walked", "样例还没有走完。")
        for path in sorted((self.out / "签名证书").iterdir()):
            if path.stem != self.county.code:
                own_list().remove(read_certificate(path).fingerprint)
        inside = self._ledgers()
        files = tuple(
            path
            for path in sorted(self.out.rglob("*"))
            if path.is_file() and not any(path.is_relative_to(ledger) for ledger in inside)
        )
        return CountyWalked(self.places.county_ledger, self.report, inside, files, tuple(self.totals))

    def leave(self) -> None:
        """Lets go of the county's ledger, however far the walk has come."""
        if self._desk is not None:
            self._desk.ledger.close()
            self._desk = None

    # ------------------------------------------------------------------------------------------------------------ parts

    def _ledgers(self) -> tuple[Path, ...]:
        own = [self.places.township_ledger(plan.unit) for plan in self.plans]
        return (self.places.county_ledger, self.places.team_ledger, *own)

    def _for_each(self, send: Callable[[Division], None]) -> None:
        for done, plan in enumerate(self.plans):
            self.progress(done, len(self.plans))
            send(plan.unit)

    def _tie_out(self) -> None:
        self.totals.append(self.desk.tie_out(self._reported, self.issued))

    def _any_order(self, stick: str) -> list[Path]:
        """The packages of a stick in an order that is not the townships'."""
        parcels = sorted(self.places.stick(stick).glob("*.gdpkg"))
        random.Random(_SHUFFLED).shuffle(parcels)
        return parcels

    def _copied(self, parcel: Path) -> Path:
        """The same package under another name, as it comes twice."""
        return Path(shutil.copyfile(parcel, parcel.with_name(f"{parcel.stem}（再拷一份）.gdpkg")))

    def _at_townships(self, step: str, stick: str) -> tuple[Reported, ...]:
        """One step at all townships' desks, shared out among as many processes as there are processors."""
        hands = min(_MOST_HANDS, os.cpu_count() or 1, len(self.plans))
        by_size = sorted(self.plans, key=lambda plan: -len(plan.plots))
        shares = [by_size[hand::hands] for hand in range(hands)]
        arrived = self.places.stick(stick)

        def told() -> bool:
            self.progress(sum(1 for _ in arrived.glob("*.gdpkg")), len(self.plans))
            return False

        with tempfile.TemporaryDirectory(prefix="gengdi-sample-") as spools, ThreadPoolExecutor(hands) as pool:

            def work(hand: int) -> list[Reported]:
                spool = Path(spools) / f"{hand}"
                arguments: dict[str, JsonValue] = {
                    "out": str(self.out),
                    "keys": str(self.keys),
                    "passphrase": self._passphrase,
                    "county": self.county.code,
                    "units": [plan.unit.code for plan in shares[hand]],
                    "step": step,
                }
                look = told if hand == 0 else None
                run_child(_VISIT, arguments, spool=spool, memory_mb=_MEMORY_MB, seconds=_SECONDS, meanwhile=look)
                return [reported(line) for line in read_spool(spool)]

            return tuple(one for share in pool.map(work, range(hands)) for one in share)


def walk_county(
    out: Path,
    clock: Clock,
    *,
    say: Callable[[str], None] = lambda _phrase: None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    units: tuple[str, ...] = (),
) -> CountyWalked:
    """Plays the whole campaign of the county into a folder: 23 townships, a team, the county.

    Args:
        out: A folder that is new or empty.
        clock: The time of entries and signatures.
        say: Told the name of each step before it begins.
        progress: Told how far a step is; may raise to stop.
        units: Codes of the townships that take part; empty for all.

    Raises:
        RuleError: ``not_empty``.
        SurroundingsError: The place cannot be written.
        ProgramError: A step of the sample was refused, or figures do not tie out: our own mistake.
    """
    with tempfile.TemporaryDirectory(prefix="gengdi-sample-") as keys:
        campaign = CountyWalk(out, clock, Path(keys), progress, units)
        try:
            for name, step in campaign.steps():
                say(name)
                step()
            return campaign.finish()
        finally:
            campaign.leave()
