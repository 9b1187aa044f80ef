"""The tables of the program are found and read once."""

from __future__ import annotations

from gengdi_desktop.system.reference import divisions, land_classes


def test_the_tables_that_come_with_the_program_are_read_once() -> None:
    assert divisions() is divisions()
    assert land_classes() is land_classes()
    assert divisions().by_code("360124209") is not None
    assert land_classes().read("0101", "水田").problem is None
