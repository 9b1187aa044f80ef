"""What every kind of report composes from: snapshot, figures, settings, and how the unit speaks of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gengdi_desktop.domain.divisions import UnitKind, organ_name
from gengdi_desktop.reports.document import (
    Annex,
    Colophon,
    Document,
    Form,
    Paper,
    Paragraph,
    Section,
    SignatureBlock,
    day_text,
    numbered,
    on_paper,
)
from gengdi_desktop.reports.facts.snapshot import FigureFact, Snapshot
from gengdi_desktop.reports.settings import PaperSettings, blank_number, printed_day, signer_fields
from gengdi_desktop.reports.titles import phrases
from gengdi_desktop.reports.wording import Writer

_SELF = {
    UnitKind.TOWN: "我镇",
    UnitKind.RURAL: "我乡",
    UnitKind.STREET: "我街道",
    UnitKind.COUNTY: "我县",
}


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a kind needs.

    Args:
        snapshot: The frozen facts.
        figures: All figures by key.
        settings: With what the paper is sent.
        draft: Whether it is a draft.
        trace: Printed small at the foot: snapshot and journal head.
    """

    snapshot: Snapshot
    figures: Mapping[str, FigureFact]
    settings: PaperSettings
    draft: bool
    trace: str

    @property
    def organ(self) -> str:
        """白圩乡人民政府."""
        return on_paper(self.settings.organ) or organ_name(self.snapshot.unit, self._unit_kind)

    @property
    def we(self) -> str:
        """我乡, 我镇, 我街道; zones and farms 我单位."""
        kind = self._unit_kind
        return _SELF.get(kind, "我单位") if kind else "我单位"

    @property
    def day(self) -> date:
        """The paper's day, or the snapshot's while the paper has none."""
        return self.settings.day or self.snapshot.as_of

    @property
    def printed_day(self) -> str:
        """As it stands under the organ."""
        return printed_day(self.settings.day, self.snapshot.as_of)

    @property
    def number(self) -> str:
        """The document number, or its blank in a draft."""
        return self.settings.number.strip() or (blank_number(self.settings, self.day.year) if self.draft else "")

    @property
    def campaign(self) -> str:
        """The campaign's name without the county before it."""
        return self.snapshot.campaign.removeprefix(self.snapshot.county) or "耕地流出问题整改"

    @property
    def as_of(self) -> str:
        """The day up to which the figures hold, as printed; a sample's fixed today may lie after the paper's day."""
        day = self.settings.day
        earlier = self.snapshot.sample and day is not None and day < self.snapshot.as_of
        return day_text(day if earlier and day else self.snapshot.as_of)

    @property
    def order(self) -> str:
        """On whose order: 按照进贤县人民政府办公室（进府办发〔2023〕43号）部署，; empty where nobody is named."""
        issuer, number = self.snapshot.issuer, self.snapshot.document_number
        if not issuer and not number:
            return ""
        return f"按照{issuer or '上级'}{f'（{number}）' if number else ''}部署，"

    @property
    def _unit_kind(self) -> UnitKind | None:
        return UnitKind(self.snapshot.unit_kind) if self.snapshot.unit_kind in set(UnitKind) else None


@dataclass(frozen=True, slots=True)
class Body:
    """What a kind has to say.

    Args:
        matter: What the title is about: ``2023年耕地保护领域突出问题专项整改``.
        ending: How the title ends: ``工作情况的报告``.
        opening: Paragraphs before the first section.
        sections: The numbered sections.
        closing: The last paragraph.
        annexes: What goes with it.
    """

    matter: str
    ending: str
    opening: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    closing: Paragraph
    annexes: tuple[Annex, ...]


def document(kind: str, form: Form, material: Material, body: Body) -> Document:
    """The whole paper around a body."""
    settings = material.settings
    contact = "，联系电话：".join(part for part in (settings.contact, settings.contact_phone) if part)
    letter = form is Form.LETTER
    return Document(
        kind=kind,
        form=form,
        draft=material.draft,
        letterhead=material.organ if letter else f"{material.organ}文件",
        number=material.number,
        issued_by="" if letter else on_paper(settings.issued_by),
        title=phrases(material.organ, body.matter, body.ending),
        recipient=on_paper(settings.recipient),
        opening=body.opening,
        sections=body.sections,
        closing=(body.closing,),
        annexes=body.annexes,
        signature=SignatureBlock(material.organ, settings.day, material.printed_day, signer_fields(settings.signers)),
        contact=on_paper(f"联系人：{contact}") if settings.contact else "",
        colophon=Colophon(
            copy_to=on_paper(settings.copy_to).rstrip("。."),
            printer="" if letter else settings.printer.strip() or material.organ,
            two_sided=settings.two_sided,
        ),
        trace=material.trace,
        sample=material.snapshot.sample,
    )


def headings_of(paper: Paper) -> dict[str, str]:
    """The heading under which each paragraph of a paper stands, by the paragraph's key and in the paper's order.

    Empty before the first section.
    """
    found: dict[str, str] = {}

    def walk(section: Section, heading: str) -> None:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                found[block.key] = heading
            elif isinstance(block, Section):
                walk(block, block.heading)

    if isinstance(paper, Document):
        found |= {one.key: "" for one in paper.opening}
        for number, section in enumerate(paper.sections, start=1):
            walk(section, f"{numbered(1, number)}{section.heading}")
    return found


def sentence(writer: Writer, parts: tuple[tuple[str, str], ...], joint: str = "；") -> str:
    """Join the parts whose figure is not nothing: ``(figure key, template)``."""
    return joint.join(template for key, template in parts if not key or writer.some(key))


def pair(name: str, words: str = "") -> str:
    """``words【name个数】个、【name面积】亩``."""
    return f"{words or name}【{name}个数】个、【{name}面积】亩"
