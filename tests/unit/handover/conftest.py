"""The two desks between which packages go; they are judged in this process instead of in a child."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.exchange import reading
from tests.helpers.two_desks import Desks, judged_here, two_desks


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    """A county and a township that trust each other."""
    monkeypatch.setattr(reading, "verify_package", judged_here)
    with two_desks(tmp_path) as found:
        yield found
