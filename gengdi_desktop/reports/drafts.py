"""Drafts: a kind of report composed from the ledger as it stands, to be looked at and worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gengdi_desktop.domain.states import Label
from gengdi_desktop.errors import ProgramError, RuleError
from gengdi_desktop.ledger.service import campaign_settings
from gengdi_desktop.reports import store
from gengdi_desktop.reports.catalog import KINDS, ReportKind, kind_of, kinds_at, require_desk
from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Paper, on_paper
from gengdi_desktop.reports.facts import store as facts_store
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot import FigureFact, Snapshot
from gengdi_desktop.reports.facts.snapshot_json import FrozenFacts, freeze_facts
from gengdi_desktop.reports.senders import Ends, Home
from gengdi_desktop.reports.settings import PaperSettings, PaperSigner, next_number
from gengdi_desktop.reports.wording import Wording, Writer

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.reports.made_files import Progress, Rendered


@dataclass(frozen=True, slots=True)
class KindInfo:
    """A kind of report for menus: its code, Chinese name, the look of its first page, whether it bears a number."""

    code: str
    label: str
    form: str
    needs_number: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed report that is not frozen.

    Args:
        kind: What it is.
        settings: With what it is sent.
        snapshot: The facts.
        figures: All figures by key; a person's wording may use any of them by name.
        facts: Snapshot and figures as one text with its hash.
        paper: The content.
        wordings: The paragraphs as a person may edit them.
    """

    kind: ReportKind
    settings: PaperSettings
    snapshot: Snapshot
    figures: Mapping[str, FigureFact]
    facts: FrozenFacts
    paper: Paper
    wordings: tuple[Wording, ...]

    @property
    def file_stem(self) -> str:
        """The name of its files without ending, where a person gives none."""
        from gengdi_desktop.reports.rendering import file_stem

        return file_stem(self.paper)

    @property
    def keywords(self) -> str:
        """Machine-readable trace for the file."""
        one = self.snapshot
        return f"gengdi-report ledger={one.ledger} seq={one.head_seq} head={one.head_hash} snapshot={self.facts.sha256}"


def kinds(ledger: Ledger | None = None) -> tuple[KindInfo, ...]:
    """The kinds of reports in the order of the menu: those that the ledger's desk writes, all where none is named."""
    written = kinds_at(ledger.info.desk) if ledger is not None else tuple(KINDS.values())
    return tuple(
        KindInfo(one.code, one.label, one.form.label if one.form else "台账", one.needs_number) for one in written
    )


def settings_of(ledger: Ledger, kind: str) -> PaperSettings:
    """What the ledger's campaign says of a kind of report, dated today, without a number; else what is usual.

    Raises:
        RuleError: ``unknown_kind``.
    """
    chosen, settings = kind_of(kind), campaign_settings(ledger)
    paper, info = settings.paper(chosen.code), ledger.info
    usual = Ends("", "")
    if chosen.ends is not None:
        usual = chosen.ends(Home(info.county, info.county_code, info.unit, settings.campaign.name))
    return PaperSettings(
        recipient=paper.recipient or usual.recipient,
        organ=usual.organ,
        number_prefix=paper.number_prefix,
        issued_by=paper.issued_by,
        copy_to=paper.copy_to,
        contact=paper.contact,
        contact_phone=paper.contact_phone,
        day=ledger.today(),
        signers=tuple(PaperSigner(signer.role, signer.name) for signer in paper.signers),
    )


def proposed_number(ledger: Ledger, settings: PaperSettings) -> str:
    """The next document number with the settings' 机关代字 and year; empty where there is no 机关代字."""
    year = (settings.day or ledger.today()).year
    with ledger.reading() as session:
        return next_number(settings.number_prefix, year, store.numbers(session))


def compose(
    ledger: Ledger, kind: str, settings: PaperSettings | None = None, *, draft: bool = True, lenient: bool = False
) -> Draft:
    """Compose a report from the ledger as it stands; writes nothing.

    Args:
        ledger: An open ledger.
        kind: Code or Chinese name.
        settings: With what it is sent; None means what the campaign says.
        draft: Whether 草稿 stands on each page.
        lenient: Whether wordings that cannot be printed are told by :attr:`Draft.wordings` instead of refused.

    Raises:
        RuleError: ``unknown_kind``, ``other_desk``, ``nothing_to_report``, what a kind lacks (``nothing_checked``,
            ``nothing_failed``, ``unknown_sample``), or a wording that does not keep the figures.
        ProgramError: ``no_tie_out``: our own figures do not agree with each other.
    """
    chosen = kind_of(kind)
    settings = settings or settings_of(ledger, chosen.code)
    today = ledger.today()
    require_desk(chosen, ledger.info.desk)
    with ledger.reading() as session:
        snapshot = facts_store.snapshot(session, today)
        if chosen.needs:
            from gengdi_desktop.reports.facts.county_store import completed

            snapshot = completed(snapshot, session, ledger, chosen.needs, settings.sample)
    if not snapshot.plots and not snapshot.open_lines:
        raise nothing_to_report()
    figures = figures_of(snapshot)
    _require_tie_out(snapshot, figures)
    return composed(chosen, settings, snapshot, figures, draft=draft, lenient=lenient)


def composed(
    kind: ReportKind,
    settings: PaperSettings,
    snapshot: Snapshot,
    figures: Mapping[str, FigureFact],
    *,
    draft: bool,
    lenient: bool = False,
) -> Draft:
    """A draft from facts that are there already."""
    facts = freeze_facts(snapshot, figures)
    trace = f"台账记录第 {snapshot.head_seq} 条（{snapshot.head_hash[:8].upper()}）　数据校验码 {facts.short}"
    writer = Writer(figures, settings.wording, lenient=lenient)
    material = Material(snapshot, figures, settings, draft, trace)
    paper = kind.compose(material, writer)
    writer.done()
    return Draft(kind, settings, snapshot, figures, facts, paper, tuple(writer.wordings))


def render_draft(draft: Draft, progress: Progress | None = None) -> Rendered:
    """The files of a draft, 草稿 on each page, without signature fields.

    Args:
        draft: What :func:`compose` made.
        progress: Told how many rows of the ledger are drawn, of how many; may raise to stop.

    Raises:
        RuleError: ``glyph_missing`` where no font has a character.
    """
    from gengdi_desktop.reports.fonts import load_fonts
    from gengdi_desktop.reports.rendering import render
    from gengdi_desktop.system.resources import resource

    fonts = load_fonts(resource("fonts"), own=None if draft.settings.own_fonts else ())
    return render(draft.paper, draft.facts.data, draft.keywords, fonts, progress)


def reworded(draft: Draft, wording: Mapping[str, str]) -> Draft:
    """The same draft with a person's own words; the facts stay as they were when it was composed.

    Raises:
        RuleError: ``figure_lost``, ``figure_typed``, ``figure_unknown``, ``wording_unknown``.
    """
    settings = replace(draft.settings, wording=dict(wording))
    return composed(draft.kind, settings, draft.snapshot, draft.figures, draft=True)


def wording_problem(draft: Draft, key: str, text: str) -> RuleError | None:
    """Why a paragraph could not be printed with these words; None where it could. Reads no ledger."""
    proposal = next(one.proposal for one in draft.wordings if one.key == key)
    return Writer(draft.figures, {}).problem(on_paper(text), proposal) if text.strip() else None


def _require_tie_out(snapshot: Snapshot, figures: Mapping[str, FigureFact]) -> None:
    """Before anything is printed: lists add up, labels add up, and both say the same."""
    labels = sum(int(figures[f"label.{label}.count"].exact) for label in Label)
    whole = labels + int(figures["unentered.count"].exact)
    if all(one.ties_out for one in snapshot.lists) and whole == int(figures["task.count"].exact):
        return
    raise no_tie_out()


def nothing_to_report() -> RuleError:
    """The refusal of a ledger without a plot and without a line."""
    return RuleError("nothing_to_report", "台账里还没有图斑，没有可以写的报告。", "请先导入下发的清单。")


def no_tie_out() -> ProgramError:
    """Our own figures do not agree with each other."""
    return ProgramError(
        "no_tie_out", "台账各类相加与下发数对不上，报告没有生成，台账没有变。", "请先做一次台账检查，再联系维护人员。"
    )
