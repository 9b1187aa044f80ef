"""Reading through the real child process: what arrives, and what is refused with which sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from gengdi_desktop.errors import Cancelled, GengdiError, SurroundingsError
from gengdi_desktop.sheets.formats import TableFormat
from gengdi_desktop.sheets.reader import ReadLimits, read_workbook
from gengdi_desktop.system.child import ChildEnd, ChildFailure
from tests.helpers.foreign_tables import Rows, rewrite_part, write_xlsx

ROWS: Rows = [["序号", "图斑编号", "面积（亩）"], [1, "0012", 12.34], [2, "0013", 0.1 + 0.2]]


def test_a_workbook_arrives_row_by_row_and_can_be_read_twice(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": ROWS, "空表": []})
    with read_workbook(path, folder=tmp_path) as book:
        assert book.format is TableFormat.XLSX
        assert not book.misnamed
        assert book.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert [(sheet.name, sheet.row_count, sheet.column_count) for sheet in book.sheets] == [
            ("清单", 3, 3),
            ("空表", 0, 0),
        ]
        for _ in range(2):
            rows = list(book.sheets[0].rows())
            assert [row.number for row in rows] == [1, 2, 3]
            assert rows[1].texts == ["1", "0012", "12.34"]
            assert rows[1].kinds == "ntn"
            assert rows[2].texts[2] == "0.3"
        assert list(book.sheets[1].rows()) == []


def test_leaving_the_context_removes_the_spool(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": ROWS})
    with read_workbook(path, folder=tmp_path) as book:
        assert book.spool.exists()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 cut off", "file_truncated"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml_2003"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") * 300, "file_damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_is_no_table_is_refused_with_one_sentence_and_leaves_nothing(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "清单.xls"
    path.write_bytes(content)
    with pytest.raises(SurroundingsError) as caught:
        read_workbook(path, folder=tmp_path)
    assert caught.value.code == code
    assert "台账没有变" in caught.value.message
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == [path]


def test_a_cut_workbook_says_that_it_is_incomplete(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": ROWS})
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(SurroundingsError, match="不完整"):
        read_workbook(path, folder=tmp_path)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as missing:
        read_workbook(tmp_path / "没有.xlsx", folder=tmp_path)
    with pytest.raises(SurroundingsError) as folder:
        read_workbook(tmp_path, folder=tmp_path)
    assert (missing.value.code, folder.value.code) == ("file_missing", "not_a_file")


def test_a_sheet_of_two_far_cells_stops_at_the_memory_limit_and_the_program_lives(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": [["序号"]]})
    rewrite_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            "</sheetData>", '<row r="1048576"><c r="XFD1048576" t="b"><v>1</v></c></row></sheetData>'
        ),
    )
    with pytest.raises(ChildFailure) as caught:
        read_workbook(path, folder=tmp_path, limits=ReadLimits(memory_mb=512, seconds=20))
    assert caught.value.end in {ChildEnd.MEMORY, ChildEnd.CRASH}
    assert list(tmp_path.iterdir()) == [path]


def test_an_entity_bomb_is_refused_at_once(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": ROWS})
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'
    rewrite_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("<worksheet", bomb, 1))
    with pytest.raises(SurroundingsError) as caught:
        read_workbook(path, folder=tmp_path)
    assert caught.value.code == "file_damaged"


def test_a_part_that_unpacks_too_large_is_counted_and_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": ROWS})
    rewrite_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml + " " * 5_000_000)
    with pytest.raises(SurroundingsError) as caught:
        read_workbook(path, folder=tmp_path, limits=ReadLimits(unpacked_mb=4))
    assert caught.value.code == "unpacks_too_large"


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": ROWS})
    with pytest.raises(SurroundingsError) as caught:
        read_workbook(path, folder=tmp_path, limits=ReadLimits(cells=5))
    assert caught.value.code == "too_many_cells"


def test_cancelling_stops_the_child_and_leaves_nothing(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": [[1, "甲"]] * 6000})
    with pytest.raises(Cancelled):
        read_workbook(path, folder=tmp_path, cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_file_cut_anywhere_is_read_or_refused_but_never_crashes(tmp_path: Path, cut: int) -> None:
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": ROWS})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * cut // 100])
    with pytest.raises(GengdiError):
        read_workbook(path, folder=tmp_path)
