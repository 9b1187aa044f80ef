"""The kinds of reports in the order of the menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Form, Paper
from gengdi_desktop.reports.kinds import rectification_letter, rectification_report, register, self_check_report
from gengdi_desktop.reports.wording import Writer


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report.

    Args:
        code: Stable English code, stored with each report.
        label: Chinese name.
        form: How its first page looks; None for a ledger without a covering paper.
        template: Version of its words, stored with each report.
        needs_number: Whether it must bear a document number to be frozen.
        compose: Makes the paper.
    """

    code: str
    label: str
    form: Form | None
    template: str
    needs_number: bool
    compose: Callable[[Material, Writer], Paper]


KINDS: Mapping[str, ReportKind] = {
    one.code: one
    for one in (
        ReportKind(
            self_check_report.CODE,
            self_check_report.LABEL,
            Form.REPORT,
            self_check_report.TEMPLATE,
            True,
            self_check_report.compose,
        ),
        ReportKind(
            rectification_letter.CODE,
            rectification_letter.LABEL,
            Form.LETTER,
            rectification_letter.TEMPLATE,
            True,
            rectification_letter.compose,
        ),
        ReportKind(
            rectification_report.CODE,
            rectification_report.LABEL,
            Form.REPORT,
            rectification_report.TEMPLATE,
            True,
            rectification_report.compose,
        ),
        ReportKind(register.CODE, register.LABEL, None, register.TEMPLATE, False, register.compose),
    )
}


def kind_of(code: str) -> ReportKind:
    """A kind by its code or its Chinese name.

    Raises:
        RuleError: ``unknown_kind``, with the kinds there are.
    """
    found = KINDS.get(code) or next((kind for kind in KINDS.values() if kind.label == code), None)
    if found is None:
        listed = "、".join(f"{kind.code}（{kind.label}）" for kind in KINDS.values())
        raise RuleError("unknown_kind", f"没有“{code}”这种报告，什么也没有写。", f"可以编写的有：{listed}。")
    return found
