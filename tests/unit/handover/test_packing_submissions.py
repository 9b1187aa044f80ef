"""What a township hands in: the journal since the last receipt, photos where there is room, and what answers it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.exchange import writing
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.handover.packing import packing
from gengdi_desktop.handover.service import PackOptions
from gengdi_desktop.ledger.folder import FolderPart
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.tables import (
    AttachmentRow,
    ForeignRow,
    IdentifierRow,
    NoteRow,
    PhotoAnswerRow,
    PlotListRow,
    PlotRow,
)
from tests.helpers import desks
from tests.helpers.packing import (
    DAY,
    bin_photos,
    first_plot,
    manifest,
    members,
    named_photo,
    packed,
    receipt_for,
    refused,
    rows,
    state_of,
    submission,
    taken_in,
)

NOW = desks.MOMENT + timedelta(days=1)


def test_a_submission_carries_the_whole_journal_until_one_was_receipted(township: Ledger, stick: Path) -> None:
    done = submission(township, stick / "a.gdpkg")
    head = service.packages(township)[0].head_seq
    said = manifest(done.file)["journal"]
    assert (said["head_seq"], said["since_seq"], said["since_hash"]) == (head, 0, journal.GENESIS)
    with zipfile.ZipFile(done.file) as archive:
        lines = archive.read("journal/entries.jsonl").splitlines()
    previous, place, seqs = journal.GENESIS, 0, []
    while place < len(lines):
        entry = json.loads(lines[place])
        blocks = lines[place + 1 : place + 1 + entry["blocks"]]
        header = journal.EntryHeader(**entry["header"])
        assert (header.previous, header.digest()) == (previous, entry["hash"])
        assert header.changes == journal.changes_digest(hashlib.sha256(one).digest() for one in blocks)
        previous, place = entry["hash"], place + 1 + len(blocks)
        seqs.append(header.seq)
    assert seqs == list(range(1, head + 1))
    assert previous == said["head_hash"]


def test_a_damaged_journal_is_not_reported(township: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gengdi_desktop.handover.packing.members.changes_digest", lambda _: "0" * 64)
    assert refused(lambda: submission(township, stick / "a.gdpkg")) == "damaged"
    assert list(stick.iterdir()) == []


def test_a_receipt_begins_the_journal_and_keeps_photos_at_home(township: Ledger, county: Ledger, stick: Path) -> None:
    answer = taken_in(township, county)
    old = named_photo(township, first_plot(township), "旧.jpg")
    first = submission(township, stick / "a.gdpkg")
    assert (first.number, first.photos, members(first.file, "evidence/")) == (1, 1, [f"evidence/{old}.jpg"])
    again = submission(township, stick / "b.gdpkg")
    assert (again.photos, manifest(again.file)["journal"]["since_seq"]) == (1, 0)
    receipt_for(township, first.id, answer)
    new = named_photo(township, first_plot(township), "新.jpg")
    third = submission(township, stick / "c.gdpkg")
    assert (third.number, members(third.file, "evidence/")) == (3, [f"evidence/{new}.jpg"])
    assert {one["file_id"] for one in rows(third.file, "attachment")} == {old, new}
    assert {one["id"] for one in rows(third.file, "stored_file")} == {old, new}
    head = next(one.head_seq for one in service.packages(township) if one.id == first.id)
    said = manifest(third.file)
    assert said["journal"]["since_seq"] == head
    with township.reading() as session:
        query = text("SELECT hash FROM journal_entry WHERE seq = :seq")
        assert said["journal"]["since_hash"] == session.connection().execute(query, {"seq": head}).scalar()
    assert said["to"]["ledger"] == county.info.id
    assert [one["package"] for one in rows(third.file, "receipt")] == [answer]
    whole = submission(township, stick / "d.gdpkg", whole=True)
    assert (whole.photos, manifest(whole.file)["journal"]["since_seq"]) == (2, 0)


def test_only_own_lists_go_up_and_no_opening_of_a_private_value(township: Ledger, county: Ledger, stick: Path) -> None:
    plot = first_plot(township)
    with township.begin(Operation.EDIT, desks.TOWN_CLERK) as work:
        row = work.session.get(PlotRow, plot)
        assert row is not None
        row.party_contact = work.private("plot.party_contact", "13800001111")
        theirs = PlotListRow(name="县里下发", kind="outflow")
        work.session.add(theirs)
        work.session.flush()
        work.session.add(IdentifierRow(plot_id=plot, kind="clue_no", value="X1", list_id=theirs.id))
        work.session.add(IdentifierRow(plot_id=plot, kind="local_no", value="乡01"))
        key = f"{county.info.id}/plot_list/9"
        pair = {"peer_ledger": county.info.id, "table_code": "plot_list", "key": "9", "local": str(theirs.id)}
        work.session.add(ForeignRow(id=key, **pair))
        work.commit()
    done = submission(township, stick / "a.gdpkg")
    assert [one["name"] for one in rows(done.file, "plot_list")] == ["自查发现"]
    assert {one["value"] for one in rows(done.file, "identifier")} == {"360124209000000007", "乡01"}
    (sent,) = rows(done.file, "plot")
    assert len(sent["party_contact"]) == 64
    with zipfile.ZipFile(done.file) as archive:
        assert not any(b"13800001111" in archive.read(name) for name in archive.namelist())
    assert rows(done.file, "foreign_row") == []


def test_pairs_of_rows_that_go_go_along(township: Ledger, county: Ledger, stick: Path) -> None:
    with township.begin(Operation.RECEIVE, desks.TOWN_CLERK) as work:
        note = NoteRow(plot_id=first_plot(township), on_date="2026-05-01", body="县里的话")
        work.session.add(note)
        work.session.flush()
        pair = {"peer_ledger": county.info.id, "table_code": "note", "key": "31", "local": str(note.id)}
        work.session.add(ForeignRow(id=f"{county.info.id}/note/31", **pair))
        gone = {"peer_ledger": county.info.id, "table_code": "note", "key": "32", "local": "99"}
        work.session.add(ForeignRow(id=f"{county.info.id}/note/32", **gone))
        work.commit()
    (sent,) = rows(submission(township, stick / "a.gdpkg").file, "foreign_row")
    assert (sent["key"], sent["local"]) == ("31", str(note.id))


def test_photos_stay_at_home_where_they_are_not_wanted_lost_or_damaged(township: Ledger, stick: Path) -> None:
    plot = first_plot(township)
    kept = {name: named_photo(township, plot, name) for name in ("好.jpg", "丢.jpg", "坏.jpg", "不要.jpg")}
    evidence = township.folder.part(FolderPart.EVIDENCE)
    (evidence / f"{kept['丢.jpg']}.jpg").unlink()
    (evidence / f"{kept['坏.jpg']}.jpg").write_bytes(b"other")
    done = submission(township, stick / "a.gdpkg", leave_out=frozenset({kept["不要.jpg"]}))
    assert members(done.file, "evidence/") == [f"evidence/{kept['好.jpg']}.jpg"]
    assert done.left_out == ("白圩村 0007 整改后 不要.jpg",)
    assert set(done.missing) == {"白圩村 0007 整改后 丢.jpg", "白圩村 0007 整改后 坏.jpg"}
    none = submission(township, stick / "b.gdpkg", photos=False)
    assert members(none.file, "evidence/") == []
    assert len(none.left_out) == 4
    assert none.as_json()["encrypted"] is False


def test_what_does_not_fit_is_left_out_the_largest_first_and_told(
    township: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = first_plot(township)
    sizes = {"大.jpg": 400_000, "中.jpg": 200_000, "小.jpg": 1_000}
    kept = {name: named_photo(township, plot, name, size) for name, size in sizes.items()}
    monkeypatch.setattr(writing, "LARGEST", 150_000)
    done = submission(township, stick / "a.gdpkg")
    assert members(done.file, "evidence/") == [f"evidence/{kept['小.jpg']}.jpg"]
    assert done.left_out == ("白圩村 0007 整改后 大.jpg", "白圩村 0007 整改后 中.jpg")
    monkeypatch.setattr(writing, "LARGEST", 4 * 1024**3)
    monkeypatch.setattr(packing, "MOST_MEMBERS", len(members(done.file)) + 1)
    more = submission(township, stick / "b.gdpkg")
    assert more.left_out == ("白圩村 0007 整改后 大.jpg",)
    assert more.photos == 2
    with township.reading() as session:
        query = text("SELECT file_id FROM package_file WHERE package_id = :id")
        sent = {row[0] for row in session.connection().execute(query, {"id": more.id})}
    assert sent == {kept["小.jpg"], kept["中.jpg"]}


def test_a_package_that_fits_in_no_way_is_refused(
    township: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LARGEST", 1_000)
    before = state_of(township)
    assert refused(lambda: submission(township, stick / "a.gdpkg")) == "package_too_large"
    assert state_of(township) == before


def test_a_feedback_answers_the_newest_submission_and_says_what_was_taken_in(
    county: Ledger, township: Ledger, stick: Path
) -> None:
    first = taken_in(county, township, kind="submission", head_seq=17, head_hash="f" * 64)
    second = taken_in(county, township, kind="submission", number=2, head_seq=25)
    done = packed(county, PackageKind.FEEDBACK, stick / "a.gdpkg", unit_code="360124209")
    said = manifest(done.file)
    assert (said["answers"], said["to"]["ledger"]) == (second, township.info.id)
    told = {one["package"]: one for one in rows(done.file, "receipt")}
    assert set(told) == {first, second}
    assert (told[first]["kind"], told[first]["head_seq"], told[first]["manifest_sha256"]) == (
        "submission",
        17,
        "c" * 64,
    )
    assert {one["township"] for one in rows(done.file, "plot")} == {"白圩乡"}
    assert "data/list_line.jsonl" not in members(done.file)


def test_what_lies_in_the_bin_is_told_of_and_stays_at_home(township: Ledger, county: Ledger, stick: Path) -> None:
    taken_in(township, county)
    plot = first_plot(township)
    gone, twice, kept = (named_photo(township, plot, name) for name in ("错.jpg", "两处.jpg", "好.jpg"))
    bin_photos(township, plot, "错.jpg")
    bin_photos(township, plot, "两处.jpg")
    with township.begin(Operation.ATTACH, desks.clerk_of(township)) as work:
        work.session.add(AttachmentRow(plot_id=plot, stage="after", file_id=twice, name="另.jpg"))
        work.session.add(PhotoAnswerRow(plot_id=plot, file_id=gone, question="place", on_date=DAY))
        work.commit()
    weighed = service.weigh(township, PackageKind.SUBMISSION, PackOptions())
    done = submission(township, stick / "a.gdpkg")
    assert set(members(done.file, "evidence/")) == {f"evidence/{twice}.jpg", f"evidence/{kept}.jpg"}
    assert weighed[0] == done.photos == 2
    assert (done.left_out, done.missing) == ((), ())
    assert {one["file_id"]: one["removed"] for one in rows(done.file, "attachment") if one["name"] != "另.jpg"} == {
        gone: 1,
        twice: 1,
        kept: 0,
    }
    assert {one["id"] for one in rows(done.file, "stored_file")} == {gone, twice, kept}
