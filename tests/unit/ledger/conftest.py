"""A township's ledger for the tests of the ledger stage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.handle import Ledger
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK, LEADER, add_plots, new_ledger


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed ledger with two members and three plots, made once."""
    folder = tmp_path_factory.mktemp("closed") / "台账"
    with new_ledger(folder, CLERK, LEADER) as ledger:
        add_plots(ledger, ["a", "b", "c"])
    return folder


@pytest.fixture
def home(closed: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(closed, tmp_path / "台账"))


@pytest.fixture
def township(home: Path, clock: FixedClock) -> Iterator[Ledger]:
    """A ledger with two members and three plots, open for writing."""
    with ledgers.open_ledger(home, clock) as opened:
        yield opened
