"""Histories that nobody thought of: the journal replays to the tables, and undo restores exactly."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import select

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.turning_back import entries_of
from gengdi_desktop.ledger.undo import Undone, UndoRefusedError, next_redo, next_undo, restore_field, undo
from gengdi_desktop.storage import replay
from gengdi_desktop.storage.tables import (
    AttachmentRow,
    IdentifierRow,
    ListLineRow,
    NoteRow,
    PlotListRow,
    PlotRow,
    RoundRow,
)
from gengdi_desktop.storage.unit_of_work import Work
from tests.helpers.clock import FixedClock
from tests.helpers.databases import contents
from tests.helpers.ledgers import CLERK, new_ledger

Tables = dict[str, list[tuple[Any, ...]]]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
PICK = st.integers(0, 9)


@cache
def template() -> Path:
    """A closed ledger to begin with, made once."""
    folder = Path(tempfile.mkdtemp(prefix="gengdi-histories-")) / "ledger"
    new_ledger(folder).close()
    return folder


@dataclass
class Moment:
    """The tables before and after an entry."""

    before: Tables
    after: Tables


@dataclass
class Past:
    """What the machine remembers of each entry."""

    moments: dict[int, Moment] = field(default_factory=dict)


class Histories(RuleBasedStateMachine):
    """Random actions on a real ledger, through tracked objects, bulk rows and given changes."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="gengdi-history-"))
        shutil.copytree(template(), self.place / "ledger")
        self.ledger: Ledger = ledgers.open_ledger(self.place / "ledger", FixedClock())
        self.past = Past()
        self.now = self.seen()
        self.made = 0

    def seen(self) -> Tables:
        """The tables as they are."""
        return contents(self.ledger.folder.database)

    def act(self, operation: Operation, step: Callable[[Work], object], **stamp: Any) -> None:
        """Do a step as one entry, and remember the tables around it."""
        with self.ledger.begin(operation, CLERK, **stamp) as work:
            step(work)
            changes = work.commit()
        self.remember(changes.seq)

    def remember(self, seq: int | None) -> None:
        """Keep the tables before and after an entry."""
        before, self.now = self.now, self.seen()
        if seq is not None:
            self.past.moments[seq] = Moment(before, self.now)
        else:
            assert self.now == before

    def plots(self) -> list[str]:
        """The plots that are there."""
        with self.ledger.reading() as session:
            return list(session.exec(select(PlotRow.id).order_by(PlotRow.id)))

    def plot(self, pick: int) -> str | None:
        """One of them."""
        there = self.plots()
        return there[pick % len(there)] if there else None

    # ---------------------------------------------------------------------------------------------------------- actions

    @initialize()
    def first_import(self) -> None:
        """There is a list to begin with."""
        self.import_list(4, pick=0, name="一")

    @rule(count=st.integers(1, 4), pick=PICK, name=TEXTS)
    def import_list(self, count: int, pick: int, name: str) -> None:
        """A list comes in as bulk rows, with its file; the same file may come twice; a plot may be split."""
        file = self.ledger.folder.keep(FolderPart.ISSUED, f"list {pick % 2}".encode())
        self.made += 1
        ids = [f"plot-{self.made}-{number}" for number in range(count)]

        def step(work: Work) -> None:
            listed = PlotListRow(name=f"{name} {self.made}", file_id=record_file(work, file))
            work.session.add(listed)
            work.session.flush()
            parents = [None, *[ids[0] if pick == 9 else None] * count]
            rows = [(one, work.seq, n, name, 10 * n, parents[n]) for n, one in enumerate(ids)]
            work.bulk(PlotRow, ["id", "entry", "position", "remark", "issued_area", "split_parent"], rows)
            first = work.new_keys(IdentifierRow, count)
            names = ["id", "plot_id", "kind", "value", "list_id"]
            work.bulk(IdentifierRow, names, [(first + n, one, "bsm", one, listed.id) for n, one in enumerate(ids)])
            first = work.new_keys(ListLineRow, count)
            work.bulk(
                ListLineRow, ["id", "list_id", "plot_id"], [(first + n, listed.id, one) for n, one in enumerate(ids)]
            )

        self.act(Operation.IMPORT, step)

    @rule(pick=PICK, column=st.sampled_from(["remark", "cause", "party"]), value=TEXTS, goes_on=st.booleans())
    def edit(self, pick: int, column: str, value: str, goes_on: bool) -> None:  # noqa: FBT001
        """A field is typed; it may go on with the edit before."""
        plot, head = self.plot(pick), self.ledger.head().seq
        if plot is not None:
            before = self.past.moments.get(head)
            continues = head if goes_on and before is not None else None

            def step(work: Work) -> None:
                setattr(work.session.get_one(PlotRow, plot), column, value)

            self.act(Operation.EDIT, step, continues=continues)

    @rule(pick=PICK, value=TEXTS)
    def plan(self, pick: int, value: str) -> None:
        """A round is begun, or its measure changed."""
        plot = self.plot(pick)
        if plot is not None:

            def step(work: Work) -> None:
                row = work.session.get(RoundRow, f"{plot}:1")
                if row is None:
                    work.session.add(RoundRow(id=f"{plot}:1", plot_id=plot, measure=value))
                else:
                    row.measure = value

            self.act(Operation.PLAN, step)

    @rule(pick=PICK, body=TEXTS, many=st.booleans())
    def note(self, pick: int, body: str, many: bool) -> None:  # noqa: FBT001
        """One note by a tracked object, or several as bulk rows and one beside them."""
        plot = self.plot(pick)
        if plot is not None:

            def step(work: Work) -> None:
                if many:
                    first = work.new_keys(NoteRow, 2)
                    work.session.add(NoteRow(plot_id=plot, body="beside"))
                    work.bulk(NoteRow, ["id", "plot_id", "body"], [(first, plot, body), (first + 1, plot, "e\u0301")])
                else:
                    work.session.add(NoteRow(plot_id=plot, body=body))

            self.act(Operation.NOTE, step)

    @rule(pick=PICK)
    def remove_note(self, pick: int) -> None:
        """A note is taken away."""

        def step(work: Work) -> None:
            rows = work.session.exec(select(NoteRow).order_by(NoteRow.id)).all()  # type: ignore[arg-type]
            if rows:
                work.session.delete(rows[pick % len(rows)])

        self.act(Operation.EDIT, step)

    @rule(pick=PICK, file=st.integers(0, 1))
    def attach(self, pick: int, file: int) -> None:
        """A file is attached; it may be one that a list came in, or that another plot has."""
        plot = self.plot(pick)
        if plot is not None:
            kept = self.ledger.folder.keep(FolderPart.EVIDENCE, f"list {file}".encode())

            def step(work: Work) -> None:
                work.session.add(AttachmentRow(plot_id=plot, file_id=record_file(work, kept), stage="after"))

            self.act(Operation.ATTACH, step)

    # ----------------------------------------------------------------------------------------------------- turning back

    def turn_back(self, seq: int | None, *, untouched: bool = False) -> None:
        """Undo; where nothing later stands, the tables must be as they were before."""
        with self.ledger.reading() as session:
            entries = entries_of(session)
        done = self.undone(seq, untouched=untouched)
        if done is None:
            assert self.seen() == self.now
            return
        self.remember(done.entry)
        assert done.entry is not None
        step = entries.chain(done.undoes)
        if not done.left and not entries.later_in_force(step):
            assert self.now == self.past.moments[min(step)].before

    def undone(self, seq: int | None, *, untouched: bool) -> Undone | None:
        """Undo, or None where it refuses for one of the reasons that there are."""
        refusal: RuleError
        try:
            return undo(self.ledger, seq, by=CLERK, untouched=untouched)
        except RuleError as refused:
            refusal = refused
        assert refusal.code in {"nothing_to_undo", "already_undone", "not_undoable", "in_the_way"}
        assert not isinstance(refusal, UndoRefusedError) or refusal.in_the_way
        return None

    @rule()
    def undo_newest(self) -> None:
        """The newest step goes back."""
        with_mark = next_undo(self.ledger)
        self.turn_back(with_mark.seq if with_mark else None)

    @rule()
    def undo_and_redo(self) -> None:
        """Back and forth again changes nothing."""
        before = self.now
        head = self.ledger.head().seq
        self.undo_newest()
        if self.ledger.head().seq > head:
            mark = next_redo(self.ledger)
            assert mark is not None
            assert mark.seq == self.ledger.head().seq
            self.turn_back(mark.seq)
            assert self.now == before

    @precondition(lambda self: len(self.past.moments) > 2)
    @rule(pick=st.integers(0, 99), untouched=st.booleans())
    def undo_any(self, pick: int, untouched: bool) -> None:  # noqa: FBT001
        """Some step goes back, or refuses."""
        seqs = sorted(self.past.moments)
        self.turn_back(seqs[pick % len(seqs)], untouched=untouched)

    @rule(pick=PICK, name=st.sampled_from(["remark", "cause", "measure"]))
    def restore(self, pick: int, name: str) -> None:
        """A single field goes back to the value it had."""
        plot = self.plot(pick)
        if plot is not None:
            with contextlib.suppress(RuleError):
                self.remember(restore_field(self.ledger, plot, name, by=CLERK).seq)

    # ------------------------------------------------------------------------------------------------------- what holds

    @invariant()
    def history_can_be_told(self) -> None:
        """Every entry has a sentence."""
        assert all(told.sentence for told in history(self.ledger, limit=3))

    def teardown(self) -> None:
        """The whole of it replays, and keys were never given out twice."""
        trial = replay.check_file(self.ledger.folder.database)
        self.ledger.close()
        shutil.rmtree(self.place)
        assert trial.problems == []
        assert trial.replayed


TestHistories = Histories.TestCase
_examples = settings.get_profile(settings.get_current_profile_name()).max_examples
TestHistories.settings = settings(max_examples=_examples // 5, stateful_step_count=25)
