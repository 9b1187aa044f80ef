"""Numbers, dates and signers as the standard and the office want them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.document import chinese_number, numbered
from gengdi_desktop.reports.settings import (
    PaperSettings,
    PaperSigner,
    blank_number,
    check_final,
    next_number,
    printed_day,
    signer_fields,
)
from gengdi_desktop.reports.titles import phrases, plain_phrases

READY = PaperSettings(recipient="县专班", number="白府函〔2023〕12号", day=date(2023, 8, 20))


def test_a_complete_paper_may_be_frozen() -> None:
    check_final(READY, needs_number=True)
    check_final(replace(READY, number=""), needs_number=False)


@pytest.mark.parametrize("number", ["进府办发〔2023〕43号", "白府函〔2023〕1号", "孝政办发〔2023〕19号"])
def test_real_numbers_pass(number: str) -> None:
    check_final(replace(READY, number=number), needs_number=True)


@pytest.mark.parametrize(
    "number",
    [
        "白府函(2023)1号",
        "白府函【2023】1号",
        "白府函〔23〕1号",
        "白府函〔2023〕001号",
        "白府函〔2023〕1",
        "〔2023〕1号",
    ],
)
def test_numbers_in_another_form_are_refused(number: str) -> None:
    with pytest.raises(RuleError) as caught:
        check_final(replace(READY, number=number), needs_number=True)
    assert caught.value.code == "number_form"


def test_the_next_number_counts_within_prefix_and_year() -> None:
    given = ["白府函〔2023〕9号", "白府函〔2022〕40号", "白府发〔2023〕77号", "白府函〔2023〕12号", "乱写"]
    assert next_number("白府函字", 2023, given) == "白府函〔2023〕13号"
    assert next_number("白府函", 2024, given) == "白府函〔2024〕1号"
    assert next_number("", 2023, given) == ""


def test_a_draft_leaves_room_for_its_number_and_its_day() -> None:
    assert blank_number(PaperSettings(number_prefix="白府函字"), 2023) == "白府函〔2023〕　号"
    assert printed_day(None, date(2023, 8, 5)) == "2023年8月×日"
    assert printed_day(date(2023, 8, 5), date(2023, 8, 5)) == "2023年8月5日"


def test_fields_come_in_signing_order_and_the_seal_has_its_place() -> None:
    fields = signer_fields(
        [PaperSigner("经办人", "吴小琴"), PaperSigner("分管领导", "李建国"), PaperSigner("单位公章")]
    )
    assert [one.field for one in fields] == ["signer_1", "signer_2", "signer_3"]
    assert [one.seal for one in fields] == [False, False, True]
    assert all(one.field.isascii() for one in fields)


def test_headings_are_numbered_as_the_standard_says() -> None:
    assert [numbered(level, 3) for level in (1, 2, 3, 4)] == ["三、", "（三）", "3.", "（3）"]
    assert [chinese_number(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]
    with pytest.raises(ValueError, match="100"):
        chinese_number(100)


def test_titles_break_where_a_reader_would_pause() -> None:
    assert phrases("白圩乡人民政府", "2023年耕地保护领域突出问题专项整改", "工作情况的报告") == (
        "白圩乡人民政府",
        "关于2023年",
        "耕地保护领域",
        "突出问题",
        "专项整改",
        "工作情况的",
        "报告",
    )
    assert "".join(plain_phrases("关于某事《方案》的批复")) == "关于某事《方案》的批复"
