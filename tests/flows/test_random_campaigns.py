"""Campaigns that nobody thought of: whatever is done to the plots, the labels add up to the issued list."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlmodel import select

from gengdi_desktop.domain.actions import ACTIONS
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.campaigns import Campaign, CampaignRules, default_phases
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import DoneRule
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import CampaignSettings
from gengdi_desktop.ledger.figures import Tally, figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.undo import next_redo, undo
from gengdi_desktop.phases import service as phases
from gengdi_desktop.storage import replay
from gengdi_desktop.storage.tables import ListLineRow, PlotListRow, PlotRow, RoundRow
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK, ISSUED, LEADER, new_ledger
from tests.helpers.photos import small_photo
from tests.helpers.plots import GIVEN

AREAS = {"p0": 5_280_000, "p1": 1, "p2": 123_456_789, "p3": 4_999_995, "whole": 9_000_000}
CHILDREN = {"left": 4_000_000, "right": 5_000_000}
OPEN_AREA = 777_000
ISSUED_ALL = Tally(len(AREAS), Area(sum(AREAS.values())))
LINES = Tally(len(AREAS) + 1, Area(sum(AREAS.values()) + OPEN_AREA))
PLOTS = [*AREAS, *CHILDREN]
DOABLE = sorted(set(GIVEN) & set(ACTIONS) - {"attach"})
PHOTO = small_photo()


def fill(ledger: Ledger) -> None:
    """One list of five plots and an open line; one of the plots was split by the list itself."""
    with ledger.begin(Operation.IMPORT, CLERK) as work:
        listed = PlotListRow(name="清单", area_field="issued_area")
        work.session.add(listed)
        for position, (plot, area) in enumerate({**AREAS, **CHILDREN}.items()):
            facts: dict[str, Any] = {**ISSUED, "issued_area": area, "plot_no": f"{position:04d}", "position": position}
            facts["state"] = "split" if plot == "whole" else "issued"
            parent = "whole" if plot in CHILDREN else None
            work.session.add(PlotRow(id=plot, entry=work.seq, split_parent=parent, **facts))
        work.session.flush()
        for row, (plot, area) in enumerate({**AREAS, **CHILDREN}.items(), start=4):
            status = "child" if plot in CHILDREN else "entered"
            line = ListLineRow(list_id=listed.id or 0, plot_id=plot, row=row, status=status, issued_area=area)
            work.session.add(line)
        work.session.add(ListLineRow(list_id=listed.id or 0, row=99, status="open", issued_area=OPEN_AREA))
        work.commit()


@cache
def template() -> Path:
    """A closed ledger to begin with, made once."""
    folder = Path(tempfile.mkdtemp(prefix="gengdi-campaigns-")) / "ledger"
    with new_ledger(folder, CLERK, LEADER) as ledger:
        fill(ledger)
    return folder


class Campaigns(RuleBasedStateMachine):
    """Random actions by two members, undone and redone at random."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="gengdi-campaign-"))
        shutil.copytree(template(), self.place / "ledger")
        self.photo = self.place / "photo.jpg"
        self.photo.write_bytes(PHOTO)
        self.ledger: Ledger = ledgers.open_ledger(self.place / "ledger", FixedClock())
        self.entries = 1

    def act(self, action: str, plots: list[str], by_leader: bool, given: dict[str, Any]) -> None:  # noqa: FBT001
        """Do an action where the rules let it."""
        by = LEADER if by_leader else CLERK
        phases.act(self.ledger, action, plots, {**GIVEN[action], **given}, by=by)
        self.entries = self.ledger.head().seq

    @rule(
        action=st.sampled_from(DOABLE),
        plots=st.lists(st.sampled_from(PLOTS), min_size=1, max_size=3),
        by_leader=st.booleans(),
    )
    def anything(self, action: str, plots: list[str], by_leader: bool) -> None:  # noqa: FBT001
        """Some action on some plots; most are refused by the table."""
        self.act(action, plots, by_leader, {})

    @rule(plot=st.sampled_from(PLOTS), part=st.integers(0, 4), by_leader=st.booleans())
    def the_usual_way(self, plot: str, part: int, by_leader: bool) -> None:  # noqa: FBT001
        """Check, plan, settle a part or all of it, claim, accept."""
        with self.ledger.reading() as session:
            area = Area(session.get_one(PlotRow, plot).issued_area * part // 4).exact()
        self.act("check", [plot], by_leader, {})
        self.act("plan", [plot], by_leader, {})
        self.act("progress", [plot], by_leader, {"restored": area})
        self.act("attach", [plot], by_leader, {"file": str(self.photo), "stage": "after"})
        self.act("claim", [plot], by_leader, {"crop": "晚稻", "sown_on": "2023-08-10"})
        self.act("accept", [plot], not by_leader, {})

    @rule(name=st.sampled_from(sorted(DoneRule)))
    def another_rule(self, name: DoneRule) -> None:
        """The county decides what counts as done."""
        rules = CampaignRules(done_rule=name, close_rule=name)
        campaign = Campaign(name="专项整改", phases=default_phases(), rules=rules)
        ledgers.set_campaign(self.ledger, CampaignSettings(campaign), by=CLERK)

    @rule(seq=st.integers(0, 99), redo=st.booleans())
    def turn_back(self, seq: int, redo: bool) -> None:  # noqa: FBT001
        """Undo of anything, redo, or a refusal."""
        mark = next_redo(self.ledger) if redo else None
        wanted = mark.seq if mark else seq % self.ledger.head().seq + 1
        try:
            undo(self.ledger, wanted, by=LEADER)
        except RuleError as refused:
            self.refused = refused.code

    @invariant()
    def labels_add_up(self) -> None:
        """By count and by area, for the ledger and for its list, unless the import itself was taken back."""
        found = figures(self.ledger)
        if not found.lists:
            assert (found.plots, found.unentered) == (Tally(), Tally())
            return
        [listed] = found.lists
        assert listed.ties_out
        assert (listed.lines.count, listed.lines.area) == (LINES.count, LINES.area)
        assert (listed.unentered.count, listed.unentered.area) == (1, Area(OPEN_AREA))
        for tallies in (listed.by_label, found.by_label, found.by_state, found.by_kind):
            whole = sum(tallies.values(), Tally())
            assert (whole.count, whole.area) == (ISSUED_ALL.count, ISSUED_ALL.area)
        assert {label: tally.count for label, tally in listed.by_label.items()} == {
            label: tally.count for label, tally in found.by_label.items()
        }
        assert sum((village.all for village in found.by_village), Tally()) == found.plots
        assert sum((village.rectified for village in found.by_village), Tally()) == found.rectified
        assert 0 <= found.overdue <= ISSUED_ALL.count
        assert 0 <= found.held <= ISSUED_ALL.count

    @invariant()
    def rounds_hold_together(self) -> None:
        """Nothing is settled beyond its target, no target is beyond what was issued."""
        with self.ledger.reading() as session:
            issued = {row.id: row.issued_area for row in session.exec(select(PlotRow))}
            for row in session.exec(select(RoundRow)):
                parts = (row.restored, row.proved, row.regularised, row.quota_offset, row.inout_offset, row.other)
                assert min(parts) >= 0
                assert sum(parts) <= row.target <= issued[row.plot_id]

    @invariant()
    def history_can_be_told(self) -> None:
        """Of the ledger and of a plot."""
        assert all(told.sentence for told in history(self.ledger, limit=2))
        assert all(told.sentence for told in history(self.ledger, "p0", limit=2))

    def teardown(self) -> None:
        """The whole of it replays."""
        trial = replay.check_file(self.ledger.folder.database)
        self.ledger.close()
        shutil.rmtree(self.place)
        assert trial.problems == []
        assert trial.replayed


TestCampaigns = Campaigns.TestCase
_examples = settings.get_profile(settings.get_current_profile_name()).max_examples
TestCampaigns.settings = settings(max_examples=_examples // 6, stateful_step_count=20)
