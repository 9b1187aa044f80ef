"""Who has handed in: one line for each township, whatever came, late, twice or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from gengdi_desktop.consolidation.service import Board, BoardLine, Standing, board
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import (
    AttachmentRow,
    AwaitedFileRow,
    CertificateRow,
    ConflictRow,
    ReceivedPaperRow,
    StoredFileRow,
)
from tests.helpers.county_desk import CLERK, NOON, SIGNER, on, package
from tests.helpers.ledgers import add_plots


def line(found: Board, name: str = "白圩乡") -> BoardLine:
    (one,) = [line for line in found.lines if line.unit.name == name]
    return one


def test_every_township_of_the_table_has_a_line(county: Ledger) -> None:
    add_plots(county, ["a", "b"], CLERK)
    add_plots(county, ["c"], CLERK, township="城外农场")
    found = board(county)
    assert len(found.lines) == 24
    mine = line(found)
    assert (mine.plots, mine.area, mine.standing) == (2, Area(10_560_000), Standing.AHEAD)
    assert line(found, "民和镇").standing is Standing.EXEMPT
    assert line(found, "城外农场").remarks == ("区划表里没有这个单位，请核对名称。",)
    assert (found.due, found.handed_in, found.late, found.overdue) == (2, 0, 0, 0)
    assert found.deadline.name == "整改阶段的硬期限"


def test_a_split_plot_counts_once(county: Ledger) -> None:
    add_plots(county, ["whole"], CLERK, state="split", split_status="parent")
    add_plots(county, ["one", "two"], CLERK, split_parent="whole", issued_area=2_640_000)
    assert (line(board(county)).plots, line(board(county)).area) == (1, Area(5_280_000))


def test_in_time_late_and_not_at_all(county: Ledger) -> None:
    for unit in ("白圩乡", "民和镇", "李渡镇", "温圳镇"):
        package(county, f"task-{unit}", "task", unit=unit)
    on(county, date(2023, 8, 25))
    package(county, "s1", unit="白圩乡")
    on(county, date(2023, 8, 28))
    package(county, "s2", unit="民和镇", packed=datetime(2023, 8, 24, 1, tzinfo=UTC))
    found = board(county)
    assert {one: line(found, one).standing for one in ("白圩乡", "民和镇", "李渡镇")} == {
        "白圩乡": Standing.HANDED_IN,
        "民和镇": Standing.LATE,
        "李渡镇": Standing.DUE,
    }
    assert (line(found, "民和镇").days_late, line(found, "李渡镇").days_late) == (3, 3)
    assert line(found, "民和镇").remarks == ("第 1 次报送打包以后 4 天才收到（打包时间是乡镇电脑的）。",)
    assert found.sentence == "应报 4 个 · 已报 2 个 · 迟报 1 个 · 超期未报 2 个"


def test_the_ledger_s_own_day_decides_and_not_the_clock(county: Ledger) -> None:
    on(county, date(2026, 11, 22))  # a sample plays in another year than the one on the wall
    package(county, "s1", settled_on="2023-08-24")
    assert (line(board(county), "白圩乡").standing, line(board(county), "白圩乡").days_late) == (Standing.HANDED_IN, 0)


def test_what_came_before_the_window_is_no_report_on_the_rectification(county: Ledger) -> None:
    add_plots(county, ["a"], CLERK)
    on(county, date(2023, 7, 28))
    package(county, "early")
    on(county, date(2023, 8, 21))
    found = line(board(county))
    assert (found.standing, found.submissions, found.first) == (Standing.DUE, 1, None)
    assert found.newest is not None
    assert found.newest.id == "early"


def test_a_second_submission_after_the_deadline_makes_no_township_late(county: Ledger) -> None:
    package(county, "s1")
    on(county, date(2023, 9, 4))
    package(county, "s2", number=2)
    found = line(board(county))
    assert (found.standing, found.submissions, found.newest.number if found.newest else 0) == (Standing.HANDED_IN, 2, 2)


def test_a_clock_that_is_ahead_is_said_and_decides_nothing(county: Ledger) -> None:
    package(county, "s1", packed=NOON + timedelta(days=30))
    found = line(board(county))
    assert found.standing is Standing.HANDED_IN
    assert found.remarks == ("第 1 次报送的打包时间比收到时间还晚，乡镇电脑的时钟可能不准。",)


def test_the_task_and_the_answer(county: Ledger) -> None:
    package(county, "task1", "task")
    assert line(board(county)).task_taken is None
    county.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    package(county, "s1")
    assert line(board(county)).task_taken is False
    county.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    package(county, "task2", "task", number=2, receipted_by="s2")
    assert (line(board(county)).task_taken, line(board(county)).answered) == (True, False)
    county.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    package(county, "f1", "feedback")
    assert line(board(county)).answered is True
    county.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    package(county, "s3", number=3)
    assert line(board(county)).answered is False


def test_packages_of_teams_are_nobodys_line(county: Ledger) -> None:
    package(county, "check", "check-task", unit="第一抽查组", peer_desk="team")
    assert len(board(county).lines) == 23


def test_conflicts_papers_and_the_certificate_of_a_township(county: Ledger) -> None:
    add_plots(county, ["a"], CLERK)
    package(county, "s1", proof="rewritten", proof_entries="12,13", note="白圩村 0003：不是本乡镇的图斑")
    kept = county.folder.keep(FolderPart.REPORTS, b"%PDF-1.7 report", ".pdf")
    paper: dict[str, Any] = {
        "package_id": "s1",
        "number": "白府函〔2023〕12号",
        "title": "整改工作报告",
        "document_date": "2023-08-19",
    }
    with county.begin(Operation.RECEIVE, CLERK) as work:
        file = record_file(work, kept)
        for status in ("open", "open", "decided"):
            work.session.add(
                ConflictRow(plot_id="a", table_code="plot", row_key="a", package_id="s1", status=status, field="cause")
            )
        for role in ("paper", "signed"):
            work.session.add(ReceivedPaperRow(**paper, state="signed", role=role, file_id=file))
        work.session.add(CertificateRow(id=SIGNER, relation="trusted", holder="李建国", not_after="2023-08-19"))
        work.commit()
    found = line(board(county))
    assert found.conflicts == 2
    assert [(one.number, one.document_date) for one in found.papers] == [("白府函〔2023〕12号", date(2023, 8, 19))]
    assert found.signer is not None
    assert (found.signer.holder, found.signer.expired, found.signer.trusted) == ("李建国", True, True)
    assert found.remarks == (
        "报过的第 12、13 条办理记录被改写，请问清原因。",
        "有没有收的内容：白圩村 0003：不是本乡镇的图斑",
    )


def test_entries_that_never_came_are_said(county: Ledger) -> None:
    package(county, "s1", proof="gap", proof_entries="1,40")
    assert line(board(county)).remarks == ("第 1 到 40 条办理记录没有报来，看不出有没有改写。",)


def test_photos_that_did_not_come_are_counted(county: Ledger) -> None:
    add_plots(county, ["a"], CLERK)
    add_plots(county, ["b"], CLERK, township="民和镇")
    package(county, "s1")
    with county.begin(Operation.RECEIVE, CLERK) as work:
        for key in ("1" * 64, "2" * 64):
            work.session.add(StoredFileRow(id=key, folder="evidence", suffix=".jpg", size=3))
            for stage in ("before", "after"):
                work.session.add(AttachmentRow(plot_id="a", stage=stage, file_id=key, media_type="image/jpeg"))
        work.session.add(AttachmentRow(plot_id="b", stage="after", file_id="2" * 64, media_type="image/jpeg"))
        work.session.add(AwaitedFileRow(id="1" * 64, package_id="s1"))
        work.commit()
    found = board(county)
    assert (line(found).missing_photos, line(found, "民和镇").missing_photos) == (1, 0)
