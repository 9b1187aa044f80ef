"""A ledger file for the tests of the storage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.storage.database import Database
from tests.helpers.databases import new_database


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger file with its first entry, made once."""
    path = tmp_path_factory.mktemp("fresh") / "ledger.gengdi"
    new_database(path).close()
    return path


@pytest.fixture
def database(fresh: Path, tmp_path: Path) -> Iterator[Database]:
    """A ledger file with its first entry, open for writing."""
    opened = Database(Path(shutil.copy(fresh, tmp_path)), write=True)
    yield opened
    opened.close()
