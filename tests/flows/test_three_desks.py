"""A county and two townships that work on, pack and take in, in any order and again: in the end they say the same."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gengdi_desktop.domain.actions import possible
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.handover.service import PackOptions, Received
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.turning_back import row_of
from gengdi_desktop.ledger.undo import UndoRefusedError, next_undo, undo
from gengdi_desktop.phases import service as phases
from gengdi_desktop.phases import store as plots_store
from tests.helpers import desks
from tests.helpers.canonical import canonical_state
from tests.helpers.plots import random_values

UNITS = tuple(desks.TOWNSHIPS)
FIELDS = ("remark", "cause", "party")
DOWN = (PackageKind.TASK, PackageKind.FEEDBACK)
ROUNDS_TO_AGREE = 4
REFUSALS = {"stale", "journal_gap", "other_campaign"}
"""An older package; one that goes on from entries that were taken back; one of a township that took its task back."""

Step = tuple[int, int, int, int]
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.integers(0, 79), st.integers(0, 40)), min_size=6, max_size=24
)


@dataclass
class Office:
    """Three desks and the sticks between them."""

    folder: Path
    county: Ledger
    towns: dict[str, Ledger]
    sticks: list[tuple[Ledger, Path]] = field(default_factory=list)
    typed: int = 0
    asked: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)

    @property
    def ledgers(self) -> list[Ledger]:
        """All of them."""
        return [self.county, *self.towns.values()]

    def plots(self, ledger: Ledger) -> list[str]:
        """Its plots by id."""
        with ledger.reading() as session:
            return sorted(row[0] for row in session.connection().exec_driver_sql("SELECT id FROM plot"))

    # ------------------------------------------------------------------------------------------------------- working

    def edit(self, ledger: Ledger, number: int, which: int) -> None:
        """Type a text into a field of a plot, one that nobody typed before."""
        plots = self.plots(ledger)
        if not plots:
            return
        plot, name = plots[number % len(plots)], FIELDS[which % len(FIELDS)]
        self.typed += 1
        with ledger.begin(Operation.EDIT, desks.clerk_of(ledger)) as work:
            row = row_of(work.session, "plot", plot)
            assert row is not None
            work.apply([["~", "plot", plot, {name: [row[name], f"{ledger.info.unit} {self.typed}"]}]])
            work.commit()

    def act(self, ledger: Ledger, number: int, day: int) -> None:
        """Do one of the actions that the state of a plot allows."""
        plots = self.plots(ledger)
        if not plots:
            return
        plot = plots[number % len(plots)]
        with ledger.reading() as session:
            facts = plots_store.load(session, [plot])[plot].facts
        left_out = {Operation.ATTACH, Operation.SPLIT, Operation.UNSPLIT, Operation.CANCEL}
        every = possible(facts.state, Desk(ledger.info.desk), held=facts.held)
        rules = [rule for rule in every if rule.code not in left_out]
        if not rules:
            return
        action = rules[number % len(rules)].code.value
        values = random_values(action, facts, day, {})
        phases.act(ledger, action, [plot], values, by=desks.clerk_of(ledger))

    def take_back(self, ledger: Ledger) -> None:
        """Undo the newest step, as far as nothing stands in the way; not the list, of which plots may be touched."""
        newest = next_undo(ledger)
        if newest is not None and newest.action not in {Operation.IMPORT, Operation.CAMPAIGN}:
            try:
                undo(ledger, by=desks.clerk_of(ledger))
            except (UndoRefusedError, RuleError):
                return

    # ------------------------------------------------------------------------------------------------------ travelling

    def pack(self, ledger: Ledger, town: str, which: int) -> tuple[Ledger, Path]:
        """A package to the other side; it lies on its stick until somebody takes it in."""
        kind = DOWN[which % len(DOWN)] if ledger is self.county else PackageKind.SUBMISSION
        target = self.folder / f"{len(self.sticks)}.gdpkg"
        options = PackOptions(unit_code=desks.TOWNSHIPS[town]) if ledger is self.county else PackOptions()
        by, identity = desks.clerk_of(ledger), desks.identity_of(ledger)
        service.pack(ledger, kind, target, by=by, identity=identity, options=options)
        stick = (self.towns[town] if ledger is self.county else self.county), target
        self.sticks.append(stick)
        return stick

    def receive(self, stick: tuple[Ledger, Path]) -> Received | None:
        """Take a package in; an older one is refused and changes nothing."""
        ledger, path = stick
        known = {one.id for one in service.conflicts(ledger, open_only=False)}
        try:
            done = service.receive(
                ledger, path, by=desks.clerk_of(ledger), verdict=desks.judged(ledger, path), copy=False
            )
        except RuleError as refusal:
            if refusal.code not in REFUSALS:
                raise
            return None
        for one in service.conflicts(ledger, open_only=False):
            if one.id not in known:
                self.asked[ledger.info.id, one.plot or "", one.field, one.mine, one.theirs] += 1
        return done

    def decide_all(self, choice: int) -> int:
        """Decide every open question, now this way and now that."""
        decided = 0
        for ledger in self.ledgers:
            for one in service.conflicts(ledger):
                which = ("mine", "theirs")[(one.id + choice) % 2]
                service.decide(ledger, [one.id], which, by=desks.clerk_of(ledger), reason="现场核实")
                decided += 1
        return decided

    def step(self, taken: Step) -> None:
        """One thing that happens at one desk."""
        what, where, number, other = taken
        ledger = self.ledgers[where % len(self.ledgers)]
        town = UNITS[number % len(UNITS)] if ledger is self.county else ledger.info.unit
        if what in {0, 1, 2}:
            self.edit(ledger, number, other)
        elif what in {3, 4}:
            self.act(ledger, number, other)
        elif what == 5:
            self.take_back(ledger)
        elif what in {6, 7}:
            self.pack(ledger, town, other)
        elif self.sticks:
            self.receive(self.sticks[number % len(self.sticks)])

    def agree(self, choice: int) -> None:
        """Decide what is open, hand in, and hand back, until nothing is open and both sides say the same."""
        for _ in range(ROUNDS_TO_AGREE):
            self.decide_all(choice)
            came = [self.receive(self.pack(ledger, town, 0)) for town, ledger in self.towns.items()]
            self.decide_all(choice)
            came += [self.receive(self.pack(self.county, town, which)) for town in self.towns for which in (0, 1)]
            asked = any(service.conflicts(ledger) for ledger in self.ledgers)
            if None not in came and not asked and self.differences() == []:
                return
        raise AssertionError(self.differences())

    def differences(self) -> list[tuple[str, object, object]]:
        """Where a township and the county say different things."""
        found: list[tuple[str, object, object]] = []
        for town, ledger in self.towns.items():
            ours, theirs = canonical_state(self.county, town, COMPARED), canonical_state(ledger, town, COMPARED)
            for table in COMPARED:
                mine = [row for row in ours[table] if row not in theirs[table]]
                other = [row for row in theirs[table] if row not in ours[table]]
                found += [(table, mine, other)] if mine or other else []
        return found


COMPARED = ("plot", "round", "progress", "acceptance", "plot_return", "closing", "hold", "note", "correction")


@contextmanager
def office() -> Iterator[Office]:
    """Three desks that trust each other; the townships have taken their first task in."""
    with tempfile.TemporaryDirectory(prefix="gengdi-desks-") as place, ExitStack() as open_ledgers:
        folder = Path(place)
        county = open_ledgers.enter_context(desks.county_ledger(folder / "county"))
        towns = {
            unit: open_ledgers.enter_context(desks.township_ledger(folder / unit, unit)) for unit in desks.TOWNSHIPS
        }
        for ledger in towns.values():
            trust.trust(ledger, desks.identity_of(county).certificate, by=desks.clerk_of(ledger))
            trust.trust(county, desks.identity_of(ledger).certificate, by=desks.clerk_of(county))
        yield Office(folder, county, towns)


def test_a_task_and_a_submission_make_both_sides_say_the_same() -> None:
    with office() as found:
        for town in UNITS:
            done = found.receive(found.pack(found.county, town, 0))
            assert done is not None
            assert (done.arrival.new, done.arrival.changed, done.arrival.refused) == (2, 0, ())
        assert found.differences() == []
        found.edit(found.towns["白圩乡"], 0, 0)
        found.act(found.towns["白圩乡"], 1, 3)
        assert found.differences() != []
        done = found.receive(found.pack(found.towns["白圩乡"], "白圩乡", 0))
        assert done is not None
        assert done.arrival.conflicts == ()
        assert found.differences() == []
        assert [check(ledger).problems for ledger in found.ledgers] == [(), (), ()]


@settings(max_examples=4, phases=(Phase.explicit, Phase.generate))
@given(steps, st.integers(0, 1))
def test_whatever_happened_they_say_the_same_in_the_end(taken: list[Step], choice: int) -> None:
    play(taken, choice)


@pytest.mark.full
@pytest.mark.timeout(3600)
@settings(max_examples=150, phases=(Phase.explicit, Phase.generate))
@given(steps, st.integers(0, 1))
def test_many_histories_end_alike(taken: list[Step], choice: int) -> None:
    play(taken, choice)


def play(taken: list[Step], choice: int) -> None:
    """Everything that happened, then agreement; nothing is asked twice, and what came before changes nothing more."""
    with office() as found:
        for town in UNITS:
            found.receive(found.pack(found.county, town, 0))
        for one in taken:
            found.step(one)
        found.agree(choice)
        assert set(found.asked.values()) <= {1}
        # The same packages again, in another order, change nothing.
        before = [canonical_state(ledger) for ledger in found.ledgers]
        questions = [service.conflicts(ledger, open_only=False) for ledger in found.ledgers]
        for stick in reversed(found.sticks):
            done = found.receive(stick)
            assert done is None or done.applied == 0
        assert [canonical_state(ledger) for ledger in found.ledgers] == before
        assert [service.conflicts(ledger, open_only=False) for ledger in found.ledgers] == questions
        for ledger in found.ledgers:
            assert check(ledger).problems == ()
