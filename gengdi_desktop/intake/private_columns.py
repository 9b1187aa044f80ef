"""Which columns hold what nobody may read over a clerk's shoulder: ID numbers, bank accounts, mobile telephones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from gengdi_desktop.intake.fields import IDENTITY_FIELDS, PLACE_FIELDS, PRIVATE_FIELDS
from gengdi_desktop.intake.mapping import MappedColumn

_HEADER = re.compile(r"身份证|证件号|公民身份|银行|开户|(?:卡|账|帐)号|一卡通|社保卡|手机|电话|联系方式|举报人|信访人")
_OFFICE = re.compile(r"办公|单位电话|值班")
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}")
_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_ACCOUNT = re.compile(r"\d{16,19}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_DOUBLED_LIMIT = 9
_SHARE = 2
"""A column is private when at least every second of its values looks so: single slips of the pen do not hide it."""

_OPEN_FIELDS = frozenset(
    {*IDENTITY_FIELDS, *PLACE_FIELDS, "seq_no", "row_oid", "parent_plot_no", "feature_code", "qsdw_code"}
)


def private_columns(columns: Sequence[MappedColumn], samples: Mapping[int, Sequence[str]]) -> frozenset[int]:
    """Indexes of the columns whose cells must not be kept in the clear.

    Args:
        columns: All columns of the table.
        samples: Column index → some of its texts.
    """
    return frozenset(
        column.column.index
        for column in columns
        if column.field not in _OPEN_FIELDS and _is_private(column, samples.get(column.column.index, ()))
    )


def _is_private(column: MappedColumn, texts: Sequence[str]) -> bool:
    if column.field in PRIVATE_FIELDS:
        return True
    name = "".join((*column.column.parents, column.column.name))
    if _HEADER.search(name) and not _OFFICE.search(name):
        return True
    filled = ["".join(text.split()).upper() for text in texts if text.strip()]
    return any(_mostly(looks, filled) for looks in (_is_mobile, is_id_number, _is_account))


def _mostly(looks: Callable[[str], bool], texts: Sequence[str]) -> bool:
    return bool(texts) and sum(map(looks, texts)) * _SHARE >= len(texts)


def is_id_number(text: str) -> bool:
    """Whether a text is an ID number: a birthday inside and a check character behind; a BSM has neither."""
    if not _ID_NUMBER.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return text[-1] == _CHECKS[total % len(_CHECKS)]


def _is_mobile(text: str) -> bool:
    return bool(_MOBILE.fullmatch(text.replace(" ", "")))


def _is_account(text: str) -> bool:
    """Whether the check digit of bank cards fits; of other long numbers it fits one in ten."""
    if not _ACCOUNT.fullmatch(text):
        return False
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - _DOUBLED_LIMIT if value > _DOUBLED_LIMIT else value
    return total % 10 == 0
