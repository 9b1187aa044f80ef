"""Files as a whole: several sheets, hidden things, private columns, changes meanwhile, and the way back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlwt  # type: ignore[import-untyped]
from sqlalchemy import text

from gengdi_desktop.domain.choices import ListKind
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import Cancelled, RuleError, SurroundingsError
from gengdi_desktop.intake import service
from gengdi_desktop.intake.ahead import RowsAhead
from gengdi_desktop.intake.diff import RowOutcome
from gengdi_desktop.intake.places import Home
from gengdi_desktop.intake.shape_preview import read_list
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import PlotQuery, plot_card, plot_ids
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.sheets.reader import read_workbook
from gengdi_desktop.system.paths import HOME_VARIABLE
from tests.helpers.foreign_tables import Rows, write_xls, write_xlsx
from tests.helpers.imports import HEAD, codes, line, noted, plots, table, take
from tests.helpers.ledgers import CLERK, new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "台账") as made:
        yield made


def test_sheets_laid_out_alike_are_one_list_and_the_others_are_told(ledger: Ledger, tmp_path: Path) -> None:
    sheets = {
        "一组": [HEAD, line(1)],
        "填表说明": [["一、……"]],
        "二组": [HEAD, line(2)],
        "Sheet3": [],
        "旧": [HEAD, line(3)],
    }

    def touch(_: Any, made: Mapping[str, Any]) -> None:
        made["旧"].hide()

    path = write_xlsx(tmp_path / "全乡.xlsx", sheets, touch=touch)
    with service.preview(ledger, path) as found:
        assert [(sheet.sheet.name, sheet.read) for sheet in found.sheets] == [
            ("一组", True),
            ("填表说明", False),
            ("二组", True),
            ("Sheet3", False),
            ("旧", False),
        ]
        assert [sheet.why_not for sheet in found.sheets][1:4] == ["认不出表头", "", "空表"]
    outcome = take(ledger, path)
    assert (outcome.sheets, outcome.imported, outcome.list_name) == (("一组", "二组"), 2, "全乡")
    assert noted(outcome) == [("旧", None, "hidden_sheet")]
    assert take(ledger, path, sheet="旧").imported == 1


def test_a_file_whose_sheets_are_all_hidden_says_so(ledger: Ledger, tmp_path: Path) -> None:
    def touch(_: Any, made: Mapping[str, Any]) -> None:
        made["清单"].hide()
        made["空"].set_first_sheet()
        made["空"].activate()

    path = write_xlsx(tmp_path / "清单.xlsx", {"空": [], "清单": [HEAD, line(1)]}, touch=touch)
    with pytest.raises(RuleError) as caught:
        take(ledger, path)
    assert caught.value.code == "only_hidden"
    assert take(ledger, path, sheet="清单").imported == 1


def test_lists_laid_out_otherwise_are_asked_about(ledger: Ledger, tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"一": [HEAD, line(1)], "二": [["村", "图斑编号", "面积（亩）"], ["白圩村", "7", 1]]}
    path = write_xlsx(tmp_path / "清单.xlsx", sheets)
    with pytest.raises(RuleError) as caught:
        take(ledger, path)
    assert caught.value.code == "several_tables"
    assert take(ledger, path, sheet="二").imported == 1
    with pytest.raises(RuleError) as unknown:
        take(ledger, path, sheet="三")
    assert unknown.value.code == "unknown_sheet"


def test_hidden_rows_and_columns_are_read_and_told(ledger: Ledger, tmp_path: Path) -> None:
    def touch(_: Any, sheets: Mapping[str, Any]) -> None:
        sheets["清单"].set_row(2, None, None, {"hidden": True})
        sheets["清单"].set_column(6, 6, None, None, {"hidden": True})

    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": [HEAD, line(1), line(2)]}, touch=touch)
    outcome = take(ledger, path)
    assert outcome.imported == 2
    assert [code for _, _, code in noted(outcome)] == ["hidden_rows", "hidden_columns"]


def test_columns_that_nobody_knows_are_kept_and_private_ones_sealed(ledger: Ledger, tmp_path: Path) -> None:
    head = [*HEAD[:6], "包片组长意见", "农户身份证", "备用联系", "联系电话"]
    secret = ["11010519491231002X", "13912345678", "13800138000"]
    rows: Rows = [head, [*line(1)[:6], "同意", *secret], [*line(2)[:6], "再议", *secret]]
    take(ledger, write_xlsx(tmp_path / "清单.xlsx", {"清单": rows}))
    card = plot_card(ledger, plot_ids(ledger, PlotQuery(order="position"))[0])
    cells = dict(card.lines[0].cells)
    assert cells["包片组长意见"] == "同意"
    assert [cells[name] for name in head[-3:]] == ["（已填，不显示）"] * 3
    with ledger.reading() as session:
        stored = json.loads(session.connection().execute(text("SELECT cells FROM list_line LIMIT 1")).scalar_one())
    assert [text.startswith("commitment:") for text in stored[-3:]] == [True] * 3
    database = ledger.folder.database.read_bytes() + ledger.folder.database.with_suffix(".gengdi-wal").read_bytes()
    assert secret[0].encode() in database, "the openings stand in their own table"
    assert check(ledger).ok


def test_a_county_s_ledger_takes_all_townships_and_refuses_unknown_ones(tmp_path: Path) -> None:
    rows: Rows = [
        ["乡镇", "村", "图斑编号", "耕地面积（亩）"],
        ["白圩乡", "白圩村", "1", 1],
        ["民和镇", "岚湖社区", "1", 1],
        ["没有乡", "某村", "1", 1],
    ]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
    with new_ledger(tmp_path / "县", desk=Desk.COUNTY) as ledger:
        outcome = take(ledger, path, partial=True)
    assert (outcome.imported, codes(outcome)) == (2, ["township_unknown"])


def test_a_file_changed_since_the_preview_is_not_taken(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1)])
    with service.preview(ledger, path) as found:
        table(tmp_path, [line(1), line(2)])
        with pytest.raises(SurroundingsError) as caught:
            service.run(ledger, found, by=CLERK)
    assert caught.value.code == "file_changed"
    assert plots(ledger) == []


@pytest.mark.parametrize("before", [0, 3])
def test_a_list_that_comes_in_while_a_file_is_read_counts(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    if before:
        take(ledger, table(tmp_path, [line(number) for number in range(1, before + 1)], "旧.xlsx"))
    other = table(tmp_path, [line(number) for number in range(4, 7)], "别的.xlsx", title="别的清单")
    path = table(tmp_path, [line(number) for number in range(4, 9)], "新.xlsx", title="新来的清单")

    def meanwhile(path: Path, home: Home, cancelled: Any, ahead: RowsAhead) -> Any:
        assert len(ahead.around.view.lists) == bool(before)
        monkeypatch.setattr(service, "read_list", read_list)
        take(ledger, other)
        return read_list(path, home, cancelled, ahead)

    monkeypatch.setattr(service, "read_list", meanwhile)
    with service.preview(ledger, path) as found:
        assert "别的" in "".join(found.known_lists)
        assert found.count(RowOutcome.IMPORTED) == 2
        assert found.count(RowOutcome.REFUSED) == 0


def test_cancelling_a_preview_leaves_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(number) for number in range(1, 1200)])

    def stop(done: int, _: int) -> None:
        if done >= 500:
            raise Cancelled

    head = ledger.head()
    with pytest.raises(Cancelled):
        service.preview(ledger, path, progress=stop)
    assert ledger.head() == head


def test_cancelling_in_the_middle_of_writing_leaves_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(number) for number in range(1, 2700)])
    told: list[int] = []

    def stop(done: int, _: int) -> None:
        told.append(done)
        if done >= 2000:
            raise Cancelled

    head = ledger.head()
    with service.preview(ledger, path) as found:
        with pytest.raises(Cancelled):
            service.run(ledger, found, by=CLERK, progress=stop)
        assert len(told) > 3
        assert told == sorted(told)
        assert (told[0], 2000 <= told[-1] < 2699) == (0, True)
        assert (ledger.head(), plots(ledger)) == (head, [])
        assert service.run(ledger, found, by=CLERK).imported == 2699
    assert check(ledger).ok


def test_an_import_is_undone_whole(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1, phone="13800138000"), line(2, "两亩")])
    take(ledger, path, partial=True)
    undo(ledger, by=CLERK)
    now = figures(ledger)
    assert (now.plots.count, now.unentered.count, now.lists) == (0, 0, ())
    assert check(ledger).ok
    assert take(ledger, path, partial=True).imported == 1


def test_a_kind_that_is_said_wins(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1)]), kind=ListKind.INSPECTION, name="督察清单")
    assert [(listed.name, listed.kind) for listed in figures(ledger).lists] == [("督察清单", "inspection")]


def test_struck_styles_of_old_workbooks_refuse_too(ledger: Ledger, tmp_path: Path) -> None:
    def touch(_: Any, sheets: Mapping[str, Any]) -> None:
        sheets["清单"].write(1, 2, "0001", xlwt.easyxf("font: struck_out true"))

    rows: Rows = [HEAD[:6], line(1)[:6], line(2)[:6]]
    outcome = take(ledger, write_xls(tmp_path / "清单.xls", {"清单": rows}, touch=touch), partial=True)
    assert (outcome.imported, codes(outcome)) == (1, ["struck_through"])


def test_the_list_is_called_by_the_line_that_names_it_and_knows_its_day(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [
        ["附件2"],
        ["进贤县2022年度耕地流出图斑清单"],
        ["下发单位：县专班　下发日期：2023.7.20"],
        HEAD,
        line(1),
    ]
    merges = [(row, 0, row, 7) for row in range(3)]
    outcome = take(ledger, write_xlsx(tmp_path / "x.xlsx", {"清单": rows}, merges=merges))
    assert outcome.list_name == "进贤县2022年度耕地流出图斑清单"
    with ledger.reading() as session:
        row = session.connection().execute(text("SELECT issuer, issued_on FROM plot_list")).one()
    assert tuple(row) == ("县专班", "2023-07-20")


def test_what_a_killed_program_left_is_removed_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))  # what other tests have open does not count here
    path = table(tmp_path, [line(1)])
    with read_workbook(path) as book:
        folder = book.spool.parent
        old, young = folder / "old.rows", folder / "young.rows"
        for left in (old, young):
            left.touch()
        os.utime(old, (0, 0))
    read_workbook(path).close()
    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()
    assert list(folder.glob("*.rows")) == []
