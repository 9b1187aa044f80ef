"""Files of a ledger's folder: named by their hash, whole, and verified when they are read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.ledger import folder as folders
from gengdi_desktop.ledger.folder import FolderPart, LedgerFolder, StoredFile, file_label, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import StoredFileRow
from gengdi_desktop.system.files import Digest
from tests.helpers.databases import asked
from tests.helpers.ledgers import CLERK

PHOTO = b"\xff\xd8\xff photo"
SHA = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> LedgerFolder:
    """A folder with its parts."""
    made = LedgerFolder(tmp_path / "台账")
    made.make()
    return made


def test_the_folder_and_its_file_mean_the_same(tmp_path: Path) -> None:
    assert LedgerFolder.of(tmp_path).root == LedgerFolder.of(tmp_path / "ledger.gengdi").root == tmp_path
    assert LedgerFolder.of(tmp_path / "other.gengdi").root == tmp_path / "other.gengdi"


def test_bytes_and_files_are_kept_under_their_hash(folder: LedgerFolder, tmp_path: Path) -> None:
    source = tmp_path / "照片.JPG"
    source.write_bytes(PHOTO)
    kept = folder.keep(FolderPart.EVIDENCE, source)
    assert kept == StoredFile(SHA, len(PHOTO), "evidence", ".jpg")
    assert folder.path_of(kept) == folder.root / "evidence" / f"{SHA}.jpg"
    assert (folder.read(kept), source.read_bytes()) == (PHOTO, PHOTO)
    assert folder.keep(FolderPart.EVIDENCE, PHOTO, ".JPG") == kept
    assert [path.name for path in (folder.root / "evidence").iterdir()] == [f"{SHA}.jpg"]


@pytest.mark.parametrize("suffix", ["", "jpg", "./x", ".a b", ".照片", "." + "x" * 9, ".."])
def test_a_strange_ending_is_left_out(folder: LedgerFolder, suffix: str) -> None:
    assert folder.keep(FolderPart.ISSUED, PHOTO, suffix).suffix == ""


def test_a_damaged_file_is_written_again_and_a_sound_one_is_not(folder: LedgerFolder) -> None:
    kept = folder.keep(FolderPart.EVIDENCE, PHOTO)
    path = folder.path_of(kept)
    first = path.stat().st_ino
    folder.keep(FolderPart.EVIDENCE, PHOTO)
    assert path.stat().st_ino == first
    path.write_bytes(b"damaged")
    folder.keep(FolderPart.EVIDENCE, PHOTO)
    assert path.read_bytes() == PHOTO


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    folder: LedgerFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.jpg"
    source.write_bytes(PHOTO)

    def changing(_: Path, target: Path) -> Digest:
        target.write_bytes(b"another")
        return Digest("0" * 64, 7)

    monkeypatch.setattr(folders, "copy_whole", changing)
    with pytest.raises(SurroundingsError) as refused:
        folder.keep(FolderPart.EVIDENCE, source)
    assert refused.value.code == "file_changed"
    assert list((folder.root / "evidence").iterdir()) == []


def test_a_missing_and_a_damaged_file_are_told_by_a_short_name(folder: LedgerFolder) -> None:
    kept = folder.keep(FolderPart.EVIDENCE, PHOTO, ".jpg")
    assert file_label(kept) == f"evidence/{SHA[:12]}.jpg"
    folder.path_of(kept).write_bytes(b"damaged")
    with pytest.raises(SurroundingsError) as refused:
        folder.read(kept)
    assert (refused.value.code, file_label(kept) in refused.value.message) == ("file_damaged", True)
    folder.path_of(kept).unlink()
    with pytest.raises(SurroundingsError) as refused:
        folder.read(kept)
    assert (refused.value.code, file_label(kept) in refused.value.message) == ("file_missing", True)


def test_a_row_and_what_was_kept_lead_to_the_same_file(folder: LedgerFolder) -> None:
    kept = folder.keep(FolderPart.REPORTS, PHOTO, ".pdf")
    row = StoredFileRow(id=SHA, folder="reports", suffix=".pdf", size=len(PHOTO))
    assert folder.path_of(row) == folder.path_of(kept)
    assert (folder.read(row), file_label(row)) == (PHOTO, file_label(kept))


def test_the_same_file_twice_has_one_row(township: Ledger) -> None:
    kept = township.folder.keep(FolderPart.EVIDENCE, PHOTO, ".jpg")
    with township.begin(Operation.ATTACH, CLERK) as work:
        assert record_file(work, kept) == record_file(work, kept) == SHA
        work.commit()
    with township.begin(Operation.ATTACH, CLERK) as work:
        record_file(work, township.folder.keep(FolderPart.ISSUED, PHOTO, ".xlsx"))
        assert work.commit().nothing
    rows = asked(township.folder.database, "SELECT id, folder, suffix, size FROM stored_file")
    assert rows == [(SHA, "evidence", ".jpg", len(PHOTO))]


def test_what_lies_in_a_folder_decides_what_it_may_become(folder: LedgerFolder) -> None:
    assert folder.is_unused()
    assert not folder.holds_other_things()
    folder.database.write_bytes(b"x")
    assert not folder.is_unused()
    assert not folder.holds_other_things()
    (folder.root / "notes.txt").write_bytes(b"x")
    assert folder.holds_other_things()
    assert folder.writable
