"""Fonts and papers that the tests of this stage share."""

from __future__ import annotations

import pytest

from gengdi_desktop.reports.fonts import FontSet, load_fonts
from gengdi_desktop.system.resources import resource


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    """The program's own fonts and no others, so that every computer sees the same lines."""
    return load_fonts(resource("fonts"), own=())
