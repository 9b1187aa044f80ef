"""A package that is being taken in when the disk fails or the power goes: all of it is there, or nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service as handover
from gengdi_desktop.ledger import service, trust
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import AttachmentRow, NoteRow
from tests.helpers import desks
from tests.helpers.canonical import State, canonical_state
from tests.helpers.fault_works import SAID
from tests.helpers.faults import MODES, WarmProcess, every_stop
from tests.helpers.photos import small_photo
from tests.helpers.power_cut import after_power_cuts, read_log


def worked_on(town: Ledger) -> None:
    """Notes and a photo at each plot."""
    with town.reading() as session:
        plots = [row[0] for row in session.connection().exec_driver_sql("SELECT id FROM plot ORDER BY id")]
    with town.begin(Operation.ATTACH, desks.TOWN_CLERK) as work:
        key = record_file(work, town.folder.keep(FolderPart.EVIDENCE, small_photo(), ".jpg"))
        for plot in plots:
            work.session.add(AttachmentRow(plot_id=plot, stage="after", file_id=key, name="后1.jpg"))
            work.session.add(NoteRow(plot_id=plot, on_date="2026-05-06", body="村里已通知"))
        work.commit()


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder with the ledger of a county; beside it the submission of a township."""
    folder = tmp_path / "before"
    with (
        desks.county_ledger(folder / "ledger") as county,
        desks.township_ledger(tmp_path / "town") as town,
    ):
        trust.trust(town, desks.identity_of(county).certificate, by=desks.TOWN_CLERK)
        trust.trust(county, desks.identity_of(town).certificate, by=desks.COUNTY_CLERK)
        options = handover.PackOptions(unit_code=desks.TOWNSHIPS["白圩乡"])
        by, identity = desks.COUNTY_CLERK, desks.identity_of(county)
        task = tmp_path / "任务.gdpkg"
        handover.pack(county, PackageKind.TASK, task, by=by, identity=identity, options=options)
        handover.receive(town, task, by=desks.TOWN_CLERK)
        worked_on(town)
        by, identity = desks.TOWN_CLERK, desks.identity_of(town)
        handover.pack(town, PackageKind.SUBMISSION, tmp_path / "报送.gdpkg", by=by, identity=identity)
    return folder


@pytest.fixture
def warm(faultio: Path, before: Path, tmp_path: Path) -> Iterator[WarmProcess]:
    """A process that has judged the package, and taken it in once."""
    shutil.copytree(before, tmp_path / "rehearsal")
    setting = {"package": str(tmp_path / "报送.gdpkg"), "ledger": str(before / "ledger")}
    with WarmProcess(
        "tests.helpers.fault_works:taking_in_a_package", faultio, tmp_path / "rehearsal", **setting
    ) as process:
        yield process


class Inspector:
    """Looks at stopped ledgers; one whose content was found sound before is not checked again."""

    def __init__(self) -> None:
        self._sound: set[str] = set()

    def found_in(self, folder: Path) -> tuple[State, int]:
        """What a ledger says and how many packages it took in; it must open for writing, and pass its check."""
        with service.open_ledger(folder / "ledger", desks.clock_at(2)) as ledger:
            with ledger.reading() as session:
                raw: Any = session.connection().connection.driver_connection
                content = hashlib.sha256("\n".join(raw.iterdump()).encode()).hexdigest()
            if content not in self._sound:
                checked = check(ledger)
                assert checked.ok, checked.problems
                self._sound.add(content)
            assert evidence_missing(ledger) == []
            taken = [one for one in handover.packages(ledger) if not one.sent]
            return canonical_state(ledger), len(taken)


def evidence_missing(ledger: Ledger) -> list[str]:
    """Files that rows name and that do not lie in the folder as they should."""
    with ledger.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT id, folder, suffix FROM stored_file").all()
    paths = [(key, ledger.folder.part(part) / f"{key}{suffix}") for key, part, suffix in rows]
    return [key for key, path in paths if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != key]


def both_states(before: Path, tmp_path: Path) -> dict[int, State]:
    """What the ledger says without the package and with it."""
    shutil.copytree(before, tmp_path / "after")
    with service.open_ledger(tmp_path / "after" / "ledger", desks.clock_at(1)) as ledger:
        handover.receive(ledger, tmp_path / "报送.gdpkg", by=desks.COUNTY_CLERK, copy=False)
    look = Inspector().found_in
    states = {0: look(before)[0], 1: look(tmp_path / "after")[0]}
    assert states[0] != states[1]
    return states


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", MODES)
def test_a_stopped_receiving_is_whole_or_not_there(
    warm: WarmProcess, before: Path, tmp_path: Path, mode: str, *, full: bool
) -> None:
    states = both_states(before, tmp_path)
    found: Counter[int] = Counter()
    inspector = Inspector()
    for _, at, left, stopped in every_stop(warm, before, before.parent, full=full, modes=(mode,)):
        assert stopped.error == "", (at, stopped)
        state, taken = inspector.found_in(left)
        assert state == states[taken], at
        if stopped.said == "done" or (left / SAID).exists():
            assert taken == 1, at
        found[taken] += 1
    assert set(found) == {0, 1}


def test_what_was_said_to_be_taken_in_outlives_a_power_cut(
    warm: WarmProcess, before: Path, tmp_path: Path, *, full: bool
) -> None:
    watched = tmp_path.resolve() / "watched"
    shutil.copytree(before, watched)
    assert warm.run(watched, log=tmp_path / "log").said == "done"
    calls = read_log(tmp_path / "log")
    said = next(place for place, call in enumerate(calls) if call.path.endswith(SAID)) + 1
    states = both_states(before, tmp_path)
    seen = set()
    inspector = Inspector()
    for cut, left in after_power_cuts(calls, before, watched, tmp_path, count=600 if full else 25):
        state, taken = inspector.found_in(left)
        assert state == states[taken], cut
        assert cut < said or taken == 1, cut
        seen.add(taken)
    assert seen == {0, 1}
