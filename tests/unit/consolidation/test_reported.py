"""A township's signed report beside the county's ledger: whatever differs is named."""

from __future__ import annotations

from datetime import date

import pytest

from gengdi_desktop.consolidation.hands import Hand
from gengdi_desktop.consolidation.service import Contradiction, compare_with_submission
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot_json import freeze_facts
from gengdi_desktop.reports.facts.store import snapshot
from gengdi_desktop.storage.tables import ForeignRow, NoteRow, PackageRow, PlotRow, ReceivedPaperRow, ReportedEntryRow
from tests.helpers.county_desk import CLERK, on, package
from tests.helpers.ledgers import add_plots

UNIT, PEER = "白圩乡", "e" * 32


def report(ledger: Ledger, key: str, data: bytes | None, *, role: str = "snapshot", state: str = "signed") -> None:
    """A report of two plots that came with a package."""
    kept = ledger.folder.keep(FolderPart.REPORTS, data or b"%PDF-1.7", ".json" if data else ".pdf")
    with ledger.begin(Operation.RECEIVE, CLERK) as work:
        work.session.add(
            ReceivedPaperRow(
                package_id=key,
                number="白府函〔2023〕12号",
                title="整改工作报告",
                state=state,
                document_date="2023-08-19",
                plots=2,
                area=10_560_000,
                head_seq=9,
                role=role,
                file_id=record_file(work, kept),
            )
        )
        work.commit()


def facts(ledger: Ledger) -> bytes:
    """The data of a report on the plots of 白圩乡 as they stand now."""
    with ledger.reading() as session:
        found = snapshot(session, date(2023, 8, 19), [UNIT])
    return freeze_facts(found, figures_of(found)).data


def change(ledger: Ledger, plot: str, *, operation: Operation = Operation.EDIT, **values: object) -> None:
    with ledger.begin(operation, CLERK) as work:
        row = work.session.get(PlotRow, plot)
        for name, value in values.items():
            setattr(row, name, value)
        work.commit()


def compared(ledger: Ledger) -> Contradiction:
    found = compare_with_submission(ledger, UNIT)
    assert found is not None
    return found


@pytest.fixture
def handed_in(county: Ledger) -> Ledger:
    add_plots(county, ["a", "b"], CLERK)
    add_plots(county, ["c"], CLERK, township="民和镇")
    package(county, "s1")
    return county


def test_a_report_that_the_ledger_bears_out(handed_in: Ledger) -> None:
    report(handed_in, "s1", facts(handed_in))
    found = compared(handed_in)
    assert found.nothing
    assert found.sentence == "白圩乡的“整改工作报告”白府函〔2023〕12号和台账一致。"
    assert (found.plots, found.area) == ((2, 2), (Area(10_560_000), Area(10_560_000)))


def test_plots_and_figures_that_differ_are_named(handed_in: Ledger) -> None:
    report(handed_in, "s1", facts(handed_in))
    change(handed_in, "b", state="checked", cause="改种茶树", checked_on="2023-07-26")
    found = compared(handed_in)
    assert not found.nothing
    assert found.facts is not None
    assert [one.id for one in found.facts.plots] == ["b"]
    assert "成因由 （空） 变为 改种茶树" in found.facts.plots[0].sentence
    assert found.facts.figures
    assert all(one.plots == ("b",) for one in found.facts.figures)


def test_what_the_county_did_since_is_told_as_its_own_doing(handed_in: Ledger) -> None:
    report(handed_in, "s1", facts(handed_in))
    change(handed_in, "b", group_name="抽中的", operation=Operation.DRAW)
    change(handed_in, "b", state="closed", operation=Operation.CLOSE)
    change(handed_in, "a", remark="县里补记")
    change(handed_in, "c", remark="别的乡镇的图斑")
    found = compared(handed_in)
    assert [(one.hand, one.who, one.label, one.plots) for one in found.deeds] == [
        (Hand.COUNTY, CLERK.name, "销号", ("b",)),
        (Hand.COUNTY, CLERK.name, "修改", ("a",)),
    ]
    assert (found.nothing, found.contradicted, found.unexplained) == (False, False, ())
    assert found.sentence.endswith(
        "2 个图斑不同。乡镇报送以后，县里张三2023年8月20日销号 1 个、县里张三2023年8月20日修改 1 个。"
        "不一致的图斑都在其中，应是这个原因。"
    )


def test_a_note_about_a_plot_is_no_reason_why_its_report_says_otherwise(handed_in: Ledger) -> None:
    report(handed_in, "s1", facts(handed_in).replace("白圩村".encode(), "别的村".encode()))
    with handed_in.begin(Operation.NOTE, CLERK) as work:
        work.session.add_all(NoteRow(plot_id=plot, on_date="2023-08-20", body="县里问过") for plot in ("a", "b"))
        work.commit()
    found = compared(handed_in)
    assert (found.deeds, set(found.unexplained), found.contradicted) == ((), {"a", "b"}, True)


def test_what_was_turned_back_since_made_no_difference(handed_in: Ledger) -> None:
    data = facts(handed_in).replace("白圩村".encode(), "别的村".encode())
    report(handed_in, "s1", data)
    change(handed_in, "b", remark="写错")
    undo(handed_in, by=CLERK)
    found = compared(handed_in)
    assert (found.deeds, set(found.unexplained), found.contradicted) == ((), {"a", "b"}, True)
    assert found.sentence.endswith("2 个图斑不同。请问清原因。")


def test_what_the_township_sent_since_contradicts_its_report_and_is_named(handed_in: Ledger) -> None:
    with handed_in.begin(Operation.RECEIVE, CLERK) as work:
        work.session.get_one(PackageRow, "s1").peer_ledger = PEER
        work.commit()
    report(handed_in, "s1", facts(handed_in))
    on(handed_in, date(2023, 8, 23))
    for key, number, unit, peer in (("s2", 2, UNIT, PEER), ("k1", 1, "抽查组", "f" * 32)):
        kind = "check-result" if unit == "抽查组" else "submission"
        package(handed_in, key, kind, unit=unit, number=number, direction="in", peer_ledger=peer)
        change(handed_in, "b" if key == "s2" else "a", remark="后来", operation=Operation.RECEIVE)
        with handed_in.begin(Operation.NOTE, CLERK) as work:
            # The package was taken in by the entry that changed the plot.
            work.session.get_one(PackageRow, key).entry = work.seq - 1
            work.commit()
    found = compared(handed_in)
    assert [(one.hand, one.who, one.plots) for one in found.deeds] == [
        (Hand.UNIT, "白圩乡第 2 个报送包", ("b",)),
        (Hand.OTHER, "抽查组第 1 个抽查结果包", ("a",)),
    ]
    assert (found.contradicted, found.unexplained) == (True, ())
    assert "2023年8月23日收到的白圩乡第 2 个报送包改动 1 个" in found.sentence


def test_only_what_the_township_had_not_heard_of_counts_as_done_since(handed_in: Ledger) -> None:
    change(handed_in, "a", remark="乡镇知道")
    with handed_in.reading() as session:
        known = session.connection().exec_driver_sql("SELECT max(seq) FROM journal_entry").scalar_one()
    change(handed_in, "b", remark="乡镇打包时还不知道")
    package(handed_in, "t1", "task", head_seq=known, receipted_by="s2", peer_ledger=PEER)
    package(handed_in, "s2", number=2, peer_ledger=PEER)
    report(handed_in, "s2", facts(handed_in).replace("乡镇".encode(), "村里".encode()))
    found = compared(handed_in)
    assert [one.plots for one in found.deeds] == [("b",)]
    assert (found.unexplained, found.contradicted) == (("a",), True)
    assert found.sentence.endswith("其余 1 个，请问清原因。")


def test_what_the_township_did_after_its_report_is_said_to_be_a_reason(handed_in: Ledger) -> None:
    data = facts(handed_in).replace("白圩村".encode(), "别的村".encode())
    report(handed_in, "s1", data)
    with handed_in.begin(Operation.RECEIVE, CLERK) as work:
        work.session.get_one(PackageRow, "s1").peer_ledger = PEER
        done = ((8, "claim"), (9, "claim"), (10, "freeze"), (11, "claim"), (12, "edit"), (13, "pack"))
        for seq, action in done:
            work.session.add(
                ReportedEntryRow(
                    id=f"{PEER}:{seq}",
                    peer_ledger=PEER,
                    seq=seq,
                    package_id="s1",
                    action=action,
                    actor="吴小琴",
                    at=f"2023-08-{seq + 8}T04:00:00Z",
                )
            )
        work.commit()
    assert compared(handed_in).later == 2
    assert compared(handed_in).sentence.endswith(
        "报告定稿以后乡镇又办了 2 条记录（吴小琴，2023年8月19日至2023年8月20日），可能是这个原因。"
    )


def test_without_the_data_of_the_report_its_totals_are_compared(handed_in: Ledger) -> None:
    report(handed_in, "s1", None, role="signed")
    assert compared(handed_in).sentence.endswith("和台账一致（只比了总数）。")
    change(handed_in, "a", issued_area=5_290_000)
    found = compared(handed_in)
    assert (found.nothing, found.facts) == (False, None)
    assert "报告 10.56 亩，台账 10.57 亩" in found.sentence


def test_plots_under_another_id_are_the_same_plots(handed_in: Ledger) -> None:
    data = facts(handed_in).replace(b'"id":"a"', b'"id":"theirs"')
    peer = handed_in.info.id
    with handed_in.begin(Operation.RECEIVE, CLERK) as work:
        work.session.add(
            ForeignRow(id=f"{peer}/plot/theirs", peer_ledger=peer, table_code="plot", key="theirs", local="a")
        )
        work.commit()
    report(handed_in, "s1", data)
    assert compared(handed_in).nothing


def test_data_that_cannot_be_read_leave_the_totals(handed_in: Ledger) -> None:
    report(handed_in, "s1", b"[]")
    assert compared(handed_in).facts is None


def test_nothing_signed_came(handed_in: Ledger) -> None:
    report(handed_in, "s1", facts(handed_in), state="frozen")
    assert compare_with_submission(handed_in, UNIT) is None
    assert compare_with_submission(handed_in, "民和镇") is None


def test_a_township_that_nobody_knows(handed_in: Ledger) -> None:
    with pytest.raises(RuleError, match="没有“某某乡”"):
        compare_with_submission(handed_in, "某某乡")
