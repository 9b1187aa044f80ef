"""Whatever is done to a package on its way is noticed and said in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gengdi_desktop.exchange import container, examine, manifest
from gengdi_desktop.signing.verdict import Verification
from gengdi_desktop.storage.layout import OUTSIDE
from tests.helpers import packages as made
from tests.helpers import signed_pdfs
from tests.helpers.packages import AT, PHOTO_NAME, Part, forged, parts_of, renamed, zipped

NOW = AT + timedelta(days=3)
TO = {"ledger": None, "desk": "county", "county": "进贤县", "county_code": "360124"}
TO |= {"unit": "进贤县", "unit_code": "360124", "organ": "进贤县自然资源局"}
Change = Callable[[Path], bytes]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that nobody changed."""
    return made.written(tmp_path_factory.mktemp("good")).file


def verdict(folder: Path, data: bytes) -> Verification:
    """What is said of these bytes by one who trusts the signer."""
    path = folder / "来的.gdpkg"
    path.write_bytes(data)
    return examine.examine(path, [made.signer().certificate], now=NOW)[0]


def test_an_unchanged_package_of_a_trusted_signer_is_sound(good: Path) -> None:
    found, package = examine.examine(good, [made.signer().certificate], now=NOW, file="a")
    assert (found.exit_code, found.kind, found.intact, found.trusted) == (0, "package", True, True)
    assert found.signatures[0].signer == "白圩乡人民政府 王玥（经办人）"
    assert found.signatures[0].at == AT
    assert [one.name for one in found.attachments] == ["data/plot.jsonl", PHOTO_NAME, "journal/entries.jsonl"]
    assert package is not None
    assert package.manifest.heading == made.HEADING


def test_a_stranger_is_told_with_the_fingerprint_to_read_aloud(good: Path) -> None:
    found, _ = examine.examine(good, [], now=NOW)
    assert (found.exit_code, found.intact, found.trusted) == (1, True, False)
    assert [problem.code for problem in found.problems] == ["signer_unknown"]
    assert made.signer().certificate.fingerprint_groups in found.problems[0].message


def swapped(package: Path) -> bytes:
    """Another photo under the same name, its zip well built."""
    parts = parts_of(package)
    place = next(number for number, one in enumerate(parts) if one.name == PHOTO_NAME)
    other = parts[place].content[:-1] + b"?"
    parts[place] = Part.stored(PHOTO_NAME, other)
    return zipped(parts)


def without(name: str) -> Change:
    return lambda package: zipped([one for one in parts_of(package) if one.name != name])


def with_part(part: Part) -> Change:
    return lambda package: zipped([*parts_of(package), part])


def other_manifest(package: Path) -> bytes:
    parts = parts_of(package)
    said = parts[1].content.replace("白圩乡".encode(), "连桥乡".encode())
    assert said != parts[1].content
    parts[1] = Part.stored("manifest.json", said)
    return zipped(parts)


def other_signature(package: Path) -> bytes:
    """The signature of another package of the same signer."""
    other = forged(package, changes={"number": 9})
    (package.parent / "other.gdpkg").write_bytes(other)
    parts = parts_of(package)
    parts[2] = parts_of(package.parent / "other.gdpkg")[2]
    return zipped(parts)


def turned(package: Path) -> bytes:
    parts = parts_of(package)
    return zipped([*parts[:3], *reversed(parts[3:])])


def garbled(package: Path) -> bytes:
    parts = parts_of(package)
    data = bytearray(package.read_bytes())
    place = bytes(data).index(parts[3].packed)
    data[place + 20] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda package: package.read_bytes()[:-1], "package_incomplete", id="end-cut"),
        pytest.param(lambda package: package.read_bytes() + b"\0", "package_altered", id="byte-behind"),
        pytest.param(swapped, "member_changed", id="photo-swapped"),
        pytest.param(garbled, "member_changed", id="rows-garbled"),
        pytest.param(without(PHOTO_NAME), "member_missing", id="photo-removed"),
        pytest.param(without("signature.p7s"), "unsigned", id="signature-stripped"),
        pytest.param(without("manifest.json"), "manifest_missing", id="manifest-stripped"),
        pytest.param(without("mimetype"), "package_altered", id="mimetype-stripped"),
        pytest.param(with_part(Part.stored("data/more.jsonl", b"[]\n")), "member_added", id="member-added"),
        pytest.param(with_part(Part.stored("../more.jsonl", b"[]\n")), "member_name", id="member-added-outside"),
        pytest.param(with_part(Part.stored(PHOTO_NAME, b"twice")), "member_twice", id="member-twice"),
        pytest.param(turned, "package_altered", id="order-changed"),
        pytest.param(other_manifest, "content_changed", id="manifest-changed"),
        pytest.param(other_signature, "content_changed", id="signature-of-another"),
    ],
)
def test_what_is_done_to_a_package_is_noticed(good: Path, tmp_path: Path, change: Change, code: str) -> None:
    found = verdict(tmp_path, change(good))
    assert [problem.code for problem in found.problems] == [code]
    assert (found.exit_code, found.intact, found.trusted) == (1, False, False)
    assert found.problems[0].message.endswith("。")


def test_an_empty_signature_is_none(good: Path, tmp_path: Path) -> None:
    parts = parts_of(good)
    parts[2] = Part.stored("signature.p7s", b"")
    assert [problem.code for problem in verdict(tmp_path, zipped(parts)).problems] == ["unsigned"]


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_package_that_was_cut_is_incomplete(good: Path, tmp_path: Path, tenth: int) -> None:
    data = good.read_bytes()
    found = verdict(tmp_path, data[: len(data) * tenth // 10])
    assert [problem.code for problem in found.problems] == ["package_incomplete"]
    assert "不完整" in found.problems[0].message


@pytest.mark.parametrize(
    "name",
    [
        "../data/plot.jsonl",
        "data/../../plot.jsonl",
        "/data/plot.jsonl",
        "data\\plot.jsonl",
        "c:/data/plot.jsonl",
        "data/plot.jsonl:stream",
        "data//plot.jsonl",
        "data/./plot.jsonl",
        "data/",
        "data/con",
        "data/NUL.jsonl",
        "data/com1.jsonl",
        "data/Plot.jsonl",
        "DATA/plot.jsonl",
        "data/plot.jsonl.",
        "data/plot jsonl",
        "data/.jsonl",
        "data/more/plot.jsonl",
        "plot.jsonl",
        "autorun.inf",
        "evidence/photo.jpg",
        "data/" + "a" * 120 + ".jsonl",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_though_it_is_signed(good: Path, tmp_path: Path, name: str) -> None:
    plots = next(one for one in parts_of(good) if one.name == "data/plot.jsonl")
    found = verdict(tmp_path, forged(good, members=[renamed(plots, name)]))
    assert [problem.code for problem in found.problems] in (["member_name"], ["package_altered"])
    assert not found.intact


def test_no_opening_of_a_private_value_is_taken_in(good: Path, tmp_path: Path) -> None:
    assert "private_value" in OUTSIDE
    found = verdict(tmp_path, forged(good, members=[Part.stored("data/private_value.jsonl", b"[]\n")]))
    assert "私密" in found.problems[0].message


def test_a_bomb_is_refused_by_what_it_says_of_itself(good: Path, tmp_path: Path) -> None:
    bomb = Part.deflated("data/plot.jsonl", bytes(5_000_000))
    found = verdict(tmp_path, forged(good, members=[bomb]))
    assert [problem.code for problem in found.problems] == ["member_too_large"]


def test_a_bomb_that_lies_about_its_size_is_stopped(good: Path, tmp_path: Path) -> None:
    true = Part.deflated("data/plot.jsonl", bytes(5_000_000))
    lying = Part(true.name, true.packed, true.method, true.crc, 10_000)
    told = lying.told() | {"size": 10_000}
    found = verdict(tmp_path, forged(good, members=[lying], changes={"members": [told]}))
    assert [problem.code for problem in found.problems] == ["member_changed"]


def test_limits_are_asked_before_the_contents(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "LARGEST_DATA", 1000)
    assert [one.code for one in verdict(tmp_path, good.read_bytes()).problems] == ["data_too_large"]
    monkeypatch.setattr(container, "MOST_ENTRIES", 4)
    assert [one.code for one in verdict(tmp_path, good.read_bytes()).problems] == ["too_many_members"]
    monkeypatch.setattr(container, "LARGEST", 4000)
    assert [one.code for one in verdict(tmp_path, good.read_bytes()).problems] == ["package_too_large"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": [2, 0]}, "package_newer"),
        ({"version": "1.0"}, "manifest_unreadable"),
        ({"format": "another"}, "manifest_unreadable"),
        ({"kind": "holiday"}, "kind_unknown"),
        ({"kind": ["submission"]}, "kind_unknown"),
        ({"kind": "task"}, "member_folder"),
        ({"encryption": {"algorithm": "aes"}}, "package_encrypted"),
        ({"extra": 1}, "manifest_unreadable"),
        ({"number": 0}, "manifest_unreadable"),
        ({"number": "2"}, "manifest_unreadable"),
        ({"id": "short"}, "manifest_unreadable"),
        ({"created": "2026-13-01T00:00:00Z"}, "manifest_unreadable"),
        ({"sample": 2}, "manifest_unreadable"),
        ({"signer": []}, "manifest_unreadable"),
        ({"members": {}}, "manifest_unreadable"),
        ({"journal": None}, "journal_span"),
        ({"journal": {"head_seq": 1}}, "manifest_unreadable"),
        ({"from": None}, "manifest_unreadable"),
        ({"to": {**TO, "desk": ["county"]}}, "manifest_unreadable"),
    ],
)
def test_a_manifest_of_another_form_is_refused_though_it_is_signed(
    good: Path, tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    found = verdict(tmp_path, forged(good, changes=changes))
    assert [problem.code for problem in found.problems] == [code]


def test_a_later_minor_version_may_say_more(good: Path, tmp_path: Path) -> None:
    assert verdict(tmp_path, forged(good, changes={"version": [1, 3], "weather": "rain"})).sound


@pytest.mark.parametrize(
    "spoil",
    [
        lambda said: said.replace(b'"number":2', b'"number":2,"number":3'),
        lambda said: said.replace(b'"number":2', b'"number": 2'),
        lambda said: said.replace(b'"number":2', b'"number":2.0'),
        lambda said: said[:-1],
        lambda said: said and b"[" * 2000,
        lambda said: json.dumps(json.loads(said)).encode(),
        lambda said: said[:0],
    ],
    ids=["key-twice", "space", "fraction", "cut", "deep", "other-json", "empty"],
)
def test_a_manifest_that_is_not_canonical_is_refused(
    good: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    parts = parts_of(good)
    said = spoil(parts[1].content)
    parts[1] = Part.stored("manifest.json", said)
    parts[2] = Part.stored("signature.p7s", examine_signature(said))
    assert [one.code for one in verdict(tmp_path, zipped(parts)).problems] == ["manifest_unreadable"]


def examine_signature(said: bytes) -> bytes:
    from gengdi_desktop.signing.detached import sign_detached

    return sign_detached(said, made.signer(), at=AT)


def test_a_stranger_who_signs_anew_is_not_trusted(good: Path, tmp_path: Path) -> None:
    stranger = signed_pdfs.person("王玥", keyed="a stranger of the same name")
    found = verdict(tmp_path, forged(good, changes={"number": 3}, identity=stranger))
    assert (found.intact, found.trusted) == (True, False)
    assert [problem.code for problem in found.problems] == ["signer_unknown"]


def test_a_certificate_that_a_clerk_issued_is_not_trusted(good: Path, tmp_path: Path) -> None:
    leader = signed_pdfs.issued_by(made.signer(), "李红")
    found = verdict(tmp_path, forged(good, identity=leader))
    assert [problem.code for problem in found.problems] == ["signer_unknown"]


def test_a_certificate_of_a_trusted_authority_is_trusted(good: Path, tmp_path: Path) -> None:
    clerk = signed_pdfs.issued_by(signed_pdfs.authority(), "李红")
    path = tmp_path / "a.gdpkg"
    path.write_bytes(forged(good, identity=clerk))
    assert examine.examine(path, [signed_pdfs.authority().certificate], now=NOW)[0].sound


def test_a_certificate_that_has_expired_since_is_a_note(good: Path) -> None:
    late = AT + timedelta(days=3000)
    found, _ = examine.examine(good, [made.signer().certificate], now=late)
    assert found.sound
    assert [note.code for note in found.notes] == ["certificate_expired_since"]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_random_bytes_changed_anywhere_are_never_taken_for_intact(good: Path, data: st.DataObject) -> None:
    whole = bytearray(good.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] ^= data.draw(st.integers(1, 255))
    if bytes(whole) != good.read_bytes():
        assert not verdict(good.parent, bytes(whole)).intact


def test_every_byte_around_the_members_counts(good: Path, tmp_path: Path) -> None:
    """All headers, the end of each packed stream, and a sample of the rest."""
    whole = good.read_bytes()
    with good.open("rb") as stream:
        entries = container.walk(stream, len(whole))
    last = entries[-1].offset + entries[-1].packed_size
    edges = {one.offset + one.packed_size - 1 for one in entries if one.packed_size}
    heads = [place for one in entries for place in range(one.offset - 30 - len(one.name), one.offset)]
    for place in (*sorted(edges), *heads[::7], *range(last, len(whole), 7)):
        altered = bytearray(whole)
        altered[place] ^= 0x80
        assert not verdict(tmp_path, bytes(altered)).intact, place
