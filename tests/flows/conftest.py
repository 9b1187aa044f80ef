"""What whole flows share: the command line, and one sample campaign that is walked once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from gengdi_desktop.demo.issued_list import IssuedList
from gengdi_desktop.demo.sample_plots import unit_plots
from gengdi_desktop.demo.walk import Walked, find_unit, walk
from gengdi_desktop.demo.walk_plan import Walk, plan_walk
from gengdi_desktop.system.clock import SystemClock
from gengdi_desktop.system.reference import divisions
from tests.helpers.command_line import Line
from tests.helpers.made_once import made_once


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str]) -> Line:
    """The command line, with its answers as objects."""
    return Line(capsys)


@dataclass(frozen=True)
class Demo:
    """The walked sample of 白圩乡; read it only, or work on a :meth:`copy`."""

    walked: Walked
    issued: IssuedList
    plan: Walk

    @property
    def ledger(self) -> Path:
        """The folder of the sample ledger."""
        return self.walked.ledger

    @property
    def report(self) -> Path:
        """The letter with both signatures."""
        return self.walked.report

    def copy(self, folder: Path) -> Path:
        """A ledger of one's own to work on; the folder must not exist yet."""
        return Path(shutil.copytree(self.ledger, folder))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One sample campaign, walked once in a run."""
    unit = find_unit("白圩乡")
    walked = made_once(tmp_path_factory, "demo", lambda folder: walk(folder / "样例", unit, SystemClock()))
    plots = unit_plots(divisions(), unit)
    listed = next(path for path in walked.files if "清单" in path.name)
    return Demo(walked, IssuedList(listed, listed.stem, plots), plan_walk(plots))
