"""Packages are written whole, the same bytes for the same input, and readable by tools that others made."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from gengdi_desktop.errors import Cancelled, RuleError, SurroundingsError
from gengdi_desktop.exchange import names, writing
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.writing import PackageTooLarge, Source, write_package
from gengdi_desktop.system.files import digest_of
from tests.helpers import packages as made
from tests.helpers.packages import AT, HEADING, PHOTO, PHOTO_NAME, PLOTS, SOURCES, by_hash, signer


def test_the_same_input_gives_the_same_bytes_in_whatever_order(tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(PHOTO)
    first = made.written(tmp_path)
    data = first.file.read_bytes()
    from_a_file = [Source(one.name, photo if one.name == PHOTO_NAME else one.content) for one in reversed(SOURCES)]
    again = write_package(tmp_path / "again.gdpkg", HEADING, from_a_file, signer(), at=AT)
    assert again.file.read_bytes() == data
    assert (first.sha256, first.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.gdpkg", "photo", "报送.gdpkg"]


def test_another_zip_reader_reads_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(made.written(tmp_path).file) as archive:
        assert archive.namelist()[:3] == ["mimetype", "manifest.json", "signature.p7s"]
        assert archive.testzip() is None
        assert archive.read("data/plot.jsonl") == PLOTS
        assert archive.read(PHOTO_NAME) == PHOTO


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_another_verifier_believes_the_signature(tmp_path: Path) -> None:
    with zipfile.ZipFile(made.written(tmp_path).file) as archive:
        archive.extractall(tmp_path, ["manifest.json", "signature.p7s"])
    (tmp_path / "signer.pem").write_text(signer().certificate.pem)
    words = "openssl cms -verify -binary -inform DER -in signature.p7s -content manifest.json -CAfile signer.pem"
    run = subprocess.run(
        [*words.split(), "-purpose", "any", "-no_check_time", "-out", "checked"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "checked").read_bytes() == (tmp_path / "manifest.json").read_bytes()


def test_what_packs_too_well_is_stored_so_that_no_reader_takes_it_for_a_bomb(tmp_path: Path) -> None:
    found = made.written(tmp_path, sources=[Source("data/note.jsonl", b"[0]\n" * 100_000)])
    (member,) = found.manifest.members
    assert not member.deflated
    assert member.size == member.packed_size == 400_000


def test_rows_are_packed_and_photos_stay_as_they_are(tmp_path: Path) -> None:
    packed = {one.name: one.deflated for one in made.written(tmp_path).manifest.members}
    assert packed == {"data/plot.jsonl": True, "journal/entries.jsonl": False, PHOTO_NAME: False}


def test_progress_is_told_to_its_end_and_may_stop_the_work(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    sources = [Source(by_hash("evidence", data, ".jpg"), data) for data in (bytes(2_000_000), bytes(3_000_000))]
    write_package(tmp_path / "a.gdpkg", HEADING, sources, signer(), at=AT, progress=lambda *pair: told.append(pair))
    assert told[-1] == (15, 15)
    assert [done for done, _ in told] == sorted(done for done, _ in told)

    def stop(done: int, _whole: int) -> None:
        if done > 7:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_package(tmp_path / "b.gdpkg", HEADING, sources, signer(), at=AT, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["a.gdpkg"]


def test_over_four_gigabytes_it_names_what_could_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LARGEST", 9_000)
    photos = [
        Source(by_hash("evidence", data, ".jpg"), data, about=f"照片{number}")
        for number, data in enumerate(bytes([number]) * number * 1000 for number in range(1, 6))
    ]
    with pytest.raises(PackageTooLarge) as refusal:
        made.written(tmp_path, sources=[*SOURCES, *photos])
    assert [one.about for one in refusal.value.leave_out] == ["照片4", "照片3"]
    assert "4 GB" in refusal.value.message
    assert "照片4、照片3" in refusal.value.hint
    assert list(tmp_path.iterdir()) == []
    left = [one for one in (*SOURCES, *photos) if one not in refusal.value.leave_out]
    with pytest.raises(PackageTooLarge):  # the manifest and the rows count too
        made.written(tmp_path, sources=left)
    rows = [Source(f"data/table{number}.jsonl", bytes(range(256)) * 40) for number in range(2)]
    monkeypatch.setattr(writing, "LARGEST", 3_000)
    with pytest.raises(PackageTooLarge) as hopeless:
        made.written(tmp_path, sources=rows)
    assert hopeless.value.leave_out == ()


def test_room_is_asked_for_before_the_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_folder: Path, needed: int) -> None:
        assert needed > len(PHOTO)
        raise SurroundingsError("disk_full", "满了。")

    monkeypatch.setattr(writing, "require_room", full)
    with pytest.raises(SurroundingsError):
        made.written(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_stick_that_lies_is_found_out_and_the_old_package_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = made.written(tmp_path).file.read_bytes()
    true_digest = digest_of

    def lying(path: Path) -> object:
        path.write_bytes(path.read_bytes()[:-100] + bytes(100))
        return true_digest(path)

    monkeypatch.setattr(writing, "digest_of", lying)
    with pytest.raises(SurroundingsError) as refusal:
        made.written(tmp_path, replace(HEADING, number=3))
    assert refusal.value.code == "copy_differs"
    assert "报送.gdpkg" in refusal.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["报送.gdpkg"]
    assert (tmp_path / "报送.gdpkg").read_bytes() == old


def test_a_photo_that_changes_while_it_is_packed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(PHOTO)
    true_front = writing._front

    def meanwhile(*arguments: object) -> object:
        photo.write_bytes(PHOTO[:-1] + b"?")
        return true_front(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "_front", meanwhile)
    with pytest.raises(SurroundingsError) as refusal:
        made.written(tmp_path, sources=[Source(PHOTO_NAME, photo)])
    assert refusal.value.code == "source_changed"
    assert [path.name for path in tmp_path.iterdir()] == ["photo"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../plot.jsonl", "member_name"),
        ("data/private_value.jsonl", "member_name"),
        ("evidence/photo.jpg", "member_name"),
        (f"evidence/{'0' * 64}.jpg", "member_hash"),
        ("rules/evidence.toml", "member_folder"),
    ],
)
def test_no_member_is_written_that_no_package_may_hold(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(RuleError) as refusal:
        made.written(tmp_path, sources=[Source(name, b"content")])
    assert refusal.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_two_members_of_one_name_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as refusal:
        made.written(tmp_path, sources=[Source("data/plot.jsonl", b"1\n"), Source("data/plot.jsonl", b"2\n")])
    assert refusal.value.code == "member_twice"


def test_every_kind_has_a_label_and_folders() -> None:
    assert len({kind.label for kind in PackageKind}) == len(PackageKind)
    assert all(kind.folders <= set(names.FOLDERS) for kind in PackageKind)
