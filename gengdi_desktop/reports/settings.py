"""With what a paper is sent: recipient, number, signers, date; and what a final paper must not lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.document import Signer, day_text

_NUMBER = re.compile(r"[^〔〕\s0-9]{1,20}〔(?P<year>[0-9]{4})〕(?P<number>[1-9][0-9]{0,4})号")
_PREFIX_TAIL = "字"
_SEAL_WORDS = ("公章", "单位")


@dataclass(frozen=True, slots=True)
class PaperSigner:
    """Who signs: the role as shown (经办人, 分管领导, 单位公章) and the person."""

    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """With what one paper is sent; empty texts are left out.

    Args:
        recipient: 主送.
        number: 发文字号 in full; drafts may lack it.
        number_prefix: 机关代字, for a draft's blank number and for proposing the next one.
        issued_by: 签发人; report form only.
        copy_to: 抄送.
        contact: 联系人.
        contact_phone: The office telephone.
        day: 成文日期; a draft without it shows × for the day.
        organ: Who signs; empty means the unit's own organ.
        printer: 印发机关; empty means the organ.
        two_sided: Whether sheets are printed on both sides, so that the colophon needs an even page.
        signers: In signing order; the last one locks the file.
        wording: A person's own words by paragraph key, figures by name in 【】.
        own_fonts: Whether this computer's official fonts go before the bundled ones.
        sample: Of which sample a paper of the spot check tells; empty for the newest with results.
    """

    recipient: str = ""
    number: str = ""
    number_prefix: str = ""
    issued_by: str = ""
    copy_to: str = ""
    contact: str = ""
    contact_phone: str = ""
    day: date | None = None
    organ: str = ""
    printer: str = ""
    two_sided: bool = True
    signers: tuple[PaperSigner, ...] = ()
    wording: Mapping[str, str] = field(default_factory=dict)
    own_fonts: bool = True
    sample: str = ""


def check_final(settings: PaperSettings, *, needs_number: bool) -> None:
    """What a frozen paper must have.

    Raises:
        RuleError: ``recipient_missing``, ``date_missing``, ``number_missing``, ``number_form``.
    """
    for gap in final_gaps(settings, needs_number=needs_number):
        raise gap


def final_gaps(settings: PaperSettings, *, needs_number: bool) -> tuple[RuleError, ...]:
    """All that a frozen paper still lacks, in the order of the paper; empty where it may be frozen."""
    number = settings.number.strip()
    found: list[RuleError] = []
    if not settings.recipient.strip():
        found.append(RuleError("recipient_missing", "还没有填主送机关，没有定稿。", "请填好再定稿。"))
    if settings.day is None:
        told = "还没有填成文日期，没有定稿。草稿里的“×日”定稿时要写明。"
        found.append(RuleError("date_missing", told, "请填好再定稿。"))
    if needs_number and not number:
        found.append(RuleError("number_missing", "还没有填发文字号，没有定稿。", "请填写，例如 白府函〔2023〕12号。"))
    if number and _NUMBER.fullmatch(number) is None:
        found.append(_bad_number(number))
    return tuple(found)


def _bad_number(number: str) -> RuleError:
    return RuleError(
        "number_form",
        f"“{number}”不像发文字号，没有定稿。",
        "写法是机关代字、六角括号里的四位年份、不带“第”和前导零的序号，例如 白府函〔2023〕12号。",
    )


def blank_number(settings: PaperSettings, year: int) -> str:
    """What stands in the place of a number in a draft."""
    return f"{_code_of(settings.number_prefix)}〔{year}〕　号"


def next_number(prefix: str, year: int, given: Iterable[str]) -> str:
    """The number after the largest one with this prefix and year; empty without a prefix."""
    code = _code_of(prefix)
    if not code:
        return ""
    largest = 0
    for number in given:
        match = _NUMBER.fullmatch(number)
        if match and number.startswith(f"{code}〔") and int(match["year"]) == year:
            largest = max(largest, int(match["number"]))
    return f"{code}〔{year}〕{largest + 1}号"


def signer_fields(signers: Iterable[PaperSigner]) -> tuple[Signer, ...]:
    """The signature fields of a paper; the unit's own seal lies over organ and date."""
    return tuple(
        Signer(f"signer_{position}", one.role, one.name, seal=any(word in one.role for word in _SEAL_WORDS))
        for position, one in enumerate(signers, start=1)
    )


def printed_day(day: date | None, today: date) -> str:
    """The date as printed; ``2023年8月×日`` while the day is not known."""
    return day_text(day) if day else f"{today.year}年{today.month}月×日"


def _code_of(prefix: str) -> str:
    return prefix.strip().removesuffix(_PREFIX_TAIL)
