"""Photos noted as they are attached, and again where an older program did not; loose files set aside, never deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.evidence import service
from gengdi_desktop.evidence.photo_facts import PlaceGap
from gengdi_desktop.evidence.repair import repair
from gengdi_desktop.ledger import undo
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.loose_files import SET_ASIDE, tidy
from gengdi_desktop.storage.tables import AttachmentRow
from tests.helpers import photos as made
from tests.helpers.ledgers import CLERK, add_plots, new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two plots."""
    with new_ledger(tmp_path / "台账") as opened:
        add_plots(opened, ["a", "b"])
        yield opened


def photo(tmp_path: Path, name: str = "IMG_0001.JPG", seed: int = 0) -> Path:
    """A photo beside the ledger."""
    path = tmp_path / name
    path.write_bytes(made.photo(seed, direction=200.0))
    return path


def sha256(path: Path) -> str:
    """The hash under which it is kept."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def kept(ledger: Ledger) -> set[str]:
    """The names in the folder of the evidence."""
    return {path.name for path in ledger.folder.part(FolderPart.EVIDENCE).iterdir()}


def test_attaching_notes_what_the_photo_says(ledger: Ledger, tmp_path: Path) -> None:
    path = photo(tmp_path)
    done = service.attach(ledger, "a", [path], "整改后", by=CLERK)
    known = service.photos(ledger, [sha256(path)])[sha256(path)]
    assert (known.place, known.direction) == ((116_265_432_000, 28_376_543_000), 200_000)
    assert (known.at, known.facts.device, known.place_word, known.by_hand) == (
        datetime(2023, 8, 2, 9, 30, 15),
        "HUAWEI P40",
        "",
        frozenset(),
    )
    assert "photo" in done.changes.tables
    assert service.photos(ledger, ["0" * 64]) == {}


def test_undoing_takes_the_notes_along_and_redoing_brings_them_back(ledger: Ledger, tmp_path: Path) -> None:
    path = photo(tmp_path)
    first = service.attach(ledger, "a", [path], "整改后", by=CLERK).changes.seq
    second = service.attach(ledger, "b", [path], "整改后", by=CLERK).changes.seq
    undo.undo(ledger, first, by=CLERK)
    assert sha256(path) in service.photos(ledger, [sha256(path)])
    undo.undo(ledger, second, by=CLERK)
    again = undo.undo(ledger, by=CLERK)
    assert again.changes.seq
    assert sha256(path) in service.photos(ledger, [sha256(path)])
    assert check(ledger).ok


def test_a_file_that_comes_back_for_another_plot_comes_with_its_notes(ledger: Ledger, tmp_path: Path) -> None:
    path = photo(tmp_path)
    first = service.attach(ledger, "a", [path], "整改后", by=CLERK).changes.seq
    second = service.attach(ledger, "b", [path], "整改后", by=CLERK).changes.seq
    back = undo.undo(ledger, second, by=CLERK).changes.seq
    undo.undo(ledger, first, by=CLERK)
    assert service.photos(ledger, [sha256(path)]) == {}
    undo.undo(ledger, back, by=CLERK)
    assert [one.plot for one in service.attachments(ledger, "b")] == ["b"]
    assert sha256(path) in service.photos(ledger, [sha256(path)])
    assert check(ledger).ok


def test_photos_of_an_older_program_are_noted_by_a_repair(ledger: Ledger, tmp_path: Path) -> None:
    path, broken = photo(tmp_path), tmp_path / "坏.jpg"
    broken.write_bytes(b"\xff\xd8\xff old and broken")
    with ledger.begin(Operation.ATTACH, CLERK) as work:
        for one in (path, broken):
            file = record_file(work, ledger.folder.keep(FolderPart.EVIDENCE, one))
            row = AttachmentRow(plot_id="a", stage="after", file_id=file, name=one.name, media_type="image/jpeg")
            work.session.add(row)
        work.commit()
    done = repair(ledger, by=CLERK)
    assert (done.noted, done.unread) == (1, ("坏.jpg",))
    assert service.photos(ledger, [sha256(path)])[sha256(path)].place is not None
    assert repair(ledger, by=CLERK).changes.nothing


def test_a_picture_without_place_says_why(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "mmexport1690939815000.jpg"
    path.write_bytes(made.jpeg())
    service.attach(ledger, "a", [path], "整改后", by=CLERK)
    known = service.photos(ledger, [sha256(path)])[sha256(path)]
    assert known.facts.place_gap is PlaceGap.CHAT
    assert known.place_word == "疑似聊天软件转发，定位已丢失"


def test_loose_files_are_set_aside_and_what_a_row_misses_is_brought_back(ledger: Ledger, tmp_path: Path) -> None:
    path = photo(tmp_path)
    loose = ledger.folder.keep(FolderPart.EVIDENCE, photo(tmp_path, "b.jpg", 1))
    own = ledger.folder.part(FolderPart.EVIDENCE) / "我的说明.txt"
    own.write_text("not by the program", encoding="utf-8")
    service.attach(ledger, "a", [path], "整改后", by=CLERK)
    undone = service.attach(ledger, "a", [photo(tmp_path, "c.jpg", 2)], "整改后", by=CLERK)
    undo.undo(ledger, by=CLERK)
    assert len(check(ledger).notes) == 3
    done = tidy(ledger)
    assert done.set_aside == (f"{loose.sha256}.jpg",)
    assert set(done.left) == {"我的说明.txt", f"{undone.files[0][0]}.jpg"}
    aside = ledger.folder.part(FolderPart.BACKUPS) / SET_ASIDE
    assert hashlib.sha256((aside / f"{loose.sha256}.jpg").read_bytes()).hexdigest() == loose.sha256
    missed = ledger.folder.part(FolderPart.EVIDENCE) / f"{sha256(path)}.jpg"
    missed.replace(aside / missed.name)
    assert not check(ledger).ok
    assert tidy(ledger).brought_back == (missed.name,)
    assert check(ledger).ok
    undo.undo(ledger, by=CLERK)
    assert check(ledger).ok, "what an undone entry named was not moved, so that it can be done again"


def test_check_names_plot_and_file(ledger: Ledger, tmp_path: Path) -> None:
    path, other = photo(tmp_path), photo(tmp_path, "IMG_0002.JPG", 1)
    service.attach_to_plots(ledger, ["a", "b"], [path], "整改前", by=CLERK)
    service.attach(ledger, "b", [other], "整改后", by=CLERK)
    (ledger.folder.part(FolderPart.EVIDENCE) / f"{sha256(path)}.jpg").unlink()
    (ledger.folder.part(FolderPart.EVIDENCE) / f"{sha256(other)}.jpg").write_bytes(b"\xff\xd8\xff else")
    told = sorted(one.message for one in check(ledger).problems)
    names = "白圩村 0001 整改前“IMG_0001.JPG”、白圩村 0002 整改前“IMG_0001.JPG”"
    assert told == [
        f"少了文件：{names}（evidence/{sha256(path)[:12]}.jpg）",
        f"文件的内容被改动或损坏：白圩村 0002 整改后“IMG_0002.JPG”（evidence/{sha256(other)[:12]}.jpg）",
    ]
