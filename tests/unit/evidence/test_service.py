"""Files attached to plots: kept by hash, once, verified whenever they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.evidence import service, taking_in
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import AwaitedFileRow
from tests.helpers import photos as made
from tests.helpers.county_desk import package
from tests.helpers.ledgers import CLERK, add_plots, new_ledger

PHOTO = made.photo()
SCAN = made.pdf()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two plots."""
    with new_ledger(tmp_path / "台账") as opened:
        add_plots(opened, ["a", "b"])
        yield opened


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as it comes from a telephone."""
    path = tmp_path / "IMG_0001.JPG"
    path.write_bytes(PHOTO)
    return path


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A scanned paper."""
    path = tmp_path / "批准文件.pdf"
    path.write_bytes(SCAN)
    return path


def kept(ledger: Ledger) -> list[Path]:
    """The files of the evidence folder."""
    return sorted((ledger.folder.root / "evidence").iterdir())


def test_files_are_kept_by_hash_under_the_names_they_came_with(ledger: Ledger, photo: Path, scan: Path) -> None:
    attached = service.attach(ledger, "a", [photo, scan], "整改后", by=CLERK, note="田头东")
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    assert attached.files == ((sha256, "IMG_0001.JPG"), (hashlib.sha256(SCAN).hexdigest(), "批准文件.pdf"))
    assert (attached.stage, attached.changes.plots) == (Stage.AFTER, frozenset({"a"}))
    first, second = service.attachments(ledger, "a")
    assert (first.sha256, first.name, first.media_type, first.size) == (
        sha256,
        "IMG_0001.JPG",
        "image/jpeg",
        len(PHOTO),
    )
    assert (first.round, first.stage, first.note, second.media_type) == (1, Stage.AFTER, "田头东", "application/pdf")
    assert service.attachments(ledger, "b") == ()
    assert service.read(ledger, sha256) == PHOTO
    assert photo.read_bytes() == PHOTO


def test_the_same_file_is_kept_once_and_attached_where_it_is_new(ledger: Ledger, photo: Path) -> None:
    service.attach(ledger, "a", [photo], Stage.AFTER, by=CLERK)
    assert service.attach(ledger, "a", [photo], Stage.AFTER, by=CLERK).changes.nothing
    service.attach(ledger, "a", [photo], Stage.BEFORE, by=CLERK)
    service.attach_to_plots(ledger, ["a", "b"], [photo], Stage.AFTER, by=CLERK)
    assert [one.stage for one in service.attachments(ledger, "a")] == [Stage.AFTER, Stage.BEFORE]
    assert len(service.attachments(ledger, "b")) == 1
    assert len(kept(ledger)) == 1


def test_all_files_or_none(ledger: Ledger, photo: Path, tmp_path: Path) -> None:
    for name, content, message in (("空.jpg", b"", "空文件"), ("看图.exe", b"MZ\x90\x00", "是程序")):
        bad = tmp_path / name
        bad.write_bytes(content)
        with pytest.raises(RuleError, match=message) as refused:
            service.attach(ledger, "a", [photo, bad], Stage.AFTER, by=CLERK)
        assert refused.value.code == "not_evidence"
    with pytest.raises(RuleError, match="文件夹"):
        service.attach(ledger, "a", [photo, tmp_path], Stage.AFTER, by=CLERK)
    with pytest.raises(SurroundingsError, match="读不到"):
        service.attach(ledger, "a", [photo, tmp_path / "没有.jpg"], Stage.AFTER, by=CLERK)
    assert service.attachments(ledger, "a") == ()
    assert kept(ledger) == []


def test_a_scan_that_cannot_be_read_is_refused_like_a_folder_of_photos_refuses_it(
    ledger: Ledger, photo: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "批准文件.pdf"
    broken.write_bytes(SCAN[:200])
    with pytest.raises(RuleError) as refused:
        service.attach(ledger, "a", [photo, broken], Stage.PAPER, by=CLERK)
    (by_folder,) = taking_in.preview(ledger, [broken]).refused
    assert (refused.value.code, refused.value.message) == (by_folder.code, by_folder.message)
    assert refused.value.code in {"photo_broken", "photo_cut_off"}
    assert (service.attachments(ledger, "a"), kept(ledger)) == ((), [])
    other = tmp_path / "情况说明.docx"
    other.write_bytes(b"PK\x03\x04 words")
    service.attach(ledger, "a", [other], Stage.PAPER, by=CLERK)
    assert [one.name for one in service.attachments(ledger, "a")] == ["情况说明.docx"]


def test_stage_and_plot_must_be_known(ledger: Ledger, photo: Path) -> None:
    with pytest.raises(RuleError, match="没有“以后”这个环节") as refused:
        service.attach(ledger, "a", [photo], "以后", by=CLERK)
    assert "before（整改前）" in refused.value.hint
    with pytest.raises(RuleError, match="没有图斑“nobody”"):
        service.attach(ledger, "nobody", [photo], Stage.AFTER, by=CLERK)
    with pytest.raises(RuleError, match="没有校验码"):
        service.read(ledger, "0" * 64)


def test_what_is_still_to_come_is_awaited_from_somebody_not_missing(ledger: Ledger, photo: Path) -> None:
    service.attach(ledger, "a", [photo], Stage.AFTER, by=CLERK)
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    (ledger.folder.root / "evidence" / sha256).with_suffix(".jpg").unlink()
    package(ledger, "p", "feedback", unit="进贤县", direction="in", peer_organ="进贤县自然资源局")
    with ledger.begin(Operation.RECEIVE, CLERK) as work:
        work.session.add(AwaitedFileRow(id=sha256, package_id="p"))
        work.commit()
    (bad,) = service.missing_files(ledger)
    assert (bad.code, bad.awaited_from) == ("file_awaited", "进贤县自然资源局")
    with pytest.raises(SurroundingsError, match="还没有送来，等进贤县自然资源局的下一个包") as refused:
        service.read(ledger, sha256)
    assert refused.value.code == "file_awaited"


def test_missing_and_damaged_files_are_named(ledger: Ledger, photo: Path, scan: Path) -> None:
    service.attach(ledger, "a", [photo, scan], Stage.AFTER, by=CLERK)
    service.attach(ledger, "b", [photo], Stage.AFTER, by=CLERK)
    steps: list[tuple[int, int]] = []
    assert service.missing_files(ledger, lambda done, total: steps.append((done, total))) == ()
    assert steps == [(0, 3), (1, 3), (2, 3)]
    first, second = (ledger.folder.root / "evidence" / f"{hashlib.sha256(x).hexdigest()}" for x in (PHOTO, SCAN))
    first.with_suffix(".jpg").unlink()
    second.with_suffix(".pdf").write_bytes(made.pdf(2))
    bad = service.missing_files(ledger)
    assert [(one.attachment.plot, one.attachment.name, one.code) for one in bad] == [
        ("a", "IMG_0001.JPG", "file_missing"),
        ("a", "批准文件.pdf", "file_damaged"),
        ("b", "IMG_0001.JPG", "file_missing"),
    ]
    assert (
        bad[0].message
        == "白圩村 0001 整改后“IMG_0001.JPG”、白圩村 0002 整改后“IMG_0001.JPG”的文件不见了，台账文件夹里没有它。"
    )
    with pytest.raises(SurroundingsError) as refused:
        service.read(ledger, hashlib.sha256(SCAN).hexdigest())
    assert refused.value.code == "file_damaged"
    assert refused.value.message == "白圩村 0001 整改后“批准文件.pdf”的文件被改动或损坏，不能采用。"
