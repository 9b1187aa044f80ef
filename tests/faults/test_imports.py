"""An import of 500 rows, stopped at every call: all rows or none, and never said to be done but lost."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.queries import plot_ids
from tests.helpers.clock import FixedClock
from tests.helpers.fault_works import SAID
from tests.helpers.faults import MODES, WarmProcess, every_stop
from tests.helpers.power_cut import after_power_cuts, read_log

ROWS = 500
HEADER = (
    "序号",
    "乡镇",
    "村",
    "图斑编号",
    "标识码",
    "流出前地类",
    "流出后地类",
    "图斑面积（亩）",
    "耕地面积（亩）",
    "流出年度",
)
VILLAGES = ("白圩村", "下万村", "云桥村")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of 500 plots."""
    path = tmp_path_factory.mktemp("list") / "清单.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("清单")
        sheet.write_row(0, 0, HEADER)
        for row in range(1, ROWS + 1):
            names = ("白圩乡", VILLAGES[row % len(VILLAGES)], f"{row:04d}", f"360124{row:012d}", "水田", "果园")
            sheet.write_row(row, 0, (row, *names, 2.5, 1.25, 2022))
    return path


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder with an empty ledger."""
    folder = tmp_path / "before"
    new = service.NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="张三")
    service.create_ledger(folder / "ledger", new, FixedClock()).close()
    return folder


@pytest.fixture
def warm(faultio: Path, before: Path, listed: Path, tmp_path: Path) -> Iterator[WarmProcess]:
    """A process that has read and examined the list, and written it once."""
    shutil.copytree(before, tmp_path / "rehearsal")
    setting = {"listed": str(listed), "ledger": str(before / "ledger")}
    with WarmProcess("tests.helpers.fault_works:an_import", faultio, tmp_path / "rehearsal", **setting) as process:
        yield process


def content_of(database: Path) -> str:
    """A hash of everything that the tables hold."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()
    finally:
        connection.close()


class Inspector:
    """Looks at stopped ledgers; one whose content was found sound before is not replayed again."""

    def __init__(self) -> None:
        self._sound: set[str] = set()

    def plots_of(self, folder: Path) -> int:
        """How many plots a ledger holds; it must open for writing, and pass its check."""
        ledger = service.open_ledger(folder / "ledger", FixedClock())
        try:
            plots = len(plot_ids(ledger))
            content = content_of(folder / "ledger" / "ledger.gengdi")
            if content not in self._sound:
                checked = check(ledger)
                assert checked.ok, checked.problems
                assert checked.replayed
                self._sound.add(content)
            return plots
        finally:
            ledger.close()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", MODES)
def test_a_stopped_import_is_whole_or_not_there(warm: WarmProcess, before: Path, mode: str, *, full: bool) -> None:
    found: Counter[int] = Counter()
    inspector = Inspector()
    for _, at, left, stopped in every_stop(warm, before, before.parent, full=full, modes=(mode,)):
        assert stopped.error == "", (at, stopped)
        plots = inspector.plots_of(left)
        assert plots in {0, ROWS}, at
        if stopped.said == "done" or (left / SAID).exists():
            assert plots == ROWS, at
        found[plots] += 1
    assert set(found) == {0, ROWS}
    assert sum(found.values()) > 20


def test_a_saved_import_outlives_a_power_cut(warm: WarmProcess, before: Path, tmp_path: Path, *, full: bool) -> None:
    watched = tmp_path.resolve() / "watched"
    shutil.copytree(before, watched)
    assert warm.run(watched, log=tmp_path / "log").said == "done"
    calls = read_log(tmp_path / "log")
    said = next(place for place, call in enumerate(calls) if call.path.endswith(SAID)) + 1
    seen = set()
    inspector = Inspector()
    for cut, left in after_power_cuts(calls, before, watched, tmp_path, count=1500 if full else 40):
        plots = inspector.plots_of(left)
        assert plots in {0, ROWS}, cut
        assert cut < said or plots == ROWS, cut
        seen.add(plots)
    assert seen == {0, ROWS}
