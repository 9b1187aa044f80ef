"""A township's part of the campaign done in its ledger: deeds of many plots, photos taken in as one folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gengdi_desktop.demo import pictures
from gengdi_desktop.demo.county_plan import Deed, Standing, UnitPlan
from gengdi_desktop.demo.walk_plan import Picture
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.evidence import taking_in
from gengdi_desktop.evidence.service import attach_to_plots
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases.editing import service as editing
from gengdi_desktop.phases.service import act


@dataclass(frozen=True, slots=True)
class TownshipWork:
    """The work of one township in its open ledger.

    Args:
        ledger: Open for writing, with the plots of the task in it.
        plan: What is to be done.
        ids: Own ids of plots by 标识码.
    """

    ledger: Ledger
    plan: UnitPlan
    ids: Mapping[str, str]

    @property
    def clerk(self) -> Actor:
        """Who enters and claims."""
        return Actor(self.plan.clerk)

    @property
    def leader(self) -> Actor:
        """Who accepts."""
        return Actor(self.plan.leader)

    def first(self) -> None:
        """From the self-check to the township's own acceptance."""
        self.do(self.plan.before_photos())
        self.photograph(self.plan.pictures())
        self._attest()
        self.do(self.plan.after_photos())

    def rework(self, returned: Sequence[str]) -> None:
        """What came back, and what was half done: photographed, claimed, accepted."""
        self.photograph(self.plan.rework_pictures())
        self.do(self.plan.rework(returned))

    def do(self, deeds: Iterable[Deed]) -> None:
        """Deeds in order; nothing may be refused.

        Raises:
            ProgramError: A deed was refused: our own mistake.
        """
        for deed in deeds:
            if deed.areas:
                self._state(deed)
                continue
            by = self.leader if deed.leader else self.clerk
            plots = [self.ids[bsm] for bsm in deed.plots]
            done = act(self.ledger, deed.action, plots, deed.values, by=by, event_date=deed.on, atomic=True)
            if done.refused:
                first = done.refused[0]
                raise ProgramError(first.code, f"样例{self.plan.unit.name}在{deed.on}停下：{first.message}")

    def photograph(self, shots: Sequence[Picture]) -> None:
        """Photos named after village and plot, taken in as one folder.

        Raises:
            ProgramError: A photo did not find its plot.
        """
        if not shots:
            return
        plots = {one.plot.bsm: one.plot for one in self.plan.plots}
        with tempfile.TemporaryDirectory(prefix="gengdi-sample-") as folder:
            for shot in shots:
                plot, stage = plots[shot.plot], Stage(shot.stage)
                name = f"{plot.village.short_name}_{plot.number}_{stage.label}_{shot.on:%Y%m%d}.jpg"
                caption = f"{plot.unit.name}{plot.village.short_name} {plot.number}"
                scene = pictures.Scene(caption, stage.label, shot.on, shot.ground, plot.longitude, plot.latitude)
                (Path(folder) / name).write_bytes(pictures.quick_photo(scene))
            found = taking_in.preview(self.ledger, [Path(folder)])
            astray = (*found.unmatched, *found.refused)
            if astray:
                raise ProgramError("photo_astray", f"样例{self.plan.unit.name}的照片没有对上图斑：{astray[0]}")
            taking_in.run(self.ledger, found, by=self.clerk)

    def _attest(self) -> None:
        """One paper for all plots whose use is lawful, as a township writes it."""
        proved = self.plan.of(Standing.PROVED)
        if not proved:
            return
        lines = (
            f"{self.plan.unit.name}{len(proved)}个图斑",
            "经实地核实，为已备案的设施农用地",
            "或已补办手续的农村道路。",
        )
        with tempfile.TemporaryDirectory(prefix="gengdi-sample-") as folder:
            path = Path(folder) / f"{self.plan.unit.name}书面材料.jpg"
            path.write_bytes(pictures.paper("情况说明", lines, self.plan.pictures()[0].on))
            plots = [self.ids[one.plot.bsm] for one in proved]
            attach_to_plots(self.ledger, plots, [path], Stage.PAPER, by=self.clerk)

    def _state(self, deed: Deed) -> None:
        """What is settled of each plot, typed into the table as one entry."""
        edits = [
            editing.CellEdit(self.ids[bsm], "restored", area.exact())
            for bsm, area in zip(deed.plots, deed.areas, strict=True)
        ]
        done = editing.apply(self.ledger, edits, by=self.clerk, on_date=deed.on, atomic=True)
        if done.misfits:
            raise ProgramError(done.misfits[0].code, f"样例在{deed.on}停下：{done.misfits[0].message}")
        if deed.action is not Operation.PROGRESS:
            raise ProgramError("not_progress", "只有进度才逐个填面积。")
