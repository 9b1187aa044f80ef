"""What goes into a package, what stays at home, and what a ledger notes of it."""

from __future__ import annotations

import hashlib
import secrets
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled, SurroundingsError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import verify_package
from gengdi_desktop.handover import service, travelling
from gengdi_desktop.handover.service import PackOptions
from gengdi_desktop.ledger import check, history, trust
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import (
    PlotRow,
)
from tests.helpers import desks, signed_pdfs
from tests.helpers.packing import (
    manifest,
    members,
    packed,
    refused,
    rows,
    state_of,
    task,
)

NOW = desks.MOMENT + timedelta(days=1)


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
