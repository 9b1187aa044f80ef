"""A whole stick at once: what is good comes in, whatever lies beside it, and the stick stays as it is."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from gengdi_desktop.consolidation.service import Fate, Inbox, board, look, take_in
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, SurroundingsError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service as handover
from gengdi_desktop.handover.receiving import changes
from gengdi_desktop.handover.service import PackOptions, Received, pack, receive
from gengdi_desktop.ledger.folder import FolderPart
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.ledger.trust import trust
from gengdi_desktop.storage.tables import PlotRow, RoundRow
from tests.conftest import StrayLogs
from tests.helpers import desks
from tests.helpers.desks import clerk_of, identity_of


class Stick:
    """The county, its townships with their tasks taken in, and a stick on which each may lay its submission."""

    def __init__(self, folder: Path, open_ledgers: ExitStack) -> None:
        self.folder = folder / "U盘"
        self.folder.mkdir()
        opened = {
            name: open_ledgers.enter_context(open_ledger(folder / name, desks.clock_at()))
            for name in ("县", *desks.TOWNSHIPS)
        }
        self.county = opened.pop("县")
        self.townships = opened

    def work(self, name: str, remark: str) -> None:
        """Something happens at a township."""
        township = self.townships[name]
        with township.begin(Operation.EDIT, clerk_of(township)) as work:
            for row in work.session.exec(select(PlotRow)):
                row.remark = remark
            work.commit()

    def hand_in(self, name: str, place: str) -> Path:
        """A township lays a submission on the stick."""
        township = self.townships[name]
        target = self.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        pack(township, PackageKind.SUBMISSION, target, by=clerk_of(township), identity=identity_of(township))
        return target

    def take_in(self, **more: object) -> Inbox:
        """The county takes in the whole stick."""
        return take_in(self.county, [self.folder], by=clerk_of(self.county), **more)  # type: ignore[arg-type]

    def remarks(self) -> dict[str, set[str]]:
        """What the county's ledger says of the plots of each township."""
        with self.county.reading() as session:
            found: dict[str, set[str]] = {}
            for row in session.exec(select(PlotRow)):
                found.setdefault(row.township, set()).add(row.remark)
        return found


def _handed_out(folder: Path) -> None:
    """The ledgers of all desks, each township with its task."""
    with ExitStack() as open_ledgers:
        county = open_ledgers.enter_context(desks.county_ledger(folder / "县"))
        for name, code in desks.TOWNSHIPS.items():
            township = open_ledgers.enter_context(desks.township_ledger(folder / name, name))
            trust(county, identity_of(township).certificate, by=clerk_of(county))
            trust(township, identity_of(county).certificate, by=clerk_of(township))
            task, options = folder / f"{name}.gdpkg", PackOptions(unit_code=code)
            who: Any = {"by": clerk_of(county), "identity": identity_of(county)}
            pack(county, PackageKind.TASK, task, options=options, **who)
            receive(township, task, by=clerk_of(township), copy=False)


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed-out")
    _handed_out(folder)
    return folder


@pytest.fixture
def stick(handed_out: Path, tmp_path: Path) -> Iterator[Stick]:
    shutil.copytree(handed_out, tmp_path / "desks")
    with ExitStack() as open_ledgers:
        yield Stick(tmp_path / "desks", open_ledgers)


def fates(found: Inbox) -> dict[str, Fate]:
    return {one.path.name: one.fate for one in found.files}


def test_everything_good_comes_in_and_bad_files_stop_nothing(stick: Stick) -> None:
    for name in stick.townships:
        stick.work(name, f"{name}改的")
    good = [stick.hand_in("白圩乡", "白圩/报送.gdpkg"), stick.hand_in("民和镇", "民和.GDPKG")]
    (stick.folder / "照片.gdpkg").write_bytes(b"\xff\xd8\xff")
    cut = stick.folder / "半个.gdpkg"
    cut.write_bytes(good[0].read_bytes()[:-200])
    altered = bytearray(good[1].read_bytes())
    altered[len(altered) // 2] ^= 1
    (stick.folder / "改过.gdpkg").write_bytes(altered)
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in stick.folder.rglob("*") if path.is_file()}
    head = stick.county.head().seq
    found = stick.take_in()
    assert fates(found) == {
        "报送.gdpkg": Fate.TAKEN,
        "民和.GDPKG": Fate.TAKEN,
        "照片.gdpkg": Fate.NOT_PACKAGE,
        "半个.gdpkg": Fate.REFUSED,
        "改过.gdpkg": Fate.REFUSED,
    }
    assert stick.remarks() == {"白圩乡": {"白圩乡改的"}, "民和镇": {"民和镇改的"}}
    assert [one.entry for one in found.files if one.fate is Fate.TAKEN] == [head + 1, head + 2]
    assert all(one.sentence.endswith("。") and not one.arrival for one in found.files if one.fate is Fate.REFUSED)
    assert found.sentence == "收下了 2 个，没有收 2 个，不是包 1 个"
    assert not found.clean
    after = {path: hashlib.sha256(path.read_bytes()).digest() for path in stick.folder.rglob("*") if path.is_file()}
    assert after == before
    assert len(list(stick.county.folder.part(FolderPart.BACKUPS).glob("收包前_*"))) == 1
    assert board(stick.county, desks.MOMENT.date()).handed_in == 2


def test_the_same_stick_again_changes_nothing(stick: Stick) -> None:
    stick.hand_in("白圩乡", "报送.gdpkg")
    stick.take_in()
    head = stick.county.head()
    found = stick.take_in()
    assert fates(found) == {"报送.gdpkg": Fate.AGAIN}
    assert (found.clean, stick.county.head()) == (True, head)


def test_of_two_the_newer_counts_however_they_are_called(stick: Stick) -> None:
    stick.work("白圩乡", "先")
    stick.hand_in("白圩乡", "b.gdpkg")
    stick.work("白圩乡", "后")
    stick.hand_in("白圩乡", "c.gdpkg")
    found = stick.take_in()
    assert fates(found) == {"b.gdpkg": Fate.OLDER, "c.gdpkg": Fate.TAKEN}
    assert stick.remarks()["白圩乡"] == {"后"}
    assert "以最新的为准" in found.files[1].hint


def test_what_only_travels_on_the_same_stick_is_left_alone_and_no_fault(stick: Stick, tmp_path: Path) -> None:
    """The county lays all its tasks on one stick, and each township its submission beside them."""
    for name in stick.townships:
        shutil.copy(tmp_path / "desks" / f"{name}.gdpkg", stick.folder / f"任务_{name}.gdpkg")
    stick.work("白圩乡", "改的")
    stick.hand_in("白圩乡", "报送.gdpkg")
    for found in (look(stick.county, [stick.folder]), stick.take_in()):
        assert {name: fate for name, fate in fates(found).items() if fate is Fate.ELSEWHERE}.keys() == {
            "任务_白圩乡.gdpkg",
            "任务_民和镇.gdpkg",
        }
        assert found.clean
    assert found.sentence == "收下了 1 个，给别处的 2 个"
    township = stick.townships["民和镇"]
    seen = look(township, [stick.folder])
    assert fates(seen) == {
        "报送.gdpkg": Fate.ELSEWHERE,
        "任务_白圩乡.gdpkg": Fate.ELSEWHERE,
        "任务_民和镇.gdpkg": Fate.AGAIN,
    }
    assert seen.clean


def test_looking_writes_nothing_and_says_what_would_come(stick: Stick) -> None:
    stick.work("白圩乡", "改的")
    stick.hand_in("白圩乡", "报送.gdpkg")
    (stick.folder / "坏.gdpkg").write_bytes(b"")
    head = stick.county.head()
    found = look(stick.county, [stick.folder])
    assert fates(found) == {"报送.gdpkg": Fate.READY, "坏.gdpkg": Fate.NOT_PACKAGE}
    arrival = found.files[0].arrival
    assert arrival is not None
    assert (arrival.changed, found.files[0].sender) == (2, "白圩乡人民政府")
    assert found.files[0].label == "报送包（第 1 次）"
    assert stick.county.head() == head
    assert not list(stick.county.folder.part(FolderPart.BACKUPS).glob("收包前_*"))


def test_stopping_between_files_keeps_what_came_in(stick: Stick) -> None:
    for name in stick.townships:
        stick.hand_in(name, f"{name}.gdpkg")
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 1:
            raise Cancelled

    found = stick.take_in(progress=progress)
    assert sorted(one.fate for one in found.files) == [Fate.LEFT, Fate.TAKEN]
    assert found.stopped
    assert {one for one in told if one != (0, 0)} == {(0, 2), (1, 2)}
    assert sorted(fates(stick.take_in()).values()) == [Fate.AGAIN, Fate.TAKEN]


def test_stopped_while_it_is_judged_nothing_came_in(stick: Stick) -> None:
    for name in stick.townships:
        stick.hand_in(name, f"{name}.gdpkg")
    head = stick.county.head()

    def progress(_done: int, _total: int) -> None:
        raise Cancelled

    found = stick.take_in(progress=progress)
    assert ({one.fate for one in found.files}, stick.county.head()) == ({Fate.LEFT}, head)


def test_our_own_mistake_over_one_file_stops_no_other(
    stick: Stick, monkeypatch: pytest.MonkeyPatch, stray_logs: StrayLogs
) -> None:
    stray_logs.expect("gengdi_desktop.consolidation.inbox")
    for name in stick.townships:
        stick.hand_in(name, f"{name}.gdpkg")

    def first_fails(ledger: Ledger, path: Path, **more: Any) -> Received:
        if path.name.startswith("白圩"):
            raise ZeroDivisionError
        return receive(ledger, path, **more)

    monkeypatch.setattr(handover, "receive", first_fails)
    found = stick.take_in()
    assert fates(found) == {"白圩乡.gdpkg": Fate.REFUSED, "民和镇.gdpkg": Fate.TAKEN}
    assert next(one.code for one in found.files if one.fate is Fate.REFUSED) == "program_error"


def test_a_ledger_that_cannot_be_written_is_said_once(stick: Stick) -> None:
    stick.hand_in("白圩乡", "报送.gdpkg")
    folder = stick.county.folder.root
    with open_ledger(folder, desks.clock_at(), write=False) as reading:
        with pytest.raises(SurroundingsError, match="只读"):
            take_in(reading, [stick.folder], by=clerk_of(stick.county))
        assert fates(look(reading, [stick.folder])) == {"报送.gdpkg": Fate.READY}


def test_a_stick_that_was_pulled_out(stick: Stick) -> None:
    with pytest.raises(SurroundingsError, match="找不到"):
        take_in(stick.county, [stick.folder / "没有"], by=clerk_of(stick.county))


def test_an_empty_stick(stick: Stick) -> None:
    found = stick.take_in()
    assert (found.files, found.clean, found.sentence) == ((), True, "没有找到包")


def test_the_board_knows_when_the_task_was_taken_in(stick: Stick) -> None:
    stick.county.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    stick.hand_in("白圩乡", "报送.gdpkg")
    stick.take_in()
    lines = {line.unit.name: line for line in board(stick.county).lines}
    assert (lines["白圩乡"].task_taken, lines["民和镇"].task_taken) == (True, None)
    newest = lines["白圩乡"].newest
    assert newest is not None
    assert newest.proof == "first"


@pytest.mark.parametrize("told", [0, 5_000])
def test_what_is_not_told_one_by_one_comes_in_all_the_same(
    stick: Stick, monkeypatch: pytest.MonkeyPatch, told: int
) -> None:
    """Of many changes only the first are put into words; the rest takes a shorter way to the same rows."""
    township = stick.townships["白圩乡"]
    with township.begin(Operation.EDIT, clerk_of(township)) as work:
        for plot in work.session.exec(select(PlotRow)).all():
            plot.state, plot.round, plot.cause = "working", 2, "改种果树"
            first = work.session.get_one(RoundRow, f"{plot.id}:1")
            first.measure, first.restored = "清理果树", 1_000_000
            work.session.add(RoundRow(id=f"{plot.id}:2", plot_id=plot.id, number=2, target=2_000_000))
        work.commit()
    stick.hand_in("白圩乡", "报送.gdpkg")
    monkeypatch.setattr(changes, "MOST_FIELDS", told)
    (one,) = stick.take_in().files
    assert one.arrival is not None
    assert (one.fate, bool(one.arrival.fields), bool(one.arrival.more_fields)) == (Fate.TAKEN, told > 0, told == 0)
    assert one.arrival.changed == 2
    assert _stands(stick.county, "白圩乡") == _stands(township, "白圩乡")


def _stands(ledger: Ledger, unit: str) -> list[dict[str, Any]]:
    """The plots of a township with their rounds, without what only means something in their own ledger."""
    with ledger.reading() as session:
        plots = session.exec(select(PlotRow).where(PlotRow.township == unit).order_by(PlotRow.id)).all()
        rounds = session.exec(select(RoundRow).order_by(RoundRow.id)).all()
        ids = {plot.id for plot in plots}
        found = [plot.model_dump(exclude={"entry", "position"}) for plot in plots]
        return found + [one.model_dump() for one in rounds if one.plot_id in ids]
