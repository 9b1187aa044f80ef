"""Papers of county and team: each figure counted again from the rows, totals that tie out, kept and made again.

After a wanted change of their words: ``python -m tests.unit.reports.test_county_papers`` writes the golden texts anew,
and the difference is to be read before it is committed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import Desk, Label
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.roll_up import roll_up
from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.reports import readiness, service
from gengdi_desktop.reports.document import Annex, Document, Paragraph, RegisterPaper, Section, Table, shown
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot import LabelSum
from gengdi_desktop.reports.facts.snapshot_json import freeze_facts, thaw_facts
from gengdi_desktop.reports.frozen import kept_bytes
from gengdi_desktop.reports.kept_drafts import keep_draft, kept_draft
from gengdi_desktop.reports.summary_tables import lists_table
from gengdi_desktop.signing import identity
from tests.helpers.clock import FixedClock
from tests.helpers.counties import LEADER, TEAM, make
from tests.helpers.ledgers import add_plots, new_ledger
from tests.unit.reports.county_ledgers import KINDS, PLOTS, campaign, county, settings

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "reports"
NUMBER = "进自然资〔2023〕1号"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed ledger, made once."""
    place = tmp_path_factory.mktemp("c") / "进贤县2023"
    county(place).close()
    return place


@pytest.fixture(scope="module")
def ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger, only looked at."""
    with ledgers.open_ledger(folder, FixedClock(), write=False) as opened:
        yield opened


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Iterator[Ledger]:
    """A copy of it, open for writing."""
    with ledgers.open_ledger(Path(shutil.copytree(folder, tmp_path / "台账")), FixedClock()) as opened:
        yield opened


def composed(ledger: Ledger, kind: str, **changes: object) -> service.Draft:
    """A draft."""
    return service.compose(ledger, kind, settings(ledger, kind, **changes))


def paper_of(draft: service.Draft) -> Document:
    """The paper of a draft that is one."""
    assert isinstance(draft.paper, Document)
    return draft.paper


def blocks(section: Section) -> Iterator[Paragraph | Table]:
    """Everything in a section."""
    for block in section.blocks:
        if isinstance(block, Section):
            yield from blocks(block)
        else:
            yield block


def column(table: Table, key: str) -> list[Any]:
    """The cells of a column."""
    at = [one.key for one in table.columns].index(key)
    return [row[at] for row in table.rows]


def total(table: Table, key: str) -> Any:
    """The cell of a column in the last row."""
    assert table.totals is not None
    return table.totals[[one.key for one in table.columns].index(key)]


def told(ledger: Ledger, kind: str) -> str:
    """A paper as plain lines, without what is different each time."""
    draft = composed(ledger, kind)
    paper = paper_of(draft)
    assert draft.snapshot.sample_check is not None
    lines = [paper.letterhead, paper.title_text, f"{paper.recipient}："]
    lines += [one.text for one in paper.opening]
    for section in paper.sections:
        lines.append(f"# {section.heading}")
        for block in blocks(section):
            lines += _table(block) if isinstance(block, Table) else [block.lead + block.text]
    lines += [one.text for one in paper.closing]
    for annex in paper.annexes:
        lines += [f"## {annex.title}", annex.unit_line, annex.date_line, *_table(annex.table), *annex.footers]
    lines += [paper.signature.organ, paper.signature.day_text]
    return "\n".join(lines).replace(draft.snapshot.sample_check.id[:8], "########") + "\n"


def _table(table: Table) -> list[str]:
    rows = [*table.rows, *([table.totals] if table.totals else [])]
    heads = "|".join("/".join(one.path) for one in table.columns)
    return [table.caption or table.unit, heads, *("|".join(map(shown, row)) for row in rows), *table.notes]


@pytest.mark.parametrize("kind", KINDS)
def test_the_papers_say_what_was_found_good(ledger: Ledger, kind: str) -> None:
    assert told(ledger, kind) == (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8")


# ----------------------------------------------------------------------------------------------------- the spot check


def test_figures_of_the_sample_are_counted_again_from_its_rows(ledger: Ledger) -> None:
    draft = composed(ledger, "spot_check_report")
    facts: Mapping[str, Any] = json.loads(draft.facts.data)
    checks = facts["sample_check"]["checks"]
    due = [one for one in checks if not one["replaced"]]
    done = [one for one in checks if one["outcome"]]
    failed = [one for one in checks if one["outcome"] == "failed"]
    figures = {key: one.text for key, one in draft.figures.items() if key.startswith("check.")}
    assert (len(checks), len(due), len(done), len(failed)) == (13, 12, 11, 2)
    for name, rows in (("due", due), ("done", done), ("failed", failed)):
        assert figures[f"check.{name}.count"] == str(len(rows))
        assert figures[f"check.{name}.area"] == Area.total(Area.parse(one["area"]) for one in rows).display()
    assert (figures["check.left.count"], figures["check.replaced"]) == ("1", "1")
    assert (figures["check.returned"], figures["check.waiting"]) == ("2", "0")
    # Nine of eleven; the limits are those of the published tables.
    assert (figures["check.share"], figures["check.low"], figures["check.high"]) == ("81.82%", "48.22%", "97.72%")
    assert len(facts["sample_check"]["frame_hash"]) == 64


def test_the_sheet_holds_every_plot_of_the_sample_and_the_list_those_that_failed(ledger: Ledger) -> None:
    draft = composed(ledger, "spot_check_report")
    sheet, returned = (annex.table for annex in paper_of(draft).annexes)
    assert len(sheet.rows) == 13
    assert sorted(column(sheet, "outcome")) == ["不合格"] * 2 + ["合格"] * 9 + ["无法到场", "未查"]
    assert total(sheet, "plot_no") == "12个"
    assert total(sheet, "area").exact() == draft.figures["check.due.area"].exact
    assert total(sheet, "area") == Area.total(one for one in column(sheet, "area") if isinstance(one, Area))
    assert {one for one in column(sheet, "remark") if one} == {
        "替换：道路积水，车辆不能到达",
        next(one for one in column(sheet, "remark") if one.startswith("替补")),
    }
    assert total(returned, "area").exact() == draft.figures["check.failed.area"].exact
    assert column(returned, "deadline") == [date(2023, 8, 31)] * 2
    assert column(returned, "state") == ["已退回"] * 2
    assert "标识码" not in {"".join(one.path) for one in sheet.columns}


def test_strata_add_up_to_the_sample(ledger: Ledger) -> None:
    draft = composed(ledger, "spot_check_report")
    table = next(one for one in blocks(paper_of(draft).sections[1]) if isinstance(one, Table))
    for key in ("frame", "due", "done", "passed", "failed"):
        assert total(table, key) == sum(column(table, key))


def test_strata_of_townships_stand_as_the_division_table_has_them(tmp_path: Path) -> None:
    with make(tmp_path / "台账", PLOTS, campaign=campaign()) as ledger:
        info = sampling.freeze_frame(ledger, name="抽查", strata=["township"], by=TEAM, on_date=date(2023, 8, 21))
        info = sampling.draw(ledger, info.id, seed="7", count=12, by=TEAM, on_date=date(2023, 8, 21))
        drawn = {one.name: [plot.plot for plot in info.plots if plot.stratum == one.name] for one in info.strata}
        for one in info.to_check:
            sampling.record_result(
                ledger,
                info.id,
                one.plot,
                outcome="不合格",
                finding="没有复种",
                checker=TEAM.name,
                second_checker=LEADER.name,
                on_date=date(2023, 8, 23),
                by=TEAM,
            )
        draft = composed(ledger, "spot_check_report")
        order = [one.name for one in roll_up(ledger).units if one.name in drawn]
    table = next(one for one in blocks(paper_of(draft).sections[1]) if isinstance(one, Table))
    assert column(table, "stratum") == order != sorted(order)
    assert draft.snapshot.sample_check is not None
    checks = draft.snapshot.sample_check.checks
    assert [one.plot for one in checks] == [plot for name in order for plot in drawn[name]]
    sheet, returned = (annex.table for annex in paper_of(draft).annexes)
    assert list(dict.fromkeys(column(returned, "township"))) == order
    assert (total(sheet, "measured"), total(returned, "measured")) == ("—", "—")


def test_areas_of_a_whole_county_do_not_break_in_the_table_of_lists(ledger: Ledger) -> None:
    snapshot = composed(ledger, "county_summary").snapshot
    small = lists_table(snapshot, 1)
    large = LabelSum(22_200, Area.parse("39807.90"))
    listed = replace(snapshot.lists[0], lines=large, by_label={**snapshot.lists[0].by_label, Label.CLOSED: large})
    table = lists_table(replace(snapshot, lists=(listed,)), 1)
    before, after = ({one.key: one.width for one in each.columns} for each in (small, table))
    wider = {key for key in after if after[key] > before[key]}
    assert wider == {"lines", Label.CLOSED.value}
    assert after["lines"] >= 8 * 2.1
    # What numbers need the name of the list gives up: the table is not scaled down.
    assert sum(after.values()) == pytest.approx(sum(before.values()))


def test_frame_hash_and_seed_stand_locked_in_the_text(ledger: Ledger) -> None:
    draft = composed(ledger, "spot_check_report")
    words = {one.key for one in draft.wordings}
    proof = next(
        one for one in blocks(paper_of(draft).sections[0]) if isinstance(one, Paragraph) and one.lead == "抽样号。"
    )
    assert draft.snapshot.sample_check is not None
    assert draft.snapshot.sample_check.frame_hash in proof.text.replace(" ", "")
    assert "proof" not in words
    with pytest.raises(RuleError, match="漏了"):
        composed(ledger, "spot_check_report", wording={"share": "合格率很高。"})


def test_a_second_draw_is_told_where_it_is_due(ledger: Ledger) -> None:
    section = paper_of(composed(ledger, "spot_check_report")).sections[3]
    first = next(iter(blocks(section)))
    assert isinstance(first, Paragraph)
    assert first.text.startswith("不合格2个，已超过12个的10%，应当扩大抽查")


def test_without_results_nothing_is_written(tmp_path: Path) -> None:
    with county(tmp_path / "台账", results=False) as made:
        for kind in ("spot_check_report", "return_list"):
            with pytest.raises(RuleError) as refused:
                composed(made, kind)
            assert refused.value.code == "nothing_checked"
            assert "nothing_checked" in [one.code for one in readiness.readiness(made, kind).gaps]
        drawn = sampling.samples(made)[0]
        with pytest.raises(RuleError, match="“第一次抽查”还没有抽查结果"):
            composed(made, "spot_check_report", sample=drawn.id)
        with pytest.raises(RuleError, match="没有抽样"):
            composed(made, "spot_check_report", sample="没有这一次")
        summary = composed(made, "county_summary")
        assert "check.done.count" not in summary.figures
        assert "抽查核实" not in "".join(
            one.lead for one in blocks(paper_of(summary).sections[0]) if isinstance(one, Paragraph)
        )


def test_nothing_failed_means_no_return_list(tmp_path: Path) -> None:
    with county(tmp_path / "台账", results=False) as made:
        info = sampling.samples(made)[0]
        plot = sampling.sample(made, info.id).plots[0].plot
        sampling.record_result(
            made, info.id, plot, outcome="合格", checker=TEAM.name, second_checker=LEADER.name, by=TEAM,
            on_date=date(2023, 8, 22),
        )  # fmt: skip
        with pytest.raises(RuleError) as refused:
            composed(made, "return_list")
        assert refused.value.code == "nothing_failed"
        paper = paper_of(composed(made, "spot_check_report"))
    assert [one.sheet for one in paper.annexes] == ["抽查表"]
    assert any("没有发现不合格" in one.text for one in blocks(paper.sections[2]) if isinstance(one, Paragraph))


# -------------------------------------------------------------------------------------------------------- the summary


def test_all_units_stand_in_the_table_and_tie_out_with_the_roll_up(ledger: Ledger) -> None:
    draft = composed(ledger, "county_summary")
    by_unit, by_kind, places = (annex.table for annex in paper_of(draft).annexes)
    found = roll_up(ledger)
    assert column(by_unit, "unit") == [*(one.name for one in found.units), "未入账"]
    assert len(found.units) == 23
    assert column(by_unit, "issued_area")[:-1] == [one.sums.all.area for one in found.units]
    for key in ("issued_count", "overdue", "returned", "closed_count", "unrectified_count"):
        assert total(by_unit, key) == sum(one for one in column(by_unit, key) if one is not None)
    assert str(total(by_unit, "issued_count")) == draft.figures["task.count"].exact
    assert total(by_unit, "issued_area").exact() == draft.figures["task.area"].exact
    assert f"{total(by_unit, 'share')}%" == draft.figures["share.area"].text
    assert [(one.told, one.node.name) for one in found.ranking] == list(
        zip(column(places, "place"), column(places, "unit"), strict=True)
    )
    halves = dict.fromkeys(("问题类型", "流出年度"), 0)
    for by, count in zip(column(by_kind, "by"), column(by_kind, "issued_count"), strict=True):
        if by:
            halves[by] += count
    assert set(halves.values()) == {len(PLOTS)}


def test_the_summary_says_whether_totals_tie_out_and_names_what_differs(ledger: Ledger, tmp_path: Path) -> None:
    def sentence(draft: service.Draft) -> str:
        every = [one for section in paper_of(draft).sections for one in blocks(section)]
        return next(one.text for one in every if isinstance(one, Paragraph) and one.key == "tie_out")

    draft = composed(ledger, "county_summary")
    assert sentence(draft) == (
        "全县合计与下发清单逐一核对相符。全县合计与各乡镇（单位）合计、各村合计相差1个、0.73亩："
        "清单“2021—2022年度耕地流出图斑清单”明细第900行（清单里未入账的行）1个、0.73亩。"
    )
    assert "tie_out" not in {one.key for one in draft.wordings}
    with make(tmp_path / "台账") as plain:
        told = sentence(service.compose(plain, "county_summary", settings(plain, "county_summary")))
    assert told == "全县合计与各乡镇（单位）合计、各村合计、下发清单逐一核对相符。"


def test_senders_and_recipients_are_usual_ones_until_somebody_says_otherwise(ledger: Ledger) -> None:
    check, summary = (service.settings_of(ledger, kind) for kind in KINDS)
    assert (check.organ, check.recipient) == (
        "进贤县专项整改工作专班抽查组",
        "进贤县耕地保护领域突出问题专项整改工作专班",
    )
    assert (summary.organ, summary.recipient) == ("进贤县自然资源和规划局", "南昌市自然资源和规划局")
    changed = composed(ledger, "county_summary", organ="进贤县人民政府办公室", recipient="市政府")
    assert (paper_of(changed).signature.organ, paper_of(changed).recipient) == ("进贤县人民政府办公室", "市政府")


# ----------------------------------------------------------------------------------------------- desks, kept and again


def test_each_desk_offers_its_own_papers(ledger: Ledger, tmp_path: Path) -> None:
    assert [one.code for one in service.kinds(ledger)] == [
        "spot_check_report",
        "return_list",
        "county_summary",
        "register",
    ]
    with make(tmp_path / "专班", desk=Desk.TEAM) as team:
        assert [one.code for one in service.kinds(team)] == ["spot_check_report", "return_list", "register"]
        assert readiness.readiness(team).kind == "spot_check_report"
    with new_ledger(tmp_path / "乡镇") as township:
        add_plots(township, ["a"])
        offered = [one.code for one in service.kinds(township)]
        assert offered == ["self_check_report", "rectification_letter", "rectification_report", "register"]
        with pytest.raises(RuleError) as refused:
            service.compose(township, "county_summary")
    assert refused.value.code == "other_desk"
    assert "整改工作报告" in refused.value.hint
    assert len(service.kinds()) == 7
    with pytest.raises(RuleError, match="由乡镇"):
        service.compose(ledger, "self_check_report")


def test_the_report_that_is_due_follows_the_phases(ledger: Ledger, own: Ledger) -> None:
    assert readiness.readiness(ledger).kind == "spot_check_report"
    assert readiness.readiness(ledger).until == date(2023, 8, 25)
    campaign = ledgers.campaign(own)
    assert readiness.due_kind(campaign, date(2023, 8, 26), Desk.COUNTY) == "county_summary"
    assert readiness.due_kind(campaign, date(2023, 8, 26)) == "rectification_report"


@pytest.mark.parametrize("kind", [*KINDS, "return_list", "register"])
def test_frozen_papers_are_kept_and_made_again_byte_for_byte(own: Ledger, kind: str) -> None:
    info = service.freeze(own, kind, settings(own, kind, number=NUMBER, recipient="县专班"), by=TEAM)
    assert {one.role.value for one in info.files} >= {"paper", "annex_xlsx", "snapshot"}
    again = service.rebuild(own, info.id)
    assert len(again) == len(info.files)
    facts = next(one for one in info.files if one.role is service.FileRole.SNAPSHOT)
    data = kept_bytes(own, facts)
    snapshot = thaw_facts(data)
    assert freeze_facts(snapshot, figures_of(snapshot)).data == data
    assert (snapshot.sample_check is None) is (kind == "register")
    assert bool(snapshot.units) is (kind == "county_summary")


def test_what_no_paper_asks_for_stands_in_no_snapshot(ledger: Ledger) -> None:
    plain = json.loads(composed(ledger, "register").facts.data)
    assert {"units", "tie_outs", "sample_check"}.isdisjoint(plain)
    draft = composed(ledger, "county_summary")
    assert thaw_facts(draft.facts.data) == draft.snapshot


def test_differences_lead_to_the_plots_whose_check_was_put_right(own: Ledger) -> None:
    info = service.freeze(own, "spot_check_report", settings(own, "spot_check_report", number=NUMBER), by=TEAM)
    sample = sampling.sample(own, sampling.samples(own)[0].id)
    left = next(one for one in sample.to_check if one.result is None)
    sampling.record_result(
        own, sample.id, left.plot, outcome="不合格", finding="没有复种", checker=TEAM.name,
        second_checker=LEADER.name, on_date=date(2023, 8, 24), by=TEAM,
    )  # fmt: skip
    found = service.differences(own, info.id)
    figures = {one.key: one for one in found.figures}
    assert figures["check.failed.count"].plots == (left.plot,)
    assert (figures["check.failed.count"].old, figures["check.failed.count"].new) == ("2", "3")
    assert figures["check.share"].plots == (left.plot,)
    assert "check.due.count" not in figures
    assert [one.id for one in found.plots] == [left.plot]
    assert "抽查结果由 （空） 变为 不合格；抽查发现的问题由 （空） 变为 没有复种" in found.plots[0].sentence


def test_a_paper_is_signed_in_turn(own: Ledger, tmp_path: Path) -> None:
    info = service.freeze(own, "spot_check_report", settings(own, "spot_check_report", number=NUMBER), by=TEAM)
    made = identity.create(
        tmp_path / "身份", unit="进贤县", person=TEAM.name, role="经办人", passphrase="样例口令 2023",
        at=FixedClock().now(), sample=True,
    )  # fmt: skip
    signed = service.sign(own, info.id, identity=made, by=Actor(TEAM.name))
    assert signed.signed_by == ("经办人（周正）",)


def test_which_sample_and_who_signs_are_kept_with_the_draft(own: Ledger) -> None:
    chosen = settings(own, "spot_check_report", sample="第一次抽查", organ="进贤县专班")
    keep_draft(own, "spot_check_report", chosen)
    kept = kept_draft(own, "spot_check_report", service.settings_of(own, "spot_check_report"))
    assert (kept.sample, kept.organ) == ("第一次抽查", "进贤县专班")
    assert paper_of(service.compose(own, "spot_check_report", kept)).signature.organ == "进贤县专班"


def test_the_list_alone_is_a_register_of_the_failed_plots(ledger: Ledger) -> None:
    paper = composed(ledger, "return_list").paper
    assert isinstance(paper, RegisterPaper)
    annex: Annex = paper.annex
    assert annex.title == "进贤县2023年耕地保护领域突出问题专项整改退回清单"
    assert len(annex.table.rows) == 2
    assert annex.footers == ("经办人：周正", "分管领导：胡建平")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, county(Path(place) / "台账") as opened:
        for one in KINDS:
            (GOLDEN / f"{one}.txt").write_text(told(opened, one), encoding="utf-8")
