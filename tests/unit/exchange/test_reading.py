"""Reading a package: the door through which it comes, what it gives, and that nothing of it stays behind."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import tempfile
from datetime import timedelta
from pathlib import Path
from types import GeneratorType
from typing import Any

import pytest

from gengdi_desktop.errors import Cancelled, RuleError, SurroundingsError
from gengdi_desktop.exchange import reading as reading_module
from gengdi_desktop.exchange import verify
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.reading import reading
from gengdi_desktop.exchange.verify import PackageVerdict, verify_file, verify_package
from gengdi_desktop.signing.verdict import Verification
from gengdi_desktop.system.child import ChildEnd, ChildFailure, run_child
from tests.helpers import packages as made
from tests.helpers import signed_pdfs
from tests.helpers.packages import AT, PHOTO, PHOTO_NAME, PLOTS, SOURCES, Part, forged, parts_of

NOW = AT + timedelta(days=3)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A package that nobody changed."""
    return made.written(tmp_path).file


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_what_was_packed_is_read_and_nothing_stays_behind(good: Path, scratch: Path) -> None:
    before = good.read_bytes()
    with reading(good, [made.signer().certificate], now=NOW, kinds={PackageKind.SUBMISSION}) as package:
        assert package.verification.sound
        assert package.heading == made.HEADING
        assert {one.name for one in package.members} == {one.name for one in SOURCES}
        assert b"".join(line + b"\n" for line in package.lines("data/plot.jsonl")) == PLOTS
        photo = package.extract(PHOTO_NAME)
        assert photo.read_bytes() == PHOTO
        assert photo.is_relative_to(scratch)
        assert photo.name.isdecimal()
        assert package.digest(PHOTO_NAME).sha256 == hashlib.sha256(PHOTO).hexdigest()
        assert package.extract(PHOTO_NAME) == photo
    assert list(scratch.iterdir()) == []
    assert good.read_bytes() == before


def test_a_package_of_a_later_minor_version_is_read(good: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.gdpkg"
    later.write_bytes(forged(good, changes={"version": [1, 3], "weather": "rain"}))
    with reading(later, [made.signer().certificate], now=NOW) as package:
        assert package.verification.sound
        assert b"".join(line + b"\n" for line in package.lines("data/plot.jsonl")) == PLOTS


def test_an_intact_package_of_a_stranger_is_given_and_said_to_be_untrusted(good: Path, scratch: Path) -> None:
    with reading(good, [], now=NOW) as package:
        assert (package.verification.intact, package.verification.trusted) == (True, False)
    assert list(scratch.iterdir()) == []


def test_a_damaged_package_is_refused_with_its_sentence(good: Path, scratch: Path) -> None:
    good.write_bytes(good.read_bytes()[:-40])
    with pytest.raises(PackageFault) as refusal, reading(good, [], now=NOW):
        pass
    assert refusal.value.code == "package_incomplete"
    assert list(scratch.iterdir()) == []


def test_a_kind_that_is_not_welcome_is_refused_by_name(good: Path) -> None:
    with (
        pytest.raises(RuleError) as refusal,
        reading(good, [], now=NOW, kinds={PackageKind.TASK, PackageKind.FEEDBACK}),
    ):
        pass
    assert refusal.value.message == "这是报送包，这里只收任务包、反馈包，没有收下。"


def test_a_file_that_is_exchanged_after_it_was_judged_does_not_get_in(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = forged(good, changes={"number": 3})

    def then_exchanged(path: Path, *arguments: object, **more: object) -> PackageVerdict:
        found = verify_package(path, *arguments, **more)  # type: ignore[arg-type]
        path.write_bytes(other)
        return found

    monkeypatch.setattr(reading_module, "verify_package", then_exchanged)
    with pytest.raises(PackageFault) as refusal, reading(good, [], now=NOW):
        pass
    assert refusal.value.code == "member_changed"


def test_a_member_that_changes_while_it_is_read_is_noticed(good: Path, scratch: Path) -> None:
    with reading(good, [], now=NOW) as package:
        data = bytearray(good.read_bytes())
        data[data.index(PHOTO) + 100] ^= 1
        good.write_bytes(bytes(data))
        with pytest.raises(PackageFault) as refusal:
            package.extract(PHOTO_NAME)
        assert refusal.value.code == "member_changed"
        assert [one for folder in scratch.iterdir() for one in folder.iterdir()] == []  # not half a photo
    assert list(scratch.iterdir()) == []


def test_a_line_without_end_is_refused(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good.write_bytes(forged(good, members=[Part.stored("data/plot.jsonl", b"[1]\n[2]")]))
    with reading(good, [], now=NOW) as package:
        lines = package.lines("data/plot.jsonl")
        assert next(lines) == b"[1]"
        with pytest.raises(PackageFault):
            next(lines)
    monkeypatch.setattr(reading_module, "LONGEST_LINE", 2)
    good.write_bytes(forged(good, members=[Part.stored("data/plot.jsonl", b"[1]\n")]))
    with reading(good, [], now=NOW) as package, pytest.raises(PackageFault):
        list(package.lines("data/plot.jsonl"))


@pytest.mark.parametrize("stopped", [False, True])
def test_no_file_is_held_open_when_the_folder_is_removed(
    good: Path, monkeypatch: pytest.MonkeyPatch, *, stopped: bool
) -> None:
    held: list[bool] = []
    lines: list[GeneratorType[Any, Any, Any]] = []
    cleanup = tempfile.TemporaryDirectory.cleanup

    def watched(folder: tempfile.TemporaryDirectory[str]) -> None:
        if "gengdi-package-" in folder.name:
            held.extend(not inspect.getgeneratorlocals(one)["stream"].closed for one in lines)
        cleanup(folder)

    monkeypatch.setattr(tempfile.TemporaryDirectory, "cleanup", watched)
    with contextlib.suppress(Cancelled), reading(good, [], now=NOW) as package:
        begun = package.lines("data/plot.jsonl")
        assert inspect.isgenerator(begun)
        assert next(begun)
        lines.append(begun)
        if stopped:
            raise Cancelled
    assert held == [False]


def test_a_verifier_that_meets_its_limits_is_not_believed(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(*_: object, **__: object) -> None:
        raise ChildFailure(ChildEnd.TIME, "")

    monkeypatch.setattr(verify, "run_child", out_of_time)
    found = verify_package(good, [made.signer().certificate], now=NOW)
    assert [problem.code for problem in found.verification.problems] == ["verifier_error"]
    assert found.verification.exit_code == 1


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 a workbook", b"%PDF-1.7 a report", b"\xff\xd8 a photo"])
def test_what_is_no_package_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.gdpkg"
    path.write_bytes(data)
    with pytest.raises(SurroundingsError) as refusal:
        verify_file(path, [], now=NOW)
    assert refusal.value.code == "not_package"


def test_a_package_under_another_name_and_a_pdf_are_told_apart(good: Path, tmp_path: Path) -> None:
    renamed = good.rename(tmp_path / "报送.zip")
    found = verify_file(renamed, [made.signer().certificate], now=NOW)
    assert isinstance(found, PackageVerdict)
    assert found.as_json()["package"]["from"] == "白圩乡人民政府"
    report = tmp_path / "报告.pdf"
    report.write_bytes(signed_pdfs.good()[2])
    found_in_pdf = verify_file(report, signed_pdfs.good_trust(), now=NOW)
    assert isinstance(found_in_pdf, Verification)
    assert found_in_pdf.sound


def test_a_file_that_is_away_is_said_to_be_away(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as refusal:
        verify_file(tmp_path / "a.gdpkg", [], now=NOW)
    assert refusal.value.code == "not_found"


def test_parts_of_a_package_can_be_put_together_again(good: Path) -> None:
    """What the attacks of the tests are built with does nothing by itself."""
    assert forged(good) == good.read_bytes()
    assert made.zipped(parts_of(good)) == good.read_bytes()


def test_several_packages_are_judged_by_one_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as it would be alone; one that is away is left out, and one that is altered stops no other."""
    places = [tmp_path / str(at) for at in range(3)]
    for place in places:
        place.mkdir()
    first, second, altered = (made.written(place).file for place in places)
    altered.write_bytes(altered.read_bytes()[:-1])
    started: list[str] = []

    def counted(entry: str, *arguments: Any, **more: Any) -> None:
        started.append(entry)
        run_child(entry, *arguments, **more)

    monkeypatch.setattr(verify, "run_child", counted)
    trusted = [made.signer().certificate]
    found = verify.verify_packages([first, second, altered], trusted, now=NOW)
    assert len(started) == 1
    assert {path: one.verification.sound for path, one in found.items()} == {first: True, second: True, altered: False}
    assert found[second] == verify_package(second, trusted, now=NOW)
    with reading(first, trusted, now=NOW, verdict=found[first]) as package:
        assert package.heading == made.HEADING
    with pytest.raises(PackageFault), reading(altered, trusted, now=NOW, verdict=found[altered]):
        pass
    first.write_bytes(made.forged(first, changes={"number": 3}))
    with pytest.raises(PackageFault, match=r"换|改"), reading(first, trusted, now=NOW, verdict=found[first]):
        pass


def test_a_child_that_ends_badly_leaves_each_package_to_be_judged_alone(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_: object, **__: object) -> None:
        raise ChildFailure(ChildEnd.MEMORY, "")

    monkeypatch.setattr(verify, "run_child", ends)
    assert verify.verify_packages([good], [], now=NOW) == {}
