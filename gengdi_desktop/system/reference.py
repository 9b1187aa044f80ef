"""The tables that come with the program, read once: divisions and land classes."""

from __future__ import annotations

import zipfile
from functools import cache

from gengdi_desktop.domain.division_search import DivisionSearch
from gengdi_desktop.domain.division_tables import DivisionTables
from gengdi_desktop.domain.divisions import Divisions
from gengdi_desktop.domain.land_classes import LandClasses
from gengdi_desktop.system.pinyin import matcher
from gengdi_desktop.system.resources import resource


@cache
def divisions() -> Divisions:
    """All counties, townships and villages of the country; what lies in a county is read when it is asked for."""
    return Divisions(_tables())


@cache
def division_search() -> DivisionSearch:
    """Finds counties and townships of the country by name, pinyin or initials."""
    return DivisionSearch(_tables(), divisions(), matcher)


@cache
def land_classes() -> LandClasses:
    """The land classes of all coding systems."""
    return LandClasses.parse(resource("land_classes.csv").read_text(encoding="utf-8"))


@cache
def _tables() -> DivisionTables:
    return DivisionTables(resource("divisions/units.txt").read_text(encoding="utf-8"), _villages)


def _villages(county: str) -> str:
    with zipfile.ZipFile(resource("divisions/villages.zip")) as archive:
        return archive.read(county).decode("utf-8") if county in archive.NameToInfo else ""
