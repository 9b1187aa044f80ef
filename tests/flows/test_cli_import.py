"""Lists from the command line: all or nothing, dry runs that answer alike, totals of the notice, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from gengdi_desktop.cli.commands import main
from gengdi_desktop.demo.issued_list import IssuedList, write_county_list, write_unit_list
from gengdi_desktop.demo.sample_plots import SAMPLE_COUNTY, SAMPLE_UNIT
from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.system.reference import divisions
from tests.helpers.command_line import Line


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> IssuedList:
    unit = divisions().by_code(SAMPLE_UNIT)
    assert unit is not None
    return write_unit_list(tmp_path_factory.mktemp("list") / "清单.xlsx", divisions(), unit)


@pytest.fixture
def ledger(line: Line, tmp_path: Path) -> Path:
    folder = tmp_path / "白圩乡2023"
    line("new", folder, "--desk", "township", "--county", "进贤县", "--unit", "白圩乡", "--as", "吴小琴")
    return folder


def test_a_township_s_list_enters_once_and_the_dry_run_answers_alike(
    line: Line, ledger: Path, issued: IssuedList
) -> None:
    told = ("--expect-count", issued.count, "--expect-area", issued.area.exact())
    dry = line("import", ledger, issued.path, *told, "--dry-run")
    assert (dry["committed"], dry["entry"]) == (False, None)
    assert line("stats", ledger)["plots"] == 0
    real = line("import", ledger, issued.path, *told)
    same = dict.fromkeys(("committed", "entry"))
    assert real | same == dry | same
    assert (real["committed"], real["rows"], real["imported"], real["refused"]) == (True, 106, 106, 0)
    assert real["area_mu"] == issued.area.exact()
    again = line("import", ledger, issued.path)
    assert (again["imported"], again["duplicates"], again["entry"]) == (0, 106, None)
    stats = line("stats", ledger)
    assert (stats["plots"], stats["area_mu"], stats["unentered"]) == (106, issued.area.exact(), 0)
    assert sum(one["plots"] for one in stats["by_village"]) == 106
    assert stats["by_status"]["issued"]["plots"] == 106


def test_the_county_s_list_has_exactly_the_notice_s_count_and_area(line: Line, tmp_path: Path) -> None:
    county = divisions().by_code(SAMPLE_COUNTY)
    assert county is not None
    path = tmp_path / "全县清单.xlsx"
    write_county_list(path, divisions(), county)
    folder = tmp_path / "进贤县2023"
    line("new", folder, "--desk", "county", "--county", "进贤县", "--unit", "进贤县", "--as", "吴小琴")
    told = line("import", folder, path, "--expect-count", 2220, "--expect-area", "3980.79")
    assert (told["rows"], told["imported"], told["area_mu"]) == (2220, 2220, "3980.79")
    stats = line("stats", folder)
    assert (stats["plots"], stats["area_mu"]) == (2220, "3980.79")
    assert len({one["township"] for one in stats["by_village"]}) == 23
    township = tmp_path / "白圩乡2023"
    line("new", township, "--desk", "township", "--county", "进贤县", "--unit", "白圩乡", "--as", "吴小琴")
    part = line("import", township, path)
    assert (part["rows"], part["imported"], part["skipped"]) == (2220, 106, 2114)


def test_a_list_in_square_metres_enters_by_its_own_unit(line: Line, ledger: Path, tmp_path: Path) -> None:
    unit = divisions().by_code(SAMPLE_UNIT)
    assert unit is not None
    listed = write_unit_list(tmp_path / "平方米.xlsx", divisions(), unit, area_unit=AreaUnit.SQUARE_METRE)
    told = line("import", ledger, listed.path)
    assert told["imported"] == 106
    assert told["area_mu"] != listed.area.exact()
    assert told["area_mu"].startswith(listed.area.exact()[:3])


def test_a_wrong_expectation_stops_the_import_with_all_the_usual_keys(
    line: Line, ledger: Path, issued: IssuedList
) -> None:
    told = line("import", ledger, issued.path, "--expect-count", 105, code=2)
    assert told["committed"] is False
    assert told["rows"] == 106
    assert told["error"]["message"]
    assert (
        line("import", ledger, issued.path, "--expect-area", "两百亩", code=2)["error"]["code"] == "area_not_a_number"
    )
    assert line("stats", ledger)["plots"] == 0


def test_a_near_miss_of_the_notice_is_told_and_an_exact_hit_is_said(
    line: Line, ledger: Path, issued: IssuedList, capsys: pytest.CaptureFixture[str]
) -> None:
    near = (issued.area + Area.parse("0.01")).exact()
    told = line("import", ledger, issued.path, "--expect-area", near, "--dry-run")
    assert told["expected"]["area_difference_mu"] == "-0.01"
    assert main(["import", str(ledger), str(issued.path), "--expect-area", near, "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "少 0.01 亩" in out
    assert "与通知一致" not in out
    hit = ["--expect-area", issued.area.exact(), "--expect-count", str(issued.count)]
    assert main(["import", str(ledger), str(issued.path), *hit]) == 0
    assert f"与通知一致：{issued.count}个图斑、{issued.area.display()}亩。" in capsys.readouterr().out


def broken(issued: IssuedList, path: Path) -> Path:
    """A copy in which one identifier was spoilt by a table program and one area is no number."""
    book = openpyxl.load_workbook(issued.path)
    sheet = book.worksheets[0]
    sheet["G8"] = 360124211010000000.0
    sheet["P10"] = "两亩三分"
    book.save(path)
    return path


def test_two_bad_rows_stop_all_and_with_partial_stand_open(
    line: Line, ledger: Path, issued: IssuedList, tmp_path: Path
) -> None:
    path = broken(issued, tmp_path / "坏.xlsx")
    told = line("import", ledger, path, code=2)
    assert (told["refused"], told["committed"], told["error"]["code"]) == (2, False, "rows_refused")
    assert {(one["row"], one["column"]) for one in told["problems"]} >= {(8, "G"), (10, "P")}
    assert line("stats", ledger)["plots"] == 0
    part = line("import", ledger, path, "--partial")
    assert (part["imported"], part["unentered"], part["committed"]) == (104, 2, True)
    stats = line("stats", ledger)
    assert (stats["plots"], stats["unentered"]) == (104, 2)
    assert stats["lists"][0]["plots"] == 106
    assert stats["lists"][0]["ties_out"] is True


def test_a_column_is_named_by_a_file_and_a_slip_in_it_is_told(
    line: Line, ledger: Path, issued: IssuedList, tmp_path: Path
) -> None:
    said = tmp_path / "列.json"
    said.write_text(json.dumps({"备注": "-"}, ensure_ascii=False), encoding="utf-8")
    told = line("import", ledger, issued.path, "--columns", said, "--dry-run")
    assert {"header": "备注", "field": None} in [
        {key: column[key] for key in ("header", "field")} for column in told["columns"]
    ]
    said.write_text('"备注" = "nosuch"', encoding="utf-8")
    assert line("import", ledger, issued.path, "--columns", said, code=2)["error"]["code"] == "unknown_column_field"
    said.write_text("[1, 2", encoding="utf-8")
    assert line("import", ledger, issued.path, "--columns", said, code=2)["error"]["code"] == "bad_columns"


def test_what_is_no_list_is_refused_in_a_sentence(line: Line, ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "空.xlsx").write_bytes(b"")
    (tmp_path / "文.xlsx").write_text("这不是表", encoding="utf-8")
    for name in ("空.xlsx", "文.xlsx", "没有.xlsx"):
        error = line("import", ledger, tmp_path / name, code=2)["error"]
        assert error["message"].endswith("。")
        assert error["message"].isascii() is False


def test_an_import_is_turned_back_while_nobody_worked_on_it(line: Line, ledger: Path, issued: IssuedList) -> None:
    entry = line("import", ledger, issued.path)["entry"]
    assert line("undo", ledger)["undoes"] == entry
    assert line("stats", ledger)["plots"] == 0


def test_plots_are_listed_page_by_page_and_by_condition(line: Line, ledger: Path, issued: IssuedList) -> None:
    line("import", ledger, issued.path)
    first = line("plots", ledger, "--limit", 100)
    rest = line("plots", ledger, "--after", first["next"])
    assert (len(first["plots"]), len(rest["plots"]), rest["next"]) == (100, 6, None)
    village = first["plots"][0]["village"]
    mine = line("plots", ledger, "--where", f"village={village},state=已下发")["plots"]
    assert {one["village"] for one in mine} == {village}
    large = line("plots", ledger, "--where", "issued_area>=5")["plots"]
    assert 0 < len(large) < 20
    assert line("plots", ledger, "--where", "nosuch=1", code=2)["error"]["code"] == "unknown_field"
    assert line("plots", ledger, "--where", "village", code=2)["error"]["code"] == "usage"
    assert line("plots", ledger, "--after", "x", code=2)["error"]["code"] == "usage"


def test_a_refused_list_says_which_option_helps(line: Line, ledger: Path, issued: IssuedList, tmp_path: Path) -> None:
    assert "--partial" in line("import", ledger, broken(issued, tmp_path / "坏.xlsx"), code=2)["error"]["hint"]
    line("import", ledger, issued.path)
    book = openpyxl.load_workbook(issued.path)
    book.worksheets[0]["P10"] = 99
    book.save(tmp_path / "重发.xlsx")
    hint = line("import", ledger, tmp_path / "重发.xlsx", code=2)["error"]["hint"]
    assert "--reissue-of" in hint


def test_the_figures_name_the_lists_that_a_new_issue_is_told_by(
    line: Line, ledger: Path, issued: IssuedList, capsys: pytest.CaptureFixture[str]
) -> None:
    name = line("import", ledger, issued.path)["list"]
    assert main(["stats", str(ledger)]) == 0
    assert name in capsys.readouterr().out


def test_a_village_s_form_is_known_and_sent_to_progress(
    line: Line, ledger: Path, issued: IssuedList, tmp_path: Path
) -> None:
    line("import", ledger, issued.path)
    form = tmp_path / "填报表.xlsx"
    line("export", ledger, form, "--form", "village")
    told = line("import", ledger, form, code=2)["error"]
    assert told["code"] == "village_form"
    assert "gengdi progress" in told["hint"]
    assert line("progress", ledger, form, "--date", "2023-08-18")["duplicates"] == issued.count
