"""Folders of photos: each file in exactly one list, matched by names or place; the user's own folder never changes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, RuleError, SurroundingsError
from gengdi_desktop.evidence import service, taking_in
from gengdi_desktop.evidence.photos import examine
from gengdi_desktop.evidence.taking_in import TakeOptions, TakingIn, preview, run
from gengdi_desktop.ledger import undo
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import IdentifierRow, PlotRow
from tests.helpers import photos as made
from tests.helpers.ledgers import CLERK, ISSUED, new_ledger

NANO = 10**9
CENTRES = {"a": (116.2, 28.3), "b": (116.21, 28.3), "c": (116.3, 28.35), "d": (116.3003, 28.35), "e": (0, 0)}
VILLAGES = {"a": "白圩村", "b": "白圩村", "c": "连桥村", "d": "连桥村", "e": "连桥村"}
NUMBERS = {"a": "0012", "b": "0013", "c": "0012", "d": "0014", "e": "0099"}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENGDI_HOME", str(tmp_path / "home"))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Five plots in two villages, four of them with their middles; c and d lie thirty metres apart."""
    with new_ledger(tmp_path / "台账") as opened:
        with opened.begin(Operation.IMPORT, CLERK) as work:
            for position, (plot, (east, north)) in enumerate(CENTRES.items()):
                facts: dict[str, Any] = {**ISSUED, "village": VILLAGES[plot], "plot_no": NUMBERS[plot]}
                if east:
                    facts |= {"centre_longitude": round(east * NANO), "centre_latitude": round(north * NANO)}
                work.session.add(PlotRow(id=plot, entry=work.seq, position=position, **facts))
                bsm = f"36012410020500{position:04d}"
                work.session.add(IdentifierRow(plot_id=plot, kind="bsm", value=bsm))
            work.commit()
        yield opened


def fingerprint(folder: Path) -> dict[str, tuple[str, int]]:
    """All files of a folder with their hashes and times."""
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def evidence(ledger: Ledger) -> set[str]:
    """What lies in the folder of the evidence."""
    return {path.name for path in ledger.folder.part("evidence").iterdir()}


def told(taking: TakingIn) -> dict[str, tuple[str, str]]:
    """Plot and stage, or list and code, by file."""
    found = {one.found.file: (one.plot, str(one.stage)) for one in taking.matched}
    found |= {one.found.file: ("unmatched", one.code) for one in taking.unmatched}
    return found | {one.file: ("refused", one.code) for one in taking.refused}


FILES: dict[str, bytes] = {
    "白圩村/0012/整改前/IMG_0001.jpg": made.photo(1, place=(116.2, 28.3)),
    "白圩村/0012/整改后/IMG_0002.jpg": made.photo(2, place=(116.2, 28.3)),
    "连桥村/0012_整改后_01.jpg": made.photo(3, place=(116.4, 28.35)),
    "整改前/IMG_0003.jpg": made.photo(4, place=(116.2101, 28.3)),
    "整改前/IMG_0004.jpg": made.photo(5, place=(116.30015, 28.35)),
    "整改前/IMG_0005.jpg": made.photo(6, place=(110.0, 28.0)),
    "整改前/mmexport1690939815000.jpg": made.jpeg(made.scene(seed=7)),
    "IMG_0006.jpg": made.photo(8, place=(116.2, 28.3)),
    "0012_整改后.jpg": made.photo(9, place=None),
    "连桥村/88_整改后.jpg": made.photo(10, place=(116.3, 28.35)),
    "连桥村/12_整改后.jpg": made.photo(11, place=(116.3, 28.35)),
    "360124100205000004.pdf": made.pdf(),
    "白圩村/0013/后/其实是图.pdf": made.png(made.scene(seed=12)),
    ".DS_Store": b"\x00\x00\x00\x01Bud1",
    ".隐藏.jpg": made.photo(13),
    "Thumbs.db": b"\xd0\xcf\x11\xe0",
    "视频.mp4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00",
    "照片.zip": b"PK\x03\x04 photos",
    "说明.docx": b"PK\x03\x04 document",
    "程序.exe": b"MZ\x90\x00",
    "空.jpg": b"",
    "断.jpg": made.jpeg()[:900],
    "不是.jpg": b"not a picture at all",
}
EXPECTED = {
    "白圩村/0012/整改前/IMG_0001.jpg": ("a", "before"),
    "白圩村/0012/整改后/IMG_0002.jpg": ("a", "after"),
    "连桥村/0012_整改后_01.jpg": ("c", "after"),
    "整改前/IMG_0003.jpg": ("b", "before"),
    "整改前/IMG_0004.jpg": ("unmatched", "plot_ambiguous"),
    "整改前/IMG_0005.jpg": ("unmatched", "plot_unknown"),
    "整改前/mmexport1690939815000.jpg": ("unmatched", "plot_unknown"),
    "IMG_0006.jpg": ("unmatched", "stage_unknown"),
    "0012_整改后.jpg": ("unmatched", "plot_ambiguous"),
    "连桥村/88_整改后.jpg": ("unmatched", "number_unknown"),
    "连桥村/12_整改后.jpg": ("unmatched", "number_unknown"),
    "360124100205000004.pdf": ("e", "paper"),
    "白圩村/0013/后/其实是图.pdf": ("b", "after"),
    ".DS_Store": ("refused", "system_file"),
    ".隐藏.jpg": ("refused", "hidden"),
    "Thumbs.db": ("refused", "system_file"),
    "视频.mp4": ("refused", "video"),
    "照片.zip": ("refused", "archive"),
    "说明.docx": ("refused", "document"),
    "程序.exe": ("refused", "program"),
    "空.jpg": ("refused", "empty"),
    "断.jpg": ("refused", "photo_cut_off"),
    "不是.jpg": ("refused", "not_picture"),
}


def test_every_file_is_in_exactly_one_list_and_the_folder_stays_as_it_is(ledger: Ledger, tmp_path: Path) -> None:
    folder = made.written(tmp_path / "下乡", FILES)
    before = fingerprint(folder)
    taking = preview(ledger, [folder])
    assert told(taking) == EXPECTED
    assert len(taking.matched) + len(taking.unmatched) + len(taking.refused) == len(FILES)
    assert evidence(ledger) == set()
    done = run(ledger, taking, by=CLERK)
    assert fingerprint(folder) == before
    assert {one.found.file for one in done.attached} == {one.found.file for one in taking.matched}
    assert len(evidence(ledger)) == len(taking.matched) + len(taking.unmatched)
    found = {(one.name, str(one.stage), one.source) for one in service.attachments(ledger, "a")}
    assert found == {
        ("IMG_0001.jpg", "before", "下乡/白圩村/0012/整改前"),
        ("IMG_0002.jpg", "after", "下乡/白圩村/0012/整改后"),
    }
    assert check(ledger).ok
    assert check(ledger).notes == ()


def test_how_each_match_was_told_and_what_is_suspect(ledger: Ledger, tmp_path: Path) -> None:
    taking = preview(ledger, [made.written(tmp_path / "下乡", FILES)])
    how = {one.found.file: one.how for one in (*taking.matched, *taking.unmatched)}
    assert how["白圩村/0012/整改前/IMG_0001.jpg"] == "按村名和图斑号"
    assert how["整改前/IMG_0003.jpg"] == "按位置：离图斑10米"
    assert how["360124100205000004.pdf"] == "按标识码或线索编号"
    assert how["连桥村/12_整改后.jpg"] == "台账里没有12号；有0012，号码要写全"
    assert how["整改前/mmexport1690939815000.jpg"] == "名称里没有图斑号，疑似聊天软件转发，定位已丢失"
    assert how["IMG_0006.jpg"] == "按位置：离图斑0米，但没有写明是整改前、整改中还是整改后"
    candidates = {one.found.file: one.candidates for one in taking.unmatched}
    assert candidates["0012_整改后.jpg"] == ("a", "c")
    assert set(candidates["整改前/IMG_0004.jpg"]) == {"c", "d"}
    suspect = {(one.file, one.code) for one in taking.suspect}
    assert ("连桥村/0012_整改后_01.jpg", "far_off") in suspect
    assert ("整改前/mmexport1690939815000.jpg", "chat") in suspect
    assert ("白圩村/0013/后/其实是图.pdf", "wrong_ending") in suspect
    assert not any(file == "白圩村/0012/整改前/IMG_0001.jpg" for file, _ in suspect)


def test_the_same_folder_twice_adds_nothing(ledger: Ledger, tmp_path: Path) -> None:
    folder = made.written(tmp_path / "下乡", FILES)
    run(ledger, preview(ledger, [folder]), by=CLERK)
    kept = evidence(ledger)
    again = preview(ledger, [folder])
    assert all(one.already for one in (*again.matched, *again.unmatched))
    assert {one.code for one in again.suspect} >= {"already"}
    assert run(ledger, again, by=CLERK).changes.nothing
    assert evidence(ledger) == kept


def test_one_entry_that_can_be_taken_back(ledger: Ledger, tmp_path: Path) -> None:
    folder = made.written(tmp_path / "下乡", FILES)
    before = ledger.head().seq
    done = run(ledger, preview(ledger, [folder]), by=CLERK)
    assert ledger.head().seq == before + 1 == done.changes.seq
    undo.undo(ledger, by=CLERK)
    assert all(service.attachments(ledger, plot) == () for plot in CENTRES)
    undo.undo(ledger, by=CLERK)
    assert check(ledger).ok


def test_twins_in_a_folder_are_kept_once_and_told(ledger: Ledger, tmp_path: Path) -> None:
    twin = made.photo(1, place=None)
    names = ("白圩村/0012_整改后_1.jpg", "白圩村/0012_整改后_2.JPEG", "白圩村/0013_整改后_1.png")
    taking = preview(ledger, [made.written(tmp_path / "下乡", dict.fromkeys(names, twin))])
    assert [one.already for one in taking.matched] == [False, True, False]
    assert "same_photo" in {one.code for one in taking.suspect}
    run(ledger, taking, by=CLERK)
    assert len(evidence(ledger)) == 1
    assert check(ledger).ok
    assert check(ledger).notes == ()
    other = made.written(tmp_path / "又一次", {"连桥村/0014_整改后.jpg": twin})
    (suspect,) = (one for one in preview(ledger, [other]).suspect if one.code == "same_photo")
    assert suspect.message == "与图斑 白圩村 0012、白圩村 0013 的照片相同。"


def test_dropped_on_a_plot_names_tell_the_stage_only(ledger: Ledger, tmp_path: Path) -> None:
    folder = made.written(tmp_path / "下乡", {"连桥村/0012_整改后.jpg": made.photo(1), "IMG_1.jpg": made.photo(2)})
    taking = preview(ledger, [folder], TakeOptions(plot="b", stage=Stage.BEFORE))
    assert told(taking) == {"连桥村/0012_整改后.jpg": ("b", "after"), "IMG_1.jpg": ("b", "before")}
    with pytest.raises(RuleError, match="没有图斑"):
        preview(ledger, [folder], TakeOptions(plot="nobody"))


def test_single_files_know_their_folder(ledger: Ledger, tmp_path: Path) -> None:
    folder = made.written(tmp_path / "连桥村", {"0014_整改后.jpg": made.photo(1, place=None)})
    assert told(preview(ledger, [folder / "0014_整改后.jpg"])) == {"0014_整改后.jpg": ("d", "after")}


def test_a_village_holds_the_place_to_it(ledger: Ledger, tmp_path: Path) -> None:
    folder = made.written(tmp_path / "连桥村", {"整改前/IMG_1.jpg": made.photo(1, place=(116.2, 28.3))})
    assert told(preview(ledger, [folder])) == {"整改前/IMG_1.jpg": ("unmatched", "plot_unknown")}


def test_links_deep_trees_and_strange_names(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "下乡"
    deep = "/".join(["很长的文件夹名字" * 5] * 12)
    made.written(folder, {f"{deep}/白圩村0013后.jpg": made.photo(1, place=None)})
    (folder / "链接.jpg").symlink_to(folder / deep / "白圩村0013后.jpg")
    (folder / "圈").symlink_to(folder, target_is_directory=True)
    broken = os.fsdecode("白圩村0013后2.jpg".encode("gb18030"))
    (folder / broken).write_bytes(made.photo(2, place=None))
    found = told(preview(ledger, [folder]))
    assert found == {
        f"{deep}/白圩村0013后.jpg": ("b", "after"),
        "链接.jpg": ("refused", "link"),
        "圈": ("refused", "link"),
        "白圩村0013后2.jpg": ("b", "after"),
    }
    run(ledger, preview(ledger, [folder]), by=CLERK)
    assert {one.name for one in service.attachments(ledger, "b")} == {"白圩村0013后.jpg", "白圩村0013后2.jpg"}


def test_the_ledgers_own_folder_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    for path in (ledger.folder.root, ledger.folder.root / "evidence", tmp_path):
        with pytest.raises(RuleError) as refused:
            preview(ledger, [path])
        assert refused.value.code == "inside_ledger"
    with pytest.raises(RuleError, match="找不到"):
        preview(ledger, [tmp_path / "没有"])


def test_cancelling_leaves_nothing_behind(ledger: Ledger, tmp_path: Path) -> None:
    folder = made.written(tmp_path / "下乡", {f"白圩村/0012_后_{n}.jpg": made.photo(n) for n in range(30)})

    def stop(done: int, _total: int) -> None:
        if done >= 8:
            raise Cancelled

    with pytest.raises(Cancelled):
        preview(ledger, [folder], progress=stop)
    taking = preview(ledger, [folder])
    with pytest.raises(Cancelled):
        run(ledger, taking, by=CLERK, progress=stop)
    assert evidence(ledger) == set()
    assert service.attachments(ledger, "a") == ()
    steps: list[tuple[int, int]] = []
    run(ledger, taking, by=CLERK, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (29, 30)


def test_a_full_disk_is_told_before_anything_is_written(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = preview(ledger, [made.written(tmp_path / "下乡", {"白圩村/0012_后.jpg": made.photo()})])
    monkeypatch.setattr("gengdi_desktop.system.files.free_bytes", lambda _folder: 1000)
    with pytest.raises(SurroundingsError) as refused:
        run(ledger, taking, by=CLERK)
    assert refused.value.code == "disk_full"
    assert evidence(ledger) == set()


def test_what_changed_since_the_preview_is_refused_by_itself(ledger: Ledger, tmp_path: Path) -> None:
    names = ("白圩村/0012_后_1.jpg", "白圩村/0012_后_2.jpg", "白圩村/0012_后_3.jpg")
    folder = made.written(tmp_path / "下乡", {name: made.photo(n) for n, name in enumerate(names)})
    taking = preview(ledger, [folder])
    (folder / names[0]).unlink()
    (folder / names[1]).write_bytes(made.photo(77))
    done = run(ledger, taking, by=CLERK)
    assert {(one.file, one.code) for one in done.refused} == {(names[0], "not_found"), (names[1], "file_changed")}
    assert [one.found.file for one in done.attached] == [names[2]]
    assert check(ledger).ok
    assert check(ledger).notes == ()


def test_ten_thousand_files_are_listed_and_matched(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "下乡"
    folder.mkdir()
    photo = made.small_photo()
    (folder / "0.jpg").write_bytes(photo)
    for number in range(1, 10_000):
        os.link(folder / "0.jpg", folder / f"白圩村0012后{number}.jpg")
    read: list[int] = []

    def once(paths: list[Path], names: list[str], **how: Any) -> Any:
        read.append(len(paths))
        return examine(paths[:1], names[:1], **how) * len(paths)

    monkeypatch.setattr(taking_in, "examine", once)
    taking = preview(ledger, [folder])
    assert (len(taking.matched), len(taking.unmatched), sum(read)) == (9_999, 1, 10_000)
    assert sum(one.already for one in taking.matched) == 9_998
