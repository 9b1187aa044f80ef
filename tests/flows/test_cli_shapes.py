"""Shapes from the command line: a list in, outlines after it, parts of a plot, the map out and in again."""

from __future__ import annotations

from pathlib import Path

from tests.flows.test_import_shapes import FIELDS, ROWS, SHAPES
from tests.helpers.command_line import Line
from tests.helpers.shapes_made import write_shp


def test_a_list_of_shapes_from_the_command_line_to_its_map(line: Line, tmp_path: Path) -> None:
    ledger = tmp_path / "白圩乡2023"
    line("new", ledger, "--desk", "township", "--county", "进贤县", "--unit", "白圩乡", "--as", "吴小琴")
    bare = write_shp(tmp_path / "a.shp", FIELDS, ROWS, [None, None, None])
    assert line("import", ledger, bare)["imported"] == 3
    whole = write_shp(tmp_path / "b.shp", FIELDS, ROWS, SHAPES)
    planned = line("import", ledger, whole, "--outlines", "--dry-run")
    assert (planned["added"], planned["committed"], planned["entry"]) == (3, False, None)
    told = line("import", ledger, whole, "--outlines")
    assert (told["added"], told["unmatched"], told["committed"]) == (3, 0, True)
    assert line("import", ledger, whole, "--outlines")["unchanged"] == 3
    plot = line("plots", ledger, "--limit", 1)["plots"][0]
    split = line("act", ledger, "split", plot["id"], "--set", "parts=1-1=16；1-2=0.291635")
    assert len(split["changed"]) == 1
    stats = line("stats", ledger)
    assert (stats["plots"], stats["area_mu"]) == (3, "48.874905")
    written = line("export", ledger, tmp_path / "白圩乡.kml")
    assert (written["rows"], written["unplaced"]) == (5, 0)
    assert line("act", ledger, "unsplit", plot["id"])["changed"] == split["changed"]
    line("import", ledger, tmp_path / "没有.shp", code=2)
    assert line("check", ledger)["ok"]
