"""Columns that must not be kept in the clear, by their headers and by what stands in them."""

from __future__ import annotations

import pytest

from gengdi_desktop.intake.mapping import Certainty, MappedColumn
from gengdi_desktop.intake.private_columns import is_id_number, private_columns
from gengdi_desktop.sheets.headers import HeaderColumn


def _private(name: str, *texts: str, field: str = "") -> bool:
    column = MappedColumn(HeaderColumn(0, (name,), (), name, ""), field, Certainty.UNKNOWN)
    return private_columns([column], {0: texts}) == {0}


@pytest.mark.parametrize(
    ("name", "texts", "private"),
    [
        ("身份证号", (), True),
        ("手机", (), True),
        ("银行卡号", (), True),
        ("举报人", ("张三",), True),
        ("办公电话", ("0791-85612345",), False),
        ("编码", ("11010519491231002X", "11010519491231002X"), True),
        ("编码", ("360124110000000012", "360124110000000013"), False),
        ("号码", ("13800138000", "无", "13912345678"), True),
        ("号码", ("1380013", "12"), False),
        ("账户", ("6222020200112233440", "", "甲"), False),
        ("账户", ("4111111111111111", "5555555555554444"), True),
        ("意见", ("同意",), False),
    ],
)
def test_by_header_or_by_what_stands_there(name: str, texts: tuple[str, ...], private: bool) -> None:  # noqa: FBT001
    assert _private(name, *texts) is private


def test_identities_of_plots_are_not_private_whatever_they_look_like() -> None:
    assert not _private("标识码", "11010519491231002X", field="bsm")
    assert _private("联系电话", field="party_phone")


def test_an_id_number_has_a_birthday_and_a_check_character() -> None:
    assert is_id_number("11010519491231002X")
    assert not is_id_number("110105194912310021")
    assert not is_id_number("11010519491331002X")
    assert not is_id_number("110105")
