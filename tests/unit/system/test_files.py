"""Files appear whole or not at all, and what a disk refuses is told in words."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.files import (
    Digest,
    copy_whole,
    digest_of,
    free_bytes,
    opened,
    remove_parts,
    require_room,
    told,
    write_whole,
    writing,
)

DATA = "耕地".encode() * 700_000


def test_a_written_file_is_what_was_given(tmp_path: Path) -> None:
    target = tmp_path / "整改 台账&%.bin"
    assert write_whole(target, DATA) == Digest(hashlib.sha256(DATA).hexdigest(), len(DATA))
    assert target.read_bytes() == DATA
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_an_exception_leaves_the_older_file(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), writing(target) as stream:
        stream.write(b"new" + bytes(1 // len(b"")))
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_copy_has_the_digest_of_its_source(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(DATA)
    assert copy_whole(source, target) == digest_of(source) == digest_of(target)


def test_a_missing_source_leaves_no_part(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as caught:
        copy_whole(tmp_path / "none", tmp_path / "b")
    assert caught.value.code == "not_found"
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.pdf.part").write_text("half")
    (tmp_path / "a.pdf").write_text("whole")
    assert remove_parts(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.pdf", "deep"]


def test_room_is_asked_for_before_the_work(tmp_path: Path) -> None:
    require_room(tmp_path, 1)
    with pytest.raises(SurroundingsError) as caught:
        require_room(tmp_path, free_bytes(tmp_path) + 10**15)
    assert caught.value.code == "disk_full"
    assert "MB" in caught.value.message


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as caught, opened(tmp_path):
        pass
    assert caught.value.code == "is_folder"


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as caught:
        write_whole(tmp_path / ("长" * 200), b"")
    assert caught.value.code == "name_too_long"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EROFS, "not_allowed"),
        (errno.EACCES, "not_allowed"),
        (errno.ENODEV, "not_found"),
        (errno.EIO, "disk_error"),
        (errno.EBADF, "disk_error"),
    ],
)
def test_each_error_of_the_system_has_its_sentence(number: int, code: str) -> None:
    error = told(OSError(number, "English"), Path("台账/报告.pdf"))
    assert error.code == code
    assert "报告.pdf" in error.message
    assert error.hint
    assert "English" not in error.message + error.hint


def test_a_file_held_by_another_program_is_told(tmp_path: Path) -> None:
    error = OSError(errno.EACCES, "in use")
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    assert told(error, tmp_path / "表.xlsx").code == "file_in_use"
