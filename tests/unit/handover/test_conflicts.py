"""Two values for one field: when they are a question, who decides it, and what no package changes at all."""

from __future__ import annotations

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.storage.tables import (
    CancellationRow,
)
from tests.helpers import desks
from tests.helpers.packing import attach
from tests.helpers.photos import small_photo
from tests.helpers.two_desks import Desks, plots_of, rows


def test_two_hands_on_one_field_are_asked_once_and_decided_by_a_person(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    both.edit(both.town, plot, cause="乡里说撂荒", party="农户甲")
    both.edit(both.county, plot, cause="县里说建房")
    package = both.pack(both.town, PackageKind.SUBMISSION)
    (asked,) = service.arrival(both.county, package).conflicts
    assert (asked.name, asked.label, asked.mine_told, asked.theirs_told) == (
        "白圩村 0001",
        "成因",
        "县里说建房",
        "乡里说撂荒",
    )
    both.receive(both.county, package)
    assert rows(both.county, "SELECT cause, party FROM plot WHERE id = :plot", plot=plot) == [("县里说建房", "农户甲")]
    both.note(both.town, plot, "又去看过")
    both.up()
    (found,) = service.conflicts(both.county)
    assert (found.base, found.mine, found.theirs, found.sender) == (
        "（空）",
        "县里说建房",
        "乡里说撂荒",
        "白圩乡人民政府",
    )
    with pytest.raises(RuleError, match="理由"):
        service.decide(both.county, [found.id], "theirs", by=desks.COUNTY_CLERK, reason=" ")
    with pytest.raises(RuleError, match="哪一个"):
        service.decide(both.county, [found.id], "both", by=desks.COUNTY_CLERK, reason="不知道")
    service.decide(both.county, [found.id], "theirs", by=desks.COUNTY_CLERK, reason="现场核实")
    told = [one.sentence for one in history(both.county, plot)]
    assert told[0] == "冲突裁定：成因经冲突裁定，用对方的；成因由“县里说建房”改为“乡里说撂荒”"
    assert "成因两边不一样：本单位“县里说建房”，对方“乡里说撂荒”，等裁定" in told[2]
    assert rows(both.county, "SELECT cause FROM plot WHERE id = :plot", plot=plot) == [("乡里说撂荒",)]
    (decided,) = service.conflicts(both.county, open_only=False)
    assert (decided.status, decided.decision, decided.decided_by, decided.reason) == (
        "decided",
        "theirs",
        "王玥",
        "现场核实",
    )
    assert service.conflicts(both.county) == ()
    with pytest.raises(RuleError) as refusal:
        service.decide(both.county, [found.id], "mine", by=desks.COUNTY_CLERK, reason="再想想")
    assert refusal.value.code == "decided"
    undo(both.county, by=desks.COUNTY_CLERK)
    assert rows(both.county, "SELECT cause FROM plot WHERE id = :plot", plot=plot) == [("县里说建房",)]
    assert len(service.conflicts(both.county)) == 1
    both.sound()


def test_many_are_decided_at_once_for_one_reason_or_none_of_them(both: Desks) -> None:
    both.down()
    first, second = plots_of(both.town)[:2]
    for plot in (first, second):
        both.edit(both.town, plot, cause="乡里说撂荒", party="农户甲")
        both.edit(both.county, plot, cause="县里说建房", party="农户乙", held=1)
    both.edit(both.town, first, state="checked")
    both.up()
    asked = [one.id for one in service.conflicts(both.county)]
    assert len(asked) == 5, "two fields of two plots, and where the first stands"
    before = both.county.head
    with pytest.raises(RuleError, match="没有第 9 号"):
        service.decide(both.county, [*asked, 9], "theirs", by=desks.COUNTY_CLERK, reason="以乡里为准")
    with pytest.raises(RuleError, match="没有选中"):
        service.decide(both.county, [], "theirs", by=desks.COUNTY_CLERK, reason="以乡里为准")
    assert (both.county.head, len(service.conflicts(both.county))) == (before, 5)
    service.decide(both.county, asked, "theirs", by=desks.COUNTY_CLERK, reason="以乡里为准")
    said = "SELECT cause, party, state, held FROM plot ORDER BY state, held"
    assert rows(both.county, said)[:2] == [("乡里说撂荒", "农户甲", "checked", 0), ("", "", "issued", 0)]
    assert {one.reason for one in service.conflicts(both.county, open_only=False)} == {"以乡里为准"}
    assert history(both.county, second)[0].sentence.count("经冲突裁定，用对方的") == 2
    undo(both.county, by=desks.COUNTY_CLERK)
    assert [one.id for one in service.conflicts(both.county)] == asked
    assert rows(both.county, "SELECT DISTINCT cause FROM plot WHERE cause != ''") == [("县里说建房",)]
    both.sound()


def test_where_a_plot_stands_is_one_field(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    both.edit(both.town, plot, state="checked")
    both.edit(both.county, plot, held=1)
    both.up()
    (found,) = service.conflicts(both.county)
    assert (found.label, found.field) == ("办理情况", "")
    assert found.mine.startswith("已下发，第 1 轮，暂缓或争议")
    assert found.theirs.startswith("已自查，第 1 轮")
    assert rows(both.county, "SELECT state, held FROM plot WHERE id = :plot", plot=plot) == [("issued", 1)]
    service.decide(both.county, [found.id], "theirs", by=desks.COUNTY_CLERK, reason="以乡里为准")
    assert rows(both.county, "SELECT state, held FROM plot WHERE id = :plot", plot=plot) == [("checked", 0)]


def test_what_the_other_desk_did_not_touch_keeps_ours(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    both.edit(both.county, plot, remark="县里的话")
    done = both.up()
    assert (done.arrival.conflicts, done.arrival.changed) == ((), 0)
    assert rows(both.county, "SELECT remark FROM plot WHERE id = :plot", plot=plot) == [("县里的话",)]


def test_an_issued_fact_that_was_changed_on_the_way_is_refused_by_name(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    both.edit(both.town, plot, issued_area=1, cause="撂荒")
    done = both.up()
    (refused,) = done.arrival.refused
    assert (refused.code, refused.name) == ("issued_fact", "白圩村 0001")
    assert rows(both.county, "SELECT issued_area, cause FROM plot WHERE id = :plot", plot=plot) == [(5_280_000, "撂荒")]


def of_county(both: Desks, plot: str) -> None:
    """What the county recorded at a plot, and the township has: a remark, a cancellation and a photo of the check."""
    both.note(both.county, plot, "县里的话")
    with both.county.begin(Operation.CANCEL, desks.COUNTY_CLERK) as work:
        work.session.add(CancellationRow(plot_id=plot, on_date="2026-05-06", document_number="进府办字〔2026〕1号"))
        work.commit()
    attach(both.county, plot, small_photo(), stage="spot_check")
    both.down(PackageKind.FEEDBACK)


def test_what_the_county_recorded_itself_no_submission_changes(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    of_county(both, plot)
    with both.town.begin(Operation.EDIT, desks.TOWN_CLERK) as work:
        # As a faulty program may leave them.
        for query in (
            "UPDATE note SET body = '乡里改的'",
            "UPDATE attachment SET removed = 1",
            "UPDATE cancellation SET document_number = '别的', restored_on = '2026-05-07'",
        ):
            table, _, change = query.removeprefix("UPDATE ").partition(" SET ")
            (key,) = rows(both.town, f"SELECT id FROM {table}")[0]
            for part in change.split(", "):
                name, new = part.split(" = ")
                (old,) = rows(both.town, f"SELECT {name} FROM {table}")[0]
                value = int(new) if new.isdecimal() else new.strip("'")
                work.apply([["~", table, key, {name: [old, value]}]])
        work.commit()
    done = both.up()
    told = sorted((one.code, one.name, one.message) for one in done.arrival.refused)
    assert [one[:2] for one in told] == [("not_theirs", "白圩村 0001")] * 3
    assert any("备注" in message and "“乡里改的”" in message and "“县里的话”" in message for _, _, message in told)
    assert rows(both.county, "SELECT body FROM note") == [("县里的话",)]
    assert rows(both.county, "SELECT removed FROM attachment") == [(0,)]
    ended = rows(both.county, "SELECT document_number, restored_on FROM cancellation")
    assert ended == [("进府办字〔2026〕1号", "2026-05-07")], "what the county began the township may end"
    both.sound()


def test_what_the_county_changed_meanwhile_is_no_change_of_the_township(both: Desks) -> None:
    both.down()
    plot = plots_of(both.town)[0]
    of_county(both, plot)
    with both.county.begin(Operation.EDIT, desks.COUNTY_CLERK) as work:
        work.apply([["~", "note", rows(both.county, "SELECT id FROM note")[0][0], {"body": ["县里的话", "县里补"]}]])
        work.commit()
    done = both.up()
    assert (done.arrival.refused, done.arrival.conflicts) == ((), ())
    assert rows(both.county, "SELECT body FROM note") == [("县里补",)]
