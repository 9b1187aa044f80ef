"""Packages taken into ledgers: plots, lists, photos, papers, keys, deletions, and what is told of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.handover.receiving import service as receiving
from gengdi_desktop.handover.receiving import store as receiving_store
from gengdi_desktop.handover.service import ProofKind
from gengdi_desktop.ledger import check, trust
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.storage.tables import (
    AttachmentRow,
    IdentifierRow,
    PhaseRow,
    PlotListRow,
    PlotRow,
    ReportFileRow,
    ReportRow,
)
from tests.helpers import desks, signed_pdfs
from tests.helpers.canonical import canonical_state
from tests.helpers.ledgers import ISSUED
from tests.helpers.packing import attach
from tests.helpers.photos import small_photo
from tests.helpers.two_desks import CODE, Desks, plots_of, rows


def phase_ends(ledger: Ledger, day: str) -> None:
    """The phase of rectification gets a hard deadline."""
    with ledger.begin(Operation.CAMPAIGN, desks.clerk_of(ledger)) as work:
        (key,) = work.session.connection().exec_driver_sql("SELECT id FROM phase WHERE name = '整改'").scalars()
        row = work.session.get(PhaseRow, key)
        assert row is not None
        row.hard_deadline = day
        work.commit()


# --------------------------------------------------------------------------------------------------- there, back, again


def test_of_a_changed_phase_it_is_told_which(both: Desks) -> None:
    both.down()
    phase_ends(both.county, "2026-08-25")
    package = both.pack(both.county, PackageKind.TASK)
    (changed,) = service.arrival(both.town, package).fields
    assert (changed.name, changed.label, changed.theirs_told) == ("整改", "硬期限", "2026年8月25日")
    phase_ends(both.town, "2026-08-20")
    both.receive(both.town, package)
    (asked,) = service.conflicts(both.town)
    assert (asked.name, asked.label, asked.mine) == ("整改", "硬期限", "2026年8月20日")


def test_a_task_fills_an_empty_ledger_and_the_same_again_changes_nothing(both: Desks) -> None:
    package = both.pack(both.county, PackageKind.TASK)
    seen = service.arrival(both.town, package)
    assert (seen.new, seen.changed, seen.trusted, seen.freshness, seen.problems) == (2, 0, True, "new", ())
    assert [one.name for one in seen.new_plots] == ["白圩村 0001", "白圩村 0002"]
    assert plots_of(both.town) == []
    done = both.receive(both.town, package)
    assert done.changes.seq is not None
    assert canonical_state(both.town, "白圩乡") == canonical_state(both.county, "白圩乡")
    assert [row[0] for row in rows(both.town, "SELECT position FROM plot ORDER BY position")] == [0, 1]
    assert {row[0] for row in rows(both.town, "SELECT entry FROM plot")} == {done.changes.seq}
    again = both.receive(both.town, package)
    assert (again.applied, again.changes.seq, again.arrival.freshness) == (0, None, "again")
    both.sound()


def test_what_was_taken_in_can_be_taken_back_and_taken_in_again(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    both.edit(both.town, plot, cause="改种果树")
    both.note(both.town, plot, "村里已通知")
    package = both.pack(both.town, PackageKind.SUBMISSION)
    before = canonical_state(both.county)
    both.receive(both.county, package)
    after = canonical_state(both.county)
    assert after != before
    undo(both.county, by=desks.COUNTY_CLERK)
    assert canonical_state(both.county) == before
    assert rows(both.county, "SELECT count(*) FROM package WHERE direction = 'in'") == [(0,)]
    both.receive(both.county, package)
    assert canonical_state(both.county) == after
    both.sound()


def test_an_older_package_is_told_and_not_taken_in(both: Desks) -> None:
    both.down()
    older = both.pack(both.town, PackageKind.SUBMISSION)
    both.edit(both.town, plots_of(both.town)[0], cause="撂荒")
    both.up()
    assert service.arrival(both.county, older).freshness == "older"
    with pytest.raises(RuleError) as refusal:
        both.receive(both.county, older)
    assert refusal.value.code == "stale"


def test_a_task_that_comes_after_a_newer_feedback_brings_only_what_that_did_not(both: Desks) -> None:
    both.down()
    late = both.pack(both.county, PackageKind.TASK)
    plot = plots_of(both.county)[0]
    both.edit(both.county, plot, remark="县里看过")
    desks.add_list(both.county, "补充清单", [("白圩乡", 3)])
    both.down(PackageKind.FEEDBACK)
    assert len(plots_of(both.town)) == 3
    done = both.receive(both.town, late)
    assert len(plots_of(both.town)) == 3
    assert done.arrival.deleted == 0
    assert rows(both.town, "SELECT remark FROM plot WHERE id = :plot", plot=plot) == [("县里看过",)]
    both.down()
    assert canonical_state(both.town, "白圩乡") == canonical_state(both.county, "白圩乡")
    both.sound()


# ----------------------------------------------------------------------------------------------- rows that come and go


def test_rows_that_their_maker_took_back_go_and_do_not_come_again(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    both.note(both.town, plot, "一")
    both.up()
    assert rows(both.county, "SELECT body FROM note") == [("一",)]
    undo(both.town, by=desks.TOWN_CLERK)
    both.up()
    assert rows(both.county, "SELECT body FROM note") == []
    both.note(both.county, plot, "县里的")
    both.down(PackageKind.FEEDBACK)
    assert rows(both.town, "SELECT body FROM note WHERE body = '县里的'") == [("县里的",)]
    both.up()
    assert rows(both.county, "SELECT count(*) FROM note WHERE body = '县里的'") == [(1,)]
    both.sound()


def test_a_deleted_row_that_was_touched_here_stays_and_is_told(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    both.note(both.town, plot, "一")
    both.up()
    with both.county.begin(Operation.EDIT, desks.COUNTY_CLERK) as work:
        work.apply([["~", "note", rows(both.county, "SELECT id FROM note")[0][0], {"body": ["一", "一，县里补"]}]])
        work.commit()
    undo(both.town, by=desks.TOWN_CLERK)
    done = both.up()
    (kept,) = done.arrival.kept
    assert kept.name == "白圩村 0001"
    assert rows(both.county, "SELECT body FROM note") == [("一，县里补",)]


def test_plots_that_the_township_found_itself_come_and_go(both: Desks) -> None:
    both.down()
    with both.town.begin(Operation.IMPORT, desks.TOWN_CLERK) as work:
        listed = PlotListRow(name="自查发现", kind="self_found", headers="[]")
        work.session.add(listed)
        work.session.flush()
        facts = {**ISSUED, "township_code": CODE, "plot_no": "自1"}
        work.session.add(PlotRow(id="f" * 32, entry=work.seq, position=9, **facts))
        work.session.add(IdentifierRow(plot_id="f" * 32, kind="local_no", value="自1", list_id=listed.id))
        work.commit()
    done = both.up()
    assert done.arrival.new == 1
    assert len(plots_of(both.county)) == 3
    both.edit(both.town, "f" * 32, issued_area=7)
    assert both.up().arrival.refused == ()
    assert rows(both.county, "SELECT issued_area FROM plot WHERE id = :plot", plot="f" * 32) == [(7,)]
    undo(both.town, by=desks.TOWN_CLERK)
    undo(both.town, by=desks.TOWN_CLERK)
    done = both.up()
    assert [one.name for one in done.arrival.deleted_plots] == ["白圩村 自1"]
    assert len(plots_of(both.county)) == 2
    both.sound()


def test_plots_that_both_took_from_lists_are_one(both: Desks) -> None:
    with both.town.begin(Operation.IMPORT, desks.TOWN_CLERK) as work:
        for number in (1, 2):
            plot = f"{number}" * 32
            facts = {**ISSUED, "township_code": CODE, "plot_no": f"{number:04d}"}
            work.session.add(PlotRow(id=plot, entry=work.seq, position=number, **facts))
            work.session.add(IdentifierRow(plot_id=plot, kind="bsm", value=f"{CODE}{number:09d}"))
        work.commit()
    both.edit(both.town, "1" * 32, cause="先做了")
    done = both.down()
    assert (done.arrival.new, len(plots_of(both.town))) == (0, 2)
    done = both.up()
    assert (done.arrival.new, len(plots_of(both.county))) == (0, 2)
    assert rows(both.county, "SELECT count(*) FROM plot WHERE cause = '先做了'") == [(1,)]
    both.note(both.county, plots_of(both.county)[0], "县里的")
    both.down(PackageKind.FEEDBACK)
    assert rows(both.town, "SELECT plot_id FROM note") == [("1" * 32,)]
    both.sound()


def test_a_plot_of_another_unit_is_refused_by_name(both: Desks) -> None:
    both.down()
    with both.town.begin(Operation.IMPORT, desks.TOWN_CLERK) as work:
        facts = {**ISSUED, "township": "民和镇", "township_code": desks.TOWNSHIPS["民和镇"], "plot_no": "9"}
        work.session.add(PlotRow(id="e" * 32, entry=work.seq, position=9, **facts))
        work.commit()
    both.note(both.town, "e" * 32, "不该有")
    done = both.up()
    assert [(one.code, one.name) for one in done.arrival.refused] == [("other_unit", "白圩村 9")]
    assert rows(both.county, "SELECT count(*) FROM note") == [(0,)]


@pytest.mark.parametrize("name", ["白圩", "进贤县白圩乡", "白 圩 乡"])
def test_a_plot_that_writes_its_township_otherwise_is_of_it_at_both_desks(both: Desks, name: str) -> None:
    (plot, _) = plots_of(both.county)
    both.edit(both.county, plot, township=name, township_code="")
    due = {one.name: one.plots for one in service.units_due(both.county)}
    assert due["白圩乡"] == 2
    done = both.down()
    assert (done.arrival.refused, done.arrival.new) == ((), 2)
    both.note(both.town, plot, "看过")
    back = both.up()
    assert back.arrival.refused == ()
    assert rows(both.county, "SELECT plot_id FROM note") == [(plot,)]
    both.sound()


# ------------------------------------------------------------------------------------------------------- files and keys


def test_photos_come_with_their_bytes_or_are_awaited_and_come_later(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    key = attach(both.town, plot, small_photo())
    done = both.up(photos=False)
    (missing,) = done.arrival.missing_photos
    assert (missing.plot, missing.name, missing.file_name, missing.sha256) == (plot, "白圩村 0001", "后1.jpg", key)
    found = check.check(both.county)
    assert (found.problems, [one.code for one in found.notes]) == ((), ["file_awaited"])
    done = both.up()
    assert done.arrival.missing_photos == ()
    assert rows(both.county, "SELECT count(*) FROM awaited_file") == [(0,)]
    place = both.county.folder.part(FolderPart.EVIDENCE) / f"{key}.jpg"
    assert place.read_bytes() == small_photo()
    assert check.check(both.county).notes == ()
    place.unlink()
    assert [one.code for one in check.check(both.county).problems] == ["file_missing"]


def test_a_photo_that_its_desk_has_put_in_the_bin_is_not_awaited(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    key = attach(both.town, plot, small_photo())
    bin_of(both.town, removed=1)
    done = both.up()
    assert (done.arrival.missing_photos, done.arrival.refused) == ((), ())
    assert rows(both.county, "SELECT file_id, removed FROM attachment") == [(key, 1)]
    assert not list(both.county.folder.part(FolderPart.EVIDENCE).glob(f"{key}*"))
    assert (check.check(both.county).problems, check.check(both.county).notes) == ((), ())
    bin_of(both.town, removed=0)
    assert both.up().arrival.missing_photos == ()
    assert (both.county.folder.part(FolderPart.EVIDENCE) / f"{key}.jpg").read_bytes() == small_photo()
    both.sound()


def bin_of(ledger: Ledger, *, removed: int) -> None:
    """Put the only photo in the bin, or back."""
    with ledger.begin(Operation.ATTACH, desks.clerk_of(ledger)) as work:
        (key,) = work.session.connection().exec_driver_sql("SELECT id FROM attachment").scalars()
        work.session.get_one(AttachmentRow, key).removed = removed
        work.commit()


def test_of_a_stranger_s_large_package_only_the_headers_are_read(both: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    both.down()
    package = both.pack(both.town, PackageKind.SUBMISSION)
    key = desks.identity_of(both.town).certificate.fingerprint
    trust.distrust(both.county, key, by=desks.COUNTY_CLERK)
    seen = service.arrival(both.county, package)
    assert (seen.trusted, seen.looked, seen.same, seen.stated_plots) == (False, True, 2, None)
    monkeypatch.setattr(receiving, "MOST_OF_STRANGERS", 1000)
    large = service.arrival(both.county, package)
    assert (large.looked, large.stated_plots, large.proof) == (False, 2, None)
    assert [one.code for one in large.problems] == ["signer_removed"]
    assert large.heading == seen.heading
    trust.trust(both.county, desks.identity_of(both.town).certificate, by=desks.COUNTY_CLERK)
    assert service.arrival(both.county, package).looked


def test_ledgers_of_which_nothing_is_known_are_not_asked_for_one_by_one(
    both: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.down()
    asked: list[str] = []
    raw = receiving_store._raw

    def counted(session: Any, query: str, *given: Any) -> Any:
        asked.append(query)
        return raw(session, query, *given)

    monkeypatch.setattr(receiving_store, "_raw", counted)
    named = [f"{number:032x}" for number in range(500)]
    with both.town.reading() as session:
        found = receiving_store.pairs(session, "plot_list", {*named, both.county.info.id})
    assert {ledger for ledger, _ in found} == {both.county.info.id}
    assert len(asked) == 2


def test_papers_are_kept_beside_our_own(both: Desks) -> None:
    both.down()
    with both.town.begin(Operation.FREEZE, desks.TOWN_CLERK) as work:
        files = {name: both.town.folder.keep(FolderPart.REPORTS, name.encode(), ".pdf") for name in "abc"}
        keys = {name: record_file(work, kept) for name, kept in files.items()}
        report = ReportRow(kind="rectification_letter", number="白府函〔2023〕12号", title="函", state="frozen")
        report.snapshot_file, report.model_file = keys["a"], keys["b"]
        report.head_seq, report.head_hash = work.seq - 1, both.town.head().hash
        work.session.add(report)
        work.session.flush()
        work.session.add(ReportFileRow(report_id=report.id or 0, role="paper", name="函.pdf", file_id=keys["c"]))
        work.commit()
    for _ in range(2):
        both.up()
        query = "SELECT report_kind, number, state, role, name, file_id FROM received_paper"
        assert rows(both.county, query) == [
            ("rectification_letter", "白府函〔2023〕12号", "frozen", "paper", "函.pdf", keys["c"])
        ]
    assert (both.county.folder.part(FolderPart.REPORTS) / f"{keys['c']}.pdf").read_bytes() == b"c"
    assert rows(both.county, "SELECT count(*) FROM report") == [(0,)]
    both.sound()


def test_the_county_strikes_keys_off_and_says_with_what_it_signs(both: Desks) -> None:
    both.down()
    lost, fresh = signed_pdfs.person("丢失").certificate, signed_pdfs.person("县里新的").certificate
    trust.trust(both.town, lost, by=desks.TOWN_CLERK)
    trust.trust(both.county, lost, by=desks.COUNTY_CLERK)
    trust.distrust(both.county, lost.fingerprint, by=desks.COUNTY_CLERK)
    trust.note_own(both.county, fresh, by=desks.COUNTY_CLERK)
    both.down()
    known = {one.fingerprint for one in trust.trusted(both.town)}
    assert lost.fingerprint not in known
    assert fresh.fingerprint in known
    trust.distrust(both.town, fresh.fingerprint, by=desks.TOWN_CLERK)
    both.edit(both.county, plots_of(both.county)[0], remark="x")
    both.down()
    assert fresh.fingerprint not in {one.fingerprint for one in trust.trusted(both.town)}


def test_a_township_says_nothing_about_keys(both: Desks) -> None:
    both.down()
    other = signed_pdfs.person("别人").certificate
    trust.note_own(both.town, other, by=desks.TOWN_CLERK)
    trust.distrust(both.town, desks.identity_of(both.county).certificate.fingerprint, by=desks.TOWN_CLERK)
    before = rows(both.county, "SELECT id, relation, removed FROM certificate ORDER BY id")
    both.up()
    assert rows(both.county, "SELECT id, relation, removed FROM certificate ORDER BY id") == before


# ----------------------------------------------------------------------------------------------------------- the proof


def test_each_submission_shows_that_it_goes_on_from_the_last(both: Desks) -> None:
    both.down()
    first = both.up()
    assert first.arrival.proof is not None
    assert first.arrival.proof.kind is ProofKind.FIRST
    head = first.arrival.proof.head_seq
    assert rows(both.county, "SELECT count(*), max(seq) FROM reported_entry") == [(head, head)]
    both.down(PackageKind.FEEDBACK)
    second = both.up()
    assert second.arrival.proof is not None
    assert (second.arrival.proof.kind, second.arrival.proof.since_seq > 0) == (ProofKind.CONTAINED, True)


def test_what_the_county_took_back_is_sent_again_whole(both: Desks) -> None:
    both.down()
    key = attach(both.town, plots_of(both.town)[0], small_photo())
    late = both.pack(both.county, PackageKind.TASK)
    taken = both.up()
    both.down(PackageKind.FEEDBACK)
    receipted = "SELECT count(*) FROM package WHERE direction = 'out' AND receipted_by IS NOT NULL"
    assert rows(both.town, receipted) == [(1,)]
    both.receive(both.town, late)
    assert rows(both.town, receipted) == [(1,)], "an older list says nothing of what came since"
    assert taken.changes.seq is not None
    undo(both.county, taken.changes.seq, by=desks.COUNTY_CLERK)
    both.down(PackageKind.FEEDBACK)
    assert rows(both.town, receipted) == [(0,)]
    again = both.up()
    assert again.arrival.proof is not None
    assert (again.arrival.proof.kind, again.arrival.proof.since_seq) == (ProofKind.FIRST, 0)
    assert rows(both.town, "SELECT count(*) FROM package_file WHERE file_id = :key", key=key) == [(2,)]
    both.down(PackageKind.FEEDBACK)
    assert rows(both.town, receipted) == [(1,)]
    both.sound()


def test_a_rewritten_journal_is_refused_without_a_reason_and_the_reason_is_kept(both: Desks) -> None:
    both.down()
    both.up()
    with both.county.begin(Operation.EDIT, desks.COUNTY_CLERK) as work:
        # As if the township had reported something else then.
        (key, old), *_ = rows(both.county, "SELECT id, hash FROM reported_entry WHERE seq = 3")
        work.apply([["~", "reported_entry", key, {"hash": [old, "0" * 64]}]])
        work.commit()
    package = both.pack(both.town, PackageKind.SUBMISSION)
    seen = service.arrival(both.county, package)
    assert seen.proof is not None
    assert (seen.proof.kind, [one.seq for one in seen.proof.rewritten]) == (ProofKind.REWRITTEN, [3])
    assert seen.needs_reason
    with pytest.raises(RuleError) as refusal:
        both.receive(both.county, package)
    assert refusal.value.code == "journal_rewritten"
    both.receive(both.county, package, "乡里恢复过旧备份，电话核实")
    told = history(both.county, limit=1)[0]
    assert "乡里恢复过旧备份，电话核实" in told.reason
    assert rows(both.county, "SELECT hash FROM reported_entry WHERE seq = 3") == [(old,)]
    both.sound()


def test_a_safety_copy_is_made_before_and_old_ones_go(both: Desks) -> None:
    for number in range(5):
        both.edit(both.county, plots_of(both.county)[0], remark=str(number))
        path = both.pack(both.county, PackageKind.TASK)
        service.receive(both.town, path, by=desks.TOWN_CLERK)
        both.town.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
        both.county.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    assert len(list(both.town.folder.part(FolderPart.BACKUPS).glob("收包前_*.gdbak"))) == 3
