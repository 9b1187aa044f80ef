"""What goes into a package, what stays at home, and what a ledger notes of it."""

from __future__ import annotations

import hashlib
import json
import secrets
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, GengdiError, SurroundingsError
from gengdi_desktop.exchange import writing
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import verify_package
from gengdi_desktop.handover import service, travelling
from gengdi_desktop.handover.packing import packing
from gengdi_desktop.handover.service import Packed, PackOptions
from gengdi_desktop.ledger import check, history, trust
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.tables import (
    AttachmentRow,
    ForeignRow,
    IdentifierRow,
    NoteRow,
    PackageRow,
    PhotoAnswerRow,
    PlotListRow,
    PlotRow,
    SamplePlotRow,
    SampleResultRow,
    SampleRow,
)
from tests.helpers import desks, signed_pdfs

DAY = "2026-05-06"
NOW = desks.MOMENT + timedelta(days=1)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Ledger]:
    """The county's ledger with two townships of two plots each."""
    with desks.county_ledger(tmp_path / "county") as ledger:
        yield ledger


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Where packages go."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def packed(ledger: Ledger, kind: PackageKind, target: Path, **options: Any) -> Packed:
    """A package by the clerk of a desk."""
    return service.pack(
        ledger,
        kind,
        target,
        by=desks.clerk_of(ledger),
        identity=desks.identity_of(ledger),
        options=PackOptions(**options),
    )


def task(county: Ledger, target: Path, unit: str = "360124209") -> Packed:
    """A task of the county for a township."""
    return packed(county, PackageKind.TASK, target, unit_code=unit)


def rows(package: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table in a package, by the names of their fields."""
    with zipfile.ZipFile(package) as archive:
        head, *lines = archive.read(f"data/{table}.jsonl").splitlines()
    header = json.loads(head)
    assert (header["table"], header["rows"]) == (table, len(lines))
    return [dict(zip(header["fields"], json.loads(line), strict=True)) for line in lines]


def manifest(package: Path) -> dict[str, Any]:
    """What a package says of itself."""
    with zipfile.ZipFile(package) as archive:
        return dict(json.loads(archive.read("manifest.json")))


def members(package: Path, folder: str = "") -> list[str]:
    """The names of its members in a folder."""
    return [one["name"] for one in manifest(package)["members"] if one["name"].startswith(folder)]


def state_of(ledger: Ledger) -> str:
    """Everything that a ledger holds, as one hash."""
    with ledger.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        return hashlib.sha256("\n".join(raw.iterdump()).encode()).hexdigest()


def test_a_task_carries_the_plots_of_one_township_and_what_they_hang_on(county: Ledger, stick: Path) -> None:
    done = task(county, stick / "白圩乡.gdpkg")
    assert (done.kind, done.number, done.plots, done.area) == (PackageKind.TASK, 1, 2, Area(10_560_000))
    assert done.sha256 == hashlib.sha256(done.file.read_bytes()).hexdigest()
    plots = rows(done.file, "plot")
    assert {one["township"] for one in plots} == {"白圩乡"}
    ids = {one["id"] for one in plots}
    assert len(ids) == 2
    for table in ("round", "identifier", "list_line"):
        assert {one["plot_id"] for one in rows(done.file, table)} == ids, table
    (listed,) = rows(done.file, "plot_list")
    assert listed["name"] == "2023年流出图斑"
    assert not {"file_id", "expected_count"} & set(listed)
    assert [one["name"] for one in rows(done.file, "campaign")] == [desks.CAMPAIGN.campaign.name]
    assert [one["code"] for one in rows(done.file, "phase")] == ["self_check", "rectification"]
    assert verify_package(done.file, [desks.identity_of(county).certificate], now=NOW).verification.sound


def test_every_kind_has_its_tables_and_receipts_and_pairs(county: Ledger, stick: Path) -> None:
    done = task(county, stick / "a.gdpkg")
    carried = {one.table for one in travelling.carried(PackageKind.TASK)}
    told = {name.removeprefix("data/").removesuffix(".jsonl") for name in members(done.file, "data/")}
    assert told == carried | {"receipt", "foreign_row"}
    assert rows(done.file, "receipt") == rows(done.file, "foreign_row") == []


def test_a_package_says_from_whom_to_whom(county: Ledger, stick: Path) -> None:
    said = manifest(task(county, stick / "a.gdpkg").file)
    assert (said["from"]["ledger"], said["from"]["desk"], said["from"]["unit"]) == (
        county.info.id,
        "county",
        "进贤县",
    )
    assert said["to"] == {
        "ledger": None,
        "desk": "township",
        "county": "进贤县",
        "county_code": "360124",
        "unit": "白圩乡",
        "unit_code": "360124209",
        "organ": "白圩乡人民政府",
    }
    sent = service.packages(county)[0]
    assert (said["journal"]["head_seq"], said["journal"]["since_seq"]) == (sent.head_seq, None)
    assert said["campaign"]["document_number"] == "进府办发〔2023〕43号"


def test_one_entry_notes_a_package_and_numbers_count_for_each_receiver(county: Ledger, stick: Path) -> None:
    before = county.head()
    first = task(county, stick / "a.gdpkg")
    assert county.head().seq == before.seq + 1 == first.changes.seq
    assert first.changes.tables >= {"package"}
    assert [task(county, stick / "b.gdpkg").number, task(county, stick / "c.gdpkg", "民和镇").number] == [2, 1]
    (line, *_) = [one for one in service.packages(county) if one.id == first.id]
    assert (line.sent, line.unit_code, line.number, line.plots, line.file_name) == (True, "360124209", 1, 2, "a.gdpkg")
    assert line.head_seq == before.seq
    assert not line.receipted
    told = history.history(county, limit=3)
    assert told[2].sentence == "打包：给白圩乡人民政府写了任务包（第 1 次）"
    with county.reading() as session:
        row = session.connection().execute(text("SELECT * FROM package WHERE id = :id"), {"id": first.id}).one()
    assert row.head_hash == before.hash
    with zipfile.ZipFile(first.file) as archive:
        assert row.manifest_sha256 == hashlib.sha256(archive.read("manifest.json")).hexdigest()
    assert check.check(county).ok


def test_the_same_state_id_and_time_give_the_same_bytes(
    county: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _: "ab" * 16)

    def fail(*_: object, **__: object) -> None:
        raise SurroundingsError("disk_full", "磁盘空间不足。", "")

    made = []
    with monkeypatch.context() as patch:
        patch.setattr("gengdi_desktop.handover.packing.store.add_package", fail)
        written = {}

        def keep(target: Path, *given: Any, **named: Any) -> Any:
            def look(done: Any) -> None:
                written["sha256"] = done.sha256
                named_proved(done)

            named_proved = named.pop("proved")
            return write(target, *given, **named, proved=look)

        from gengdi_desktop.exchange.writing import write_package as write

        patch.setattr("gengdi_desktop.handover.packing.packing.write_package", keep)
        for _ in range(2):
            with pytest.raises(SurroundingsError):
                task(county, stick / "a.gdpkg")
            made.append(written["sha256"])
    assert made[0] == made[1] == task(county, stick / "a.gdpkg").sha256


def test_a_package_that_could_not_be_noted_is_not_there(
    county: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SurroundingsError("disk_full", "磁盘空间不足。", "")

    old = stick / "a.gdpkg"
    old.write_bytes(b"older")
    before = state_of(county)
    with monkeypatch.context() as patch:
        patch.setattr("gengdi_desktop.handover.packing.store.add_package", fail)
        with pytest.raises(SurroundingsError):
            task(county, old)
    assert [one.name for one in stick.iterdir()] == ["a.gdpkg"]
    assert old.read_bytes() == b"older"
    assert state_of(county) == before


def test_a_stick_that_is_gone_leaves_nothing(county: Ledger, stick: Path) -> None:
    before = state_of(county)
    with pytest.raises(SurroundingsError):
        task(county, stick / "away" / "a.gdpkg")
    assert state_of(county) == before


@pytest.mark.parametrize("stop_at", [0, 1])
def test_who_stops_leaves_nothing(county: Ledger, stick: Path, stop_at: int) -> None:
    before = state_of(county)

    def stop(done: int, _whole: int) -> None:
        if done >= stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        service.pack(
            county,
            PackageKind.TASK,
            stick / "a.gdpkg",
            by=desks.COUNTY_CLERK,
            identity=desks.identity_of(county),
            options=PackOptions(unit_code="白圩乡"),
            progress=stop,
        )
    assert list(stick.iterdir()) == []
    assert state_of(county) == before


def refused(call: Any) -> str:
    """The code of a refusal."""
    with pytest.raises(GengdiError) as refusal:
        call()
    assert refusal.value.hint
    return refusal.value.code


def test_what_cannot_be_packed_is_refused_in_one_sentence(county: Ledger, stick: Path, tmp_path: Path) -> None:
    before = state_of(county)
    target = stick / "a.gdpkg"
    assert refused(lambda: packed(county, PackageKind.SUBMISSION, target)) == "wrong_desk"
    assert refused(lambda: packed(county, PackageKind.TASK, target)) == "unknown_unit"
    assert refused(lambda: task(county, target, "青岚湖")) == "unknown_unit"
    assert refused(lambda: packed(county, PackageKind.CHECK_TASK, target, sample="ab" * 16)) == "unknown_sample"
    assert refused(lambda: task(county, tmp_path / "county" / "a.gdpkg")) == "inside_ledger"
    assert state_of(county) == before
    assert list(stick.iterdir()) == []


def test_units_due_are_those_of_the_county(county: Ledger) -> None:
    units = {one.name: one for one in service.units_due(county)}
    assert {"白圩乡", "民和镇"} < set(units)
    assert (units["白圩乡"].plots, units["白圩乡"].area, units["白圩乡"].organ) == (
        2,
        Area(10_560_000),
        "白圩乡人民政府",
    )
    assert sum(one.plots for one in units.values()) == 4


def test_a_unit_outside_the_table_is_counted_and_packed_alike_with_and_without_a_code(
    county: Ledger, stick: Path
) -> None:
    with county.begin(Operation.EDIT, desks.COUNTY_CLERK) as work:
        plots = [row[0] for row in work.session.execute(text("SELECT id FROM plot WHERE township = '白圩乡'"))]
        for plot, code in zip(plots, ("", "360124998"), strict=True):
            row = work.session.get_one(PlotRow, plot)
            row.township, row.township_code = "高山农场", code
        work.commit()
    (own,) = (one for one in service.units_due(county) if one.name == "高山农场")
    done = task(county, stick / "a.gdpkg", "高山农场")
    assert {row["id"] for row in rows(done.file, "plot")} == set(plots)
    assert own.plots == len(plots) == 2


def test_whom_to_believe_and_whose_key_is_struck_off_travels_with_a_task(county: Ledger, stick: Path) -> None:
    good, lost = (signed_pdfs.person(name).certificate for name in ("赵敏", "钱丽"))
    for one in (good, lost):
        trust.trust(county, one, by=desks.COUNTY_CLERK)
    trust.distrust(county, lost.fingerprint, by=desks.COUNTY_CLERK)
    done = task(county, stick / "a.gdpkg")
    told = {one["id"]: one["removed"] for one in rows(done.file, "certificate")}
    assert told == {good.fingerprint: 0, lost.fingerprint: 1}
    own = desks.identity_of(county).certificate
    assert set(members(done.file, "certificates/")) == {
        f"certificates/{one.fingerprint}.cer" for one in (good, lost, own)
    }
    assert {one.certificate.fingerprint: str(one.relation) for one in trust.known(county)} == {
        good.fingerprint: "trusted",
        own.fingerprint: "own",
    }


@pytest.fixture
def township(tmp_path: Path) -> Iterator[Ledger]:
    """The ledger of 白圩乡 with a list that it found itself."""
    with desks.township_ledger(tmp_path / "town") as ledger:
        desks.add_list(ledger, "自查发现", [("白圩乡", 7)])
        yield ledger


def submission(township: Ledger, target: Path, **options: Any) -> Packed:
    """A submission of a township."""
    return packed(township, PackageKind.SUBMISSION, target, **options)


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


def taken_in(ledger: Ledger, peer: Ledger, **values: Any) -> str:
    """Note a package of another desk as taken in, as receiving would; returns its id."""
    key = secrets.token_hex(16)
    facts: dict[str, Any] = {
        "id": key,
        "direction": "in",
        "kind": "feedback",
        "number": 1,
        "peer_ledger": peer.info.id,
        "peer_desk": peer.info.desk,
        "peer_unit": peer.info.unit,
        "peer_unit_code": peer.info.unit_code,
        "peer_organ": peer.info.organ,
        "settled_at": "2026-05-06T09:00:00.000000Z",
        "manifest_sha256": "c" * 64,
        "signer": "d" * 64,
        "head_seq": 3,
        "head_hash": "e" * 64,
    } | values
    with ledger.begin(Operation.RECEIVE, desks.clerk_of(ledger)) as work:
        work.session.add(PackageRow(**facts))
        work.commit()
    return key


def receipt_for(ledger: Ledger, package: str, answer: str) -> None:
    """Note that another desk told us that it has a package of ours."""
    with ledger.begin(Operation.RECEIVE, desks.clerk_of(ledger)) as work:
        row = work.session.get(PackageRow, package)
        assert row is not None
        row.receipted_by = answer
        work.commit()


def with_photo(ledger: Ledger, plot: str, folder: Path, name: str, size: int = 100, stage: str = "after") -> str:
    """Attach a paper to a plot; returns its hash."""
    paper = folder / name
    paper.write_bytes(name.encode() + bytes(size))
    with ledger.begin(Operation.ATTACH, desks.clerk_of(ledger)) as work:
        kept = record_file(work, ledger.folder.keep(FolderPart.EVIDENCE, paper))
        work.session.add(AttachmentRow(plot_id=plot, stage=stage, file_id=kept, name=name, media_type="image/jpeg"))
        work.commit()
    return kept


def first_plot(ledger: Ledger) -> str:
    """The plot that was put in first."""
    with ledger.reading() as session:
        return str(session.connection().execute(text("SELECT id FROM plot ORDER BY position, id LIMIT 1")).scalar_one())


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Where papers lie before they are attached."""
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


def test_a_receipt_begins_the_journal_and_keeps_photos_at_home(
    township: Ledger, county: Ledger, stick: Path, papers: Path
) -> None:
    answer = taken_in(township, county)
    old = with_photo(township, first_plot(township), papers, "旧.jpg")
    first = submission(township, stick / "a.gdpkg")
    assert (first.number, first.photos, members(first.file, "evidence/")) == (1, 1, [f"evidence/{old}.jpg"])
    again = submission(township, stick / "b.gdpkg")
    assert (again.photos, manifest(again.file)["journal"]["since_seq"]) == (1, 0)
    receipt_for(township, first.id, answer)
    new = with_photo(township, first_plot(township), papers, "新.jpg")
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


def test_photos_stay_at_home_where_they_are_not_wanted_lost_or_damaged(
    township: Ledger, stick: Path, papers: Path
) -> None:
    plot = first_plot(township)
    kept = {name: with_photo(township, plot, papers, name) for name in ("好.jpg", "丢.jpg", "坏.jpg", "不要.jpg")}
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
    township: Ledger, stick: Path, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = first_plot(township)
    sizes = {"大.jpg": 400_000, "中.jpg": 200_000, "小.jpg": 1_000}
    kept = {name: with_photo(township, plot, papers, name, size) for name, size in sizes.items()}
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


@pytest.fixture
def sample(county: Ledger) -> str:
    """A sample of the first plot, drawn."""
    plot = first_plot(county)
    with county.begin(Operation.DRAW, desks.COUNTY_CLERK) as work:
        frame = record_file(work, county.folder.keep(FolderPart.REPORTS, b"frame", ".tsv"))
        work.session.add(SampleRow(id="5" * 32, name="抽查", status="drawn", frame_file=frame, framed_on=DAY, seed="7"))
        work.session.add(SamplePlotRow(id=f"{'5' * 32}:{plot}", sample_id="5" * 32, plot_id=plot, role="drawn"))
        work.session.add(
            SampleRow(id="6" * 32, name="扩大", status="drawn", frame_file=frame, framed_on=DAY, enlarges="5" * 32)
        )
        work.commit()
    return "6" * 32


def bin_photos(ledger: Ledger, plot: str, name: str) -> None:
    """Put an attachment in the bin."""
    with ledger.begin(Operation.ATTACH, desks.clerk_of(ledger)) as work:
        given = {"plot": plot, "name": name}
        keys = work.session.connection().execute(
            text("SELECT id FROM attachment WHERE plot_id = :plot AND name = :name"), given
        )
        for key in keys.scalars().all():
            row = work.session.get_one(AttachmentRow, key)
            row.removed, row.removed_on, row.removed_reason = 1, DAY, "拍错了地方"
        work.commit()


def test_what_lies_in_the_bin_is_told_of_and_stays_at_home(
    township: Ledger, county: Ledger, stick: Path, papers: Path
) -> None:
    taken_in(township, county)
    plot = first_plot(township)
    gone, twice, kept = (with_photo(township, plot, papers, name) for name in ("错.jpg", "两处.jpg", "好.jpg"))
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


def test_a_check_task_carries_the_drawn_plots_with_all_their_photos(
    county: Ledger, sample: str, stick: Path, papers: Path
) -> None:
    plot = first_plot(county)
    photo = with_photo(county, plot, papers, "后.jpg")
    done = packed(county, PackageKind.CHECK_TASK, stick / "a.gdpkg", sample=sample, team="抽查一组")
    assert (done.plots, done.photos, done.receiver) == (1, 1, "抽查一组")
    assert [one["id"] for one in rows(done.file, "plot")] == [plot]
    assert [one["plot_id"] for one in rows(done.file, "sample_plot")] == [plot]
    assert [one["name"] for one in rows(done.file, "sample")] == ["抽查", "扩大"]
    assert [one["kind"] for one in rows(done.file, "identifier")] == ["bsm"]
    frame = hashlib.sha256(b"frame").hexdigest()
    assert set(members(done.file, "evidence/")) == {f"evidence/{photo}.jpg", f"evidence/{frame}.tsv"}
    assert manifest(done.file)["to"]["desk"] == "team"


def test_a_check_result_carries_results_and_photos_of_the_check_only(
    sample: str, stick: Path, papers: Path, tmp_path: Path
) -> None:
    with desks.team_ledger(tmp_path / "team") as team:
        plot, open_one, away = desks.add_list(team, "抽中", [("白圩乡", number) for number in (1, 2, 3)])
        with team.begin(Operation.DRAW, desks.CHECKER) as work:
            frame = record_file(work, team.folder.keep(FolderPart.REPORTS, b"frame", ".tsv"))
            work.session.add(SampleRow(id=sample, name="抽查", status="drawn", frame_file=frame))
            key = f"{sample}:{plot}"
            work.session.add(SamplePlotRow(id=key, sample_id=sample, plot_id=plot, role="drawn"))
            for other, status in ((open_one, ""), (away, "replaced")):
                own = f"{sample}:{other}"
                work.session.add(SamplePlotRow(id=own, sample_id=sample, plot_id=other, role="drawn", status=status))
            work.commit()
        target = stick / "a.gdpkg"
        assert refused(lambda: packed(team, PackageKind.CHECK_RESULT, target, sample=sample)) == "nothing_to_pack"
        with team.begin(Operation.CHECK_RESULT, desks.CHECKER) as work:
            work.session.add(SampleResultRow(id=key, sample_id=sample, plot_id=plot, outcome="passed"))
            work.commit()
        checked = with_photo(team, plot, papers, "查.jpg", stage="spot_check")
        with_photo(team, plot, papers, "前.jpg", stage="before")
        done = packed(team, PackageKind.CHECK_RESULT, target, sample=sample)
    assert (done.plots, done.photos) == (1, 1)
    assert (done.unchecked, done.as_json()["unchecked"]) == (("白圩村 0002",), ["白圩村 0002"])
    assert done.unchecked_told.startswith("抽中的还有 1 个没有抽查结果")
    assert members(done.file, "evidence/") == [f"evidence/{checked}.jpg"]
    assert [one["outcome"] for one in rows(done.file, "sample_result")] == ["passed"]
    assert "entered" not in rows(done.file, "sample_result")[0]
    assert members(done.file, "journal/") == ["journal/entries.jsonl"]
