"""The tables that come with the program, read once: divisions and land classes."""

from __future__ import annotations

from functools import cache

from gengdi_desktop.domain.divisions import Divisions
from gengdi_desktop.domain.land_classes import LandClasses
from gengdi_desktop.system.resources import resource


@cache
def divisions() -> Divisions:
    """All counties, townships and villages that the program knows."""
    tables = sorted(resource("divisions").glob("*.csv"))
    return Divisions.parse(*(table.read_text(encoding="utf-8") for table in tables))


@cache
def land_classes() -> LandClasses:
    """The land classes of all coding systems."""
    return LandClasses.parse(resource("land_classes.csv").read_text(encoding="utf-8"))
