"""Totals of a preview beside those of its sheets and of the notice."""

from __future__ import annotations

from dataclasses import replace

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.tie_out import TieOut
from gengdi_desktop.intake.diff import RowOutcome
from gengdi_desktop.intake.previews import ImportPreview
from gengdi_desktop.intake.readings import SPLIT_CHILD
from gengdi_desktop.intake.totals import by_rounding
from gengdi_desktop.sheets.problems import Problem


def tie_out(preview: ImportPreview) -> None:
    """Lay the totals of sheets and notice beside ours; what rows cannot be read explains a difference of area."""
    grand = [total for total in preview.totals if total.grand and not total.holds]
    preview.notes += tuple(total.problem() for total in preview.totals if not total.grand and not total.holds)
    problems = [total.problem() for total in grand]
    rows = [
        reading
        for reading, decision in zip(preview.readings, preview.decisions, strict=True)
        if decision.outcome is not RowOutcome.SKIPPED and reading.split != SPLIT_CHILD
    ]
    options = preview.options
    summed = Area(sum(reading.issued_area or 0 for reading in rows))
    preview.expected = TieOut(len(rows), summed, options.expect_count, options.expect_area)
    preview.expected_explained = any(reading.issued_area is None for reading in rows)
    problems += _expected_problems(preview.expected, explained=preview.expected_explained)
    preview.total_problems = tuple(problems)
    roundings = [total.rounding() for total in preview.totals if total.grand]
    preview.notes += tuple(one for one in (*roundings, _expected_note(preview)) if one is not None)


def _expected_problems(tie: TieOut, *, explained: bool) -> list[Problem]:
    found = []
    if tie.count_difference:
        more = f"多 {tie.count_difference} 个" if tie.count_difference > 0 else f"少 {-tie.count_difference} 个"
        text = f"通知里是 {tie.expected_count} 个图斑，表里有 {tie.count} 个，{more}。请核对清单是否完整。"
        found.append(Problem("", None, "", "expected_count_differs", text))
    if not explained and tie.expected_area is not None and not replace(tie, expected_count=None).holds:
        more = "多" if tie.area_difference > Area.ZERO else "少"
        text = (
            f"通知里是 {tie.expected_area.spoken()} 亩，表里加起来是 {tie.area.spoken()} 亩，"
            f"{more} {Area(abs(tie.area_difference.micro_mu)).spoken()} 亩。请核对清单是否完整。"
        )
        found.append(Problem("", None, "", "expected_area_differs", text))
    return found


def _expected_note(preview: ImportPreview) -> Problem | None:
    """What is let pass beside the notice's area, and why; None where nothing is."""
    tie = preview.expected
    if tie is None or tie.expected_area is None or not tie.area_difference.micro_mu:
        return None
    told = f"通知里是 {tie.expected_area.spoken()} 亩，"
    if preview.expected_explained:
        unread = "有的行面积读不出来，没有和通知的面积核对。"
        return Problem("", None, "", "expected_area_not_compared", told + unread)
    if not replace(tie, expected_count=None).holds:
        return None
    return Problem("", None, "", "expected_area_rounding", told + by_rounding(tie.expected_area, tie.area))
