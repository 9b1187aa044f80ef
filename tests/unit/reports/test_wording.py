"""A person may word a paragraph, and can neither lose, invent nor type a figure."""

from __future__ import annotations

import pytest

from gengdi_desktop.errors import ProgramError, RuleError
from gengdi_desktop.reports.document import Figure
from gengdi_desktop.reports.facts.snapshot import FigureFact
from gengdi_desktop.reports.wording import Writer, parts_of

FIGURES = {
    "task.count": FigureFact("task.count", "下发个数", "106", "106", "个", "相加"),
    "task.area": FigureFact("task.area", "下发面积", "161.15", "161.15", "亩", "相加"),
    "none.count": FigureFact("none.count", "没有个数", "0", "0", "个", "相加"),
}
TEMPLATE = "下发图斑【下发个数】个、面积【下发面积】亩。"


def worded(own: str) -> Writer:
    return Writer(FIGURES, {"basis": own})


def test_a_proposal_holds_its_figures_as_figures() -> None:
    paragraph = Writer(FIGURES, {}).paragraph("basis", TEMPLATE)
    assert paragraph.text == "下发图斑106个、面积161.15亩。"
    assert paragraph.figures == (Figure("task.count", "106"), Figure("task.area", "161.15"))
    assert not paragraph.by_hand


def test_own_words_take_the_place_of_the_proposal() -> None:
    writer = worded("我乡共【下发面积】亩，【下发个数】个，2023年8月20日前完成，联系电话0791-85670000。")
    paragraph = writer.paragraph("basis", TEMPLATE)
    assert paragraph.text == "我乡共161.15亩，106个，2023年8月20日前完成，联系电话0791-85670000。"
    assert paragraph.by_hand
    assert writer.wordings[0].by_hand


def test_the_proposal_itself_is_not_by_hand() -> None:
    assert not worded(TEMPLATE).paragraph("basis", TEMPLATE).by_hand


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ("下发图斑【下发个数】个。", "figure_lost"),
        ("下发【下发个数】个、【下发面积】亩，【编造个数】个。", "figure_unknown"),
        ("下发【下发个数】个、【下发面积】亩，其中50个已完成。", "figure_typed"),
        ("下发【下发个数】个、【下发面积】亩，其中３.５亩。", "figure_typed"),
        ("下发【下发个数】个、【下发面积】亩，占 90.5 %。", "figure_typed"),
        ("下发【下发个数】个、【下发面积】亩，约1,200余亩。", "figure_typed"),
        ("下发【下发个数】个、【下发面积】亩" + "长" * 5000, "wording_long"),
    ],
)
def test_figures_can_neither_be_lost_nor_invented_nor_typed(own: str, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        worded(own).paragraph("basis", TEMPLATE)
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


def test_a_wording_that_no_paragraph_asked_for_is_told() -> None:
    writer = Writer(FIGURES, {"nowhere": "话"})
    writer.paragraph("basis", TEMPLATE)
    with pytest.raises(RuleError) as caught:
        writer.done()
    assert caught.value.code == "wording_unknown"


def test_a_template_with_an_unknown_figure_is_our_own_mistake() -> None:
    with pytest.raises(ProgramError):
        Writer(FIGURES, {}).paragraph("basis", "【没有这个】")


def test_nothing_is_nothing() -> None:
    writer = Writer(FIGURES, {})
    assert writer.some("task.count")
    assert not writer.some("none.count")


def test_blank_own_words_mean_the_proposal() -> None:
    assert worded("  \n ").paragraph("basis", TEMPLATE).text.startswith("下发图斑")


@pytest.mark.parametrize("own", ["下发图斑【下发个数】个。", "共【下发个数】个、【下发面积】亩，其中50个。"])
def test_a_draft_keeps_words_that_cannot_be_printed_and_prints_the_proposal(own: str) -> None:
    writer = Writer(FIGURES, {"basis": own, "nowhere": "话"}, lenient=True)
    paragraph = writer.paragraph("basis", TEMPLATE, "情况。")
    writer.done()
    (wording,) = writer.wordings
    assert paragraph.text == "下发图斑106个、面积161.15亩。"
    assert not paragraph.by_hand
    assert (wording.text, wording.proposal, wording.lead, wording.by_hand) == (own, TEMPLATE, "情况。", True)
    assert wording.problem is not None
    assert wording.problem.code in {"figure_lost", "figure_typed"}


def test_words_that_can_be_printed_have_no_problem() -> None:
    writer = Writer(FIGURES, {"basis": "共【下发面积】亩，【下发个数】个。"}, lenient=True)
    assert writer.paragraph("basis", TEMPLATE).text == "共161.15亩，106个。"
    assert writer.wordings[0].problem is None


def test_a_wording_falls_into_words_and_figures() -> None:
    assert parts_of("下发【下发个数】个、【下发面积】亩") == (
        ("下发", False), ("下发个数", True), ("个、", False), ("下发面积", True), ("亩", False),
    )  # fmt: skip
    assert parts_of("【下发个数】") == (("下发个数", True),)
    assert parts_of("") == ()
