"""What is found on a stick, and in which order it is taken in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gengdi_desktop.consolidation import sticks
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.exchange.manifest import PackageKind
from tests.helpers.packages import HEADING, TOWNSHIP, written


def test_packages_are_found_however_deep_and_nothing_else(tmp_path: Path) -> None:
    wanted = ["a.gdpkg", "乡镇/白圩/报送.GDPKG", "乡镇/b.gdpkg"]
    for name in [*wanted, "a.pdf", "$RECYCLE.BIN/old.gdpkg", "System Volume Information/x.gdpkg"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    found = sticks.find([tmp_path])
    assert sorted(path.relative_to(tmp_path).as_posix() for path in found.packages) == sorted(wanted)
    assert (found.unread, found.cut) == ((), False)


def test_a_file_that_is_named_is_looked_at_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "报送"
    path.write_bytes(b"")
    assert sticks.find([path, tmp_path, path]).packages == (path,)


def test_links_are_not_followed(tmp_path: Path) -> None:
    inner = tmp_path / "盘"
    inner.mkdir()
    try:
        (inner / "环").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("this disk has no links")
    (tmp_path / "a.gdpkg").write_bytes(b"")
    assert sticks.find([inner]).packages == ()


def test_what_lies_too_deep_is_told(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(sticks.DEEPEST + 1):
        folder /= "层"
    folder.mkdir(parents=True)
    (folder / "a.gdpkg").write_bytes(b"")
    found = sticks.find([tmp_path])
    assert found.packages == ()
    assert [why for _, why in found.unread] == ["文件夹套得太深"]


def test_more_than_anybody_means_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(5):
        (tmp_path / f"{at}.gdpkg").write_bytes(b"")
    monkeypatch.setattr(sticks, "MOST_PACKAGES", 3)
    found = sticks.find([tmp_path])
    assert (len(found.packages), found.cut) == (3, True)


def test_a_stick_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match="找不到"):
        sticks.find([tmp_path / "U盘"])


def test_of_each_sender_the_newest_comes_first_and_what_cannot_be_read_last(tmp_path: Path) -> None:
    other = replace(HEADING, sender=replace(TOWNSHIP, ledger="f" * 32))
    told = [
        (tmp_path / "坏.gdpkg", None),
        (tmp_path / "1.gdpkg", replace(HEADING, number=1)),
        (tmp_path / "3.gdpkg", replace(HEADING, number=3)),
        (tmp_path / "f2.gdpkg", replace(other, number=2)),
        (tmp_path / "任务.gdpkg", replace(HEADING, kind=PackageKind.TASK, number=9)),
    ]
    order = [path.name for path, _ in sticks.in_order(reversed(told))]
    assert order == ["任务.gdpkg", "3.gdpkg", "1.gdpkg", "f2.gdpkg", "坏.gdpkg"]


def test_a_heading_is_read_for_sorting_and_bad_files_have_none(tmp_path: Path) -> None:
    good = written(tmp_path).file
    heading = sticks.heading_of(good)
    assert heading is not None
    assert (heading.kind, heading.number) == (PackageKind.SUBMISSION, 2)
    cut = tmp_path / "半个.gdpkg"
    cut.write_bytes(good.read_bytes()[:-100])
    assert sticks.heading_of(cut) is None
    assert sticks.heading_of(tmp_path / "没有.gdpkg") is None
