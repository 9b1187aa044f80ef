"""Checking a whole ledger: heads that were handed up, kept files, and that it only reads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import Cancelled
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.check import Checked, StatedHead, check
from gengdi_desktop.ledger.folder import FolderPart, StoredFile, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import NoteRow, ReportRow
from tests.helpers.clock import FixedClock
from tests.helpers.databases import behind_the_back, relocked, unlocked
from tests.helpers.ledgers import CLERK


def note(ledger: Ledger, plot: str = "a") -> None:
    """A small entry."""
    with ledger.begin(Operation.NOTE, CLERK) as work:
        work.session.add(NoteRow(plot_id=plot))
        work.commit()


def keep(ledger: Ledger, part: FolderPart, content: bytes, suffix: str = ".jpg") -> StoredFile:
    """A kept file with its row."""
    kept = ledger.folder.keep(part, content, suffix)
    with ledger.begin(Operation.ATTACH, CLERK) as work:
        record_file(work, kept)
        work.commit()
    return kept


def freeze(ledger: Ledger) -> None:
    """A frozen report of this moment, as far as a check looks at it."""
    head = ledger.head()
    snapshot = {"format": "x", "ledger": ledger.info.id, "head_seq": head.seq, "head_hash": head.hash}
    kept = ledger.folder.keep(FolderPart.REPORTS, json.dumps(snapshot).encode(), ".json")
    with ledger.begin(Operation.FREEZE, CLERK) as work:
        key = record_file(work, kept)
        row = ReportRow(title="自查报告", snapshot_file=key, model_file=key, head_seq=head.seq, head_hash=head.hash)
        work.session.add(row)
        work.commit()


def cut_back(ledger: Ledger, seq: int) -> None:
    """Take the newest entries away as a skilled hand would, and all that they did, so that the rest is whole."""
    with behind_the_back(ledger.folder.database) as connection:
        unlocked(connection)
        connection.execute("DELETE FROM journal_entry WHERE seq > ?", (seq,))
        connection.execute("DELETE FROM journal_block WHERE seq > ?", (seq,))
        for table in ("note", "report", "stored_file"):
            connection.execute(f"DELETE FROM {table}")
        relocked(connection)


def codes(found: Checked) -> list[str]:
    """The codes of the problems."""
    return [one.code for one in found.problems]


def stated(ledger: Ledger) -> StatedHead:
    """The head of this moment, as a paper carries it."""
    head = ledger.head()
    return StatedHead(ledger.info.id, head.seq, head.hash, "报告“自查报告.pdf”")


# ------------------------------------------------------------------------------------------------------------ the whole


def test_a_sound_ledger_is_told_with_its_head(township: Ledger) -> None:
    keep(township, FolderPart.EVIDENCE, b"photo")
    found = check(township, stated(township))
    assert (found.ok, found.replayed, found.problems, found.notes) == (True, True, (), ())
    assert (found.entries, found.head, found.files) == (township.head().seq, township.head().hash, 1)


def test_a_check_only_reads(township: Ledger, home: Path, clock: FixedClock) -> None:
    township.close()
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with ledgers.open_ledger(home, clock, write=False) as reader:
        assert check(reader).ok
    after = {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and path.stat().st_size}
    assert {path: data for path, data in after.items() if not path.name.endswith("-shm")} == {
        path: data for path, data in before.items() if data
    }


def test_a_changed_value_is_told_in_words(township: Ledger) -> None:
    with behind_the_back(township.folder.database) as connection:
        connection.execute("UPDATE plot SET issued_area = issued_area + 1 WHERE id = 'b'")
    found = check(township)
    [problem] = found.problems
    assert (found.ok, problem.table, problem.row, problem.field) == (False, "plot", "b", "issued_area")
    assert problem.message == "表 plot 的行 b，“issued_area”与账本不符，有人绕过程序改过"


# ----------------------------------------------------------------------------------------------------------- a cut tail


def test_a_cut_tail_is_not_seen_without_a_head_from_elsewhere(township: Ledger) -> None:
    seq = township.head().seq
    note(township)
    head = stated(township)
    cut_back(township, seq)
    assert check(township).ok
    [problem] = check(township, head).problems
    assert (problem.code, problem.table, problem.row) == ("cut_tail", "journal_entry", str(head.seq))
    assert "自查报告.pdf" in problem.message


def test_a_cut_tail_is_seen_by_the_reports_that_lie_in_the_folder(township: Ledger) -> None:
    seq = township.head().seq
    note(township)
    freeze(township)
    assert check(township).ok
    cut_back(township, seq)
    found = check(township)
    assert codes(found) == ["cut_tail"]
    assert [one.code for one in found.notes] == ["file_unknown"]


def test_an_older_copy_is_seen_by_the_newer_reports_beside_it(township: Ledger, home: Path, clock: FixedClock) -> None:
    township.close()
    older = shutil.copy(home / "ledger.gengdi", home.parent / "older")
    with ledgers.open_ledger(home, clock) as ledger:
        note(ledger)
        freeze(ledger)
    shutil.copy(older, home / "ledger.gengdi")
    with ledgers.open_ledger(home, clock, write=False) as ledger:
        assert codes(check(ledger)) == ["cut_tail"]


def test_a_rewritten_history_is_seen(township: Ledger) -> None:
    head = stated(township)
    wrong = StatedHead(head.ledger, head.seq, "0" * 64, head.source)
    assert check(township, head).ok
    assert codes(check(township, wrong)) == ["rewritten"]


def test_the_row_of_a_report_speaks_too(township: Ledger) -> None:
    freeze(township)
    with township.begin(Operation.FREEZE, CLERK) as work:
        key = record_file(work, township.folder.keep(FolderPart.REPORTS, b"{}", ".json"))
        row = ReportRow(title="工作报告", version=2, snapshot_file=key, model_file=key, head_seq=99, head_hash="0")
        work.session.add(row)
        work.commit()
    [problem] = check(township).problems
    assert problem.code == "cut_tail"
    assert "报告“工作报告”第 2 版" in problem.message


def test_a_snapshot_that_came_with_another_desk_s_report_is_no_problem(township: Ledger) -> None:
    folder = township.folder.part(FolderPart.REPORTS)
    (folder / f"{'a' * 64}.json").write_text(json.dumps({"ledger": "f" * 32, "head_seq": 7, "head_hash": "b" * 64}))
    assert codes(check(township)) == []
    (folder / f"{'b' * 64}.json").write_text(
        json.dumps({"ledger": township.info.id, "head_seq": 1, "head_hash": "b" * 64})
    )
    assert codes(check(township)) == ["rewritten"]


def test_a_report_of_another_ledger_is_told(township: Ledger) -> None:
    head = stated(township)
    assert codes(check(township, StatedHead("f" * 32, head.seq, head.hash, "报告"))) == ["other_ledger"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b'{"head_seq": "1"}', b'{"ledger": 1}'])
def test_other_files_in_the_folder_of_reports_say_nothing(township: Ledger, content: bytes) -> None:
    keep(township, FolderPart.REPORTS, content, ".json")
    assert check(township).ok


# ----------------------------------------------------------------------------------------------------------- kept files


def test_a_missing_a_damaged_and_an_unknown_file_are_told(township: Ledger) -> None:
    missing = keep(township, FolderPart.EVIDENCE, b"one")
    damaged = keep(township, FolderPart.ISSUED, b"two", ".xlsx")
    keep(township, FolderPart.REPORTS, b"three", ".pdf")
    township.folder.path_of(missing).unlink()
    township.folder.path_of(damaged).write_bytes(b"2")
    (township.folder.part(FolderPart.EVIDENCE) / "Thumbs.db").write_bytes(b"x")
    found = check(township)
    assert {(one.code, one.table, one.row) for one in found.problems} == {
        ("file_missing", "stored_file", missing.sha256),
        ("file_damaged", "stored_file", damaged.sha256),
    }
    assert [one.message for one in found.notes] == ["文件 evidence/Thumbs.db 不属于任何记录，不影响台账"]
    assert found.files == 3


def test_long_checking_tells_how_far_it_is_and_can_be_stopped(township: Ledger) -> None:
    for number in range(3):
        keep(township, FolderPart.EVIDENCE, bytes([number]))
    told: list[tuple[int, int]] = []
    check(township, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        check(township, progress=stop)
