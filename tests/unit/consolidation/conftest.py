"""The county's ledger for the tests of its desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.ledger.handle import Ledger
from tests.helpers.county_desk import county_ledger


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger of the whole county, empty but for its campaign."""
    with county_ledger(tmp_path / "县") as ledger:
        yield ledger
