"""Rows are handed over while the spool grows: whole, in order, sheet by sheet; taken back where they are nobody's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from gengdi_desktop.errors import RuleError
from gengdi_desktop.sheets.cells import ForeignSheet, SheetRow
from gengdi_desktop.sheets.following import Following
from gengdi_desktop.sheets.reader import OtherReader, read_workbook
from tests.helpers.foreign_tables import Rows, write_xlsx


class Notes:
    """Keeps what it is given, by sheet."""

    def __init__(self, wanted: Sequence[bool] = (True, True, True)) -> None:
        self.sheets: list[tuple[int, list[SheetRow], list[SheetRow]]] = []
        self._wanted = list(wanted)

    def begin(self, sheet: ForeignSheet) -> bool:
        self.sheets.append((sheet.position, sheet.head(3), []))
        return self._wanted[len(self.sheets) - 1]

    def take(self, rows: Sequence[SheetRow]) -> None:
        self.sheets[-1][2].extend(rows)

    def forget(self) -> None:
        self.sheets.pop()


def spooled(first: int, count: int) -> bytes:
    rows = ([number, "tt", [f"{number:04d}", "白圩村"]] for number in range(first, first + count))
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def told(**said: object) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def follow(spool: Path, notes: Notes, pieces: Sequence[bytes]) -> None:
    following = Following(spool, notes)
    assert not following.look(), "there is no spool yet"
    try:
        with spool.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                file.flush()
                while following.look():
                    pass
    finally:
        following.close()


@pytest.mark.parametrize("length", [7, 100, 5000])
def test_rows_arrive_whole_however_the_spool_grows(tmp_path: Path, length: int) -> None:
    whole = spooled(1, 200) + told(name="清单") + spooled(1, 40) + told(name="附表") + told(format="xlsx")
    notes = Notes()
    follow(tmp_path / "rows", notes, [whole[at : at + length] for at in range(0, len(whole), length)])
    assert [(place, [row.number for row in rows]) for place, _, rows in notes.sheets] == [
        (0, list(range(1, 201))),
        (1, list(range(1, 41))),
    ]
    assert [[row.texts[0] for row in head] for _, head, _ in notes.sheets] == [["0001", "0002", "0003"]] * 2


def test_a_sheet_of_some_rows_is_left_to_its_reader(tmp_path: Path) -> None:
    notes = Notes()
    follow(tmp_path / "rows", notes, [spooled(1, 29), told(name="小表"), spooled(1, 30)])
    assert [(place, len(rows)) for place, _, rows in notes.sheets] == [(1, 30)]


def test_rows_that_are_nobodys_are_forgotten_and_come_once_more(tmp_path: Path) -> None:
    notes = Notes()
    follow(tmp_path / "rows", notes, [spooled(1, 100), told(forgotten=100), spooled(5, 50), told(name="清单")])
    assert [(place, rows[0].number, len(rows)) for place, _, rows in notes.sheets] == [(0, 5, 50)]


def test_forgetting_a_sheet_that_had_not_begun_takes_nothing_back(tmp_path: Path) -> None:
    notes = Notes()
    pieces = [spooled(1, 40), told(name="清单"), spooled(1, 3), told(forgotten=3)]
    follow(tmp_path / "rows", notes, pieces)
    assert [(place, len(rows)) for place, _, rows in notes.sheets] == [(0, 40)]


def test_what_nobody_wants_is_not_handed_over(tmp_path: Path) -> None:
    notes = Notes([False, True])
    follow(tmp_path / "rows", notes, [spooled(1, 40), told(name="封面"), spooled(1, 40)])
    assert [len(rows) for _, _, rows in notes.sheets] == [0, 40]


def test_half_a_character_arrives_as_it_is(tmp_path: Path) -> None:
    notes = Notes()
    odd = json.dumps([1, "t", ["山\ud83d"]], ensure_ascii=False).encode(errors="surrogatepass") + b"\n"
    follow(tmp_path / "rows", notes, [odd + spooled(2, 30)])
    assert notes.sheets[0][2][0].texts == ["山\ud83d"]


def test_what_is_followed_is_what_can_be_read_afterwards(tmp_path: Path) -> None:
    rows: Rows = [["图斑编号", "面积（亩）"], *([f"{number:04d}", number / 4] for number in range(200))]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
    with read_workbook(path, folder=tmp_path) as book:
        notes = Notes()
        following = Following(book.spool, notes)
        assert following.look()
        assert not following.look()
        following.close()
        read = list(book.sheets[0].rows())
        assert notes.sheets == [(0, read[:3], read)]
        assert list(book.sheets[0].rows(150)) == read[150:]


def test_the_reader_hands_rows_over_while_the_child_works_and_an_error_ends_it(tmp_path: Path) -> None:
    class Refusing(Notes):
        def take(self, rows: Sequence[SheetRow]) -> None:
            super().take(rows)
            if len(self.sheets[-1][2]) > 5000:
                raise RuleError("not_mine", "这不是清单。")

    endless = OtherReader("tests.helpers.child_entries:rows_without_end", {}, "00")
    notes = Refusing()
    with pytest.raises(RuleError):
        read_workbook(tmp_path / "清单.xlsx", folder=tmp_path, follower=notes, other=endless)
    assert [row.number for row in notes.sheets[0][2][:3]] == [1, 2, 3]
    assert list(tmp_path.iterdir()) == []
