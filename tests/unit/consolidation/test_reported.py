"""A township's signed report beside the county's ledger: whatever differs is named."""

from __future__ import annotations

from datetime import date

import pytest

from gengdi_desktop.consolidation.service import Contradiction, compare_with_submission
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot_json import freeze_facts
from gengdi_desktop.reports.facts.store import snapshot
from gengdi_desktop.storage.tables import ForeignRow, PackageRow, PlotRow, ReceivedPaperRow, ReportedEntryRow
from tests.helpers.county_desk import CLERK, package
from tests.helpers.ledgers import add_plots

UNIT = "白圩乡"


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


def change(ledger: Ledger, plot: str, **values: object) -> None:
    with ledger.begin(Operation.EDIT, CLERK) as work:
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
    assert found.sentence.endswith("1 个图斑不同。请问清原因。")


def test_what_the_township_did_after_its_report_is_said_to_be_a_reason(handed_in: Ledger) -> None:
    report(handed_in, "s1", facts(handed_in))
    change(handed_in, "b", remark="补记")
    peer = "e" * 32
    with handed_in.begin(Operation.RECEIVE, CLERK) as work:
        work.session.get_one(PackageRow, "s1").peer_ledger = peer
        for seq in (8, 9, 10, 11):
            work.session.add(ReportedEntryRow(id=f"{peer}:{seq}", peer_ledger=peer, seq=seq, package_id="s1"))
        work.commit()
    assert compared(handed_in).later == 2
    assert "报告定稿以后乡镇又办了 2 条记录" in compared(handed_in).sentence


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
