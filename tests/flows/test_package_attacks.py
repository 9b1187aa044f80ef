"""Packages that somebody laid hands on: refused or questioned in one sentence, and the ledger stays as it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gengdi_desktop.domain.campaigns import Campaign
from gengdi_desktop.errors import GengdiError, RuleError, SurroundingsError
from gengdi_desktop.exchange import examine, reading
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import PackageVerdict
from gengdi_desktop.handover import service
from gengdi_desktop.handover.service import PackOptions
from gengdi_desktop.ledger import check, trust
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.campaign_file import CampaignSettings
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.journal import canonical
from gengdi_desktop.storage.layout import layout
from gengdi_desktop.storage.schema import SCHEMA_VERSION
from tests.helpers import desks, signed_pdfs
from tests.helpers.packages import Part, forged, parts_of, renamed, rows_of, with_rows, zipped

FRONT = 3
"""mimetype, manifest and signature."""


@dataclass(frozen=True)
class Scene:
    """A county and a township that trust each other, and a good package of each."""

    county: Ledger
    township: Ledger
    task: Path
    submission: Path


def packed(ledger: Ledger, kind: PackageKind, target: Path, **options: Any) -> Path:
    """A package by the clerk of a desk."""
    by, identity = desks.clerk_of(ledger), desks.identity_of(ledger)
    return service.pack(ledger, kind, target, by=by, identity=identity, options=PackOptions(**options)).file


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Both desks; packages are judged in this process, which is as strict and a hundred times as quick."""

    def judged(path: Path, trusted: tuple[Certificate, ...], *, now: datetime, **_: object) -> PackageVerdict:
        found, package = examine.examine(path, trusted, now=now)
        digest = hashlib.sha256(package.said).hexdigest() if package is not None else None
        return PackageVerdict(found, None, digest)

    monkeypatch.setattr(reading, "verify_package", judged)
    with desks.county_ledger(tmp_path / "county") as county, desks.township_ledger(tmp_path / "town") as township:
        trust.trust(township, desks.identity_of(county).certificate, by=desks.TOWN_CLERK)
        trust.trust(county, desks.identity_of(township).certificate, by=desks.COUNTY_CLERK)
        task = packed(county, PackageKind.TASK, tmp_path / "任务.gdpkg", unit_code="白圩乡")
        service.receive(township, task, by=desks.TOWN_CLERK)
        submission = packed(township, PackageKind.SUBMISSION, tmp_path / "报送.gdpkg")
        yield Scene(county, township, task, submission)


def state_of(ledger: Ledger) -> dict[str, str]:
    """Every file of a ledger's folder by its hash, safety copies left out; the database as its rows."""
    folder = ledger.folder.root
    files = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("ledger.gengdi") and path.parent.name != "backups"
    }
    with ledger.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        return files | {"ledger.gengdi": hashlib.sha256("\n".join(raw.iterdump()).encode()).hexdigest()}


def refusal(ledger: Ledger, package: Path) -> GengdiError:
    """Why a ledger does not take a package in; it stays as it was, to the byte."""
    before = state_of(ledger)
    with pytest.raises(GengdiError) as found:
        service.receive(ledger, package, by=desks.clerk_of(ledger))
    assert state_of(ledger) == before
    error = found.value
    assert error.message
    assert error.message.endswith("。")
    assert "\n" not in error.message
    return error


def changed(part: Part, data: bytes) -> Part:
    """A member with another content, its zip header true to it."""
    return Part.stored(part.name, data) if part.method == 0 else Part.deflated(part.name, data)


def altered(parts: list[Part], place: int) -> Iterator[tuple[str, list[Part]]]:
    """Everything that may be done to one member of a package without signing it anew, by name."""
    part = parts[place]

    def instead(*some: Part) -> list[Part]:
        return [*parts[:place], *some, *parts[place + 1 :]]

    cut = part.content[: len(part.content) // 2]
    yield "truncated", instead(changed(part, cut))
    yield "packed bytes cut", instead(replace(part, packed=part.packed[:-1]))
    yield "removed", instead()
    yield "twice", instead(part, part)
    yield "renamed", instead(renamed(part, part.name.replace("a", "b", 1)))
    yield "a byte more", instead(changed(part, part.content + b"\n"))
    yield "outside", instead(renamed(part, f"../{part.name}"))
    yield "absolute", instead(renamed(part, f"/{part.name}"))
    yield "upper case", instead(renamed(part, part.name.upper()))
    yield "another added behind", instead(part, Part.stored("data/extra.jsonl", b"[]\n"))
    bomb = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    inflated = bomb.compress(bytes(3_000_000)) + bomb.flush()
    yield "a bomb", instead(Part(part.name, inflated, 8, part.crc, part.size))
    if place + 1 < len(parts):
        other = parts[place + 1]
        swapped = (renamed(other, part.name), renamed(part, other.name))
        yield "swapped", [*parts[:place], *swapped, *parts[place + 2 :]]


@pytest.mark.parametrize("whose", ["task", "submission"])
def test_no_member_can_be_touched(scene: Scene, tmp_path: Path, whose: str, *, full: bool) -> None:
    package, ledger = (scene.task, scene.township) if whose == "task" else (scene.submission, scene.county)
    parts = parts_of(package)
    bad = tmp_path / "坏.gdpkg"
    codes: dict[str, set[str]] = {}
    before = state_of(ledger)
    for place in range(len(parts)) if full else (*range(FRONT + 2), len(parts) - 2, len(parts) - 1):
        for what, some in altered(parts, place):
            bad.write_bytes(zipped(some))
            if bad.read_bytes() == package.read_bytes():
                continue
            with pytest.raises(GengdiError) as found:
                service.receive(ledger, bad, by=desks.clerk_of(ledger))
            codes.setdefault(what, set()).add(found.value.code)
    assert state_of(ledger) == before
    assert codes["outside"] <= {"member_name", "package_altered", "not_package", "package_too_large"}
    assert codes["twice"] <= {"member_twice", "package_altered", "not_package"}
    assert check.check(ledger).ok


def test_a_package_that_was_copied_half_is_told_as_such(scene: Scene, tmp_path: Path, *, full: bool) -> None:
    data = scene.submission.read_bytes()
    bad = tmp_path / "半.gdpkg"
    chance = Random(7)
    codes = set()
    before = state_of(scene.county)
    for _ in range(200 if full else 25):
        bad.write_bytes(data[: chance.randrange(100, len(data))])
        with pytest.raises(GengdiError) as found:
            service.receive(scene.county, bad, by=desks.COUNTY_CLERK)
        codes.add(found.value.code)
    assert codes == {"package_incomplete"}
    assert state_of(scene.county) == before


def test_no_bit_can_be_turned(scene: Scene, tmp_path: Path, *, full: bool) -> None:
    data = scene.submission.read_bytes()
    bad = tmp_path / "错.gdpkg"
    chance = Random(8)
    before = state_of(scene.county)
    for _ in range(400 if full else 40):
        place = chance.randrange(len(data))
        bad.write_bytes(data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :])
        with pytest.raises(GengdiError):
            service.receive(scene.county, bad, by=desks.COUNTY_CLERK)
    assert state_of(scene.county) == before


def test_a_stranger_is_asked_about_and_whose_key_is_struck_off_is_refused(scene: Scene, tmp_path: Path) -> None:
    bad = tmp_path / "生.gdpkg"
    bad.write_bytes(forged(scene.submission, identity=signed_pdfs.person("生人")))
    told = refusal(scene.county, bad)
    assert told.code == "signer_unknown"
    assert signed_pdfs.person("生人").certificate.fingerprint_groups in told.message
    fingerprint = desks.identity_of(scene.township).certificate.fingerprint
    trust.distrust(scene.county, fingerprint, by=desks.COUNTY_CLERK)
    assert refusal(scene.county, scene.submission).code == "signer_removed"


def heading_of(package: Path) -> dict[str, Any]:
    """What a package says of itself."""
    return dict(json.loads(parts_of(package)[1].content))


def other_campaign(said: Mapping[str, Any]) -> dict[str, Any]:
    """Another campaign of the same year."""
    return {"campaign": {**said["campaign"], "document_number": "进府办发〔2023〕44号", "name": "2023年另一个行动"}}


def other_year(said: Mapping[str, Any]) -> dict[str, Any]:
    """The campaign of the year before."""
    return {"campaign": {**said["campaign"], "document_number": "进府办发〔2022〕43号", "name": "2022年专项整改"}}


ASTRAY: dict[str, tuple[Callable[[Mapping[str, Any]], dict[str, Any]], str]] = {
    "campaign": (other_campaign, "other_campaign"),
    "year": (other_year, "other_year"),
    "township": (lambda said: {"to": {**said["to"], "unit": "民和镇", "unit_code": "360124100"}}, "other_unit"),
    "county": (
        lambda said: {"from": {**said["from"], "county": "南昌县", "county_code": "360121"}},
        "other_county",
    ),
    "schema": (lambda _: {"schema": SCHEMA_VERSION + 1}, "schema_newer"),
    "sample": (lambda _: {"sample": 1}, "sample"),
    "desk": (lambda said: {"from": {**said["from"], "desk": "team"}}, "wrong_desk"),
    "other ledger of ours": (lambda said: {"to": {**said["to"], "ledger": "cd" * 16}}, "other_unit"),
}


@pytest.mark.parametrize("what", ASTRAY)
def test_a_package_that_went_astray_is_refused(scene: Scene, tmp_path: Path, what: str) -> None:
    change, code = ASTRAY[what]
    said = heading_of(scene.task)
    # A new id, so that it is not told as one that was taken in already.
    changes = {"id": "ab" * 16, "number": 2, **change(said)}
    bad = tmp_path / "错.gdpkg"
    bad.write_bytes(forged(scene.task, None, changes, desks.identity_of(scene.county)))
    told = refusal(scene.township, bad)
    assert told.code == code
    assert told.hint


def test_an_older_package_is_told_and_the_same_again_changes_nothing(scene: Scene, tmp_path: Path) -> None:
    second = packed(scene.county, PackageKind.TASK, tmp_path / "二.gdpkg", unit_code="白圩乡")
    third = packed(scene.county, PackageKind.TASK, tmp_path / "三.gdpkg", unit_code="白圩乡")
    service.receive(scene.township, third, by=desks.TOWN_CLERK)
    assert refusal(scene.township, second).code == "stale"
    before = state_of(scene.township)
    assert service.receive(scene.township, third, by=desks.TOWN_CLERK).applied == 0
    assert state_of(scene.township) == before


def test_rows_that_a_trusted_hand_wrote_badly_are_refused_whole(scene: Scene, tmp_path: Path) -> None:
    identity = desks.identity_of(scene.township)
    parts = parts_of(scene.submission)[FRONT:]
    place = next(at for at, one in enumerate(parts) if one.name == "data/plot.jsonl")
    header, plots = rows_of(parts[place])
    bad = tmp_path / "错.gdpkg"
    cases = {
        "unsorted": with_rows(parts[place], header, plots[::-1]),
        "one row less than told": Part.stored(
            "data/plot.jsonl", parts[place].content.replace(b'"rows":2', b'"rows":3')
        ),
        "a field less": with_rows(parts[place], header, [one[:-1] for one in plots]),
        "a fraction": Part.stored("data/plot.jsonl", parts[place].content.replace(b"5280000", b"52800.0")),
        "another table": with_rows(parts[place], {**header, "table": "round"}, plots),
        "no end": Part.stored("data/plot.jsonl", parts[place].content[:-1]),
        "not normal": Part.stored("data/plot.jsonl", parts[place].content.replace("白圩村".encode(), b"e\xcc\x81")),
    }
    for what, part in cases.items():
        bad.write_bytes(forged(scene.submission, [*parts[:place], part, *parts[place + 1 :]], identity=identity))
        told = refusal(scene.county, bad)
        assert told.code in {"rows_unreadable", "line_too_long"}, what


def entries_with(package: Path, change: Callable[[list[bytes]], list[bytes]]) -> list[Part]:
    """The members of a package, its journal changed."""
    parts = parts_of(package)[FRONT:]
    place = next(at for at, one in enumerate(parts) if one.name == "journal/entries.jsonl")
    lines = b"".join(one + b"\n" for one in change(parts[place].content.splitlines()))
    return [*parts[:place], Part.stored(parts[place].name, lines), *parts[place + 1 :]]


def chained(lines: list[bytes], **header: Any) -> tuple[list[bytes], str]:
    """The entries of a member with something else in the header of the first, chained anew; and the last hash."""
    made, previous = [], ""
    for number, line in enumerate(lines):
        said = json.loads(line)
        if not isinstance(said, dict):
            made.append(line)
            continue
        told = said["header"] | ({"previous": previous} if made else {}) | (header if number == 0 else {})
        previous = journal.EntryHeader(**told).digest()
        made.append(canonical({**said, "header": told, "hash": previous}))
    return made, previous


@pytest.mark.parametrize(
    "at", ["yesterday", "2026-05-06", "0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.000000Z"]
)
def test_an_entry_bears_a_time(scene: Scene, tmp_path: Path, at: str) -> None:
    """Well chained and signed; the county's comparison with a report would stop at it for good."""
    found: list[str] = []

    def change(lines: list[bytes]) -> list[bytes]:
        made, head = chained(lines, at=at)
        found.append(head)
        return made

    parts = entries_with(scene.submission, change)
    span = heading_of(scene.submission)["journal"] | {"head_hash": found[0]}
    bad = tmp_path / "时.gdpkg"
    bad.write_bytes(forged(scene.submission, parts, {"journal": span}, desks.identity_of(scene.township)))
    told = refusal(scene.county, bad)
    assert told.code == "journal_chain"
    assert "什么时候" in told.message


def test_a_journal_that_does_not_hang_together_is_refused(scene: Scene, tmp_path: Path) -> None:
    identity = desks.identity_of(scene.township)
    bad = tmp_path / "链.gdpkg"
    cases: dict[str, Callable[[list[bytes]], list[bytes]]] = {
        "an entry less": lambda lines: lines[2:],
        "none": lambda _: [],
        "another actor": lambda lines: [lines[0].replace("吴小琴".encode(), "王大明".encode()), *lines[1:]],
        "another change": lambda lines: [lines[0], lines[1].replace(b"360124209", b"360124208"), *lines[2:]],
        "no object": lambda lines: [b"[]", *lines[1:]],
        "no number of blocks": lambda lines: [lines[0].replace(b'"blocks":1', b'"blocks":-1'), *lines[1:]],
        "a fraction in it": lambda lines: [lines[0].replace(b'"format":1', b'"format":1.5'), *lines[1:]],
        "a list in it": lambda lines: [lines[0].replace(b'"format":1', b'"format":[[]]'), *lines[1:]],
        "too many blocks": lambda lines: [lines[0].replace(b'"blocks":1', b'"blocks":99999999999'), *lines[1:]],
    }
    for what, change in cases.items():
        bad.write_bytes(forged(scene.submission, entries_with(scene.submission, change), identity=identity))
        assert refusal(scene.county, bad).code == "journal_chain", what
    without = [one for one in parts_of(scene.submission)[FRONT:] if not one.name.startswith("journal/")]
    bad.write_bytes(forged(scene.submission, without, identity=identity))
    assert refusal(scene.county, bad).code == "journal_chain"


@pytest.mark.parametrize(
    ("table", "values", "said"),
    [
        ("plot", {"state": "banana"}, "白圩村 0001的“状态”写成了“banana”"),
        ("plot", {"finding": "perhaps"}, "写成了“perhaps”"),
        ("plot", {"checked_on": "2023-13-99"}, "白圩村 0001的“自查日期”写成了“2023-13-99”"),
        ("plot", {"checked_on": "20230801"}, "写成了“20230801”"),
        ("plot", {"cultivated_area": -5}, "写成了“-5”"),
        ("plot", {"issued_area": 10**17 + 1}, "写成了“100000000000000001”"),
        ("plot", {"held": 2}, "写成了“2”"),
        ("round", {"target": -5}, "白圩村 0001的“应整改面积”写成了“-5”"),
        ("round", {"proof_kind": "x" * 99}, "写成了“" + "x" * 20 + "…”"),
        ("round", {"deadline": "2026-02-30"}, "写成了“2026-02-30”"),
        ("plot", {"village": None}, "写成了“”"),
    ],
)
def test_values_outside_the_closed_lists_and_limits_are_refused_by_plot_and_field(
    scene: Scene, tmp_path: Path, table: str, values: dict[str, Any], said: str
) -> None:
    """A faulty program of somebody whom we trust: the whole package is refused, in one sentence."""
    parts = parts_of(scene.submission)[FRONT:]
    place = next(at for at, one in enumerate(parts) if one.name == f"data/{table}.jsonl")
    header, some = rows_of(parts[place])
    number = header["fields"].index("plot_no" if table == "plot" else "plot_id")
    some = sorted(some, key=lambda one: one[number])
    some[0] = [values.get(name, value) for name, value in zip(header["fields"], some[0], strict=True)]
    bad = tmp_path / "值.gdpkg"
    whole = [*parts[:place], with_rows(parts[place], header, sorted(some)), *parts[place + 1 :]]
    bad.write_bytes(forged(scene.submission, whole, identity=desks.identity_of(scene.township)))
    told = refusal(scene.county, bad)
    assert told.code == "rows_unreadable"
    assert said in told.message
    assert f"data/{table}.jsonl" in told.message


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("round", {"number": "one"}),
        ("round", {"plot_id": "no such plot"}),
        ("plot", {"issued_area": None}),
        ("plot", {"split_parent": "no such plot"}),
        ("receipt", {"head_seq": "many"}),
        ("certificate", {"pem": "no certificate", "id": "0" * 64}),
        ("plot_shape", {"outline": "no outline"}),
        ("stored_file", {"folder": "../.."}),
    ],
)
def test_values_that_no_table_of_ours_could_hold_are_refused_or_left(
    scene: Scene, tmp_path: Path, table: str, values: dict[str, Any]
) -> None:
    """What a trusted hand may send by mistake or malice: never a fault of the program, and the ledger stays sound."""
    identity = desks.identity_of(scene.township)
    parts = parts_of(scene.submission)[FRONT:]
    place = next(at for at, one in enumerate(parts) if one.name == f"data/{table}.jsonl")
    header, some = rows_of(parts[place])
    fields = header["fields"]
    if not some:
        some = [[0 if name in {"size", "west", "east"} else "" for name in fields]]
        some[0][0] = "f" * 64
    some[0] = [values.get(name, value) for name, value in zip(fields, some[0], strict=True)]
    some.sort(key=lambda one: str(one[0]))
    bad = tmp_path / "值.gdpkg"
    whole = [*parts[:place], with_rows(parts[place], header, some), *parts[place + 1 :]]
    bad.write_bytes(forged(scene.submission, whole, identity=identity))
    with contextlib.suppress(RuleError, SurroundingsError):  # never a fault of the program
        service.receive(scene.county, bad, by=desks.COUNTY_CLERK)
    assert check.check(scene.county).ok


def test_what_a_township_may_not_change_is_refused_by_name_and_the_rest_comes_in(scene: Scene, tmp_path: Path) -> None:
    identity = desks.identity_of(scene.township)
    parts = parts_of(scene.submission)[FRONT:]
    place = next(at for at, one in enumerate(parts) if one.name == "data/plot.jsonl")
    header, plots = rows_of(parts[place])
    at = {name: place for place, name in enumerate(header["fields"])}
    plots[0][at["issued_area"]] = 1
    plots[1][at["cause"]] = "改种果树"
    bad = tmp_path / "改.gdpkg"
    forged_parts = [*parts[:place], with_rows(parts[place], header, plots), *parts[place + 1 :]]
    bad.write_bytes(forged(scene.submission, forged_parts, identity=identity))
    told = service.receive(scene.county, bad, by=desks.COUNTY_CLERK)
    assert len(told.arrival.refused) == 1
    with scene.county.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        found = dict(raw.execute("SELECT id, issued_area FROM plot").fetchall())
        causes = dict(raw.execute("SELECT id, cause FROM plot").fetchall())
    assert found[plots[0][0]] == 5_280_000
    assert causes[plots[1][0]] == "改种果树"
    assert check.check(scene.county).ok


def test_lines_of_the_county_s_own_lists_are_only_compared(scene: Scene, tmp_path: Path) -> None:
    """A submission that calls a list of the county's its own, changes a line and adds another."""
    parts = {one.name: one for one in parts_of(scene.submission)[FRONT:]}
    with scene.county.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        (key,) = raw.execute("SELECT id FROM plot_list").fetchone()
        before = raw.execute("SELECT * FROM list_line ORDER BY id").fetchall()
    made = {"id": 7, "name": "2023年流出图斑", "kind": "outflow", "headers": '["编号"]'}
    plot = rows_of(parts["data/plot.jsonl"])[1][0][0]
    line = {"id": 1, "list_id": 7, "sheet": "Sheet1", "row": 1, "plot_id": plot, "status": "entered", "cells": "[]"}
    more = [made], [line, {**line, "id": 2, "row": 99, "plot_id": None}]
    for table, some in zip(("plot_list", "list_line"), more, strict=True):
        part = parts[f"data/{table}.jsonl"]
        header, _ = rows_of(part)
        nothing: dict[str, Any] = {name: 0 if name in layout(table).integers else "" for name in header["fields"]}
        nothing.update(dict.fromkeys(("issued_on", "problem", "reissue_of")))
        values = [[{**nothing, **one}[name] for name in header["fields"]] for one in some]
        parts[part.name] = with_rows(part, header, values)
    header, pairs = rows_of(parts["data/foreign_row.jsonl"])
    own = [f"{scene.county.info.id}/plot_list/{key}", scene.county.info.id, "plot_list", str(key), "7"]
    parts["data/foreign_row.jsonl"] = with_rows(parts["data/foreign_row.jsonl"], header, sorted([*pairs, own]))
    bad = tmp_path / "单.gdpkg"
    bad.write_bytes(forged(scene.submission, list(parts.values()), identity=desks.identity_of(scene.township)))
    told = service.receive(scene.county, bad, by=desks.COUNTY_CLERK)
    assert {one.code for one in told.arrival.refused} == {"not_theirs"}
    with scene.county.reading() as session:
        raw = session.connection().connection.driver_connection
        assert raw.execute("SELECT * FROM list_line ORDER BY id").fetchall() == before


def test_another_campaign_of_our_own_is_no_reason_to_lose_anything(scene: Scene, tmp_path: Path) -> None:
    other = CampaignSettings(Campaign(name="2024年专项", document_number="进府办发〔2024〕1号"), ())
    ledgers.set_campaign(scene.township, other, by=desks.TOWN_CLERK)
    late = packed(scene.county, PackageKind.TASK, tmp_path / "二.gdpkg", unit_code="白圩乡")
    assert refusal(scene.township, late).code == "other_year"
