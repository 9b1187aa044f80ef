"""The desks between which packages go; what comes in is judged in this process instead of in a child."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.exchange import reading
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import SamplePlotRow, SampleRow
from tests.helpers import desks
from tests.helpers.packing import DAY, first_plot
from tests.helpers.two_desks import Desks, judged_here, two_desks


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    """A county and a township that trust each other."""
    monkeypatch.setattr(reading, "verify_package", judged_here)
    with two_desks(tmp_path) as found:
        yield found


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Ledger]:
    """The county's ledger with two townships of two plots each."""
    with desks.county_ledger(tmp_path / "county") as ledger:
        yield ledger


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Where packages go."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def township(tmp_path: Path) -> Iterator[Ledger]:
    """The ledger of 白圩乡 with a list that it found itself."""
    with desks.township_ledger(tmp_path / "town") as ledger:
        desks.add_list(ledger, "自查发现", [("白圩乡", 7)])
        yield ledger


@pytest.fixture
def sample(county: Ledger) -> str:
    """A sample of the first plot, drawn."""
    plot = first_plot(county)
    with county.begin(Operation.DRAW, desks.COUNTY_CLERK) as work:
        frame = record_file(work, county.folder.keep(FolderPart.REPORTS, b"frame", ".tsv"))
        work.session.add(SampleRow(id="5" * 32, name="抽查", status="drawn", frame_file=frame, framed_on=DAY, seed="7"))
        work.session.add(SamplePlotRow(id=f"{'5' * 32}:{plot}", sample_id="5" * 32, plot_id=plot, role="drawn"))
        work.session.add(
            SampleRow(id="6" * 32, name="扩大", status="drawn", frame_file=frame, framed_on=DAY, enlarges="5" * 32)
        )
        work.commit()
    return "6" * 32
