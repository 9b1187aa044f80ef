"""What was looked at while a file was being read is taken only where it says what reading it afterwards says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.intake.ahead import RowsAhead
from gengdi_desktop.intake.examine import Surroundings, examine
from gengdi_desktop.intake.mapping import parse_choice
from gengdi_desktop.intake.places import Home
from gengdi_desktop.intake.previews import ImportOptions, ImportPreview
from gengdi_desktop.intake.read_sheets import Basis, RowsOfSheet
from gengdi_desktop.intake.view import LedgerView
from gengdi_desktop.sheets.cells import ForeignWorkbook
from gengdi_desktop.sheets.following import Following
from gengdi_desktop.sheets.reader import read_workbook
from gengdi_desktop.system.reference import divisions, land_classes
from tests.helpers.foreign_tables import Merged, Rows, write_xlsx
from tests.helpers.imports import HEAD, line

TITLE = "白圩乡流出图斑清单"
PLAIN: Rows = [
    [TITLE],
    HEAD,
    *(line(number) for number in range(1, 121)),
    ["合计", "", "", "120个", 180.0],
    ["填表人："],
]


class Watched(RowsAhead):
    """Counts how many rows were not read once more."""

    spared = 0

    def rows_of(self, basis: Basis) -> RowsOfSheet | None:
        found = super().rows_of(basis)
        self.spared += found.taken if found is not None else 0
        return found


def around() -> Surroundings:
    home = Home("进贤县", "360124", "白圩乡", "360124205", whole_county=False)
    return Surroundings(LedgerView(home), divisions(), land_classes(), date(2023, 8, 20))


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Any]:
    opened: list[ForeignWorkbook] = []

    def make(merges: tuple[Merged, ...] = (), **sheets: Rows) -> ForeignWorkbook:
        path = write_xlsx(tmp_path / "清单.xlsx", sheets, merges=merges)
        opened.append(read_workbook(path, folder=tmp_path))
        return opened[-1]

    yield make
    for book in opened:
        book.close()


def compared(book: ForeignWorkbook, options: ImportOptions) -> tuple[ImportPreview, int]:
    """The preview of a file that was followed, after making sure that it is the same as of one that was not."""
    ahead = Watched(options, around)
    with closing(Following(book.spool, ahead)) as following:
        while following.look():
            pass
    found, plain = examine(book, options, ahead.around, ahead), examine(book, options, around())
    assert [vars(one) for one in found.readings] == [vars(one) for one in plain.readings]
    assert found.decisions == plain.decisions
    for name in ("sheets", "columns", "questions", "totals", "notes", "problems", "total_problems", "expected"):
        assert getattr(found, name) == getattr(plain, name), name
    return found, ahead.spared


def test_a_plain_list_is_not_read_twice(books: Any) -> None:
    found, spared = compared(books(清单=PLAIN), ImportOptions())
    assert spared == len(PLAIN)
    assert (len(found.readings), found.totals[0].sheet, found.totals[0].agrees) == (120, "清单", True)


def test_blocks_above_the_rows_change_nothing(books: Any) -> None:
    _, spared = compared(books(((0, 0, 0, 7),), 清单=PLAIN), ImportOptions())
    assert spared == len(PLAIN)


def test_a_header_of_two_rows_with_its_blocks_is_expected_as_it_is(books: Any) -> None:
    grouped: Rows = [
        [TITLE],
        ["序号", "村", "图斑", "", "耕地面积（亩）", "流出年度"],
        ["", "", "图斑编号", "标识码", "", ""],
        *([number, "白圩村", f"{number:04d}", f"3601241100{number:08d}", 1.5, 2022] for number in range(1, 61)),
    ]
    blocks = ((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 2, 4), (1, 5, 2, 5))
    found, _ = compared(books(blocks, 清单=grouped), ImportOptions())
    assert [one.refusals for one in found.readings if one.refusals] == []


def test_blocks_among_the_rows_are_looked_at_once_more(books: Any) -> None:
    rows = [*PLAIN[:40], line(39, area=None), *PLAIN[41:]]
    found, spared = compared(books(((39, 4, 40, 4),), 清单=rows), ImportOptions())
    assert spared == 0
    assert "merged_cell" in {problem.code for problem in found.problems}


def test_all_sheets_of_a_list_are_followed(books: Any) -> None:
    second = [[TITLE], HEAD, *(line(number) for number in range(201, 261))]
    found, spared = compared(books(一=PLAIN, 说明=[["填表说明"]], 二=second), ImportOptions())
    assert spared == len(PLAIN) + len(second)
    assert len(found.readings) == 180


def test_only_the_sheet_that_is_named_counts(books: Any) -> None:
    second = [[TITLE], HEAD, *(line(number) for number in range(201, 261))]
    found, spared = compared(books(一=PLAIN, 二=second), ImportOptions(sheet="二"))
    assert (spared, len(found.readings)) == (len(second), 60)


def test_what_a_person_says_of_columns_and_cells_holds_ahead_too(books: Any) -> None:
    rows = [*PLAIN[:50], line(49, area="约一亩半"), *PLAIN[51:]]
    options = ImportOptions(cells={("清单", 51, "E"): "1.5"}, columns={"备注": parse_choice("")})
    found, spared = compared(books(清单=rows), options)
    assert spared == len(rows)
    assert [note.code for note in found.notes if note.row == 51] == ["cell_said"]


def test_cells_of_two_sheets_are_not_guessed(books: Any) -> None:
    options = ImportOptions(cells={("一", 51, "E"): "1.5", ("二", 3, "E"): "2"})
    second = [[TITLE], HEAD, *(line(number) for number in range(201, 261))]
    _, spared = compared(books(一=PLAIN, 二=second), options)
    assert spared == 0


def test_columns_that_do_not_fit_are_refused_in_words_as_ever(books: Any) -> None:
    options = ImportOptions(columns={"没有这一列": parse_choice("plot_no")}, sheet="清单")
    ahead = RowsAhead(options, around)
    book = books(清单=PLAIN)
    with closing(Following(book.spool, ahead)) as following:
        while following.look():
            pass
    with pytest.raises(Exception, match="没有这一列") as caught:
        examine(book, options, ahead.around, ahead)
    assert getattr(caught.value, "code", "") == "unknown_column"


def test_the_area_that_the_notice_means_is_read_once_more(books: Any) -> None:
    head = ["序号", "村", "图斑编号", "图斑面积（亩）", "耕地面积（亩）"]
    rows: Rows = [[TITLE], head, *([number, "白圩村", f"{number:04d}", 2, 1] for number in range(1, 101))]
    found, _ = compared(books(清单=rows), ImportOptions(expect_count=100, expect_area=Area.parse("100")))
    other, _ = compared(books(清单=rows), ImportOptions(expect_count=100, expect_area=Area.parse("200")))
    assert {found.area_column and found.area_column.field, other.area_column and other.area_column.field} == {
        "plot_area",
        "cultivated_area",
    }
