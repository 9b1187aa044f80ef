"""What the fault tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.faults import fault_library


@pytest.fixture(scope="session")
def faultio() -> Path:
    """The compiled fault library."""
    library = fault_library()
    if library is None:
        pytest.skip("no C compiler: make setup names the packages")
    return library
