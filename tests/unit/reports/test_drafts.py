"""Papers composed from a ledger: every figure can be counted again, and a planted wrong one is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.reports import drafts, service
from gengdi_desktop.reports.document import Document, RegisterPaper, Table
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot import FigureFact, Snapshot
from gengdi_desktop.storage.tables import PlotRow
from tests.unit.reports.ledgers import CLERK, STORY, Given, make
from tests.unit.reports.pages import whole_text
from tests.unit.reports.reading_back import FIGURE, body_text, wrong_figures

PAPERS = ("self_check_report", "rectification_letter", "rectification_report")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with make(tmp_path_factory.mktemp("l") / "台账", open_lines=(123, 77)) as made:
        yield made


def composed(ledger: Ledger, kind: str, **changes: object) -> service.Draft:
    settings = replace(service.settings_of(ledger, kind), own_fonts=False, **changes)  # type: ignore[arg-type]
    return service.compose(ledger, kind, settings)


def drawn(draft: service.Draft) -> bytes:
    return service.render_draft(draft).files[0].data


@pytest.mark.parametrize("kind", PAPERS)
def test_every_figure_of_the_text_can_be_counted_again(ledger: Ledger, kind: str) -> None:
    draft = composed(ledger, kind)
    pdf = drawn(draft)
    assert len(FIGURE.findall(body_text(pdf))) > 15
    assert wrong_figures(pdf, draft.facts.data) == []


@pytest.mark.parametrize(
    "key", ["task.count", "rectified.area", "label.closed.count", "share.area", "method.restored.area"]
)
def test_a_planted_wrong_figure_is_found(ledger: Ledger, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(snapshot: Snapshot) -> dict[str, FigureFact]:
        figures = figures_of(snapshot)
        one = figures[key]
        changed = one.text.replace(one.text[0], str((int(one.text[0]) + 1) % 9 + 1), 1)
        return figures | {key: replace(one, text=changed)}

    monkeypatch.setattr(drafts, "figures_of", planted)
    draft = composed(ledger, "rectification_report")
    assert wrong_figures(drawn(draft), draft.facts.data) != []


@pytest.mark.parametrize("kind", PAPERS)
def test_tables_add_up_to_the_figures(ledger: Ledger, kind: str) -> None:
    draft = composed(ledger, kind)
    assert isinstance(draft.paper, Document)
    figures = draft.figures
    tables = [block for section in draft.paper.sections for block in section.blocks if isinstance(block, Table)]
    by_village = next(table for table in tables if table.key in {"villages", "findings"})
    assert by_village.totals is not None
    assert str(by_village.totals[1]) == figures["task.count"].exact
    assert isinstance(by_village.totals[2], Area)
    assert by_village.totals[2].exact() == figures["task.area"].exact
    lists = next(table for table in tables if table.key == "lists")
    counts, areas = lists.rows
    assert int(str(counts[2])) == sum(int(str(cell)) for cell in counts[3:])
    assert areas[2] == Area.total(cell for cell in areas[3:] if isinstance(cell, Area))


def test_the_register_agrees_with_the_text(ledger: Ledger) -> None:
    draft = composed(ledger, "rectification_letter")
    assert isinstance(draft.paper, Document)
    table = draft.paper.annexes[0].table
    totals = table.totals
    assert totals is not None
    at = {column.key: index for index, column in enumerate(table.columns)}
    assert totals[at["plot_no"]] == f"{draft.figures['task.count'].exact}个"
    for key, figure in (("issued", "task.area"), ("basic", "task.basic"), ("settled", "settled.area")):
        cell = totals[at[key]]
        assert isinstance(cell, Area)
        assert cell.exact() == draft.figures[figure].exact
        assert cell == Area.total(value for row in table.rows if isinstance(value := row[at[key]], Area))
    labels = [row[at["label"]] for row in table.rows]
    assert str(labels.count("已销号")) == draft.figures["label.closed.count"].exact
    assert labels.count("未入账") == 2


def test_notes_say_how_sums_are_made_and_which_state_counts(ledger: Ledger) -> None:
    draft = composed(ledger, "rectification_letter")
    assert isinstance(draft.paper, Document)
    tables = [block for section in draft.paper.sections for block in section.blocks if isinstance(block, Table)]
    for table in (*tables, draft.paper.annexes[0].table):
        assert "合计按下发面积相加" in "".join(table.notes)
        assert table.key == "open" or "镇级验收合格" in "".join(table.notes)


def test_drafts_bear_no_number_and_say_so_on_each_page(ledger: Ledger) -> None:
    draft = composed(ledger, "rectification_letter", day=None)
    text = whole_text(drawn(draft))
    assert "白府函〔2023〕　号" in text.replace(" ", "")
    assert "2023年8月×日" in text
    assert draft.paper.draft


@pytest.mark.parametrize(
    ("unit", "organ", "we"),
    [
        ("白圩乡", "白圩乡人民政府", "我乡"),
        ("民和镇", "民和镇人民政府", "我镇"),
        ("青岚街道", "青岚街道办事处", "我街道"),
        ("五里垦殖场", "五里垦殖场", "我单位"),
    ],
)
def test_the_organ_follows_the_unit(tmp_path: Path, unit: str, organ: str, we: str) -> None:
    with make(tmp_path / "台账", STORY[:3], unit=unit) as ledger:
        paper = composed(ledger, "rectification_report").paper
        assert isinstance(paper, Document)
        assert paper.letterhead == f"{organ}文件"
        assert paper.signature.organ == organ
        assert paper.title_text == f"{organ}关于2023年耕地保护领域突出问题专项整改工作情况的报告"
        assert paper.opening[0].text.startswith(f"按照进贤县人民政府办公室（进府办发〔2023〕43号）部署，{we}")


def test_letter_and_report_differ_in_form_only(ledger: Ledger) -> None:
    letter, report = (composed(ledger, kind).paper for kind in PAPERS[1:])
    assert isinstance(letter, Document)
    assert isinstance(report, Document)
    assert letter.sections == report.sections
    assert (letter.closing[0].text, report.closing[0].text) == ("特此函报。", "特此报告。")
    assert letter.title[-1] == "函" or letter.title_text.endswith("的函")


def test_recipient_signers_and_copies_come_from_the_settings(ledger: Ledger) -> None:
    draft = composed(ledger, "rectification_report", recipient="县人民政府", copy_to="县人大办公室。", issued_by="陈明")
    assert isinstance(draft.paper, Document)
    assert (draft.paper.recipient, draft.paper.issued_by) == ("县人民政府", "陈明")
    text = whole_text(drawn(draft))
    assert "抄送：县人大办公室。" in text
    assert "签发人：陈明" in text


def test_nothing_unfinished_is_said_plainly(tmp_path: Path) -> None:
    with make(tmp_path / "台账", (Given("closed", 100), Given("closed", 250))) as ledger:
        draft = composed(ledger, "rectification_letter")
        assert draft.figures["share.area"].text == "100.00%"
        assert "没有未完成的图斑" in body_text(drawn(draft))


def test_a_method_that_is_the_main_one_of_no_plot_is_told_by_its_area_alone(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beside(snapshot: Snapshot) -> dict[str, FigureFact]:
        figures = figures_of(snapshot)
        count, area = figures["method.regularised.count"], figures["method.regularised.area"]
        return figures | {
            count.key: replace(count, text="0", exact="0"),
            area.key: replace(area, text="3.00", exact="3.00"),
        }

    monkeypatch.setattr(drafts, "figures_of", beside)
    told = next(one.text for one in composed(ledger, "rectification_letter").wordings if one.key == "methods")
    assert "补办【补办面积】亩" in told
    assert "补办【补办个数】" not in told
    assert "现场整改【现场整改个数】个、【现场整改面积】亩" in told


def test_an_empty_ledger_has_nothing_to_report(tmp_path: Path) -> None:
    with make(tmp_path / "台账", ()) as ledger, pytest.raises(RuleError) as caught:
        service.compose(ledger, "rectification_letter")
    assert caught.value.code == "nothing_to_report"


def test_an_unknown_kind_is_refused_with_those_there_are(ledger: Ledger) -> None:
    with pytest.raises(RuleError) as caught:
        service.compose(ledger, "weekly")
    assert caught.value.code == "unknown_kind"
    assert "rectification_letter" in caught.value.hint


def test_a_kind_may_be_called_by_its_chinese_name(ledger: Ledger) -> None:
    assert service.compose(ledger, "自查报告").kind.code == "self_check_report"


def test_the_register_alone_is_a_ledger_without_letterhead(ledger: Ledger) -> None:
    draft = composed(ledger, "register")
    assert isinstance(draft.paper, RegisterPaper)
    assert [signer.role for signer in draft.paper.signers] == ["经办人", "分管领导"]


def test_own_words_are_kept_and_figures_stay(ledger: Ledger) -> None:
    draft = composed(ledger, "rectification_letter")
    proposal = next(one for one in draft.wordings if one.key == "next")
    assert not proposal.by_hand
    again = service.reworded(draft, {"next": "我乡将加大投入，确保【未完成个数】个图斑按期完成。"})
    text = body_text(drawn(again))
    assert f"我乡将加大投入，确保{draft.figures['open.count'].text}个图斑按期完成。" in text
    assert next(one for one in again.wordings if one.key == "next").by_hand
    assert again.facts == draft.facts


def test_composing_writes_nothing(ledger: Ledger) -> None:
    before = ledger.head()
    drawn(composed(ledger, "self_check_report"))
    assert ledger.head() == before
    assert not any(ledger.folder.part("reports").iterdir())


def test_the_snapshot_knows_the_day_and_the_journal_head(ledger: Ledger) -> None:
    draft = composed(ledger, "register")
    assert draft.snapshot.as_of == date(2023, 8, 20)
    assert (draft.snapshot.head_seq, draft.snapshot.head_hash) == (ledger.head().seq, ledger.head().hash)
    assert f"seq={ledger.head().seq} head={ledger.head().hash}" in draft.keywords


def test_a_day_that_is_not_known_stays_open_in_drafts_only(ledger: Ledger) -> None:
    draft = composed(ledger, "rectification_report", day=None)
    assert isinstance(draft.paper, Document)
    assert draft.paper.signature.day_text == "2023年8月×日"


def test_texts_with_line_breaks_and_invisible_characters_are_set_on_one_line(tmp_path: Path) -> None:
    with make(tmp_path / "台账", STORY[:3]) as ledger:
        with ledger.begin(Operation.EDIT, CLERK) as work:
            row = work.session.get(PlotRow, f"{0:032x}")
            assert row is not None
            row.cause, row.remark = "改种\r\n果树\u200b", "甲\t乙"
            work.commit()
        draft = composed(ledger, "self_check_report", contact="吴\n小琴")
        text = body_text(drawn(draft))
    assert "改种果树" in text
    assert "联系人：吴小琴" in text
