"""The ledger as a table: every plot, exact areas, nothing private, nothing that executes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.reports import service
from gengdi_desktop.storage.tables import PlotRow
from tests.unit.reports.ledgers import CLERK, STORY, make


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with make(tmp_path_factory.mktemp("l") / "台账") as made:
        with made.begin(Operation.EDIT, CLERK) as work:
            row = work.session.get(PlotRow, f"{0:032x}")
            assert row is not None
            row.party, row.remark = "=HYPERLINK(1)", "+86"
            row.party_contact = work.private("plot.party_contact", "13800000000")
            work.commit()
        yield made


def table(path: Path) -> tuple[list[str], list[dict[str, object]]]:
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    names = [str(head) for head in heads]
    return names, [dict(zip(names, row, strict=True)) for row in rows]


def test_a_workbook_has_every_plot_with_exact_areas(ledger: Ledger, tmp_path: Path) -> None:
    told = service.export(ledger, tmp_path / "台账.xlsx")
    _heads, rows = table(told.file)
    assert told.rows == len(rows) == len(STORY)
    assert [round(float(str(row["下发面积（亩）"])) * 100) for row in rows] == [one.area for one in STORY]
    assert rows[0]["标识码"] == "360124100205000000"
    assert rows[0]["图斑编号"] == "0001"
    assert rows[0]["占用主体"] == "=HYPERLINK(1)"


def test_private_values_stay_at_home(ledger: Ledger, tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv"):
        service.export(ledger, tmp_path / name)
    heads, rows = table(tmp_path / "a.xlsx")
    assert not any("联系方式" in head for head in heads)
    assert not any("13800000000" in str(value) for row in rows for value in row.values())
    assert "13800000000" not in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_a_csv_opens_in_a_spreadsheet_and_executes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    service.export(ledger, tmp_path / "台账.CSV")
    data = (tmp_path / "台账.CSV").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    heads, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    first = dict(zip(heads, rows[0], strict=True))
    assert (first["占用主体"], first["备注"]) == ("'=HYPERLINK(1)", "'+86")
    assert first["下发面积（亩）"] == "1.50"
    assert len(rows) == len(STORY)


def test_the_same_ledger_gives_the_same_bytes(ledger: Ledger, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        service.export(ledger, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_another_format_is_refused_and_nothing_written(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        service.export(ledger, tmp_path / "台账.docx")
    assert caught.value.code == "unknown_format"
    assert not any(tmp_path.iterdir())
