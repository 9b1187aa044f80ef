"""What the report page asks of the reports stage, in lanes: drafts and frozen reports with their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ui.identities import open_identity
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.pages.report_gaps import Gap, gap_of
from gengdi_desktop.ui.pages.report_remarks import remarks_of
from gengdi_desktop.ui.pdf_pages import PdfPages
from gengdi_desktop.ui.widgets.todo import Todo

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.reports.comparing import Differences
    from gengdi_desktop.reports.drafts import Draft, KindInfo
    from gengdi_desktop.reports.frozen import KeptFile, ReportInfo, WrittenFile
    from gengdi_desktop.reports.settings import PaperSettings
    from gengdi_desktop.ui.dialogs.sign_dialog import SignWish

_QUIET: Final = frozenset(
    {Operation.FREEZE, Operation.SIGN, Operation.HAND_IN, Operation.VOID}
    | {Operation.TRUST, Operation.IDENTITY, Operation.BACKUP}
)
_LOOKED_BACK: Final = 300
_OLD_PREFIX: Final = "字"


@dataclass(frozen=True)
class Shelf:
    """What there is: the kinds in the order of the menu, all frozen reports, newest first, and which kind is due."""

    kinds: tuple[KindInfo, ...]
    reports: tuple[ReportInfo, ...]
    due: str

    def of(self, kind: str) -> tuple[ReportInfo, ...]:
        """The frozen reports of one kind."""
        return tuple(one for one in self.reports if one.kind == kind)


@dataclass(frozen=True)
class DraftPaper:
    """A draft with its pages, and what still keeps it from being frozen.

    Attributes:
        gaps: What is missing, least effort first.
        wrong: How many paragraphs were worded so that they cannot be printed.
        remarks: What stops nothing, but stands in the paper as it is.
        headings: The heading above each paragraph, by its key.
        files: The names of the files that it is made of.
    """

    draft: Draft = field(repr=False)
    settings: PaperSettings
    title: str
    pages: PdfPages
    gaps: tuple[Gap, ...]
    wrong: int
    remarks: tuple[Todo, ...]
    headings: Mapping[str, str]
    files: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def by_hand(self) -> int:
        """How many paragraphs somebody has worded."""
        return sum(one.by_hand for one in self.draft.wordings)


@dataclass(frozen=True)
class FrozenPaper:
    """A frozen report with its pages, and how much the ledger has changed since."""

    info: ReportInfo
    pages: PdfPages
    changes_since: int

    @property
    def written(self) -> tuple[KeptFile, ...]:
        """What handing out writes: the paper, signed as far as it is, and its annexes."""
        return (self.info.main, *self.info.annexes)


def read_shelf(ledger: Ledger) -> Shelf:
    """Kinds and frozen reports."""
    from gengdi_desktop.ledger.service import campaign
    from gengdi_desktop.reports import readiness, service

    due = readiness.due_kind(campaign(ledger), ledger.today(), ledger.info.desk)
    return Shelf(service.kinds(ledger), service.reports(ledger), due)


def make_draft(
    ledger: Ledger, kind: str, settings: PaperSettings | None, progress: Progress, *, sample: str = ""
) -> DraftPaper:
    """Compose and draw a draft; without settings what was kept of it, with the next number proposed.

    A paper of the spot check tells of *sample* where one is named, else of what its settings say. Words that cannot be
    printed do not stop it: they are told, and the proposal stands in the paper.

    Raises:
        RuleError: There is nothing to report, or no font has a character.
    """
    from gengdi_desktop.ledger import worklists
    from gengdi_desktop.reports import readiness, service
    from gengdi_desktop.reports.catalog import kind_of
    from gengdi_desktop.reports.composing import headings_of

    info = next(one for one in service.kinds() if one.code == kind)
    chosen = settings or service.kept_draft(ledger, kind, service.settings_of(ledger, kind))
    chosen = replace(chosen, sample=sample or chosen.sample)
    if info.needs_number and not chosen.number:
        chosen = replace(chosen, number=service.proposed_number(ledger, chosen))
    draft = service.compose(ledger, kind, chosen, lenient=True)
    progress(0, 0)
    made = service.render_draft(draft, progress)
    facts = readiness.facts_of(ledger, kind_of(kind), chosen)
    wrong = sum(one.problem is not None for one in draft.wordings)
    return DraftPaper(
        draft,
        chosen,
        draft.paper.title_text,
        PdfPages.of(made.files[0].data),
        tuple(gap_of(one) for one in readiness.gaps(facts)),
        wrong,
        remarks_of(facts.figures, worklists.tallies(ledger)),
        headings_of(draft.paper),
        tuple(file.name for file in made.files),
        made.notes,
    )


def read_report(ledger: Ledger, report: int) -> FrozenPaper:
    """A frozen report with its verified bytes.

    Raises:
        SurroundingsError: A kept file is gone or damaged.
    """
    from gengdi_desktop.ledger import history
    from gengdi_desktop.reports import service

    info = service.report(ledger, report)
    pages = PdfPages.of(service.kept_bytes(ledger, info.main))
    told = history.history(ledger, limit=_LOOKED_BACK)
    changes = sum(one.seq > info.head_seq and one.action not in _QUIET for one in told)
    return FrozenPaper(info, pages, changes)


def freeze(ledger: Ledger, kind: str, paper: DraftPaper, by: Actor, progress: Progress) -> ReportInfo:
    """Freeze a report as its draft says; the campaign remembers recipient, contact and signers for the next one.

    Raises:
        RuleError: Something is missing, or the ledger has changed meanwhile.
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.reports import service

    known = {one.key for one in paper.draft.wordings}
    settings = paper.settings
    prefix = settings.number.partition("〔")[0].strip()
    if prefix and not settings.number_prefix and not prefix.endswith(_OLD_PREFIX):
        # Typed once in full: from now on the next number is proposed.
        settings = replace(settings, number_prefix=prefix)
    keep_settings(ledger, kind, settings, by)
    wording = {key: text for key, text in settings.wording.items() if key in known}
    info = service.freeze(ledger, kind, replace(settings, wording=wording), by=by, progress=progress)
    # The next report begins with these words, a day and a number of its own.
    service.keep_draft(ledger, kind, replace(settings, number="", day=None))
    return info


def keep_draft(ledger: Ledger, kind: str, settings: PaperSettings) -> None:
    """Keep a draft as it is typed, so that closing and a power cut lose nothing.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.reports import service

    service.keep_draft(ledger, kind, settings)


def begin_again(ledger: Ledger, info: ReportInfo) -> PaperSettings:
    """What another version of a frozen report is sent with: the same number and recipient, today's date.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.reports import service

    kept = service.kept_draft(ledger, info.kind, service.settings_of(ledger, info.kind))
    settings = replace(kept, number=info.number, recipient=info.recipient)
    service.keep_draft(ledger, info.kind, settings)
    return settings


def void(ledger: Ledger, report: int, reason: str, by: Actor) -> int:
    """Void a report that never went up; returns the entry's number.

    Raises:
        RuleError: It went up, or was voided before.
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.reports import service

    return service.void(ledger, report, reason=reason, by=by)


def differences(ledger: Ledger, older: int, newer: int | None, progress: Progress) -> Differences:
    """What differs between two versions, or between one and the ledger as it stands.

    Raises:
        RuleError: They are no reports of one kind.
        SurroundingsError: A kept file is gone or damaged.
    """
    from gengdi_desktop.reports import service

    return service.differences(ledger, older, newer, progress=progress)


def standing_in(folder: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Which of these files a folder has already."""
    return tuple(name for name in names if (folder / name).exists())


def save_frozen(ledger: Ledger, report: int, out: Path) -> tuple[WrittenFile, ...]:
    """Write the kept files of a report into a folder.

    Raises:
        SurroundingsError: The place cannot be written.
    """
    from gengdi_desktop.reports import service

    return service.files(ledger, report, out)


def save_draft(paper: DraftPaper, out: Path) -> tuple[WrittenFile, ...]:
    """Write the files of a draft into a folder.

    Raises:
        SurroundingsError: The place cannot be written.
    """
    from gengdi_desktop.reports import service

    return service.write_draft(paper.draft, out)


def hand_in(ledger: Ledger, report: int, values: Mapping[str, str], at: datetime, by: Actor) -> int:
    """Record that a report went up; *values*: to, medium, note, receipt (path or empty).

    Raises:
        RuleError: Something is missing.
        SurroundingsError: The receipt cannot be read.
    """
    from gengdi_desktop.reports import service

    receipt = Path(values["receipt"]) if values.get("receipt") else None
    return service.hand_in(
        ledger, report, to=values["to"], medium=values["medium"], by=by, at=at, receipt=receipt, note=values["note"]
    )


def sign(ledger: Ledger, report: int, wish: SignWish) -> ReportInfo:
    """Sign a report, making or importing the identity first where that is wished.

    Raises:
        RuleError: The identity is another's, the passphrase too short.
        SurroundingsError: The passphrase is wrong, a file cannot be read.
    """
    from gengdi_desktop.reports import service

    opened = open_identity(ledger, wish)
    return service.sign(ledger, report, identity=opened, by=Actor(wish.person))


def keep_settings(ledger: Ledger, kind: str, settings: PaperSettings, by: Actor) -> None:
    """Keep recipient, contact and signers for the next report of this kind; number and date are of this one only.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.ledger import service
    from gengdi_desktop.ledger.campaign_file import PaperSetting, Signer

    campaign = service.campaign_settings(ledger)
    paper = PaperSetting(
        kind=kind,
        recipient=settings.recipient,
        copy_to=settings.copy_to,
        number_prefix=settings.number_prefix,
        issued_by=settings.issued_by,
        contact=settings.contact,
        contact_phone=settings.contact_phone,
        signers=tuple(Signer(one.role, one.name) for one in settings.signers),
    )
    if paper == campaign.paper(kind):
        return
    others = tuple(one for one in campaign.papers if one.kind != kind)
    service.set_campaign(ledger, replace(campaign, papers=(*others, paper)), by=by)
