"""What a township's signed report said beside what this ledger holds of it: no report is quietly contradicted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gengdi_desktop.consolidation import store
from gengdi_desktop.consolidation.hands import Deed, Hand, deeds, deeds_told
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.reports.comparing import FactDifferences, compare_facts
from gengdi_desktop.reports.document import day_text
from gengdi_desktop.reports.facts.snapshot_json import thaw_facts
from gengdi_desktop.reports.facts.store import snapshot
from gengdi_desktop.system.reference import divisions

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

    from gengdi_desktop.consolidation.records import BoardPaper
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.reports.facts.snapshot import Snapshot

Progress = Callable[[int, int], None]
_LARGEST_SNAPSHOT = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A township's last signed report beside this ledger.

    Attributes:
        unit: The township.
        paper: The report.
        plots: How many plots the report speaks of, and how many of the township this ledger has.
        area: Their issued areas.
        facts: Figures and plots that differ, the report's value as ``old``; None where the report's own data did not
            come or cannot be read, so that only the totals above can be compared.
        later: How many entries the township made to plots after the report that were reported to us: they may be why.
        later_told: Who made them and when; empty where there are none.
        deeds: What was done here to the differing plots (where only totals can be compared, to all of the township's)
            and the township did not know of when it handed in: by the county itself, by packages that came since.
        unexplained: The differing plots, by id, to which nothing of the kind was done.
    """

    unit: str
    paper: BoardPaper
    plots: tuple[int, int]
    area: tuple[Area, Area]
    facts: FactDifferences | None
    later: int
    later_told: str = ""
    deeds: tuple[Deed, ...] = ()
    unexplained: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether report and ledger say the same, as far as could be compared."""
        same = self.plots[0] == self.plots[1] and self.area[0] == self.area[1]
        return same and (self.facts is None or self.facts.nothing)

    @property
    def contradicted(self) -> bool:
        """Whether anything differs beside what the county, its teams or other townships did to the plots since."""
        if self.nothing or self.facts is None or not self.facts.plots:
            return not self.nothing
        return bool(self.unexplained) or any(one.hand is Hand.UNIT for one in self.deeds)

    @property
    def sentence(self) -> str:
        """What differs, whose doing it is and when, in words."""
        paper = f"{self.unit}的“{self.paper.title}”{self.paper.number}".strip()
        if self.nothing:
            part = "" if self.facts is not None else "（只比了总数）"
            return f"{paper}和台账一致{part}。"
        told = []
        if self.plots[0] != self.plots[1]:
            told.append(f"报告 {self.plots[0]} 个，台账 {self.plots[1]} 个")
        if self.area[0] != self.area[1]:
            told.append(f"报告 {self.area[0].spoken()} 亩，台账 {self.area[1].spoken()} 亩")
        if self.facts is not None:
            told.append(f"{len(self.facts.figures)} 项数字、{len(self.facts.plots)} 个图斑不同")
        return f"{paper}和台账不一致：{'；'.join(told)}。{self._why()}"

    def _why(self) -> str:
        since = f"乡镇报送以后，{deeds_told(self.deeds)}。" if self.deeds else ""
        if not self.contradicted:
            return f"{since}不一致的图斑都在其中，应是这个原因。"
        if self.facts is not None and self.facts.plots and not self.unexplained:
            return since
        rest = f"其余 {len(self.unexplained)} 个，" if self.deeds and self.unexplained else ""
        if self.later:
            return f"{since}{rest}报告定稿以后乡镇又办了 {self.later} 条记录（{self.later_told}），可能是这个原因。"
        return f"{since}{rest}请问清原因。"


def compare_with_submission(ledger: Ledger, unit: str, progress: Progress | None = None) -> Contradiction | None:
    """The last signed report that a township handed in beside this ledger; None where none came.

    Late plots are judged on the day of the report, so that time alone makes no difference.

    Args:
        ledger: The county's ledger.
        unit: Key or name of the township.
        progress: Told how many of the differing plots are followed; may raise to stop.

    Raises:
        RuleError: ``unknown_unit``.
    """
    units = CountyUnits(divisions(), ledger.info.county_code, ledger.info.county)
    with ledger.reading() as session:
        counts = store.plots_by_township(session)
        keys = units.keys_of((one.township, one.code) for one in counts)
        passages = store.packages_of_townships(session)
        of_package = {one.parcel.id: units.key_of(one.unit, one.code) for one in passages}
        asked = units.asked(unit)
        if asked is None:
            raise RuleError("unknown_unit", f"本县没有“{unit}”这个乡镇。", "请照抄乡镇名称，或写它的代码。")
        files = [one for one in store.signed_papers(session) if of_package.get(one.package) == asked.key]
        if not files:
            return None
        newest = files[-1]
        mine = [one for one in counts if keys[one.township, one.code] == asked.key]
        said = _said(ledger, [one for one in files if one.report == newest.report])
        facts = None
        if said is not None:
            local = store.local_plots(session, said.ledger)
            held = _held(session, said, {one.township for one in mine}, said.as_of)
            facts = compare_facts(_at_home(said, local), held, progress)
        later = store.entries_after(session, newest.package, newest.head_seq)
        townships = {one.township for one in mine}
        plots = store.ids_of(session, townships) if facts is None else [one.id for one in facts.plots]
        arrived, known = store.arrival(session, newest.package)
        own = {one.parcel.id for one in passages if of_package[one.parcel.id] == asked.key}
        done = deeds(store.touches(session, plots, known, own), arrived=arrived)
    touched = {plot for deed in done for plot in deed.plots}
    return Contradiction(
        unit=asked.name,
        paper=newest.paper,
        plots=(newest.plots, sum(one.many for one in mine)),
        area=(Area(newest.area), Area(sum(one.area for one in mine))),
        facts=facts,
        later=len(later),
        later_told=_later_told(later),
        deeds=done,
        unexplained=() if facts is None else tuple(one for one in plots if one not in touched),
    )


def _later_told(later: Sequence[store.LaterEntry]) -> str:
    """吴小琴，2023年8月20日至2023年8月22日."""
    if not later:
        return ""
    days = sorted({one.day for one in later})
    span = day_text(days[0]) + (f"至{day_text(days[-1])}" if len(days) > 1 else "")
    return f"{'、'.join(dict.fromkeys(one.actor for one in later if one.actor))}，{span}".lstrip("，")


def _said(ledger: Ledger, files: list[store.PaperFile]) -> Snapshot | None:
    """The data from which the report was made, where they came along and can be read."""
    kept = next((one for one in files if one.role == store.SNAPSHOT and one.file.size <= _LARGEST_SNAPSHOT), None)
    if kept is None:
        return None
    try:
        return thaw_facts(ledger.folder.read(kept.file))
    except SurroundingsError:
        return None


def _at_home(said: Snapshot, local: Mapping[str, str]) -> Snapshot:
    """The report with its plots called as they are here."""
    plots = (replace(one, id=local.get(one.id, one.id), parent=local.get(one.parent, one.parent)) for one in said.plots)
    return replace(said, plots=tuple(plots))


def _held(session: Session, said: Snapshot, townships: set[str], day: date) -> Snapshot:
    """What this ledger holds of a township; lists are the county's own and are not compared."""
    held = snapshot(session, day, townships)
    return replace(held, lists=said.lists, open_lines=said.open_lines, done_rule=said.done_rule)
