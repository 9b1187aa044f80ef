"""Backups are whole, checked and in every place; a restore brings a ledger back or leaves what was there."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, GengdiError, RuleError, SurroundingsError
from gengdi_desktop.ledger import backup
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.folder import DATABASE_NAME, FolderPart, LedgerFolder, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage import driver
from gengdi_desktop.system.files import PART, Digest, digest_of
from gengdi_desktop.system.ledger_lock import LedgerLockedError
from tests.helpers.clock import FixedClock
from tests.helpers.databases import asked
from tests.helpers.ledgers import CLERK, add_plots, new_ledger

PHOTO = b"\xff\xd8\xff photo"


def attach(ledger: Ledger, content: bytes) -> Path:
    """A kept photo with its row; where it lies."""
    kept = ledger.folder.keep(FolderPart.EVIDENCE, content, ".jpg")
    with ledger.begin(Operation.ATTACH, CLERK) as work:
        record_file(work, kept)
        work.commit()
    return ledger.folder.path_of(kept)


def made(ledger: Ledger, clock: FixedClock, *places: Path, full: bool = False) -> backup.Backup:
    """A backup of a ledger that is open."""
    return backup.make(ledger.folder, ledger.info.name, clock, places=places, full=full)


def plots(folder: Path) -> list[str]:
    """The plots of a ledger that must be sound."""
    with ledgers.open_ledger(folder, FixedClock()) as ledger:
        found = check(ledger)
        assert [one for one in found.problems if one.code != "file_missing"] == []
    return [one for (one,) in asked(folder / DATABASE_NAME, "SELECT id FROM plot ORDER BY id")]


def contents_of(folder: Path) -> dict[Path, bytes]:
    """The files of a folder, the lock and what SQLite makes while it reads left out."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".gengdi")]
    return {path: path.read_bytes() for path in files if not path.name.endswith(("-shm", "-wal"))}


def refused(file: Path, into: Path, clock: FixedClock) -> str:
    """The code with which a restore is refused; what was there must stay."""
    before = contents_of(into)
    with pytest.raises(GengdiError) as refusal:
        backup.restore(file, into, clock)
    assert contents_of(into) == before
    assert refusal.value.message.endswith("。")
    return refusal.value.code


# --------------------------------------------------------------------------------------------------------------- making


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("白圩乡", "白圩乡_"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j_"),
        ("  .. ", "台账_"),
        ("", "台账_"),
        ("一\n二\u200b", "一_二__"),
        ("长" * 300, "长" * 80 + "_"),
    ],
)
def test_a_backup_is_named_after_its_ledger_and_moment(name: str, begins: str) -> None:
    moment = datetime(2023, 8, 20, 2, 3, 4, tzinfo=UTC)
    expected = f"{begins}{moment.astimezone():%Y%m%d-%H%M%S}.gdbak"
    assert backup.file_name(name, moment) == expected


def test_a_backup_holds_a_checked_copy_and_the_list_of_files(township: Ledger, clock: FixedClock) -> None:
    attach(township, PHOTO)
    found = made(township, clock)
    assert found.file.parent == township.folder.part(FolderPart.BACKUPS)
    assert (found.size, found.copies) == (found.file.stat().st_size, ())
    with zipfile.ZipFile(found.file) as archive:
        assert archive.namelist() == [DATABASE_NAME, backup.LIST_NAME]
        listing = json.loads(archive.read(backup.LIST_NAME))
    assert (listing["format"], listing["full"]) == (1, False)
    [file] = listing["files"]
    assert (file["part"], file["suffix"], file["size"]) == ("evidence", ".jpg", len(PHOTO))
    assert [path.name for path in found.file.parent.iterdir()] == [found.file.name]


def test_a_full_backup_holds_the_files_too(township: Ledger, clock: FixedClock) -> None:
    attach(township, PHOTO)
    attach(township, b"another").unlink()
    with zipfile.ZipFile(made(township, clock, full=True).file) as archive:
        [photo] = [name for name in archive.namelist() if name.startswith("evidence/")]
        assert archive.read(photo) == PHOTO


def test_a_backup_goes_to_every_place_and_never_over_another(
    township: Ledger, clock: FixedClock, tmp_path: Path
) -> None:
    places = (tmp_path / "one", tmp_path / "stick" / "备份")
    first, second = made(township, clock, *places), made(township, clock, *places)
    assert second.file.name == first.file.name.replace(".gdbak", "-2.gdbak")
    for one in (first, second):
        [copy] = one.copies
        assert copy.parent == places[1]
        assert copy.read_bytes() == one.file.read_bytes()
    assert sorted(path.name for path in places[0].iterdir()) == sorted([first.file.name, second.file.name])


def test_what_is_saved_while_the_ledger_is_open_is_in_the_backup(
    township: Ledger, clock: FixedClock, tmp_path: Path
) -> None:
    add_plots(township, ["d"])
    assert driver.log_of(township.folder.database).stat().st_size > 0
    backup.restore(made(township, clock).file, tmp_path / "new", clock)
    assert plots(tmp_path / "new") == ["a", "b", "c", "d"]


def test_a_backup_needs_room(township: Ledger, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: Path, needed: int) -> None:
        assert needed > township.folder.database.stat().st_size
        raise SurroundingsError("disk_full", "磁盘空间不足。")

    monkeypatch.setattr(backup, "require_room", none)
    with pytest.raises(SurroundingsError):
        made(township, clock)
    assert list(township.folder.part(FolderPart.BACKUPS).iterdir()) == []


def spoil_zip(monkeypatch: pytest.MonkeyPatch, change: Callable[[bytes], bytes]) -> None:
    """A disk that does not keep what was written to it."""

    def lying(path: Path) -> Digest:
        found = digest_of(path)
        if path.name.endswith(".zip" + PART):
            path.write_bytes(change(path.read_bytes()))
        return found

    monkeypatch.setattr(backup, "digest_of", lying)


@pytest.mark.parametrize("how", ["some bytes of the database", "another database"])
def test_a_backup_that_cannot_be_read_back_is_not_left(
    township: Ledger, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "another database":
        monkeypatch.setattr(backup, "_read_back", lambda path, _: REAL_READ_BACK(path, "0" * 64))
    else:
        spoil_zip(monkeypatch, lambda data: data[:2000] + bytes(64) + data[2064:])
    with pytest.raises(GengdiError) as refusal:
        made(township, clock)
    assert refusal.value.code == "copy_damaged"
    assert list(township.folder.part(FolderPart.BACKUPS).iterdir()) == []


REAL_READ_BACK = backup._read_back


def test_a_stick_that_lies_is_told_and_the_first_backup_stays(
    township: Ledger, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lying(path: Path) -> Digest:
        found = digest_of(path)
        return Digest("0" * 64, found.size) if path.parent.name == "stick" else found

    monkeypatch.setattr(backup, "digest_of", lying)
    with pytest.raises(SurroundingsError) as refusal:
        made(township, clock, tmp_path / "one", tmp_path / "stick")
    assert refusal.value.code == "copy_differs"
    assert "请换一个U盘" in refusal.value.hint
    assert len(list((tmp_path / "one").iterdir())) == 1
    assert list((tmp_path / "stick").iterdir()) == []


def test_a_place_that_is_away_is_told(township: Ledger, clock: FixedClock, tmp_path: Path) -> None:
    (tmp_path / "stick").write_text("no folder")
    with pytest.raises(SurroundingsError):
        made(township, clock, tmp_path / "one", tmp_path / "stick")
    assert len(list((tmp_path / "one").iterdir())) == 1


# -------------------------------------------------------------------------------------------------------------- restore


def test_a_backup_becomes_a_ledger_in_a_new_folder(township: Ledger, clock: FixedClock, tmp_path: Path) -> None:
    attach(township, PHOTO)
    file = made(township, clock, full=True).file
    restored = backup.restore(file, tmp_path / "new" / "台账", clock)
    assert restored == backup.Restored(tmp_path / "new" / "台账", ())
    assert plots(restored.folder) == ["a", "b", "c"]
    assert [path.read_bytes() for path in (restored.folder / "evidence").iterdir()] == [PHOTO]
    assert list((restored.folder / "backups").iterdir()) == []
    with ledgers.open_ledger(restored.folder, clock) as ledger:
        assert ledger.info == township.info


def test_files_that_neither_backup_nor_folder_has_are_named(
    township: Ledger, clock: FixedClock, tmp_path: Path
) -> None:
    photo = attach(township, PHOTO)
    file = made(township, clock).file
    restored = backup.restore(file, tmp_path / "new", clock)
    assert restored.missing == (f"evidence/{photo.name}",)
    shutil.copy(photo, tmp_path / "new" / "evidence")
    assert backup.restore(file, tmp_path / "new", clock).missing == ()


def test_a_damaged_file_in_the_folder_is_replaced_from_the_backup(
    township: Ledger, clock: FixedClock, home: Path
) -> None:
    photo = attach(township, PHOTO)
    file = made(township, clock, full=True).file
    photo.write_bytes(b"damaged")
    township.close()
    assert backup.restore(file, home, clock).missing == ()
    assert photo.read_bytes() == PHOTO


def test_the_ledger_that_was_there_is_kept(township: Ledger, clock: FixedClock, home: Path) -> None:
    file = made(township, clock).file
    add_plots(township, ["d"])
    township.close()
    backup.restore(file, home / DATABASE_NAME, clock)
    assert plots(home) == ["a", "b", "c"]
    [kept] = home.glob("backups/恢复前_*.gengdi")
    assert [one for (one,) in asked(kept, "SELECT id FROM plot ORDER BY id")] == ["a", "b", "c", "d"]


def test_a_log_beside_the_old_file_is_not_played_into_the_restored_one(
    township: Ledger, clock: FixedClock, home: Path, tmp_path: Path
) -> None:
    file = made(township, clock).file
    add_plots(township, ["d"])
    crashed = shutil.copytree(home, tmp_path / "crashed", ignore=shutil.ignore_patterns(".gengdi*"))
    assert driver.log_of(crashed / DATABASE_NAME).stat().st_size > 0
    backup.restore(file, crashed, clock)
    assert not driver.log_of(crashed / DATABASE_NAME).exists()
    assert plots(crashed) == ["a", "b", "c"]
    [kept] = crashed.glob("backups/恢复前_*.gengdi")
    assert len(asked(kept, "SELECT id FROM plot")) == 4


@pytest.mark.parametrize("log", [b"", b"frames of somebody's work"])
def test_a_ledger_that_cannot_be_read_any_more_is_kept_byte_by_byte(
    township: Ledger, clock: FixedClock, home: Path, log: bytes
) -> None:
    file = made(township, clock).file
    township.close()
    (home / DATABASE_NAME).write_bytes(b"broken " * 100)
    if log:
        driver.log_of(home / DATABASE_NAME).write_bytes(log)
    backup.restore(file, home, clock)
    assert plots(home) == ["a", "b", "c"]
    [kept] = home.glob("backups/恢复前_*.gengdi")
    assert kept.read_bytes() == b"broken " * 100
    assert driver.log_of(kept).exists() == bool(log)
    assert not log or driver.log_of(kept).read_bytes() == log


def test_a_ledger_that_is_open_elsewhere_is_not_replaced(township: Ledger, clock: FixedClock, home: Path) -> None:
    file = made(township, clock).file
    with pytest.raises(LedgerLockedError):
        backup.restore(file, home, clock)
    add_plots(township, ["d"])


def test_another_ledgers_folder_is_not_written_over(township: Ledger, clock: FixedClock, tmp_path: Path) -> None:
    file = made(township, clock).file
    new_ledger(tmp_path / "other").close()
    assert refused(file, tmp_path / "other", clock) == "other_ledger"


def test_a_folder_with_other_things_is_not_touched(township: Ledger, clock: FixedClock, tmp_path: Path) -> None:
    file = made(township, clock).file
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").write_text("x")
    assert refused(file, tmp_path / "papers", clock) == "not_empty"
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(RuleError):
        backup.restore(file, tmp_path / "letter.txt", clock)


def changed_list(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Write a backup anew with another list."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    listing = json.loads(members[backup.LIST_NAME])
    change(listing)
    members[backup.LIST_NAME] = json.dumps(listing).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


LISTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another format": (lambda listing: listing.update(format=2), "not_a_backup"),
    "no format": (lambda listing: listing.pop("format"), "not_a_backup"),
    "no files": (lambda listing: listing.pop("files"), "not_a_backup"),
    "a file in an unknown part": (lambda listing: listing["files"][0].update(part=".."), "not_a_backup"),
    "a file with a path for an ending": (lambda listing: listing["files"][0].update(suffix="/../../x"), "not_a_backup"),
    "a file with a path for a hash": (lambda listing: listing["files"][0].update(sha256="../" * 20), "not_a_backup"),
    "a size in words": (lambda listing: listing["files"][0].update(size="big"), "not_a_backup"),
    "another database": (lambda listing: listing.update(database="0" * 64), "damaged"),
}


@pytest.mark.parametrize("how", LISTS)
def test_a_backup_with_a_wrong_list_is_refused(township: Ledger, clock: FixedClock, tmp_path: Path, how: str) -> None:
    attach(township, PHOTO)
    file = made(township, clock, tmp_path, full=True).file
    change, code = LISTS[how]
    changed_list(file, change)
    assert refused(file, tmp_path / "new", clock) == code


def test_a_file_of_another_content_counts_as_missing(township: Ledger, clock: FixedClock, tmp_path: Path) -> None:
    photo = attach(township, PHOTO)
    file = made(township, clock, tmp_path, full=True).file
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for wrong in (b"\xff\xd8\xff ph0to", b"much longer than the list says it is"):
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, wrong if name.startswith("evidence/") else data)
        restored = backup.restore(file, tmp_path / "new", clock)
        assert restored.missing == (f"evidence/{photo.name}",)
        assert list((tmp_path / "new" / "evidence").iterdir()) == []


def test_a_list_that_is_no_list_is_refused(clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.gdbak"
    for content in (b"[]", b"{", b"\xff", None):
        with zipfile.ZipFile(file, "w") as archive:
            if content is not None:
                archive.writestr(backup.LIST_NAME, content)
        assert refused(file, tmp_path / "new", clock) == "not_a_backup"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(backup.LIST_NAME, b'{"format": 1, "database": "x", "files": []}')
    monkeypatch.setattr(backup, "_MOST_LIST_BYTES", 5)
    assert refused(file, tmp_path / "new", clock) == "not_a_backup"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("cut", [0, 10, 1000, -1])
def test_a_cut_backup_is_refused(township: Ledger, clock: FixedClock, tmp_path: Path, cut: int) -> None:
    file = made(township, clock, tmp_path).file
    file.write_bytes(file.read_bytes()[:cut])
    assert refused(file, tmp_path / "new", clock) == "not_a_backup"


def test_every_damaged_byte_of_a_backup_is_noticed(township: Ledger, clock: FixedClock, tmp_path: Path) -> None:
    file = made(township, clock, tmp_path).file
    whole = file.read_bytes()
    for place in range(0, len(whole), len(whole) // 40):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            backup.restore(file, tmp_path / f"new{place}", clock)
        except SurroundingsError as refusal:
            codes = {refusal.code}
        else:
            # Some bytes of a zip carry no content: times, and what the directory says twice.
            codes = set()
            assert plots(tmp_path / f"new{place}") == ["a", "b", "c"]
        assert codes <= {"not_a_backup", "damaged"}


def test_a_database_that_swells_beyond_measure_is_refused(
    township: Ledger, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made(township, clock, tmp_path).file
    monkeypatch.setattr(backup, "_MOST_DATABASE_BYTES", 1000)
    assert refused(file, tmp_path / "new", clock) == "damaged"


def test_a_backup_of_a_newer_program_is_refused(
    township: Ledger, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made(township, clock, tmp_path).file
    monkeypatch.setattr("gengdi_desktop.storage.schema.SCHEMA_VERSION", 0)
    assert refused(file, tmp_path / "new", clock) == "too_new"


def test_a_backup_that_is_away_is_told(clock: FixedClock, tmp_path: Path) -> None:
    assert refused(tmp_path / "away.gdbak", tmp_path / "new", clock) == "not_found"
    assert not (tmp_path / "new").exists()


def test_an_old_ledger_without_a_row_of_its_own_may_be_replaced(
    township: Ledger, clock: FixedClock, tmp_path: Path
) -> None:
    file = made(township, clock, tmp_path).file
    folder = LedgerFolder(tmp_path / "half made")
    folder.root.mkdir()
    folder.make()
    folder.database.write_bytes(b"")
    backup.restore(file, folder.root, clock)
    assert plots(folder.root) == ["a", "b", "c"]


def test_a_restore_tells_how_far_it_is(township: Ledger, clock: FixedClock, tmp_path: Path) -> None:
    attach(township, PHOTO)
    told: list[tuple[int, int]] = []
    backup.restore(
        made(township, clock, tmp_path, full=True).file, tmp_path / "new", clock, lambda *at: told.append(at)
    )
    assert told == sorted(told)
    assert told[-1] == (told[0][1], told[0][1])


@pytest.mark.parametrize("at", ["first", "last"])
def test_a_restore_that_is_stopped_leaves_nothing(township: Ledger, clock: FixedClock, tmp_path: Path, at: str) -> None:
    attach(township, PHOTO)
    file = made(township, clock, tmp_path, full=True).file
    steps = 0

    def count(_done: int, _total: int) -> None:
        nonlocal steps
        steps += 1

    backup.restore(file, tmp_path / "whole", clock, count)
    left = 1 if at == "first" else steps

    def stop(_done: int, _total: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Cancelled

    own = contents_of(township.folder.root)
    with pytest.raises(Cancelled):
        backup.restore(file, tmp_path / "a" / "new", clock, stop)
    assert not (tmp_path / "a").exists()
    assert contents_of(township.folder.root) == own


def test_a_restore_over_the_own_ledger_that_is_stopped_leaves_it_as_it_was(
    township: Ledger, clock: FixedClock, tmp_path: Path
) -> None:
    photo = attach(township, PHOTO)
    file, home = made(township, clock, tmp_path, full=True).file, township.folder.root
    township.close()
    photo.unlink()
    before = contents_of(home)

    def stop(done: int, total: int) -> None:
        if done == total:
            raise Cancelled

    with pytest.raises(Cancelled):
        backup.restore(file, home, clock, stop)
    assert contents_of(home) == before
