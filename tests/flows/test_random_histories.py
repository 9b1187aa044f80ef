"""Random histories of a real ledger: the replay equals the tables, undo restores, labels add up to the issued list."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from gengdi_desktop.domain.actions import possible
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import Bucket, Desk
from gengdi_desktop.intake import service as intake
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.phases import service, store
from gengdi_desktop.storage.tables import JOURNALLED
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK, LEADER, new_ledger
from tests.helpers.photos import small_photo
from tests.helpers.plots import random_values

LIST = """村,图斑编号,流出面积（亩）,流出类型
白圩村,0001,5.28,非粮化
白圩村,0002,0.01,撂荒
连桥村,0001,12.345678,非农化
连桥村,0002,1.79,其他
连桥村,0003,约3,非粮化
"""
TABLES = [str(row.__tablename__) for row in JOURNALLED]

Step = tuple[int, int, int, dict[str, int], bool]
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.integers(0, 79),
        st.integers(0, 40),
        st.dictionaries(st.sampled_from([bucket.value for bucket in Bucket]), st.sampled_from([30, 100]), max_size=1),
        st.booleans(),
    ),
    min_size=8,
    max_size=40,
)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a list of five rows, one of which stands open; copied for each history."""
    folder = tmp_path_factory.mktemp("下发")
    (folder / "清单.csv").write_text(LIST, encoding="utf-8")
    (folder / "照片.jpg").write_bytes(small_photo())
    with new_ledger(folder / "台账", CLERK, LEADER) as ledger, intake.preview(ledger, folder / "清单.csv") as found:
        outcome = intake.run(ledger, found, by=CLERK, partial=True)
        assert (outcome.imported, outcome.unentered) == (4, 1)
    return folder


@dataclass
class History:
    """One history: what was done, and how the tables stood before each entry."""

    ledger: Ledger
    photo: Path
    plots: list[str]
    done: list[tuple[int, str]] = field(default_factory=list)
    undone: list[tuple[int, str, str]] = field(default_factory=list)

    def tables(self) -> str:
        """All journalled rows."""
        with self.ledger.reading() as session:
            rows = {
                name: [list(row) for row in session.connection().execute(text(f"SELECT * FROM {name} ORDER BY 1"))]
                for name in TABLES
            }
        return json.dumps(rows, ensure_ascii=False)

    def facts(self, plot: str) -> PlotFacts:
        """One plot as the rules see it."""
        with self.ledger.reading() as session:
            return store.load(session, [plot])[plot].facts

    def step(self, taken: Step) -> None:
        """Act on a plot, take the newest action back, or do it again."""
        which, number, day, shares, by_leader = taken
        if which == 8 and self.done:
            self.take_back()
        elif which == 9 and self.undone:
            self.do_again()
        else:
            self.act(self.plots[which % len(self.plots)], number, day, shares, LEADER if by_leader else CLERK)

    def act(self, plot: str, number: int, day: int, shares: dict[str, int], by: Actor) -> None:
        """Do one of the actions that the state allows."""
        facts, before = self.facts(plot), self.tables()
        rules = possible(facts.state, Desk.TOWNSHIP, held=facts.held)
        onward = [rule for rule in rules if rule.targets and rule.code is not Operation.CANCEL]
        attaching = [rule for rule in rules if rule.code is Operation.ATTACH]
        chosen = [*onward * 4, *attaching * 3, *rules]
        action = chosen[number % len(chosen)].code.value
        values = random_values(action, facts, day, shares)
        if action == "attach":
            values |= {"file": str(self.photo), "stage": ["after", "paper", "before"][day % 3]}
        outcome = service.act(self.ledger, action, [plot], values, by=by)
        assert bool(outcome.changed) != bool(outcome.refused)
        if outcome.changes.seq is not None:
            self.done.append((outcome.changes.seq, before))
            self.undone.clear()
        else:
            assert self.tables() == before

    def take_back(self) -> None:
        """Undo the newest action: the tables stand as before it."""
        seq, before = self.done.pop()
        after = self.tables()
        changes = undo(self.ledger, seq, by=CLERK).changes
        assert changes.seq is not None
        assert self.tables() == before
        self.undone.append((changes.seq, before, after))

    def do_again(self) -> None:
        """Undo the newest undo: the tables stand as before that."""
        seq, before, after = self.undone.pop()
        changes = undo(self.ledger, seq, by=CLERK).changes
        assert changes.seq is not None
        assert self.tables() == after
        self.done.append((changes.seq, before))


def opened(issued: Path) -> Iterator[History]:
    """A copy of the issued ledger."""
    with tempfile.TemporaryDirectory(prefix="gengdi-history-") as folder:
        shutil.copytree(issued / "台账", Path(folder) / "台账")
        with ledgers.open_ledger(Path(folder) / "台账", FixedClock()) as ledger:
            with ledger.reading() as session:
                plots = [row[0] for row in session.connection().execute(text("SELECT id FROM plot ORDER BY position"))]
            yield History(ledger, issued / "照片.jpg", plots)


def assert_adds_up(ledger: Ledger) -> None:
    """未入账 and the six labels make the issued list, by count and by area."""
    found = figures(ledger)
    issued = found.lists[0]
    labels = issued.by_label.values()
    assert issued.lines.count == 5 == issued.unentered.count + sum(one.count for one in labels)
    assert issued.lines.area == issued.unentered.area + Area.total(one.area for one in labels)
    assert found.plots.count == sum(one.count for one in found.by_label.values()) == 4
    assert found.plots.area == Area.total(one.area for one in found.by_label.values()) == Area.parse("19.425678")
    assert Area.total(one.all.area for one in found.by_village) == found.plots.area


def assert_sound(ledger: Ledger) -> None:
    """Chain, replay and files agree."""
    result = check(ledger)
    assert result.ok, result.problems


@settings(max_examples=6)
@given(taken=steps)
def test_replay_equals_the_tables_undo_restores_and_labels_add_up(issued: Path, taken: list[Step]) -> None:
    run(issued, taken)


@pytest.mark.full
@settings(max_examples=150)
@given(taken=steps)
def test_many_more_histories(issued: Path, taken: list[Step]) -> None:
    run(issued, taken)


def run(issued: Path, taken: list[Step]) -> None:
    """A history, and then all of it taken back."""
    for history in opened(issued):
        first = history.tables()
        for one in taken:
            history.step(one)
        assert_adds_up(history.ledger)
        assert_sound(history.ledger)
        while history.done:
            history.take_back()
        assert history.tables() == first
        assert_adds_up(history.ledger)
        assert_sound(history.ledger)
