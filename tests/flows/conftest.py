"""What whole flows share: the command line, and one sample campaign that is walked once."""

from __future__ import annotations

import pytest

from tests.helpers.command_line import Line


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str]) -> Line:
    """The command line, with its answers as objects."""
    return Line(capsys)
