"""The sample campaign from the issued list to signed papers: the services walked through all phases by two members."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from gengdi_desktop.demo import pictures
from gengdi_desktop.demo.issued_list import IssuedList, write_unit_list
from gengdi_desktop.demo.sample_plots import PLACES, SAMPLE_COUNTY, SamplePlot
from gengdi_desktop.demo.walk_plan import AS_OF, CLERK, LEADER, Picture, Step, Walk, number_code, plan_walk
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.divisions import Division, UnitKind, organ_name
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import ProgramError, RuleError
from gengdi_desktop.evidence.service import attach
from gengdi_desktop.intake import service as intake
from gengdi_desktop.intake.previews import ImportOptions
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.campaign_file import CampaignSettings, parse_campaign
from gengdi_desktop.ledger.find import find_plot
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases.service import act
from gengdi_desktop.reports import service as papers
from gengdi_desktop.signing import identity
from gengdi_desktop.signing.profile import own_list
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.system.files import telling
from gengdi_desktop.system.reference import divisions
from gengdi_desktop.system.resources import resource

_CHECKED_BY = date(2023, 7, 28)
_LEADERSHIP: Mapping[UnitKind, str] = {
    UnitKind.TOWN: "镇党委、镇政府",
    UnitKind.RURAL: "乡党委、乡政府",
    UnitKind.STREET: "街道党工委、办事处",
    UnitKind.OTHER_UNIT: "党委、管理机构",
}
_SHORT: Mapping[UnitKind, str] = {
    UnitKind.TOWN: "镇",
    UnitKind.RURAL: "乡",
    UnitKind.STREET: "街道",
    UnitKind.OTHER_UNIT: "本单位",
}
_ROLES: Mapping[str, str] = {CLERK: "经办人", LEADER: "分管领导"}


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk left behind.

    Attributes:
        ledger: The folder of the sample ledger.
        report: The signed letter on the rectification.
        files: Everything else that was written for people: papers, annexes, the issued list, certificates.
        report_id: Its key in the ledger.
        unit: The unit's name.
    """

    ledger: Path
    report: Path
    files: tuple[Path, ...]
    report_id: int
    unit: str


def require_new(out: Path) -> None:
    """Make the folder of a sample; it must be new or empty.

    Raises:
        RuleError: ``not_empty``.
        SurroundingsError: The folder cannot be made.
    """
    with telling(out):
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise RuleError("not_empty", f"“{out.name}”里已经有东西，样例没有做。", "请换一个新的文件夹。")
        out.mkdir(parents=True, exist_ok=True)


@dataclass(slots=True)
class SampleWalk:
    """One walk, step by step; :meth:`steps` are called in their order, or :func:`walk` calls them all.

    Args:
        out: A folder that is new or empty.
        unit: The township-level unit.
        clock: Who tells the time of entries and signatures; the sample's own today is fixed.
        progress: Told how many steps of long work are done, of how many; may raise to stop.
        confirm: Whether this user comes to trust the two certificates, so that ``verify`` needs no ledger.
    """

    out: Path
    unit: Division
    clock: Clock
    progress: Callable[[int, int], None] = lambda _done, _total: None
    confirm: bool = True
    issued: IssuedList | None = None
    plan: Walk = field(default_factory=Walk)
    ids: dict[str, str] = field(default_factory=dict)
    identities: dict[str, identity.Identity] = field(default_factory=dict)
    written: list[Path] = field(default_factory=list)
    letter: tuple[Path, int] | None = None
    _ledger: Ledger | None = None

    def steps(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """The steps with their Chinese names, in order."""
        return (
            ("建立样例台账", self.make_ledger),
            ("制作签名身份", self.make_identities),
            ("导入下发清单", self.take_list_in),
            ("自查", self.self_check),
            ("自查报告定稿并签名", self.self_check_report),
            ("整改、验收、抽查、销号", self.rectify),
            ("整改工作报告定稿并签名", self.rectification_letter),
            ("记下报送", self.hand_in),
        )

    @property
    def ledger(self) -> Ledger:
        """The sample ledger, open for writing."""
        if self._ledger is None:
            raise ProgramError("no_ledger", "样例台账还没有建立。")
        return self._ledger

    @property
    def clerk(self) -> Actor:
        """Who enters, claims and signs first."""
        return Actor(CLERK)

    @property
    def leader(self) -> Actor:
        """Who accepts and signs last."""
        return Actor(LEADER)

    def make_ledger(self) -> None:
        """A sample ledger with its campaign, its fixed today and two members.

        Raises:
            RuleError: ``not_empty``.
        """
        require_new(self.out)
        county = county_of(self.unit)
        new = ledgers.NewLedger(
            desk=Desk.TOWNSHIP,
            county=county.name,
            county_code=county.code,
            unit=self.unit.name,
            unit_code=self.unit.code,
            unit_kind=self.unit.kind,
            member=CLERK,
            sample=True,
            settings=sample_settings(county, self.unit),
        )
        self._ledger = ledgers.create_ledger(self.out / f"{self.unit.name}2023整改台账（样例）", new, self.clock)
        ledgers.add_member(self.ledger, LEADER, Role.LEADER, by=self.clerk, title="分管领导")

    def make_identities(self) -> None:
        """Two identities marked 样例, thrown away after the walk; only their certificates stay."""
        folder = self.out / "签名证书"
        folder.mkdir()
        with tempfile.TemporaryDirectory(prefix="gengdi-sample-") as keys:
            for name, role in _ROLES.items():
                made = identity.create(
                    Path(keys),
                    unit=organ_name(self.unit.name, UnitKind(self.unit.kind)),
                    person=name,
                    role=role,
                    passphrase=secrets.token_urlsafe(16),
                    at=self.clock.now(),
                    sample=True,
                )
                self.identities[name] = made
                trust.note_own(self.ledger, made.certificate, by=self.clerk)
                if self.confirm:
                    own_list().add(made.certificate)
                identity.export_certificate(made.certificate, folder / f"{name}.cer")
                self.written.append(folder / f"{name}.cer")

    def take_list_in(self) -> None:
        """Writes the issued list and imports it, against the count and the area that a notice would state."""
        path = self.out / f"{self.unit.name}耕地流出图斑清单（样例）.xlsx"
        self.issued = write_unit_list(path, divisions(), self.unit)
        self.written.append(path)
        options = ImportOptions(
            expect_count=self.issued.count,
            expect_area=self.issued.area,
            issuer=f"{PLACES[self.unit.code[:6]].province}自然资源厅（样例）",
            issued_on=date(2023, 7, 20),
        )
        with intake.preview(self.ledger, path, options) as found:
            outcome = intake.run(self.ledger, found, by=self.clerk)
        if not outcome.committed:
            code, message, hint = outcome.error or ("not_committed", "样例清单没有导入。", "")
            raise ProgramError(code, message, hint)
        self.plan = plan_walk(self.issued.plots)
        self.ids = {plot.bsm: find_plot(self.ledger, plot.bsm) for plot in self.issued.plots}

    def self_check(self) -> None:
        """Every plot is looked at and photographed."""
        self._do([step for step in self.plan.steps if step.action is Operation.CHECK])

    def rectify(self) -> None:
        """Everything between the self-check and the sample's fixed day."""
        self._do([step for step in self.plan.steps if step.action is not Operation.CHECK])

    def self_check_report(self) -> None:
        """The paper that ends the self-check."""
        self._paper("self_check_report", f"{self._code}字〔2023〕21号", _CHECKED_BY, "自查报告")

    def rectification_letter(self) -> None:
        """The letter with the ledger as its annex."""
        self.letter = self._paper("rectification_letter", f"{self._code}函〔2023〕12号", AS_OF, "整改工作报告")

    def hand_in(self) -> None:
        """The self-check report went up on its day; the letter is ready and still on the desk."""
        first = min(info.id for info in papers.reports(self.ledger))
        papers.hand_in(self.ledger, first, to="县专班办公室（样例）", medium="U盘", by=self.clerk, note="样例")

    def close(self) -> Walked:
        """Closes the ledger and says what was made."""
        if self.letter is None:
            raise ProgramError("not_walked", "样例还没有走完。")
        walked = Walked(self.ledger.folder.root, self.letter[0], tuple(self.written), self.letter[1], self.unit.name)
        self.leave()
        return walked

    def leave(self) -> None:
        """Lets go of the ledger, however far the walk has come."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    @property
    def _code(self) -> str:
        """The unit's short name in document numbers: the first character, as offices make them."""
        return number_code(self.unit)

    def _paper(self, kind: str, number: str, day: date, name: str) -> tuple[Path, int]:
        settings = replace(papers.settings_of(self.ledger, kind), number=number, day=day)
        info = papers.freeze(self.ledger, kind, settings, by=self.clerk)
        for actor in (self.clerk, self.leader):
            info = papers.sign(self.ledger, info.id, identity=self.identities[actor.name], by=actor)
        made = papers.files(self.ledger, info.id, self.out / f"{self.unit.name}{name}（样例）.pdf")
        self.written += [one.path for one in made]
        return made[0].path, info.id

    def _do(self, steps: list[Step]) -> None:
        """Steps in order, each day's pictures attached before them; nothing may be refused."""
        last = steps[-1].on if steps else AS_OF
        shot = [one for one in self.plan.pictures if one.on <= last]
        self.plan.pictures = [one for one in self.plan.pictures if one.on > last]
        with tempfile.TemporaryDirectory(prefix="gengdi-sample-") as place:
            for number, step in enumerate(steps):
                self.progress(number, len(steps))
                while shot and shot[0].on <= step.on:
                    self._attach(shot.pop(0), Path(place))
                outcome = act(
                    self.ledger,
                    step.action,
                    [self.ids[plot] for plot in step.plots],
                    step.values,
                    by=Actor(step.by),
                    event_date=step.on,
                    atomic=True,
                )
                if outcome.refused:
                    raise ProgramError(outcome.refused[0].code, f"样例在{step.on}停下：{outcome.refused[0].message}")

    def _attach(self, picture: Picture, place: Path) -> None:
        plot = next(one for one in self._plots() if one.bsm == picture.plot)
        stage = Stage(picture.stage)
        path = place / f"{plot.number}_{stage.label}_{picture.on:%Y%m%d}.jpg"
        path.write_bytes(drawn(plot, picture))
        attach(self.ledger, self.ids[plot.bsm], [path], stage, by=self.clerk)

    def _plots(self) -> tuple[SamplePlot, ...]:
        return self.issued.plots if self.issued else ()


def walk(
    out: Path,
    unit: Division,
    clock: Clock,
    *,
    say: Callable[[str], None] = lambda _phrase: None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Walked:
    """Builds the sample ledger of a unit, walks all phases, and writes the signed papers to a folder.

    Args:
        out: A folder that is new or empty.
        unit: The unit; see :func:`find_unit`.
        clock: The time of entries and signatures.
        say: Told the name of each step before it begins.
        progress: Told how far a step is; may raise to stop.

    Raises:
        RuleError: ``not_empty``.
        SurroundingsError: The place cannot be written.
        ProgramError: A step of the sample was refused: our own mistake.
    """
    sample = SampleWalk(out, unit, clock, progress)
    try:
        for name, step in sample.steps():
            say(name)
            step()
        return sample.close()
    finally:
        sample.leave()


def find_unit(name: str) -> Division:
    """The unit that somebody means: in 进贤县 first, else in the other counties of the sample.

    Raises:
        RuleError: ``unknown_unit``, or ``ambiguous_unit`` with the candidates.
    """
    table = divisions()
    home = table.by_code(SAMPLE_COUNTY)
    others = (table.by_code(code) for code in PLACES)
    found = table.find_units(name, home) or tuple(
        unit for county in others if county is not None for unit in table.find_units(name, county)
    )
    if len(found) == 1:
        return found[0]
    if found:
        listed = "、".join(f"{county_of(unit).name}{unit.name}" for unit in found)
        raise RuleError("ambiguous_unit", f"“{name}”对上了几个单位：{listed}。样例没有做。", "请写全名。")
    listed = "、".join(unit.name for unit in table.children(home)) if home else ""
    raise RuleError("unknown_unit", f"样例里没有“{name}”这个单位，样例没有做。", f"可以做的有：{listed}。")


def county_of(unit: Division) -> Division:
    """The county of a township-level unit.

    Raises:
        RuleError: ``unknown_unit``: the unit is of no county of the table.
    """
    county = divisions().parent(unit)
    if county is None:
        raise RuleError("unknown_unit", f"“{unit.name}”不是乡级单位，样例没有做。", "请写乡镇、街道的名称。")
    return county


def sample_settings(county: Division, unit: Division) -> CampaignSettings:
    """The sample's campaign with the names of this county and of this unit's leaders."""
    text = resource("sample/campaign.toml").read_text(encoding="utf-8")
    for own, meant in (("乡（镇）党委、政府", _LEADERSHIP[unit.kind]), ("乡（镇）", _SHORT[unit.kind])):
        text = text.replace(own, meant)
    if county.code != SAMPLE_COUNTY:
        text = text.replace("进贤县", county.name).replace("进府办发", "府办发")
    return parse_campaign(text.encode())


def drawn(plot: SamplePlot, picture: Picture) -> bytes:
    """The bytes of a picture of the plan."""
    caption = f"{plot.village.short_name} {plot.number}"
    if not picture.ground:
        return pictures.paper("情况说明", picture.lines, picture.on)
    scene = pictures.Scene(
        caption, Stage(picture.stage).label, picture.on, picture.ground, plot.longitude, plot.latitude
    )
    return pictures.photo(scene)
