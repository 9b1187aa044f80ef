"""The kinds of reports in the order of the menu, and at which desks each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Form, Paper
from gengdi_desktop.reports.facts.county_facts import Need
from gengdi_desktop.reports.kinds import (
    county_summary,
    rectification_letter,
    rectification_report,
    register,
    return_list,
    self_check_report,
    spot_check_report,
)
from gengdi_desktop.reports.senders import Ends, Home, of_the_check, of_the_summary
from gengdi_desktop.reports.wording import Writer

_TOWNSHIP: Final = frozenset({Desk.TOWNSHIP})
_CHECKING: Final = frozenset({Desk.TEAM, Desk.COUNTY})
_COUNTY: Final = frozenset({Desk.COUNTY})


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
        desks: At which desks it is written.
        needs: What its snapshot holds beside the plots.
        needs_results: Whether it can be written only of a sample with results.
        ends: Who usually sends it to whom, where the campaign says nothing; None leaves the unit's own organ.
    """

    code: str
    label: str
    form: Form | None
    template: str
    needs_number: bool
    compose: Callable[[Material, Writer], Paper]
    desks: frozenset[Desk] = _TOWNSHIP
    needs: frozenset[Need] = frozenset()
    ends: Callable[[Home], Ends] | None = None
    needs_results: bool = False


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
        ReportKind(
            spot_check_report.CODE,
            spot_check_report.LABEL,
            Form.REPORT,
            spot_check_report.TEMPLATE,
            True,
            spot_check_report.compose,
            _CHECKING,
            frozenset({Need.SAMPLE}),
            of_the_check,
            True,
        ),
        ReportKind(
            return_list.CODE,
            return_list.LABEL,
            None,
            return_list.TEMPLATE,
            False,
            return_list.compose,
            _CHECKING,
            frozenset({Need.SAMPLE}),
            of_the_check,
            True,
        ),
        ReportKind(
            county_summary.CODE,
            county_summary.LABEL,
            Form.REPORT,
            county_summary.TEMPLATE,
            True,
            county_summary.compose,
            _COUNTY,
            frozenset({Need.UNITS, Need.SAMPLE}),
            of_the_summary,
        ),
        ReportKind(register.CODE, register.LABEL, None, register.TEMPLATE, False, register.compose, frozenset(Desk)),
    )
}


def kinds_at(desk: str) -> tuple[ReportKind, ...]:
    """The kinds that are written at a desk, in the order of the menu."""
    return tuple(kind for kind in KINDS.values() if desk in kind.desks)


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


def require_desk(kind: ReportKind, desk: str) -> None:
    """Refuse papers that this desk does not write.

    Raises:
        RuleError: ``other_desk``, with the kinds that it does write.
    """
    if desk not in kind.desks:
        listed = "、".join(f"{one.code}（{one.label}）" for one in kinds_at(desk))
        whose = "、".join(one.label for one in Desk if one in kind.desks)
        raise RuleError(
            "other_desk",
            f"“{kind.label}”由{whose}编写，这本台账不写，什么也没有写。",
            f"这本台账可以编写的有：{listed}。",
        )
