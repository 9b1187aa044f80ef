"""What a second thread writes beside the making of rows is written in order, whole, or not at all."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from gengdi_desktop.errors import Cancelled, ProgramError
from gengdi_desktop.storage import replay
from gengdi_desktop.storage.bulk import Pipeline
from gengdi_desktop.storage.database import Database
from gengdi_desktop.storage.tables import NoteRow, PlotRow
from gengdi_desktop.storage.unit_of_work import Work
from tests.helpers.databases import asked, contents, stamp

MANY = 3_250
PlotValues = tuple[str, str, str | None]


def plots(work: Work, *, sealed: bool = False, broken_at: int = -1) -> Iterator[PlotValues]:
    """Rows of plots, some with private values that are kept while other rows are being written."""
    for place in range(MANY):
        if place == broken_at:
            raise Cancelled
        contact = work.private("plot.party_contact", f"138{place}") if sealed and not place % 100 else None
        yield f"p{place:05d}", f"第{place}块", contact


def test_rows_of_many_blocks_stand_in_order_beside_their_private_values(database: Database) -> None:
    with database.action(stamp()) as work:
        assert work.bulk(PlotRow, ("id", "remark", "party_contact"), plots(work, sealed=True)) == MANY
        work.session.add(NoteRow(plot_id="p00000", body="后来"))
        work.commit()
    assert asked(database.path, "SELECT count(*), min(remark), count(party_contact) FROM plot") == [(MANY, "第0块", 33)]
    assert asked(database.path, "SELECT count(*) FROM private_value") == [(33,)]
    assert asked(database.path, "SELECT count(*), max(part) FROM journal_block WHERE seq = 2") == [(5, 4)]
    trial = replay.check_file(database.path)
    assert trial.problems == []


def test_rows_that_end_in_the_middle_leave_nothing(database: Database) -> None:
    before = contents(database.path)
    with pytest.raises(Cancelled), database.action(stamp()) as work:
        work.bulk(PlotRow, ("id", "remark", "party_contact"), plots(work, broken_at=2_500))
    assert contents(database.path) == before
    threads = threading.active_count()
    with database.action(stamp()) as work:
        work.bulk(PlotRow, ("id",), [("p1",)])
        work.commit()
    assert threading.active_count() == threads


@pytest.mark.parametrize("place", [1_001, MANY - 1])
def test_a_row_that_the_pipeline_cannot_write_leaves_nothing(database: Database, place: int) -> None:
    before = contents(database.path)
    rows = [(f"p{number:05d}" if number != place else "p00000",) for number in range(MANY)]
    with pytest.raises(ProgramError), database.action(stamp()) as work:
        work.bulk(PlotRow, ("id",), rows)
    assert contents(database.path) == before


def test_jobs_run_one_after_the_other_and_the_pace_of_threads_comes_back() -> None:
    pace = sys.getswitchinterval()
    pipeline, done = Pipeline(), []
    with pipeline.at_work():
        for number in range(20):
            pipeline.do(partial(int, number), lambda packed: done.append((packed, threading.get_ident())))
    assert [number for number, _ in done] == list(range(20))
    assert {thread for _, thread in done} != {threading.get_ident()}
    assert sys.getswitchinterval() == pace
    pipeline.do(int, lambda _: done.clear())
    assert done == []


@pytest.mark.parametrize("packing_fails", [True, False])
def test_nothing_is_written_after_a_job_that_failed(packing_fails: bool) -> None:  # noqa: FBT001  (a case)
    written: list[int] = []

    def write(number: int) -> None:
        if not packing_fails and number == 3:
            raise ValueError("disk")
        written.append(number)

    def pack(number: int) -> int:
        if packing_fails and number == 3:
            raise ValueError("memory")
        return number

    pipeline = Pipeline()

    def do_many() -> None:
        with pipeline.at_work():
            for number in range(50):
                pipeline.do(partial(pack, number), write)

    with pytest.raises(ValueError, match="memory" if packing_fails else "disk"):
        do_many()
    assert written == [0, 1, 2]
