"""What stops a report from being frozen: one rule, asked by the freezing itself and by whoever wants to know before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import GengdiError, RuleError, SurroundingsError
from gengdi_desktop.ledger import store as ledger_store
from gengdi_desktop.ledger.figures import Figures, Tally
from gengdi_desktop.ledger.figures import figures_of as ledger_figures
from gengdi_desktop.reports import store
from gengdi_desktop.reports.catalog import ReportKind, kind_of
from gengdi_desktop.reports.drafts import no_tie_out, nothing_to_report, proposed_number, settings_of
from gengdi_desktop.reports.facts.county_store import has_results
from gengdi_desktop.reports.kept_drafts import kept_draft
from gengdi_desktop.reports.kinds.spot_check_report import nothing_checked
from gengdi_desktop.reports.settings import PaperSettings, final_gaps

if TYPE_CHECKING:
    from gengdi_desktop.domain.campaigns import Campaign, Phase
    from gengdi_desktop.ledger.handle import Ledger

_EFFORT: Final = (
    "date_missing",
    "recipient_missing",
    "number_missing",
    "number_form",
    "number_taken",
    "read_only",
    "nothing_checked",
    "nothing_to_report",
    "no_tie_out",
)
"""The codes of what may be missing, the least work first."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the rule looks at.

    Args:
        kind: What is to be frozen.
        settings: With what it is sent.
        figures: The figures of the ledger on the day.
        number_bearers: The kinds of the frozen reports that bear the number already.
        read_only: Whether the ledger cannot be written now.
        checked: Whether there is a sample with results.
    """

    kind: ReportKind
    settings: PaperSettings
    figures: Figures
    number_bearers: frozenset[str] = frozenset()
    read_only: bool = False
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a report is from being frozen.

    Attributes:
        kind: Code of the report that is due.
        label: Its Chinese name.
        until: The last day of the phase to which it belongs; None where no phase has one.
        settings: With what it would be frozen now: what the campaign says, today's date, the next number.
        gaps: What stops it, least effort first; empty exactly where :func:`freezing.freeze` would do it.
    """

    kind: str
    label: str
    until: date | None
    settings: PaperSettings
    gaps: tuple[GengdiError, ...]


def gaps(facts: ReportFacts) -> tuple[GengdiError, ...]:
    """Everything that stops a freeze, the least work first; each says what is missing and what to do."""
    return tuple(sorted(_gaps(facts), key=lambda one: _EFFORT.index(one.code)))


def _gaps(facts: ReportFacts) -> Iterator[GengdiError]:
    yield from final_gaps(facts.settings, needs_number=facts.kind.needs_number)
    if facts.number_bearers - {facts.kind.code}:
        number = facts.settings.number.strip()
        yield RuleError(
            "number_taken", f"发文字号“{number}”已经用在另一份报告上，没有定稿。", "请核对发文登记，换一个字号。"
        )
    if facts.read_only:
        yield SurroundingsError("read_only", "这本台账现在只能看，没有定稿。", "请在能写的地方打开，或等别人关掉。")
    if not facts.checked and facts.kind.needs_results:
        yield nothing_checked()
    if not facts.figures.plots.count and not facts.figures.unentered.count:
        yield nothing_to_report()
    if not _ties_out(facts.figures):
        yield no_tie_out()


def _ties_out(figures: Figures) -> bool:
    labels = sum(figures.by_label.values(), Tally())
    return all(one.ties_out for one in figures.lists) and labels.count == figures.plots.count


def facts_of(ledger: Ledger, kind: ReportKind, settings: PaperSettings, figures: Figures | None = None) -> ReportFacts:
    """What the rule looks at; *figures* where somebody has just read them."""
    today, unit, number = ledger.today(), ledger.info.unit, settings.number.strip()
    with ledger.reading() as session:
        figures = figures or ledger_figures(session, unit=unit, today=today)
        bearers = frozenset(row.kind for row in store.same_number(session, number)) if number else frozenset()
        checked = not kind.needs_results or has_results(session)
    return ReportFacts(kind, settings, figures, bearers, ledger.read_only, checked)


def require_ready(ledger: Ledger, kind: ReportKind, settings: PaperSettings) -> None:
    """Let a freeze go on only where nothing stops it.

    Raises:
        GengdiError: The first of :func:`gaps`.
    """
    for gap in gaps(facts_of(ledger, kind, settings)):
        raise gap


def readiness(ledger: Ledger, kind: str = "", figures: Figures | None = None) -> Readiness:
    """What stops today's hand-in.

    Args:
        ledger: The open ledger.
        kind: Code or Chinese name; empty for the report that is due now.
        figures: Where somebody has just read them.

    Raises:
        RuleError: ``unknown_kind``.
    """
    today = ledger.today()
    with ledger.reading() as session:
        campaign = ledger_store.campaign(session)
    due = kind_of(kind or due_kind(campaign, today, ledger.info.desk))
    settings = kept_draft(ledger, due.code, settings_of(ledger, due.code))
    if due.needs_number and not settings.number:
        settings = replace(settings, number=proposed_number(ledger, settings))
    phase = _phase_of(campaign, due.code)
    found = gaps(facts_of(ledger, due, settings, figures))
    return Readiness(due.code, due.label, phase.last_day if phase else None, settings, found)


def due_kind(campaign: Campaign, today: date, desk: str = Desk.TOWNSHIP) -> str:
    """The report that is due at a desk.

    A township's: that on the self-check until its last day, then that on the rectification. A team's: that on the spot
    check; a county's likewise until the last day of that phase, then the summary.
    """
    if desk == Desk.TEAM:
        return "spot_check_report"
    first, then = ("self_check", "rectification_report")
    if desk == Desk.COUNTY:
        first, then = ("spot_check", "county_summary")
    phase = campaign.phase(first)
    running = phase is not None and phase.last_day is not None and today <= phase.last_day
    return f"{first}_report" if running else then


_PHASES: Final = {"self_check_report": "self_check", "spot_check_report": "spot_check", "county_summary": "summary"}


def _phase_of(campaign: Campaign, kind: str) -> Phase | None:
    return campaign.phase(_PHASES.get(kind, "rectification"))
