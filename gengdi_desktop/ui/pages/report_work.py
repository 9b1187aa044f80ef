"""What the report page asks of the reports stage, in lanes: drafts and frozen reports with their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.pdf_pages import PdfPages

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.reports.drafts import Draft, KindInfo
    from gengdi_desktop.reports.frozen import ReportInfo, WrittenFile
    from gengdi_desktop.reports.settings import PaperSettings
    from gengdi_desktop.signing.certificates import Certificate
    from gengdi_desktop.ui.dialogs.sign_dialog import SignWish

_QUIET: Final = frozenset(
    {Operation.FREEZE, Operation.SIGN, Operation.HAND_IN, Operation.TRUST, Operation.IDENTITY, Operation.BACKUP}
)
_LOOKED_BACK: Final = 300


@dataclass(frozen=True)
class Shelf:
    """What there is: kinds of reports in the order of the menu, and all frozen ones, newest first."""

    kinds: tuple[KindInfo, ...]
    reports: tuple[ReportInfo, ...]

    def of(self, kind: str) -> tuple[ReportInfo, ...]:
        """The frozen reports of one kind."""
        return tuple(one for one in self.reports if one.kind == kind)


@dataclass(frozen=True)
class DraftPaper:
    """A draft with its pages, and what still keeps it from being frozen."""

    draft: Draft = field(repr=False)
    settings: PaperSettings
    title: str
    pages: PdfPages
    lacks: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class FrozenPaper:
    """A frozen report with its pages, and how much the ledger has changed since."""

    info: ReportInfo
    pages: PdfPages
    changes_since: int


def read_shelf(ledger: Ledger) -> Shelf:
    """Kinds and frozen reports."""
    from gengdi_desktop.reports import service

    return Shelf(service.kinds(), service.reports(ledger))


def make_draft(ledger: Ledger, kind: str, settings: PaperSettings | None, progress: Progress) -> DraftPaper:
    """Compose and draw a draft; without settings those of the campaign, with the next number proposed.

    Raises:
        RuleError: There is nothing to report, or no font has a character.
    """
    from gengdi_desktop.reports import service
    from gengdi_desktop.reports.settings import check_final

    info = next(one for one in service.kinds() if one.code == kind)
    chosen = settings or service.settings_of(ledger, kind)
    if info.needs_number and not chosen.number:
        chosen = replace(chosen, number=service.proposed_number(ledger, chosen))
    draft = service.compose(ledger, kind, chosen)
    progress(0, 0)
    made = service.render_draft(draft, progress)
    lacks: tuple[str, ...] = ()
    try:
        check_final(chosen, needs_number=info.needs_number)
    except RuleError as error:
        lacks = (error.message.replace("，没有定稿", "").replace("没有定稿。", ""),)
    main = made.files[0]
    return DraftPaper(draft, chosen, draft.paper.title_text, PdfPages.of(main.data), lacks, made.notes)


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


def freeze(ledger: Ledger, kind: str, settings: PaperSettings, by: Actor, progress: Progress) -> ReportInfo:
    """Freeze a report as the settings say.

    Raises:
        RuleError: Something is missing, or the ledger has changed meanwhile.
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.reports import service

    return service.freeze(ledger, kind, settings, by=by, progress=progress)


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


def identities_of(person: str) -> tuple[Certificate, ...]:
    """The identities of a person on this computer, newest first."""
    from gengdi_desktop.signing.identity import identities
    from gengdi_desktop.signing.profile import identities_folder

    return tuple(one for one in identities(identities_folder()) if not person or one.person == person)


def sign(ledger: Ledger, report: int, wish: SignWish) -> ReportInfo:
    """Sign a report, making or importing the identity first where that is wished.

    Raises:
        RuleError: The identity is another's, the passphrase too short.
        SurroundingsError: The passphrase is wrong, a file cannot be read.
    """
    from gengdi_desktop.reports import service
    from gengdi_desktop.signing import identity
    from gengdi_desktop.signing.profile import identities_folder

    folder = identities_folder()
    if wish.p12:
        opened = identity.import_p12(folder, Path(wish.p12), passphrase=wish.passphrase)
    elif wish.fingerprint:
        opened = identity.load(folder, wish.fingerprint, wish.passphrase)
    else:
        opened = identity.create(
            folder,
            unit=ledger.info.unit,
            person=wish.person,
            role=wish.role,
            passphrase=wish.passphrase,
            at=ledger.clock.now(),
            sample=ledger.info.sample,
        )
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
